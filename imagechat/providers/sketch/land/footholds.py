"""Where things can stand on a surface in perspective, and the trees that are set on it one by one."""

import numpy as np

from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.copses import Copse
from imagechat.providers.sketch.land.grain import FOCUS
from imagechat.providers.sketch.land.relief import Seen, View

STRIPS = 9
LEAST = 5
"""How many spots there are at least."""


def in_sight(sheet: Sheet, at: View, height: Field, good: Field) -> tuple[Field, Field]:
    """(the row of each point of the ground, whether it is `good`, dry and in sight)."""
    screen = np.float32(sheet.horizon) - (np.maximum(height, 0) - np.float32(at.eye)) / at.depth * np.float32(sheet.unit * FOCUS)
    sight = screen <= np.minimum.accumulate(screen, axis=0) + np.float32(0.004 * sheet.unit)
    return screen, good & sight & (screen < sheet.height * 0.97) & (height > 0.002)


def plant(sheet: Sheet, at: View, height: Field, good: Field, how: tuple[int, float, float]) -> None:
    """Trees where the ground is `good`, the far ones first; `how`: (how many, metres high, the number of the land's first part)."""
    count, tall, part = how
    screen, fit = in_sight(sheet, at, height, good)
    places = np.flatnonzero(fit)
    if not len(places):
        return
    chance, copse = Chance(sheet.seed, "planted"), Copse(sheet)
    columns = at.x.shape[1]
    count = int(count * min(2.0, sheet.width / sheet.unit))
    chosen = [(int(places[int(chance.unit() * len(places))]), chance.between(0.6, 1.15), chance.whole(0, 99)) for _ in range(count)]
    for place, size, number in sorted(chosen, reverse=True):
        one, column = divmod(place, columns)
        deep = float(at.depth[one, 0])
        pixels = tall * size * at.metre * sheet.unit * FOCUS / deep
        foot = column / (columns - 1) * (sheet.width - 1), float(screen[one, column]) + pixels * 0.04
        copse.plant(number, foot, pixels, min(0.8, deep * 0.07), part + one * 10 / len(at.depth))


def offer_land(sheet: Sheet, at: View, height: Field, good: Field, footing: str = "land") -> None:
    """Spots on ground that is `good` to stand on and in sight, in nine strips of the picture, at depths by the seed; where that is too
    little, on any dry ground in sight, so that both halves of the picture have two as far as they have land.
    """
    chance = Chance(sheet.seed, "footholds")
    screen, fit = in_sight(sheet, at, height, good)
    found: list[tuple[int, int]] = []
    for strip in range(STRIPS):
        column = int((strip + chance.between(0.3, 0.7)) / STRIPS * (at.x.shape[1] - 1))
        slices, draw = np.flatnonzero(fit[:, column]), chance.unit()
        if len(slices):
            found.append((int(slices[int(draw * len(slices))]), column))
    _, dry = in_sight(sheet, at, height, height > np.float32(0.006))
    for one, column in [*found, *spare(Chance(sheet.seed, "more footholds"), (fit, dry), found)]:
        x, deep = column / (at.x.shape[1] - 1) * (sheet.width - 1), float(at.depth[one, 0])
        scale = sheet.unit * FOCUS / deep
        sheet.offer(footing, x, float(screen[one, column]), scale * at.metre, min(0.7, deep * 0.08))


def spare(chance: Chance, grounds: tuple[Field, ...], found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """More (row, column) places beside those `found`, on the first of the `grounds` that has any: two in each half, five in all."""
    width = grounds[0].shape[1]
    more: list[tuple[int, int]] = []
    for first, last, least in ((0, width // 2, 2), (width // 2, width, 2), (0, width, LEAST)):
        for ground in grounds:
            places = np.flatnonzero(ground[:, first:last])
            have = sum(first <= column < last for _, column in (*found, *more))
            for _ in range(least - have if len(places) else 0):
                row, column = divmod(int(places[int(chance.unit() * len(places))]), last - first)
                more.append((row, first + column))
    return more


def offer_water(sheet: Sheet, at: View, seen: Seen) -> None:
    """Spots on the water that is seen, far from the shore where it is wide: one in each strip, at least two in each half of the picture."""
    chance = Chance(sheet.seed, "moorings")
    low, high = max(sheet.horizon + sheet.unit // 18, seen.top), int(sheet.height * 0.9)
    wet = seen.land[low - seen.top : high - seen.top] < 0.5
    found = [one for strip in range(STRIPS) if (one := mooring(sheet, seen, (wet, low), (strip + chance.between(0.3, 0.7), chance.unit())))]
    for row, column in [*found, *((low + row, column) for row, column in spare(Chance(sheet.seed, "more moorings"), (wet,), found))]:
        deep = at.eye * sheet.unit * FOCUS / max(1, row - sheet.horizon)
        sheet.offer("water", column, row, sheet.unit * FOCUS / deep * at.metre, min(0.6, deep * 0.06))


def mooring(sheet: Sheet, seen: Seen, water: tuple[Field, int], draws: tuple[float, float]) -> tuple[int, int] | None:
    """(row, column) of free water in one strip, or None; `water`: (where it is wet, the first row), `draws`: (strips from the left, how
    near).
    """
    (wet, low), (strip, draw) = water, draws
    column = int(min(0.93, max(0.07, strip / STRIPS)) * sheet.width)
    rows = np.flatnonzero(wet[:, column])
    if len(rows) <= sheet.unit // 40:
        return None
    row = low + int(rows[int(draw * draw * len(rows) * 0.8)])
    return (row, column) if beside(seen, row, column, sheet.unit // 24) else None


def beside(seen: Seen, row: int, column: int, reach: int) -> bool:
    """Whether there is nothing but water `reach` pixels around."""
    first = max(0, row - seen.top - reach // 4)
    return not bool((seen.land[first : row - seen.top + reach // 4, max(0, column - reach) : column + reach] > 0.5).any())
