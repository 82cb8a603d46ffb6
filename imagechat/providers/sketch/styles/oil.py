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
    cells from its own cell's corner, its direction `right`, `down`, its `rank` (whole numbers, the higher lies on top, 0 none); `paint`:
    (3, n) the colour of each rank.
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
    paint *= ONE + tone * np.float32(0.075)
    paint[0] += warm * np.float32(0.018)
    paint[2] -= warm * np.float32(0.022)
    chosen = busy(sheet, at_y, at_x) >= np.float32(least) * (np.float32(1.4) + tone)
    order = np.argsort(rank.ravel(), kind="stable")
    place = np.empty(order.size, np.float32)
    place[order] = np.arange(1, order.size + 1, dtype=np.float32)
    ranked = np.concatenate([np.zeros((3, 1), np.float32), paint.reshape(3, -1)[:, order]], 1)
    return Brush(side, y, x, right, down, place.reshape(rank.shape) * chosen, ranked)


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
    ragged = lattice(key(sheet.seed, "ragged"), (side, columns * side)) * np.float32(0.14)
    cells = [np.repeat(part, side, 1) for part in (one.x, one.y, one.right, one.down, one.rank)]
    for number in range(one.rank.shape[0] - 2):
        if not one.rank[number : number + 3].any():
            continue
        rows = slice(number * side, min((number + 1) * side, sheet.height))
        rank, along, over = (part[: rows.stop - rows.start, : sheet.width] for part in topmost(cells, side, number, ragged))
        which = rank.astype(np.int32)
        hair = nearest(bristles, over * np.float32(9) + (which & 255).astype(np.float32) + 64, along * np.float32(3.6) + 64)
        hit = which > 0
        np.copyto(relief[rows], (ONE - over * over * np.float32(0.45) + hair * np.float32(0.55)) * np.float32(side), where=hit)
        hair *= np.float32(0.035)
        hair += ONE
        for plane, paint in zip(sheet.rgb, one.paint, strict=True):
            np.copyto(plane[rows], paint.take(which) * hair, where=hit)


def topmost(cells: list[Field], side: int, number: int, ragged: Field) -> tuple[Field, Field, Field]:
    """For each point of a row of cells: the rank of the stroke on top (0: none), and the place on it along and over, -1 to 1."""
    y = ((np.arange(side, dtype=np.float32) + np.float32(0.5)) / np.float32(side))[:, None]
    x = np.tile(y[:, 0], ragged.shape[1] // side)
    best, along, over = (np.zeros(ragged.shape, np.float32) for _ in range(3))
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            window = slice((1 + right) * side, (1 + right) * side + ragged.shape[1])
            middle, height, cos, sin, rank = (part[number + 1 + down, window] for part in cells)
            from_x, from_y = x - middle - np.float32(right), height + np.float32(down)
            u = y * (sin / np.float32(LONG))
            u += (from_x * cos - from_y * sin) / np.float32(LONG)
            v = y * (cos / np.float32(WIDE))
            v -= (from_x * sin + from_y * cos) / np.float32(WIDE)
            far = u * u
            far *= far
            far += ragged
            far += v * v
            wins = (far < 1) & (rank > best)
            for held, new in ((best, rank), (along, u), (over, v)):
                np.copyto(held, new, where=wins)
    return best, along, over


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
