"""Hot-air balloons: gores in two or three colours, lit from the sun's side, a basket on its ropes; far ones small and pale."""

import numpy as np

from imagechat.providers.sketch.built.prism import KEY, MOST, grid, window_of
from imagechat.providers.sketch.canvas.curves import smooth, wave
from imagechat.providers.sketch.canvas.light import blend, colour, rgb
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet, Spot
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.spec import Subject

PART = 575.0
DYES = (
    ("c8372e", "f2e6cc", "e0902e"),
    ("2f5f9e", "f0e4c8", "d94f3a"),
    ("d9762a", "f4d27a", "9a2f3a"),
    ("2f8a7c", "f3ead2", "e6b23c"),
    ("7a4a94", "efb0a0", "f6e3c0"),
    ("e3b23a", "b8452e", "f5ead0"),
)
AIRY = ((0.0068, 0.22), (0.0034, -0.30), (0.0026, 0.02), (0.0020, -0.14), (0.0030, 0.40), (0.0016, 0.10), (0.0018, -0.42), (0.0014, -0.22))
"""(pixels a metre, as a share of the short side; columns toward the picture's weight, from its middle) of balloons."""
TALL = 24.0
"""A balloon's height in metres, its basket included."""


def airy(sheet: Sheet) -> list[Spot]:
    """Places in the sky, one near and the others farther and paler."""
    chance = Chance(sheet.seed, "airy")
    found = []
    for i, (size, column) in enumerate(AIRY):
        x = 0.5 + sheet.composition.side * (column + chance.between(-0.035, 0.035))
        foot = chance.between(0.44, 0.62) if i == 0 else chance.between(0.40, 0.86)
        metre = sheet.unit * size * chance.between(0.88, 1.12) * min(1.0, sheet.horizon / sheet.unit / 0.45)
        foot = max(foot * sheet.horizon, TALL * metre * 1.08)
        found.append(Spot("sky", x * sheet.width, foot, metre, 0.46 - size * 66))
    return found


def balloon(sheet: Sheet, spot: Spot, wish: Subject, number: int) -> None:
    """One balloon; its foot is the bottom of the basket."""
    chance = Chance(sheet.seed, "balloon", str(number))
    tall = TALL * spot.metre
    radius = tall * 0.36
    middle = spot.y - tall + radius
    window = window_of(sheet, [(spot.x - radius, spot.y - tall), (spot.x + radius, spot.y)])
    if window is None:
        return
    columns, rows = grid(window)
    x, y = (columns - np.float32(spot.x)) / np.float32(radius), (rows - np.float32(middle)) / np.float32(radius)
    half, cover = envelope(x, y, radius)
    tone = cloth(sheet, chance, number, x / np.maximum(half, np.float32(0.02)), y)
    basket, wood = gondola(sheet, x, y, radius)
    haze = blend(sheet.light.haze, sheet.light.lower, 0.5)
    tone = [tone[c] + (wood[c] - tone[c]) * (cover < 0.5) for c in range(3)]
    both = np.maximum(cover, basket)
    seen = np.stack([np.minimum(tone[c], MOST) * np.float32(1 - spot.air) + haze[c] * np.float32(spot.air) for c in range(3)])
    sheet.mix(seen, both, *window)
    sheet.hide(both, PART + number % 12, *window)


def envelope(x: Field, y: Field, soft: float) -> tuple[Field, Field]:
    """(half its width, cover) of the bag: a ball that draws in to a mouth below."""
    ball = np.sqrt(np.clip(np.float32(1) - y * y, 0, 1))
    skirt = np.clip(np.float32(0.92) - (y - np.float32(0.38)) * np.float32(0.70), 0.16, 1)
    half = np.where(y > 0.38, skirt, ball) * (y < 1.46)
    edge = np.minimum((half - np.abs(x)), np.minimum(y + np.float32(1), np.float32(1.46) - y))
    return np.asarray(half, np.float32), np.asarray(np.clip(edge * np.float32(soft) + np.float32(0.5), 0, 1), np.float32)


def cloth(sheet: Sheet, chance: Chance, number: int, across: Field, y: Field) -> list[Field]:
    """The gores in their dyes under the light, darker toward the shaded side and below."""
    dyes = [rgb(tone) for tone in DYES[(chance.whole(0, 5) + number) % 6]]
    asked = sheet.spec.colour("balloon")
    if asked:
        dyes = [colour(asked), blend(colour(asked), rgb("f4ead4"), 0.72), blend(colour(asked), rgb("1c1c24"), 0.3)]
    # An arc's own angle, as a cubic: gores crowd toward the rims.
    angle = across * (np.float32(0.62) + across * across * np.float32(0.38))
    gore = angle * 6 + 32
    which = np.floor(gore) % (2 if chance.happens(0.5) else 3)
    belt = (y > 0.12) & (y < 0.34) if chance.happens(0.5) else y > 2
    bulge = gore - np.floor(gore)
    fold = np.float32(0.80) + bulge * (np.float32(1) - bulge) * np.float32(0.9)
    round_ = np.sqrt(np.clip(np.float32(1) - across * across, 0, 1))
    light = bag_light(sheet, across, y, round_)
    own = [np.where(belt, dyes[2][c], np.where(which < 0.5, dyes[0][c], np.where(which < 1.5, dyes[1][c], dyes[2][c]))) for c in range(3)]
    return [own[c] * light[c] * fold for c in range(3)]


def bag_light(sheet: Sheet, across: Field, y: Field, round_: Field) -> list[Field]:
    """Light on the bag; when the day ends the burner lights it from within."""
    toward = np.float32(1 if sheet.sun[0] > sheet.width / 2 else -1)
    direct = np.clip(across * toward * np.float32(0.66) + round_ * np.float32(0.30) - y * np.float32(0.30), 0, 1)
    ambient = np.float32(0.56) - y * np.float32(0.10) + round_ * np.float32(0.06)
    fire = (
        smooth(-0.7, 1.3, y) * round_ * np.float32({"night": 0.75, "moonlight": 0.6, "dusk": 0.5, "dawn": 0.12}.get(sheet.spec.time, 0.0))
    )
    warm = rgb("ffb45e")
    strong = np.float32(KEY[sheet.spec.time])
    return [sheet.light.fill[c] * ambient + sheet.light.key[c] * direct * strong + warm[c] * fire for c in range(3)]


def gondola(sheet: Sheet, x: Field, y: Field, soft: float) -> tuple[Field, list[Field]]:
    """(cover, colours) of the basket and its ropes; the bottom of the picture's window is y = 1.78."""
    low, high = 1.60, 1.775
    box = np.minimum(np.float32(0.13) - np.abs(x), np.minimum(y - np.float32(low), np.float32(high) - y))
    spread = np.float32(0.15) - (y - np.float32(1.44)) * np.float32(0.25)
    rope = np.minimum(np.float32(0.008) - np.abs(np.abs(x) - spread), np.minimum(y - np.float32(1.42), np.float32(low) - y))
    solid = np.clip(box * np.float32(soft) + np.float32(0.5), 0, 1)
    thin = np.clip(rope * np.float32(soft) + np.float32(0.5), 0, 1) * np.float32(0.8)
    light = sheet.light.fill * np.float32(0.6) + sheet.light.key * np.float32(KEY[sheet.spec.time] * 0.35)
    weave = np.float32(0.92) + wave(y * 24) * np.float32(0.12)
    return np.maximum(solid, thin), [rgb("6e4a2e")[c] * light[c] * weave + 0 * x for c in range(3)]
