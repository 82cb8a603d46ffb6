"""A forest of kelp: stalks that rise to the surface with leaves on either side, row behind row in the light."""

from functools import lru_cache

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth, wave
from imagechat.providers.sketch.canvas.light import rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.land.below.body import Water, bubbles, fill, rays, specks, surface, water
from imagechat.providers.sketch.land.below.corals import coral
from imagechat.providers.sketch.land.below.fish import paint_school
from imagechat.providers.sketch.land.below.reef import mound, sand
from imagechat.providers.sketch.land.below.solid import in_water

ROWS = ((0.08, 8), (0.30, 6), (0.55, 4), (1.0, 3))
"""For each row of the forest how near it is and how many stalks it has over a square sheet."""
LEAF, LIT = rgb("4a4a1c"), rgb("c8b84a")


def paint_kelp(sheet: Sheet) -> None:
    """Rows of stalks from far to near, rays between them, a clearing where the light comes in."""
    sea = water(sheet)
    chance = Chance(sheet.seed, "kelp")
    fill(sheet, sea)
    surface(sheet, sea, 0.12)
    mound(sheet, sea, 0, 0.2)
    sand(sheet, sea)
    for number, (near, count) in enumerate(ROWS):
        row(sheet, sea, chance, number, near=near, count=count)
        if number == 1:
            rays(sheet, sea, 0.34, 1.0)
            paint_school(sheet, sea, 0, 0.5)
        if number == 2:
            floor(sheet, sea, chance)
            paint_school(sheet, sea, 1, 0.8)
    bubbles(sheet, sea)
    specks(sheet, sea, 90, rgb("7ff0d0") if sheet.night else None)


def floor(sheet: Sheet, sea: Water, chance: Chance) -> None:
    """A few low growths at the foot of the forest."""
    for i in range(4):
        near = 0.35 + 0.15 * i
        base = sheet.horizon + (sheet.height - sheet.horizon) * (0.2 + 0.75 * near)
        coral(sheet, sea, chance, (chance.unit() * sheet.width, base, sheet.unit * 0.07 * (0.5 + near)), near=near * 0.8, part=670.0 + i)


def row(sheet: Sheet, sea: Water, chance: Chance, number: int, *, near: float, count: int) -> None:
    """The stalks of one row, spread unevenly; the nearest leave the middle free."""
    wide = max(1, round(count * sheet.width / sheet.unit))
    for i in range(wide):
        place = (i + chance.between(0.1, 0.9)) / wide
        if near > 0.9:
            place = place * 0.5 if sheet.composition.side < 0 else 1 - place * 0.5
            place = 0.5 + (place - 0.5) * 1.15 if i else 0.5 - sheet.composition.side * 0.46
        foot = sheet.horizon + (sheet.height - sheet.horizon) * (0.05 + 1.2 * near)
        stalk(sheet, sea, (number, i), (place * sheet.width, min(foot, sheet.height * 1.05)), near)


def stalk(sheet: Sheet, sea: Water, name: tuple[int, int], foot: tuple[float, float], near: float) -> None:
    """One stalk with its leaves, painted in the strip that it sways in."""
    chance = Chance(sheet.seed, f"stalk {name[0]} {name[1]}")
    reach = sheet.unit * (0.026 + 0.062 * near) * chance.between(0.8, 1.2)
    sway, turns = sheet.unit * (0.02 + 0.05 * near) * chance.between(0.5, 1.2), chance.between(0.5, 0.9) / sheet.height
    last = int(min(sheet.height, foot[1]))
    top = 0 if chance.happens(0.7) else int(sheet.height * chance.between(0.08, 0.4))
    if top >= last:
        return
    draws = chance.unit(), chance.between(0.32, 0.42) * reach
    for first in range(top, last, max(16, sheet.height // 8)):
        rows = sheet.rows(first, min(last, first + max(16, sheet.height // 8)))
        middle = np.float32(foot[0]) + wave(rows * np.float32(turns) + np.float32(draws[0])) * np.float32(sway)
        window = slice(first, first + len(rows)), slice(*reached(sheet, middle, reach))
        if window[1].start < window[1].stop:
            off = sheet.columns()[:, window[1]] - middle
            cover, light = leaves(sheet.seed, off, rows, (reach, draws[1], near))
            ending = smooth(0.0, 0.05 * sheet.height, rows - top) if top else np.float32(1)
            stem = smooth(1.0, 0.4, np.abs(off) / np.float32(max(0.8, reach * 0.045)))
            dress(sheet, sea, (np.maximum(cover * ending, stem), light), window, (near, 630.0 + name[0] * 8 + name[1] % 6))


def reached(sheet: Sheet, middle: Field, reach: float) -> tuple[int, int]:
    """The columns that leaves of that reach can touch."""
    return max(0, int(middle.min() - reach) - 1), max(0, min(sheet.width, int(middle.max() + reach) + 2))


def leaves(seed: int, off: Field, rows: Field, sizes: tuple[float, float, float]) -> tuple[Field, Field]:
    """(cover, light) of the leaves beside a stalk; `sizes`: their reach, the step between them, how near they are."""
    reach, step, near = sizes
    left = off < 0
    away = np.abs(off) * np.float32(1 / reach)
    at = (np.float32(1.35) - away * np.float32(0.6)) * away * np.float32(0.95 * reach / step)
    at += rows * np.float32(1 / step)
    at += left * np.float32(0.5)
    number = np.floor(at)
    odd = leaf_draws(seed).take((number.astype(np.int32) * 2 + left) & 511)
    share = away / (odd * np.float32(0.45) + np.float32(0.55))
    thick = np.minimum(share * np.float32(6), 1)
    share *= np.float32(-1.5)
    share += np.float32(1.5)
    thick *= np.minimum(np.maximum(share, 0, out=share), 1, out=share)
    thick *= np.float32(0.36)
    odd -= np.float32(0.5)
    at -= number
    at += odd * np.float32(0.25) - np.float32(0.5)
    middle = np.abs(at)
    cover = (thick - middle) * np.float32(step / 1.1)
    cover += np.float32(0.5)
    np.minimum(np.maximum(cover, 0, out=cover), 1, out=cover)
    cover *= thick > 0.02
    light = odd * np.float32(0.5) - at * np.float32(1.6)
    light -= np.maximum(np.float32(0.05) - middle, 0) * np.float32(6 * near)
    light += np.float32(0.55)
    return cover, np.minimum(np.maximum(light, 0, out=light), 1, out=light)


@lru_cache(maxsize=2)
def leaf_draws(seed: int) -> Field:
    """What tells one leaf from another, 0 to 1."""
    return lattice(key(seed, "kelp leaves"), (512,)) * np.float32(0.5) + np.float32(0.5)


def dress(sheet: Sheet, sea: Water, shape: tuple[Field, Field], window: tuple[slice, slice], place: tuple[float, float]) -> None:
    """Lay a stalk in: green gold where light comes through its leaves, lost in blue when far, dark when nearest."""
    (cover, light), (rows, columns), (near, part) = shape, window, place
    high = smooth(0.9, 0.05, sheet.rows()[rows] / np.float32(sheet.height))
    dark, lit = (in_water(tint, sea.at(0.4), sea.bright) for tint in (LEAF, LIT))
    dim = np.float32(1.0 - 0.45 * max(0.0, near - 0.6) / 0.4)
    air, seen = sea.at(0.42), np.float32(0.30 + 0.65 * near)
    glow = light * (np.float32(0.25) + high * np.float32(0.75)) * dim
    for c in range(3):
        tone = glow * ((lit[c] - dark[c]) * seen) + (air[c] + (dark[c] * dim - air[c]) * seen)
        part_of = sheet.rgb[c, rows, columns]
        tone -= part_of
        tone *= cover
        part_of += tone
    sheet.hide(cover, part, rows, columns)
