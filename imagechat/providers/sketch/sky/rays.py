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
