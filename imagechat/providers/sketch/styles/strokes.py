"""What the styles share: bands, brightness, outlines of things, calm colours, and the ways that a hand would draw."""

from collections.abc import Iterator

import numpy as np

from imagechat.providers.sketch.canvas.curves import blurred, box, halved, smooth
from imagechat.providers.sketch.canvas.light import brightness
from imagechat.providers.sketch.canvas.noise import Field, across, nearest, tile
from imagechat.providers.sketch.canvas.sheet import Sheet

BAND = 64
"""Rows that are worked on at once: they stay in the processor's cache."""
ONE = np.float32(1)
WATER = 2.0
"""The part that water is."""
SKYLINE = 0.2
"""How much of a line the open water's horizon is."""


def bands(height: int, deep: int = BAND) -> Iterator[slice]:
    """The rows of a picture, a few at a time."""
    for start in range(0, height, deep):
        yield slice(start, min(start + deep, height))


def grey(colours: Field) -> Field:
    """Brightness. Source: ITU-R BT.709 weights."""
    tone = colours[0] * np.float32(0.2126)
    tone += colours[1] * np.float32(0.7152)
    tone += colours[2] * np.float32(0.0722)
    return np.asarray(tone, np.float32)


def lightened(part: Field, share: Field | np.float32) -> None:
    """Middle tones made lighter, by `share`."""
    for channel in range(3):
        plane = part[channel]
        np.clip(plane, 0, 1, out=plane)
        plane += (ONE - plane) * plane * share


def twice(field: Field) -> Field:
    """`field` at twice its size, smooth; its edges repeat. Source: Chaikin's corner cutting, 1974 (weights ¼ and ¾)."""
    height, width = field.shape
    wide = np.empty((height, width * 2), np.float32)
    near, side = field * np.float32(0.75), field * np.float32(0.25)
    np.add(near[:, 1:], side[:, :-1], out=wide[:, 2::2])
    np.add(near[:, :-1], side[:, 1:], out=wide[:, 1:-1:2])
    wide[:, 0], wide[:, -1] = field[:, 0], field[:, -1]
    out = np.empty((height * 2, width * 2), np.float32)
    side = wide * np.float32(0.25)
    wide *= np.float32(0.75)
    np.add(wide[1:], side[:-1], out=out[2::2])
    np.add(wide[:-1], side[1:], out=out[1:-1:2])
    out[0], out[-1] = wide[0] + side[0], wide[-1] + side[-1]
    return out


def grown(field: Field, shape: tuple[int, int]) -> Field:
    """`field` at about twice its size, cut or its last line repeated to fit `shape`."""
    wide = twice(field)
    rows, columns = shape
    more = (max(0, rows - wide.shape[0]), max(0, columns - wide.shape[1]))
    if more != (0, 0):
        wide = np.pad(wide, ((0, more[0]), (0, more[1])), mode="edge")
    return wide[:rows, :columns]


def softened(field: Field, times: int, radius: int = 1) -> Field:
    """A wide soft blur: halved `times` times, blurred, grown again."""
    if times == 0 or min(field.shape) < 8:
        return blurred(field, radius)
    return grown(softened(halved(field), times - 1, radius), (field.shape[0], field.shape[1]))


def saturated(part: Field, tone: Field, more: float) -> None:
    """Colours `more` times as far from their grey, `tone`."""
    for channel in range(3):
        plane = part[channel]
        plane -= tone
        plane *= np.float32(more)
        plane += tone


def octaves(sheet: Sheet, thousandths: float) -> int:
    """How often to halve so that a few points are about `thousandths` of the short side."""
    size, times = sheet.unit * thousandths / 3000, 0
    while size >= 1.4:
        size, times = size / 2, times + 1
    return times


def white(sheet: Sheet) -> float:
    """How bright the brightest of this light is: a drawing's paper."""
    one = sheet.light
    return max(0.30, min(1.0, max(brightness(one.horizon), brightness(one.lit), brightness(one.lower)) * 1.02))


def borders(sheet: Sheet) -> Field:
    """1 where one thing meets another, a little where the sky meets the water, else 0."""
    part, edge = sheet.marks.part, np.zeros(sheet.shape, np.float32)
    for rows in bands(sheet.height):
        first = max(1, rows.start)
        edge[rows, 1:] = meeting(part[rows, 1:], part[rows, :-1])
        lower = edge[first : rows.stop]
        np.maximum(lower, meeting(part[first : rows.stop], part[first - 1 : rows.stop - 1]), out=lower)
    return edge


def meeting(one: Field, other: Field, apart: float = 0.45) -> Field:
    """How much of a line runs between two parts, whose numbers are more than `apart`."""
    differ: Field = (np.abs(one - other) > apart).astype(np.float32)
    differ[(one + other == WATER) & (one * other == 0)] *= np.float32(SKYLINE)
    return differ


def outlines(sheet: Sheet, thick: float, name: str = "pressure") -> Field:
    """Smooth lines, 0 to 1, between things: thin where they crowd or the hand is light; `thick` in thousandths of the short side."""
    radius = max(1, round(thick * sheet.unit / 1400))
    profile = blurred(borders(sheet), radius)
    profile *= np.float32(2 * radius + 1)
    crowd = softened(profile, octaves(sheet, 15))
    half = min(0.92, max(0.22, thick * sheet.unit / 2000 / (2 * radius + 1)))
    half_size = -(-sheet.height // 2), -(-sheet.width // 2)
    press = grown(across(sheet.seed, name, half_size, 14, octaves=3), sheet.shape)
    faint = min(1.0, 0.35 + thick * sheet.unit / 2000)
    crowding = np.float32(1.3 * min(1.0, max(0.0, (sheet.unit - 150) / 400)))
    for rows in bands(sheet.height):
        line, dense = profile[rows], crowd[rows]
        line -= np.maximum(dense - np.float32(0.36), 0) * crowding + np.float32(1 - half) - press[rows] * np.float32(0.35 * half)
        line *= np.float32((2 * radius + 1) / 1.5)
        line += np.float32(0.5)
        np.clip(line, 0, faint, out=line)
        line *= np.clip(np.float32(1.45) - dense * np.float32(0.75), 0.10, 1)
    return profile


def bold_outlines(sheet: Sheet, thick: float) -> Field:
    """Lines, 0 to 1, around things as one sees them from afar: specks, leaves and blades have none."""
    times = octaves(sheet, 12)
    step = 1 << times
    part = sheet.marks.part[step // 2 :: step, step // 2 :: step]
    for _ in range(3):
        part = without_specks(part)
    edge = np.zeros(part.shape, np.float32)
    apart = 0.45 + 0.25 * step
    beside, below = meeting(part[:, 1:], part[:, :-1], apart), meeting(part[1:], part[:-1], apart)
    for place, one in ((edge[:, 1:], beside), (edge[:, :-1], beside), (edge[1:], below), (edge[:-1], below)):
        np.maximum(place, one, out=place)
    line = blurred(edge, 1) * np.float32(1.8) - np.maximum(blurred(edge, 7) - np.float32(0.29), 0) * np.float32(6)
    for left in range(times, 0, -1):
        size = 1 << (left - 1)
        line = grown(line, (-(-sheet.height // size), -(-sheet.width // size)))
    line -= np.float32(0.95 - thick / 5000 * sheet.unit / step)
    line *= np.float32(step * 2)
    return np.clip(line[: sheet.height, : sheet.width], 0, 1)


def without_specks(part: Field) -> Field:
    """Points that are like at most one of their four neighbours become like those around them."""
    wide = np.pad(part, 1, mode="edge")
    up, down, left, right = wide[:-2, 1:-1], wide[2:, 1:-1], wide[1:-1, :-2], wide[1:-1, 2:]
    alike = (up == part).astype(np.int8) + (down == part) + (left == part) + (right == part)
    return np.asarray(
        np.where(alike > 1, part, np.where(left == right, left, np.where(up == down, up, np.where(left == up, left, right)))), np.float32
    )


def shifted(colours: Field, down: Field, right: Field) -> None:
    """Each point taken from a little way off, in place."""
    height, width = colours.shape[1:]
    rows = np.clip(np.arange(height, dtype=np.float32)[:, None] + down, 0, height - 1).astype(np.int32)
    rows *= np.int32(width)
    rows += np.clip(np.arange(width, dtype=np.float32)[None, :] + right, 0, width - 1).astype(np.int32)
    for plane in colours:
        plane[:] = plane.ravel().take(rows)


def calm(rgb: Field, radius: int) -> Field:
    """Each point gets the mean of the calmest of four corners around it: (3, height, width). Source: Kuwahara and others, 1976."""
    inner = radius // 2 + 1
    tone = grey(rgb)
    mean, square = (box(box(plane, inner, 0), inner, 1) for plane in (tone, tone * tone))
    unrest = np.pad(square - mean * mean, radius, mode="edge")
    means = np.stack([np.pad(box(box(plane, inner, 0), inner, 1), radius, mode="edge") for plane in rgb])
    height, width = tone.shape
    best, out = unrest[:height, :width].copy(), means[:, :height, :width].copy()
    for down, right in ((0, 2 * radius), (2 * radius, 0), (2 * radius, 2 * radius)):
        here = unrest[down : down + height, right : right + width]
        calmer = here < best
        np.copyto(best, here, where=calmer)
        for channel in range(3):
            np.copyto(out[channel], means[channel, down : down + height, right : right + width], where=calmer)
    return out


def simplified(sheet: Sheet, thousandths: float, keep: Field | None = None) -> None:
    """Calm colours without small detail, found at half size; `keep`: where the sharp picture stays; lamps always do."""
    radius = max(1, round(sheet.unit * thousandths / 2000))
    small = calm(np.stack([halved(plane) for plane in sheet.rgb]), radius)
    for channel, plane in enumerate(sheet.rgb):
        wide = grown(small[channel], sheet.shape)
        for rows in bands(sheet.height):
            sharp = lamps(sheet, rows) if keep is None else np.maximum(lamps(sheet, rows), keep[rows])
            plane[rows] = wide[rows] + (plane[rows] - wide[rows]) * sharp


def lamps(sheet: Sheet, rows: slice) -> Field:
    """1 where a thing shines on its own."""
    return np.minimum(sheet.marks.shine[rows] * np.float32(2.5), 1)


def ways(sheet: Sheet, levels: int) -> tuple[Field, Field]:
    """Unit vectors (right, down) along the forms of the picture, reduced `levels` times; even ground is stroked level, with slow turns."""
    tone = sheet.rgb[0] + sheet.rgb[1] + sheet.rgb[2]
    for _ in range(levels):
        tone = halved(tone)
    wide = np.pad(tone, 1, mode="edge")
    x, y = wide[1:-1, 2:] - wide[1:-1, :-2], wide[2:, 1:-1] - wide[:-2, 1:-1]
    turn = across(sheet.seed, "ways", tone.shape, 4, octaves=2)
    level = np.float32(0.004)
    two_x = blurred(y * y - x * x, 3) + level
    two_y = blurred(x * y, 3) * np.float32(-2) + turn * level * np.float32(1.6)
    cosine = two_x / np.sqrt(two_x * two_x + two_y * two_y + np.float32(1e-12))
    right = np.sqrt(np.maximum((ONE + cosine) * np.float32(0.5), 0))
    down = np.sqrt(np.maximum((ONE - cosine) * np.float32(0.5), 0))
    return right, np.where(two_y < 0, -down, down)


LEANS = np.array([(0.80, 0.60), (0.92, -0.38), (0.55, 0.83), (0.97, 0.24), (0.66, -0.75), (0.71, 0.70), (1.0, 0.03)], np.float32)
"""Directions (right, down) that a hand hatches in; water is hatched in the last."""


def leaning(sheet: Sheet, rows: slice, turn: int) -> tuple[Field, Field]:
    """The direction (right, down) of the hatching of each point in `rows`: every thing has its own; `turn` picks another for all."""
    kind = (sheet.marks.part[rows] * np.float32(2)).astype(np.int32)
    kinds = np.arange(int(kind.max()) + 1, dtype=np.int32)
    pick = (kinds * np.int32(7) + (kinds >> 2) + np.int32(turn)) % np.int32(len(LEANS) - 1)
    pick[kinds == np.int32(WATER * 2)] = len(LEANS) - 1
    return LEANS[pick, 0].take(kind), LEANS[pick, 1].take(kind)


def hatch_tile(sheet: Sheet, name: str) -> Field:
    """Noise that `hatching` draws its strokes from."""
    return tile(sheet.seed, name, (64, 64), 512, octaves=3, gain=0.6)


def hatching(sheet: Sheet, strokes: Field, rows: slice, way: tuple[Field, Field]) -> Field:
    """Slanting strokes in `rows`, none quite like the next, about -1 to 1."""
    scale = np.float32(1000 / sheet.unit)
    x, y = sheet.columns() * scale, sheet.rows(rows.start, rows.stop) * scale
    right, down = way
    along, over = x * right + y * down, y * right - x * down
    return nearest(strokes, over * np.float32(3.0) + 16384, along * np.float32(0.12) + 16384)


def tooth(sheet: Sheet, name: str) -> Field:
    """The grain of rough paper or cloth, about -1 to 1, as fine as a thousandth of the short side."""
    grain = tile(sheet.seed, name, (64, 64), 512, octaves=4, gain=0.72)
    rows, columns = ((np.arange(side, dtype=np.int64) * 1024 // sheet.unit) & 511 for side in sheet.shape)
    return np.asarray(grain[rows][:, columns], np.float32)


def soft_steps(tone: Field, steps: float, width: float = 0.3) -> Field:
    """`tone` in `steps` with soft borders, `width` of a step wide."""
    wet = tone * np.float32(steps)
    floor = np.floor(wet)
    wet -= floor
    return (floor + smooth(0.5 - width / 2, 0.5 + width / 2, wet)) * np.float32(1 / steps)
