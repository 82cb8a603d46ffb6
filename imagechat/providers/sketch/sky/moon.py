"""The moon: its halo, its seas, its phase."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import fall, smooth
from imagechat.providers.sketch.canvas.noise import Field, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.styles.strokes import bands

SHADOW = 0.07
"""How bright the moon's dark side is."""
TURNS = {"half": 0.0, "crescent": 0.74}
"""Where the shadow's edge crosses the moon, from -1 to 1."""


def paint_moon(sheet: Sheet) -> None:
    """A moon with its seas, in the phase asked for or one by the seed, and a halo; before the night it is pale, its shadow is the sky's."""
    chance = Chance(sheet.seed, "moon face")
    x, y = sheet.moon
    radius = sheet.unit * chance.between(0.036, 0.056)
    right, down = (sheet.columns() - np.float32(x)) / np.float32(radius), (sheet.rows() - np.float32(y)) / np.float32(radius)
    halo = right * right + down * down
    if sheet.night:
        for part in bands(sheet.height):
            sheet.add(sheet.light.glow, fall(halo[part] * 0.012) * np.float32(0.26) + fall(halo[part] * 0.10) * np.float32(0.24), part)
    rows = slice(max(0, int(y - radius) - 3), max(0, min(sheet.height, int(y + radius) + 4)))
    columns = slice(max(0, int(x - radius) - 3), max(0, min(sheet.width, int(x + radius) + 4)))
    right, down, square = right[:, columns], down[rows], halo[rows, columns]
    edge = 1.6 / radius
    disc = smooth(1 + edge, 1 - edge, square)
    seas = sampled(tile(sheet.seed, "moon seas", (8, 8), 64, octaves=4), down * 16 + 64 + 0 * right, right * 16 + 64 + 0 * down)
    face = np.clip(0.95 - smooth(0.0, 0.5, seas) * np.float32(0.22) - square * np.float32(0.10), 0, 1.05)
    lit = phase(chance, right, down, sheet.spec.phase)
    tone = np.array([1.0, 0.98, 0.92], np.float32)[:, None, None] * face
    if sheet.night:
        sky = sheet.rgb[:, rows, columns]
        dark = sky.min(axis=2)[:, :, None] if sky.size else sky
        tone = tone * lit + dark * np.float32(1.05) * (np.float32(1) - lit)
    else:
        disc = disc * (lit - np.float32(SHADOW)) / np.float32(1 - SHADOW) * np.float32(0.75 if sheet.spec.time == "day" else 0.92)
    sheet.mix(tone, disc, rows, columns)
    sheet.marks.shine[rows, columns] += disc * face * lit


def phase(chance: Chance, right: Field, down: Field, asked: str) -> Field:
    """How much of each point of the moon is lit: as `asked`, else mostly full, sometimes waxing or waning."""
    turn = chance.between(-0.8, 1.0)
    side = chance.sign()
    if asked == "full" or (not asked and turn > 0.25):
        return np.ones_like(right * down)
    turn = TURNS.get(asked, turn)
    bulge = np.sqrt(np.clip(1 - down * down, 0, 1))
    return smooth(-0.12, 0.12, right * np.float32(side) - bulge * np.float32(turn)) * np.float32(1 - SHADOW) + np.float32(SHADOW)
