"""Anime and cartoon: clear colours in few tones, and lines around things."""

import numpy as np

from imagechat.providers.sketch.canvas.light import rgb
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.styles.strokes import (
    ONE,
    bands,
    bold_outlines,
    grey,
    lightened,
    octaves,
    outlines,
    saturated,
    simplified,
    soft_steps,
    softened,
    white,
)

SHADE = rgb("6f7fd6")
"""The violet blue that anime's shadows lean to."""
INK = rgb("1c1a2e")


def anime(sheet: Sheet) -> None:
    """Clear, luminous colours; soft steps of light on things, none in the air; thin lines in the colour's own dark; light that glows."""
    line = outlines(sheet, 1.5)
    simplified(sheet, 4.5, np.maximum(np.minimum(line * 3, 1), ONE - sheet.marks.cover))
    for rows in bands(sheet.height):
        part, here = sheet.rgb[:, rows], line[rows]
        np.clip(part, 0, 1.2, out=part)
        stepped(part, 6, sheet.marks.cover[rows] * np.float32(0.75))
        saturated(part, grey(part), 1.15)
        clear(part, 0.20 * white(sheet))
        lightened(part, np.float32(0.24 * white(sheet)))
        part *= ONE - here * (np.float32(0.72) - part * np.float32(0.30))
    radiate(sheet, 0.55)


def stepped(part: Field, steps: float, share: Field | float) -> None:
    """Brightness in soft `steps`, by `share`."""
    tone = grey(part)
    level = soft_steps(tone + np.float32(0.25 / steps), steps, 0.34) - np.float32(0.25 / steps)
    part *= ONE + (np.maximum(level, 0.01) / np.maximum(tone, np.float32(0.02)) - ONE) * share


def clear(part: Field, lift: float) -> None:
    """Shadows lifted and cooled, so that no colour is muddy."""
    dark = np.maximum(np.float32(0.55) - grey(part), 0) * np.float32(2.2 * lift)
    part += SHADE[:, None, None] * dark


def radiate(sheet: Sheet, strength: float) -> None:
    """What is light lights the air around it."""
    floor = np.float32(0.70 * white(sheet))
    for plane in sheet.rgb:
        over = softened(np.maximum(plane - floor, 0), octaves(sheet, 28), 2)
        for rows in bands(sheet.height):
            here = plane[rows]
            here += over[rows] * (ONE - np.minimum(here, 1)) * np.float32(strength)


def cartoon(sheet: Sheet) -> None:
    """Flat, bright colours, few for each thing, and bold dark lines around it."""
    line = np.maximum(outlines(sheet, 3.2), bold_outlines(sheet, 3.8))
    simplified(sheet, 10, np.minimum(line * 2, 1))
    bright = 1 / white(sheet)
    for rows in bands(sheet.height):
        part, cover = sheet.rgb[:, rows], sheet.marks.cover[rows]
        np.clip(part, 0, 1, out=part)
        stepped(part, 4.5 * bright, np.float32(0.45) + cover * np.float32(0.50))
        cheered(part, cover)
        part += (INK[:, None, None] - part) * line[rows]


def cheered(part: Field, cover: Field) -> None:
    """Friendly colours: fuller, and lighter on things."""
    saturated(part, grey(part), 1.55)
    lightened(part, np.float32(0.18) + cover * np.float32(0.42))
