"""A street between facades, in one-point perspective toward the light at its end: lamps, trees, a crossing, wet when it rains."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from imagechat.providers.sketch.built.avenue import EYE, KERB, WALL, air_at, column_at, focal, furniture, vanishing
from imagechat.providers.sketch.built.facades import LIT, WARM, Look, banded, clad, haze_colour, look_of, numbers
from imagechat.providers.sketch.built.prism import KEY, grid, window_of
from imagechat.providers.sketch.built.shops import GROUND, shops, wet
from imagechat.providers.sketch.canvas.curves import fall, smooth
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, enlarged, nearest, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance

PART = 510.0
ASPHALT, PAVING, PAINT = rgb("54565a"), rgb("8f8a82"), rgb("d8d6d0")


@dataclass(frozen=True, slots=True)
class Block:
    """One building of a side (-1 or 1) in metres: from `begin` to `end` along the street, `wall` beside its middle, `tall`."""

    side: int
    begin: float
    end: float
    wall: float
    tall: float
    name: str


def paint_street(sheet: Sheet) -> None:
    """The ground, facades from far to near, trees and lamps, and what the wet ground mirrors of them."""
    ground(sheet)
    row = blocks(sheet)
    for number in sorted(range(len(row)), key=lambda i: -row[i].begin):
        if not hidden(row[number], row[number - 1]):
            front(sheet, row[number], row[number - 1])
        flank(sheet, row[number])
    end_light(sheet)
    furniture(sheet)
    wet(sheet)


def hidden(block: Block, before: Block) -> bool:
    """Whether the house before one hides its front."""
    joined = before.side == block.side and 0 <= block.begin - before.end < 1
    return joined and before.tall >= block.tall and before.wall <= block.wall


def blocks(sheet: Sheet) -> list[Block]:
    """The buildings of both sides; side streets open between some, towers stand farther down."""
    found = []
    for side in (-1, 1):
        chance = Chance(sheet.seed, "street", str(side))
        depth, number = 4.0, 0
        while depth < 360:
            long = chance.between(13, 27) * (1 + depth / 320)
            tall = chance.between(15, 29) * (chance.between(1.3, 2.9) if depth > 90 and chance.happens(0.4) else 1)
            found.append(Block(side, depth, depth + long, WALL + chance.between(0, 1.4), tall, f"street {side} {number}"))
            depth += long + (13 if chance.happens(0.2) and number else 0.05)
            number += 1
    return found


def flank(sheet: Sheet, block: Block) -> None:
    """The facade along the street: each column has a depth of its own."""
    ends = sorted(column_at(sheet, block.side * block.wall, depth) for depth in (block.begin, block.end))
    first, last = max(0, round(ends[0])), min(sheet.width, round(ends[1]))
    if first >= last:
        return
    columns = np.arange(first, last, dtype=np.float32)[None, :] + np.float32(0.5)
    depth = np.float32(block.wall * focal(sheet)) / np.maximum(np.abs(columns - np.float32(vanishing(sheet))), np.float32(1e-2))
    depth = np.clip(depth, block.begin, block.end)
    metre = np.float32(focal(sheet)) / depth
    low = block.side * (sheet.sun[0] - vanishing(sheet))
    direct = (0.55 if low < 0 else 0.26) if sheet.spec.time != "day" else 0.56 if block.side == sheet.composition.side else 0.18
    wall(sheet, block, (first, last), (depth, metre, (depth - np.float32(block.begin))), direct=np.full_like(depth, direct))


def front(sheet: Sheet, block: Block, before: Block) -> None:
    """The side that looks to the eye, where a lower house or a side street leaves it free."""
    if before.side != block.side or before.begin > block.begin:
        facing(sheet, block, 24.0, 0.0)
        return
    farther = block.begin / before.end
    beside, low = before.wall * farther - block.wall, EYE + (before.tall - EYE) * farther
    if beside > 0:
        facing(sheet, block, beside + 0.2, 0.0)
    if low < block.tall:
        facing(sheet, block, 24.0, low)


def facing(sheet: Sheet, block: Block, wide: float, low: float) -> None:
    """So many metres of a front, from `low` metres up."""
    near, far = column_at(sheet, block.side * block.wall, block.begin), column_at(sheet, block.side * (block.wall + wide), block.begin)
    first, last = max(0, round(min(near, far))), min(sheet.width, round(max(near, far)))
    if first >= last:
        return
    columns = np.arange(first, last, dtype=np.float32)[None, :] + np.float32(0.5)
    depth = np.full_like(columns, block.begin)
    metre = np.full_like(columns, focal(sheet) / block.begin)
    along = np.abs(columns - np.float32(near)) / metre
    direct = np.full_like(depth, 0.30 if sheet.spec.time == "day" else 0.04)
    wall(sheet, block, (first, last), (depth, metre, along), direct=direct, low=low)


def wall(sheet: Sheet, block: Block, span: tuple[int, int], place: tuple[Field, Field, Field], *, direct: Field, low: float = 0.0) -> None:
    """A wall of a building over some columns; `place`: depth, pixels a metre and metres along it at each; hidden below `low` metres."""
    depth, metre, along = place
    roof = np.float32(sheet.horizon) + np.float32(EYE - block.tall) * metre
    foot = np.float32(sheet.horizon) + np.float32(EYE) * metre
    shown = np.float32(sheet.horizon) + np.float32(EYE - low) * metre
    top, bottom = max(0, int(roof.min())), min(sheet.height, int(shown.max()) + 2)
    if top >= bottom:
        return
    window = slice(top, bottom), slice(*span)
    rows = np.arange(top, bottom, dtype=np.float32)[:, None] + np.float32(0.5)
    up = (foot - rows) / metre
    look = look_of(sheet, block.name, 0.5 if block.tall > 34 else 0.0)
    tone, glow = storeys(sheet, look, block, (up, along, metre), (direct, air_at(sheet, depth)))
    cover = np.clip(rows - roof + np.float32(0.5), 0, 1) * np.clip(foot - rows + np.float32(0.5), 0, 1)
    sheet.mix(np.minimum(tone, np.float32(0.92)), cover, *window)
    sheet.hide(cover, PART + 0.5 * (hash_of(block.name) % 19), *window)
    shine = sheet.marks.shine[window]
    np.maximum(shine, glow * cover * np.float32(0.6), out=shine)


def hash_of(name: str) -> int:
    """A small number for a name."""
    return sum(map(ord, name))


def storeys(sheet: Sheet, look: Look, block: Block, place: tuple[Field, Field, Field], light: tuple[Field, Field]) -> tuple[Field, Field]:
    """(colours, glow) of a facade: shops below, windows with their sills above, a cornice at the top."""
    up, along, metre = place
    direct, air = light
    storey = (up - np.float32(4.4)) * np.float32(1 / look.storey)
    bay = along * np.float32(1 / look.bay) + np.float32(0.1)
    above = (up > 4.6) & (up < block.tall - 1.2)
    high = banded(storey, look.pane[1], metre * np.float32(look.storey)) * above
    wide = banded(bay, min(look.pane[0], 0.9), metre * np.float32(look.bay * 0.5))
    number = numbers(sheet, look, storey + 8, bay)
    ledge = ((up > 4.0) & (up < 4.6)) | ((up > block.tall - 1.1) & (up < block.tall - 0.4))
    sill = (storey - np.floor(storey) < 0.16) & above
    height = np.clip(up * np.float32(1 / block.tall), 0, 1)
    warm = smooth(14.0, 0.0, up) * (1 - air) * np.float32(0.34 if LIT[sheet.spec.time] > 0.3 else 0.0)
    tone, glow = clad(sheet, look, (high, wide), number, sides=(direct, height), air=(air, warm))
    if metre.max() > 5:
        tone *= detail(sheet, look, (storey, bay, metre), (along, up), above)
    relief = (
        np.float32(1)
        + ledge * np.float32(0.16)
        + sill * np.float32(0.07)
        - ((up > block.tall - 1.5) & (up < block.tall - 1.1)) * np.float32(0.3)
    )
    tone *= relief
    return shops(sheet, look, tone, glow, (up, along, air)) if metre.max() > 1.8 else (tone, glow)


@lru_cache(maxsize=2)
def weathered(seed: int) -> Field:
    """The stains of all walls."""
    return tile(seed, "weathered", (16, 16), 128, octaves=4, gain=0.7)


def detail(sheet: Sheet, look: Look, place: tuple[Field, Field, Field], at: tuple[Field, Field], above: Field) -> Field:
    """How bright the small things are: pale frames about the windows, bars in them, joints and weather on the wall."""
    storey, bay, metre = place
    x, y = np.abs(bay - np.floor(bay) - np.float32(0.5)), np.abs(storey - np.floor(storey) - np.float32(0.5))
    pane_x, pane_y = min(look.pane[0], 0.9) / 2, look.pane[1] / 2
    fine = np.clip((metre - np.float32(5)) * np.float32(0.1), 0, 1) * above
    frame = (x < pane_x + 0.05) & (y < pane_y + 0.04) & ((x > pane_x - 0.012) | (y > pane_y - 0.02))
    bars = ((x < 0.012) | (np.abs(y - 0.09) < 0.014)) & (x < pane_x) & (y < pane_y)
    worn = nearest(weathered(sheet.seed), at[1] * 5 + 1024, at[0] * 5 + 0 * at[1] + 1024)
    return np.asarray(np.float32(1) + worn * np.float32(0.09) + (frame * np.float32(0.20) - bars * np.float32(0.35)) * fine, np.float32)


def end_light(sheet: Sheet) -> None:
    """The light that fills the end of the street."""
    middle, reach = vanishing(sheet), sheet.unit * 0.45
    window = window_of(sheet, [(middle - reach, sheet.horizon - reach), (middle + reach, sheet.horizon + reach)])
    if window is None:
        return
    columns, rows = grid(window)
    x, y = (columns - np.float32(middle)) / sheet.unit, (rows - np.float32(sheet.horizon)) / sheet.unit
    share = np.clip(fall(x * x * np.float32(60) + y * y * np.float32(45)) - np.float32(0.1), 0, 1)
    tint = blend(haze_colour(sheet), WARM, 0.45) if sheet.night else blend(sheet.light.horizon, sheet.light.glow, 0.5)
    sheet.mix(tint, share * share * np.float32(0.85 if sheet.low_sun else 0.46), *window)


def ground(sheet: Sheet) -> None:
    """Asphalt, pavements, lines and a crossing; the wet ground mirrors what stands above it."""
    top = sheet.horizon + 1
    if top >= sheet.height - 1:
        return
    rows = sheet.rows(top) + np.float32(0.5)
    depth = np.float32(EYE * focal(sheet)) / (rows - np.float32(sheet.horizon))
    x = (sheet.columns() - np.float32(vanishing(sheet))) * depth * np.float32(1 / focal(sheet))
    side = np.abs(x)
    soft = depth * np.float32(1 / focal(sheet))
    walk = np.clip((side - np.float32(KERB)) / soft + np.float32(0.5), 0, 1)
    kerb = np.clip(np.float32(1) - np.abs(side - np.float32(KERB)) / (soft + np.float32(0.16)), 0, 1)
    worn, sunlit = (enlarged(plane, (side.shape[0], side.shape[1])) for plane in rough_ground(sheet, x[::2, ::2], depth[::2], soft[::2]))
    bright = worn - kerb * np.float32(0.25)
    street, marks = np.ones(side.shape, np.float32), lines(sheet, x, depth, soft) * worn
    light = sheet.light.fill * np.float32(0.62) + sheet.light.key * np.float32(
        KEY[sheet.spec.time] * (0.14 if sheet.spec.time == "day" else 0.18)
    )
    sunny = sheet.light.key * np.float32(KEY[sheet.spec.time] * (0.42 if sheet.spec.time == "day" else 0.0))
    air, haze = air_at(sheet, depth), blend(haze_colour(sheet), sheet.light.glow, 0.35 if sheet.low_sun else 0.1)
    tone = []
    for c in range(3):
        own = (ASPHALT[c] + (PAVING[c] - ASPHALT[c]) * walk) * bright
        own = (own + (PAINT[c] - own) * marks) * (light[c] + sunny[c] * sunlit)
        tone.append(own + (haze[c] - own) * air)
    window = slice(top, sheet.height)
    sheet.mix(np.stack(tone), street, window)
    sheet.hide(street, GROUND, window)


def rough_ground(sheet: Sheet, x: Field, depth: Field, soft: Field) -> tuple[Field, Field]:
    """(how bright the ground is with its grain and stains, where the sun reaches it)."""
    field = tile(sheet.seed, "asphalt", (16, 16), 128, octaves=4, gain=0.7)
    grain = nearest(field, np.minimum(depth, 90) * 9 + 0 * x + 4096, x * 16 + 4096) * smooth(60, 12, depth)
    stain = nearest(field, np.minimum(depth, 200) * np.float32(0.8) + 0 * x + 4096, x * np.float32(2.2) + 4096)
    bright = np.float32(0.92) + grain * np.float32(0.16) + stain * np.float32(0.11)
    return bright, beyond_shadows(sheet, x, depth, soft) if sheet.spec.time == "day" else np.zeros_like(bright)


def beyond_shadows(sheet: Sheet, x: Field, depth: Field, soft: Field) -> Field:
    """Where the sun reaches the street past the houses of its side, whose roofs stand at different heights."""
    house = np.floor(depth * np.float32(1 / 21.0))
    reach = nearest(tile(sheet.seed, "roof line", (16, 16), 16), house + 0 * depth, house * 5)
    toward = np.float32(sheet.composition.side)
    return np.asarray(np.clip((x * toward - np.float32(1.5) - reach * 3) / (soft + np.float32(0.3)), 0, 1), np.float32)


def lines(sheet: Sheet, x: Field, depth: Field, soft: Field) -> Field:
    """White paint: a broken line in the middle, stripes of a crossing before it."""
    found = np.zeros(x.shape, np.float32)
    half, at = max(2, round(sheet.unit * 0.04)), round(vanishing(sheet))
    columns = slice(max(0, at - half), max(0, at + half))
    dash = (depth * np.float32(1 / 6.0) - np.floor(depth * np.float32(1 / 6.0)) < 0.5) & (depth > 17)
    found[:, columns] = np.clip((np.float32(0.09) - np.abs(x[:, columns])) / soft + np.float32(0.5), 0, 1) * dash
    near = np.flatnonzero((depth[:, 0] > 10.2) & (depth[:, 0] < 14.3))
    if len(near):
        rows = slice(int(near[0]), int(near[-1]) + 1)
        across = x[rows] * np.float32(1 / 1.1)
        stripe = np.abs(across - np.floor(across) - np.float32(0.5)) * np.float32(1.1)
        zebra = np.clip((np.float32(0.27) - stripe) / soft[rows] + np.float32(0.5), 0, 1) * (np.abs(x[rows]) < KERB - 0.4)
        found[rows] = np.maximum(found[rows], zebra * smooth(10.3, 10.6, depth[rows]) * smooth(14.2, 13.8, depth[rows]))
    return found
