"""Above the clouds: a floor of heaped clouds to the horizon, with summits that reach through it."""

import numpy as np

from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.sky.clouds import Heap, heap
from imagechat.providers.sketch.land.islands import stand
from imagechat.providers.sketch.canvas.curves import fall, smooth
from imagechat.providers.sketch.canvas.light import blend
from imagechat.providers.sketch.land.ridges import line
from imagechat.providers.sketch.canvas.sheet import Sheet

PART = 95.0
ROWS = 8


def paint_cloud_floor(sheet: Sheet) -> None:
    """Summits, then row before row of clouds, larger toward the eye."""
    peaks(sheet)
    ground(sheet)
    chance = Chance(sheet.seed, "cloud floor")
    deep = sheet.height - sheet.horizon
    for row in range(ROWS):
        t = row / (ROWS - 1)
        base = sheet.horizon + deep * (0.05 + 1.15 * t**1.5)
        width = sheet.unit * (0.16 + 0.62 * t)
        count = round(sheet.width / width * 1.7) + 1
        for i in range(count):
            x = (i + chance.between(-0.1, 1.1)) / count * sheet.width
            wide = width * chance.between(0.8, 1.25)
            place = Heap(x, base + chance.between(-0.06, 0.06) * width, wide, wide * chance.between(0.32, 0.5), 46)
            heap(sheet, chance, place, sheet.height)
        pale(sheet, base, t)
    window = slice(sheet.horizon, None)
    sheet.hide(np.ones((deep, sheet.width), np.float32), PART, window)


def ground(sheet: Sheet) -> None:
    """What is seen between the clouds: more cloud, in shadow, lost in the light at the horizon."""
    rows = sheet.height - sheet.horizon
    near = (np.arange(rows, dtype=np.float32)[:, None] + np.float32(0.5)) / np.float32(max(rows, 1))
    share = smooth(0.0, 0.5, near) * np.float32(0.75)
    away = blend(sheet.light.haze, sheet.light.horizon, 0.6)
    deep = blend(sheet.light.dark, sheet.light.haze, 0.35)
    square = ((sheet.columns() - np.float32(sheet.sun[0])) / np.float32(sheet.unit)) ** 2
    warm = fall(square * 6 + near * near * 9) * np.float32(0.2 if sheet.night or sheet.spec.time == "day" else 0.7)
    for c in range(3):
        tone = away[c] + (deep[c] - away[c]) * share
        sheet.rgb[c, sheet.horizon :] = tone + (sheet.light.glow[c] - tone) * warm


def pale(sheet: Sheet, base: float, t: float) -> None:
    """Air over the rows that stand already: the farther, the paler."""
    window = slice(max(0, sheet.horizon - sheet.unit // 20), min(sheet.height, int(base) + 1))
    rows = sheet.rows(window.start, window.stop)
    share = smooth(sheet.horizon - sheet.unit * 0.045, sheet.horizon + sheet.unit * 0.01, rows) * np.float32(0.13 * (1 - t))
    sheet.mix(blend(sheet.light.haze, sheet.light.horizon, 0.6), share + 0 * sheet.columns(), window)


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
