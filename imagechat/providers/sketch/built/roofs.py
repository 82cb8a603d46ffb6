"""What stands on the roofs of a city: spires, masts with red lamps, domes, tanks, boxes of machines."""

import numpy as np

from imagechat.providers.sketch.built.prism import KEY, Point, grid, window_of, within
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance

RED = rgb("ff4a3a")


def crowned(sheet: Sheet, name: str, box: tuple[float, float, float, float], tone: tuple[Field, float], part: float) -> None:
    """The crown on a roof: `box` is its left, right, row and height in pixels, `tone` the wall's colour with the air before it."""
    left, right, top, _ = box
    chance = Chance(sheet.seed, "crown", name)
    wide, middle = right - left, (left + right) / 2
    slender = box[3] > wide * 3.0
    match chance.choice(
        ("plain", "mast", "spire", "dome", "slant", "mast") if slender else ("plain", "plain", "hip", "plain", "plain", "hip", "dome")
    ):
        case "mast":
            mast(sheet, (middle + chance.between(-0.2, 0.2) * wide, top), wide * chance.between(0.5, 1.3), tone, part)
        case "spire":
            solid(
                sheet, [(middle - wide * 0.2, top), (middle, top - wide * chance.between(0.8, 1.5)), (middle + wide * 0.2, top)], tone, part
            )
            solid(
                sheet,
                [
                    (left + wide * 0.2, top),
                    (left + wide * 0.2, top - wide * 0.14),
                    (right - wide * 0.2, top - wide * 0.14),
                    (right - wide * 0.2, top),
                ],
                tone,
                part,
            )
            mast(sheet, (middle, top - wide * 0.6), wide * 1.1, tone, part)
        case "dome":
            arc = ((-0.36, 0.0), (-0.34, 0.14), (-0.24, 0.27), (-0.1, 0.35), (0.1, 0.35), (0.24, 0.27), (0.34, 0.14), (0.36, 0.0))
            solid(sheet, [(middle + x * wide, top - y * wide) for x, y in arc], tone, part)
            mast(sheet, (middle, top - wide * 0.34), wide * 0.3, tone, part)
        case "hip":
            solid(
                sheet,
                [(left, top), (left + wide * 0.22, top - wide * 0.3), (right - wide * 0.22, top - wide * 0.3), (right, top)],
                tone,
                part,
            )
        case "slant":
            side = sheet.composition.side
            solid(sheet, [(left, top), (left if side < 0 else right, top - wide * 0.42), (right, top)], tone, part)
    for _ in range(chance.whole(1, 3)):
        x, half, tall = (
            chance.between(left + wide * 0.12, right - wide * 0.3),
            wide * chance.between(0.06, 0.13),
            wide * chance.between(0.06, 0.16),
        )
        box_on(sheet, (x, top - tall, x + half * 2, top), tone, part)
    if slender:
        lamp_on(sheet, (middle, top - wide * 0.1))


def box_on(sheet: Sheet, box: tuple[float, float, float, float], tone: tuple[Field, float], part: float) -> None:
    """An upright box (left, top, right, bottom) in whole pixels, its sunny half lighter."""
    left, right = max(0, round(box[0])), min(sheet.width, max(round(box[0]) + 1, round(box[2])))
    rows = slice(max(0, round(box[1])), min(sheet.height, max(round(box[1]) + 1, round(box[3]))))
    if left >= right or rows.start >= rows.stop:
        return
    body, air = tone
    middle = (left + right + 1) // 2
    haze = blend(sheet.light.haze, sheet.light.lower, 0.4) * np.float32(0.80 if sheet.night else 1.0)
    bright = 0.62 * KEY[sheet.spec.time], 0.08
    for columns, direct in zip((slice(left, middle), slice(middle, right)), bright if sheet.sun[0] < middle else bright[::-1], strict=True):
        light = sheet.light.fill * np.float32(0.56) + sheet.light.key * np.float32(direct)
        sheet.rgb[:, rows, columns] = blend(body * light, haze, air)[:, None, None]
    whole = rows, slice(left, right)
    sheet.marks.cover[whole], sheet.marks.part[whole], sheet.marks.shine[whole] = 1, part, 0


def solid(sheet: Sheet, outline: list[Point], tone: tuple[Field, float], part: float) -> None:
    """A convex shape, its sunny side lighter; `tone`: its colour, and how much air lies before it."""
    window = window_of(sheet, outline)
    if window is None:
        return
    x, y = grid(window)
    cover = within(outline, x, y)
    middle = sum(px for px, _ in outline) / len(outline)
    toward = 1.0 if sheet.sun[0] > middle else -1.0
    lit = np.where((x - np.float32(middle)) * np.float32(toward) > 0, np.float32(0.62 * KEY[sheet.spec.time]), np.float32(0.08))
    body, air = tone
    light = [sheet.light.fill[c] * np.float32(0.56) + sheet.light.key[c] * lit for c in range(3)]
    haze = blend(sheet.light.haze, sheet.light.lower, 0.4) * np.float32(0.80 if sheet.night else 1.0)
    sheet.mix(np.stack([body[c] * light[c] * np.float32(1 - air) + haze[c] * np.float32(air) for c in range(3)]), cover, *window)
    sheet.hide(cover, part, *window)


def mast(sheet: Sheet, foot: Point, tall: float, tone: tuple[Field, float], part: float) -> None:
    """A thin mast, by night with a red lamp at its tip."""
    half = max(0.5, tall * 0.014)
    box_on(sheet, (foot[0] - half, foot[1] - tall, foot[0] + half, foot[1]), tone, part)
    lamp_on(sheet, (foot[0], foot[1] - tall))


def lamp_on(sheet: Sheet, place: Point) -> None:
    """The red lamp that warns aircraft when the day has ended."""
    if not sheet.night and sheet.spec.time != "dusk":
        return
    radius = max(0.9, sheet.unit * 0.0016)
    window = window_of(sheet, [(place[0] - radius * 2, place[1] - radius * 2), (place[0] + radius * 2, place[1] + radius * 2)])
    if window is not None:
        x, y = grid(window)
        square = (x - np.float32(place[0])) * (x - np.float32(place[0])) + (y - np.float32(place[1])) * (y - np.float32(place[1]))
        share = np.clip(np.float32(1.6) - square * np.float32(1 / (radius * radius)), 0, 1)
        sheet.mix(RED, share, *window)
        shine = sheet.marks.shine[window]
        np.maximum(shine, share * np.float32(0.8), out=shine)
