"""Walls of rock: uneven beds with ledges between them, cut by upright joints into blocks that each turn to or from the light."""

import numpy as np

from imagechat.providers.sketch.canvas.light import rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice, nearest, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import key
from imagechat.providers.sketch.land.foliage import dimmed
from imagechat.providers.sketch.land.grain import CLEAR, FOCUS, Points
from imagechat.providers.sketch.land.ground import AIR

COURSES = ((24.0, 15.0, 1.0), (66.0, 40.0, 0.50))
"""Beds and joints for each measure of the land, and how deep their cracks are: great blocks, and the small ones they break into."""
TABLE = 64
GRASS = rgb("6c7a40")


def broken(sheet: Sheet, picture: Field, at: Points, rock: Field) -> None:
    """Give the rocky ones among (3, points) their blocks, cracks and ledges, fainter in the distance."""
    hard = np.flatnonzero(rock > np.float32(0.08))
    if not hard.size:
        return
    depth, height, share = at.depth.take(hard), at.height.take(hard), rock.take(hard)
    x = (at.column.take(hard) - sheet.width / 2).astype(np.float32) * np.float32(1 / (sheet.unit * FOCUS)) * depth
    bright: Field = np.ones(len(hard), np.float32)
    ledge: Field = np.zeros(len(hard), np.float32)
    for number, course in enumerate(COURSES):
        light, top = blocks(sheet, number, course, (x - depth * np.float32(0.85), height))
        fine = np.clip(np.float32(sheet.unit / course[0] / 3.2) / depth - np.float32(0.35), 0, 1)
        bright *= np.float32(1) + light * fine * share
        if number == 0:
            ledge = top * fine * share
    clear = np.float32(AIR.get(sheet.spec.weather, CLEAR) / CLEAR) * (depth + np.float32(CLEAR))
    bright = np.float32(1) + (bright - np.float32(1)) * np.minimum(clear / (depth + np.float32(AIR.get(sheet.spec.weather, CLEAR))), 1)
    grass = dimmed(sheet, GRASS, 0.8) * (sheet.light.fill * np.float32(0.55) + sheet.light.key * np.float32(0.55 if sheet.bright else 0.2))
    for channel in range(3):
        tone = picture[channel].take(hard) * np.clip(bright, np.float32(0.22), np.float32(1.9))
        picture[channel][hard] = tone + (grass[channel] - tone) * ledge


def blocks(sheet: Sheet, number: int, course: tuple[float, float, float], where: tuple[Field, Field]) -> tuple[Field, Field]:
    """(light beside the wall's own, about -0.7 to 0.5; where grass grows on a ledge) at places (along, up) of the wall."""
    (beds, joints, deep), (along, up) = course, where
    field = tile(sheet.seed, "crag swing", (16, 16), 256, octaves=5, gain=0.5)
    swing = sampled(field, up * np.float32(90) + 4096, along * np.float32(60) + 4096)
    rough = nearest(field, up * np.float32(700) + 4096, along * np.float32(560) + 4096)
    table = lattice(key(sheet.seed, "crag blocks", str(number)), (5, TABLE * TABLE))
    level = up * np.float32(beds) + swing * np.float32(1.15) + along * np.float32(beds * 0.10) + rough * np.float32(0.16) + np.float32(64)
    level += nearest(field, up * np.float32(beds * 7) + 4096, np.zeros_like(up) + np.float32(33)) * np.float32(0.9)
    bed = np.floor(level)
    high = level - bed
    row = bed.astype(np.int32) & (TABLE - 1)
    wide = np.float32(joints) * (np.float32(1) + table[0].take(row) * np.float32(0.45))
    tilt = table[2].take(row) * np.float32(0.45)
    place = (
        along * wide
        + table[1].take(row * 7 & (TABLE - 1)) * np.float32(9)
        + swing * np.float32(1.5)
        + rough * np.float32(0.34)
        + high * tilt
    )
    column = np.floor(place + np.float32(512))
    side = place + np.float32(512) - column
    one = row * TABLE + (column.astype(np.int32) & (TABLE - 1))
    tone, turn, lean, open_ = (table[k].take(one) for k in range(1, 5))
    toward = np.float32(-sheet.composition.side)
    facet = turn * np.float32(0.20) + (side - np.float32(0.5)) * toward * np.float32(0.30) * (np.float32(0.6) + lean)
    crack = np.clip(np.float32(1) - np.minimum(side, np.float32(1) - side) * (np.float32(13) + open_ * np.float32(8)), 0, 1)
    under = np.clip(np.float32(1) - high * np.float32(5.5), 0, 1) * (np.float32(0.62) + tone * np.float32(0.38))
    lip = np.clip((high - np.float32(0.80)) * np.float32(6), 0, 1)
    light = facet + tone * np.float32(0.15) + rough * np.float32(0.22) + lip * np.float32(0.26)
    light -= np.maximum(crack * np.clip(np.float32(0.30) + open_ * np.float32(0.75), 0, 0.8), under * np.float32(0.55))
    grows = lip * np.clip((lean + swing * np.float32(1.4) - np.float32(0.30)) * np.float32(4) + rough, 0, 1) * np.float32(0.8)
    return light * np.float32(deep), grows
