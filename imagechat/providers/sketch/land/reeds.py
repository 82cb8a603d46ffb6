"""The near edge of a lake: reeds that bend over the water, and the leaves of water lilies upon it."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance

PART = 470.0
STEMS = {"spring": "7f9048", "summer": "6b7d3c", "autumn": "b08a4a", "winter": "a89468"}
LILY = rgb("5d7f42")


def paint_reeds(sheet: Sheet) -> None:
    """Lilies in drifts, reeds thick at one corner and thin toward the middle, a few at the other."""
    chance = Chance(sheet.seed, "reeds")
    lilies(sheet, Chance(sheet.seed, "lilies"))
    stand_reeds(sheet, chance, 170)


def stand_reeds(sheet: Sheet, chance: Chance, count: int) -> None:
    """So many reeds, three of four at the side that bears the picture's weight."""
    side = sheet.composition.side
    for _ in range(count):
        draw = chance.unit()
        mine = side if chance.happens(0.74) else -side
        inward = draw * draw * (0.52 if mine == side else 0.30)
        blade(sheet, chance, 0.5 + mine * (0.52 - inward) * 1.0, (inward, 1.0 if mine == side else 0.7))


def tones(sheet: Sheet) -> tuple[Field, Field]:
    """(lit, dark) of a reed: warm stems by daylight, dark ones before a low sun."""
    stem = rgb(STEMS.get(sheet.spec.season, STEMS["summer"]))
    day = 0.9 if sheet.bright else 0.30
    lit = stem * (sheet.light.key * np.float32(day) + sheet.light.fill * np.float32(0.35))
    return lit, blend(stem, sheet.light.fill, 0.3) * sheet.light.fill * np.float32(0.55)


def blade(sheet: Sheet, chance: Chance, x: float, where: tuple[float, float], *, grass: bool = False) -> None:
    """One reed: it rises, leans and bows at its tip; every third bears a brown head. Grass has none and bows further."""
    inward, size = where
    tall = sheet.unit * (0.36 - 0.42 * inward) * size * chance.between(0.45, 1.0)
    foot = sheet.height * (1.01 - 0.02 * chance.unit()) - sheet.unit * 0.05 * chance.unit()
    lean, bow, thick = chance.between(-0.10, 0.10), chance.between(-0.16, 0.16), max(0.5, sheet.unit * chance.between(0.0010, 0.0024))
    tone, head = chance.unit(), chance.happens(0.0 if grass else 0.3)
    if grass:
        lean, bow = lean * 2.6, bow * 3.2
    first, last = max(sheet.horizon // 2, int(foot - tall)), min(sheet.height, int(foot) + 1)
    if first >= last:
        return
    up = (np.float32(foot) - np.arange(first, last, dtype=np.float32)) / np.float32(tall)
    line = np.float32(x * sheet.width) + (up * np.float32(lean) + up * up * np.float32(bow)) * np.float32(tall)
    left, right = max(0, int(line.min() - thick * 4) - 1), min(sheet.width, int(line.max() + thick * 4) + 2)
    if left >= right:
        return
    width = np.float32(thick) * (np.float32(1.15) - up)
    if head:
        width = width + smooth(0.80, 0.83, up) * smooth(0.97, 0.94, up) * np.float32(thick * 1.6)
    off = np.abs(np.arange(left, right, dtype=np.float32)[None, :] - line[:, None])
    cover = np.clip(width[:, None] - off + np.float32(0.5), 0, 1)
    lit, dark = tones(sheet)
    sheet.mix(blend(dark, lit, 0.15 + 0.75 * tone), cover, slice(first, last), slice(left, right))
    sheet.hide(cover, PART, slice(first, last), slice(left, right))


def lilies(sheet: Sheet, chance: Chance) -> None:
    """Drifts of round leaves, flat upon the water, larger toward the eye."""
    ground = sheet.height - sheet.horizon
    for _ in range(chance.whole(3, 5)):
        x, down = 0.5 + sheet.composition.side * chance.between(-0.35, 0.42), chance.between(0.35, 0.9)
        for _ in range(chance.whole(7, 15)):
            off, deep = chance.between(-1, 1), min(1.0, max(0.2, down + chance.between(-0.09, 0.09)))
            place = (x + off * 0.16) * sheet.width, sheet.horizon + ground * deep
            leaf(sheet, place, sheet.unit * 0.030 * deep * chance.between(0.55, 1.0), (chance.unit(), chance.between(-1, 1)))


def leaf(sheet: Sheet, at: tuple[float, float], size: float, turn: tuple[float, float]) -> None:
    """One leaf, `size` pixels to each side, with its notch, a lit rim and its shadow below."""
    x, y = at
    flat = size * 0.30
    first, last = max(sheet.horizon, int(y - flat) - 1), min(sheet.height, int(y + flat * 1.3) + 2)
    left, right = max(0, int(x - size) - 1), min(sheet.width, int(x + size) + 2)
    if first >= last or left >= right:
        return
    across = (np.arange(left, right, dtype=np.float32)[None, :] - np.float32(x)) / np.float32(size)
    down = (np.arange(first, last, dtype=np.float32)[:, None] - np.float32(y)) / np.float32(flat)
    square = across * across + down * down
    notch = (np.abs(across - np.float32(turn[1]) * down * np.float32(0.5)) < np.float32(0.16) * down) & (down > 0)
    cover = smooth(1.0, 1.0 - min(0.9, 3.0 / size), square) * np.where(notch, np.float32(0), np.float32(1))
    window = slice(first, last), slice(left, right)
    shade = smooth(1.2, 0.8, across * across + (down - np.float32(0.3)) * (down - np.float32(0.3)))
    sheet.mix(sheet.light.deep * np.float32(0.5), shade * np.float32(0.45), *window)
    level = 0.75 if sheet.bright else 0.34
    green = blend(LILY, rgb("93a85a"), turn[0] * 0.6) * (sheet.light.key * np.float32(level) + sheet.light.fill * np.float32(0.30))
    tint = np.float32(0.84) + square * np.float32(0.26) - down * np.float32(0.06)
    sheet.mix(np.stack([green[c] * tint for c in range(3)]), cover, *window)
    sheet.hide(cover, PART + 2, *window)
