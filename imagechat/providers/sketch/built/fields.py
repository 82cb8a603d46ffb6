"""The ground that villages stand on: a valley of fields, a hill of terraces, a shore that climbs from its quay."""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.light import rgb
from imagechat.providers.sketch.canvas.noise import Field, enlarged, lattice, nearest, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.land.slopes import Relief, View, laid, lay_ground, lit, seen, strengths

PART = 580.0
EYE = {"valley": 27.0, "hill": 16.0, "shore": 2.0}
"""How high the eye stands above the near ground, in metres."""
QUAY_AWAY = 116.0
"""How far away the edge of a shore's quay is, in metres."""
FIELD = 64.0, 92.0
"""How wide and how deep a field is, in metres."""
TURF = 190.0
"""How far away single blades of grass can be told, in metres."""
CROPS = {
    "spring": ("7d9a4a", "8fa654", "6f9046", "a2ae60", "849c50", "b4ac64"),
    "summer": ("6f8c44", "82974c", "627f40", "bfa65c", "78904a", "ad9f56"),
    "autumn": ("8c8a44", "a08c4a", "74803e", "b0935a", "7f6a42", "8f9248"),
    "winter": ("7d7a56", "8a8260", "6c7250", "8f8666", "74684c", "7d7a58"),
}
WOODS = {"spring": "4f7434", "summer": "3c5f30", "autumn": "8a6a34", "winter": "5a5246"}
SNOW = rgb("e6ecf6")
SCRUB = rgb("6f7a42")
EARTH, STAIRS = rgb("b39a74"), rgb("d8ccb4")


def middle(sheet: Sheet) -> float:
    """Where the village's weight stands, as a share of the width."""
    return 0.5 + sheet.composition.side * weight(sheet.seed)


@lru_cache(maxsize=4)
def weight(seed: int) -> float:
    """How far beside the picture's middle a village stands, as a share of the width."""
    return Chance(seed, "village", "middle").between(0.02, 0.14)


def surface(sheet: Sheet) -> View:
    """The ground of the layout as the picture sees it."""
    layout = sheet.spec.layout
    depth, aside = laid(sheet, EYE[layout], far=3000.0)
    x = depth * aside
    height = {"valley": valley, "hill": hill, "shore": shore}[layout](sheet, x, depth)
    return seen(sheet, Relief(((height - np.float32(EYE[layout])) / depth).astype(np.float32), depth, aside))


def roughness(sheet: Sheet, x: Field, depth: Field, step: float) -> Field:
    """Gentle noise of about -1 to 1 over the ground, a swing every `step` metres."""
    field = tile(sheet.seed, "village ground", (16, 16), 128, octaves=4, gain=0.45)
    scale = np.float32(8 / step)
    found = sampled(field, depth[::2] * scale + 4096 + 0 * x[::2, ::2], x[::2, ::2] * scale + 4096)
    return enlarged(found, (x.shape[0], x.shape[1]))


def valley(sheet: Sheet, x: Field, depth: Field) -> Field:
    """A flat floor between slopes that close behind it, range behind range."""
    chance = Chance(sheet.seed, "village", "valley")
    bend = np.float32(chance.between(-0.10, 0.10) - 0.06 * sheet.composition.side)
    wall = np.abs(x - depth * bend) - np.float32(chance.between(60, 110)) - depth * np.float32(0.18)
    sides = smooth(0, 520, wall) * np.float32(chance.between(90, 150)) * smooth(160, 700, depth)
    back = smooth(650, 1500, depth) * (np.float32(chance.between(80, 130)) + roughness(sheet, x, depth, 420) * np.float32(90))
    far = smooth(1700, 2700, depth) * (np.float32(260) + roughness(sheet, x, depth, 560) * np.float32(190))
    swell = roughness(sheet, x, depth, 150) * np.float32(5) * smooth(60, 420, depth)
    return np.asarray(sides + np.maximum(back, far) + swell, np.float32)


def hill(sheet: Sheet, x: Field, depth: Field) -> Field:
    """One steep hill with a broad top, low country behind it."""
    centre = np.float32((middle(sheet) - 0.5) * sheet.width / sheet.unit / 1.1 * 292)
    side, along = (x - centre) / np.float32(165), (depth - np.float32(330)) / np.float32(165)
    square = side * side + along * along + roughness(sheet, x, depth, 90) * np.float32(0.16)
    dome = smooth(1.05, -0.12, square) * np.float32(0.85) + smooth(0.30, 0.0, square) * np.float32(0.22)
    dome = dome + (roughness(sheet, x, depth, 34) * np.float32(0.045)) * smooth(1.0, 0.5, square)
    back = smooth(700, 1600, depth) * (np.float32(70) + roughness(sheet, x, depth, 420) * np.float32(80))
    return np.asarray(dome * np.float32(82) + back + roughness(sheet, x, depth, 60) * np.float32(2.2), np.float32)


def shore(sheet: Sheet, x: Field, depth: Field) -> Field:
    """A quay at the eye's height, ground that climbs behind it."""
    chance = Chance(sheet.seed, "village", "shore")
    climb = (
        smooth(QUAY_AWAY + 8, 300, depth)
        * np.float32(chance.between(40, 56))
        * (np.float32(1) + roughness(sheet, x, depth, 130) * np.float32(0.4))
    )
    back = smooth(330, 1000, depth) * (np.float32(chance.between(70, 130)) + roughness(sheet, x, depth, 330) * np.float32(80))
    return np.asarray(np.float32(2.15) * (depth > QUAY_AWAY) + climb + back, np.float32)


def paint_fields(sheet: Sheet, view: View) -> None:
    """The ground in the colours of its crops and grass, lit on its slopes; what is soft is painted at half the size."""
    half = every_second(view)
    tint = ground_colours(sheet, half)
    key_light, fill = strengths(sheet)
    direct = half.read(lit(sheet, view.relief))
    for channel in range(3):
        tint[channel] *= fill[channel] * np.float32(0.85) + key_light[channel] * direct * np.float32(0.92)
    large = np.stack([enlarged(plane, (view.depth.shape[0], view.depth.shape[1])) for plane in tint])
    turf(sheet, view, large)
    lay_ground(sheet, view, large, PART)


def every_second(view: View) -> View:
    """Every second point of every second row of a view."""
    names = ("before", "place", "share", "depth", "x")
    return replace(view, **{name: getattr(view, name)[::2, ::2] for name in names})


def turf(sheet: Sheet, view: View, tint: Field) -> None:
    """Blades of grass and corn in the near ground, as large on the picture as they are tall."""
    first = int(np.count_nonzero(view.depth[:, ::16].min(axis=1) > TURF))
    depth, relief = view.depth[first:], view.relief
    if not depth.size:
        return
    between = (view.place[first:] // np.int32(view.depth.shape[1])).astype(np.float32) + view.share[first:]
    pace = (float(relief.depth[1, 0]) / float(relief.depth[0, 0]) - 1) * EYE[sheet.spec.layout]
    field = tile(sheet.seed, "turf", (32, 32), 256, octaves=4, gain=0.75)
    blade = nearest(field, between * np.float32(pace * 7) + 4096, view.x[first:] * np.float32(21) + 8192)
    clump = nearest(field, between * np.float32(pace * 1.1) + 4096, view.x[first:] * np.float32(2.3) + 8192)
    close = np.clip((np.float32(TURF) - depth) * np.float32(1 / 90), 0, 1) * np.float32(0.5 if sheet.snowy else 1)
    bright = np.float32(1) + (blade * np.float32(0.26) + clump * np.float32(0.20)) * close
    tint[:, first:] *= np.maximum(bright, np.float32(0.2))


def ground_colours(sheet: Sheet, view: View) -> Field:
    """(3, rows, columns): a patchwork of fields where the ground is flat and far enough, wild grass elsewhere."""
    x, depth, flat = view.x, view.depth, sheet.spec.layout == "valley"
    field = tile(sheet.seed, "sward", (16, 16), 256, octaves=5, gain=0.6)
    warp = sampled(field, depth * np.float32(0.16) + 2048, x * np.float32(0.16) + 2048)
    grain = nearest(field, depth * np.float32(9.0) + warp * 30 + 8192, x * np.float32(26.0) + 8192)
    crop, dark = patches(sheet, x + warp * np.float32(9), depth + warp * np.float32(14))
    base = np.stack([rgb(tone) for tone in CROPS[sheet.spec.season or "summer"]])
    bright = (np.float32(0.86) + grain * np.float32(0.20) + warp * np.float32(0.10)) * dark
    if not flat:
        dark = np.float32(1) - terraces(view) * np.float32(0.30)
    wild = np.clip(warp * np.float32(1.6) + (-0.25 if flat else 0.5), 0, 0.8)
    tint = np.stack([(base[:, c].take(crop) * (1 - wild) + SCRUB[c] * wild) * bright for c in range(3)])
    if sheet.spec.season in ("spring", "summer") and not sheet.snowy:
        bloom = smooth(0.42, 0.62, grain) * (crop % 3 == 0) * smooth(190, 90, depth) * np.float32(0.55)
        toward(tint, rgb(Chance(sheet.seed, "village", "bloom").choice(("d8483a", "f0ead8", "e8c84a", "b48ad0"))), bloom)
    woods = smooth(0.02, 0.22, warp + smooth(420, 1200, depth) * np.float32(0.34) - np.float32(0.16)) * smooth(380, 640, depth)
    toward(tint, rgb(WOODS[sheet.spec.season or "summer"]), woods, np.float32(0.62) + grain * np.float32(0.55))
    if sheet.snowy:
        drift = np.clip(np.float32(0.86) + warp * np.float32(0.3) + grain * np.float32(0.2), 0, 0.97)
        toward(tint, SNOW, (1 - woods * np.float32(0.5)) * drift * np.clip(dark + np.float32(0.15), 0, 1))
    if sheet.spec.layout != "shore":
        way = road(sheet, x, depth) * np.float32(0.45 if sheet.snowy else 1.0)
        toward(tint, EARTH if flat else STAIRS, way, np.float32(0.9) + grain * np.float32(0.15) - (0 if flat else steps(depth)))
    return tint.astype(np.float32)


def toward(tint: Field, colour: Field, share: Field, bright: Field | float = 1.0) -> None:
    """Draw the colours of `tint` toward one, as bright as told."""
    for channel in range(3):
        tint[channel] += (colour[channel] * bright - tint[channel]) * share


def steps(depth: Field) -> Field:
    """The shade before each step of the stairs that climb a hill."""
    part = depth * np.float32(0.6)
    return np.asarray((part - np.floor(part) < 0.35) * np.float32(0.22), np.float32)


def terraces(view: View) -> Field:
    """Where the low walls of terraces run, along the contours of the slopes."""
    relief = view.relief
    level = view.read(relief.rise * relief.depth) * np.float32(1 / 5.5)
    near = np.abs(level - np.floor(level) - np.float32(0.5))
    return smooth(0.13, 0.05, near) * smooth(3.0, 6.0, np.abs(level) * 5) * smooth(620, 380, view.depth)


def patches(sheet: Sheet, x: Field, depth: Field) -> tuple[Field, Field]:
    """(the number of each field's crop, its brightness with furrows and hedges), of fields that lie askew."""
    u, v = (x + depth * np.float32(0.22)) * np.float32(1 / FIELD[0]), (depth - x * np.float32(0.30)) * np.float32(1 / FIELD[1])
    row, column = np.floor(v), np.floor(u + np.floor(v) * np.float32(0.37))
    draws = lattice(key(sheet.seed, "crops"), (64, 64)) * np.float32(0.5) + np.float32(0.5)
    crop = np.clip(nearest(draws, row + 512, column + 512) * 6, 0, 5).astype(np.int32)
    along = u + np.floor(v) * np.float32(0.37)
    along = along - np.floor(along)
    rim = np.minimum(
        np.minimum(along, np.float32(1) - along) * np.float32(FIELD[0]),
        np.minimum(v - row, np.float32(1) - (v - row)) * np.float32(FIELD[1]),
    )
    hedge = smooth(1.9, 0.6, rim) * np.float32(0.30)
    furrow = (x * np.float32(0.42) + depth * np.float32(0.10)) * np.float32(1.0)
    stripe = np.abs(furrow - np.floor(furrow) - np.float32(0.5)) * np.float32(0.16) * (crop % 2 == 1) * smooth(520, 160, depth)
    return crop, np.float32(1) - hedge - stripe


def road(sheet: Sheet, x: Field, depth: Field) -> Field:
    """The lane that leads from the eye into the village, by share."""
    at = np.array([lane(sheet, 40 + 4 * i) for i in range(160)], np.float32)
    place = np.clip((depth - np.float32(40)) * np.float32(0.25), 0, 158.9)
    low = place.astype(np.int32)
    middle_of = at.take(low)
    middle_of += (at.take(low + 1) - middle_of) * (place - low)
    off = np.abs(x - middle_of)
    wide = 2.4 if sheet.spec.layout == "valley" else 1.7
    return smooth(wide, wide * 0.6, off) * smooth(620, 420, depth)


def lane(sheet: Sheet, depth: float) -> float:
    """Where the lane runs at `depth`, in metres beside the middle of the picture."""
    start, bow, aim = bends(sheet.seed, middle(sheet), sheet.width / sheet.unit)
    way = min(1.0, max(0.0, (depth - 60) / 240))
    way = way * way * (3 - 2 * way)
    return start + (aim - start) * way + way * (1 - way) * bow


@lru_cache(maxsize=4)
def bends(seed: int, goal: float, ratio: float) -> tuple[float, float, float]:
    """(where the lane begins, how far it bows aside, where it ends) in metres."""
    chance = Chance(seed, "village", "road")
    start = chance.between(-22, 22)
    return start, chance.between(40, 90) * chance.sign(), (goal - 0.5) * ratio / 1.1 * 290
