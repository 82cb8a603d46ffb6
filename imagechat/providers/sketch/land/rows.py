"""A field whose rows run to the horizon: wheat, lavender, tulips, young crops or ploughed earth."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.light import COLOURS, rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice, nearest, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.land.dabs import lay
from imagechat.providers.sketch.land.pasture import near_grass, season
from imagechat.providers.sketch.land.slopes import View, air, haze, stand, strengths, sunward

PART = 320.0


@dataclass(frozen=True, slots=True)
class Crop:
    """What grows in rows `spacing` metres apart: colours of the `soil` and of the plants from `low` to `top`; `full`: the share of the
    row that it fills; `tall` in metres.
    """

    spacing: float
    soil: str
    low: str
    top: tuple[str, ...]
    full: float
    tall: float


CROPS = {
    "lavender": Crop(1.5, "8a7a5a", "4a5a3c", ("7a58b8", "9474cc", "6a4aa6"), 0.74, 0.62),
    "wheat": Crop(0.62, "96783c", "a88a3e", ("d8b254", "e2c068", "c89c44"), 0.96, 0.80),
    "greens": Crop(0.8, "6e563c", "4a7030", ("6c9c3e", "82b04c", "5c8a38"), 0.62, 0.26),
    "plough": Crop(0.75, "4e3c2e", "6a5240", ("7c624c", "8a7058", "6c5442"), 0.80, 0.10),
    "tulips": Crop(1.1, "66563a", "4e7a3a", ("e03c38", "f2c038", "ec7aa6"), 0.72, 0.42),
}
BY_SEASON = {
    "spring": ("greens", "tulips", "greens"),
    "summer": ("wheat", "lavender", "wheat", "lavender"),
    "autumn": ("plough",),
    "winter": ("plough",),
}
BY_COLOUR = {"gold": "wheat", "purple": "lavender", "green": "greens", "brown": "plough"}


def crop(sheet: Sheet) -> Crop:
    """The crop of the season, or what the words wish for."""
    asked = sheet.spec.colour("flowers") or sheet.spec.colour("field")
    name = Chance(sheet.seed, "crop").choice(BY_SEASON[season(sheet)])
    if asked in BY_COLOUR:
        return CROPS[BY_COLOUR[asked]]
    if sheet.spec.subject("flowers") and name not in ("lavender", "tulips"):
        name = "lavender" if season(sheet) == "summer" else "tulips"
    one = CROPS[name]
    if asked is None:
        return one
    one = CROPS["tulips"]
    return Crop(one.spacing, one.soil, one.low, (COLOURS[asked],) * 3, one.full, one.tall)


def furrow(sheet: Sheet) -> float:
    """How far the rows turn aside for each metre of depth."""
    return Chance(sheet.seed, "furrow").between(-0.30, 0.30)


def rowed(sheet: Sheet, view: View, tint: Field, one: Crop, reach: float) -> None:
    """Lay the rows over `tint` up to `reach` metres: soil between, the plants' sunny and shady sides, blended where too fine to see."""
    count = (view.x - view.depth * np.float32(furrow(sheet))) * np.float32(1 / one.spacing)
    whole = np.floor(count)
    part = (count - whole) * 2 - np.float32(1)
    mound = smooth(1.0, 1.0 - one.full, np.abs(part))
    lean = part * np.float32(np.sign(sunward(sheet)[0]))
    field = tile(sheet.seed, "crop", (32, 32), 256, octaves=4, gain=0.65)
    grain = nearest(field, view.depth * np.float32(22) + np.float32(2048), count * np.float32(24) + np.float32(4096))
    clear = smooth(1.2, 5.0, np.float32(sheet.unit * 1.1 * one.spacing) / view.depth)
    dense = one.full > 0.9
    tone = np.float32(0.86 if dense else 0.62) + lean * np.float32(0.16 if dense else 0.34) * clear
    tone = np.clip(tone + grain * np.float32(0.38) * (clear + np.float32(0.15)), 0.1, 1.3)
    mound = mound * clear + np.float32(one.full * 0.9) * (np.float32(1) - clear)
    which = (whole.astype(np.int32) >> 2) % 3
    within = smooth(reach * 1.06, reach * 0.98, view.depth)
    tops = colours(sheet, one)
    soil = rgb("dfe6f0") if sheet.snowy else rgb(one.soil)
    band = np.float32(0.35 if one.top[0] != CROPS["tulips"].top[0] else 1.0)
    for channel in range(3):
        own = tops[channel].take(which)
        middle = np.float32(float(tops[channel, 0] + tops[channel, 1] + tops[channel, 2]) / 3)
        plant = (middle + (own - middle) * band) * tone
        ground = soil[channel] * (np.float32(0.72) + grain * np.float32(0.22) * clear)
        tint[channel] += (ground + (plant - ground) * mound - tint[channel]) * within


def colours(sheet: Sheet, one: Crop) -> Field:
    """The plants' three colours, (3, 3): under snow only their tops look out."""
    tops = np.stack([rgb(text) for text in one.top], axis=1)
    return tops * np.float32(0.6) + np.float32(0.25) if sheet.snowy else tops


def plants(sheet: Sheet, view: View, one: Crop, reach: float) -> None:
    """The near rows as thousands of dabs, higher in the middle of the row; wheat as stalks with ears."""
    if one is CROPS["wheat"]:
        near_grass(sheet, view, tall=0.62, count=11000, reach=55.0, gold=1.0)
        return
    if one.tall < 0.2 or sheet.snowy:
        return
    draws = lattice(key(sheet.seed, "row plants"), (6, 30000)) * np.float32(0.5) + np.float32(0.5)
    draws = draws[:, : min(30000, int(19000 * min(1.6, sheet.width / sheet.unit)))]
    first = float(view.relief.depth[0, 0])
    last = min(reach, 75.0)
    depth = np.float32(1) / (draws[0] * np.float32(1 / first - 1 / last) + np.float32(1 / last))
    side = (draws[1] + draws[2] - np.float32(1)) * np.float32(one.full * 0.5)
    half = depth * np.float32(float(view.relief.aside[0, -1]) * 1.05)
    turn = depth * np.float32(furrow(sheet))
    whole = np.floor(((draws[3] * 2 - 1) * half - turn) * np.float32(1 / one.spacing))
    x = (whole + np.float32(0.5) + side) * np.float32(one.spacing) + turn
    order = np.argsort(-depth - draws[4] * np.float32(0.1), kind="stable")
    depth, side, whole, x, draws = depth[order], side[order], whole[order], x[order], draws[:, order]
    at = stand(sheet, view, x / depth / (view.relief.aside[0, -1] * 2) + np.float32(0.5), depth)
    high = (np.float32(1) - np.abs(side) * np.float32(1.2)) * (np.float32(0.35) + draws[5] * np.float32(0.65))
    y = at.row - at.metre * np.float32(one.tall) * high
    radius = np.clip(at.metre * np.float32(0.022), 0.4, sheet.unit * 0.008)
    lay(sheet, at.column, y, radius, dab_colours(sheet, one, (whole, side, high, depth)), part=PART + 1, limit=at.limit)


def dab_colours(sheet: Sheet, one: Crop, where: tuple[Field, Field, Field, Field]) -> Field:
    """Each dab by its row, its side of the row (sunny or not) and how high on the plant it sits, (3, count)."""
    whole, side, high, depth = where
    tops = colours(sheet, one)[:, (whole.astype(np.int32) >> 2) % 3]
    low = rgb(one.low)[:, None]
    body = low + (tops - low) * smooth(0.25, 0.6, high)
    direct, around = strengths(sheet)
    sun = np.clip(np.float32(0.35) + side * np.float32(np.sign(sunward(sheet)[0]) * 0.8) + high * np.float32(0.5), 0.1, 1.1)
    tint = body * (direct[:, None] * sun + around[:, None])
    veil = air(sheet, depth)
    return np.asarray(tint + (haze(sheet)[:, None] - tint) * veil, np.float32)
