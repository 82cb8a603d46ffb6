"""What water mirrors: the sky, and what stands in it turned about its foot."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.light import blend
from imagechat.providers.sketch.canvas.noise import Field, nearest, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.land.waves import MIDDLE, OPEN_SEA, Surface, Waters, flattened
from imagechat.providers.sketch.sky.heavens import has_moon

STRETCH = 0.90
"""How far above its foot a thing stands that is seen a pixel below it: waves draw what they mirror out toward the eye."""
SKY = (0.93, 0.94, 0.96)
GROUND = (0.70, 0.76, 0.84)
"""How much of the light of the sky, and of what stands before it, the water gives back: red, green, blue."""
PALE = {"line_art": 0.9, "watercolor": 0.45, "cartoon": 0.4, "anime": 0.3, "sketch": 0.6}
"""How much paler land is mirrored in the open sea where shapes are drawn, so that nobody takes land and its image for one shape."""
DARK = ("night", "moonlight", "dusk")
"""When there are stars, which water does not show."""
MOON = 0.064
"""Half the width of the moon with its rim, a share of the picture's short side."""
SWAY = np.float32(0.022)
"""How far broken water shifts aside what it mirrors."""


def feet(sheet: Sheet, here: Surface) -> Field | None:
    """The row (below the horizon) where what stands above each point has its foot, -1 under open sky; None where nothing stands."""
    rows = sheet.height - sheet.horizon
    covered = sheet.marks.cover[sheet.horizon :] > 0.5
    if not covered.any():
        return None
    number = np.where(covered, np.arange(rows, dtype=np.int32)[:, None], np.int32(-1))
    return here.of(np.maximum.accumulate(number, axis=0))


def reflected(sheet: Sheet, here: Surface, waves: tuple[Field, Field], foot: Field | None, waters: Waters) -> tuple[Field, Field, Field]:
    """((3, points) colours, light, whether land) of what is mirrored: what stands over a point turned about its foot, else the sky;
    smeared downward the more, the farther it stands from the water's edge.
    """
    top, (swell, fine) = sheet.horizon, waves
    bend, broken = bent(sheet, here, waves, waters.calm)
    lift = np.abs(here.row * np.float32(STRETCH) + bend)
    # What lies beyond the picture's top is guessed from the sky just below it.
    over = np.float32(top - 1) - (lift - np.float32(top - 1)) * np.float32(0.25 if sheet.night else 0.6)
    source = np.clip(np.float32(top - 1) - np.where(lift > top - 1, over, lift), 0, top - 1).astype(np.float32)
    open_sea = sheet.spec.scene in OPEN_SEA
    aside = here.column + (swell * np.float32(waters.calm * 0.035 if open_sea else 0) + fine * broken * SWAY) * np.float32(sheet.unit)
    places = source.astype(np.int64) * sheet.width + np.clip(aside, 0, sheet.width - 1).astype(np.int64)
    away = here.row + 0 * bend
    if foot is not None:
        standing(sheet, here, (places, source, bend, away), foot, waters)
    *planes, shine = pictured(sheet, top + 1 if foot is None else min(sheet.height, top + 1 + int(foot.max(initial=0))))
    most = np.minimum(away, lift) * (np.float32(0.10 if sheet.spec.time in DARK else 0.035) + broken * np.float32(0.13))
    samples = [places, *smeared(sheet, places, np.minimum(most, source))]
    return averaged(planes, samples), shine.take(places), sheet.marks.cover.reshape(-1).take(places)


def averaged(planes: list[Field], samples: list[Field]) -> Field:
    """The mean of each of the flat `planes` at all `samples` (places)."""
    colours = np.empty((len(planes), *samples[0].shape), np.float32)
    for plane, mean in zip(planes, colours, strict=True):
        plane.take(samples[0], out=mean, mode="clip")
        for places in samples[1:]:
            np.add(mean, plane.take(places, mode="clip"), out=mean)
        np.multiply(mean, np.float32(1 / len(samples)), out=mean)
    return colours


def smeared(sheet: Sheet, places: Field, most: Field) -> list[Field]:
    """The places up to `most` rows above and below each of `places`."""
    half = [(most * np.float32(share)).astype(np.int64) * sheet.width for share in ((0.5, 1.0) if sheet.spec.time in DARK else (1.0,))]
    return [place for off in half for place in (places - off, places + off)]


def bent(sheet: Sheet, here: Surface, waves: tuple[Field, Field], calm: float) -> tuple[Field, Field]:
    """(how many rows the waves move what is mirrored, how much they break it up): in level bands where a breath of wind touches the
    water, and more toward the eye.
    """
    swell, fine = waves
    field = tile(sheet.seed, "breeze", (8, 8), 256, octaves=3, gain=0.5)
    far, u = flattened(sheet, here)
    breeze = smooth(-0.12, 0.42, nearest(field, far * np.float32(31) + u + MIDDLE, u * np.float32(7) + MIDDLE))
    broken = (breeze * np.float32(0.7) + np.float32(0.3)) * np.clip(here.near * np.float32(1.9) + np.float32(0.09), 0, 1)
    broken *= np.float32(min(1.0, 0.30 + calm))
    bend = (swell * np.float32(0.10) + fine * np.float32(0.05)) * np.float32(calm) * (here.near * np.float32(0.9) + np.float32(0.10))
    bend += (swell * np.float32(0.045) + fine * np.float32(0.075)) * broken
    return (bend + np.float32(0.13 * calm) * here.near) * np.float32(sheet.unit), broken


def pictured(sheet: Sheet, end: int) -> list[Field]:
    """The picture down to the row `end` as water takes it, its three planes and its light, each flat: land darker and cooler, no stars,
    no moon.
    """
    cover, shine = sheet.marks.cover[:end], sheet.marks.shine[:end]
    pale = PALE.get(sheet.spec.style, 0.0) * (1.0 if sheet.spec.scene in OPEN_SEA else 0.5)
    dim = (0.8 if sheet.night else 1.0) * (1 - pale)
    veil = blend(sheet.light.lower, sheet.light.horizon, 0.5) * np.float32(0.9 * pale)
    planes = []
    for plane, sky, land, tone in zip(sheet.rgb[:, :end], SKY, GROUND, veil, strict=True):
        planes.append(plane * (np.float32(sky) - cover * np.float32(sky - land * dim)))
        if pale:
            planes[-1] += cover * tone
    if sheet.spec.time in DARK:
        shine = shine * cover
        quenched([plane[: sheet.horizon] for plane in planes], cover[: sheet.horizon], max(1, sheet.unit // 110))
        if has_moon(sheet) and sheet.night:
            unmooned(sheet, planes)
    return [plane.reshape(-1) for plane in (*planes, shine)]


def quenched(planes: list[Field], cover: Field, away: int) -> None:
    """Take from the sky what is brighter than the mean of its neighbours `away` pixels to the left and right."""
    free = cover[:, away:-away] < 0.5
    for plane in planes:
        beside = (plane[:, : -2 * away] + plane[:, 2 * away :]) * np.float32(0.5) + np.float32(0.004)
        sky = plane[:, away:-away]
        np.minimum(sky, beside, out=sky, where=free)


def unmooned(sheet: Sheet, planes: list[Field]) -> None:
    """Take the moon's face out of the sky that is mirrored: its light lies on the water as a path."""
    x, y = sheet.moon
    reach = sheet.unit * MOON
    left, right = max(0, int(x - reach)), min(sheet.width - 1, int(x + reach) + 1)
    rows = slice(max(0, int(y - reach)), max(0, min(sheet.height, int(y + reach) + 1)))
    if right - left < 2:
        return
    share = ((np.arange(left, right, dtype=np.float32) - np.float32(left)) * np.float32(1 / (right - left)))[None, :]
    free = sheet.marks.cover[rows, left:right] < 0.5
    for plane in planes:
        start, end = plane[rows, left : left + 1], plane[rows, right : right + 1]
        face = plane[rows, left:right]
        np.minimum(face, start + (end - start) * share, out=face, where=free)


def standing(sheet: Sheet, here: Surface, seen: tuple[Field, Field, Field, Field], foot: Field, waters: Waters) -> None:
    """Turn the `places` that mirror land about its foot; `seen`: (places, their rows, how far the waves bend
    them, how far away they are).
    """
    places, source, bend, away = seen
    cover, width = sheet.marks.cover, sheet.width
    skyline = np.where((cover[: sheet.horizon] > 0.5).any(axis=0), np.argmax(cover > 0.5, axis=0), sheet.horizon).astype(np.float32)
    line = skyline.take(here.column.astype(np.int64))
    near = np.flatnonzero((foot >= 0) & (2 * foot - here.row - bend + np.float32(sheet.horizon) >= line - 1))
    row, own = ((one + 0 * bend).ravel().take(near) for one in (here.row, here.column))
    swayed = (places.ravel().take(near) % width).astype(np.float32)
    base = foot.ravel().take(near)
    # Close to the edge of the water nothing sways, or a slanting bank would have teeth.
    free = np.clip((row - base) * np.float32(1 / (0.03 * sheet.unit)), 0, 1)
    own, column = own.astype(np.int64), (own + (swayed - own) * free).astype(np.int64)
    turned = np.minimum(2 * base - row - bend.ravel().take(near), base)
    up = np.clip(turned + np.float32(sheet.horizon), 0, sheet.height - 1).astype(np.int64)
    stands, parts = up * width + column, sheet.marks.part.ravel()
    same = np.abs(parts.take(stands) - parts.take((base + sheet.horizon) * width + own)) < np.float32(waters.slack)
    mine = same & (cover.ravel().take(stands) > 0.5)
    if waters.reach:
        mine &= row - base < np.float32(waters.reach) * (here.near + 0 * bend).ravel().take(near) + np.float32(waters.reach * 0.15)
    places.reshape(-1)[near[mine]] = stands[mine]
    source.reshape(-1)[near[mine]], away.reshape(-1)[near[mine]] = up[mine], (row - base)[mine]
