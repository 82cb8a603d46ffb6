"""The surface of water in perspective: which points it has, its long waves and fine ripples, crests, caps, and the light's path."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.canvas.curves import fall, smooth
from imagechat.providers.sketch.canvas.noise import Field, nearest, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.sky.heavens import has_moon

OPEN_SEA = ("sea", "coast")
GLEAM = 0.85
"""No water is brighter where no light of its own lies on it, or it would glow."""
STORMY = 1.5
"""A sea that moves more than this runs in long high waves."""
FACE = 0.016
"""How far from the middle the sun's face is looked at, a share of the picture's short side."""
FAR = 0.33
"""Up to here waves are finer than the picture."""
MIDDLE = 8192.5
MOST = 0.7
"""Above this share of the ground, all of it is reckoned as a grid; below, only the points that are wet."""


@dataclass(frozen=True, slots=True)
class Waters:
    """How a water looks: `calm` 0 (a mirror) to 2 (a storm); `eye`: the height one looks from, 0.09 where boats are near; `reach`: how
    many pixels a bank is mirrored for, all where it is 0; `shore` (rows below the horizon, width): how deep the floor lies, for the
    colour of shallows and the foam; `stream`: how much white water there is; `slack`: how
    far behind its foot what is mirrored may stand, as parts of the land are numbered.
    """

    calm: float
    eye: float = 0.09
    reach: int = 0
    shore: Field | None = None
    stream: Field | None = None
    slack: float = 0.6


@dataclass(frozen=True, slots=True)
class Surface:
    """The points of water: `row` below the horizon, `column`, `near` 0 at the horizon to 1 at the lower edge. A grid (a column and a row
    of numbers), or where `spots` (their places below the horizon) are given one number for each.
    """

    row: Field
    column: Field
    near: Field
    spots: Field | None

    def of(self, field: Field) -> Field:
        """What `field` (rows below the horizon, width) is at each point."""
        return field if self.spots is None else field.ravel().take(self.spots)


def surface(sheet: Sheet, share: Field) -> Surface:
    """Where `share` (rows below the horizon, width) has water."""
    rows = sheet.height - sheet.horizon
    spots = np.flatnonzero(share > np.float32(0.003))
    size = np.float32(max(rows, sheet.unit * 0.3))
    if len(spots) > MOST * share.size:
        row, column = np.arange(rows, dtype=np.float32)[:, None], sheet.columns()
        return Surface(row, column, (row + np.float32(0.6)) / size, None)
    row, column = (one.astype(np.float32) for one in np.nonzero(share > np.float32(0.003)))
    return Surface(row, column, (row + np.float32(0.6)) / size, spots)


def flattened(sheet: Sheet, here: Surface) -> tuple[Field, Field]:
    """(how far away, how far sideways) each point lies on the water."""
    far = np.float32(1) / (here.near + np.float32(0.035))
    return far, (here.column - np.float32(sheet.width / 2)) * np.float32(1 / sheet.unit) * far


def ripples(sheet: Sheet, here: Surface, waters: Waters) -> tuple[Field, Field]:
    """(long waves, fine ripples), each about -1 to 1, flat in the distance and wide toward the eye."""
    field = tile(sheet.seed, "ripples", (16, 16), 512, octaves=6, gain=0.55)
    chance = Chance(sheet.seed, "ripples")
    high, near = np.float32(min(3.0, max(0.8, waters.eye / 0.09))), here.near
    far, u = flattened(sheet, here)
    far, u = far * high, u * high
    v = far + np.float32(chance.between(0, 90))
    lean = np.float32(chance.between(-0.3, 0.3))
    if sheet.spec.scene in OPEN_SEA:
        large = np.float32(0.5 if waters.calm > STORMY else 1.0)
        long = looked_up(field, near, v * np.float32(104) * large + u * lean * np.float32(6), u * np.float32(23) * large)
        long = (np.float32(0.42) - np.abs(long)) * np.float32(1.25) + long * np.float32(0.35)
        long *= np.clip(near * 5 + np.float32(0.10), 0, 1)
    else:
        long = sampled(field, v * np.float32(30) + u * lean, u * np.float32(12)) * np.clip(near * 16 / high, 0, 1)
    short = looked_up(field, near, v * np.float32(110) - u * lean * np.float32(3), u * np.float32(48))
    tiny = nearest(field, v * np.float32(430) + u * lean + 8192, u * np.float32(170) + 8192)
    fine = short * np.clip(near * 5 + np.float32(0.14), 0, 0.8) + tiny * np.clip(near * 1.6 - 0.05, 0, 0.7)
    return long, fine


def looked_up(field: Field, near: Field, rows: Field, columns: Field) -> Field:
    """`field` read in straight lines between its points, where it is so far off that nobody sees them at the nearest one."""
    rows = rows + 0 * columns
    far = int(np.searchsorted(near.ravel(), FAR))
    quick = nearest(field, rows[:far] + np.float32(MIDDLE), columns[:far] + np.float32(MIDDLE))
    return np.concatenate([quick, sampled(field, rows[far:], columns[far:])])


def swelling(sheet: Sheet, colours: Field, here: Surface, waves: tuple[Field, Field], calm: float) -> None:
    """The open sea's relief: lit backs and dark faces of the waves, and the patches that wind and clouds lay upon it."""
    strength = min(1.75, 0.10 + calm * 0.70)
    if sheet.spec.scene not in OPEN_SEA:
        return
    swell, fine = waves
    field = tile(sheet.seed, "gusts", (8, 8), 512, octaves=4, gain=0.55)
    far, u = flattened(sheet, here)
    gusts = nearest(field, far * np.float32(36) + u * np.float32(6) + 8192, u * np.float32(16) + 8192)
    relief = (swell * np.float32(0.80) + fine * np.float32(0.40)) * np.float32(strength) * (1 + gusts * np.float32(0.5))
    patches = gusts * np.float32(0.20) * smooth(1.4, 0.1, here.near)
    tone = np.maximum(1 + relief + patches, np.float32(0.25))
    for channel in range(3):
        colours[channel] *= tone


def caps(here: Surface, swell: Field, fine: Field, calm: float) -> Field:
    """White horses: few in a breeze, on every crest in a storm."""
    rough = min(1.0, max(0.0, (calm - 0.85) / 0.75))
    surge = smooth(0.44 - 0.26 * rough, 0.60 - 0.26 * rough, swell) * smooth(0.34 - 0.26 * rough, 0.60 - 0.2 * rough, fine)
    return np.asarray(
        surge
        * smooth(0.0, 0.06, here.near)
        * np.float32(min(0.95, 0.4 + calm * 0.28))
        * (np.float32(0.35) + np.float32(0.65) * smooth(0.25, 0.6, fine)),
        np.float32,
    )


def glitter(sheet: Sheet, here: Surface, waves: tuple[Field, Field], calm: float) -> Field:
    """The path of broken light under a sun or moon that stands in the picture and that nothing hides."""
    if sheet.spec.time in ("day", "dusk") or not (sheet.night or sheet.composition.sees_sun) or (sheet.night and not has_moon(sheet)):
        return np.zeros(waves[0].shape, np.float32)
    free = unhidden(sheet)
    if not free:
        return np.zeros(waves[0].shape, np.float32)
    calm = min(1.0, calm)
    swell, fine = waves
    wide = here.near * np.float32((0.10 + 0.12 * calm) * sheet.unit) + np.float32(0.026 * sheet.unit)
    across = (here.column - np.float32(sheet.sun[0])) / wide
    path = fall(across * across)
    path = path * path
    spark = smooth(0.30, 0.62, fine * np.float32(0.9) + swell * np.float32(0.45) + path * np.float32(0.34))
    strength = np.float32((0.8 if sheet.night else 1.0) * free) * smooth(1.35, 0.1, here.near)
    return np.asarray(path * spark * strength, np.float32)


def unhidden(sheet: Sheet) -> float:
    """How much of the sun's or the moon's face is in the picture with nothing before it, 0 to 1."""
    (x, y), off = sheet.sun, sheet.unit * FACE
    seen = 0
    for down in (-off, 0, off):
        for right in (-off, 0, off):
            row, column = round(y + down), round(x + right)
            inside = 0 <= row < sheet.horizon and 0 <= column < sheet.width
            seen += inside and float(sheet.marks.cover[row, column]) < 0.5
    return seen / 9
