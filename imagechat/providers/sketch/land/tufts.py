"""Tufts: small plants made once as stamps and set down by the hundred, the far ones first, each before what grew behind it."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import halved
from imagechat.providers.sketch.canvas.noise import Field, lattice
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import key
from imagechat.providers.sketch.land.dabs import Blades, Plate, grow
from imagechat.providers.sketch.land.slopes import haze
from imagechat.providers.sketch.land.stamps import Stamp

STRIDE = 0.6180340
"""The golden section: steps of it spread places evenly over a row, and never in a pattern."""
STEP, MISTS = 1.46, 6
"""Sizes of stamps grow by this factor; so many steps of haze are told apart."""
Copy = tuple[Field, Field, Field]
"""Colours times cover and the cover; what shows through; where it is solid."""
SOFT = 0.28
"""The lowest share of a tuft, where it dissolves in the ground."""


class Stock:
    """Stamps in every size and haze that is asked for. Nearer ground can hide them, and they may leave no mark of their own: grass belongs
    to the ground that it grows on.
    """

    def __init__(self, sheet: Sheet, stamps: list[Stamp]) -> None:
        self.sheet, self.stamps = sheet, stamps
        self._halves = {(number, 0): stamp.planes for number, stamp in enumerate(stamps)}
        self._sizes: dict[tuple[int, int], Field] = {}
        self._copies: dict[tuple[int, int, int], Copy] = {}

    def put(
        self, number: int, foot: tuple[float, float], tall: float, *, air: float = 0.0, limit: float = 1e6, part: float | None = None
    ) -> None:
        """Set a stamp down with its foot at `foot`, `tall` pixels high; it is hidden below the row `limit`."""
        if tall < 1.5:
            return
        planes, keep, solid = self.copy(number % len(self.stamps), size_of(tall), round(air * MISTS))
        height, width = solid.shape
        left, top = round(foot[0] - width / 2), round(foot[1]) - height
        first, last = max(0, top), min(self.sheet.height, top + height, round(limit) + 1)
        begin, end = max(0, left), min(self.sheet.width, left + width)
        if first >= last or begin >= end:
            return
        rows, columns = slice(first - top, last - top), slice(begin - left, end - left)
        picture = self.sheet.rgb[:, first:last, begin:end]
        picture *= keep[rows, columns]
        picture += planes[:3, rows, columns]
        if part is not None:
            marks = self.sheet.marks
            there = marks.cover[first:last, begin:end]
            np.maximum(there, planes[3, rows, columns], out=there)
            np.copyto(marks.part[first:last, begin:end], np.float32(part), where=solid[rows, columns])

    def copy(self, number: int, tall: int, mist: int) -> Copy:
        """The stamp `tall` pixels high with so much haze before it."""
        wanted = number, tall, mist
        if wanted not in self._copies:
            planes = self.sized(number, tall)
            if mist:
                planes = planes.copy()
                veil = np.concatenate([haze(self.sheet), np.ones(1, np.float32)])[:, None, None] * planes[3]
                planes += (veil - planes) * np.float32(mist / MISTS)
            self._copies[wanted] = planes, np.float32(1) - planes[3], planes[3] > 0.5
        return self._copies[wanted]

    def sized(self, number: int, tall: int) -> Field:
        """The stamp `tall` pixels high, in straight lines between the points of its halves."""
        if (number, tall) not in self._sizes:
            planes, times = self._halves[number, 0], 0
            while planes.shape[1] >= tall * 2 and planes.shape[2] > 3:
                times += 1
                if (number, times) not in self._halves:
                    self._halves[number, times] = halved(planes)
                planes = self._halves[number, times]
            wide = max(2, round(tall * planes.shape[2] / planes.shape[1]))
            self._sizes[number, tall] = between(between(planes, tall, 1), wide, 2)
        return self._sizes[number, tall]


def size_of(tall: float) -> int:
    """One of a few sizes near `tall`, so that a few copies serve a whole meadow."""
    size = 2.0
    while size * 1.2 < tall:
        size *= STEP
    return round(size)


def between(planes: Field, count: int, axis: int) -> Field:
    """Planes with `count` points along `axis`."""
    have = planes.shape[axis]
    if have == count:
        return planes
    at = np.clip((np.arange(count, dtype=np.float32) + np.float32(0.5)) * np.float32(have / count) - np.float32(0.5), 0, have - 1)
    whole = at.astype(np.int32)
    share = (at - whole)[:, None] if axis == 1 else (at - whole)[None, :]
    low, high = planes.take(whole, axis), planes.take(np.minimum(whole + 1, have - 1), axis)
    high -= low
    high *= share
    high += low
    return np.asarray(high, np.float32)


def plate(tall: float, wide: float) -> Plate:
    """An empty plate of that many pixels."""
    return Plate(np.zeros((4, max(3, round(tall)), max(3, round(wide))), np.float32))


def spread(seed: int, name: str, count: int, reach: tuple[float, float]) -> tuple[Field, Field, Field]:
    """(depth in metres, the far ones first; place across, 0 to 1; four draws) of `count` tufts, evenly by the depth's logarithm."""
    draws = lattice(key(seed, name), (4, count)) * np.float32(0.5) + np.float32(0.5)
    near, far = reach
    steps = ((np.arange(count, dtype=np.float64) + draws[0]) / max(1, count)).tolist()
    depth = np.array([far * (near / far) ** step for step in steps], np.float32)
    across = np.arange(count, dtype=np.float64) * STRIDE + draws[1] * 0.35
    return depth, (across - np.floor(across)).astype(np.float32), draws


def tuft(draws: Field, tones: tuple[Field, Field], tall: float, *, wide: float = 1.2, wind: float = 0.0) -> Stamp:
    """A tuft `tall` pixels high of one blade for each of `draws` (5, n); `tones`: (root, tip), (3, n) each."""
    ground = plate(tall, tall * wide)
    side = draws[0] + draws[1] - np.float32(1)
    order = np.argsort(draws[2], kind="stable")
    high = (np.float32(0.98) - np.abs(side) * np.float32(0.45)) * (np.float32(0.45) + draws[2] * np.float32(0.55)) * np.float32(tall)
    x = (side * np.float32(0.66 * wide) + np.float32(wide)) * np.float32(tall * 0.5)
    lean = (side * np.float32(0.55) + (draws[3] - np.float32(0.5)) * np.float32(0.5) + np.float32(wind)) * high * np.float32(0.6)
    thick = np.float32(max(0.8, tall * 0.020)) * (np.float32(0.6) + draws[4])
    root, tip = tones
    foot = np.full(len(side), ground.height - 0.5, np.float32)
    x, high, lean, thick = (one[order] for one in (x, high, lean, thick))
    grow(ground, Blades(x, foot, high, lean, thick, root[:, order], tip[:, order]))
    return Stamp(dissolved(ground.rgb))


def dissolved(planes: Field) -> Field:
    """Planes whose lowest part fades into the ground."""
    height = planes.shape[1]
    up = (np.float32(height) - np.arange(height, dtype=np.float32)) * np.float32(1 / (height * SOFT))
    planes *= np.clip(up, 0, 1)[:, None]
    return planes
