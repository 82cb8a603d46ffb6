"""Over a foreign picture: another light, weather and style. Nothing in it is moved, for nothing is known of what it shows."""

from collections.abc import Iterator
from io import BytesIO

import numpy as np
from PIL import Image, ImageOps

from imagechat.providers.sketch.canvas.composition import composed
from imagechat.providers.sketch.canvas.curves import halved, smooth
from imagechat.providers.sketch.canvas.light import rgb
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.finish import finished, partial
from imagechat.providers.sketch.paint import Done, Painted, resized
from imagechat.providers.sketch.sky.weather import paint_weather
from imagechat.providers.sketch.spec import Task
from imagechat.providers.sketch.styles.strokes import calm
from imagechat.providers.sketch.things.standing import paint_things

TIMES = {
    "dawn": ("f4c8c0", "ffe2c4", 1.00, 0.90),
    "day": ("ffffff", "fffaf0", 1.14, 1.06),
    "golden": ("ffdca0", "ffc878", 1.04, 1.08),
    "sunset": ("e8906c", "ffb060", 0.92, 1.06),
    "dusk": ("6468a8", "b07c84", 0.72, 0.74),
    "night": ("3c4c8c", "44568c", 0.92, 0.42),
    "moonlight": ("5878b0", "6c88b4", 0.95, 0.48),
}
"""For each time of day: the colour of its light above and below, how bright it is and how much of the colour is left."""
WEATHERS = {
    "clear": (1.04, 1.10, 0.0),
    "cloudy": (0.94, 0.72, 0.06),
    "fog": (1.00, 0.62, 0.58),
    "rain": (0.76, 0.60, 0.14),
    "storm": (0.54, 0.55, 0.08),
    "snow": (1.00, 0.66, 0.24),
    "wind": (1.0, 0.95, 0.03),
}
"""For each weather: how bright, how much of the colour is left, how much of the distance is veiled."""
TONES, STEP = 12, 0.4
"""How many tones are told apart, and how far the numbers of two that follow each other differ: less than lines need."""
PART = 700.0
"""The number of the darkest of them."""


def paint_over(task: Task) -> Iterator[Painted | Done]:
    """Paint over `task.picture` (a file's bytes), stopping before each step to tell."""
    sheet = spread_out(task)
    yield Painted(0, 3, "light", None)
    if task.spec.time:
        relight(sheet)
    yield Painted(1, 3, "weather", partial(sheet))
    if task.spec.weather:
        cloud_over(sheet)
    paint_things(sheet)
    paint_weather(sheet)
    yield Painted(2, 3, "finish", partial(sheet))
    yield Done(resized(finished(sheet), task.size))


def spread_out(task: Task) -> Sheet:
    """The picture as a sheet: its tones in place of things."""
    spec = task.spec
    known = spec.again(scene="sky", layout="hills", time=spec.time or "day", weather=spec.weather or "clear", mood=max(0, spec.mood))
    sheet = Sheet(known, task.seed, task.canvas, composed(known, task.seed))
    with Image.open(BytesIO(task.picture)) as file:
        upright = ImageOps.fit(ImageOps.exif_transpose(file).convert("RGB"), (sheet.width, sheet.height))
    sheet.rgb[:] = np.asarray(upright, np.float32).transpose(2, 0, 1) * np.float32(1 / 255)
    sheet.foreign = True
    sheet.marks.cover[:] = 1
    sheet.marks.part[:] = parts(sheet)
    return sheet


def parts(sheet: Sheet) -> Field:
    """The tones as numbers of things: lines run where tones that differ much meet, none through what passes softly."""
    tone = grey(calm(halved(sheet.rgb), max(1, sheet.unit // 180)))
    steps = np.floor(tone * np.float32(TONES)) * np.float32(STEP) + np.float32(PART)
    wide = np.pad(steps, ((0, 1), (0, 1)), mode="edge")
    return np.repeat(np.repeat(wide, 2, 0), 2, 1)[: sheet.height, : sheet.width]


def grey(colours: Field) -> Field:
    """Brightness. Source: ITU-R BT.709 weights."""
    return np.asarray(colours[0] * np.float32(0.2126) + colours[1] * np.float32(0.7152) + colours[2] * np.float32(0.0722), np.float32)


def relight(sheet: Sheet) -> None:
    """The light of the time of day that was asked for; lamps and other bright spots stay by night."""
    above, below, bright, colourful = TIMES[sheet.spec.time]
    down = smooth(0.1, 0.9, sheet.rows() / np.float32(sheet.height))
    level = grey(sheet.rgb)
    kept = (
        smooth(0.72, 0.95, level)
        * smooth(0.04, 0.20, sheet.rgb[0] - sheet.rgb[2])
        * np.float32(0.75 if sheet.night or sheet.spec.time == "dusk" else 0.0)
    )
    top, bottom = rgb(above), rgb(below)
    for channel in range(3):
        part = sheet.rgb[channel]
        lamp = part * kept
        part += (level - part) * np.float32(1 - colourful)
        part *= (top[channel] + (bottom[channel] - top[channel]) * down) * np.float32(bright)
        part *= 1 - kept
        part += lamp


def cloud_over(sheet: Sheet) -> None:
    """The dimmed light and the veil of the weather that was asked for, thickest where pictures are usually deep."""
    bright, colourful, veil = WEATHERS[sheet.spec.weather]
    level = grey(sheet.rgb)
    middle = np.abs(sheet.rows() / np.float32(sheet.height) - np.float32(0.42))
    share = np.float32(veil) * (np.float32(1) - smooth(0.05, 0.75, middle) * np.float32(0.6))
    dark = np.float32(0.45 if sheet.night else 1.0)
    for channel, air in enumerate(rgb("ccd2d8") * dark):
        part = sheet.rgb[channel]
        part += (level - part) * np.float32(1 - colourful)
        part *= np.float32(bright)
        part += (air - part) * share
