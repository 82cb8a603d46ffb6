"""A reef: sand with its ripples, mounds behind mounds, corals that grow brighter toward the eye, fish."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth, wave
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import enlarged, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.below.body import Water, bubbles, fill, rays, specks, surface, water
from imagechat.providers.sketch.land.below.corals import coral
from imagechat.providers.sketch.land.below.fish import paint_school, paint_turtle
from imagechat.providers.sketch.land.ridges import line

SAND = rgb("d8c8a0")


def paint_reef(sheet: Sheet) -> None:
    """From the far water to the nearest coral."""
    sea = water(sheet)
    chance = Chance(sheet.seed, "reef")
    fill(sheet, sea)
    surface(sheet, sea)
    mound(sheet, sea, 0, 0.16)
    paint_school(sheet, sea, 0, 0.35)
    mound(sheet, sea, 1, 0.32)
    sand(sheet, sea)
    rays(sheet, sea, 0.30, 0.95)
    if chance.happens(0.35):
        paint_turtle(sheet, sea)
    garden(sheet, sea, chance)
    paint_school(sheet, sea, 1, 0.85)
    bubbles(sheet, sea)
    specks(sheet, sea, 110, rgb("7ff0d0") if sheet.night else None)


def mound(sheet: Sheet, sea: Water, number: int, near: float) -> None:
    """A far rise of the reef, blue with distance, rough with growth."""
    cells = (2.2 - number * 0.8) * sheet.width / sheet.unit
    shape = line(sheet.seed, f"mound {number}", sheet.width, cells, gain=0.52, ridged=False)
    lift = np.arange(sheet.width, dtype=np.float32) / np.float32(sheet.width) - np.float32(0.5)
    rise = shape * np.float32(0.085) + lift * np.float32(sheet.composition.side * (0.30 + 0.1 * number)) + np.float32(0.06)
    top = np.float32(sheet.horizon + sheet.height * 0.03 * number) - rise * np.float32(sheet.unit)
    first = max(0, int(top.min()))
    if first >= sheet.height:
        return
    last = max(first + 1, min(sheet.height, sheet.horizon + sheet.unit // 8))
    window, rows = slice(first, last), sheet.rows(first, last)
    cover = np.clip(rows - top[None, :], 0, 1)
    deep = smooth(0.0, 0.22 * sheet.unit, rows - top[None, :])
    body, mist = blend(sea.at(0.55), sea.at(1.0), near * 1.3), sea.at(0.62)
    sheet.mix(np.stack([body[c] + (mist[c] - body[c]) * deep * np.float32(0.7) for c in range(3)]), cover, window)
    sheet.hide(cover, 602.0 + number, window)


def sand(sheet: Sheet, sea: Water) -> None:
    """The floor in perspective: ripples across it, and the net of light that the waves above throw."""
    first = min(sheet.height - 2, sheet.horizon)
    rows, columns = max(2, (sheet.height - first) // 2), max(2, sheet.width // 2)
    t = (np.arange(rows, dtype=np.float32)[:, None] + np.float32(0.5)) / rows
    x = (np.arange(columns, dtype=np.float32)[None, :] / columns - np.float32(0.5)) * np.float32(sheet.width / sheet.unit)
    far = np.float32(1) / (t + np.float32(0.16))
    field = tile(sheet.seed, "sea sand", (8, 8), 256, octaves=5, gain=0.5)
    swell = sampled(field, far * np.float32(22) + 0 * x, x * far * np.float32(20) + 128)
    ripple = wave(far * np.float32(4.5) + x * np.float32(0.6) + swell * np.float32(1.5)) * smooth(0.02, 0.3, t)
    net = smooth(0.28, 0.0, np.abs(sampled(field, far * np.float32(50) + 91, x * far * np.float32(46) + 17)))
    level = (
        np.float32(0.78) + ripple * np.float32(0.09) + swell * np.float32(0.14) + net * np.float32(0.34 * sea.bright) * smooth(0.0, 0.2, t)
    )
    near = smooth(0.0, 0.75, t) * np.float32(0.94)
    whole = sheet.height - first, sheet.width
    level, near = enlarged(level, whole), enlarged(near + 0 * x, whole)
    tint, air = SAND * np.float32(0.25 + 0.75 * sea.bright), sea.at(0.64)
    sheet.mix(
        np.stack([air[c] + (blend(tint, air, 0.22)[c] * level - air[c]) * near for c in range(3)]),
        smooth(0.0, 0.06, near),
        slice(first, None),
    )
    sheet.hide(smooth(0.0, 0.06, near), 606.0, slice(first, None))


def garden(sheet: Sheet, sea: Water, chance: Chance) -> None:
    """Corals from far and pale to near and bright, thick at the side that carries the weight, open in the middle."""
    count = round(16 * max(1.0, sheet.width / sheet.unit) ** 0.8)
    for i in range(count):
        near = ((i + chance.unit()) / count) ** 1.2
        side = sheet.composition.side * (1 if chance.happens(0.66) else -1)
        off = side * (0.08 + 0.16 * near + 0.30 * chance.unit())
        base = sheet.horizon + (sheet.height - sheet.horizon) * (0.06 + 1.0 * near) + sheet.unit * 0.02 * near
        size = sheet.unit * (0.05 + 0.20 * near) * chance.between(0.7, 1.25)
        coral(sheet, sea, chance, ((0.5 + off) * sheet.width, base, size), near=near, part=610.0 + i)
