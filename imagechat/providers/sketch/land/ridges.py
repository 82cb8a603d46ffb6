"""Lines of ridges and of treetops, and silhouettes that fade into mist."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import box, fall, smooth
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import key

PART = 20.0
WOODS = rgb("22382a")


def line(seed: int, name: str, width: int, cells: float, *, gain: float, ridged: bool) -> Field:
    """A fractal line of about -1 to 1 over `width` columns, with `cells` swings; ridged ones have sharp tops."""
    total = np.zeros(width, np.float32)
    weight, swings, octave = 1.0, cells, 0
    x = (np.arange(width, dtype=np.float64) + 0.5) / width
    while swings < width / 2 and octave < 9:
        points = lattice(key(seed, name, str(octave)), (int(swings) + 3,))
        at = x * swings
        left = at.astype(np.int64)
        share = (at - left).astype(np.float32)
        share = share * share * (np.float32(3) - np.float32(2) * share)
        wave = points[left] + (points[left + 1] - points[left]) * share
        if ridged and octave < 5:
            wave = np.float32(1) - np.abs(wave) * np.float32(2)
        total += wave * np.float32(weight)
        weight *= gain
        swings *= 2
        octave += 1
    return total


def conifer_tops(seed: int, name: str, width: int, spacing: float, tall: float) -> Field:
    """How many pixels a wood of pointed trees rises at each column; `spacing` and `tall` in pixels."""
    count = int(width / spacing * 1.6) + 2
    draws = lattice(key(seed, name), (3, count)) * np.float32(0.5) + np.float32(0.5)
    x = np.arange(width, dtype=np.float32)
    tops = np.zeros(width, np.float32)
    for place, size, slim in zip(draws[0] * width, draws[1], draws[2], strict=True):
        height = tall * (0.45 + 0.55 * float(size))
        half = spacing * (0.55 + 0.5 * float(slim))
        left, right = max(0, int(place - half)), min(width, int(place + half) + 1)
        tip = np.float32(height) * (np.float32(1) - np.abs(x[left:right] - place) / np.float32(half))
        np.maximum(tops[left:right], tip, out=tops[left:right])
    return tops


def silhouette(sheet: Sheet, top: Field, number: int, *, near: float, tall: float, woods: Field) -> None:
    """One ridge below `top` (a row for each column) with `woods` pixels of trees upon it: dark above, paler in the mist at its foot."""
    first = max(0, int((top - woods).min()))
    if first >= sheet.height:
        return
    window = slice(first, sheet.height)
    rows = sheet.rows(first)
    below = rows - box(top, max(1, sheet.unit // 50), 0)[None, :]
    cover = np.clip(rows - (top - woods)[None, :] + np.float32(1), 0, 1)
    foot = smooth(0.0, tall * (2.1 - near), below) * np.float32((0.62 if sheet.spec.weather != "fog" else 0.9) * (1 - near * 0.75))
    body, mist = tones(sheet, near)
    sunny = np.zeros_like(foot) if sheet.night else sunward(sheet, rows)
    tone = np.stack(
        [body[c] + (mist[c] - body[c]) * foot + (sheet.light.glow[c] - body[c]) * sunny * np.float32(0.5 * (1 - near)) for c in range(3)]
    )
    sheet.mix(tone, cover, window)
    sheet.hide(cover, PART + number, window)


def sunward(sheet: Sheet, rows: Field) -> Field:
    """How much of the sun's glow lies over each point."""
    x, y = sheet.sun
    square = ((sheet.columns() - np.float32(x)) / sheet.unit) ** 2 + ((rows - np.float32(y)) / sheet.unit) ** 2
    return fall(square * 14) * np.float32(0.3 if sheet.spec.time == "day" else 0.8)


def tones(sheet: Sheet, near: float) -> tuple[Field, Field]:
    """(body, mist) of a ridge: far ones are air, near ones their own dark, by daylight that of woods."""
    light, foggy = sheet.light, sheet.spec.weather == "fog"
    dark = light.fill * np.float32(0.16 if sheet.night else 0.24)
    if sheet.bright:
        dark = blend(dark, WOODS, 0.75)
    air = blend(light.haze, light.upper, 0.35)
    share = near**0.75 if not foggy else near**1.6
    return blend(air * np.float32(0.92), dark, 0.18 + 0.82 * share), blend(light.haze, light.horizon, 0.45)
