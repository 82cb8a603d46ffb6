"""Boughs that hang into the picture from above: leaves or needles near the eye, before the light."""

import numpy as np

from imagechat.providers.sketch.canvas.noise import Field, lattice
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.land.conifers import dressed, needle_colour
from imagechat.providers.sketch.land.leaves import Limbs, foliage, forked, snow_upon, wood
from imagechat.providers.sketch.land.stamps import Dots, Grove, stamped

WIDE = 0.95
"""Half the width of a bough's stamp, as a share of its height."""


def boughs_above(sheet: Sheet) -> Grove:
    """Two boughs, one that grows to the right and one to the left."""
    make = leafy_bough if sheet.spec.wood == "deciduous" else needle_bough
    return Grove(sheet, [stamped(make(sheet, f"bough {way}", way), sheet.unit * 0.17, WIDE) for way in (1, -1)])


def leafy_bough(sheet: Sheet, name: str, way: int) -> list[Dots]:
    """A limb that reaches `way` (1 right, -1 left) and forks, with its leaves, or bare in winter."""
    first = Limbs(
        np.array([[-0.95 * way], [0.80], [0.0]], np.float32),
        np.array([[0.62 * way], [-0.10], [0.05]], np.float32),
        np.array([0.030], np.float32),
    )
    limbs = [first]
    for order, forks in enumerate((5, 4, 3, 2)):
        limbs.append(forked(limbs[-1], lattice(key(sheet.seed, name, str(order)), (5, limbs[-1].radius.size * forks)), 0.62))
    groups = [wood(sheet, f"{name} {i}", one, order=max(1, i), birch=False) for i, one in enumerate(limbs)]
    if sheet.snowy:
        groups += [snow_upon(sheet, f"{name} {i}", limbs[i], order=i + 1) for i in range(4)]
    if sheet.spec.season != "winter" and not sheet.snowy:
        groups.append(foliage(sheet, name, limbs[-2:], clump=0.11, leaf=0.0058))
    return [Dots(flattened(one.place), one.colour, one.size) for one in groups]


def flattened(place: Field) -> Field:
    """The bough as it spreads toward the eye: less high than wide."""
    return np.stack([place[0], np.float32(0.52) + (place[1] - np.float32(0.62)) * np.float32(0.58), place[2]])


def needle_bough(sheet: Sheet, name: str, way: int) -> list[Dots]:
    """A drooping bough with side shoots, hung with needles."""
    shoots, along, needles = 34, 26, 12
    draws = lattice(key(sheet.seed, name, "shoots"), (4, shoots, 1, 1))
    fine = lattice(key(sheet.seed, name, "needles"), (3, shoots, along, needles))
    start = (np.arange(shoots, dtype=np.float32)[:, None, None] + np.float32(0.5)) / np.float32(shoots)
    t = (np.arange(along, dtype=np.float32)[None, :, None] + np.float32(0.5)) / np.float32(along)
    length = (np.float32(0.42) + draws[0] * np.float32(0.12)) * (np.float32(1.15) - start * np.float32(0.8))
    spine_x = np.float32(-0.95) + np.float32(1.5) * start
    spine_y = np.float32(0.86) - np.float32(0.10) * start - np.float32(0.22) * start * start
    fall_ = np.where(draws[1] > -0.2, np.float32(-0.62), np.float32(0.12)) + draws[2] * np.float32(0.22)
    x = (spine_x + length * t * np.float32(0.72) + fine[1] * np.float32(0.016)) * np.float32(way)
    hang = fine[0] * fine[0] * (np.float32(0.05) + 0 * t) * (np.float32(1.15) - t)
    y = spine_y + length * fall_ * t * (np.float32(0.5) + t * np.float32(0.5)) - hang + fine[2] * np.float32(0.008)
    place = np.stack([x, y, draws[3] * t * np.float32(0.2) + 0 * x]).reshape(3, -1)
    ones = np.ones_like(hang)
    twigs = (
        place,
        (t * ones).ravel(),
        (hang / np.float32(0.05)).ravel(),
        (ones * way * 0.5).ravel(),
        (draws[3] * ones).ravel(),
        fine[2].ravel(),
    )
    groups = dressed(sheet, twigs, needle_colour(sheet, Chance(sheet.seed, name)))
    return [Dots(one.place, one.colour, one.size * 1.5) for one in groups]


def hang_boughs(sheet: Sheet, trunks: list[tuple[float, float]]) -> None:
    """A bough or two from each trunk (column, haze), above where the eye looks, and from trees beside the picture."""
    if not trunks:
        return
    above = boughs_above(sheet)
    chance = Chance(sheet.seed, "boughs above")
    for i, (x, air) in enumerate(trunks[:2]):
        for number, way in enumerate((1, -1)):
            tall = sheet.unit * chance.between(0.27, 0.36)
            y = chance.between(0.08, 0.30) * sheet.unit
            if chance.happens(0.8):
                above.plant(number, (x + way * tall * (WIDE - 0.04), y + tall * 0.22), tall, air=air, part=290.0 + i)
