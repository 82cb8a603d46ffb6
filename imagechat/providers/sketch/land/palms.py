"""Palms of an oasis: a bent stem and a crown of feathered fronds."""

import numpy as np

from imagechat.providers.sketch.canvas.light import rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.land.dabs import Blades, grow
from imagechat.providers.sketch.land.slopes import haze, strengths, sunward

FRONDS = 15
LEAFLETS = 21
BARK = rgb("7a5c40")
LEAF = (rgb("2e4a24"), rgb("86a044"))


def palm(sheet: Sheet, number: int, foot: tuple[float, float], tall: float, *, veil: float = 0.0, part: float = 380.0) -> None:
    """One palm of `tall` pixels with its stem's foot at `foot`; `veil`: how much haze lies before it."""
    chance = Chance(sheet.seed, "palm", str(number))
    lean = chance.between(-0.30, 0.30) * tall
    stem(sheet, (foot, lean, tall), veil, part)
    tip = foot[0] + lean, foot[1] - tall
    draws = lattice(key(sheet.seed, "fronds", str(number)), (5, FRONDS)) * np.float32(0.5) + np.float32(0.5)
    order = np.argsort(draws[4], kind="stable")
    side = order.astype(np.float32) * np.float32(2 / (FRONDS - 1)) - np.float32(1)
    grow(sheet, fronds(sheet, tip, tall, (draws[:, order], side), veil), part=part)


def stem(sheet: Sheet, shape: tuple[tuple[float, float], float, float], veil: float, part: float) -> None:
    """The stem: rings of bark, lit from the sun's side."""
    (x, y), lean, tall = shape
    right = sunward(sheet)[0]
    thick = max(1.0, tall * 0.040)
    lanes = max(2, int(thick * 1.3))
    across = (np.arange(lanes, dtype=np.float32) + np.float32(0.5)) / np.float32(lanes) - np.float32(0.5)
    direct, around = strengths(sheet)
    sun = np.clip(np.float32(0.45) + across * np.float32(right * 1.2), 0.08, 1)[None, :]
    tone = BARK[:, None] * (direct[:, None] * sun + around[:, None] * np.float32(0.8))
    tone = (tone + (haze(sheet)[:, None] - tone) * np.float32(veil)).astype(np.float32)
    size = np.full(lanes, tall, np.float32)
    width = np.full(lanes, max(0.8, thick / lanes * 1.9), np.float32)
    feet = np.float32(x) + across * np.float32(thick)
    tops = np.float32(lean) - across * np.float32(thick * 0.5)
    grow(sheet, Blades(feet, np.full(lanes, y, np.float32), size, tops, width, tone * np.float32(0.8), tone), part=part)


def fronds(sheet: Sheet, tip: tuple[float, float], tall: float, own: tuple[Field, Field], veil: float) -> Blades:
    """Fronds that rise and bend over, leaflets hanging from both sides; `own`: draws (5, fronds) and which way each goes, -1 to 1."""
    draws, side = own[0][:, :, None], own[1][:, None]
    t = ((np.arange(LEAFLETS, dtype=np.float32) + np.float32(0.5)) * np.float32(1 / LEAFLETS))[None, :]
    long = np.float32(tall) * (np.float32(0.36) + np.float32(0.14) * draws[0])
    out = side * (np.float32(0.75) + np.float32(0.4) * draws[1])
    up = np.float32(1) - np.abs(side) * np.float32(0.75) + np.float32(0.35) * draws[2]
    x = np.float32(tip[0]) + out * long * t * (np.float32(1.15) - np.float32(0.2) * t)
    y = np.float32(tip[1]) - (up * t - (np.float32(0.86) + np.float32(0.40) * np.abs(side)) * t * t) * long
    size = long * (np.float32(0.30) * (np.float32(1.05) - t) * np.clip(t * 6, 0, 1) + np.float32(0.05))
    toward = np.where(side > 0, np.float32(1), np.float32(-1)) * size
    below = np.array([1.0, -0.25], np.float32)[None, :, None]
    lean = toward[:, None] * np.array([0.55, 0.8], np.float32)[None, :, None]
    tone = frond_colours(sheet, side, up, draws[3], veil) * np.array([0.72, 1.1], np.float32)[None, None, :, None]
    tone = np.broadcast_to(tone, (3, FRONDS, 2, LEAFLETS)).reshape(3, -1)
    xs, ys = (np.repeat(one[:, None], 2, axis=1).ravel() for one in (x, y))
    thick = np.full(len(xs), max(0.6, tall * 0.013), np.float32)
    return Blades(xs, ys, (-size[:, None] * below).ravel(), lean.ravel(), thick, tone, tone * np.float32(1.1))


def frond_colours(sheet: Sheet, side: Field, up: Field, draw: Field, veil: float) -> Field:
    """Each frond's colour in the light, (3, fronds, 1, 1)."""
    dark, light = LEAF
    direct, around = strengths(sheet)
    sun = np.clip(np.float32(0.10) + side * np.float32(0.5 * sunward(sheet)[0]) + up * np.float32(0.5), 0.05, 1)
    share = np.float32(0.25) + np.float32(0.55) * draw
    body = dark[:, None, None] + (light - dark)[:, None, None] * share
    tone = body * (direct[:, None, None] * sun + around[:, None, None] * np.float32(0.8))
    return np.asarray(tone + (haze(sheet)[:, None, None] - tone) * np.float32(veil), np.float32)[..., None]
