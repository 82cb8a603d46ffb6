"""Waves cut from paper: sheets of colour, each with the shadow that it throws on the one behind."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth, wave
from imagechat.providers.sketch.canvas.light import blend
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.abstract.palette import Palette, brushed, clouded, flat, palette, plane
from imagechat.providers.sketch.land.ridges import line

SHEETS = (7, 11)


def paint_waves(sheet: Sheet) -> None:
    """A ground with a disc, then sheet before sheet; striped ones where the seed says so."""
    chance = Chance(sheet.seed, "waves")
    tones = palette(sheet)
    dark_near = chance.happens(0.6)
    ramp = tones.tones if not dark_near else tones.tones[::-1]
    flat(sheet, ramp[0])
    sheet.mix(ramp[1], np.clip(plane(sheet)[1] + np.float32(0.5), 0, 1) * np.float32(0.6) + 0 * sheet.columns())
    disc(sheet, chance, tones)
    paper = brushed(sheet, "paper", (40, 40)) * np.float32(0.035) + clouded(sheet, "pulp", 5, 4) * np.float32(0.03)
    count = chance.whole(*SHEETS)
    style = chance.choice(("plain", "striped", "steep"))
    lean = chance.between(-0.3, 0.3)
    marked = count // 2 if chance.happens(0.7) else -1
    tops = [crest(sheet, chance, i, i / (count - 1), (style, lean)) for i in range(count)]
    lasts = [*(int(top.max()) + 2 for top in tops[1:]), sheet.height]
    for i, (top, last) in enumerate(zip(tops, lasts, strict=True)):
        tint = tones.accent if i == marked else shade(ramp, i / (count - 1))
        leaf(sheet, tint, (top, min(last, sheet.height)), (i, i / (count - 1)), stripes=style == "striped")
    sheet.rgb *= np.float32(1) + paper


def shade(ramp: tuple[Field, ...], near: float) -> Field:
    """The colour of a sheet: along the ramp, `near` from 0 to 1."""
    at = 0.6 + near * 3.39
    return blend(ramp[int(at)], ramp[min(4, int(at) + 1)], at - int(at))


def disc(sheet: Sheet, chance: Chance, tones: Palette) -> None:
    """A sun or moon of paper with a ring, behind all sheets."""
    x, y = plane(sheet)
    left, up = chance.between(-0.28, 0.28) * sheet.width / sheet.unit, chance.between(0.16, 0.30) * sheet.height / sheet.unit
    radius = chance.between(0.09, 0.17)
    square = (x - np.float32(left)) * (x - np.float32(left)) + (y + np.float32(up)) * (y + np.float32(up))
    far = np.sqrt(square)
    soft = 1.5 / sheet.unit
    for ring in range(chance.whole(1, 4), 0, -1):
        reach = radius * (1 + 0.55 * ring)
        sheet.mix(tones.accent, smooth(reach + soft, reach - soft, far) * np.float32(0.10))
    sheet.mix(tones.tones[0], smooth(radius * 1.25, radius * 0.9, far) * np.float32(0.22))
    inside = smooth(radius + soft, radius - soft, far)
    sheet.mix(tones.accent, inside)
    sheet.hide(inside, 602.0)


def crest(sheet: Sheet, chance: Chance, number: int, near: float, form: tuple[str, float]) -> Field:
    """The row of a sheet's upper edge in every column."""
    style, lean = form
    x = (np.arange(sheet.width, dtype=np.float32) / np.float32(sheet.unit)).astype(np.float32)
    swings, start = chance.between(0.5, 1.0) * (1.5 if style == "steep" else 1.0), chance.unit()
    tall = chance.between(0.05, 0.09) * (1.7 if style == "steep" else 1.0) * (0.6 + 0.6 * near)
    drift = line(sheet.seed, f"sheet {number}", sheet.width, 1.4 * sheet.width / sheet.unit, gain=0.30, ridged=False)
    turns = x * np.float32(swings) + np.float32(start) + drift * np.float32(0.10)
    swell = wave(turns)
    if style == "steep":
        swell = np.float32(1) - np.abs(swell) * np.float32(1.6)
    level = 0.30 + 0.66 * near
    slope = (x / np.float32(sheet.width / sheet.unit) - np.float32(0.5)) * np.float32(lean * (1 - near))
    rise = swell * np.float32(tall) + drift * np.float32(0.012) + slope
    return np.asarray(np.float32(level * sheet.height) - rise * np.float32(sheet.unit), np.float32)


def leaf(sheet: Sheet, tint: Field, edge: tuple[Field, int], place: tuple[int, float], *, stripes: bool) -> None:
    """One sheet of paper from its `edge` to the last row seen: its shadow, its colour, a bright cut edge, stripes that follow it."""
    (top, last), (number, near) = edge, place
    first = max(0, int(top.min() - sheet.unit * 0.06))
    if first >= last:
        return
    window = slice(first, last)
    below = (sheet.rows(first, last) - top[None, :]) / np.float32(sheet.unit)
    sheet.mix(sheet.light.deep * np.float32(0.35), smooth(-0.05, 0.01, below) * np.float32(0.42), window)
    inside = np.clip(below * np.float32(sheet.unit) + np.float32(0.5), 0, 1)
    sheet.mix(tint, inside, window)
    if stripes:
        pitch = 0.018 + 0.014 * near
        bands = np.abs(wave(below / np.float32(pitch)))
        fade = smooth(0.20 + 0.1 * near, 0.0, below) * inside
        sheet.mix(blend(tint, np.ones(3, np.float32), 0.45), smooth(0.72, 0.95, bands) * fade * np.float32(0.75), window)
    sheet.mix(blend(tint, np.ones(3, np.float32), 0.5), smooth(0.0045, 0.001, np.abs(below - np.float32(0.002))) * inside, window)
    sheet.mix(sheet.light.deep, smooth(0.0, 0.35, below) * inside * np.float32(0.22), window)
    sheet.hide(inside, 604.0 + number, window)
