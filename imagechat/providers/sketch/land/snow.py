"""Snow on the ground: its drifts, its colours from blue shade to the sun's own, sparkle, the shadows that lie on it."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import fall, smooth
from imagechat.providers.sketch.canvas.noise import Field, enlarged, lattice, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import key
from imagechat.providers.sketch.land.floor import SHADE, SNOW
from imagechat.providers.sketch.land.stamps import lit, toward
from imagechat.providers.sketch.land.trunks import mist_colour

PART = 260.0
TONES = 1024
"""How many tones of snow lie between shadow and light."""
SPARKS = 512
"""The side of the tile of crystals, in points."""


def drifts(sheet: Sheet, first: int) -> Field:
    """The light on drifts on the snow from row `first` down: long folds across the wind."""
    height, width = sheet.height - first, sheet.width
    shape = height // 2 + 1, width // 2 + 1
    rows = np.arange(shape[0], dtype=np.float32)[:, None] * np.float32(2 / sheet.unit)
    depth = np.float32(1) / (rows + np.float32(0.035))
    across = (np.arange(shape[1], dtype=np.float32)[None, :] * np.float32(2 / sheet.unit) - np.float32(0.5)) * depth
    field = tile(sheet.seed, "drifts", (8, 8), 256, octaves=5, gain=0.42)
    at_rows, at_columns = depth * np.float32(9) + across * np.float32(2.4), across * np.float32(3.4) - depth * np.float32(0.8)
    here = sampled(field, at_rows, at_columns)
    aside = sampled(field, at_rows - np.float32(0.5), at_columns + np.float32(0.7 * toward(sheet)))
    light = np.clip(np.float32(0.60) + (here - aside) * np.float32(4.4) + here * np.float32(0.34), 0, 1)
    return enlarged(light, (height, width))


def snow_tone(sheet: Sheet, light: Field) -> Field:
    """Snow where `light` (0 to 1) falls: from blue shadow to the sun's own colour."""
    shade = np.arange(TONES, dtype=np.float32) * np.float32(1 / (TONES - 1))
    body = np.stack([SHADE[c] + (SNOW[c] - SHADE[c]) * shade for c in range(3)])
    tones = lit(sheet, body * np.float32(1.13), np.clip(shade * (np.float32(0.34) + shade * np.float32(0.40)), 0, 1))
    which = (np.clip(light, 0, 1) * np.float32(TONES - 1)).astype(np.int32)
    return np.asarray(tones.take(which, 1), np.float32)


def snowfield(sheet: Sheet, top: float) -> None:
    """Snow in drifts from row `top` down, with sparkle near the eye and the air's colour far away."""
    first = int(np.clip(top, 0, sheet.height - 2))
    light = drifts(sheet, first)
    light = light + glare(sheet, first) * np.float32(0.45 if sheet.low_sun else 0.25)
    tones = snow_tone(sheet, light)
    if not sheet.night:
        tones += (sparkle(sheet, first) * light)[None]
    down = np.arange(light.shape[0], dtype=np.float32)[:, None] / np.float32(sheet.unit)
    air = np.clip(np.float32(1) - down / np.float32(0.2), 0, 1)
    air = air * air * np.float32(0.85 if sheet.spec.weather in ("fog", "snow") else 0.5)
    tones = tones + (mist_colour(sheet)[:, None, None] - tones) * air[None]
    cover = np.clip(sheet.rows(first) - np.float32(top) + 0 * light, 0, 1)
    sheet.mix(tones, cover, slice(first, None))
    sheet.hide(cover, PART, slice(first, None))


def snow_shadow(sheet: Sheet, deep: Field, first: int) -> None:
    """Blue shadow on the snow from row `first` down, where `deep` says how deep it is."""
    sheet.mix(snow_tone(sheet, np.full((1, 1), 0.06, np.float32)), deep * np.float32(0.85), slice(first, None))


def sparkle(sheet: Sheet, first: int) -> Field:
    """Crystals that throw the light into the eye: single bright points."""
    few = smooth(0.9955, 0.9999, lattice(key(sheet.seed, "sparkle"), (SPARKS, SPARKS))) * np.float32(0.5)
    rows, columns = (np.arange(count) & (SPARKS - 1) for count in (sheet.height - first, sheet.width))
    return np.asarray(few.take(rows, 0).take(columns, 1), np.float32)


def glare(sheet: Sheet, first: int) -> Field:
    """The light of a low sun that grazes the ground below it."""
    x = (sheet.columns() - np.float32(sheet.sun[0])) / np.float32(sheet.unit * 0.42)
    y = (sheet.rows(first) - np.float32(first)) / np.float32(sheet.unit * 0.5)
    return fall(x * x + y * y) * np.float32(1.0 if sheet.low_sun else 0.35)


def blue_shadow(sheet: Sheet, place: tuple[float, float], tall: float) -> None:
    """The shadow of a tree on the snow: it runs from its foot toward the eye and away from the sun, and ends in a soft point."""
    far_off = (place[0] - sheet.sun[0]) / sheet.unit
    long = tall * (0.62 if sheet.low_sun else 0.26)
    drift = float(np.clip(far_off * 1.4, -1.6, 1.6)) if sheet.low_sun else -toward(sheet) * 1.4
    rows = slice(max(0, int(place[1] - 2)), min(sheet.height, int(place[1] + long) + 1))
    reach = abs(drift) * long + tall * 0.3
    columns = slice(max(0, int(place[0] - reach)), min(sheet.width, int(place[0] + reach) + 1))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return
    down = np.clip((sheet.rows(rows.start, rows.stop) - np.float32(place[1])) / np.float32(long), 0, 1)
    middle = np.float32(place[0]) + down * np.float32(drift * long)
    half = np.float32(tall) * (np.float32(0.035) + down * (np.float32(1) - down) * np.float32(0.62))
    off = (np.arange(columns.start, columns.stop, dtype=np.float32)[None, :] - middle) / half
    share = np.clip(np.float32(1.25) - np.abs(off), 0, 1) * (np.float32(1) - down * np.float32(0.75))
    dull = sheet.night or sheet.spec.weather not in ("", "clear", "scattered", "wind")
    sheet.mix(snow_tone(sheet, np.zeros((1, 1), np.float32)), share * np.float32(0.22 if dull else 0.66), rows, columns)
