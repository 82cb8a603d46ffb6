"""A city: rows of buildings in the haze, with crowns of their own, and windows that light up when the day ends."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice
from imagechat.providers.sketch.land.ridges import conifer_tops, line, silhouette
from imagechat.providers.sketch.land.water import paint_water
from imagechat.providers.sketch.canvas.sheet import Layer, Sheet

PART = 60.0
STONE = ("8d8f96", "a59a8c", "6f7a88", "b3aca0", "7d7480", "95a0aa", "c2b6a4", "5f6878")
LAMPS = ("ffd08a", "ffc070", "ffe3b0", "fff1d6", "cfe2ff")
LIT = {"day": 0.0, "golden": 0.04, "dawn": 0.10, "sunset": 0.16, "dusk": 0.36, "night": 0.42, "moonlight": 0.36}
"""The share of windows with a light on."""
ROWS = {"river": 4, "district": 5, "hill": 5}
"""How many rows of buildings each layout has; in another scene a city stands at the water, as by a river."""
CROWNS = ("flat", "flat", "flat", "steps", "spire", "slant", "round", "mast")


@dataclass(frozen=True, slots=True)
class Building:
    """One building in pixels: `left` to `right`, from `top` down to `foot`; `near` 0 far to 1 near."""

    left: float
    right: float
    top: float
    foot: float
    near: float
    name: str
    crown: str


def paint_city(sheet: Sheet) -> None:
    """Rows of buildings from far to near; the towers gather opposite the sun."""
    rows = ROWS[manner(sheet)]
    for row in range(rows):
        near = row / (rows - 1)
        for building in planned(sheet, row, near):
            raise_building(sheet, building)
        between_rows(sheet, near)


def manner(sheet: Sheet) -> str:
    """How the city stands."""
    return sheet.spec.layout if sheet.spec.layout in ROWS else "river"


def planned(sheet: Sheet, row: int, near: float) -> list[Building]:
    """The buildings of one row, from left to right."""
    layout = manner(sheet)
    chance = Chance(sheet.seed, "city", layout, str(row))
    centre = (0.5 + sheet.composition.side * 0.17) * sheet.width
    foot = sheet.horizon + (sheet.height - sheet.horizon) * descent(layout, near)
    grow = {"river": 1.0 - 0.35 * near, "district": 0.92 - 0.10 * near, "hill": 0.9 - 0.45 * near}[layout]
    grow *= 1.0 if (sheet.spec.scene, sheet.spec.also) == ("city", ()) else 0.55
    found: list[Building] = []
    x = -sheet.unit * 0.05
    while x < sheet.width:
        width = sheet.unit * chance.between(0.030, 0.072) * (0.72 + 0.55 * near)
        off = abs(x + width / 2 - centre) / sheet.width
        crowd = max(0.0, 1 - off * 2.1)
        tall = sheet.unit * grow * (0.07 + 0.10 * chance.unit() + 0.34 * crowd * crowd * chance.unit() ** 1.4)
        tower = chance.happens(0.10 + 0.22 * crowd)
        tall *= 1.45 if tower else 1.0
        crown = chance.choice(CROWNS) if tower or near > 0.3 else "flat"
        found.append(Building(x, x + width, foot - tall, foot, near, f"{row} {len(found)}", crown))
        x += width * chance.between(0.82, 1.18) + (sheet.unit * 0.02 if chance.happens(0.12) else 0)
    return found


def descent(layout: str, near: float) -> float:
    """How far below the horizon a row stands, as a share of the ground: a river bank keeps all above the water."""
    return {"river": 0.012, "district": 0.15 + 0.9 * near, "hill": 0.05 + 0.55 * near}[layout]


def raise_building(sheet: Sheet, one: Building) -> None:
    """One building: its outline, its two faces, its windows, the air before it."""
    crown_room = (one.right - one.left) * 1.9
    first, last = max(0, int(one.top - crown_room)), min(sheet.height, int(one.foot) + 1)
    left, right = max(0, int(one.left)), min(sheet.width, int(one.right) + 1)
    if first >= last or left >= right:
        return
    rows = np.arange(first, last, dtype=np.float32)[:, None] - np.float32(one.top)
    columns = (np.arange(left, right, dtype=np.float32)[None, :] + np.float32(0.5) - np.float32(one.left)) / np.float32(
        one.right - one.left
    )
    cover = outline(one, rows, columns, sheet.composition.side)
    cover *= np.clip((np.float32(0.5) - np.abs(columns - np.float32(0.5))) * np.float32(one.right - one.left) + np.float32(0.5), 0, 1)
    body, lamp, glow = faced(sheet, one, rows, columns)
    tone = np.stack([body[c] + (lamp[c] - body[c]) * glow for c in range(3)])
    window = slice(first, last), slice(left, right)
    sheet.mix(tone, cover, *window)
    number = int(one.name.split()[1])
    sheet.hide(cover, PART + 10 * one.near + number % 7, *window)
    shine = sheet.marks.shine[window]
    np.maximum(shine, cover * glow * np.float32(0.8), out=shine)


def outline(one: Building, rows: Field, columns: Field, side: int) -> Field:
    """Where the building stands, its crown included. `rows`: pixels below its roof; `columns`: 0 to 1 across it."""
    wide = one.right - one.left
    off = np.abs(columns - np.float32(0.5))
    roof: Field
    match one.crown:
        case "steps":
            roof = np.where(off < 0.16, -0.55, np.where(off < 0.32, -0.28, 0.0)) * np.float32(wide)
        case "spire":
            roof = np.where(off < 0.34, -0.3, 0.0) * np.float32(wide) - np.clip(0.11 - off, 0, 1) * np.float32(12 * wide)
        case "slant":
            roof = (columns - np.float32(0.5)) * np.float32(side * 0.7 * wide)
        case "round":
            roof = -np.sqrt(np.clip(np.float32(0.25) - off * off, 0, 1)) * np.float32(wide * 0.9)
        case "mast":
            roof = np.where(off * np.float32(wide) < max(0.6, wide * 0.025), -1.25, 0.0) * np.float32(wide)
        case _:
            roof = np.zeros_like(off)
    return np.clip(rows - roof + np.float32(1), 0, 1).astype(np.float32)


def faced(sheet: Sheet, one: Building, rows: Field, columns: Field) -> tuple[Field, Field, Field]:
    """(body colours, lamp colours, where lamps glow): a lit face, a shaded one, floors of windows."""
    chance = Chance(sheet.seed, "facade", one.name)
    stone = rgb(chance.choice(STONE))
    edge = np.float32(chance.between(0.58, 0.8))
    lit_face = columns < edge if sheet.composition.side > 0 else columns > 1 - edge
    key_light = sheet.light.key * np.float32({"day": 1.0, "golden": 0.8, "night": 0.18, "moonlight": 0.3}.get(sheet.spec.time, 0.42))
    fill = sheet.light.fill * np.float32(0.9 if sheet.night else 0.74)
    air, share = haze_at(sheet, one)
    panes, number = grid(sheet, one, rows, columns, chance)
    height = np.clip(np.float32(1) - rows / np.float32(max(8.0, one.foot - one.top)), 0, 1)
    glass = blend(sheet.light.upper, sheet.light.horizon, 0.45)
    body = []
    for c in range(3):
        wall = stone[c] * (fill[c] + key_light[c] * np.where(lit_face, np.float32(0.95), np.float32(0.10)))
        wall = wall * (np.float32(0.80) + np.float32(0.28) * height)
        wall = wall + (glass[c] * np.where(lit_face, 0.62, 0.34) * (0.35 if sheet.night else 1.0) - wall) * panes * np.float32(0.62)
        body.append(wall + (air[c] - wall) * share)
    glow = lamps(sheet, one, panes, number) * np.float32(1 - share * 0.55)
    lamp = rgb(chance.choice(LAMPS)) * np.float32(1.05)
    return np.stack(np.broadcast_arrays(*body)), np.broadcast_to(lamp[:, None, None], (3, *glow.shape)), glow


def grid(sheet: Sheet, one: Building, rows: Field, columns: Field, chance: Chance) -> tuple[Field, Field]:
    """(where panes are, each pane's own number from 0 to 1)."""
    floor = max(2.2, sheet.unit * chance.between(0.0085, 0.0115) * (0.65 + 0.5 * one.near))
    bays = max(2, int((one.right - one.left) / floor / chance.between(0.8, 1.5)))
    storey = rows / np.float32(floor)
    bay = columns * np.float32(bays)
    up, across = storey - np.floor(storey), bay - np.floor(bay)
    ribbon = chance.happens(0.3)
    high = smooth(0.16, 0.34, up) * smooth(0.94, 0.76, up)
    wide = np.ones_like(across) if ribbon else smooth(0.08, 0.26, across) * smooth(0.92, 0.74, across)
    panes = high * wide * (storey > 0.7) * (np.abs(columns - np.float32(0.5)) < 0.46)
    draws = lattice(key(sheet.seed, "panes", one.name), (32, 64)) * np.float32(0.5) + np.float32(0.5)
    number = draws[np.clip(bay, 0, 31).astype(np.int32), np.clip(storey, 0, 63).astype(np.int32) % 64]
    return panes.astype(np.float32), number


def lamps(sheet: Sheet, one: Building, panes: Field, number: Field) -> Field:
    """How brightly each window shines."""
    chance = Chance(sheet.seed, "lamps", one.name)
    share = LIT[sheet.spec.time] * chance.between(0.4, 1.5)
    on = number < share
    return (panes * on * (np.float32(0.45) + number / np.float32(max(share, 0.01)) * np.float32(0.5))).astype(np.float32)


def haze_at(sheet: Sheet, one: Building) -> tuple[Field, float]:
    """(air colour, how much of it) before a building."""
    thick = 1.35 if sheet.spec.weather == "fog" else 1.0
    share = min(0.94, (0.84 - 0.70 * one.near) * thick + (0.12 if thick > 1 else 0))
    air = blend(sheet.light.haze, sheet.light.lower, 0.4)
    return air * np.float32(0.80 if sheet.night else 1.0), share


def between_rows(sheet: Sheet, near: float) -> None:
    """The haze that lies in the streets behind the next row, glowing a little by night."""
    if near > 0.95:
        return
    foot = sheet.horizon + (sheet.height - sheet.horizon) * descent(manner(sheet), near)
    rows = sheet.rows()
    share = smooth(foot - sheet.unit * 0.20, foot, rows) * np.float32(0.34 if sheet.spec.weather != "fog" else 0.6) * (rows < foot + 1)
    glow = rgb("ffb46a") if sheet.night or sheet.spec.time == "dusk" else sheet.light.horizon
    sheet.mix(blend(sheet.light.haze, glow, 0.22), share * np.where(sheet.marks.cover > 0.5, 1, 0).astype(np.float32))


def park(sheet: Sheet) -> None:
    """The wooded hill from which the city is seen."""
    ground = sheet.height - sheet.horizon
    for i in range(2):
        level = sheet.horizon + ground * (0.40 + 0.34 * i)
        shape = line(sheet.seed, f"park {i}", sheet.width, 1.6 * sheet.width / sheet.unit, gain=0.42, ridged=False)
        slope = np.linspace(-0.05, 0.05, sheet.width, dtype=np.float32) * np.float32(-sheet.composition.side * sheet.unit)
        woods = conifer_tops(sheet.seed, f"park wood {i}", sheet.width, sheet.unit * (0.006 + 0.005 * i), sheet.unit * (0.022 + 0.026 * i))
        top = np.float32(level) - shape * np.float32(sheet.unit * 0.02) - slope
        silhouette(sheet, top, 30 + i, near=0.86 + 0.12 * i, tall=sheet.unit * 0.1, woods=woods)


def quay(sheet: Sheet) -> None:
    """The embankment between the last row and the water, with its chain of lamps."""
    tall = max(1.0, sheet.unit * 0.012)
    window = slice(max(0, int(sheet.horizon - tall * 0.3)), min(sheet.height, int(sheet.horizon + tall)))
    rows = window.stop - window.start
    sheet.mix(sheet.light.fill * np.float32(0.35), np.ones((rows, sheet.width), np.float32), window)
    sheet.hide(np.ones((rows, sheet.width), np.float32), PART + 30, window)
    if LIT[sheet.spec.time] < 0.15:
        return
    spacing = sheet.unit * 0.035
    x = (np.arange(sheet.width, dtype=np.float32) / np.float32(spacing)) % 1 - np.float32(0.5)
    dot = np.clip(np.float32(1.2) - np.abs(x) * np.float32(spacing / max(0.9, tall * 0.16)), 0, 1)[None, :]
    row = slice(window.start, window.start + max(1, round(tall * 0.35)))
    share = np.broadcast_to(dot, (row.stop - row.start, sheet.width))
    sheet.mix(rgb("ffd9a0") * np.float32(1.1), share, row)
    sheet.marks.shine[row] = np.maximum(sheet.marks.shine[row], share)


LAYERS: dict[str, list[Layer]] = {
    "river": [("city", paint_city), ("quay", quay), ("water", paint_water)],
    "district": [("city", paint_city)],
    "hill": [("city", paint_city), ("trees", park)],
    "street": [("city", paint_city)],
}
