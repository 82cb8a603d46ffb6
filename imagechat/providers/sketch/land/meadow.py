"""Meadow: rolling hills, flowers, rows of a field, and the great tree on its hill."""

from dataclasses import dataclass, replace

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.noise import Field, lattice, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Layer, Sheet
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.land.crowns import crowns
from imagechat.providers.sketch.land.flowers import KINDS, chosen_kinds, drifts, tinge
from imagechat.providers.sketch.land.knoll import great_tree, knoll, raised, shadowed
from imagechat.providers.sketch.land.pasture import Patches, meadowed, near_grass, patches, patchwork, plots, season, sunlit
from imagechat.providers.sketch.land.rows import CROPS, crop, plants, rowed
from imagechat.providers.sketch.land.slopes import Relief, View, laid, lay_ground, logs, seen, stand

PART = 300.0
WOOD, HEDGE, LONE = 0.028, 0.24, 0.00012
"""How many trees stand on a square metre of wood, of hedge and of open fields."""
PLACES = (0.30, 0.70, 0.50, 0.16, 0.84, 0.40, 0.61)
"""Where things can stand, as shares of the width."""


@dataclass(frozen=True, slots=True)
class Country:
    """The large shape in metres: the eye above the near bank and above the valley; where the bank's brow lies and how it leans to a side;
    how high the hills rise (tangent); which swings they take.
    """

    eye: float
    valley: float
    brow: float
    lean: float
    hills: float
    swings: float


def country(sheet: Sheet) -> Country:
    """Rolling hills beyond a near bank."""
    chance = Chance(sheet.seed, "country", sheet.spec.layout)
    return Country(
        eye=chance.between(1.5, 2.1),
        valley=chance.between(30, 60),
        brow=chance.between(5, 9),
        lean=sheet.composition.side * chance.between(0.0, 0.9),
        hills=chance.between(0.075, 0.125),
        swings=chance.between(0.9, 1.5),
    )


def rolling(sheet: Sheet, land: Country) -> Relief:
    """A near bank that falls to a valley, hills behind it one behind the other, the far ones at the horizon."""
    depth, aside = laid(sheet, land.eye * 0.8)
    deep = logs(depth)
    chance = Chance(sheet.seed, "hills at")
    field = tile(sheet.seed, "hills", (16, 16), 512, octaves=3, gain=0.36)
    at = deep * np.float32(32 * land.swings) + np.float32(chance.between(0, 512))
    across = aside * (np.float32(56) + deep * np.float32(5.2)) + np.float32(chance.between(0, 512))
    hill = sampled(field, at + 0 * across, across + 0 * at)
    drop = smooth(land.brow * 0.7, land.brow * 14, depth)
    floor = np.float32(land.eye) + np.float32(land.valley - land.eye) * drop
    bank = aside * np.float32(land.lean * 0.11) * smooth(2.5, land.brow, depth) * smooth(land.brow * 8, land.brow * 2, depth)
    swell = (hill * np.float32(0.75) + np.float32(0.12)) * np.float32(land.hills) * smooth(land.brow * 6, land.brow * 40, depth)
    last = smooth(700, 2600, depth) * np.float32(0.012)
    small = sampled(field, depth * 12 + 0 * aside, depth * aside * 12) * np.float32(0.10) / depth * smooth(4, 12, depth)
    return Relief((bank + swell + last + small - floor / depth).astype(np.float32), depth, aside)


def paint_hills(sheet: Sheet) -> None:
    """Hills like a quilt of fields, hedges and copses between them, grass at our feet."""
    land = country(sheet)
    view = seen(sheet, rolling(sheet, land))
    grid = patches(sheet)
    tint = meadowed(sheet, view)
    patchwork(sheet, view, tint, grid, land.brow * 6)
    sunlit(sheet, view, tint, 2.2)
    lay_ground(sheet, view, tint, PART)
    hedges(sheet, view, grid, land.brow * 6)
    near_grass(sheet, view, tall=0.34, count=6000, reach=land.brow * 2.4)
    wild_flowers(sheet, view, 900)
    offer(sheet, view, land.brow * 1.3, (150.0, 210.0, 120.0, 280.0, 340.0, 420.0))


def wild_flowers(sheet: Sheet, view: View, count: int) -> None:
    """Some flowers in the near grass, from spring to autumn's beginning."""
    if "flowers" not in sheet.spec.without and not sheet.snowy and season(sheet) in ("spring", "summer"):
        drifts(sheet, view, chosen_kinds(sheet), count=count, reach=26.0)


def paint_flowers(sheet: Sheet) -> None:
    """A meadow in flower, seen from low among the stalks."""
    chance = Chance(sheet.seed, "flower meadow")
    land = country(sheet)
    land = replace(land, eye=chance.between(0.80, 1.05), brow=chance.between(14, 40), valley=chance.between(14, 30))
    view = seen(sheet, rolling(sheet, land))
    grid, kinds = patches(sheet), chosen_kinds(sheet)
    tint = meadowed(sheet, view)
    blooming = not sheet.snowy and season(sheet) != "winter"
    if blooming:
        tinge(sheet, kinds, tint, view, 0.55)
    patchwork(sheet, view, tint, grid, land.brow * 8)
    sunlit(sheet, view, tint, 2.0)
    lay_ground(sheet, view, tint, PART)
    hedges(sheet, view, grid, land.brow * 7)
    near_grass(sheet, view, tall=0.30, count=6500, reach=18.0)
    if blooming and "flowers" not in sheet.spec.without:
        drifts(sheet, view, kinds, count=6500, reach=110.0)
    offer(sheet, view, land.brow, (60.0, 90.0, 45.0, 140.0, 200.0, 32.0))


def paint_field(sheet: Sheet) -> None:
    """A wide field before low hills, its rows drawn together by the distance."""
    chance = Chance(sheet.seed, "field")
    land, one = country(sheet), crop(sheet)
    land = replace(land, eye=chance.between(1.9, 3.0), brow=chance.between(60, 110), valley=chance.between(10, 22))
    reach = land.brow * 2.0
    view = seen(sheet, rolling(sheet, land))
    grid = patches(sheet)
    tint = meadowed(sheet, view)
    patchwork(sheet, view, tint, grid, reach)
    rowed(sheet, view, tint, one, reach)
    sunlit(sheet, view, tint, 2.0)
    lay_ground(sheet, view, tint, PART)
    hedges(sheet, view, grid, reach * 1.05)
    plants(sheet, view, one, reach)
    if one.top[0] == CROPS["wheat"].top[0] and not sheet.snowy and "flowers" not in sheet.spec.without:
        drifts(sheet, view, [KINDS["poppy"], KINDS["cornflower"]], count=700, reach=30.0)
    offer(sheet, view, 30.0, (reach * 0.96, reach * 1.1, reach * 1.3, reach * 0.8, 60.0))


def paint_tree(sheet: Sheet) -> None:
    """A low hill, one great tree, and the country far below."""
    hill, land = knoll(sheet), country(sheet)
    land = replace(land, eye=1.5, brow=hill.depth * 0.9, lean=land.lean * 0.4, valley=22.0, hills=land.hills * 0.55)
    view = seen(sheet, raised(rolling(sheet, land), hill))
    grid = patches(sheet)
    tint = meadowed(sheet, view)
    patchwork(sheet, view, tint, grid, hill.depth * 4)
    shadowed(sheet, view, tint, hill)
    sunlit(sheet, view, tint, 1.8)
    lay_ground(sheet, view, tint, PART)
    hedges(sheet, view, grid, hill.depth * 4)
    great_tree(sheet, view, hill)
    near_grass(sheet, view, tall=0.30, count=7000, reach=hill.depth)
    wild_flowers(sheet, view, 2500)
    offer(sheet, view, hill.depth * 0.9, (34.0, 26.0, 44.0, 60.0, 20.0))


def hedges(sheet: Sheet, view: View, grid: Patches, begin: float) -> None:
    """Bushes and trees along the fields' edges, copses here and there, a wood on the far ridges."""
    draws = lattice(key(sheet.seed, "hedges"), (4, 24000)) * np.float32(0.5) + np.float32(0.5)
    begin = max(begin, 110.0)
    depth = np.float32(begin) / (np.float32(1) - draws[0] * np.float32(1 - begin / 2600))
    aside = draws[1]
    x = depth * (aside - np.float32(0.5)) * (view.relief.aside[0, -1] * 2)
    along, across = plots(sheet, grid, x, depth)
    rim = np.minimum(_rim(along) * np.float32(grid.size[0]), _rim(across) * np.float32(grid.size[1]))
    woods = sampled(tile(sheet.seed, "copses", (16, 16), 64, octaves=2), depth * np.float32(0.030), x * np.float32(0.030))
    crowd = np.float32(len(depth) * begin / float(view.relief.aside[0, -1] * 2)) / (depth * depth * depth)
    wood = (woods > np.float32(0.34) - smooth(500, 2200, depth) * np.float32(0.12)) & (draws[2] * crowd < WOOD)
    hedge = (rim < np.float32(1.6)) & (draws[2] * crowd < HEDGE)
    lone = draws[2] * crowd < LONE
    order = np.flatnonzero(wood | hedge | lone)
    order = order[np.argsort(-depth[order], kind="stable")]
    at = stand(sheet, view, aside[order], depth[order])
    tree = wood[order] | lone[order] | (draws[3][order] > 0.86)
    tall = np.where(tree, np.float32(7) + draws[3][order] * np.float32(6), np.float32(2.2) + draws[3][order])
    crowns(sheet, "hedges", at, tall.astype(np.float32), slim=0.95, part=PART + 15)


def _rim(count: Field) -> Field:
    part = count - np.floor(count)
    return np.asarray(np.minimum(part, np.float32(1) - part), np.float32)


def offer(sheet: Sheet, view: View, near: float, houses: tuple[float, ...]) -> None:
    """Spots on the ground that is really seen: for houses and trees at one of the depths `houses`, for tracks `near` metres away."""
    shift = Chance(sheet.seed, "spots").between(-0.05, 0.05)
    for footing, asides, depths in (("land", PLACES, houses), ("road", PLACES[:3], (near, near * 0.7, near * 0.5))):
        for i, aside in enumerate(asides):
            tried = np.roll(np.array(depths, np.float32), i if footing == "land" else 0)
            at = stand(sheet, view, np.full(len(tried), aside + shift, np.float32), tried)
            seen_ = np.flatnonzero(at.row <= at.limit + 1)
            if seen_.size:
                j = seen_[0]
                veil = float(min(0.8, at.depth[j] / 1800))
                sheet.offer(footing, float(at.column[j]), float(at.row[j]), float(at.metre[j]), veil)


LAYERS: dict[str, list[Layer]] = {
    "hills": [("land", paint_hills)],
    "flowers": [("land", paint_flowers)],
    "field": [("land", paint_field)],
    "tree": [("land", paint_tree)],
}
