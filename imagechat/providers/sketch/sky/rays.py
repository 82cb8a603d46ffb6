"""Shafts of sunlight through the gaps of a broken deck."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import fall, smooth
from imagechat.providers.sketch.canvas.noise import enlarged
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.ridges import line

POINTS = 1024


def paint_rays(sheet: Sheet) -> None:
    """In some cloudy days: shafts that fan out from above the sun's place and reach the ground, painted at half size."""
    chance = Chance(sheet.seed, "rays")
    source = chance.between(0.12, 0.30)
    if not chance.happens(0.5) or sheet.night or sheet.spec.time == "dusk":
        return
    rows, columns = max(4, sheet.horizon // 2), max(4, sheet.width // 2)
    y = (np.arange(rows, dtype=np.float32)[:, None] + np.float32(0.5)) / rows
    x = (np.arange(columns, dtype=np.float32)[None, :] + np.float32(0.5)) / columns - np.float32(sheet.composition.sun_x)
    down = (y - np.float32(source)) * np.float32(sheet.horizon / sheet.unit)
    lean = x * np.float32(sheet.width / sheet.unit) / (np.clip(down, 0, None) + np.float32(0.16))
    beams = line(sheet.seed, "sky rays", POINTS, 26, gain=0.5, ridged=False)
    at = np.clip(lean * np.float32(190) + np.float32(POINTS / 2), 0, POINTS - 1).astype(np.int32)
    shaft = (
        smooth(-0.05, 0.95, beams.take(at)) * smooth(0.0, 0.22, down) * fall(lean * lean * 0.9) * (np.float32(1.1) - y * np.float32(0.5))
    )
    window = slice(0, sheet.horizon)
    sheet.mix(sheet.light.glow, enlarged(np.asarray(shaft, np.float32), (sheet.horizon, sheet.width)) * np.float32(0.40), window)


def paint_fan(sheet: Sheet) -> None:
    """In some evenings and mornings: a fan of soft beams that spreads upward from the low sun, painted at a quarter of the size."""
    chance = Chance(sheet.seed, "fan")
    strength = chance.between(0.16, 0.34)
    if not chance.happens(0.35) or not sheet.composition.sees_sun:
        return
    rows, columns = max(4, sheet.horizon // 4), max(4, sheet.width // 4)
    y = (np.arange(rows, dtype=np.float32)[:, None] + np.float32(0.5)) * np.float32(sheet.horizon / rows) - np.float32(sheet.sun[1])
    x = (np.arange(columns, dtype=np.float32)[None, :] + np.float32(0.5)) * np.float32(sheet.width / columns) - np.float32(sheet.sun[0])
    up, side = np.maximum(-y, 0) * np.float32(1 / sheet.unit), x * np.float32(1 / sheet.unit)
    length = np.sqrt(up * up + side * side) + np.float32(1e-3)
    turn = side / length * np.float32(0.5)
    beams = line(sheet.seed, "fan", POINTS, 15, gain=0.5, ridged=False)
    at = np.clip((turn + np.float32(0.5)) * np.float32(POINTS), 0, POINTS - 1).astype(np.int32)
    shaft = smooth(-0.25, 0.8, beams.take(at)) * smooth(0.02, 0.16, length) * smooth(0.75, 0.10, length) * smooth(0.0, 0.10, up)
    window = slice(0, sheet.horizon)
    sheet.mix(sheet.light.glow, enlarged(np.asarray(shaft, np.float32), (sheet.horizon, sheet.width)) * np.float32(strength), window)
