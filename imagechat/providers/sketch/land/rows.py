"""A field whose rows run to the horizon: wheat, lavender, tulips, young crops or ploughed earth."""

from dataclasses import dataclass, replace

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.light import COLOURS, rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice, nearest, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.dabs import Blades, grow
from imagechat.providers.sketch.land.pasture import season
from imagechat.providers.sketch.land.slopes import View, air, stand, strengths, sunward
from imagechat.providers.sketch.land.stamps import Stamp
from imagechat.providers.sketch.land.tufts import Stock, dissolved, plate, spread

EACH, DABS, STALKS, PLANTS = 3, 240, 24, 520
"""How many stamps each colour of a crop has, of how many dabs or stalks; how many plants are set down."""
TALLEST, FAR = 0.12, 38.0
"""How high a plant is at most, as a share of the short side; how many metres away plants are still told apart."""


@dataclass(frozen=True, slots=True)
class Crop:
    """What grows in rows `spacing` metres apart: colours of the `soil` and of the plants from `low` to `top`; `full`: the share of the
    row that it fills; `tall` in metres; `stroke`: how long and thick its flowers or leaves are, in shares of that.
    """

    spacing: float
    soil: str
    low: str
    top: tuple[str, ...]
    full: float
    tall: float
    stroke: tuple[float, float] = (0.1, 0.05)


CROPS = {
    "lavender": Crop(1.5, "8a7a5a", "4a5a3c", ("7a58b8", "9474cc", "6a4aa6"), 0.74, 0.62, (0.15, 0.020)),
    "wheat": Crop(0.62, "96783c", "a88a3e", ("d8b254", "e2c068", "c89c44"), 0.96, 0.80),
    "greens": Crop(0.8, "6e563c", "4a7030", ("6c9c3e", "82b04c", "5c8a38"), 0.62, 0.26, (0.24, 0.042)),
    "plough": Crop(0.75, "6e563f", "7a6048", ("9a7e60", "aa8e6e", "8a6e54"), 0.80, 0.10),
    "tulips": Crop(1.1, "66563a", "4e7a3a", ("e03c38", "f2c038", "ec7aa6"), 0.72, 0.42, (0.085, 0.055)),
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
    return replace(one, top=(COLOURS[asked],) * 3)


def furrow(sheet: Sheet) -> float:
    """How far the rows turn aside for each metre of depth."""
    return Chance(sheet.seed, "furrow").between(-0.30, 0.30)


def rowed(sheet: Sheet, view: View, tint: Field, one: Crop, reach: float) -> None:
    """Lay the rows over `tint` up to `reach` metres: soil between, the plants' sunny and shady sides, blended where too fine to see."""
    top = int(np.count_nonzero(view.depth.min(axis=1) > np.float32(reach * 1.06)))
    d, x = view.depth[top:], view.x[top:]
    count = (x - d * np.float32(furrow(sheet))) * np.float32(1 / one.spacing)
    whole = np.floor(count)
    part = (count - whole) * 2 - np.float32(1)
    field = tile(sheet.seed, "crop", (32, 32), 256, octaves=4, gain=0.65)
    grain = nearest(field, d * np.float32(22) + np.float32(2048), count * np.float32(24) + np.float32(4096))
    clear = smooth(1.2, 5.0, np.float32(sheet.unit * 1.1 * one.spacing) / d)
    mound = smooth(1.0, 1.0 - one.full, np.abs(part)) * clear + np.float32(one.full * 0.9) * (np.float32(1) - clear)
    tone = rounded(sheet, one, part, grain, clear)
    within = smooth(reach * 1.06, reach * 0.98, d)
    which = (whole.astype(np.int32) >> 2) % 3
    soil = (rgb("dfe6f0") if sheet.snowy else rgb(one.soil))[:, None] * np.float32(0.72)
    bands = banded(sheet, one)
    for channel in range(3):
        ground = soil[channel] * (np.float32(1) + grain * np.float32(0.3) * clear)
        tint[channel, top:] += (ground + (bands[channel].take(which) * tone - ground) * mound - tint[channel, top:]) * within


def rounded(sheet: Sheet, one: Crop, part: Field, grain: Field, clear: Field) -> Field:
    """How light the row is at each place across it: one side in the sun."""
    dense = one.full > 0.9
    slant = np.float32(np.sign(sunward(sheet)[0]) * (0.16 if dense else 0.34))
    tone = np.float32(0.86 if dense else 0.62) + part * slant * clear
    return np.clip(tone + grain * np.float32(0.38) * (clear + np.float32(0.15)), 0.1, 1.3)


def banded(sheet: Sheet, one: Crop) -> Field:
    """The plants' three colours, (3, 3), nearly alike but in tulips."""
    tops = colours(sheet, one)
    middle = (tops[:, :1] + tops[:, 1:2] + tops[:, 2:]) * np.float32(1 / 3)
    return np.asarray(middle + (tops - middle) * np.float32(0.35 if one.top[0] != CROPS["tulips"].top[0] else 1.0), np.float32)


def colours(sheet: Sheet, one: Crop) -> Field:
    """The plants' three colours, (3, 3): under snow only their tops look out."""
    tops = np.stack([rgb(text) for text in one.top], axis=1)
    return tops * np.float32(0.6) + np.float32(0.25) if sheet.snowy else tops


def plants(sheet: Sheet, view: View, one: Crop, reach: float) -> None:
    """The near rows plant by plant, each a stamp; farther off they are the texture of the ground."""
    if one.tall < 0.2 or sheet.snowy:
        return
    wide = min(2.0, sheet.width / sheet.unit)
    first = float(view.relief.depth[0, 0]) * 1.05
    depth, across, draws = spread(sheet.seed, "row plants", round(PLANTS * wide), (first, min(reach, FAR)))
    turn, half = depth * np.float32(furrow(sheet)), float(view.relief.aside[0, -1])
    whole = np.floor(((across * 2 - np.float32(1)) * depth * np.float32(half * 1.08) - turn) * np.float32(1 / one.spacing))
    x = (whole + np.float32(0.5) + (draws[2] - np.float32(0.5)) * np.float32(one.full * 0.55)) * np.float32(one.spacing) + turn
    at = stand(sheet, view, x / depth * np.float32(0.5 / half) + np.float32(0.5), depth)
    high = np.minimum(at.metre * np.float32(one.tall) * (np.float32(0.8) + draws[3] * np.float32(0.4)), np.float32(sheet.unit * TALLEST))
    stock = Stock(sheet, bushes(sheet, one))
    band, veil = (whole.astype(np.int32) >> 2) % 3, air(sheet, depth)
    for i in np.flatnonzero((at.row - high < at.limit) & (at.row < sheet.height + high * 2)):
        which = int(band[i]) * EACH + int(i) % EACH
        foot = float(at.column[i]), float(at.row[i]) + 1
        stock.put(which, foot, float(high[i]), air=float(veil[i]), limit=float(at.limit[i]))


def bushes(sheet: Sheet, one: Crop) -> list[Stamp]:
    """A few plants in each of the crop's three colours."""
    make = eared if one is CROPS["wheat"] else bushy
    return [make(sheet, one, band, Chance(sheet.seed, "bush", str(band), str(i))) for band in range(3) for i in range(EACH)]


def bushy(sheet: Sheet, one: Crop, band: int, chance: Chance) -> Stamp:
    """A mound of stalks, green below and the crop's colour on top, one side in the sun."""
    tall = sheet.unit * TALLEST
    wide = max(0.7, one.spacing * one.full * 0.75 / one.tall)
    ground = plate(tall, tall * min(2.4, wide))
    draws = lattice(chance.whole(0, 1 << 30), (4, DABS)) * np.float32(0.5) + np.float32(0.5)
    side = (draws[0] + draws[1] - np.float32(1)) * np.float32(0.86)
    high = (np.float32(1) - side * side * np.float32(0.8)) * (np.float32(0.10) + draws[2] * np.float32(0.82))
    order = np.argsort(-high, kind="stable")
    side, high = side[order], high[order]
    x = (side + np.float32(1)) * np.float32(ground.width / 2)
    long, thick = (np.float32(max(least, tall * one)) for least, one in zip((1.0, 0.7), one.stroke, strict=True))
    size = long * (np.float32(0.6) + draws[3] * np.float32(0.8))
    tint = dab_colours(sheet, one, band, (side, high, draws[3]))
    lean = (side + draws[3] - np.float32(0.5)) * size * np.float32(0.8)
    foot = (np.float32(1) - high) * np.float32(tall) + size * np.float32(0.5)
    grow(ground, Blades(x, foot, size, lean, np.full(DABS, thick, np.float32), tint * np.float32(0.78), tint))
    return Stamp(dissolved(ground.rgb))


def dab_colours(sheet: Sheet, one: Crop, band: int, where: tuple[Field, Field, Field]) -> Field:
    """Each dab by its side of the plant (sunny or not), how high it sits, and a draw of its own, (3, count)."""
    side, high, draw = where
    low, top = rgb(one.low)[:, None], banded(sheet, one)[:, band : band + 1]
    body = low + (top - low) * smooth(0.18, 0.55, high + (draw - np.float32(0.5)) * np.float32(0.4))
    direct, around = strengths(sheet)
    lean = side * np.float32(np.sign(sunward(sheet)[0]) * 0.42)
    sun = np.clip(np.float32(0.06) + lean + high * np.float32(0.55) + (draw - np.float32(0.5)) * np.float32(0.5), 0.03, 1.0)
    return np.asarray(body * (direct[:, None] * sun + around[:, None]), np.float32)


def eared(sheet: Sheet, one: Crop, band: int, chance: Chance) -> Stamp:
    """A tuft of ripe stalks with their ears, bent to one side by the wind."""
    tall = sheet.unit * TALLEST
    ground = plate(tall, tall * 1.1)
    draws = lattice(chance.whole(0, 1 << 30), (5, STALKS)) * np.float32(0.5) + np.float32(0.5)
    order = np.argsort(-draws[2], kind="stable")
    side, up = draws[0][order] * 2 - np.float32(1), np.float32(0.62) + draws[2][order] * np.float32(0.30)
    foot, bend = (
        (side * np.float32(0.62) + np.float32(1)) * np.float32(ground.width / 2),
        (side * np.float32(0.05) + np.float32(0.04)) * np.float32(tall),
    )
    direct, around = strengths(sheet)
    tone = banded(sheet, one)[:, band : band + 1] * (direct * np.float32(0.55) + around)[:, None]
    tone = tone * (np.float32(0.72) + draws[3] * np.float32(0.5))
    base, thin = np.full(STALKS, tall, np.float32), np.full(STALKS, max(0.6, tall * 0.012), np.float32)
    grow(ground, Blades(foot, base, up * np.float32(tall), bend, thin, tone * np.float32(0.42), tone * np.float32(0.9)))
    way = np.where(draws[4] > 0.3, np.float32(1), np.float32(-0.6)) * np.float32(tall * 0.075)
    size, thick = np.full(STALKS, tall * 0.13, np.float32), np.full(STALKS, max(0.9, tall * 0.034), np.float32)
    ends = Blades(
        foot + bend * np.float32(0.95), base * (np.float32(1.02) - up), size, way, thick, tone * np.float32(0.85), tone * np.float32(1.3)
    )
    grow(ground, ends)
    return Stamp(dissolved(ground.rgb))
