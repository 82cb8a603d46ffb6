"""Discs, rings and arcs in a balance of sizes, painted with a dry brush."""

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.light import blend
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.abstract.palette import Palette, clouded, flat, palette, worked
from imagechat.providers.sketch.styles.strokes import bands

Window = tuple[slice, slice]
Rose = tuple[float, float, float]
"""A disc: its middle (x, y) in pixels and its radius."""


def paint_circles(sheet: Sheet) -> None:
    """A stained ground and one of three arrangements upon it."""
    chance = Chance(sheet.seed, "circles")
    tones = palette(sheet)
    ground = chance.choice((0, 4, 4, 3))
    flat(sheet, tones.tones[ground])
    stain = clouded(sheet, "stain", 3)
    sheet.mix(tones.tones[abs(ground - 1)], smooth(0.0, 0.9, stain) * np.float32(0.45))
    chance.choice((simultaneous, scattered, orbits))(sheet, chance, tones)
    worked(sheet, 0.06)


def simultaneous(sheet: Sheet, chance: Chance, tones: Palette) -> None:
    """Great discs whose rings change colour at each quarter, cut by the sheet's edge."""
    for i in range(chance.whole(4, 6)):
        radius = sheet.unit * chance.between(0.22, 0.48) * (1 - 0.09 * i)
        place = chance.between(0.05, 0.95) * sheet.width, chance.between(0.05, 0.95) * sheet.height, radius
        quartered(sheet, chance, tones, place, 602.0 + i * 8)
    for i in range(chance.whole(2, 4)):
        bar(sheet, chance, tones, 660.0 + i)


def scattered(sheet: Sheet, chance: Chance, tones: Palette) -> None:
    """One great disc with a glow, small ones about it, thin lines and arcs between them."""
    side = chance.sign()
    great = (0.5 + side * chance.between(0.10, 0.2)) * sheet.width, chance.between(0.30, 0.45) * sheet.height, sheet.unit * 0.22
    halo(sheet, great, tones.accent)
    quartered(sheet, chance, tones, great, 602.0)
    for i in range(chance.whole(4, 7)):
        bar(sheet, chance, tones, 620.0 + i)
    for i in range(chance.whole(9, 14)):
        radius = sheet.unit * (0.014 + 0.085 * chance.unit() * chance.unit())
        place = chance.between(0.06, 0.94) * sheet.width, chance.between(0.06, 0.94) * sheet.height, radius
        rings(sheet, chance, tones, place, 630.0 + i)
    for i in range(chance.whole(2, 4)):
        place = chance.between(0.2, 0.8) * sheet.width, chance.between(0.2, 0.8) * sheet.height, sheet.unit * chance.between(0.12, 0.34)
        arc(sheet, chance, tones, place, 650.0 + i)


def orbits(sheet: Sheet, chance: Chance, tones: Palette) -> None:
    """Rings around one heart that hold discs, like planets."""
    x, y = chance.between(0.30, 0.70) * sheet.width, chance.between(0.30, 0.70) * sheet.height
    heart = sheet.unit * chance.between(0.07, 0.12)
    halo(sheet, (x, y, heart * 2.2), tones.accent)
    for i in range(chance.whole(5, 8)):
        far = heart * (1.9 + i * chance.between(0.85, 1.1))
        arc(sheet, chance, tones, (x, y, far), 640.0 + i)
        right, down = chance.between(-1, 1), chance.between(-1, 1)
        length = max(0.1, (right * right + down * down) ** 0.5)
        place = x + right / length * far, y + down / length * far, heart * chance.between(0.16, 0.55)
        rings(sheet, chance, tones, place, 610.0 + i)
    quartered(sheet, chance, tones, (x, y, heart), 602.0)


def near(sheet: Sheet, place: Rose, reach: float) -> tuple[slice, slice, Field, Field] | None:
    """The window within `reach` radii of a disc, and how far right and down of its middle each point is, in radii."""
    x, y, radius = place
    top, bottom = max(0, int(y - radius * reach)), min(sheet.height, int(y + radius * reach) + 2)
    left, right = max(0, int(x - radius * reach)), min(sheet.width, int(x + radius * reach) + 2)
    if top >= bottom or left >= right:
        return None
    across = (np.arange(left, right, dtype=np.float32)[None, :] - np.float32(x)) / np.float32(radius)
    return slice(top, bottom), slice(left, right), across, (sheet.rows(top, bottom) - np.float32(y)) / np.float32(radius)


def quartered(sheet: Sheet, chance: Chance, tones: Palette, place: Rose, part: float) -> None:
    """A disc of rings; each ring has four colours, one to a quarter that is turned a little."""
    turn, count = chance.between(-0.6, 0.6), chance.whole(3, 6)
    widths = sorted(chance.between(0.15, 1.0) for _ in range(count - 1))
    inks = [[pick(chance, tones) for _ in range(4)] for _ in range(count)]
    found = near(sheet, place, 1.05)
    if found is None:
        return
    rows, columns, right, down = found
    edges = [1.0, *widths[::-1]]
    for band in bands(len(down)):
        window = slice(rows.start + band.start, rows.start + band.stop), columns
        pie(sheet, (right, down[band], turn), (edges, inks, 1.2 / place[2]), window, part)


def pie(
    sheet: Sheet, place: tuple[Field, Field, float], discs: tuple[list[float], list[list[Field]], float], window: Window, part: float
) -> None:
    """Some rows of a quartered disc, its rings from the outermost inward; `place`: (right, down) in radii and how far it is turned."""
    right, down, turn = place
    edges, inks, soft = discs
    far = np.sqrt(right * right + down * down)
    one, other = smooth(-soft, soft, right + down * np.float32(turn)), smooth(-soft, soft, down - right * np.float32(turn))
    corner = one * other
    parts = sheet.marks.part[window]
    for ring, (edge, (a, b, c, d)) in enumerate(zip(edges, inks, strict=True)):
        inside = smooth(edge + soft, edge - soft, far)
        parts[inside > 0.5] = part + ring
        inside *= np.float32(0.94)
        deep = np.float32(1) - smooth(edge * 0.80, edge, far) * np.float32(0.16)
        for k in range(3):
            plane = sheet.rgb[k, window[0], window[1]]
            tint = corner * (a[k] - b[k] - c[k] + d[k])
            tint += other * (b[k] - d[k])
            tint += one * (c[k] - d[k])
            tint += d[k]
            tint *= deep
            tint -= plane
            tint *= inside
            plane += tint


def rings(sheet: Sheet, chance: Chance, tones: Palette, place: Rose, part: float) -> None:
    """A small disc of two or three rings on a soft shadow."""
    inks, edges = [pick(chance, tones) for _ in range(3)], (1.0, chance.between(0.55, 0.8), chance.between(0.15, 0.4))
    found = near(sheet, place, 1.5)
    if found is None:
        return
    rows, columns, right, down = found
    far, soft = np.sqrt(right * right + down * down), 1.2 / place[2]
    sheet.mix(sheet.light.deep, smooth(1.4, 0.8, far) * np.float32(0.25), rows, columns)
    for ink, edge in zip(inks, edges, strict=True):
        sheet.mix(ink, smooth(edge + soft, edge - soft, far), rows, columns)
    sheet.hide(smooth(1 + soft, 1 - soft, far), part, rows, columns)


def arc(sheet: Sheet, chance: Chance, tones: Palette, place: Rose, part: float) -> None:
    """A thin open ring, thicker to one side."""
    ink, wide = pick(chance, tones), chance.between(0.0016, 0.0055) * sheet.unit / place[2]
    turn, open_ = (chance.between(-1, 1), chance.between(-1, 1)), chance.between(-0.9, 0.4)
    found = near(sheet, place, 1.1)
    if found is None:
        return
    rows, columns, right, down = found
    toward = right * np.float32(turn[0]) + down * np.float32(turn[1])
    away = np.abs(np.sqrt(right * right + down * down) - 1)
    share = smooth(1.5, 0.6, away / (np.float32(wide) * np.clip(np.float32(1) + toward, 0.4, 2))) * smooth(open_, open_ + 0.1, toward)
    sheet.mix(ink, share, rows, columns)
    sheet.hide(share, part, rows, columns)


def bar(sheet: Sheet, chance: Chance, tones: Palette, part: float) -> None:
    """A straight stroke across the sheet, thinner to one end."""
    x, y, length = chance.between(0.1, 0.9) * sheet.width, chance.between(0.1, 0.9) * sheet.height, sheet.unit * chance.between(0.15, 0.55)
    lean, wide = chance.between(-1.4, 1.4), chance.between(0.0015, 0.005) * sheet.unit
    ink, flip = (tones.tones[0] if chance.happens(0.6) else tones.accent), chance.happens(0.5)
    found = near(sheet, (x, y, length), 1.0)
    if found is None:
        return
    rows, columns, right, down = found
    along, off = (down, right) if flip else (right, down)
    away = np.abs(off - along * np.float32(lean * 0.7)) * np.float32(length)
    share = smooth(1.2, 0.6, away / (np.float32(wide) * (np.float32(1.1) + along))) * smooth(0.8, 0.78, np.abs(along))
    sheet.mix(ink, share, rows, columns)
    sheet.hide(share, part, rows, columns)


def halo(sheet: Sheet, place: Rose, tint: Field) -> None:
    """A soft glow behind a disc."""
    found = near(sheet, place, 2.0)
    if found is not None:
        rows, columns, right, down = found
        square = right * right + down * down
        sheet.mix(tint, smooth(4.0, 0.6, square) * np.float32(0.45), rows, columns)


def pick(chance: Chance, tones: Palette) -> Field:
    """One of the palette's colours, now and then the accent."""
    if chance.happens(0.22):
        return tones.accent
    return blend(chance.choice(tones.tones), tones.accent, chance.between(0.0, 0.15))
