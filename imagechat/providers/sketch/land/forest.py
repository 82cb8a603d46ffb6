"""Forest: rows of trees in the mist, a clearing in the light, a path into the wood, a brook among stones."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import fall, smooth
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import enlarged, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Layer, Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.floor import Way, bed, earth, floor
from imagechat.providers.sketch.land.inside import bare, bright_air, low_mist, roof, roof_grove, stems
from imagechat.providers.sketch.land.log import fallen_log
from imagechat.providers.sketch.land.plans import Plan, planned
from imagechat.providers.sketch.land.stamps import Grove, lit
from imagechat.providers.sketch.land.undergrowth import BLADES, season
from imagechat.providers.sketch.land.woods import (
    DISTANCES,
    Wood,
    backdrop,
    grown_wood,
    near_trunks,
    rows_of_trees,
    shafts,
    undergrowth,
)

PART = 250.0


def paint_rows(sheet: Sheet) -> None:
    """A slope of trees, row behind row, higher ones paler; an opening somewhere; or stems behind stems, seen from under the crowns."""
    plan = planned(sheet, "rows", inside=0.4, rises=(0.0, 0.06, 0.12))
    wide = Chance(sheet.seed, "opening").between(2.0, 7.0)
    wood = grown_wood(sheet, plan, (plan.light, wide, 80.0))
    behind(sheet, wood, plan)
    before(sheet, wood, plan, 1.0)


def paint_clearing(sheet: Sheet) -> None:
    """A glade with the light falling in, trees around it, bushes at its rim."""
    plan = planned(sheet, "clearing", inside=0.0, rises=(0.0, 0.03, -0.015))
    chance = Chance(sheet.seed, "glade")
    wood = grown_wood(sheet, plan, (plan.light, chance.between(8.0, 15.0), chance.between(46.0, 72.0)))
    backdrop(sheet, wood)
    floor(sheet, wood.eye, wood.eye.row(120.0))
    sunlit(sheet, wood)
    rows_of_trees(sheet, wood, (*DISTANCES, 26.0))
    before(sheet, wood, plan, 1.5)


def paint_path(sheet: Sheet) -> None:
    """A path that winds through the wood to the light at its end."""
    plan = planned(sheet, "path", inside=0.55, rises=(0.0, 0.0, -0.02, 0.02))
    wood = grown_wood(sheet, plan, (0.5, 0.0, 0.0), Chance(sheet.seed, "path").between(0.9, 1.4))
    behind(sheet, wood, plan)
    if wood.way is not None:
        earth(sheet, wood.way)
        offer_way(sheet, wood.way)
    before(sheet, wood, plan, 1.0)


def paint_stream(sheet: Sheet) -> None:
    """A brook that winds through the wood over stones."""
    plan = planned(sheet, "stream", inside=0.5, rises=(0.0, 0.0, 0.02))
    wood = grown_wood(sheet, plan, (0.5, 0.0, 0.0), Chance(sheet.seed, "brook").between(1.4, 2.4))
    behind(sheet, wood, plan)
    if wood.way is not None:
        brook(sheet, wood.way)
        boulders(sheet, wood, wood.way)
    before(sheet, wood, plan, 1.0)


def behind(sheet: Sheet, wood: Wood, plan: Plan) -> None:
    """The wood beyond, and the floor."""
    if plan.inside:
        bright_air(sheet, wood, plan)
        floor(sheet, wood.eye, wood.eye.row(110.0))
        low_mist(sheet, wood, plan)
        stems(sheet, wood, plan, (120.0, 24.0))
        return
    backdrop(sheet, wood)
    floor(sheet, wood.eye, wood.eye.row(120.0))
    rows_of_trees(sheet, wood, lit_at=plan.light)


def before(sheet: Sheet, wood: Wood, plan: Plan, lush: float) -> None:
    """What stands nearer: stems and crowns where the eye is under them, low plants, a fallen log, great trunks; and places for things."""
    leaves = roof_grove(sheet) if (plan.inside or sheet.spec.wood == "deciduous") and not bare(sheet) else Grove(sheet, [])
    if plan.inside:
        roof(sheet, leaves, plan, (100.0, 25.0))
        stems(sheet, wood, plan, (24.0, 10.0))
        roof(sheet, leaves, plan, (25.0, 10.0))
    shafts(sheet, 0.42 if plan.inside else 0.28)
    if plan.log and wood.way is None:
        fallen_log(sheet, wood, -plan.side)
    undergrowth(sheet, wood, lush=lush)
    near_trunks(sheet, wood, plan, leaves)
    offer_ground(sheet, wood, (15, 18, 22, 27, 33))


def sunlit(sheet: Sheet, wood: Wood) -> None:
    """The sun on the open ground of the glade."""
    first = int(np.clip(wood.eye.level, 0, sheet.height - 2))
    rows = sheet.rows(first)
    x = (sheet.columns() - np.float32(wood.gap[0] * sheet.width)) / np.float32(sheet.unit * 0.42)
    y = (rows - np.float32(wood.eye.row(15.0))) / np.float32(sheet.unit * 0.085)
    lawn = lit(sheet, rgb(BLADES[season(sheet)])[:, None, None], np.full((1, 1), 0.55, np.float32))
    if not sheet.snowy:
        sheet.mix(lawn, fall(x * x * x * x + y * y) * np.float32(0.45), slice(first, None))
    strength = 0.26 if sheet.night else 0.34
    sheet.add(sheet.light.key * np.float32(0.5), fall(x * x * x * x + y * y) * np.float32(strength), slice(first, None))


def brook(sheet: Sheet, way: Way) -> None:
    """Water that mirrors the wood behind it, broken by ripples, white where it runs over stones."""
    window, cover, off = bed(sheet, way, 0.5)
    first, height = window[0].start, sheet.height - window[0].start
    field = tile(sheet.seed, "brook", (8, 8), 128, octaves=5, gain=0.6)
    depth = np.float32(sheet.unit) / (sheet.rows(first) - np.float32(way.eye.level) + np.float32(sheet.unit * 0.03))
    coarse = sampled(field, depth[::2] * np.float32(60) + 0 * off[::2, ::2], off[::2, ::2] * np.float32(7))
    ripple = enlarged(coarse, (height, off.shape[1]))
    back = np.float32(first) - np.arange(height, dtype=np.float32)[:, None] * np.float32(0.9) + ripple * np.float32(sheet.unit * 0.05)
    rows = np.clip(back, 0, max(0, first - 1)).astype(np.int32)
    shake = (ripple * np.float32(sheet.unit * 0.016)).astype(np.int32) + np.arange(window[1].start, window[1].stop, dtype=np.int32)[None, :]
    places = rows * np.int32(sheet.width) + np.clip(shake, 0, sheet.width - 1)
    mirror = np.stack([sheet.rgb[c].ravel().take(places) for c in range(3)])
    share = np.clip(np.float32(0.60) + ripple * np.float32(0.30), 0, 1)
    water = (
        sheet.light.deep[:, None, None] * np.float32(0.5)
        + (mirror * np.float32(0.95) - sheet.light.deep[:, None, None] * np.float32(0.5)) * share
    )
    foam = smooth(0.50, 0.80, ripple) * np.float32(0.45)
    water = water + (blend(sheet.light.fill, sheet.light.key, 0.5)[:, None, None] - water) * foam
    bank = smooth(1.0, 0.78, np.abs(off))
    sheet.mix(water * (np.float32(0.45) + np.float32(0.55) * bank), cover, *window)
    sheet.hide(cover, PART + 4, *window)


def boulders(sheet: Sheet, wood: Wood, way: Way) -> None:
    """Stones along both banks and a few in the water, from far to near."""
    chance = Chance(sheet.seed, "boulders")
    for i, far in enumerate(sorted((1 / chance.between(1 / 40.0, 1 / 3.6) for _ in range(54)), reverse=True)):
        row, metre = wood.eye.row(far), wood.eye.metre(far)
        middle, half = way.at(sheet, row)
        where = chance.sign() * chance.between(0.84, 1.42) if chance.happens(0.76) else chance.between(-0.7, 0.7)
        size = metre * (0.14 + 0.6 * chance.unit() * chance.unit()) * (1.0 if abs(where) > 0.8 else 0.6)
        wood.rocks.plant(chance.whole(0, 59), (middle + half * where, row + size * 0.1), size, air=far / (far + 120), part=PART + 5 + i % 4)


def offer_ground(sheet: Sheet, wood: Wood, distances: tuple[int, ...]) -> None:
    """Open places at some distances, left, middle and right by turns."""
    chance = Chance(sheet.seed, "forest places")
    for i, far in enumerate((*distances, *distances[1:4])):
        share = (0.24, 0.74, 0.5, 0.34, 0.64, 0.14, 0.86, 0.44)[i % 8] + chance.between(-0.05, 0.05)
        x, row = share * sheet.width, wood.eye.row(far)
        if wood.way is not None:
            x = beside(sheet, wood.way, (x, row), 2.2 * wood.eye.metre(far))
        sheet.offer("land", x, min(row, sheet.height * 0.97), wood.eye.metre(far), far / (far + 140))


def beside(sheet: Sheet, way: Way, place: tuple[float, float], room: float) -> float:
    """The column of `place`, moved off the way to its own side by `room` pixels, or to the other where the picture ends."""
    x, row = place
    middle, half = way.at(sheet, row)
    if abs(x - middle) >= half + room:
        return x
    left, right = middle - half - room, middle + half + room
    wanted, other = (left, right) if x < middle else (right, left)
    return wanted if 0.04 * sheet.width < wanted < 0.96 * sheet.width else other


def offer_way(sheet: Sheet, way: Way) -> None:
    """Places on the path."""
    for far in (8, 10, 12, 15, 18):
        row = way.eye.row(far)
        sheet.offer("road", way.at(sheet, row)[0], row, way.eye.metre(far), far / (far + 140))


LAYERS: dict[str, list[Layer]] = {
    "rows": [("land", paint_rows)],
    "clearing": [("land", paint_clearing)],
    "path": [("land", paint_path)],
    "stream": [("land", paint_stream)],
}
