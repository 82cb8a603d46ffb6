"""A fallen trunk on the floor of the wood, mossy above, dark below, its broken end toward the eye."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import fall
from imagechat.providers.sketch.canvas.light import rgb
from imagechat.providers.sketch.canvas.noise import nearest
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.leaves import SNOW
from imagechat.providers.sketch.land.stamps import lit
from imagechat.providers.sketch.land.trunks import BARKS, furrows
from imagechat.providers.sketch.land.woods import Wood

PART = 248.0
MOSS, HEART = rgb("6c8440"), rgb("b08a5c")


def fallen_log(sheet: Sheet, wood: Wood, side: int) -> None:
    """The trunk on `side` of the picture, some metres away; it runs out beyond the edge."""
    chance = Chance(sheet.seed, "log")
    far, inner = chance.between(6.5, 10.0), chance.between(0.10, 0.24)
    metre, half = wood.eye.metre(far), wood.eye.metre(far) * chance.between(0.24, 0.36)
    end, slope = (0.5 + side * inner) * sheet.width, side * chance.between(-0.10, 0.06)
    left, right = (int(max(0, end - half)), sheet.width) if side > 0 else (0, int(min(sheet.width, end + half)))
    along = (np.arange(left, right, dtype=np.float32)[None, :] - np.float32(end)) * np.float32(side)
    middle = np.float32(wood.eye.row(far) - half * 0.55) + along * np.float32(slope)
    thick = np.float32(half) * (np.float32(1) - along * np.float32(0.35 / sheet.width))
    top, bottom = (int(np.clip(v, 0, sheet.height)) for v in (float(middle.min()) - half * 2, float(middle.max()) + half * 2.4))
    if left >= right or top >= bottom:
        return
    off = (sheet.rows(top, bottom) - middle) / thick
    window = slice(top, bottom), slice(left, right)
    beyond = np.clip(-along / np.float32(half), 0, 3)
    ground = (off - np.float32(0.9)) * np.float32(1.5)
    sheet.mix(sheet.light.fill * np.float32(0.16), fall(ground * ground * 4 + beyond * beyond * 6) * np.float32(0.7), *window)
    rough = nearest(
        furrows(sheet.seed), off * np.float32(44) + np.float32(90) + 0 * along, along * np.float32(14 / half) + np.float32(256) + 0 * off
    )
    paint_log(sheet, (off, along / np.float32(half), rough), thick, window)
    if metre > 30:
        moss_tufts(sheet, wood, (end, float(wood.eye.row(far)), metre), side)


def paint_log(sheet: Sheet, log: tuple[np.ndarray, ...], thick: np.ndarray, window: tuple[slice, slice]) -> None:
    """Bark, moss or snow on top, and the disc of its end."""
    off, along, rough = log
    bark = rgb(Chance(sheet.seed, "log bark").choice(BARKS[sheet.spec.wood or "conifer"]))
    above = np.clip((np.float32(-0.15) - off + rough * np.float32(1.1)) * np.float32(2.2), 0, 1)
    cap = SNOW if sheet.snowy else MOSS
    body = bark[:, None, None] * (np.float32(0.85) - rough[None] * np.float32(0.45))
    body += (cap[:, None, None] - body) * (above * np.float32(0.9 if sheet.snowy else 0.7))[None]
    shade = np.clip(np.float32(0.34) - off * np.float32(0.42) + rough * np.float32(0.4), 0.02, 1)
    ring = (along + np.float32(0.04)) / np.float32(0.42)
    disc = np.sqrt(ring * ring + off * off)
    grain = nearest(furrows(sheet.seed), disc * np.float32(34), disc * 0 + np.float32(7))
    cut = np.clip((np.float32(0.9) - disc) * np.float32(12), 0, 1)
    body += (HEART[:, None, None] * (np.float32(0.62) + grain * np.float32(0.3)) - body) * cut[None]
    shade = shade + (np.float32(0.42) - shade) * cut
    stem = np.clip((np.float32(1) + rough * np.float32(0.16) - np.abs(off)) * thick, 0, 1) * (along > 0)
    cover = np.maximum(stem, np.clip((np.float32(1) - disc) * thick, 0, 1))
    sheet.mix(lit(sheet, body, shade), cover, *window)
    sheet.hide(cover, PART, *window)


def moss_tufts(sheet: Sheet, wood: Wood, place: tuple[float, float, float], side: int) -> None:
    """Grass and ferns along its foot."""
    chance = Chance(sheet.seed, "log tufts")
    end, row, metre = place
    for i in range(16):
        x, pick = end + side * sheet.width * chance.between(-0.02, 0.42), chance.whole(0, 2)
        wood.low.plant(pick, (x, row + metre * chance.between(0.05, 0.3)), metre * chance.between(0.2, 0.5), part=PART + 1 + i % 2)
