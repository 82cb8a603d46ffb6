"""What grows on rolling ground: its colours through the year, the patchwork of fields, hedges, and grass near the eye."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth, wave
from imagechat.providers.sketch.canvas.light import blend, colour, rgb, tinted
from imagechat.providers.sketch.canvas.noise import Field, lattice, nearest, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.land.slopes import View, coarse, in_sight, lit, stand, strengths
from imagechat.providers.sketch.land.stamps import Stamp
from imagechat.providers.sketch.land.tufts import Stock, spread, tuft

GRASS = {"spring": ("466f2c", "7f9c44"), "summer": ("4a682c", "8c9048"), "autumn": ("6f6234", "a5863f"), "winter": ("6a6448", "8e8258")}
"""Dark and light grass by season."""
SNOW = ("c3d0e4", "f3f6fb")
TUFTS, BLADES, HIGHEST = 2, 34, 0.15
"""How many dark and how many light tufts there are, of how many blades, and how high they are at most, as a share of the short side."""
PATCHES = {
    "spring": ("7da846", "5c9038", "98b654", "b6bc58", "6a9c40", "d2c244", "86a44c", "8c7350"),
    "summer": ("6d9240", "c4aa58", "88a04c", "b59a52", "557f38", "d0b868", "7d9844", "9a8450"),
    "autumn": ("a4833e", "836446", "94803e", "7c7c3c", "ac7a3a", "8e7246", "a89250", "6f5840"),
    "winter": ("857d56", "6e694c", "908660", "7a7450", "62604a", "8a7c5c", "766e50", "6a5c4a"),
}


@dataclass(frozen=True, slots=True)
class Patches:
    """The fields' grid: its turn (cosine, sine), the size of a field in metres, and where it begins."""

    turn: tuple[float, float]
    size: tuple[float, float]
    shift: float


def season(sheet: Sheet) -> str:
    """The season, summer where it is open."""
    return sheet.spec.season or "summer"


def grass(sheet: Sheet) -> tuple[Field, Field]:
    """(dark, light) grass, white where snow lies, in the colour asked for where there is one."""
    dark, light = (rgb(text) for text in (SNOW if sheet.snowy else GRASS[season(sheet)]))
    asked = next((name for name in map(sheet.spec.colour, ("grass", "field", "meadow", "ground")) if name), None)
    if asked is None:
        return dark, light
    return tinted(dark, colour(asked), 0.45), tinted(light, colour(asked), 0.45)


def patches(sheet: Sheet) -> Patches:
    """How the fields of this picture lie."""
    chance = Chance(sheet.seed, "patches")
    turn = chance.between(-0.7, 0.7)
    length = (1 + turn * turn) ** 0.5
    return Patches((1 / length, turn / length), (chance.between(60, 110), chance.between(90, 170)), chance.between(16, 48))


def plots(sheet: Sheet, grid: Patches, x: Field, depth: Field) -> tuple[Field, Field]:
    """(along, across) of the ground in fields: whole numbers count them, the rest tells where in the field."""
    bends = tile(sheet.seed, "field bends", (8, 8), 64, octaves=2)
    bend = sampled(bends, depth * np.float32(0.02) + np.float32(64), x * np.float32(0.02) + np.float32(64)) * np.float32(0.35)
    cosine, sine = (np.float32(part) for part in grid.turn)
    along = (x * cosine + depth * sine) * np.float32(1 / grid.size[0]) + bend + np.float32(grid.shift)
    across = (depth * cosine - x * sine) * np.float32(1 / grid.size[1]) + bend + np.float32(grid.shift)
    return along, across


def meadowed(sheet: Sheet, view: View) -> Field:
    """Albedo of open grass at every point, (3, rows, columns): mottled, mown or grazed in large soft spots."""
    dark, light = grass(sheet)
    field = tile(sheet.seed, "grass", (32, 32), 256, octaves=4, gain=0.6)
    d, x = view.depth, view.x
    wide = coarse(field, d * np.float32(0.35) + np.float32(128), x * np.float32(0.5) + np.float32(128))
    fine = nearest(field, d * np.float32(9) + np.float32(4096), x * np.float32(14) + np.float32(4096)) * smooth(5, 14, d)
    fine += streaks(sheet, field, view)
    close = np.clip(np.float32(16) / (d + np.float32(6)), 0, 1)
    tone = np.clip(np.float32(0.5) + wide * np.float32(0.42) + fine * close * np.float32(0.55), 0, 1)
    return np.stack([dark[c] + (light[c] - dark[c]) * tone for c in range(3)])


def streaks(sheet: Sheet, field: Field, view: View) -> Field:
    """Grass too fine for blades: upright streaks of the picture's own scale near the eye, a row and a column for each of `view`."""
    step = np.float32(640 / sheet.unit)
    rows = (np.arange(view.depth.shape[0], dtype=np.float32) * step * np.float32(0.22)).astype(np.int32) & 255
    columns = (np.arange(view.depth.shape[1], dtype=np.float32) * step).astype(np.int32) & 255
    strong = np.float32(0.85) - np.float32(0.35) * smooth(6, 30, view.depth)
    return np.asarray(field.take(rows, 0).take(columns, 1) * strong, np.float32)


def patchwork(sheet: Sheet, view: View, tint: Field, grid: Patches, begin: float) -> None:
    """Lay fields over `tint` beyond `begin` metres: each has its crop, some have rows; dark hedges between."""
    row_end = int(np.count_nonzero(view.depth.max(axis=1) > np.float32(begin * 0.6)))
    if row_end < 1:
        return
    d, x = view.depth[:row_end], view.x[:row_end]
    along, across = plots(sheet, grid, x, d)
    number = (np.floor(along).astype(np.int32) * 7 + np.floor(across).astype(np.int32) * 131) & 1023
    draws = lattice(key(sheet.seed, "crops"), (2, 1024)) * np.float32(0.5) + np.float32(0.5)
    rows = wave(across * np.float32(26)) * smooth(420, 120, d) * np.float32(0.10) * (draws[1].take(number) > 0.45)
    strength = smooth(begin * 0.6, begin * 1.5, d) * np.float32(0.85)
    shade = np.float32(1) + rows * strength
    shade *= np.float32(1) - edged(grid, along, across, d) * smooth(begin * 0.9, begin * 1.5, d)
    which = np.clip(draws[0] * np.float32(8), 0, 7).astype(np.int32)
    crops = crop_colours(sheet)
    for channel in range(3):
        plane = tint[channel, :row_end]
        own = crops[channel].take(which).take(number) * (np.float32(0.5775) + plane * np.float32(0.525 / max(0.05, float(plane.max()))))
        plane += (own - plane) * strength
        plane *= shade


def edged(grid: Patches, along: Field, across: Field, depth: Field) -> Field:
    """How dark the ground is by the hedge at a field's edge."""
    rim = np.minimum(rim_of(along) * np.float32(grid.size[0]), rim_of(across) * np.float32(grid.size[1]))
    wide = depth * np.float32(0.0011) + np.float32(1.1)
    return np.asarray(np.clip(np.float32(1.4) - rim / wide, 0, 1) * smooth(2600, 900, depth) * np.float32(0.55), np.float32)


def crop_colours(sheet: Sheet) -> Field:
    """The colours of this season's fields, (3, 8); under snow hardly any."""
    crops = np.stack([rgb(text) for text in PATCHES[season(sheet)]], axis=1)
    if sheet.snowy:
        crops = rgb("eaf0f8")[:, None] * np.float32(0.97) + (crops - np.float32(0.45)) * np.float32(0.16)
    return crops


def rim_of(count: Field) -> Field:
    """How far a point is from the nearest edge of its field, 0 to 0.5."""
    part = count - np.floor(count)
    return np.asarray(np.minimum(part, np.float32(1) - part), np.float32)


def sunlit(sheet: Sheet, view: View, tint: Field, steep: float = 1.5) -> None:
    """Light `tint`: the slopes toward the sun bright, the others in the sky's light, shadows of clouds wandering over all."""
    direct, around = strengths(sheet)
    facing = view.read(in_sight(view.relief, lit(sheet, view.relief, steep))[0])
    if sheet.snowy:
        facing = facing * np.float32(0.55) + np.float32(0.38)
    if sheet.bright or sheet.low_sun:
        facing *= cloud_shadows(sheet, view)
    white = np.float32(0.9 if sheet.snowy else 1.0)
    for channel in range(3):
        tint[channel] *= (facing * direct[channel] * np.float32(1.15) + around[channel]) * white


def cloud_shadows(sheet: Sheet, view: View) -> Field:
    """1 in the sun, less under a cloud; soft and large."""
    many = {"clear": 0.0, "wind": 0.8, "scattered": 1.0}.get(sheet.spec.weather, 0.0)
    if many == 0.0:
        return np.ones_like(view.depth)
    field = tile(sheet.seed, "cloud shadows", (16, 16), 128, octaves=3)
    cloud = nearest(field, view.depth * np.float32(0.030) + np.float32(512), view.x * np.float32(0.045) + np.float32(512))
    return np.float32(1) - smooth(0.02, 0.30, cloud) * np.float32(0.45 * many) * smooth(15, 60, view.depth)


def near_grass(sheet: Sheet, view: View, *, tall: float, count: int, reach: float = 22.0) -> None:
    """Tufts between the feet and `reach` metres, `tall` metres high, denser and higher in spots; few look out of the snow."""
    first = float(view.relief.depth[0, 0]) * 1.05
    depth, across, draws = spread(sheet.seed, "tufts", round(count * min(2.0, sheet.width / sheet.unit)), (first, reach))
    field = tile(sheet.seed, "tufts", (32, 32), 128, octaves=3)
    x = (across - np.float32(0.5)) * depth
    spots = nearest(field, depth * np.float32(3.2) + np.float32(64), x * np.float32(4.5) + np.float32(512))
    at = stand(sheet, view, across * np.float32(1.06) - np.float32(0.03), depth)
    high = at.metre * np.float32(tall) * np.clip(np.float32(0.62) + draws[2] * np.float32(0.5) + spots * np.float32(0.5), 0.45, 1.5)
    high = np.minimum(high, np.float32(sheet.unit * HIGHEST))
    shown = (at.row - high < at.limit) & (at.row < sheet.height + high) & (draws[3] > (0.8 if sheet.snowy else 0.0))
    stock = Stock(sheet, grass_tufts(sheet))
    tone = np.clip(spots * np.float32(1.4) + draws[3] * np.float32(1.6) + np.float32(0.2), 0, 1.999).astype(np.int32)
    for i in np.flatnonzero(shown):
        which = int(tone[i]) * TUFTS + int(i) % TUFTS
        stock.put(which, (float(at.column[i]), float(at.row[i]) + 1), float(high[i]), limit=float(at.limit[i]))


def grass_tufts(sheet: Sheet) -> list[Stamp]:
    """The tufts that grass is made of: dark ones, then light ones with some straw."""
    wind = 0.7 if sheet.spec.weather in ("wind", "storm") else 0.0
    made = []
    for number in range(2 * TUFTS):
        draws = lattice(key(sheet.seed, "tuft", str(number)), (7, BLADES)) * np.float32(0.5) + np.float32(0.5)
        light = number // TUFTS
        own = np.clip(draws[5] * np.float32(0.50) + np.float32(0.24 - 0.24 * light), 0, 1)
        tones = blade_colours(sheet, np.full(BLADES, 6, np.float32), own, draws[6] * np.float32(0.90 + 0.10 * light), 0.0)
        made.append(tuft(draws[:5], tones, sheet.unit * HIGHEST, wind=wind))
    return made


def blade_colours(sheet: Sheet, depth: Field, draw: Field, other: Field, gold: float) -> tuple[Field, Field]:
    """(root, tip) of each blade: dark among the others, the tips against the light."""
    dark, light = grass(sheet)
    if sheet.snowy:
        dark, light = rgb("7c7658"), rgb("b8a878")
    ripe = blend(light, rgb("d0ae6a"), 0.25 + 0.75 * gold)
    direct, around = strengths(sheet)
    base = (direct * np.float32(0.42) + around)[:, None]
    bright = (direct * np.float32(1.05) + around)[:, None]
    straw = (other > np.float32(0.86 - 0.6 * gold)).astype(np.float32)
    body = light[:, None] + (dark - light)[:, None] * draw
    body = body + (ripe[:, None] - body) * straw * np.float32(0.8)
    fade = np.clip(np.float32(1.1) - depth * np.float32(0.02), 0.5, 1)
    root = body * base * (np.float32(1) - np.float32(0.45) * fade)
    return root.astype(np.float32), (body * bright * np.float32(1.08)).astype(np.float32)
