"""Land by the water as a surface in perspective: columns of the picture look along slices of rising depth; water where it sinks."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.canvas.curves import box, smooth
from imagechat.providers.sketch.canvas.noise import Field, nearest, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.ground import Coat, coated
from imagechat.providers.sketch.land.treetops import canopy, leaves

FOCUS = 1.1
"""The lens: how many short sides away a thing as large as the short side fills it."""
TREES = np.float32(215)
"""How many points of the treetops' tile lie along each unit of length."""
OPEN = 9.0
"""How deep the sea is where no shore is near, as the floor's height below it."""


@dataclass(frozen=True, slots=True)
class View:
    """Where each slice (rows, near to far) and column looks: `x` sideways, `depth` away (a column of numbers), from a height of `eye`;
    in a measure of its own, `metre` of which are a metre.
    """

    x: Field
    depth: Field
    eye: float
    metre: float = 1 / 160


@dataclass(frozen=True, slots=True)
class Seen:
    """What the picture sees from row `top` down: `land` 0 to 1, `depth` and `height` of each point, `floor`: how deep the water is."""

    top: int
    land: Field
    depth: Field
    height: Field
    floor: Field


def view(sheet: Sheet, near: float, far: float, eye: float, metre: float = 1 / 160) -> View:
    """Slices from `near` to `far`, each farther than the one before by the same factor."""
    slices = int(np.clip(sheet.unit * 0.42, 150, 440))
    columns = sheet.width // 2 + 1 if sheet.width >= 640 else sheet.width
    factor = (far / near) ** (1 / (slices - 1))
    depth = np.array([near * factor**i for i in range(slices)], np.float32)[:, None]
    half = np.float32(sheet.width / sheet.unit / FOCUS)
    s = (np.arange(columns, dtype=np.float32) / np.float32(columns - 1) - np.float32(0.5)) * half
    return View(depth * s[None, :], depth, eye, metre)


def rough(sheet: Sheet, name: str, seen: View, cells: float, *, octaves: int = 5, gain: float = 0.5) -> Field:
    """Noise of about -1 to 1 over the ground, with `cells` swings in each unit of length."""
    field = tile(sheet.seed, name, (8, 8), 256, octaves=octaves, gain=gain)
    chance = Chance(sheet.seed, name, "shift")
    down, right = np.float32(chance.between(0, 200)), np.float32(chance.between(4000, 4200))
    return sampled(field, seen.depth * np.float32(32 * cells) + down + 0 * seen.x, seen.x * np.float32(32 * cells) + right)


def along(sheet: Sheet, name: str, seen: View, cells: float, *, octaves: int = 4) -> Field:
    """Noise of about -1 to 1 along the depth alone, a column of numbers: how a shore swings in and out."""
    field = tile(sheet.seed, name, (16, 4), 256, octaves=octaves, gain=0.5)
    shift = np.float32(Chance(sheet.seed, name, "shift").between(0, 200))
    return sampled(field, seen.depth * np.float32(16 * cells) + shift, np.zeros_like(seen.depth) + np.float32(3))


def crowns(sheet: Sheet, name: str, seen: View, cells: float) -> Field:
    """The tops of a wood, 0 to 1: round heads, or pointed ones where conifers grow."""
    field = tile(sheet.seed, name, (64, 64), 256, octaves=2, gain=0.6)
    zoom = np.float32(cells * 4)
    bumps = sampled(field, seen.depth * zoom + 0 * seen.x + 300, seen.x * zoom * np.float32(1.3) + 4300)
    groups = sampled(field, seen.depth * zoom * np.float32(0.3) + 0 * seen.x + 300, seen.x * zoom * np.float32(0.3) + 4300)
    tops = np.clip(np.float32(0.5) + bumps * np.float32(0.75) + groups * np.float32(0.30), 0, 1.3)
    if sheet.spec.wood == "conifer":
        return np.asarray(tops * tops * np.float32(1.5), np.float32)
    return np.sqrt(tops)


def raise_land(sheet: Sheet, at: View, height: Field, coat: Coat, part: float) -> Seen:
    """Paint the land that rises above 0 and say what is seen; the rest is left to the water."""
    height = box(height, 1, 0)
    # Nearer than the first slices nothing is known: without water there they would stand as a wall down to the picture's edge.
    height[:2] = np.minimum(height[:2], np.float32(-0.02))
    ground = np.maximum(height, np.float32(0))
    colours, rock = coated(sheet, at.x, at.depth, ground, coat)
    scale = np.float32(sheet.unit * FOCUS)
    screen = np.float32(sheet.horizon) - (ground - np.float32(at.eye)) / at.depth * scale
    reached = widened(np.minimum.accumulate(screen, axis=0), sheet.width)
    top = int(np.clip(reached[-1].min(), 0, sheet.height - 1))
    found = first_slices(reached, top, sheet.height - top)
    index = np.minimum(found, len(at.depth) - 1)
    places = index * np.int32(at.x.shape[1]) + spread(sheet.width, at.x.shape[1])[None, :]
    seen = looked(sheet, at, (height, reached), index, (found < len(at.depth), top))
    picture = np.stack([colours[channel].ravel().take(places) for channel in range(3)])
    stuff = rock.ravel().take(places)
    picture *= relief(sheet, at, seen, stuff)
    if coat.wood is not None:
        treetops(sheet, picture, seen, np.maximum(-stuff, 0))
    window = slice(top, None)
    share = seen.land * np.clip(sheet.rows(top) + np.float32(1) - edge(reached, index), 0, 1)
    share = np.where(above(seen.land), seen.land, share)
    sheet.mix(picture, share, window)
    sheet.hide(share, part, window)
    steps = sheet.marks.part[window]
    steps += np.where(seen.land > 0.5, index * np.float32(10 / len(at.depth)), np.float32(0))
    return seen


def between(height: Field, places: Field, index: Field, reached: Field, top: int) -> Field:
    """The ground's height at each point, between the slice that is seen there and the one before it."""
    before = np.maximum(index - 1, 0)
    columns = np.arange(reached.shape[1], dtype=np.int32)[None, :]
    near, far = (reached.ravel().take(one * np.int32(reached.shape[1]) + columns) for one in (before, index))
    rows = np.arange(top, top + index.shape[0], dtype=np.float32)[:, None]
    share = np.clip((near - rows) / np.maximum(near - far, np.float32(0.5)), 0, 1)
    here = height.ravel().take(places)
    first = height.ravel().take(places - (index - before) * np.int32(height.shape[1]))
    return np.asarray(first + (here - first) * share, np.float32)


def looked(sheet: Sheet, at: View, ground: tuple[Field, Field], index: Field, where: tuple[Field, int]) -> Seen:
    """The land, its depth and height, and the water's floor, point by point, between the slice that is seen there and the one before it;
    behind the last slice there is open sea. `ground`: (height, the rows that the slices reach).
    """
    (height, reached), (within, top) = ground, where
    columns, own = np.arange(sheet.width, dtype=np.int32)[None, :], spread(sheet.width, at.x.shape[1])[None, :]
    before = np.maximum(index - 1, 0)
    near, far = (reached.ravel().take(one * np.int32(sheet.width) + columns) for one in (before, index))
    rows = sheet.rows(top)
    share = np.clip((near - rows) / np.maximum(near - far, np.float32(0.5)), 0, 1)
    first, last = (height.ravel().take(one * np.int32(at.x.shape[1]) + own) for one in (before, index))
    raw = first + (last - first) * share
    nearer = at.depth[:, 0].take(before)
    depth = nearer + (at.depth[:, 0].take(index) - nearer) * share
    rise = (np.float32(sheet.horizon) - rows) * depth / np.float32(sheet.unit * FOCUS) + np.float32(at.eye)
    land = ((raw > 0) & within).astype(np.float32)
    return Seen(top, land, depth, rise, np.where(within, np.maximum(-raw, 0), np.float32(OPEN)))


def relief(sheet: Sheet, at: View, seen: Seen, stuff: Field) -> Field:
    """How bright each point is beside the slope's own light: layers in rock (`stuff` 1), leaves in woods (-1), tufts of grass."""
    field = tile(sheet.seed, "relief", (16, 16), 512, octaves=7, gain=0.68)
    zoom = np.float32(sheet.unit * 1.3)
    x = (sheet.columns() - np.float32(sheet.width / 2)) / np.float32(sheet.unit * FOCUS) * seen.depth
    beside = x - seen.depth * np.float32(0.7)
    swing = nearest(field, seen.height * np.float32(160) + 4096, beside * np.float32(160) + 4096)
    layers = nearest(field, (seen.height + swing * np.float32(0.018)) * np.float32(1100) + 4096, beside * np.float32(26) + 4096)
    cracks = nearest(field, seen.height * np.float32(170) + 4096, beside * np.float32(700) + 8192)
    tufts = nearest(field, seen.depth * zoom * np.float32(0.5) + 4096, x * zoom + 8192)
    far = np.float32(1) / (np.float32(1) + seen.depth * seen.depth * np.float32(0.05))
    stone = layers * np.float32(0.46) + cracks * np.float32(0.52) + swing * np.float32(0.30)
    hard, soft = np.maximum(stuff, 0), np.float32(1) - np.abs(stuff)
    return np.asarray(np.clip(1 + (hard * stone + soft * tufts * np.float32(0.24)) * far, 0.30, 1.8), np.float32)


def treetops(sheet: Sheet, picture: Field, seen: Seen, wood: Field) -> None:
    """Tree beside tree over `wood`, each with its light and shadow, some of them ahead of the year."""
    bright, kind = canopy(sheet.spec.wood)
    x = (sheet.columns() - np.float32(sheet.width / 2)) / np.float32(sheet.unit * FOCUS) * seen.depth
    down, right = np.float32(65536) - (seen.height * np.float32(1.3) + seen.depth * np.float32(0.35)) * TREES, x * TREES + np.float32(65536)
    shade = nearest(bright, down, right) * np.float32(1.15) + np.float32(0.12)
    turned = smooth(0.30, 0.55, nearest(kind, down, right)) * wood * np.float32(0.7)
    points = seen.depth * np.float32(float(TREES) / (sheet.unit * FOCUS))
    wood = wood / (1 + points * points * np.float32(0.4))
    shade = 1 + (shade - 1) * wood
    most, other = leaves(sheet)
    for channel in range(3):
        picture[channel] *= shade * (1 + turned * np.float32(min(1.5, float(other[channel]) / float(most[channel])) - 1))


def above(land: Field) -> Field:
    """Whether the point over each one is land too."""
    over = np.zeros(land.shape, np.bool_)
    over[1:] = land[:-1] > 0
    return over


def edge(reached: Field, index: Field) -> Field:
    """The row (with its fraction) where the slice that is seen begins."""
    places = index * np.int32(reached.shape[1]) + np.arange(reached.shape[1], dtype=np.int32)[None, :]
    return reached.ravel().take(places)


def spread(width: int, columns: int) -> Field:
    """For each column of the picture, its column of the ground."""
    return ((np.arange(width) * (columns - 1)) // max(1, width - 1)).astype(np.int32)


def widened(lines: Field, width: int) -> Field:
    """(slices, columns) read at every column of the picture, in straight lines between."""
    if lines.shape[1] == width:
        return lines
    at = np.arange(width, dtype=np.float64) * ((lines.shape[1] - 1) / (width - 1))
    left = np.minimum(at.astype(np.int64), lines.shape[1] - 2)
    share = (at - left).astype(np.float32)[None, :]
    low = lines.take(left, 1)
    return np.asarray(low + (lines.take(left + 1, 1) - low) * share, np.float32)


def first_slices(reached: Field, top: int, rows: int) -> Field:
    """(rows, width): the number of the first slice that is seen there; as many as slices where none is."""
    width = reached.shape[1]
    row = np.clip(np.ceil(reached) - top, 0, rows).astype(np.int32)
    flat = (row * np.int32(width) + np.arange(width, dtype=np.int32)[None, :]).ravel()
    counts = np.bincount(flat, minlength=(rows + 1) * width).astype(np.int32).reshape(rows + 1, width)
    return np.cumsum(counts[::-1], axis=0, dtype=np.int32)[::-1][1:]
