"""Clouds: high ones on a plane in perspective, and heaped ones built of puffs that the light models."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.canvas.curves import blurred, fall, smooth
from imagechat.providers.sketch.canvas.noise import Field, enlarged, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet

COVER = {"clear": 0.16, "scattered": 0.42, "cloudy": 0.72, "fog": 0.30, "rain": 0.9, "storm": 0.9, "snow": 0.85, "wind": 0.5}
HEAPS = {"clear": (0, 1), "scattered": (2, 4), "cloudy": (4, 6), "fog": (0, 0), "rain": (2, 3), "storm": (4, 6), "snow": (0, 1), "wind": (2, 4)}


@dataclass(frozen=True, slots=True)
class Heap:
    """Where a heaped cloud stands, in pixels: its middle column, the row of its base, its width and height; made of `balls` puffs."""

    x: float
    base: float
    width: float
    tall: float
    balls: int = 84

    def scaled(self, left: float, top: float, scale: float) -> "Heap":
        """The same place in a window that begins at `left`, `top` and is `scale` times as fine."""
        return Heap((self.x - left) * scale, (self.base - top) * scale, self.width * scale, self.tall * scale, self.balls)


def paint_clouds(sheet: Sheet) -> None:
    """High clouds first, heaps before them."""
    chance = Chance(sheet.seed, "clouds")
    if sheet.spec.weather == "clear" and chance.happens(0.4):
        return
    high_clouds(sheet, chance)
    for place in heaps(sheet, chance):
        heap(sheet, chance, place, sheet.horizon)


def high_clouds(sheet: Sheet, chance: Chance) -> None:
    """Streaks and fields on a plane far above, lit from the sun's side; painted at half size."""
    rows, columns = max(4, sheet.horizon // 2), max(4, sheet.width // 2)
    y = (np.arange(rows, dtype=np.float32)[:, None] + np.float32(0.5)) / rows
    x = (np.arange(columns, dtype=np.float32)[None, :] / columns - np.float32(0.5)) * np.float32(sheet.width / sheet.unit)
    far = np.float32(1) / (np.float32(1.06) - y)
    field = tile(sheet.seed, "high clouds", (8, 8), 512, octaves=7, gain=0.56)
    lean, stretch, wander = chance.between(-0.8, 0.8), chance.between(18, 34), chance.between(0, 512)
    u = (x + np.float32(lean) * y) * far * np.float32(stretch) + np.float32(wander)
    v = far * np.float32(chance.between(44, 66)) + np.float32(wander)
    body = sampled(field, v, u)
    toward = np.float32(3.0 if sheet.sun[0] > sheet.width / 2 else -3.0)
    rise = body - sampled(field, v + np.float32(4), u + toward)
    cover = COVER[sheet.spec.weather]
    density = smooth(0.52 - cover, 1.12 - cover, body) * np.clip(far * 0.9 - 0.35, 0, 1) * smooth(1.0, 0.86, y)
    if sheet.crisp:
        density = smooth(0.35, 0.65, density) * np.float32(0.55)
    lit = np.clip(np.float32(0.55) + rise * np.float32(1.6) - density * np.float32(0.25), 0, 1)
    whole = sheet.horizon, sheet.width
    lay(sheet, enlarged(density, whole), enlarged(lit, whole), slice(0, sheet.horizon), slice(None), most=0.86)


def lay(sheet: Sheet, density: Field, lit: Field, rows: slice, columns: slice, *, most: float) -> None:
    """Blend a cloud in: `lit` 0 is its shadow, 1 its light; near the low sun its thin parts shine."""
    x, y = sheet.sun
    square = ((sheet.columns()[:, columns] - x) / sheet.unit) ** 2 + ((sheet.rows()[rows] - y) / sheet.unit) ** 2
    near = fall(square * 7) * np.float32(0.0 if sheet.spec.time == "day" else 0.8)
    light = sheet.light
    share = density * np.float32(most)
    if sheet.spec.subject("moon"):
        share = share * parted(sheet, rows, columns)
    for channel in range(3):
        tone = light.dark[channel] + (light.lit[channel] - light.dark[channel]) * lit
        tone += (light.glow[channel] * np.float32(1.12) - tone) * near * (1 - density * np.float32(0.45))
        part = sheet.rgb[channel, rows, columns]
        part += (tone - part) * share
    if sheet.spec.scene == "sky":
        cover = sheet.marks.cover[rows, columns]
        np.maximum(cover, share, out=cover)
    sheet.marks.shine[rows, columns] *= 1 - share


def parted(sheet: Sheet, rows: slice, columns: slice) -> Field:
    """How much of a cloud is left before a moon that was asked for: it is seen through a gap."""
    x, y = sheet.moon
    square = ((sheet.columns()[:, columns] - x) / sheet.unit) ** 2 + ((sheet.rows()[rows] - y) / sheet.unit) ** 2
    return np.float32(0.12) + np.float32(0.88) * smooth(0.0036, 0.016, square)


def heaps(sheet: Sheet, chance: Chance) -> list[Heap]:
    """Where heaped clouds stand, far and small ones first."""
    low, high = HEAPS[sheet.spec.weather]
    if sheet.night or sheet.spec.time == "dusk":
        low, high = low // 2, high // 2
    more = 2 if sheet.spec.layout == "cumulus" else 0
    count = chance.whole(low, high) + (more if high else 0)
    wide = max(1.0, sheet.width / sheet.unit)
    found = []
    for i in range(round(count * wide)):
        height = (i + 0.5 + chance.between(-0.4, 0.4)) / max(1, count * wide)
        base = sheet.horizon * (0.94 - 0.62 * height)
        x, width = chance.between(-0.05, 1.05) * sheet.width, sheet.unit * (0.22 + 0.5 * height) * chance.between(0.8, 1.3)
        found.append(Heap(x, base, width, width * chance.between(0.32, 0.5)))
    return found


def heap(sheet: Sheet, chance: Chance, place: Heap, floor: int) -> None:
    """One heaped cloud above the row `floor`: puffs raise a surface, noise breaks its outline, the surface is lit."""
    step = 2 if sheet.unit >= 384 else 1
    pad = place.width * 0.22
    left, right = int(place.x - place.width / 2 - pad), int(place.x + place.width / 2 + pad)
    top, bottom = int(place.base - place.tall * 1.25 - pad), int(place.base + place.tall * 0.22)
    if top >= floor or right <= 0 or left >= sheet.width:
        return
    rows, columns = max(8, (bottom - top) // step), max(8, (right - left) // step)
    inner = place.scaled(left, top, columns / (right - left))
    surface = puffs(chance, (rows, columns), inner)
    density, lit = modelled(sheet, chance, surface, inner, (place.x, place.base - place.tall / 2))
    cut(sheet, density, lit, (top, bottom, left, right), floor)


def puffs(chance: Chance, shape: tuple[int, int], place: Heap) -> Field:
    """The raised surface of many balls: big ones low in the middle, small ones around their tops."""
    surface = np.zeros(shape, np.float32)
    towers = [(chance.between(-0.36, 0.36), chance.between(0.45, 1.0)) for _ in range(chance.whole(2, 4))]
    for i in range(place.balls):
        off = chance.between(-0.5, 0.5)
        peak = max(0.22, *(rise * max(0.0, 1 - abs(off - at) * 4.2) for at, rise in towers))
        peak *= 1 - 3.2 * off * off
        up = chance.unit() ** 0.8
        radius = place.tall * (0.11 + 0.18 * chance.unit()) * (1.15 - 0.5 * up) * (0.62 if i > place.balls // 2 else 1.0)
        ball(surface, place.x + off * place.width, place.base - peak * place.tall * up * 1.05 - radius * 0.25, radius)
    return surface


def ball(surface: Field, x: float, y: float, radius: float) -> None:
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
    """(density, lit) of a puffed surface: its outline warped and frayed by noise, its light from the sun and from above."""
    tall, base = place.tall, place.base
    field = puff_noise(sheet.seed, chance.whole(0, 3), 0.42 if sheet.crisp else 0.55)
    rows = np.arange(surface.shape[0], dtype=np.float32)[:, None]
    columns = np.arange(surface.shape[1], dtype=np.float32)[None, :]
    grain = np.float32(130 / max(tall, 8))
    u, v = columns * grain + np.float32(chance.between(0, 256)) + 0 * rows, rows * grain + 0 * columns
    one, other = sampled(field, v, u), sampled(field, v + np.float32(91), u + np.float32(37))
    reach = np.float32(tall * 0.16)
    y = np.clip(rows + one * reach, 0, surface.shape[0] - 1).astype(np.int32)
    x = np.clip(columns + other * reach, 0, surface.shape[1] - 1).astype(np.int32)
    body = surface[y, x]
    bottom = smooth(base + tall * 0.14, base - tall * 0.16, rows + other * np.float32(tall * 0.10))
    fray = (one + other) * np.float32(0.05 if sheet.crisp else 0.11)
    density = smooth(0.03, 0.10 if sheet.crisp else 0.26, body / np.float32(tall) + fray - np.float32(0.01)) * (body > 0) * bottom
    lump = blurred(body, max(1, round(tall * 0.014))) + (one + other) * np.float32(tall * 0.012)
    broad = blurred(body, max(1, round(tall * 0.09)))
    return density, lit_from(sheet, (lump, broad), rows, place, middle)


@lru_cache(maxsize=8)
def puff_noise(seed: int, number: int, gain: float) -> Field:
    """The noise of cloud outlines, kept for the next cloud."""
    return tile(seed, f"puff {number}", (8, 8), 256, octaves=7, gain=gain)


def lit_from(sheet: Sheet, bodies: tuple[Field, Field], rows: Field, place: Heap, middle: tuple[float, float]) -> Field:
    """How much light each point of a cloud gets: from its lumps, from its broad shape, and more toward its top."""
    side, up = sheet.sun[0] - middle[0], middle[1] - sheet.sun[1]
    length = max(1.0, (side * side + up * up) ** 0.5)
    side, up = side / length, up / length
    if sheet.low_sun or sheet.spec.time == "dusk":
        up = max(up, -0.10)
    shade = np.zeros_like(bodies[0])
    for body, share in zip(bodies, (0.46, 0.54), strict=True):
        down, right = np.gradient(body)
        toward = down * np.float32(up) - right * np.float32(side) + np.float32(0.62)
        shade += toward / np.sqrt(right * right + down * down + np.float32(1)) * np.float32(share)
    height = np.clip((np.float32(place.base) - rows) / np.float32(place.tall), -0.2, 1)
    lit = shade * np.float32(0.74) + height * np.float32(0.50) + np.float32(0.06)
    if sheet.crisp:
        lit = np.floor(np.clip(lit, 0, 1) * np.float32(3.4)) / np.float32(3)
    return np.asarray(np.clip(lit, 0, 1), np.float32)


def cut(sheet: Sheet, density: Field, lit: Field, place: tuple[int, int, int, int], floor: int) -> None:
    """Lay the part of a cloud that is inside the sky. `place`: top, bottom, left, right in pixels."""
    top, bottom, left, right = place
    density, lit = (enlarged(field, (bottom - top, right - left)) for field in (density, lit))
    first, last = max(0, top), min(floor, bottom)
    start, end = max(0, left), min(sheet.width, right)
    if first >= last or start >= end:
        return
    inside = slice(first - top, last - top), slice(start - left, end - left)
    low = np.clip((sheet.rows(first, last) - sheet.horizon * np.float32(0.62)) / np.float32(sheet.horizon * 0.38), 0, 1)
    fade = np.float32(1) - low * low * np.float32(0.55 if floor == sheet.horizon else 0.0)
    lay(sheet, density[inside] * fade, lit[inside], slice(first, last), slice(start, end), most=0.97)
