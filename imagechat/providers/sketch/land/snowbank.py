"""The near shore of a frozen lake: a bank deep in snow, with trees and dry grass."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.ridges import line
from imagechat.providers.sketch.land.snow import PART, drifts, snow_tone
from imagechat.providers.sketch.land.woods import Wood


def bank_top(sheet: Sheet, wood: Wood) -> Field:
    """The row where the bank begins at each column: high at one edge, below the picture beyond the middle."""
    wide = Chance(sheet.seed, "snow bank").between(0.55, 0.85)
    rough = line(sheet.seed, "snow bank", sheet.width, 3 * sheet.width / sheet.unit, gain=0.4, ridged=False)
    x = np.arange(sheet.width, dtype=np.float32) / np.float32(sheet.width)
    rise = np.clip(np.float32(1) - (np.float32(1) - x if sheet.composition.side > 0 else x) / np.float32(wide), 0, 1)
    high = rise * rise * np.float32(0.3) + rise * np.float32(0.1) + rough * rise * np.float32(0.02)
    top = np.float32(sheet.height * 1.01) - high * np.float32(sheet.unit)
    return np.asarray(np.maximum(top, np.float32(wood.eye.row(30.0))), np.float32)


def inward(sheet: Sheet, top: Field, share: float) -> tuple[float, float]:
    """(column, row of the bank's edge) at `share` of the width from the side where the bank is high."""
    at = (1 - share if sheet.composition.side > 0 else share) * sheet.width
    return at, float(top[int(np.clip(at, 0, sheet.width - 1))])


def offer_bank(sheet: Sheet, top: Field) -> None:
    """Places on the bank."""
    for i, share in enumerate((0.10, 0.18, 0.05, 0.26, 0.14)):
        at, row = inward(sheet, top, share)
        row = min(row + sheet.unit * (0.06 + 0.012 * i), sheet.height * 0.96)
        sheet.offer("land", at, row, sheet.unit * 0.022, 0.08)


def near_bank(sheet: Sheet, wood: Wood, top: Field) -> None:
    """The bank with its drifts, the trees and the grass upon it."""
    chance = Chance(sheet.seed, "near bank")
    first = int(np.clip(float(top.min()), 0, sheet.height - 2))
    below = (sheet.rows(first) - top[None, :]) / np.float32(sheet.unit)
    light = drifts(sheet, first)
    cover = np.clip(sheet.rows(first) - top[None, :], 0, 1)
    sheet.mix(snow_tone(sheet, light * np.float32(0.8) + smooth(0.05, 0.0, below) * np.float32(0.3)), cover, slice(first, None))
    sheet.hide(cover, PART + 3, slice(first, None))
    for i, off in enumerate(sorted(chance.between(0.0, 0.26) for _ in range(4))[::-1]):
        at, row = inward(sheet, top, off)
        tall = sheet.unit * chance.between(0.34, 0.62) * (1.15 - off * 2)
        wood.trees.plant(chance.whole(0, 59), (at, row + sheet.unit * 0.012), tall, part=PART + 8 + i)
    for i in range(26):
        at, row = inward(sheet, top, chance.between(0, 0.5))
        place = at, row + (sheet.height - row) * chance.between(0.02, 0.7)
        wood.low.plant(i % 2, place, sheet.unit * chance.between(0.02, 0.055), part=PART + 14)
