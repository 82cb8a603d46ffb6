"""The walls of a city: stone and glass with their windows, the lamps behind them, the haze before them."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from imagechat.providers.sketch.built.prism import KEY
from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance, key

STONE = ("b39c82", "cdb68c", "a8563e", "8f4a3a", "ddd4c2", "ece6da", "8a7f78", "b87850", "d0a67c", "9c8f92", "b0604c")
STEEL = ("3f7096", "5a90ae", "4a7c90", "6d8798", "2c5a86", "8aa6b0", "3f8a92", "587084")
LAMPS = ("ffc67c", "ffb868", "ffd89c", "ffe9c8", "d8e6ff", "ffcf8c")
LIT = {"day": 0.0, "golden": 0.03, "dawn": 0.14, "sunset": 0.20, "dusk": 0.58, "night": 0.62, "moonlight": 0.50}
"""The share of windows with a light on."""
WARM = rgb("ff9e4a")


@dataclass(frozen=True, slots=True)
class Look:
    """One building's looks: `body` its wall's colour, `glassy` how much sky its windows mirror, `pane` the shares of a bay and a storey
    that are window, `bay` and `storey` in metres, `lamp` the colour of its lights, `share` how many burn.
    """

    body: Field
    glassy: float
    pane: tuple[float, float]
    bay: float
    storey: float
    lamp: Field
    share: float
    name: str


def look_of(sheet: Sheet, name: str, modern: float) -> Look:
    """The looks of the building of that name; `modern`: how likely it is of glass."""
    chance = Chance(sheet.seed, "facade", name)
    glass = chance.happens(modern)
    ribbon = chance.happens(0.35)
    pane = (
        (chance.between(0.86, 0.94), chance.between(0.66, 0.84))
        if glass
        else (1.0 if ribbon else chance.between(0.42, 0.6), chance.between(0.46, 0.62))
    )
    return Look(
        body=rgb(chance.choice(STEEL if glass else STONE)),
        glassy=chance.between(0.75, 1.0) if glass else 0.42,
        pane=pane,
        bay=chance.between(2.6, 4.4) if glass else chance.between(2.3, 3.2),
        storey=chance.between(3.4, 4.0),
        lamp=rgb(chance.choice(LAMPS)) * np.float32(1.06),
        share=LIT[sheet.spec.time] * chance.between(0.35, 1.45) * (0.2 if chance.happens(0.2) else 1.0),
        name=name,
    )


def banded(at: Field, share: float, pixels: Field | float) -> Field:
    """Where windows are along storeys or bays `at`, each `pixels` long: soft over one pixel, an even tone where they are too small."""
    within = np.abs(at - np.floor(at) - np.float32(0.5))
    edge = (np.float32(share / 2) - within) * pixels + np.float32(0.5)
    fine = np.clip((np.asarray(pixels, np.float32) - np.float32(1.6)) * np.float32(0.8), 0, 1)
    return np.asarray(np.clip(edge, 0, 1) * fine + np.float32(share) * (1 - fine), np.float32)


@lru_cache(maxsize=128)
def drawn(seed: int, name: str) -> Field:
    """(64, 64) random numbers of 0 to 1 for the windows of one building."""
    return lattice(key(seed, "panes", name), (64, 64)) * np.float32(0.5) + np.float32(0.5)


def numbers(sheet: Sheet, look: Look, storey: Field, bay: Field) -> Field:
    """A number of 0 to 1 for each window; neighbours on a floor and in a part of the house are alike, as offices are."""
    draws = drawn(sheet.seed, look.name)
    row, column = storey.astype(np.int32) & 63, bay.astype(np.int32) & 63
    single = draws.ravel().take(row * np.int32(64) + column)
    floor = draws[0].take((row * 7 + (column >> 3) * 3) & 63) * np.float32(0.30)
    part = draws[1].take(((row >> 2) * 11 + (column >> 2) * 5) & 63) * np.float32(0.26)
    single *= np.float32(0.44)
    return np.asarray(single + (floor + part), np.float32)


Pair = tuple[Field, Field]


def clad(sheet: Sheet, look: Look, panes: Pair, number: Field, *, sides: Pair, air: Pair) -> Pair:
    """(colours, where lamps glow) of a wall. `panes`: where windows are by height and across; `sides`: direct light across the wall
    and height above the street (0 to 1); `air`: how much haze and how much of the street's glow lies before it.
    """
    direct, height = sides
    clear = np.float32(1) - air[0] - air[1]
    window = panes[0] * panes[1]
    stone = (np.float32(1) - window) * (clear * (np.float32(0.80) + np.float32(0.24) * height))
    sky = window * (np.float32(0.74) + np.float32(0.5) * number) * (clear * (np.float32(0.36) + direct * np.float32(0.62)))
    light, strong = sheet.light, np.float32(KEY[sheet.spec.time])
    haze, street = haze_colour(sheet), blend(light.haze, WARM, 0.8 if LIT[sheet.spec.time] > 0.3 else 0.0)
    low, high = blend(light.horizon, rgb("38424c"), 1 - look.glassy), blend(light.upper, rgb("2c343c"), 1 - look.glassy)
    rise = smooth(0.1, 1.0, height)
    glow = lamps(look, window, number) * (np.float32(1) - air[0] * np.float32(0.8))
    tone = np.empty((3, *np.broadcast_shapes(window.shape, clear.shape, direct.shape)), np.float32)
    for c in range(3):
        wall = look.body[c] * (light.fill[c] * np.float32(0.56) + light.key[c] * strong * direct)
        dye = np.float32(0.62 + 0.75 * float(look.body[c])) if look.glassy > 0.5 else np.float32(1)
        np.multiply(stone, wall, out=tone[c])
        tone[c] += sky * ((low[c] + (high[c] - low[c]) * rise) * dye)
        tone[c] += haze[c] * air[0] + street[c] * air[1]
        if look.share > 0:
            tone[c] += (look.lamp[c] - tone[c]) * glow
    return tone, np.asarray(np.broadcast_to(glow, tone.shape[1:]), np.float32)


def lamps(look: Look, window: Field, number: Field) -> Field:
    """How brightly each window shines."""
    if look.share <= 0:
        return np.zeros_like(window)
    edge = np.float32(look.share * 0.9 + 0.05)
    return np.asarray(window * (number < edge) * (np.float32(0.42) + number / edge * np.float32(0.5)), np.float32)


def haze_colour(sheet: Sheet) -> Field:
    """The air before far buildings."""
    return blend(sheet.light.haze, sheet.light.lower, 0.4) * np.float32(0.80 if sheet.night else 1.0)


def haze_share(sheet: Sheet, near: float) -> float:
    """How much of the air lies before a row of buildings, 0 far to 1 near."""
    thick = {"fog": 1.5, "rain": 1.2, "storm": 1.2, "snow": 1.35}.get(sheet.spec.weather, 1.0)
    share = 0.70 - 0.60 * near
    return min(0.95, share * thick + (0.14 if thick > 1.3 else 0))
