"""Ridge behind ridge in the haze: each darker than the one behind it, with soft mist between them and the trees of the near ones."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import fall, smooth
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, enlarged, nearest, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.ridges import conifer_tops, line
from imagechat.providers.sketch.land.treetops import CONIFERS, SIDE, WIDE, canopy

PART = 20.0
FIRS = rgb("16261f")


def paint_layers(sheet: Sheet) -> None:
    """Six to eight ridges from far to near; the composition is one of: a summit above all, a valley toward the light, or long waves."""
    chance = Chance(sheet.seed, "layers")
    count, form = chance.whole(6, 8), chance.choice(("summit", "valley", "waves"))
    first = sheet.composition.horizon - chance.between(0.15, 0.24)
    tall = min(sheet.unit, sheet.height * 0.8) * chance.between(0.8, 1.1)
    tops = [crest(sheet, i, i / (count - 1), first, tall=tall, form=form, chance=chance) for i in range(count)]
    mist = tile(sheet.seed, "layers mist", (4, 4), 128, octaves=4, gain=0.5)
    for i, top in enumerate(tops):
        last = int(tops[i + 1].max()) + 2 if i + 1 < count else sheet.height
        drawn(sheet, i, i / (count - 1), (top, min(last, sheet.height)), trees=wooded(sheet, i, i / (count - 1)), mist=mist)


def crest(sheet: Sheet, number: int, near: float, first: float, *, tall: float, form: str, chance: Chance) -> Field:
    """The upper edge of one ridge, a row for each column."""
    level = (first + (1.02 - first) * (0.25 * near + 0.75 * near * near)) * sheet.height
    shape = ridge(sheet, number, near, chance) * np.float32(tall * (0.115 - 0.05 * near))
    shape += leaning(sheet, form, near, chance) * np.float32(tall)
    return np.asarray(np.float32(level) - shape, np.float32)


def ridge(sheet: Sheet, number: int, near: float, chance: Chance) -> Field:
    """The line of one ridge, -1 to about 1.5: the far ones pointed, the near ones round."""
    cells = chance.between(1.5, 2.6) * sheet.width / sheet.unit
    broad = line(sheet.seed, f"ridge {number}", sheet.width, cells, gain=0.5, ridged=False)
    if near > 0.62:
        return broad
    sharp = line(sheet.seed, f"crest {number}", sheet.width, cells * 1.7, gain=0.46, ridged=True)
    return broad * np.float32(0.65) + sharp * np.float32(0.55)


def leaning(sheet: Sheet, form: str, near: float, chance: Chance) -> Field:
    """How the composition lifts a ridge, in shares of the short side."""
    x = np.arange(sheet.width, dtype=np.float32) / np.float32(sheet.width) - np.float32(0.5)
    side, draw = sheet.composition.side, chance.between(0.0, 1.0)
    if form == "summit":
        away = np.abs(x - np.float32(side * (0.12 + 0.16 * draw))) / np.float32(0.36)
        cone = np.clip(np.float32(1) - away, 0, 1)
        lift = np.float32(0.15 if 0.1 < near < 0.35 else 0.0)
        return np.asarray(cone * (np.float32(0.6) + cone * np.float32(0.4)) * lift, np.float32)
    if form == "valley":
        open_at = np.float32(-side * (0.10 + 0.10 * draw))
        up = np.abs(x - open_at)
        return np.asarray(
            (np.minimum(up * up * np.float32(0.9), np.float32(0.25)) - np.float32(0.05)) * np.float32(0.25 + 1.1 * near), np.float32
        )
    return x * np.float32(0.10 * (1 if draw < 0.5 else -1) * (0.3 + near))


def wooded(sheet: Sheet, number: int, near: float) -> Field:
    """How many pixels trees rise above a ridge: a fine fringe far away, single firs near."""
    if near < 0.30 or "tree" in sheet.spec.without:
        return np.zeros(sheet.width, np.float32)
    size = sheet.unit * (0.004 + 0.062 * near * near * near)
    tops = conifer_tops(sheet.seed, f"wood {number}", sheet.width, max(0.9, size * 0.26), size)
    groves = line(sheet.seed, f"layer groves {number}", sheet.width, 2.4 * sheet.width / sheet.unit, gain=0.5, ridged=False)
    return np.asarray(tops * (np.float32(0.55) + np.float32(0.45) * smooth(-0.5, 0.4, groves)), np.float32)


def drawn(sheet: Sheet, number: int, near: float, edges: tuple[Field, int], *, trees: Field, mist: Field) -> None:
    """One ridge between its `edges` (upper row for each column, last row): its own tone, mist at its foot, the sun's glow over it."""
    top, last = edges
    outline = top - trees
    first = max(0, int(outline.min()) - 1)
    if first >= last:
        return
    window, rows = slice(first, last), sheet.rows(first, last)
    steep = np.maximum(np.abs(np.gradient(outline)).astype(np.float32), np.float32(1))
    cover = np.clip((rows + np.float32(0.5) - outline[None, :]) / steep[None, :] + np.float32(0.5), 0, 1)
    foot = misty(sheet, number, near, rows, top, mist=mist)
    body, air = tones(sheet, near)
    sunny = np.zeros((1, 1), np.float32) if sheet.night else sunward(sheet, rows) * np.float32(0.62 * (1 - near))
    grain = textured(sheet, number, near, rows, top)
    for channel in range(3):
        tone = body[channel] * grain
        tone = tone + (air[channel] - tone) * foot
        tone += (sheet.light.glow[channel] - tone) * sunny
        part = sheet.rgb[channel, window]
        part += (tone - part) * cover
    sheet.hide(cover, PART + number, window)


def misty(sheet: Sheet, number: int, near: float, rows: Field, top: Field, *, mist: Field) -> Field:
    """How much mist lies over each point of a ridge: it fills the valleys to an even level, in billows."""
    low, high = float(np.sort(top)[len(top) // 2]), sheet.unit * (0.16 + 0.05 * near)
    zoom = np.float32(46 / sheet.unit)
    few = sheet.columns()[:, ::8]
    at = (rows[::8] + np.float32(number * 311)) * zoom * np.float32(2.6), few * zoom + np.float32(64)
    billow = enlarged(nearest(mist, at[0] + 0 * at[1], at[1] + 0 * at[0]), (rows.shape[0], sheet.width))
    most = {"fog": 0.95, "rain": 0.8, "storm": 0.7, "snow": 0.8}.get(sheet.spec.weather, 0.72) * (1 - near * 0.72)
    up = rows - np.float32(low - sheet.unit * 0.02) + billow * np.float32(sheet.unit * 0.05)
    return smooth(0.0, high, up) * np.float32(most)


def textured(sheet: Sheet, number: int, near: float, rows: Field, top: Field) -> Field:
    """Treetops below the edge of a near wood, a little lighter and darker, in slanting stands."""
    if near < 0.45:
        return np.ones((1, 1), np.float32)
    bright, _ = canopy("conifer")
    zoom = np.float32(WIDE / max(1.2, sheet.unit * (0.0016 + 0.0125 * near * near)))
    down = rows - (top * np.float32(0.55))[None, :]
    row = (down * zoom * np.float32(0.8)).astype(np.int32) & (SIDE - 1)
    column = (sheet.columns() * zoom + np.float32(number * 77)).astype(np.int32) & (SIDE - 1)
    return np.float32(1) + (bright.ravel().take(row * np.int32(SIDE) + column) - np.float32(0.62)) * np.float32(0.75 * near)


def sunward(sheet: Sheet, rows: Field) -> Field:
    """How much of the sun's glow lies over each point."""
    x, y = sheet.sun
    dx, dy = (sheet.columns() - np.float32(x)) / np.float32(sheet.unit), (rows - np.float32(y)) / np.float32(sheet.unit)
    return fall((dx * dx + dy * dy) * np.float32(9)) * np.float32(0.35 if sheet.spec.time == "day" else 0.9)


def tones(sheet: Sheet, near: float) -> tuple[Field, Field]:
    """(body, mist) of a ridge: far ones are blue air, near ones their own dark, by daylight that of woods."""
    light = sheet.light
    dark = light.fill * np.float32(0.30 if sheet.night else 0.23)
    if sheet.bright:
        dark = blend(dark, blend(FIRS, CONIFERS, 0.45) * np.float32(0.8), 0.7)
    if sheet.snowy:
        dark = blend(dark, light.fill, 0.22)
    blue = blend(light.upper, light.haze, 0.5) * np.float32(0.94)
    middle = blend(light.fill, light.upper, 0.45) * np.float32(0.72 if not sheet.night else 0.85)
    share = min(1.0, near * (0.62 if sheet.spec.weather in ("fog", "snow") else 1.0) + 0.06)
    body = blend(blue, middle, share / 0.5) if share < 0.5 else blend(middle, dark, (share - 0.5) / 0.5)
    return body, blend(light.haze, light.horizon, 0.5) * np.float32(1.15 if sheet.night else 1.0)
