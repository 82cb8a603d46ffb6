"""Clouds: high ones and closed decks on a plane in perspective, heaped ones before them."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import fall, smooth
from imagechat.providers.sketch.canvas.light import blend
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.sky.heap import Heap, paint_heap
from imagechat.providers.sketch.sky.high import DECKS, deck, high_clouds
from imagechat.providers.sketch.sky.lightning import paint_lightning
from imagechat.providers.sketch.sky.rays import paint_fan, paint_rays

HEAPS = {"clear": (0, 1), "scattered": (2, 4), "cloudy": (2, 3), "wind": (2, 3)}
OPEN = ("galaxy", "aurora")
"""The layouts whose sky no heap hides."""


def paint_clouds(sheet: Sheet) -> None:
    """High clouds first, a deck below them where the weather has one, heaps before them, lightning last."""
    chance = Chance(sheet.seed, "clouds")
    weather = sheet.spec.weather
    if weather == "clear" and chance.happens(0.35) and not sheet.low_sun:
        return
    if weather in DECKS:
        deck(sheet)
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
    elif weather not in DECKS and sheet.low_sun:
        paint_fan(sheet)


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
    if sheet.low_sun and high and chance.happens(0.4):
        width = sheet.unit * chance.between(0.34, 0.52)
        x = (0.5 + sheet.composition.side * chance.between(0.15, 0.42)) * sheet.width
        found.append(Heap(x, sheet.horizon * chance.between(0.86, 0.96), width, width * chance.between(0.62, 0.95), 0.30))
    if (sheet.night or sheet.spec.time == "dusk") and sheet.spec.scene != "sky":
        found = [smaller(one) for one in found[::2]] if sheet.spec.weather != "clear" else []
    if sheet.spec.scene == "sky" and sheet.spec.layout in OPEN:
        found = []
    return bank(sheet, chance, high) + found


def smaller(heap: Heap) -> Heap:
    """A heap as it is left when the warmth of the day is gone."""
    return Heap(heap.x, heap.base, heap.width * 0.72, heap.tall * 0.62, heap.far)


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
