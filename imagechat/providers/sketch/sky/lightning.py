"""Lightning: a bolt that branches, the glow about it, and the clouds that it lights."""

from itertools import pairwise

import numpy as np

from imagechat.providers.sketch.canvas.curves import fall, spread
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance

Path = list[tuple[float, float]]
FIRE = rgb("d8ccff")


def paint_lightning(sheet: Sheet) -> None:
    """One great bolt from the clouds to the ground, at times a fainter one far off."""
    chance = Chance(sheet.seed, "lightning")
    x = (0.5 - sheet.composition.side * chance.between(0.02, 0.26)) * sheet.width
    top = sheet.horizon * chance.between(0.10, 0.26)
    light_clouds(sheet, x, top)
    bolt(sheet, chance, (x, top), 1.0)
    if chance.happens(0.4):
        bolt(sheet, chance, (x + sheet.composition.side * sheet.width * chance.between(0.2, 0.4), sheet.horizon * 0.45), 0.35)


def light_clouds(sheet: Sheet, x: float, top: float) -> None:
    """What is near the bolt shines through: the brighter the cloud, the more."""
    window = slice(0, sheet.horizon)
    square = ((sheet.columns() - np.float32(x)) / sheet.unit) ** 2 + ((sheet.rows(0, sheet.horizon) - np.float32(top)) / sheet.unit) ** 2
    near = fall(square * 16) * np.float32(0.5)
    for channel in range(3):
        part = sheet.rgb[channel, window]
        part += part * near * (np.float32(0.9) + FIRE[channel]) + near * FIRE[channel] * np.float32(0.10)


def bolt(sheet: Sheet, chance: Chance, start: tuple[float, float], strength: float) -> None:
    """The channel with its branches, drawn as a line of light that thins toward the branches' ends, and its glow."""
    field = np.zeros((sheet.horizon, sheet.width), np.float32)
    trunk = jagged(chance, start, (start[0] + chance.between(-0.16, 0.16) * sheet.unit, float(sheet.horizon)), 7)
    trace(field, trunk, sheet.unit * 0.0015, strength)
    for _ in range(chance.whole(4, 7)):
        at = trunk[chance.whole(len(trunk) // 8, len(trunk) * 3 // 4)]
        fork(sheet, chance, field, at, strength)
    shine = np.clip(field, 0, 1)
    window = slice(0, sheet.horizon)
    sheet.add(blend(FIRE, np.ones(3, np.float32), 0.5), shine * np.float32(1.5), window)
    sheet.add(FIRE, spread(shine, 3) * np.float32(1.3) + spread(shine, 5) * np.float32(2.4), window)
    np.maximum(sheet.marks.shine[window], shine, out=sheet.marks.shine[window])


def fork(sheet: Sheet, chance: Chance, field: Field, at: tuple[float, float], strength: float) -> None:
    """A branch that leaves the channel to one side and dies out, with a twig of its own."""
    side, reach = chance.sign(), sheet.unit * chance.between(0.08, 0.24)
    end = at[0] + side * reach * chance.between(0.5, 1.0), min(float(sheet.horizon), at[1] + reach * chance.between(0.6, 1.2))
    path = jagged(chance, at, end, 5)
    trace(field, path, sheet.unit * 0.0007, strength * 0.55)
    middle = path[len(path) // 2]
    tip = middle[0] + side * reach * 0.2, min(float(sheet.horizon), middle[1] + reach * 0.5)
    trace(field, jagged(chance, middle, tip, 4), sheet.unit * 0.0005, strength * 0.35)


def jagged(chance: Chance, start: tuple[float, float], end: tuple[float, float], times: int) -> Path:
    """A straight line broken in the middle again and again."""
    path = [start, end]
    swing = 0.17 * (abs(end[0] - start[0]) + abs(end[1] - start[1]))
    for _ in range(times):
        broken = [path[0]]
        for one, other in pairwise(path):
            middle = (one[0] + other[0]) / 2 + chance.between(-swing, swing), (one[1] + other[1]) / 2 + chance.between(-swing, swing) * 0.35
            broken += [middle, other]
        path, swing = broken, swing * 0.52
    return path


def trace(field: Field, path: Path, radius: float, strength: float) -> None:
    """Mark points closely along the path, each a soft dot of `radius` pixels."""
    points = []
    for one, other in pairwise(path):
        steps = max(1, int(max(abs(other[0] - one[0]), abs(other[1] - one[1])) * 1.5))
        points += [(one[0] + (other[0] - one[0]) * i / steps, one[1] + (other[1] - one[1]) * i / steps) for i in range(steps)]
    if not points:
        return
    x, y = (np.array([point[axis] for point in points], np.float32) for axis in (0, 1))
    reach = int(radius + 1.2)
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            column, row = x.astype(np.int32) + right, y.astype(np.int32) + down
            kept = (column >= 0) & (column < field.shape[1]) & (row >= 0) & (row < field.shape[0])
            off, low = column[kept] + np.float32(0.5) - x[kept], row[kept] + np.float32(0.5) - y[kept]
            share = np.clip(np.float32(radius + 0.9) - np.sqrt(off * off + low * low), 0, 1) * np.float32(strength)
            place = row[kept], column[kept]
            field[place] = np.maximum(field[place], share)
