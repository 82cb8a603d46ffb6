"""Winter: snow-laden woods, a wide white field with its fence, a frozen lake. Snow is blue in shadow and warm in the light."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.noise import sampled, tile
from imagechat.providers.sketch.canvas.sheet import Layer, Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.contact import drift_about, shade_below, thrown
from imagechat.providers.sketch.land.floor import Eye
from imagechat.providers.sketch.land.frost import fence, ice
from imagechat.providers.sketch.land.ridges import line
from imagechat.providers.sketch.land.snow import PART, blue_shadow, snow_shadow, snow_tone, snowfield
from imagechat.providers.sketch.land.snowbank import bank_top, near_bank, offer_bank
from imagechat.providers.sketch.land.stamps import Grove, toward
from imagechat.providers.sketch.land.trunks import hazed, mist_colour
from imagechat.providers.sketch.land.undergrowth import shrubs, stones, tufts
from imagechat.providers.sketch.land.woods import Wood, backdrop, grove, mist, row_of_trees, rows_of_trees, shafts
from imagechat.providers.sketch.things.standing import paint_far_things

SLOPE = 26.0
"""How strongly drifts turn to or from the light."""


def paint_woods(sheet: Sheet) -> None:
    """Snow-laden trees behind an open snowfield; a few stand nearer, at one side."""
    chance = Chance(sheet.seed, "winter woods")
    gap = 0.5 - sheet.composition.side * chance.between(0.02, 0.25), chance.between(5.0, 12.0), 70.0
    wood = snow_wood(sheet, chance, gap)
    backdrop(sheet, wood)
    snowfield(sheet, wood.eye.row(90.0))
    rows = 96.0, 76.0, 60.0, 48.0, 38.0
    first = int(np.clip(wood.eye.row(64.0), 0, sheet.height - 2))
    deep = thrown(sheet, wood.eye, [tree for i in (2, 3, 4) for tree in row_of_trees(sheet, wood, i, rows[i])], first)
    if deep is not None:
        snow_shadow(sheet, deep, first)
    rows_of_trees(sheet, wood, rows)
    shafts(sheet, 0.22)
    lone_trees(sheet, wood, chance.whole(2, 4), (21.0, 30.0))
    twigs(sheet, wood, 24)
    offer_snow(sheet, wood.eye, (18, 22, 27, 33, 40))


def paint_field(sheet: Sheet) -> None:
    """A wide field of long drifts: a line of trees beyond it, a fence that runs into the distance."""
    chance = Chance(sheet.seed, "winter field")
    wood = snow_wood(sheet, chance, (0.5 - sheet.composition.side * 0.2, 40.0, 400.0))
    snow_hills(sheet, chance)
    tree_line(sheet, wood)
    snowfield(sheet, wood.eye.row(105.0))
    lone_trees(sheet, wood, chance.whole(1, 3), (26.0, 60.0))
    fence(sheet, wood.eye, chance)
    twigs(sheet, wood, 24)
    offer_snow(sheet, wood.eye, (18, 23, 29, 37, 46))
    for far in (12, 15, 18, 22, 26):
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
    top = bank_top(sheet, wood)
    offer_bank(sheet, top)
    paint_far_things(sheet)
    ice(sheet, wood.eye.row(110.0))
    near_bank(sheet, wood, top)


def snow_wood(sheet: Sheet, chance: Chance, gap: tuple[float, float, float]) -> Wood:
    """The trees and low plants of a winter picture."""
    eye = Eye(float(sheet.horizon), chance.between(2.2, 3.0), sheet.unit * 0.92, 0.0)
    tall = sheet.unit * 0.04
    low = Grove(sheet, [*tufts(sheet, "winter tuft", 2, tall), *shrubs(sheet, "winter shrub", 1, tall)])
    return Wood(eye, grove(sheet), low, Grove(sheet, stones(sheet, "winter stone", 2, tall)), gap)


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
            wood.low.plant(pick % 2, (x, row), metre * chance.between(0.12, 0.34), part=PART)
        elif kind >= 0.96 or far > 9:
            tall = metre * (chance.between(0.6, 1.1) if kind < 0.96 else chance.between(0.3, 0.6))
            half = tall * (0.72 if kind < 0.96 else 0.8)
            shade_below(sheet, (x, row), half * 1.6, 0.42)
            (wood.low if kind < 0.96 else wood.rocks).plant(
                2 if kind < 0.96 else pick, (x, row + tall * 0.08), tall, part=PART + 14 + i % 3
            )
            drift_about(
                sheet,
                (x, row + tall * 0.08),
                half,
                sheet.rgb[:, min(sheet.height - 1, int(row + tall * 0.45)), min(sheet.width - 1, max(0, int(x)))].copy(),
            )


def offer_snow(sheet: Sheet, eye: Eye, distances: tuple[int, ...]) -> None:
    """Places on the snow, left, middle and right by turns."""
    chance = Chance(sheet.seed, "winter places")
    for i, far in enumerate((*distances, *distances[1:4])):
        share = (0.24, 0.74, 0.5, 0.34, 0.64, 0.14, 0.86, 0.44)[i % 8] + chance.between(-0.05, 0.05)
        sheet.offer("land", share * sheet.width, min(eye.row(far), sheet.height * 0.97), eye.metre(far), far / (far + 160))


LAYERS: dict[str, list[Layer]] = {
    "woods": [("land", paint_woods)],
    "field": [("land", paint_field)],
    "frozen": [("land", paint_frozen)],
}
