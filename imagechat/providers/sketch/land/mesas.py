"""Table mountains: cliffs of banded rock with flutes, slopes of rubble at their feet, the far ones in the haze."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.canvas.curves import box, smooth
from imagechat.providers.sketch.canvas.light import rgb
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
    low = np.clip(np.float32(one.veil) + smooth(0.5, 0.0, up) * np.float32(0.16), 0, 1)
    tint += (haze(sheet)[:, None, None] - tint) * low
    window = slice(first, base), slice(left, right)
    sheet.mix(tint, cover, *window)
    sheet.hide(cover, PART + number, *window)


def coloured(sheet: Sheet, number: int, one: Mesa, shape: tuple[Field, Field, Field, Field]) -> Field:
    """Banded cliffs over rubble in the light."""
    columns, up, rubble, _ = shape
    field = tile(sheet.seed, "cliff", (32, 32), 256, octaves=4, gain=0.6)
    zoom = np.float32(300 / sheet.unit)
    across = (columns[None, :] - np.float32(one.x)) * zoom + np.float32(4096 + 37 * number)
    rows = up * np.float32(one.tall) * zoom
    flute = nearest(field, rows * np.float32(0.16) + np.float32(512), across * np.float32(2.2) + 0 * up)
    grain = nearest(field, rows * np.float32(1.8) + np.float32(512), across * np.float32(1.8) + 0 * up)
    scree = smooth(-0.03, 0.05, rubble[None, :] * (np.float32(0.86) + flute * np.float32(0.16)) - up)
    sun = shone_on(sheet, one, shape, (flute, grain, scree))
    which = strata(sheet, up, grain)
    tones = np.stack([rgb(text) for text in ROCK], axis=1)
    direct, around = strengths(sheet)
    planes = []
    for channel in range(3):
        rock = tones[channel].take(which)
        rock += (np.float32(float(tones[channel, 1]) * 0.92) - rock) * scree * np.float32(0.75)
        planes.append(rock * (sun * direct[channel] * np.float32(1.1) + around[channel] * np.float32(0.85)))
    return np.stack(planes).astype(np.float32)


def strata(sheet: Sheet, up: Field, grain: Field) -> Field:
    """Which of the rock's tones each layer has, level by level."""
    bands = lattice(key(sheet.seed, "strata"), (64,)) * np.float32(0.5) + np.float32(0.5)
    level = np.clip(up * np.float32(30) + grain * np.float32(0.35) + np.float32(8), 0, 62)
    floor = level.astype(np.int32)
    low = bands.take(floor)
    band = low + (bands.take(floor + 1) - low) * smooth(0.55, 1.0, level - floor)
    return np.asarray(np.clip(band, 0, 1) * np.float32(6.99), np.int32)


def shone_on(sheet: Sheet, one: Mesa, shape: tuple[Field, Field, Field, Field], rough: tuple[Field, Field, Field]) -> Field:
    """How much sun the flutes of the cliff and the slopes of the rubble get."""
    (columns, _, _, high), (flute, grain, scree) = shape, rough
    right = np.float32(sunward(sheet)[0])
    slope = np.gradient(box(high, max(1, int(one.half) // 24), 0)) * np.float32(one.tall)
    lean = np.clip((columns - np.float32(one.x)) * np.float32(1 / one.half) * right, -1, 1)
    cliff = np.float32(0.46) + lean[None, :] * np.float32(0.34) + flute * np.float32(0.62)
    rubble = np.float32(0.50) - np.clip(slope, -1, 1)[None, :] * right * np.float32(0.34)
    rubble = rubble + grain * np.float32(0.24) + flute * np.float32(0.15)
    return np.asarray(np.clip(cliff + (rubble - cliff) * scree, 0.03, 1.15), np.float32)


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
