"""Low land under a wide sky: far hills in the haze, meadows and woods before them, a lone tree or a lit road."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice, nearest, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.land.ridges import line

PART = 600.0
GRASS = {"spring": "6f9a48", "summer": "5f8440", "autumn": "9a8448", "winter": "7a7a62"}
WOODS = {"spring": "3f6a3a", "summer": "3a6638", "autumn": "7a5a2c", "winter": "4a4a44"}
HILLS = 5


def paint_low_land(sheet: Sheet) -> None:
    """Hill before hill, softly lit, each with its woods; then what gives the land a scale."""
    chance = Chance(sheet.seed, "low land")
    tops = []
    for i in range(HILLS):
        near = i / (HILLS - 1)
        level = sheet.horizon + (sheet.height - sheet.horizon) * (-0.05 + 0.62 * near)
        swings = chance.between(0.7, 1.5) * (1.4 - 0.5 * near) * sheet.width / sheet.unit
        shape = line(sheet.seed, f"low hill {i}", sheet.width, swings, gain=0.36, ridged=False)
        top = np.float32(level) - shape * np.float32(sheet.unit * (0.020 + 0.012 * near))
        hill(sheet, top, i, near)
        tops.append(top)
    lone_tree(sheet, chance, tops[-1])
    if sheet.spec.time in ("dusk", "night", "moonlight"):
        lights(sheet, chance, tops)


def hill(sheet: Sheet, top: Field, number: int, near: float) -> None:
    """One hill: a tree line along parts of its ridge, grass that pales into haze when far, fields in patches by daylight."""
    woods = treeline(sheet, number, near)
    first = max(0, int((top - woods).min()) - 1)
    if first >= sheet.height:
        return
    window, rows = slice(first, sheet.height), sheet.rows(first)
    below = rows - top[None, :]
    cover = np.clip(below + woods[None, :] + np.float32(0.5), 0, 1)
    grass, wood = ground(sheet, near)
    air = blend(sheet.light.haze, sheet.light.horizon, 0.45)
    trees = smooth(sheet.unit * 0.004 * (0.4 + near), 0.0, below) * (woods > 0.6)[None, :]
    level = grained(sheet, rows, near) + slope(top, sheet.unit, sheet.composition.side)[None, :] * np.float32(
        0.30 if not sheet.night else 0.12
    )
    mist = smooth(0.0, sheet.unit * 0.07, below) * np.float32(0.42 * (1 - near)) + np.float32(0.60 * (1 - near) ** 1.5)
    if sheet.spec.weather in ("fog", "rain", "snow"):
        mist = np.clip(mist + np.float32(0.30 * (1 - near)), 0, 1)
    tone = []
    for c in range(3):
        body = (grass[c] + (wood[c] - grass[c]) * trees) * level
        tone.append(body + (air[c] - body) * mist)
    sheet.mix(np.stack(tone), cover, window)
    sheet.hide(cover, PART + number, window)


def ground(sheet: Sheet, near: float) -> tuple[Field, Field]:
    """(grass, woods) in the light of the time: at night nearly black."""
    grass = rgb("e4eaf2") if sheet.snowy else rgb(GRASS[sheet.spec.season])
    wood = rgb(WOODS[sheet.spec.season])
    light = sheet.light.key * np.float32(0.62) + sheet.light.fill * np.float32(0.48)
    dim = np.float32({"day": 0.82, "golden": 0.72, "dawn": 0.46, "sunset": 0.34, "dusk": 0.34}.get(sheet.spec.time, 0.26))
    return grass * light * dim * np.float32(1.05 - 0.30 * near), wood * light * dim * np.float32(1.0 - 0.22 * near)


def slope(top: Field, unit: int, side: int) -> Field:
    """How far each column's ground faces the sun, about -1 to 1."""
    reach = max(1, unit // 48)
    wide = np.pad(top, reach, mode="edge")
    rise = (wide[2 * reach :] - wide[: -2 * reach]) / np.float32(2 * reach)
    return np.asarray(np.clip(rise * np.float32(3.2 * side), -1, 1), np.float32)


def grained(sheet: Sheet, rows: Field, near: float) -> Field:
    """Fields, hedges and grass: about 1, drawn out sideways as flat land is seen."""
    field = tile(sheet.seed, "low grass", (16, 16), 256, octaves=5, gain=0.7)
    zoom = np.float32((1500 - 900 * near) / sheet.unit)
    patches = nearest(
        field, rows * zoom * np.float32(1.5) + 0 * sheet.columns() + 256, sheet.columns() * zoom * np.float32(0.28) + 0 * rows + 256
    )
    return np.asarray(np.float32(1) + patches * np.float32(0.34 if sheet.bright else 0.16), np.float32)


def treeline(sheet: Sheet, number: int, near: float) -> Field:
    """How many pixels the woods rise in each column: round heads in groups, gaps between them."""
    spacing, tall = sheet.unit * (0.0024 + 0.0042 * near * near), sheet.unit * (0.0045 + 0.013 * near * near)
    count = min(3000, int(sheet.width / spacing * 1.3) + 2)
    draws = lattice(key(sheet.seed, f"low trees {number}"), (3, count)) * np.float32(0.5) + np.float32(0.5)
    groups = line(sheet.seed, f"low groups {number}", sheet.width, 5 * sheet.width / sheet.unit, gain=0.6, ridged=False)
    columns, tops = np.arange(sheet.width, dtype=np.float32), np.zeros(sheet.width, np.float32)
    pointed = sheet.spec.wood == "conifer"
    for place, size, slim in zip(draws[0] * sheet.width, draws[1], draws[2], strict=True):
        if groups[min(sheet.width - 1, int(place))] < -0.05:
            continue
        height, half = (
            tall * (0.35 + 0.65 * float(size) * float(size)),
            spacing * (0.5 + 0.5 * float(slim)) * (0.7 if pointed else 1.0) + 0.7,
        )
        left, right = max(0, int(place - half)), min(sheet.width, int(place + half) + 2)
        off = np.abs(columns[left:right] - place) / np.float32(half)
        shape = np.clip(np.float32(1) - off, 0, 1) if pointed else np.sqrt(np.clip(np.float32(1) - off * off, 0, 1))
        np.maximum(tops[left:right], shape * np.float32(height), out=tops[left:right])
    return tops


def lone_tree(sheet: Sheet, chance: Chance, top: Field) -> None:
    """At times one tree on the nearest hill, at the side that carries the weight: round heads of leaves against the sky."""
    happens, off, tall = chance.happens(0.55), chance.between(0.14, 0.34), sheet.unit * chance.between(0.055, 0.085)
    heads = [(chance.between(-0.36, 0.36), chance.between(0.45, 0.95), chance.between(0.17, 0.27)) for _ in range(15)]
    if not happens:
        return
    x = (0.5 + sheet.composition.side * off) * sheet.width
    foot = float(top[min(sheet.width - 1, max(0, int(x)))])
    left, right = max(0, int(x - tall * 0.7)), min(sheet.width, int(x + tall * 0.7) + 2)
    first, last = max(0, int(foot - tall * 1.3)), min(sheet.height, int(foot) + 3)
    if left >= right or first >= last:
        return
    rows, columns = slice(first, last), slice(left, right)
    across = (sheet.columns()[:, columns] - np.float32(x)) / np.float32(tall)
    up = (np.float32(foot) - sheet.rows(first, last)) / np.float32(tall)
    field = tile(sheet.seed, "lone leaves", (16, 16), 256, octaves=5, gain=0.75)
    leaves = nearest(field, up * np.float32(120) + 0 * across + 512, across * np.float32(120) + 0 * up + 512)
    surface = np.zeros(leaves.shape, np.float32)
    for side, rise, radius in heads:
        wide = side * (1.25 - abs(rise - 0.6) * 1.4)
        square = (across - np.float32(wide)) * (across - np.float32(wide)) + (up - np.float32(rise)) * (up - np.float32(rise))
        np.maximum(surface, np.float32(1.2) - square / np.float32(radius * radius), out=surface)
    crown = smooth(-0.05, 0.25, surface + leaves * np.float32(0.55)) * (surface > 0)
    trunk = smooth(0.030, 0.020, np.abs(across) - np.clip(np.float32(0.10) - up, 0, 1) * np.float32(0.20)) * (up < 0.6)
    cover = np.maximum(crown, trunk * (up > -0.02))
    _, wood = ground(sheet, 1.0)
    lit = np.clip(
        np.float32(0.75)
        + leaves * np.float32(0.6)
        + (up - np.float32(0.5)) * np.float32(0.5)
        - across * sheet.composition.side * np.float32(0.7),
        0.3,
        2,
    )
    sheet.mix(wood[:, None, None] * lit, cover, rows, columns)
    sheet.hide(cover, PART + HILLS + 1, rows, columns)


def lights(sheet: Sheet, chance: Chance, tops: list[Field]) -> None:
    """Windows of a few hamlets in the folds of the hills."""
    warm = rgb("ffc878")
    for _ in range(chance.whole(2, 4)):
        hill_, middle = chance.whole(1, HILLS - 2), chance.between(0.08, 0.92) * sheet.width
        for _ in range(chance.whole(5, 14)):
            x = int(middle + (chance.unit() + chance.unit() - 1) * sheet.unit * 0.09)
            drop, bright = chance.between(0.002, 0.014) * sheet.unit, chance.between(0.35, 1.0)
            if 1 <= x < sheet.width - 1:
                lamp(sheet, x, int(float(tops[hill_][x]) + drop), warm * np.float32(bright), float(tops[hill_ + 1][x]))


def lamp(sheet: Sheet, x: int, y: int, tint: Field, hidden: float) -> None:
    """One small light, unless the next hill stands before it."""
    size = max(1, sheet.unit // 500)
    if y + size >= min(sheet.height, hidden - 1) or y < 1:
        return
    rows, columns = slice(y, y + size), slice(x, x + size)
    sheet.rgb[:, rows, columns] = np.maximum(sheet.rgb[:, rows, columns], tint[:, None, None])
    sheet.marks.shine[rows, columns] = 0.8
