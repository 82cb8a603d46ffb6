"""The sky: its gradient, the glow of the sun, and which lights of the night are in it."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import box, fall, smooth
from imagechat.providers.sketch.canvas.light import blend
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.sky.aurora import paint_aurora
from imagechat.providers.sketch.sky.moon import paint_moon
from imagechat.providers.sketch.sky.stars import SEEN, paint_milky_way, paint_stars

STOPS = np.array([0.0, 0.42, 0.78, 1.0])
"""Where the four colours of the sky lie between its top and the horizon."""
CLOSED = frozenset(("cloudy", "rain", "storm", "snow", "fog"))
"""The weather whose clouds hide the stars."""


def paint_sky(sheet: Sheet) -> None:
    """Gradient, glow and what shines in it."""
    gradient(sheet)
    if has_galaxy(sheet):
        paint_milky_way(sheet)
    if starry(sheet):
        paint_stars(sheet, has_galaxy(sheet))
    if has_aurora(sheet):
        paint_aurora(sheet)
    if not sheet.night:
        sunlight(sheet)
    if has_moon(sheet):
        paint_moon(sheet)


def starry(sheet: Sheet) -> bool:
    """Whether stars are seen: in a dark sky that no deck of clouds closes, or when asked for."""
    asked = sheet.spec.subject("stars") is not None or has_galaxy(sheet)
    return asked or (sheet.spec.time in SEEN and sheet.spec.weather not in CLOSED)


def has_galaxy(sheet: Sheet) -> bool:
    """Whether the Milky Way is seen: by a dark sky made for it, or when asked for."""
    dark = sheet.spec.time in SEEN and sheet.spec.layout == "galaxy"
    return "galaxy" not in sheet.spec.without and (dark or sheet.spec.subject("galaxy") is not None)


def has_aurora(sheet: Sheet) -> bool:
    """Whether there are northern lights: in a dark sky made for them, or when asked for."""
    dark = sheet.spec.time in SEEN and sheet.spec.scene == "sky" and sheet.spec.layout == "aurora"
    return "aurora" not in sheet.spec.without and (dark or sheet.spec.subject("aurora") is not None)


def has_moon(sheet: Sheet) -> bool:
    """Whether the moon is up: when asked for, else in most nights, but never where it would drown the Milky Way."""
    if "moon" in sheet.spec.without:
        return False
    drowned = has_galaxy(sheet) or has_aurora(sheet) or sheet.spec.weather in CLOSED - {"cloudy"}
    often = 0.75 if sheet.night and not drowned else 0.0
    return sheet.spec.subject("moon") is not None or Chance(sheet.seed, "moon").happens(often)


def gradient(sheet: Sheet) -> None:
    """Four colours from the top to the horizon, rounded where they meet, the same below it; warmer on the sun's side."""
    colours = (sheet.light.zenith, sheet.light.upper, sheet.light.lower, sheet.light.horizon)
    at = np.clip(np.arange(sheet.height) / max(1, sheet.horizon), 0, 1)
    for channel in range(3):
        line = np.interp(at, STOPS, [float(one[channel]) for one in colours]).astype(np.float32)
        line = box(box(line, sheet.horizon // 12, 0), sheet.horizon // 12, 0)
        sheet.rgb[channel] = line[:, None]


def sunlight(sheet: Sheet) -> None:
    """The glow along the horizon, the halo, the disc where it is in the picture, dim behind fog, and rays at times."""
    x, y = sheet.sun
    across_square = ((sheet.columns() - x) / sheet.unit) ** 2
    down_square = ((sheet.rows() - y) / sheet.unit) ** 2
    low = sheet.spec.time != "day"
    sheet.mix(sheet.light.glow, fall((across_square * 0.55 + down_square * 2.4) * 9) * np.float32(0.75 if low else 0.35))
    square = across_square + down_square
    strength = np.float32(0.35 if sheet.spec.weather in CLOSED else 1.0)
    halo = fall(square * 260) * np.float32(0.42 if low else 0.5) + fall(square * 22) * np.float32(0.10)
    sheet.add(sheet.light.sun, halo * strength)
    if sheet.composition.sees_sun and sheet.spec.time != "dusk":
        disc(sheet, square, 0.034 if low else 0.028)


def disc(sheet: Sheet, square: Field, radius: float) -> None:
    """The sun itself; `square`: how far each point is from it, squared, in short sides; `radius` likewise."""
    edge = 1.5 / sheet.unit
    far = np.sqrt(square)
    body = smooth(radius + edge, radius - edge, far)
    sheet.mix(blend(sheet.light.sun, np.ones(3, np.float32), 0.5) * np.float32(1.25), body)
    sheet.marks.shine += body
