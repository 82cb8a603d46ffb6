"""Trees and bushes far off: crowns of a few dozen dabs each, lit from the sun's side."""

import numpy as np

from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import key
from imagechat.providers.sketch.land.dabs import lay
from imagechat.providers.sketch.land.foliage import dimmed
from imagechat.providers.sketch.land.pasture import season
from imagechat.providers.sketch.land.slopes import Stand, air, haze, strengths, sunward
from imagechat.providers.sketch.land.stamps import Dots, stamped
from imagechat.providers.sketch.land.tufts import Stock

LEAVES = {"spring": ("46702c", "7fa43c"), "summer": ("2f5226", "64862f"), "autumn": ("8a4a20", "d08a30"), "winter": ("4c4438", "6a5e4c")}
DABS, BULGES, LEAVES_EACH = 6, 9, 130
LARGE = 0.0045
"""From this share of the short side on, a crown is drawn leaf by leaf."""
Tones = tuple[Field, Field]
"""Dark and light leaves."""
CONIFER = ("22402c", "3e6038")


def leaf_colours(sheet: Sheet) -> tuple[Field, Field]:
    """(dark, light) leaves of the season and wood."""
    dark, light = (rgb(text) for text in (CONIFER if sheet.spec.wood == "conifer" else LEAVES[season(sheet)]))
    dark, light = dimmed(sheet, dark), dimmed(sheet, light)
    if sheet.snowy:
        dark, light = blend(dark, rgb("8c94a4"), 0.25), blend(light, rgb("e6ecf6"), 0.75)
    return dark, light


def crowns(sheet: Sheet, name: str, at: Stand, tall: Field, *, slim: float = 0.8, part: float, tones: Tones | None = None) -> None:
    """Crowns `tall` metres high standing on the ground, the far ones first; `slim`: width for each height."""
    shown = at.row - at.metre * tall * np.float32(0.75) < at.limit
    large = at.metre * tall > sheet.unit * LARGE
    colours = tones or leaf_colours(sheet)
    small = np.flatnonzero(shown & ~large)
    if small.size:
        dabbed(sheet, name, at.some(small), tall[small], slim=slim, part=part, tones=colours)
    near = np.flatnonzero(shown & large)
    if near.size:
        planted(sheet, name, at.some(near), tall[near], slim=slim, part=part, tones=colours)


def dabbed(sheet: Sheet, name: str, at: Stand, tall: Field, *, slim: float, part: float, tones: Tones) -> None:
    """Small crowns, each of a dozen dabs."""
    count = len(tall)
    ball, grain = cloud(sheet, name, DABS)
    own = lattice(key(sheet.seed, name, "trees"), (3, count)) * np.float32(0.5) + np.float32(0.5)
    which = np.clip(own[0] * 8, 0, 7).astype(np.int32)
    ball, grain = ball[:, which], grain[which]
    high = (tall * at.metre)[:, None]
    x = at.column[:, None] + ball[0] * np.float32(slim * 0.42) * high
    y = at.row[:, None] - high * np.float32(0.53) + ball[1] * np.float32(0.40) * high
    radius = np.maximum(high * np.float32(0.95 / DABS**0.5 * min(1.0, slim * 1.25)) + 0 * x, np.float32(0.35)).ravel()
    tint = hazed(sheet, shaded(sheet, ball, grain, own[1], tones), at.depth).reshape(3, -1)
    lay(sheet, x.ravel(), y.ravel(), radius, tint, part=part, limit=np.repeat(at.limit, DABS))


def cloud(sheet: Sheet, name: str, dabs: int) -> tuple[Field, Field]:
    """(places in a ball, grain) of the dabs of eight crowns, (3, 8, dabs) and (8, dabs), the back ones first."""
    draws = lattice(key(sheet.seed, name, "leaves"), (4, dabs * 8)).reshape(4, 8, dabs)
    order = np.argsort(draws[2], axis=1, kind="stable")
    draws = np.take_along_axis(draws, np.broadcast_to(order, draws.shape), axis=2)
    length = np.sqrt(draws[0] * draws[0] + draws[1] * draws[1] + draws[2] * draws[2])
    return draws[:3] / np.maximum(length, np.float32(0.75)), draws[3]


def planted(sheet: Sheet, name: str, at: Stand, tall: Field, *, slim: float, part: float, tones: Tones) -> None:
    """Large crowns: six are drawn leaf by leaf, every tree is one of them."""
    most = float(np.clip((at.metre * tall).max(), 4, sheet.unit * 0.12))
    stock = Stock(sheet, [stamped([leaves(sheet, f"{name} {i}", slim, tones)], most, max(0.3, slim * 0.62)) for i in range(5)])
    high, veil = at.metre * tall, air(sheet, at.depth)
    for i in range(len(tall)):
        foot = float(at.column[i]), float(at.row[i] + high[i] * np.float32(0.03))
        stock.put(i * 5 + i // 7, foot, float(high[i]), air=float(veil[i]), limit=float(at.limit[i]), part=part + 0.5 * (i % 5))


def leaves(sheet: Sheet, name: str, slim: float, tones: Tones) -> Dots:
    """One crown of some bulges, one high, to be seen from the front."""
    draws = lattice(key(sheet.seed, name, "large"), (5, BULGES, LEAVES_EACH))
    middles = lattice(key(sheet.seed, name, "bulges"), (4, BULGES))[:, :, None]
    length = np.sqrt(draws[0] * draws[0] + draws[1] * draws[1] + draws[2] * draws[2])
    ball = draws[:3] / np.maximum(length, np.float32(0.8))
    wide = np.float32(slim * 0.42)
    size = np.float32(0.44) + middles[3] * np.float32(0.12)
    place = middles[:3] * np.float32(0.62) + ball * size
    upright = -place[1]
    lowest, highest = upright.min(), upright.max()
    upright = (upright - lowest) * np.float32(0.985 / float(highest - lowest))
    facing = ball * np.float32(0.65) + place * np.float32(0.5)
    tint = shaded(sheet, facing.reshape(3, 1, -1), draws[3].reshape(1, -1), np.array([abs(float(middles[3, 0, 0]))], np.float32), tones)
    where = np.stack([place[0] * wide, upright, place[2] * wide]).reshape(3, -1)
    return Dots(where.astype(np.float32), tint.reshape(3, -1), 0.020)


def shaded(sheet: Sheet, ball: Field, grain: Field, own: Field, tones: Tones) -> Field:
    """Each dab's colour in the light, (3, trees, dabs); `own`: the tone of each tree, 0 to 1."""
    right, _, above = sunward(sheet)
    facing = ball[0] * np.float32(right) - ball[1] * np.float32(above) * np.float32(0.8) + ball[2] * np.float32(0.25)
    sun = np.clip(np.float32(0.40) + facing * np.float32(0.55) + grain * np.float32(0.16), 0.04, 1)
    dark, light = tones
    direct, around = strengths(sheet)
    mixed = (own * np.float32(0.55))[:, None] + np.clip(facing, 0, 1) * np.float32(0.45)
    planes = [(dark[c] + (light[c] - dark[c]) * mixed) * (sun * direct[c] + around[c] * np.float32(0.72)) for c in range(3)]
    return np.stack(planes).astype(np.float32)


def hazed(sheet: Sheet, tint: Field, depth: Field) -> Field:
    """`tint` (3, trees, dabs) through the air before each tree."""
    return np.asarray(tint + (haze(sheet)[:, None, None] - tint) * air(sheet, depth)[:, None], np.float32)
