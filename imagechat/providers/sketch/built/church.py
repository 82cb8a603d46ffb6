"""A church: a nave like a tall house, and a square tower under a spire."""

from dataclasses import replace

import numpy as np

from imagechat.providers.sketch.built.house import cottage, raise_house
from imagechat.providers.sketch.built.prism import Place, View, face, glow, lay, lit, view_of
from imagechat.providers.sketch.built.walls import burning, inside, lamp, masonry, tiles
from imagechat.providers.sketch.canvas.light import rgb
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet, Spot
from imagechat.providers.sketch.chance import Chance

PART = 540.0


def church(sheet: Sheet, spot: Spot, manner: str = "country") -> None:
    """The whole church on `spot`, its tower at one end of the nave."""
    chance = Chance(sheet.seed, "church")
    southern = manner == "southern"
    stone = rgb("e9ddc6" if southern else chance.choice(("eae4d6", "b9ad99", "e8dcc4")))
    turn = chance.between(28, 50) * chance.sign()
    nave = replace(
        cottage(sheet, "nave", manner), long=17.0, deep=8.0, wall=7.0, rise=2.6 if southern else 5.2, turn=turn, hip=False, storeys=1
    )
    nave = replace(
        nave,
        material="plaster",
        body=stone,
        trim=stone,
        chimney=9.0,
        roof=rgb("9a5a40" if southern else chance.choice(("7a4a3a", "565c64"))),
    )
    end = 10.4 if turn > 0 else -10.4
    view = view_of(sheet, spot, turn)
    away = view.turned((end, 0, 0))[2] > 0
    if away:
        tower(sheet, view, end, stone, spot.air, southern)
    raise_house(sheet, spot, nave, PART)
    if not away:
        tower(sheet, view, end, stone, spot.air, southern)


def tower(sheet: Sheet, view: View, end: float, stone: Field, air: float, southern: bool) -> None:  # noqa: PLR0917
    """A square tower `end` metres along the nave, its belfry open, a spire upon it."""
    half, tall = 2.5, 15.5
    spire = 4.0 if southern else 12.0
    corners = ((-half, -half), (half, -half), (half, half), (-half, half))
    for number in range(4):
        (ax, az), (bx, bz) = corners[number], corners[(number + 1) % 4]
        normal: Place = ((0, 0, -1), (1, 0, 0), (0, 0, 1), (-1, 0, 0))[number]
        foot = [(ax + end, -0.3, az), (bx + end, -0.3, bz), (bx + end, tall, bz), (ax + end, tall, az)]
        wall = face(sheet, [view.at(place) for place in foot], (2 * half, tall + 0.3))
        light = lit(sheet, view.x, view.turned(normal))
        if wall is not None:
            finish_tower(sheet, wall, stone, light, (tall, view.metre, air))
    for number in range(4):
        (ax, az), (bx, bz) = corners[number], corners[(number + 1) % 4]
        flat = ((0.0, -1.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0))[number]
        out, up = (0.45, 0.9) if southern else (0.94, 0.34)
        roof = [(ax * 1.12 + end, tall, az * 1.12), (bx * 1.12 + end, tall, bz * 1.12)]
        roof += [(bx * 0.02 + end, tall + spire, bz * 0.02), (ax * 0.02 + end, tall + spire, az * 0.02)]
        found = face(sheet, [view.at(place) for place in roof], (2 * half, spire))
        if found is not None:
            light = lit(sheet, view.x, view.turned((flat[0] * out, up, flat[1] * out)))
            bright = tiles(sheet.seed, found.u, found.v, min(1.0, view.metre / 8))
            body = rgb("a4603f" if southern else "525a62")
            lay(sheet, found, [body[c] * light[c] * bright for c in range(3)], air, PART + 0.6 + number % 2 * 0.1)


def finish_tower(sheet: Sheet, wall, stone: Field, light: Field, facts: tuple[float, float, float]) -> None:  # type: ignore[no-untyped-def]
    """Stones, a cornice, the openings of the belfry, a clock."""
    tall, metre, air = facts
    pixel = max(0.04, 1.3 / metre)
    v = wall.v - np.float32(0.3)
    bright = masonry(sheet.seed, wall.u, v, (0.9, 0.45), min(1.0, 0.10 / pixel)) * np.float32(0.4) + np.float32(0.60)
    belfry = inside(np.abs(wall.u - np.float32(2.5)), 0.35, 1.15, pixel) * inside(v, tall - 3.6, tall - 1.2, pixel)
    slit = inside(wall.u, 2.2, 2.8, pixel) * np.maximum(inside(v, 4.0, 5.6, pixel), inside(v, 8.0, 9.2, pixel))
    ledge = np.maximum(inside(v, tall - 0.5, tall + 0.1, pixel), inside(v, tall - 4.9, tall - 4.6, pixel))
    dark = np.maximum(belfry, slit)
    bright = (bright + ledge * np.float32(0.14)) * (np.float32(1) - dark * np.float32(0.72))
    lay(sheet, wall, [stone[c] * light[c] * bright for c in range(3)], air, PART + 0.3)
    glow(sheet, wall, dark * burning(sheet, "belfry", v * 0) * np.float32(0.6), lamp(sheet, "church"), air)
