"""Things that lie on the ground or run along it: a track, a fence, flowers, a campfire."""

from itertools import pairwise

import numpy as np

from imagechat.providers.sketch.canvas.curves import fall, smooth, wave
from imagechat.providers.sketch.canvas.light import blend, rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice, nearest, tile
from imagechat.providers.sketch.canvas.sheet import Sheet, Spot
from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.land.dabs import Blades, grow, lay
from imagechat.providers.sketch.land.flowers import NEAR, PLANTS, TALLEST, chosen_kinds, plants, tints_of
from imagechat.providers.sketch.land.slopes import haze, strengths, sunward
from imagechat.providers.sketch.land.tufts import Stock
from imagechat.providers.sketch.spec import Subject

PART = 390.0
FLOWERS = 2000
"""How many flowers are tried for."""
WATERS = (1.5, 2.5)
"""The numbers of water: no flowers grow there."""


def metres(sheet: Sheet, spot: Spot, rows: Field) -> Field:
    """How many pixels a metre is on each row of the ground around `spot`: the ground is even as far as the horizon."""
    vanish = min(float(sheet.horizon), spot.y - 0.04 * sheet.unit)
    return np.asarray(np.maximum((rows - np.float32(vanish)) * np.float32(spot.metre / (spot.y - vanish)), np.float32(1e-3)), np.float32)


def row_of(sheet: Sheet, spot: Spot, metre: Field) -> Field:
    """The row on which a metre is that many pixels."""
    vanish = min(float(sheet.horizon), spot.y - 0.04 * sheet.unit)
    return np.float32(vanish) + metre * np.float32((spot.y - vanish) / spot.metre)


def near(sheet: Sheet, spot: Spot) -> Spot:
    """A spot close to the eye instead of one too far for small things, where the scene has one."""
    closer = [one for one in sheet.spots if one.footing in ("road", "land") and one.metre > max(spot.metre * 1.5, sheet.unit * 0.02)]
    if spot.metre > sheet.unit * 0.02 or not closer:
        return spot
    return min(closer, key=lambda one: abs(one.x - spot.x))


def road(sheet: Sheet, spot: Spot, _wish: Subject, number: int) -> None:
    """A track that winds from the lower edge to the spot, two wheels' lines with grass between."""
    first = int(spot.y)
    if first >= sheet.height - 2:
        return
    rows = sheet.rows(first)
    metre = metres(sheet, spot, rows)
    share = (rows - np.float32(spot.y)) * np.float32(1 / max(1.0, sheet.height - spot.y))
    u = (sheet.columns() - winding(sheet, spot, number, (metre, share))) / (metre * np.float32(1.1))
    field = tile(sheet.seed, "road", (32, 32), 256, octaves=4, gain=0.6)
    depth = np.float32(sheet.unit) / metre
    grain = nearest(field, depth * np.float32(40) + 0 * u + np.float32(4096), u * np.float32(26) + np.float32(4096))
    cover = smooth(1.06, 0.86, np.abs(u) + grain * np.float32(0.20)) * smooth(0.0, 0.05, share)
    strip = smooth(0.26, 0.12, np.abs(u) + grain * np.float32(0.22)) * np.float32(0.70)
    veil = np.float32(spot.air) * smooth(0.5, 0.0, share)
    sheet.mix(trodden(sheet, u, grain, veil), cover * (np.float32(1) - strip), slice(first, None))
    sheet.hide(cover, PART, slice(first, None))


def winding(sheet: Sheet, spot: Spot, number: int, along: tuple[Field, Field]) -> Field:
    """The track's middle on each row; `along`: (pixels for a metre, share of the way toward the eye)."""
    metre, share = along
    chance = Chance(sheet.seed, "road", str(number))
    end = (0.5 + chance.between(-0.30, 0.30)) * sheet.width
    bends = wave(np.float32(spot.metre) / metre * np.float32(chance.between(0.9, 1.5)) + np.float32(chance.unit()))
    swing = np.minimum(metre * np.float32(chance.between(2.2, 3.6)), np.float32(sheet.unit * 0.07))
    return np.asarray(np.float32(spot.x) + np.float32(end - spot.x) * share + bends * swing * smooth(0, 0.12, share), np.float32)


def trodden(sheet: Sheet, across: Field, grain: Field, veil: Field) -> Field:
    """The track's earth, darker where wheels run, (3, rows, columns)."""
    wheels = smooth(0.22, 0.05, np.abs(np.abs(across) - np.float32(0.55)))
    direct, around = strengths(sheet)
    body = rgb("d8dde8") if sheet.snowy else rgb("8a6e4e") if sheet.spec.scene != "desert" else rgb("c89a6c")
    base = body * (direct * np.float32(0.55) + around)
    tone = np.float32(0.92) + grain * np.float32(0.22) - wheels * np.float32(0.12 if not sheet.snowy else 0.25)
    return np.stack([base[c] * tone + (haze(sheet)[c] - base[c] * tone) * veil for c in range(3)])


def fence(sheet: Sheet, spot: Spot, _wish: Subject, number: int) -> None:
    """Posts with two rails, from the spot toward the eye and out of the picture."""
    posts = posted(sheet, near(sheet, spot), Chance(sheet.seed, "fence", str(number)), 1 if spot.x < sheet.width / 2 else -1)
    for one, other in pairwise(posts):
        for up in (0.45, 0.88):
            rail(sheet, one, other, up)
    for column, row, metre, tall, lean in posts:
        post(sheet, (column, row), metre, (tall, lean))


def posted(sheet: Sheet, spot: Spot, chance: Chance, way: int) -> list[tuple[float, ...]]:
    """(column, row, pixels for a metre, height and lean in metres) of each post, the farthest first, leaving the picture on side `way`."""
    lens, begin = sheet.unit * 1.1, max(spot.metre, sheet.unit * 0.03)
    end, edge = begin * chance.between(1.7, 2.6), sheet.width * (0.5 + 0.56 * way)
    x, depth = (spot.x - sheet.width / 2) / begin, lens / begin
    along, nearer = (edge - sheet.width / 2) / end - x, lens / end - depth
    gap = 2.3 / max(2.3, (along * along + nearer * nearer) ** 0.5)
    posts: list[tuple[float, ...]] = []
    for i in range(min(60, int(1 / gap) + 2)):
        metre = lens / max(0.5, depth + nearer * gap * i)
        column = sheet.width / 2 + (x + along * gap * i) * metre
        row = float(row_of(sheet, spot, np.array([metre], np.float32))[0])
        posts.append((column, row, metre, chance.between(1.05, 1.25), chance.between(-0.05, 0.05)))
    return posts


def rail(sheet: Sheet, one: tuple[float, ...], other: tuple[float, ...], up: float) -> None:
    """A rail between two posts, `up` metres above the ground."""
    if other[0] < one[0]:
        one, other = other, one
    left, right = max(0, int(one[0])), min(sheet.width, int(other[0]) + 1)
    if right - left < 1:
        return
    t = np.clip((np.arange(left, right, dtype=np.float32) - np.float32(one[0])) * np.float32(1 / max(0.5, other[0] - one[0])), 0, 1)
    metre = np.float32(one[2]) + np.float32(other[2] - one[2]) * t
    y = np.float32(one[1]) + np.float32(other[1] - one[1]) * t - metre * np.float32(up) + metre * t * (1 - t) * np.float32(0.08)
    half = np.maximum(metre * np.float32(0.042), np.float32(0.45))
    first, last = max(0, int((y - half).min()) - 1), min(sheet.height, int((y + half).max()) + 2)
    if first >= last:
        return
    rows = np.arange(first, last, dtype=np.float32)[:, None] + np.float32(0.5)
    off = (rows - y[None, :]) / half[None, :]
    cover = np.clip((np.float32(1) - np.abs(off)) * half[None, :] + np.float32(0.5), 0, 1) * np.minimum(np.float32(1), half[None, :] * 2)
    body = timber(sheet)
    tint = body[:, None, None] * (np.float32(0.85) - np.clip(off, -1, 1) * np.float32(0.38))
    window = slice(first, last), slice(left, right)
    sheet.mix(tint.astype(np.float32), cover, *window)
    sheet.hide(cover, PART + 1, *window)


def post(sheet: Sheet, foot: tuple[float, float], metre: float, shape: tuple[float, float]) -> None:
    """A post, one side in the light."""
    tall, lean = shape
    lanes = max(2, min(24, int(metre * 0.14)))
    across = (np.arange(lanes, dtype=np.float32) + np.float32(0.5)) / np.float32(lanes) - np.float32(0.5)
    sun = np.float32(0.85) + across * np.float32(sunward(sheet)[0] * 0.7)
    tint = (timber(sheet)[:, None] * sun[None, :]).astype(np.float32)
    thick = max(1.0, metre * 0.13)
    width = np.full(lanes, max(0.9, thick / lanes * 2.2), np.float32)
    size, leans = np.full(lanes, metre * tall, np.float32), np.full(lanes, metre * lean, np.float32)
    feet = np.float32(foot[0]) + across * np.float32(thick)
    grow(sheet, Blades(feet, np.full(lanes, foot[1], np.float32), size, leans, width, tint * np.float32(0.75), tint), part=PART + 2)


def timber(sheet: Sheet) -> Field:
    """Weathered wood in this light."""
    direct, around = strengths(sheet)
    return np.asarray(rgb("8a7a68") * (direct * np.float32(0.6) + around * np.float32(0.8)), np.float32)


def flowers(sheet: Sheet, spot: Spot, _wish: Subject, number: int) -> None:
    """Flowers over the near ground in drifts: dabs far off, whole plants near the eye."""
    kinds = chosen_kinds(sheet)
    top = min(spot.y, sheet.height * 0.92)
    draws = lattice(key(sheet.seed, "flowers", str(number)), (5, FLOWERS)) * np.float32(0.5) + np.float32(0.5)
    rows = np.float32(top) + np.sort(draws[0]) * np.float32(sheet.height * 1.03 - top)
    columns, metre = draws[1] * np.float32(sheet.width), metres(sheet, spot, rows)
    keep = np.flatnonzero(dry(sheet, rows, columns) & (drift(sheet, rows, columns) > -0.05))
    which = np.clip(draws[2] * np.float32(len(kinds)), 0, len(kinds) - 1).astype(np.int32)
    tall = metre * np.array([one.tall for one in kinds], np.float32)[which] * (np.float32(0.75) + draws[4] * np.float32(0.4))
    small = keep[tall[keep] < sheet.unit * NEAR]
    radius = np.maximum(metre[small] * np.float32(0.025), np.float32(0.6))
    tint = tints_of(sheet, kinds, which[small], draws[3][small], np.float32(sheet.unit) / metre[small])
    lay(sheet, columns[small], rows[small] - tall[small], radius, tint, part=None)
    stock = Stock(sheet, [stamp for one, kind in enumerate(kinds) for stamp in plants(sheet, one, kind)])
    for i in keep[(tall[keep] >= sheet.unit * NEAR) & (draws[3][keep] < 0.45)]:
        high = min(float(tall[i]), sheet.unit * TALLEST)
        stock.put(int(which[i]) * PLANTS + int(i) % PLANTS, (float(columns[i]), float(rows[i])), high, part=PART + 3)


def drift(sheet: Sheet, rows: Field, columns: Field) -> Field:
    """About -1 to 1: high where many flowers grow."""
    field = tile(sheet.seed, "clumps", (16, 16), 128, octaves=3)
    return nearest(field, rows * np.float32(500 / sheet.unit), columns * np.float32(170 / sheet.unit))


def dry(sheet: Sheet, rows: Field, columns: Field) -> Field:
    """Where there is ground at these places, and no water."""
    here = np.clip(rows, 0, sheet.height - 1).astype(np.int32), np.clip(columns, 0, sheet.width - 1).astype(np.int32)
    part = sheet.marks.part[here]
    return np.asarray((sheet.marks.cover[here] > 0.5) & ((part < WATERS[0]) | (part > WATERS[1])))


def campfire(sheet: Sheet, spot: Spot, _wish: Subject, number: int) -> None:
    """A small fire: its glow on the ground, stones and logs, flames that shine, a thread of smoke."""
    spot = near(sheet, spot)
    size = float(np.clip(spot.metre * 0.9, sheet.unit * 0.035, sheet.unit * 0.13))
    strong = 0.95 if sheet.night else 0.75 if sheet.spec.time == "dusk" else 0.16 if sheet.bright else 0.42
    smoke(sheet, spot, size)
    gleam(sheet, spot, size, strong)
    hearth(sheet, spot, size, number)
    flames(sheet, spot, size, number)


def gleam(sheet: Sheet, spot: Spot, size: float, strong: float) -> None:
    """Firelight on everything that stands around, most on the ground."""
    first = max(0, int(spot.y - size * 5))
    x = (sheet.columns() - np.float32(spot.x)) / np.float32(size)
    y = (sheet.rows(first) - np.float32(spot.y)) / np.float32(size)
    light = fall((x * x + y * y * np.where(y > 0, np.float32(7), np.float32(3))) * np.float32(0.16))
    light = light * light * np.float32(strong) * sheet.marks.cover[first:]
    warm = rgb("ff9a3c")
    for channel in range(3):
        plane = sheet.rgb[channel, first:]
        plane += light * warm[channel] * (np.float32(0.16) + plane * np.float32(1.5))


def hearth(sheet: Sheet, spot: Spot, size: float, number: int) -> None:
    """A ring of stones around dark logs."""
    count = 15
    turn = np.arange(count, dtype=np.float32) / np.float32(count)
    draws = lattice(key(sheet.seed, "stones", str(number)), (2, count))
    across, down = wave(turn + np.float32(0.25)), wave(turn)
    order = np.argsort(down, kind="stable")
    x = np.float32(spot.x) + across[order] * np.float32(size * 0.62)
    y = np.float32(spot.y) + down[order] * np.float32(size * 0.17) - np.float32(size * 0.04)
    radius = np.float32(size * 0.085) * (np.float32(1) + draws[0] * np.float32(0.3))
    _, around = strengths(sheet)
    warm = blend(rgb("6a5a50") * around, rgb("d87838"), 0.32)
    tone = (np.float32(0.75) - down[order] * np.float32(0.30) + draws[1] * np.float32(0.15))[None, :]
    lay(sheet, x, y, radius, (warm[:, None] * tone).astype(np.float32), part=PART + 4)
    logs = np.array([-0.42, -0.16, 0.14, 0.40], np.float32)
    bark = np.broadcast_to((rgb("3a2418") * np.float32(0.8))[:, None], (3, 4)).astype(np.float32)
    thick = np.full(4, max(1.0, size * 0.11), np.float32)
    feet = np.full(4, spot.y, np.float32)
    grow(
        sheet,
        Blades(
            np.float32(spot.x) + logs * np.float32(size),
            feet,
            np.full(4, size * 0.34, np.float32),
            -logs * np.float32(size * 1.1),
            thick,
            bark,
            bark,
        ),
        part=PART + 5,
    )


def flames(sheet: Sheet, spot: Spot, size: float, number: int) -> None:
    """Tongues of fire, white within and red at the rim."""
    left, right = max(0, int(spot.x - size)), min(sheet.width, int(spot.x + size) + 1)
    first, last = max(0, int(spot.y - size * 1.5)), min(sheet.height, int(spot.y + size * 0.1) + 1)
    if left >= right or first >= last:
        return
    up = (np.float32(spot.y) - np.arange(first, last, dtype=np.float32)[:, None]) / np.float32(size)
    x = (np.arange(left, right, dtype=np.float32)[None, :] - np.float32(spot.x)) / np.float32(size)
    field = tile(sheet.seed, f"flames {number}", (16, 16), 128, octaves=3)
    lick = nearest(field, up * np.float32(26) + 0 * x + np.float32(256), x * np.float32(70) + 0 * up + np.float32(256))
    bent = (
        x
        + lick * np.float32(0.16) * np.clip(up, 0, 1)
        + wave(up * np.float32(0.9) + np.float32(number * 0.3)) * np.float32(0.07) * np.clip(up, 0, 1)
    )
    wide = np.float32(0.40) * np.sqrt(np.clip(up + np.float32(0.06), 0, 1)) * np.clip(np.float32(1.22) - up, 0, 1) + np.float32(1e-3)
    heat = np.clip((np.float32(1) - np.abs(bent) / wide) * np.float32(1.25) + lick * np.float32(0.35), 0, 1) * (up > -0.05) * (up < 1.2)
    cover = smooth(0.05, 0.30, heat)
    outer, middle, inner = rgb("f0541c"), rgb("ffb03a"), rgb("fff2b8")
    one, two = smooth(0.15, 0.55, heat), smooth(0.50, 0.95, heat)
    tint = np.stack(
        [(outer[c] + (middle[c] - outer[c]) * one + (inner[c] - middle[c] - 0 * one) * two) * np.float32(1.15) for c in range(3)]
    )
    window = slice(first, last), slice(left, right)
    sheet.mix(tint.astype(np.float32), cover * np.float32(0.94), *window)
    sheet.hide(cover, PART + 6, *window)
    sheet.marks.shine[window] += cover * np.float32(0.9)


def smoke(sheet: Sheet, spot: Spot, size: float) -> None:
    """A thin thread that rises, drifts and dissolves."""
    tall = size * 5.5
    first, last = max(0, int(spot.y - tall)), min(sheet.height, int(spot.y - size * 0.6))
    left, right = max(0, int(spot.x - size * 3)), min(sheet.width, int(spot.x + size * 3) + 1)
    if first >= last or left >= right:
        return
    up = (np.float32(spot.y) - np.arange(first, last, dtype=np.float32)[:, None]) / np.float32(tall)
    drift = Chance(sheet.seed, "smoke").between(-0.8, 0.8)
    middle = np.float32(spot.x) + (up * up * np.float32(drift) + wave(up * np.float32(1.6)) * up * np.float32(0.10)) * np.float32(
        tall * 0.4
    )
    wide = np.float32(size) * (np.float32(0.07) + up * np.float32(0.55))
    off = (np.arange(left, right, dtype=np.float32)[None, :] - middle) / wide
    share = fall(off * off * 2)
    share = share * share * smooth(1.0, 0.35, up) * smooth(0.10, 0.22, up) * np.float32(0.30)
    sheet.mix(blend(sheet.light.haze, sheet.light.lit, 0.4), share, slice(first, last), slice(left, right))
