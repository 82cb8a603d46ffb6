"""The large shape of a meadow's land: which way the ground falls, where the valley runs, what winds through it."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth, wave
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.slopes import Relief, View, laid, logs, strengths

SHAPES = {"bank": 1.0, "slope": 1.3, "valley": 1.3, "shoulder": 1.0, "bluff": 1.0}
"""How often the land falls to the fields behind a bank, sideways along a slope, to a valley in the middle, from a shoulder on one side,
or far below a bluff.
"""
WINDS = {"lane": 1.0, "stream": 1.2, "pond": 0.8, "": 1.3}
"""How often a lane or a stream winds through the valley or a pond lies in it."""


@dataclass(frozen=True, slots=True)
class Country:
    """The large shape in metres: the eye above the near bank and above the valley; where the bank's brow lies and how it leans to a side;
    how high the hills rise (tangent); which swings they take; how high the sides rise beside a valley, and where its middle is (tangents).
    """

    eye: float
    valley: float
    brow: float
    lean: float
    hills: float
    swings: float
    hollow: float = 0.0
    middle: float = 0.0


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


def open_country(sheet: Sheet) -> Country:
    """The land of the hills: one of several shapes by the seed."""
    chance, side = Chance(sheet.seed, "open country"), sheet.composition.side
    shape = chance.weighed(SHAPES)
    near = {"bank": (5, 9), "slope": (7, 13), "valley": (9, 16), "shoulder": (4, 7), "bluff": (10, 16)}[shape]
    lean = {"bank": 0.5, "slope": 2.2, "valley": 0.2, "shoulder": 3.4, "bluff": 0.8}[shape]
    hollow = {"bank": 0.1, "slope": 0.15, "valley": 0.62, "shoulder": 0.25, "bluff": 0.2}[shape]
    return Country(
        eye=chance.between(1.6, 2.3) * (1.5 if shape == "bluff" else 1.0),
        valley=chance.between(70, 100) if shape == "bluff" else chance.between(34, 64),
        brow=chance.between(*near),
        lean=side * lean * chance.between(0.7, 1.2),
        hills=chance.between(0.075, 0.125) * (0.75 if shape == "valley" else 1.0),
        swings=chance.between(0.8, 1.5),
        hollow=hollow * chance.between(0.8, 1.2),
        middle=-side * chance.between(0.0, 0.14),
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
    bank = aside * np.float32(land.lean * 0.11) * smooth(2.5, land.brow, depth) * smooth(land.brow * 9, land.brow * 2, depth)
    swell = (hill * np.float32(0.75) + np.float32(0.12)) * np.float32(land.hills) * smooth(land.brow * 6, land.brow * 40, depth)
    last = smooth(700, 2600, depth) * np.float32(0.012)
    small = sampled(field, depth * 12 + 0 * aside, depth * aside * 12) * np.float32(0.10) / depth * smooth(4, 12, depth)
    return Relief((bank + swell + last + small + sides(land, depth, aside) - floor / depth).astype(np.float32), depth, aside)


def sides(land: Country, depth: Field, aside: Field) -> Field:
    """How far the land rises to both sides of its valley, along the middle distance."""
    off = aside - np.float32(land.middle)
    square = off * off
    return (
        square
        / (np.float32(1) + square * np.float32(2.6))
        * np.float32(land.hollow)
        * smooth(land.brow, land.brow * 8, depth)
        * smooth(1500, 260, depth)
    )


def winding(sheet: Sheet, view: View, tint: Field, begin: float) -> None:
    """A pale lane, a stream or a pond in the valley beyond `begin` metres, laid over `tint` that is lit already."""
    chance = Chance(sheet.seed, "winding")
    kind = chance.weighed(WINDS)
    end = int(np.count_nonzero(view.depth.max(axis=1) > np.float32(begin)))
    if not kind or end < 2 or "water" in sheet.spec.without:
        return
    d, x = view.depth[:end], view.x[:end]
    place = chance.between(-0.10, 0.10) * 240 * min(2.0, sheet.width / sheet.unit)
    if kind == "pond":
        far, wide = chance.between(150, 280), chance.between(16, 30)
        a, b = (x - np.float32(place)) * np.float32(1 / wide), (d - np.float32(far)) * np.float32(1 / (wide * 1.6))
        share = smooth(1.15, 0.85, a * a + b * b + wave(x * np.float32(0.03)) * np.float32(0.16))
    else:
        half = 2.0 if kind == "lane" else chance.between(3.0, 5.0)
        middle = wave(d * np.float32(1 / chance.between(240, 420)) + np.float32(chance.unit())) * np.float32(chance.between(22, 44))
        middle += (
            wave(d * np.float32(1 / chance.between(90, 140))) * np.float32(9)
            + np.float32(place)
            + d * np.float32(chance.between(-0.1, 0.1))
        )
        edge = d * np.float32(0.0012) + np.float32(0.4)
        share = np.clip((np.float32(half) - np.abs(x - middle)) / edge + np.float32(0.5), 0, 1)
    share *= smooth(begin, begin * 1.6, d) * smooth(1400, 500, d)
    body = surface(sheet, kind)
    for channel in range(3):
        plane = tint[channel, :end]
        plane += (body[channel] - plane) * share


def surface(sheet: Sheet, kind: str) -> Field:
    """What a lane or water looks like from afar: pale earth, or the sky above it."""
    if kind == "lane":
        direct, around = strengths(sheet)
        return np.asarray(rgb("e4e8f0" if sheet.snowy else "c4ac84") * (direct * np.float32(0.62) + around * np.float32(0.9)), np.float32)
    return blend(blend(sheet.light.lower, sheet.light.upper, 0.35), sheet.light.deep, 0.15)
