"""Pencil and ink: tone made of strokes alone, and lines around things."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import blurred, smooth, wave
from imagechat.providers.sketch.canvas.light import rgb
from imagechat.providers.sketch.canvas.noise import Field, across
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.styles.strokes import (
    ONE,
    bands,
    grey,
    grown,
    hatch_tile,
    hatching,
    lamps,
    leaning,
    octaves,
    outlines,
    softened,
    tooth,
    white,
)

PENCIL_PAPER, LEAD = rgb("f7f3e8"), rgb("26262c")
INK_PAPER, INK = rgb("fefdf9"), rgb("14151b")


FINE = 110
"""Engraved lines along the short side."""


def sketch(sheet: Sheet) -> None:
    """Hatching that grows denser with the dark, in another direction for each thing; soft shading under it; lines; warm rough paper."""
    tone = shades(sheet, 2.0)
    rim = tone - softened(tone, octaves(sheet, 9))
    line = outlines(sheet, 2.6)
    paper = tooth(sheet, "paper")
    strokes = [hatch_tile(sheet, f"strokes {number}") for number in range(3)]
    for rows in bands(sheet.height):
        here, rough = tone[rows], paper[rows]
        dark = np.clip(np.float32(0.92) - here, 0, 1) * np.float32(0.34)
        for turn, below in enumerate((0.72, 0.46, 0.24)):
            if here.min() < below + 0.06:
                laid = hatching(sheet, strokes[turn], rows, leaning(sheet, rows, turn * 2))
                dark += smooth(-0.22, 0.36, laid) * smooth(below + 0.06, below - 0.34, here) * np.float32(0.40)
        dark += np.clip(rim[rows] * np.float32(-2.6), -0.12, 0.45)
        dark *= np.float32(0.90) + rough * np.float32(0.75)
        np.maximum(dark, line[rows] * np.clip(np.float32(0.80) + rough * np.float32(0.5), 0, 1), out=dark)
        drawn(sheet.rgb[:, rows], PENCIL_PAPER, LEAD, np.clip(dark, 0, 0.90))
        sheet.rgb[:, rows] *= ONE + rough * np.float32(0.022)


def shades(sheet: Sheet, thousandths: float) -> Field:
    """Brightness against this light's white, without the finest detail."""
    tone = grey(sheet.rgb) * np.float32(1 / white(sheet))
    return blurred(np.clip(tone, 0, 1), max(1, round(sheet.unit * thousandths / 1000)), 1)


def drawn(part: Field, paper: Field, ink: Field, dark: Field) -> None:
    """Put `dark` of the ink on the paper."""
    for channel, plane in enumerate(part):
        plane[:] = paper[channel] + (ink[channel] - paper[channel]) * dark


def line_art(sheet: Sheet) -> None:
    """Ink on white: outlines that swell and thin, engraved lines where things are dark, a few contours in the air."""
    tone = softened(shades(sheet, 4.0), octaves(sheet, 8), 2)
    press = grown(across(sheet.seed, "hand", (-(-sheet.height // 2), -(-sheet.width // 2)), 9, octaves=4), sheet.shape)
    line = outlines(sheet, 2.6)
    contour = contours(sheet, tone, press)
    for rows in bands(sheet.height):
        ink = engraved(sheet, rows, tone[rows], press[rows])
        np.maximum(ink, contour[rows], out=ink)
        np.maximum(ink, line[rows], out=ink)
        ink *= ONE - lamps(sheet, rows)
        drawn(sheet.rgb[:, rows], INK_PAPER, INK, ink)


def engraved(sheet: Sheet, rows: slice, tone: Field, press: Field) -> Field:
    """Parallel lines that swell with the dark, on things only."""
    right, down = leaning(sheet, rows, 1)
    scale = np.float32(FINE / sheet.unit)
    over = (sheet.rows(rows.start, rows.stop) * right - sheet.columns() * down) * scale + press * np.float32(0.55)
    ridge = wave(over) * np.float32(0.5) + np.float32(0.5)
    swell = smooth(0.54, -0.05, tone + press * np.float32(0.10)) * np.float32(0.56)
    soft = 0.9 * FINE / sheet.unit * 3.2
    ink = np.clip((swell - ridge) * np.float32(1 / max(soft, 0.12)) + np.float32(0.5), 0, 1) * smooth(0.05, 0.10, swell)
    return np.asarray(ink * sheet.marks.cover[rows], np.float32)


def contours(sheet: Sheet, tone: Field, press: Field) -> Field:
    """Thin, broken lines where a smooth tone passes a few steps."""
    levels = tone * np.float32(4) + np.float32(0.2)
    slope_y, slope_x = np.zeros_like(tone), np.zeros_like(tone)
    slope_y[1:], slope_x[:, 1:] = levels[1:] - levels[:-1], levels[:, 1:] - levels[:, :-1]
    slope = np.sqrt(slope_y * slope_y + slope_x * slope_x)
    off = np.abs(levels - np.floor(levels) - np.float32(0.5))
    thin = np.float32(max(0.7, sheet.unit / 1100))
    near = np.clip(thin + np.float32(0.5) - off / np.maximum(slope, np.float32(0.002)), 0, 1)
    near *= smooth(10.2 / sheet.unit, 22.5 / sheet.unit, slope) * np.float32(0.9)
    return np.asarray(near * smooth(-0.60, -0.25, press), np.float32)
