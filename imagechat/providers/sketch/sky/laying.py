"""Laying clouds into the sky: their colours are found as coarse as their shapes and grow to the sheet's size at the end."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import fall, smooth
from imagechat.providers.sketch.canvas.light import blend
from imagechat.providers.sketch.canvas.light import light as daylight
from imagechat.providers.sketch.canvas.noise import Field, enlarged
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.styles.strokes import twice

ONE = np.float32(1)
Window = tuple[slice, slice]
"""Rows and columns of the sheet, both with their ends."""


def grown(field: Field, shape: tuple[int, int]) -> Field:
    """`field` over `shape`: doubled where it is half as large, else stretched."""
    if field.shape == shape:
        return field
    if (shape[0] + 1) // 2 == field.shape[0] and (shape[1] + 1) // 2 == field.shape[1]:
        return twice(field)[: shape[0], : shape[1]]
    return enlarged(field, shape)


def both(one: Field, other: Field, rows: Field, columns: Field) -> tuple[Field, Field]:
    """Two square fields (sides the same power of two) read at the same fractional places, wrapping around."""
    last, side = one.shape[0] - 1, one.shape[0]
    row, column = rows.astype(np.int32), columns.astype(np.int32)
    down, right = rows - row, columns - column
    top, bottom, left, beside = (row & last) * side, ((row + 1) & last) * side, column & last, (column + 1) & last
    places = [place.astype(np.intp) for place in (top + left, top + beside, bottom + left, bottom + beside)]
    found = []
    for field in (one.ravel(), other.ravel()):
        upper, upper_right, lower, lower_right = (field.take(place) for place in places)
        upper_right -= upper
        upper_right *= right
        upper += upper_right
        lower_right -= lower
        lower_right *= right
        lower += lower_right
        lower -= upper
        lower *= down
        upper += lower
        found.append(upper)
    return found[0], found[1]


def lay(
    sheet: Sheet, density: Field, lit: Field, window: Window, *, most: float, far: float = 0.0, deep: Field | None = None, fire: float = 0.0
) -> None:
    """Blend a cloud in: `lit` 0 is its shadow, 1 its light; near the low sun its thin parts shine; `far` ones take the sky's own colour;
    `deep`: how much darker than a single cloud's shadow the folds of a deck are; `fire`: how far a low sun drives light and shadow apart.
    """
    rows, columns = window
    shape = rows.stop - rows.start, columns.stop - columns.start
    light, share = sheet.light, density * np.float32(most)
    near = None if sheet.spec.time == "day" else shining(sheet, density, window, 7.0 if deep is None else 2.2)
    if sheet.spec.subject("moon") or (sheet.night and sheet.spec.scene != "sky"):
        share *= parted(from_lamp(sheet, sheet.moon, window, density.shape))
    elif sheet.composition.sees_sun and sheet.low_sun:
        share *= np.float32(0.15) + parted(from_lamp(sheet, sheet.sun, window, density.shape)) * np.float32(0.85)
    dim = ONE if deep is None else ONE - deep
    keep, air = grown((ONE - share) * dim, shape), blend(light.lower, light.horizon, 0.5)
    bright = blend(light.lit, light.glow, 0.4 * fire) * np.float32(1 + 0.10 * fire)
    shade = light.dark if sheet.spec.time in ("sunset", "dusk") else blend(light.dark, light.lower, 0.35 * fire)
    dark = shade * np.float32(1 - 0.26 * fire)
    glow = light.glow
    if deep is not None and fire:
        glow = daylight(sheet.spec.time, sheet.spec.mood).glow
    for channel in range(3):
        tone = lit * (bright[channel] - dark[channel])
        tone += dark[channel]
        if near is not None:
            tone += (glow[channel] * np.float32(1.12) - tone) * near
        if far:
            tone += (air[channel] - tone) * np.float32(far * 0.55)
        tone *= share
        tone *= dim
        part = sheet.rgb[channel, rows, columns]
        part *= keep
        part += grown(tone, shape)
    cover_sky(sheet, ONE - keep if deep is None else grown(share, shape), window)


def cover_sky(sheet: Sheet, whole: Field, window: Window) -> None:
    """In pictures of the sky clouds are what stands there; everywhere they dim what shines."""
    if sheet.spec.scene == "sky":
        cover = sheet.marks.cover[window]
        np.maximum(cover, whole, out=cover)
    shine = sheet.marks.shine[window]
    shine *= ONE - whole


def from_lamp(sheet: Sheet, lamp: tuple[float, float], window: Window, shape: tuple[int, int]) -> Field:
    """How far each point of `shape` over a window is from a lamp, squared, in short sides."""
    squares = []
    for place, part, count in ((lamp[1], window[0], shape[0]), (lamp[0], window[1], shape[1])):
        step = 2 if count < part.stop - part.start else 1
        at = np.arange(count, dtype=np.float32) * np.float32(step) + np.float32(part.start + (step - 1) / 2 - place)
        at *= np.float32(1 / sheet.unit)
        squares.append(at * at)
    return np.asarray(squares[0][:, None] + squares[1][None, :], np.float32)


def shining(sheet: Sheet, density: Field, window: Window, narrow: float) -> Field:
    """How much the thin parts of a cloud glow with the low sun or the moon behind them; the more `narrow`, the nearer to it."""
    square = from_lamp(sheet, sheet.sun, window, density.shape)
    return np.asarray(fall(square * np.float32(narrow)) * (np.float32(0.8) - density * np.float32(0.36)), np.float32)


def parted(square: Field) -> Field:
    """How much of a cloud is left before the sun, or a moon that was asked for: it is seen through a gap."""
    return np.float32(0.12) + np.float32(0.88) * smooth(0.0036, 0.016, square)
