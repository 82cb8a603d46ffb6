"""Stamps: a tree or plant built once of thousands of dots in space, then set down again and again, near and far."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.canvas.curves import halved
from imagechat.providers.sketch.canvas.noise import Field, enlarged
from imagechat.providers.sketch.canvas.sheet import Sheet

STRENGTH = {
    "dawn": (0.68, 0.95),
    "day": (0.62, 1.20),
    "golden": (0.60, 1.25),
    "sunset": (0.52, 0.85),
    "dusk": (0.75, 0.46),
    "night": (1.0, 0.36),
    "moonlight": (0.80, 0.50),
}
"""How strongly plants take up (ambient, direct) light at each time of day."""
DEPTHS = 8000
"""How many steps of depth are told apart over the height of a plant."""
STEP = 1.27
"""Heights of stamps are rounded to powers of this, so that a few copies serve a whole wood."""


@dataclass(frozen=True, slots=True)
class Dots:
    """Points of a plant that is one high: `place` (3, n) is sideways, up, and toward the eye; `colour` (3, n); `size` their radius."""

    place: Field
    colour: Field
    size: float


@dataclass(frozen=True, slots=True)
class Stamp:
    """A plant: (4, height, width), its colours times its cover, then the cover; its foot is the middle of the lowest row."""

    planes: Field

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width) in pixels."""
        return self.planes.shape[1], self.planes.shape[2]


def lit(sheet: Sheet, body: Field, shade: Field) -> Field:
    """The colour of `body` (3, n) where `shade` (0 to 1) of the direct light reaches it."""
    ambient, direct = STRENGTH[sheet.spec.time]
    fill = sheet.light.fill * np.float32(ambient)
    beam = sheet.light.key * np.float32(direct)
    tones = np.empty((3, *np.broadcast_shapes(body.shape[1:], shade.shape)), np.float32)
    for c in range(3):
        light = shade * beam[c]
        light += fill[c]
        np.multiply(body[c], light, out=tones[c])
    return tones


def toward(sheet: Sheet) -> float:
    """1 where the light comes from the right, -1 from the left."""
    return -float(sheet.composition.side)


def stamped(groups: list[Dots], tall: float, wide: float) -> Stamp:
    """The dots seen from the front, made for trees of `tall` pixels, at twice that size; `wide` times that to each side: near hide far."""
    widest = max(float(np.abs(dots.place[0]).max(initial=0)) for dots in groups) + 0.012
    height, half = max(4, round(tall)) * 2, max(2, round(tall * min(wide, widest))) * 2
    near = np.concatenate([dots.place[2] for dots in groups])
    near = np.clip(near * np.float32(DEPTHS), -32000, 32000).astype(np.int16)
    rank = np.empty(len(near), np.int32)
    rank[np.argsort(near, kind="stable")] = np.arange(1, len(near) + 1, dtype=np.int32)
    seen = np.zeros((height, half * 2), np.int32)
    start = 0
    for dots in groups:
        end = start + dots.place.shape[1]
        splat(seen, dots, rank[start:end], np.argsort(near[start:end], kind="stable"))
        start = end
    colours = np.zeros((3, len(near) + 1), np.float32)
    colours[:, rank] = np.concatenate([dots.colour for dots in groups], axis=1)
    planes = np.empty((4, *seen.shape), np.float32)
    for channel in range(3):
        np.take(colours[channel], seen, out=planes[channel])
    planes[3] = seen > 0
    return Stamp(planes)


def splat(seen: Field, dots: Dots, rank: Field, order: Field) -> None:
    """Write the rank of each dot where it is the nearest; `order` has the far dots first; a dot covers a small disc."""
    height, width = seen.shape
    rank = rank[order]
    column = (dots.place[0] * np.float32(height) + np.float32(width / 2 + 9)).astype(np.int32)[order] - 9
    row = (np.float32(height + 9) - dots.place[1] * np.float32(height)).astype(np.int32)[order] - 9
    steps_ = disc(dots.size * height)
    reach = max(max(abs(down), abs(right)) for down, right in steps_)
    inside = (row >= reach) & (row < height - reach) & (column >= reach) & (column < width - reach)
    if not inside.all():
        row, column, rank = row[inside], column[inside], rank[inside]
    flat, at = seen.ravel(), row * width + column
    for down, right in steps_:
        spot = at + (down * width + right)
        flat[spot] = np.maximum(flat.take(spot), rank)


def disc(radius: float) -> list[tuple[int, int]]:
    """The points of a small disc, or of a leaf where there is room for its shape, as steps from its middle."""
    reach = int(radius)
    if reach < 1:
        return [(0, 0)] if radius < 0.6 else [(0, 0), (0, 1)]
    around = range(-reach, reach + 1)
    if radius < 2.1:
        return [(y, x) for y in around for x in around if y * y + x * x <= radius * radius + 0.4]
    return [(y, x) for y in around for x in around if (1.7 * y + 0.6 * x) * (1.7 * y + 0.6 * x) + x * x <= radius * radius]


class Grove:
    """A handful of stamps that are set down many times; copies in each size and haze are kept."""

    def __init__(self, sheet: Sheet, stamps: list[Stamp]) -> None:
        self.sheet, self.stamps = sheet, stamps
        self._halves: dict[tuple[int, int], Field] = {(number, 0): stamp.planes for number, stamp in enumerate(stamps)}
        self._smaller: dict[tuple[int, int], Field] = {}
        self._solid: dict[tuple[int, int], Field] = {}
        self._copies: dict[tuple[int, int, int], tuple[Field, Field, Field]] = {}

    def plant(self, number: int, place: tuple[float, float], tall: float, *, air: float = 0.0, part: float = 200.0) -> None:
        """Set a stamp down with its foot at `place` (x, y), `tall` pixels high, `air` (0 to 1) of haze before it."""
        if tall < 1.5:
            return
        planes, keep, solid = self.copy(number % len(self.stamps), tall, air)
        height, width = solid.shape
        left, top = round(place[0] - width / 2), round(place[1]) - height
        rows = slice(max(0, top), min(self.sheet.height, top + height))
        columns = slice(max(0, left), min(self.sheet.width, left + width))
        if rows.start >= rows.stop or columns.start >= columns.stop:
            return
        inside = slice(rows.start - top, rows.stop - top), slice(columns.start - left, columns.stop - left)
        picture = self.sheet.rgb[:, rows, columns]
        picture *= keep[inside]
        picture += planes[:3, *inside]
        marks = self.sheet.marks
        cover, shine = marks.cover[rows, columns], marks.shine[rows, columns]
        np.maximum(cover, planes[3][inside], out=cover)
        np.copyto(marks.part[rows, columns], np.float32(part), where=solid[inside])
        shine *= keep[inside]

    def copy(self, number: int, tall: float, air: float) -> tuple[Field, Field, Field]:
        """(planes, what shows through, where it is solid) of the stamp in about that size, in that much haze."""
        step, mist = steps(tall), round(air * 12)
        wanted = (number, step, mist)
        if wanted not in self._copies:
            size = round(STEP**step)
            plain = self.smaller(number, size)
            if (number, size) not in self._solid:
                self._solid[number, size] = whole(plain[3])
            hazed = np.empty_like(plain)
            hazed[3] = plain[3]
            for channel, haze in enumerate(self.sheet.light.haze):
                np.multiply(plain[channel], np.float32(1 - mist / 12), out=hazed[channel])
                if mist:
                    hazed[channel] += plain[3] * np.float32(haze * mist / 12)
            self._copies[wanted] = hazed, np.float32(1) - plain[3], self._solid[number, size]
        return self._copies[wanted]

    def smaller(self, number: int, tall: int) -> Field:
        """The stamp `tall` pixels high."""
        if (number, tall) not in self._smaller:
            planes = self.half(number, tall)
            shape = tall, max(2, round(tall * planes.shape[2] / planes.shape[1]))
            self._smaller[number, tall] = (
                picked(planes, shape)
                if planes.shape[1] * (1.1 if tall < 200 else 1.3) >= tall
                else np.stack([enlarged(p, shape) for p in planes])
            )
        return self._smaller[number, tall]

    def half(self, number: int, tall: int) -> Field:
        """The stamp halved until it is about `tall` pixels high."""
        planes, times = self.stamps[number].planes, 0
        while planes.shape[1] > tall * 1.54 and planes.shape[2] > 3:
            times += 1
            if (number, times) not in self._halves:
                self._halves[number, times] = halved(planes)
            planes = self._halves[number, times]
        if times == 0 and (number, -1) not in self._halves:
            self._halves[number, -1] = softened(planes)
        return planes if times else self._halves[number, -1]


def whole(cover: Field) -> Field:
    """Where a plant is solid, seen as one thing: the light between its leaves belongs to it, so that drawn lines run around it."""
    if min(cover.shape) < 48:
        return np.asarray(cover > np.float32(0.5))
    small = halved(halved(cover[::2, ::2]))
    return np.asarray(enlarged(small, (cover.shape[0], cover.shape[1])) > np.float32(0.38))


def softened(planes: Field) -> Field:
    """Planes with their steps smoothed away: each point the mean of four neighbours."""
    mean = planes[:, :-1, :-1] + planes[:, 1:, 1:]
    mean += planes[:, 1:, :-1]
    mean += planes[:, :-1, 1:]
    mean *= np.float32(0.25)
    return np.asarray(mean, np.float32)


def picked(planes: Field, shape: tuple[int, int]) -> Field:
    """Planes in about the same size: the nearest points."""
    rows, columns = ((np.arange(count) * 2 + 1) * have // (count * 2) for count, have in zip(shape, planes.shape[1:], strict=True))
    return np.asarray(planes.take(rows, 1).take(columns, 2), np.float32)


def steps(tall: float) -> int:
    """The power of STEP that comes nearest to `tall`, by multiplication alone."""
    count, size = 0, 1.0
    while size * 1.127 < tall:
        size *= STEP
        count += 1
    return count
