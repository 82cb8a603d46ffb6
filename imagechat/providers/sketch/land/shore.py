"""The far shore of a lake: a narrow beach and a wood whose trees are larger than those on the slopes behind it."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.land.ridges import conifer_tops, line
from imagechat.providers.sketch.land.treetops import SIDE, canopy, leaves

PART = 30.0
HUT = 0.0026
"""Pixels for a metre at the far shore, as a share of the short side: a hut of seven metres is a fiftieth of it tall."""
STONES = rgb("a89f90")


def paint_shore(sheet: Sheet) -> None:
    """Trees along the water's edge, dense and sparse by turns, and places for huts in the gaps."""
    if sheet.spec.scene != "mountains" or sheet.spec.layout != "lake":
        return
    swing = line(sheet.seed, "shore", sheet.width, 2.2 * sheet.width / sheet.unit, gain=0.5, ridged=False)
    land = np.float32(sheet.unit * 0.0045) * (np.float32(1.3) + swing)
    for row in range(2):
        wooded(sheet, row, land, swing)
    beach(sheet, land, swing)
    chance = Chance(sheet.seed, "shore spots")
    for i in range(7):
        x = (0.08 + 0.14 * i + chance.between(-0.05, 0.05)) * sheet.width
        sheet.offer("far", x, sheet.horizon - float(land[min(sheet.width - 1, int(x))]) * 0.5, sheet.unit * HUT, 0.2)


def wooded(sheet: Sheet, row: int, land: Field, swing: Field) -> None:
    """One row of trees: the nearer is larger and stands apart."""
    if "tree" in sheet.spec.without:
        return
    tall = sheet.unit * (0.017 + 0.008 * row)
    spacing = max(1.0, sheet.unit * (0.0055 + 0.0020 * row))
    tops = conifer_tops(sheet.seed, f"shore wood {row}", sheet.width, spacing, tall)
    other = line(sheet.seed, f"groves {row}", sheet.width, 3.1 * sheet.width / sheet.unit, gain=0.6, ridged=False)
    grove = smooth(0.02, 0.32, (swing if row == 0 else other) + np.float32(0.22 - 0.3 * row))
    height = np.where(tops * grove > 1, tops * (np.float32(0.4) + grove * np.float32(0.6)), 0) + land
    first = max(0, sheet.horizon - int(height.max()) - 1)
    window = slice(first, sheet.horizon)
    if first >= sheet.horizon:
        return
    above = np.float32(sheet.horizon) - sheet.rows(first, sheet.horizon)
    cover = np.clip(height[None, :] - above + np.float32(1), 0, 1) * (height > land + np.float32(0.5))[None, :]
    sheet.mix(shaded(sheet, above, row), cover, window)
    sheet.hide(cover, PART + row, window)


def shaded(sheet: Sheet, above: Field, row: int) -> Field:
    """(3, rows, width): treetops in the light of the hour."""
    bright, kind = canopy(sheet.spec.wood or "conifer")
    zoom = 520 / sheet.unit
    down = (above[:, 0] * -zoom).astype(np.int64) % SIDE
    along = ((np.arange(sheet.width) * zoom).astype(np.int64) + row * 90) % SIDE
    tone, which = bright[np.ix_(down, along)], smooth(-0.1, 0.9, kind[np.ix_(down, along)])
    most, other = leaves(sheet)
    glow = sheet.light.key * np.float32(0.62 if sheet.bright else 0.22) + sheet.light.fill * np.float32(0.42)
    air = blend(sheet.light.haze, sheet.light.lower, 0.3) * np.float32(0.8 if sheet.night else 1.0)
    share = {"fog": 0.74, "rain": 0.34, "storm": 0.2, "snow": 0.4}.get(sheet.spec.weather, 0.14) - 0.05 * row
    out = np.empty((3, *tone.shape), np.float32)
    for channel in range(3):
        leaf = (most[channel] + (other[channel] - most[channel]) * which) * tone * glow[channel]
        out[channel] = leaf + (air[channel] - leaf) * np.float32(share)
    return out


def beach(sheet: Sheet, land: Field, swing: Field) -> None:
    """Stones between the wood and the water, where the wood stands back."""
    rows = max(2, sheet.unit // 140)
    first = max(0, sheet.horizon - rows)
    window = slice(first, sheet.horizon)
    above = np.float32(sheet.horizon) - sheet.rows(first, sheet.horizon)
    speck = lattice(key(sheet.seed, "stones"), (*above.shape[:1], sheet.width)) * np.float32(0.14)
    cover = np.clip((land * np.float32(0.45) * smooth(-0.45, 0.3, -swing))[None, :] - above + np.float32(1), 0, 1) * np.float32(0.5)
    tone = STONES * (sheet.light.key * np.float32(0.45 if sheet.bright else 0.16) + sheet.light.fill * np.float32(0.5))
    sheet.mix(np.stack([tone[c] * (np.float32(1) + speck) for c in range(3)]), cover, window)
    sheet.hide(cover, PART + 2, window)


def run_out(sheet: Sheet) -> None:
    """Points of land, stones and little bays along the far waterline, which is nowhere a ruled line."""
    points = line(sheet.seed, "shore points", sheet.width, 5.5 * sheet.width / sheet.unit, gain=0.62, ridged=False)
    ragged = line(sheet.seed, "shore stones", sheet.width, 70 * sheet.width / sheet.unit, gain=0.7, ridged=False)
    rise = np.clip(points * np.float32(1.3) + np.float32(0.12), 0, 1)
    drop = np.float32(sheet.unit) * (rise * rise * np.float32(0.026) + np.maximum(ragged + rise, 0) * np.float32(0.0034))
    rows = slice(max(0, sheet.horizon - 1), min(sheet.height, sheet.horizon + int(drop.max()) + 2))
    if rows.start >= rows.stop:
        return
    down = sheet.rows(rows.start, rows.stop) - np.float32(sheet.horizon)
    cover = np.clip(drop[None, :] - down, 0, 1) * np.clip(drop[None, :] - np.float32(0.3), 0, 1)
    edge = np.clip(np.float32(1) - (drop[None, :] - down) * np.float32(170 / sheet.unit), 0, 1)
    speck = lattice(key(sheet.seed, "point stones"), (rows.stop - rows.start, sheet.width))
    most, _ = leaves(sheet)
    light = sheet.light.key * np.float32(0.30 if sheet.bright else 0.08) + sheet.light.fill * np.float32(0.45)
    share = np.clip(edge * np.float32(0.75) + speck * np.float32(0.30), 0, 1)
    tone = np.stack([(most[c] + (STONES[c] - most[c]) * share) * light[c] * (np.float32(0.8) + speck * np.float32(0.25)) for c in range(3)])
    air = blend(sheet.light.haze, sheet.light.lower, 0.3)[:, None, None] * np.float32(0.7 if sheet.night else 1.0)
    sheet.mix(tone + (air - tone) * np.float32(0.12), cover, rows)
    sheet.hide(cover, PART + 2, rows)
