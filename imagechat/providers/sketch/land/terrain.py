"""Mountains: an eroded surface seen in perspective. Each column looks along slices of rising depth; each point of the picture finds
the place on the ground that it shows, so that rock, snow and woods are as crisp as the picture.
"""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.canvas.curves import box, smooth
from imagechat.providers.sketch.canvas.noise import Field, doubled, enlarged, lattice, sampled
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.land import massif
from imagechat.providers.sketch.land.massif import LAST, Range, chosen_range, shaped
from imagechat.providers.sketch.land.rock import View, coloured
from imagechat.providers.sketch.land.shore import paint_shore

PART = 10.0
FOCUS = massif.FOCUS
MIDDLE = 4.0
"""Up to this depth the slices lie closer together."""
DETAILED = 700
"""From this width in pixels on, the ground is raised for every second column."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The surface by slice (rows, near to far) and column: `height`, `right` and `away` its slopes, `hollow` positive in gullies, `lit`
    0 in cast shadow; `depth`: a column of numbers; `step`: every how many columns of the picture.
    """

    height: Field
    right: Field
    away: Field
    hollow: Field
    lit: Field
    depth: Field
    step: int


def paint_mountains(sheet: Sheet) -> None:
    """The range of this seed, with the far shore of a lake before it."""
    shape = chosen_range(sheet)
    seen = looked(sheet, raised(sheet, shape), shape.eye)
    if seen is None:
        return
    view, cover, window = seen
    sheet.mix(coloured(sheet, shape, view), cover, window)
    sheet.hide(cover, PART, window)
    parts = sheet.marks.part[window]
    np.add(parts, (view.depth - np.float32(shape.begin)) * np.float32(8 / (LAST - shape.begin)), out=parts, where=cover > 0.5)
    if shape.eye < 0.02:
        paint_shore(sheet)


def raised(sheet: Sheet, shape: Range) -> Ground:
    """The surface, slice by slice, and how the light falls on it."""
    step = 2 if sheet.width >= DETAILED else 1
    slices = int(np.clip(sheet.unit * 0.42, 160, 380))
    near = spaced(shape.begin * 0.94, MIDDLE, slices * 3 // 4)
    depth = np.concatenate([near, spaced(MIDDLE, LAST, slices // 4 + 1)[1:]])[:, None]
    columns = np.arange(sheet.width // step + 1, dtype=np.float32) * np.float32(step) + np.float32(0.5 - sheet.width / 2)
    x = depth * (columns * np.float32(1 / (sheet.unit * FOCUS)))[None, :]
    height = shaped(shape, relief(sheet, shape, x, depth), x, depth)
    # A crest that is thinner than the slices are apart would stand as a row of posts.
    height = box(height, 1, 0)
    right = sloped(height, 1) / (depth * np.float32(step / (sheet.unit * FOCUS)))
    spacing = np.gradient(depth[:, 0]).astype(np.float32)[:, None]
    hollow = box(box(height, 4, 0), 4 if step == 2 else 6, 1) - height
    return Ground(height, right, sloped(height, 0) / spacing, hollow, cast(sheet, height, x), depth, step)


def sloped(field: Field, axis: int) -> Field:
    """The change from one place to the next, seen over both neighbours."""
    out = np.empty_like(field)
    field, to = (field, out) if axis == 0 else (field.T, out.T)
    np.subtract(field[2:], field[:-2], out=to[1:-1])
    to[1:-1] *= np.float32(0.5)
    to[0], to[-1] = field[1] - field[0], field[-1] - field[-2]
    return out


def relief(sheet: Sheet, shape: Range, x: Field, depth: Field) -> tuple[Field, Field]:
    """(ridges, a broad swing) over the ground."""
    shift = np.float32(Chance(sheet.seed, "ground").between(0, 512))
    field = eroded(sheet.seed)
    ridges = sampled(field, depth * np.float32(170 / shape.size) + shift + 0 * x, x * np.float32(215 / shape.size) + shift)
    few = (slice(None, None, 6), slice(None, None, 6))
    broad = sampled(field, depth[few[0]] * np.float32(30) + shift + 0 * x[few], x[few] * np.float32(52) + shift)
    return ridges, enlarged(box(box(broad, 1, 0), 1, 1), x.shape)


def spaced(first: float, last: float, count: int) -> Field:
    """`count` numbers from `first` to `last`, each larger than the one before by the same factor."""
    factor = (last / first) ** (1 / (count - 1))
    return np.array([first * factor**i for i in range(count)], np.float32)


def eroded(seed: int) -> Field:
    """A tileable ridged surface of 512², about 0 to 1; where it is already steep, finer ridges are weaker, as water smooths slopes.

    Source: the slope-damped sum of Inigo Quilez' "morenoise", with ridges after Musgrave.
    """
    total, slope_x, slope_y = (np.zeros((64, 64), np.float32) for _ in range(3))
    weight = 0.5
    for octave in range(6):
        size = max(64, 16 << octave) if octave < 5 else 512
        field = lattice(key(seed, "ridges", str(octave)), (4 << octave, 4 << octave))
        while field.shape[0] < size:
            field = doubled(field)
        while total.shape[0] < size:
            total, slope_x, slope_y = doubled(total), doubled(slope_x), doubled(slope_y)
        # Rounded crests: on a sharp one the slope is nothing along a single line, which would stand out as a crack.
        ridge = np.float32(1.08) - np.sqrt(field * field + np.float32(0.006)) * np.float32(1.9)
        ridge *= np.abs(ridge)
        scale = np.float32(64 / (4 << octave) * 1.8 * weight * size / 512)
        slope_x += (np.roll(ridge, -1, 1) - np.roll(ridge, 1, 1)) * scale
        slope_y += (np.roll(ridge, -1, 0) - np.roll(ridge, 1, 0)) * scale
        total += ridge * np.float32(weight) / (np.float32(1) + (slope_x * slope_x + slope_y * slope_y) * np.float32(0.20))
        weight *= 0.5
    return np.asarray(np.clip(total * np.float32(0.95) + np.float32(0.12), 0, 1.3), np.float32)


def cast(sheet: Sheet, height: Field, x: Field) -> Field:
    """Shadows along each slice: 0 where something nearer to the light stands higher than its ray."""
    side = -sheet.composition.side
    low = 0.45 if sheet.low_sun or sheet.spec.time == "dusk" else 0.85
    ray = height + x * np.float32(-side * low)
    highest = np.maximum.accumulate(ray if side < 0 else ray[:, ::-1], axis=1)
    hidden = (highest if side < 0 else highest[:, ::-1]) - ray
    return np.float32(1) - smooth(0.004, 0.05, hidden)


def looked(sheet: Sheet, ground: Ground, eye: float) -> tuple[View, Field, slice] | None:
    """What each point of the picture shows: (the ground there, how much it covers, the rows). Source: the y-buffer of voxel landscapes."""
    scale = np.float32(sheet.unit * FOCUS)
    screen = np.float32(sheet.horizon) - (ground.height - np.float32(eye)) / ground.depth * scale
    reached = np.minimum.accumulate(screen, axis=0)
    top, bottom = max(0, int(reached[-1].min())), last_row(sheet, eye)
    if bottom <= top:
        return None
    index = first_slices(reached, top, bottom - top)
    at = np.minimum(index, len(screen) - 1) * np.int32(screen.shape[1]) + np.arange(screen.shape[1], dtype=np.int32)[None, :]
    before = np.maximum(at - np.int32(screen.shape[1]), at % np.int32(screen.shape[1]))
    upper, lower = screen.ravel().take(at), screen.ravel().take(before)
    share = np.clip((lower - sheet.rows(top, bottom)) / np.maximum(lower - upper, np.float32(0.02)), 0, 1)

    def read(field: Field) -> Field:
        flat = field.ravel()
        near = flat.take(before)
        return filled(near + (flat.take(at) - near) * share, ground.step, sheet.width)

    depth = read(np.broadcast_to(ground.depth, screen.shape))
    view = View(depth, read(ground.right), read(ground.away), read(ground.hollow), read(ground.lit), top)
    crest = filled(reached[-1:], ground.step, sheet.width)
    soft = np.maximum(np.abs(sloped(crest, 1)), np.float32(1))
    return view, np.clip((sheet.rows(top, bottom) + np.float32(0.5) - crest) / soft + np.float32(0.5), 0, 1), slice(top, bottom)


def last_row(sheet: Sheet, eye: float) -> int:
    """The row below which something else hides the ground: water, another scene's ground, or the near hills."""
    below = sheet.height - sheet.horizon
    return sheet.horizon + (int(below * 0.5) if eye > 0.02 else min(below, max(2, sheet.unit // 200)))


def widened(lines: Field, width: int) -> Field:
    """(slices, columns) from edge to edge read at every column of the picture, in straight lines between."""
    if lines.shape[1] == width:
        return lines
    at = np.arange(width, dtype=np.float64) * ((lines.shape[1] - 1) / (width - 1))
    left = np.minimum(at.astype(np.int64), lines.shape[1] - 2)
    share = (at - left).astype(np.float32)[None, :]
    low = lines.take(left, 1)
    return np.asarray(low + (lines.take(left + 1, 1) - low) * share, np.float32)


def filled(field: Field, step: int, width: int) -> Field:
    """(rows, every `step`th column) read at every column of the picture."""
    if step == 1:
        return field[:, :width]
    out = np.empty((field.shape[0], field.shape[1] * 2 - 1), np.float32)
    out[:, 0::2] = field
    np.add(field[:, 1:], field[:, :-1], out=out[:, 1::2])
    out[:, 1::2] *= np.float32(0.5)
    return out[:, :width]


def first_slices(reached: Field, top: int, rows: int) -> Field:
    """(rows, width): the number of the first slice that is seen there; as many as slices where none is."""
    width = reached.shape[1]
    row = np.clip(np.ceil(reached) - top, 0, rows).astype(np.int32)
    flat = (row * np.int32(width) + np.arange(width, dtype=np.int32)[None, :]).ravel()
    counts = np.bincount(flat, minlength=(rows + 1) * width).astype(np.int32).reshape(rows + 1, width)
    below = np.cumsum(counts[::-1], axis=0, dtype=np.int32)[::-1]
    return below[1:]
