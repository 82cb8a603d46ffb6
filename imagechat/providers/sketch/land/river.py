"""Rivers: in bends through a green valley, between the walls of a gorge, broad and slow through the plain."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import box, smooth, wave
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Layer, Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.coast import floor
from imagechat.providers.sketch.land.falls import Falls, closed, pour
from imagechat.providers.sketch.land.footholds import offer_land, offer_water, plant
from imagechat.providers.sketch.land.grain import FOCUS
from imagechat.providers.sketch.land.ground import Coat
from imagechat.providers.sketch.land.relief import Seen, View, crowns, raise_land, rough, view
from imagechat.providers.sketch.land.water import calmness, flood
from imagechat.providers.sketch.land.waves import Waters

VALLEY, GORGE, PLAIN = 475.0, 483.0, 489.0
TREE = 0.06
BENDS = (0.3, 0.75, 1.3, 2.0, 3.0, 4.3, 6.0, 8.5, 12.0)


def course(sheet: Sheet, at: View, swing: float) -> Field:
    """Where the middle of the river lies, sideways, at each depth: it swings to and fro, wider the farther it is away."""
    chance = Chance(sheet.seed, "course")
    side = sheet.composition.side
    turns = [-side * (-1) ** i * swing * chance.between(0.55, 1.1) * (0.30 + 0.28 * deep) for i, deep in enumerate(BENDS)]
    turns[0] *= 0.4
    line = np.interp(at.depth, BENDS, turns).astype(np.float32)
    return box(box(line, len(at.depth) // 24, 0), len(at.depth) // 24, 0)


def paint_valley(sheet: Sheet) -> None:
    """A valley from above: meadows and woods, hills on both sides, and the river that winds to the far end."""
    chance = Chance(sheet.seed, "valley")
    at = view(sheet, 0.55, 13.0, chance.between(0.34, 0.50))
    middle = course(sheet, at, chance.between(0.55, 0.95))
    off = np.abs(at.x - middle) + rough(sheet, "banks", at, 1.4, octaves=3) * np.float32(0.03)
    bank = off - np.float32(chance.between(0.085, 0.13)) * (np.float32(0.8) + at.depth * np.float32(0.09))
    slope = np.abs(at.x - middle * np.float32(0.35)) / (np.float32(0.55) + at.depth * np.float32(0.20))
    swell = rough(sheet, "hills", at, 0.55, octaves=5, gain=0.45)
    tall = np.float32(chance.between(0.42, 0.75))
    hills = smooth(0.55, 2.4, slope + swell * np.float32(0.25)) * tall * (1 + swell * np.float32(0.55))
    hills = hills + smooth(6.5, 11.0, at.depth) * np.float32(0.8) * (np.float32(0.75) + swell * np.float32(0.6))
    groves = rough(sheet, "groves", at, 1.3, octaves=4)
    wood = smooth(0.05, 0.09, bank) * smooth(0.10, 0.22, groves + smooth(0.08, 0.3, hills) * np.float32(0.35))
    height = banked(bank, hills * smooth(0.02, 0.5, bank)) + wooded(sheet, at, wood)
    seen = raise_land(sheet, at, height, Coat(wood=wood, steep=0.62, low=True), VALLEY)
    alone = (bank > 0.02) & (wood < 0.1) & (hills < 0.2) & (at.depth < 4.0) & ((bank < 0.06) | (groves > -0.02))
    plant(sheet, at, height, alone, (60, 9.0, VALLEY))
    stream(sheet, at, seen, 0.014)
    offer_land(sheet, at, height, (bank > 0.08) & (wood < 0.1) & (hills < 0.25) & (at.depth > 0.8) & (at.depth < 4.5))


def banked(bank: Field, hills: Field) -> Field:
    """The ground: a low bank at the water, then the land; below 0 in the river."""
    return np.asarray(np.where(bank > 0, np.clip(bank, 0, 0.03) * np.float32(0.27) + hills, bank * np.float32(0.27)), np.float32)


def wooded(sheet: Sheet, at: View, wood: Field) -> Field:
    """How high the trees stand."""
    return np.asarray(wood * (np.float32(0.55) + crowns(sheet, "crowns", at, 22.0) * np.float32(0.5)) * np.float32(TREE), np.float32)


def stream(sheet: Sheet, at: View, seen: Seen, reach: float, white: Field | None = None, *, slack: float = 0.2) -> None:
    """The water of a river: calm, its banks mirrored for a little way, without surf."""
    flood(sheet, Waters(calmness(sheet) * 0.8, eye=at.eye, reach=int(sheet.unit * reach), stream=white, slack=slack))
    offer_water(sheet, at, seen)


def paint_plain(sheet: Sheet) -> None:
    """A broad river through meadows, with trees along its banks and low hills far away."""
    chance = Chance(sheet.seed, "plain")
    at = view(sheet, 0.30, 12.0, chance.between(0.10, 0.16))
    middle = course(sheet, at, chance.between(0.5, 0.9)) * np.float32(0.6)
    off = np.abs(at.x - middle) + rough(sheet, "banks", at, 1.2, octaves=3) * np.float32(0.05)
    bank = off - np.float32(chance.between(0.12, 0.18)) * (np.float32(0.9) + at.depth * np.float32(0.12))
    bank = bank - smooth(0.70, 0.35, at.depth) * np.float32(0.20)
    swell = rough(sheet, "hills", at, 0.4, octaves=4, gain=0.45)
    hills = smooth(4.5, 9.0, at.depth) * np.float32(chance.between(0.12, 0.4)) * (np.float32(0.7) + swell) + swell * np.float32(0.012)
    groves = rough(sheet, "groves", at, 1.0, octaves=4)
    rim = smooth(0.05, 0.09, bank) * smooth(0.34, 0.16, bank)
    wood = np.maximum(rim * smooth(-0.12, 0.05, groves), smooth(0.24, 0.36, groves) * smooth(0.1, 0.2, bank)) * smooth(1.7, 2.2, at.depth)
    height = banked(bank, np.maximum(hills, 0) * smooth(0.0, 0.4, bank)) + wooded(sheet, at, wood) * np.float32(1.25)
    seen = raise_land(sheet, at, height, Coat(wood=wood, low=True), PLAIN)
    near = (at.depth < 2.4) & (at.depth > 0.7) & (wood < 0.3)
    plant(sheet, at, height, near & (bank > 0.012) & (((bank < 0.10) & (groves > -0.08)) | (groves > 0.26)), (90, 11.0, PLAIN))
    stream(sheet, at, seen, 0.5)
    offer_land(sheet, at, height, (bank > 0.07) & (wood < 0.1) & (at.depth > 0.6) & (at.depth < 3.5))


def paint_gorge(sheet: Sheet) -> None:
    """Steep walls left and right, white water between them, and at their end light, or a waterfall from a higher valley."""
    chance = Chance(sheet.seed, "gorge")
    at = view(sheet, 0.32, 9.0, chance.between(0.13, 0.19))
    falls = Falls(chance.between(1.9, 3.0), chance.between(0.34, 0.62), chance.between(0.07, 0.15)) if chance.happens(0.62) else None
    middle = course(sheet, at, chance.between(0.25, 0.4)) * np.float32(0.45 if falls else 1.0)
    crags = rough(sheet, "crags", at, 2.2, gain=0.6)
    off = np.abs(at.x - middle)
    bank = off - np.float32(chance.between(0.15, 0.22)) * (1 + at.depth * np.float32(0.10)) + crags * np.float32(0.09)
    tall = np.float32(chance.between(0.55, 0.95)) * (1 + rough(sheet, "downs", at, 0.7, octaves=3) * np.float32(0.35))
    wall = ledges(bank) * tall * (np.float32(0.85) + crags * np.float32(0.2)) * smooth(0.25, 0.9, at.depth + bank)
    rocks = rough(sheet, "rocks", at, 6.0, octaves=3) - np.float32(0.40) - smooth(0.75, 0.5, at.depth)
    wood = smooth(0.10, 0.16, bank) * smooth(0.0, 0.18, rough(sheet, "groves", at, 2.0, octaves=3)) * np.float32(0.9)
    height = np.where(bank > 0, wall + np.float32(0.003), np.maximum(bank * np.float32(0.5), rocks * np.float32(0.12)))
    if falls:
        height = closed(at, height, off, crags, falls)
    seen = raise_land(sheet, at, height + wooded(sheet, at, wood) * np.float32(0.7), Coat(wood=wood, steep=0.76), GORGE)
    if falls:
        pour(sheet, seen, float(np.interp(falls.deep, at.depth[:, 0], middle[:, 0])), falls)
    stream(sheet, at, seen, 2.0, rapids(sheet, at, seen, falls), slack=20 if falls else 0.2)


def ledges(bank: Field) -> Field:
    """How a wall rises in three steps from the water, 0 to 1."""
    steps = smooth(0.02, 0.10, bank) * np.float32(0.42) + smooth(0.14, 0.26, bank) * np.float32(0.38)
    return np.asarray(steps + smooth(0.3, 0.6, bank) * np.float32(0.2), np.float32)


def rapids(sheet: Sheet, at: View, seen: Seen, falls: Falls | None) -> Field:
    """How white the water is: most beside the rocks, where the river runs down in steps, and under a waterfall."""
    deep = floor(sheet, seen)
    far = np.float32(at.eye * sheet.unit * FOCUS) / (sheet.rows(sheet.horizon) - np.float32(sheet.horizon) + np.float32(0.5))
    runs = smooth(0.15, 0.75, wave(far * np.float32(1.9))) * smooth(0.5, 1.2, far) * np.float32(0.45)
    white = smooth(0.05, 0.0, deep) * np.float32(0.8) + np.float32(0.22) + runs
    if falls:
        white = white + smooth(0.7, 0.05, np.float32(falls.deep) - far) * np.float32(1.4)
    return np.asarray(np.clip(white, 0, 1) * (deep < 4), np.float32)


LAYERS: dict[str, list[Layer]] = {
    "valley": [("land", paint_valley)],
    "gorge": [("land", paint_gorge)],
    "plain": [("land", paint_plain)],
}
