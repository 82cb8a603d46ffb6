"""Heaped clouds: balls grow on balls like a cauliflower over a flat base, and the light models them."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from imagechat.providers.sketch.canvas.curves import blurred, smooth
from imagechat.providers.sketch.canvas.noise import Field, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.sky.laying import both, grown, lay

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
    left, right = int(place.x - place.width * 0.68) & -2, int(place.x + place.width * 0.68) & -2
    top, bottom = int(place.base - place.tall * 1.22) & -2, (int(place.base + place.tall * 0.10) + 4) & -2
    if top >= floor or right <= 0 or left >= sheet.width or bottom <= 0:
        return
    right, bottom = max(right, left + 16), max(bottom, top + 16)
    rows, columns = (bottom - top) // step, (right - left) // step
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
    size = max(1, round(radius))
    row, column = int(y + 0.5) - size, int(x + 0.5) - size
    top, bottom = max(0, row), min(surface.shape[0], row + 2 * size + 1)
    left, right = max(0, column), min(surface.shape[1], column + 2 * size + 1)
    if top >= bottom or left >= right:
        return
    part = surface[top:bottom, left:right]
    np.maximum(part, front(size)[top - row : bottom - row, left - column : right - column], out=part)


@lru_cache(maxsize=256)
def front(radius: int) -> Field:
    """How far the front of a ball rises at each point, kept for the next ball."""
    side = np.arange(-radius, radius + 1, dtype=np.float32)
    square = side * side
    return np.asarray(np.sqrt(np.maximum(np.float32(radius * radius) - square[:, None] - square[None, :], 0)), np.float32)


def modelled(sheet: Sheet, chance: Chance, surface: Field, place: Heap, middle: tuple[float, float]) -> tuple[Field, Field]:
    """(density, lit) of a puffed surface: its outline warped by noise and cut flat below, its light from the sun and from above."""
    tall, base = place.tall, place.base
    field = puff_noise(sheet.seed, chance.whole(0, 3))
    rows = np.arange(surface.shape[0], dtype=np.float32)[:, None]
    columns = np.arange(surface.shape[1], dtype=np.float32)[None, :]
    grain = np.float32(150 / max(tall, 8))
    u, v = columns * grain + np.float32(chance.between(0, 256)) + 0 * rows, rows * grain + 0 * columns
    one, other = both(field, puff_noise(sheet.seed, 4), v, u)
    reach = np.float32(tall * (0.05 if sheet.crisp else 0.085))
    y = np.clip(rows + one * reach, 0, surface.shape[0] - 1).astype(np.int32)
    x = np.clip(columns + other * reach, 0, surface.shape[1] - 1).astype(np.int32)
    body = surface[y, x]
    bottom = smooth(base + tall * 0.05, base - tall * 0.07, rows + other * np.float32(tall * 0.05))
    density = smooth(0.01, 0.10, body / np.float32(tall) + (one + other) * np.float32(0.035)) * (body > 0) * bottom
    lump = blurred(body, max(1, round(tall * 0.008))) + (one + other) * np.float32(tall * 0.030)
    broad = grown(blurred(middles(body), max(1, round(tall * 0.04))), body.shape)
    return density, lit_from(sheet, (lump, broad), rows, place, middle)


def middles(field: Field) -> Field:
    """Every second point, those of the last row and column too."""
    return np.pad(field, ((0, field.shape[0] & 1), (0, field.shape[1] & 1)), mode="edge")[::2, ::2]


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
    first, last, start, end = max(0, top), min(floor, bottom), max(0, left), min(sheet.width, right)
    if first >= last or start >= end:
        return
    if sheet.crisp:
        density, lit = (grown(field, (bottom - top, right - left)) for field in (density, lit))
        density = smooth(0.38, 0.56, density)
        lit = smooth(0.34, 0.38, lit) * np.float32(0.45) + smooth(0.62, 0.66, lit) * np.float32(0.37) + np.float32(0.18)
    step = 1 if density.shape[0] == bottom - top else 2
    inside = (
        slice((first - top) // step, -(-(last - top) // step)),
        slice((start - left) // step, -(-(end - left) // step)),
    )
    density = density[inside] * np.float32(1 - 0.12 * place.far)
    lay(sheet, density, lit[inside], (slice(first, last), slice(start, end)), most=0.98, far=place.far, fire=0.55 if sheet.low_sun else 0.0)
