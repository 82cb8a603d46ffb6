"""A jetty of planks on posts and the boats of a harbour, before a village at the water."""

import numpy as np

from imagechat.providers.sketch.built.fields import EYE, QUAY_AWAY
from imagechat.providers.sketch.built.prism import Point, grid, window_of, within
from imagechat.providers.sketch.built.roofs import solid
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.sheet import Sheet, Spot
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.things.boats import afloat

PART = 597.0
BOATS = 430.0
"""The number of the first boat among the parts."""
FOCUS = 1.1
DECK, WIDE, NEAR, FAR = 0.55, 1.0, 21.0, 62.0
"""How high the planks lie above the water, half their width, and where the jetty begins and ends, in metres."""
PLANKS = ("c2ae92", "b09c80", "cebb9e")


def place(sheet: Sheet, aside: float, up: float, depth: float) -> tuple[float, float]:
    """The point of the picture `aside` metres beside its middle, `up` above the water, `depth` away."""
    metre = sheet.unit * FOCUS / depth
    return sheet.width / 2 + aside * metre, sheet.horizon + (EYE["shore"] - up) * metre


def paint_mooring(sheet: Sheet) -> None:
    """Boats along the quay, the jetty, and boats beside it."""
    chance = Chance(sheet.seed, "mooring")
    side = -sheet.composition.side
    line = side * chance.between(4.6, 7.0)
    wide = sheet.width / sheet.unit / FOCUS
    for i in range(4):
        depth = chance.between(QUAY_AWAY * 0.55, QUAY_AWAY * 0.86)
        spot = chance.between(-0.46, 0.46) * wide * depth
        boat(sheet, (spot, depth), chance.choice(("fisher", "rowing", "sail")), i)
    boat(sheet, (line + side * 4.0, 47.0), "rowing", 4)
    jetty(sheet, line, chance)
    boat(sheet, (line - side * 3.4, chance.between(29, 33)), "rowing", 5)


def boat(sheet: Sheet, at: tuple[float, float], kind: str, number: int) -> None:
    """One boat at (metres aside, metres away), lying to the left or right."""
    aside, depth = at
    x, y = place(sheet, aside, 0.0, depth)
    metre = sheet.unit * FOCUS / depth
    tall = {"sail": 8.0, "fisher": 7.0, "rowing": 3.2}[kind] * metre
    way = Chance(sheet.seed, "moored", str(number)).sign()
    afloat(sheet, Spot("water", x, y, metre, depth / 2600), kind, tall, way=way, part=BOATS + number % 8)


def jetty(sheet: Sheet, line: float, chance: Chance) -> None:
    """Planks from far to near, each pair of posts before what lies behind it."""
    depth = FAR
    while depth > NEAR:
        nearer = max(NEAR, depth - max(0.75, depth * 0.035))
        tone = rgb(chance.choice(PLANKS)) * np.float32(chance.between(0.9, 1.05))
        edge = [place(sheet, line - WIDE, DECK, nearer), place(sheet, line + WIDE, DECK, nearer)]
        under = [(edge[1][0], edge[1][1] + 0.2 * sheet.unit * FOCUS / nearer), (edge[0][0], edge[0][1] + 0.2 * sheet.unit * FOCUS / nearer)]
        shade(sheet, line, (nearer, depth))
        solid(sheet, [*edge, *under], (tone * np.float32(0.5), depth / 2600), PART)
        solid(
            sheet, [*edge, place(sheet, line + WIDE, DECK, depth), place(sheet, line - WIDE, DECK, depth)], (tone, depth / 2600), PART + 1
        )
        if round(depth * 10) % 4 == 0 or nearer == NEAR:
            for way in (-1, 1):
                post(sheet, line + way * (WIDE + 0.1), nearer)
        depth = nearer


def shade(sheet: Sheet, line: float, reach: tuple[float, float]) -> None:
    """What the water mirrors of the planks' dark underside."""
    near, far = reach
    dim(sheet, [place(sheet, line + way * WIDE, -DECK, depth) for way, depth in ((-1, near), (1, near), (1, far), (-1, far))], 0.6)


def dim(sheet: Sheet, outline: list[Point], share: float) -> None:
    """Water that mirrors something dark."""
    window = window_of(sheet, outline)
    if window is not None:
        tint = blend(rgb("4a4238") * sheet.light.fill, sheet.light.deep, 0.5)
        sheet.mix(tint, within(outline, *grid(window)) * np.float32(share), *window)


def post(sheet: Sheet, aside: float, depth: float) -> None:
    """A post of the jetty, with its reflection."""
    half = 0.085

    def outline(low: float, high: float) -> list[Point]:
        return [place(sheet, aside + x, up, depth) for x, up in ((-half, low), (half, low), (half, high), (-half, high))]

    dim(sheet, outline(-0.95, 0.0), 0.5)
    solid(sheet, outline(0.0, 1.0), (rgb("8e7860"), depth / 2600), PART)
