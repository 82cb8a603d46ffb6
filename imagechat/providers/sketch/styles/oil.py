"""Oil: dabs of a broad and a fine brush that follow the forms, with bristles whose relief catches the light."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.canvas.curves import blurred, halved
from imagechat.providers.sketch.canvas.noise import Field, lattice, nearest, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import key
from imagechat.providers.sketch.styles.strokes import ONE, bands, grey, tooth, ways

LONG, WIDE = 1.25, 0.42
"""Half the length and half the width of a stroke, in cells."""


@dataclass(frozen=True, slots=True)
class Brush:
    """One stroke for each cell of `side` pixels, with a rim of cells around the picture. (rows, columns) each: its middle `y`, `x` in
    cells from its own cell's corner, its direction `right`, `down`, its `rank` (the higher lies on top, below 0 none) and (3, …) `paint`.
    """

    side: int
    y: Field
    x: Field
    right: Field
    down: Field
    rank: Field
    paint: Field


def oil_painting(sheet: Sheet) -> None:
    """A broad brush everywhere, a fine one where there is more to see, and light from above on both."""
    relief = np.zeros(sheet.shape, np.float32)
    bristles = tile(sheet.seed, "bristles", (64, 64), 256, octaves=3, gain=0.8)
    levels = 3 if sheet.unit >= 512 else 2 if sheet.unit >= 200 else 1
    way = ways(sheet, levels)
    brushes = [
        brush(sheet, "broad", max(4, round(sheet.unit / 40)), way, 0.0),
        brush(sheet, "fine", max(3, round(sheet.unit / 96)), way, 0.035),
    ]
    for one in brushes:
        stroked(sheet, one, bristles, relief)
    lit(sheet, relief)


def brush(sheet: Sheet, name: str, side: int, way: tuple[Field, Field], least: float) -> Brush:
    """Strokes of cells of `side` pixels; only where the picture differs from its neighbourhood by `least`."""
    rows, columns = -(-sheet.height // side) + 2, -(-sheet.width // side) + 2
    y, x, rank, tone, warm = lattice(key(sheet.seed, "strokes", name), (5, rows, columns))
    y, x = y * np.float32(0.34) + np.float32(0.5), x * np.float32(0.34) + np.float32(0.5)
    at_y = np.clip((np.arange(-1, rows - 1, dtype=np.float32)[:, None] + y) * np.float32(side), 0, sheet.height - 1).astype(np.int32)
    at_x = np.clip((np.arange(-1, columns - 1, dtype=np.float32)[None, :] + x) * np.float32(side), 0, sheet.width - 1).astype(np.int32)
    coarse = [np.minimum(at * size // full, size - 1) for at, size, full in zip((at_y, at_x), way[0].shape, sheet.shape, strict=True)]
    right, down = (part[coarse[0], coarse[1]] for part in way)
    paint = np.stack([sampled(plane, at_y, at_x) for plane in sheet.rgb])
    rank = rank * np.float32(0.5) + np.float32(0.5)
    if least:
        rank[busy(sheet, at_y, at_x) < np.float32(least) * (np.float32(1.4) + tone)] = -1
    paint *= ONE + tone * np.float32(0.075)
    paint[0] += warm * np.float32(0.018)
    paint[2] -= warm * np.float32(0.022)
    return Brush(side, y, x, right, down, rank, paint)


def sampled(plane: Field, rows: Field, columns: Field) -> Field:
    """The mean of the four points at and beside each place, two apart."""
    below, beside = np.minimum(rows + 2, plane.shape[0] - 1), np.minimum(columns + 2, plane.shape[1] - 1)
    total = plane[rows, columns] + plane[below, columns] + plane[rows, beside] + plane[below, beside]
    return np.asarray(total * np.float32(0.25), np.float32)


def busy(sheet: Sheet, rows: Field, columns: Field) -> Field:
    """How much the picture differs from its neighbourhood at each place."""
    small = halved(grey(sheet.rgb))
    radius = max(1, sheet.unit // 256)
    unrest = blurred(np.abs(small - blurred(small, radius, 1)), radius, 1)
    return np.asarray(unrest[np.minimum(rows // 2, small.shape[0] - 1), np.minimum(columns // 2, small.shape[1] - 1)], np.float32)


def stroked(sheet: Sheet, one: Brush, bristles: Field, relief: Field) -> None:
    """Lay all strokes of a brush, a row of cells at a time."""
    side, columns = one.side, one.rank.shape[1] - 2
    ragged = lattice(key(sheet.seed, "ragged"), (side, columns * side)).reshape(side, columns, side) * np.float32(0.14)
    for number in range(one.rank.shape[0] - 2):
        rows = slice(number * side, min((number + 1) * side, sheet.height))
        which, along, over = topmost(one, number, ragged)
        deep, wide = rows.stop - rows.start, sheet.width
        which, along, over = (part.reshape(side, columns * side)[:deep, :wide] for part in (which, along, over))
        hit = which >= 0
        which = np.maximum(which, 0)
        hair = nearest(bristles, over * np.float32(22) + (which & 255).astype(np.float32) + 64, along * np.float32(3.2) + 64)
        body = ONE - over * over * np.float32(2.6) + hair * np.float32(0.55)
        np.copyto(relief[rows], body * np.float32(side), where=hit)
        for plane, paint in zip(sheet.rgb, one.paint, strict=True):
            np.copyto(plane[rows], paint.ravel().take(which) * (ONE + hair * np.float32(0.035)), where=hit)


def topmost(one: Brush, number: int, ragged: Field) -> tuple[Field, Field, Field]:
    """For each point of a row of cells (side, columns, side): the stroke on top (-1: none), and the place on it along and over, in cells."""
    side, columns = one.side, one.rank.shape[1] - 2
    y = ((np.arange(side, dtype=np.float32) + np.float32(0.5)) / np.float32(side))[:, None, None]
    x = ((np.arange(side, dtype=np.float32) + np.float32(0.5)) / np.float32(side))[None, None, :]
    best = np.zeros((side, columns, side), np.float32)
    which = np.full(best.shape, -1, np.int32)
    along, over = np.zeros_like(best), np.zeros_like(best)
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            row, window = number + 1 + down, slice(1 + right, 1 + right + columns)
            cos, sin, rank = (part[row, window][None, :, None] for part in (one.right, one.down, one.rank))
            from_y = y - (one.y[row, window][None, :, None] + np.float32(down))
            from_x = x - (one.x[row, window][None, :, None] + np.float32(right))
            u = from_x * cos + from_y * sin
            v = from_y * cos - from_x * sin
            far = u * u * np.float32(1 / (LONG * LONG))
            far *= far
            far += v * v * np.float32(1 / (WIDE * WIDE))
            far += ragged
            wins = (far < 1) & (rank > best)
            ids = (row * (columns + 2) + np.arange(columns + 2, dtype=np.int32)[window])[None, :, None]
            for held, new in ((best, rank), (which, ids), (along, u), (over, v)):
                np.copyto(held, new, where=wins)
    return which, along, over


def lit(sheet: Sheet, relief: Field) -> None:
    """Light from the upper left on ridges of paint, and the weave of the canvas."""
    weave = tooth(sheet, "canvas")
    reach = max(1, sheet.unit // 700)
    relief *= np.float32(1 / max(4.0, sheet.unit / 40))
    for rows in bands(sheet.height):
        here = relief[rows]
        up = np.maximum(np.arange(rows.start, rows.stop) - reach, 0)
        before = relief[up]
        before[:, reach:] = before[:, : before.shape[1] - reach].copy()
        lift = np.clip(here - before, -0.5, 0.6)
        part = sheet.rgb[:, rows]
        part *= ONE + lift * np.float32(0.30) + weave[rows] * np.float32(0.022)
        part += np.maximum(lift - np.float32(0.12), 0) * np.float32(0.16)
