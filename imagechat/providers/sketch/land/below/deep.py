"""The deep: the last of the light above, seamounts, a whale or a wreck, and jellyfish that glow."""

from itertools import pairwise

import numpy as np

from imagechat.providers.sketch.canvas.curves import fall, smooth, wave
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.below.body import Water, fill, rays, specks, water
from imagechat.providers.sketch.land.below.solid import Limb, Skin, paint_limbs
from imagechat.providers.sketch.land.ridges import line

GLOWS = ("ff9ad0", "8fe8ff", "c8a0ff", "ffc890", "90ffd8")
WHALE = (
    (-1.0, 0.02, 0.02),
    (-0.75, 0.03, 0.05),
    (-0.4, 0.02, 0.12),
    (0.0, 0.0, 0.19),
    (0.4, 0.0, 0.20),
    (0.75, 0.02, 0.15),
    (0.96, 0.04, 0.08),
)
"""A whale's back from its tail to its head: along, down and the radius there, in half-lengths."""


def paint_deep(sheet: Sheet) -> None:
    """From the far seamounts to the nearest jellyfish."""
    sea = water(sheet)
    chance = Chance(sheet.seed, "deep")
    fill(sheet, sea, 0.30)
    rays(sheet, sea, 0.20, 0.75)
    for number in range(3):
        seamount(sheet, sea, number)
        if number == 1:
            (whale if chance.happens(0.55) else wreck)(sheet, sea, chance)
    specks(sheet, sea, 170, rgb("8ff0ff"))
    swarm(sheet, chance)


def seamount(sheet: Sheet, sea: Water, number: int) -> None:
    """A rise of the bottom: the far ones tall and faint, the near one low and dark."""
    near = number / 2
    shape = line(sheet.seed, f"seamount {number}", sheet.width, (1.5 + number) * sheet.width / sheet.unit, gain=0.5, ridged=number < 2)
    lean = np.arange(sheet.width, dtype=np.float32) / np.float32(sheet.width) - np.float32(0.5)
    side = sheet.composition.side * (1 if number != 1 else -1)
    rise = shape * np.float32(0.10 - 0.02 * number) + lean * np.float32(side * 0.42 * (1 - 0.4 * near)) - np.float32(0.06 - 0.02 * number)
    top = np.float32(sheet.horizon + (sheet.height - sheet.horizon) * 0.32 * number) - rise * np.float32(sheet.unit)
    first = max(0, int(top.min()))
    if first >= sheet.height:
        return
    rows = sheet.rows(first)
    cover = np.clip(rows - top[None, :], 0, 1)
    deep = smooth(0.0, 0.30 * sheet.unit, rows - top[None, :]) * np.float32(0.8)
    body = blend(sea.at(0.72), sea.at(1.0) * np.float32(0.30), 0.25 + 0.7 * near) * np.float32(0.8)
    mist = sea.at(0.9) * np.float32(0.62 - 0.35 * near)
    sheet.mix(np.stack([body[c] + (mist[c] - body[c]) * deep for c in range(3)]), cover, slice(first, None))
    sheet.hide(cover, 602.0 + number, slice(first, None))


def whale(sheet: Sheet, sea: Water, chance: Chance) -> None:
    """A whale against the light, its flukes raised, with a calf at times."""
    facing = chance.sign()
    x, y, size = (0.5 + facing * 0.06) * sheet.width, sheet.horizon * chance.between(0.36, 0.52), sheet.unit * chance.between(0.17, 0.26)
    tilt = chance.between(-0.25, 0.35)
    for scale, right, down, happens in ((1.0, 0.0, 0.0, 1.0), (0.36, -0.35, 0.62, 0.5)):
        if chance.happens(happens):
            place = x + right * size * facing, y + down * size
            skin = Skin(sea.at(0.95) * np.float32(0.75), sea.at(0.5) * np.float32(0.8), 0.80, 0.06, 606.0 + scale)
            paint_limbs(sheet, whale_limbs(place, size * scale, facing, tilt), skin)


def whale_limbs(place: tuple[float, float], size: float, facing: int, tilt: float) -> list[Limb]:
    """Back, flukes, flipper and fin of a whale of half-length `size`."""

    def at(along: float, down: float) -> tuple[float, float]:
        return place[0] + (along * facing) * size, place[1] + (down - along * tilt) * size

    limbs = [(*at(a, b), *at(c, d), thick * size, thin * size) for (a, b, thick), (c, d, thin) in pairwise(WHALE)]
    for start, end, thick, thin in (
        ((-0.98, 0.0), (-1.20, -0.20), 0.035, 0.012),
        ((-0.98, 0.0), (-1.24, 0.10), 0.035, 0.012),
        ((0.42, 0.12), (0.20, 0.40), 0.06, 0.03),
        ((0.20, 0.40), (0.02, 0.52), 0.03, 0.01),
        ((-0.30, -0.10), (-0.42, -0.20), 0.04, 0.01),
    ):
        limbs.append((*at(*start), *at(*end), thick * size, thin * size))
    return limbs


def wreck(sheet: Sheet, sea: Water, chance: Chance) -> None:
    """A ship on the bottom, heeled over, two of its masts still standing."""
    x, y, size = (
        (0.5 - sheet.composition.side * chance.between(0.02, 0.14)) * sheet.width,
        sheet.horizon * 1.02,
        sheet.unit * chance.between(0.20, 0.28),
    )
    heel, facing = chance.between(0.10, 0.24), chance.sign()

    def at(along: float, up: float) -> tuple[float, float]:
        return x + (along + up * heel) * size * facing, y - (up - along * heel * 0.6) * size

    limbs: list[Limb] = []
    for start, end, thick, thin in (
        ((-0.85, 0.02), (0.75, 0.0), 0.11, 0.10),
        ((-0.80, 0.10), (0.85, 0.12), 0.07, 0.05),
        ((-0.70, -0.12), (0.50, -0.12), 0.09, 0.08),
        ((-0.95, 0.25), (-0.55, 0.22), 0.09, 0.05),
        ((0.75, 0.12), (1.10, 0.30), 0.07, 0.02),
        ((1.05, 0.28), (1.45, 0.46), 0.018, 0.010),
        ((-0.35, 0.2), (-0.33, 1.15), 0.026, 0.014),
        ((0.30, 0.2), (0.34, 0.92), 0.026, 0.016),
        ((-0.68, 0.85), (-0.02, 0.80), 0.012, 0.010),
        ((0.02, 0.62), (0.58, 0.70), 0.011, 0.009),
        ((-0.33, 1.12), (-0.95, 0.28), 0.005, 0.005),
        ((0.34, 0.90), (1.35, 0.44), 0.005, 0.005),
        ((-0.33, 1.12), (0.30, 0.26), 0.005, 0.005),
    ):
        limbs.append((*at(*start), *at(*end), thick * size, thin * size))
    paint_limbs(sheet, limbs, Skin(sea.at(1.0) * np.float32(0.20), sea.at(0.85) * np.float32(0.62), 0.70, 0.20, 609.0))


def swarm(sheet: Sheet, chance: Chance) -> None:
    """Jellyfish of one family of colours, small and faint ones first."""
    count = chance.whole(4, 8)
    tint = rgb(chance.choice(GLOWS))
    other = rgb(chance.choice(GLOWS))
    for i in range(count):
        near = (i + 1) / count
        size = sheet.unit * (0.012 + 0.055 * near * near) * chance.between(0.8, 1.2)
        x, y = chance.between(0.06, 0.94) * sheet.width, chance.between(0.12, 0.66) * sheet.height
        jelly(sheet, f"jelly {i}", (x, y, size), blend(tint, other, 0.0 if i % 3 else 0.7), 0.35 + 0.6 * near)


def jelly(sheet: Sheet, name: str, place: tuple[float, float, float], tint: Field, share: float) -> None:
    """One jellyfish: a glow, a bell that is brightest at its rim, ribs, and arms that trail and fade."""
    x, y, size = place
    chance = Chance(sheet.seed, name)
    rows = slice(max(0, int(y - size * 2.4)), max(0, min(sheet.height, int(y + size * 6))))
    columns = slice(max(0, int(x - size * 2.6)), max(0, min(sheet.width, int(x + size * 2.6) + 1)))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return
    lean = chance.between(-0.35, 0.35)
    down = (sheet.rows(rows.start, rows.stop) - np.float32(y)) / np.float32(size)
    right = (sheet.columns()[:, columns] - np.float32(x)) / np.float32(size) + down * np.float32(lean)
    square = right * right + down * down
    halo = np.clip(fall(square * 1.1) - np.float32(0.13), 0, 1) * np.float32(0.34)
    arms = trailing(chance, right, down, size)
    sheet.add(tint, (halo + bell(right, down, size) + arms) * np.float32(share), rows, columns)
    sheet.marks.shine[rows, columns] += bell(right, down, size) * np.float32(0.5 * share)


def bell(right: Field, down: Field, size: float) -> Field:
    """The bell of a jellyfish, its rim scalloped."""
    rim = np.float32(0.28) + np.abs(wave(right * np.float32(2.2))) * np.float32(0.10)
    dome = np.sqrt(right * right + np.where(down < 0, down * down, down * down * np.float32(4)))
    soft = 1.2 / size
    inside = smooth(1 + soft, 1 - soft, dome) * smooth(rim.max() + soft, -soft, down - rim + rim.max())
    ribs = np.float32(0.75) + wave(right / np.clip(np.float32(1.15) - down * down, 0.3, 2) * np.float32(2.6)) * np.float32(0.16)
    return np.asarray(
        inside * (np.float32(0.16) + smooth(0.45, 1.0, dome) * np.float32(0.60) + smooth(0.5, 0.0, dome) * np.float32(0.12)) * ribs,
        np.float32,
    )


def trailing(chance: Chance, right: Field, down: Field, size: float) -> Field:
    """The arms: thin ones from the rim, thick frilled ones from the middle."""
    total = np.zeros((down.shape[0], right.shape[1]), np.float32)
    for i in range(9):
        from_, length = (i - 4) / 4.6, chance.between(2.0, 5.2)
        thick = 0.10 if i in (3, 5) else 0.028
        bend = wave(down * np.float32(chance.between(0.16, 0.34)) + np.float32(chance.unit())) * down * np.float32(0.07)
        away = np.abs(right - np.float32(from_) * (np.float32(1) - down * np.float32(0.07)) - bend) / np.float32(max(thick, 0.7 / size))
        total += np.clip(np.float32(1) - away, 0, 1) * smooth(length, 0.2, down) * smooth(0.0, 0.25, down) * np.float32(0.42)
    return total
