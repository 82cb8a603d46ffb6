"""Where things meet the ground: the soft dark below a bush or a stone, the snow drawn up about its foot, shadows that trees throw."""

from collections.abc import Iterable

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.noise import Field, enlarged, lattice
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import key
from imagechat.providers.sketch.land.cast import HIDING
from imagechat.providers.sketch.land.floor import Eye

REACH = 27.0
"""How many metres long the shadow of a tree is under a low sun."""
COARSE = 4
"""Shadows are reckoned at every fourth point."""


def window(sheet: Sheet, place: tuple[float, float], half: float, high: float) -> tuple[slice, slice] | None:
    """The rows and columns within `half` and `high` pixels of a place, or nothing where that lies outside."""
    rows = slice(max(0, int(place[1] - high)), min(sheet.height, int(place[1] + high) + 1))
    columns = slice(max(0, int(place[0] - half)), min(sheet.width, int(place[0] + half) + 1))
    return None if rows.start >= rows.stop or columns.start >= columns.stop else (rows, columns)


def oval(part: tuple[slice, slice], place: tuple[float, float], half: float, high: float) -> Field:
    """1 at `place`, 0 at a flat oval's rim."""
    x = (np.arange(part[1].start, part[1].stop, dtype=np.float32)[None, :] - np.float32(place[0])) / np.float32(half)
    y = (np.arange(part[0].start, part[0].stop, dtype=np.float32)[:, None] - np.float32(place[1])) / np.float32(high)
    return np.asarray(np.maximum(np.float32(1) - x * x - y * y, 0), np.float32)


def shade_below(sheet: Sheet, place: tuple[float, float], half: float, strength: float = 0.6) -> None:
    """The dark on the ground about the foot of a thing that is `half` pixels wide to each side; it lies away from the light."""
    half = max(half * 1.35, 1.5)
    middle = place[0] + sheet.composition.side * half * 0.22, place[1]
    part = window(sheet, middle, half, half * 0.30)
    if part is not None:
        share = oval(part, middle, half, half * 0.30)
        share *= share * np.float32(strength)
        sheet.rgb[:, *part] *= np.float32(1) - share * np.array([1.0, 0.94, 0.80], np.float32)[:, None, None]


def drift_about(sheet: Sheet, place: tuple[float, float], half: float, tone: Field) -> None:
    """Snow of that tone, (3,), drawn up about a foot, so that nothing ends in a straight line."""
    half = max(half * 1.4, 1.5)
    high = max(half * 0.34, 1.0)
    low = place[0], place[1] + high * 0.30
    part = window(sheet, low, half, high * 1.6)
    if part is None:
        return
    at = (np.arange(part[1].start, part[1].stop, dtype=np.float32) - np.float32(low[0])) * np.float32(4 / half) + np.float32(16)
    ragged = np.interp(at, np.arange(32), lattice(key(sheet.seed, "snow foot", str(int(low[0]))), (32,))).astype(np.float32)
    rise = ragged[None, :] * np.float32(high * 0.35)
    x = (np.arange(part[1].start, part[1].stop, dtype=np.float32)[None, :] - np.float32(low[0])) / np.float32(half)
    y = (np.arange(part[0].start, part[0].stop, dtype=np.float32)[:, None] - np.float32(low[1]) + rise) / np.float32(high)
    lies = np.clip((np.float32(1) - x * x - np.where(y < 0, y * y, y * y * np.float32(0.6))) * np.float32(1.5), 0, 1)
    sheet.mix(tone[:, None, None], lies, *part)


def thrown(sheet: Sheet, eye: Eye, trees: Iterable[tuple[float, float, float, int]], first: int) -> Field | None:
    """How deep in the long shadows of `trees` (column, metres away, metres high) the ground lies from row `first` down; nothing where no
    low sun shines.
    """
    if not sheet.low_sun or sheet.spec.weather in HIDING:
        return None
    rows = sheet.rows(first)[::COARSE] + np.float32(COARSE / 2)
    columns = sheet.columns()[:, ::COARSE] + np.float32(COARSE / 2)
    below = np.maximum(rows - np.float32(eye.level), np.float32(0.5))
    away = np.float32(eye.focus * eye.high) / below
    deep = np.zeros((rows.shape[0], columns.shape[1]), np.float32)
    for x, far, tall, _ in trees:
        along = (np.float32(far) - away) * np.float32(1 / (REACH * tall / 14))
        metre = np.float32(eye.focus) / away
        middle = np.float32(sheet.sun[0]) + np.float32((x - sheet.sun[0]) * far / eye.focus) * metre
        half = metre * np.float32(tall * 0.16) * (np.float32(0.20) + np.clip(along * 3, 0, 1) * (np.float32(1.05) - np.clip(along, 0, 1)))
        soft = np.clip(np.float32(1.5) - np.abs(columns - middle) / half, 0, 1)
        strong = smooth(-0.03, 0.05, along) * smooth(1.0, 0.15, along)
        np.maximum(deep, soft * strong, out=deep)
    return enlarged(deep, (sheet.height - first, sheet.width))
