"""Winter: snow-laden woods, a wide white field with its fence, a frozen lake. Snow is blue in shadow and warm in the light."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import fall, smooth
from imagechat.providers.sketch.canvas.noise import Field, enlarged, lattice, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Layer, Sheet
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.land.floor import SHADE, SNOW, Eye
from imagechat.providers.sketch.land.frost import fence, ice
from imagechat.providers.sketch.land.ridges import line
from imagechat.providers.sketch.land.stamps import Grove, lit, toward
from imagechat.providers.sketch.land.trunks import hazed, mist_colour
from imagechat.providers.sketch.land.undergrowth import shrubs, stones, tufts
from imagechat.providers.sketch.land.woods import Wood, backdrop, grove, mist, rows_of_trees, shafts
from imagechat.providers.sketch.things.standing import paint_far_things

PART = 260.0
SLOPE = 26.0
"""How strongly drifts turn to or from the light."""


def paint_woods(sheet: Sheet) -> None:
    """Snow-laden trees behind an open snowfield; a few stand nearer, at one side."""
    chance = Chance(sheet.seed, "winter woods")
    gap = 0.5 - sheet.composition.side * chance.between(0.02, 0.25), chance.between(5.0, 12.0), 70.0
    wood = snow_wood(sheet, chance, gap)
    backdrop(sheet, wood)
    snowfield(sheet, wood.eye.row(90.0))
    rows_of_trees(sheet, wood, (96.0, 78.0, 64.0, 53.0, 44.0, 36.0))
    shafts(sheet, 0.22)
    lone_trees(sheet, wood, chance.whole(2, 4), (21.0, 30.0))
    twigs(sheet, wood, 46)
    offer_snow(sheet, wood.eye, (9, 12, 16, 21, 26))


def paint_field(sheet: Sheet) -> None:
    """A wide field of long drifts: a line of trees beyond it, a fence that runs into the distance."""
    chance = Chance(sheet.seed, "winter field")
    wood = snow_wood(sheet, chance, (0.5 - sheet.composition.side * 0.2, 40.0, 400.0))
    snow_hills(sheet, chance)
    tree_line(sheet, wood)
    snowfield(sheet, wood.eye.row(105.0))
    lone_trees(sheet, wood, chance.whole(1, 3), (26.0, 60.0))
    fence(sheet, wood.eye, chance)
    twigs(sheet, wood, 40)
    offer_snow(sheet, wood.eye, (10, 14, 20, 28, 40))
    for far in (12, 18, 26):
        sheet.offer("road", sheet.width * 0.5, wood.eye.row(far), wood.eye.metre(far), far / (far + 160))


def paint_frozen(sheet: Sheet) -> None:
    """A frozen lake: ice with cracks under patches of snow, a wooded shore beyond, a snowy bank before it."""
    chance = Chance(sheet.seed, "winter frozen")
    wood = snow_wood(sheet, chance, (0.5, 0.0, 0.0))
    snow_hills(sheet, chance)
    tree_line(sheet, wood)
    for i, share in enumerate((0.2, 0.8, 0.5, 0.35, 0.66)):
        far = 105.0 - 4 * i
        sheet.offer("far", share * sheet.width, wood.eye.row(far), wood.eye.metre(far) * 1.3, hazed(sheet, far) * 0.6)
    paint_far_things(sheet)
    ice(sheet, wood.eye.row(110.0))
    near_bank(sheet, wood, chance)


def snow_wood(sheet: Sheet, chance: Chance, gap: tuple[float, float, float]) -> Wood:
    """The trees and low plants of a winter picture."""
    eye = Eye(float(sheet.horizon), chance.between(2.2, 3.0), sheet.unit * 0.92, 0.0)
    tall = sheet.unit * 0.04
    low = Grove(sheet, [*tufts(sheet, "winter tuft", 3, tall), *shrubs(sheet, "winter shrub", 1, tall)])
    return Wood(eye, grove(sheet), low, Grove(sheet, stones(sheet, "winter stone", 2, tall)), gap)


def drifts(sheet: Sheet, first: int) -> tuple[Field, Field, Field]:
    """(height, light, nearness of the eye) of drifts on the snow from row `first` down: long folds across the wind."""
    height, width = sheet.height - first, sheet.width
    shape = height // 2 + 1, width // 2 + 1
    rows = np.arange(shape[0], dtype=np.float32)[:, None] * np.float32(2 / sheet.unit)
    depth = np.float32(1) / (rows + np.float32(0.035))
    across = (np.arange(shape[1], dtype=np.float32)[None, :] * np.float32(2 / sheet.unit) - np.float32(0.5)) * depth
    field = tile(sheet.seed, "drifts", (8, 8), 256, octaves=5, gain=0.42)
    at_rows, at_columns = depth * np.float32(9) + across * np.float32(2.4), across * np.float32(3.4) - depth * np.float32(0.8)
    here = sampled(field, at_rows, at_columns)
    aside = sampled(field, at_rows - np.float32(0.5), at_columns + np.float32(0.7 * toward(sheet)))
    light = np.clip(np.float32(0.60) + (here - aside) * np.float32(4.4) + here * np.float32(0.34), 0, 1)
    return enlarged(here, (height, width)), enlarged(light, (height, width)), enlarged(depth + 0 * across, (height, width))


def snow_tone(sheet: Sheet, light: Field) -> Field:
    """Snow where `light` (0 to 1) falls: from blue shadow to the sun's own colour."""
    shade = np.clip(light, 0, 1)
    body = np.stack([SHADE[c] + (SNOW[c] - SHADE[c]) * shade for c in range(3)])
    return lit(sheet, body * np.float32(1.13), np.clip(shade * (np.float32(0.34) + shade * np.float32(0.40)), 0, 1))


def snowfield(sheet: Sheet, top: float) -> None:
    """Snow in drifts from row `top` down, with sparkle near the eye and the air's colour far away."""
    first = int(np.clip(top, 0, sheet.height - 2))
    _, light, _ = drifts(sheet, first)
    light = light + glare(sheet, first) * np.float32(0.45 if sheet.low_sun else 0.25)
    tones = snow_tone(sheet, light)
    if not sheet.night:
        spark = lattice(key(sheet.seed, "sparkle"), light.shape)
        tones += (smooth(0.9955, 0.9999, spark) * light * np.float32(0.5))[None]
    down = np.arange(light.shape[0], dtype=np.float32)[:, None] / np.float32(sheet.unit)
    air = np.clip(np.float32(1) - down / np.float32(0.2), 0, 1)
    air = air * air * np.float32(0.85 if sheet.spec.weather in ("fog", "snow") else 0.5)
    tones = tones + (mist_colour(sheet)[:, None, None] - tones) * air[None]
    cover = np.clip(sheet.rows(first) - np.float32(top) + 0 * light, 0, 1)
    sheet.mix(tones, cover, slice(first, None))
    sheet.hide(cover, PART, slice(first, None))


def glare(sheet: Sheet, first: int) -> Field:
    """The light of a low sun that grazes the ground below it."""
    x = (sheet.columns() - np.float32(sheet.sun[0])) / np.float32(sheet.unit * 0.42)
    y = (sheet.rows(first) - np.float32(first)) / np.float32(sheet.unit * 0.5)
    return fall(x * x + y * y) * np.float32(1.0 if sheet.low_sun else 0.35)


def snow_hills(sheet: Sheet, chance: Chance) -> None:
    """Two soft white hills in the distance, woods drawn along them."""
    for i in range(2):
        shape = line(
            sheet.seed, f"snow hill {i}", sheet.width, chance.between(1.1, 1.8) * sheet.width / sheet.unit, gain=0.34, ridged=False
        )
        top = np.float32(sheet.horizon + sheet.unit * 0.02) - (shape * np.float32(0.5) + np.float32(0.8)) * np.float32(
            sheet.unit * (0.10 - 0.035 * i)
        )
        first, last = int(np.clip(float(top.min()), 0, sheet.height - 1)), int(min(sheet.height, sheet.horizon + sheet.unit * 0.08))
        if first >= last:
            continue
        cover = np.clip(sheet.rows(first, last) - top[None, :], 0, 1)
        slope = (np.roll(top, 3) - np.roll(top, -3)) / np.float32(sheet.unit) * np.float32(SLOPE * toward(sheet))
        below = (sheet.rows(first, last) - top[None, :]) / np.float32(sheet.unit)
        tone = snow_tone(sheet, np.clip(np.float32(0.55) + slope, 0.1, 0.95)[None, :] - below * np.float32(2))
        scale = np.float32(150 / sheet.unit)
        copses = sampled(tile(sheet.seed, "copses", (8, 8), 128, octaves=5, gain=0.62), below * np.float32(420), sheet.columns() * scale)
        woods = smooth(0.10, 0.32, copses) * np.float32(0.5)
        tone = tone + (sheet.light.fill[:, None, None] * np.float32(0.42) - tone) * woods[None]
        air = (0.62 - 0.2 * i) if sheet.spec.weather not in ("fog", "snow") else 0.85
        tone = tone + (mist_colour(sheet)[:, None, None] - tone) * np.float32(air)
        sheet.mix(tone, cover, slice(first, last))
        sheet.hide(cover, PART + 1 + i, slice(first, last))


def tree_line(sheet: Sheet, wood: Wood) -> None:
    """A wood along the far edge, in groups with gaps."""
    groups = line(sheet.seed, "tree line", sheet.width, 4 * sheet.width / sheet.unit, gain=0.6, ridged=False)
    for number, far in enumerate((150.0, 128.0, 112.0)):
        chance = Chance(sheet.seed, "tree line", str(number))
        count = round(sheet.width / wood.eye.metre(far) / 3.0)
        for i in range(count):
            x = (i + chance.between(0, 1)) / count * sheet.width
            tall, pick, there = chance.between(7, 15), chance.whole(0, 59), chance.between(-0.5, 0.3)
            if float(groups[min(sheet.width - 1, int(x))]) > there:
                place = x, wood.eye.row(far) + sheet.unit * 0.003
                wood.trees.plant(pick, place, tall * wood.eye.metre(far), air=hazed(sheet, far) * 0.85, part=PART + 4 + number)
        mist(sheet, wood, far, number)


def lone_trees(sheet: Sheet, wood: Wood, count: int, between: tuple[float, float]) -> None:
    """A few trees nearer than the wood, on the heavier side, each with its blue shadow on the snow."""
    chance = Chance(sheet.seed, "lone trees")
    side = sheet.composition.side
    places = sorted(((chance.between(*between), chance.between(0.16, 0.47), chance.whole(0, 59)) for _ in range(count)), reverse=True)
    for i, (far, off, pick) in enumerate(places):
        x, row, metre = (0.5 + side * off) * sheet.width, wood.eye.row(far), wood.eye.metre(far)
        tall = min(chance.between(9, 16) * metre, sheet.unit * 0.72)
        blue_shadow(sheet, (x, row), tall)
        wood.trees.plant(pick, (x, row + metre * 0.1), tall, air=hazed(sheet, far) * 0.6, part=PART + 8 + i)


def blue_shadow(sheet: Sheet, place: tuple[float, float], tall: float) -> None:
    """The shadow of a tree on the snow: it runs from its foot toward the eye and away from the sun, and ends in a soft point."""
    far_off = (place[0] - sheet.sun[0]) / sheet.unit
    long = tall * (0.62 if sheet.low_sun else 0.26)
    drift = float(np.clip(far_off * 1.4, -1.6, 1.6)) if sheet.low_sun else -toward(sheet) * 1.4
    rows = slice(max(0, int(place[1] - 2)), min(sheet.height, int(place[1] + long) + 1))
    reach = abs(drift) * long + tall * 0.3
    columns = slice(max(0, int(place[0] - reach)), min(sheet.width, int(place[0] + reach) + 1))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return
    down = np.clip((sheet.rows(rows.start, rows.stop) - np.float32(place[1])) / np.float32(long), 0, 1)
    middle = np.float32(place[0]) + down * np.float32(drift * long)
    half = np.float32(tall) * (np.float32(0.035) + down * (np.float32(1) - down) * np.float32(0.62))
    off = (np.arange(columns.start, columns.stop, dtype=np.float32)[None, :] - middle) / half
    share = np.clip(np.float32(1.25) - np.abs(off), 0, 1) * (np.float32(1) - down * np.float32(0.75))
    dull = sheet.night or sheet.spec.weather not in ("", "clear", "scattered", "wind")
    sheet.mix(snow_tone(sheet, np.zeros((1, 1), np.float32)), share * np.float32(0.22 if dull else 0.66), rows, columns)


def twigs(sheet: Sheet, wood: Wood, count: int) -> None:
    """Dry grass, small bushes and stones that look out of the snow, in groups."""
    chance = Chance(sheet.seed, "winter twigs")
    nests = [(chance.unit(), chance.between(1 / 34.0, 1 / 5.0)) for _ in range(6)]
    places = []
    for _ in range(count):
        at, near = chance.choice(nests)
        far = 1 / min(1 / 4.5, max(1 / 60.0, near * chance.between(0.72, 1.35)))
        x = at * sheet.width + wood.eye.metre(far) * chance.between(-1.6, 1.6) * chance.between(0.2, 1.0)
        places.append((far, x))
    for i, (far, x) in enumerate(sorted(places, reverse=True)):
        metre, row, kind, pick = wood.eye.metre(far), wood.eye.row(far), chance.unit(), chance.whole(0, 59)
        if kind < 0.86:
            wood.low.plant(pick % 3, (x, row), metre * chance.between(0.14, 0.42), part=PART + 14 + i % 3)
        elif kind < 0.96 and far > 9:
            wood.low.plant(3, (x, row), metre * chance.between(0.6, 1.1), part=PART + 14 + i % 3)
        elif kind >= 0.96:
            wood.rocks.plant(pick, (x, row), metre * chance.between(0.3, 0.6), part=PART + 14 + i % 3)


def near_bank(sheet: Sheet, wood: Wood, chance: Chance) -> None:
    """The near shore at one side, deep in snow, with trees and dry grass upon it."""
    side = sheet.composition.side
    rough = line(sheet.seed, "snow bank", sheet.width, 3 * sheet.width / sheet.unit, gain=0.4, ridged=False)
    x = np.arange(sheet.width, dtype=np.float32) / np.float32(sheet.width)
    inward = np.float32(1) - x if side > 0 else x
    rise = np.clip(np.float32(1) - inward / np.float32(chance.between(0.55, 0.85)), 0, 1)
    top = np.float32(sheet.height * 1.01) - (
        rise * rise * np.float32(0.3) + rise * np.float32(0.1) + rough * rise * np.float32(0.02)
    ) * np.float32(sheet.unit)
    top = np.maximum(top, np.float32(wood.eye.row(30.0)))
    first = int(np.clip(float(top.min()), 0, sheet.height - 2))
    cover = np.clip(sheet.rows(first) - top[None, :], 0, 1)
    _, light, _ = drifts(sheet, first)
    below = (sheet.rows(first) - top[None, :]) / np.float32(sheet.unit)
    tones = snow_tone(sheet, light * np.float32(0.8) + smooth(0.05, 0.0, below) * np.float32(0.3))
    sheet.mix(tones, cover, slice(first, None))
    sheet.hide(cover, PART + 3, slice(first, None))
    for i, off in enumerate(sorted(chance.between(0.0, 0.26) for _ in range(4))[::-1]):
        at = (1 - off if side > 0 else off) * sheet.width
        row = float(top[int(np.clip(at, 0, sheet.width - 1))]) + sheet.unit * 0.012
        wood.trees.plant(chance.whole(0, 59), (at, row), sheet.unit * chance.between(0.34, 0.62) * (1.15 - off * 2), part=PART + 8 + i)
    for i in range(26):
        at = (1 - chance.between(0, 0.5) if side > 0 else chance.between(0, 0.5)) * sheet.width
        row = float(top[int(np.clip(at, 0, sheet.width - 1))])
        wood.low.plant(
            i % 3, (at, row + (sheet.height - row) * chance.between(0.02, 0.7)), sheet.unit * chance.between(0.02, 0.055), part=PART + 14
        )
    for i, share in enumerate((0.06, 0.16, 0.26, 0.36)):
        at = (1 - share if side > 0 else share) * sheet.width
        row = float(top[int(np.clip(at, 0, sheet.width - 1))]) + sheet.unit * 0.02
        if row < sheet.height * 0.99:
            sheet.offer("land", at, row, sheet.unit * (0.030 - 0.002 * i), 0.08)


def offer_snow(sheet: Sheet, eye: Eye, distances: tuple[int, ...]) -> None:
    """Places on the snow, left, middle and right by turns."""
    chance = Chance(sheet.seed, "winter places")
    for i, far in enumerate((*distances, *distances[1:4])):
        share = (0.24, 0.74, 0.5, 0.34, 0.64, 0.14, 0.86, 0.44)[i % 8] + chance.between(-0.05, 0.05)
        if eye.row(far) < sheet.height:
            sheet.offer("land", share * sheet.width, eye.row(far), eye.metre(far), far / (far + 160))


LAYERS: dict[str, list[Layer]] = {
    "woods": [("land", paint_woods)],
    "field": [("land", paint_field)],
    "frozen": [("land", paint_frozen)],
}
