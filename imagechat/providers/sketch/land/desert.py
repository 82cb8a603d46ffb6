"""Desert: dunes, table mountains, an oasis."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.noise import sampled, tile
from imagechat.providers.sketch.canvas.sheet import Layer, Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.mesas import floor_tint, paint_mesas
from imagechat.providers.sketch.land.oasis import levelled, mirror, planted, pool, shore
from imagechat.providers.sketch.land.pasture import sunlit
from imagechat.providers.sketch.land.sands import dunes, sanded, sandy
from imagechat.providers.sketch.land.scrub import shrubs
from imagechat.providers.sketch.land.slopes import Relief, laid, lay_ground, logs, seen
from imagechat.providers.sketch.land.spots import offer_ground

PART = 360.0
DEPTHS = (22.0, 26.0, 52.0, 34.0, 60.0, 75.0, 100.0)
"""How far away things can stand, in metres."""


def paint_dunes(sheet: Sheet) -> None:
    """Nothing but sand."""
    view = seen(sheet, sandy(sheet, dunes(sheet)))
    lay_ground(sheet, view, sanded(sheet, view), PART)
    offer_ground(sheet, view, "land", DEPTHS, clear=1500.0)


def paint_oasis(sheet: Sheet) -> None:
    """Water in the sand: the far bank is mirrored in it, the near one stands before it."""
    shape, place = dunes(sheet), pool(sheet)
    view = seen(sheet, levelled(sandy(sheet, shape), place, shape.eye))
    lay_ground(sheet, view, sanded(sheet, view), PART)
    planted(sheet, view, place, far=True)
    rim = shore(sheet, view, place)
    mirror(sheet, view, rim)
    planted(sheet, view, place, far=False)
    offer_ground(sheet, view, "land", DEPTHS, free=rim > 1.35, clear=1500.0)
    offer_ground(sheet, view, "water", (place.depth, place.depth * 0.8, place.depth * 1.15), free=rim < 0.75)


def paint_plain(sheet: Sheet) -> None:
    """The plain before the table mountains: gravel, shrubs in thousands far off, a few great cacti."""
    eye = Chance(sheet.seed, "plain").between(1.8, 3.2)
    depth, aside = laid(sheet, eye, far=2600.0)
    field = tile(sheet.seed, "plain", (16, 16), 512, octaves=3, gain=0.4)
    swell = sampled(field, logs(depth) * np.float32(28) + 0 * aside, aside * np.float32(72) + np.float32(256) + 0 * depth)
    rise = swell * np.float32(0.018) * smooth(6, 60, depth) * smooth(2000, 300, depth) - np.float32(eye) / depth
    view = seen(sheet, Relief(rise.astype(np.float32), depth, aside))
    tint = floor_tint(sheet, view.x, view.depth)
    sunlit(sheet, view, tint, 2.2)
    lay_ground(sheet, view, tint, PART - 5)
    shrubs(sheet, view)
    offer_ground(sheet, view, "land", DEPTHS, clear=1500.0)
    offer_ground(sheet, view, "road", DEPTHS[2:5], clear=1500.0)


LAYERS: dict[str, list[Layer]] = {
    "dunes": [("land", paint_dunes)],
    "mesas": [("far land", paint_mesas), ("land", paint_plain)],
    "oasis": [("land", paint_oasis)],
}
