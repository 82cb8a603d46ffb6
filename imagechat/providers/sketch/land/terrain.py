"""Mountains: a ridged, eroded surface seen in perspective. Each column of the picture looks along slices of rising depth."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.canvas.curves import box, smooth
from imagechat.providers.sketch.canvas.noise import Field, doubled, lattice, sampled
from imagechat.providers.sketch.land.rock import coloured
from imagechat.providers.sketch.canvas.sheet import Sheet

PART = 10.0
FOCUS = 1.1
"""The lens: how many short sides away a thing as large as the short side fills it."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The surface by slice (rows, near to far) and column: `height` above the eye's ground, `x` sideways, `depth` (a column of numbers);
    in the world's own measure, where the short side is one wide at depth 1.1.
    """

    height: Field
    x: Field
    depth: Field


@dataclass(frozen=True, slots=True)
class Range:
    """The large shape: where it begins and peaks in depth; the hero's place, height and width; how high the rest and the eye are."""

    begin: float
    peak: float
    hero_x: float
    hero_depth: float
    hero: float
    wide: float
    rest: float
    eye: float


def paint_mountains(sheet: Sheet) -> None:
    """The range of this composition, with its foothills."""
    shape = large_shape(sheet)
    ground = raised(sheet, shape)
    project(sheet, ground, coloured(sheet, ground.height, ground.x, ground.depth), shape.eye)


def large_shape(sheet: Sheet) -> Range:
    """The range by layout: a valley begins at the feet, anything else (a lake, a city, the sea) leaves the near ground free."""
    chance = Chance(sheet.seed, "range", sheet.spec.layout)
    side = sheet.composition.side
    depth = chance.between(2.3, 3.0)
    valley = sheet.spec.layout == "range"
    return Range(
        begin=0.35 if valley else chance.between(1.5, 1.9),
        peak=chance.between(2.6, 3.3),
        hero_x=side * chance.between(0.10, 0.27) * depth * sheet.width / sheet.unit / FOCUS,
        hero_depth=depth,
        hero=chance.between(0.95, 1.35) * min(1.25, sheet.horizon / sheet.unit / 0.62),
        wide=chance.between(0.85, 1.35),
        rest=chance.between(0.36, 0.56),
        eye=chance.between(0.09, 0.14) if valley else 0.006,
    )


def raised(sheet: Sheet, shape: Range) -> Ground:
    """The surface, slice by slice."""
    slices = int(np.clip(sheet.unit * 0.5, 170, 700))
    columns = sheet.width // 2 + 1 if sheet.width >= 512 else sheet.width
    depth = spaced(max(0.3, shape.begin * 0.92), 6.2, slices)[:, None]
    s = (np.arange(columns, dtype=np.float32) / np.float32(columns - 1) - np.float32(0.5)) * np.float32(sheet.width / sheet.unit / FOCUS)
    x = depth * s[None, :]
    chance = Chance(sheet.seed, "ground")
    shift = np.float32(chance.between(0, 512))
    ridges = eroded(sheet.seed)
    rough = sampled(ridges, depth * np.float32(120) + shift + 0 * x, x * np.float32(150) + shift)
    fine = sampled(ridges, depth * np.float32(190) + shift + 0 * x, x * np.float32(610) - shift)
    distant = sampled(ridges, depth * np.float32(34) + shift + 0 * x, x * np.float32(70) + shift)
    height = shaped(shape, (rough, fine, distant), x, depth)
    # A crest that is thinner than the slices are apart would stand as a row of posts.
    return Ground(box(box(height, 1, 0), 1, 0), x, depth)


def spaced(first: float, last: float, count: int) -> Field:
    """`count` numbers from `first` to `last`, each larger than the one before by the same factor."""
    factor = (last / first) ** (1 / (count - 1))
    return np.array([first * factor**i for i in range(count)], np.float32)


def shaped(shape: Range, relief: tuple[Field, Field, Field], x: Field, depth: Field) -> Field:
    """Height: a hero peak, a range beside and behind it, low hills before them, all cut by the same ridges."""
    rough, fine, distant = relief
    side = (x - np.float32(shape.hero_x)) / np.float32(shape.wide)
    along = (depth - np.float32(shape.hero_depth)) / np.float32(shape.wide * 0.8)
    bent = side + (distant - np.float32(0.5)) * np.float32(0.30)
    square = bent * bent + along * along
    cone = np.clip(np.float32(1) - np.sqrt(square), 0, 1)
    cone = cone * (np.float32(0.80) + cone * np.float32(0.20)) - cone * cone * cone * np.float32(0.18)
    hero = cone * np.float32(shape.hero) * (np.float32(0.45) + rough * np.float32(0.66))
    rise = smooth(shape.begin, shape.peak, depth)
    hero = hero * smooth(shape.begin * 0.98, shape.begin + 0.7, depth)
    range_ = (
        rise * smooth(5.6, 4.2, depth) * np.float32(shape.rest) * (rough * np.float32(1.05) + distant * np.float32(0.3) - np.float32(0.24))
    )
    hills = smooth(shape.begin * 0.96, shape.begin * 1.45, depth) * (rough * np.float32(0.16) - np.float32(0.045))
    back = smooth(3.9, 5.4, depth) * distant * np.float32(0.62)
    height = np.maximum(np.maximum(hero, range_), back) + hills + (fine - np.float32(0.45)) * np.float32(0.045) * (rise + cone)
    return np.asarray(np.maximum(height, np.float32(-0.004) if shape.eye < 0.02 else np.float32(-1)), np.float32)


def eroded(seed: int) -> Field:
    """A tileable ridged surface of 512², about 0 to 1; where it is already steep, finer ridges are weaker, as water smooths slopes.

    Source: the slope-damped sum of Inigo Quilez' "morenoise", with ridges after Musgrave.
    """
    total = np.zeros((512, 512), np.float32)
    slope_x, slope_y = np.zeros_like(total), np.zeros_like(total)
    weight = 0.5
    for octave in range(7):
        field = lattice(key(seed, "ridges", str(octave)), (4 << octave, 4 << octave))
        while field.shape[0] < 512:
            field = doubled(field)
        # Rounded crests: on a sharp one the slope is nothing along a single line, which would stand out as a crack.
        ridge = np.float32(1.08) - np.sqrt(field * field + np.float32(0.008)) * np.float32(1.9)
        ridge = ridge * np.abs(ridge)
        scale = np.float32(64 / (4 << octave) * 0.9)
        slope_x += (np.roll(ridge, -1, 1) - np.roll(ridge, 1, 1)) * scale * np.float32(weight * 2)
        slope_y += (np.roll(ridge, -1, 0) - np.roll(ridge, 1, 0)) * scale * np.float32(weight * 2)
        total += ridge * np.float32(weight) / (np.float32(1) + (slope_x * slope_x + slope_y * slope_y) * np.float32(0.55))
        weight *= 0.5
    return np.asarray(np.clip(total * np.float32(0.95) + np.float32(0.12), 0, 1.3), np.float32)


def project(sheet: Sheet, ground: Ground, colours: Field, eye: float) -> None:
    """Paint each point with the first slice that reaches it. Source: the y-buffer of voxel landscapes."""
    scale = np.float32(sheet.unit * FOCUS)
    screen = np.float32(sheet.horizon) - (ground.height - np.float32(eye)) / ground.depth * scale
    reached = widened(np.minimum.accumulate(screen, axis=0), sheet.width)
    top = max(0, int(reached[-1].min()))
    bottom = sheet.height if eye > 0.02 else min(sheet.height, sheet.horizon + max(2, sheet.unit // 200))
    rows = bottom - top
    index = first_slices(reached, top, rows)
    count = ground.depth.shape[0]
    cover = np.clip(sheet.rows(top, bottom) + np.float32(1) - reached[-1][None, :], 0, 1)
    here = np.minimum(index, count - 1)
    spread = (np.arange(sheet.width) * (colours.shape[2] - 1)) // max(1, sheet.width - 1)
    places = here * np.int32(colours.shape[2]) + spread.astype(np.int32)[None, :]
    window = slice(top, bottom)
    picture = np.stack([colours[channel].ravel().take(places) for channel in range(3)])
    sheet.mix(picture, cover, window)
    sheet.hide(cover, PART, window)
    parts = sheet.marks.part[window]
    parts[cover > 0.5] += (here * np.float32(8 / count))[cover > 0.5]


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
    below = np.cumsum(counts[::-1], axis=0, dtype=np.int32)[::-1]
    return below[1:]
