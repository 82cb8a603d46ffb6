"""A loose flock of distant birds."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.sheet import Sheet, Spot
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.spec import Subject

PART = 404.5
PLACES = {"left": (0.12, 0.36), "right": (0.64, 0.88), "middle": (0.42, 0.58)}


def aloft(sheet: Sheet, wish: Subject) -> Spot:
    """Where the flock flies: a place of its own in the sky, that nothing else takes."""
    chance = Chance(sheet.seed, "aloft")
    low, high = PLACES.get(wish.place, (0.25, 0.75))
    return Spot("sky", chance.between(low, high) * sheet.width, sheet.horizon * chance.between(0.30, 0.66), sheet.unit / 60)


def paint_birds(sheet: Sheet, spot: Spot, wish: Subject, number: int) -> None:
    """A flock around `spot`: the nearer ones larger; once a flock, however many were asked for."""
    if number:
        return
    chance = Chance(sheet.seed, "birds")
    count = wish.count if wish.count > 1 else chance.whole(6, 13)
    for _ in range(count):
        near = chance.unit()
        size = sheet.unit * (0.0045 + 0.0085 * near * near)
        bird(sheet, spot.x + chance.between(-0.17, 0.17) * sheet.unit, spot.y + chance.between(-0.07, 0.07) * sheet.unit, size, chance)


def bird(sheet: Sheet, x: float, y: float, size: float, chance: Chance) -> None:
    """Two bent wings and a small body; `size`: one wing in pixels."""
    lift, lean, thick = chance.between(0.15, 0.75), chance.between(-0.3, 0.3), max(0.5, size * 0.085)
    left, right = max(0, int(x - size) - 1), min(sheet.width, int(x + size) + 2)
    first, last = max(0, int(y - size) - 2), min(sheet.horizon, int(y + size) + 3)
    if left >= right or first >= last:
        return
    across = (np.arange(left, right, dtype=np.float32)[None, :] - np.float32(x)) / np.float32(size)
    wing = np.abs(across)
    arc = (wing * (np.float32(1.4) - wing) * np.float32(lift) * 2 - across * np.float32(lean)) * np.float32(size)
    rows = np.arange(first, last, dtype=np.float32)[:, None] - np.float32(y)
    width = np.float32(thick) * (np.float32(1.45) - wing + smooth(0.22, 0.0, wing) * np.float32(0.9))
    cover = np.clip(width - np.abs(rows + arc) + np.float32(0.5), 0, 1) * smooth(1.0, 0.85, wing)
    window = slice(first, last), slice(left, right)
    sheet.mix(sheet.light.fill * np.float32(0.35), cover * np.float32(0.88), *window)
    sheet.hide(cover, PART, *window)
