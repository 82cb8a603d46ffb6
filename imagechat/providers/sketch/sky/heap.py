"""Heaped clouds: billows of several sizes on a broad body over a flat shaded base, modelled by the light."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from imagechat.providers.sketch.canvas.curves import blurred, box, smooth
from imagechat.providers.sketch.canvas.noise import Field, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.sky.laying import both, grown, lay

Window = tuple[int, int, int, int]
"""Top, bottom, left and right in pixels."""


@dataclass(frozen=True, slots=True)
class Heap:
    """Where a heaped cloud stands, in pixels: its middle column, the row of its base, its width and height; `far`: its share of haze;
    `under`: how much of its underside is seen, as a share of its height.
    """

    x: float
    base: float
    width: float
    tall: float
    far: float = 0.0
    under: float = 0.06

    def scaled(self, left: float, top: float, scale: float) -> "Heap":
        """The same place in a window that begins at `left`, `top` and is `scale` times as fine."""
        return Heap((self.x - left) * scale, (self.base - top) * scale, self.width * scale, self.tall * scale, self.far, self.under)


def paint_heap(sheet: Sheet, chance: Chance, place: Heap, floor: int) -> None:
    """One heaped cloud above the row `floor`, at half size where the sheet is large."""
    step = 2 if sheet.unit >= 320 else 1
    left, right = int(place.x - place.width * 0.68) & -2, int(place.x + place.width * 0.68) & -2
    top, bottom = int(place.base - place.tall * 1.22) & -2, (int(place.base + place.tall * (place.under + 0.12)) + 4) & -2
    if top >= floor or right <= 0 or left >= sheet.width or bottom <= 0:
        return
    right, bottom = max(right, left + 16), max(bottom, top + 16)
    rows, columns = (bottom - top) // step, (right - left) // step
    inner = place.scaled(left, top, columns / (right - left))
    surface = puffs(chance, (rows, columns), inner)
    density, lit = modelled(sheet, chance, surface, inner, (place.x, place.base - place.tall / 2))
    cut(sheet, density, lit, place, (top, bottom, left, right), floor=floor)


def puffs(chance: Chance, shape: tuple[int, int], place: Heap) -> Field:
    """The raised surface: a smooth broad body under a lopsided skyline, great billows anywhere on it, smaller ones on their shoulders."""
    humps = skyline(chance)
    off = (np.arange(shape[1], dtype=np.float32) - np.float32(place.x)) * np.float32(1 / place.width)
    tops = np.maximum(np.float32(0.02), roofs(off, humps)) * np.float32(place.tall)
    up = (np.float32(place.base) - np.arange(shape[0], dtype=np.float32)[:, None]) / tops[None, :]
    round_ = np.sqrt(np.maximum(np.float32(1) - up * up, 0)) * np.sqrt(np.maximum(np.float32(1) - off * off * np.float32(4.4), 0))
    surface = np.asarray(round_ * tops[None, :] * np.float32(0.30), np.float32)
    count = max(7, min(16, round(place.width / place.tall * 4.5)))
    for i in range(count):
        at = (i * 0.618034 + chance.between(-0.16, 0.16)) % 1.0 * 0.92 - 0.46
        top = max(tall * max(0.0, 1 - ((at - middle) / half) ** 2) ** 0.5 for middle, half, tall in humps) * place.tall
        radius = max(top * (0.18 + 0.46 * chance.unit() * chance.unit() + 0.10 * (i % 3)), place.tall * 0.06)
        rise = (top - radius) * (1.0 if i % 2 else chance.unit())
        ball = place.x + at * place.width, place.base - max(rise, radius * 0.15), radius
        grow(surface, chance, ball, 2 if radius > 7 else 1, min(2.0, 1 + 0.5 * max(0.0, top - rise) / radius))
    return surface


def skyline(chance: Chance) -> list[tuple[float, float, float]]:
    """The humps of a cloud, each (middle as a share of the width from its own middle, half width, height): one leads, others follow."""
    lead = chance.between(-0.20, 0.20)
    found = [(lead, chance.between(0.24, 0.40), 1.0), (-lead * 0.4, 0.49, chance.between(0.34, 0.50))]
    more = chance.whole(1, 3)
    return found + [(chance.between(-0.36, 0.36), chance.between(0.12, 0.20), chance.between(0.42, 0.78)) for _ in range(more)]


def roofs(off: Field, humps: list[tuple[float, float, float]]) -> Field:
    """How high the skyline stands at each `off` (shares of the width): the highest of its humps."""
    high = np.zeros_like(off)
    for middle, half, tall in humps:
        t = (off - np.float32(middle)) * np.float32(1 / half)
        np.maximum(high, np.sqrt(np.maximum(np.float32(1) - t * t, 0)) * np.float32(tall), out=high)
    return high


def grow(surface: Field, chance: Chance, ball: tuple[float, float, float], times: int, near: float = 1.0) -> None:
    """A ball (x, y, radius) with smaller ones around its upper half, each of which grows in the same way; `near` ones bulge out."""
    x, y, radius = ball
    raise_ball(surface, x, y, radius, near)
    for _ in range(4 if times == 2 else 2):
        if times == 0 or radius < 4:
            return
        off = chance.between(-0.95, 0.95)
        up = max(0.0, 1 - off * off) ** 0.5 * chance.between(0.30, 0.95)
        grow(surface, chance, (x + off * radius, y - up * radius, radius * chance.between(0.26, 0.60)), times - 1, near * 1.25)


def raise_ball(surface: Field, x: float, y: float, radius: float, near: float) -> None:
    """Raise `surface` to a ball's front, drawn out toward the eye `near` times."""
    size = max(1, round(radius))
    row, column = int(y + 0.5) - size, int(x + 0.5) - size
    top, bottom = max(0, row), min(surface.shape[0], row + 2 * size + 1)
    left, right = max(0, column), min(surface.shape[1], column + 2 * size + 1)
    if top >= bottom or left >= right:
        return
    part = surface[top:bottom, left:right]
    ball = front(size)[top - row : bottom - row, left - column : right - column] * np.float32(near)
    np.maximum(part, ball, out=part)


@lru_cache(maxsize=256)
def front(radius: int) -> Field:
    """How far the front of a ball rises at each point, kept for the next ball."""
    side = np.arange(-radius, radius + 1, dtype=np.float32)
    square = side * side
    return np.asarray(np.sqrt(np.maximum(np.float32(radius * radius) - square[:, None] - square[None, :], 0)), np.float32)


def modelled(sheet: Sheet, chance: Chance, surface: Field, place: Heap, middle: tuple[float, float]) -> tuple[Field, Field]:
    """(density, lit) of a puffed surface: its outline warped by noise and cut flat below, its light from the sun and from above."""
    tall, base = place.tall, place.base
    rows = np.arange(surface.shape[0], dtype=np.float32)[:, None]
    columns = np.arange(surface.shape[1], dtype=np.float32)[None, :]
    grain = np.float32(150 / max(tall, 8))
    few = 2 if tall > 64 else 1
    u = columns[:, ::few] * grain + np.float32(chance.between(0, 256)) + 0 * rows[::few]
    v = rows[::few] * grain + np.float32(chance.between(0, 256)) + 0 * columns[:, ::few]
    one, other = (grown(noise, surface.shape) for noise in both(puff_noise(sheet.seed, 0), puff_noise(sheet.seed, 1), v, u))
    reach = np.float32(tall * (0.05 if sheet.crisp else 0.10))
    y = np.clip(rows + one * reach, 0, surface.shape[0] - 1).astype(np.int32)
    x = np.clip(columns + other * reach, 0, surface.shape[1] - 1).astype(np.int32)
    body = surface[y, x]
    below = base + tall * place.under
    bottom = smooth(below + tall * 0.05, below - tall * 0.12, rows + (one + other) * np.float32(tall * 0.05))
    foot = max(1, min(int(base - tall * 0.04), len(body) - 1))
    body[foot:] = box(body[foot - 1 : foot], max(1, round(tall * 0.12)), 1)
    density = smooth(0.0, 0.26, body / np.float32(tall) + (one + other) * np.float32(0.07)) * (body > 0) * bottom
    lump = blurred(body, max(1, round(tall * 0.014))) + (one + other) * np.float32(tall * 0.012)
    broad = blurred(middles(body), max(1, round(tall * 0.045)))
    return density, lit_from(sheet, (lump, broad), rows, place, middle)


def middles(field: Field) -> Field:
    """Every second point, those of the last row and column too."""
    return np.pad(field, ((0, field.shape[0] & 1), (0, field.shape[1] & 1)), mode="edge")[::2, ::2]


@lru_cache(maxsize=4)
def puff_noise(seed: int, number: int) -> Field:
    """The noise of cloud outlines, kept for the next cloud."""
    return tile(seed, f"puff {number}", (8, 8), 256, octaves=7, gain=0.55)


def lit_from(sheet: Sheet, bodies: tuple[Field, Field], rows: Field, place: Heap, middle: tuple[float, float]) -> Field:
    """How much light each point of a cloud gets: its lumps, its broad shape and the whole of it toward the sun, more toward its top."""
    side, up = sheet.sun[0] - middle[0], middle[1] - sheet.sun[1]
    length = max(1.0, (side * side + up * up) ** 0.5)
    side, up = side / length, up / length
    low = sheet.low_sun or sheet.spec.time == "dusk"
    up = max(up, 0.30) if low else max(up, 0.45)
    height = np.clip((np.float32(place.base) - rows) / np.float32(place.tall), -1, 1)
    off = (np.arange(bodies[0].shape[1], dtype=np.float32) - np.float32(place.x)) * np.float32(1 / place.width)
    whole = np.float32(0.42) + off * np.float32(1.2 * side) + (height - np.float32(0.3)) * np.float32(0.9 * up)
    lump, broad = faced(bodies[0], side, up), grown(faced(bodies[1], side, up, 2), bodies[0].shape)
    broad += (whole - broad) * np.float32(0.62 if low else 0.30)
    shade = broad + (lump - broad) * smooth(0.02, 0.60, height) * np.float32(0.36 if low else 0.50)
    lit = (
        shade * np.float32(1.20 if low else 0.80)
        + np.maximum(height, 0) * np.float32(0.42 if not low else 0.16)
        + np.float32(0.12 if not low else -0.28)
    )
    belly = smooth(0.34, -0.04, height) * np.float32(-0.42 if not low else -0.26)
    least = 0.0 if low or sheet.night else 0.20
    tone = np.clip(lit + belly, 0, 1) * np.float32((0.72 if sheet.night else 1.0) - least)
    return np.asarray(tone + np.float32(least), np.float32)


def faced(body: Field, side: float, up: float, step: int = 1) -> Field:
    """How far a raised surface, its points `step` apart, is turned to a light `side` to the right and `up`, about -0.5 to 1.4."""
    down, right = np.gradient(body, step)
    toward = down * np.float32(up) - right * np.float32(side) + np.float32(0.45)
    right *= right
    down *= down
    right += down
    right += np.float32(1)
    toward /= np.sqrt(right)
    return np.asarray(toward, np.float32)


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
