"""What land by the water is made of: rock where it is steep, else grass, woods, heather, sand or snow, in light, shadow and air."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.canvas.curves import box, smooth
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, nearest, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.foliage import dimmed
from imagechat.providers.sketch.land.treetops import leaves

ROCKS = (("9c8e78", "574e46"), ("8a827a", "4a4648"), ("ab7e62", "64463a"), ("a89f8c", "6a6258"), ("7d7d84", "414650"))
GRASS = {"spring": ("76904a", "587838"), "summer": ("808c4c", "586c38"), "autumn": ("b09a50", "86783c"), "winter": ("98906a", "706a4c")}
MOOR = {"spring": "7d8048", "summer": "7c6f58", "autumn": "8f6238", "winter": "7c6c50"}
RUST, EVERGREEN = rgb("9c3f22"), rgb("4a5a34")
SAND, SNOW = rgb("cdb183"), rgb("eef3fb")
AIR = {"clear": 12.0, "scattered": 10.0, "cloudy": 7.0, "fog": 1.5, "rain": 3.4, "storm": 4.2, "snow": 3.0, "wind": 10.0}
"""How deep one sees before half is air."""


@dataclass(frozen=True, slots=True)
class Coat:
    """What covers the ground: `wood` and `sand` (slices, columns) from 0 to 1; `moor`: heather in grass's place; `steep`: how level rock
    is at most; `low`: whether grass grows down to the water; `air`: how much
    more haze lies before it than elsewhere; `stone`: where bare rock lies, from 0 to 1; `crag`: whether rock stands as a wall of blocks.
    """

    wood: Field | None = None
    sand: Field | None = None
    moor: bool = False
    steep: float = 0.80
    low: bool = False
    air: float = 1.0
    stone: Field | None = None
    crag: bool = False


def coated(sheet: Sheet, x: Field, depth: Field, height: Field, coat: Coat) -> tuple[Field, Field]:
    """((3, slices, columns) colours as the eye gets them, what each point is: 1 bare rock, 0 soft ground, -1 a wood)."""
    light, level = lighted(sheet, x, depth, height)
    field = tile(sheet.seed, "coat", (8, 8), 256, octaves=6, gain=0.6)
    patches = nearest(field, depth * np.float32(70) + 0 * x + 512, x * np.float32(70) + 4096)
    albedo, rock = materials(sheet, coat, level, patches, height)
    key, fill = sheet.light.key * np.float32(1.08), sheet.light.fill * np.float32(1.30 if sheet.night else 0.98)
    broad = box(box(light, max(2, light.shape[0] // 24), 0), max(2, light.shape[1] // 24), 1)
    light = light + (np.float32(0.10) + broad * np.float32(0.85) - light) * (np.clip(rock, 0, 1) * np.float32(0.68))
    soft = np.float32(0.36) + np.float32(0.36) * level
    lit = np.stack([albedo[c] * (light * key[c] + soft * fill[c]) for c in range(3)])
    return hazed(sheet, lit, height, depth * np.float32(coat.air)), rock


def lighted(sheet: Sheet, x: Field, depth: Field, height: Field) -> tuple[Field, Field]:
    """(direct light on each point, how level it is), 0 to about 1."""
    right = np.gradient(height, axis=1).astype(np.float32) / (np.float32(x[0, 1] - x[0, 0]) / depth[0, 0] * depth)
    away = np.gradient(height, axis=0).astype(np.float32) / np.gradient(depth[:, 0]).astype(np.float32)[:, None]
    right, away = np.clip(right, -4, 4), np.clip(away, -4, 4)
    length = np.sqrt(right * right + away * away + np.float32(1))
    backlit = sheet.low_sun or sheet.spec.time in ("dusk", "night", "moonlight")
    low, front = (0.30, -0.22) if backlit else (0.60, 0.42)
    side = np.float32(-sheet.composition.side)
    lambert = np.clip((-right * side * np.float32(0.78) + away * np.float32(front) + np.float32(low)) / length, 0, 1.1)
    shadow = box(cast(height, x, -sheet.composition.side, low), 1, 0)
    lambert = box(box(lambert, 1, 0), 1, 1)
    if sheet.crisp:
        return np.where(lambert * shadow > 0.36, np.float32(0.85), np.float32(0.15)), np.float32(1) / length
    return lambert * shadow, box(box(np.float32(1) / length, 1, 0), 1, 1)


def cast(height: Field, x: Field, side: int, low: float) -> Field:
    """Shadows along each slice: less where something nearer to the light stands higher than the ray."""
    ray = height - x * np.float32(side * low)
    ordered = ray if side < 0 else ray[:, ::-1]
    hidden = np.maximum.accumulate(ordered, axis=1) - ordered
    return np.float32(1) - smooth(0.0, 0.05, hidden if side < 0 else hidden[:, ::-1]) * np.float32(0.8)


def materials(sheet: Sheet, coat: Coat, level: Field, patches: Field, height: Field) -> tuple[Field, Field]:
    """((3, slices, columns) what the ground is made of, what it is: 1 bare rock, 0 soft, -1 a wood)."""
    bright, dark = (rgb(text) for text in Chance(sheet.seed, "coat").choice(ROCKS))
    rock = smooth(coat.steep, coat.steep - 0.22, level + patches * np.float32(0.10))
    rock = np.maximum(rock, smooth(0.022, 0.010, height)) if coat.sand is None and not coat.low else rock
    rock = rock if coat.stone is None else np.maximum(rock, coat.stone)
    tint = np.clip(patches * np.float32(0.7) + np.float32(0.5), 0, 1)
    soft = turf(sheet, coat, tint)
    out = soft + (mixed(dark, bright, tint) - soft) * rock
    if coat.sand is not None:
        out += (SAND[:, None, None] * (np.float32(0.96) + patches * np.float32(0.07)) - out) * (coat.sand * (1 - rock * np.float32(0.6)))
    if coat.wood is not None:
        leafy = np.minimum(coat.wood * np.float32(3), np.float32(1))
        out += (foliage(sheet, patches) - out) * leafy
        rock = rock * (1 - leafy) - leafy
    if sheet.snowy:
        lies = smooth(0.55, 0.80, level + patches * np.float32(0.16)) * smooth(0.0, 0.01, height)
        if coat.wood is not None:
            lies = lies * (1 - coat.wood * np.float32(0.55))
        out += (SNOW[:, None, None] - out) * lies
        rock = rock * (1 - lies * np.float32(0.8))
    return out, rock


def turf(sheet: Sheet, coat: Coat, tint: Field) -> Field:
    """Grass of the season in two greens, or moorland with heather."""
    fresh, dull = (rgb(text) for text in GRASS.get(sheet.spec.season, GRASS["summer"]))
    if coat.moor:
        fresh, dull = blend(fresh, rgb(MOOR.get(sheet.spec.season, MOOR["summer"])), 0.9), blend(dull, rgb("4c5a38"), 0.5)
    return mixed(dimmed(sheet, dull, 0.7), dimmed(sheet, fresh, 0.7), tint) * np.float32(0.86)


def foliage(sheet: Sheet, patches: Field) -> Field:
    """The leaves of a wood, greener here and further in the year there."""
    most, other = leaves(sheet)
    out = mixed(most, blend(most, other, 0.6), np.clip(patches * np.float32(1.4) + np.float32(0.2), 0, 1))
    if sheet.spec.season == "autumn":
        out += (RUST[:, None, None] - out) * smooth(0.05, 0.45, patches) * np.float32(0.7)
        out += (EVERGREEN[:, None, None] - out) * smooth(-0.12, -0.38, patches) * np.float32(0.75)
    return out * np.float32(0.68)


def mixed(one: Field, other: Field, share: Field) -> Field:
    """(3, slices, columns): from one colour to another by `share`."""
    return np.stack([one[c] + (other[c] - one[c]) * share for c in range(3)])


def hazed(sheet: Sheet, lit: Field, height: Field, depth: Field) -> Field:
    """The air before it: more with the distance, more near the ground."""
    far = depth / np.float32(AIR.get(sheet.spec.weather, 10.0))
    share = far / (np.float32(1) + far)
    share = share * (np.float32(1.08) - np.clip(height * np.float32(0.5), 0, 0.3))
    air = blend(sheet.light.haze, sheet.light.horizon, 0.45)
    return np.stack([lit[c] + (air[c] - lit[c]) * np.clip(share, 0, 0.96) for c in range(3)])
