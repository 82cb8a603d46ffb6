"""Round bodies built of tapering limbs: they raise a surface, which the light from above models."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.light import blend
from imagechat.providers.sketch.canvas.noise import Field, nearest, tile
from imagechat.providers.sketch.canvas.sheet import Sheet

Limb = tuple[float, float, float, float, float, float]
"""From (x, y) to (x, y), then the radius at either end, in pixels."""


@dataclass(frozen=True, slots=True)
class Skin:
    """`tint`: its colour; `air`: the colour of the water before it; `near`: 1 where it is close, 0 where the water has swallowed it;
    `rough`: how coarse it is; `part`: its number.
    """

    tint: Field
    air: Field
    near: float
    rough: float
    part: float


def paint_limbs(sheet: Sheet, limbs: list[Limb], skin: Skin) -> None:
    """All limbs as one body."""
    left = max(0, int(min(min(one[0] - one[4], one[2] - one[5]) for one in limbs)) - 2)
    right = min(sheet.width, int(max(max(one[0] + one[4], one[2] + one[5]) for one in limbs)) + 3)
    top = max(0, int(min(min(one[1] - one[4], one[3] - one[5]) for one in limbs)) - 2)
    bottom = min(sheet.height, int(max(max(one[1] + one[4], one[3] + one[5]) for one in limbs)) + 3)
    if right - left < 2 or bottom - top < 2:
        return
    surface = np.zeros((bottom - top, right - left), np.float32)
    for one in limbs:
        raised(surface, (one[0] - left, one[1] - top, one[2] - left, one[3] - top, one[4], one[5]))
    shaded(sheet, surface, skin, (slice(top, bottom), slice(left, right)))


def raised(surface: Field, limb: Limb) -> None:
    """Raise `surface` to the front of one limb: how deep within each point is."""
    x0, y0, x1, y1, thick, thin = limb
    reach = max(thick, thin) + 1
    rows = slice(max(0, int(min(y0, y1) - reach)), max(0, min(surface.shape[0], int(max(y0, y1) + reach) + 2)))
    columns = slice(max(0, int(min(x0, x1) - reach)), max(0, min(surface.shape[1], int(max(x0, x1) + reach) + 2)))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return
    across = np.arange(columns.start, columns.stop, dtype=np.float32)[None, :] - np.float32(x0)
    down = np.arange(rows.start, rows.stop, dtype=np.float32)[:, None] - np.float32(y0)
    wide, tall = x1 - x0, y1 - y0
    scale = 1 / max(wide * wide + tall * tall, 1e-3)
    along = across * np.float32(wide * scale) + down * np.float32(tall * scale)
    np.maximum(along, 0, out=along)
    np.minimum(along, 1, out=along)
    front = along * np.float32(thin - thick)
    front += np.float32(thick)
    front *= front
    off = across - along * np.float32(wide)
    off *= off
    front -= off
    along *= np.float32(-tall)
    along += down
    along *= along
    front -= along
    np.maximum(front, 0, out=front)
    np.sqrt(front, out=front)
    part = surface[rows, columns]
    np.maximum(part, front, out=part)


def shaded(sheet: Sheet, surface: Field, skin: Skin, window: tuple[slice, slice]) -> None:
    """Lay a raised surface in, lit from above, coarse by noise, and as far in the water as its skin says."""
    rows, columns = window
    down, right = np.gradient(surface)
    light = down + right * np.float32(0.35 * sheet.composition.side)
    light += np.float32(0.65)
    down *= down
    right *= right
    down += right
    down += np.float32(1)
    light /= np.sqrt(down, out=down)
    grain = skin_grain(sheet.seed)
    zoom = np.float32(900 / sheet.unit)
    x, y = np.arange(surface.shape[1], dtype=np.float32)[None, :] * zoom, np.arange(surface.shape[0], dtype=np.float32)[:, None] * zoom
    coarse = nearest(grain, y + 0 * x, x + 0 * y) * np.float32(skin.rough)
    level = np.clip(np.float32(0.30) + light * np.float32(0.85) + coarse, 0.12, 1.5)
    cover = smooth(0.0, 1.3, surface)
    for channel, (air, tint) in enumerate(zip(skin.air, skin.tint, strict=True)):
        tone = level * (tint * np.float32(skin.near)) + air * np.float32(1 - skin.near)
        part = sheet.rgb[channel, rows, columns]
        part += (tone - part) * cover
    sheet.hide(cover, skin.part, rows, columns)


@lru_cache(maxsize=2)
def skin_grain(seed: int) -> Field:
    """How coarse skins are, kept for the next body."""
    return tile(seed, "skin", (16, 16), 128, octaves=4, gain=0.7)


def in_water(tint: Field, air: Field, bright: float) -> Field:
    """A colour as it is seen under water: its red is lost first, and at night nearly all of it."""
    return blend(tint, air, 0.18) * np.float32(0.30 + 0.75 * bright)
