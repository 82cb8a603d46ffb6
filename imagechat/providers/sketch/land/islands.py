"""Land in and around the sea: islands, a headland, low hills."""

import numpy as np

from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.canvas.curves import box, fall, smooth
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, nearest, tile
from imagechat.providers.sketch.land.ridges import conifer_tops, line, silhouette
from imagechat.providers.sketch.canvas.sheet import Sheet

PART = 80.0


def paint_islands(sheet: Sheet) -> None:
    """Two to five islands at different depths, the nearest opposite the sun."""
    chance = Chance(sheet.seed, "islands")
    count = chance.whole(2, 5)
    for i in range(count):
        near = i / count
        off = sheet.composition.side * chance.between(0.08, 0.46) * (-0.6 if chance.happens(0.3) else 1)
        wide = sheet.unit * chance.between(0.16, 0.30) * (0.6 + 0.9 * near)
        tall = sheet.unit * chance.between(0.035, 0.085) * (0.7 + 1.1 * near)
        island(sheet, i, (0.5 + off) * sheet.width, wide=wide, tall=tall, near=0.15 + 0.6 * near)


def island(sheet: Sheet, number: int, x: float, *, wide: float, tall: float, near: float) -> None:
    """One island: a rough hump that falls steeply to the water."""
    columns = (np.arange(sheet.width, dtype=np.float32) - np.float32(x)) / np.float32(wide)
    hump = np.clip(np.float32(1) - columns * columns, 0, 1)
    rough = line(sheet.seed, f"island {number}", sheet.width, 7 * sheet.width / wide * 0.4, gain=0.55, ridged=True)
    height = np.sqrt(hump) * np.float32(tall) * (np.float32(0.74) + rough * np.float32(0.20))
    if near > 0.3:
        woods = conifer_tops(sheet.seed, f"pines {number}", sheet.width, tall * 0.07, tall * 0.17)
        height = height + woods * smooth(0.25, 0.6, hump)
    stand(sheet, height, number, near)


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
    """A high cape that comes in from one side, farther ones behind it."""
    chance = Chance(sheet.seed, "headland")
    for i in range(3):
        near = i / 2
        reach = sheet.width * chance.between(0.30, 0.46) * (1.25 - 0.35 * near)
        tall = sheet.unit * chance.between(0.10, 0.17) * (0.65 + 0.75 * near)
        x = np.arange(sheet.width, dtype=np.float32)
        inward = x if sheet.composition.side < 0 else np.float32(sheet.width) - x
        t = np.clip(np.float32(1) - inward / np.float32(reach), 0, 1)
        rough = line(sheet.seed, f"cape {i}", sheet.width, 6 * sheet.width / sheet.unit, gain=0.5, ridged=True)
        steep = smooth(0.0, 0.22, t) * np.float32(0.42) + t * np.float32(0.58)
        height = steep * np.float32(tall) * (np.float32(0.72) + rough * np.float32(0.24))
        if near > 0.4:
            height = height + conifer_tops(sheet.seed, f"cape pines {i}", sheet.width, tall * 0.055, tall * 0.16) * smooth(0.1, 0.4, t)
        stand(sheet, np.where(t > 0, height, np.float32(0)), i + 6, 0.2 + 0.65 * near)


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
