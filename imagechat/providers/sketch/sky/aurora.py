"""Northern lights: folded ribbons of tall rays, green below, violet above."""

from dataclasses import replace

import numpy as np

from imagechat.providers.sketch.canvas.curves import fall, smooth
from imagechat.providers.sketch.canvas.light import Light, blend, rgb
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.ridges import line
from imagechat.providers.sketch.sky.laying import grown

COLOURS = (("3dff9a", "2fd0c0", "8a4af0"), ("58ff78", "38c8a8", "c04ad8"), ("40ffc0", "3090f0", "7040e8"), ("7aff70", "f06090", "b03ac8"))
"""For each kind its lower, middle and upper colour."""
POINTS = 2048


def paint_aurora(sheet: Sheet) -> None:
    """Two to four ribbons, the far ones lower and fainter, and a green glow behind them."""
    chance = Chance(sheet.seed, "aurora")
    tints = [rgb(text) for text in chance.choice(COLOURS)]
    small = max(4, (sheet.horizon + 1) // 2), max(4, (sheet.width + 1) // 2)
    total = np.zeros((3, *small), np.float32)
    count = chance.whole(2, 4)
    start, slope = chance.between(0.60, 0.74), chance.between(-0.22, 0.22)
    for number in range(count):
        near = (number + 1) / count
        ribbon(sheet, total, f"ribbon {number}", (start - 0.13 * number, slope, near), tints)
    rows = (np.arange(small[0], dtype=np.float32)[:, None] / small[0] - np.float32(0.62)) * 2
    strength = np.float32(1.15 if sheet.night else 0.5)
    for channel in range(3):
        glow = fall(rows * rows * 3.5) * tints[0][channel] * np.float32(0.10)
        sheet.rgb[channel, : sheet.horizon] += grown(np.asarray(total[channel] + glow, np.float32) * strength, (sheet.horizon, sheet.width))


def lit_by_aurora(sheet: Sheet) -> Light:
    """The light that everything below the northern lights stands in: a little of their own colours."""
    low, middle = (rgb(text) for text in Chance(sheet.seed, "aurora").choice(COLOURS)[:2])
    one, share = sheet.light, 0.9 if sheet.night else 0.4
    return replace(
        one,
        key=one.key + low * np.float32(0.34 * share),
        fill=one.fill + low * np.float32(0.20 * share),
        haze=blend(one.haze, middle, 0.20 * share),
        horizon=blend(one.horizon, low, 0.18 * share),
        deep=blend(one.deep, middle, 0.14 * share),
    )


def ribbon(sheet: Sheet, total: Field, name: str, place: tuple[float, float, float], tints: list[Field]) -> None:
    """One curtain: its hem wanders, its rays differ in height and light; they lean together toward a point high above."""
    level, slope, near = place
    rows, columns = total.shape[1:]
    chance = Chance(sheet.seed, name)
    hem = line(sheet.seed, name + " hem", POINTS, chance.between(1.6, 3.0), gain=0.46, ridged=False) * np.float32(0.11)
    hem += (np.arange(POINTS, dtype=np.float32) / POINTS - np.float32(0.5)) * np.float32(slope) + np.float32(level)
    rays = line(sheet.seed, name + " rays", POINTS, 42, gain=0.78, ridged=False) * np.float32(0.34) + np.float32(0.55)
    folds = np.clip(np.float32(0.35) + np.abs(np.gradient(hem)) * np.float32(POINTS * 0.55), 0.3, 1.5)
    parts = smooth(-0.55, 0.5, line(sheet.seed, name + " parts", POINTS, 2.6, gain=0.5, ridged=False))
    tall = (np.float32(0.24) + np.clip(rays, 0, 1) * np.float32(0.22)) * np.float32(0.7 + 0.6 * near)
    y = (np.arange(rows, dtype=np.float32)[:, None] + np.float32(0.5)) / rows
    x = (np.arange(columns, dtype=np.float32)[None, :] + np.float32(0.5)) / columns
    lean = (x - np.float32(0.5)) * (np.float32(level) - y) * np.float32(0.35)
    at = np.clip((x - lean * np.float32(-1)) * np.float32(0.84 * POINTS) + np.float32(0.08 * POINTS), 0, POINTS - 1).astype(np.int32)
    up = (hem.take(at) - y) / tall.take(at)
    light = (np.clip(rays, 0, 1) * folds * parts).take(at) * np.float32(0.55 + 0.55 * near)
    body = smooth(-0.035, 0.06, up) * np.clip(np.float32(1) - up, 0, 1)
    body = body * body * light
    edge = smooth(0.20, 0.03, np.abs(up - np.float32(0.03))) * light * np.float32(0.30)
    middle, high = smooth(0.10, 0.50, up), smooth(0.35, 0.85, up)
    for c in range(3):
        tone = tints[0][c] + (tints[1][c] - tints[0][c]) * middle
        total[c] += body * (tone + (tints[2][c] - tone) * high) + edge * (tints[0][c] * np.float32(0.8) + np.float32(0.2))
