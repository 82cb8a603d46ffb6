"""A forest of kelp: stalks that rise to the surface with leaves on either side, row behind row in the light."""

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
    away = np.abs(off) / np.float32(reach)
    climb = np.float32(0.95) * away * (np.float32(1.35) - away * np.float32(0.6))
    at = rows / np.float32(step) + climb * np.float32(reach / step) + np.where(off < 0, np.float32(0.5), np.float32(0))
    number = np.floor(at)
    draws = lattice(key(seed, "kelp leaves"), (512,))
    odd = draws.take((number.astype(np.int32) * 2 + (off < 0)) & 511) * np.float32(0.5) + np.float32(0.5)
    length = np.float32(0.55) + odd * np.float32(0.45)
    share = away / length
    thick = np.clip(share * np.float32(6), 0, 1) * np.clip((np.float32(1) - share) * np.float32(1.5), 0, 1) * np.float32(0.36)
    inside = at - number - np.float32(0.5) + (odd - np.float32(0.5)) * np.float32(0.25)
    soft = np.float32(1.1 / step)
    cover = np.clip((thick - np.abs(inside)) / soft + np.float32(0.5), 0, 1) * (thick > 0.02)
    light = np.float32(0.55) - inside * np.float32(1.6) + (odd - np.float32(0.5)) * np.float32(0.5)
    light -= np.clip(np.float32(0.05) - np.abs(inside), 0, 1) * np.float32(6 * near)
    return np.asarray(cover, np.float32), np.clip(light, 0, 1)


def dress(sheet: Sheet, sea: Water, shape: tuple[Field, Field], window: tuple[slice, slice], place: tuple[float, float]) -> None:
    """Lay a stalk in: green gold where light comes through its leaves, lost in blue when far, dark when nearest."""
    (cover, light), (rows, columns), (near, part) = shape, window, place
    high = smooth(0.9, 0.05, sheet.rows()[rows] / np.float32(sheet.height))
    dark, lit = (in_water(tint, sea.at(0.4), sea.bright) for tint in (LEAF, LIT))
    dim = np.float32(1.0 - 0.45 * max(0.0, near - 0.6) / 0.4)
    air, seen = sea.at(0.42), np.float32(0.30 + 0.65 * near)
    glow = light * (np.float32(0.25) + high * np.float32(0.75)) * dim
    sheet.mix(np.stack([air[c] + (dark[c] * dim + (lit[c] - dark[c]) * glow - air[c]) * seen for c in range(3)]), cover, rows, columns)
    sheet.hide(cover, part, rows, columns)
