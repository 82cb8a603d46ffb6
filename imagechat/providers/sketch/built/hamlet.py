"""Many houses from few: some are painted once, each on a clear sheet of its own, and set down again and again in other sizes."""

from dataclasses import dataclass, replace

import numpy as np

from imagechat.providers.sketch.built.house import PART, cottage, raise_house
from imagechat.providers.sketch.canvas.curves import halved
from imagechat.providers.sketch.canvas.light import blend
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet, Spot

SUNNY, SHADED, UP, DOWN = 8.5, 16.0, 12.8, 3.6
"""How many metres about its foot a house and its shadow take up."""
EYE = 8.0
"""How many metres above a house's foot the eye is."""
STEP = 0.90
"""Sizes are rounded to powers of this, so that each copy is made once."""


class Clear(Sheet):
    """A clear sheet for one house in the light of a large one: `solid` is how much of each point is painted."""

    def __init__(self, large: Sheet, metre: float) -> None:
        toward = 1 if large.composition.sun_x > 0.5 else -1
        left, right = (SHADED, SUNNY) if toward > 0 else (SUNNY, SHADED)
        self.foot = left * metre, UP * metre
        size = max(8, round((left + right) * metre)), max(8, round((UP + DOWN) * metre))
        horizon = (UP - EYE) * metre / size[1]
        super().__init__(large.spec, large.seed, size, replace(large.composition, sun_x=0.5 + 9 * toward, horizon=horizon))
        self.solid: Field = np.zeros(self.shape, np.float32)
        self._large = large.unit

    @property
    def unit(self) -> int:
        """The large sheet's short side: the house is seen from as far."""
        return self._large

    def mix(self, tint: Field, share: Field, rows: slice = slice(None), columns: slice = slice(None)) -> None:
        """Blend a colour in; what was clear becomes solid by as much."""
        super().mix(tint, share, rows, columns)
        part = self.solid[rows, columns]
        part += (1 - part) * share


@dataclass(frozen=True, slots=True)
class Print:
    """A painted house: `planes` (5, height, width) are its colours times its cover, the cover, its light; `parts` the numbers of its
    faces, 0 where there is none; `foot` its place in the window.
    """

    planes: Field
    parts: Field
    foot: tuple[float, float]


class Hamlet:
    """`count` houses of one manner, painted `metre` pixels a metre and set down where they are wanted."""

    def __init__(self, sheet: Sheet, manner: str, count: int, metre: float) -> None:
        self.sheet, self.manner, self.count, self.metre = sheet, manner, count, max(1.5, metre)
        self._prints: dict[tuple[int, int], Print] = {}

    def place(self, spot: Spot, number: int) -> None:
        """Set house `number` down on `spot`, with the air before it."""
        one = self.printed(number % self.count, spot.metre)
        height, width = one.parts.shape
        left, top = round(spot.x - one.foot[0]), round(spot.y - one.foot[1])
        rows = slice(max(0, top), min(self.sheet.height, top + height))
        columns = slice(max(0, left), min(self.sheet.width, left + width))
        if rows.start >= rows.stop or columns.start >= columns.stop:
            return
        inside = slice(rows.start - top, rows.stop - top), slice(columns.start - left, columns.stop - left)
        self.lay(one, inside, (rows, columns), spot.air, number)

    def lay(self, one: Print, inside: tuple[slice, slice], window: tuple[slice, slice], air: float, number: int) -> None:
        """Blend the part `inside` of a print into a `window` of the sheet."""
        haze = blend(self.sheet.light.haze, self.sheet.light.lower, 0.35)
        cover, keep = one.planes[3, *inside], 1 - one.planes[3, *inside]
        for channel in range(3):
            plane = self.sheet.rgb[channel, *window]
            plane *= keep
            plane += one.planes[channel, *inside] * np.float32(1 - air)
            plane += cover * np.float32(haze[channel] * air)
        marks, parts = self.sheet.marks, one.parts[inside]
        standing = parts > 0
        np.maximum(marks.cover[window], cover * standing, out=marks.cover[window])
        np.copyto(marks.part[window], parts + np.float32(PART - 1 + number % 40), where=standing)
        shine = marks.shine[window]
        shine *= keep
        shine += one.planes[4, *inside] * np.float32(1 - air * 0.5)

    def printed(self, number: int, metre: float) -> Print:
        """House `number` in about that size."""
        step, size = 0, self.metre
        while size * (1 + STEP) / 2 > metre and size > 0.8:
            step, size = step + 1, size * STEP
        if (number, step) not in self._prints:
            self._prints[number, step] = shrunk(self.printed(number, self.metre), STEP**step) if step else self.painted(number)
        return self._prints[number, step]

    def painted(self, number: int) -> Print:
        """House `number` in its full size."""
        clear = Clear(self.sheet, self.metre)
        one = cottage(self.sheet, f"village {number}", self.manner)
        raise_house(clear, Spot("land", *clear.foot, self.metre), one, 1.0)
        return Print(np.concatenate([clear.rgb, clear.solid[None], clear.marks.shine[None]]), clear.marks.part, clear.foot)


def shrunk(one: Print, ratio: float) -> Print:
    """The same print smaller by `ratio`."""
    planes, parts, left = one.planes, one.parts, ratio
    while left < 0.6 and min(parts.shape) > 8:
        planes, parts, left = halved(planes), parts[: parts.shape[0] // 2 * 2 : 2, : parts.shape[1] // 2 * 2 : 2], left * 2
    for axis in (1, 2):
        have = planes.shape[axis]
        count = max(2, int(have * left))
        at = np.clip((np.arange(count, dtype=np.float64) + 0.5) / left - 0.5, 0, have - 1)
        whole = at.astype(np.int64)
        beyond = np.minimum(whole + 1, have - 1)
        share = (at - whole).astype(np.float32)
        share = share[:, None] if axis == 1 else share
        low = planes.take(whole, axis)
        planes = low + (planes.take(beyond, axis) - low) * share
        parts = parts.take(np.minimum((at + 0.5).astype(np.int64), have - 1), axis - 1)
    return Print(np.asarray(planes, np.float32), parts, (one.foot[0] * ratio, one.foot[1] * ratio))
