"""Clouds: high ones and closed decks on a plane in perspective, heaped ones before them."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import fall, smooth
from imagechat.providers.sketch.canvas.light import blend
from imagechat.providers.sketch.canvas.noise import Field, enlarged, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.sky.heap import Heap, lay, paint_heap
from imagechat.providers.sketch.sky.lightning import paint_lightning
from imagechat.providers.sketch.sky.rays import paint_rays

COVER = {"clear": 0.34, "scattered": 0.47, "cloudy": 0.5, "fog": 0.30, "rain": 0.5, "storm": 0.5, "snow": 0.5, "wind": 0.72}
HEAPS = {"clear": (0, 1), "scattered": (2, 4), "cloudy": (2, 3), "wind": (2, 3)}
OPEN = ("galaxy", "aurora")
"""The layouts whose sky no heap hides."""
DECKS = {"cloudy": (0.80, 0.9), "rain": (0.95, 1.0), "storm": (0.90, 1.15), "snow": (0.92, 0.7), "fog": (0.75, 0.35)}
"""How much of the sky a closed deck covers, and how dark its folds are."""
HIGH = {"cirrus": (9.0, 70.0, 0.62), "mackerel": (46.0, 74.0, 0.40), "streaks": (26.0, 55.0, 0.56)}
"""For each kind of high cloud its cells across and away from the eye, and how much its fine parts weigh."""


def paint_clouds(sheet: Sheet) -> None:
    """High clouds first, a deck below them where the weather has one, heaps before them, lightning last."""
    chance = Chance(sheet.seed, "clouds")
    weather = sheet.spec.weather
    if weather == "clear" and chance.happens(0.35):
        return
    if weather in DECKS:
        deck(sheet, *DECKS[weather])
    else:
        high_clouds(sheet)
    for number, place in enumerate(heaps(sheet)):
        paint_heap(sheet, Chance(sheet.seed, f"heap {number}"), place, sheet.horizon)
    if weather == "storm":
        paint_lightning(sheet)
    if weather == "fog":
        veil_sky(sheet)
    if weather == "cloudy":
        paint_rays(sheet)


def veil_sky(sheet: Sheet) -> None:
    """Fog takes the sky: thicker downward, with a dim disc where the sun stands."""
    rows = slice(0, sheet.horizon)
    high = sheet.rows(0, sheet.horizon) / np.float32(max(1, sheet.horizon))
    sheet.mix(blend(sheet.light.haze, sheet.light.horizon, 0.35), np.float32(0.42) + high * np.float32(0.36), rows)
    if sheet.night or sheet.spec.time == "dusk" or "sun" in sheet.spec.without:
        return
    x, y = (
        (sheet.columns() - np.float32(sheet.sun[0])) / np.float32(sheet.unit),
        (sheet.rows(0, sheet.horizon) - np.float32(sheet.sun[1])) / np.float32(sheet.unit),
    )
    square = x * x + y * y
    disc = smooth(0.036, 0.031, np.sqrt(square)) * np.float32(0.62) + fall(square * 40) * np.float32(0.22)
    sheet.mix(blend(np.ones(3, np.float32), sheet.light.glow, 0.12), disc, rows)


def sky_plane(sheet: Sheet) -> tuple[Field, Field, Field]:
    """At half size (x, y, far): columns from the middle in short sides, rows as shares of the sky, the distance of the plane there."""
    rows, columns = max(4, sheet.horizon // 2), max(4, sheet.width // 2)
    y = (np.arange(rows, dtype=np.float32)[:, None] + np.float32(0.5)) / rows
    x = (np.arange(columns, dtype=np.float32)[None, :] / columns - np.float32(0.5)) * np.float32(sheet.width / sheet.unit)
    return x, y, np.float32(1) / (np.float32(1.06) - y)


def high_clouds(sheet: Sheet) -> None:
    """Ice clouds far above: combed streaks, a mackerel field or drawn-out banks, in patches that leave the sky open."""
    chance = Chance(sheet.seed, "high clouds")
    across, away, gain = HIGH[chance.choice(tuple(HIGH))]
    windy = sheet.spec.weather == "wind"
    x, y, far = sky_plane(sheet)
    field = tile(sheet.seed, "high clouds", (8, 8), 512, octaves=7, gain=gain)
    lean, wander = chance.between(-0.9, 0.9) * (1.6 if windy else 1.0), np.float32(chance.between(0, 512))
    side, deep = (x + np.float32(lean) * y) * far, far * np.float32(0.9)
    patches = sampled(field, deep * np.float32(17) + wander * 2, side * np.float32(13) + wander)
    bend = patches * np.float32(9 if windy else 5)
    u, v = side * np.float32(across * (0.5 if windy else 1.0)) + wander, deep * np.float32(away) + bend + wander
    body = sampled(field, v, u)
    toward = np.float32(3.0 if sheet.sun[0] > sheet.width / 2 else -3.0)
    rise = body - sampled(field, v + np.float32(4), u + toward)
    cover = COVER[sheet.spec.weather]
    density = smooth(0.34 - cover, 0.98 - cover, body + patches * np.float32(0.9))
    density *= np.clip(far * np.float32(0.9) - np.float32(0.45), 0, 1) * smooth(1.0, 0.84, y)
    if sheet.crisp:
        density = smooth(0.35, 0.60, density) * np.float32(0.6)
    lit = np.clip(np.float32(0.62) + rise * np.float32(1.5) - density * np.float32(0.22), 0, 1)
    whole = sheet.horizon, sheet.width
    lay(sheet, enlarged(density, whole), enlarged(lit, whole), slice(0, sheet.horizon), slice(None), most=0.82)


def deck(sheet: Sheet, cover: float, dark: float) -> None:
    """A closed layer seen from below: heavy folds with dark bases, bright where it is thin, and a lighter strip at the horizon."""
    chance = Chance(sheet.seed, "deck")
    x, y, far = sky_plane(sheet)
    field = tile(sheet.seed, "deck", (8, 8), 256, octaves=7, gain=0.52)
    wander, lean = np.float32(chance.between(0, 256)), np.float32(chance.between(-0.5, 0.5))
    u, v = (x + lean * y) * far * np.float32(chance.between(28, 42)) + wander, far * np.float32(chance.between(44, 60)) + wander
    warp = sampled(field, v * np.float32(0.5) + 77, u * np.float32(0.5) + 31)
    body = sampled(field, v + warp * np.float32(11), u + warp * np.float32(8))
    fold = body - sampled(field, v + np.float32(3.5) + warp * np.float32(11), u + warp * np.float32(8))
    density = smooth(0.62 - 1.5 * cover, 1.35 - 1.5 * cover, body + warp * np.float32(0.5))
    density = np.maximum(density, np.float32(min(0.7, (cover - 0.58) * 2)))
    density = np.asarray(density * smooth(1.02, 0.90 if cover < 0.9 else 0.97, y), np.float32)
    base = np.float32(0.50) - (body * np.float32(0.30) + warp * np.float32(0.34)) * np.float32(dark) + fold * np.float32(0.85)
    strip = smooth(0.55, 1.0, y) * np.float32(0.34)
    heavy = smooth(0.95, 0.35, np.abs(y - np.float32(0.42)) * 2) * np.float32(0.20 * dark)
    lit: Field = np.clip(base + strip - heavy + sunny_folds(sheet, x, y, fold), 0, 1)
    if sheet.crisp:
        lit = np.floor(lit * 4) * np.float32(0.25) + np.float32(0.1)
    whole = sheet.horizon, sheet.width
    paint_deck(sheet, enlarged(density, whole), enlarged(lit, whole), dark)


def sunny_folds(sheet: Sheet, x: Field, y: Field, fold: Field) -> Field:
    """The low sun lights the undersides: every fold that faces it, most of them near it."""
    if not sheet.low_sun:
        return np.zeros_like(fold)
    off = x - np.float32((sheet.sun[0] / sheet.width - 0.5) * sheet.width / sheet.unit)
    facing = np.clip(fold * np.float32(1.2) + np.float32(0.12), 0, 1) / (np.float32(1) + off * off * 3)
    return np.asarray(facing * (np.float32(0.4) + y * np.float32(0.6)), np.float32)


def paint_deck(sheet: Sheet, density: Field, lit: Field, dark: float) -> None:
    """Lay a deck in; its darkest folds are darker than the shadow of a single cloud."""
    rows = slice(0, sheet.horizon)
    lay(sheet, density, lit, rows, slice(None), most=0.97)
    deep = smooth(0.42, 0.0, lit) * density * np.float32(0.46 * dark)
    if sheet.spec.subject("moon") or sheet.spec.weather == "fog":
        deep = deep * np.float32(0.3)
    sheet.rgb[:, rows] *= (np.float32(1) - deep)[None]


def heaps(sheet: Sheet) -> list[Heap]:
    """Where heaped clouds stand, far and small ones first; the same places at night, where over land every second one is gone."""
    chance = Chance(sheet.seed, "heaps")
    low, high = HEAPS.get(sheet.spec.weather, (0, 0))
    more = 2 if sheet.spec.layout == "cumulus" and sheet.spec.scene == "sky" and high else 0
    count = round((chance.whole(low, high) + more) * max(1.0, sheet.width / sheet.unit) ** 0.8)
    torn = 0.55 if sheet.spec.weather == "wind" else 1.0
    hero = chance.whole(0, 3)
    found = []
    for i in range(count):
        near = (i + 0.5 + chance.between(-0.4, 0.4)) / count
        base = sheet.horizon * (0.97 - 0.60 * near)
        x, width = (
            chance.between(-0.02, 1.02) * sheet.width,
            sheet.unit * (0.16 + 0.46 * near * near + 0.12 * near) * chance.between(0.8, 1.25),
        )
        tall = width * chance.between(0.34, 0.54) * torn * (1.45 if more and i % 4 == hero else 1.0)
        found.append(Heap(x, base, width / torn**0.5, tall, 0.75 * (1 - near)))
    if (sheet.night or sheet.spec.time == "dusk") and sheet.spec.scene != "sky":
        found = found[::2] if sheet.spec.weather != "clear" else []
    if sheet.spec.scene == "sky" and sheet.spec.layout in OPEN:
        found = []
    return bank(sheet, chance, high) + found


def bank(sheet: Sheet, chance: Chance, high: int) -> list[Heap]:
    """A row of far small heaps low over the horizon, where there are any."""
    count = round(chance.whole(0, 5) * max(1.0, sheet.width / sheet.unit)) if high > 1 else 0
    found = []
    for _ in range(count):
        width = sheet.unit * chance.between(0.07, 0.17)
        found.append(
            Heap(chance.unit() * sheet.width, sheet.horizon * chance.between(0.95, 0.99), width, width * chance.between(0.3, 0.55), 0.9)
        )
    return found
