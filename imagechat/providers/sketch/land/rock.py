"""What mountains are made of: rock, snow, woods and grass by height and slope, in light and shadow, fading into the air."""

import numpy as np

from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.canvas.curves import smooth, wave
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, nearest, tile
from imagechat.providers.sketch.canvas.sheet import Sheet

ROCKS = (("6d6660", "47444a"), ("7c7064", "544a46"), ("626a72", "3c434e"), ("85705e", "55443e"))
WOODS, GRASS, SNOW = rgb("36533a"), rgb("829a50"), rgb("eef3fb")
AIR = {"clear": 11.0, "scattered": 9.0, "cloudy": 7.5, "fog": 2.6, "rain": 4.0, "storm": 5.0, "snow": 3.6, "wind": 10.0}
"""How deep one sees before half is air."""


def coloured(sheet: Sheet, height: Field, x: Field, depth: Field) -> Field:
    """(3, slices, columns): the colours of the ground as the eye gets them."""
    light, shadow, level = lighted(sheet, height, x, depth)
    field = tile(sheet.seed, "ground cover", (8, 8), 256, octaves=6, gain=0.6)
    patches = nearest(field, depth * np.float32(60) + 0 * x + 512, x * np.float32(60) + 512)
    specks = nearest(field, depth * np.float32(420) + 0 * x + 4096, x * np.float32(420) + 4096)
    albedo = materials(sheet, height, level, patches, specks)
    direct = light * shadow
    lamp, sky = sheet.light.key * np.float32(1.15 if sheet.night else 1.28), sheet.light.fill * np.float32(1.35 if sheet.night else 1.0)
    soft = np.float32(0.42) + np.float32(0.34) * level
    lit = np.stack([albedo[channel] * (direct * lamp[channel] + soft * sky[channel]) for channel in range(3)])
    return hazed(sheet, lit, height, depth)


def lighted(sheet: Sheet, height: Field, x: Field, depth: Field) -> tuple[Field, Field, Field]:
    """(light that falls on the slope, 0 in cast shadow, how level the ground is), each 0 to 1."""
    steps = np.float32(x[0, 1] - x[0, 0]) / depth[0, 0] * depth
    right = np.gradient(height, axis=1).astype(np.float32) / steps
    away = np.gradient(height, axis=0).astype(np.float32) / np.gradient(depth[:, 0]).astype(np.float32)[:, None]
    length = np.sqrt(right * right + away * away + np.float32(1))
    low = 0.40 if sheet.low_sun or sheet.spec.time == "dusk" else 0.62
    side = -sheet.composition.side
    lambert = (-right * np.float32(side * 0.74) + away * np.float32(0.52) + np.float32(low)) / length
    lambert = np.clip(lambert * np.float32(1.08), 0, 1.15)
    if sheet.crisp:
        lambert = np.where(lambert > 0.42, np.float32(0.95), np.float32(0.22))
    return lambert, cast(height, x, side, low), np.float32(1) / length


def cast(height: Field, x: Field, side: int, low: float) -> Field:
    """Shadows along each slice: 0 where something nearer to the light stands higher than the ray."""
    ray = height + x * np.float32(-side * -low * 0.85)
    ordered = ray if side < 0 else ray[:, ::-1]
    highest = np.maximum.accumulate(ordered, axis=1)
    hidden = highest - ordered
    hidden = hidden if side < 0 else hidden[:, ::-1]
    return np.float32(1) - smooth(0.0, 0.035, hidden) * np.float32(0.86)


def materials(sheet: Sheet, height: Field, level: Field, patches: Field, specks: Field) -> Field:
    """(3, slices, columns): what the ground is made of, before any light."""
    chance = Chance(sheet.seed, "rock")
    bright, dark = (rgb(text) for text in chance.choice(ROCKS))
    wintry = sheet.snowy
    snow_line = chance.between(0.06, 0.12) if wintry else chance.between(0.26, 0.40)
    tree_line = 0.0 if "trees" in sheet.spec.without else chance.between(0.13, 0.20)
    strata = wave(height * np.float32(13) + patches * np.float32(1.2)) * np.float32(0.5) + np.float32(0.5)
    rock = np.clip(strata * np.float32(0.35) + specks * np.float32(0.55) + np.float32(0.32) + patches * np.float32(0.3), 0, 1)
    woods = smooth(tree_line + 0.05, tree_line - 0.05, height + patches * np.float32(0.08)) * smooth(
        0.42, 0.66, level + specks * np.float32(0.12)
    )
    grass = smooth(0.10, 0.02, height + patches * np.float32(0.05)) * smooth(-0.1, 0.4, patches + np.float32(0.12))
    line = height + patches * np.float32(0.10) + specks * np.float32(0.05)
    snow = smooth(snow_line, snow_line + 0.09, line) * smooth(0.40, 0.62, level + specks * np.float32(0.14) + patches * np.float32(0.08))
    if "snow" in sheet.spec.without:
        snow = snow * np.float32(0)
    texture = np.float32(1) + specks * np.float32(0.55)
    out = []
    for channel in range(3):
        tone = dark[channel] + (bright[channel] - dark[channel]) * rock
        green = WOODS[channel] + (GRASS[channel] - WOODS[channel]) * grass
        tone = tone + (green * texture - tone) * woods
        out.append(tone + (SNOW[channel] - tone) * snow * (np.float32(1) + specks * np.float32(0.08)))
    return np.asarray(np.clip(np.stack(out), 0, 1.2), np.float32)


def hazed(sheet: Sheet, lit: Field, height: Field, depth: Field) -> Field:
    """`lit` behind the air before it: more of it in the distance, and mist where the ground is low."""
    deep = depth / np.float32(AIR[sheet.spec.weather])
    low_sun = sheet.low_sun
    mist = smooth(0.20, -0.02, height) * smooth(1.3, 2.8, depth) * np.float32(0.60 if low_sun else 0.26)
    if sheet.spec.weather == "fog":
        mist = np.maximum(mist, smooth(0.34, 0.02, height) * smooth(0.6, 2.2, depth) * np.float32(0.85))
    share = np.clip(deep * deep / (np.float32(0.55) + deep * deep) + mist, 0, 0.96)
    air = blend(sheet.light.haze, sheet.light.horizon, 0.35)
    if sheet.night:
        air = air * np.float32(0.85)
    return np.stack([lit[channel] + (air[channel] - lit[channel]) * share for channel in range(3)])
