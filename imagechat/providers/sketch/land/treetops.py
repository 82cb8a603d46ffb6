"""Woods seen from afar: a tile of overlapping treetops, and the colours of their leaves through the year."""

from functools import cache

import numpy as np

from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import key
from imagechat.providers.sketch.land.foliage import dimmed

SIDE = 256
"""The tile's side in points; a tree is about `WIDE` points wide and twice as tall."""
WIDE, APART = 8, 4
"""How wide a tree is, and how many points lie between two rows of them."""
CONIFERS, SUN_GREEN = rgb("2b4731"), rgb("54703a")
LEAVES = {"spring": "7a9a4c", "summer": "4c6d36", "autumn": "b5702c", "winter": "72655c"}
TURNED = {"spring": "93a556", "summer": "64803e", "autumn": "d9a23a", "winter": "857a70"}
"""Leaves of most trees, and of those that are ahead of the year."""
GRASS = {"spring": "75944a", "summer": "6b8040", "autumn": "94803f", "winter": "8d8a64"}


@cache
def canopy(wood: str) -> tuple[Field, Field]:
    """(how bright, which kind of tree from -1 to 1) for each point of a tileable wood, drawn row by row from back to front."""
    rows = SIDE // APART
    draws = lattice(key(0, "canopy", wood), (4, rows, SIDE // WIDE))
    bright, kind = np.full((SIDE, SIDE), 0.25, np.float32), np.zeros((SIDE, SIDE), np.float32)
    x = np.arange(SIDE)
    for row in range(rows):
        phase = (x + row * 5) % SIDE
        cell = phase // WIDE
        off, tall, tone, which = (draw[row].take(cell) for draw in draws)
        side = (phase % WIDE - (WIDE - 1) / 2) / (WIDE / 2) - off * np.float32(0.35)
        height = np.float32(WIDE * 1.75) * (np.float32(1) + tall * np.float32(0.35))
        down = np.arange(int(WIDE * 2.4), dtype=np.float32)[::-1][:, None] / height[None, :]
        shape = np.clip(1 - down, 0, 1) * np.float32(1.05) if wood == "conifer" else np.sqrt(np.clip(1 - down * down * 1.6, 0, 1))
        inside = np.abs(side)[None, :] < shape
        shade = np.float32(0.34) + down * np.float32(0.75) + tone * np.float32(0.22) + side[None, :] * np.float32(0.24)
        place = (np.arange(len(down)) + row * APART) % SIDE
        bright[place] = np.where(inside, shade, bright[place])
        kind[place] = np.where(inside, which[None, :], kind[place])
    return np.clip(bright, 0.1, 1.5).astype(np.float32), kind


def leaves(sheet: Sheet) -> tuple[Field, Field]:
    """(most trees, the others of another tone) as they look at this hour, before any light."""
    if sheet.spec.wood == "conifer":
        other = rgb("b58a38") if sheet.spec.season == "autumn" else SUN_GREEN
        return dimmed(sheet, CONIFERS), dimmed(sheet, blend(CONIFERS, other, 0.75))
    season = sheet.spec.season or "summer"
    return dimmed(sheet, rgb(LEAVES[season])), dimmed(sheet, rgb(TURNED[season]))


def grass(sheet: Sheet) -> Field:
    """Meadows before any light."""
    return dimmed(sheet, rgb(GRASS[sheet.spec.season or "summer"]), 0.6)
