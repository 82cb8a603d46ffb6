"""Conifers: drawn branch by branch as silhouettes with a little light on one side."""

import numpy as np

from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice
from imagechat.providers.sketch.canvas.sheet import Sheet

PART = 40.0
NEEDLES = rgb("1c3326")


def frame_with_trees(sheet: Sheet) -> None:
    """Conifers at one side of the picture, or at both, tall at the edge and small toward the middle."""
    chance = Chance(sheet.seed, "framing")
    sides = [-sheet.composition.side]
    if chance.happens(0.4) or sheet.spec.subject("trees"):
        sides.append(sheet.composition.side)
    for number, side in enumerate(sides):
        size = 1.0 if number == 0 else 0.66
        bank(sheet, chance, side, size)
        for i in range(chance.whole(7, 11)):
            inward = (i / 10) ** 1.4 * 0.34 * size + chance.between(-0.03, 0.03)
            x = inward * sheet.unit if side < 0 else sheet.width - inward * sheet.unit
            tall = sheet.unit * (0.44 - 0.95 * max(0.0, inward)) * size * chance.between(0.7, 1.1)
            foot = sheet.height * (1.0 + 0.02) - sheet.unit * 0.10 * size * max(0.0, 1 - inward / 0.36) * chance.between(0.2, 1)
            if tall > 4:
                conifer(sheet, f"tree {number} {i}", x, foot, tall)


def bank(sheet: Sheet, chance: Chance, side: int, size: float) -> None:
    """The dark ground that the trees stand on, falling toward the middle."""
    from imagechat.providers.sketch.land.ridges import line

    rough = line(sheet.seed, f"bank {side}", sheet.width, 5 * sheet.width / sheet.unit, gain=0.5, ridged=False)
    x = np.arange(sheet.width, dtype=np.float32) / np.float32(sheet.unit)
    inward = x if side < 0 else np.float32(sheet.width / sheet.unit) - x
    rise = np.clip(np.float32(1) - inward / np.float32(0.5 * size), 0, 1)
    top = np.float32(sheet.height) - (rise * np.float32(0.13 * size) + rough * rise * np.float32(0.012)) * np.float32(sheet.unit)
    first = max(0, int(top.min()))
    cover = np.clip(sheet.rows(first) - top[None, :], 0, 1)
    dark, _ = needles(sheet)
    sheet.mix(dark * np.float32(0.9), cover, slice(first, None))
    sheet.hide(cover, PART + side, slice(first, None))


def needles(sheet: Sheet) -> tuple[Field, Field]:
    """(dark, lit) colours of a tree that stands before the light."""
    fill, key_light = sheet.light.fill, sheet.light.key
    if sheet.bright:
        return NEEDLES * fill * np.float32(0.8), blend(NEEDLES, rgb("3c4a2a"), 0.5) * key_light * np.float32(1.35)
    dark = blend(NEEDLES, fill, 0.3) * fill * np.float32(0.42 if sheet.night else 0.55)
    return dark, blend(dark, key_light, 0.10)


def conifer(sheet: Sheet, name: str, x: float, foot: float, tall: float) -> None:
    """One tree: `x` and `foot` where its stem meets the ground, `tall` in pixels."""
    chance = Chance(sheet.seed, name)
    wide = tall * chance.between(0.16, 0.23)
    first, last = max(0, int(foot - tall)), min(sheet.height, int(foot) + 1)
    left, right = max(0, int(x - wide) - 2), min(sheet.width, int(x + wide) + 3)
    if first >= last or left >= right:
        return
    down = (np.arange(first, last, dtype=np.float32) - np.float32(foot - tall)) / np.float32(tall)
    columns = np.arange(left, right, dtype=np.float32)[None, :] - np.float32(x)
    sides = [branches(sheet.seed, f"{name} {i}", down, chance.between(15, 23)) * np.float32(wide) for i in (0, 1)]
    edge = np.where(columns < 0, sides[0][:, None], sides[1][:, None])
    stem = np.float32(max(0.4, tall * 0.008))
    # Branches droop: their tips hang lower than where they leave the stem.
    cover = np.clip(np.maximum(edge, stem) - np.abs(columns) + np.float32(0.5), 0, 1)
    cover *= np.where((down > 0.97)[:, None], np.abs(columns) < stem + 1, True)
    dark, lit = needles(sheet)
    toward = np.float32(1 if sheet.sun[0] > x else -1)
    tuft = lattice(key(sheet.seed, name, "tufts"), cover.shape) * np.float32(0.16)
    shade = np.clip(columns * toward / np.maximum(edge, np.float32(1)) * np.float32(0.42) + np.float32(0.34) + tuft, 0, 1)
    tone = np.stack([dark[c] + (lit[c] - dark[c]) * shade for c in range(3)])
    window = slice(first, last), slice(left, right)
    sheet.mix(tone, cover, *window)
    sheet.hide(cover, PART, *window)


def branches(seed: int, name: str, down: Field, tiers: float) -> Field:
    """How far the branches of one side reach at each share of the way down, 0 to 1: tiers of their own lengths, ragged at the rim."""
    phase = down * np.float32(tiers) + down * down * np.float32(3)
    number = np.clip(phase.astype(np.int32), 0, 63)
    draws = lattice(key(seed, name), (2, 64)) * np.float32(0.5) + np.float32(0.5)
    within = phase - np.floor(phase)
    within = within * within * (np.float32(0.65) + np.float32(0.35) * draws[1][number])
    ragged = lattice(key(seed, name, "needles"), (len(down),)) * np.float32(0.07)
    reach = np.float32(0.34) + within * np.float32(0.42) + draws[0][number] * np.float32(0.24) + ragged
    return np.asarray(np.clip(down * np.float32(1.04), 0, 1) * np.clip(reach, 0.05, 1), np.float32)
