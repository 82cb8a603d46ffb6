"""What stands on the roofs of a city: spires, masts with red lamps, domes, tanks, boxes of machines."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.built.prism import KEY, Point, grid, window_of, within
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance

Box = tuple[float, float, float, float]
Tone = tuple[Field, float]
RED = rgb("ff4a3a")
SLENDER = ("plain", "mast", "spire", "dome", "slant", "mast")
BROAD = ("plain", "plain", "hip", "plain", "plain", "hip", "dome")
"""Crowns to choose from, for towers and for other houses: what stands there twice is chosen twice as often."""
ARC = ((-0.36, 0.0), (-0.34, 0.14), (-0.24, 0.27), (-0.1, 0.35), (0.1, 0.35), (0.24, 0.27), (0.34, 0.14), (0.36, 0.0))
"""The outline of a dome, in widths of its roof."""


@dataclass(frozen=True, slots=True)
class Roof:
    """A roof to stand something on: its `left`, `right` and `top` in pixels, `tone` the wall's colour with the air before it."""

    sheet: Sheet
    chance: Chance
    edges: tuple[float, float, float]
    tone: Tone
    part: float

    @property
    def wide(self) -> float:
        """Its width in pixels."""
        return self.edges[1] - self.edges[0]

    @property
    def middle(self) -> float:
        """Its middle column."""
        return (self.edges[0] + self.edges[1]) / 2

    def solid(self, *outline: Point) -> None:
        """A convex shape of the wall's colour."""
        solid(self.sheet, list(outline), self.tone, self.part)

    def mast(self, foot: Point, tall: float) -> None:
        """A mast of the wall's colour."""
        mast(self.sheet, foot, tall, self.tone, self.part)


def crowned(sheet: Sheet, name: str, box: Box, tone: Tone, part: float) -> None:
    """The crown on a roof: `box` is its left, right, row and height in pixels, `tone` the wall's colour with the air before it."""
    roof = Roof(sheet, Chance(sheet.seed, "crown", name), box[:3], tone, part)
    slender = box[3] > roof.wide * 3.0
    CROWNS[roof.chance.choice(SLENDER if slender else BROAD)](roof)
    _machines(roof)
    if slender:
        lamp_on(sheet, (roof.middle, box[2] - roof.wide * 0.1))


def _plain(roof: Roof) -> None:
    """Nothing."""


def _mast(roof: Roof) -> None:
    foot = roof.middle + roof.chance.between(-0.2, 0.2) * roof.wide, roof.edges[2]
    roof.mast(foot, roof.wide * roof.chance.between(0.5, 1.3))


def _spire(roof: Roof) -> None:
    (left, right, top), wide, middle = roof.edges, roof.wide, roof.middle
    roof.solid((middle - wide * 0.2, top), (middle, top - wide * roof.chance.between(0.8, 1.5)), (middle + wide * 0.2, top))
    row = top - wide * 0.14
    roof.solid((left + wide * 0.2, top), (left + wide * 0.2, row), (right - wide * 0.2, row), (right - wide * 0.2, top))
    roof.mast((middle, top - wide * 0.6), wide * 1.1)


def _dome(roof: Roof) -> None:
    wide, middle, top = roof.wide, roof.middle, roof.edges[2]
    roof.solid(*((middle + x * wide, top - y * wide) for x, y in ARC))
    roof.mast((middle, top - wide * 0.34), wide * 0.3)


def _hip(roof: Roof) -> None:
    (left, right, top), wide = roof.edges, roof.wide
    roof.solid((left, top), (left + wide * 0.22, top - wide * 0.3), (right - wide * 0.22, top - wide * 0.3), (right, top))


def _slant(roof: Roof) -> None:
    left, right, top = roof.edges
    roof.solid((left, top), (left if roof.sheet.composition.side < 0 else right, top - roof.wide * 0.42), (right, top))


def _machines(roof: Roof) -> None:
    """One to three boxes of machines."""
    (left, right, top), wide, chance = roof.edges, roof.wide, roof.chance
    for _ in range(chance.whole(1, 3)):
        x, half, tall = (
            chance.between(left + wide * 0.12, right - wide * 0.3),
            wide * chance.between(0.06, 0.13),
            wide * chance.between(0.06, 0.16),
        )
        box_on(roof.sheet, (x, top - tall, x + half * 2, top), roof.tone, roof.part)


CROWNS = {"plain": _plain, "mast": _mast, "spire": _spire, "dome": _dome, "hip": _hip, "slant": _slant}


def box_on(sheet: Sheet, box: Box, tone: Tone, part: float) -> None:
    """An upright box (left, top, right, bottom) in whole pixels, its sunny half lighter."""
    left, right = max(0, round(box[0])), min(sheet.width, max(round(box[0]) + 1, round(box[2])))
    rows = slice(max(0, round(box[1])), min(sheet.height, max(round(box[1]) + 1, round(box[3]))))
    if left >= right or rows.start >= rows.stop:
        return
    body, air = tone
    middle = (left + right + 1) // 2
    haze = blend(sheet.light.haze, sheet.light.lower, 0.4) * np.float32(0.80 if sheet.night else 1.0)
    bright = 0.62 * KEY[sheet.spec.time], 0.08
    for columns, direct in zip((slice(left, middle), slice(middle, right)), bright if sheet.sun[0] < middle else bright[::-1], strict=True):
        light = sheet.light.fill * np.float32(0.56) + sheet.light.key * np.float32(direct)
        sheet.rgb[:, rows, columns] = blend(body * light, haze, air)[:, None, None]
    whole = rows, slice(left, right)
    sheet.marks.cover[whole], sheet.marks.part[whole], sheet.marks.shine[whole] = 1, part, 0


def solid(sheet: Sheet, outline: list[Point], tone: Tone, part: float) -> None:
    """A convex shape, its sunny side lighter; `tone`: its colour, and how much air lies before it."""
    window = window_of(sheet, outline)
    if window is None:
        return
    x, y = grid(window)
    cover = within(outline, x, y)
    middle = sum(px for px, _ in outline) / len(outline)
    toward = 1.0 if sheet.sun[0] > middle else -1.0
    lit = np.where((x - np.float32(middle)) * np.float32(toward) > 0, np.float32(0.62 * KEY[sheet.spec.time]), np.float32(0.08))
    body, air = tone
    light = [sheet.light.fill[c] * np.float32(0.56) + sheet.light.key[c] * lit for c in range(3)]
    haze = blend(sheet.light.haze, sheet.light.lower, 0.4) * np.float32(0.80 if sheet.night else 1.0)
    sheet.mix(np.stack([body[c] * light[c] * np.float32(1 - air) + haze[c] * np.float32(air) for c in range(3)]), cover, *window)
    sheet.hide(cover, part, *window)


def mast(sheet: Sheet, foot: Point, tall: float, tone: Tone, part: float) -> None:
    """A thin mast, by night with a red lamp at its tip."""
    half = max(0.5, tall * 0.014)
    box_on(sheet, (foot[0] - half, foot[1] - tall, foot[0] + half, foot[1]), tone, part)
    lamp_on(sheet, (foot[0], foot[1] - tall))


def lamp_on(sheet: Sheet, place: Point) -> None:
    """The red lamp that warns aircraft when the day has ended."""
    if not sheet.night and sheet.spec.time != "dusk":
        return
    radius = max(0.9, sheet.unit * 0.0016)
    window = window_of(sheet, [(place[0] - radius * 2, place[1] - radius * 2), (place[0] + radius * 2, place[1] + radius * 2)])
    if window is not None:
        x, y = grid(window)
        square = (x - np.float32(place[0])) * (x - np.float32(place[0])) + (y - np.float32(place[1])) * (y - np.float32(place[1]))
        share = np.clip(np.float32(1.6) - square * np.float32(1 / (radius * radius)), 0, 1)
        sheet.mix(RED, share, *window)
        shine = sheet.marks.shine[window]
        np.maximum(shine, share * np.float32(0.8), out=shine)
