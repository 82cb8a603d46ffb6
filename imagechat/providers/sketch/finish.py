"""The finish: bloom, tone, tint, haze, vignette and grain turn a sheet into pixels, a band of rows at a time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imagechat.providers.sketch.canvas.curves import blurred, halved
from imagechat.providers.sketch.canvas.light import colour
from imagechat.providers.sketch.canvas.noise import Field, enlarged, lattice
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import key
from imagechat.providers.sketch.styles.grades import regraded
from imagechat.providers.sketch.styles.strokes import bands, grey
from imagechat.providers.sketch.styles.table import STYLES

Pixels = NDArray[np.uint8]
PREVIEW = 360
"""The most points on a side of a picture that is told of while it is painted."""
MIDDLE = 0.46
"""The brightness that contrast leaves as it is."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a style is developed: `contrast` and `colourful` about 1; `curve`: how far an S bends the tones; `bloom`, `vignette`, `haze`
    (of the far ground) and `grain` from 0; `warm` lights and cool shadows.
    """

    contrast: float = 1.06
    colourful: float = 1.05
    curve: float = 0.0
    bloom: float = 0.5
    vignette: float = 0.0
    grain: float = 0.0025
    warm: float = 0.0
    haze: float = 0.0


LOOKS = {
    "": Look(vignette=0.14, grain=0.008),
    "photorealistic": Look(1.02, 0.95, curve=0.34, bloom=0.6, vignette=0.24, grain=0.016, warm=0.02, haze=0.10),
    "natural": Look(0.93, 0.86, bloom=0.45, vignette=0.05, grain=0.007, warm=0.008, haze=0.06),
    "vivid": Look(1.12, 1.42, curve=0.45, bloom=0.65, vignette=0.20, grain=0.005, warm=0.015),
    "anime": Look(0.98, 1.18, bloom=0.8),
    "cartoon": Look(1.02, 1.15, bloom=0.3),
    "3d": Look(1.0, 1.12, bloom=0.4),
    "watercolor": Look(0.98, 1.12, bloom=0.3),
    "oil_painting": Look(1.05, 1.15, bloom=0.5),
    "sketch": Look(1.1, bloom=0.2),
    "line_art": Look(1.1, bloom=0.0),
    "pixel_art": Look(1.05, 1.2, bloom=0.6),
    "abstract": Look(1.05, 1.25, bloom=0.4),
}


NEUTRAL = Look(1.0, 1.0, bloom=0.0)
"""How a picture that Sketch did not paint is developed where no style is asked for: as it is."""


def look_of(sheet: Sheet) -> Look:
    """The look of the style."""
    style = sheet.spec.style if sheet.spec.style in LOOKS else ""
    return NEUTRAL if sheet.foreign and not style else LOOKS[style]


def finished(sheet: Sheet) -> Pixels:
    """(height, width, 3) bytes of the whole sheet, whose colours are used up."""
    look = look_of(sheet)
    developed(sheet, look)
    if remade := STYLES.get(sheet.spec.style):
        remade(sheet)
    return pixels(sheet.rgb, sheet.seed, look.grain)


def partial(sheet: Sheet) -> Pixels:
    """A reduced, graded copy of the sheet as it is now."""
    step = -(-max(sheet.shape) // PREVIEW)
    rgb = sheet.rgb[:, ::step, ::step].copy()
    graded(rgb, look_of(sheet))
    regraded(rgb, sheet.spec.grade)
    return pixels(rgb, 0, 0.0)


def developed(sheet: Sheet, look: Look) -> None:
    """Bloom, grade, tint, haze and vignette, in place."""
    halo = glow(sheet.rgb, sheet.marks.shine, look.bloom) if look.bloom else None
    tint = sheet.spec.colour("whole")
    for rows in bands(sheet.height):
        part = sheet.rgb[:, rows]
        if halo is not None:
            add_glow(part, halo, rows, sheet.height)
        if look.haze:
            veil(sheet, rows, look.haze)
        graded(part, look)
        regraded(part, sheet.spec.grade)
        if tint:
            toned(part, colour(tint))
        if look.vignette:
            darken_corners(part, rows, sheet.height, look.vignette)


def glow(rgb: Field, shine: Field, strength: float) -> Field:
    """Light that spills around what shines and what is brighter than white: (3, a quarter of the rows, width)."""
    lamps = halved(shine) if shine.any() else None
    planes = []
    for plane in rgb:
        small = quick_half(plane)
        bright = np.maximum(small - np.float32(0.86), 0)
        if lamps is not None:
            bright += lamps * small * np.float32(0.7)
        near = halved(bright)
        wide = enlarged(blurred(halved(halved(near)), 2), near.shape) if min(near.shape) >= 16 else near
        spilled = blurred(near, 1) * np.float32(strength * 0.4) + wide * np.float32(strength * 0.6)
        planes.append(enlarged(spilled, (spilled.shape[0], plane.shape[1])))
    return np.stack(planes)


def quick_half(plane: Field) -> Field:
    """Half the resolution, rows first: the memory's own order."""
    height, width = (side - side % 2 for side in plane.shape)
    pairs = plane[0:height:2] + plane[1:height:2]
    out = pairs[:, 0:width:2] + pairs[:, 1:width:2]
    out *= np.float32(0.25)
    return np.asarray(out, np.float32)


def add_glow(part: Field, halo: Field, rows: slice, height: int) -> None:
    """Add the rows of `halo` that belong to the `rows` of a picture of `height`."""
    have = halo.shape[1]
    at = np.clip((np.arange(rows.start, rows.stop, dtype=np.float64) + 0.5) * (have / height) - 0.5, 0, have - 1)
    low = at.astype(np.int64)
    share = (at - low).astype(np.float32)[:, None]
    for channel in range(3):
        below = halo[channel][low]
        above = halo[channel][np.minimum(low + 1, have - 1)]
        above -= below
        above *= share
        below += above
        part[channel] += below


def veil(sheet: Sheet, rows: slice, strength: float) -> None:
    """The air of the distance: what stands near the horizon fades a little into the haze."""
    off = (sheet.rows(rows.start, rows.stop) - np.float32(sheet.horizon)) / np.float32(sheet.height * 0.16)
    share = np.float32(strength) / (np.float32(1) + off * off * off * off) * sheet.marks.cover[rows]
    sheet.mix(sheet.light.haze, share, rows)


def graded(rgb: Field, look: Look) -> None:
    """Contrast about the middle, colour about the grey, warm lights, an S of the tones, and a shoulder that keeps light from clipping."""
    if look is NEUTRAL:
        return
    base = grey(rgb)
    base *= np.float32((1 - look.colourful) * look.contrast)
    base += np.float32(MIDDLE * (1 - look.contrast))
    for channel in range(3):
        plane = rgb[channel]
        warm = look.warm * (1 - channel)
        plane *= np.float32(look.colourful * look.contrast * (1 + warm))
        plane += base
        if warm:
            plane -= np.float32(warm * 0.55)
        shoulder(plane)
        if look.curve:
            bend(plane, look.curve)


def shoulder(plane: Field) -> None:
    """What is brighter than 0.8 is held back, the more the brighter."""
    over = plane - np.float32(0.8)
    np.maximum(over, 0, out=over)
    if over.any():
        np.minimum(plane, np.float32(0.8), out=plane)
        rest = over * np.float32(3.6)
        rest += np.float32(1)
        over /= rest
        plane += over


def bend(plane: Field, strength: float) -> None:
    """An S: darker shadows, lighter lights, by x (1 - s + s x (3 - 2 x))."""
    turn = plane * np.float32(-2 * strength)
    turn += np.float32(3 * strength)
    turn *= plane
    turn += np.float32(1 - strength)
    plane *= turn


def toned(rgb: Field, tint: Field) -> None:
    """Draw the whole picture toward one colour: dark and middle tones most."""
    tone = grey(rgb)
    for channel in range(3):
        part = rgb[channel]
        wanted = tone * (np.float32(0.45) + tint[channel] * np.float32(0.85))
        part += (wanted - part) * np.float32(0.55)


def darken_corners(part: Field, rows: slice, height: int, strength: float) -> None:
    """A vignette over the `rows` of a picture of `height`."""
    width = part.shape[2]
    y = (np.arange(rows.start, rows.stop, dtype=np.float32)[:, None] / height - np.float32(0.5)) * 2
    x = (np.arange(width, dtype=np.float32)[None, :] / width - np.float32(0.5)) * 2
    square = x * x * np.float32(0.5) + y * y * np.float32(0.5)
    square *= square
    square *= np.float32(-strength)
    square += np.float32(1)
    part *= square


def pixels(rgb: Field, seed: int, grain: float) -> Pixels:
    """Bytes, with a grain that also keeps smooth skies from banding."""
    height, width = rgb.shape[1:]
    out = np.empty((height, width, 3), np.uint8)
    for rows in bands(height):
        noise: Field = lattice(key(seed, "grain", str(rows.start)), (rows.stop - rows.start, width) if grain else (1, 1))
        noise *= np.float32(grain * 255)
        noise += np.float32(0.5)
        for channel in range(3):
            plane = rgb[channel, rows] * np.float32(255)
            plane += noise
            np.maximum(plane, 0, out=plane)
            np.minimum(plane, 255, out=plane)
            out[rows, :, channel] = plane
    return out
