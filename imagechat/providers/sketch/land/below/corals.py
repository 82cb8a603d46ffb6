"""Corals of six kinds, each grown as limbs from its foot."""

import numpy as np

from imagechat.providers.sketch.canvas.light import rgb
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.below.body import Water
from imagechat.providers.sketch.land.below.solid import Limb, Skin, in_water, paint_limbs

INKS = ("e8744a", "d94a6e", "e8b04a", "a05ac0", "d8d0b8", "5aa890", "e08aa8", "c0583a", "7a86d0")
Foot = tuple[float, float, float]
"""Where a coral grows: x, y of its foot and its height in pixels."""


def coral(sheet: Sheet, sea: Water, chance: Chance, foot: Foot, *, near: float, part: float) -> None:
    """One coral of a kind and colour by chance, on a small rock."""
    grown = chance.choice((branches, branches, fan, tubes, dome, table, grass))
    tint = in_water(rgb(chance.choice(INKS)), sea.at(0.5), sea.bright)
    seen = 0.25 + 0.72 * near
    stone = Skin(in_water(rgb("6a6258"), sea.at(0.6), sea.bright) * np.float32(0.7), sea.at(0.64), seen, 0.25, part)
    x, y, size = foot
    rock = [
        (x - size * 0.5, y + size * 0.24, x + size * 0.05, y + size * 0.20, size * 0.16, size * 0.24),
        (x, y + size * 0.2, x + size * 0.6, y + size * 0.27, size * 0.22, size * 0.12),
    ]
    paint_limbs(sheet, rock, stone)
    paint_limbs(sheet, grown(chance, (x, y + size * 0.05, size)), Skin(tint, sea.at(0.64), seen, 0.16, part + 0.5))


def branches(chance: Chance, foot: Foot) -> list[Limb]:
    """A bush that forks again and again."""
    x, y, size = foot
    found: list[Limb] = []
    ends = [(x, y, chance.between(-0.2, 0.2) + lean, size * 0.30, size * 0.060) for lean in (-0.75, -0.25, 0.25, 0.75)]
    for _ in range(3 if size < 60 else 4):
        grown = []
        for left, low, lean, length, thick in ends:
            right, up = left + lean * length, low - length * (1 - 0.35 * lean * lean)
            found.append((left, low, right, up, thick, thick * 0.8))
            grown += [(right, up, lean * 0.8 + turn * chance.between(0.25, 0.6), length * 0.74, thick * 0.76) for turn in (-1, 1)]
        ends = grown
    return found


def fan(chance: Chance, foot: Foot) -> list[Limb]:
    """A flat net of thin twigs that spreads from one stem."""
    x, y, size = foot
    found: list[Limb] = [(x, y, x, y - size * 0.2, size * 0.045, size * 0.035)]
    for i in range(9):
        lean = (i - 4) / 4 * 0.95 + chance.between(-0.05, 0.05)
        left, low, thick = x, y - size * 0.16, size * 0.026
        reach = size * 0.24 * (1.05 - 0.35 * abs(lean)) * chance.between(0.85, 1.1)
        for _ in range(4):
            right, up = left + lean * reach * 0.8, low - reach * (1 - 0.45 * lean * lean)
            found.append((left, low, right, up, thick, thick * 0.8))
            twig = chance.sign() * size * chance.between(0.06, 0.11)
            found.append((right, up, right + twig, up - abs(twig) * 0.7, thick * 0.7, thick * 0.5))
            left, low, lean, thick = right, up, lean * 0.9 + chance.between(-0.16, 0.16), thick * 0.8
    return found


def tubes(chance: Chance, foot: Foot) -> list[Limb]:
    """A cluster of sponges like organ pipes."""
    x, y, size = foot
    found: list[Limb] = []
    for _ in range(chance.whole(4, 7)):
        off, tall = chance.between(-0.34, 0.34), chance.between(0.45, 1.0)
        thick = size * chance.between(0.07, 0.11)
        foot_x, top_x = x + off * size * 0.6, x + off * size * 1.3
        found.append((foot_x, y, top_x, y - tall * size, thick * 0.75, thick))
    return found


def dome(chance: Chance, foot: Foot) -> list[Limb]:
    """Round heads that lean against each other."""
    x, y, size = foot
    found: list[Limb] = []
    for _ in range(chance.whole(2, 4)):
        off, radius = chance.between(-0.4, 0.4) * size, size * chance.between(0.22, 0.40)
        found.append((x + off - radius * 0.3, y, x + off + radius * 0.3, y, radius, radius * 0.95))
    return found


def table(chance: Chance, foot: Foot) -> list[Limb]:
    """A flat crown of short fingers on a leaning stem, a smaller one beside it."""
    x, y, size = foot
    found: list[Limb] = []
    for i in range(2):
        wide, up, off = size * chance.between(0.45, 0.70) * (1 - 0.45 * i), size * (0.62 - 0.28 * i), (i * 0.5 - 0.1) * size * chance.sign()
        found.append((x, y, x + off, y - up, size * 0.09, size * 0.07))
        found.append((x + off - wide, y - up - size * 0.06, x + off, y - up, size * 0.022, size * 0.05))
        found.append((x + off, y - up, x + off + wide, y - up - size * 0.05, size * 0.05, size * 0.022))
        for _ in range(12):
            at = chance.between(-0.95, 0.95)
            right, low, lean = x + off + at * wide, y - up - abs(at) * size * 0.05, at * size * 0.05
            found.append((right, low, right + lean, low - size * chance.between(0.07, 0.15), size * 0.026, size * 0.014))
    return found


def grass(chance: Chance, foot: Foot) -> list[Limb]:
    """Soft arms that all bend with the same swell."""
    x, y, size = foot
    found: list[Limb] = []
    sway = chance.between(-0.5, 0.5)
    for _ in range(15):
        left, low, lean = x + chance.between(-0.3, 0.3) * size, y, chance.between(-0.5, 0.5)
        thick, length = size * chance.between(0.020, 0.034), size * chance.between(0.16, 0.26)
        for _ in range(3):
            right, up = left + lean * length, low - length
            found.append((left, low, right, up, thick, thick * 0.85))
            left, low, lean, thick = right, up, lean + sway * 0.5, thick * 0.85
    return found
