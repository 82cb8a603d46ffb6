"""Abstract: the scene broken by great lines and circles; each shard sees it from elsewhere and in another tone."""

import numpy as np

from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.styles.strokes import ONE, bands, grey, octaves, saturated, shifted, softened, tooth

Cut = tuple[float, float, float, float]
"""A circle (x, y, radius, 0) or a line through (x, y) that leans (x, y, 0, lean), in short sides."""


def cuts(sheet: Sheet, chance: Chance) -> list[Cut]:
    """Rings and rays about the light, a great arc against it, and lines elsewhere."""
    wide, tall = sheet.width / sheet.unit, sheet.height / sheet.unit
    x = min(max(sheet.sun[0] / sheet.unit, wide * 0.18), wide * 0.82)
    y = min(max(sheet.sun[1] / sheet.unit, tall * 0.18), tall * 0.6)
    rings: list[Cut] = [(x, y, radius * chance.between(0.9, 1.1), 0.0) for radius in (0.10, 0.21, 0.36)]
    rays: list[Cut] = [(x, y, 0.0, chance.sign() * chance.between(0.15, 1.0) * (4 if ray % 2 else 1)) for ray in range(5)]
    arcs: list[Cut] = [(wide - x, tall * chance.between(0.75, 1.0), chance.between(0.30, 0.55), 0.0) for _ in range(2)]
    lines: list[Cut] = [(chance.between(0, wide), chance.between(tall * 0.4, tall), 0.0, chance.between(-1.5, 1.5)) for _ in range(5)]
    return [*rings, *rays, *arcs, *lines]


def abstract(sheet: Sheet) -> None:
    """Flat, bold shards with a gradient each and thin bright seams, on canvas."""
    for plane in sheet.rgb:
        plane[:] = softened(plane, octaves(sheet, 6))
    right, down, tone, seam = (np.zeros(sheet.shape, np.float32) for _ in range(4))
    chance = Chance(sheet.seed, "shards")
    made = [shard(sheet, chance, cut) for cut in cuts(sheet, chance)]
    for rows in bands(sheet.height):
        for cut, move, change in made:
            off = distance(sheet, cut, rows)
            far = np.abs(off)
            np.maximum(seam[rows], np.float32(0.5 + sheet.unit / 1024) - far, out=seam[rows])
            np.clip(off, -0.7, 0.7, out=off)
            right[rows] += off * np.float32(move[0] / 0.7)
            down[rows] += off * np.float32(move[1] / 0.7)
            far *= np.float32(-2.6 / sheet.unit)
            far += ONE
            np.maximum(far, np.float32(0.2), out=far)
            far *= off
            far *= np.float32(change / 0.7)
            tone[rows] += far
    shifted(sheet.rgb, down, right)
    weave = tooth(sheet, "canvas")
    for rows in bands(sheet.height):
        flat(sheet.rgb[:, rows], tone[rows], np.clip(seam[rows], 0, 1), weave[rows])


def shard(sheet: Sheet, chance: Chance, cut: Cut) -> tuple[Cut, tuple[float, float], float]:
    """A cut, how far (right, down) it moves what lies beside it, and how much lighter it makes that."""
    move = chance.between(0.008, 0.026) * chance.sign() * sheet.unit, chance.between(0.006, 0.020) * chance.sign() * sheet.unit
    return cut, move, chance.between(0.02, 0.055) * chance.sign()


def distance(sheet: Sheet, cut: Cut, rows: slice) -> Field:
    """How far each point of `rows` lies from a cut, in pixels; below 0 on its one side."""
    px, py, radius, lean = cut
    x, y = sheet.columns() - np.float32(px * sheet.unit), sheet.rows(rows.start, rows.stop) - np.float32(py * sheet.unit)
    if radius:
        return np.asarray(np.sqrt(x * x + y * y) - np.float32(radius * sheet.unit), np.float32)
    return np.asarray((x * np.float32(lean) + y) * np.float32(1 / (1 + lean * lean) ** 0.5), np.float32)


def flat(part: Field, tone: Field, seam: Field, weave: Field) -> None:
    """Few tones, full colours, the shard's own light, and its seam."""
    level = grey(part)
    few = (np.floor(level * np.float32(8)) + np.float32(0.5)) * np.float32(1 / 8)
    to = (few - level) * np.float32(0.6) + tone * np.float32(1.5)
    cloth = ONE + weave * np.float32(0.05)
    saturated(part, level, 1.55)
    for channel in range(3):
        plane = part[channel]
        plane += to
        plane += (ONE - plane) * seam * np.float32(0.22)
        plane *= cloth
