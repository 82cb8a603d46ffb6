"""Watercolour: washes with wet edges, pigment that settles in rough paper, and white that is left bare."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import blurred, smooth
from imagechat.providers.sketch.canvas.light import rgb
from imagechat.providers.sketch.canvas.noise import Field, across
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.styles.strokes import ONE, bands, grey, grown, outlines, saturated, shifted, simplified, soft_steps, tooth

PAPER = rgb("fdfaf3")


def watercolor(sheet: Sheet) -> None:
    """Light washes whose borders wander, with darker rims; thin white gaps between things; a ragged margin."""
    unit = sheet.unit
    half = -(-sheet.height // 2), -(-sheet.width // 2)
    bleed = grown(across(sheet.seed, "bleed", half, 10, octaves=5), sheet.shape)
    bloom = grown(across(sheet.seed, "bloom", half, 4, octaves=5, gain=0.62), sheet.shape)
    gap = outlines(sheet, 1.3, "gaps")
    simplified(sheet, 7)
    shifted(sheet.rgb, bleed * np.float32(unit * 0.007), bloom * np.float32(unit * 0.007))
    density = washes(sheet, bleed)
    rim = density - grown(blurred(middles(density), max(1, unit // 440)), sheet.shape)
    paper = tooth(sheet, "paper")
    for rows in bands(sheet.height):
        thin = strength(density[rows], rim[rows], bloom[rows], paper[rows])
        thin *= ONE - gap[rows] * smooth(0.12, 0.45, bleed[rows]) * np.float32(0.8)
        thin *= margin(sheet, rows, bleed[rows])
        laid(sheet.rgb[:, rows], thin, paper[rows])


def middles(field: Field) -> Field:
    """Every second point."""
    return np.asarray(field[::2, ::2], np.float32)


def washes(sheet: Sheet, bleed: Field) -> Field:
    """How much pigment lies where: the darkness of the picture in soft, wandering steps."""
    density = np.empty(sheet.shape, np.float32)
    for rows in bands(sheet.height):
        dark = ONE - np.clip(grey(sheet.rgb[:, rows]), 0, 1)
        wander = bleed[rows] * np.float32(0.06)
        density[rows] = (dark + soft_steps(dark + wander, 5, 0.22) - wander) * np.float32(0.5)
    return density


def strength(density: Field, rim: Field, bloom: Field, paper: Field) -> Field:
    """How strongly the paint stands: darker at wet rims, in pools, and where the paper is low."""
    wet = ONE + np.clip(rim * np.float32(6), -0.14, 0.6)
    pool = np.float32(0.82) + bloom * np.float32(0.34)
    settled = ONE + paper * (np.float32(0.10) + density * np.float32(0.16))
    return np.asarray(wet * pool * settled, np.float32)


def laid(part: Field, thin: Field, paper: Field) -> None:
    """Paint over white paper: `thin` 0 leaves the paper, 1 the colour."""
    saturated(part, grey(part), 1.7)
    bump = ONE + paper * np.float32(0.014)
    for channel, plane in enumerate(part):
        taken = np.clip(ONE - plane, 0, 1) * thin
        taken *= np.float32(0.95) - taken * (ONE - taken) * np.float32(0.40)
        plane[:] = PAPER[channel] * (ONE - np.minimum(taken, np.float32(0.94))) * bump


def margin(sheet: Sheet, rows: slice, rough: Field) -> Field:
    """0 on the bare, ragged margin, 1 within, a little more along the rim where paint gathers."""
    down, right = sheet.rows(rows.start, rows.stop), sheet.columns()
    off = np.minimum(np.minimum(down, sheet.height - 1 - down), np.minimum(right, sheet.width - 1 - right))
    depth = off * np.float32(1 / sheet.unit) + rough * np.float32(0.014)
    return np.asarray(smooth(0.022, 0.027, depth) * (np.float32(1.16) - smooth(0.024, 0.036, depth) * np.float32(0.16)), np.float32)
