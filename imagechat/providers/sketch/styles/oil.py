"""Oil: dabs of a broad and a fine brush that follow the forms, with bristles whose relief catches the light."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.canvas.curves import blurred, halved
from imagechat.providers.sketch.canvas.noise import Field, lattice, nearest, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import key
from imagechat.providers.sketch.styles.strokes import ONE, bands, borders, grey, lamps, octaves, softened, tooth, ways

BROAD = 10
"""Strokes on cells this large, in pixels, need not be placed to the pixel."""
LEAST = 0.042
"""How busy the picture is where the fine brush paints."""
LONG, WIDE = 1.25, 0.42
"""Half the length and half the width of a stroke, in cells."""


@dataclass(frozen=True, slots=True)
class Brush:
    """One stroke for each cell of `side` pixels, with a rim of cells around the picture. `rank`: (rows, columns) whole numbers, the higher
    lies on top, 0 none; `ways`: (4, rows, columns) what takes a pixel to its place on the stroke: right, down, and the middle along and
    over; `known`: (7, ranks) the ways and the colour of each rank.
    """

    side: int
    rank: Field
    ways: Field
    known: Field


def oil_painting(sheet: Sheet) -> None:
    """A broad brush everywhere, a fine one where there is more to see, a pointed one around things, and light from above on all."""
    before, keep = sheet.rgb.copy(), np.minimum(softened(borders(sheet), octaves(sheet, 4), 1) * np.float32(1.6), 0.7)
    relief = np.zeros(sheet.shape, np.float32)
    bristles = tile(sheet.seed, "bristles", (64, 64), 256, octaves=3, gain=0.8)
    levels = 3 if sheet.unit >= 512 else 2 if sheet.unit >= 200 else 1
    way = ways(sheet, levels)
    unrest = busy(sheet)
    brushes = [
        brush(sheet, "broad", max(4, round(sheet.unit / 38)), way, None),
        brush(sheet, "fine", max(3, round(sheet.unit / 84)), way, unrest),
    ]
    for one in brushes:
        stroked(sheet, one, bristles, relief)
    for plane, sharp in zip(sheet.rgb, before, strict=True):
        for rows in bands(sheet.height):
            plane[rows] += (sharp[rows] - plane[rows]) * np.maximum(keep[rows], lamps(sheet, rows) * np.float32(0.8))
    lit(sheet, relief)


def brush(sheet: Sheet, name: str, side: int, way: tuple[Field, Field], unrest: Field | None) -> Brush:
    """Strokes of cells of `side` pixels; where `unrest` is known only on what differs from its neighbourhood."""
    rows, columns = -(-sheet.height // side) + 2, -(-sheet.width // side) + 2
    y, x, rank, tone, warm = lattice(key(sheet.seed, "strokes", name), (5, rows, columns))
    y = (np.arange(-1, rows - 1, dtype=np.float32)[:, None] + np.float32(0.5) + y * np.float32(0.34)) * np.float32(side)
    x = (np.arange(-1, columns - 1, dtype=np.float32)[None, :] + np.float32(0.5) + x * np.float32(0.34)) * np.float32(side)
    at_y, at_x = np.clip(y, 0, sheet.height - 1).astype(np.int32), np.clip(x, 0, sheet.width - 1).astype(np.int32)
    coarse = [np.minimum(at * size // full, size - 1) for at, size, full in zip((at_y, at_x), way[0].shape, sheet.shape, strict=True)]
    right, down = (part[coarse[0], coarse[1]] / np.float32(side) for part in way)
    paint = np.stack([sampled(plane, at_y, at_x) for plane in sheet.rgb])
    paint *= ONE + tone * np.float32(0.06)
    paint[0] += warm * np.float32(0.018)
    paint[2] -= warm * np.float32(0.022)
    ways = np.stack([right, down, -(x * right + y * down) / np.float32(LONG), -(y * right - x * down) / np.float32(WIDE)])
    rank, known = ranked(rank, np.concatenate([ways, paint]))
    if unrest is not None:
        here = unrest[np.minimum(at_y // 2, unrest.shape[0] - 1), np.minimum(at_x // 2, unrest.shape[1] - 1)]
        rank *= here >= np.float32(LEAST) * (np.float32(1.4) + tone)
    return Brush(side, rank, ways, known)


def ranked(chance: Field, facts: Field) -> tuple[Field, Field]:
    """Numbers from 1 on in the order of `chance`, and the `facts` in that order, after zeros."""
    order = np.argsort(chance.ravel(), kind="stable")
    rank = np.empty(order.size, np.float32)
    rank[order] = np.arange(1, order.size + 1, dtype=np.float32)
    known = np.zeros((len(facts), order.size + 1), np.float32)
    known[:, 1:] = facts.reshape(len(facts), -1)[:, order]
    return rank.reshape(chance.shape), known


def sampled(plane: Field, rows: Field, columns: Field) -> Field:
    """The mean of the four points at and beside each place, two apart."""
    below, beside = np.minimum(rows + 2, plane.shape[0] - 1), np.minimum(columns + 2, plane.shape[1] - 1)
    total = plane[rows, columns] + plane[below, columns] + plane[rows, beside] + plane[below, beside]
    return np.asarray(total * np.float32(0.25), np.float32)


def busy(sheet: Sheet) -> Field:
    """How much the picture differs from its neighbourhood, at half size."""
    small = halved(grey(sheet.rgb))
    radius = max(1, sheet.unit // 256)
    return blurred(np.abs(small - blurred(small, radius, 1)), radius, 1)


def stroked(sheet: Sheet, one: Brush, bristles: Field, relief: Field) -> None:
    """Lay all strokes of a brush, a row of cells at a time."""
    limit = ONE - lattice(key(sheet.seed, "ragged"), (one.side, sheet.width)) * np.float32(0.14)
    for number in range(one.rank.shape[0] - 2):
        rows = slice(number * one.side, min((number + 1) * one.side, sheet.height))
        columns = reached(one, number, sheet.width)
        x, y = sheet.columns()[:, columns], sheet.rows(rows.start, rows.stop)
        which = foremost(sheet, one, rows, columns, limit)
        right, down, along, over = (part.take(which) for part in one.known[:4])
        along += (x * right + y * down) * np.float32(1 / LONG)
        over += (y * right - x * down) * np.float32(1 / WIDE)
        along *= np.float32(3.6)
        along += np.float32(64)
        hair = nearest(bristles, over * np.float32(9) + ((which & 255) + 64).astype(np.float32), along)
        hit = which > 0
        over *= over
        over *= np.float32(-0.45 * one.side)
        over += hair * np.float32(0.55 * one.side)
        over += np.float32(one.side)
        if all_hit := bool(hit.all()):
            relief[rows, columns] = over
        else:
            relief[rows, columns] = np.where(hit, over, relief[rows, columns])
        hair *= np.float32(0.035)
        hair += ONE
        for plane, paint in zip(sheet.rgb, one.known[4:], strict=True):
            laid = paint.take(which)
            laid *= hair
            plane[rows, columns] = laid if all_hit else np.where(hit, laid, plane[rows, columns])


def reached(one: Brush, number: int, width: int) -> Field | slice:
    """The columns of pixels that strokes may reach in a row of cells."""
    seen = np.asarray(one.rank[number : number + 3].any(0))
    near = seen[:-2] | seen[1:-1] | seen[2:]
    return slice(None) if near.all() else np.flatnonzero(np.repeat(near, one.side)[:width])


def foremost(sheet: Sheet, one: Brush, rows: slice, columns: Field | slice, limit: Field) -> Field:
    """The rank of the stroke on top at each point of a row of cells; of all but the finest strokes at every other point."""
    wide = sheet.width if isinstance(columns, slice) else len(columns)
    if one.side < BROAD or (one.side % 2 and wide < sheet.width):
        return topmost(sheet, one, rows, columns, limit)
    every = slice(None, None, 2) if isinstance(columns, slice) else columns[::2]
    few = topmost(sheet, one, slice(rows.start, rows.stop, 2), every, limit)
    return np.repeat(np.repeat(few, 2, 0)[: rows.stop - rows.start], 2, 1)[:, :wide]


def topmost(sheet: Sheet, one: Brush, rows: slice, columns: Field | slice, limit: Field) -> Field:
    """The rank of the stroke on top at each of the points."""
    y, x = sheet.rows(rows.start, rows.stop)[:: rows.step], sheet.columns()[0, columns]
    least = limit[: len(y), columns]
    best, u, v = (np.zeros((len(y), x.size), np.float32) for _ in range(3))
    long, wide = np.float32(1 / LONG), np.float32(1 / WIDE)
    for row in range(rows.start // one.side, rows.start // one.side + 3):
        for first in range(3):
            if not one.rank[row].any():
                continue
            cells = np.repeat(np.concatenate([one.ways[:, row, first:], one.rank[None, row, first:]]), one.side, 1)
            right, down, along, over, rank = cells[:, : sheet.width][:, columns]
            np.multiply(y, down * long, out=u)
            u += along + x * right * long
            np.multiply(y, right * wide, out=v)
            v += over - x * down * wide
            u *= u
            u *= u
            v *= v
            u += v
            np.multiply(u < least, rank, out=u)
            np.maximum(best, u, out=best)
    return best.astype(np.intp)


def lit(sheet: Sheet, relief: Field) -> None:
    """Light from the upper left on ridges of paint, and the weave of the canvas."""
    weave = tooth(sheet, "canvas")
    reach = max(1, sheet.unit // 700)
    relief = blurred(relief, max(1, sheet.unit // 1000), 1) * np.float32(1 / max(4.0, sheet.unit / 40))
    for rows in bands(sheet.height):
        here = relief[rows]
        up = np.maximum(np.arange(rows.start, rows.stop) - reach, 0)
        before = relief[up]
        before[:, reach:] = before[:, : before.shape[1] - reach].copy()
        lift = np.clip(here - before, -0.5, 0.6)
        part = sheet.rgb[:, rows]
        part *= ONE + lift * np.float32(0.24) + weave[rows] * np.float32(0.022)
        part += np.maximum(lift - np.float32(0.12), 0) * np.float32(0.16)
