"""Lakes: wooded shores in mist, reeds and lilies at one's feet, bare fells; all of them mirrored."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.light import blend
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Layer, Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.footholds import offer_land, plant
from imagechat.providers.sketch.land.grain import FOCUS
from imagechat.providers.sketch.land.ground import Coat
from imagechat.providers.sketch.land.reeds import paint_reeds, stand_reeds
from imagechat.providers.sketch.land.relief import View, crowns, raise_land, rough, view
from imagechat.providers.sketch.land.stamps import Grove
from imagechat.providers.sketch.land.trees import frame_with_trees
from imagechat.providers.sketch.land.undergrowth import stones
from imagechat.providers.sketch.land.water import paint_water
from imagechat.providers.sketch.things.standing import paint_far_things

PART = 455.0
TREE = 0.075
"""How high trees are, in the measure of the land."""


def paint_woods(sheet: Sheet) -> None:
    """A wooded shore that comes nearer at one side, with wooded hills behind."""
    chance = Chance(sheet.seed, "lake woods")
    at = view(sheet, 1.1, 9.0, chance.between(0.022, 0.040))
    inland = basin(sheet, at, chance, chance.between(2.2, 3.2))
    folds = rough(sheet, "folds", at, 1.5, octaves=4, gain=0.5)
    hills = hilly(sheet, at, inland, chance.between(0.35, 0.75)) * (1 + folds * np.float32(0.34))
    glade = rough(sheet, "glades", at, 0.9, octaves=3)
    wood = smooth(0.03, 0.06, inland) * smooth(0.50, 0.34, glade)
    height = inland_height(inland, hills) + wood * (np.float32(0.55) + crowns(sheet, "crowns", at, 22.0) * np.float32(0.5)) * np.float32(
        TREE
    )
    isle = islet(sheet, at)
    height = np.maximum(height, isle)
    raise_land(sheet, at, height, Coat(wood=wood, low=True), PART)
    mist(sheet, 0.5)
    pines(sheet, at, height, isle)
    offer_land(sheet, at, height, (inland > 0.02) & (wood < 0.2) & (at.depth < 5), "far")


def basin(sheet: Sheet, at: View, chance: Chance, back: float) -> Field:
    """How far each point lies behind the shore: a far bank, a near point of land at one side, coves between."""
    x = at.x * np.float32(sheet.composition.side)
    swing = rough(sheet, "bays", at, 0.6, octaves=4)
    tip, deep = chance.between(0.25, 0.7), chance.between(1.5, 2.0)
    point = (x - np.float32(tip)) * np.float32(0.8) - np.abs(at.depth - np.float32(deep)) * np.float32(0.5)
    other = -x - np.float32(chance.between(0.6, 1.3)) - np.abs(at.depth - np.float32(back)) * np.float32(0.4)
    free = smooth(1.9, 1.2, at.depth) * np.float32(1.2)
    return np.maximum(np.maximum(at.depth - np.float32(back), point), other) + swing * np.float32(0.20) - free


def hilly(sheet: Sheet, at: View, inland: Field, tall: float) -> Field:
    """Hills behind the shore, higher at the side that bears the picture's weight."""
    swell = rough(sheet, "hills", at, 0.6, octaves=5, gain=0.45)
    lean = np.float32(1) + np.clip(at.x * np.float32(sheet.composition.side) / at.depth, -0.35, 0.35)
    return smooth(0.0, 1.9, inland) * np.float32(tall) * lean * (np.float32(0.8) + swell * np.float32(0.75))


def inland_height(inland: Field, hills: Field) -> Field:
    """The ground: a low bank, then the hills; below 0 in the water."""
    bank = np.minimum(inland, np.float32(0.12)) * np.float32(0.10) + smooth(0.0, 0.02, inland) * np.float32(0.006)
    return np.where(inland > 0, bank + np.maximum(hills, 0), inland)


def mist(sheet: Sheet, strength: float) -> None:
    """A band of mist over the far shore, at dawn and in fog; a breath of it at other times."""
    share = strength * {"dawn": 1.0, "fog": 1.2, "night": 0.5, "moonlight": 0.6}.get(
        sheet.spec.weather if sheet.spec.weather == "fog" else sheet.spec.time, 0.22
    )
    top, bottom = max(0, sheet.horizon - sheet.unit // 7), min(sheet.height, sheet.horizon + sheet.unit // 28)
    rows = (sheet.rows(top, bottom) - np.float32(sheet.horizon)) / np.float32(sheet.unit)
    band = smooth(-0.12, 0.0, rows) * smooth(0.034, 0.006, rows)
    sheet.mix(blend(sheet.light.haze, sheet.light.horizon, 0.5), band * np.float32(share), slice(top, bottom))


def paint_fells(sheet: Sheet) -> None:
    """Smooth bare hills that fold into one another on both sides of the water."""
    chance = Chance(sheet.seed, "fells")
    at = view(sheet, 1.0, 10.0, chance.between(0.022, 0.05))
    inland = basin(sheet, at, chance, chance.between(2.6, 4.2))
    folds = rough(sheet, "folds", at, 1.3, octaves=4, gain=0.45)
    hills = hilly(sheet, at, inland, chance.between(0.55, 0.95)) * (1 + folds * np.float32(0.30))
    isle = islet(sheet, at)
    height = np.maximum(inland_height(inland, hills), isle)
    raise_land(sheet, at, height, Coat(moor=True, steep=0.70, low=True), PART)
    mist(sheet, 0.45)
    pines(sheet, at, height, isle)
    offer_land(sheet, at, height, (inland > 0.03) & (height < 0.06) & (at.depth < 5), "far")


def paint_low_shore(sheet: Sheet) -> None:
    """A low far shore of meadows and small woods under a wide sky."""
    chance = Chance(sheet.seed, "low shore")
    at = view(sheet, 1.6, 9.0, chance.between(0.030, 0.045))
    inland = basin(sheet, at, chance, chance.between(2.8, 3.8))
    groves = rough(sheet, "groves", at, 1.1, octaves=3)
    wood = smooth(0.02, 0.05, inland) * smooth(-0.05, 0.12, groves)
    height = inland_height(inland, hilly(sheet, at, inland, chance.between(0.05, 0.2)))
    height = height + wood * (np.float32(0.55) + crowns(sheet, "crowns", at, 22.0) * np.float32(0.5)) * np.float32(TREE)
    raise_land(sheet, at, height, Coat(wood=wood, low=True), PART)
    mist(sheet, 0.6)
    offer_land(sheet, at, height, (inland > 0.02) & (wood < 0.2) & (at.depth < 5), "far")


def islet(sheet: Sheet, at: View) -> Field:
    """At times a small island in the lake, a low back of rock: how high it rises, below 0 beside it."""
    chance = Chance(sheet.seed, "islet")
    there, deep, wide = chance.happens(0.5), chance.between(1.5, 2.1), chance.between(0.07, 0.15)
    off = -sheet.composition.side * chance.between(0.02, 0.26) * sheet.width / sheet.unit / FOCUS
    if not there:
        return np.full(at.x.shape, np.float32(-1))
    x, depth = (at.x - np.float32(off * deep)) / np.float32(wide), (at.depth - np.float32(deep)) / np.float32(wide * 1.3)
    rise = np.float32(1) - np.sqrt(x * x + depth * depth) + rough(sheet, "islet", at, 3.0, octaves=3) * np.float32(0.5)
    return np.asarray(np.where(rise > 0, np.minimum(rise, np.float32(0.7)) * np.float32(wide * 0.24), rise * np.float32(wide)), np.float32)


def pines(sheet: Sheet, at: View, height: Field, island: Field) -> None:
    """Trees on the island, close together."""
    if "trees" not in sheet.spec.without:
        plant(sheet, at, height, island > 0.004, (22, 10.0, PART + 11))


def paint_stones(sheet: Sheet) -> None:
    """In most pictures something lies near the eye: stones in the shallow water at one side, large ones and small."""
    chance = Chance(sheet.seed, "shallows")
    if chance.happens(0.35):
        return
    made = Grove(sheet, stones(sheet, "shallows", 3, sheet.unit * 0.05))
    side, ground = chance.sign(), sheet.height - sheet.horizon
    lying = []
    for _ in range(chance.whole(16, 30)):
        down, draw = 0.45 + 0.53 * chance.unit(), chance.unit()
        inward = draw * (0.10 + 0.42 * down * draw)
        lying.append((down, 0.5 + side * (0.52 - inward), chance.between(0.15, 1.0), chance.whole(0, 2)))
    for number, (down, x, size, pick) in enumerate(sorted(lying)):
        tall = sheet.unit * 0.052 * down * size * size + sheet.unit * 0.004
        made.plant(pick, (x * sheet.width, sheet.horizon + ground * down), tall, part=PART + 23 + number * 0.7 % 7)


def paint_edge(sheet: Sheet) -> None:
    """The near side of the lake, in some pictures: trees that frame it, or a thin stand of reeds."""
    chance = Chance(sheet.seed, "near side")
    match chance.weighed({"trees": 1.0, "reeds": 1.0, "open": 1.3}):
        case "trees" if not sheet.spec.subject("tree"):
            frame_with_trees(sheet)
        case "reeds":
            stand_reeds(sheet, Chance(sheet.seed, "thin reeds"), 60)


LAYERS: dict[str, list[Layer]] = {
    "woods": [("land", paint_woods), ("far", paint_far_things), ("stones", paint_stones), ("water", paint_water), ("edge", paint_edge)],
    "reeds": [("land", paint_low_shore), ("far", paint_far_things), ("water", paint_water), ("reeds", paint_reeds)],
    "fells": [("land", paint_fells), ("far", paint_far_things), ("stones", paint_stones), ("water", paint_water), ("edge", paint_edge)],
}
