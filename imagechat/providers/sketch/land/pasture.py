"""What grows on rolling ground: its colours through the year, the patchwork of fields, hedges, and grass near the eye."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth, wave
from imagechat.providers.sketch.canvas.light import blend, colour, rgb, tinted
from imagechat.providers.sketch.canvas.noise import Field, lattice, nearest, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.land.dabs import Blades, grow
from imagechat.providers.sketch.land.slopes import View, coarse, lit, stand, strengths

GRASS = {"spring": ("466f2c", "7f9c44"), "summer": ("4a682c", "8c9048"), "autumn": ("6f6234", "a5863f"), "winter": ("6a6448", "8e8258")}
"""Dark and light grass by season."""
SNOW = ("c3d0e4", "f3f6fb")
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
    return tinted(dark, colour(asked), 0.75), tinted(light, colour(asked), 0.75)


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
    fine = nearest(field, d * np.float32(9) + np.float32(4096), x * np.float32(14) + np.float32(4096))
    close = np.clip(np.float32(16) / (d + np.float32(6)), 0, 1)
    tone = np.clip(np.float32(0.5) + wide * np.float32(0.42) + fine * close * np.float32(0.55), 0, 1)
    return np.stack([dark[c] + (light[c] - dark[c]) * tone for c in range(3)])


def patchwork(sheet: Sheet, view: View, tint: Field, grid: Patches, begin: float) -> None:
    """Lay fields over `tint` beyond `begin` metres: each has its crop, some have rows; dark hedges between."""
    row_end = int(np.count_nonzero((view.depth > np.float32(begin * 0.6)).any(axis=1)))
    if row_end < 1:
        return
    d, x = view.depth[:row_end], view.x[:row_end]
    along, across = plots(sheet, grid, x, d)
    number = (np.floor(along).astype(np.int32) * 7 + np.floor(across).astype(np.int32) * 131) & 1023
    draws = lattice(key(sheet.seed, "crops"), (2, 1024)) * np.float32(0.5) + np.float32(0.5)
    which = np.clip(draws[0] * np.float32(8), 0, 7).astype(np.int32)
    crops = np.stack([rgb(text) for text in PATCHES[season(sheet)]], axis=1)
    if sheet.snowy:
        crops = rgb("eaf0f8")[:, None] * np.float32(0.97) + (crops - np.float32(0.45)) * np.float32(0.16)
    rows = wave(across * np.float32(26)) * smooth(420, 120, d) * np.float32(0.10) * (draws[1].take(number) > 0.45)
    step = d * np.float32(0.0011) + np.float32(1.1)
    rim = np.minimum(_rim(along) * np.float32(grid.size[0]), _rim(across) * np.float32(grid.size[1]))
    hedge = np.clip(np.float32(1.4) - rim / step, 0, 1) * smooth(2600, 900, d) * np.float32(0.55)
    strength = smooth(begin * 0.6, begin * 1.5, d) * np.float32(0.85)
    shade = (np.float32(1) + rows * strength) * (np.float32(1) - hedge * smooth(begin * 0.9, begin * 1.5, d))
    for channel in range(3):
        plane = tint[channel, :row_end]
        crop = crops[channel].take(which).take(number) * (np.float32(0.55) + np.float32(0.5) * (plane / max(0.05, float(plane.max()))))
        plane += (crop * np.float32(1.05) - plane) * strength
        plane *= shade


def _rim(count: Field) -> Field:
    """How far a point is from the nearest edge of its field, 0 to 0.5."""
    part = count - np.floor(count)
    return np.asarray(np.minimum(part, np.float32(1) - part), np.float32)


def sunlit(sheet: Sheet, view: View, tint: Field, steep: float = 1.5) -> None:
    """Light `tint`: the slopes toward the sun bright, the others in the sky's light, shadows of clouds wandering over all."""
    direct, around = strengths(sheet)
    facing = view.read(lit(sheet, view.relief, steep))
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


def near_grass(sheet: Sheet, view: View, *, tall: float, count: int, reach: float = 22.0, gold: float = 0.0) -> None:
    """Blades in tufts between the feet and `reach` metres, `tall` metres high; `gold`: how ripe they are."""
    draws = lattice(key(sheet.seed, "blades"), (6, 16384)) * np.float32(0.5) + np.float32(0.5)
    wide = sheet.width / sheet.unit
    some = draws[:, : min(16384, int(count * min(wide, 2.0)))]
    first = float(view.relief.depth[0, 0])
    near = some[0] * (np.float32(1 / (first * 1.1)) - np.float32(1 / reach)) + np.float32(1 / reach)
    depth = np.float32(1) / near
    order = np.argsort(-depth, kind="stable")
    depth, some = depth[order], some[:, order]
    if sheet.snowy:
        shown = some[2] * some[3] > 0.42
        depth, some = depth[shown], some[:, shown]
    field = tile(sheet.seed, "tufts", (32, 32), 128, octaves=3)
    tufts = sampled(field, depth * np.float32(4) + np.float32(64), some[1] * depth * np.float32(4.5 * wide))
    at = stand(sheet, view, some[1] * np.float32(1.04) - np.float32(0.02), depth)
    rise = np.clip(np.float32(0.30) + some[2] * np.float32(0.55) + tufts * np.float32(0.8), 0.85 * gold + 0.12, 1.5)
    size = at.metre * np.float32(tall) * rise
    shown = (at.row - size < at.limit) & (at.row < sheet.height + size)
    size = np.clip(size, 0, sheet.unit * 0.16)
    windy = sheet.spec.weather in ("wind", "storm")
    lean = (some[3] - np.float32(0.5) + tufts * np.float32(0.5)) * size * np.float32(0.95) + size * np.float32(0.5 if windy else 0.0)
    own = np.clip(some[4] * np.float32(0.8) + np.float32(0.1) - tufts * np.float32(0.5), 0, 1)
    root, tip = blade_colours(sheet, depth, own, some[5], gold)
    blades = (at.column, at.row, size, lean, np.clip(at.metre * np.float32(0.011), 0.5, sheet.unit * 0.008))
    x, y, high, bent, thick = (one[shown] for one in blades)
    tone = tip[:, shown]
    grow(sheet, Blades(x, y, high, bent, thick, root[:, shown], tone), part=None)
    if gold >= 1:
        ears(sheet, (x + bent * np.float32(0.9), y - high * np.float32(0.95), bent), at.metre[shown], tone * np.float32(0.82))


def ears(sheet: Sheet, tips: tuple[Field, Field, Field], metre: Field, tone: Field) -> None:
    """Ears of corn at the stalks' `tips` (column, row, which way they lean)."""
    x, y, lean = tips
    size = np.clip(metre * np.float32(0.10), 1.2, sheet.unit * 0.05)
    aside = size * np.clip(lean / np.maximum(np.abs(lean), np.float32(1e-3)), -1, 1) * np.float32(0.5)
    grow(sheet, Blades(x, y, size * np.float32(0.8), aside, size * np.float32(0.22), tone * np.float32(0.8), tone), part=None)


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
