"""The styles that remake the whole picture. Each takes the graded colours, (3, height, width) from 0 to 1, and gives others."""

from collections.abc import Callable

import numpy as np

from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.canvas.curves import blurred, box, smooth
from imagechat.providers.sketch.canvas.light import rgb
from imagechat.providers.sketch.canvas.noise import Field, across, nearest, tile
from imagechat.providers.sketch.canvas.sheet import Sheet


def grey(colours: Field) -> Field:
    """Brightness. Source: ITU-R BT.709 weights."""
    return np.asarray(colours[0] * np.float32(0.2126) + colours[1] * np.float32(0.7152) + colours[2] * np.float32(0.0722), np.float32)


def outlines(sheet: Sheet, thick: float) -> Field:
    """Lines, 0 to 1, where one thing ends and another begins; `thick` in thousandths of the short side."""
    part = sheet.marks.part
    edge = np.zeros(sheet.shape, np.float32)
    edge[:, 1:] = np.abs(part[:, 1:] - part[:, :-1]) > 0.45
    edge[1:] = np.maximum(edge[1:], np.abs(part[1:] - part[:-1]) > 0.45)
    radius = thick * sheet.unit / 2000
    if radius < 0.75:
        return edge * np.float32(min(1.0, 0.35 + radius))
    whole = max(1, round(radius))
    return np.clip(blurred(edge, whole, 1) * np.float32(whole * 2.2), 0, 1)


def contours(tone: Field, levels: int) -> Field:
    """Thin lines between `levels` steps of a smooth tone."""
    steps = np.floor(tone * np.float32(levels))
    edge = np.zeros(tone.shape, np.float32)
    edge[:, 1:] = steps[:, 1:] != steps[:, :-1]
    edge[1:] = np.maximum(edge[1:], steps[1:] != steps[:-1])
    return edge


def watercolor(sheet: Sheet, colours: Field) -> Field:
    """Washes with wet, dark edges on rough paper whose margin stays white."""
    unit = sheet.unit
    bleed = across(sheet.seed, "bleed", sheet.shape, 12, octaves=5)
    other = across(sheet.seed, "bleed too", sheet.shape, 12, octaves=5)
    moved = shifted(colours, bleed * np.float32(unit * 0.008), other * np.float32(unit * 0.008))
    soft = np.stack([blurred(plane, max(1, unit // 300)) for plane in moved])
    tone = grey(soft)
    steps = np.float32(6)
    wet = tone * steps + bleed * np.float32(0.35)
    floor = np.floor(wet)
    share = smooth(0.30, 0.70, wet - floor)
    level = (floor + share - bleed * np.float32(0.35)) / steps
    wash = soft * (np.clip(level, 0.02, 1.2) / np.maximum(tone, np.float32(0.02)))
    rim = np.clip(np.abs(level - blurred(level, max(1, unit // 160))) * np.float32(1.7), 0, 0.22)
    paper = across(sheet.seed, "paper", sheet.shape, 128, octaves=4, gain=0.7)
    thin = np.float32(0.86) + other * np.float32(0.10)
    deep = grey(wash)
    wash = deep + (wash - deep) * np.float32(1.22)
    out = np.float32(1) - (np.float32(1) - np.clip(wash, 0, 1)) * thin * np.float32(0.92)
    out = out * (np.float32(1) - rim) * (np.float32(1) + paper * np.float32(0.055))
    return margin(sheet, out, bleed, rgb("fbf7ee"))


def shifted(colours: Field, down: Field, right: Field) -> Field:
    """Each point taken from a little way off."""
    height, width = colours.shape[1:]
    rows = np.clip(np.arange(height, dtype=np.float32)[:, None] + down, 0, height - 1).astype(np.int32)
    columns = np.clip(np.arange(width, dtype=np.float32)[None, :] + right, 0, width - 1).astype(np.int32)
    places = rows * np.int32(width) + columns
    return np.stack([plane.ravel().take(places) for plane in colours])


def margin(sheet: Sheet, colours: Field, rough: Field, paper: Field) -> Field:
    """A ragged margin of bare paper."""
    rows, columns = sheet.rows(), sheet.columns()
    off = np.minimum(np.minimum(rows, sheet.height - 1 - rows), np.minimum(columns, sheet.width - 1 - columns))
    share = smooth(0.022, 0.034, off / np.float32(sheet.unit) + rough * np.float32(0.016))
    return np.stack([paper[c] + (colours[c] - paper[c]) * share for c in range(3)])


def oil_painting(sheet: Sheet, colours: Field) -> Field:
    """Flat dabs between sharp edges, and bristles whose relief catches the light."""
    radius = max(2, round(sheet.unit / 190))
    dabs = kuwahara(colours, radius)
    height, width = sheet.shape
    tone = blurred(grey(dabs), radius)
    field = tile(sheet.seed, "bristles", (32, 32), 512, octaves=5, gain=0.7)
    turn = across(sheet.seed, "brush turn", sheet.shape, 5, octaves=3)
    slope_x, slope_y = np.gradient(tone, axis=1) * np.float32(sheet.unit), np.gradient(tone, axis=0) * np.float32(sheet.unit)
    along_x, along_y = -slope_y + np.float32(1.2), slope_x + turn * np.float32(1.6)
    length = np.sqrt(along_x * along_x + along_y * along_y) + np.float32(1e-3)
    along_x, along_y = along_x / length, along_y / length
    relief = np.zeros(sheet.shape, np.float32)
    reach = np.float32(sheet.unit / 420)
    zoom = np.float32(900 / sheet.unit)
    for step in range(-4, 5):
        rows = np.arange(height, dtype=np.float32)[:, None] + along_y * reach * np.float32(step) + 4096
        columns = np.arange(width, dtype=np.float32)[None, :] + along_x * reach * np.float32(step) + 4096
        relief += nearest(field, rows * zoom, columns * zoom)
    relief *= np.float32(0.30)
    lift = relief - np.roll(relief, (1, 1), (0, 1))
    return np.asarray(
        np.clip(dabs * (np.float32(1.02) + relief * np.float32(0.085) + np.clip(lift, -0.6, 0.6) * np.float32(0.30)), 0, 1.05), np.float32
    )


def kuwahara(colours: Field, radius: int) -> Field:
    """Each point gets the mean of the calmest of four corners around it. Source: Kuwahara and others, 1976."""
    tone = grey(colours)
    mean, square = (box(box(plane, radius // 2 + 1, 0), radius // 2 + 1, 1) for plane in (tone, tone * tone))
    spread = square - mean * mean
    means = [box(box(plane, radius // 2 + 1, 0), radius // 2 + 1, 1) for plane in colours]
    best, out = None, None
    for down in (-radius, radius):
        for right in (-radius, radius):
            here = rolled(spread, down, right)
            corner = np.stack([rolled(plane, down, right) for plane in means])
            if best is None or out is None:
                best, out = here, corner
                continue
            calmer = here < best
            best = np.where(calmer, here, best)
            out = np.where(calmer[None], corner, out)
    assert out is not None
    return np.asarray(out, np.float32)


def rolled(field: Field, down: int, right: int) -> Field:
    """`field` moved, its edges repeated."""
    rows = np.clip(np.arange(field.shape[0]) + down, 0, field.shape[0] - 1)
    columns = np.clip(np.arange(field.shape[1]) + right, 0, field.shape[1] - 1)
    return field.take(rows, 0).take(columns, 1)


def anime(sheet: Sheet, colours: Field) -> Field:
    """Clear colours, few steps in each plane, thin lines in the colour's own dark."""
    tone = grey(colours)
    steps = np.float32(11)
    wet = tone * steps
    level = (np.floor(wet) + smooth(0.35, 0.65, wet - np.floor(wet))) / steps
    flat = colours * (level / np.maximum(tone, np.float32(0.02)))
    line = outlines(sheet, 2.0) * np.float32(0.42)
    return flat * (np.float32(1) - line)


def sketch(sheet: Sheet, colours: Field) -> Field:
    """Pencil: hatching that grows denser with the dark, lines around things, warm paper."""
    tone = blurred(np.clip(grey(colours), 0, 1), max(1, sheet.unit // 400), 1)
    low, high = float(tone.min()), float(tone.max())
    tone = (tone - np.float32(low)) / np.float32(max(0.15, high - low))
    rough = across(sheet.seed, "paper", sheet.shape, 128, octaves=4, gain=0.75)
    dark = np.zeros(sheet.shape, np.float32)
    for number, (lean, below) in enumerate(((0.8, 0.74), (-0.6, 0.50), (2.2, 0.32), (0.1, 0.16))):
        dark += hatch(sheet, number, lean) * smooth(below + 0.10, below - 0.30, tone) * np.float32(0.36)
    dark = dark * (np.float32(0.86) + rough * np.float32(0.8)) + np.clip(np.float32(0.85) - tone, 0, 1) * np.float32(0.26)
    dark = np.maximum(dark, outlines(sheet, 2.6) * np.clip(np.float32(0.78) + rough * np.float32(0.6), 0, 1))
    edge = np.abs(tone - blurred(tone, max(1, sheet.unit // 170))) * np.float32(2.6)
    dark = np.clip(dark + np.clip(edge, 0, 0.5), 0, 0.92)
    paper, lead = rgb("f6f1e6"), rgb("2b2a2e")
    return np.stack([(paper[c] + (lead[c] - paper[c]) * dark) * (np.float32(1) + rough * np.float32(0.03)) for c in range(3)])


def hatch(sheet: Sheet, number: int, lean: float) -> Field:
    """Slanting strokes, none quite like the next, 0 to 1."""
    field = tile(sheet.seed, f"strokes {number}", (64, 64), 512, octaves=3, gain=0.6)
    x, y = sheet.columns() * np.float32(1000 / sheet.unit), sheet.rows() * np.float32(1000 / sheet.unit)
    size = (1 + lean * lean) ** 0.5
    along = (x + y * np.float32(lean)) / np.float32(size)
    over = (y - x * np.float32(lean)) / np.float32(size)
    return smooth(-0.25, 0.45, nearest(field, over * np.float32(2.6) + 16384, along * np.float32(0.11) + 16384))


def line_art(sheet: Sheet, colours: Field) -> Field:
    """Ink on white: the outlines of things, and a few contours where the light turns."""
    tone = blurred(np.clip(grey(colours), 0, 1), max(2, sheet.unit // 110), 2)
    fine = blurred(contours(tone, 9), max(1, sheet.unit // 1100), 1)
    rough = across(sheet.seed, "pressure", sheet.shape, 24, octaves=4)
    ink = np.clip(fine * np.float32(1.3) * np.clip(np.float32(0.55) + rough, 0, 1), 0, 0.8)
    ink = np.maximum(ink, outlines(sheet, 2.4))
    shade = (tone < 0.16) & (sheet.marks.part >= 20) & (sheet.marks.part < 100)
    ink = np.maximum(ink, shade * np.float32(0.9))
    paper, black = rgb("fdfcf8"), rgb("15171c")
    return np.stack([paper[c] + (black[c] - paper[c]) * ink for c in range(3)])


BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32) / np.float32(16) - np.float32(0.47)


def pixel_art(sheet: Sheet, colours: Field) -> Field:
    """Large square pixels in few colours, with ordered dither between them."""
    side = max(2, round(sheet.unit / 144))
    rows, columns = -(-sheet.height // side), -(-sheet.width // side)
    padded = np.pad(colours, ((0, 0), (0, rows * side - sheet.height), (0, columns * side - sheet.width)), mode="edge")
    cells = np.zeros((3, rows, columns), np.float32)
    for down in range(side):
        for right in range(side):
            cells += padded[:, down::side, right::side]
    cells *= np.float32(1 / (side * side))
    tone = grey(cells)
    cells = np.clip(tone + (cells - tone) * np.float32(1.25), 0, 1)
    pattern = np.tile(BAYER, (rows // 4 + 1, columns // 4 + 1))[:rows, :columns]
    levels = np.float32(9)
    few = np.clip(np.floor(cells * levels + pattern * np.float32(0.5) + np.float32(0.5)), 0, levels) / levels
    cover = np.repeat(np.repeat(sheet.marks.cover[side // 2 :: side, side // 2 :: side], side, 0), side, 1)
    blocks = np.repeat(np.repeat(few, side, 1), side, 2)[:, : sheet.height, : sheet.width]
    kept = cover[: sheet.height, : sheet.width]
    sheet.marks.cover[: kept.shape[0], : kept.shape[1]] = np.round(kept)
    return blocks


def abstract(sheet: Sheet, colours: Field) -> Field:
    """The scene broken by great lines and circles: each shard sees it from elsewhere and in another tone."""
    chance = Chance(sheet.seed, "shards")
    x = sheet.columns() / np.float32(sheet.unit)
    y = sheet.rows() / np.float32(sheet.unit)
    wide, tall = sheet.width / sheet.unit, sheet.height / sheet.unit
    right, down, tone = (np.zeros(sheet.shape, np.float32) for _ in range(3))
    line = np.zeros(sheet.shape, np.float32)
    for i in range(17):
        px, py = chance.between(0, wide), chance.between(0, tall)
        off: Field
        if i % 3 == 2:
            radius = chance.between(0.10, 0.36)
            off = np.sqrt((x - np.float32(px)) ** 2 + (y - np.float32(py)) ** 2) - np.float32(radius)
        else:
            lean = chance.between(-1.6, 1.6)
            off = ((x - np.float32(px)) * np.float32(lean) + (y - np.float32(py))) / np.float32((1 + lean * lean) ** 0.5)
        side: Field = np.clip(off * np.float32(sheet.unit), -1, 1)
        right += side * np.float32(chance.between(-0.022, 0.022) * sheet.unit)
        down += side * np.float32(chance.between(-0.026, 0.026) * sheet.unit)
        tone += side * np.float32(chance.between(-0.055, 0.055)) * (np.float32(1) - smooth(0.0, 0.45, np.abs(off)) * np.float32(0.7))
        line = np.maximum(line, np.clip(np.float32(1.5 * sheet.unit / 1024) - np.abs(off * np.float32(sheet.unit)), 0, 1))
    calm = np.stack([blurred(plane, max(1, sheet.unit // 240), 1) for plane in colours])
    shards = shifted(calm, down, right)
    level = grey(shards)
    few = (np.floor(level * np.float32(9)) + np.float32(0.5)) / np.float32(9)
    level_to = level + (few - level) * np.float32(0.7)
    vivid = level_to + (shards - level) * np.float32(1.6) + tone * np.float32(1.25)
    weave = across(sheet.seed, "canvas", sheet.shape, 128, octaves=3, gain=0.7)
    return np.asarray(
        np.clip(vivid * (np.float32(1) + weave * np.float32(0.07)), 0, 1) * (np.float32(1) - line * np.float32(0.30)), np.float32
    )


STYLES: dict[str, Callable[[Sheet, Field], Field]] = {
    "watercolor": watercolor,
    "oil_painting": oil_painting,
    "anime": anime,
    "sketch": sketch,
    "line_art": line_art,
    "pixel_art": pixel_art,
    "abstract": abstract,
}
"""The styles that are more than a grade."""
