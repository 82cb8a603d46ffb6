"""The sky: its gradient, the glow of the sun, the stars, the Milky Way and the moon."""

import numpy as np

from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.canvas.curves import fall, smooth
from imagechat.providers.sketch.canvas.light import blend
from imagechat.providers.sketch.canvas.noise import Field, across, lattice, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet

STOPS = np.array([0.0, 0.42, 0.78, 1.0])
SEEN = {"night": 1.0, "moonlight": 0.45, "dusk": 0.25}
"""How many of the stars are seen by the time of day; of those that are asked for in a brighter sky, a few."""
FEW = 0.12
SHADOW = 0.07
"""How bright the moon's dark side is."""
TURNS = {"half": 0.0, "crescent": 0.74}
"""Where the shadow's edge crosses the moon, from -1 to 1."""


def paint_sky(sheet: Sheet) -> None:
    """Gradient, glow and what shines in it."""
    gradient(sheet)
    if has_galaxy(sheet):
        milky_way(sheet)
    if sheet.spec.time in SEEN or sheet.spec.subject("stars") or has_galaxy(sheet):
        stars(sheet)
    if not sheet.night:
        sunlight(sheet)
    if has_moon(sheet):
        moon(sheet)


def has_galaxy(sheet: Sheet) -> bool:
    """Whether the Milky Way is seen: by a dark sky made for it, or when asked for."""
    dark = sheet.spec.time in SEEN and sheet.spec.layout == "galaxy"
    return "galaxy" not in sheet.spec.without and (dark or sheet.spec.subject("galaxy") is not None)


def has_moon(sheet: Sheet) -> bool:
    """Whether the moon is up: when asked for, else in most nights, but never where it would drown the Milky Way."""
    if "moon" in sheet.spec.without:
        return False
    often = 0.75 if sheet.night and not has_galaxy(sheet) else 0.0
    return sheet.spec.subject("moon") is not None or Chance(sheet.seed, "moon").happens(often)


def gradient(sheet: Sheet) -> None:
    """Four colours from the top to the horizon, the same below it."""
    colours = (sheet.light.zenith, sheet.light.upper, sheet.light.lower, sheet.light.horizon)
    at = np.clip(np.arange(sheet.height) / max(1, sheet.horizon), 0, 1)
    for channel in range(3):
        line = np.interp(at, STOPS, [float(one[channel]) for one in colours]).astype(np.float32)
        sheet.rgb[channel] = line[:, None]


def sunlight(sheet: Sheet) -> None:
    """The glow along the horizon, the halo, and the disc where it is in the picture."""
    x, y = sheet.sun
    across_square = ((sheet.columns() - x) / sheet.unit) ** 2
    down_square = ((sheet.rows() - y) / sheet.unit) ** 2
    low = sheet.spec.time != "day"
    sheet.mix(sheet.light.glow, fall((across_square * 0.55 + down_square * 2.4) * 9) * np.float32(0.75 if low else 0.35))
    square = across_square + down_square
    sheet.add(sheet.light.sun, fall(square * 260) * np.float32(0.42 if low else 0.5) + fall(square * 22) * np.float32(0.10))
    if sheet.composition.sees_sun and sheet.spec.time != "dusk":
        radius = 0.034 if low else 0.028
        disc = smooth(radius * radius * 1.12, radius * radius * 0.88, square)
        sheet.mix(blend(sheet.light.sun, np.ones(3, np.float32), 0.5) * np.float32(1.25), disc)
        sheet.marks.shine += disc


def stars(sheet: Sheet) -> None:
    """Points of light, few bright and many faint, fewer toward the horizon."""
    few = SEEN.get(sheet.spec.time, FEW)
    many = 2.4 if sheet.spec.subject("stars") or has_galaxy(sheet) else 1.0
    count = int(900 * few * many * sheet.width * sheet.horizon / sheet.unit**2)
    if count == 0 or "stars" in sheet.spec.without:
        return
    draws = lattice(key(sheet.seed, "stars"), (4, 8192))[:, : min(count, 8192)] * np.float32(0.5) + np.float32(0.5)
    x, y = draws[0] * sheet.width, draws[1] * sheet.horizon
    bright = draws[2] * draws[2]
    bright = bright * bright * np.float32(0.95) + np.float32(0.12)
    bright *= np.clip((np.float32(1) - y / sheet.horizon) * 2.2, 0, 1) * np.float32(few**0.5)
    splat(sheet, x, y, bright, hue=draws[3], radius=max(0.55, sheet.unit / 1024 * 0.85))


def splat(sheet: Sheet, x: Field, y: Field, bright: Field, *, hue: Field, radius: float) -> None:
    """Add small round lights; `radius` in pixels, `hue` from warm (0) to cold (1)."""
    reach = int(radius * 2.5) + 1
    column, row = x.astype(np.int32), y.astype(np.int32)
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            square = (column + right - x + 0.5) ** 2 + (row + down - y + 0.5) ** 2
            glow = bright * np.clip(1.3 * fall(square * np.float32(1.6 / radius**2)) - 0.22, 0, 1)
            place = np.clip(row + down, 0, sheet.height - 1), np.clip(column + right, 0, sheet.width - 1)
            sheet.rgb[0][place] += glow * (np.float32(1.05) - hue * np.float32(0.35))
            sheet.rgb[1][place] += glow * np.float32(0.93)
            sheet.rgb[2][place] += glow * (np.float32(0.72) + hue * np.float32(0.38))


def milky_way(sheet: Sheet) -> None:
    """A slanted band of glowing dust with dark lanes."""
    chance = Chance(sheet.seed, "milky way")
    lean, middle = chance.between(0.5, 1.1) * chance.sign(), chance.between(0.35, 0.65)
    x = (sheet.columns() - middle * sheet.width) / sheet.unit
    y = (sheet.rows() - sheet.horizon * 0.5) / sheet.unit
    cloud = across(sheet.seed, "milky way", sheet.shape, 4, octaves=7)
    lanes = across(sheet.seed, "dark lanes", sheet.shape, 4, octaves=7, gain=0.55)
    off = (x - y * np.float32(lean)) + cloud * np.float32(0.10)
    band = fall(off * off * 26)
    glow = band * band * np.clip(0.50 + cloud * 1.0, 0, 2) * np.float32(0.8)
    lane = smooth(0.0, 0.32, lanes + fall(off * off * 160) * np.float32(0.34) - np.float32(0.12)) * band
    core = fall(off * off * 60 + (y - np.float32(lean * 0.05)) ** 2 * 9) * np.clip(0.5 + cloud, 0, 2)
    sheet.add(np.array([0.42, 0.46, 0.66], np.float32), glow * (1 - lane * np.float32(0.72)))
    sheet.add(np.array([0.52, 0.30, 0.34], np.float32), core * (1 - lane * np.float32(0.85)) * np.float32(0.55))
    dust(sheet, band)


def dust(sheet: Sheet, band: Field) -> None:
    """The faint stars of the band itself, thousands of them."""
    draws = lattice(key(sheet.seed, "dust"), (4, 12000)) * np.float32(0.5) + np.float32(0.5)
    x, y = draws[0] * sheet.width, draws[1] * sheet.horizon
    inside = band[y.astype(np.int32), x.astype(np.int32)] > draws[2] + 0.25
    bright = draws[2][inside] * np.float32(0.34) + np.float32(0.05)
    splat(sheet, x[inside], y[inside], bright, hue=draws[3][inside], radius=max(0.5, sheet.unit / 1400))


def moon(sheet: Sheet) -> None:
    """A moon with its seas, in the phase asked for or one by the seed, and a halo; before the night it is pale, its shadow is the sky's."""
    chance = Chance(sheet.seed, "moon face")
    x, y = sheet.moon
    radius = sheet.unit * chance.between(0.036, 0.056)
    right, down = (sheet.columns() - np.float32(x)) / np.float32(radius), (sheet.rows() - np.float32(y)) / np.float32(radius)
    halo = right * right + down * down
    if sheet.night:
        sheet.add(sheet.light.glow, fall(halo * 0.012) * np.float32(0.30) + fall(halo * 0.2) * np.float32(0.34))
    rows = slice(max(0, int(y - radius) - 3), max(0, min(sheet.height, int(y + radius) + 4)))
    columns = slice(max(0, int(x - radius) - 3), max(0, min(sheet.width, int(x + radius) + 4)))
    right, down, square = right[:, columns], down[rows], halo[rows, columns]
    edge = 1.6 / radius
    disc = smooth(1 + edge, 1 - edge, square)
    seas = sampled(tile(sheet.seed, "moon seas", (8, 8), 64, octaves=4), down * 16 + 64 + 0 * right, right * 16 + 64 + 0 * down)
    face = np.clip(0.95 - smooth(0.0, 0.5, seas) * np.float32(0.22) - square * np.float32(0.10), 0, 1.05)
    lit = phase(chance, right, down, sheet.spec.phase)
    if sheet.night:
        face = face * lit
    else:
        disc = disc * (lit - np.float32(SHADOW)) / np.float32(1 - SHADOW) * np.float32(0.75 if sheet.spec.time == "day" else 0.92)
    sheet.mix(np.array([1.0, 0.98, 0.92], np.float32)[:, None, None] * face, disc, rows, columns)
    sheet.marks.shine[rows, columns] += disc * face


def phase(chance: Chance, right: Field, down: Field, asked: str) -> Field:
    """How much of each point of the moon is lit: as `asked`, else mostly full, sometimes waxing or waning."""
    turn = chance.between(-0.8, 1.0)
    side = chance.sign()
    if asked == "full" or (not asked and turn > 0.25):
        return np.ones_like(right * down)
    turn = TURNS.get(asked, turn)
    bulge = np.sqrt(np.clip(1 - down * down, 0, 1))
    return smooth(-0.12, 0.12, right * np.float32(side) - bulge * np.float32(turn)) * np.float32(1 - SHADOW) + np.float32(SHADOW)
