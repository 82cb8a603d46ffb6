"""Desert: dunes, table mountains, an oasis."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import box, smooth
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Layer, Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.mesas import floor_tint, paint_mesas
from imagechat.providers.sketch.land.oasis import levelled, mirror, planted, pool, shore
from imagechat.providers.sketch.land.pasture import sunlit
from imagechat.providers.sketch.land.sands import dunes, ripples, sand, sandy
from imagechat.providers.sketch.land.scrub import shrubs
from imagechat.providers.sketch.land.slopes import Relief, View, in_sight, laid, lay_ground, logs, seen, slopes, strengths, sunward
from imagechat.providers.sketch.land.spots import offer_ground

PART = 360.0
DEPTHS = (22.0, 26.0, 52.0, 34.0, 60.0, 75.0, 100.0)
"""How far away things can stand, in metres."""

LOW = {
    "dawn": (0.80, 0.46, 0.36, 0.24),
    "sunset": (0.80, 0.46, 0.36, 0.24),
    "golden": (0.80, 0.36, 0.44, 0.34),
    "dusk": (0.55, 0.44, 0.46, 0.40),
}
"""The low sun stands in the picture: where its light comes from (sideways, from beyond, from above), how far it falls for each metre."""


def paint_dunes(sheet: Sheet) -> None:
    """Nothing but sand."""
    view = seen(sheet, sandy(sheet, dunes(sheet)))
    lay_ground(sheet, view, sunned(sheet, view), PART)
    offer_ground(sheet, view, "land", DEPTHS, clear=1500.0)


def sunned(sheet: Sheet, view: View) -> Field:
    """The sand in the light, (3, rows, columns): with the sun behind them the dunes turn their dim sides here, their crests shine."""
    light, sky = (view.read(one) for one in in_sight(view.relief, *lights(sheet, view.relief)))
    grain = ripples(sheet, view)
    light = light * (np.float32(1) + grain * np.float32(0.55)) + np.clip(grain, 0, 1) * np.float32(0.05)
    sky = sky * (np.float32(1) + grain * np.float32(0.16))
    direct, around = strengths(sheet)
    body, strong = sand(sheet), np.float32(0.92 if sheet.spec.time == "day" else 1.25)
    if sheet.night:
        body, strong = blend(body, rgb("b4c0dc"), 0.62), np.float32(1.25)
    return np.stack([body[c] * (light * direct[c] * strong + sky * around[c]) for c in range(3)])


def lights(sheet: Sheet, relief: Relief) -> tuple[Field, Field]:
    """(direct light, light of the sky) on each slice and column; broad enough that crests between two slices show no beads."""
    right, beyond, above, fall = *sunward(sheet), 9.0
    if sheet.spec.time in LOW:
        right, beyond, above, fall = LOW[sheet.spec.time]
        right *= -sheet.composition.side
    soft = max(1, sheet.unit // 170)
    along_x, along_depth = (softened(slope, soft) * np.float32(1.7) for slope in slopes(relief))
    facing = np.float32(above) - along_x * np.float32(right) - along_depth * np.float32(beyond)
    facing = np.clip(facing / np.sqrt(np.float32(1) + along_x * along_x + along_depth * along_depth), 0, 1)
    facing = softened(np.asarray(facing, np.float32), soft)
    facing = facing * (np.float32(0.60) + facing * np.float32(0.75 if sheet.spec.time in LOW else 0.30))
    return facing * softened(reached(relief, fall), soft * 2), np.float32(0.92) + facing * np.float32(0.25)


def softened(field: Field, radius: int) -> Field:
    """`field` (slices, columns) blurred a little over slices, more over columns."""
    return box(box(box(field, 2 * radius, 1), 2 * radius, 1), radius, 0)


def reached(relief: Relief, fall: float) -> Field:
    """1 where light from beyond comes, which falls so many metres for each metre, 0 in the shadow that a crest throws toward the eye."""
    level = relief.depth * (relief.rise - np.float32(fall))
    most = np.maximum.accumulate(level[::-1], axis=0)[::-1]
    return np.float32(1) - smooth(0.0, 1.0, (most - level) / (relief.depth * np.float32(0.05) + np.float32(0.10))) * np.float32(0.72)


def paint_oasis(sheet: Sheet) -> None:
    """Water in the sand: the far bank is mirrored in it, the near one stands before it."""
    shape, place = dunes(sheet), pool(sheet)
    view = seen(sheet, levelled(sandy(sheet, shape), place, shape.eye))
    lay_ground(sheet, view, sunned(sheet, view), PART)
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
