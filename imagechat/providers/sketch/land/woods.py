"""What every wood is made of: its rows of trees in the mist, beams of the sun, undergrowth, great trunks near; all in true scale."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.canvas.curves import fall, smooth
from imagechat.providers.sketch.canvas.light import blend
from imagechat.providers.sketch.canvas.noise import sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.conifers import conifer_stamps
from imagechat.providers.sketch.land.contact import shade_below
from imagechat.providers.sketch.land.floor import PART as FLOOR
from imagechat.providers.sketch.land.floor import Eye, Way
from imagechat.providers.sketch.land.leaves import leafy_stamps
from imagechat.providers.sketch.land.plans import Plan
from imagechat.providers.sketch.land.ridges import line
from imagechat.providers.sketch.land.stamps import Grove, Stamp
from imagechat.providers.sketch.land.trunks import Look, column_at, hazed, mist_colour, trunk
from imagechat.providers.sketch.land.undergrowth import ferns, shrubs, stones, tufts

PART = 210.0
DISTANCES = (112.0, 86.0, 67.0, 52.0, 41.0, 33.0)
"""How far away the rows of trees stand, in metres."""


@dataclass(frozen=True, slots=True)
class Wood:
    """What a wood is made of: the eye, the trees, low plants, stones; `gap`: (middle share of the width, half width in metres, nearest
    distance where trees may stand in it); `way`: the path or brook that stays free.
    """

    eye: Eye
    trees: Grove
    low: Grove
    rocks: Grove
    gap: tuple[float, float, float]
    way: Way | None = None


def grown_wood(sheet: Sheet, plan: Plan, gap: tuple[float, float, float], wide: float = 0.0) -> Wood:
    """The wood of this picture; `wide`: half the width of the way through it in metres, 0 for none."""
    chance = Chance(sheet.seed, "wood")
    eye = Eye(float(sheet.horizon), chance.between(1.9, 2.5), sheet.unit * 0.92, plan.rise)
    way = Way(eye, plan.begin, plan.light, chance.sign() * chance.between(0.10, 0.34), wide) if wide else None
    trees = Grove(sheet, []) if plan.inside else grove(sheet, birches=plan.birch)
    return Wood(eye, trees, low_plants(sheet), Grove(sheet, stones(sheet, "stone", 3, sheet.unit * 0.04)), gap, way)


def grove(sheet: Sheet, count: int = 5, *, birches: bool = False) -> Grove:
    """The trees that the words ask for."""
    tall = sheet.unit * 0.22
    if sheet.spec.wood == "deciduous":
        return Grove(sheet, leafy_stamps(sheet, "leafy", count - 1, tall, birches=birches))
    return Grove(sheet, varied(sheet, conifer_stamps(sheet, "conifer", count, tall)))


def varied(sheet: Sheet, stamps: list[Stamp]) -> list[Stamp]:
    """The stamps, and as many that are broader or slimmer and lean to one side."""
    chance, more = Chance(sheet.seed, "varied trees"), []
    for stamp in stamps:
        height, width = stamp.shape
        broad, lean = chance.between(0.68, 1.35), chance.sign() * chance.between(0.0, 0.05)
        up = np.arange(height, 0, -1, dtype=np.float32)[:, None] * np.float32(lean)
        half = int(width * broad / 2 + height * abs(lean)) + 1
        off = (np.arange(-half, half, dtype=np.float32)[None, :] + np.float32(0.5) - up) * np.float32(1 / broad) + np.float32(width / 2)
        inside = (off >= 0) & (off < width)
        places = np.clip(off, 0, width - 1).astype(np.int32) + np.arange(height, dtype=np.int32)[:, None] * np.int32(width)
        more.append(Stamp(stamp.planes.reshape(4, -1).take(places, 1) * inside))
    return [*stamps, *more]


def low_plants(sheet: Sheet) -> Grove:
    """Tufts, ferns and shrubs: 0 and 1 grass, 2 and 3 ferns, 4 a shrub."""
    tall = sheet.unit * 0.05
    return Grove(sheet, [*tufts(sheet, "tuft", 2, tall), *ferns(sheet, "fern", 2, tall * 1.5), *shrubs(sheet, "shrub", 1, tall)])


def backdrop(sheet: Sheet, wood: Wood) -> None:
    """The wood far off, where single trees are no longer seen: two soft lines of tops in the haze."""
    for i in range(2):
        tops = line(sheet.seed, f"far wood {i}", sheet.width, (22 + 10 * i) * sheet.width / sheet.unit, gain=0.72, ridged=False)
        tall = np.float32(sheet.unit * (0.15 - 0.035 * i)) * (np.float32(1) + tops * np.float32(0.13))
        top = np.float32(wood.eye.row(150 - 30 * i)) - tall
        first = int(np.clip(float(top.min()), 0, sheet.height - 1))
        last = int(np.clip(wood.eye.level + sheet.unit * 0.06, first + 1, sheet.height))
        cover = np.clip(sheet.rows(first, last) - top[None, :], 0, 1)
        tone = blend(mist_colour(sheet), sheet.light.fill * np.float32(0.45), (0.26 + 0.12 * i) * (1 - hazed(sheet, 110)) * 2)
        sheet.mix(tone, cover, slice(first, last))
        sheet.hide(cover, PART + i, slice(first, last))


def free(sheet: Sheet, wood: Wood, x: float, far: float) -> bool:
    """Whether a tree may stand there: not in the glade, not on the way."""
    metre, row = wood.eye.metre(far), wood.eye.row(far)
    middle, half, nearest = wood.gap
    if far < nearest and abs(x - middle * sheet.width) < half * metre:
        return False
    if wood.way is None:
        return True
    centre, width = wood.way.at(sheet, row)
    return abs(x - centre) > width + 1.5 * metre


def rows_of_trees(sheet: Sheet, wood: Wood, distances: tuple[float, ...] = DISTANCES, *, lit_at: float | None = None) -> None:
    """Row behind row from far to near; mist lies before each, and at `lit_at` (a share of the width) light shines through the far ones."""
    for number, far in enumerate(distances):
        if lit_at is not None and number == 3:
            light_beyond(sheet, wood, lit_at)
        for i, (x, away, tall, pick) in enumerate(row_of_trees(sheet, wood, number, far)):
            metre = wood.eye.metre(far)
            wood.trees.plant(pick, (x, wood.eye.row(away)), tall * metre, air=hazed(sheet, far), part=PART + 3 + number * 2 + i % 2)
        mist(sheet, wood, far, number)


def row_of_trees(sheet: Sheet, wood: Wood, number: int, far: float) -> list[tuple[float, float, float, int]]:
    """(column, metres away, metres high, which tree) of one row: old trees and young ones, close together here, with gaps there."""
    chance = Chance(sheet.seed, "row", str(number))
    crowd = line(sheet.seed, f"row gaps {number}", 64, 5 * sheet.width / sheet.unit, gain=0.6, ridged=False)
    metre, found = wood.eye.metre(far), []
    count = max(3, round(sheet.width / metre / ((2.4 if far < 60 else 3.2) if sheet.spec.wood == "conifer" else 4.6)))
    for i in range(count):
        x = (i + chance.between(0.0, 1.0)) / count * sheet.width
        away, young = far * chance.between(0.94, 1.06), chance.happens(0.3)
        most = chance.between(0.45, 0.54) if far > 30 else chance.between(0.58, 0.72)
        tall = (chance.between(5, 10) if young else chance.between(11, 22)) * chance.between(0.9, 1.1)
        pick, there = chance.whole(0, 59), chance.happens(0.92 if crowd[min(63, int(x / sheet.width * 64))] > -0.36 else 0.3)
        beside = far > 30 or abs(x / sheet.width - 0.5) > 0.24
        if beside and there and free(sheet, wood, x, far):
            found.append((x, away, min(tall, sheet.unit * most / metre), pick))
    return found


def light_beyond(sheet: Sheet, wood: Wood, share: float) -> None:
    """The brightness where the wood ends, seen between the trees."""
    x0, y0, reach = share * sheet.width, wood.eye.level - sheet.unit * 0.06, sheet.unit * 0.42
    rows = slice(max(0, int(y0 - reach)), min(sheet.height, int(y0 + reach)))
    columns = slice(max(0, int(x0 - reach)), min(sheet.width, int(x0 + reach)))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return
    x = (np.arange(columns.start, columns.stop, dtype=np.float32)[None, :] - np.float32(x0)) / np.float32(reach)
    y = (sheet.rows(rows.start, rows.stop) - np.float32(y0)) / np.float32(reach)
    glow = smooth(1.0, 0.0, np.sqrt(x * x * np.float32(1.6) + y * y))
    strength = 0.3 if sheet.night else 0.6 if sheet.spec.time == "day" else 0.8
    sheet.mix(blend(sheet.light.horizon, sheet.light.glow, 0.5), glow * glow * np.float32(strength), rows, columns)


def mist(sheet: Sheet, wood: Wood, far: float, number: int) -> None:
    """A bank of mist at the feet of a row, thick in fog and at dawn."""
    thick = {"fog": 0.50, "rain": 0.22, "snow": 0.25, "storm": 0.2}.get(sheet.spec.weather, 0.26 if sheet.spec.time == "dawn" else 0.11)
    row, tall = wood.eye.row(far), wood.eye.metre(far) * 7
    first, last = int(max(0, row - tall)), int(min(sheet.height, row + tall * 0.4))
    if first >= last or number % 2:
        return
    up = (np.float32(row) - sheet.rows(first, last)) / np.float32(tall)
    drift = line(sheet.seed, f"mist {number}", sheet.width, 2.5 * sheet.width / sheet.unit, gain=0.5, ridged=False)
    body = smooth(1.0, 0.0, np.abs(up) * np.where(up < 0, np.float32(2.4), np.float32(1)) - drift[None, :] * np.float32(0.25))
    sheet.mix(mist_colour(sheet), body * np.float32(thick), slice(first, last))


def shafts(sheet: Sheet, strength: float) -> None:
    """Beams of the low sun that fall through the crowns, and the glow they come from."""
    if sheet.night or not sheet.composition.sees_sun or sheet.spec.time == "dusk":
        strength *= 0.12
    if sheet.spec.time == "day":
        strength *= 0.5
    x, _ = sheet.sun
    from_y = np.float32(-sheet.unit * 0.15)
    step = max(1, sheet.unit // 256)
    rows, columns = sheet.rows()[::step], sheet.columns()[:, ::step]
    slope = (columns - np.float32(x)) / (rows - from_y)
    field = tile(sheet.seed, "beams", (1, 32), 16, octaves=3)
    beams = sampled(field, np.zeros_like(slope), slope * np.float32(26) + np.float32(512))
    beams = smooth(0.05, 0.75, beams) * fall(slope * slope * np.float32(5))
    beams *= smooth(1.05, 0.35, rows / np.float32(sheet.height)) * smooth(-0.1, 0.35, rows / np.float32(sheet.height))
    beams *= np.float32(strength)
    wide = np.repeat(np.repeat(beams, step, 0), step, 1)[: sheet.height, : sheet.width]
    seen = sheet.marks.cover * np.float32(0.88)
    seen += np.float32(0.12)
    wide *= seen
    for channel in range(3):
        np.multiply(wide, sheet.light.glow[channel], out=seen)
        sheet.rgb[channel] += seen


def undergrowth(sheet: Sheet, wood: Wood, *, lush: float, nearest: float = 4.6) -> None:
    """Grass, ferns, shrubs and stones over the ground, from far to near."""
    chance = Chance(sheet.seed, "undergrowth")
    count = round(92 * lush * min(2.0, sheet.width / sheet.unit))
    places = sorted((1 / chance.between(1 / 34.0, 1 / nearest) for _ in range(count)), reverse=True)
    fern = -0.05 if sheet.snowy else 0.32 if sheet.spec.wood == "conifer" else 0.22
    for i, far in enumerate(places):
        x, draw, size, pick = chance.unit() * sheet.width, chance.unit(), chance.between(0.7, 1.25), chance.whole(0, 59)
        metre, row = wood.eye.metre(far), wood.eye.row(far)
        if wood.way is not None and abs(x - wood.way.at(sheet, row)[0]) < wood.way.at(sheet, row)[1] * 1.12 + 0.25 * metre:
            continue
        if sheet.snowy and i % 5 > 1:
            continue
        middle, half, _ = wood.gap
        open_ground = abs(x - middle * sheet.width) < half * metre * 0.8
        air = round(hazed(sheet, far) * 4) / (8 if sheet.spec.weather == "fog" else 5)
        if draw < 0.025 and far > 5.5:
            shade_below(sheet, (x, row), metre * 0.6 * size, 0.75)
            wood.rocks.plant(pick, (x, row + metre * 0.03), metre * 0.6 * size, air=air, part=PART + 30 + i % 5)
        elif draw < 0.06 + fern and not open_ground:
            wood.low.plant(2 + pick % 2, (x, row), metre * 0.8 * size, air=air, part=PART + 30 + i % 5)
        elif draw < 0.13 + fern and not open_ground and far > 9:
            shade_below(sheet, (x, row), metre * 1.1 * size, 0.75)
            wood.low.plant(4, (x, row + metre * 0.12 * size), metre * 1.2 * size, air=air, part=PART + 30 + i % 5)
        else:
            wood.low.plant(pick % 2, (x, row), metre * (0.22 if sheet.snowy else 0.26 if open_ground else 0.34) * size, air=air, part=FLOOR)


def near_places(sheet: Sheet, plan: Plan) -> list[tuple[float, float, float]]:
    """(distance, share of the width, half width in metres) of each great trunk near the eye, as the plan has it."""
    chance = Chance(sheet.seed, "near trunks")
    match plan.near:
        case "great":
            return [(chance.between(4.6, 6.0), 0.5 + plan.side * chance.between(0.26, 0.42), chance.between(0.40, 0.58))]
        case "group":
            begin = chance.between(0.16, 0.26)
            shares = [0.5 + plan.side * (begin + i * chance.between(0.07, 0.11)) for i in range(chance.whole(2, 4))]
            return [(chance.between(6.5, 15.0), share, chance.between(0.20, 0.36)) for share in shares]
        case "pair":
            first = chance.between(6.0, 9.0), 0.5 + plan.side * chance.between(0.28, 0.46), chance.between(0.26, 0.38)
            return [first, (chance.between(10.0, 17.0), 0.5 - plan.side * chance.between(0.20, 0.46), chance.between(0.22, 0.3))]
    return []


def near_trunks(sheet: Sheet, wood: Wood, plan: Plan, leaves: Grove) -> None:
    """Great trunks before the wood, none on the way, and the leaves of their lowest twigs above."""
    chance = Chance(sheet.seed, "twigs above")
    places = sorted(near_places(sheet, plan), reverse=True)
    for i, (far, share, half) in enumerate(places):
        x, metre, air = share * sheet.width, wood.eye.metre(far), hazed(sheet, far) * 0.7
        if wood.way is not None and not free(sheet, wood, x, far):
            x += plan.side * metre * 2.0
        trunk(
            sheet,
            f"trunk {i}",
            (x, wood.eye.row(far)),
            metre * half,
            Look(air, 280.0 + i, 0.0 if half > 0.38 else 0.85 if plan.birch else 0.15),
        )
        for way in (-1, 1):
            tall, drop = sheet.unit * chance.between(0.26, 0.38), chance.between(-0.05, 0.07)
            if i < 2 and leaves.stamps:
                column = column_at(sheet, f"trunk {i}", (x, wood.eye.row(far)), 0)
                leaves.plant(i * 2 + way, (column + way * tall * 0.55, sheet.unit * drop + tall * 0.5), tall, air=air, part=290.0)
