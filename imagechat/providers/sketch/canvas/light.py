"""Light: for each time of day three moods, as the colours that everything in the picture is lit with."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from imagechat.providers.sketch.canvas.noise import Field

NAMES = ("zenith", "upper", "lower", "horizon", "glow", "sun", "key", "fill", "haze", "deep", "lit", "dark")
TABLE = {
    ("dawn", 0): "3c5f9e 8ea4d2 e6bcc8 ffe2bc ffd6a0 fff3d6 ffd0b0 7684b4 d9b8bf 2a4470 ffdfd2 9a92b8",
    ("dawn", 1): "3f7fae 92bfcc efdcc6 ffe9b8 ffe0a4 fff6dc ffdcb4 7896a8 dccfc0 245468 fff0dc a2a8b4",
    ("dawn", 2): "2c4a86 6c8cc2 cdb0cd f8cfc0 ffc4a6 fff0e0 ffc6b4 6c7aae c6aac0 233a68 ffd4d0 8884ae",
    ("day", 0): "1d5cb0 4a8fd8 98c5ec dcecf5 fff6e0 fffdf2 fff3da 86a8d4 bdd6ea 0e4a72 ffffff 93a9c4",
    ("day", 1): "2a6ab4 62a0d6 b2d2e6 f0ead8 fff0d0 fffaea ffeccb 8fa8c8 d0d8dc 17546e fffaf0 a0acbc",
    ("day", 2): "0f4798 2d78c8 82b6e6 cfe6f4 fff6e4 fffdf4 fff6e4 7ea4dc b4d2ee 08426e ffffff 88a2c8",
    ("golden", 0): "3a76b8 84a8cc e2cfae ffe4ae ffd890 fff6da ffd792 7d8fb0 e6cfa8 1f4a68 fff0d2 a89c9c",
    ("golden", 1): "4f82b0 9fb4bc ecd2a0 ffdc9c ffcf80 fff4d0 ffcc84 8890a4 e8c898 274a5c ffe8c0 a8968c",
    ("golden", 2): "2f66ac 7896c8 dcc4b4 ffdcae ffd296 fff4dc ffd09a 7684b0 dec4ac 1c426a ffead0 a094a4",
    ("sunset", 0): "2c2c64 74508e e67a66 ffc66e ffb04a fff0c4 ffae6e 5e4e80 e29a78 22294e ffc496 7c4c7c",
    ("sunset", 1): "31417f 8a6cb2 ef94a6 ffdca6 ffc68a fff4dc ffbe9e 6c6699 e4a8a6 28365f ffd0bc 8c6ca0",
    ("sunset", 2): "24487c 5f86a8 e8b088 ffd488 ffbe62 fff4d4 ffc484 566a8c dcae90 18344e ffdcae 74708c",
    ("dusk", 0): "131d48 333f80 876a9c e39c84 ff9c70 ffd0a8 c09ac0 4a4c84 8a7098 131d40 c08aa4 4a4474",
    ("dusk", 1): "0e2240 234e78 5c88a0 dcb494 ffb080 ffdcb4 a8b4c4 3c5a7a 7890a0 0c2238 b8a8a8 3c5068",
    ("dusk", 2): "1c163e 4a3270 a25a8c f48e7c ff8a68 ffc8a0 d090a8 54407c a06890 1c1738 d880a0 54386c",
    ("night", 0): "050a1e 0c1836 182c54 2c466c 4c6c9c dfe8fa a4c0ee 20345c 20365a 06122a 5c749c 141f3c",
    ("night", 1): "04101c 09222f 133a48 265660 48808a e6f2f0 9cc8d2 1c3c4c 1c3e4c 051a24 4e7480 102a36",
    ("night", 2): "0a081e 18153c 2c285c 484078 6c64a4 ece6fa b4b0ee 2c2858 302c5a 0c0a26 605c98 1c1a40",
    ("moonlight", 0): "0c1a3c 17305e 2f5284 5a80ac 86a8d2 f0f6ff b4ccf0 2c4674 34527e 0c2240 86a0c8 263a64",
    ("moonlight", 1): "0a2230 143c50 2a6074 548c98 84b8bc f0fafa accede 2c5260 30606c 0a2c38 7ca4aa 1e444c",
    ("moonlight", 2): "161438 2a2860 4c4888 7c70aa a498d0 f4f0ff c0bcf4 403c72 4a467e 181a40 908cc0 34305e",
}
COLOURS = {
    "red": "d8303a",
    "orange": "f08030",
    "gold": "f2be4a",
    "green": "3fa865",
    "teal": "2fa7a8",
    "blue": "2f6fd0",
    "purple": "8a4fd0",
    "pink": "f08ab8",
    "brown": "8a5a3c",
    "grey": "8f949c",
    "silver": "c4c9d2",
    "white": "f4f4f2",
    "black": "16181c",
}


@dataclass(frozen=True, slots=True)
class Light:
    """One mood's colours, each (3,) from 0 to 1: four of the sky from the top down, `glow` around the sun, `key` and `fill` on things,
    `haze` of the distance, `deep` water, `lit` and `dark` of clouds.
    """

    zenith: Field
    upper: Field
    lower: Field
    horizon: Field
    glow: Field
    sun: Field
    key: Field
    fill: Field
    haze: Field
    deep: Field
    lit: Field
    dark: Field


def rgb(text: str) -> Field:
    """A colour written as six hexadecimal digits."""
    return np.array([int(text[i : i + 2], 16) / 255 for i in (0, 2, 4)], np.float32)


@cache
def colour(name: str) -> Field:
    """A colour of the lexicon."""
    return rgb(COLOURS[name])


@cache
def light(time: str, mood: int) -> Light:
    """The colours of `time` in `mood`."""
    return Light(**dict(zip(NAMES, map(rgb, TABLE[time, mood].split()), strict=True)))


def blend(one: Field, other: Field, share: float) -> Field:
    """A colour between two."""
    return one + (other - one) * np.float32(share)


def brightness(one: Field) -> float:
    """How bright a colour is, 0 to 1. Source: ITU-R BT.709 weights."""
    return float(one[0]) * 0.2126 + float(one[1]) * 0.7152 + float(one[2]) * 0.0722


def tinted(one: Field, tint: Field, share: float) -> Field:
    """`one` drawn toward the hue of `tint`, about as bright as before."""
    level = brightness(one) / max(brightness(tint), 0.08)
    return np.clip(blend(one, np.clip(tint * np.float32(level), 0, 1), share), 0, 1).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Veil:
    """What a weather does to the light: every colour goes `grey` of the way to its own grey (drawn toward `tone`) and is multiplied by
    `dim`, the direct light by `key` instead.
    """

    grey: float
    dim: float
    key: float
    tone: Field


VEILS = {
    "cloudy": Veil(0.38, 0.94, 0.72, rgb("c4ccd6")),
    "fog": Veil(0.45, 0.98, 0.60, rgb("ccd0d4")),
    "rain": Veil(0.62, 0.76, 0.46, rgb("a4b0bc")),
    "storm": Veil(0.62, 0.52, 0.40, rgb("8a98ac")),
    "snow": Veil(0.58, 0.98, 0.66, rgb("ccd4e0")),
}
DARK, NIGHT_FOG, LEAST = 0.14, 1.5, 1.05
"""By a zenith darker than the first, fog is brighter than the air would be: it catches what light there is; no weather dims it further."""


def under(one: Light, weather: str) -> Light:
    """`one` as it comes through the clouds of `weather`."""
    veil = VEILS.get(weather)
    if veil is None:
        return one
    dark = brightness(one.zenith) < DARK
    shares = {**dict.fromkeys(NAMES, max(veil.dim, LEAST) if dark else veil.dim), **dict.fromkeys(("key", "sun", "glow"), veil.key)}
    shares |= dict.fromkeys(("lower", "horizon", "haze", "upper"), NIGHT_FOG) if dark and weather == "fog" else {}
    return Light(**{name: _veiled(getattr(one, name), veil, shares[name]) for name in NAMES})


def _veiled(one: Field, veil: Veil, dim: float) -> Field:
    return np.clip(tinted(one, veil.tone, veil.grey) * np.float32(dim), 0, 1.2).astype(np.float32)
