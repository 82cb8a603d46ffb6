"""A city: rows of buildings in the haze, towers of glass and blocks of stone, and windows that light up when the day ends."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.built.facades import LIT, Look, banded, clad, haze_colour, haze_share, look_of, numbers
from imagechat.providers.sketch.built.roofs import crowned
from imagechat.providers.sketch.built.street import paint_street
from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.light import rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice
from imagechat.providers.sketch.canvas.sheet import Layer, Sheet
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.land.leaves import leafy_stamps
from imagechat.providers.sketch.land.ridges import conifer_tops, line, silhouette
from imagechat.providers.sketch.land.stamps import Grove
from imagechat.providers.sketch.land.water import paint_water

PART = 60.0
ROWS = {"river": 4, "district": 5, "hill": 5}
"""How many rows of buildings each layout has; in another scene a city stands at the water, as by a river."""
SIGNS = ("ff5a6a", "5ac8ff", "7affc0", "ffd24a", "d08aff")


@dataclass(frozen=True, slots=True)
class Building:
    """One building in whole pixels: its `tiers` (left, right, top), the slimmest first; `seen`: the row down to which it is seen;
    `foot` its street; `edge`: the column between its lit and its shaded face; `near` 0 far to 1 near.
    """

    tiers: tuple[tuple[int, int, int], ...]
    seen: int
    foot: float
    edge: int
    near: float
    name: str


def paint_city(sheet: Sheet) -> None:
    """Rows of buildings from far to near; each is painted as far down as nearer ones leave it free."""
    rows = ROWS[manner(sheet)]
    if manner(sheet) != "river":
        streets(sheet)
    skyline = np.full(sheet.width, sheet.height, np.int32)
    planned = [plan(sheet, row, row / (rows - 1), skyline) for row in range(rows - 1, -1, -1)]
    for buildings in reversed(planned):
        for building in buildings:
            raise_building(sheet, building)


def streets(sheet: Sheet) -> None:
    """The haze between the houses, where nothing else stands."""
    window = slice(sheet.horizon, sheet.height)
    share = np.ones((sheet.height - sheet.horizon, sheet.width), np.float32)
    sheet.mix(haze_colour(sheet) * np.float32(0.72), share, window)
    sheet.hide(share, PART + 19, window)


def manner(sheet: Sheet) -> str:
    """How the city stands."""
    return sheet.spec.layout if sheet.spec.layout in ROWS and sheet.spec.scene == "city" else "river"


def descent(layout: str, near: float) -> float:
    """How far below the horizon a row stands, as a share of the ground: a river bank keeps all above the water."""
    return {"river": 0.012, "district": 0.15 + 0.9 * near, "hill": 0.05 + 0.55 * near}[layout]


def plan(sheet: Sheet, row: int, near: float, skyline: Field) -> list[Building]:
    """The buildings of one row, from left to right; `skyline`, the rows where nearer ones begin, is raised by them."""
    layout = manner(sheet)
    chance = Chance(sheet.seed, "city", layout, str(row))
    foot = sheet.horizon + (sheet.height - sheet.horizon) * descent(layout, near)
    found: list[Building] = []
    own = skyline.copy()
    x = -sheet.unit * chance.between(0.0, 0.06)
    while x < sheet.width:
        wide = sheet.unit * chance.choice((0.026, 0.034, 0.042, 0.052, 0.066, 0.086)) * (0.70 + 0.55 * near) * chance.between(0.85, 1.15)
        tall = height(sheet, chance, near, x + wide / 2) * (0.62 if wide > sheet.unit * 0.075 else 1.0)
        tiers = stepped(chance, x, wide, foot - tall, foot)
        left, right, top = tiers[-1]
        window = slice(max(0, left), max(0, min(sheet.width, right)))
        if window.start < window.stop:
            seen = int(min(foot + 1, skyline[window].max()))
            edge = round(x + wide * (chance.between(0.56, 0.8) if sheet.composition.side > 0 else chance.between(0.2, 0.44)))
            found.append(Building(tiers, seen, foot, edge, near, f"{row} {len(found)}"))
            own[window] = np.minimum(own[window], top)
        x += wide * chance.between(0.90, 1.06) + (sheet.unit * chance.between(0.01, 0.03) if chance.happens(0.14) else 0)
    skyline[:] = own
    return found


def height(sheet: Sheet, chance: Chance, near: float, x: float) -> float:
    """How tall a building is in pixels: towers gather opposite the sun, a smaller group stands on the other side."""
    grow = {"river": 1.0 - 0.45 * near, "district": 0.92 - 0.14 * near, "hill": 0.9 - 0.5 * near}[manner(sheet)]
    grow *= 1.0 if sheet.spec.scene == "city" and not sheet.spec.also else 0.5
    group = Chance(sheet.seed, "city", "groups")
    main, other = 0.5 + sheet.composition.side * group.between(0.10, 0.26), 0.5 - sheet.composition.side * group.between(0.16, 0.40)
    ratio = sheet.width / sheet.unit
    crowd = max(0.0, 1 - abs(x / sheet.width - main) * ratio * group.between(2.0, 2.8))
    crowd = max(crowd, 0.55 * max(0.0, 1 - abs(x / sheet.width - other) * ratio * 4.0))
    tall = 0.055 + 0.075 * chance.unit() + 0.33 * crowd * crowd * (0.25 + chance.unit())
    if chance.happens(0.06 + 0.16 * crowd):
        tall *= 1.45
    return min(tall * grow * sheet.unit, sheet.horizon * 0.86)


def stepped(chance: Chance, x: float, wide: float, top: float, foot: float) -> tuple[tuple[int, int, int], ...]:
    """The tiers of a building, slimmest first: tall ones draw in once or twice toward the top."""
    base = round(x), max(round(x) + 2, round(x + wide)), round(top)
    tall = foot - top
    if tall < wide * 2.2 or chance.happens(0.45):
        return (base,)
    cut, lean = chance.between(0.08, 0.2), chance.between(0.25, 0.75)
    first = round(x + wide * cut * lean * 2), round(x + wide * (1 - cut * (1 - lean) * 2)), round(top)
    base = base[0], base[1], round(top + tall * chance.between(0.14, 0.4))
    if tall > wide * 3.4 and chance.happens(0.5) and first[1] - first[0] > 6:
        slim = round(first[0] + wide * 0.14), round(first[1] - wide * 0.14), round(top)
        return slim, (first[0], first[1], round(top + tall * 0.1)), base
    return first, base


def raise_building(sheet: Sheet, one: Building) -> None:
    """One building: its crown, then its tiers from the top down."""
    look = look_of(sheet, one.name, 0.62 if one.foot - one.tiers[0][2] > sheet.unit * 0.17 else 0.22)
    number = PART + 10 * one.near + int(one.name.split()[1]) % 7
    left, right, top = one.tiers[0]
    if one.near > 0.2 and top > 2:
        crowned(sheet, one.name, (left, right, top + 1, one.foot - top), (look.body, haze_share(sheet, one.near)), number)
    for tier, (left, right, top) in enumerate(one.tiers):
        below = one.tiers[tier + 1][2] if tier + 1 < len(one.tiers) else one.seen
        slab(sheet, one, look, (left, right, top, min(below, one.seen)), number)
    if LIT[sheet.spec.time] > 0.3 and one.near > 0.6:
        sign(sheet, one)


def slab(sheet: Sheet, one: Building, look: Look, box: tuple[int, int, int, int], number: float) -> None:
    """One tier: a lit and a shaded face with their windows, haze and the street's glow at the foot."""
    left, right, top, bottom = box
    window = slice(max(0, top), min(sheet.height, bottom)), slice(max(0, left), min(sheet.width, right))
    if window[0].start >= window[0].stop or window[1].start >= window[1].stop:
        return
    rows = np.arange(window[0].start, window[0].stop, dtype=np.float32)[:, None] + np.float32(0.5)
    columns = np.arange(window[1].start, window[1].stop, dtype=np.float32)[None, :] + np.float32(0.5)
    metre = sheet.unit * 0.0021 * (0.72 + 0.5 * one.near)
    sunny = (columns < one.edge) if sheet.composition.side > 0 else (columns >= one.edge)
    storey = (rows - np.float32(one.tiers[0][2])) * np.float32(1 / (look.storey * metre)) + np.float32(0.08)
    squeeze = np.where(sunny, np.float32(1), np.float32(1.7))
    bay = (columns - np.float32(one.edge)) * squeeze * np.float32(1 / (look.bay * metre)) + 64
    high = banded(storey, look.pane[1], look.storey * metre) * (storey > 0.7)
    wide = banded(bay, look.pane[0], np.float32(look.bay * metre) / squeeze)
    height = np.clip((np.float32(one.foot) - rows) / np.float32(max(8.0, one.foot - one.tiers[0][2])), 0, 1)
    low = smooth(sheet.unit * 0.15, 0.0, np.float32(one.foot) - rows)
    share = np.float32(haze_share(sheet, one.near))
    mist = share + (1 - share) * low * np.float32(0.62 if sheet.spec.weather == "fog" else 0.30 * (1 - one.near * 0.6))
    lit = LIT[sheet.spec.time] > 0.3
    street = low * low * (1 - mist) * np.float32(0.46 if lit else 0.0)
    rim = np.where(np.abs(columns - np.float32(one.edge)) < 0.8, np.float32(1.10), np.float32(1))
    direct = np.where(sunny, np.float32(0.62), np.float32(0.06)) * rim
    tone, glow = clad(sheet, look, (high, wide), numbers(sheet, look, storey, bay), sides=(direct, height), air=(mist, street))
    ledge = rows < top + max(1.0, metre * 1.2)
    tone *= np.where(ledge, np.float32(1.12), np.float32(1))
    sheet.rgb[:, *window] = np.minimum(tone, np.float32(0.9)) if look.share == 0 else tone
    sheet.marks.cover[window], sheet.marks.part[window] = 1, number
    sheet.marks.shine[window] = glow * np.float32(0.72)


def sign(sheet: Sheet, one: Building) -> None:
    """On few buildings a sign of coloured light."""
    chance = Chance(sheet.seed, "sign", one.name)
    if not chance.happens(0.22):
        return
    left, right, top = one.tiers[-1]
    tall, wide = max(2, round(sheet.unit * chance.between(0.014, 0.034))), max(1, round(sheet.unit * chance.between(0.004, 0.007)))
    if chance.happens(0.5):
        tall, wide = wide, tall
    x, y = round(left + (right - left) * chance.between(0.15, 0.6)), round(top + (one.seen - top) * chance.between(0.05, 0.5))
    window = slice(max(0, y), min(sheet.height, one.seen, y + tall)), slice(max(0, x), min(sheet.width, right, x + wide))
    if window[0].start < window[0].stop and window[1].start < window[1].stop:
        sheet.rgb[:, *window] = (rgb(chance.choice(SIGNS)) * np.float32(0.95))[:, None, None]
        sheet.marks.shine[window] = 0.7


def park(sheet: Sheet) -> None:
    """The wooded hill from which the city is seen."""
    ground = sheet.height - sheet.horizon
    grove = Grove(sheet, leafy_stamps(sheet, "park", 3, max(8, int(0.06 * sheet.unit))))
    for i in range(2):
        level = sheet.horizon + ground * (0.40 + 0.34 * i)
        shape = line(sheet.seed, f"park {i}", sheet.width, 1.6 * sheet.width / sheet.unit, gain=0.42, ridged=False)
        slope = np.linspace(-0.05, 0.05, sheet.width, dtype=np.float32) * np.float32(-sheet.composition.side * sheet.unit)
        top = np.float32(level) - shape * np.float32(sheet.unit * 0.02) - slope
        woods = conifer_tops(sheet.seed, f"park wood {i}", sheet.width, sheet.unit * 0.006, sheet.unit * 0.014)
        silhouette(sheet, top, 30 + i, near=0.86 + 0.12 * i, tall=sheet.unit * 0.1, woods=woods)
        planted(sheet, f"park {i}", top, (0.026 + 0.024 * i, 3.2, 180 - 40 * i), air=0.06 * (1 - i), grove=grove)


def planted(sheet: Sheet, name: str, top: Field, crowd: tuple[float, float, int], *, air: float, grove: Grove | None = None) -> None:
    """Trees of a park along a line: `crowd` is their height (a share of the short side), how deep they stand
    (in heights) and how many."""
    grove = Grove(sheet, leafy_stamps(sheet, "park", 3, max(8, int(crowd[0] * sheet.unit * 1.2)))) if grove is None else grove
    count = int(crowd[2] * min(3.0, sheet.width / sheet.unit))
    draws = lattice(key(sheet.seed, name, "trees"), (3, count)) * np.float32(0.5) + np.float32(0.5)
    for i in np.argsort(draws[1], kind="stable"):
        x = int(draws[0][i] * (sheet.width - 1))
        foot = float(top[x]) + float(draws[1][i]) * crowd[0] * sheet.unit * crowd[1]
        tall = crowd[0] * sheet.unit * (0.7, 0.85, 1.0, 1.2)[int(draws[2][i] * 3.99)]
        grove.plant(int(i), (x, foot), tall, air=air, part=PART + 34 + int(i) % 4)


def quay(sheet: Sheet) -> None:
    """The embankment between the last row and the water, with trees and a chain of lamps."""
    tall = max(1.0, sheet.unit * 0.009)
    window = slice(max(0, int(sheet.horizon - tall * 0.4)), min(sheet.height, int(sheet.horizon + tall)))
    rows = window.stop - window.start
    sheet.mix(sheet.light.fill * np.float32(0.42) + sheet.light.key * np.float32(0.10), np.ones((rows, sheet.width), np.float32), window)
    sheet.hide(np.ones((rows, sheet.width), np.float32), PART + 30, window)
    planted(sheet, "quay", np.full(sheet.width, sheet.horizon - tall * 0.25, np.float32), (0.021, 0.25, 90), air=0.10)
    if LIT[sheet.spec.time] > 0.15:
        chain(sheet, window, tall)


def chain(sheet: Sheet, window: slice, tall: float) -> None:
    """The lamps along the water."""
    spacing = sheet.unit * 0.035
    x = (np.arange(sheet.width, dtype=np.float32) / np.float32(spacing)) % 1 - np.float32(0.5)
    dot = np.clip(np.float32(1.2) - np.abs(x) * np.float32(spacing / max(0.9, tall * 0.16)), 0, 1)[None, :]
    row = slice(window.start, window.start + max(1, round(tall * 0.35)))
    share = np.broadcast_to(dot, (row.stop - row.start, sheet.width))
    sheet.mix(rgb("ffd9a0") * np.float32(1.1), share, row)
    sheet.marks.shine[row] = np.maximum(sheet.marks.shine[row], share)


LAYERS: dict[str, list[Layer]] = {
    "river": [("city", paint_city), ("quay", quay), ("water", paint_water)],
    "district": [("city", paint_city)],
    "hill": [("city", paint_city), ("trees", park)],
    "street": [("street", paint_street)],
}
