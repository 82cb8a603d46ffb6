"""The finish: bloom, tone, tint, vignette and grain turn a sheet into pixels."""

import numpy as np
from numpy.typing import NDArray

from imagechat.providers.sketch.chance import key
from imagechat.providers.sketch.canvas.curves import spread
from imagechat.providers.sketch.canvas.light import colour
from imagechat.providers.sketch.canvas.noise import Field, lattice
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.styles.remade import STYLES

Pixels = NDArray[np.uint8]
GRADES = {
    "": (1.06, 1.05, 0.5, 0.16, 0.010),
    "photorealistic": (1.10, 0.94, 0.35, 0.24, 0.020),
    "natural": (0.96, 0.86, 0.25, 0.08, 0.008),
    "vivid": (1.20, 1.45, 0.6, 0.18, 0.006),
    "anime": (1.05, 1.22, 0.6, 0.0, 0.0),
}
"""For each style (contrast, saturation, bloom, vignette, grain)."""


def finished(sheet: Sheet) -> Pixels:
    """(height, width, 3) bytes of the whole sheet."""
    contrast, colourful, bloom, vignette, grain = GRADES.get(sheet.spec.style, GRADES[""])
    rgb = sheet.rgb
    if bloom:
        glow(rgb, sheet.marks.shine, bloom)
    graded(rgb, contrast, colourful)
    if tint := sheet.spec.colour("whole"):
        toned(rgb, colour(tint))
    if remade := STYLES.get(sheet.spec.style):
        return pixels(remade(sheet, np.clip(rgb, 0, 1)), sheet.seed, 0.0)
    if vignette:
        darken_corners(rgb, vignette)
    return pixels(rgb, sheet.seed, max(grain, 0.0025))


def partial(sheet: Sheet) -> Pixels:
    """A reduced, graded copy of the sheet as it is now."""
    step = max(1, max(sheet.shape) // 512)
    rgb = sheet.rgb[:, ::step, ::step].copy()
    contrast, colourful, *_ = GRADES.get(sheet.spec.style, GRADES[""])
    graded(rgb, contrast, colourful)
    return pixels(rgb, 0, 0.0)


def glow(rgb: Field, shine: Field, strength: float) -> None:
    """Light that spills around what shines and what is brighter than white."""
    for channel in range(3):
        bright = np.clip(rgb[channel] - np.float32(0.86), 0, 1) + shine * rgb[channel] * np.float32(0.7)
        rgb[channel] += spread(bright, 4) * np.float32(strength * 0.55) + spread(bright, 2) * np.float32(strength * 0.35)


def graded(rgb: Field, contrast: float, colourful: float) -> None:
    """Contrast about the middle, colour about the grey, and a shoulder that keeps the light from clipping."""
    grey = rgb[0] * np.float32(0.2126) + rgb[1] * np.float32(0.7152) + rgb[2] * np.float32(0.0722)
    for channel in range(3):
        part = rgb[channel]
        part -= grey
        part *= np.float32(colourful)
        part += grey
        part -= np.float32(0.46)
        part *= np.float32(contrast)
        part += np.float32(0.46)
    np.clip(rgb, 0, None, out=rgb)
    over = np.clip(rgb - np.float32(0.8), 0, None)
    np.minimum(rgb, np.float32(0.8), out=rgb)
    rgb += over / (np.float32(1) + over * np.float32(3.6))


def toned(rgb: Field, tint: Field) -> None:
    """Draw the whole picture toward one colour: dark and middle tones most."""
    grey = rgb[0] * np.float32(0.2126) + rgb[1] * np.float32(0.7152) + rgb[2] * np.float32(0.0722)
    for channel in range(3):
        part = rgb[channel]
        wanted = grey * (np.float32(0.45) + tint[channel] * np.float32(0.85))
        part += (wanted - part) * np.float32(0.55)


def darken_corners(rgb: Field, strength: float) -> None:
    """A vignette."""
    height, width = rgb.shape[1:]
    y = (np.arange(height, dtype=np.float32)[:, None] / height - np.float32(0.5)) * 2
    x = (np.arange(width, dtype=np.float32)[None, :] / width - np.float32(0.5)) * 2
    square = x * x * np.float32(0.5) + y * y * np.float32(0.5)
    rgb *= np.float32(1) - square * square * np.float32(strength)


def pixels(rgb: Field, seed: int, grain: float) -> Pixels:
    """Bytes, with a grain that also keeps smooth skies from banding."""
    if grain:
        noise = lattice(key(seed, "grain"), rgb.shape[1:])
        rgb += noise * np.float32(grain)
    out = np.clip(rgb * np.float32(255) + np.float32(0.5), 0, 255).astype(np.uint8)
    return np.ascontiguousarray(out.transpose(1, 2, 0))
