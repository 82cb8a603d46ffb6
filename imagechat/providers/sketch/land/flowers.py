"""Flowers: large and clear near the eye, dabs of colour far off, in drifts."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.light import COLOURS, blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.land.dabs import Blades, Ground, Plate, grow, lay
from imagechat.providers.sketch.land.slopes import View, air, coarse, haze, stand, strengths
from imagechat.providers.sketch.land.stamps import Stamp
from imagechat.providers.sketch.land.terrain import FOCUS
from imagechat.providers.sketch.land.tufts import Stock, dissolved, plate, spread

PART = 340.0
PLANTS, TALLEST, NEAR = 3, 0.15, 0.016
"""How many plants of a kind are drawn; how high they are at most and from which height on they are drawn, as shares of the short side."""
WHORLS = 38
"""How many strokes a lavender's spike has."""


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
    """Flowers from the feet to `reach` metres in drifts of one kind each, bare grass between them: dabs far off, then whole plants."""
    wide = min(2.0, sheet.width / sheet.unit)
    first = float(view.relief.depth[0, 0]) * 1.12
    edge = max(first * 1.5, min(reach, FOCUS * 0.4 / NEAR))
    distant(sheet, view, kinds, (round(count * 5 * wide), edge, reach))
    depth, across, draws = spread(sheet.seed, "flower plants", round(count * wide), (first, edge * 1.1))
    kind, thick = drifting(sheet, kinds, (depth, across), draws[1])
    at = stand(sheet, view, across * np.float32(1.06) - np.float32(0.03), depth)
    tall = np.array([one.tall for one in kinds], np.float32)[kind] * (np.float32(0.75) + draws[2] * np.float32(0.5))
    high = np.minimum(at.metre * tall, np.float32(sheet.unit * TALLEST))
    thick *= smooth(edge * 1.1, edge * 0.7, depth) if reach <= edge * 1.6 else np.float32(1)
    shown = (at.row - high < at.limit) & (at.row < sheet.height + high * np.float32(1.2)) & (draws[3] < thick)
    stock = Stock(sheet, [stamp for number, one in enumerate(kinds) for stamp in plants(sheet, number, one)])
    for i in np.flatnonzero(shown):
        which = int(kind[i]) * PLANTS + int(i) % PLANTS
        foot = float(at.column[i]), float(at.row[i]) + float(high[i]) * 0.05
        stock.put(which, foot, float(high[i]), air=float(air(sheet, at.depth[i : i + 1])[0]), limit=float(at.limit[i]))


def drifting(sheet: Sheet, kinds: list[Kind], places: tuple[Field, Field], draw: Field) -> tuple[Field, Field]:
    """(which kind grows there, how thickly): drifts keep their width in the picture, so that near and far are alike in it."""
    depth, across = places
    field = tile(sheet.seed, "drift", (32, 32), 128, octaves=3, gain=0.4)
    inverse = np.float32(1) / (depth + np.float32(3))
    x = (across - np.float32(0.5)) * np.float32(sheet.width / sheet.unit)
    aside = x * np.float32(11) + np.float32(512)
    where = sampled(field, inverse * np.float32(64) + np.float32(64), aside)
    other = sampled(field, inverse * np.float32(40) + np.float32(300), x * np.float32(6.5) + np.float32(700))
    kind = np.clip((other * np.float32(0.9) + np.float32(0.1) + draw * np.float32(0.8)) * np.float32(len(kinds)), 0, len(kinds) - 1).astype(
        np.int32
    )
    return kind, smooth(-0.22, 0.20, where) * np.float32(0.96) + np.float32(0.04)


def distant(sheet: Sheet, view: View, kinds: list[Kind], extent: tuple[int, float, float]) -> None:
    """Flowers that are dabs of colour: so many of them, from so many metres to so many."""
    count, near, far = extent
    if far <= near * 1.6:
        return
    draws = lattice(key(sheet.seed, "drifts"), (5, count)) * np.float32(0.5) + np.float32(0.5)
    depth = np.float32(1) / (np.sort(draws[0] * draws[0]) * np.float32(1 / near - 1 / far) + np.float32(1 / far))
    kind, thick = drifting(sheet, kinds, (depth, draws[1]), draws[3])
    at = stand(sheet, view, draws[1], depth)
    up = at.row - at.metre * np.float32(0.30) * (np.float32(0.7) + draws[4] * np.float32(0.5))
    farther = stand(sheet, view, draws[1], depth * np.float32(1.08))
    thick *= np.clip((at.row - farther.row) / (at.metre * np.float32(0.08)), 0, 1)  # Few where the ground falls away from the eye.
    chosen = np.flatnonzero((draws[2] < thick * smooth(far, far * 0.5, depth)) & (up < at.limit))
    radius = np.maximum(at.metre * np.array([one.wide for one in kinds], np.float32)[kind] * np.float32(0.40), np.float32(0.40))
    tint = tints_of(sheet, kinds, kind[chosen], draws[3][chosen], depth[chosen])
    lay(sheet, at.column[chosen], up[chosen], radius[chosen], tint, part=None, limit=at.limit[chosen])


def plants(sheet: Sheet, number: int, kind: Kind) -> list[Stamp]:
    """A few plants of one kind, each of some stems with their flowers."""
    return [plant(sheet, kind, Chance(sheet.seed, "plant", str(number), str(i))) for i in range(PLANTS)]


def plant(sheet: Sheet, kind: Kind, chance: Chance) -> Stamp:
    """Some stems of differing height, each with its flower, the low ones in front."""
    tall = sheet.unit * TALLEST
    ground = plate(tall, tall * 1.5)
    radius = max(0.7, kind.wide / kind.tall * 0.5 * tall)
    count = chance.whole(5, 8) if kind.petals else chance.whole(9, 13)
    heights = sorted((chance.between(0.40, 1.0) for _ in range(count)), reverse=True)
    tips = [((0.5 + chance.between(-0.36, 0.36)) * ground.width, (1 - high) * tall + radius * 1.1) for high in heights]
    stems(sheet, ground, tips, chance)
    draws = np.array([chance.unit() for _ in tips], np.float32)
    tints = tints_of(sheet, [kind], np.zeros(count, np.int32), draws, np.ones(count, np.float32))
    if kind.petals == 0:
        spikes(ground, tips, radius, (chance.whole(0, 99999), tints))
    for number, place in enumerate(tips if kind.petals else ()):
        head(sheet, kind, place, radius * chance.between(0.8, 1.1), (chance.whole(0, 99999), tints[:, number]), ground=ground)
    return Stamp(dissolved(ground.rgb))


def stems(sheet: Sheet, ground: Plate, tips: list[tuple[float, float]], chance: Chance) -> None:
    """Stems from one root to the flowers' places, with a few leaves."""
    direct, around = strengths(sheet)
    green = (rgb("5a7a34") * (direct * np.float32(0.55) + around))[:, None]
    ends = [*tips, *(((0.5 + chance.between(-0.4, 0.4)) * ground.width, ground.height * chance.between(0.45, 0.75)) for _ in range(7))]
    x, y = (np.array(one, np.float32) for one in zip(*ends, strict=True))
    foot = np.float32(ground.width * 0.5) + (x - np.float32(ground.width * 0.5)) * np.float32(0.55)
    thick = np.full(len(ends), max(0.7, ground.height * 0.020), np.float32)
    thick[len(tips) :] *= np.float32(1.6)
    tone = green * np.ones((3, len(ends)), np.float32)
    grow(
        ground,
        Blades(foot, np.full(len(ends), ground.height, np.float32), ground.height - y, x - foot, thick, tone * np.float32(0.55), tone),
    )


def tints_of(sheet: Sheet, kinds: list[Kind], which: Field, draw: Field, depth: Field) -> Field:
    """Each flower's colour in the light, (3, count)."""
    table = np.stack([np.stack([rgb(one.tints[i % len(one.tints)]) for i in range(3)]) for one in kinds])
    body = table[which, np.clip(draw * 3, 0, 2).astype(np.int32)].T
    direct, around = strengths(sheet)
    veil, distance = air(sheet, depth), haze(sheet)[:, None]
    light = (direct * np.float32(0.72) + around * np.float32(0.75))[:, None]
    tint = body * light * (np.float32(0.80) + draw * np.float32(0.3))
    return np.asarray(tint + (distance - tint) * veil, np.float32)


def head(
    sheet: Sheet, kind: Kind, place: tuple[float, float], radius: float, own: tuple[int, Field], *, ground: Plate | None = None
) -> None:
    """One near flower, turned to the eye a little differently each, on a stamp's plate or the sheet; `own`: its number and its colour."""
    if kind.petals == 0:
        spikes(ground or sheet, [place], radius, (own[0], own[1][:, None]), part=PART + 1 + own[0] % 5)
        return
    on: Ground = ground or sheet
    window, x, y = around_of(on, place, radius)
    if x.size == 0 or y.size == 0:
        return
    chance = Chance(own[0], "head")
    y = y * np.float32(1 / chance.between(0.45, 0.95))
    turn = np.float32(chance.between(-0.5, 0.5))
    share, shade, heart = petals(kind, x - y * turn * np.float32(0.4), y + x * turn * np.float32(0.4), radius, float(turn))
    direct, around = strengths(sheet)
    middle = rgb(kind.heart) * (direct * np.float32(0.7) + around * np.float32(0.7))
    body = own[1][:, None, None] * shade
    body += (middle[:, None, None] - body) * heart
    for channel, layer in enumerate(on.rgb):
        plane = layer[window]
        plane += ((body[channel] if channel < 3 else np.float32(1)) - plane) * share
    if isinstance(on, Sheet):
        on.hide(share, PART + 1 + own[0] % 5, *window)


def around_of(on: Ground, place: tuple[float, float], radius: float) -> tuple[tuple[slice, slice], Field, Field]:
    """The window around a flower, and its columns and rows as seen from the middle."""
    reach, (x, y) = int(radius) + 2, place
    left, top = max(0, int(x) - reach), max(0, int(y) - reach)
    right, bottom = min(on.width, int(x) + reach + 1), min(on.height, int(y) + reach + 1)
    across = np.arange(left, max(left, right), dtype=np.float32)[None, :] + np.float32(0.5 - x)
    down = np.arange(top, max(top, bottom), dtype=np.float32)[:, None] + np.float32(0.5 - y)
    return (slice(top, max(top, bottom)), slice(left, max(left, right))), across, down


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


def spikes(sheet: Ground, places: list[tuple[float, float]], radius: float, own: tuple[int, Field], *, part: float | None = None) -> None:
    """Lavender's spikes: whorls of small strokes, thinner to the top; `own`: a number and the colours, (3, spikes)."""
    number, tints = own
    count = len(places) * WHORLS
    draws = lattice(key(number, "spikes"), (4, count))
    up = draws[0] * np.float32(0.5) + np.float32(0.5)
    x, y = (np.repeat(np.array(one, np.float32), WHORLS) for one in zip(*places, strict=True))
    x = x + draws[1] * np.float32(radius * 0.8) * (np.float32(1.15) - up)
    y = y + (np.float32(0.8) - up) * np.float32(radius * 6.0)
    tone = np.repeat(tints, WHORLS, axis=1) * (np.float32(0.78) + draws[2] * np.float32(0.22) - draws[1] * np.float32(0.12))
    size = np.full(count, max(1.0, radius * 0.62), np.float32)
    lean = draws[1] * np.float32(radius * 0.5)
    grow(sheet, Blades(x, y, size, lean, size * np.float32(0.85), tone * np.float32(0.8), tone), part=part)


def tinge(sheet: Sheet, kinds: list[Kind], tint: Field, view: View, strong: float) -> None:
    """Colour the far ground where flowers stand too thick to be told apart."""
    field = tile(sheet.seed, "drift", (32, 32), 128, octaves=3)
    where = coarse(field, view.depth * np.float32(0.35) + np.float32(64), view.x * np.float32(0.45) + np.float32(64))
    for number, kind in enumerate(kinds):
        share = smooth(0.05, 0.5, where if number % 2 else -where) * smooth(8, 45, view.depth) * np.float32(strong / (1 + number // 2))
        body = blend(rgb(kind.tints[0]), rgb("7a8a4a"), 0.25)
        for channel in range(3):
            tint[channel] += (body[channel] - tint[channel]) * share
