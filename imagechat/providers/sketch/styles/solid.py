"""3D: the scene as a rendered diorama of soft clay, with round edges, studio light, and a lens that is sharp in the middle ground."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.styles.strokes import (
    ONE,
    WATER,
    bands,
    borders,
    grey,
    lightened,
    octaves,
    saturated,
    simplified,
    softened,
    white,
)

ROUND = 15.0
"""How wide the round edges are, in thousandths of the short side."""


def solid(sheet: Sheet) -> None:
    """Clay: forms raised from the borders of things and from light and dark, then lit anew."""
    edge = borders(sheet)
    simplified(sheet, 10, np.minimum(softened(edge, octaves(sheet, 4), 1) * np.float32(1.6), 0.7))
    height, hollow = relief(sheet, edge)
    side = np.float32(-sheet.composition.side)
    bright = white(sheet)
    for rows in bands(sheet.height):
        across, down = slopes(height, rows)
        lean = across * side * np.float32(0.7) + down
        shaded(sheet.rgb[:, rows], lean, hollow[rows], sheet.marks.part[rows] != 0, bright)
    focused(sheet)


def relief(sheet: Sheet, edge: Field) -> tuple[Field, Field]:
    """How high each point stands, in pixels, and how hollow it lies, 0 to 1: things have round edges, light swells, water is flat."""
    reach = np.float32(sheet.unit / 1000 * ROUND)
    wet = sheet.marks.part == WATER
    height = ONE - np.minimum(softened(edge, octaves(sheet, ROUND), 2) * (reach * np.float32(0.7)), 1)
    height *= np.float32(2) - height
    height *= reach * np.float32(2.2) * (~wet & (sheet.marks.part != 0))
    height = softened(height, octaves(sheet, 4), 1)
    height += softened(grey(sheet.rgb), octaves(sheet, 14), 2) * (np.float32(sheet.unit * 0.06) * ~wet)
    wide = softened(edge, octaves(sheet, ROUND * 3), 2)
    return height, np.minimum(wide * reach * np.float32(1.3), 1) * (ONE - wet * np.float32(0.7))


def slopes(height: Field, rows: slice) -> tuple[Field, Field]:
    """How much `rows` fall to the right and downward."""
    last = height.shape[0] - 1
    numbers = np.arange(rows.start, rows.stop)
    down = height[np.maximum(numbers - 1, 0)] - height[np.minimum(numbers + 1, last)]
    here = np.pad(height[rows], ((0, 0), (1, 1)), mode="edge")
    return here[:, :-2] - here[:, 2:], -down


def shaded(part: Field, lean: Field, hollow: Field, things: Field, bright: float) -> None:
    """Light from above and from the sun's side, a shine on ridges, dark in the hollows, and full colours."""
    turned = lean / np.sqrt(lean * lean + np.float32(1.2))
    hollow = hollow * things
    turned *= ONE - hollow * np.float32(0.78)
    light = ONE + turned * np.float32(0.40)
    light *= ONE - hollow * np.float32(0.26)
    shine = np.maximum(turned - np.float32(0.40), 0)
    shine *= shine * np.float32(0.9 * bright) * things
    saturated(part, grey(part), 1.4)
    lightened(part, np.float32(0.34 * bright))
    for channel in range(3):
        plane = part[channel]
        plane += (np.float32(bright) - plane) * np.float32(0.11)
        plane *= light
        plane += shine


def focused(sheet: Sheet) -> None:
    """Sharp about the horizon, soft toward the near ground and the top of the sky."""
    rows = (sheet.rows() - np.float32(sheet.horizon)) / np.float32(sheet.height)
    share = np.maximum(smooth(0.22, 0.60, rows), smooth(-0.25, -0.65, rows))
    seen = np.flatnonzero(share[:, 0] <= 0)
    first, last = (int(seen[0]), int(seen[-1]) + 1) if seen.size else (sheet.height, sheet.height)
    for start, end in ((0, first), (last, sheet.height)):
        for plane in sheet.rgb[:, start:end]:
            if start < end:
                plane[:] += (softened(plane, octaves(sheet, 5), 1) - plane) * share[start:end]
