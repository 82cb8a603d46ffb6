"""Villages: in a green valley about a church, stacked up a southern hill, along a waterfront; or small at another scene's horizon."""

from bisect import bisect
from collections.abc import Callable

import numpy as np

from imagechat.providers.sketch.built.church import church
from imagechat.providers.sketch.built.fields import FIELD, QUAY_AWAY, lane, middle, paint_fields, surface
from imagechat.providers.sketch.built.hamlet import Hamlet
from imagechat.providers.sketch.built.house import PART, cottage, raise_house
from imagechat.providers.sketch.built.mooring import paint_mooring
from imagechat.providers.sketch.built.prism import KEY
from imagechat.providers.sketch.built.walls import LIT, masonry
from imagechat.providers.sketch.canvas.light import rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice
from imagechat.providers.sketch.canvas.sheet import Layer, Sheet, Spot
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.land.conifers import conifer_stamps
from imagechat.providers.sketch.land.leaves import leafy_stamps
from imagechat.providers.sketch.land.slopes import View, air, stand
from imagechat.providers.sketch.land.stamps import Grove, Stamp
from imagechat.providers.sketch.land.water import paint_water
from imagechat.providers.sketch.things.standing import paint_far_things
from imagechat.providers.sketch.things.towers import lamp_at

Item = tuple[float, Callable[[], None]]
"""(depth in metres, how to paint it)."""
TREE = 590.0
QUAY = rgb("a2988a")
BACK = (8.0, 8.0, 22.0, 36.0, 52.0, 70.0)
"""How far behind the quay's edge the rows of houses stand, in metres."""
HOUSES = {"valley": 27, "hill": 84, "shore": 40}
KINDS = 8
"""How many different houses a village has."""
STEPS = tuple(3 * 1.26**i for i in range(24))
"""The heights in pixels that trees come in: few, so that each is made once."""
TREES = {"valley": 190, "hill": 240, "shore": 190}


def paint_village(sheet: Sheet) -> None:
    """The ground, then houses and trees upon it from far to near."""
    view = surface(sheet)
    paint_fields(sheet, view)
    built = places(sheet)
    items = houses(sheet, view, built) + trees(sheet, view, built)
    for _, paint in sorted(items, key=lambda item: -item[0]):
        paint()
    if sheet.spec.layout != "shore":
        offers(sheet, view, built)


def manner(sheet: Sheet) -> str:
    """How houses are built there."""
    return "southern" if sheet.spec.scene == "village" and sheet.spec.layout in ("hill", "shore") else "country"


def places(sheet: Sheet) -> list[tuple[float, float]]:
    """(share of the width, depth in metres) of each house, the church first; none stands in another."""
    layout = sheet.spec.layout
    chance = Chance(sheet.seed, "village", layout)
    ratio = sheet.width / sheet.unit
    focus = 1 / 1.1 * ratio
    found = [first_place(sheet, chance)]
    for _ in range(HOUSES[layout] * 14):
        if len(found) > HOUSES[layout] * min(1.6, ratio):
            break
        aside, depth = next_place(sheet, chance)
        x = (aside - 0.5) * focus * depth
        if layout == "valley" and abs(x - lane(sheet, depth)) < 8:
            continue
        apart = [abs(x - (a - 0.5) * focus * d) * 1.0 + abs(depth - d) * (0.62 if layout == "hill" else 0.9) for a, d in found]
        if apart[0] > 19 and min(apart) > {"valley": 13, "hill": 5.6, "shore": 8.6}[layout]:
            found.append((aside, depth))
    return found


def first_place(sheet: Sheet, chance: Chance) -> tuple[float, float]:
    """The church's place."""
    low, high = {"valley": (235, 270), "hill": (322, 326), "shore": (QUAY_AWAY + 52, QUAY_AWAY + 58)}[sheet.spec.layout]
    return middle(sheet) + chance.between(-0.04, 0.04), chance.between(low, high)


def next_place(sheet: Sheet, chance: Chance) -> tuple[float, float]:
    """Somewhere for a house: crowded toward the village's middle."""
    off = (chance.unit() + chance.unit() - 1) * 1.05
    match sheet.spec.layout:
        case "valley":
            depth = 150 + 240 * chance.unit() * chance.unit() + 40 * chance.unit()
            return middle(sheet) + off * 0.36 * sheet.unit / sheet.width * (300 / depth) ** 0.5, depth
        case "hill":
            up = 1 - chance.unit() * chance.unit()
            return middle(sheet) + off * (0.46 - 0.30 * up) * sheet.unit / sheet.width, 196 + 124 * up
    return middle(sheet) + off * 0.52, QUAY_AWAY + chance.choice(BACK) + chance.between(-1.2, 1.2)


def houses(sheet: Sheet, view: View, built: list[tuple[float, float]]) -> list[Item]:
    """The church and every house; few of them are painted each for itself."""
    stood = stand(sheet, view, np.array([a for a, _ in built], np.float32), np.array([d for _, d in built], np.float32))
    haze, waterside = air(sheet, stood.depth), sheet.spec.layout == "shore"
    hamlet = Hamlet(
        sheet,
        "harbour" if waterside else manner(sheet),
        KINDS,
        float(stood.metre[stood.depth > (QUAY_AWAY + 12 if waterside else 0)].max(initial=1.5)),
    )
    items: list[Item] = []
    for i, (_, depth) in enumerate(built):
        spot = Spot("land", float(stood.column[i]), float(stood.row[i]), float(stood.metre[i]), float(haze[i]))
        if not -0.06 * sheet.width < spot.x < 1.06 * sheet.width or spot.y > stood.limit[i] + spot.metre * 4:
            continue
        items.append((depth, raiser(sheet, spot, i, None if waterside and depth < QUAY_AWAY + 12 else hamlet)))
    return items


def raiser(sheet: Sheet, spot: Spot, number: int, hamlet: Hamlet | None) -> Callable[[], None]:
    """What paints the church (0) or a house, one of the `hamlet`'s where there is one."""
    if number == 0:
        return lambda: church(sheet, spot, manner(sheet))
    if hamlet is not None:
        return lambda: hamlet.place(spot, number)
    one = cottage(sheet, f"village {number}", "harbour")
    return lambda: raise_house(sheet, spot, one, PART + number % 40)


def trees(sheet: Sheet, view: View, built: list[tuple[float, float]]) -> list[Item]:
    """Trees between the houses, in hedges and woods about them, none on a roof."""
    layout = sheet.spec.layout
    count = int(TREES[layout] * min(2.0, sheet.width / sheet.unit))
    stamps = leafy_stamps(sheet, "village", 2, max(12, int(sheet.unit * (0.06 if layout == "shore" else 0.13))))
    leafy = Grove(sheet, [deep_rooted(one) for one in stamps])
    dark = Grove(sheet, dark_stamps(sheet))
    draws = lattice(key(sheet.seed, "village", "trees"), (4, count)) * np.float32(0.5) + np.float32(0.5)
    aside, depth = copses(sheet, built, draws)
    stood = stand(sheet, view, aside, depth)
    haze = air(sheet, stood.depth)
    items = [] if layout == "shore" else edge_trees(sheet, view, leafy)
    if layout == "valley":
        items += hedges(sheet, view, leafy)
    for i in range(count):
        place, metre = (float(stood.column[i]), float(stood.row[i])), float(stood.metre[i])
        if place[1] > stood.limit[i] + metre * 3 or crowded(sheet, built, float(aside[i]), float(depth[i])):
            continue
        grove, size = (dark, 9.0) if draws[2][i] < (0.25 if layout == "valley" else 0.4) else (leafy, 7.0)
        high = metre * size * (0.55 + 0.7 * float(draws[3][i]))
        items.append((float(depth[i]), planter(grove, i, place, (high, float(haze[i])))))
    return items


def copses(sheet: Sheet, built: list[tuple[float, float]], draws: Field) -> tuple[Field, Field]:
    """(share of the width, depth in metres) of each tree: most crowd behind and beside houses, others in a few groves upon the slopes."""
    chance, count = Chance(sheet.seed, "village", "copses"), draws.shape[1]
    near, far = {"valley": (165, 560), "hill": (140, 330), "shore": (QUAY_AWAY + 30, QUAY_AWAY + 190)}[sheet.spec.layout]
    groves = [(chance.between(-0.02, 1.02), near + (far - near) * chance.unit() * chance.unit() ** 0.5) for _ in range(7)]
    homes = built[1:] or built
    aside, depth = np.empty(count, np.float32), np.empty(count, np.float32)
    for i in range(count):
        home = chance.happens(0.55)
        middle, away = chance.choice(homes) if home else chance.choice(groves)
        wide = (8.0 if home else 15.0) * 1.1 * sheet.unit / sheet.width / away
        aside[i] = middle + (chance.unit() + chance.unit() - 1) * wide * (1.8 if home else 1.4)
        depth[i] = max(near - 20.0, away + (chance.between(3, 15) if home else (chance.unit() + chance.unit() - 1) * 26))
    return aside, depth


def deep_rooted(stamp: Stamp) -> Stamp:
    """A tree among others: half its stem lies hidden in what grows about it, its leaves are a shade darker than a lone tree's."""
    planes = stamp.planes[:, : stamp.shape[0] * 7 // 8].copy()
    planes[:3] *= np.array([0.70, 0.72, 0.74], np.float32)[:, None, None]
    return Stamp(planes)


def dark_stamps(sheet: Sheet) -> list[Stamp]:
    """Spruces; in the south cypresses, half as wide."""
    stamps = conifer_stamps(sheet, "village", 1, max(12, int(sheet.unit * 0.06)))
    return [Stamp(np.ascontiguousarray(one.planes[:, :, ::2])) for one in stamps] if manner(sheet) == "southern" else stamps


def hedges(sheet: Sheet, view: View, grove: Grove) -> list[Item]:
    """Bushes along the near rims of the fields, with gaps."""
    count = 100
    draws = lattice(key(sheet.seed, "village", "hedges"), (4, count)) * np.float32(0.5) + np.float32(0.5)
    wide = sheet.width / sheet.unit / 1.1
    row = np.floor(draws[0] * 3).astype(np.float32) + 1
    share = (draws[1] - np.float32(0.5)) * np.float32(1.04)
    depth = row * np.float32(FIELD[1]) / (np.float32(1) - share * np.float32(wide * 0.30))
    stood = stand(sheet, view, share + np.float32(0.5), depth)
    haze = air(sheet, stood.depth)
    items: list[Item] = []
    for i in range(count):
        off = float(share[i]) * wide * float(depth[i]) - lane(sheet, float(depth[i]))
        gap = int(float(share[i]) * 9 + 20) * 7 % 5 == int(row[i]) % 5
        if not gap and abs(off) > 5:
            high = float(stood.metre[i]) * (1.6 + 1.8 * float(draws[2][i]) * float(draws[3][i]) + 0.9 * float(draws[2][i]))
            items.append((float(depth[i]), planter(grove, i, (float(stood.column[i]), float(stood.row[i])), (high, float(haze[i])))))
    return items


def edge_trees(sheet: Sheet, view: View, grove: Grove) -> list[Item]:
    """Large trees and bushes near the eye, at the sides of the picture, most of them opposite the village."""
    chance = Chance(sheet.seed, "village", "edge")
    items: list[Item] = []
    for i in range(15):
        side = -sheet.composition.side if i % 3 else sheet.composition.side
        off = chance.unit() * chance.unit() * (0.24 if side == -sheet.composition.side else 0.12)
        depth = chance.between(74, 120)
        stood = stand(sheet, view, np.array([0.5 + side * (0.51 - off)], np.float32), np.array([depth], np.float32))
        metre, bush = float(stood.metre[0]), i % 2
        tall = metre * (chance.between(2.0, 3.4) if bush else chance.between(9.0, 13.0))
        items.append((depth, planter(grove, i, (float(stood.column[0]), float(stood.row[0])), (tall, float(air(sheet, stood.depth)[0])))))
    return items


def planter(grove: Grove, number: int, place: tuple[float, float], size: tuple[float, float]) -> Callable[[], None]:
    """What sets one tree down; `size`: its height in pixels, the air before it."""
    high = STEPS[min(bisect(STEPS, size[0]), len(STEPS) - 1)]
    return lambda: grove.plant(number, place, high, air=round(size[1] * 7) / 7, part=TREE + number % 8)


def crowded(sheet: Sheet, built: list[tuple[float, float]], aside: float, depth: float) -> bool:
    """Whether a house stands there, or is hidden by a tree right before it."""
    focus = sheet.width / sheet.unit / 1.1 * depth
    return any(abs(aside - a) * focus < 6.5 and -24 < depth - d < 5 for a, d in built)


def offers(sheet: Sheet, view: View, built: list[tuple[float, float]]) -> None:
    """Places for more: on the meadows before and beside the village."""
    chance = Chance(sheet.seed, "village", "spots")
    for i in range(7):
        aside, depth = (i + 0.5) / 7 + chance.between(-0.04, 0.04), chance.between(118, 165)
        stood = stand(sheet, view, np.array([aside], np.float32), np.array([depth], np.float32))
        sheet.offer("land", float(stood.column[0]), float(stood.row[0]), float(stood.metre[0]), float(air(sheet, stood.depth)[0]))


def paint_shore(sheet: Sheet) -> None:
    """The village along the water; beyond the quay all is water, which mirrors it."""
    paint_village(sheet)
    wharf(sheet)
    sheet.marks.cover[sheet.horizon :] = 0
    sheet.marks.part[sheet.horizon :] = 0
    for i in range(6):
        x = (0.12 + 0.15 * i) * sheet.width
        sheet.offer("far", x, float(sheet.horizon), sheet.unit * 1.1 / (QUAY_AWAY + 4), 0.05)


def wharf(sheet: Sheet) -> None:
    """The wall of the quay at the water's edge, and the lamps upon it when the day ends."""
    metre = sheet.unit * 1.1 / QUAY_AWAY
    window = slice(max(0, round(sheet.horizon - metre * 1.1)), sheet.horizon)
    rows, columns = sheet.rows(window.start, window.stop), sheet.columns()
    bright = masonry(sheet.seed, columns * np.float32(1 / metre) + 0 * rows, rows * np.float32(1 / metre), (1.8, 0.6), 0.5)
    light = sheet.light.fill * np.float32(0.52) + sheet.light.key * np.float32(KEY[sheet.spec.time] * 0.34)
    sheet.mix(np.stack([QUAY[c] * light[c] * bright for c in range(3)]), np.ones_like(bright), window)
    sheet.hide(np.ones_like(bright), TREE - 2, window)
    if LIT[sheet.spec.time] > 0.3:
        chance = Chance(sheet.seed, "village", "lamps")
        for i in range(int(sheet.width / sheet.unit * 13) + 1):
            x = (i + chance.between(0.3, 0.7)) * sheet.unit / 13
            lamp_at(sheet, x, sheet.horizon - metre * 4.2, metre * 0.34, rgb("ffd08a") * np.float32(1.1))


def paint_behind(sheet: Sheet) -> None:
    """A small village in another scene, about its church: on its land where there is some, else at the horizon."""
    chance = Chance(sheet.seed, "village", "behind")
    place = site(sheet, 0.5 - sheet.composition.side * chance.between(0.10, 0.26))
    grove = Grove(sheet, leafy_stamps(sheet, "behind", 3, max(8, int(place.metre * 12))))
    hamlet = Hamlet(sheet, "country", 6, place.metre)
    items: list[Item] = []
    for i in range(30):
        off = (chance.unit() + chance.unit() - 1) * 52 * place.metre
        deep = 26.0 if i == 0 else chance.between(0, 60)
        size = place.metre / (1 + deep / 260)
        spot = Spot(
            "far", place.x + off * (i > 0), place.y - deep * 0.05 * size + size * 0.3, size, min(0.6, place.air + 0.08 + deep * 0.002)
        )
        if i % 2:
            items.append((deep, planter(grove, i, (spot.x, spot.y), (size * chance.between(5, 9), spot.air))))
        else:
            items.append((deep, raiser(sheet, spot, i, hamlet)))
    for _, paint in sorted(items, key=lambda item: -item[0]):
        paint()


def site(sheet: Sheet, share: float) -> Spot:
    """Where a small village stands: a distant place on the land as near as can be to `share` of the width, else the horizon."""
    most = sheet.unit * 0.0075
    land = [spot for spot in sheet.spots if spot.footing in ("land", "far") and sheet.unit * 0.0014 < spot.metre < most]
    if not land:
        return Spot("far", share * sheet.width, float(sheet.horizon), sheet.unit * 0.0036, 0.14)
    best = min(land, key=lambda spot: abs(spot.x / sheet.width - share) + spot.metre / most * 0.3)
    return Spot("far", best.x, best.y, min(best.metre, sheet.unit * 0.0046), best.air)


LAYERS: dict[str, list[Layer]] = {
    "valley": [("land", paint_village)],
    "hill": [("land", paint_village)],
    "shore": [("land", paint_shore), ("far", paint_far_things), ("water", paint_water), ("things", paint_mooring)],
}
