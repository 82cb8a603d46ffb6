"""A beach: sand with ripple marks, wet and mirroring where the waves have been, dunes with grass, driftwood, rocks."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import box, smooth, wave
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, nearest, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.coast import sea
from imagechat.providers.sketch.land.footholds import offer_land
from imagechat.providers.sketch.land.grain import FOCUS
from imagechat.providers.sketch.land.ground import Coat
from imagechat.providers.sketch.land.reeds import blade
from imagechat.providers.sketch.land.relief import Seen, View, along, raise_land, rough, view

PART = 415.0
WOOD = rgb("9a8a76")
SHORES = ((-0.13, -0.10, 0.3, 0.8, 1.0), (-0.30, -0.34, -0.5, -0.2, 0.6), (0.02, 0.10, 0.9, 1.3, 1.2), (-0.22, -0.12, 0.5, 0.2, 0.9))
"""How the water's edge swings on its way from the eye into the distance: two places sideways, then shares of the bay's depth."""


def paint_beach(sheet: Sheet) -> None:
    """Sand at one's feet, the wet line of the shore that swings to a far cape, and waves that roll in."""
    chance = Chance(sheet.seed, "beach")
    at = view(sheet, 0.13, 10.0, chance.between(0.075, 0.14))
    inland = at.x * np.float32(sheet.composition.side) - waterline(sheet, at, chance)
    knolls = rough(sheet, "dunes", at, 1.7, octaves=4)
    begin, tall = chance.between(0.18, 0.42), np.float32(chance.between(0.6, 1.9))
    dunes = smooth(begin, begin + 0.32, inland + knolls * np.float32(0.10)) * (np.float32(0.055) + knolls * np.float32(0.035)) * tall
    hills = smooth(0.5, 1.6, inland) * smooth(1.6, 3.4, at.depth) * np.float32(chance.between(0.06, 0.40)) * (1 + knolls * np.float32(0.4))
    height = np.where(inland > 0, inland * np.float32(0.045) + dunes + hills, inland * np.float32(0.3))
    bare = smooth(begin + 0.24, begin + 0.02, inland + knolls * np.float32(0.14))
    stone = None
    if chance.happens(0.5):
        rocks = boulders(sheet, at, inland, np.float32(chance.between(0.10, 0.22)))
        stone = smooth(-0.002, 0.004, rocks - height)
        height = np.maximum(height, rocks)
    seen = raise_land(sheet, at, height, Coat(sand=bare if stone is None else bare * (1 - stone), stone=stone, steep=0.66), PART)
    sea(sheet, at, seen)
    damp(sheet, seen)
    if chance.happens(0.45):
        driftwood(sheet, at, chance)
    dune_grass(sheet, chance.happens(0.7))
    offer_land(sheet, at, height, (inland > 0.1) & (at.depth > 0.45) & (at.depth < 3.0))


def waterline(sheet: Sheet, at: View, chance: Chance) -> Field:
    """How far sideways the water begins, at each depth."""
    deep = [0.2, 0.6, 1.1, 1.8, 2.8, chance.between(3.4, 4.2), chance.between(4.5, 5.0), 10.0]
    bay, start = chance.between(0.12, 0.6), chance.choice(SHORES)
    line = [*start[:2], *(bay * share for share in start[2:]), -chance.between(0.1, 0.9), chance.between(1.0, 1.8), 4.0]
    edge = box(np.interp(at.depth, deep, line).astype(np.float32), len(at.depth) // 22, 0)
    return np.asarray(edge + along(sheet, "cusps", at, 1.6) * np.float32(0.05) * at.depth, np.float32)


def boulders(sheet: Sheet, at: View, inland: Field, tall: np.float32) -> Field:
    """Rocks along the water's edge, in groups, none right before the eye."""
    groups = smooth(-0.05, 0.35, rough(sheet, "boulders", at, 0.9, octaves=2))
    near = smooth(0.30, 0.05, np.abs(inland)) * smooth(0.5, 0.9, at.depth) * groups
    return np.asarray((rough(sheet, "rocks", at, 5.0, octaves=4) + np.float32(0.25)) * near * tall - np.float32(0.035), np.float32)


def damp(sheet: Sheet, seen: Seen) -> None:
    """The sand's own face: ripple marks and shells where it is dry, dark and mirroring the sky where the waves have wetted it."""
    spots = np.flatnonzero((seen.land > 0.5) & (seen.height < 0.034) & (seen.depth < 5))
    if not len(spots):
        return
    row, column = spots // sheet.width + seen.top, spots % sheet.width
    depth, height = seen.depth.ravel().take(spots), seen.height.ravel().take(spots)
    x = (column - sheet.width / 2).astype(np.float32) * np.float32(1 / (sheet.unit * FOCUS)) * depth
    field = tile(sheet.seed, "damp", (16, 16), 256, octaves=5, gain=0.55)
    swing = nearest(field, depth * np.float32(190) + 4096, x * np.float32(190) + 4096)
    specks = nearest(field, depth * np.float32(1900) + 4096, x * np.float32(1900) + 4096)
    edge = height + swing * np.float32(0.0015)
    grain = marks(depth, height, swing) * smooth(0.0055, 0.0085, edge) + specks * np.float32(0.10)
    shells = smooth(0.78, 0.92, specks) * smooth(0.002, 0.006, edge) * np.float32(0.35)
    tone = (1 - smooth(0.0090, 0.0055, edge) * np.float32(0.30)) * (1 + grain + shells)
    wet = smooth(0.0060, 0.0010, edge) * (np.float32(0.50) + swing * np.float32(0.16))
    foam = smooth(0.0007, 0.0001, np.abs(edge - np.float32(0.0022) + specks * np.float32(0.0005))) * smooth(-0.3, 0.2, swing + specks)
    sky = (
        np.clip(sheet.horizon - 1 - (np.maximum(row - sheet.horizon, 0) * 0.42 + specks * 3).astype(np.int64), 0, sheet.height - 1)
        * sheet.width
        + column
    )
    white = blend(sheet.light.fill, sheet.light.key, 0.55) * np.float32(0.9)
    for channel in range(3):
        plane = sheet.rgb[channel].reshape(-1)
        sand = plane.take(spots + seen.top * sheet.width) * tone
        sand += (plane.take(sky) * np.float32(0.88) - sand) * wet
        plane[spots + seen.top * sheet.width] = sand + (white[channel] - sand) * foam * np.float32(0.7)


def marks(depth: Field, height: Field, swing: Field) -> Field:
    """Ripples in dry sand, along the shore, that wander and fade with the distance."""
    lines = wave(height * np.float32(1150) + depth * np.float32(1.5) + swing * np.float32(1.3))
    return np.asarray(lines * (np.float32(0.085) + swing * np.float32(0.06)) / (1 + depth * depth * np.float32(4)), np.float32)


def driftwood(sheet: Sheet, at: View, chance: Chance) -> None:
    """A bleached trunk on the sand with its shadow, two broken boughs standing off it."""
    deep, side = chance.between(0.24, 0.42), sheet.composition.side
    y = sheet.horizon + at.eye * 0.93 / deep * sheet.unit * FOCUS
    x, long = sheet.width * (0.5 + side * chance.between(0.10, 0.30)), sheet.unit * 0.05 / deep
    lean = chance.between(-0.14, 0.14)
    if y > sheet.height * 0.97:
        return
    for number, (start, turn, size) in enumerate(((-1.0, lean, 1.0), (-0.1, lean - 0.75, 0.34), (0.35, lean + 0.55, 0.28))):
        stick(sheet, (x + start * long * 0.5, y + start * long * 0.5 * lean), (long * size, turn), number)


def stick(sheet: Sheet, start: tuple[float, float], how: tuple[float, float], number: int) -> None:
    """One round piece of wood from `start`, (its length in pixels, how much it sinks for each pixel)."""
    long, lean = how
    (x, y), thick = start, max(1.0, long * 0.05 if number == 0 else long * 0.07)
    rows = slice(max(0, int(y - abs(lean) * long - thick * 2)), min(sheet.height, int(y + abs(lean) * long + thick * 4) + 1))
    columns = slice(max(0, int(x)), min(sheet.width, int(x + long) + 1))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return
    along_ = (np.arange(columns.start, columns.stop, dtype=np.float32)[None, :] - np.float32(x)) / np.float32(long)
    field = tile(sheet.seed, "driftwood", (8, 8), 64, octaves=3, gain=0.6)
    knots = nearest(field, 0 * along_ + 5 + number, along_ * 40)
    girth = np.float32(thick) * (np.float32(1.1) - along_ * np.float32(0.65)) * (1 + knots * np.float32(0.3))
    off = sheet.rows(rows.start, rows.stop) - np.float32(y) - (along_ * np.float32(lean) + knots * np.float32(0.01)) * np.float32(long)
    sheet.mix(
        sheet.light.fill * np.float32(0.18),
        smooth(2.4, 0.4, np.abs(off - girth * np.float32(0.9)) / girth) * np.float32(0.5),
        rows,
        columns,
    )
    cover = np.clip(girth - np.abs(off) + np.float32(0.5), 0, 1)
    up = np.clip(np.float32(0.5) - off / girth * np.float32(0.5), 0, 1)
    grain = nearest(field, off / girth * 6 + 32, along_ * 12 + 64) * np.float32(0.22)
    tone = [WOOD[c] * (sheet.light.key[c] * up * np.float32(0.8) + sheet.light.fill[c] * np.float32(0.42)) * (1 + grain) for c in range(3)]
    sheet.mix(np.stack(tone), cover, rows, columns)
    sheet.hide(cover, PART + 12 + 0.1 * number, rows, columns)


def dune_grass(sheet: Sheet, both: bool) -> None:
    """Tall grass of the dune on which one stands, in one corner, a little in the other."""
    chance = Chance(sheet.seed, "dune grass")
    side = sheet.composition.side
    for i in range(120):
        mine = side if i % 6 or not both else -side
        draw = chance.unit()
        inward = draw * draw * (0.36 if mine == side else 0.12)
        blade(sheet, chance, 0.5 + mine * (0.53 - inward), (inward * 1.1 + 0.34, 1.0 if mine == side else 0.7), grass=True)
