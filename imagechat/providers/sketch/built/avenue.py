"""What stands along a street, and how the street is seen: trees and lamps in one-point perspective."""

import numpy as np

from imagechat.providers.sketch.built.facades import LIT
from imagechat.providers.sketch.built.prism import grid, window_of
from imagechat.providers.sketch.built.roofs import solid
from imagechat.providers.sketch.canvas.light import rgb
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.leaves import leafy_stamps
from imagechat.providers.sketch.land.stamps import Grove
from imagechat.providers.sketch.things.towers import lamp_at

PART = 505.0
LENS, EYE, WALL, KERB = 0.82, 2.3, 11.0, 6.6
"""The focal length (short sides), the eye's height, and where facades and kerbs stand beside the middle (metres)."""


def focal(sheet: Sheet) -> float:
    """Pixels for a metre at one metre."""
    return LENS * sheet.unit


def vanishing(sheet: Sheet) -> float:
    """The column where the street ends: near the sun's."""
    return (0.5 + (sheet.composition.sun_x - 0.5) * 0.85) * sheet.width


def air_at(sheet: Sheet, depth: Field) -> Field:
    """How much haze lies before `depth` metres."""
    sight = {"fog": 60.0, "rain": 210.0, "storm": 210.0, "snow": 140.0}.get(sheet.spec.weather, 420.0)
    return np.asarray(depth / (depth + np.float32(sight)), np.float32)


def column_at(sheet: Sheet, wall: float, depth: float) -> float:
    """The column of a point `wall` metres beside the middle."""
    return vanishing(sheet) + wall * focal(sheet) / depth


def row_at(sheet: Sheet, up: float, depth: float) -> float:
    """The row of a point `up` metres above the ground."""
    return sheet.horizon + (EYE - up) * focal(sheet) / depth


def furniture(sheet: Sheet) -> None:
    """Trees and lamps along the pavements, from far to near."""
    grove = Grove(sheet, leafy_stamps(sheet, "street", 2, min(max(12, int(sheet.unit * 0.3)), 220)))
    chance = Chance(sheet.seed, "street", "trees")
    green = [chance.happens(0.75), chance.happens(0.75)]
    for step in range(14, -1, -1):
        depth = 22.0 + step * step * 1.1 + step * 9
        for i, side in enumerate((-1, 1)):
            place = column_at(sheet, side * 8.6, depth), row_at(sheet, 0.0, depth)
            metre = focal(sheet) / depth
            air = float(air_at(sheet, np.array([depth], np.float32))[0])
            if green[i]:
                grove.plant(step + i, place, metre * 7.5, air=air, part=PART + 20 + step % 3)
            if step < 9:
                post(
                    sheet, (column_at(sheet, side * 7.2, depth - 5), row_at(sheet, 0.0, depth - 5)), focal(sheet) / (depth - 5), -side, air
                )


def pool(sheet: Sheet, place: tuple[float, float], metre: float) -> None:
    """The warm light that a lamp throws on the ground below it."""
    wide = metre * 5.5
    flat = wide * metre * EYE / focal(sheet)
    window = window_of(sheet, [(place[0] - wide, place[1] - flat), (place[0] + wide, place[1] + flat)])
    if window is None or flat < 1:
        return
    x, y = grid(window)
    across, down = (x - np.float32(place[0])) * np.float32(1 / wide), (y - np.float32(place[1])) * np.float32(1 / flat)
    share = np.clip(np.float32(1) - across * across - down * down, 0, 1)
    sheet.add(rgb("ffb868"), share * share * np.float32(0.26), *window)


def post(sheet: Sheet, foot: tuple[float, float], metre: float, way: int, air: float) -> None:
    """A street lamp: a post with an arm over the road."""
    half, x, y = max(0.4, metre * 0.07), foot[0], foot[1]
    dark = rgb("3a3e44"), air
    head = y - 6.2 * metre
    solid(sheet, [(x - half, y), (x - half * 0.6, head), (x + half * 0.6, head), (x + half, y)], dark, PART + 30)
    solid(
        sheet,
        [(x, head), (x, head + half), (x + way * metre * 1.3, head + half * 0.4), (x + way * metre * 1.3, head - half)],
        dark,
        PART + 30,
    )
    if LIT[sheet.spec.time] > 0.3 or sheet.spec.weather in ("storm", "fog"):
        lamp_at(sheet, x + way * metre * 1.2, head + half, max(0.7, metre * 0.27), rgb("ffd79a") * np.float32(1.1))
        pool(sheet, (x + way * metre * 1.2, y), metre)
