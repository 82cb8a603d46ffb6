"""The body of water: its colour by depth, rays from the surface, drifting specks and bubbles."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.canvas.curves import fall, smooth
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, enlarged, lattice, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.land.ridges import line

SEAS = ("bdf0ec 3fb3cf 12608f 082a52", "c8f2da 4fb8a8 176a78 093a4c", "b4e4f6 3c9bd8 1450a0 0a2260")
"""For each mood the water at the surface, above, below and at the bottom of the picture."""
BRIGHT = {"dawn": 0.80, "day": 1.0, "golden": 0.95, "sunset": 0.72, "dusk": 0.45, "night": 0.30, "moonlight": 0.46}


@dataclass(frozen=True, slots=True)
class Water:
    """`tones`: four colours from the surface down; `bright`: how much of the day's light is there."""

    tones: tuple[Field, ...]
    bright: float

    def at(self, share: float) -> Field:
        """The colour at a share of the height."""
        place = min(2.999, max(0.0, share * 3))
        return blend(self.tones[int(place)], self.tones[int(place) + 1], place - int(place))


def water(sheet: Sheet) -> Water:
    """The water of the mood, at its time of day: a little of the sky's colour comes down, most of it near the surface."""
    bright = BRIGHT[sheet.spec.time]
    tones = [rgb(text) for text in SEAS[sheet.spec.mood % 3].split()]
    skies = (sheet.light.glow, sheet.light.lower, sheet.light.upper, sheet.light.zenith)
    warm = 0.10 if sheet.spec.time == "day" else 0.20
    return Water(
        tuple(blend(tone * np.float32(bright), sky, warm * (1 - i * 0.25)) for i, (tone, sky) in enumerate(zip(tones, skies, strict=True))),
        bright,
    )


def fill(sheet: Sheet, sea: Water, dark: float = 0.0) -> None:
    """The whole sheet full of water, `dark` the share of light that is lost everywhere; brighter below the sun."""
    at = np.arange(sheet.height) / max(1, sheet.height - 1)
    x = (sheet.columns() / np.float32(sheet.width) - np.float32(sheet.composition.sun_x)) * np.float32(sheet.width / sheet.unit)
    y = sheet.rows() / np.float32(sheet.unit)
    beam = fall((x * x * 1.6 + y * y * 2.2) * 3)
    for channel in range(3):
        tones = [float(tone[channel]) * (1 - dark) for tone in sea.tones]
        sheet.rgb[channel] = np.interp(at, (0.0, 0.25, 0.68, 1.0), tones).astype(np.float32)[:, None]
        sheet.rgb[channel] += beam * (sea.tones[0][channel] - sheet.rgb[channel]) * np.float32(0.75 * (1 - dark))
    sheet.marks.cover[:] = 1
    sheet.marks.part[:] = 600


def surface(sheet: Sheet, sea: Water, deep: float = 0.16) -> None:
    """The underside of the waves: a net of light in perspective over the top `deep` share of the height."""
    last = max(4, int(sheet.height * deep))
    rows, columns = max(2, last // 2), max(2, sheet.width // 2)
    t = (np.arange(rows, dtype=np.float32)[:, None] + np.float32(0.5)) / rows
    x = (np.arange(columns, dtype=np.float32)[None, :] / columns - np.float32(sheet.composition.sun_x)) * np.float32(
        sheet.width / sheet.unit
    )
    far = np.float32(1) / (np.float32(1.12) - t)
    field = tile(sheet.seed, "underside", (8, 8), 256, octaves=4, gain=0.5)
    body = sampled(field, far * np.float32(34) + 0 * x, x * far * np.float32(44) + np.float32(128))
    net = smooth(0.42, 0.0, np.abs(body)) * smooth(1.0, 0.25, t) * (np.float32(0.35) + fall(x * x * 6))
    sheet.add(blend(sea.tones[0], np.ones(3, np.float32), 0.35), enlarged(net, (last, sheet.width)) * np.float32(0.55), slice(0, last))


def rays(sheet: Sheet, sea: Water, strength: float, reach: float = 0.9) -> None:
    """Shafts of light that spread from above the sun's place and are lost at `reach` of the height."""
    rows, columns = max(4, sheet.height // 2), max(4, sheet.width // 2)
    y = (np.arange(rows, dtype=np.float32)[:, None] + np.float32(0.5)) / rows
    x = (np.arange(columns, dtype=np.float32)[None, :] / columns - np.float32(sheet.composition.sun_x)) * np.float32(
        sheet.width / sheet.unit
    )
    tall = sheet.height / sheet.unit
    lean = x / (y * np.float32(tall) + np.float32(0.42))
    beams = line(sheet.seed, "rays", 2048, 34, gain=0.55, ridged=False)
    at = np.clip(lean * np.float32(400) + np.float32(1024), 0, 2047).astype(np.int32)
    shaft = smooth(-0.1, 1.15, beams.take(at)) * smooth(reach, 0.0, y) * fall(lean * lean * 1.5)
    sheet.add(sea.tones[0], enlarged(shaft, sheet.shape) * np.float32(strength * (0.35 + 0.65 * sea.bright)))


def specks(sheet: Sheet, sea: Water, count: int, glow: Field | None = None) -> None:
    """Marine snow: faint points at all depths; with `glow` some of them shine by themselves."""
    draws = lattice(key(sheet.seed, "specks"), (4, count)) * np.float32(0.5) + np.float32(0.5)
    for i in range(count):
        near = float(draws[2, i]) ** 3
        radius = sheet.unit * (0.0008 + 0.0022 * near)
        tint = glow if glow is not None and draws[3, i] > 0.6 else sea.tones[0]
        dot(sheet, (float(draws[0, i]) * sheet.width, float(draws[1, i]) * sheet.height), radius, tint, 0.34 - 0.22 * near)


def dot(sheet: Sheet, place: tuple[float, float], radius: float, tint: Field, share: float) -> None:
    """One soft round speck of light."""
    x, y = place
    reach = radius * 1.6 + 1
    rows = slice(max(0, int(y - reach)), max(0, min(sheet.height, int(y + reach) + 2)))
    columns = slice(max(0, int(x - reach)), max(0, min(sheet.width, int(x + reach) + 2)))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return
    right = sheet.columns()[:, columns] - np.float32(x)
    down = sheet.rows(rows.start, rows.stop) - np.float32(y)
    far = (right * right + down * down) / np.float32(reach * reach)
    body = np.clip(np.float32(1) - far, 0, 1)
    sheet.add(tint, body * body * np.float32(share), rows, columns)


def bubbles(sheet: Sheet, sea: Water) -> None:
    """A few strings of bubbles, larger as they rise: a thin ring, a highlight, almost nothing within."""
    chance = Chance(sheet.seed, "bubbles")
    for _ in range(chance.whole(2, 4)):
        x, y = chance.between(0.08, 0.92) * sheet.width, chance.between(0.7, 0.95) * sheet.height
        while y > sheet.height * 0.08:
            radius = sheet.unit * (0.0018 + 0.006 * chance.unit() * (1 - y / sheet.height))
            bubble(sheet, sea, x + chance.between(-0.012, 0.012) * sheet.unit, y, radius)
            y -= sheet.unit * chance.between(0.012, 0.07)


def bubble(sheet: Sheet, sea: Water, x: float, y: float, radius: float) -> None:
    """One bubble."""
    rows = slice(max(0, int(y - radius - 1)), max(0, min(sheet.height, int(y + radius) + 3)))
    columns = slice(max(0, int(x - radius - 1)), max(0, min(sheet.width, int(x + radius) + 3)))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return
    right = (sheet.columns()[:, columns] - np.float32(x)) / np.float32(radius)
    down = (sheet.rows(rows.start, rows.stop) - np.float32(y)) / np.float32(radius)
    far = np.sqrt(right * right + down * down)
    ring = smooth(0.45, 0.95, far) * smooth(1.0 + 1.2 / radius, 1.0, far)
    gleam = np.clip(np.float32(1) - ((right + 0.35) * (right + 0.35) + (down + 0.4) * (down + 0.4)) * 9, 0, 1)
    sheet.add(sea.tones[0], ring * np.float32(0.38) + gleam * np.float32(0.6), rows, columns)
