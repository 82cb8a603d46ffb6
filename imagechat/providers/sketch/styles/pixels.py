"""Pixel art: large square pixels in the few colours of a palette, with ordered dither between them."""

from itertools import pairwise

import numpy as np

from imagechat.providers.sketch.canvas.light import COLOURS, Light, blend, colour, rgb
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet

CELLS = 150
"""Pixels along the short side."""
BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32) / np.float32(16) - np.float32(0.47)
GROUND = [
    rgb(text)
    for text in ("1f3a24", "3f7a34", "4f8632", "5f8f34", "74a03e", "86b04a", "c8b878", "7a5234", "78787e", "e8ecf2", "b8433a", "c47838")
]
"""What land and things are made of: needles, leaves, grass, sand, earth, rock, snow, roofs, autumn."""
ALWAYS = [rgb(text) for text in ("0c0e1a", "fffdf2", "ffd870")]
"""Ink, white and lamp light, in every palette."""


def palette(sheet: Sheet) -> Field:
    """(n, 3) about thirty colours: the sky's and the water's steps, and the ground's in light and in shade."""
    one = sheet.light
    sky = ramp([one.zenith, one.upper, one.lower, one.horizon, one.glow], 2)
    air = [*ramp([one.dark, one.lit], 2), one.deep, blend(one.deep, one.lower, 0.4), one.haze]
    named = [colour(name) for _, name in sheet.spec.colours if name in COLOURS]
    ground = [shade for base in (*GROUND, *named) for shade in lit(base, one)]
    return np.asarray(np.clip(np.stack([*sky, *air, *ground, *ALWAYS]), 0, 1), np.float32)


def ramp(colours: list[Field], steps: int) -> list[Field]:
    """`colours` with `steps` from each to the next."""
    pairs = pairwise(colours)
    return [blend(one, other, step / steps) for one, other in pairs for step in range(steps)] + colours[-1:]


def lit(base: Field, light: Light) -> tuple[Field, Field]:
    """A material in the direct light and in the shade."""
    return base * (light.key * np.float32(0.70) + light.fill * np.float32(0.25)), base * (
        light.key * np.float32(0.22) + light.fill * np.float32(0.34)
    )


def pixel_art(sheet: Sheet) -> None:
    """Few colours in a coarse grid; a pixel belongs wholly to the thing at its middle."""
    side = max(2, round(sheet.unit / CELLS))
    cells = gathered(sheet, side)
    few = nearest_colours(
        evened(cells, middles(sheet.marks.part, side)),
        palette(sheet),
        np.float32(0.085) - middles(sheet.marks.cover, side) * np.float32(0.055),
    )
    for plane, small in zip(sheet.rgb, few, strict=True):
        plane[:] = blocks(small, side, sheet.shape)
    sheet.marks.cover[:] = np.round(blocks(middles(sheet.marks.cover, side), side, sheet.shape))


def evened(cells: Field, part: Field) -> Field:
    """Ground is calmed: each cell drawn toward the mean of those around it that belong to the same thing, so that no speck of another hue
    is left over.
    """
    total, count = cells.copy(), np.ones(part.shape, np.float32)
    for here, there in ((slice(1, None), slice(None, -1)), (slice(None, -1), slice(1, None))):
        for axis in (0, 1):
            one, other = ((here, slice(None)), (there, slice(None))) if axis == 0 else ((slice(None), here), (slice(None), there))
            same = part[one] == part[other]
            count[one] += same
            for plane, source in zip(total, cells, strict=True):
                plane[one] += source[other] * same
    total /= count
    plain = np.abs(cells - total).max(axis=0) < np.float32(0.16)
    return np.asarray(np.where(plain, cells + (total - cells) * np.float32(0.55), cells), np.float32)


def middles(field: Field, side: int) -> Field:
    """The point in the middle of each cell."""
    rows = np.minimum(np.arange(side // 2, field.shape[0] + side // 2, side), field.shape[0] - 1)
    columns = np.minimum(np.arange(side // 2, field.shape[1] + side // 2, side), field.shape[1] - 1)
    return np.asarray(field[rows][:, columns], np.float32)


def blocks(small: Field, side: int, shape: tuple[int, int]) -> Field:
    """Each point of `small` as a square."""
    return np.repeat(np.repeat(small, side, 0)[: shape[0]], side, 1)[:, : shape[1]]


def gathered(sheet: Sheet, side: int) -> Field:
    """(3, rows, columns) the mean colour of what stands at the middle of each cell."""
    part = middles(sheet.marks.part, side)
    total, count = np.zeros((3, *part.shape), np.float32), np.zeros(part.shape, np.float32)
    for down in range(side):
        for right in range(side):
            rows, columns = part[: len(range(down, sheet.height, side)), : len(range(right, sheet.width, side))].shape
            same = sheet.marks.part[down::side, right::side] == part[:rows, :columns]
            count[:rows, :columns] += same
            for channel in range(3):
                total[channel, :rows, :columns] += sheet.rgb[channel, down::side, right::side] * same
    return np.asarray(total / np.maximum(count, 1), np.float32)


def nearest_colours(cells: Field, colours: Field, mixed: Field) -> Field:
    """Each cell in the nearest colour of the palette, or in another by ordered dither, as far off as `mixed`."""
    rows, columns = cells.shape[1:]
    pattern = np.tile(BAYER, (rows // 4 + 1, columns // 4 + 1))[:rows, :columns]
    wanted = np.clip(cells, 0, 1) + pattern * mixed
    best, which = np.full((rows, columns), 9, np.float32), np.zeros((rows, columns), np.int32)
    for number, one in enumerate(colours):
        off = [wanted[channel] - one[channel] for channel in range(3)]
        hue = off[0] - off[1]
        far = off[0] * off[0] * np.float32(0.7) + off[1] * off[1] * np.float32(1.2) + off[2] * off[2] * np.float32(0.6)
        far += hue * hue * np.float32(0.9)
        closer = far < best
        np.copyto(best, far, where=closer)
        which[closer] = number
    return np.stack([colours[:, channel].take(which) for channel in range(3)])
