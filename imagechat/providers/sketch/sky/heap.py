"""Heaped clouds: balls grow on balls like a cauliflower over a flat base, and the light models them."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from imagechat.providers.sketch.canvas.curves import blurred, fall, smooth
from imagechat.providers.sketch.canvas.light import blend
from imagechat.providers.sketch.canvas.noise import Field, enlarged, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance

Window = tuple[int, int, int, int]
"""Top, bottom, left and right in pixels."""


@dataclass(frozen=True, slots=True)
class Heap:
    """Where a heaped cloud stands, in pixels: its middle column, the row of its base, its width and height; `far`: its share of haze."""

    x: float
    base: float
    width: float
    tall: float
    far: float = 0.0

    def scaled(self, left: float, top: float, scale: float) -> "Heap":
        """The same place in a window that begins at `left`, `top` and is `scale` times as fine."""
        return Heap((self.x - left) * scale, (self.base - top) * scale, self.width * scale, self.tall * scale, self.far)


def paint_heap(sheet: Sheet, chance: Chance, place: Heap, floor: int) -> None:
    """One heaped cloud above the row `floor`, at half size where the sheet is large."""
    step = 2 if sheet.unit >= 320 else 1
    left, right = int(place.x - place.width * 0.68), int(place.x + place.width * 0.68)
    top, bottom = int(place.base - place.tall * 1.22), int(place.base + place.tall * 0.10) + 3
    if top >= floor or right <= 0 or left >= sheet.width or bottom <= 0:
        return
    rows, columns = max(8, (bottom - top) // step), max(8, (right - left) // step)
    inner = place.scaled(left, top, columns / (right - left))
    surface = puffs(chance, (rows, columns), inner)
    density, lit = modelled(sheet, chance, surface, inner, (place.x, place.base - place.tall / 2))
    cut(sheet, density, lit, place, (top, bottom, left, right), floor=floor)


def puffs(chance: Chance, shape: tuple[int, int], place: Heap) -> Field:
    """The raised surface: a body of great balls side by side under a lopsided hump, smaller ones on their shoulders, and again on those."""
    surface = np.zeros(shape, np.float32)
    peak, second = chance.between(-0.24, 0.24), chance.between(-0.42, 0.42)
    count = max(3, round(place.width / place.tall * 2.6))
    for i in range(count):
        off = (i + 0.5 + chance.between(-0.3, 0.3)) / count - 0.5
        one, other = 1 - ((off - peak) * 2.9) ** 2, 0.72 - ((off - second) * 4.2) ** 2
        rise = max(0.16, one, other) * max(0.0, 1 - (2 * off) ** 4) * chance.between(0.82, 1.04)
        radius = max(place.width / count * 0.66, place.tall * 0.12) * chance.between(0.70, 1.25) * (0.62 + 0.38 * rise)
        x, up, top = place.x + off * place.width * 0.92, radius * 0.2, rise * place.tall - radius
        while up < top:
            size = radius * chance.between(0.75, 1.2)
            raise_ball(surface, x + chance.between(-0.7, 0.7) * radius, place.base - up, size)
            up += radius * 0.62
        grow(surface, chance, (x, place.base - max(radius * 0.1, top), radius), 2)
        for _ in range(2):
            shoulder = x + chance.between(-1.0, 1.0) * radius, place.base - chance.unit() * max(0.0, top), radius * chance.between(0.5, 0.8)
            grow(surface, chance, shoulder, 1)
    return surface


def grow(surface: Field, chance: Chance, ball: tuple[float, float, float], times: int) -> None:
    """A ball (x, y, radius) with four smaller ones over its upper half, each of which grows in the same way."""
    x, y, radius = ball
    raise_ball(surface, x, y, radius)
    for i in range(4 if times == 2 else 3):
        if times == 0 or radius < 3:
            return
        off = (i - (1.5 if times == 2 else 1.0)) * 0.52 + chance.between(-0.22, 0.22)
        up = max(0.0, 1 - off * off) ** 0.5 * chance.between(0.45, 0.95)
        grow(surface, chance, (x + off * radius, y - up * radius, radius * chance.between(0.38, 0.60)), times - 1)


def raise_ball(surface: Field, x: float, y: float, radius: float) -> None:
    """Raise `surface` to a ball's front."""
    top, bottom = max(0, int(y - radius)), min(surface.shape[0], int(y + radius) + 2)
    left, right = max(0, int(x - radius)), min(surface.shape[1], int(x + radius) + 2)
    if top >= bottom or left >= right:
        return
    down = np.arange(top, bottom, dtype=np.float32)[:, None] - np.float32(y)
    side = np.arange(left, right, dtype=np.float32)[None, :] - np.float32(x)
    front = np.sqrt(np.clip(np.float32(radius * radius) - down * down - side * side, 0, None))
    part = surface[top:bottom, left:right]
    np.maximum(part, front, out=part)


def modelled(sheet: Sheet, chance: Chance, surface: Field, place: Heap, middle: tuple[float, float]) -> tuple[Field, Field]:
    """(density, lit) of a puffed surface: its outline warped by noise and cut flat below, its light from the sun and from above."""
    tall, base = place.tall, place.base
    field = puff_noise(sheet.seed, chance.whole(0, 3))
    rows = np.arange(surface.shape[0], dtype=np.float32)[:, None]
    columns = np.arange(surface.shape[1], dtype=np.float32)[None, :]
    grain = np.float32(150 / max(tall, 8))
    u, v = columns * grain + np.float32(chance.between(0, 256)) + 0 * rows, rows * grain + 0 * columns
    one, other = sampled(field, v, u), sampled(field, v + np.float32(91), u + np.float32(37))
    reach = np.float32(tall * (0.05 if sheet.crisp else 0.085))
    y = np.clip(rows + one * reach, 0, surface.shape[0] - 1).astype(np.int32)
    x = np.clip(columns + other * reach, 0, surface.shape[1] - 1).astype(np.int32)
    body = surface[y, x]
    bottom = smooth(base + tall * 0.05, base - tall * 0.07, rows + other * np.float32(tall * 0.05))
    density = smooth(0.01, 0.10, body / np.float32(tall) + (one + other) * np.float32(0.035)) * (body > 0) * bottom
    lump = blurred(body, max(1, round(tall * 0.008))) + (one + other) * np.float32(tall * 0.030)
    broad = blurred(body, max(1, round(tall * 0.08)))
    return density, lit_from(sheet, (lump, broad), rows, place, middle)


@lru_cache(maxsize=8)
def puff_noise(seed: int, number: int) -> Field:
    """The noise of cloud outlines, kept for the next cloud."""
    return tile(seed, f"puff {number}", (8, 8), 256, octaves=7, gain=0.55)


def lit_from(sheet: Sheet, bodies: tuple[Field, Field], rows: Field, place: Heap, middle: tuple[float, float]) -> Field:
    """How much light each point of a cloud gets: from its lumps, from its broad shape, and more toward its top."""
    side, up = sheet.sun[0] - middle[0], middle[1] - sheet.sun[1]
    length = max(1.0, (side * side + up * up) ** 0.5)
    side, up = side / length, up / length
    low = sheet.low_sun or sheet.spec.time == "dusk"
    up = max(up, 0.05) if low else max(up, 0.45)
    shade = np.zeros_like(bodies[0])
    for body, share in zip(bodies, (0.55, 0.45), strict=True):
        down, right = np.gradient(body)
        toward = down * np.float32(up) - right * np.float32(side) + np.float32(0.45)
        shade += toward / np.sqrt(right * right + down * down + np.float32(1)) * np.float32(share)
    height = np.clip((np.float32(place.base) - rows) / np.float32(place.tall), 0, 1)
    lit = (
        shade * np.float32(1.20 if low else 0.86) + height * np.float32(0.42 if not low else 0.16) + np.float32(0.10 if not low else -0.34)
    )
    belly = smooth(0.22, 0.0, height) * np.float32(-0.26 if not low else 0.16)
    return np.asarray(np.clip(lit + belly, 0, 1) * np.float32(0.72 if sheet.night else 1.0), np.float32)


def cut(sheet: Sheet, density: Field, lit: Field, place: Heap, window: Window, *, floor: int) -> None:
    """Lay the part of a cloud that is inside the sky; drawn styles get a clear edge and three tones."""
    top, bottom, left, right = window
    density, lit = (enlarged(field, (bottom - top, right - left)) for field in (density, lit))
    first, last = max(0, top), min(floor, bottom)
    start, end = max(0, left), min(sheet.width, right)
    if first >= last or start >= end:
        return
    inside = slice(first - top, last - top), slice(start - left, end - left)
    density, lit = density[inside], lit[inside]
    if sheet.crisp:
        density = smooth(0.38, 0.56, density)
        lit = smooth(0.34, 0.38, lit) * np.float32(0.45) + smooth(0.62, 0.66, lit) * np.float32(0.35) + np.float32(0.18)
    lay(sheet, density * np.float32(1 - 0.30 * place.far), lit, slice(first, last), slice(start, end), most=0.98, far=place.far)


def lay(sheet: Sheet, density: Field, lit: Field, rows: slice, columns: slice, *, most: float, far: float = 0.0) -> None:
    """Blend a cloud in: `lit` 0 is its shadow, 1 its light; near the low sun its thin parts shine; `far` ones take the sky's own colour."""
    near = None if sheet.spec.time == "day" else shining(sheet, density, rows, columns)
    light, share = sheet.light, density * np.float32(most)
    if sheet.spec.subject("moon"):
        share = share * parted(sheet, sheet.moon, rows, columns)
    elif sheet.composition.sees_sun and sheet.low_sun:
        share = share * (np.float32(0.15) + parted(sheet, sheet.sun, rows, columns) * np.float32(0.85))
    air = blend(light.lower, light.horizon, 0.5)
    for channel in range(3):
        tone = light.dark[channel] + (light.lit[channel] - light.dark[channel]) * lit
        if near is not None:
            tone += (light.glow[channel] * np.float32(1.12) - tone) * near
        if far:
            tone += (air[channel] - tone) * np.float32(far * 0.55)
        part = sheet.rgb[channel, rows, columns]
        part += (tone - part) * share
    if sheet.spec.scene == "sky":
        cover = sheet.marks.cover[rows, columns]
        np.maximum(cover, share, out=cover)
    sheet.marks.shine[rows, columns] *= 1 - share


def shining(sheet: Sheet, density: Field, rows: slice, columns: slice) -> Field:
    """How much the thin parts of a cloud glow with the low sun or the moon behind them."""
    x, y = sheet.sun
    square = ((sheet.columns()[:, columns] - x) / sheet.unit) ** 2 + ((sheet.rows()[rows] - y) / sheet.unit) ** 2
    return np.asarray(fall(square * 7) * np.float32(0.8) * (1 - density * np.float32(0.45)), np.float32)


def parted(sheet: Sheet, lamp: tuple[float, float], rows: slice, columns: slice) -> Field:
    """How much of a cloud is left before the sun, or a moon that was asked for: it is seen through a gap."""
    x, y = lamp
    square = ((sheet.columns()[:, columns] - x) / sheet.unit) ** 2 + ((sheet.rows()[rows] - y) / sheet.unit) ** 2
    return np.float32(0.12) + np.float32(0.88) * smooth(0.0036, 0.016, square)
