"""The near alp before a range: rolling meadows with copses, the trees growing larger toward the eye, and places for huts."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice, nearest, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.land.copses import Copse
from imagechat.providers.sketch.land.ridges import line
from imagechat.providers.sketch.land.treetops import grass

PART = 22.0
LEVELS = (0.08, 0.28, 0.52, 0.84)
"""Where the hills stand, as shares of the way from the horizon to the lower edge."""
GROVES = (13, 9, 7, 3)
"""How many groves stand on each hill of a square picture."""
SNOW, BLOSSOM, PATH = rgb("eef3fb"), rgb("e8dca0"), rgb("c2ad88")
TREE = 11.0
"""How many metres high a tree is."""


def paint_foothills(sheet: Sheet) -> None:
    """Hill before hill, each with its trees, so that a nearer one hides the feet of those behind."""
    if sheet.height - sheet.horizon < 8:
        return
    field = tile(sheet.seed, "alp", (16, 16), 512, octaves=6, gain=0.6)
    tops = [crest(sheet, number, level) for number, level in enumerate(LEVELS)]
    copse, kept = Copse(sheet), spots(sheet, tops)
    for number, top in enumerate(tops):
        last = int(tops[number + 1].max()) + 2 if number + 1 < len(tops) else sheet.height
        meadow(sheet, number, (top, min(last, sheet.height)), field)
        wood(sheet, number, top, copse, kept)


def crest(sheet: Sheet, number: int, level: float) -> Field:
    """The upper edge of a hill, a row for each column; it dips where the eye should travel."""
    ground = sheet.height - sheet.horizon
    chance = Chance(sheet.seed, "alp", str(number))
    cells = chance.between(0.7, 1.3) * max(1.0, sheet.width / sheet.unit)
    rough = line(sheet.seed, f"alp {number}", sheet.width, cells, gain=0.34, ridged=False)
    x = np.arange(sheet.width, dtype=np.float32) / np.float32(sheet.width) - np.float32(0.5)
    tilt = x * np.float32(chance.between(0.04, 0.20) * (1 if number % 2 else -1) * sheet.composition.side)
    top = np.float32(sheet.horizon + ground * level) - (rough * np.float32(0.26) + tilt) * np.float32(min(ground, sheet.unit * 0.5))
    return below_none(top, sheet.horizon + sheet.unit * 0.050, sheet.unit * 0.05) if number == 0 else top


def below_none(top: Field, row: float, soft: float) -> Field:
    """`top`, bent softly so that it never sinks below `row`: there the range has no ground any more."""
    gap = top - np.float32(row)
    return np.asarray((top + np.float32(row) - np.sqrt(gap * gap + np.float32(soft * soft))) * np.float32(0.5), np.float32)


def nearness(sheet: Sheet, row: float) -> float:
    """0 at the horizon, 1 at the lower edge."""
    return max(0.0, (row - sheet.horizon) / (sheet.height - sheet.horizon))


def tree_size(sheet: Sheet, row: float) -> float:
    """How many pixels high a tree is whose foot stands in that row."""
    near = nearness(sheet, row)
    return sheet.unit * (0.016 + 0.105 * near * near)


def spots(sheet: Sheet, tops: list[Field]) -> list[tuple[float, float, float]]:
    """Where huts can stand: (column, row, how much room they need), offered to whoever paints them."""
    chance, kept = Chance(sheet.seed, "alp spots"), []
    for number, share in ((1, 0.26), (2, 0.60), (1, 0.72), (2, 0.40), (1, 0.50), (0, 0.64), (0, 0.34)):
        x = (share + chance.between(-0.05, 0.05)) * sheet.width
        top, below = (tops[hill][min(max(0, int(x)), sheet.width - 1)] for hill in (number, number + 1))
        y = float(top) + max(2.0, float(below - top) * chance.between(0.25, 0.5))
        size = tree_size(sheet, y)
        sheet.offer("land", x, y, size / TREE, 0.22 - 0.2 * nearness(sheet, y))
        kept.append((x, y, size))
    return kept


def meadow(sheet: Sheet, number: int, edges: tuple[Field, int], field: Field) -> None:
    """One hill of grass between its `edges` (upper row for each column, last row), its tufts larger toward the eye."""
    top, last = edges
    first = max(0, int(top.min()) - 1)
    if first >= last:
        return
    window, rows = slice(first, last), sheet.rows(first, last)
    cover = np.clip(rows - top[None, :] + np.float32(1), 0, 1)
    below = np.maximum(rows - top[None, :], np.float32(0))
    broad, tufts = grasses(sheet, number, rows, below, field)
    reach = max(2, sheet.unit // 40)
    swell = (np.roll(broad, reach, 1) - np.roll(broad, -reach, 1)) * np.float32(-sheet.composition.side * (0.8 if sheet.snowy else 0.55))
    swell[:, :reach] = swell[:, -reach:] = 0
    light = np.float32(0.74) - smooth(0.0, sheet.unit * (0.05 + 0.05 * number), below) * np.float32(0.42) + swell
    picture = turf(sheet, np.clip(light, 0.08, 1.1), broad, tufts, number)
    trodden(sheet, picture, rows, light)
    sheet.mix(aired(sheet, picture, number), cover, window)
    sheet.hide(cover, PART + number, window)


def grasses(sheet: Sheet, number: int, rows: Field, below: Field, field: Field) -> tuple[Field, Field]:
    """(broad patches, tufts) of about -1 to 1, in perspective: flat and fine far away."""
    near = (rows - np.float32(sheet.horizon)) / np.float32(sheet.height - sheet.horizon)
    far = np.float32(1) / (np.clip(near, 0, 1) + np.float32(0.16))
    across = (sheet.columns() - np.float32(sheet.width / 2)) / np.float32(sheet.unit)
    u, v = across * far, below * far * np.float32(2.0 / sheet.unit) - far * np.float32(0.9)
    few = (slice(None, None, 2), slice(None, None, 2))
    patch = sampled(field, v[few] * np.float32(17) + np.float32(90 * number), u[few] * np.float32(15) + np.float32(1024))
    broad = patch.repeat(2, 0).repeat(2, 1)[: v.shape[0], : v.shape[1]]
    blades = lattice(key(sheet.seed, "alp blades"), (256, 256))
    tufts = nearest(blades, v * np.float32(330) + np.float32(4096), u * np.float32(540) + np.float32(4096))
    return broad, tufts * np.clip(near * np.float32(1.2) + np.float32(0.22), 0, 1)


def turf(sheet: Sheet, light: Field, broad: Field, tufts: Field, number: int) -> Field:
    """(3, rows, width): the meadow's colours: dry and lush patches, flowers in spring, snow in winter."""
    body, dry = grass(sheet), blend(grass(sheet), rgb("b0a05c"), 0.55)
    if sheet.snowy:
        body, dry = SNOW, SNOW * np.float32(0.93)
    share = smooth(-0.2, 0.8, broad)
    texture = np.float32(1) + tufts * np.float32(0.03 if sheet.snowy else 0.15)
    lamp = sheet.light.key * np.float32(1.0 if sheet.bright else 0.58 if sheet.night else 0.62)
    sky = sheet.light.fill * np.float32(0.50 if not sheet.night else 0.75)
    out = np.empty((3, *broad.shape), np.float32)
    for channel in range(3):
        tone = (body[channel] + (dry[channel] - body[channel]) * share) * texture
        out[channel] = tone * (sky[channel] + lamp[channel] * light)
    if sheet.spec.season in ("spring", "summer") and not sheet.snowy and number > 0:
        flowered(sheet, out, light, broad, tufts)
    return out


def aired(sheet: Sheet, picture: Field, number: int) -> Field:
    """One hill behind the air before it."""
    air = blend(sheet.light.haze, sheet.light.lower, 0.3) * np.float32(0.75 if sheet.night else 1.0)
    share = np.float32(min(0.85, (0.24, 0.15, 0.07, 0.02)[number] * haziness(sheet)))
    for channel in range(3):
        picture[channel] += (air[channel] - picture[channel]) * share
    return picture


def trodden(sheet: Sheet, tone: Field, rows: Field, light: Field) -> None:
    """On some seeds a footpath that winds up the alp, narrow in the distance."""
    chance = Chance(sheet.seed, "alp path")
    if not chance.happens(0.6) or sheet.snowy:
        return
    near = np.clip((rows - np.float32(sheet.horizon)) / np.float32(sheet.height - sheet.horizon), 0, 1)
    bend = line(sheet.seed, "alp bends", 256, 3.2, gain=0.4, ridged=False).take((near * np.float32(255)).astype(np.int32))
    start, end = chance.between(-0.30, 0.30), chance.between(-0.12, 0.12)
    middle = np.float32(0.5) + np.float32(end) + near * np.float32(start - end) + bend * (np.float32(0.05) + near * np.float32(0.12))
    away = np.abs(sheet.columns() - middle * np.float32(sheet.width))
    wide = np.float32(sheet.unit) * (np.float32(0.0012) + near * near * np.float32(0.016))
    share = np.clip((wide - away) / np.maximum(wide * np.float32(0.35), np.float32(1)), 0, 1) * np.float32(0.62)
    glow = sheet.light.fill * np.float32(0.5) + sheet.light.key * np.float32(0.45 if sheet.bright else 0.2)
    for channel in range(3):
        tone[channel] += (PATH[channel] * glow[channel] * (np.float32(0.8) + light * np.float32(0.5)) - tone[channel]) * share


def flowered(sheet: Sheet, tone: Field, light: Field, broad: Field, tufts: Field) -> None:
    """Points of blossom in the meadows."""
    bloom = smooth(0.80, 0.90, tufts) * smooth(-0.15, 0.35, broad) * np.float32(0.7)
    for channel in range(3):
        lit = BLOSSOM[channel] * (sheet.light.fill[channel] * np.float32(0.5) + sheet.light.key[channel] * light * np.float32(0.7))
        tone[channel] += (lit - tone[channel]) * bloom


def wood(sheet: Sheet, number: int, top: Field, copse: Copse, kept: list[tuple[float, float, float]]) -> None:
    """The trees of one hill, from back to front, none where a hut may stand."""
    if "tree" in sheet.spec.without:
        return
    for y, x, size, kind in sorted(grown(sheet, number, top)):
        tall = tree_size(sheet, y)
        free = all(abs(x - spot[0]) > spot[2] * 1.6 or not -spot[2] * 0.4 < y - spot[1] < spot[2] * 1.4 for spot in kept)
        if free and tall > 1.5:
            copse.plant(kind, (x, y), tall * size, max(0.0, 0.24 - 0.3 * nearness(sheet, y)) * haziness(sheet), PART + 4 + number)


def grown(sheet: Sheet, number: int, top: Field) -> list[tuple[float, float, float, int]]:
    """(row, column, size, kind) of the trees of one hill: groves that are dense in their middle, and a few that stand alone."""
    chance = Chance(sheet.seed, "alp trees", str(number))
    wide = max(1.0, sheet.width / sheet.unit)
    deep = (sheet.height - sheet.horizon) * ((*LEVELS, 1.1)[number + 1] - LEVELS[number])
    found = []
    for _ in range(int(GROVES[number] * wide)):
        middle, depth = chance.unit() * sheet.width, chance.unit() * (0.8 if number else 0.3)
        large, lone = chance.between(0.5, 1.0), chance.happens(0.2)
        for _ in range(1 if lone else chance.whole(12, 30) // (1 + number // 2)):
            off, back, size, kind = chance.unit() + chance.unit() - 1, chance.unit() - 0.5, chance.between(0.55, 1.15), chance.whole(0, 9)
            x = middle + off * sheet.unit * (0.055 + 0.045 * number) * large
            if 0 <= x < sheet.width:
                found.append((float(top[int(x)]) + max(0.0, depth + back * 0.45) * deep + 1, x, size, kind))
    return found


def haziness(sheet: Sheet) -> float:
    """How much thicker the air is than on a clear day."""
    return {"fog": 3.0, "rain": 1.7, "snow": 1.8, "storm": 1.4}.get(sheet.spec.weather, 1.0)
