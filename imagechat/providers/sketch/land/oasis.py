"""An oasis: a still pool between the dunes, palms and reeds around it."""

from dataclasses import dataclass, replace

import numpy as np

from imagechat.providers.sketch.canvas.curves import box, smooth
from imagechat.providers.sketch.canvas.light import rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.land.crowns import crowns
from imagechat.providers.sketch.land.palms import palm
from imagechat.providers.sketch.land.slopes import Relief, View, air, coarse, stand

WATER = 386.0
PALMS = 381.0
BRIGHTEST = 0.85
"""The pool is never so bright that it would glow."""
GREEN = (rgb("3a5226"), rgb("8a9c48"))


@dataclass(frozen=True, slots=True)
class Pool:
    """The pool's middle and half its size in metres."""

    x: float
    depth: float
    wide: float
    deep: float


def pool(sheet: Sheet) -> Pool:
    """Where the pool lies."""
    chance = Chance(sheet.seed, "pool")
    depth = chance.between(24, 32)
    reach = min(1.4, sheet.width / sheet.unit)
    wide = chance.between(8.0, 11.5) * reach
    return Pool(x=chance.between(-0.12, 0.12) * depth * reach, depth=depth, wide=wide, deep=chance.between(0.40, 0.52) * depth)


def distance(place: Pool, x: Field, depth: Field) -> Field:
    """The squared distance from the pool's middle: 1 at its shore."""
    across, along = (x - np.float32(place.x)) / np.float32(place.wide), (depth - np.float32(place.depth)) / np.float32(place.deep)
    return np.asarray(across * across + along * along, np.float32)


def levelled(relief: Relief, place: Pool, eye: float) -> Relief:
    """The sand made flat around the pool, the dunes behind it."""
    square = distance(place, relief.depth * relief.aside, relief.depth)
    free = smooth(1.3, 5.0, square) * smooth(place.depth * 0.4, place.depth * 1.4, relief.depth)
    flat = -np.float32(eye) / relief.depth
    return replace(relief, rise=(flat + (relief.rise - flat) * free).astype(np.float32))


def shore(sheet: Sheet, view: View, place: Pool) -> Field:
    """1 in the water, with a ragged soft rim; 0 on the sand."""
    field = tile(sheet.seed, "shore", (16, 16), 128, octaves=3)
    rough = coarse(field, view.depth * np.float32(1.6) + np.float32(64), view.x * np.float32(1.6) + np.float32(512))
    return distance(place, view.x, view.depth) + rough * np.float32(0.22)


def planted(sheet: Sheet, view: View, place: Pool, *, far: bool) -> None:
    """Palms, bushes and reeds on the far bank, or the few on the near one."""
    draws = lattice(key(sheet.seed, "oasis", str(far)), (4, 70)) * np.float32(0.5) + np.float32(0.5)
    count = 70 if far else 26
    across = (draws[0, :count] * 2 - 1) * np.float32(1.25)
    inward = np.sqrt(np.clip(np.float32(1) - across * across, 0, 1))
    along = inward * np.float32(1.06 if far else -1.06) + (draws[1, :count] * np.float32(0.5) + np.float32(0.03)) * np.float32(
        1 if far else -0.25
    )
    keep = np.flatnonzero(np.abs(across) > (0.0 if far else 0.75))
    depth = np.maximum(np.float32(place.depth) + along[keep] * np.float32(place.deep), np.float32(4))
    x = np.float32(place.x) + across[keep] * np.float32(place.wide)
    order = np.argsort(-depth, kind="stable")
    depth, x, tall = depth[order], x[order], draws[2, keep][order] * np.float32(1.3) + np.float32(0.5)
    at = stand(sheet, view, x / depth / (view.relief.aside[0, -1] * 2) + np.float32(0.5), depth)
    crowns(sheet, f"oasis {far}", at, tall, slim=1.3, part=PALMS + 2, tones=GREEN)
    grove(sheet, view, place, far)


def grove(sheet: Sheet, view: View, place: Pool, far: bool) -> None:
    """The palms themselves, in loose groups."""
    if "palm" in sheet.spec.without:
        return
    chance = Chance(sheet.seed, "grove", str(far))
    side, count = sheet.composition.side, chance.whole(7, 11) if far else chance.whole(1, 3)
    spots = []
    for _ in range(count):
        across = side * chance.between(-0.35, 1.15) if far else side * chance.between(0.95, 1.25)
        along = (max(0.0, 1 - across * across) ** 0.5 + chance.between(0.08, 0.55)) if far else chance.between(-0.5, 0.1)
        spots.append((place.depth + along * place.deep, place.x + across * place.wide, chance.between(5.0, 8.5)))
    for number, (depth, x, tall) in enumerate(sorted(spots, reverse=True)):
        aside = np.array([x / depth / float(view.relief.aside[0, -1] * 2) + 0.5], np.float32)
        at = stand(sheet, view, aside, np.array([depth], np.float32))
        veil = float(air(sheet, at.depth)[0])
        foot = float(at.column[0]), float(at.row[0])
        palm(sheet, number + 50 * far, foot, float(at.metre[0]) * tall, veil=veil, part=PALMS)


def mirror(sheet: Sheet, view: View, rim: Field) -> None:
    """The pool: the picture above its far shore turned over, deep blue-green toward the eye, a wet dark rim."""
    wet = (rim < 1.22) & (view.depth > 3.5)
    rows, columns = (np.flatnonzero(wet.any(axis=axis)) for axis in (1, 0))
    if rows.size < 2 or columns.size < 2:
        return
    inside = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    window = slice(view.top + rows[0], view.top + rows[-1] + 1), inside[1]
    water = smooth(1.02, 0.97, rim[inside]) * (view.depth[inside] > 4)
    sheet.mix(sheet.light.fill * np.float32(0.35), smooth(1.22, 1.0, rim[inside]) * np.float32(0.45), *window)
    seen, clear = mirrored(sheet, (view.depth[inside], view.x[inside]), water, window)
    deep = sheet.light.deep
    for channel in range(3):
        seen[channel] = np.minimum(deep[channel] + (seen[channel] - deep[channel]) * clear, np.float32(BRIGHTEST))
    sheet.mix(seen, water, *window)
    sheet.hide(water, WATER, *window)


def mirrored(sheet: Sheet, ground: tuple[Field, Field], water: Field, window: tuple[slice, slice]) -> tuple[Field, Field]:
    """What the water shows, (3, rows, columns) of its window, bent by ripples, and how clearly; `ground`: its depth and x in metres."""
    depth, x = ground
    first = np.where((water > 0.5).any(axis=0), np.argmax(water > 0.5, axis=0) + window[0].start, sheet.height).astype(np.float32)
    top = smoothed(first, sheet)[None, :]
    rows = sheet.rows(window[0].start, window[0].stop)
    field = tile(sheet.seed, "pool ripples", (16, 16), 256, octaves=4)
    bend = coarse(field, depth * np.float32(7) + np.float32(64), x * np.float32(2.4) + np.float32(512))
    near = np.clip((rows - top) / np.float32(sheet.unit), 0, 1)
    source = np.abs(top * 2 - rows - np.float32(1) - np.abs(bend) * near * np.float32(sheet.unit * 0.16))
    columns = np.arange(window[1].start, window[1].stop, dtype=np.int32)[None, :]
    smear = np.maximum(rows - top, 0) * (np.float32(0.05) + np.abs(bend) * np.float32(0.12))
    places = [np.clip(one, 0, sheet.height - 1).astype(np.int32) * np.int32(sheet.width) + columns for one in shifted(source, smear)]
    clear = np.clip(np.float32(0.92) - near * np.float32(0.9) + bend * np.float32(0.08), 0.3, 0.95)
    dim = np.float32(1) - sheet.marks.cover.ravel().take(places[0]) * np.float32(0.24)
    return np.stack([sum(plane.ravel().take(place) for place in places) * np.float32(1 / 3) * dim for plane in sheet.rgb]), clear


def shifted(rows: Field, smear: Field) -> tuple[Field, Field, Field]:
    """`rows`, and those `smear` above and below them."""
    return rows, rows - smear, rows + smear


def smoothed(first: Field, sheet: Sheet) -> Field:
    """The far shore's row in each column; level enough that the mirror shows no steps."""
    lowest = np.where(first < sheet.height - 1, first, np.float32(0))
    there = (lowest > 0).astype(np.float32)
    total, share = box(lowest[None, :], max(1, sheet.unit // 10), 1), box(there[None, :], max(1, sheet.unit // 10), 1)
    return np.asarray((total / np.maximum(share, np.float32(0.02)))[0], np.float32)
