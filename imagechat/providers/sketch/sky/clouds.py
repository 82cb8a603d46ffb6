"""Clouds: high ones and closed decks on a plane in perspective, heaped ones before them."""

from dataclasses import dataclass, replace

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


@dataclass(frozen=True, slots=True)
class Kind:
    """A sky of heaps: how many `more`, between which shares of the sky above the horizon their bases lie, how large they are."""

    more: int
    low: float
    high: float
    size: float


KINDS = (Kind(0, 0.24, 0.74, 1.0), Kind(4, 0.16, 0.80, 0.62), Kind(-1, 0.30, 0.60, 1.30), Kind(1, 0.18, 0.46, 1.05))
"""Some of each size, a field of small ones, few great ones, some low over the land."""
OPEN = ("galaxy", "aurora")
"""The layouts whose sky no heap hides."""


def paint_clouds(sheet: Sheet) -> None:
    """High clouds first, a deck below them where the weather has one, heaps before them, lightning last."""
    chance = Chance(sheet.seed, "clouds", sheet.spec.scene, sheet.spec.layout)
    weather = sheet.spec.weather
    if weather == "clear" and chance.happens(0.35) and not sheet.low_sun:
        return
    if weather in DECKS:
        deck(sheet)
    else:
        high_clouds(sheet)
    for number, place in enumerate(heaps(sheet)):
        paint_heap(sheet, Chance(sheet.seed, f"heap {number}", sheet.spec.scene, sheet.spec.layout), place, sheet.horizon)
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
    if sheet.spec.scene == "sky" and sheet.spec.layout in OPEN:
        return []
    chance = Chance(sheet.seed, "heaps", sheet.spec.scene, sheet.spec.layout)
    low, high = HEAPS.get(sheet.spec.weather, (0, 0))
    grand = sheet.spec.layout == "cumulus" and sheet.spec.scene == "sky" and high > 0
    kind = chance.choice(KINDS)
    count = chance.whole(low, high) + (kind.more if high > 1 else 0) + (1 if grand else 0)
    wide = max(1.0, sheet.width / sheet.unit) ** 0.8
    torn = 0.6 if sheet.spec.weather == "wind" else 1.0
    start, tower = chance.unit(), chance.whole(0, 3) if grand or chance.happens(0.08) else -1
    found = []
    many = round(count * wide)
    for i in range(many):
        x = (start + i * 0.618034 + chance.between(-0.10, 0.10)) % 1.0 * 1.08 - 0.04
        up = kind.low + (kind.high - kind.low) * (i + 0.5 + chance.between(-0.45, 0.45)) / many
        found.append(heap_at(sheet, chance, (x, up), kind.size, (1.6 if i % 4 == tower else 1.0) * torn))
    if (sheet.night or sheet.spec.time == "dusk") and sheet.spec.scene != "sky":
        found = [smaller(one) for one in found[::2]] if sheet.spec.weather != "clear" else []
    return bank(sheet, chance, high) + found


def heap_at(sheet: Sheet, chance: Chance, place: tuple[float, float], size: float, tall: float) -> Heap:
    """A heap at `place` (shares of the width, of the sky above the horizon): the higher, the nearer, larger and clearer it is."""
    x, up = place
    width = sheet.unit * (0.06 + 0.78 * up) * size * chance.between(0.75, 1.3)
    base, far = sheet.horizon * (1 - up), 0.85 * (1 - up) * (1 - up)
    return Heap(x * sheet.width, base, width * min(1.0, tall) ** -0.5, width * chance.between(0.17, 0.31) * tall, far, 0.04 + 0.22 * up)


def smaller(heap: Heap) -> Heap:
    """A heap as it is left when the warmth of the day is gone."""
    return replace(heap, width=heap.width * 0.72, tall=heap.tall * 0.62)


def bank(sheet: Sheet, chance: Chance, high: int) -> list[Heap]:
    """Far small flat heaps, hazy and a little above the horizon, where there are any."""
    count = round(chance.whole(0, 5) * max(1.0, sheet.width / sheet.unit)) if high > 1 else 0
    found = []
    for _ in range(count):
        x, base, width = chance.unit() * sheet.width, sheet.horizon * chance.between(0.84, 0.92), sheet.unit * chance.between(0.06, 0.15)
        found.append(Heap(x, base, width, width * chance.between(0.18, 0.30), 1.0))
    return found
