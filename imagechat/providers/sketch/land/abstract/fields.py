"""Fields of colour: soft-edged blocks that breathe over a stained ground."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.light import blend
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.abstract.palette import GOLD, PALE_GOLD, brushed, clouded, flat, palette, worked

Block = tuple[float, float, float, float]
"""Left, top, right and bottom, as shares of the sheet."""
Window = tuple[slice, slice]


def paint_fields(sheet: Sheet) -> None:
    """A ground, then blocks of two glazes each, then perhaps a thin line or a leaf of gold."""
    chance = Chance(sheet.seed, "fields")
    tones = palette(sheet)
    ground = chance.whole(0, 4)
    flat(sheet, tones.tones[ground])
    stain = clouded(sheet, "stain", 3)
    sheet.mix(blend(tones.tones[(ground + 1) % 5], tones.accent, 0.2), smooth(-0.2, 0.9, stain) * np.float32(0.5))
    ragged = clouded(sheet, "ragged", 14, 5)
    strokes = brushed(sheet, "glaze", (14, 2)) * np.float32(0.6) + stain * np.float32(0.5)
    order = [i for i in range(5) if i != ground]
    arrangement = chance.choice((stacked, halves, nested, columns))
    for number, block in enumerate(arrangement(chance)):
        tint = tones.accent if number == 1 else tones.tones[order.pop(chance.whole(0, len(order) - 1)) if order else ground]
        glaze(sheet, tint, block, (ragged, strokes), number)
    if chance.happens(0.55):
        leaf(sheet, chance, ragged)
    worked(sheet, 0.045)


def stacked(chance: Chance) -> list[Block]:
    """Two to four blocks, one above the other."""
    count, top, found = chance.whole(2, 4), 0.06, []
    parts = [chance.between(0.5, 1.6) for _ in range(count)]
    for part in parts:
        tall = 0.88 * part / sum(parts)
        found.append((chance.between(0.05, 0.09), top + 0.012, 1 - chance.between(0.05, 0.09), top + tall - 0.012))
        top += tall
    return found


def halves(chance: Chance) -> list[Block]:
    """A land and a sky with a band of light between."""
    at, band = chance.between(0.42, 0.70), chance.between(0.02, 0.07)
    return [(-0.1, -0.1, 1.1, at - band), (-0.1, at - band * 0.9, 1.1, at + band * 0.9), (-0.1, at + band, 1.1, 1.1)]


def nested(chance: Chance) -> list[Block]:
    """Blocks one within the other, set low."""
    found, left, top, right, bottom = [], 0.07, 0.06, 0.93, 0.94
    for _ in range(chance.whole(3, 4)):
        found.append((left, top, right, bottom))
        step = chance.between(0.08, 0.12)
        left, right, top, bottom = left + step, right - step, top + step * 1.5, bottom - step * 0.5
    return found


def columns(chance: Chance) -> list[Block]:
    """Tall blocks side by side, of unlike widths, hung at unlike heights."""
    count, left, found = chance.whole(3, 5), 0.05, []
    parts = [chance.between(0.35, 1.8) for _ in range(count)]
    for part in parts:
        wide = 0.90 * part / sum(parts)
        found.append((left + 0.01, chance.between(0.04, 0.22), left + wide - 0.01, chance.between(0.70, 0.96)))
        left += wide
    return found


def within(sheet: Sheet, block: Block, ragged: Field, window: Window) -> Field:
    """How far inside the block each point of the window is, in short sides, its edges worn by noise."""
    left, top, right, bottom = block
    x, y = sheet.columns()[:, window[1]], sheet.rows()[window[0]]
    side = np.minimum(x - np.float32(left * sheet.width), np.float32(right * sheet.width) - x)
    up = np.minimum(y - np.float32(top * sheet.height), np.float32(bottom * sheet.height) - y)
    return np.asarray(np.minimum(side, up) / np.float32(sheet.unit) + ragged[window] * np.float32(0.014), np.float32)


def glaze(sheet: Sheet, tint: Field, block: Block, noises: tuple[Field, Field], number: int) -> None:
    """One block: a thin dark glaze that is seen at its edge, then the colour, thicker where the brush pressed."""
    pad, (left, top, right, bottom) = sheet.unit // 16, block
    rows = slice(max(0, int(top * sheet.height) - pad), min(sheet.height, int(bottom * sheet.height) + pad))
    window = rows, slice(max(0, int(left * sheet.width) - pad), min(sheet.width, int(right * sheet.width) + pad))
    inside, strokes = within(sheet, block, noises[0], window), noises[1][window]
    under = blend(tint, sheet.light.deep, 0.35)
    sheet.mix(under, smooth(-0.012, 0.012, inside) * np.float32(0.55), *window)
    body = smooth(0.0, 0.035, inside + strokes * np.float32(0.010))
    sheet.mix(tint, body * np.clip(np.float32(0.86) + strokes * np.float32(0.22), 0.35, 1), *window)
    glow = blend(tint, np.ones(3, np.float32), 0.28)
    sheet.mix(glow, smooth(0.1, 0.9, strokes) * smooth(0.01, 0.16, inside) * np.float32(0.40), *window)
    sheet.hide(smooth(-0.004, 0.004, inside), 602.0 + number, *window)


def leaf(sheet: Sheet, chance: Chance, ragged: Field) -> None:
    """A thin line of gold leaf across or down, torn in places."""
    at, wide = chance.between(0.2, 0.8), chance.between(0.004, 0.010)
    across = chance.happens(0.5)
    place, size = (sheet.rows(), sheet.height) if across else (sheet.columns(), sheet.width)
    away = np.abs(place - np.float32(at * size)) / np.float32(sheet.unit)
    share = smooth(wide, wide * 0.6, away + np.abs(ragged) * np.float32(wide * 0.9)) * smooth(0.9, 0.4, ragged)
    gleam = np.clip(np.float32(0.5) + ragged * np.float32(0.7), 0, 1)
    sheet.mix(np.stack([GOLD[c] + (PALE_GOLD[c] - GOLD[c]) * gleam for c in range(3)]), share * np.float32(0.92))
