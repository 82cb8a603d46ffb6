"""Table mountains: cliffs of banded rock with flutes, slopes of rubble at their feet, the far ones in the haze."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.canvas.curves import box, smooth
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice, nearest, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.land.ridges import line
from imagechat.providers.sketch.land.slopes import haze, strengths, sunward

PART = 365.0
ROCK = ("a8502e", "c0683c", "b45a34", "d08a58", "94422a", "c87a4c", "a8563a", "dca878")


@dataclass(frozen=True, slots=True)
class Mesa:
    """One table mountain: its middle `x`, half its width at the foot and its height in pixels; the share of the width that is `flat` on
    top, the share of the height that is rubble; `veil`: the haze before it.
    """

    x: float
    half: float
    tall: float
    flat: float
    rubble: float
    veil: float


def paint_mesas(sheet: Sheet) -> None:
    """Far ranges first, then a few great ones, the highest opposite the sun."""
    chance = Chance(sheet.seed, "mesas")
    side, unit, width = sheet.composition.side, sheet.unit, sheet.width
    spread = width / unit
    far = [
        Mesa(chance.between(0, width), chance.between(0.12, 0.34) * unit, chance.between(0.025, 0.055) * unit, 0.75, 0.5, 0.78)
        for _ in range(round(5 * max(1.0, spread)))
    ]
    middle = [
        Mesa(chance.between(-0.05, 1.05) * width, chance.between(0.07, 0.22) * unit, chance.between(0.07, 0.13) * unit, 0.62, 0.45, 0.52)
        for _ in range(chance.whole(2, 3) + round(spread - 1))
    ]
    hero_x = (0.5 + side * chance.between(0.14, 0.32)) * width
    tall = min(chance.between(0.24, 0.36) * unit, sheet.horizon * 0.6)
    heroes = [Mesa(hero_x, tall * chance.between(0.75, 1.35), tall, chance.between(0.34, 0.6), chance.between(0.34, 0.46), 0.16)]
    if chance.happens(0.75):
        other = hero_x - side * chance.between(0.34, 0.55) * width
        heroes.insert(0, Mesa(other, tall * chance.between(0.35, 0.6), tall * chance.between(0.5, 0.75), 0.3, 0.45, 0.28))
    for number, one in enumerate([*far, *middle, *heroes]):
        stand_up(sheet, number, one)


def profile(sheet: Sheet, number: int, one: Mesa, columns: Field) -> tuple[Field, Field]:
    """(height, height of the rubble) in each column, in shares of its height."""
    off = (columns - np.float32(one.x)) * np.float32(1 / one.half)
    swings = 5 * sheet.width / one.half
    jag = line(sheet.seed, f"mesa {number}", sheet.width, swings, gain=0.55, ridged=False)[columns.astype(np.int32)]
    rough = line(sheet.seed, f"mesa top {number}", sheet.width, swings * 1.4, gain=0.6, ridged=False)[columns.astype(np.int32)]
    far = np.abs(off) + jag * np.float32(0.05)
    chance = Chance(sheet.seed, "mesa shape", str(number))
    step = chance.between(0.62, 0.86)
    rubble = np.clip((np.float32(1.0) - far) * np.float32(1 / (1 - one.flat)), 0, 1)
    rubble = rubble * (np.float32(0.55) + np.float32(0.45) * rubble) * np.float32(one.rubble) * (np.float32(1) + jag * np.float32(0.10))
    wall = smooth(one.flat + 0.05, one.flat - 0.015, far)
    second = smooth(
        one.flat * chance.between(0.6, 0.9), one.flat * 0.58, far + jag * np.float32(0.06) + off * np.float32(chance.between(-0.3, 0.3))
    )
    cliff = np.float32(one.rubble) + (np.float32(step - one.rubble) + np.float32(1 - step) * second) * np.float32(1)
    top = (cliff + rough * np.float32(0.022)) * wall
    return box(np.maximum(top, rubble), max(1, int(one.half) // 60), 0), rubble


def stand_up(sheet: Sheet, number: int, one: Mesa) -> None:
    """Paint one of them."""
    left, right = max(0, int(one.x - one.half) - 2), min(sheet.width, int(one.x + one.half) + 3)
    base = sheet.horizon + max(2, sheet.unit // 100)
    first = max(0, int(base - one.tall * 1.12) - 2)
    if right - left < 3 or base > sheet.height or first >= base:
        return
    columns = np.arange(left, right, dtype=np.float32)
    high, rubble = profile(sheet, number, one, columns)
    up = (np.float32(base) - sheet.rows(first, base)) * np.float32(1 / one.tall)
    cover = np.clip((high[None, :] - up) * np.float32(one.tall) + np.float32(0.5), 0, 1)
    tint = coloured(sheet, number, one, (columns, up, rubble, high))
    distance = haze(sheet)
    low = np.clip(np.float32(one.veil) + smooth(0.5, 0.0, up) * np.float32(0.16), 0, 1)
    for channel in range(3):
        tint[channel] += (distance[channel] - tint[channel]) * low
    window = slice(first, base), slice(left, right)
    sheet.mix(tint, cover, *window)
    sheet.hide(cover, PART + number, *window)


def coloured(sheet: Sheet, number: int, one: Mesa, shape: tuple[Field, Field, Field, Field]) -> Field:
    """Banded cliffs over rubble in the light."""
    columns, up, rubble, high = shape
    field = tile(sheet.seed, "cliff", (32, 32), 256, octaves=4, gain=0.6)
    zoom = np.float32(300 / sheet.unit)
    across = (columns[None, :] - np.float32(one.x)) * zoom + np.float32(4096 + 37 * number)
    rows = up * np.float32(one.tall) * zoom
    flute = nearest(field, rows * np.float32(0.16) + np.float32(512), across * np.float32(2.2) + 0 * up)
    grain = nearest(field, rows * np.float32(1.8) + np.float32(512), across * np.float32(1.8) + 0 * up)
    bands = lattice(key(sheet.seed, "strata"), (64,)) * np.float32(0.5) + np.float32(0.5)
    level = np.clip(up * np.float32(30) + grain * np.float32(0.35) + np.float32(8), 0, 62)
    floor = level.astype(np.int32)
    band = np.clip(bands[floor] + (bands[floor + 1] - bands[floor]) * smooth(0.55, 1.0, level - np.floor(level)), 0, 1)
    tones = np.stack([rgb(text) for text in ROCK], axis=1)
    which = band * np.float32(6.99)
    slope = np.gradient(box(high, max(1, int(one.half) // 24), 0)) * np.float32(one.tall)
    right = np.float32(sunward(sheet)[0])
    lean = np.clip((columns - np.float32(one.x)) * np.float32(1 / one.half) * right, -1, 1)
    scree = smooth(-0.03, 0.05, rubble[None, :] * (np.float32(0.86) + flute * np.float32(0.16)) - up)
    cliff_sun = np.float32(0.46) + lean[None, :] * np.float32(0.34) + flute * np.float32(0.62)
    scree_sun = (
        np.float32(0.50) - np.clip(slope, -1, 1)[None, :] * right * np.float32(0.34) + grain * np.float32(0.24) + flute * np.float32(0.15)
    )
    sun = np.clip(cliff_sun + (scree_sun - cliff_sun) * scree, 0.03, 1.15)
    direct, around = strengths(sheet)
    planes = []
    for channel in range(3):
        rock = tones[channel].take(which.astype(np.int32))
        rock = rock + (np.float32(float(tones[channel, 1]) * 0.92) - rock) * scree * np.float32(0.75)
        planes.append(rock * (sun * direct[channel] * np.float32(1.1) + around[channel] * np.float32(0.85)))
    return np.stack(planes).astype(np.float32)


def floor_tint(sheet: Sheet, x: Field, depth: Field) -> Field:
    """Albedo of the gravelly plain, (3, rows, columns)."""
    field = tile(sheet.seed, "gravel", (32, 32), 256, octaves=4, gain=0.62)
    wide = nearest(field, depth * np.float32(1.1) + np.float32(512), x * np.float32(1.6) + np.float32(4096))
    fine = nearest(field, depth * np.float32(26) + np.float32(8192), x * np.float32(34) + np.float32(8192)) * smooth(80, 6, depth)
    dark, light = rgb("9c6040"), rgb("d09a68")
    if sheet.snowy:
        dark, light = rgb("b8b4bc"), rgb("eef0f6")
    tone = np.clip(np.float32(0.5) + wide * np.float32(0.45) + fine * np.float32(0.42), 0, 1)
    return np.stack([dark[c] + (light[c] - dark[c]) * tone for c in range(3)])


def cactus(sheet: Sheet, number: int, foot: tuple[float, float], tall: float, *, veil: float, part: float) -> None:
    """A tall ribbed cactus with one to three arms."""
    chance = Chance(sheet.seed, "cactus", str(number))
    thick = tall * 0.058
    limbs = [((0.0, 0.0), (0.0, 1.0), 1.0)]
    way = chance.sign()
    for _ in range(chance.whole(1, 3)):
        way, root, out = -way, chance.between(0.30, 0.55), chance.between(0.17, 0.24)
        limbs += [
            ((0.0, root), (way * out, root + 0.03), 0.72),
            ((way * out, root + 0.03), (way * out, root + chance.between(0.2, 0.36)), 0.72),
        ]
    left, right = max(0, int(foot[0] - tall * 0.4)), min(sheet.width, int(foot[0] + tall * 0.4) + 1)
    first, last = max(0, int(foot[1] - tall * 1.1)), min(sheet.height, int(foot[1]) + 1)
    if left >= right or first >= last:
        return
    x = np.arange(left, right, dtype=np.float32)[None, :] + np.float32(0.5 - foot[0])
    y = np.float32(foot[1]) - np.arange(first, last, dtype=np.float32)[:, None] - np.float32(0.5)
    cover, round_ = np.zeros(np.broadcast_shapes(x.shape, y.shape), np.float32), np.zeros((last - first, right - left), np.float32)
    for start, end, slim in limbs:
        own, across = limb(x, y, (start, end), tall, thick * slim)
        round_ = np.where(own > cover, across, round_)
        cover = np.maximum(cover, own)
    direct, around = strengths(sheet)
    ribs = np.abs(round_ * np.float32(3.2) - np.floor(round_ * np.float32(3.2)) - np.float32(0.5))
    sun = np.clip(np.float32(0.42) + round_ * np.float32(sunward(sheet)[0] * 0.6) + ribs * np.float32(0.30), 0.05, 1.1)
    body = blend(rgb("46603a"), rgb("6e8448"), 0.4)
    tint = np.stack([body[c] * (direct[c] * sun + around[c] * np.float32(0.8)) for c in range(3)])
    tint += (haze(sheet)[:, None, None] - tint) * np.float32(veil)
    window = slice(first, last), slice(left, right)
    sheet.mix(tint.astype(np.float32), cover, *window)
    sheet.hide(cover, part, *window)


def limb(x: Field, y: Field, ends: tuple[tuple[float, float], tuple[float, float]], tall: float, thick: float) -> tuple[Field, Field]:
    """(cover, place across from -1 to 1) of a round-ended limb between `ends` (shares of the height)."""
    (ax, ay), (bx, by) = ((one * tall, other * tall) for one, other in ends)
    length = (bx - ax) * (bx - ax) + (by - ay) * (by - ay)
    t = np.clip(((x - np.float32(ax)) * np.float32(bx - ax) + (y - np.float32(ay)) * np.float32(by - ay)) * np.float32(1 / length), 0, 1)
    off_x, off_y = x - np.float32(ax) - t * np.float32(bx - ax), y - np.float32(ay) - t * np.float32(by - ay)
    far = np.sqrt(off_x * off_x + off_y * off_y)
    return np.clip(np.float32(thick) - far + np.float32(0.5), 0, 1), np.clip(off_x / np.float32(max(thick, 0.5)), -1, 1)
