"""Grades: what words like "warmer" or "black and white" do to the light of the whole picture."""

from collections.abc import Callable

import numpy as np

from imagechat.providers.sketch.canvas.light import rgb
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.styles.strokes import grey

SEPIA = rgb("e8cfa4")


def tinted(colours: Field, gains: tuple[float, float, float]) -> None:
    """Each channel by its own gain."""
    colours *= np.array(gains, np.float32)[:, None, None]


def lifted(colours: Field, share: float) -> None:
    """Brighter (above 0) or darker middle tones; black and white stay: x + share · x · (1 - x)."""
    colours += colours * np.clip(np.float32(1) - colours, 0, 1) * np.float32(share)


def spread(colours: Field, contrast: float) -> None:
    """More (above 1) or less contrast about the middle."""
    colours -= np.float32(0.46)
    colours *= np.float32(contrast)
    colours += np.float32(0.46)


def coloured(colours: Field, share: float) -> None:
    """More (above 1) or less colour about the grey."""
    level = grey(colours)
    colours -= level
    colours *= np.float32(share)
    colours += level


def toned(colours: Field) -> None:
    """The browns of an old print."""
    coloured(colours, 0.0)
    tinted(colours, (float(SEPIA[0]), float(SEPIA[1]), float(SEPIA[2])))


GRADES: dict[str, Callable[[Field], None]] = {
    "warm": lambda colours: tinted(colours, (1.08, 1.0, 0.86)),
    "cool": lambda colours: tinted(colours, (0.88, 0.98, 1.10)),
    "bright": lambda colours: lifted(colours, 0.55),
    "dark": lambda colours: lifted(colours, -0.55),
    "contrast": lambda colours: spread(colours, 1.28),
    "soft": lambda colours: spread(colours, 0.80),
    "colourful": lambda colours: coloured(colours, 1.40),
    "muted": lambda colours: coloured(colours, 0.60),
    "mono": lambda colours: coloured(colours, 0.0),
    "sepia": toned,
}
"""What each grade does to (3, rows, columns) of colours from 0 to 1, in place."""


def regraded(colours: Field, names: tuple[str, ...]) -> None:
    """Each grade in turn, in place; one that comes twice works twice."""
    for name in names:
        GRADES[name](colours)
