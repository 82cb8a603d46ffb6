"""What winter lays over water and along fields: ice with its cracks, a bank of snow, a fence half buried."""

from itertools import pairwise

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.light import rgb
from imagechat.providers.sketch.canvas.noise import Field, enlarged, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.floor import Eye
from imagechat.providers.sketch.land.snow import drifts, glare, snow_tone
from imagechat.providers.sketch.land.stamps import lit, toward

PART = 275.0
ICE = rgb("7fa6c4")
WOOD = rgb("5a4a40")
CAP = rgb("f2f4fa")


def ice(sheet: Sheet, top: float) -> None:
    """The frozen lake from row `top` down: dark ice that mirrors the sky softly, white cracks, snow blown into patches."""
    first = int(np.clip(top, 0, sheet.height - 2))
    height, width = sheet.height - first, sheet.width
    light = drifts(sheet, first)
    depth = np.float32(1) / (np.arange(height, dtype=np.float32)[:, None] / np.float32(sheet.unit) + np.float32(0.035))
    across = (sheet.columns() / np.float32(sheet.unit) - np.float32(0.5)) * depth
    field = tile(sheet.seed, "ice", (8, 8), 256, octaves=6, gain=0.5)
    patches = enlarged(sampled(field, depth[::2] * np.float32(14), across[::2, ::2] * np.float32(5.5)), (height, width))
    veins = sampled(field, depth * np.float32(17) + np.float32(77), across * np.float32(9) + np.float32(31))
    thin = np.float32(0.018) + np.float32(0.004) * depth
    cracks = np.clip(np.float32(1) - np.abs(veins) / thin, 0, 1) * np.clip(np.float32(0.75) - patches, 0, 1)
    mirror = mirrored(sheet, first, (height, width))
    near = np.clip(np.arange(height, dtype=np.float32)[:, None] / np.float32(sheet.unit * 0.45), 0, 1)
    body = lit(sheet, ICE[:, None, None], np.full((1, 1), 0.5, np.float32))
    tones = mirror * (np.float32(0.78) - near * np.float32(0.30))[None] + body * (np.float32(0.16) + near * np.float32(0.34))[None]
    bright = snow_tone(sheet, light + glare(sheet, first) * np.float32(0.3))
    tones = tones + (bright - tones) * (cracks * np.float32(0.62))[None]
    snow = smooth(-0.02, 0.20, patches + light * np.float32(0.2) - np.float32(0.08)) * np.float32(0.92)
    tones = tones + (bright - tones) * snow[None]
    cover = np.clip(sheet.rows(first) - np.float32(top) + 0 * light, 0, 1)
    sheet.mix(tones, cover, slice(first, None))
    sheet.hide(cover, PART, slice(first, None))


def mirrored(sheet: Sheet, first: int, shape: tuple[int, int]) -> Field:
    """What stands beyond, upside down and blurred along the rows' direction."""
    small = np.clip(first - 1 - (np.arange(shape[0] // 6 + 1) * 6), 0, max(0, first - 1))
    return np.stack([enlarged(np.ascontiguousarray(sheet.rgb[c][small][:, ::4]), shape) for c in range(3)])


def fence(sheet: Sheet, eye: Eye, chance: Chance) -> None:
    """Old posts with two rails that run from near one edge into the distance, snow on each cap."""
    side = sheet.composition.side
    begin, end = 0.5 - side * chance.between(0.42, 0.62), 0.5 + side * chance.between(-0.02, 0.22)
    posts = []
    for i in range(26):
        far = 7.0 + i * 3.1
        t = 1 - 7.0 / far
        x = (begin + (end - begin) * t) * sheet.width
        lean = chance.between(-0.07, 0.07)
        posts.append((x, eye.row(far), eye.metre(far) * chance.between(0.9, 1.15), eye.metre(far) * 0.07, lean))
    for one, other in reversed(list(pairwise(posts))):
        for share in (0.42, 0.80):
            rail(sheet, (one[0], one[1] - one[2] * share), (other[0], other[1] - other[2] * share), (one[3] * 0.42, other[3] * 0.42))
        post(sheet, other)
    post(sheet, posts[0])


def rail(sheet: Sheet, one: tuple[float, float], other: tuple[float, float], thick: tuple[float, float]) -> None:
    """A pole between two posts, thinner where it is farther, snow along its upper side."""
    left, right = (one, other) if one[0] <= other[0] else (other, one)
    thin = thick if one[0] <= other[0] else thick[::-1]
    first, last = max(0, int(left[0])), min(sheet.width, int(right[0]) + 1)
    if first >= last or right[0] - left[0] < 0.5:
        return
    t = (np.arange(first, last, dtype=np.float32) - np.float32(left[0])) / np.float32(right[0] - left[0])
    sag = t * (np.float32(1) - t) * np.float32(4 * max(thick) * 0.7)
    middle = np.float32(left[1]) + t * np.float32(right[1] - left[1]) + sag
    half = np.maximum(np.float32(thin[0]) + t * np.float32(thin[1] - thin[0]), np.float32(0.35))
    top, bottom = int(max(0, float((middle - half).min()) - 2)), int(min(sheet.height, float((middle + half).max()) + 3))
    if top >= bottom:
        return
    off = (sheet.rows(top, bottom) - middle[None, :]) / half[None, :]
    cover = np.clip((np.float32(1.2) - np.abs(off)) * half[None, :], 0, 1) * np.clip(half * np.float32(2), 0.3, 1)[None, :]
    paint(sheet, off, cover, (slice(top, bottom), slice(first, last)))


def post(sheet: Sheet, one: tuple[float, float, float, float, float]) -> None:
    """One post: (x, foot row, height, half width, lean)."""
    x, foot, tall, half, lean = one
    half = max(half, 0.35)
    rows = slice(max(0, int(foot - tall) - 1), min(sheet.height, int(foot) + 1))
    columns = slice(max(0, int(x - half * 3 - tall * 0.1)), min(sheet.width, int(x + half * 3 + tall * 0.1) + 2))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return
    up = np.float32(foot) - sheet.rows(rows.start, rows.stop)
    off = (np.arange(columns.start, columns.stop, dtype=np.float32)[None, :] - np.float32(x) - up * np.float32(lean)) / np.float32(half)
    cover = np.clip((np.float32(1.1) - np.abs(off)) * np.float32(half), 0, 1) * np.clip(np.float32(tall) - up, 0, 1)
    cap = np.where(up > np.float32(tall - half * 1.1), np.float32(-2), off * np.float32(-toward(sheet)))
    paint(sheet, cap + 0 * off, cover, (rows, columns))


def paint(sheet: Sheet, off: Field, cover: Field, window: tuple[slice, slice]) -> None:
    """Old wood in light and shade, white where snow lies (`off` below -0.55)."""
    shade = np.clip(np.float32(0.4) - off * np.float32(0.3), 0, 1)
    snow = np.clip((np.float32(-0.35) - off) * np.float32(4), 0, 1)
    body = np.stack([WOOD[c] + (CAP[c] - WOOD[c]) * snow for c in range(3)])
    sheet.mix(lit(sheet, body, shade), cover, *window)
    sheet.hide(cover, PART + 2, *window)
