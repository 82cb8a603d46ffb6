"""Land in and around the sea: islands, a headland, low hills."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import box, fall, smooth
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, nearest, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.footholds import offer_land
from imagechat.providers.sketch.land.grain import FOCUS
from imagechat.providers.sketch.land.ground import Coat
from imagechat.providers.sketch.land.relief import OPEN, Seen, View, crowns, raise_land, rough, view
from imagechat.providers.sketch.land.ridges import conifer_tops, line, silhouette

PART = 80.0
LAND = 498.0


def paint_islands(sheet: Sheet) -> None:
    """Islands one behind the other into the haze, most of them at the side opposite the sun: rock below, woods and grass above."""
    chance = Chance(sheet.seed, "islands")
    at = view(sheet, 1.2, 15.0, chance.between(0.026, 0.044))
    crags = rough(sheet, "crags", at, 2.4, gain=0.58)
    swell = rough(sheet, "humps", at, 1.5, octaves=3)
    height = np.full(at.x.shape, np.float32(-OPEN))
    count, deep = chance.whole(4, 8), chance.between(2.0, 3.6)
    for i in range(count):
        across = chance.between(0.05, 0.46) * (-0.9 if chance.happens(0.30 if i else 0.1) else 1)
        off = sheet.composition.side * across * sheet.width / sheet.unit / FOCUS
        size = chance.between(0.13, 0.36) * (0.7 + 0.22 * deep), np.float32(chance.between(0.12, 0.30) * (0.6 + 0.13 * deep))
        height = np.maximum(height, island(at, (crags, swell), (off * deep, deep), size))
        deep = min(13.0, deep + chance.between(0.5, 2.6))
    dressed(sheet, at, height, crags, 2.0)


def island(at: View, relief: tuple[Field, Field], place: tuple[float, float], size: tuple[float, np.float32]) -> Field:
    """Height of one island, (half its width, its height): a rough hump with walls of rock where the sea gnaws at it."""
    (crags, swell), (wide, tall) = relief, size
    x, depth = (at.x - np.float32(place[0])) / np.float32(wide), (at.depth - np.float32(place[1])) / np.float32(wide * 0.8)
    off = np.float32(1) - np.sqrt(x * x + depth * depth) + crags * np.float32(0.30)
    humps = np.float32(0.62) + np.clip(swell, -0.5, 1) * np.float32(1.05) + crags * np.float32(0.22)
    rise = (smooth(0.0, 0.09, off) * np.float32(0.26) + np.clip(off, 0, 1.2) * np.float32(0.85)) * tall * humps
    return np.asarray(np.where(off > 0, rise, off * np.float32(wide)), np.float32)


def dressed(sheet: Sheet, at: View, height: Field, crags: Field, air: float) -> None:
    """Land of rock and woods in the sea, and where things can stand on it."""
    wood = smooth(0.045, 0.075, height) * smooth(-0.28, -0.05, crags - rough(sheet, "groves", at, 1.6, octaves=3) * np.float32(0.5))
    tops = wood * (np.float32(0.5) + crowns(sheet, "crowns", at, 24.0) * np.float32(0.5)) * np.float32(0.045)
    seen = raise_land(sheet, at, height + tops, Coat(wood=wood, steep=0.70, air=air), LAND)
    rim(sheet, seen)
    offer_land(sheet, at, height, (height > 0.02) & (height < 0.35) & (wood < 0.3), "far")


def rim(sheet: Sheet, seen: Seen) -> None:
    """The light of a low sun along the tops of the land, and the glow that the haze before it takes up, most near the sun."""
    rows = slice(seen.top, sheet.horizon + 1)
    land = seen.land[: max(0, sheet.horizon + 1 - seen.top)]
    thick = max(1, sheet.unit // 420)
    if not (sheet.low_sun or sheet.night) or land.shape[0] <= thick or sheet.crisp:
        return
    x, y = sheet.sun
    near = fall(
        ((sheet.columns() - np.float32(x)) / sheet.unit) ** 2 * 9
        + ((sheet.rows(rows.start, rows.stop) - np.float32(y)) / sheet.unit) ** 2 * 5
    )
    edge = np.zeros_like(land)
    part = sheet.marks.part[rows]
    edge[thick:] = np.clip(np.abs(part[thick:] - part[:-thick]) - np.float32(0.25), 0, 1) * land[thick:]
    strength = 0.34 if sheet.night else 1.0
    sheet.mix(sheet.light.glow, near * land * np.float32(0.20 * strength), rows)
    sheet.add(sheet.light.key, edge * (near * np.float32(0.75) + np.float32(0.10)) * np.float32(0.55 * strength), rows)


def stand(sheet: Sheet, height: Field, number: int, near: float) -> None:
    """Land `height` pixels above the horizon in each column, none where that is not positive."""
    top = np.float32(sheet.horizon) - height
    first = max(0, int(top.min()))
    window = slice(first, sheet.horizon)
    if first >= sheet.horizon:
        return
    rows = sheet.rows(first, sheet.horizon)
    below = rows - top[None, :]
    cover = np.clip(below + np.float32(1), 0, 1) * (height > 0.3)[None, :]
    low = smooth(sheet.horizon - sheet.unit * 0.05, sheet.horizon, rows) * np.float32(0.30)
    dark = dark_land(sheet, near)
    air = blend(sheet.light.haze, sheet.light.horizon, 0.5)
    x, y = sheet.sun
    square = ((sheet.columns() - np.float32(x)) / sheet.unit) ** 2 + ((rows - np.float32(y)) / sheet.unit) ** 2
    burn = fall(square * 30) * np.float32(0.0 if sheet.night else 0.30)
    lit = textured(sheet, number, rows, height, near)
    tone = np.stack([dark[c] * lit + (air[c] - dark[c]) * low + (sheet.light.glow[c] - dark[c]) * burn for c in range(3)])
    sheet.mix(tone, cover, window)
    sheet.hide(cover, PART + number, window)


def textured(sheet: Sheet, number: int, rows: Field, height: Field, near: float) -> Field:
    """Rock and woods by daylight: how bright each point of the land is."""
    if not sheet.bright:
        return np.ones((rows.shape[0], sheet.width), np.float32)
    field = tile(sheet.seed, f"land {number % 3}", (16, 16), 256, octaves=5, gain=0.65)
    zoom = np.float32(420 / sheet.unit)
    grain = nearest(field, rows * zoom * 2 + 0 * sheet.columns() + 512, sheet.columns() * zoom + 0 * rows + 512)
    slope = np.gradient(box(height, max(1, sheet.unit // 160), 0)) * np.float32(-sheet.composition.side)
    return np.float32(1) + (grain * np.float32(0.75) - np.clip(slope, -0.8, 0.8)[None, :] * np.float32(0.28)) * np.float32(
        0.35 + 0.65 * near
    )


def dark_land(sheet: Sheet, near: float) -> Field:
    """The colour of land before the light: green and brown at day, a silhouette otherwise; pale when far."""
    air = blend(sheet.light.haze, sheet.light.lower, 0.5)
    if sheet.bright:
        return blend(air, rgb("3f5a3c") * np.float32(0.9), 0.25 + 0.7 * near)
    return blend(air, sheet.light.fill * np.float32(0.30), 0.30 + 0.65 * near)


def paint_headland(sheet: Sheet) -> None:
    """A high cape that comes in from one side, farther ones behind it, skerries before its tip."""
    chance = Chance(sheet.seed, "headland")
    at = view(sheet, 0.9, 14.0, chance.between(0.030, 0.060))
    x = at.x * np.float32(sheet.composition.side)
    crags = rough(sheet, "crags", at, 2.2, gain=0.58)
    height = np.full(at.x.shape, np.float32(-OPEN))
    for i in range(4):
        deep, tip = chance.between(1.7, 2.6) * (1 + 0.9 * i), chance.between(-0.10, 0.26) - 0.10 * i
        off = np.minimum(x - np.float32(tip * deep), np.float32(0.42 + 0.2 * i) - np.abs(at.depth - np.float32(deep))) + crags * np.float32(
            0.13
        )
        tall = np.float32(chance.between(0.16, 0.40) * (1 + 0.30 * i))
        rise = smooth(0.0, 0.06, off) * tall * np.float32(0.45) + smooth(0.0, 0.9, off) * tall * (1 + crags * np.float32(0.35))
        height = np.maximum(height, np.where(off > 0, rise, off))
    dressed(sheet, at, height, crags, 1.7)


def paint_far_coast(sheet: Sheet) -> None:
    """At times a far coast on the sea's horizon, two folds of it, pale, running out toward the sun."""
    chance = Chance(sheet.seed, "far coast")
    if not chance.happens(0.45):
        return
    x = np.arange(sheet.width, dtype=np.float32) / np.float32(sheet.width)
    inward = x if sheet.composition.side < 0 else np.float32(1) - x
    for i in range(2):
        reach, tall = chance.between(0.25, 0.45) + 0.18 * (1 - i), sheet.unit * chance.between(0.018, 0.040) * (1.25 - 0.5 * i)
        shape = line(sheet.seed, f"far coast {i}", sheet.width, 4.5 * sheet.width / sheet.unit, gain=0.5, ridged=False)
        stand(
            sheet, (np.float32(0.85) + shape * np.float32(0.5)) * smooth(reach, reach - 0.35, inward) * np.float32(tall), i, 0.04 + 0.12 * i
        )


def paint_hills(sheet: Sheet) -> None:
    """Low dark hills under a wide sky."""
    chance = Chance(sheet.seed, "hills")
    for i in range(3):
        near = 0.35 + 0.32 * i
        level = sheet.horizon + (sheet.height - sheet.horizon) * (0.05 + 0.34 * i)
        shape = line(sheet.seed, f"hill {i}", sheet.width, chance.between(1.0, 1.8) * sheet.width / sheet.unit, gain=0.42, ridged=False)
        top = np.float32(level) - shape * np.float32(sheet.unit * 0.035)
        woods = conifer_tops(sheet.seed, f"hill wood {i}", sheet.width, sheet.unit * (0.004 + 0.004 * i), sheet.unit * (0.008 + 0.011 * i))
        silhouette(sheet, top, i, near=near, tall=sheet.unit * 0.10, woods=woods)
