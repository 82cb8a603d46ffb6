"""The ground that villages stand on: a valley of fields, a hill of terraces, a shore that climbs from its quay."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.light import rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice, nearest, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.land.slopes import Relief, View, laid, lay_ground, lit, seen, strengths

PART = 580.0
EYE = {"valley": 27.0, "hill": 16.0, "shore": 2.0}
"""How high the eye stands above the near ground, in metres."""
CROPS = {
    "spring": ("7d9a4a", "8fa654", "6f9046", "a2ae60", "849c50", "b4ac64"),
    "summer": ("6f8c44", "82974c", "627f40", "bfa65c", "78904a", "ad9f56"),
    "autumn": ("8c8a44", "a08c4a", "74803e", "b0935a", "7f6a42", "8f9248"),
    "winter": ("7d7a56", "8a8260", "6c7250", "8f8666", "74684c", "7d7a58"),
}
WOODS = {"spring": "4f7434", "summer": "3c5f30", "autumn": "8a6a34", "winter": "5a5246"}
SNOW = rgb("e6ecf6")
SCRUB = rgb("6f7a42")
EARTH = rgb("b39a74")


def middle(sheet: Sheet) -> float:
    """Where the village's weight stands, as a share of the width."""
    return 0.5 + sheet.composition.side * Chance(sheet.seed, "village", "middle").between(0.02, 0.14)


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
    return sampled(field, depth * scale + 4096 + 0 * x, x * scale + 4096)


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
        smooth(206, 420, depth) * np.float32(chance.between(34, 52)) * (np.float32(1) + roughness(sheet, x, depth, 130) * np.float32(0.5))
    )
    back = smooth(450, 1100, depth) * (np.float32(chance.between(70, 130)) + roughness(sheet, x, depth, 330) * np.float32(80))
    return np.asarray(np.float32(2.15) * (depth > 197) + climb + back, np.float32)


def paint_fields(sheet: Sheet, view: View) -> None:
    """The ground in the colours of its crops and grass, lit on its slopes."""
    tint = ground_colours(sheet, view)
    key_light, fill = strengths(sheet)
    direct = view.read(lit(sheet, view.relief))
    for channel in range(3):
        tint[channel] *= fill[channel] * np.float32(0.85) + key_light[channel] * direct * np.float32(0.92)
    lay_ground(sheet, view, tint, PART)


def ground_colours(sheet: Sheet, view: View) -> Field:
    """(3, rows, columns): a patchwork of fields where the ground is flat and far enough, wild grass elsewhere."""
    x, depth = view.x, view.depth
    field = tile(sheet.seed, "sward", (16, 16), 256, octaves=5, gain=0.6)
    warp = sampled(field, depth * np.float32(0.16) + 2048, x * np.float32(0.16) + 2048)
    grain = nearest(field, depth * np.float32(9.0) + warp * 30 + 8192, x * np.float32(26.0) + 8192)
    patch = patches(sheet, x + warp * np.float32(9), depth + warp * np.float32(14))
    base = np.stack([rgb(tone) for tone in CROPS[sheet.spec.season or "summer"]])
    dark = patch[1]
    bright = (np.float32(0.86) + grain * (np.float32(0.20) + smooth(220, 80, depth) * np.float32(0.14)) + warp * np.float32(0.10)) * dark
    if sheet.spec.layout != "valley":
        dark = np.float32(1) - terraces(view) * np.float32(0.30)
    wild = np.clip(warp * np.float32(1.6) + (0.5 if sheet.spec.layout != "valley" else -0.25), 0, 0.8)
    tint = np.stack([(base[:, c].take(patch[0]) * (1 - wild) + SCRUB[c] * wild) * bright for c in range(3)])
    bloom = (
        smooth(0.42, 0.62, grain)
        * (patch[0] % 3 == 0)
        * smooth(190, 90, depth)
        * np.float32(0.55 if sheet.spec.season in ("spring", "summer") else 0)
    )
    petal = rgb(Chance(sheet.seed, "village", "bloom").choice(("d8483a", "f0ead8", "e8c84a", "b48ad0")))
    tint = np.stack([tint[c] + (petal[c] - tint[c]) * bloom for c in range(3)])
    woods = smooth(0.02, 0.22, warp + smooth(420, 1200, depth) * np.float32(0.34) - np.float32(0.16)) * smooth(380, 640, depth)
    leaf = WOODS[sheet.spec.season or "summer"]
    clump = np.float32(0.62) + grain * np.float32(0.55)
    tint = np.stack([tint[c] + (rgb(leaf)[c] * clump - tint[c]) * woods for c in range(3)])
    if sheet.snowy:
        share = (
            (1 - woods * np.float32(0.5))
            * np.clip(np.float32(0.86) + warp * np.float32(0.3) + grain * np.float32(0.2), 0, 0.97)
            * np.clip(dark + np.float32(0.15), 0, 1)
        )
        tint = np.stack([tint[c] + (SNOW[c] - tint[c]) * share for c in range(3)])
    if sheet.spec.layout == "valley":
        worn = road(sheet, x, depth) * np.float32(0.45 if sheet.snowy else 1.0)
        tint = np.stack([tint[c] + (EARTH[c] * (np.float32(0.9) + grain * np.float32(0.15)) - tint[c]) * worn for c in range(3)])
    return tint.astype(np.float32)


def terraces(view: View) -> Field:
    """Where the low walls of terraces run, along the contours of the slopes."""
    relief = view.relief
    level = view.read(relief.rise * relief.depth) * np.float32(1 / 5.5)
    near = np.abs(level - np.floor(level) - np.float32(0.5))
    return smooth(0.13, 0.05, near) * smooth(3.0, 6.0, np.abs(level) * 5) * smooth(620, 380, view.depth)


def patches(sheet: Sheet, x: Field, depth: Field) -> tuple[Field, Field]:
    """(the number of each field's crop, its brightness with furrows and hedges), of fields that lie askew."""
    u, v = (x + depth * np.float32(0.22)) * np.float32(1 / 64), (depth - x * np.float32(0.30)) * np.float32(1 / 92)
    row, column = np.floor(v), np.floor(u + np.floor(v) * np.float32(0.37))
    draws = lattice(key(sheet.seed, "crops"), (64, 64)) * np.float32(0.5) + np.float32(0.5)
    crop = np.clip(nearest(draws, row + 512, column + 512) * 6, 0, 5).astype(np.int32)
    along = u + np.floor(v) * np.float32(0.37)
    along = along - np.floor(along)
    rim = np.minimum(np.minimum(along, np.float32(1) - along) * 64, np.minimum(v - row, np.float32(1) - (v - row)) * 92)
    hedge = smooth(2.6, 0.8, rim) * np.float32(0.34)
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
    return smooth(2.4, 1.5, off) * smooth(620, 420, depth)


def lane(sheet: Sheet, depth: float) -> float:
    """Where the lane runs at `depth`, in metres beside the middle of the picture."""
    chance = Chance(sheet.seed, "village", "road")
    aim = (middle(sheet) - 0.5) * sheet.width / sheet.unit / 1.1 * 290
    start = chance.between(-22, 22)
    way = min(1.0, max(0.0, (depth - 60) / 240))
    way = way * way * (3 - 2 * way)
    return start + (aim - start) * way + way * (1 - way) * chance.between(40, 90) * chance.sign()
