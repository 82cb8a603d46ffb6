"""Towers that stand alone: an old one of stone, a lighthouse with its beam, a windmill with sails of lattice."""

import math
from collections.abc import Callable

import numpy as np

from imagechat.providers.sketch.built.prism import KEY, MOST, Point, grid, window_of, within
from imagechat.providers.sketch.built.walls import LIT, lamp, masonry
from imagechat.providers.sketch.canvas.curves import fall, smooth
from imagechat.providers.sketch.canvas.light import blend, colour, rgb
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet, Spot
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.spec import Subject

PART = 550.0
STONE, WHITE, RED, WOOD = rgb("a39885"), rgb("eeeae0"), rgb("b8382e"), rgb("5a4636")
Material = Callable[[Field, Field], list[Field]]
"""The own colours of a wall at (metres around, metres up)."""


def drum(sheet: Sheet, spot: Spot, shape: tuple[float, float, float, float], paint: Material, part: float, *, ragged: bool = False) -> None:
    """A round wall: `shape` is its foot and top in metres above the ground, and its radius at either; `ragged`: its top has crumbled."""
    low, high, wide, slim = shape
    metre, x0 = spot.metre, spot.x
    most = max(wide, slim) * metre
    window = window_of(sheet, [(x0 - most, spot.y - high * metre - 1), (x0 + most, spot.y - low * metre + wide * metre * 0.16 + 1)])
    if window is None:
        return
    x, y = grid(window)
    up = (np.float32(spot.y) - y) * np.float32(1 / metre)
    radius = np.float32(wide) + (np.float32(slim - wide) / np.float32(max(0.1, high - low))) * (np.clip(up, low, high) - np.float32(low))
    across = (x - np.float32(x0)) * np.float32(1 / metre) / np.maximum(radius, np.float32(0.05))
    round_ = np.sqrt(np.clip(np.float32(1) - across * across, 0, 1))
    sag = round_ * radius * np.float32(0.10)
    broken = gaps(sheet, across) if ragged else np.float32(0)
    edge = np.minimum((np.float32(1) - np.abs(across)) * radius, np.minimum(np.float32(high) - broken - up, up - np.float32(low) + sag))
    cover = np.clip(edge * np.float32(metre) + np.float32(0.5), 0, 1)
    light = rounded(sheet, x0, across, round_)
    base = paint(across * (np.float32(1) + across * across * np.float32(0.35)) * np.float32(wide), up + sag)
    lay(sheet, window, cover, [base[c] * light[c] for c in range(3)], (spot.air, part))


def gaps(sheet: Sheet, across: Field) -> Field:
    """How many metres of a ruin's top are gone, stone by stone."""
    course = np.floor(across * 5) + 32
    return (masonry(sheet.seed, course * 2, course * 0, (1.0, 1.0), 0.0) - np.float32(0.78)) * np.float32(5) + np.clip(
        across + 0.2, 0, 1
    ) * 4


def rounded(sheet: Sheet, x: float, across: Field, round_: Field) -> list[Field]:
    """The light on a round wall, from its sunny side to its shaded one."""
    toward = np.float32(1 if sheet.sun[0] > x else -1)
    front = np.float32(0.42 if sheet.spec.time == "day" else 0.10)
    direct = np.clip(across * toward * np.float32(0.82) + round_ * front, 0, 1) * np.float32(KEY[sheet.spec.time])
    ambient = np.float32(0.44) + across * toward * np.float32(0.07) + round_ * np.float32(0.08)
    return [sheet.light.fill[c] * ambient + sheet.light.key[c] * direct for c in range(3)]


def lay(sheet: Sheet, window: tuple[slice, slice], cover: Field, tone: list[Field], facts: tuple[float, float]) -> None:
    """Paint lit colours through the air; `facts`: how much air, which part."""
    haze, air = blend(sheet.light.haze, sheet.light.lower, 0.35), facts[0]
    seen = np.stack([np.minimum(tone[c], MOST) * np.float32(1 - air) + haze[c] * np.float32(air) + 0 * cover for c in range(3)])
    sheet.mix(seen, cover, *window)
    sheet.hide(cover, facts[1], *window)


def cast(sheet: Sheet, spot: Spot, tall: float, wide: float) -> None:
    """The shadow on the ground."""
    toward = 1.0 if sheet.sun[0] > spot.x else -1.0
    reach = tall * spot.metre * (0.4 if sheet.spec.time == "day" else 0.9)
    half = wide * spot.metre
    tip = spot.x - toward * reach
    corners: list[Point] = [
        (spot.x, spot.y - half * 0.2),
        (tip, spot.y + reach * 0.03 - half * 0.1),
        (tip, spot.y + reach * 0.03 + half * 0.2),
        (spot.x, spot.y + half * 0.22),
    ]
    window = window_of(sheet, corners)
    if window is None:
        return
    x, y = grid(window)
    fade = np.clip(np.float32(1) - np.abs(x - np.float32(spot.x)) / np.float32(reach), 0, 1)
    veiled = 0.35 if sheet.spec.weather in ("cloudy", "fog", "rain", "storm", "snow") else 0.75
    share = within(corners, x, y, max(1.0, half * 0.3)) * fade * np.float32(min(0.5, KEY[sheet.spec.time] * veiled * 0.7) * (1 - spot.air))
    sheet.mix(sheet.light.fill * np.float32(0.2), share, *window)


def plain(tint: Field, level: float = 1.0) -> Material:
    """A wall of one colour."""
    return lambda u, v: [tint[c] * np.float32(level) + 0 * (u + v) for c in range(3)]


def tower(sheet: Sheet, spot: Spot, wish: Subject, number: int) -> None:
    """A round tower of an old castle, whole with battlements or broken, a lower wall beside it."""
    chance = Chance(sheet.seed, "tower", str(number))
    tall, wide, ruin = chance.between(15, 20), chance.between(3.0, 3.8), chance.happens(0.4)
    asked = sheet.spec.colour("tower")
    stone = blend(colour(asked), STONE, 0.4) if asked else STONE
    cast(sheet, spot, tall, wide)
    curtain(sheet, spot, stone, (chance.between(5, 7), chance.sign() * wide, chance.between(7, 12)))
    seam = min(1.0, spot.metre / 9)

    def wall(u: Field, v: Field) -> list[Field]:
        bright = masonry(sheet.seed, u + 32, v + 2, (0.95, 0.46), seam) * (np.float32(0.82) + v * np.float32(0.2 / tall))
        slits = (np.abs(u) < 0.28) & (((v > 5.6) & (v < 7.4)) | ((v > 11.2) & (v < 12.8)))
        bright = np.where(slits, bright * np.float32(0.25), bright)
        ledge = (v > tall - 3.1) & (v < tall - 2.7)
        return [stone[c] * np.where(ledge, bright * np.float32(0.62), bright) for c in range(3)]

    drum(sheet, spot, (0, tall - (0 if ruin else 1.4), wide * 1.06, wide), wall, PART + number % 5, ragged=ruin)
    if ruin:
        return
    drum(sheet, spot, (tall - 2.7, tall, wide * 1.13, wide * 1.13), wall, PART + number % 5)
    step = wide * 1.13 * 2 / 5
    for i in range(5):
        middle = spot.x + (i - 2) * step * spot.metre
        small = Spot(spot.footing, middle, spot.y, spot.metre, spot.air)
        drum(sheet, small, (tall - 0.1, tall + 1.0, step * 0.30, step * 0.30), plain(stone, 0.92), PART + number % 5)
    if LIT[sheet.spec.time] > 0.3:
        lamp_at(sheet, spot.x + 0.2 * wide * spot.metre, spot.y - 12 * spot.metre, spot.metre * 0.35, lamp(sheet, "tower"))


def curtain(sheet: Sheet, spot: Spot, stone: Field, shape: tuple[float, float, float]) -> None:
    """A wall that leaves the tower and crumbles: `shape` is its height, where it begins and how far it goes (metres)."""
    high, begin, reach = shape
    way = 1 if begin > 0 else -1
    ends = [(spot.x, spot.y - high * spot.metre), (spot.x + (begin + way * reach) * spot.metre, spot.y + 1)]
    window = window_of(sheet, ends)
    if window is None:
        return
    x, y = grid(window)
    along = np.abs(x - np.float32(spot.x)) * np.float32(1 / spot.metre)
    up = (np.float32(spot.y) - y) * np.float32(1 / spot.metre)
    course = np.floor(along * np.float32(0.9))
    ragged = masonry(sheet.seed, course + 3, course * 0 + 7, (1.0, 1.0), 0.0) - np.float32(0.95)
    top = np.float32(high) - smooth(abs(begin) + 1, abs(begin) + reach, along) * np.float32(high * 0.85) + ragged * np.float32(3.2)
    cover = np.clip((top - up) * np.float32(spot.metre) + np.float32(0.5), 0, 1)
    bright = masonry(sheet.seed, along, up + 2, (0.9, 0.42), min(1.0, spot.metre / 9)) * np.float32(0.8)
    toward = 1 if sheet.sun[0] > spot.x else -1
    sunny = KEY[sheet.spec.time] * (0.42 if toward == way else 0.22)
    light = sheet.light.fill * np.float32(0.5) + sheet.light.key * np.float32(sunny)
    lay(sheet, window, cover, [stone[c] * light[c] * bright for c in range(3)], (spot.air, PART + 8))


def lighthouse(sheet: Sheet, spot: Spot, wish: Subject, number: int) -> None:
    """A slim tower in bands, its lantern lit when the day ends."""
    asked = sheet.spec.colour("lighthouse")
    band = colour(asked) * np.float32(0.92) if asked and asked != "white" else RED
    banded = asked != "white"
    cast(sheet, spot, 21, 2.2)

    def wall(u: Field, v: Field) -> list[Field]:
        stripe = ((np.floor(v * np.float32(1 / 3.6)) % 2) > 0.5) & banded
        dark = ((np.abs(u - np.float32(0.3)) < 0.28) & ((v % np.float32(5.4)) > 4.2)) | ((np.abs(u + 0.2) < 0.55) & (v < 1.9))
        grime = np.float32(1) - smooth(2.4, 0.0, v) * np.float32(0.18)
        return [np.where(dark, np.float32(0.16), np.where(stripe, band[c], WHITE[c])) * grime for c in range(3)]

    roof = band if banded else rgb("4e545c")
    part = PART + 12 + number % 4
    drum(sheet, spot, (0, 1.2, 3.4, 3.2), plain(STONE, 0.9), part)
    drum(sheet, spot, (0, 18, 2.3, 1.45), wall, part + 0.5)
    drum(sheet, spot, (17.7, 18.3, 2.1, 2.1), plain(rgb("3a3e44")), part)
    drum(sheet, spot, (18.3, 20.4, 1.15, 1.15), plain(blend(rgb("2c3a44"), sheet.light.upper, 0.4)), part)
    drum(sheet, spot, (20.4, 22.4, 1.45, 0.12), plain(roof, 0.9), part + 0.5)
    if LIT[sheet.spec.time] > 0.15 or sheet.spec.weather in ("fog", "storm"):
        beam(sheet, spot, spot.x, spot.y - 19.4 * spot.metre)


def beam(sheet: Sheet, spot: Spot, x: float, y: float) -> None:
    """The lamp and two pale beams that leave it, nearly level."""
    lamp_at(sheet, x, y, spot.metre * 1.0, rgb("fff0c8") * np.float32(1.15))
    reach = sheet.unit * 0.45
    window = window_of(sheet, [(x - reach, y - reach * 0.16), (x + reach, y + reach * 0.16)])
    if window is None:
        return
    columns, rows = grid(window)
    across, down = (columns - np.float32(x)) / np.float32(reach), (rows - np.float32(y)) / np.float32(reach)
    axis = down + across * np.float32(0.07)
    wide = np.float32(0.010) + np.abs(across) * np.float32(0.085)
    share = fall(axis * axis / (wide * wide) * np.float32(2)) * np.clip(np.float32(1) - np.abs(across), 0, 1)
    share = share * share * np.float32(0.34 if sheet.night else 0.20)
    sheet.add(rgb("ffe9bc"), share, *window)


def lamp_at(sheet: Sheet, x: float, y: float, radius: float, tint: Field) -> None:
    """A small lamp with its glow."""
    radius = max(0.8, radius)
    wide = radius * 7
    window = window_of(sheet, [(x - wide, y - wide), (x + wide, y + wide)])
    if window is None:
        return
    columns, rows = grid(window)
    dx, dy = (columns - np.float32(x)) / np.float32(radius), (rows - np.float32(y)) / np.float32(radius)
    square = dx * dx + dy * dy
    core = np.clip(np.float32(1.6) - square, 0, 1)
    halo = np.clip(fall(square * np.float32(0.5)) - np.float32(0.04), 0, 1) * np.float32(0.55)
    sheet.mix(tint, np.maximum(core, halo), *window)
    shine = sheet.marks.shine[window]
    np.maximum(shine, core, out=shine)


def mill(sheet: Sheet, spot: Spot, wish: Subject, number: int) -> None:
    """A windmill: a tapering body, a cap, four sails of lattice and cloth."""
    chance = Chance(sheet.seed, "mill", str(number))
    asked = sheet.spec.colour("mill")
    body = blend(colour(asked), WHITE, 0.25) if asked else rgb(chance.choice(("e8e0d0", "cfc0a8", "9a7f66")))
    cast(sheet, spot, 14, 2.8)

    def wall(u: Field, v: Field) -> list[Field]:
        board = masonry(sheet.seed, u + 20, v + 2, (6.0, 0.4), min(1.0, spot.metre / 9)) * np.float32(0.5) + np.float32(0.5)
        dark = ((np.abs(u - 0.9) < 0.36) & ((v % np.float32(3.6)) > 2.4) & (v < 9)) | ((np.abs(u + 0.8) < 0.55) & (v < 2.1))
        stone = v < 1.1
        return [np.where(dark, np.float32(0.14), np.where(stone, STONE[c] * np.float32(0.85), body[c] * board)) for c in range(3)]

    part = PART + 20 + number % 4
    drum(sheet, spot, (0, 10.5, 3.5, 2.2), wall, part)
    drum(sheet, spot, (10.3, 12.7, 2.5, 0.7), plain(WOOD, 1.15), part + 0.5)
    if LIT[sheet.spec.time] > 0.3:
        lamp_at(sheet, spot.x + 0.9 * spot.metre, spot.y - 6.6 * spot.metre, spot.metre * 0.34, lamp(sheet, "mill"))
    turn, side = chance.between(12, 40), -sheet.composition.side
    hub = spot.x + side * 0.9 * spot.metre, spot.y - 11.2 * spot.metre
    for i in range(4):
        sail(sheet, hub, turn + 90 * i, spot, part + 0.9)


def sail(sheet: Sheet, hub: Point, turn: float, spot: Spot, part: float) -> None:
    """One sail: a stock and a lattice beside it, half covered with cloth."""
    angle = math.radians(turn)
    squeeze, metre = 0.86, spot.metre
    along, across = (math.cos(angle) * squeeze, math.sin(angle)), (-math.sin(angle) * squeeze, math.cos(angle))
    reach, wide = 7.6, 1.7

    def at(a: float, b: float) -> Point:
        return hub[0] + (along[0] * a + across[0] * b) * metre, hub[1] + (along[1] * a + across[1] * b) * metre

    window = window_of(sheet, [at(0, -0.3), at(reach, -0.3), at(reach, wide), at(0, wide)])
    if window is None:
        return
    columns, rows = grid(window)
    x, y = (columns - np.float32(hub[0])) * np.float32(1 / (squeeze * metre)), (rows - np.float32(hub[1])) * np.float32(1 / metre)
    a, b = (
        x * np.float32(math.cos(angle)) + y * np.float32(math.sin(angle)),
        y * np.float32(math.cos(angle)) - x * np.float32(math.sin(angle)),
    )
    pixel = 1 / metre

    def inside(field: Field, low: float, high: float) -> Field:
        return np.asarray(
            np.clip(np.minimum(field - np.float32(low), np.float32(high) - field) / np.float32(pixel) + np.float32(0.5), 0, 1)
        )

    stock = inside(a, 0, reach) * inside(b, -0.16, 0.16)
    bars = np.maximum(np.clip(1 - np.abs((a * 1.25) % 1 - 0.5) * 5, 0, 1), inside(b, wide - 0.14, wide)) * np.float32(0.85)
    cloth = np.float32(0.55) * inside(a, 1.4, reach * 0.8)
    cover = np.maximum(stock, inside(a, 1.4, reach) * inside(b, 0, wide) * np.maximum(bars, cloth)).astype(np.float32)
    light = sheet.light.fill * np.float32(0.62) + sheet.light.key * np.float32(KEY[sheet.spec.time] * 0.42)
    pale = np.clip(cloth - bars * np.float32(0.7) - stock, 0, 0.55) * np.float32(1 / 0.55)
    tone = [(WOOD[c] + (rgb("e9dfc8")[c] - WOOD[c]) * pale) * light[c] for c in range(3)]
    lay(sheet, window, cover, tone, (spot.air, part))
