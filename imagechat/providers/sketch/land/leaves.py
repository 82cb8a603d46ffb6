"""Deciduous trees: limbs that fork and fork again, at their ends clumps of leaves in the colours of the season, or bare twigs."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.canvas.light import colour, rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.land.foliage import dimmed, rimmed
from imagechat.providers.sketch.land.stamps import Dots, Stamp, lit, stamped, toward

LEAVES = {
    "spring": ("8fb54a", "9dc052", "7fae46", "a8c860", "e9b9c6", "f3e4e2"),
    "summer": ("55823a", "4a7834", "628c40", "4f7c44", "6b9446"),
    "autumn": ("dd9a2e", "cf6f2a", "e3b83e", "b64c2c", "c98a30", "9a8f3e"),
    "winter": ("8a7458",),
}
BARK = rgb("5c4a3c")
BIRCH = rgb("d4cfc4")
SNOW = rgb("f2f4fa")
THROUGH = {"dawn": 0.55, "day": 0.30, "golden": 0.80, "sunset": 0.30, "dusk": 0.06}
"""How strongly the light shines through leaves at each time of day."""
WIDE = 0.46
"""Half the width of a stamp, as a share of its height."""
CLUMP = 32
"""How many dots of leaves hang at the end of each twig."""


@dataclass(frozen=True, slots=True)
class Limbs:
    """The branches of one order: where they begin, their whole step (both (3, n)), their radius at the beginning (n)."""

    start: Field
    step: Field
    radius: Field


def leafy_stamps(sheet: Sheet, name: str, count: int, tall: float, *, birches: bool = False) -> list[Stamp]:
    """`count` different trees, one in four a birch, or all but one."""
    return [stamped(leafy(sheet, f"{name} {i}", birch=(i % 4 == 2) != birches), tall, WIDE) for i in range(count)]


def leafy(sheet: Sheet, name: str, *, birch: bool = False) -> list[Dots]:
    """One tree, one high: limbs and leaves, or limbs and twigs where it stands bare."""
    bare = sheet.spec.season == "winter" or sheet.snowy
    limbs = grown(sheet.seed, name, orders=8 if bare else 6, slim=birch)
    groups = [wood(sheet, f"{name} {i}", one, order=i, birch=birch) for i, one in enumerate(limbs)]
    if sheet.snowy:
        groups += [snow_upon(sheet, f"{name} {i}", limbs[i], order=i) for i in range(1, 6)]
    if not bare:
        groups += [foliage(sheet, name, limbs[-3:])]
    return fitted(groups)


def fitted(groups: list[Dots]) -> list[Dots]:
    """The same dots, one high and no wider than the stamp."""
    tall = max(float(dots.place[1].max()) for dots in groups if dots.place.size)
    wide = max(float(np.abs(dots.place[0]).max()) for dots in groups if dots.place.size)
    up, side = np.float32(0.985 / tall), np.float32(min(1 / tall, (WIDE - 0.01) / wide))
    return [Dots(np.stack([dots.place[0] * side, dots.place[1] * up, dots.place[2] * side]), dots.colour, dots.size) for dots in groups]


def grown(seed: int, name: str, *, orders: int, slim: bool) -> list[Limbs]:
    """The trunk, then each order of branches from the one before: shorter, thinner, turned aside and striving up."""
    chance = Chance(seed, name, "habit")
    trunk = chance.between(0.17, 0.27) if not slim else chance.between(0.30, 0.38)
    spread = chance.between(0.62, 0.88) if not slim else chance.between(0.36, 0.5)
    lean = chance.between(-0.05, 0.05)
    first = np.array([[lean * trunk], [trunk], [0]], np.float32)
    limbs = [Limbs(np.zeros((3, 1), np.float32), first, np.array([0.022 if not slim else 0.013], np.float32))]
    for order in range(1, orders):
        forks = 5 if order == 1 else 3 if order in (2, 3) else 2
        limbs.append(forked(limbs[-1], lattice(key(seed, name, "fork", str(order)), (5, limbs[-1].radius.size * forks)), spread))
    return limbs


def forked(parent: Limbs, draws: Field, spread: float) -> Limbs:
    """Several branches from the outer part of each of `parent`'s."""
    forks = draws.shape[1] // parent.radius.size
    step, start = np.repeat(parent.step, forks, 1), np.repeat(parent.start, forks, 1)
    length = np.sqrt(step[0] * step[0] + step[1] * step[1] + step[2] * step[2])
    along = np.float32(0.78) + draws[3] * np.float32(0.22)
    turn = step / length + draws[:3] * np.float32(spread)
    turn[1] += np.float32(0.10)
    turn /= np.sqrt(turn[0] * turn[0] + turn[1] * turn[1] + turn[2] * turn[2]) + np.float32(1e-3)
    new = turn * (length * (np.float32(0.74) + draws[4] * np.float32(0.16)))
    return Limbs(start + step * along, new, np.repeat(parent.radius, forks) * np.float32(0.62))


def wood(sheet: Sheet, name: str, limbs: Limbs, *, order: int, birch: bool) -> Dots:
    """The bark of one order of branches as dots, round and lit from one side; snow lies along the upper side."""
    points = (1700, 320, 140, 60, 34, 24, 18, 14)[order]
    count = limbs.radius.size
    draws = lattice(key(sheet.seed, name, "bark"), (3, count, points))
    along = (np.arange(points, dtype=np.float32) + np.float32(0.5) + draws[0] * np.float32(0.5)) / np.float32(points)
    flare = np.clip(np.float32(0.10) - along, 0, 1) * np.float32(7 if order == 0 else 0)
    thick = limbs.radius[:, None] * (np.float32(1) - along * np.float32(0.36) + flare * flare)
    place = np.stack([limbs.start[c][:, None] + limbs.step[c][:, None] * along for c in range(3)])
    bend = (along - along * along) * np.float32(0.16)
    place[0] += draws[1] * thick + bend * limbs.step[2][:, None]
    place[2] += thick * np.float32(0.5)
    shade = np.clip(np.float32(0.30) + draws[1] * np.float32(0.40 * toward(sheet)) + draws[2] * np.float32(0.22), 0.02, 1)
    bark = (BIRCH if birch and order < 3 else BARK)[:, None, None] * np.ones_like(shade)
    if birch and order < 3:
        bark *= np.where(lattice(key(sheet.seed, name, "scars"), (count, points)) > 0.72, np.float32(0.3), np.float32(1))
    tones = lit(sheet, bark.reshape(3, -1), shade.ravel())
    return Dots(place.reshape(3, -1), tones, (0.0028, 0.0030, 0.0026, 0.0018, 0.0012, 0.0008, 0.0005, 0.0004)[order])


def snow_upon(sheet: Sheet, name: str, limbs: Limbs, *, order: int) -> Dots:
    """Snow along the upper side of branches that lie flat enough to hold it."""
    points = (0, 150, 80, 40, 24, 16)[order]
    draws = lattice(key(sheet.seed, name, "snow"), (2, limbs.radius.size, points))
    along = (np.arange(points, dtype=np.float32) + np.float32(0.5) + draws[0] * np.float32(0.5)) / np.float32(points)
    place = np.stack([limbs.start[c][:, None] + limbs.step[c][:, None] * along for c in range(3)])
    place[0] += (along - along * along) * np.float32(0.16) * limbs.step[2][:, None]
    place[1] += limbs.radius[:, None] * np.float32(1.1)
    place[2] += limbs.radius[:, None]
    level = np.abs(limbs.step[1]) < np.sqrt(limbs.step[0] * limbs.step[0] + limbs.step[2] * limbs.step[2]) * np.float32(2.4)
    lies = (level[:, None] & (draws[1] > -0.5)).ravel()
    shade = np.clip(np.float32(0.5) + draws[1].ravel()[lies] * np.float32(0.2), 0, 1)
    where = place.reshape(3, -1)[:, lies]
    return Dots(where, lit(sheet, SNOW[:, None] * np.ones_like(where), shade), (0, 0.003, 0.0026, 0.0018, 0.0012, 0.0008)[order])


def foliage(sheet: Sheet, name: str, ends: list[Limbs], *, clump: float = 0.080, leaf: float = 0.0034) -> Dots:
    """Clumps of leaves at the twigs' ends: bright above and toward the sun, dark below and within."""
    tips = np.concatenate([one.start + one.step for one in ends], axis=1)
    count = tips.shape[1]
    draws = lattice(key(sheet.seed, name, "leaves"), (7, count, CLUMP))
    ball = (draws[:3] + draws[3:6]) * np.float32(0.5)
    place = tips[:, :, None] + ball * np.array([clump, clump * 0.76, clump], np.float32)[:, None, None]
    middle = np.float32(float(tips[1].max() + tips[1].min()) * 0.46)
    tall = np.float32(float(tips[1].max() - tips[1].min()) * 0.5 + 0.01)
    out_x, out_y, out_z = place[0] / tall, (place[1] - middle) / tall, place[2] / tall
    outer = np.clip((out_x * out_x + out_y * out_y + out_z * out_z) * np.float32(0.75), 0.12, 1)
    side = out_x * np.float32(toward(sheet) * 0.30) + out_y * np.float32(0.22) + out_z * np.float32(0.12)
    clump = ball[1] * np.float32(0.62) + ball[0] * np.float32(0.30 * toward(sheet))
    shade = np.clip(
        (np.float32(0.34) + side + clump) * (np.float32(0.35) + outer * np.float32(0.75)) + draws[6] * np.float32(0.10), 0.02, 1
    )
    rim = out_x * np.float32(toward(sheet) * 1.15) + out_y * np.float32(0.45) + ball[0] * np.float32(0.5 * toward(sheet))
    shade = rimmed(sheet, shade, rim)
    body = dimmed(sheet, leaf_colours(sheet, name, count))[:, :, None] * (np.float32(0.92) + draws[6] * np.float32(0.16))
    body = body * np.stack([np.float32(0.70) + shade * np.float32(w) for w in (0.62, 0.55, 0.20)])
    tones = lit(sheet, body.reshape(3, -1), shade.ravel())
    return Dots(place.reshape(3, -1), tones + shining(sheet, body, outer * (np.float32(0.6) + side)), leaf)


def shining(sheet: Sheet, body: Field, thin: Field) -> Field:
    """The sun's light that comes through leaves, deeper in colour than they are; `thin`: 1 where nothing stands behind them."""
    strength = THROUGH.get(sheet.spec.time, 0.0) * (1.0 if sheet.composition.sees_sun else 0.35)
    share = np.clip(thin, 0, 1) * np.float32(strength)
    return np.stack([body[c] * body[c] * (share * sheet.light.key[c]) for c in range(3)]).reshape(3, -1)


def leaf_colours(sheet: Sheet, name: str, count: int) -> Field:
    """(3, count): one colour of the season for the tree, drifting a little to a second from clump to clump."""
    chance = Chance(sheet.seed, name, "colours")
    wish = sheet.spec.colour("tree")
    season = sheet.spec.season if sheet.spec.season in LEAVES else "summer"
    first, second = (rgb(chance.choice(LEAVES[season])) for _ in range(2))
    if wish is not None:
        first, second = colour(wish), colour(wish) * np.float32(0.8)
    drift = lattice(key(sheet.seed, name, "drift"), (count,)) * np.float32(0.22) + np.float32(0.22)
    return np.stack([first[c] + (second[c] - first[c]) * drift for c in range(3)]).astype(np.float32)
