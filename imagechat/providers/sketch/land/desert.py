"""Desert: dunes, table mountains, an oasis."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.light import rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Layer, Sheet
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.land.crowns import crowns
from imagechat.providers.sketch.land.dabs import lay
from imagechat.providers.sketch.land.mesas import cactus, floor_tint, paint_mesas
from imagechat.providers.sketch.land.oasis import Pool, distance, levelled, mirror, planted, pool, shore
from imagechat.providers.sketch.land.pasture import sunlit
from imagechat.providers.sketch.land.sands import dunes, sanded, sandy
from imagechat.providers.sketch.land.slopes import Relief, Stand, View, air, laid, lay_ground, logs, seen, stand, strengths, sunward

PART = 360.0
SHRUBS = (rgb("4c5038"), rgb("9a9460"))


def paint_dunes(sheet: Sheet) -> None:
    """Nothing but sand."""
    view = seen(sheet, sandy(sheet, dunes(sheet)))
    lay_ground(sheet, view, sanded(sheet, view), PART)
    offer(sheet, view)


def paint_oasis(sheet: Sheet) -> None:
    """Water in the sand: the far bank is mirrored in it, the near one stands before it."""
    shape, place = dunes(sheet), pool(sheet)
    view = seen(sheet, levelled(sandy(sheet, shape), place, shape.eye))
    lay_ground(sheet, view, sanded(sheet, view), PART)
    planted(sheet, view, place, far=True)
    mirror(sheet, view, shore(sheet, view, place))
    planted(sheet, view, place, far=False)
    offer(sheet, view, place)
    for aside, along in ((0.0, 0.1), (-0.4, -0.2), (0.4, 0.2)):
        depth = place.depth + along * place.deep
        x = (place.x + aside * place.wide) / depth / float(view.relief.aside[0, -1] * 2) + 0.5
        at = stand(sheet, view, np.array([x], np.float32), np.array([depth], np.float32))
        sheet.offer("water", float(at.column[0]), float(at.row[0]), float(at.metre[0]))


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
    offer(sheet, view)


def shrubs(sheet: Sheet, view: View) -> None:
    """Grey-green bushes with their shadows, cacti between them, far ones first."""
    draws = lattice(key(sheet.seed, "shrubs"), (4, 420)) * np.float32(0.5) + np.float32(0.5)
    first = float(view.relief.depth[0, 0]) * 1.3
    depth = np.sort(np.float32(1) / (draws[0] * draws[0] * draws[0] * np.float32(1 / first - 1 / 900) + np.float32(1 / 900)))[::-1]
    at = stand(sheet, view, draws[1] * np.float32(1.06) - np.float32(0.03), np.ascontiguousarray(depth))
    tall = np.float32(0.18) + draws[2] * draws[2] * np.float32(0.62)
    shadows(sheet, at, tall)
    large = at.metre * tall > sheet.unit * 0.012
    bushes(sheet, at, tall, np.flatnonzero(~large))
    for number in np.flatnonzero((draws[3] > 0.965) & (depth < 130) & (depth > 21)):
        high = float(at.metre[number]) * (2.6 + 2.2 * float(draws[2, number]))
        foot = float(at.column[number]), float(at.row[number])
        cactus(sheet, int(number), foot, high, veil=float(air(sheet, depth[number : number + 1])[0]), part=PART + 3)
    bushes(sheet, at, tall, np.flatnonzero(large))


def shadows(sheet: Sheet, at: Stand, tall: Field) -> None:
    """What the shrubs throw on the ground: a few low dabs away from the light."""
    _, around = strengths(sheet)
    dark = np.broadcast_to((around * rgb("9c6244"))[:, None], (3, len(tall))).astype(np.float32)
    size = at.metre * tall
    for along, wide in ((0.72, 0.10), (0.58, 0.15), (0.42, 0.18), (0.25, 0.20), (0.08, 0.20)):
        x = at.column - size * np.float32(along * sunward(sheet)[0])
        lay(sheet, x, at.row - size * np.float32(0.10), np.clip(size * np.float32(wide), 0.3, 9), dark, part=None, limit=at.limit)


def bushes(sheet: Sheet, at: Stand, tall: Field, chosen: Field) -> None:
    """Some of the shrubs."""
    crowns(sheet, "shrubs", at.some(chosen), tall[chosen], slim=1.25, part=PART + 2, tones=SHRUBS)


def offer(sheet: Sheet, view: View, place: Pool | None = None) -> None:
    """Spots on the sand that is seen, beside the pool where there is one."""
    shift = Chance(sheet.seed, "desert spots").between(-0.05, 0.05)
    aside = np.array([0.26, 0.74, 0.50, 0.14, 0.86, 0.38, 0.62], np.float32) + np.float32(shift)
    at = stand(sheet, view, aside, np.array([22, 26, 52, 34, 60, 75, 100], np.float32))
    for i in range(len(aside)):
        x = at.depth[i] * (aside[i] - np.float32(0.5)) * view.relief.aside[0, -1] * 2
        wet = place is not None and float(distance(place, x, at.depth[i])) < 1.5
        if at.row[i] <= at.limit[i] + 1 and not wet:
            spot = float(at.column[i]), float(at.row[i]), float(at.metre[i]), float(min(0.6, at.depth[i] / 1500))
            sheet.offer("land", *spot)
            if sheet.spec.layout == "mesas" and i % 3 == 2:
                sheet.offer("road", *spot)


LAYERS: dict[str, list[Layer]] = {
    "dunes": [("land", paint_dunes)],
    "mesas": [("far land", paint_mesas), ("land", paint_plain)],
    "oasis": [("land", paint_oasis)],
}
