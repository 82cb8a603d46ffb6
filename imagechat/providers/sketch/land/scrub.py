"""Scrub of the dry plain: grey-green bushes that stand on their shadows, and a few cacti far off."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, nearest, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.crowns import leaves
from imagechat.providers.sketch.land.slopes import View, air, haze, stand, strengths, sunward
from imagechat.providers.sketch.land.stamps import Stamp, stamped
from imagechat.providers.sketch.land.tufts import Stock, spread

PART = 363.0
KINDS = ((rgb("5a5c40"), rgb("a8a070"), 1.7), (rgb("4c5038"), rgb("90905c"), 1.3), (rgb("8a7a4c"), rgb("ccb880"), 1.9))
"""(dark, light, width for each height) of sage, creosote and dry grass."""
COUNT, EACH, HIGHEST, CACTI = 560, 2, 0.085, 9
"""How many bushes there are, how many of a kind are drawn, how high they are at most (share of the short side), how many cacti."""
Limb = tuple[tuple[float, float], tuple[float, float], float]
"""From, to (shares of the height) and how thick."""


def shrubs(sheet: Sheet, view: View) -> None:
    """Bushes in loose drifts with bare ground between them, cacti here and there, the far ones first."""
    count = round(COUNT * min(2.0, sheet.width / sheet.unit))
    depth, across, draws = spread(sheet.seed, "shrubs", count, (float(view.relief.depth[0, 0]) * 1.25, 1100.0))
    x = (across - np.float32(0.5)) * depth
    field = tile(sheet.seed, "scrub", (16, 16), 128, octaves=3)
    thick = nearest(field, depth * np.float32(0.55) + np.float32(64), x * np.float32(0.8) + np.float32(512))
    at = stand(sheet, view, across * np.float32(1.06) - np.float32(0.03), depth)
    high = np.minimum(at.metre * (np.float32(0.13) + draws[2] * draws[2] * np.float32(0.42)), np.float32(sheet.unit * HIGHEST))
    stock, veil = Stock(sheet, bushes(sheet)), air(sheet, depth)
    kind = np.clip((draws[1] * np.float32(0.6) + thick * np.float32(0.5) + np.float32(0.2)) * 3, 0, 2).astype(np.int32)
    cacti = {int(np.searchsorted(-depth, -far)) for far in far_cacti(sheet)}
    for i in range(count):
        foot = float(at.column[i]), float(at.row[i])
        if i in cacti:
            cactus(sheet, i, foot, float(at.metre[i]) * (2.0 + 1.8 * float(draws[2, i])), veil=float(veil[i]), part=PART + 1)
        elif draws[3, i] < 0.62 + thick[i]:
            which = int(kind[i]) * EACH + i % EACH
            stock.put(
                which, (foot[0], foot[1] + float(high[i]) * 0.1), float(high[i]), air=float(veil[i]), limit=float(at.limit[i]), part=PART
            )


def far_cacti(sheet: Sheet) -> list[float]:
    """How far away the cacti stand, in metres."""
    chance = Chance(sheet.seed, "cacti")
    return [chance.between(34, 60) if i < 2 else chance.between(60, 240) for i in range(chance.whole(2, CACTI))]


def bushes(sheet: Sheet) -> list[Stamp]:
    """A few bushes of each kind with their shadows."""
    made = []
    for number, (dark, light, wide) in enumerate(KINDS):
        for i in range(EACH):
            tones = (blend(dark, rgb("e8ecf4"), 0.3), blend(light, rgb("f0f4fa"), 0.7)) if sheet.snowy else (dark, light)
            crown = stamped([leaves(sheet, f"shrub {number} {i}", wide, tones)], sheet.unit * HIGHEST * 0.5, wide * 0.6).planes
            made.append(Stamp(shaded(sheet, crown)))
    return made


def shaded(sheet: Sheet, crown: Field) -> Field:
    """A bush with its shadow on the ground, away from the light."""
    _, height, width = crown.shape
    aside, low = height, height // 6
    planes = np.zeros((4, height + low, width + 2 * aside), np.float32)
    x = np.arange(planes.shape[2], dtype=np.float32)[None, :] - np.float32(planes.shape[2] / 2)
    y = np.arange(planes.shape[1], dtype=np.float32)[:, None] - np.float32(height * 0.97)
    right = sunward(sheet)[0]
    a = (x + np.float32(right * height * 0.42)) * np.float32(1 / (width * 0.46 + height * 0.28))
    b = y * np.float32(1 / (height * 0.20))
    _, around = strengths(sheet)
    planes[3] = smooth(1.0, 0.15, a * a + b * b) * np.float32(0.35 if sheet.snowy else 0.62)
    planes[:3] = (around * rgb("9c6244"))[:, None, None] * planes[3]
    window = planes[:, :height, aside : aside + width]
    window *= 1 - crown[3]
    window += crown
    return planes


def cactus(sheet: Sheet, number: int, foot: tuple[float, float], tall: float, *, veil: float, part: float) -> None:
    """A tall ribbed cactus with one to three arms."""
    left, right = max(0, int(foot[0] - tall * 0.4)), min(sheet.width, int(foot[0] + tall * 0.4) + 1)
    first, last = max(0, int(foot[1] - tall * 1.1)), min(sheet.height, int(foot[1]) + 1)
    if left >= right or first >= last or tall < 3:
        return
    x = np.arange(left, right, dtype=np.float32)[None, :] + np.float32(0.5 - foot[0])
    y = np.float32(foot[1]) - np.arange(first, last, dtype=np.float32)[:, None] - np.float32(0.5)
    cover, across = np.zeros((last - first, right - left), np.float32), np.zeros((last - first, right - left), np.float32)
    for start, end, slim in limbs(Chance(sheet.seed, "cactus", str(number))):
        own, place = limb(x, y, (start, end), tall, tall * 0.050 * slim)
        across = np.where(own > cover, place, across)
        cover = np.maximum(cover, own)
    tint = ribbed(sheet, across, y * np.float32(1 / tall))
    tint += (haze(sheet)[:, None, None] - tint) * np.float32(min(0.9, veil + 0.06))
    window = slice(first, last), slice(left, right)
    sheet.mix(tint, cover, *window)
    sheet.hide(cover, part, *window)


def limbs(chance: Chance) -> list[Limb]:
    """The stem, and arms that go out and turn up."""
    found: list[Limb] = [((0.0, 0.0), (0.0, 1.0), 1.0)]
    way = chance.sign()
    for _ in range(chance.whole(1, 3)):
        way, root, out = -way, chance.between(0.30, 0.55), chance.between(0.12, 0.19)
        bend, slim = (way * out * 0.8, root + 0.02), chance.between(0.60, 0.78)
        elbow = way * out, root + 0.08
        found += [((0.0, root), bend, slim), (bend, elbow, slim), (elbow, (way * out, root + chance.between(0.18, 0.34)), slim)]
    return found


def ribbed(sheet: Sheet, across: Field, up: Field) -> Field:
    """The cactus in the light: soft ribs, the sunny side yellow-green, its foot in the ground's own glow."""
    direct, around = strengths(sheet)
    ribs = np.abs(across * np.float32(2.6) - np.floor(across * np.float32(2.6)) - np.float32(0.5))
    lean = across * np.float32(np.sign(sunward(sheet)[0]))
    sun = smooth(-0.9, 1.1, lean) * np.float32(0.85) + ribs * np.float32(0.16)
    sun *= np.float32(0.8) + np.float32(0.2) * np.clip(up * 2, 0, 1)
    dark, light = rgb("3e5038"), rgb("8a9a5c")
    share = smooth(-0.4, 1.0, lean) * np.float32(0.7)
    return np.stack([(dark[c] + (light[c] - dark[c]) * share) * (direct[c] * sun + around[c] * np.float32(0.8)) for c in range(3)])


def limb(x: Field, y: Field, ends: tuple[tuple[float, float], tuple[float, float]], tall: float, thick: float) -> tuple[Field, Field]:
    """(cover, place across from -1 to 1) of a round-ended limb between `ends` (shares of the height)."""
    (ax, ay), (bx, by) = ((one * tall, other * tall) for one, other in ends)
    length = (bx - ax) * (bx - ax) + (by - ay) * (by - ay)
    t = np.clip(((x - np.float32(ax)) * np.float32(bx - ax) + (y - np.float32(ay)) * np.float32(by - ay)) * np.float32(1 / length), 0, 1)
    off_x, off_y = x - np.float32(ax) - t * np.float32(bx - ax), y - np.float32(ay) - t * np.float32(by - ay)
    far = np.sqrt(off_x * off_x + off_y * off_y)
    return np.clip(np.float32(thick) - far + np.float32(0.5), 0, 1), np.clip(off_x / np.float32(max(thick, 0.5)), -1, 1)
