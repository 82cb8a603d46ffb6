"""Small trees for open country: a few firs and round crowns, built once and set down in many sizes."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import halved
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, enlarged, lattice, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import key
from imagechat.providers.sketch.land.foliage import rimmed
from imagechat.providers.sketch.land.treetops import leaves

KINDS = 5
TALL = 96
"""How many points high a tree is built."""
SNOW = rgb("eef3fb")


class Copse:
    """A few trees in the light of the hour, (4, height, width) each: colours times cover, then the cover."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        draw = fir if sheet.spec.wood == "conifer" else crown
        self.trees = [dressed(sheet, *draw(sheet, i), i) for i in range(KINDS)]
        self.copies: dict[tuple[int, int], Field] = {}

    def plant(self, number: int, place: tuple[float, float], tall: float, air: float, part: float) -> None:
        """Set one down with its foot at `place`, `tall` pixels high, behind `air` (0 to 1) of haze."""
        planes = self.copy(number % KINDS, max(3, round(tall)))
        height, width = planes.shape[1:]
        left, top = round(place[0]) - width // 2, round(place[1]) - height
        rows = slice(max(0, top), min(self.sheet.height, top + height))
        columns = slice(max(0, left), min(self.sheet.width, left + width))
        if rows.start >= rows.stop or columns.start >= columns.stop:
            return
        seen = planes[:, rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
        hazed = (self.sheet.light.haze * np.float32(air))[:, None, None] * seen[3]
        self.sheet.rgb[:, rows, columns] *= np.float32(1) - seen[3]
        self.sheet.rgb[:, rows, columns] += seen[:3] * np.float32(1 - air) + hazed
        self.sheet.hide(seen[3], part, rows, columns)

    def copy(self, number: int, tall: int) -> Field:
        """The tree `tall` pixels high, in steps of a quarter."""
        tall = max(3, tall - tall % max(1, tall // 4))
        if (number, tall) not in self.copies:
            planes = self.trees[number]
            while planes.shape[1] > tall * 2:
                planes = halved(planes)
            wide = max(3, round(tall * planes.shape[2] / planes.shape[1]))
            self.copies[number, tall] = np.stack([enlarged(plane, (tall, wide)) for plane in planes])
        return self.copies[number, tall]


def fir(sheet: Sheet, number: int) -> tuple[Field, Field]:
    """(cover, how much light) of a fir: drooping tiers, ragged at the rim."""
    wide = TALL // 2
    down = (np.arange(TALL, dtype=np.float32) / np.float32(TALL))[:, None]
    x = ((np.arange(wide, dtype=np.float32) + np.float32(0.5)) / np.float32(wide) - np.float32(0.5))[None, :] * np.float32(2)
    ragged = lattice(key(sheet.seed, "copse fir", str(number)), (TALL, wide))
    tiers = down * np.float32(11 + number) + np.abs(x) * np.float32(1.1) + np.floor(x + 1) * np.float32(0.45)
    within = tiers - np.floor(tiers)
    reach = down * np.float32(0.62 + 0.06 * (number % 3)) * (np.float32(0.62) + within * np.float32(0.5)) + ragged * np.float32(0.07)
    cover = (np.abs(x) < reach) & (down < 0.95) | (np.abs(x) < 0.05) & (down > 0.1)
    light = (
        np.float32(0.30) + (np.float32(1) - within) * np.float32(0.42) + x * toward(sheet) * np.float32(0.42) + ragged * np.float32(0.14)
    )
    return cover.astype(np.float32), light


def crown(sheet: Sheet, number: int) -> tuple[Field, Field]:
    """(cover, how much light) of a tree with a round crown of leaf clusters."""
    wide = TALL
    y = ((np.arange(TALL, dtype=np.float32) + np.float32(0.5)) / np.float32(TALL))[:, None]
    x = ((np.arange(wide, dtype=np.float32) + np.float32(0.5)) / np.float32(wide) - np.float32(0.5))[None, :] * np.float32(2)
    field = tile(sheet.seed, f"copse crown {number}", (8, 8), 128, octaves=5, gain=0.62)[:TALL, :wide]
    high = (y - np.float32(0.45)) / np.float32(0.44)
    across = x / np.float32(0.66 + 0.08 * (number % 3))
    square = high * high + across * across + field * np.float32(0.50)
    bare = sheet.spec.season == "winter"
    cover = (square < 0.92) & ((field > -0.05) if bare else (field > -9)) | (np.abs(x) < 0.045) & (y > 0.5)
    light = np.float32(0.44) - high * np.float32(0.26) + across * toward(sheet) * np.float32(0.26) + field * np.float32(0.42)
    return cover.astype(np.float32), np.where((np.abs(x) < 0.045) & (y > 0.86), np.float32(0.1), light)


def toward(sheet: Sheet) -> Field:
    """1 where the light comes from the right, -1 from the left."""
    return np.asarray(np.float32(-sheet.composition.side))


def dressed(sheet: Sheet, cover: Field, light: Field, number: int) -> Field:
    """A tree in its colours, with snow on its boughs where snow lies."""
    most, other = leaves(sheet)
    leaf = blend(most, other, (0.0, 0.25, 0.7, 0.1, 0.95)[number])
    across = (np.arange(cover.shape[1], dtype=np.float32) / np.float32(cover.shape[1]) * 2 - 1)[None, :] * toward(sheet)
    light = rimmed(sheet, np.clip(light, 0.05, 1.1), across * np.float32(1.4) + light * np.float32(0.3))
    lamp = sheet.light.key * np.float32(1.25 if sheet.bright else 0.36 if sheet.night else 0.62)
    sky = sheet.light.fill * np.float32(0.46 if not sheet.night else 0.62)
    white = np.clip(light * np.float32(2.2) - np.float32(0.75), 0, 0.9) if sheet.snowy else np.zeros_like(light)
    planes = np.empty((4, *cover.shape), np.float32)
    for channel in range(3):
        body = leaf[channel] + (SNOW[channel] - leaf[channel]) * white
        planes[channel] = body * (sky[channel] + lamp[channel] * light) * cover
    planes[3] = cover
    return planes
