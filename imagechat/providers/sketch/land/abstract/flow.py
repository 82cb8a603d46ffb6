"""Marbled ink: bands folded by noise that is itself folded, with veins of gold."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.noise import Field, enlarged, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.abstract.palette import GOLD, PALE_GOLD, Palette, clouded, palette, plane, worked

BANDS = 1024
"""Entries of the table of colours across all bands."""
FORMS = {"pour": (0.25, 1.0, 0.0), "agate": (0.0, 0.35, 1.6), "silk": (0.9, 0.55, 0.0), "storm": (0.15, 0.3, 0.3)}
"""How each form runs: across, down and outward from a heart."""


def paint_flow(sheet: Sheet) -> None:
    """A folded field, coloured by a table of bands; gold runs where two inks meet."""
    chance = Chance(sheet.seed, "flow")
    field = folded(sheet, chance)
    tones = palette(sheet)
    colours, edges = inks(chance, tones)
    down, right = np.gradient(field)
    slope = np.sqrt(down * down + right * right)
    for off in (-0.36, 0.36):
        at = np.clip((field + slope * np.float32(off)) * np.float32(BANDS), 0, BANDS - 1).astype(np.int32)
        for channel in range(3):
            sheet.rgb[channel] += colours[channel].take(at) * np.float32(0.5)
    relief(sheet, field)
    veins(sheet, field, (slope, right), edges)
    worked(sheet, 0.03)
    sheet.marks.cover[:] = 1
    sheet.marks.part[:] = np.searchsorted(np.array(edges, np.float32), field).astype(np.float32) + np.float32(601)


def folded(sheet: Sheet, chance: Chance) -> Field:
    """The field of 0 to 1 whose levels are the bands."""
    across, down, out = FORMS[chance.choice(tuple(FORMS))]
    rows, columns = max(4, sheet.height // 2), max(4, sheet.width // 2)
    x, y = (enlarged_line(axis) for axis in plane(sheet))
    x, y = x[:, :columns], y[:rows]
    noise = tile(sheet.seed, "ink", (8, 8), 256, octaves=5, gain=0.42)
    zoom = np.float32(chance.between(34, 62))
    u, v = x * zoom + np.float32(chance.between(0, 256)) + 0 * y, y * zoom + np.float32(chance.between(0, 256)) + 0 * x
    fold = np.float32(chance.between(20, 46))
    one, other = sampled(noise, v, u), sampled(noise, v + 101, u + 47)
    u, v = u + one * fold, v + other * fold
    heart = chance.between(-0.4, 0.4), chance.between(-0.4, 0.4)
    far = np.sqrt((x - np.float32(heart[0])) * (x - np.float32(heart[0])) + (y - np.float32(heart[1])) * (y - np.float32(heart[1])))
    run = x * np.float32(across * chance.sign()) + y * np.float32(down) + far * np.float32(out)
    body = sampled(noise, v * np.float32(0.7), u * np.float32(0.7)) * np.float32(0.36 if out > 1 else 0.5) + one * np.float32(0.12) + run
    small = body - body.min()
    return np.clip(enlarged(np.asarray(small / max(float(small.max()), 0.01), np.float32), sheet.shape), 0, 0.9999)


def enlarged_line(axis: Field) -> Field:
    """Every second entry of a row or column."""
    return axis[::2] if axis.shape[0] > 1 else axis[:, ::2]


def inks(chance: Chance, tones: Palette) -> tuple[Field, list[float]]:
    """The table of colours (3, BANDS) and where its hard edges lie, from 0 to 1."""
    table, edges = np.zeros((3, BANDS), np.float32), []
    at, before = 0, chance.whole(0, 4)
    while at < BANDS:
        length = min(BANDS - at, round(BANDS * chance.between(0.02, 0.13)))
        next_ = (before + chance.whole(1, 4)) % 5
        start = tones.accent if chance.happens(0.16) else tones.tones[before]
        share = np.arange(length, dtype=np.float32) / np.float32(max(1, length))
        for channel in range(3):
            low, high = start[channel], tones.tones[next_][channel]
            table[channel, at : at + length] = low + (high - low) * share * share
        at, before = at + length, chance.whole(0, 4)
        edges.append(at / BANDS)
    return table, edges[:-1]


def relief(sheet: Sheet, field: Field) -> None:
    """Light from above left over the folds, as if the ink lay thick."""
    reach = max(1, sheet.unit // 256)
    rise = field - np.roll(np.roll(field, reach, 0), reach, 1)
    sheet.rgb *= np.float32(1) + np.clip(rise * np.float32(7.0), -0.16, 0.16)


def veins(sheet: Sheet, field: Field, slopes: tuple[Field, Field], edges: list[float]) -> None:
    """Gold along some of the edges, as thick as the noise lets it be. `slopes`: the field's steepness, and its rise to the right."""
    chance = Chance(sheet.seed, "veins")
    slope, right = slopes[0] + np.float32(0.05 / sheet.unit), slopes[1]
    thick = clouded(sheet, "vein", 7, 4) * np.float32(0.004) + np.float32(0.0032)
    golden = [edge for edge in edges if chance.happens(0.45)] or edges[:1] or [0.5]
    closest = np.array([min(golden, key=lambda edge: abs(edge - (i + 0.5) / BANDS)) for i in range(BANDS)], np.float32)
    nearest = closest.take(np.clip(field * np.float32(BANDS), 0, BANDS - 1).astype(np.int32))
    away = np.abs(field - nearest) / slope / np.float32(sheet.unit)
    share = smooth(1.0, 0.5, away / np.clip(thick, 0.0009, 1))
    gleam = np.clip(np.float32(0.5) + right / slope * np.float32(0.5) + thick * np.float32(30), 0, 1)
    sheet.mix(np.stack([GOLD[c] + (PALE_GOLD[c] - GOLD[c]) * gleam for c in range(3)]), share * np.float32(0.95))
