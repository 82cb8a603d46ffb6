"""Spots on ground that is really seen: looked for in the picture itself, so that no hill can hide one."""

import numpy as np

from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.slopes import View
from imagechat.providers.sketch.land.terrain import FOCUS

PLACES = (0.30, 0.70, 0.50, 0.16, 0.84, 0.40, 0.61)
"""Where things can stand, as shares of the width."""
STEP = 4
"""Every so many columns and rows is looked at."""


def offer_ground(
    sheet: Sheet, view: View, footing: str, depths: tuple[float, ...], *, free: Field | None = None, clear: float = 1800.0
) -> None:
    """Offer one spot at each of PLACES, as near as can be to one of `depths` in metres; `free`: where there is ground of this kind;
    `clear`: the depth that the air hides whole.
    """
    shift = Chance(sheet.seed, "spots").between(-0.05, 0.05)
    depth = view.depth[::STEP]
    open_ = view.cover[::STEP] > 0.9
    if free is not None:
        open_ &= free[::STEP]
    columns = np.flatnonzero(open_.any(axis=0))
    if not columns.size:
        return
    for number, place in enumerate(PLACES):
        wanted = (place + shift) * sheet.width
        column = int(columns[np.argmin(np.abs(columns - wanted))])
        off = np.abs(np.float32(1) / depth[:, column] - np.float32(1 / depths[number % len(depths)]))
        row = int(np.argmin(np.where(open_[:, column], off, np.float32(1e9))))
        far = float(depth[row, column])
        sheet.offer(footing, float(column), float(view.top + row * STEP), sheet.unit * FOCUS / far, min(0.8, far / clear))
