"""Great trunks near the eye, whose crowns are above the picture: bark in light and shade, roots that grip the ground."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.leaves import SNOW
from imagechat.providers.sketch.land.stamps import lit, toward

BARKS = {"conifer": ("6a4c38", "7a5440", "5a463a"), "deciduous": ("5e5046", "6c5e50", "524438")}
BIRCH = rgb("cfcac0")


@dataclass(frozen=True, slots=True)
class Look:
    """How a trunk looks: `air` (0 to 1) of haze before it, its `part`, how likely it is a birch."""

    air: float = 0.0
    part: float = 280.0
    birch: float = 0.3


def trunk(sheet: Sheet, name: str, foot: tuple[float, float], half: float, look: Look) -> None:
    """One trunk from its `foot` (x, y) up out of the picture, `half` as wide as that in pixels at breast height."""
    chance = Chance(sheet.seed, name)
    air, part = look.air, look.part
    birch = sheet.spec.wood == "deciduous" and chance.happens(look.birch)
    half = max(1.0, half * (0.62 if birch else 1.0))
    lean, bend = leaning(sheet, name)
    last = min(sheet.height, int(foot[1] + half * 0.35) + 1)
    if last <= 0:
        return
    up = (np.float32(foot[1]) - sheet.rows(0, last)) / np.float32(sheet.unit)
    flare = np.clip(np.float32(1) - up * np.float32(sheet.unit / half / 2.2), 0, 1.3)
    middle = np.float32(foot[0]) + (up * np.float32(lean) + up * up * np.float32(bend)) * np.float32(sheet.unit)
    wide = np.float32(half) * (np.float32(1.02) - np.clip(up, 0, 2) * np.float32(0.14) + flare * flare * np.float32(0.55))
    reach = float(wide.max()) + 2
    left, right = max(0, int(float(middle.min()) - reach)), min(sheet.width, int(float(middle.max()) + reach) + 1)
    if left >= right:
        return
    off = (np.arange(left, right, dtype=np.float32)[None, :] - middle) / wide
    roots = chance.between(0, 9)
    tone, rough = bark(
        sheet, off, up * np.float32(sheet.unit / half), (birch, chance.between(0, 200), chance.choice(BARKS[sheet.spec.wood]))
    )
    wavy = np.abs(off) * np.float32(1.0) - rough * np.float32(0.05)
    cover = np.clip((np.float32(1) - wavy) * wide, 0, 1)
    sunk = np.float32(half) * (np.float32(0.22) + rough * np.float32(0.2) - off * off * np.float32(0.22 + 0.02 * roots / 9))
    cover *= np.clip(sunk + up * np.float32(sheet.unit), 0, 1)
    tone = tone + (mist_colour(sheet)[:, None, None] - tone) * np.float32(air)
    window = slice(0, last), slice(left, right)
    sheet.mix(tone, cover, *window)
    sheet.hide(cover, part, *window)


def leaning(sheet: Sheet, name: str) -> tuple[float, float]:
    """How far a trunk leans, and bends more the higher it is, in short sides per short side."""
    chance = Chance(sheet.seed, name, "lean")
    return chance.between(-0.05, 0.05), chance.between(-0.08, 0.08)


def column_at(sheet: Sheet, name: str, foot: tuple[float, float], row: float) -> float:
    """The column of a trunk's middle at `row`."""
    lean, bend = leaning(sheet, name)
    up = (foot[1] - row) / sheet.unit
    return foot[0] + (up * lean + up * up * bend) * sheet.unit


@lru_cache(maxsize=2)
def furrows(seed: int) -> Field:
    """The pattern of the bark, the same for all trunks of a picture."""
    return tile(seed, "bark", (16, 16), 256, octaves=5, gain=0.72)


def bark(sheet: Sheet, off: Field, up: Field, kind: tuple[bool, float, str]) -> tuple[Field, Field]:
    """(colour, roughness) of bark at `off` from the middle (-1 to 1), `up` the stem in half widths."""
    birch, shift, body_colour = kind
    field = furrows(sheet.seed)
    round_ = off * (np.float32(0.72) + off * off * np.float32(0.28))
    stretch = (15.0, 44.0) if birch else (5.0, 44.0)
    rough = sampled(
        field, up * np.float32(stretch[0]) + np.float32(shift) + 0 * off, round_ * np.float32(stretch[1] * 0.5) + np.float32(shift)
    )
    if not birch:
        rough = np.float32(0.55) - np.abs(rough) * np.float32(2.6)
    side = np.clip(off * np.float32(toward(sheet)), -1, 1)
    shade = np.clip(np.float32(0.24) + side * np.float32(0.34) + side * side * side * np.float32(0.25) + rough * np.float32(0.34), 0.01, 1)
    body = (BIRCH if birch else rgb(body_colour))[:, None, None] * (np.float32(0.85) + rough[None] * np.float32(0.35))
    if birch:
        scars = sampled(field, up * np.float32(15) + np.float32(shift) + 0 * off, round_ * np.float32(2.2) + np.float32(shift * 3))
        body = np.where((scars > 0.17)[None], body * np.float32(0.22), body)
    elif not sheet.snowy:
        moss = np.clip(np.float32(1.1) - up * np.float32(0.16) - side * np.float32(0.9) + rough, 0, 1) * np.float32(0.45)
        body = body + (rgb("66783a")[:, None, None] - body) * moss[None]
    if sheet.snowy:
        lies = np.clip((side * np.float32(-1) - np.float32(0.45) + rough * np.float32(0.8)) * np.float32(4), 0, 1)
        lies = np.maximum(lies, np.clip(np.float32(1.3) - up + rough, 0, 1))
        body = body + (SNOW[:, None, None] - body) * (lies * np.float32(0.85))[None]
    return lit(sheet, body, shade), rough


def hazed(sheet: Sheet, far: float) -> float:
    """How much haze lies before what is `far` metres away, by the weather and time."""
    reach = {"fog": 24.0, "rain": 60.0, "storm": 60.0, "snow": 52.0}.get(sheet.spec.weather, 130.0)
    if sheet.spec.time in ("dawn", "golden", "sunset"):
        reach *= 0.62
    return far / (far + reach)


def mist_colour(sheet: Sheet) -> Field:
    """The mist between trees: the air with the glow of the sky in it."""
    return blend(sheet.light.haze, sheet.light.horizon, 0.35)
