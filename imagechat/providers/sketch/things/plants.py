"""Single trees and palms, each on its spot with its shadow on the ground."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import fall
from imagechat.providers.sketch.canvas.light import colour, rgb
from imagechat.providers.sketch.canvas.noise import lattice
from imagechat.providers.sketch.canvas.sheet import Sheet, Spot
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.land.conifers import conifer_stamps
from imagechat.providers.sketch.land.leaves import leafy_stamps
from imagechat.providers.sketch.land.stamps import Dots, Grove, Stamp, lit, stamped, toward
from imagechat.providers.sketch.land.undergrowth import tufts
from imagechat.providers.sketch.spec import Subject

PART = 240.0
FROND = rgb("4f7a3a")
PALM_BARK = rgb("8a7358")
WIDE = 0.52
"""Half the width of a palm's stamp, as a share of its height."""


def paint_tree(sheet: Sheet, spot: Spot, wish: Subject, number: int) -> None:
    """One tree of the wood and season; a larger one where it stands alone."""
    chance = Chance(sheet.seed, "one tree", str(number))
    tall = min(spot.metre * chance.between(8.5, 12.5), sheet.unit * 0.85)
    name = f"one tree {number}"
    leafy = sheet.spec.wood != "conifer"
    stamp = (leafy_stamps if leafy else conifer_stamps)(sheet, name, 1, max(6.0, tall * 0.6))
    shadow(sheet, spot, tall * (0.34 if leafy else 0.2))
    Grove(sheet, stamp).plant(0, (spot.x, spot.y), tall, air=spot.air, part=PART + number % 9)
    grass_at_foot(sheet, spot, tall)


def paint_palm(sheet: Sheet, spot: Spot, wish: Subject, number: int) -> None:
    """One palm."""
    chance = Chance(sheet.seed, "one palm", str(number))
    tall = min(spot.metre * chance.between(8.0, 12.0), sheet.unit * 0.85)
    shadow(sheet, spot, tall * 0.22)
    palm = palm_stamp(sheet, f"one palm {number}", max(6.0, tall * 0.6))
    Grove(sheet, [palm]).plant(0, (spot.x, spot.y), tall, air=spot.air, part=PART + 10 + number % 9)


def grass_at_foot(sheet: Sheet, spot: Spot, tall: float) -> None:
    """A few tufts that hide where the stem meets the ground."""
    chance = Chance(sheet.seed, "foot", str(round(spot.x)))
    low = Grove(sheet, tufts(sheet, "foot", 2, max(4.0, tall * 0.07)))
    for i in range(6):
        x = spot.x + tall * chance.between(-0.06, 0.06)
        low.plant(i, (x, spot.y + tall * chance.between(0.002, 0.012)), tall * chance.between(0.03, 0.06), air=spot.air, part=PART + 20)


def shadow(sheet: Sheet, spot: Spot, half: float) -> None:
    """The shadow on the ground: soft, flat, cast away from the light; long when the sun is low."""
    long = 1.9 if sheet.low_sun else 1.15
    middle = spot.x - toward(sheet) * half * (0.9 if sheet.low_sun else 0.25)
    wide, high = half * long, max(1.0, half * 0.17)
    rows = slice(max(0, int(spot.y - high * 2.2)), min(sheet.height, int(spot.y + high * 2.2) + 1))
    columns = slice(max(0, int(middle - wide * 2)), min(sheet.width, int(middle + wide * 2) + 1))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return
    x = (np.arange(columns.start, columns.stop, dtype=np.float32)[None, :] - np.float32(middle)) / np.float32(wide)
    y = (sheet.rows(rows.start, rows.stop) - np.float32(spot.y)) / np.float32(high)
    square = x * x + y * y
    dark = np.clip(fall(square * square) - np.float32(0.06), 0, 1) * np.float32((0.25 if sheet.night else 0.5) * (1 - spot.air))
    sheet.mix(sheet.light.fill * np.float32(0.22), dark, rows, columns)


def palm_stamp(sheet: Sheet, name: str, tall: float) -> Stamp:
    """A palm: a stem that leans and straightens, a crown of arching fronds."""
    chance = Chance(sheet.seed, name)
    lean = chance.sign() * chance.between(0.05, 0.2)
    return stamped([palm_stem(sheet, name, lean), *fronds(sheet, name, (lean, 0.74))], tall, WIDE)


def palm_stem(sheet: Sheet, name: str, lean: float) -> Dots:
    """The stem with the rings of old leaves."""
    count = 2600
    draws = lattice(key(sheet.seed, name, "stem"), (3, count))
    up = draws[0] * np.float32(0.5) + np.float32(0.5)
    thick = np.float32(0.013) + np.float32(0.014) * np.clip(np.float32(0.12) - up, 0, 1) * np.float32(6)
    ring = np.floor(up * np.float32(44))
    ring = up * np.float32(44) - ring
    x = (np.float32(2) * up - up * up) * np.float32(lean) + draws[1] * thick
    shade = np.clip(
        np.float32(0.42) + draws[1] * np.float32(0.4 * toward(sheet)) - ring * np.float32(0.24) + draws[2] * np.float32(0.1), 0, 1
    )
    place = np.stack([x, up * np.float32(0.75), np.zeros_like(x)])
    return Dots(place, lit(sheet, PALM_BARK[:, None] * np.ones_like(x), shade), 0.004)


def fronds(sheet: Sheet, name: str, top: tuple[float, float]) -> list[Dots]:
    """Fronds in all directions: they rise, arch over and hang; leaflets fall from both sides."""
    count, points, leaflets = 17, 44, 12
    draws = lattice(key(sheet.seed, name, "fronds"), (5, count, 1, 1))
    out = (np.arange(points, dtype=np.float32)[None, :, None] + np.float32(0.5)) / np.float32(points)
    fine = lattice(key(sheet.seed, name, "leaflets"), (2, count, points, leaflets))
    flat = np.sqrt(draws[0] * draws[0] + draws[1] * draws[1]) + np.float32(1e-3)
    ux, uz = draws[0] / flat, draws[1] / flat
    reach = np.float32(0.33) + draws[2] * np.float32(0.05)
    rise = np.float32(0.42) + draws[3] * np.float32(0.42)
    length = np.abs(fine[0]) * np.float32(0.10) * (np.float32(0.35) + out * (np.float32(1) - out) * np.float32(2.6))
    side = np.where(fine[0] > 0, np.float32(1), np.float32(-1))
    x = ux * reach * out + length * (ux * np.float32(0.55) - uz * side * np.float32(0.7))
    y = reach * (rise * out - (rise + np.float32(0.55)) * out * out) - length * np.float32(0.62)
    place = np.stack([x + np.float32(top[0]), y + np.float32(top[1]) + 0 * x, uz * reach * out + ux * side * length])
    shade = np.clip(
        np.float32(0.36)
        + ux * out * np.float32(0.32 * toward(sheet))
        + uz * np.float32(0.1)
        + rise * np.float32(0.25)
        - length * np.float32(2.4)
        + fine[1] * np.float32(0.1),
        0.02,
        1,
    )
    wish = sheet.spec.colour("palm") or sheet.spec.colour("tree")
    body = (FROND if wish is None else colour(wish))[:, None] * np.ones((1, place[0].size), np.float32)
    return [Dots(place.reshape(3, -1), lit(sheet, body, (shade + 0 * x).ravel()), 0.0034)]
