"""The long shadows that a wood casts toward the eye when the sun stands low behind it."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.noise import Field, enlarged, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet

HIDING = frozenset(("fog", "rain", "storm", "snow", "cloudy"))
"""The weather in which nothing casts a shadow."""


def long_shadows(sheet: Sheet, first: int, level: float, shape: tuple[int, int]) -> Field | float:
    """How much sun reaches the ground from row `first` down, as a field of `shape`: bars that spread from below the sun; all of it where
    no low sun shines. `level`: the row of the eye's height.
    """
    if not sheet.low_sun or sheet.spec.weather in HIDING:
        return 1.0
    rows, columns = sheet.rows(first)[::4], sheet.columns()[:, ::4]
    down = np.maximum(rows - np.float32(level), 0) * np.float32(1 / sheet.unit) + np.float32(0.02)
    slope = (columns - np.float32(sheet.sun[0])) * np.float32(1 / sheet.unit) / down
    bars = tile(sheet.seed, "long shadows", (16, 16), 512, octaves=5, gain=0.62)
    wander = np.float32(9) * np.sqrt(down)
    light = sampled(bars, wander + 0 * slope, slope * np.float32(30) + np.float32(4096))
    light = smooth(-0.42, 0.30, light)
    grazing = np.abs(slope) / down * np.float32(22 * 4 / sheet.unit)
    far = (smooth(0.5, 0.10, down) * np.float32(0.30) + np.float32(0.08)) * smooth(22.0, 5.0, grazing)
    light -= np.float32(1)
    light *= far
    light += np.float32(1)
    return enlarged(light, shape)
