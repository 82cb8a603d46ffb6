"""What lies on the floor of a wood: fallen leaves or needles and twigs, one by one, in true perspective."""

from functools import lru_cache

import numpy as np

from imagechat.providers.sketch.canvas.noise import Field, lattice
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import key

SIDE, METRE = 512, 128
"""The tile's side and how long a metre is on it, in points."""
AIMS = ((1.0, 0.0), (0.87, 0.5), (0.5, 0.87), (0.0, 1.0), (-0.5, 0.87), (-0.87, 0.5))
"""The directions in which leaves point."""
LEAF, NEEDLE = (7.5, 3.6, 420), (9.0, 0.8, 620)
"""(half length, half width in points, how many for each direction)."""


@lru_cache(maxsize=2)
def litter_tile(seed: int, *, needles: bool) -> Field:
    """A tileable ground of fallen leaves: how bright each point is, -1 to 1; 0 where nothing lies."""
    tile = np.zeros(SIDE * SIDE, np.float32)
    long, wide, count = NEEDLE if needles else LEAF
    for turn, (dx, dy) in enumerate(AIMS * 2):
        draws = lattice(key(seed, "litter", str(turn)), (3, count // 2))
        x, y = ((draws[i] * np.float32(SIDE / 2)).astype(np.int32) for i in (0, 1))
        for right, down, edge in leaf_shape((dx, dy), long, wide):
            at = ((y + down) & (SIDE - 1)) * SIDE + ((x + right) & (SIDE - 1))
            tile[at] = np.float32(-0.9) if edge else draws[2] * np.float32(0.75) + np.float32(0.25)
    return tile.reshape(SIDE, SIDE)


def leaf_shape(aim: tuple[float, float], long: float, wide: float) -> list[tuple[int, int, bool]]:
    """The points of one leaf (right, down, whether in its shadow), its shadow below it first."""
    reach = int(long) + 1
    points = []
    for y in range(-reach, reach + 1):
        for x in range(-reach, reach + 1):
            along, aside = (x * aim[0] + y * aim[1]) / long, (x * -aim[1] + y * aim[0]) / wide
            if abs(along) <= 1 and abs(aside) <= max(1 - along * along, 0.2):
                points.append((x, y))
    return [(x + 1, y + 1, True) for x, y in points if (x + 1, y + 1) not in points] + [(x, y, False) for x, y in points]


def strewn(sheet: Sheet, first: int, level: float, high: float, columns: slice = slice(None)) -> Field:
    """The litter on the ground from row `first` down, fading where single leaves are no longer seen; `level`: the row of the eye, `high`
    its height in metres.
    """
    needles = sheet.spec.wood != "deciduous"
    tile = litter_tile(sheet.seed, needles=needles)
    focus = sheet.unit * 0.92
    away = np.float32(high * focus) / np.maximum(sheet.rows(first) - np.float32(level), np.float32(sheet.unit * 0.012))
    rows = ((away * np.float32(METRE)).astype(np.int32) & (SIDE - 1)) * SIDE
    across = (sheet.columns()[:, columns] - np.float32(sheet.width / 2)) * (away * np.float32(METRE / focus))
    across += np.float32(1 << 16)
    places = across.astype(np.int32)
    places &= SIDE - 1
    places += rows
    field = tile.ravel().take(places)
    field *= np.clip(np.float32(1.25) - away * np.float32(1 / 24), 0.12, 1)
    return field
