"""Flowers: large and clear near the eye, dabs of colour far off, in drifts."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.light import COLOURS, blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.land.dabs import Blades, grow, lay
from imagechat.providers.sketch.land.slopes import Stand, View, air, coarse, haze, stand, strengths

PART = 340.0
HEADS = 130
"""How many of the nearest flowers have petals."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A flower: how many `petals` (none: a spike), how far they are notched, its colours, its width and height in metres."""

    petals: int
    heart: str
    tints: tuple[str, ...]
    wide: float
    tall: float


KINDS = {
    "poppy": Kind(4, "2a1a20", ("d8281e", "e8402a", "c81c1c"), 0.075, 0.42),
    "daisy": Kind(15, "f0c030", ("fbfaf4", "f2f0ea"), 0.060, 0.34),
    "cornflower": Kind(9, "5a4a9a", ("4a68d8", "6a82e6"), 0.050, 0.38),
    "buttercup": Kind(5, "d89a18", ("f8d030", "f4bc28"), 0.042, 0.32),
    "cosmos": Kind(8, "e8b838", ("f0a0c4", "e070a8", "f8d4e4"), 0.080, 0.46),
    "lavender": Kind(0, "5a4488", ("8a6cc8", "a084d8", "7454b0"), 0.030, 0.40),
}
MIXES = (
    ("poppy", "daisy", "cornflower"),
    ("daisy", "buttercup"),
    ("lavender", "daisy"),
    ("cosmos", "daisy", "lavender"),
    ("poppy", "buttercup"),
    ("cornflower", "buttercup", "daisy"),
)
NAMED = {"red": "poppy", "white": "daisy", "blue": "cornflower", "gold": "buttercup", "pink": "cosmos", "purple": "lavender"}


def chosen_kinds(sheet: Sheet) -> list[Kind]:
    """The flowers of this meadow: in the colour asked for, else a mixture by the seed."""
    asked = sheet.spec.colour("flowers")
    if asked is None:
        return [KINDS[name] for name in Chance(sheet.seed, "flower kinds").choice(MIXES)]
    if asked in NAMED:
        return [KINDS[NAMED[asked]]]
    like = KINDS["cosmos"]
    return [Kind(like.petals, like.heart, (COLOURS[asked],), like.wide, like.tall)]


def drifts(sheet: Sheet, view: View, kinds: list[Kind], *, count: int, reach: float) -> None:
    """Flowers from the feet to `reach` metres: dabs where they are small, heads with petals where they are near."""
    draws = lattice(key(sheet.seed, "drifts"), (6, 32768)) * np.float32(0.5) + np.float32(0.5)
    draws = draws[:, : min(32768, int(count * min(2.0, sheet.width / sheet.unit)))]
    first = float(view.relief.depth[0, 0]) * 1.15
    depth = np.float32(1) / (draws[0] * draws[0] * np.float32(1 / first - 1 / reach) + np.float32(1 / reach))
    aside = draws[1]
    field = tile(sheet.seed, "drift", (32, 32), 128, octaves=3)
    x = (aside - np.float32(0.5)) * depth * np.float32(sheet.width / sheet.unit)
    where = sampled(field, depth * np.float32(1.4) + np.float32(64), x * np.float32(1.8) + np.float32(64))
    which = np.clip((draws[2] * np.float32(0.6) + where * np.float32(0.75) + np.float32(0.2)) * len(kinds), 0, len(kinds) - 1)
    which = which.astype(np.int32)
    keep = np.flatnonzero(draws[3] < np.float32(0.48) + where)
    order = keep[np.argsort(-depth[keep], kind="stable")]
    at = stand(sheet, view, aside[order], depth[order])
    for_each = tints_of(sheet, kinds, which[order], draws[4][order], at.depth)
    wide = np.array([one.wide for one in kinds], np.float32)[which[order]]
    tall = np.array([one.tall for one in kinds], np.float32)[which[order]] * (np.float32(0.6) + draws[5][order] * np.float32(0.5))
    radius = at.metre * wide * np.float32(0.5)
    up = at.row - at.metre * tall
    on_paper = (up < sheet.height + radius) & (at.column > -radius) & (at.column < sheet.width + radius)
    large = np.flatnonzero((radius >= sheet.unit * 0.004) & on_paper)[-HEADS:]
    small = np.setdiff1d(np.flatnonzero((up < at.limit) & on_paper), large)
    size = np.maximum(radius * np.float32(0.85), np.float32(0.42))
    lay(sheet, at.column[small], up[small], size[small], for_each[:, small], part=None, limit=at.limit[small])
    hearts(sheet, kinds, at.some(small), up[small], which[order[small]])
    stalks(sheet, at.some(large), tall[large])
    for i in large:
        head(sheet, kinds[which[order[i]]], (float(at.column[i]), float(up[i])), float(radius[i]), (int(order[i]), for_each[:, i]))


def hearts(sheet: Sheet, kinds: list[Kind], at: Stand, up: Field, which: Field) -> None:
    """The middles of the flowers that are too small for petals and too large for a single dab."""
    wide = np.array([one.wide if one.petals else 0.0 for one in kinds], np.float32)[which] * at.metre * np.float32(0.11)
    chosen = np.flatnonzero(wide > 0.35)
    direct, around = strengths(sheet)
    middles = np.stack([rgb(one.heart) for one in kinds], axis=1)[:, which[chosen]]
    tint = middles * (direct * np.float32(0.7) + around * np.float32(0.7))[:, None]
    lay(sheet, at.column[chosen], up[chosen], wide[chosen], tint.astype(np.float32), part=None, limit=at.limit[chosen])


def tints_of(sheet: Sheet, kinds: list[Kind], which: Field, draw: Field, depth: Field) -> Field:
    """Each flower's colour in the light, (3, count)."""
    table = np.stack([np.stack([rgb(one.tints[i % len(one.tints)]) for i in range(3)]) for one in kinds])
    body = table[which, np.clip(draw * 3, 0, 2).astype(np.int32)].T
    direct, around = strengths(sheet)
    veil, distance = air(sheet, depth), haze(sheet)[:, None]
    light = (direct * np.float32(0.72) + around * np.float32(0.75))[:, None]
    tint = body * light * (np.float32(0.80) + draw * np.float32(0.3))
    return np.asarray(tint + (distance - tint) * veil, np.float32)


def stalks(sheet: Sheet, at: Stand, tall: Field) -> None:
    """Thin stems under the near heads."""
    count = len(tall)
    direct, around = strengths(sheet)
    green = (rgb("5a7a34") * (direct * np.float32(0.6) + around))[:, None] * np.ones((3, count), np.float32)
    zero = np.zeros(count, np.float32)
    thick = np.clip(at.metre * np.float32(0.007), 0.7, 5)
    grow(sheet, Blades(at.column, at.row, at.metre * tall, zero, thick, green * np.float32(0.6), green), part=None)


def head(sheet: Sheet, kind: Kind, place: tuple[float, float], radius: float, own: tuple[int, Field]) -> None:
    """One near flower, turned to the eye a little differently each; `own`: its number and its colour in the light."""
    number, tint = own
    chance = Chance(number, "head")
    if kind.petals == 0:
        spike(sheet, place, radius, own)
        return
    reach = int(radius) + 2
    x, y = place
    left, top = max(0, int(x) - reach), max(0, int(y) - reach)
    right, bottom = min(sheet.width, int(x) + reach + 1), min(sheet.height, int(y) + reach + 1)
    if left >= right or top >= bottom:
        return
    across = np.arange(left, right, dtype=np.float32)[None, :] + np.float32(0.5 - x)
    down = (np.arange(top, bottom, dtype=np.float32)[:, None] + np.float32(0.5 - y)) * np.float32(1 / chance.between(0.55, 0.95))
    turn = chance.between(-0.5, 0.5)
    share, shade, heart = petals(kind, across - down * np.float32(turn * 0.4), down + across * np.float32(turn * 0.4), radius, turn)
    body = tint[:, None, None] * shade
    direct, around = strengths(sheet)
    middle = rgb(kind.heart) * (direct * np.float32(0.7) + around * np.float32(0.7))
    body = body + (middle[:, None, None] - body) * heart
    window = slice(top, bottom), slice(left, right)
    sheet.mix(body.astype(np.float32), share, *window)
    sheet.hide(share, PART + 1 + number % 5, *window)


def petals(kind: Kind, x: Field, y: Field, radius: float, turn: float) -> tuple[Field, Field, Field]:
    """(cover, shade, heart) of a head: petals around a middle, each brighter at its rim."""
    far = np.sqrt(x * x + y * y) * np.float32(1 / radius)
    angle = _around(x, y) * np.float32(kind.petals) + np.float32(turn)
    part = np.abs(angle - np.floor(angle) - np.float32(0.5)) * np.float32(2)
    notch = np.float32(0.10 if kind.petals == 4 else 0.34)
    rim = np.float32(1) - notch * part * part
    cover = np.clip((rim - far) * np.float32(radius) + np.float32(0.5), 0, 1)
    shade = (np.float32(0.62) + far * np.float32(0.45)) * (np.float32(1.06) - part * part * part * np.float32(0.34)) - y * np.float32(
        0.10 / radius
    )
    inner = np.float32(0.26 if kind.petals > 4 else 0.16)
    return cover, shade, smooth(float(inner) + 0.08, float(inner) - 0.05, far)


def _around(x: Field, y: Field) -> Field:
    """The direction of a point as a share of a full turn, 0 to 1; near enough for petals."""
    total = np.abs(x) + np.abs(y) + np.float32(1e-6)
    flat = y / total
    return np.where(x >= 0, np.where(y >= 0, flat, flat + 4), np.float32(2) - flat) * np.float32(0.25)


def spike(sheet: Sheet, place: tuple[float, float], radius: float, own: tuple[int, Field]) -> None:
    """A lavender's spike: whorls of small dabs, thinner to the top."""
    number, tint = own
    draws = lattice(key(number, "spike"), (4, 42))
    up = np.sort(draws[0] * np.float32(0.5) + np.float32(0.5))
    x = np.float32(place[0]) + draws[1] * np.float32(radius * 0.95) * (np.float32(1.15) - up)
    y = np.float32(place[1]) + (np.float32(0.7) - up) * np.float32(radius * 6.5)
    tone = (np.float32(0.78) + draws[2] * np.float32(0.22) - draws[1] * np.float32(0.12))[None, :]
    lay(sheet, x, y, np.full(42, radius * 0.36, np.float32), (tint[:, None] * tone).astype(np.float32), part=PART + 1 + number % 5)


def tinge(sheet: Sheet, kinds: list[Kind], tint: Field, view: View, strong: float) -> None:
    """Colour the far ground where flowers stand too thick to be told apart."""
    field = tile(sheet.seed, "drift", (32, 32), 128, octaves=3)
    where = coarse(field, view.depth * np.float32(0.35) + np.float32(64), view.x * np.float32(0.45) + np.float32(64))
    for number, kind in enumerate(kinds):
        share = smooth(0.05, 0.5, where if number % 2 else -where) * smooth(8, 45, view.depth) * np.float32(strong / (1 + number // 2))
        body = blend(rgb(kind.tints[0]), rgb("7a8a4a"), 0.25)
        for channel in range(3):
            tint[channel] += (body[channel] - tint[channel]) * share
