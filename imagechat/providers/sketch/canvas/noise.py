"""Noise: seeded lattices, grown by doubling. Only + − × and integer arithmetic, so every machine gives the same numbers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from imagechat.providers.sketch.chance import key

Field = NDArray[Any]
"""An array of 32-bit floats: (height, width), or (3, height, width) where it holds colours."""


def lattice(stream: int, shape: tuple[int, ...]) -> Field:
    """Random numbers from -1 up to 1."""
    count = int(np.prod(shape))
    raw = np.random.PCG64(stream).random_raw(-(-count // 4)).view(np.uint16)[:count]
    return (raw.astype(np.float32) * np.float32(1 / 32768) - np.float32(1)).reshape(shape)


def doubled(field: Field) -> Field:
    """`field` at twice the resolution, smooth and still tileable. Source: Chaikin's corner cutting, 1974 (weights ¼ and ¾)."""
    for axis in (0, 1):
        grown = np.empty([side * 2 if i == axis else side for i, side in enumerate(field.shape)], np.float32)
        near = field * np.float32(0.75)
        quarter = field * np.float32(0.25)
        even, odd = (grown[0::2], grown[1::2]) if axis == 0 else (grown[:, 0::2], grown[:, 1::2])
        np.add(near, np.roll(quarter, 1, axis), out=even)
        np.add(near, np.roll(quarter, -1, axis), out=odd)
        field = grown
    return field


def tile(seed: int, name: str, cells: tuple[int, int], size: int, *, octaves: int = 8, gain: float = 0.5) -> Field:
    """Tileable fractal noise of about -1 to 1: `cells` (rows, columns) of lattice, grown until it has `size` rows."""
    field = lattice(key(seed, name, "0"), cells)
    weight, octave = 1.0, 1
    while field.shape[0] < size:
        field = doubled(field)
        if octave < octaves:
            weight *= gain
            field += lattice(key(seed, name, str(octave)), field.shape) * np.float32(weight)
        octave += 1
    return field * np.float32(1.6 * (1 - gain))


def across(seed: int, name: str, shape: tuple[int, int], cells: int, *, octaves: int = 8, gain: float = 0.5) -> Field:
    """Fractal noise over a picture of `shape`, with `cells` along its short side, so that every size shows the same features."""
    height, width = shape
    short = min(shape)
    rows, columns = cells * -(-height // short), cells * -(-width // short)
    size = cells
    while size < short and octaves > 1:
        size *= 2
        octaves -= 1
    field = tile(seed, name, (rows, columns), size * (rows // cells), octaves=64, gain=gain)
    step = field.shape[0] / (rows // cells) / short
    return stretched(field, shape, (step, step))


def stretched(field: Field, shape: tuple[int, int], step: tuple[float, float]) -> Field:
    """`field` read at every `step` (rows, columns) in straight lines between its points, wrapping around."""
    return _along(_along(field, shape[0], step[0], 0), shape[1], step[1], 1)


def _along(field: Field, count: int, step: float, axis: int) -> Field:
    at = (np.arange(count, dtype=np.float64) + 0.5) * step - 0.5 + field.shape[axis]
    whole = at.astype(np.int64)
    share = (at - whole).astype(np.float32)
    share = share[:, None] if axis == 0 else share[None, :]
    low = field.take(whole, axis, mode="wrap")
    high = field.take(whole + 1, axis, mode="wrap")
    high -= low
    high *= share
    return np.asarray(low + high, np.float32)


def enlarged(field: Field, shape: tuple[int, int]) -> Field:
    """`field` stretched over `shape`, without wrapping at the edges."""
    for axis in (0, 1):
        count, have = shape[axis], field.shape[axis]
        at = np.clip((np.arange(count, dtype=np.float64) + 0.5) * (have / count) - 0.5, 0, have - 1)
        whole = at.astype(np.int64)
        share = (at - whole).astype(np.float32)
        share = share[:, None] if axis == 0 else share[None, :]
        low = field.take(whole, axis)
        high = field.take(np.minimum(whole + 1, have - 1), axis)
        high -= low
        high *= share
        field = low + high
    return field


def sampled(field: Field, rows: Field, columns: Field) -> Field:
    """`field` (sides powers of two) read at fractional places, wrapping around, in straight lines between its points."""
    height, width = field.shape
    row, column = np.floor(rows), np.floor(columns)
    down, right = rows - row, columns - column
    top = (row.astype(np.int32) & (height - 1)) * width
    bottom = ((row.astype(np.int32) + 1) & (height - 1)) * width
    left = column.astype(np.int32) & (width - 1)
    beside = (left + 1) & (width - 1)
    flat = field.ravel()
    upper = flat.take(top + left)
    upper += (flat.take(top + beside) - upper) * right
    lower = flat.take(bottom + left)
    lower += (flat.take(bottom + beside) - lower) * right
    lower -= upper
    lower *= down
    return np.asarray(upper + lower, np.float32)


def nearest(field: Field, rows: Field, columns: Field) -> Field:
    """`field` (sides powers of two) read at the nearest point, wrapping around: quick, for what is fine or far."""
    height, width = field.shape
    row = rows.astype(np.int32) & (height - 1)
    column = columns.astype(np.int32) & (width - 1)
    return np.asarray(field.ravel().take(row * width + column), np.float32)
