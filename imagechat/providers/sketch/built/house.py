"""A house: a box of walls under a gable or hip roof, with chimney, windows and door, turned so that two sides are seen."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.built.prism import Face, Place, View, face, glow, lay, lit, shadow, view_of
from imagechat.providers.sketch.built.walls import (
    BEAM,
    LOG,
    beams,
    burning,
    glass,
    inside,
    lamp,
    logs,
    masonry,
    openings,
    snow_on,
    snowed,
    tiles,
)
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet, Spot
from imagechat.providers.sketch.chance import Chance

PART = 500.0
HARBOUR = ("e8b04c", "dd7f4e", "f0d79a", "cf5f4a", "f4e9cf", "e09a9c", "86b3a8", "eec166", "8fb0c8", "f2efe6")
PLASTER = ("efe6d4", "e8d8b8", "f2ece0", "e2c9a0", "dfc7b4", "e6e2d8", "d9c3a5")
SOUTHERN = ("f6f1e6", "f3e6cc", "f1e7d6", "f5efe4", "ecd2a6", "f7f3ea", "e9c8a4", "f4ecdc")
STONES = ("a99c8a", "9a9388", "b5a68e")
ROOFS = ("9c4a34", "a85a3e", "8a4434", "6e4a3c", "7a5244", "5e5a5c")
SLATES = ("4e5560", "5c5f66", "6a5a50")
SHUTTERS = ("4c6a58", "5a6f86", "7a4236", "6b5a48", "3f5f6a")


@dataclass(frozen=True, slots=True)
class House:
    """The facts of one house in metres: `long` along its ridge, `deep` across, `wall` high, the roof `rise` higher, its `eaves` out;
    `turn` degrees; `material` of the walls; `hip`: whether the roof falls to all sides.
    """

    long: float
    deep: float
    wall: float
    rise: float
    eaves: float
    turn: float
    material: str
    body: Field
    roof: Field
    trim: Field
    storeys: int
    hip: bool
    chimney: float
    name: str


def cottage(sheet: Sheet, name: str, manner: str = "country") -> House:
    """The house of that name: "country" (steep roofs, timber and plaster), "southern" (flat warm roofs), "harbour" (so
    too, in many colours) or "alpine" (stone and logs)."""
    chance = Chance(sheet.seed, "cottage", name)
    southern, alpine = manner in ("southern", "harbour"), manner == "alpine"
    storeys = 3 if manner == "harbour" and chance.happens(0.4) else 2 if chance.happens(0.62) else 1
    deep = chance.between(5.0, 6.6)
    turn = chance.between(24, 52) * chance.sign() + (90 if chance.happens(0.45) else 0)
    material = "logs" if alpine else "stone" if chance.happens(0.18) else "timber" if not southern and chance.happens(0.30) else "plaster"
    body = rgb(chance.choice(STONES if material == "stone" else HARBOUR if manner == "harbour" else SOUTHERN if southern else PLASTER))
    pitch = chance.between(0.20, 0.30) if southern else chance.between(0.44, 0.62)
    roof = rgb(chance.choice(SLATES if chance.happens(0.22) and not southern else ROOFS[: 3 if southern else 6]))
    return House(
        long=chance.between(7.0, 11.0) if storeys == 2 or not alpine else 7.5,
        deep=deep,
        wall=storeys * chance.between(2.4, 2.8) + (0.3 if alpine else 0),
        rise=deep * pitch,
        eaves=0.45 if southern else 0.6,
        turn=turn,
        material=material,
        body=LOG if alpine else body,
        roof=rgb("5c4636") if alpine else roof,
        trim=rgb(chance.choice(SHUTTERS)),
        storeys=storeys,
        hip=chance.happens(0.22) and not alpine,
        chimney=chance.between(-0.34, 0.34),
        name=name,
    )


def raise_house(sheet: Sheet, spot: Spot, one: House, part: float) -> None:
    """The whole house with its shadow: the far slope of the roof first, the walls, the near slope, the chimney."""
    view = view_of(sheet, spot, one.turn)
    shadow(sheet, view, (one.long / 2, one.deep / 2), one.wall + one.rise * 0.6, spot.air)
    slopes = roof_planes(one)
    behind = [plane for plane in slopes if view.turned(plane[1])[2] > 0]
    before = [plane for plane in slopes if view.turned(plane[1])[2] <= 0]
    for corners, normal in behind:
        cover_slope(sheet, view, one, corners, normal, spot.air, part)
    for number in range(4):
        raise_wall(sheet, view, one, number, spot.air, part)
    if spot.metre > 5:
        chimney(sheet, view, one, spot.air, part)
    for corners, normal in before:
        cover_slope(sheet, view, one, corners, normal, spot.air, part)


def roof_planes(one: House) -> list[tuple[list[Place], Place]]:
    """(four corners, normal) of each slope of the roof, its eaves hanging over."""
    x, z = one.long / 2 + one.eaves * 0.7, one.deep / 2 + one.eaves
    low, high = one.wall - one.eaves * one.rise / (one.deep / 2), one.wall + one.rise
    ridge = max(0.6, x - one.deep * 0.42) if one.hip else x
    steep = one.deep / 2 / one.rise
    out, up = 1 / (1 + steep * steep) ** 0.5, steep / (1 + steep * steep) ** 0.5
    planes: list[tuple[list[Place], Place]] = [
        ([(-x, low, -z), (x, low, -z), (ridge, high, 0), (-ridge, high, 0)], (0, up, -out)),
        ([(x, low, z), (-x, low, z), (-ridge, high, 0), (ridge, high, 0)], (0, up, out)),
    ]
    if one.hip:
        planes += [
            ([(x, low, -z), (x, low, z), (ridge, high, 0.01), (ridge, high, -0.01)], (out, up, 0)),
            ([(-x, low, z), (-x, low, -z), (-ridge, high, -0.01), (-ridge, high, 0.01)], (-out, up, 0)),
        ]
    return planes


def cover_slope(sheet: Sheet, view: View, one: House, corners: list[Place], normal: Place, air: float, part: float) -> None:  # noqa: PLR0917
    """One slope of the roof upon its dark underside."""
    wide, high = abs(corners[1][0] - corners[0][0]) + abs(corners[1][2] - corners[0][2]), one.rise * 1.3
    thick = [(x, y - 0.20, z) for x, y, z in corners]
    seen = [view.at(place) for place in corners]
    bottom = None if view.metre < 4.5 else face(sheet, [view.at(place) for place in thick], (wide, high))
    light = lit(sheet, view.x, view.turned(normal))
    if bottom is not None:
        lay(sheet, bottom, [one.roof[c] * light[c] * np.float32(0.5) + 0 * bottom.u for c in range(3)], air, part + 0.1)
    top = face(sheet, seen, (wide, high))
    if top is None:
        return
    sharp = min(1.0, view.metre / 7)
    bright = tiles(sheet.seed, top.u, top.v, sharp)
    base = [one.roof[c] * bright for c in range(3)]
    if sheet.snowy:
        base = snowed(base, snow_on(sheet.seed, top.u, top.v, high))
    lay(sheet, top, [base[c] * light[c] for c in range(3)], air, part + 0.1)


def raise_wall(sheet: Sheet, view: View, one: House, number: int, air: float, part: float) -> None:  # noqa: PLR0917
    """Wall 0 to 3: front, right, back, left; the short ones carry a gable where the roof is no hip."""
    x, z = one.long / 2, one.deep / 2
    ends = [((-x, -z), (x, -z)), ((x, -z), (x, z)), ((x, z), (-x, z)), ((-x, z), (-x, -z))][number]
    (ax, az), (bx, bz) = ends
    wide = one.deep if number % 2 else one.long
    corners = [view.at(place) for place in ((ax, -0.3, az), (bx, -0.3, bz), (bx, one.wall, bz), (ax, one.wall, az))]
    gable = number % 2 == 1 and not one.hip
    outline = [*corners[:3], view.at((ax, one.wall + one.rise - 0.05, 0)), corners[3]] if gable else None
    found = face(sheet, corners, (wide, one.wall + 0.3), outline)
    if found is None:
        return
    normal = ((0, 0, -1), (1, 0, 0), (0, 0, 1), (-1, 0, 0))[number]
    finish_wall(
        sheet,
        Face(found.window, found.u, found.v - np.float32(0.3), found.cover),
        one,
        (number, wide, air, part, view.metre),
        view.turned(normal),
    )


def finish_wall(sheet: Sheet, wall: Face, one: House, facts: tuple[int, float, float, float, float], normal: Place) -> None:
    """The wall's material, its windows and door, the shade below the eaves."""
    number, wide, air, part, metre = facts
    pixel = max(0.03, 1 / (metre * max(0.35, abs(normal[2]))))
    light = lit(sheet, (wall.window[1].start + wall.window[1].stop) / 2, normal)
    base = material(sheet, wall, one, (wide, one.wall), pixel)
    panes, frames, shutters, numbers = openings(wall.u, wall.v, (wide, one.wall), pixel, one.storeys)
    door = doorway(wall, wide, pixel) if number % 2 == 0 else np.zeros_like(wall.u)
    dark = glass(sheet)
    frame = blend(one.body, rgb("ffffff"), 0.6) if one.material != "logs" else rgb("4c3524")
    if one.material in ("plaster", "timber"):
        base = [base[c] + (one.trim[c] - base[c]) * shutters * np.float32(0.9) for c in range(3)]
    clear = np.float32(1) - door
    base = [base[c] + (frame[c] - base[c]) * frames * clear for c in range(3)]
    base = [base[c] + (one.trim[c] * np.float32(0.6) - base[c]) * door for c in range(3)]
    shade = eaves_shade(wall, one, number)
    tone = [base[c] * light[c] * shade for c in range(3)]
    tone = [tone[c] + (dark[c] - tone[c]) * panes * clear for c in range(3)]
    lay(sheet, wall, tone, air, part + 0.5 + 0.05 * (number % 2))
    burn = burning(sheet, f"{one.name} {number}", numbers + np.float32(number * 17))
    if burn.any():
        glow(sheet, wall, panes * clear * burn, lamp(sheet, one.name), air)


def eaves_shade(wall: Face, one: House, number: int) -> Field:
    """The shade that eaves throw on the top of a wall, and the dirt at its foot."""
    down = np.float32(one.wall) - wall.v
    top = np.clip(np.float32(1) - down / np.float32(0.9), 0, 1) * np.float32(0.42 if number % 2 == 0 or one.hip else 0.0)
    foot = np.clip(np.float32(1) - wall.v / np.float32(0.9), 0, 1)
    return np.asarray(np.float32(1) - top - foot * foot * np.float32(0.26), np.float32)


def doorway(wall: Face, wide: float, pixel: float) -> Field:
    """The door, beside the middle of a long wall."""
    return inside(wall.u, wide * 0.5 - 0.55, wide * 0.5 + 0.55, pixel) * inside(wall.v, -0.1, 2.05, pixel)


def material(sheet: Sheet, wall: Face, one: House, size: tuple[float, float], pixel: float) -> list[Field]:
    """The wall's own colours before light falls on them."""
    seam = min(1.0, 0.12 / pixel)
    match one.material:
        case "stone":
            bright = masonry(sheet.seed, wall.u, wall.v, (0.7, 0.36), seam)
            return [one.body[c] * bright for c in range(3)]
        case "logs":
            bright, stones = logs(sheet.seed, wall.u, wall.v), masonry(sheet.seed, wall.u, wall.v, (0.8, 0.4), seam)
            low = inside(wall.v, -2, 0.9, pixel)
            return [one.body[c] * bright * (1 - low) + np.float32(0.56) * stones * low for c in range(3)]
        case "timber":
            wood = beams(wall.u, wall.v, size, pixel) * np.float32(min(1.0, 0.25 / pixel))
            return [one.body[c] + (BEAM[c] - one.body[c]) * wood for c in range(3)]
    bright = masonry(sheet.seed, wall.u, wall.v, (1.9, 1.1), 0.0) * np.float32(0.22) + np.float32(0.79)
    return [one.body[c] * bright for c in range(3)]


def chimney(sheet: Sheet, view: View, one: House, air: float, part: float) -> None:
    """A small shaft through the roof near the ridge."""
    x, foot, top = one.chimney * one.long, one.wall + one.rise * 0.45, one.wall + one.rise + 0.75
    half, z = 0.34, 0.0
    sides: list[tuple[Place, Place, Place]] = [
        ((x - half, foot, z - half), (x + half, foot, z - half), (0, 0, -1)),
        ((x + half, foot, z - half), (x + half, foot, z + half), (1, 0, 0)),
        ((x + half, foot, z + half), (x - half, foot, z + half), (0, 0, 1)),
        ((x - half, foot, z + half), (x - half, foot, z - half), (-1, 0, 0)),
    ]
    for left, right, normal in sides:
        corners = [view.at(left), view.at(right), view.at((right[0], top, right[2])), view.at((left[0], top, left[2]))]
        found = face(sheet, corners, (0.7, top - foot))
        if found is not None:
            light = lit(sheet, view.x, view.turned(normal))
            brick = masonry(sheet.seed, found.u, found.v, (0.3, 0.16), 0.3) if view.metre > 8 else np.float32(0.9) + 0 * found.u
            lay(sheet, found, [rgb("8a5a48")[c] * light[c] * brick for c in range(3)], air, part + 0.2)
