"""Stars, the Milky Way and a falling star."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import fall, smooth
from imagechat.providers.sketch.canvas.noise import Field, across, lattice, nearest, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.sky.laying import grown

SEEN = {"night": 1.0, "moonlight": 0.45, "dusk": 0.25}
"""How many of the stars are seen by the time of day; of those that are asked for in a brighter sky, a few."""
FEW = 0.12
TOWN = 0.25
"""How many of them are left over the lamps of a city."""
FAINTEST = 0.042
CLASSES = ((0.0, 0.30, 1.0), (0.30, 0.75, 1.35), (0.75, 1.8, 1.75), (1.8, 1e9, 2.5))
"""From which to which brightness stars are how many times as wide as the faint ones."""
DUST = 20000


def paint_stars(sheet: Sheet, rich: bool, moonlit: bool) -> None:
    """Points of light: few bright, thousands faint, in loose clusters, fewer toward the horizon, by the moon and over a city."""
    few = SEEN.get(sheet.spec.time, FEW) * (0.55 if moonlit else 1.0) * (TOWN if "city" in (sheet.spec.scene, *sheet.spec.also) else 1.0)
    many = 3.0 if sheet.spec.subject("stars") or rich else 2.2
    count = min(8192, int(1500 * few * many * sheet.width * sheet.horizon / sheet.unit**2))
    if count == 0 or "stars" in sheet.spec.without:
        return
    draws = lattice(key(sheet.seed, "stars", sheet.spec.scene, sheet.spec.layout), (5, 8192))[:, :count] * np.float32(0.5) + np.float32(0.5)
    draws = draws[:, clustered(sheet, draws)]
    x, y = draws[0] * sheet.width, draws[1] * sheet.horizon
    flux = magnitudes(draws[2]) * np.clip((np.float32(1) - y / sheet.horizon) * 2.4, 0, 1) * np.float32(few**0.25)
    radius = max(0.5, sheet.unit / 1024 * 0.66)
    for least, most, wide in CLASSES:
        kind = (flux > least) & (flux <= most)
        bright = np.minimum(flux[kind], 0.95)
        splat(sheet, x[kind], y[kind], bright, hue=draws[3][kind], radius=radius * wide)
        if wide > 1.3:
            light = np.minimum(flux[kind], 4) * np.float32(0.05)
            glows(sheet, (x[kind], y[kind]), light, hue=draws[3][kind], radius=max(1.5, radius * wide * 2.6))
    falling_star(sheet)


def magnitudes(draws: Field) -> Field:
    """How bright stars are, by a power law: of a hundred about one is as bright as white paper."""
    root = np.sqrt(np.maximum(np.float32(1) - draws, 2e-5))
    return np.asarray(np.float32(FAINTEST) / (root * np.sqrt(root)) + np.float32(0.05), np.float32)


def clustered(sheet: Sheet, draws: Field) -> Field:
    """Which stars stay: most of them where a broad noise is high, half of them elsewhere."""
    field = tile(sheet.seed, "star clusters", (8, 8), 64, octaves=3, gain=0.6)
    unit = np.float32(48 / sheet.unit)
    crowd = nearest(field, draws[1] * np.float32(sheet.horizon) * unit, draws[0] * np.float32(sheet.width) * unit)
    return np.asarray(draws[4] < np.float32(0.30) + smooth(-0.35, 0.45, crowd) * np.float32(0.70))


def glows(sheet: Sheet, at: tuple[Field, Field], bright: Field, *, hue: Field, radius: float) -> None:
    """Soft round glows, each laid down as a whole; `at`: (columns, rows)."""
    reach = int(radius * 1.75 + 0.5)
    side = np.arange(-reach, reach + 1, dtype=np.float32)
    square = side[:, None] * side[:, None] + side[None, :] * side[None, :]
    stamp = np.clip(1.3 * fall(square * np.float32(1.6 / radius**2)) - 0.22, 0, 1).astype(np.float32)
    for x, y, light, cold in zip(*at, bright, hue, strict=True):
        top, left = int(y) - reach, int(x) - reach
        rows, columns = slice(max(0, top), max(0, int(y) + reach + 1)), slice(max(0, left), max(0, int(x) + reach + 1))
        part = sheet.rgb[:, rows, columns]
        inner = stamp[rows.start - top :, columns.start - left :][: part.shape[1], : part.shape[2]] * light
        tint = np.array([1.06 - 0.24 * cold, 0.94, 0.80 + 0.30 * cold], np.float32)
        part += tint[:, None, None] * inner


def splat(sheet: Sheet, x: Field, y: Field, bright: Field, *, hue: Field, radius: float) -> None:
    """Add small round lights; `radius` in pixels, `hue` from warm (0) to cold (1)."""
    reach = int(radius * 1.75 + 0.5)
    column, row = x.astype(np.int32), y.astype(np.int32)
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            square = (column + right - x + 0.5) ** 2 + (row + down - y + 0.5) ** 2
            glow = bright * np.clip(1.3 * fall(square * np.float32(1.6 / radius**2)) - 0.22, 0, 1)
            place = np.clip(row + down, 0, sheet.height - 1), np.clip(column + right, 0, sheet.width - 1)
            sheet.rgb[0][place] += glow * (np.float32(1.06) - hue * np.float32(0.24))
            sheet.rgb[1][place] += glow * np.float32(0.94)
            sheet.rgb[2][place] += glow * (np.float32(0.80) + hue * np.float32(0.30))


def falling_star(sheet: Sheet) -> None:
    """In some nights one star falls: a thin trail, brightest at its head."""
    chance = Chance(sheet.seed, "falling star")
    if not (sheet.night and chance.happens(0.3)):
        return
    x, y = chance.between(0.15, 0.85) * sheet.width, chance.between(0.08, 0.45) * sheet.horizon
    length, side = sheet.unit * chance.between(0.07, 0.15), chance.sign()
    along = np.arange(int(length * 1.5), dtype=np.float32) / np.float32(max(1.0, length * 1.5))
    inside = (x + along * side * length > 1) & (x + along * side * length < sheet.width - 2)
    along = along[inside]
    bright = along * along * np.float32(0.75)
    place = np.float32(x) + along * np.float32(side * length), np.float32(y) + along * np.float32(length * 0.55)
    splat(sheet, *place, bright, hue=along * 0 + np.float32(0.8), radius=max(0.5, sheet.unit / 1500))


def paint_milky_way(sheet: Sheet) -> None:
    """A slanted river of stars: a warm swollen heart, arms that fade, a dark rift with branches, and clouds of dust and stars."""
    chance = Chance(sheet.seed, "milky way")
    lean, middle = chance.between(0.35, 0.95) * chance.sign(), chance.between(0.38, 0.62)
    small = max(8, (sheet.height + 1) // 2), max(8, (sheet.width + 1) // 2)
    x = (np.arange(small[1], dtype=np.float32)[None, :] / small[1] - np.float32(middle)) * np.float32(sheet.width / sheet.unit)
    y = (np.arange(small[0], dtype=np.float32)[:, None] * np.float32(sheet.height / small[0]) - sheet.horizon * 0.62) / np.float32(
        sheet.unit
    )
    length = (1 + lean * lean) ** 0.5
    off, along = (x - y * np.float32(lean)) / np.float32(length), (y + x * np.float32(lean)) / np.float32(length)
    cloud = across(sheet.seed, "milky way", small, 4, octaves=7, gain=0.58)
    lanes = across(sheet.seed, "dark lanes", small, 5, octaves=7, gain=0.62)
    off = off + cloud * np.float32(0.035) + along * along * np.float32(0.10)
    band, heart = fall(off * off * 30), fall(along * along * 7)
    lane = rift(off, along, lanes, cloud)
    stars_light = band * band * (np.float32(0.30) + heart * np.float32(0.46)) * np.clip(np.float32(0.70) + cloud * np.float32(0.75), 0.1, 2)
    core = fall(off * off * 130 + along * along * 10) * np.clip(np.float32(0.75) + cloud * np.float32(0.5), 0.2, 2)
    clear = np.float32(1) - lane
    layers = (
        ((0.50, 0.56, 0.80), stars_light * clear * np.float32(0.75)),
        ((1.00, 0.80, 0.50), core * clear * np.float32(0.72)),
        ((0.86, 0.72, 0.62), smooth(0.15, 0.95, cloud) * band * band * band * heart * np.float32(0.20)),
        ((0.30, 0.23, 0.17), core * lane * np.float32(0.20)),
    )
    for channel in range(3):
        total = sum((field * np.float32(tint[channel]) for tint, field in layers), np.float32(0))
        sheet.rgb[channel] += grown(np.asarray(total, np.float32), sheet.shape)
    dust(sheet, np.asarray(band * band * (np.float32(0.4) + heart) * (np.float32(1) - lane * np.float32(0.9)), np.float32))


def rift(off: Field, along: Field, lanes: Field, cloud: Field) -> Field:
    """How much the dark dust hides: a torn lane a little beside the middle, with wisps that leave it."""
    wander = off - np.float32(0.014) + lanes * np.float32(0.085) - cloud * np.float32(0.03)
    main = smooth(0.046, 0.0, np.abs(wander)) * fall(along * along * 3.5) * np.clip(np.float32(0.72) - cloud * np.float32(0.9), 0.15, 1)
    wisps = smooth(0.02, 0.50, lanes - cloud * np.float32(0.25)) * fall(off * off * 45)
    fine = smooth(0.30, 0.0, np.abs(lanes + cloud * np.float32(0.4))) * fall(off * off * 60) * np.float32(0.45)
    hidden = np.maximum(main * np.float32(0.86), wisps * np.float32(0.80)) + fine * np.float32(0.5)
    return np.asarray(np.clip(hidden, 0, 0.94), np.float32)


def dust(sheet: Sheet, band: Field) -> None:
    """The faint stars of the band itself, thousands of them."""
    draws = lattice(key(sheet.seed, "dust"), (4, DUST)) * np.float32(0.5) + np.float32(0.5)
    x, y = draws[0] * sheet.width, draws[1] * sheet.horizon
    inside = band[np.minimum(y.astype(np.int32) // 2, band.shape[0] - 1), np.minimum(x.astype(np.int32) // 2, band.shape[1] - 1)] > draws[
        2
    ] * np.float32(1.1) + np.float32(0.05)
    bright = draws[2][inside] * draws[2][inside] * np.float32(0.75) + np.float32(0.07)
    splat(sheet, x[inside], y[inside], bright, hue=draws[3][inside], radius=max(0.5, sheet.unit / 1700))
