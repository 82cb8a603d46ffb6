"""The sky: its gradient, the glow of the sun, and which lights of the night are in it."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import box, smooth
from imagechat.providers.sketch.canvas.light import blend
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.sky.aurora import lit_by_aurora, paint_aurora
from imagechat.providers.sketch.sky.moon import paint_moon
from imagechat.providers.sketch.sky.stars import SEEN, paint_milky_way, paint_stars
from imagechat.providers.sketch.styles.strokes import bands

STOPS = np.array([0.0, 0.42, 0.78, 1.0])
"""Where the four colours of the sky lie between its top and the horizon."""
CLOSED = frozenset(("cloudy", "rain", "storm", "snow", "fog"))
"""The weather whose clouds hide the stars."""


def paint_sky(sheet: Sheet) -> None:
    """Gradient, glow and what shines in it."""
    lines = gradient(sheet)
    if sheet.night:
        sheet.rgb[:] = lines[:, :, None]
    else:
        sunlight(sheet, lines)
    if has_galaxy(sheet):
        paint_milky_way(sheet)
    if starry(sheet):
        paint_stars(sheet, has_galaxy(sheet), has_moon(sheet))
    if has_aurora(sheet):
        paint_aurora(sheet)
        sheet.light = lit_by_aurora(sheet)
    if sheet.composition.sees_sun and not sheet.night and sheet.spec.time != "dusk":
        disc(sheet)
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


def gradient(sheet: Sheet) -> Field:
    """(3, height): four colours from the top to the horizon, rounded where they meet, the same below it."""
    colours = (sheet.light.zenith, sheet.light.upper, sheet.light.lower, sheet.light.horizon)
    at = np.clip(np.arange(sheet.height) / max(1, sheet.horizon), 0, 1)
    lines = [np.interp(at, STOPS, [float(one[channel]) for one in colours]).astype(np.float32) for channel in range(3)]
    return np.stack([box(box(line, sheet.horizon // 12, 0), sheet.horizon // 12, 0) for line in lines])


def sunlight(sheet: Sheet, lines: Field) -> None:
    """The glow along the horizon and the halo of the sun, over the gradient."""
    light, low = sheet.light, sheet.spec.time != "day"
    strength = np.float32(0.35 if sheet.spec.weather in CLOSED else 1.0)
    x, y = (np.float32(place) for place in sheet.sun)
    beside = (sheet.columns() - x) * np.float32(1 / sheet.unit)
    beside *= beside
    for rows in bands(sheet.height):
        over = (sheet.rows(rows.start, rows.stop) - y) * np.float32(1 / sheet.unit)
        over *= over
        glow = np.float32(0.75 if low else 0.35) / (beside * np.float32(0.55 * 9) + (over * np.float32(2.4 * 9) + np.float32(1)))
        square = beside + over
        halo = np.float32(strength * (0.22 if low else 0.5)) / (square * np.float32(520 if low else 260) + np.float32(1))
        square *= np.float32(30 if low else 22)
        square += np.float32(1)
        halo += (strength * np.float32(0.09 if low else 0.10)) / square
        for channel in range(3):
            line, part = lines[channel, rows, None], sheet.rgb[channel, rows]
            np.multiply(glow, light.glow[channel] - line, out=part)
            part += line
            part += halo * light.sun[channel]


def disc(sheet: Sheet) -> None:
    """The sun itself: small and warm when it stands low, its rim lost in its glow."""
    low = sheet.low_sun
    x, y = sheet.sun
    radius, soft = (0.021, 0.30) if low else (0.024, 0.10)
    reach = sheet.unit * radius * (1 + soft) + 2
    rows = slice(max(0, int(y - reach)), max(0, min(sheet.height, int(y + reach) + 2)))
    columns = slice(max(0, int(x - reach)), max(0, min(sheet.width, int(x + reach) + 2)))
    right = (sheet.columns()[:, columns] - np.float32(x)) / np.float32(sheet.unit)
    down = (sheet.rows()[rows] - np.float32(y)) / np.float32(sheet.unit)
    edge = radius * soft + 1.0 / sheet.unit
    body = smooth(radius + edge, radius - edge, np.sqrt(right * right + down * down))
    tint = blend(sheet.light.sun, sheet.light.glow, 0.25) if low else blend(sheet.light.sun, np.ones(3, np.float32), 0.5)
    sheet.mix(tint * np.float32(1.12 if low else 1.25), body, rows, columns)
    shine = sheet.marks.shine[rows, columns]
    shine += body * np.float32(0.55 if low else 1.0)
