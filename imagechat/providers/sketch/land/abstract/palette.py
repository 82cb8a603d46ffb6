"""Palettes and grounds of the abstract pictures."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, across, stretched, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.styles.strokes import grown

PALETTES = (
    "14213d 2c4a6b 5f8ca3 b9c9c4 f2e9d8 e4572e",
    "2b1a2f 5c2a4a a8465e e08a6b f6d9b0 2a9d8f",
    "10302b 1f5a4c 5d9273 b8c79a f3ecd2 d9902f",
    "1c1c22 4b4a52 8d8478 cdbfa8 f4eddf c8102e",
    "0b2545 13547a 2f9fb0 a6dcd0 fdf3dc ff7a59",
    "3a1f12 7d3f1c c4702e e9b25b f9e6bd 1f6f8b",
    "22223b 4a4e69 9a8c98 c9ada7 f2e9e4 d4a017",
    "1a0f3c 43227a 8a3fa6 e25a9a fbc7c0 ffd23f",
)
"""Five tones from dark to light, then the accent."""
GOLD, PALE_GOLD = rgb("a8742a"), rgb("f8dc98")


@dataclass(frozen=True, slots=True)
class Palette:
    """`tones`: five colours from dark to light; `accent`: the one that stands out."""

    tones: tuple[Field, ...]
    accent: Field


def palette(sheet: Sheet) -> Palette:
    """One of the palettes by the seed, drawn toward the light of the time and mood."""
    *tones, accent = (rgb(text) for text in Chance(sheet.seed, "palette").choice(PALETTES).split())
    light = sheet.light
    airs = (light.deep, light.zenith, light.upper, light.lower, light.horizon)
    share = 0.55 if sheet.night else 0.30
    return Palette(tuple(blend(tone, air, share) for tone, air in zip(tones, airs, strict=True)), blend(accent, light.glow, 0.12))


def plane(sheet: Sheet) -> tuple[Field, Field]:
    """(x, y) from the middle of the sheet, the short side being one long: a row and a column."""
    x = (sheet.columns() + np.float32(0.5 - sheet.width / 2)) / np.float32(sheet.unit)
    y = (sheet.rows() + np.float32(0.5 - sheet.height / 2)) / np.float32(sheet.unit)
    return x, y


def flat(sheet: Sheet, tint: Field) -> None:
    """The whole sheet in one colour, all of it solid."""
    sheet.rgb[:] = tint[:, None, None]
    sheet.hide(np.ones(sheet.shape, np.float32), 600.0)


def brushed(sheet: Sheet, name: str, cells: tuple[int, int]) -> Field:
    """Noise of about -1 to 1 drawn out in one direction: `cells` (rows, columns) to the short side."""
    field = tile(sheet.seed, name, (8, 8), 256, octaves=6, gain=0.6)
    half = (sheet.height + 1) // 2, (sheet.width + 1) // 2
    step = 256 / 8 / (sheet.unit / 2)
    return grown(stretched(field, half, (cells[0] * step, cells[1] * step)), sheet.shape)


def clouded(sheet: Sheet, name: str, cells: int, octaves: int = 6) -> Field:
    """Soft noise of about -1 to 1 over the sheet, made at half size."""
    half = (sheet.height + 1) // 2, (sheet.width + 1) // 2
    return grown(across(sheet.seed, name, half, cells, octaves=octaves), sheet.shape)


def worked(sheet: Sheet, strength: float = 0.05) -> None:
    """Canvas and paint: a fine uneven brightness over everything."""
    grain = brushed(sheet, "canvas", (48, 40)) * np.float32(strength) + brushed(sheet, "strokes", (26, 5)) * np.float32(strength * 0.8)
    grain += np.float32(1)
    sheet.rgb *= grain
