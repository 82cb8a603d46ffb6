"""Palms of an oasis: a bent stem and a crown of feathered fronds."""

import numpy as np

from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.land.dabs import Blades, grow
from imagechat.providers.sketch.land.slopes import haze, strengths, sunward

FRONDS = 17
LEAFLETS = 26
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
    fronds = [frond(sheet, tip, tall, (draws[:, i], float(i) / (FRONDS - 1) * 2 - 1), veil) for i in order]
    names = ("x", "y", "tall", "lean", "thick", "root", "tip")
    grow(sheet, Blades(**{name: np.concatenate([getattr(one, name) for one in fronds], axis=-1) for name in names}), part=part)


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


def frond(sheet: Sheet, tip: tuple[float, float], tall: float, own: tuple[Field, float], veil: float) -> Blades:
    """One frond: it rises, bends over, and its leaflets hang from both sides."""
    draws, side = own
    t = (np.arange(LEAFLETS, dtype=np.float32) + np.float32(0.5)) / np.float32(LEAFLETS)
    long = np.float32(tall * (0.36 + 0.14 * float(draws[0])))
    out = np.float32(side * (0.75 + 0.4 * float(draws[1])))
    up = np.float32(1.0 - abs(side) * 0.75 + 0.35 * float(draws[2]))
    x = np.float32(tip[0]) + out * long * t * (np.float32(1.15) - np.float32(0.2) * t)
    y = np.float32(tip[1]) - (up * t - np.float32(0.75 + 0.35 * abs(side)) * t * t * np.float32(1.15)) * long
    size = long * np.float32(0.30) * (np.float32(1.05) - t) * np.clip(t * 6, 0, 1) + long * np.float32(0.05)
    toward = np.float32(1 if side > 0 else -1)
    dark, light = LEAF
    direct, around = strengths(sheet)
    sun = np.clip(0.35 + 0.5 * side * sunward(sheet)[0] + 0.5 * (float(up) - 0.5), 0.05, 1)
    body = blend(dark, light, 0.25 + 0.55 * float(draws[3]))
    tone = body * (direct * np.float32(sun) + around * np.float32(0.8))
    tone = (tone + (haze(sheet) - tone) * np.float32(veil))[:, None] * np.ones((3, 2 * LEAFLETS), np.float32)
    xs, ys, sizes = np.concatenate([x, x]), np.concatenate([y, y]), np.concatenate([size, size])
    below = np.repeat(np.array([1.0, -0.25], np.float32), LEAFLETS)
    lean = toward * sizes * np.where(below > 0, np.float32(0.55), np.float32(0.8))
    thick = np.full(2 * LEAFLETS, max(0.6, tall * 0.011), np.float32)
    shade = np.where(below > 0, np.float32(0.72), np.float32(1.1))[None, :]
    return Blades(xs, ys, -sizes * below, lean, thick, (tone * shade).astype(np.float32), (tone * shade * 1.1).astype(np.float32))
