"""What walls and roofs are made of, point by point in metres: plaster, beams, stones, logs, tiles, windows, snow."""

from functools import lru_cache

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice, nearest, sampled
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance, key

BEAM, MORTAR, LOG = rgb("4a3526"), rgb("8e867a"), rgb("7a5436")
SNOW = rgb("eef3fb")
LAMPS = ("ffc878", "ffb95e", "ffd796")
LIT = {"day": 0.0, "golden": 0.0, "dawn": 0.22, "sunset": 0.32, "dusk": 0.66, "night": 0.62, "moonlight": 0.55}
"""The share of a house's windows with a light on."""


@lru_cache(maxsize=64)
def grains(seed: int, name: str) -> Field:
    """A field of 64² random numbers of 0 to 1, read by whole stones and tiles."""
    return lattice(key(seed, name), (64, 64)) * np.float32(0.5) + np.float32(0.5)


def inside(u: Field, low: float, high: float, pixel: float) -> Field:
    """1 between two lines, soft over one `pixel` (in metres)."""
    middle, half = (low + high) / 2, (high - low) / 2
    return np.asarray(
        np.clip((np.float32(half) - np.abs(u - np.float32(middle))) * np.float32(1 / pixel) + np.float32(0.5), 0, 1), np.float32
    )


def part_of(u: Field, step: float) -> tuple[Field, Field]:
    """(the number of the cell, the share within it) along a row of cells `step` metres wide."""
    at = u * np.float32(1 / step)
    cell = np.floor(at)
    return cell, at - cell


def masonry(seed: int, u: Field, v: Field, size: tuple[float, float], seam: float) -> Field:
    """How bright each point of a wall of stones of `size` metres is; `seam` 0 where they are too small to tell apart."""
    course, up = part_of(v, size[1])
    stone, along = part_of(u + (course - np.floor(course * np.float32(0.5)) * 2) * np.float32(size[0] * 0.5), size[0])
    tone = nearest(grains(seed, "stones"), course + 64, stone + 512)
    joint = np.maximum(np.abs(along - np.float32(0.5)) - np.float32(0.42), np.abs(up - np.float32(0.5)) - np.float32(0.38))
    return np.float32(0.78) + tone * np.float32(0.34) - (joint > 0) * np.float32(0.24 * seam)


def logs(seed: int, u: Field, v: Field) -> Field:
    """How bright each point of a wall of logs is: round, each with a tone of its own."""
    log, up = part_of(v, 0.34)
    tone = nearest(grains(seed, "logs"), log, np.floor(u * np.float32(0.25)))
    return (np.float32(0.55) + up * (np.float32(1) - up) * 2) * (np.float32(0.82) + tone * np.float32(0.3))


def tiles(seed: int, u: Field, v: Field, sharp: float) -> Field:
    """How bright each point of a tiled roof is: courses with a shadow under each, single tiles of other tones, wide old stains."""
    course, up = part_of(v, 0.36)
    tile, _ = part_of(u + course * np.float32(0.11), 0.26)
    field = grains(seed, "tiles")
    tone = nearest(field, course, tile + 512) - np.float32(0.5)
    stain = nearest(field, np.floor(v * np.float32(0.7)), np.floor(u * np.float32(0.45)) + 512) - np.float32(0.5)
    return np.float32(0.94) + tone * np.float32(0.30) + stain * np.float32(0.16) - (up < 0.24) * np.float32(0.26 * sharp)


def beams(u: Field, v: Field, size: tuple[float, float], pixel: float) -> Field:
    """Where the timbers of a half-timbered wall are: posts, rails and slanting braces."""
    wide, high = size
    step = wide / max(2, round(wide / 1.6))
    bay, along = part_of(u, step)
    off = (np.float32(0.5) - np.abs(along - np.float32(0.5))) * np.float32(step)
    found = np.clip((np.float32(0.11) - off) / np.float32(pixel) + np.float32(0.5), 0, 1)
    for level in (0.08, high * 0.5, high - 0.1):
        found = np.maximum(found, inside(v, level - 0.10, level + 0.10, pixel))
    lean = np.where(bay - np.floor(bay * np.float32(0.5)) * 2 > 0.5, along, np.float32(1) - along)
    brace = np.abs(lean - (v - np.float32(high * 0.5)) * np.float32(2 / high)) * np.float32(step)
    return np.asarray(
        np.maximum(found, np.clip((np.float32(0.13) - brace) / np.float32(pixel) + np.float32(0.5), 0, 1) * (v > high / 2)), np.float32
    )


def openings(u: Field, v: Field, size: tuple[float, float], pixel: float, storeys: int) -> tuple[Field, Field, Field, Field]:
    """(panes, frames, shutters, a number for each window) of a wall with as many windows as fit."""
    wide, high = size
    count = max(1, int(wide / 2.5))
    step, floor = wide / count, high / storeys
    bay, along = part_of(u, step)
    level, up = part_of(v, floor)
    x, y = (along - np.float32(0.5)) * np.float32(step), (up - np.float32(0.54)) * np.float32(floor)
    half, tall = 0.46, min(0.68, floor * 0.27)
    frame = inside(x, -half - 0.12, half + 0.12, pixel) * inside(y, -tall - 0.14, tall + 0.12, pixel)
    pane = inside(x, -half, half, pixel) * inside(y, -tall, tall, pixel)
    bars = np.maximum(inside(x, -0.05, 0.05, pixel), inside(y, tall * 0.2 - 0.05, tall * 0.2 + 0.05, pixel)) * np.float32(
        min(1.0, 0.09 / pixel)
    )
    shutter = inside(np.abs(x), half + 0.12, half + 0.52, pixel) * inside(y, -tall - 0.05, tall + 0.05, pixel)
    within = (v > 0) & (v < high) & (u > 0) & (u < wide)
    return pane * (1 - bars) * within, frame * within, shutter * within, bay * 3 + level * 7


def glass(sheet: Sheet) -> Field:
    """The colour of a dark window: a little of the sky."""
    return blend(rgb("1c242c") * np.float32(0.5 if sheet.night else 1.0), sheet.light.upper, 0.26)


def burning(sheet: Sheet, name: str, number: Field) -> Field:
    """How bright the lamp behind each numbered window is; some stay dark."""
    share = LIT[sheet.spec.time] + (0.25 if sheet.spec.weather in ("rain", "storm", "fog", "snow") and not sheet.bright else 0.0)
    if share <= 0:
        return np.zeros_like(number)
    draw = nearest(grains(sheet.seed, name), number + 64, number * 5 + 512)
    return (draw < share) * (np.float32(0.70) + draw * np.float32(0.35))


def lamp(sheet: Sheet, name: str) -> Field:
    """The colour of a house's lamps."""
    return rgb(Chance(sheet.seed, "lamp", name).choice(LAMPS)) * np.float32(1.06)


def snowed(base: list[Field], share: Field) -> list[Field]:
    """Colours under snow by `share`."""
    return [base[c] + (SNOW[c] - base[c]) * share for c in range(3)]


def snow_on(seed: int, u: Field, v: Field, high: float) -> Field:
    """Where snow lies on a roof `high` metres from eaves to ridge: nearly everywhere, thin in patches and at the rim."""
    field = grains(seed, "drift")
    drift = sampled(field, v * np.float32(1.1), u * np.float32(0.8) + 512)
    thin = smooth(0.78, 1.0, drift) * np.float32(0.4)
    return np.float32(0.97) - thin - smooth(high * 0.14, 0.0, v + drift * np.float32(0.5)) * np.float32(0.6)
