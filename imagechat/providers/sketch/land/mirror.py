"""What water mirrors: the sky, and what stands in it turned about its foot."""

import numpy as np

from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.land.waves import OPEN_SEA, Surface, Waters


def feet(sheet: Sheet, here: Surface) -> Field | None:
    """The row (below the horizon) where what stands above each point has its foot, -1 under open sky; None where nothing stands."""
    rows = sheet.height - sheet.horizon
    covered = sheet.marks.cover[sheet.horizon :] > 0.5
    if not covered.any():
        return None
    number = np.where(covered, np.arange(rows, dtype=np.int32)[:, None], np.int32(-1))
    return here.of(np.maximum.accumulate(number, axis=0))


def reflected(sheet: Sheet, here: Surface, waves: tuple[Field, Field], foot: Field | None, waters: Waters) -> tuple[Field, Field]:
    """((3, points) colours, light) of what is mirrored: what stands over a point turned about its foot, else the sky."""
    calm, top = np.float32(waters.calm), sheet.horizon
    swell, fine = waves
    bend = (swell * np.float32(0.10) + fine * np.float32(0.05)) * calm * (here.near * np.float32(0.9) + np.float32(0.10))
    bend = (bend + calm * np.float32(0.13) * here.near) * np.float32(sheet.unit)
    lift = np.abs(here.row * np.float32(0.96) + bend)
    # What lies beyond the picture's top is guessed from the sky just below it.
    over = np.float32(top - 1) - (lift - np.float32(top - 1)) * np.float32(0.25 if sheet.night else 0.6)
    source = np.clip(np.float32(top - 1) - np.where(lift > top - 1, over, lift), 0, top - 1).astype(np.int64)
    aside = here.column + swell * calm * np.float32(sheet.unit * 0.035) if sheet.spec.scene in OPEN_SEA else here.column
    places = source * sheet.width + np.clip(aside, 0, sheet.width - 1).astype(np.int64)
    if foot is not None:
        standing(sheet, here, (places, bend), foot, waters)
    colours = np.stack([plane.ravel().take(places) for plane in sheet.rgb])
    colours *= np.float32(0.95)
    return colours, sheet.marks.shine.ravel().take(places)


def standing(sheet: Sheet, here: Surface, seen: tuple[Field, Field], foot: Field, waters: Waters) -> None:
    """Turn the `places` that mirror land about its foot; `seen`: (places, how far the waves bend what is seen)."""
    places, bend = seen
    cover, width = sheet.marks.cover, sheet.width
    skyline = np.where((cover[: sheet.horizon] > 0.5).any(axis=0), np.argmax(cover > 0.5, axis=0), sheet.horizon).astype(np.float32)
    line = skyline.take(here.column.astype(np.int64))
    near = np.flatnonzero((foot >= 0) & (2 * foot - here.row - bend + np.float32(sheet.horizon) >= line - 1))
    row, column = (here.row + 0 * bend).ravel().take(near), places.ravel().take(near) % width
    base = foot.ravel().take(near)
    up = np.clip(2 * base - row - bend.ravel().take(near) + np.float32(sheet.horizon), 0, sheet.height - 1).astype(np.int64)
    stands, parts = up * width + column, sheet.marks.part.ravel()
    same = np.abs(parts.take(stands) - parts.take((base + sheet.horizon) * width + column)) < np.float32(waters.slack)
    mine = same & (cover.ravel().take(stands) > 0.5)
    if waters.reach:
        mine &= row - base < np.float32(waters.reach) * (here.near + 0 * bend).ravel().take(near) + np.float32(waters.reach * 0.15)
    places.reshape(-1)[near[mine]] = stands[mine]
