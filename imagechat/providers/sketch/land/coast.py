"""Coast: cliffs that fall into the sea, a beach, a cove between headlands, stacks that stand in the water."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import box, smooth
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Layer, Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.footholds import offer_land, offer_water
from imagechat.providers.sketch.land.ground import Coat
from imagechat.providers.sketch.land.relief import OPEN, Seen, View, along, raise_land, rough, view
from imagechat.providers.sketch.land.water import calmness, flood
from imagechat.providers.sketch.land.waves import Waters

CLIFFS, COVE, STACKS = 400.0, 430.0, 445.0


def paint_cliffs(sheet: Sheet) -> None:
    """Cliffs from one side into the distance, cape behind cape, with grass upon them and rocks at their feet."""
    chance = Chance(sheet.seed, "cliffs")
    at = view(sheet, 0.30, 11.0, chance.between(0.15, 0.24))
    side = np.float32(sheet.composition.side)
    capes = along(sheet, "capes", at, chance.between(0.5, 0.9))
    start, reach = chance.between(0.02, 0.16), chance.between(0.25, 0.5)
    edge = np.float32(start) + capes * np.float32(reach) * smooth(0.2, 3.0, at.depth) * at.depth * np.float32(0.5)
    crags = rough(sheet, "crags", at, 2.4, gain=0.6)
    inland = at.x * side - edge + crags * np.float32(0.10)
    height = bluff(sheet, at, inland, crags, np.float32(chance.between(0.18, 0.30)))
    seen = raise_land(sheet, at, height, Coat(steep=0.72, crag=True), CLIFFS)
    sea(sheet, at, seen)
    offer_land(sheet, at, height, (inland > 0.16) & (at.depth > 0.9) & (at.depth < 4.0))


def bluff(sheet: Sheet, at: View, inland: Field, crags: Field, tall: np.float32) -> Field:
    """Height of a coast that falls as a wall with ledges, by how far each point lies inland; rocks lie before it in the water."""
    swell = rough(sheet, "downs", at, 0.7, octaves=3)
    top = tall * (np.float32(1) + swell * np.float32(0.35))
    wall = (smooth(0.0, 0.035, inland) * np.float32(0.55) + smooth(0.03, 0.10, inland) * np.float32(0.45)) * top
    wall = wall * (np.float32(0.86) + crags * np.float32(0.20))
    downs = np.clip(inland - np.float32(0.06), 0, 2) * np.float32(0.24) + smooth(0.05, 0.2, inland) * swell * np.float32(0.05)
    rocks = (rough(sheet, "rocks", at, 5.0, octaves=3) - np.float32(0.50)) * np.float32(0.10)
    rocks = rocks - smooth(-0.04, -0.20, inland) - smooth(0.95, 0.65, at.depth)
    return np.asarray(np.where(inland > 0, wall + downs, np.maximum(inland * np.float32(2.2), rocks)), np.float32)


def sea(sheet: Sheet, at: View, seen: Seen) -> None:
    """The water of a coast, with its shallows, its foam and its moorings."""
    flood(sheet, Waters(calmness(sheet), eye=at.eye, shore=floor(sheet, seen)))
    offer_water(sheet, at, seen)


def floor(sheet: Sheet, seen: Seen) -> Field:
    """(rows below the horizon, width): how deep the water is."""
    deep = np.full((sheet.height - sheet.horizon, sheet.width), np.float32(OPEN))
    first = seen.top - sheet.horizon
    deep[max(0, first) :] = seen.floor[max(0, -first) :]
    return deep


def paint_cove(sheet: Sheet) -> None:
    """A bay with its little beach between two headlands, seen from above."""
    chance = Chance(sheet.seed, "cove")
    at = view(sheet, 0.34, 9.0, chance.between(0.30, 0.42))
    x = at.x * np.float32(sheet.composition.side)
    crags = rough(sheet, "crags", at, 2.2, gain=0.58)
    back, open_, arm = chance.between(1.4, 2.7), chance.between(0.35, 1.1), chance.between(0.55, 0.85)
    knots = [-open_ - 0.35, -open_, -open_ * 0.4, 0.15, 0.55 * arm + 0.1, arm + 0.05, 1.4]
    near = [back + 1.2, back + chance.between(-0.35, 0.15), back + 0.3, back, back * 0.7, back * 0.42, 0.25]
    far = [back + 1.0, back + 0.6, back + 1.4, back + 2.5, back + 4, back + 6, back + 8]
    soft = max(1, x.shape[1] // 26)
    shore, behind = (box(np.interp(x, knots, one).astype(np.float32), soft, 1) for one in (near, far))
    inland = np.minimum(at.depth - shore, behind - at.depth) * np.float32(0.62) + crags * np.float32(0.07)
    middle = (x + np.float32(open_ * 0.12)) / np.float32(open_ * 0.62)
    beach = smooth(1.1, 0.6, np.abs(middle)) * smooth(back + 0.9, back + 0.3, at.depth)
    steep = bluff(sheet, at, inland, crags, np.float32(chance.between(0.15, 0.24)))
    gentle = inland * np.float32(0.16) + inland * inland * np.float32(0.5)
    height = np.where(inland > 0, steep + (gentle - steep) * beach, np.maximum(steep, inland * np.float32(0.26)))
    if chance.happens(0.5):
        place = -sheet.composition.side * (open_ + chance.between(0.12, 0.3)), back + chance.between(-0.3, 0.4)
        height = np.maximum(height, stack(at, crags, place, chance.between(0.06, 0.12), np.float32(chance.between(0.10, 0.22))))
    seen = raise_land(sheet, at, height, Coat(sand=smooth(0.30, 0.16, inland) * smooth(0.3, 0.7, beach), steep=0.72, crag=True), COVE)
    sea(sheet, at, seen)
    offer_land(sheet, at, height, (inland > 0.12) & (at.depth > 0.8) & (at.depth < 3.5))


def paint_stacks(sheet: Sheet) -> None:
    """Towers of rock that the sea has cut off, before a far coast."""
    chance = Chance(sheet.seed, "stacks")
    at = view(sheet, 0.7, 12.0, chance.between(0.055, 0.10))
    crags = rough(sheet, "crags", at, 2.6, gain=0.6)
    height = coastline(sheet, at, crags, chance)
    for i in range(chance.whole(3, 6)):
        deep = chance.between(1.3, 2.4) + i * chance.between(0.2, 0.5)
        across = (
            sheet.composition.side
            * (chance.between(-0.02, 0.36) if i % 3 else chance.between(0.10, 0.30))
            * deep
            * (-0.8 if i % 4 == 3 else 1)
        )
        wide, tall = chance.between(0.07, 0.17), chance.between(0.16, 0.42) * (1.0 if i else 1.2)
        height = np.maximum(height, stack(at, crags, (across, deep), wide, np.float32(tall)))
    seen = raise_land(sheet, at, height, Coat(steep=0.72, crag=True), STACKS)
    sea(sheet, at, seen)


def coastline(sheet: Sheet, at: View, crags: Field, chance: Chance) -> Field:
    """The coast that the stacks were part of, from the side into the distance."""
    capes = along(sheet, "capes", at, 0.5)
    edge = np.float32(chance.between(0.5, 1.0)) + capes * np.float32(0.5)
    inland = at.x * np.float32(sheet.composition.side) - edge + crags * np.float32(0.10) - smooth(1.5, 0.8, at.depth) * 2
    return bluff(sheet, at, inland, crags, np.float32(0.3))


def stack(at: View, crags: Field, place: tuple[float, float], wide: float, tall: np.float32) -> Field:
    """Height of one tower: sheer, ragged, a little broader at the foot."""
    x, depth = (at.x - np.float32(place[0])) / np.float32(wide), (at.depth - np.float32(place[1])) / np.float32(wide * 1.2)
    off = np.float32(1) - np.sqrt(x * x + depth * depth) + crags * np.float32(0.42)
    rise = (smooth(0.0, 0.16, off) * np.float32(0.5) + smooth(0.1, 0.42, off) * np.float32(0.5)) * tall * (1 + crags * np.float32(0.22))
    return np.where(off > 0, rise, off * np.float32(wide * 1.6))


LAYERS: dict[str, list[Layer]] = {
    "cliffs": [("land", paint_cliffs)],
    "cove": [("land", paint_cove)],
    "stacks": [("land", paint_stacks)],
}
