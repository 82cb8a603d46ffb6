"""Fish in schools, and a turtle at times."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.below.body import Water
from imagechat.providers.sketch.land.below.solid import Skin, in_water, paint_limbs

COATS = ("f2b03c", "e87a3c", "e8e4d8", "8fb8e8", "f0d860", "d86a8a")


def paint_school(sheet: Sheet, sea: Water, number: int, near: float) -> None:
    """Many small fish that turn one way, in a drawn-out swarm; near ones are fewer and have colour."""
    chance = Chance(sheet.seed, f"school {number}")
    facing = chance.sign()
    x, y = chance.between(0.3, 0.7) * sheet.width, sheet.horizon * chance.between(0.42, 0.72)
    wide, tall = sheet.unit * chance.between(0.14, 0.26), sheet.unit * chance.between(0.03, 0.07)
    coat = in_water(rgb(chance.choice(COATS)), sea.at(0.4), sea.bright)
    far = blend(sea.at(0.45), sea.at(1.0), 0.55)
    tint = blend(far, coat, near)
    for _ in range(round(44 - 26 * near)):
        off = chance.between(-1, 1) + chance.between(-1, 1)
        size = sheet.unit * (0.006 + 0.013 * near) * chance.between(0.7, 1.2)
        lift = (chance.between(-1, 1) + chance.between(-1, 1)) * tall + off * wide * 0.16 * facing
        fish(sheet, (x + off * wide, y + lift), size, facing, tint=tint, near=near)


def fish(sheet: Sheet, place: tuple[float, float], size: float, facing: int, *, tint: Field, near: float) -> None:
    """One fish of half-length `size`: a lens for the body, a forked tail, a dark back and a light belly."""
    x, y = place
    rows = slice(max(0, int(y - size)), max(0, min(sheet.height, int(y + size) + 2)))
    columns = slice(max(0, int(x - size * 1.7)), max(0, min(sheet.width, int(x + size * 1.7) + 2)))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return
    along = (sheet.columns()[:, columns] - np.float32(x)) / np.float32(size * facing)
    down = (sheet.rows(rows.start, rows.stop) - np.float32(y)) / np.float32(size)
    soft = 1.0 / size
    half = np.clip(np.float32(1) - along * along, 0, 1) * (np.float32(0.40) + along * np.float32(0.06))
    body = smooth(soft, -soft, np.abs(down) - half) * (half > 0)
    fork = np.clip((-along - np.float32(0.75)) * np.float32(0.85), 0, 0.5) * (along > -1.5)
    notch = np.clip((-along - np.float32(1.1)) * np.float32(0.9), 0, 1)
    tail = smooth(soft, -soft, np.abs(down) - fork) * smooth(-soft, soft, np.abs(down) - notch) * (fork > 0)
    cover = np.maximum(body, tail)
    level = np.float32(0.80) - np.clip(-down * 1.2, -0.5, 0.5) * np.float32(0.5)
    if size > 7:
        stripe = smooth(0.16, 0.08, np.abs(along - np.float32(0.3))) + smooth(0.14, 0.07, np.abs(along + np.float32(0.25)))
        level = level * (np.float32(1) - np.clip(stripe, 0, 1) * np.float32(0.55))
    sheet.mix(tint[:, None, None] * level, cover * np.float32(0.35 + 0.6 * near), rows, columns)
    sheet.hide(cover * np.float32(near), 607.0, rows, columns)


def paint_turtle(sheet: Sheet, sea: Water) -> None:
    """A turtle that glides toward the light, dark against it."""
    chance = Chance(sheet.seed, "turtle")
    x, y, size = chance.between(0.34, 0.66) * sheet.width, sheet.horizon * chance.between(0.36, 0.52), sheet.unit * 0.075
    facing = -sheet.composition.side
    skin = Skin(in_water(rgb("5a6a4a"), sea.at(0.4), sea.bright) * np.float32(0.8), sea.at(0.45), 0.72, 0.22, 608.0)

    def at(along: float, down: float) -> tuple[float, float]:
        return x + along * size * facing, y + (down - along * 0.30) * size

    limbs = []
    for start, end, thick, thin in (
        ((0.20, -0.02), (-0.16, 0.02), 0.38, 0.34),
        ((-0.10, 0.02), (-0.66, 0.10), 0.31, 0.05),
        ((0.40, 0.0), (0.72, -0.02), 0.12, 0.09),
        ((0.72, -0.02), (0.80, -0.02), 0.115, 0.10),
        ((0.45, 0.15), (0.15, 0.75), 0.14, 0.10),
        ((0.15, 0.75), (-0.35, 1.15), 0.10, 0.03),
        ((0.5, -0.2), (0.35, -0.75), 0.10, 0.06),
        ((0.35, -0.75), (0.05, -1.0), 0.06, 0.02),
        ((-0.6, 0.12), (-1.0, 0.42), 0.10, 0.05),
        ((-0.7, 0.0), (-1.05, 0.05), 0.08, 0.03),
    ):
        limbs.append((*at(*start), *at(*end), thick * size, thin * size))
    paint_limbs(sheet, limbs, skin)
