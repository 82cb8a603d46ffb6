"""Dabs and blades: thousands of small marks of the brush laid in one pass, the far ones first."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet

LARGEST = 9
"""The largest radius of a dab, in pixels."""


@dataclass(frozen=True, slots=True)
class Plate:
    """A small sheet of its own to make stamps on: (4, height, width), colours times their cover, then the cover."""

    rgb: Field

    @property
    def width(self) -> int:
        """In pixels."""
        return int(self.rgb.shape[2])

    @property
    def height(self) -> int:
        """In pixels."""
        return int(self.rgb.shape[1])


Ground = Sheet | Plate
"""What marks of the brush are laid on."""


@dataclass(frozen=True, slots=True)
class Blades:
    """Stalks that bend: roots at `x`, `y`, `tall` and `lean` (how far the tip stands aside) in pixels, `thick` at the root; colours
    (3, count) of `root` and `tip`.
    """

    x: Field
    y: Field
    tall: Field
    lean: Field
    thick: Field
    root: Field
    tip: Field


def lay(sheet: Ground, x: Field, y: Field, radius: Field, tint: Field, *, part: float | None, limit: Field | None = None) -> None:
    """Round dabs in the order given, of `radius` pixels, coloured `tint` (3, count). `limit`: the row below which each one is hidden."""
    step = np.clip(radius + np.float32(0.5), 0, LARGEST).astype(np.int32)
    for reach in range(int(step.max(initial=0)) + 1):
        chosen = np.flatnonzero(step == reach)
        if chosen.size:
            under = None if limit is None else limit[chosen]
            _group(sheet, (x[chosen], y[chosen], radius[chosen], under), tint[:, chosen], reach, part)


def _group(sheet: Ground, places: tuple[Field, Field, Field, Field | None], tint: Field, reach: int, part: float | None) -> None:
    """Dabs of about one size, point by point of their square."""
    x, y, radius, limit = places
    column, row = np.floor(x).astype(np.int32), np.floor(y).astype(np.int32)
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            if down * down + right * right > (reach + 0.9) * (reach + 0.9):
                continue
            across, along = column + np.float32(right + 0.5) - x, row + np.float32(down + 0.5) - y
            share = np.clip(radius + np.float32(0.5) - np.sqrt(across * across + along * along), 0, 1)
            if limit is not None:
                share *= np.clip(limit - (row + np.float32(down)) + np.float32(0.5), 0, 1)
            touch(sheet, column + right, row + down, share, tint=tint, part=part)


def touch(sheet: Ground, column: Field, row: Field, share: Field, *, tint: Field, part: float | None) -> None:
    """Mix single points in by `share`; where two fall on one, the later stays. Without a `part` they belong to what they stand before."""
    seen = np.flatnonzero((share > 0.02) & (column >= 0) & (column < sheet.width) & (row >= 0) & (row < sheet.height))
    at = row[seen] * np.int64(sheet.width) + column[seen]
    share = share[seen]
    for channel, layer in enumerate(sheet.rgb):
        plane = layer.reshape(-1)
        there = plane[at]
        own = tint[channel][seen] if channel < 3 else np.float32(1)
        plane[at] = there + (own - there) * share
    if part is None or isinstance(sheet, Plate):
        return
    cover, parts = sheet.marks.cover.reshape(-1), sheet.marks.part.reshape(-1)
    cover[at] = np.maximum(cover[at], share)
    parts[at[share > 0.5]] = part


def grow(sheet: Ground, blades: Blades, *, part: float | None = None) -> None:
    """Draw the blades in the order given, each from its root to its tip."""
    lengths = np.clip(np.maximum(np.abs(blades.tall), np.abs(blades.lean)) * np.float32(1.2), 1, 700).astype(np.int32) + 1
    which = np.repeat(np.arange(len(lengths)), lengths)
    starts = np.cumsum(lengths) - lengths
    t = ((np.arange(len(which)) - starts[which]) / lengths[which]).astype(np.float32)
    x = blades.x[which] + blades.lean[which] * t * t
    y = blades.y[which] - blades.tall[which] * t * (np.float32(1.12) - np.float32(0.12) * t)
    half = blades.thick[which] * (np.float32(1) - t * t) * np.float32(0.5) + np.float32(0.12)
    tint = blades.root[:, which] + (blades.tip - blades.root)[:, which] * t
    column, row = np.floor(x).astype(np.int32), np.floor(y).astype(np.int32)
    for right in range(-1, 2):
        low = np.maximum(x - half, column + np.float32(right))
        share = np.clip(np.minimum(x + half, column + np.float32(right + 1)) - low, 0, 1)
        touch(sheet, column + right, row, share, tint=tint, part=part)
