"""Trees at the edge of a picture: they frame what is seen beyond, on a bank of grass and stones."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import box
from imagechat.providers.sketch.canvas.light import rgb
from imagechat.providers.sketch.canvas.noise import Field, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.conifers import conifer_stamps
from imagechat.providers.sketch.land.floor import GROUNDS, SHADE, SNOW
from imagechat.providers.sketch.land.foliage import dimmed
from imagechat.providers.sketch.land.leaves import leafy_stamps
from imagechat.providers.sketch.land.ridges import line
from imagechat.providers.sketch.land.shore import run_out
from imagechat.providers.sketch.land.stamps import Grove, lit
from imagechat.providers.sketch.land.undergrowth import season, shrubs, stones, tufts

PART = 270.0
"""The words that leave the frame out."""


def frame_with_trees(sheet: Sheet) -> None:
    """Trees at one side of the picture, or at both, tall at the edge and small toward the middle, on their bank."""
    if "tree" in sheet.spec.without:
        return
    chance = Chance(sheet.seed, "framing")
    sides = [-sheet.composition.side]
    if chance.happens(0.4) or sheet.spec.subject("tree"):
        sides.append(sheet.composition.side)
    tall = sheet.unit * 0.16
    leafy = sheet.spec.wood == "deciduous"
    trees = Grove(sheet, leafy_stamps(sheet, "frame", 2, tall) if leafy else conifer_stamps(sheet, "frame", 3, tall))
    small = sheet.unit * 0.035
    low = Grove(sheet, [*tufts(sheet, "bank", 2, small), *shrubs(sheet, "bank", 1, small), *stones(sheet, "bank", 1, small)])
    for number, side in enumerate(sides):
        stand(sheet, (trees, low), side, 1.0 if number == 0 else 0.66)


def lake_side(sheet: Sheet) -> None:
    """The near and the far edge of a mountain lake: land that runs out into the water, then the trees that frame the view."""
    run_out(sheet)
    frame_with_trees(sheet)


def stand(sheet: Sheet, groves: tuple[Grove, Grove], side: int, size: float) -> None:
    """The trees of one side: the far ones first, then the bank that hides their feet, grass and stones upon it."""
    trees, low = groves
    chance = Chance(sheet.seed, "frame side", str(side))
    top = bank_line(sheet, side, size)
    count = chance.whole(6, 9)
    inward = [(i / (count - 1)) ** 1.3 * 0.36 * size + chance.between(-0.025, 0.025) for i in range(count)]
    for i, share in reversed(list(enumerate(inward))):
        x = share * sheet.unit if side < 0 else sheet.width - share * sheet.unit
        tall = sheet.unit * (0.46 - 0.90 * max(0.0, share)) * size * chance.between(0.72, 1.12)
        foot = float(top[int(np.clip(x, 0, sheet.width - 1))]) + sheet.unit * chance.between(0.004, 0.018)
        pick = chance.whole(0, 59)
        if foot > sheet.height * 0.99 or tall < sheet.unit * 0.04:
            continue
        trees.plant(pick, (x, foot), tall, part=PART + 2 + i % 4)
    bank(sheet, top, side)
    for i in range(round(44 * size)):
        share, kind, deep, high = chance.unit(), chance.unit(), chance.unit(), chance.between(0.6, 1.3)
        x = share * 0.5 * size * sheet.unit if side < 0 else sheet.width - share * 0.5 * size * sheet.unit
        line_y = float(top[int(np.clip(x, 0, sheet.width - 1))])
        y = line_y + (sheet.height - line_y) * deep * deep * 0.95 + sheet.unit * 0.004
        tall = sheet.unit * (0.016 + 0.03 * deep * deep) * high
        pick = chance.whole(0, 1) if kind < 0.8 else 2 if kind < 0.9 else 3
        low.plant(pick, (x, y), tall * (1.7 if pick == 2 else 1.0), part=PART + side if pick < 2 else PART + 8 + i % 3)


def bank_line(sheet: Sheet, side: int, size: float) -> Field:
    """The row where the bank begins at each column: high at the edge, running out below the picture toward the middle."""
    rough = line(sheet.seed, f"bank {side}", sheet.width, 4 * sheet.width / sheet.unit, gain=0.5, ridged=False)
    x = np.arange(sheet.width, dtype=np.float32) / np.float32(sheet.unit)
    inward = x if side < 0 else np.float32(sheet.width / sheet.unit) - x
    rise = np.clip(np.float32(1) - inward / np.float32(0.54 * size), 0, 1)
    rise = rise * (np.float32(1.5) - rise * np.float32(0.5))
    top = np.float32(sheet.height) - (rise * np.float32(0.12 * size) + rough * np.float32(0.014) * np.sqrt(rise)) * np.float32(sheet.unit)
    return np.asarray(top, np.float32)


def bank(sheet: Sheet, top: Field, side: int) -> None:
    """The ground: growth and earth, or snow, in folds that the light grazes."""
    first = int(np.clip(float(top.min()), 0, sheet.height - 1))
    seen = np.flatnonzero(top < sheet.height)
    if not seen.size:
        return
    columns = slice(int(seen[0]), int(seen[-1]) + 1)
    below = sheet.rows(first) - top[None, columns]
    cover = np.clip(below, 0, 1)
    field = tile(sheet.seed, "bank ground", (8, 8), 256, octaves=6, gain=0.6)
    scale = np.float32(130 / sheet.unit)
    depth = below * scale * np.float32(2.4)
    grain = sampled(field, depth, sheet.columns()[:, columns] * scale + 0 * depth)
    fold = box(top, max(1, sheet.unit // 40), 0)
    slope = np.clip((fold - top) / np.float32(sheet.unit) * np.float32(30), -0.3, 0.3)
    deep = np.clip(below / np.float32(sheet.unit * 0.12), 0, 1)
    shade = np.clip(np.float32(0.52) + slope[None, columns] + grain * np.float32(0.32) - deep * np.float32(0.22), 0.04, 1)
    growth, litter = (dimmed(sheet, rgb(text), 0.9) for text in GROUNDS[sheet.spec.wood or "conifer", season(sheet)])
    one, other = (SHADE, SNOW) if sheet.snowy else (litter, growth)
    share = np.clip(np.float32(0.6) + grain * np.float32(0.9), 0, 1) if not sheet.snowy else shade
    tones = lit(sheet, np.stack([one[c] + (other[c] - one[c]) * share for c in range(3)]), shade)
    sheet.mix(tones, cover, slice(first, None), columns)
    sheet.hide(cover, PART + side, slice(first, None), columns)
