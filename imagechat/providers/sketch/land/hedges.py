"""What grows between the fields: bushes and trees along their edges, copses, a wood on the far ridges."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.noise import Field, lattice, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import key
from imagechat.providers.sketch.land.crowns import crowns
from imagechat.providers.sketch.land.pasture import Patches, plots, rim_of
from imagechat.providers.sketch.land.slopes import View, stand

PART = 315.0
WOOD, HEDGE, LONE = 0.0055, 0.050, 0.00010
"""How many trees stand on a square metre of wood, of hedge and of open fields."""
DRAWS, LAST = 11000, 1700.0
"""How many places are tried, up to how many metres away."""


def hedges(sheet: Sheet, view: View, grid: Patches, begin: float) -> None:
    """Trees and bushes from `begin` metres on, the far ones first."""
    begin = max(begin, 110.0)
    draws = lattice(key(sheet.seed, "hedges"), (4, DRAWS)) * np.float32(0.5) + np.float32(0.5)
    depth = np.float32(begin) / (np.float32(1) - draws[0] * np.float32(1 - begin / LAST))
    wide = float(view.relief.aside[0, -1] * 2)
    x = depth * (draws[1] - np.float32(0.5)) * np.float32(wide)
    crowd = draws[2] * np.float32(DRAWS * begin / wide) / (depth * depth * depth)
    wood, hedge = grown(sheet, grid, x, depth)
    thin = np.float32(1) - smooth(250, 1100, depth) * np.float32(0.6)
    wood, hedge = wood & (crowd < WOOD * thin), hedge & (crowd < HEDGE * thin)
    order = np.flatnonzero(wood | hedge | (crowd < LONE))
    order = order[np.argsort(-depth[order], kind="stable")]
    at = stand(sheet, view, draws[1, order], depth[order])
    own = draws[3, order]
    tree = ~hedge[order] | (own > 0.86)
    tall = np.where(tree, np.float32(7) + own * np.float32(6), np.float32(2.2) + own) + wood[order] * np.float32(1.5)
    crowns(sheet, "hedges", at, tall.astype(np.float32), slim=1.5, part=PART)


def grown(sheet: Sheet, grid: Patches, x: Field, depth: Field) -> tuple[Field, Field]:
    """Where there is (wood, hedge)."""
    along, across = plots(sheet, grid, x, depth)
    rim = np.minimum(rim_of(along) * np.float32(grid.size[0]), rim_of(across) * np.float32(grid.size[1]))
    woods = sampled(tile(sheet.seed, "copses", (16, 16), 64, octaves=2), depth * np.float32(0.030), x * np.float32(0.030))
    wood = woods > np.float32(0.34) - smooth(500, 2200, depth) * np.float32(0.12)
    return wood, (rim < np.float32(1.6)) & ~wood
