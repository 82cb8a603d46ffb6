"""Dunes: long curved crests between a sunny and a shady side, rippled by the wind."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.canvas.curves import box, fall, smooth, wave
from imagechat.providers.sketch.canvas.light import colour, rgb, tinted
from imagechat.providers.sketch.canvas.noise import Field, nearest, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.slopes import Relief, View, coarse, laid, logs

SAND = (rgb("d89a58"), rgb("dca468"), rgb("cc8448"), rgb("d8ae7c"))
CREST = 0.66
"""Where in its length a dune is highest: it rises slowly before and falls steeply behind."""


@dataclass(frozen=True, slots=True)
class Dunes:
    """The eye above the near sand in metres; how often a crest comes with each doubling of the depth, how far crests run aside and bend,
    how high they are (tangent).
    """

    eye: float
    often: float
    aside: float
    bend: float
    high: float


def dunes(sheet: Sheet) -> Dunes:
    """This picture's dunes."""
    chance = Chance(sheet.seed, "dunes")
    return Dunes(
        eye=chance.between(2.6, 6.0),
        often=chance.between(0.42, 0.68),
        aside=-sheet.composition.side * chance.between(0.9, 2.6),
        bend=chance.between(0.7, 1.5),
        high=chance.between(0.085, 0.14),
    )


def sandy(sheet: Sheet, shape: Dunes) -> Relief:
    """The dunes from the feet to the horizon; one stands higher than the others."""
    depth, aside = laid(sheet, shape.eye, far=2400.0)
    deep = logs(depth)
    chance = Chance(sheet.seed, "dunes at")
    field = tile(sheet.seed, "dune bends", (16, 16), 512, octaves=2, gain=0.35)
    shift = np.float32(chance.between(0, 400))
    bends = sampled(field, deep * np.float32(16.8) + shift + 0 * aside, aside * np.float32(60) + shift + 0 * deep)
    phase = deep * np.float32(shape.often) + aside * np.float32(shape.aside) + bends * np.float32(shape.bend * 0.55)
    phase += np.float32(chance.unit())
    whole = np.floor(phase)
    t = phase - whole
    up = np.clip(t * np.float32(1 / CREST), 0, 1)
    down = np.clip((np.float32(1) - t) * np.float32(1 / (1 - CREST)), 0, 1)
    profile = np.minimum(up * (np.float32(1.35) - np.float32(0.35) * up), down)
    own = sampled(field, deep * np.float32(12) + shift + np.float32(160) + 0 * aside, aside * np.float32(44) - shift + 0 * deep)
    off = aside * np.float32(2.4) - np.float32(sheet.composition.side * chance.between(0.1, 0.6))
    hero = fall(off * off * 2)
    high = (np.float32(0.55) + own * np.float32(0.55) + hero * smooth(5.5, 7.5, deep) * np.float32(0.75)) * np.float32(shape.high)
    high = high * smooth(shape.eye * 1.6, shape.eye * 11, depth) * smooth(2500, 1000, depth)
    swell = own * np.float32(0.10 * shape.eye) / depth
    rise = profile * np.maximum(high, 0) + swell - np.float32(shape.eye) / depth
    rise = box(box(rise.astype(np.float32), 1, 1), 1, 0)
    return Relief(box(rise, 1, 0), depth, aside)


def sand(sheet: Sheet) -> Field:
    """The colour of this desert's sand."""
    plain = Chance(sheet.seed, "sand").choice(SAND)
    asked = next((name for name in map(sheet.spec.colour, ("sand", "desert", "dunes", "ground")) if name), None)
    if sheet.snowy:
        return rgb("e6ebf4")
    return plain if asked is None else tinted(plain, colour(asked), 0.5)


def ripples(sheet: Sheet, view: View) -> Field:
    """Wind ripples and grain, about -1 to 1, gone in the distance."""
    chance = Chance(sheet.seed, "sand ripples")
    turn = np.float32(chance.sign() * chance.between(0.25, 0.7))
    made = np.zeros_like(view.depth)
    top = int(np.count_nonzero(view.depth.min(axis=1) > np.float32(60)))
    d, x = view.depth[top:], view.x[top:]
    if len(d) < 4:
        return made
    field = tile(sheet.seed, "ripple bends", (16, 16), 256, octaves=4, gain=0.5)
    bend = coarse(field, d * np.float32(1.6) + np.float32(64), x * np.float32(1.6) + np.float32(512))
    patch = smooth(-0.5, 0.5, coarse(field, d * np.float32(0.4) + np.float32(32), x * np.float32(0.5) + np.float32(300)))
    across = d + x * turn
    waves = wave(across * np.float32(1 / 0.62) + bend * np.float32(1.6)) * smooth(46, 12, d) * np.float32(0.42)
    near = int(np.count_nonzero(d.min(axis=1) > np.float32(18)))
    short = wave(across[near:] * np.float32(1 / 0.24) + bend[near:] * np.float32(2.3))
    waves[near:] += short * smooth(18, 6, d[near:]) * np.float32(0.36)
    waves *= patch
    dust = nearest(field, d * np.float32(60) + np.float32(8192), x * np.float32(90) + np.float32(8192))
    made[top:] = waves + (dust * np.float32(0.14) + bend * np.float32(0.10)) * smooth(60, 5, d)
    return made
