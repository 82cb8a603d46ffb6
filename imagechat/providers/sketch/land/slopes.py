"""Rolling ground seen in perspective: a surface of slices of rising depth, read back at every point of the picture."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.canvas.light import blend
from imagechat.providers.sketch.canvas.noise import Field, enlarged, sampled
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.land.terrain import FOCUS, first_slices, spaced, widened

SIGHT = {"fog": 110.0, "rain": 1100.0, "storm": 1300.0, "snow": 700.0}
"""How far one sees, in metres: there the air hides half."""
CLEAR = 2600.0
LOW = {"day": (0.60, -0.30, 0.74), "golden": (0.88, -0.10, 0.46), "night": (0.60, 0.10, 0.62), "moonlight": (0.64, 0.10, 0.60)}
"""Where the light comes from: (sideways, from beyond, from above)."""


@dataclass(frozen=True, slots=True)
class Relief:
    """A surface: `rise` is the tangent under which the eye sees each slice and column; `depth` of the slices and `aside` of the columns
    (metres for each metre of depth).
    """

    rise: Field
    depth: Field
    aside: Field


@dataclass(frozen=True, slots=True)
class View:
    """The surface as the picture sees it: from row `top` down, each point's `depth` and `x` in metres. `reached`: how far up the ground
    covers, slice by slice; `before`, `place`: the slices that each point lies between, `share` of the way.
    """

    relief: Relief
    reached: Field
    top: int
    before: Field
    place: Field
    share: Field
    depth: Field
    x: Field
    cover: Field

    @property
    def rows(self) -> slice:
        """Its rows of the sheet."""
        return slice(self.top, self.top + self.depth.shape[0])

    def read(self, field: Field) -> Field:
        """`field` (slices, columns of the relief) at every point."""
        flat = widened(field, self.reached.shape[1]).ravel()
        low = flat.take(self.before)
        high = flat.take(self.place)
        high -= low
        high *= self.share
        return np.asarray(low + high, np.float32)


def laid(sheet: Sheet, eye: float, *, far: float = 3200.0) -> tuple[Field, Field]:
    """(depth of the slices as a column, `aside` of the columns) for an eye so many metres above the near ground."""
    below = max(0.2, (sheet.height - sheet.horizon) / (sheet.unit * FOCUS))
    count = int(np.clip(sheet.unit * 0.36, 140, 420))
    columns = sheet.width // 2 + 1 if sheet.width >= 384 else sheet.width
    wide = sheet.width / sheet.unit / FOCUS
    aside = (np.arange(columns, dtype=np.float32) / np.float32(columns - 1) - np.float32(0.5)) * np.float32(wide)
    return spaced(eye / below * 0.80, far, count)[:, None], aside[None, :]


def logs(depth: Field) -> Field:
    """The binary logarithm of each slice's depth, computed number by number."""
    ratio = float(depth[1, 0]) / float(depth[0, 0])
    first = _log2(float(depth[0, 0]))
    return (np.float32(first) + np.arange(depth.shape[0], dtype=np.float32) * np.float32(_log2(ratio)))[:, None]


def _log2(x: float) -> float:
    """The binary logarithm by squaring: 30 bits, the same on every machine."""
    whole, bit, total = 0.0, 0.5, 0.0
    while x >= 2:
        x, whole = x / 2, whole + 1
    while x < 1:
        x, whole = x * 2, whole - 1
    for _ in range(30):
        x *= x
        if x >= 2:
            x, total = x / 2, total + bit
        bit /= 2
    return whole + total


def seen(sheet: Sheet, relief: Relief) -> View:
    """What the eye sees of the surface."""
    screen = np.float32(sheet.horizon) - relief.rise * np.float32(sheet.unit * FOCUS)
    reached = widened(np.minimum.accumulate(screen, axis=0), sheet.width)
    count, width = reached.shape
    top = int(np.clip(reached[-1].min(), 0, sheet.height - 2))
    rows = sheet.height - top
    index = np.clip(first_slices(reached, top, rows), 1, count - 1)
    columns = np.arange(width, dtype=np.int32)[None, :]
    place = index * np.int32(width) + columns
    before = place - np.int32(width)
    flat = reached.ravel()
    low, high = flat.take(before), flat.take(place)
    share = np.clip((low - sheet.rows(top)) / np.maximum(low - high, np.float32(1e-3)), 0, 1)
    near = np.float32(1) / relief.depth[:, 0]
    inverse = near.take(index - 1)
    inverse += (near.take(index) - inverse) * share
    depth = np.float32(1) / inverse
    aside = widened(relief.aside, width)
    cover = np.clip(sheet.rows(top) + np.float32(1) - reached[-1][None, :], 0, 1)
    return View(relief, reached, top, before, place, share, depth, depth * aside, cover)


def in_sight(relief: Relief, *fields: Field) -> list[Field]:
    """`fields` (slices, columns) where each slice behind a crest has what is next seen beyond: so that no light of a far side shines over
    the crest.
    """
    count, columns = relief.rise.shape
    seen_ = relief.rise >= np.maximum.accumulate(relief.rise, axis=0)
    number = np.where(seen_, np.arange(count, dtype=np.int32)[:, None], np.int32(count - 1))
    following = np.minimum.accumulate(number[::-1], axis=0)[::-1] * np.int32(columns) + np.arange(columns, dtype=np.int32)
    places = np.asarray(following, np.int32)
    return [np.asarray(field.ravel().take(places), np.float32) for field in fields]


def coarse(field: Field, rows: Field, columns: Field) -> Field:
    """`field` read at half the picture's resolution and enlarged: for what changes slowly."""
    return enlarged(sampled(field, rows[::2, ::2], columns[::2, ::2]), (rows.shape[0], rows.shape[1]))


def sunward(sheet: Sheet) -> tuple[float, float, float]:
    """Where the light comes from: (right, from beyond, from above)."""
    right, beyond, above = LOW.get(sheet.spec.time, (0.90, 0.16, 0.40))
    return right * -sheet.composition.side, beyond, above


def lit(sheet: Sheet, relief: Relief, steep: float = 1.0) -> Field:
    """How much direct light each point of the surface gets: 0 turned away, 1 turned full to the light. `steep` exaggerates the slopes."""
    along_x, along_depth = slopes(relief)
    right, beyond, above = sunward(sheet)
    along_x, along_depth = along_x * np.float32(steep), along_depth * np.float32(steep)
    facing = np.float32(above) - along_x * np.float32(right) - along_depth * np.float32(beyond)
    return np.asarray(np.clip(facing / np.sqrt(np.float32(1) + along_x * along_x + along_depth * along_depth), 0, 1), np.float32)


def slopes(relief: Relief) -> tuple[Field, Field]:
    """How steeply the surface climbs to the right and away from the eye."""
    step = float(relief.aside[0, 1] - relief.aside[0, 0])
    factor = _log2(float(relief.depth[1, 0] / relief.depth[0, 0])) * 0.6931472
    along_x = np.gradient(relief.rise, axis=1) * np.float32(1 / step)
    along_depth = relief.rise + np.gradient(relief.rise, axis=0) * np.float32(1 / factor) - relief.aside * along_x
    return along_x.astype(np.float32), along_depth.astype(np.float32)


def strengths(sheet: Sheet) -> tuple[Field, Field]:
    """(direct light, light from all around) on the ground, so that it stays readable at night."""
    key, fill = sheet.light.key, sheet.light.fill
    match sheet.spec.time:
        case "day" | "golden":
            return key * np.float32(1.18), blend(fill, sheet.light.upper, 0.2) * np.float32(0.60)
        case "night":
            return key * np.float32(0.40), fill * np.float32(1.45)
        case "moonlight":
            return key * np.float32(0.56), fill * np.float32(1.15)
        case "dusk":
            return key * np.float32(0.55), fill * np.float32(0.95)
    return key * np.float32(1.05), fill * np.float32(0.80)


def air(sheet: Sheet, depth: Field) -> Field:
    """How much of the air's colour lies before each `depth` in metres."""
    ratio = depth * np.float32(1 / SIGHT.get(sheet.spec.weather, CLEAR))
    return ratio / (np.float32(1) + ratio)


def haze(sheet: Sheet) -> Field:
    """The colour of the distance."""
    return blend(sheet.light.haze, sheet.light.horizon, 0.35)


def lay_ground(sheet: Sheet, view: View, tint: Field, part: float) -> None:
    """Paint the surface in `tint` (3, rows, columns), lit already, through the air; crests are softened by a point."""
    veil, distance = air(sheet, view.depth), haze(sheet)
    for channel in range(3):
        plane = tint[channel]
        plane += (distance[channel] - plane) * veil
    jump = view.depth[:-1] > view.depth[1:] * np.float32(1.06)
    row, column = np.nonzero(jump)
    crest = view.reached.ravel().take(view.before[row, column])
    share = np.clip(np.ceil(crest) - crest, 0, 1)
    for channel in range(3):
        plane = tint[channel]
        plane[row, column] += (plane[row + 1, column] - plane[row, column]) * share
    sheet.mix(tint, view.cover, view.rows)
    sheet.hide(view.cover, part, view.rows)
    parts = sheet.marks.part[view.rows]
    bands = (view.place // np.int32(sheet.width)).astype(np.float32) * np.float32(9 / view.relief.depth.shape[0])
    parts += np.where(view.cover > 0.5, bands, np.float32(0))


@dataclass(frozen=True, slots=True)
class Stand:
    """Where things on the surface stand in the picture: foot (`column`, `row`), pixels for each `metre`, `limit`: the row that nearer
    ground reaches up to; `depth` in metres.
    """

    column: Field
    row: Field
    metre: Field
    limit: Field
    depth: Field

    def some(self, chosen: Field) -> "Stand":
        """The chosen ones, by number."""
        return Stand(*(one[chosen] for one in (self.column, self.row, self.metre, self.limit, self.depth)))


def stand(sheet: Sheet, view: View, aside: Field, depth: Field) -> Stand:
    """The places at `depth` metres whose columns lie `aside` (0 to 1 of the width)."""
    relief = view.relief
    grid = relief.depth[:, 0]
    index = np.clip(np.searchsorted(grid, depth), 1, len(grid) - 1)
    share = np.clip((depth - grid[index - 1]) / (grid[index] - grid[index - 1]), 0, 1).astype(np.float32)
    across = np.clip(aside, 0, 1) * np.float32(relief.rise.shape[1] - 1)
    column = across.astype(np.int32)
    rise = relief.rise[index - 1, column] + (relief.rise[index, column] - relief.rise[index - 1, column]) * share
    row = np.float32(sheet.horizon) - rise * np.float32(sheet.unit * FOCUS)
    there = np.clip(aside * np.float32(sheet.width), 0, sheet.width - 1)
    limit = view.reached[index - 1, there.astype(np.int32)]
    metre = np.float32(sheet.unit * FOCUS) / depth
    return Stand(aside * np.float32(sheet.width), row, metre.astype(np.float32), limit, depth)
