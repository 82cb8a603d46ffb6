"""The lights of a town upon dark water: long streaks, broken by ripples."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import box, smooth
from imagechat.providers.sketch.canvas.noise import Field, nearest, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.land.waves import Surface

FEWEST = 0.010
"""Below this many lit pixels in a column, as a share of the picture's short side, no streak is seen."""
BRIGHT = 1.5
"""How bright the brightest streak is."""


def streaks(sheet: Sheet, here: Surface, waves: tuple[Field, Field]) -> list[Field] | None:
    """The light (red, green, blue) that lamps and windows draw down over the water, None where none are lit or it is not dark."""
    if sheet.spec.time not in ("night", "moonlight", "dusk"):
        return None
    light = columns_of_light(sheet)
    if light is None:
        return None
    swell, fine = waves
    sway = (
        (fine * np.float32(0.75) + swell * np.float32(0.25)) * (here.near * np.float32(0.020) + np.float32(0.003)) * np.float32(sheet.unit)
    )
    at = np.clip(here.column + sway, 0, sheet.width - 1).astype(np.int64)
    reach, strength = uneven(sheet)
    broken = smooth(-0.32, 0.34, fine + swell * np.float32(0.5)) * (np.float32(1) - smooth(0.0, 1.1, here.near / reach.take(at)))
    broken *= strength.take(at)
    broken *= smooth(0.0, 0.03, here.near) * np.float32(BRIGHT * (0.6 if sheet.spec.time == "dusk" else 1.0))
    return [line.take(at) * broken for line in light]


def uneven(sheet: Sheet) -> tuple[Field, Field]:
    """(how far down the water light reaches, how strong it is) in each column: no two lamps are alike."""
    field = tile(sheet.seed, "streaks", (16, 16), 256, octaves=3)
    x = np.arange(sheet.width, dtype=np.float32) * np.float32(340 / sheet.unit) + np.float32(512)
    long, strong = (nearest(field, 0 * x + np.float32(row), x) for row in (520, 600))
    return np.clip(np.float32(0.75) + long * np.float32(1.3), 0.22, 1.1), np.clip(np.float32(0.75) + strong * np.float32(1.5), 0.2, 1.2)


def columns_of_light(sheet: Sheet) -> list[Field] | None:
    """How much light stands over each column of the water, (red, green, blue), with the dark between the brightest of them."""
    step = max(1, sheet.unit // 256)
    window = slice(max(0, sheet.horizon - sheet.unit // 3), min(sheet.height, sheet.horizon + max(1, sheet.unit // 8)), step)
    lit = sheet.marks.shine[window] * (sheet.marks.cover[window] > 0.5)
    enough = np.float32(FEWEST * sheet.unit / step)
    count = np.cumsum(lit, axis=0, dtype=np.float64)[-1].astype(np.float32)
    if float(count.max()) < float(enough) * 0.5:
        return None
    narrow, wide = max(1, sheet.unit // 200), max(2, sheet.unit // 36)
    near, around = (box(count[None, :], radius, 1)[0] for radius in (narrow, wide))
    share = np.clip((near - around * np.float32(0.55)) / (enough + around * np.float32(0.6)), 0, 1)
    tones = [np.cumsum(plane[window] * lit, axis=0, dtype=np.float64)[-1].astype(np.float32)[None, :] for plane in sheet.rgb]
    total = box(count[None, :], narrow, 1)[0] + np.float32(0.01)
    return [np.minimum(box(tone, narrow, 1)[0] / total, np.float32(1.1)) * share for tone in tones]
