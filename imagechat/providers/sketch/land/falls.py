"""A waterfall at the end of a gorge: the wall that closes it, the water that comes down, and the mist at its foot."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.canvas.curves import fall, smooth
from imagechat.providers.sketch.canvas.light import blend
from imagechat.providers.sketch.canvas.noise import Field, nearest, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.land.grain import FOCUS
from imagechat.providers.sketch.land.relief import Seen, View

PART = 497.0
FACE = 0.16
"""How deep the fall's own slope is."""


@dataclass(frozen=True, slots=True)
class Falls:
    """A waterfall `deep` away, `tall` from lip to pool and `wide`, in the measure of the land."""

    deep: float
    tall: float
    wide: float


def closed(at: View, height: Field, off: Field, crags: Field, falls: Falls) -> Field:
    """`height` of a gorge with its end: a wall, lower where the river (`off` from its middle) comes over it."""
    rise = smooth(falls.deep, falls.deep + FACE * 0.7, at.depth)
    beside = smooth(falls.wide * 0.5, falls.wide * 0.5 + 0.25, off) * np.float32(0.45) + np.clip(off, 0, 1.5) * np.float32(0.12)
    wall = np.float32(falls.tall) + beside * (1 + crags * np.float32(0.5)) + crags * smooth(0, falls.wide, off) * np.float32(0.10)
    return np.asarray(np.where(at.depth > falls.deep, np.maximum(height * np.float32(0.9), wall * rise), height), np.float32)


def pour(sheet: Sheet, seen: Seen, middle: float, falls: Falls) -> None:
    """Water over the lip at `middle`: threads that part on ledges, white below, with mist drifting up from the pool."""
    scale = sheet.unit * FOCUS / falls.deep
    centre, half = sheet.width / 2 + middle * scale, falls.wide * scale * 0.8
    left, right = max(0, int(centre - half * 5)), min(sheet.width, int(centre + half * 5) + 1)
    if left >= right:
        return
    rows, columns = slice(seen.top, sheet.height), slice(left, right)
    depth, height = seen.depth[:, left:right], seen.height[:, left:right]
    across = (np.arange(left, right, dtype=np.float32)[None, :] - np.float32(centre)) / np.float32(half)
    field = tile(sheet.seed, "falls", (16, 16), 256, octaves=5, gain=0.6)
    down = np.clip(1 - height / np.float32(falls.tall), 0, 1)
    ledge = nearest(field, down * 34 + 0 * across + 64, across * 6 + 512)
    threads = nearest(field, down * 26 + 0 * across + 512, across * np.float32(90) + ledge * 5 + 4096)
    wide = np.float32(0.62) + down * np.float32(0.30) + ledge * np.float32(0.22)
    mine = (np.abs(depth - np.float32(falls.deep + FACE * 0.4)) < FACE) & (seen.land[:, left:right] > 0.5)
    body = smooth(0.12, -0.10, np.abs(across) - wide) * mine * smooth(falls.tall * 1.06, falls.tall * 0.97, height)
    white = body * np.clip(np.float32(0.74) + threads * np.float32(0.55) + down * np.float32(0.12), 0.10, 0.97)
    light = blend(sheet.light.fill, sheet.light.key, 0.5) * np.float32(0.6 if sheet.night else 0.98)
    tone = np.stack([np.minimum(light[c] * (np.float32(0.86) + threads * np.float32(0.16)), np.float32(0.95)) for c in range(3)])
    sheet.mix(tone, white, rows, columns)
    sheet.hide(np.where(body > 0.4, np.float32(1), np.float32(0)), PART, rows, columns)
    spray(sheet, (rows, columns), across, (depth > falls.deep - 0.35) & (depth < falls.deep + 1.5), falls)


def spray(sheet: Sheet, window: tuple[slice, slice], across: Field, behind: Field, falls: Falls) -> None:
    """The mist above the pool, thick at the fall's foot."""
    rows, columns = window
    foot = sheet.horizon + 0.15 * sheet.unit * FOCUS / falls.deep
    up = (np.float32(foot) - sheet.rows(rows.start, rows.stop)) / np.float32(falls.tall * sheet.unit * FOCUS / falls.deep)
    cloud = fall(across * across * np.float32(0.22) + up * up * np.float32(22)) * smooth(5.0, 2.0, np.abs(across))
    air = blend(sheet.light.haze, sheet.light.key, 0.35) * np.float32(0.7 if sheet.night else 0.95)
    sheet.mix(air, cloud * behind * np.float32(0.62), rows, columns)
