"""What grows low: tufts of grass, ferns, shrubs, flowers, and stones among them, as stamps."""

import numpy as np

from imagechat.providers.sketch.canvas.light import colour, rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.land.foliage import dimmed, rimmed
from imagechat.providers.sketch.land.leaves import LEAVES, SNOW
from imagechat.providers.sketch.land.stamps import Dots, Stamp, lit, stamped, toward

BLADES = {"spring": "7fae48", "summer": "64883e", "autumn": "a08a46", "winter": "9a8a62"}
FERN = {"spring": "79a846", "summer": "4f7c38", "autumn": "b0803a", "winter": "7c6a4a"}
FLOWERS = ("f4f0e6", "f2d35a", "b48ad8", "e88ca8", "8aa8ec")
STRAW = rgb("b3a48c")
STONE = ("8b8880", "7d7f80", "97907f")
WIDE = 0.85
"""Half the width of these stamps, as a share of their height."""


def season(sheet: Sheet) -> str:
    """The season that the plants show."""
    return sheet.spec.season if sheet.spec.season in BLADES else "summer"


def tufts(sheet: Sheet, name: str, count: int, tall: float) -> list[Stamp]:
    """Tufts of grass, every second in spring and summer with a few flowers."""
    bloom = season(sheet) in ("spring", "summer") and not sheet.snowy
    return [stamped(grass(sheet, f"{name} {i}", flowers=bloom and i % 2 == 1), tall, WIDE) for i in range(count)]


def ferns(sheet: Sheet, name: str, count: int, tall: float) -> list[Stamp]:
    """Ferns of several fronds."""
    return [stamped([fern(sheet, f"{name} {i}")], tall, WIDE) for i in range(count)]


def shrubs(sheet: Sheet, name: str, count: int, tall: float) -> list[Stamp]:
    """Round bushes."""
    return [stamped([shrub(sheet, f"{name} {i}")], tall, WIDE) for i in range(count)]


def stones(sheet: Sheet, name: str, count: int, tall: float) -> list[Stamp]:
    """Boulders, half sunk in the ground."""
    return [stamped([stone(sheet, f"{name} {i}")], tall, WIDE) for i in range(count)]


def grass(sheet: Sheet, name: str, *, flowers: bool) -> list[Dots]:
    """Blades that rise from one place and bend outward."""
    blades, points = 40, 48
    draws = lattice(key(sheet.seed, name), (5, blades, 1))
    up = (np.arange(points, dtype=np.float32)[None, :] + np.float32(0.5)) / np.float32(points)
    tall = np.float32(0.62) + draws[2] * np.float32(0.36)
    x = draws[0] * np.float32(0.34) + (draws[1] * np.float32(0.42) + draws[0] * np.float32(0.2)) * up * up
    y = tall * up * (np.float32(1) - up * np.float32(0.18) * draws[1] * draws[1])
    y = y + np.float32(0.08) + draws[3] * np.float32(0.06) - draws[0] * draws[0] * np.float32(0.05)
    place = np.stack([x, y, draws[3] * np.float32(-0.3) + 0 * up])
    shade = np.clip(up * np.float32(0.62) + draws[4] * np.float32(0.22) + np.float32(0.08), 0, 1)
    body = blade_colour(sheet)[:, None, None] * (np.float32(0.85) + draws[4] * np.float32(0.2)) * np.ones_like(shade)
    if sheet.snowy:
        body = np.where(((up > 0.72 - draws[4] * 0.4) | (y < 0.14 + draws[2] * 0.06))[None], SNOW[:, None, None], STRAW[:, None, None])
        shade = shade * np.float32(0.6) + np.float32(0.34)
    dots = [Dots(place.reshape(3, -1), lit(sheet, body.reshape(3, -1), shade.ravel()), 0.009)]
    if flowers:
        some = slice(0, 46, 6)
        heads = place[:, some, -2:].reshape(3, -1) + np.array([[0], [0.02], [0.1]], np.float32)
        petals = rgb(Chance(sheet.seed, name, "petals").choice(FLOWERS))
        dots.append(Dots(heads, lit(sheet, petals[:, None] * np.ones_like(heads), np.full(heads.shape[1], 0.75, np.float32)), 0.028))
    return dots


def blade_colour(sheet: Sheet) -> Field:
    """The grass of the season, or as the words colour it."""
    wish = sheet.spec.colour("field")
    return dimmed(sheet, rgb(BLADES[season(sheet)]) if wish is None else colour(wish), 0.8)


def fern(sheet: Sheet, name: str) -> Dots:
    """Fronds that arch from the middle, with leaflets along both sides that grow shorter to the tip."""
    fronds, points, leaflets = 11, 26, 14
    draws = lattice(key(sheet.seed, name), (3, fronds, 1, 1))
    out = (np.arange(points, dtype=np.float32)[None, :, None] + np.float32(0.5)) / np.float32(points)
    side = (np.arange(leaflets, dtype=np.float32)[None, None, :] - np.float32((leaflets - 1) / 2)) / np.float32(leaflets / 2)
    aim = (np.arange(fronds, dtype=np.float32)[:, None, None] / np.float32((fronds - 1) / 2) - np.float32(1)) + draws[0] * np.float32(0.12)
    tall = np.float32(0.80) + draws[1] * np.float32(0.18) - np.abs(aim) * np.float32(0.28)
    reach = (out - out * out * np.float32(0.45)) * np.float32(2.2)
    width = np.float32(0.17) * (np.float32(1) - out) * (np.float32(0.3) + out * np.float32(2.0)) * side
    x = aim * out * np.float32(0.80) + width * (np.float32(1) - np.abs(aim) * np.float32(0.75))
    y = tall * reach * np.float32(0.80) - out * out * np.abs(aim) * np.float32(0.35) + width * aim * np.float32(0.8)
    y = y - np.abs(side) * np.float32(0.03)
    place = np.stack([x, y, (np.float32(0.3) - np.abs(aim)) * out + 0 * side])
    gap = (np.arange(points)[None, :, None] % 2 == 0) | (np.abs(side) < 0.15)
    shade = np.clip(np.float32(0.16) + out * np.float32(0.5) + draws[2] * np.float32(0.16) - np.abs(side) * np.float32(0.1), 0, 1)
    body = dimmed(sheet, rgb(FERN[season(sheet)]))[:, None, None, None] * np.ones_like(y + shade)
    if sheet.snowy:
        body = np.where((np.abs(side) < 0.6)[None], SNOW[:, None, None, None], body)
    keep = np.broadcast_to(gap, y.shape).ravel()
    return Dots(place.reshape(3, -1)[:, keep], lit(sheet, body.reshape(3, -1), (shade + 0 * y).ravel())[:, keep], 0.010)


def shrub(sheet: Sheet, name: str) -> Dots:
    """A heap of leafy clumps, darker below; bare twigs' brown in winter, under snow where it lies."""
    clumps, leaves = 34, 60
    chance = Chance(sheet.seed, name, "leaf")
    draws = lattice(key(sheet.seed, name), (4, clumps, 1))
    small = lattice(key(sheet.seed, name, "leaves"), (7, clumps, leaves))
    ball = (small[:3] + small[3:6]) * np.float32(0.5)
    up = np.float32(0.44) + draws[1] * np.float32(0.40) * (np.float32(1) - np.abs(draws[0]) * np.float32(0.55))
    place = np.stack([draws[0] * np.float32(0.62), up, draws[2] * np.float32(0.4)]) + ball * np.float32(0.24)
    shade = np.clip(
        (up - np.float32(0.12)) * np.float32(0.55)
        + draws[0] * np.float32(0.16 * toward(sheet))
        + ball[1] * np.float32(0.5)
        + small[6] * np.float32(0.1),
        0.02,
        1,
    )
    shade = rimmed(sheet, shade, draws[0] * np.float32(0.9 * toward(sheet)) + ball[1] * np.float32(0.7) + draws[1] * np.float32(0.3))
    body = dimmed(sheet, rgb(chance.choice(LEAVES[season(sheet)][:4])) * np.float32(0.85))
    tones = body[:, None, None] * np.ones_like(shade)
    if sheet.snowy:
        tones = np.where((ball[1] + draws[1] * np.float32(0.5) > -0.12)[None], SNOW[:, None, None], tones)
    return Dots(place.reshape(3, -1), lit(sheet, tones.reshape(3, -1), shade.ravel()), 0.013)


def stone(sheet: Sheet, name: str) -> Dots:
    """A boulder: a lumpy dome with flat sides, mossy or snowed upon above."""
    chance = Chance(sheet.seed, name)
    count = 5200
    draws = lattice(key(sheet.seed, name), (4, count))
    round_ = np.sqrt(draws[0] * draws[0] + draws[1] * draws[1] + draws[2] * draws[2]) + np.float32(1e-3)
    normal = draws[:3] / round_
    normal[1], normal[2] = np.abs(normal[1]), np.abs(normal[2])
    size = np.full(count, 1.0, np.float32)
    for _ in range(6):
        face = chance.between(-1, 1), chance.between(0, 1), chance.between(0, 1)
        facing = normal[0] * np.float32(face[0]) + normal[1] * np.float32(face[1]) + normal[2] * np.float32(face[2])
        size = np.minimum(size, np.float32(0.78) / np.maximum(facing, np.float32(0.3)))
    place = np.stack(
        [
            normal[0] * size * np.float32(0.8),
            (normal[1] * np.float32(0.62) - normal[2] * np.float32(0.16)) * size + np.float32(0.17),
            normal[2] * size,
        ]
    )
    shade = np.clip(
        normal[0] * np.float32(0.4 * toward(sheet)) + normal[1] * np.float32(0.42) + size * np.float32(0.5) - np.float32(0.3), 0, 1
    )
    body = rgb(chance.choice(STONE))[:, None] * (np.float32(0.90) + draws[3] * np.float32(0.08))
    above = normal[1] + draws[3] * np.float32(0.14) > (0.45 if sheet.snowy else 0.86)
    body = np.where(above[None], (SNOW if sheet.snowy else rgb("6c7a44"))[:, None], body)
    return Dots(place, lit(sheet, body, shade), 0.02)
