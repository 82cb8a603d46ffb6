"""Land in and around the sea: islands, a headland, low hills; and the sea of clouds seen from above."""

import numpy as np

from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.curves import fall, smooth
from imagechat.providers.sketch.light import blend, rgb
from imagechat.providers.sketch.noise import Field, sampled, tile
from imagechat.providers.sketch.ridges import conifer_tops, line, silhouette
from imagechat.providers.sketch.sheet import Sheet

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
        island(sheet, i, (0.5 + off) * sheet.width, wide, tall, 0.15 + 0.6 * near)


def island(sheet: Sheet, number: int, x: float, wide: float, tall: float, near: float) -> None:
    """One island: a rough hump that falls steeply to the water."""
    columns = (np.arange(sheet.width, dtype=np.float32) - np.float32(x)) / np.float32(wide)
    hump = np.clip(np.float32(1) - columns * columns, 0, 1)
    rough = line(sheet.seed, f"island {number}", sheet.width, 7 * sheet.width / wide * 0.4, 0.55, ridged=True)
    height = np.sqrt(hump) * np.float32(tall) * (np.float32(0.62) + rough * np.float32(0.30))
    if near > 0.3:
        woods = conifer_tops(sheet.seed, f"pines {number}", sheet.width, tall * 0.10, tall * 0.30)
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
    tone = np.stack([dark[c] + (air[c] - dark[c]) * low + (sheet.light.glow[c] - dark[c]) * burn for c in range(3)])
    sheet.mix(tone, cover, window)
    sheet.hide(cover, PART + number, window)


def dark_land(sheet: Sheet, near: float) -> Field:
    """The colour of land before the light: green and brown at day, a silhouette otherwise; pale when far."""
    air = blend(sheet.light.haze, sheet.light.lower, 0.5)
    if sheet.spec.time == "day":
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
        rough = line(sheet.seed, f"cape {i}", sheet.width, 6 * sheet.width / sheet.unit, 0.5, ridged=True)
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
        shape = line(sheet.seed, f"hill {i}", sheet.width, chance.between(1.0, 1.8) * sheet.width / sheet.unit, 0.42, ridged=False)
        top = np.float32(level) - shape * np.float32(sheet.unit * 0.035)
        woods = conifer_tops(sheet.seed, f"hill wood {i}", sheet.width, sheet.unit * (0.004 + 0.004 * i), sheet.unit * (0.008 + 0.011 * i))
        silhouette(sheet, top, i, near, sheet.unit * 0.10, woods)


def paint_cloud_floor(sheet: Sheet) -> None:
    """A sea of clouds from above, with a few peaks that reach through it."""
    peaks(sheet)
    rows = sheet.height - sheet.horizon
    near = (np.arange(rows, dtype=np.float32)[:, None] + np.float32(0.6)) / np.float32(max(rows, 1))
    far = np.float32(1) / (near + np.float32(0.10))
    field = tile(sheet.seed, "cloud floor", (8, 8), 512, 7, 0.5)
    x = (sheet.columns() - np.float32(sheet.width / 2)) / np.float32(sheet.unit)
    u, v = x * far * np.float32(30), far * np.float32(46)
    side = np.float32(5 if sheet.sun[0] > sheet.width / 2 else -5)
    body = billows(field, v, u)
    rise = body - billows(field, v - np.float32(5), u + side)
    lit = np.clip(np.float32(0.56) + body * np.float32(0.30) + rise * np.float32(1.1), 0, 1)
    if sheet.crisp:
        lit = np.floor(lit * 4.2) / np.float32(4)
    square = ((sheet.columns() - np.float32(sheet.sun[0])) / np.float32(sheet.unit)) ** 2
    warm = fall(square * 5 + near * near * 5) * np.float32(0.15 if sheet.spec.time in ("day", "night") else 0.75)
    light, pale = sheet.light, smooth(0.30, 0.0, near) * np.float32(0.75)
    window = slice(sheet.horizon, None)
    for c in range(3):
        tone = light.dark[c] + (light.lit[c] - light.dark[c]) * lit
        tone = tone + (light.glow[c] * (np.float32(0.55) + lit * np.float32(0.55)) - tone) * warm
        tone = tone + (blend(light.haze, light.horizon, 0.5)[c] - tone) * pale
        sheet.rgb[c, window] = tone
    sheet.hide(np.ones((rows, sheet.width), np.float32), PART + 15, window)
    parts = sheet.marks.part[window]
    parts += np.floor(lit * 3)


def billows(field: Field, v: Field, u: Field) -> Field:
    """Rounded heaps: noise folded at its valleys, a second time finer."""
    big, small = sampled(field, v + 0 * u, u + 0 * v), sampled(field, v * np.float32(2.7) + 0 * u, u * np.float32(2.7) + 31)
    return (
        (np.float32(1) - np.abs(big) * np.float32(1.5)) * np.float32(0.6)
        + np.abs(small) * np.float32(0.55)
        + big * np.float32(0.4)
        - np.float32(0.4)
    )


def peaks(sheet: Sheet) -> None:
    """Summits above the clouds."""
    chance = Chance(sheet.seed, "summits")
    for i in range(chance.whole(1, 3)):
        x = (0.5 + sheet.composition.side * chance.between(0.05, 0.40)) * sheet.width
        wide, tall = sheet.unit * chance.between(0.16, 0.34), sheet.unit * chance.between(0.07, 0.20)
        columns = np.abs(np.arange(sheet.width, dtype=np.float32) - np.float32(x)) / np.float32(wide)
        rough = line(sheet.seed, f"summit {i}", sheet.width, 3.4 * sheet.width / sheet.unit, 0.55, ridged=True)
        body = np.clip(np.float32(1) - columns, 0, 1)
        height = body * np.float32(tall) * (np.float32(0.86) + rough * np.float32(0.22))
        stand(sheet, np.where(body > 0, height, np.float32(0)), i + 10, 0.35 + 0.2 * i)
