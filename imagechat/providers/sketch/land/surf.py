"""The edge of the water: foam in lace along a shore, waves that roll in, and the rings of rain."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import fall, smooth, wave
from imagechat.providers.sketch.canvas.light import blend
from imagechat.providers.sketch.canvas.noise import Field, nearest, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.waves import Surface

RINGS = 150


def lace(sheet: Sheet, shore: Field, here: Surface, calm: float) -> Field:
    """Foam, 0 to 1: a broken line where water meets land, thin ones of waves behind it."""
    field = tile(sheet.seed, "foam", (16, 16), 512, octaves=6, gain=0.62)
    far = np.float32(1) / (here.near + np.float32(0.05))
    x = (here.column - np.float32(sheet.width / 2)) * np.float32(1 / sheet.unit) * far
    wide = nearest(field, far * np.float32(150) + 0 * x + 4096, x * np.float32(60) + 4096)
    holes = nearest(field, far * np.float32(600) + 0 * x + 4096, x * np.float32(300) + 8192)
    width = np.float32(0.009 + 0.013 * calm)
    edge = shore / width + wide * np.float32(0.6) + holes * np.float32(0.75)
    rim = smooth(0.85, 0.25, edge)
    rolls = wave(shore * np.float32(14) + wide * np.float32(0.5))
    crests = smooth(0.62, 0.98, rolls + holes * np.float32(0.22)) * fall(shore * shore * np.float32(40)) * smooth(0.17, 0.03, shore)
    return np.asarray(np.maximum(rim, crests * np.float32(min(0.95, 0.35 + 0.5 * calm))) * np.float32(0.9), np.float32)


def skirt(sheet: Sheet, here: Surface, foot: Field, fine: Field, calm: float) -> Field:
    """The thin broken line of foam where islands stand in the sea; `foot`: the row of the land above each point."""
    wide = (here.near * np.float32(0.035) + np.float32(0.0016)) * np.float32(sheet.unit * (0.5 + 0.6 * min(1.5, calm)))
    off = (here.row - foot) / wide
    return np.asarray(smooth(1.15, 0.3, off + fine * np.float32(0.8)) * (foot >= 0) * np.float32(0.85), np.float32)


def rings(sheet: Sheet, share: Field) -> None:
    """The rings of drops, small and many in the distance, flat as the water is."""
    chance = Chance(sheet.seed, "rings")
    ground = sheet.height - sheet.horizon
    tone = blend(sheet.light.horizon, sheet.light.fill, 0.3)
    for _ in range(RINGS):
        down = chance.between(0.05, 1.0)
        x, y, size = (
            chance.unit() * sheet.width,
            sheet.horizon + ground * down,
            sheet.unit * (0.004 + 0.026 * down) * chance.between(0.4, 1),
        )
        ring(sheet, share, (x, y), size, tone)


def ring(sheet: Sheet, share: Field, at: tuple[float, float], size: float, tone: Field) -> None:
    """One ring, `size` pixels to each side and a quarter as high."""
    x, y = at
    top, bottom = max(sheet.horizon, int(y - size * 0.3) - 1), min(sheet.height, int(y + size * 0.3) + 2)
    left, right = max(0, int(x - size) - 1), min(sheet.width, int(x + size) + 2)
    if top >= bottom or left >= right:
        return
    across = (np.arange(left, right, dtype=np.float32)[None, :] - np.float32(x)) / np.float32(size)
    down = (np.arange(top, bottom, dtype=np.float32)[:, None] - np.float32(y)) / np.float32(size * 0.27)
    off = np.sqrt(across * across + down * down) - np.float32(0.8)
    line = np.clip(1 - np.abs(off) * np.float32(max(3.0, size * 0.24)), 0, 1) * np.float32(0.34)
    sheet.mix(tone, line * share[top - sheet.horizon : bottom - sheet.horizon, left:right], slice(top, bottom), slice(left, right))
