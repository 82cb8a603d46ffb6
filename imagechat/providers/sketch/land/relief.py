"""Land by the water as a surface in perspective: columns of the picture look along slices of rising depth; water where it sinks."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.canvas.curves import box
from imagechat.providers.sketch.canvas.noise import Field, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.crags import broken
from imagechat.providers.sketch.land.grain import FOCUS, Points, grained
from imagechat.providers.sketch.land.ground import Coat, coated

UNDERFOOT = 0.08
"""From what height one sees the land down to the picture's lower edge."""
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
    slices = int(np.clip(sheet.unit * 0.34, 150, 380))
    columns = sheet.width // 2 + 1 if sheet.width >= 640 else sheet.width
    if eye > UNDERFOOT:
        near = min(near, max(0.02, eye * FOCUS * sheet.unit / max(1, sheet.height - sheet.horizon) * 0.60))
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
    height[:2] = np.minimum(height[:2], np.float32(-0.6))
    ground = np.maximum(height, np.float32(0))
    colours, rock = coated(sheet, at.x, at.depth, ground, coat)
    scale = np.float32(sheet.unit * FOCUS)
    screen = np.float32(sheet.horizon) - (ground - np.float32(at.eye)) / at.depth * scale
    reached = np.minimum.accumulate(screen, axis=0)
    skyline = widened(reached[-1:], sheet.width)[0]
    top = int(np.clip(skyline.min(), 0, sheet.height - 1))
    highest = np.argmax(reached == reached[-1], axis=0)[None, :]
    index = np.minimum(first_slices(reached, top, sheet.height - top), highest)
    seen = looked(sheet, at, (height, reached), index, (skyline, top))
    row, column = np.nonzero(seen.land > 0)
    places = row * sheet.width + column
    if len(places):
        row = row + top
        points = Points(row, column, seen.depth.ravel().take(places), seen.height.ravel().take(places))
        spots = index * at.x.shape[1] + np.arange(at.x.shape[1])[None, :]
        picture = np.stack([widened(plane.ravel().take(spots), sheet.width).ravel().take(places) for plane in colours])
        stuff = widened(rock.ravel().take(spots), sheet.width).ravel().take(places)
        grained(
            sheet,
            picture,
            points,
            stuff * np.where(stuff > 0, np.float32(0.3 if coat.crag else 1.0), np.float32(1)),
            wooded=coat.wood is not None,
        )
        if coat.crag:
            broken(sheet, picture, points, stuff)
        parts = widened(np.float32(part) + index.astype(np.float32) * np.float32(10 / len(at.depth)), sheet.width)
        laid(sheet, points, picture, (row + np.float32(1) - skyline.take(column), parts.ravel().take(places)))
    return seen


def laid(sheet: Sheet, points: Points, picture: Field, how: tuple[Field, Field]) -> None:
    """Put the points' colours on the sheet; `how`: (how many rows each lies below the skyline, which is soft; its part)."""
    below, part = how
    flat = points.row * sheet.width + points.column
    soft = np.flatnonzero(below < 1)
    share, edge = np.clip(below.take(soft), 0, 1).astype(np.float32), flat.take(soft)
    for channel in range(3):
        plane = sheet.rgb[channel].reshape(-1)
        behind = plane.take(edge)
        picture[channel][soft] = behind + (picture[channel].take(soft) - behind) * share
        plane[flat] = picture[channel]
    cover, parts, shine = (plane.reshape(-1) for plane in (sheet.marks.cover, sheet.marks.part, sheet.marks.shine))
    clear = np.maximum(cover.take(edge), share), shine.take(edge) * (1 - share), np.where(share > 0.5, part.take(soft), parts.take(edge))
    cover[flat], shine[flat], parts[flat] = 1, 0, part
    cover[edge], shine[edge], parts[edge] = clear


def looked(sheet: Sheet, at: View, ground: tuple[Field, Field], index: Field, where: tuple[Field, int]) -> Seen:
    """The land, its depth and height, and the water's floor, point by point, between the slice that is seen there and the one before it;
    behind the last slice there is open sea. `ground`: (height, the rows that the slices reach); `where`: (skyline, first row).
    """
    (height, reached), (skyline, top) = ground, where
    before = np.maximum(index - 1, 0)
    own = np.arange(at.x.shape[1])[None, :]
    here, ahead = before * at.x.shape[1] + own, index * at.x.shape[1] + own
    near, far = reached.ravel().take(here), reached.ravel().take(ahead)
    rows = sheet.rows(top)
    share = np.clip((near - rows) / np.maximum(near - far, np.float32(0.5)), 0, 1)
    level = np.float32(sheet.horizon) + np.float32(at.eye * sheet.unit * FOCUS) / at.depth[:, 0]
    low, high = level.take(before), level.take(index)
    first, last = height.ravel().take(here), height.ravel().take(ahead)
    raw = widened(first + (last - first) * np.clip((low - rows) / np.maximum(low - high, np.float32(0.01)), 0, 1), sheet.width)
    nearer = at.depth[:, 0].take(before)
    depth = widened(nearer + (at.depth[:, 0].take(index) - nearer) * share, sheet.width)
    rise = (np.float32(sheet.horizon) - rows) * depth * np.float32(1 / (sheet.unit * FOCUS)) + np.float32(at.eye)
    within = rows + np.float32(1) > skyline[None, :]
    return Seen(top, ((raw > 0) & within).astype(np.float32), depth, rise, np.where(within, np.maximum(-raw, 0), np.float32(OPEN)))


def widened(lines: Field, width: int) -> Field:
    """(rows, columns of the ground) at every column of the picture: each second one lies between its neighbours."""
    if lines.shape[1] == width:
        return lines
    out = np.empty((lines.shape[0], width), np.float32)
    out[:, 0::2] = lines[:, : (width + 1) // 2]
    out[:, 1::2] = (lines[:, : width // 2] + lines[:, 1 : width // 2 + 1]) * np.float32(0.5)
    return out


def first_slices(reached: Field, top: int, rows: int) -> Field:
    """(rows, width): the number of the first slice that is seen there; as many as slices where none is."""
    width = reached.shape[1]
    row = np.clip(np.ceil(reached) - top, 0, rows).astype(np.int32)
    flat = (row * np.int32(width) + np.arange(width, dtype=np.int32)[None, :]).ravel()
    counts = np.bincount(flat, minlength=(rows + 1) * width).astype(np.int32).reshape(rows + 1, width)
    return np.cumsum(counts[::-1], axis=0, dtype=np.int32)[::-1][1:].astype(np.int64)
