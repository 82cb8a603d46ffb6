"""Boats, small and before the light: under sail, rowed, or out to fish, each with its reflection and a faint wake."""

from collections.abc import Callable

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.light import blend, colour, rgb
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet, Spot
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.spec import Subject

PART = 405.0
KINDS = {
    "sea": {"sail": 3.0, "fisher": 1.0},
    "coast": {"sail": 2.0, "fisher": 1.4, "rowing": 0.4},
    "lake": {"rowing": 2.0, "sail": 1.4},
    "river": {"rowing": 2.0, "sail": 0.8},
}
METRES = {"sail": 11.0, "fisher": 10.0, "rowing": 4.6}
"""How long or high each kind is: what its shape is measured in."""
LARGER = {"sail": 1.0, "fisher": 1.15, "rowing": 1.1}
"""How large each kind is beside a sail as far away, whose top reaches the horizon at most."""
WATER = 2.0
"""The number that water has among the parts."""
BRIGHTEST = 0.85
"""No boat is brighter, or it would glow into what lies around it."""
Inside = Callable[[Field], Field]
"""How much of a point lies within, from its distance to the edge in boat lengths."""


def paint_boat(sheet: Sheet, spot: Spot, wish: Subject, number: int) -> None:
    """One boat at `spot`, of the kind that fits the water."""
    chance = Chance(sheet.seed, "boat", str(number))
    kind = sheet.spec.rig or chance.weighed(KINDS.get(sheet.spec.scene, {"sail": 1.0}))
    below = spot.y - sheet.horizon
    tall = min(below * 0.98, sheet.unit * 0.135) * LARGER[kind]
    least = min(METRES[kind] * spot.metre * 0.6, sheet.unit * 0.10)
    tall = max(min(tall, room(sheet, spot) * 1.3), least, sheet.unit * 0.034)
    afloat(sheet, spot, kind, tall * chance.between(0.85, 1.0), way=chance.sign(), part=PART + number % 8)


def room(sheet: Sheet, spot: Spot) -> float:
    """How many pixels of water lie beside `spot`, to both sides together as far as the nearer shore allows."""
    row = sheet.marks.part[min(sheet.height - 1, int(spot.y))]
    dry = np.flatnonzero((row < WATER - 0.5) | ((row > WATER + 0.5) & ((row < PART) | (row > PART + 8))))
    return 2.0 * float(np.abs(dry - int(spot.x)).min()) if len(dry) else float(sheet.width)


def afloat(sheet: Sheet, spot: Spot, kind: str, tall: float, *, way: int, part: float) -> None:
    """The boat above its waterline and, broken by ripples, below it; `tall` in pixels."""
    left, right = max(0, int(spot.x - tall * 0.75)), min(sheet.width, int(spot.x + tall * 0.75) + 1)
    first, last = max(0, int(spot.y - tall * 1.08)), min(sheet.height, int(spot.y + tall * 0.85))
    if left >= right or first >= last:
        return
    rows = np.arange(first, last, dtype=np.float32)[:, None]
    x = (np.arange(left, right, dtype=np.float32)[None, :] - np.float32(spot.x)) / np.float32(tall) * np.float32(way)
    up = (np.float32(spot.y) - rows) / np.float32(tall)
    phase = (rows - np.float32(spot.y)) * np.float32(900 / sheet.unit)
    sway = np.where(up < 0, (np.abs(phase % np.float32(9) - np.float32(4.5)) - np.float32(2.2)) * up * np.float32(0.035), np.float32(0))
    y = np.where(up >= 0, up, -up * np.float32(1.2)) + 0 * x
    window = slice(first, last), slice(left, right)
    wake(sheet, x, up, window)

    def inside(distance: Field) -> Field:
        return np.asarray(np.clip(distance * np.float32(tall) + np.float32(0.5), 0, 1), np.float32)

    share = np.where(up >= 0, np.float32(1), np.clip(np.float32(0.52) + up * np.float32(0.62), 0, 1)) * np.float32(1 - spot.air * 0.4)
    whole = np.zeros(y.shape, np.float32)
    for cover, tone in SHAPES[kind](sheet, x + sway, y, inside):
        sheet.mix(np.minimum(tone, np.float32(BRIGHTEST)), cover * share, *window)
        whole = np.maximum(whole, cover)
    sheet.hide(whole * (up >= 0), part, *window)


def wake(sheet: Sheet, x: Field, up: Field, window: tuple[slice, slice]) -> None:
    """A dark line under the hull and a pale one trailing behind it."""
    flat = up * np.float32(26)
    trail = smooth(1.0, 0.2, np.abs(flat + np.float32(0.6))) * smooth(0.75, 0.35, x) * smooth(-0.75, -0.2, x)
    sheet.mix(np.minimum(sheet.light.horizon, np.float32(BRIGHTEST)), trail * np.float32(0.30), *window)


def sailing(sheet: Sheet, x: Field, y: Field, inside: Inside) -> list[tuple[Field, Field]]:
    """Hull, mast, mainsail and jib, measured by the mast."""
    cloth, wood = dyes(sheet)
    belly = np.float32(0.13) * y * (np.float32(1) - y)
    main = np.minimum(np.minimum(x - np.float32(0.015), (np.float32(0.98) - y) * np.float32(0.36) + belly - x), y - np.float32(0.15))
    jib = np.minimum(np.minimum(np.float32(-0.02) - x, x + (np.float32(0.86) - y) * np.float32(0.34) + belly * 0.5), y - np.float32(0.13))
    half = np.float32(0.34) + y * np.float32(0.9)
    hull = np.minimum(np.minimum(half - np.abs(x - np.float32(0.02)), 0.10 + x * x * np.float32(0.20) - y), y + np.float32(0.01))
    mast = np.minimum(np.float32(0.006) - np.abs(x), np.float32(1.0) - y)
    boom = np.minimum(np.float32(0.006) - np.abs(y - np.float32(0.145)), np.float32(0.17) - np.abs(x - np.float32(0.17)))
    shade = np.clip(np.float32(0.86) + x * np.float32(0.55) - np.abs(y * 7 % 1 - np.float32(0.5)) * np.float32(0.05), 0.5, 1.1)
    rim = inside(np.minimum(hull, y - np.float32(0.075) - x * x * np.float32(0.20)))
    return [
        (np.maximum(inside(mast), inside(boom)), tinted(wood * np.float32(0.8), y)),
        (inside(main), cloth[:, None, None] * shade),
        (inside(jib), cloth[:, None, None] * (shade * np.float32(0.93))),
        (inside(hull), tinted(wood, y)),
        (rim, tinted(blend(wood, cloth, 0.55), y)),
    ]


def rowing(sheet: Sheet, x: Field, y: Field, inside: Inside) -> list[tuple[Field, Field]]:
    """An open boat with someone at the oars, measured by its length."""
    _, wood = dyes(sheet)
    sheer = np.float32(0.10) + x * x * np.float32(0.34)
    hull = np.minimum(np.minimum(np.float32(0.40) + y * np.float32(0.9) - np.abs(x), sheer - y), y + np.float32(0.01))
    rim = np.minimum(hull, y - sheer + np.float32(0.035))
    back = (
        np.float32(0.055)
        - np.abs(x + np.float32(0.02) - (y - np.float32(0.1)) * np.float32(0.18))
        - (y - np.float32(0.2)) * np.float32(0.1)
    )
    rower = np.minimum(np.minimum(back, np.float32(0.28) - y), y - np.float32(0.06))
    right, over = x - np.float32(0.03), y - np.float32(0.33)
    head = np.float32(0.042) - np.sqrt(right * right + over * over)
    oar = np.minimum(np.float32(0.008) - np.abs(y - np.float32(0.16) + (x - 0.05) * np.float32(0.42)), np.float32(0.22) - np.abs(x - 0.22))
    dark = sheet.light.fill * np.float32(0.30)
    return [
        (np.maximum(inside(rower), inside(head)), tinted(dark, y)),
        (inside(hull), tinted(wood, y)),
        (inside(rim), tinted(wood * np.float32(1.35), y)),
        (inside(oar), tinted(wood * np.float32(1.1), y)),
    ]


def fishing(sheet: Sheet, x: Field, y: Field, inside: Inside) -> list[tuple[Field, Field]]:
    """A boat with a high bow, a wheelhouse and a mast with its boom, measured by its length."""
    cloth, wood = dyes(sheet)
    sheer = np.float32(0.13) + np.clip(-x, 0, 1) * np.float32(0.22) + x * x * np.float32(0.12)
    hull = np.minimum(np.minimum(np.float32(0.44) + y * np.float32(0.35) - np.abs(x), sheer - y), y + np.float32(0.01))
    rim = np.minimum(hull, y - sheer + np.float32(0.04))
    house = np.minimum(np.minimum(np.float32(0.115) - np.abs(x - np.float32(0.13)), np.float32(0.34) - y), y - np.float32(0.10))
    roof = np.minimum(np.float32(0.145) - np.abs(x - np.float32(0.12)), np.float32(0.016) - np.abs(y - np.float32(0.345)))
    panes = np.minimum(
        np.minimum(house, np.float32(0.032) - np.abs(y - np.float32(0.275))), np.abs(x - np.float32(0.13)) - np.float32(0.014)
    )
    mast = np.minimum(np.float32(0.009) - np.abs(x + np.float32(0.10)), np.minimum(np.float32(0.62) - y, y - np.float32(0.1)))
    boom = np.minimum(np.float32(0.007) - np.abs(y - np.float32(0.52) + (x + np.float32(0.1)) * 0.5), np.float32(0.15) - np.abs(x - 0.05))
    dark = sheet.light.fill * np.float32(0.30)
    return [
        (np.maximum(inside(mast), inside(boom)), tinted(dark, y)),
        (inside(house), tinted(blend(cloth, sheet.light.fill, 0.15) * np.float32(0.9), y)),
        (inside(panes - np.float32(0.012)), tinted(dark, y)),
        (inside(roof), tinted(wood, y)),
        (inside(hull), tinted(wood, y)),
        (inside(rim), tinted(blend(wood, cloth, 0.6), y)),
    ]


SHAPES = {"sail": sailing, "rowing": rowing, "fisher": fishing}


def tinted(one: Field, like: Field) -> Field:
    """One colour for every point, a little darker toward the water."""
    level = np.clip(np.float32(0.82) + like * np.float32(1.4), 0.82, 1.05)
    return np.asarray(one[:, None, None] * level, np.float32)


def dyes(sheet: Sheet) -> tuple[Field, Field]:
    """(sail, hull): against a low sun the sails glow a little and the hull is dark; an asked colour is the hull's and tints the sail."""
    asked = sheet.spec.colour("boat")
    plain, wood = rgb("efe8da"), rgb("6a4230")
    if asked:
        plain, wood = blend(plain, colour(asked), 0.75), blend(colour(asked), rgb("000000"), 0.12)
    match sheet.spec.time:
        case "day" | "golden":
            level = blend(sheet.light.fill, sheet.light.key, 0.7)
            return plain * level * np.float32(0.95), wood * level * np.float32(0.95)
        case "night" | "moonlight":
            return plain * sheet.light.fill * np.float32(1.3), wood * sheet.light.fill * np.float32(0.8)
    return plain * blend(sheet.light.fill, sheet.light.glow, 0.62) * np.float32(0.95), blend(wood, sheet.light.fill, 0.5) * np.float32(0.38)
