"""Above the clouds: a sea of clouds to the horizon, with summits that reach through it."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import blurred, fall, smooth
from imagechat.providers.sketch.canvas.light import blend
from imagechat.providers.sketch.canvas.noise import Field, enlarged, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.islands import stand
from imagechat.providers.sketch.land.ridges import line
from imagechat.providers.sketch.sky.heap import Heap, paint_heap

PART = 0.0
"""The sea of clouds is part of the sky: no line runs where they meet."""
SLICES = 230
NEAREST, FARTHEST = 1.0, 30.0
"""How far the first and the last slice of the sea of clouds lie."""
SIDE = 512
"""Points on a side of its height map, which repeats."""


def paint_cloud_floor(sheet: Sheet) -> None:
    """Thunderheads at the horizon, summits, then the sea of clouds before their feet."""
    chance = Chance(sheet.seed, "cloud sea")
    for _ in range(chance.whole(0, 3)):
        width = sheet.unit * chance.between(0.16, 0.34)
        x = (0.5 + sheet.composition.side * chance.between(-0.15, 0.45)) * sheet.width
        paint_heap(sheet, chance, Heap(x, sheet.horizon * 1.01, width, width * chance.between(0.5, 0.9), 0.55), sheet.horizon)
    peaks(sheet)
    sea_of_clouds(sheet, chance)


def sea_of_clouds(sheet: Sheet, chance: Chance) -> None:
    """Heights in slices from near to far; each column of the picture sees the first slice that is in its way."""
    height, lit = billows(sheet)
    columns = max(8, sheet.width // 2)
    first = sheet.horizon - sheet.unit // 40
    rows = max(4, (sheet.height - first) // 2)
    far = distances()
    x = (np.arange(columns, dtype=np.float32) / columns - np.float32(0.5)) * np.float32(sheet.width / sheet.unit)
    u = x[None, :] * far[:, None] * np.float32(66) + np.float32(chance.between(0, SIDE))
    v = far[:, None] * np.float32(88) + np.float32(chance.between(0, SIDE)) + 0 * x[None, :]
    rise, bright = sampled(height, v, u), sampled(lit, v, u)
    deep = (sheet.height - sheet.horizon) / 2
    seen = np.float32((sheet.horizon - first) / 2) + (np.float32(1.42) - rise * np.float32(0.95)) * np.float32(deep) / far[:, None]
    nearest = np.minimum.accumulate(seen, axis=0)
    tone, away, open_ = (np.empty((rows, columns), np.float32) for _ in range(3))
    at, share = np.arange(rows, dtype=np.float64) + 0.5, np.linspace(0.0, 1.0, SLICES)
    for column in range(columns):
        up = nearest[::-1, column]
        tone[:, column] = np.interp(at, up, bright[::-1, column])
        away[:, column] = np.interp(at, up, share[::-1])
        open_[:, column] = np.clip(at - up[0] + 0.5, 0, 1)
    whole = sheet.height - first, sheet.width
    lay_sea(sheet, first, *(enlarged(field, whole) for field in (tone, away, open_)))


def distances() -> Field:
    """How far each slice lies, each by the same factor beyond the one before it."""
    step = (FARTHEST / NEAREST) ** (1 / (SLICES - 1))
    return np.array([NEAREST * step**i for i in range(SLICES)], np.float32)


def billows(sheet: Sheet) -> tuple[Field, Field]:
    """(height, lit) of the sea from above: round heads with creases between them; light falls on what faces the sun and stands high."""
    height = np.zeros((SIDE, SIDE), np.float32)
    for octave, (cells, weight) in enumerate(((4, 0.50), (8, 0.46), (16, 0.34), (32, 0.19), (64, 0.10), (128, 0.06), (256, 0.03))):
        swell = tile(sheet.seed, f"billow {octave}", (cells, cells), SIDE, octaves=1)
        height += (np.abs(swell) * np.float32(1.3) if octave else swell * np.float32(0.9)) * np.float32(weight)
    broad = blurred(np.pad(height, 32, mode="wrap"), 14)[32:-32, 32:-32]
    down, right = height - np.roll(height, -2, 0), height - np.roll(height, 2, 1)
    side = 1.0 if sheet.sun[0] > sheet.width / 2 else -1.0
    away = 0.8 if sheet.low_sun else -1.0
    lit = np.float32(0.44) + (height - broad) * np.float32(2.0) - right * np.float32(2.2 * side) + down * np.float32(1.7 * away)
    return height, np.clip(lit + (broad - np.float32(0.3)) * np.float32(0.35), 0, 1.15)


def lay_sea(sheet: Sheet, first: int, tone: Field, away: Field, cover: Field) -> None:
    """Colour the sea: its own light and shadow near by, the colour of the horizon far off, and fire under a low sun."""
    light, rows = sheet.light, sheet.rows(first)
    air = blend(light.haze, light.horizon, 0.6)
    x = (sheet.columns() - np.float32(sheet.sun[0])) / np.float32(sheet.unit)
    y = (rows - np.float32(sheet.horizon)) / np.float32(sheet.unit)
    warm = fall(x * x * 5 + y * y * 4) * np.float32(0.12 if sheet.spec.time == "day" else 0.30 if sheet.night else 0.75)
    haze = smooth(0.30, 1.02, away) * np.float32(0.92)
    if sheet.crisp:
        tone = blurred(tone, max(1, sheet.unit // 110))
        tone = smooth(0.27, 0.38, tone) * np.float32(0.5) + smooth(0.52, 0.64, tone) * np.float32(0.4) + np.float32(0.1)
    colours = []
    for c in range(3):
        shadow = light.dark[c] * np.float32(0.86)
        body = shadow + (light.lit[c] - shadow) * tone
        body += (light.glow[c] * np.float32(1.1) - body) * warm * tone
        colours.append(body + (air[c] + (light.glow[c] - air[c]) * warm * np.float32(0.7) - body) * haze)
    window = slice(first, sheet.height)
    sheet.mix(np.stack(colours), cover, window)
    sheet.hide(cover, PART, window)
    mist(sheet, air)


def mist(sheet: Sheet, air: Field) -> None:
    """Where the sea meets the sky: a breath of haze that hides the seam and the feet of the summits."""
    reach = max(2, sheet.unit // 14)
    window = slice(max(0, sheet.horizon - reach), min(sheet.height, sheet.horizon + reach))
    off = (sheet.rows(window.start, window.stop) - np.float32(sheet.horizon)) / np.float32(reach)
    torn = line(sheet.seed, "sea mist", sheet.width, 2.5 * sheet.width / sheet.unit, gain=0.40, ridged=False)
    share = smooth(1.0, 0.30, np.abs(off + torn[None, :] * np.float32(0.12))) * np.float32(0.97)
    sheet.mix(blend(air, sheet.light.horizon, 0.5), share, window)
    sheet.marks.part[window][share > 0.45] = PART


def peaks(sheet: Sheet) -> None:
    """Summits above the clouds."""
    chance = Chance(sheet.seed, "summits")
    for i in range(chance.whole(1, 3)):
        x = (0.5 + sheet.composition.side * chance.between(0.05, 0.40)) * sheet.width
        wide, tall = sheet.unit * chance.between(0.16, 0.34), sheet.unit * chance.between(0.07, 0.20)
        columns = np.abs(np.arange(sheet.width, dtype=np.float32) - np.float32(x)) / np.float32(wide)
        rough = line(sheet.seed, f"summit {i}", sheet.width, 3.4 * sheet.width / sheet.unit, gain=0.55, ridged=True)
        body = np.clip(np.float32(1) - columns, 0, 1)
        height = body * np.float32(tall) * (np.float32(0.86) + rough * np.float32(0.22))
        stand(sheet, np.where(body > 0, height, np.float32(0)), i + 10, 0.35 + 0.2 * i)
