"""The lowest floor of a street: shop windows, boards and awnings; and what its wet ground mirrors."""

import numpy as np

from imagechat.providers.sketch.built.avenue import EYE, WALL, focal, vanishing
from imagechat.providers.sketch.built.facades import LIT, Look
from imagechat.providers.sketch.built.prism import KEY
from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, enlarged, nearest, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance

GROUND = 535.0
"""The number that the street's ground has among the parts."""
BOARDS = ("2f5a4c", "7a2f33", "2c3f66", "8a6a2f", "3a3a40", "5a2f4c")
CLOTHS = ("c23b34", "2f6f5a", "d98a2e", "2f5a94", "8a3a5a", "c9a13a")
SHOPS = ("ffcf8a", "ffe0b4", "ffb46a", "cfe4ff")


def shops(sheet: Sheet, look: Look, tone: Field, glow: Field, place: tuple[Field, Field, Field]) -> tuple[Field, Field]:
    """The shop windows of the lowest floor, lit when the day ends."""
    below = (place[0] < 4.0).any(axis=1)
    if not below.any():
        return tone, glow
    low = int(np.argmax(below))
    up, along, air = place[0][low:], place[1], place[2]
    at = along * np.float32(1 / 4.6)
    within = at - np.floor(at)
    pane = ((up > 0.6) & (up < 3.2) & (within > 0.08) & (within < 0.90)).astype(np.float32)
    slim = along * np.float32(1 / 1.28)
    pane *= (slim - np.floor(slim) > 0.07) & (np.abs(up - np.float32(2.5)) > 0.05)
    chance = Chance(sheet.seed, "shop", look.name)
    fascia = ((up > 3.35) & (up < 3.95) & (within > 0.05) & (within < 0.93)) * (1 - air) * np.float32(0.75 if chance.happens(0.7) else 0)
    board = rgb(chance.choice(BOARDS)) * (sheet.light.fill * np.float32(0.5) + sheet.light.key * np.float32(KEY[sheet.spec.time] * 0.3))
    lamp = rgb(chance.choice(SHOPS))
    share = LIT[sheet.spec.time] * 1.9 * chance.between(0.5, 1.1)
    lit = pane * (1 - air * np.float32(0.7)) * np.float32(min(1.0, share)) * (np.float32(0.55) + smooth(0.6, 2.6, up) * np.float32(0.4))
    dark = pane * np.float32(0.7) * (1 - air)
    cold = blend(rgb("20262c"), sheet.light.horizon, 0.22)
    for c in range(3):
        tone[c, low:] += (board[c] - tone[c, low:]) * fascia
        tone[c, low:] += (cold[c] * (np.float32(0.7) + smooth(0.6, 3.2, up) * np.float32(0.5)) - tone[c, low:]) * dark
        tone[c, low:] += (lamp[c] - tone[c, low:]) * lit
    glow = glow.copy()
    glow[low:] = np.maximum(glow[low:], lit)
    if at.size > 12:
        awnings(sheet, look, tone[:, low:], (up, at, slim), air)
    return tone, glow


def awnings(sheet: Sheet, look: Look, tone: Field, place: tuple[Field, Field, Field], air: Field) -> None:
    """Striped cloth over some of the shop windows, and its shadow; `place`: metres up, shops and panes along."""
    chance = Chance(sheet.seed, "awning", look.name)
    cloth, pale = rgb(chance.choice(CLOTHS)), rgb("efe6d2")
    up, shop, pane = place
    number, within = np.floor(shop), shop - np.floor(shop)
    there = (number * 5 % 7 < chance.whole(1, 4)) & (within > 0.04) & (within < 0.94)
    clear = there * (1 - air)
    hung = (up > 2.55) & (up < 3.5)
    stripe = (pane * 2 - np.floor(pane * 2) < 0.5) & hung
    shade = clear * ((up > 1.9) & (up <= 2.55)) * np.float32(0.42 if sheet.bright else 0.2)
    light = sheet.light.fill * np.float32(0.62) + sheet.light.key * np.float32(KEY[sheet.spec.time] * 0.55)
    if LIT[sheet.spec.time] > 0.3:
        light = light + rgb("ffb868") * np.float32(0.22)
    bright = np.float32(1.08) - (np.float32(3.5) - up) * np.float32(0.22)
    for c in range(3):
        tone[c] *= np.float32(1) - shade
        tone[c] += (np.where(stripe, cloth[c], pale[c]) * (light[c] * bright) - tone[c]) * (clear * hung)


def wet(sheet: Sheet) -> None:
    """The reflection of the street in its ground: strong in rain, a little by night, torn by what is rough."""
    rain, top = sheet.spec.weather in ("rain", "storm"), sheet.horizon + 1
    strength = 0.60 if rain else 0.18 if LIT[sheet.spec.time] > 0.3 else 0.0
    if top >= sheet.height - 3 or strength == 0:
        return
    rows, columns = sheet.rows(top)[::2], sheet.columns()[:, ::2]
    field = tile(sheet.seed, "puddles", (16, 16), 128, octaves=4, gain=0.6)
    depth = np.minimum(np.float32(EYE * focal(sheet)) / (rows - np.float32(sheet.horizon) + np.float32(0.5)), 200)
    x = (columns - np.float32(vanishing(sheet))) * depth * np.float32(1 / focal(sheet))
    rough = nearest(field, depth * np.float32(1.1) + 0 * x + 4096, x * np.float32(2.6) + 4096)
    share = np.clip(np.float32(strength) + rough * np.float32(0.5 * strength), 0, 0.8)
    share *= (np.abs(sheet.marks.part[top::2, ::2] - np.float32(GROUND)) < 0.2).astype(np.float32)
    large = sheet.height - top, sheet.width
    if rain:
        sheet.rgb[:, top:] *= np.float32(1) - enlarged(share, large) * np.float32(0.45)
    mirrored = reflected(sheet, (rows, columns, rough))
    for c in range(3):
        sheet.rgb[c, top:] += enlarged(mirrored[c] * share, large)
    sheet.marks.shine[top:] += enlarged(mirrored[3] * share, large) * np.float32(0.75)


def reflected(sheet: Sheet, place: tuple[Field, Field, Field]) -> Field:
    """(red, green, blue, shine) of what the ground mirrors at (rows, columns, roughness)."""
    rows, columns, rough = place
    foot = np.float32(sheet.horizon) + np.abs(columns - np.float32(vanishing(sheet))) * np.float32(EYE / WALL)
    down = np.maximum(rows - foot, 0)
    found = np.zeros((4, *rough.shape), np.float32)
    for stretch in (0.94, 1.0, 1.06):
        source = np.clip(foot - down * np.float32(stretch) + rough * down * np.float32(0.05), 0, sheet.height - 1).astype(np.int32)
        places = source * np.int32(sheet.width) + columns.astype(np.int32)
        for number, plane in enumerate((*sheet.rgb, sheet.marks.shine)):
            found[number] += plane.ravel().take(places) * np.float32(0.30)
    return found
