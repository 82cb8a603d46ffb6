"""What land shows at close quarters: layers and cracks in rock, tree beside tree in woods, tufts on soft ground."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.noise import Field, nearest, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.land.ground import AIR
from imagechat.providers.sketch.land.treetops import canopy, leaves

FOCUS = 1.1
"""The lens: how many short sides away a thing as large as the short side fills it."""
CLEAR = 10.0
"""In air that one sees through so far, grain stands out in full."""
TREES = np.float32(215)
"""How many points of the treetops' tile lie along each unit of length."""
MIDDLE = np.float32(65536)
"""Far enough from nothing that no place in a tile is negative."""


@dataclass(frozen=True, slots=True)
class Points:
    """The points of the picture where land is seen, one after the other: their row and column, how far away and how high they lie."""

    row: Field
    column: Field
    depth: Field
    height: Field


def grained(sheet: Sheet, picture: Field, at: Points, stuff: Field, *, wooded: bool) -> None:
    """Give (3, points) their grain; `stuff`: 1 for rock, -1 for woods, 0 for soft ground."""
    x = (at.column - sheet.width / 2).astype(np.float32) * np.float32(1 / (sheet.unit * FOCUS)) * at.depth
    clear = (at.depth + np.float32(CLEAR)) / (at.depth + np.float32(AIR.get(sheet.spec.weather, CLEAR)))
    clear = np.minimum(clear * np.float32(AIR.get(sheet.spec.weather, CLEAR) / CLEAR), np.float32(1))
    picture *= 1 + (stony(sheet, x, at, stuff) - 1) * clear
    if wooded:
        treetops(sheet, picture, x, at, np.maximum(-stuff, 0) * clear)


def stony(sheet: Sheet, x: Field, at: Points, stuff: Field) -> Field:
    """How bright each point is beside the slope's own light."""
    field = tile(sheet.seed, "relief", (16, 16), 512, octaves=7, gain=0.68)
    zoom = np.float32(sheet.unit * 1.3)
    far = np.float32(1) / (np.float32(1) + at.depth * at.depth * np.float32(0.05))
    bright = np.ones(len(x), np.float32)
    soft = np.flatnonzero(np.abs(stuff) < np.float32(0.95))
    tufts = nearest(field, at.depth.take(soft) * (zoom * np.float32(0.5)) + 4096, x.take(soft) * zoom + 8192)
    bright[soft] += (np.float32(1) - np.abs(stuff.take(soft))) * tufts * far.take(soft) * np.float32(0.24)
    hard = np.flatnonzero(stuff > np.float32(0.05))
    bright[hard] += strata(field, x.take(hard), at.depth.take(hard), at.height.take(hard)) * stuff.take(hard) * far.take(hard)
    return np.clip(bright, 0.30, 1.8, out=bright)


def strata(field: Field, x: Field, depth: Field, height: Field) -> Field:
    """Layers and cracks of bare rock, about -1 to 1."""
    beside = x - depth * np.float32(0.7)
    swing = nearest(field, height * np.float32(160) + 4096, beside * np.float32(160) + 4096)
    layers = nearest(field, (height + swing * np.float32(0.018)) * np.float32(1100) + 4096, beside * np.float32(26) + 4096)
    cracks = nearest(field, height * np.float32(170) + 4096, beside * np.float32(700) + 8192)
    return layers * np.float32(0.46) + cracks * np.float32(0.52) + swing * np.float32(0.30)


def treetops(sheet: Sheet, picture: Field, x: Field, at: Points, wood: Field) -> None:
    """The woods among the points."""
    trees = np.flatnonzero(wood > np.float32(0.02))
    here = Points(at.row, at.column, at.depth.take(trees), at.height.take(trees))
    tones = crowned(sheet, x.take(trees), here, wood.take(trees))
    for channel in range(3):
        picture[channel][trees] *= tones[channel]


def crowned(sheet: Sheet, x: Field, at: Points, wood: Field) -> list[Field]:
    """Each tree with its light and shadow, some of them ahead of the year; where they are finer than the picture they melt together."""
    bright, kind = canopy(sheet.spec.wood)
    down, right = MIDDLE - (at.height * np.float32(1.3) + at.depth * np.float32(0.35)) * TREES, MIDDLE + x * TREES
    points = at.depth * np.float32(float(TREES) / (sheet.unit * FOCUS))
    fine = wood / (1 + points * points * np.float32(0.4))
    shade = 1 + (nearest(bright, down, right) * np.float32(1.15) - np.float32(0.88)) * fine
    groups = nearest(kind, down * np.float32(0.19), right * np.float32(0.11))
    turned = smooth(0.20, 0.55, nearest(kind, down, right) * np.float32(0.55) + groups * np.float32(0.45)) * fine * np.float32(0.8)
    most, other = leaves(sheet)
    ratios = [np.float32(min(1.5, float(other[channel]) / float(most[channel])) - 1) for channel in range(3)]
    return [shade * (1 + turned * ratio) for ratio in ratios]
