"""Meadow: rolling hills, flowers, rows of a field, and the great tree on its hill."""

from dataclasses import replace

from imagechat.providers.sketch.canvas.sheet import Layer, Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.country import country, open_country, rolling, winding
from imagechat.providers.sketch.land.flowers import KINDS, chosen_kinds, drifts, tinge
from imagechat.providers.sketch.land.hedges import hedges
from imagechat.providers.sketch.land.knoll import great_tree, knoll, raised, shadowed
from imagechat.providers.sketch.land.pasture import meadowed, near_grass, patches, patchwork, season, sunlit
from imagechat.providers.sketch.land.rows import CROPS, crop, plants, rowed
from imagechat.providers.sketch.land.slopes import View, lay_ground, seen
from imagechat.providers.sketch.land.spots import offer_ground

PART = 300.0


def paint_hills(sheet: Sheet) -> None:
    """Hills like a quilt of fields, hedges and copses between them, grass at our feet."""
    land = open_country(sheet)
    begin = min(land.brow * 6, 90.0)
    view = seen(sheet, rolling(sheet, land))
    grid = patches(sheet)
    tint = meadowed(sheet, view)
    patchwork(sheet, view, tint, grid, begin)
    sunlit(sheet, view, tint, 2.2)
    winding(sheet, view, tint, begin)
    lay_ground(sheet, view, tint, PART)
    hedges(sheet, view, grid, begin)
    near_grass(sheet, view, tall=0.36, count=700, reach=min(30.0, land.brow * 2.4))
    wild_flowers(sheet, view, 190, land.brow * 1.1)
    offer(sheet, view, land.brow * 1.3, (150.0, 210.0, 120.0, 280.0, 340.0, 420.0))


def wild_flowers(sheet: Sheet, view: View, count: int, reach: float) -> None:
    """Some flowers in the near grass, from spring to autumn's beginning."""
    if "flowers" not in sheet.spec.without and not sheet.snowy and season(sheet) in ("spring", "summer"):
        drifts(sheet, view, chosen_kinds(sheet), count=count, reach=reach)


def paint_flowers(sheet: Sheet) -> None:
    """A meadow in flower, seen from low among the stalks."""
    chance = Chance(sheet.seed, "flower meadow")
    land = country(sheet)
    land = replace(land, eye=chance.between(1.05, 1.4), brow=chance.between(14, 40), valley=chance.between(14, 30))
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
    near_grass(sheet, view, tall=0.30, count=620, reach=24.0)
    if blooming and "flowers" not in sheet.spec.without:
        drifts(sheet, view, kinds, count=640, reach=120.0)
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
        drifts(sheet, view, [KINDS["poppy"], KINDS["cornflower"]], count=150, reach=26.0)
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
    near_grass(sheet, view, tall=0.32, count=660, reach=hill.depth)
    wild_flowers(sheet, view, 260, hill.depth * 0.5)
    offer(sheet, view, hill.depth * 0.9, (34.0, 26.0, 44.0, 60.0, 20.0))


def offer(sheet: Sheet, view: View, near: float, houses: tuple[float, ...]) -> None:
    """Spots for houses and trees at the depths `houses`, for tracks `near` metres away."""
    offer_ground(sheet, view, "land", houses)
    offer_ground(sheet, view, "road", (near, near * 0.8, near * 0.9))


LAYERS: dict[str, list[Layer]] = {
    "hills": [("land", paint_hills)],
    "flowers": [("land", paint_flowers)],
    "field": [("land", paint_field)],
    "tree": [("land", paint_tree)],
}
