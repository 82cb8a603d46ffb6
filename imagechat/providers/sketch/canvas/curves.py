"""Curves and blurs made of + − × ÷ and √ alone: numpy's exp, sin and pow differ between processors, these do not."""

import numpy as np

from imagechat.providers.sketch.canvas.noise import Field, enlarged

ONE = np.float32(1)


def smooth(low: float, high: float, x: Field) -> Field:
    """0 below `low`, 1 above `high`, a soft S between."""
    t = np.clip((x - np.float32(low)) * np.float32(1 / (high - low)), 0, 1)
    return np.asarray(t * t * (np.float32(3) - np.float32(2) * t), np.float32)


def fall(square: Field) -> Field:
    """A glow: 1 in the middle, falling with the squared distance."""
    return ONE / (ONE + square)


def wave(turns: Field) -> Field:
    """A sine-like wave of -1 to 1; `turns`: one for each period."""
    x = turns - np.floor(turns)
    half = np.where(x < 0.5, x, x - np.float32(0.5))
    bump = half * (np.float32(0.5) - half) * np.float32(16)
    return np.where(x < 0.5, bump, -bump).astype(np.float32)


def table(power: float, size: int = 1025) -> Field:
    """x to the `power` for x from 0 to 1, computed number by number so that it is the same everywhere."""
    return np.array([(i / (size - 1)) ** power for i in range(size)], np.float32)


def bent(x: Field, curve: Field) -> Field:
    """`x` (0 to 1) through a `curve` made by `table`, to its nearest entry."""
    return curve.take((np.clip(x, 0, 1) * np.float32(len(curve) - 1) + np.float32(0.5)).astype(np.int32))


def box(field: Field, radius: int, axis: int) -> Field:
    """The running mean over 2·radius+1 neighbours along `axis`; edges repeat."""
    if radius < 1:
        return field
    wide = np.pad(field, [(radius, radius) if i == axis else (0, 0) for i in range(field.ndim)], mode="edge")
    count = field.shape[axis]

    def window(source: Field, start: int) -> Field:
        return source[start : start + count] if axis == 0 else source[:, start : start + count]

    if radius > 6:
        sums = np.cumsum(wide, axis, dtype=np.float64)
        total = window(sums, 2 * radius).copy()
        rest = total[1:] if axis == 0 else total[:, 1:]
        rest -= sums[: count - 1] if axis == 0 else sums[:, : count - 1]
        return np.asarray(total * (1 / (2 * radius + 1)), np.float32)
    total = window(wide, 0).astype(np.float32)
    for start in range(1, 2 * radius + 1):
        total += window(wide, start)
    total *= np.float32(1 / (2 * radius + 1))
    return total


def blurred(field: Field, radius: int, passes: int = 2) -> Field:
    """A soft blur of (height, width) by repeated box means."""
    for _ in range(passes):
        field = box(box(field, radius, 0), radius, 1)
    return field


def halved(field: Field) -> Field:
    """Half the resolution: each point the mean of four; an odd last row or column is left out."""
    height, width = (side - side % 2 for side in field.shape[-2:])
    cut = field[..., :height, :width]
    return (cut[..., 0::2, 0::2] + cut[..., 1::2, 0::2] + cut[..., 0::2, 1::2] + cut[..., 1::2, 1::2]) * np.float32(0.25)


def spread(field: Field, levels: int) -> Field:
    """A wide glow of (height, width): reduced `levels` times, blurred small, enlarged again."""
    small = field
    for _ in range(levels):
        if min(small.shape) < 8:
            break
        small = halved(small)
    return enlarged(blurred(small, 2), (field.shape[0], field.shape[1]))
