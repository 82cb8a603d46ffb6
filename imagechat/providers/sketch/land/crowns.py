"""Trees and bushes far off: crowns of a few dozen dabs each, lit from the sun's side."""

import numpy as np

from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import key
from imagechat.providers.sketch.land.dabs import lay
from imagechat.providers.sketch.land.pasture import season
from imagechat.providers.sketch.land.slopes import Stand, air, haze, strengths, sunward

LEAVES = {"spring": ("46702c", "7fa43c"), "summer": ("2f5226", "64862f"), "autumn": ("8a4a20", "d08a30"), "winter": ("4c4438", "6a5e4c")}
CONIFER = ("22402c", "3e6038")


def leaf_colours(sheet: Sheet) -> tuple[Field, Field]:
    """(dark, light) leaves of the season and wood."""
    dark, light = (rgb(text) for text in (CONIFER if sheet.spec.wood == "conifer" else LEAVES[season(sheet)]))
    if sheet.snowy:
        dark, light = blend(dark, rgb("8c94a4"), 0.25), blend(light, rgb("e6ecf6"), 0.75)
    return dark, light


def crowns(
    sheet: Sheet,
    name: str,
    at: Stand,
    tall: Field,
    *,
    slim: float = 0.8,
    part: float,
    dabs: int = 26,
    tones: tuple[Field, Field] | None = None,
) -> None:
    """Crowns `tall` metres high standing on the ground; `slim`: width for each height; the stands must come far ones first."""
    count = len(tall)
    if count == 0:
        return
    cloud = lattice(key(sheet.seed, name, "leaves"), (4, dabs * 8)).reshape(4, 8, dabs)
    order = np.argsort(cloud[2], axis=1, kind="stable")
    cloud = np.take_along_axis(cloud, np.broadcast_to(order, cloud.shape), axis=2)
    own = lattice(key(sheet.seed, name, "trees"), (3, count)) * np.float32(0.5) + np.float32(0.5)
    leaf = cloud[:, np.clip(own[0] * 8, 0, 7).astype(np.int32), :]
    length = np.sqrt(leaf[0] * leaf[0] + leaf[1] * leaf[1] + leaf[2] * leaf[2])
    ball = leaf[:3] / np.maximum(length, np.float32(0.75))
    high = (tall * at.metre)[:, None]
    radius = high * np.float32(0.95 / dabs**0.5) * np.float32(min(1.0, slim * 1.25))
    narrow = np.float32(slim * 0.42) * (np.float32(1.1) - np.clip(-ball[1], 0, 1) * np.float32(0.25 + 0.5 * (slim < 0.45)))
    x = at.column[:, None] + ball[0] * narrow * high
    y = at.row[:, None] - high * np.float32(0.53) + ball[1] * np.float32(0.40) * high
    _paint(sheet, (x, y, radius + 0 * x), shaded(sheet, ball, leaf[3], (own[1], at.depth), tones or leaf_colours(sheet)), at.limit, part)


def shaded(sheet: Sheet, ball: Field, grain: Field, trees: tuple[Field, Field], tones: tuple[Field, Field]) -> Field:
    """Each dab's colour, (3, trees, dabs), through the air; `trees`: their own tone, 0 to 1, and depth."""
    own, depth = trees
    right, _, above = sunward(sheet)
    facing = ball[0] * np.float32(right) - ball[1] * np.float32(above) * np.float32(0.8) + ball[2] * np.float32(0.25)
    sun = np.clip(np.float32(0.40) + facing * np.float32(0.55) + grain * np.float32(0.16), 0.04, 1)
    dark, light = tones
    direct, around = strengths(sheet)
    veil, distance = air(sheet, depth)[:, None], haze(sheet)
    mixed = (own * np.float32(0.55))[:, None] + np.clip(facing, 0, 1) * np.float32(0.45)
    planes = []
    for c in range(3):
        body = dark[c] + (light[c] - dark[c]) * mixed
        tone = body * (sun * direct[c] + around[c] * np.float32(0.72))
        planes.append(tone + (distance[c] - tone) * veil)
    return np.stack(planes).astype(np.float32)


def _paint(sheet: Sheet, dabs: tuple[Field, Field, Field], tint: Field, limit: Field, part: float) -> None:
    """All dabs of all trees in turn."""
    x, y, radius = (one.ravel() for one in dabs)
    count = dabs[0].shape[1]
    lay(sheet, x, y, np.maximum(radius, np.float32(0.35)), tint.reshape(3, -1), part=part, limit=np.repeat(limit, count))
