"""Things that live in a scene: sailing boats and birds, small and before the light."""

import numpy as np

from imagechat.providers.sketch.chance import Chance, key
from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.light import blend, colour, rgb
from imagechat.providers.sketch.canvas.noise import Field, lattice
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.spec import Subject

PART = 100.0
FLAKES = 1100
PLACES = {"left": (0.12, 0.34), "right": (0.66, 0.88), "middle": (0.44, 0.56)}


def paint_subjects(sheet: Sheet) -> None:
    """What was asked for, and at times what the seed adds."""
    chance = Chance(sheet.seed, "subjects")
    boats = wanted(sheet, "boat", chance.unit(), 0.45 if sheet.spec.scene == "sea" else 0.0)
    if boats is not None and sheet.spec.scene in ("sea", "mountains", "city"):
        for i in range(boats.count):
            boat(sheet, boats, i)
    birds = wanted(sheet, "birds", chance.unit(), 0.35 if sheet.spec.scene == "sea" else 0.15)
    if birds is not None and (not sheet.night or sheet.spec.subject("birds")):
        flock(sheet, birds)
    if sheet.spec.subject("snow") and "mountains" not in (sheet.spec.scene, *sheet.spec.also):
        snowfall(sheet)


def wanted(sheet: Sheet, kind: str, draw: float, often: float) -> Subject | None:
    """The subject where it was asked for, or where the seed adds it and nobody forbade it."""
    asked = sheet.spec.subject(kind)
    return asked or (Subject(kind) if kind not in sheet.spec.without and draw < often else None)


def boat(sheet: Sheet, wish: Subject, number: int) -> None:
    """A small sailing boat with its reflection."""
    chance = Chance(sheet.seed, "boat", str(number))
    low, high = PLACES.get(wish.place, (0.30, 0.70))
    x = chance.between(low, high) * sheet.width
    if not wish.place and number == 0:
        x = (sheet.composition.sun_x + sheet.composition.side * chance.between(0.05, 0.2)) * sheet.width
    down = chance.between(0.06, 0.26)
    water = sheet.horizon + (sheet.height - sheet.horizon) * down
    tall = sheet.unit * (0.030 + 0.26 * down) * chance.between(0.85, 1.1)
    shape(sheet, x, water, tall, way=chance.sign(), number=number)


def shape(sheet: Sheet, x: float, water: float, tall: float, *, way: int, number: int) -> None:
    """Hull, mast, mainsail and jib, above the water and mirrored below it."""
    left, right = max(0, int(x - tall * 0.55)), min(sheet.width, int(x + tall * 0.55) + 1)
    first, last = max(0, int(water - tall * 1.08)), min(sheet.height, int(water + tall * 0.8))
    if left >= right or first >= last:
        return
    rows = np.arange(first, last, dtype=np.float32)[:, None]
    columns = (np.arange(left, right, dtype=np.float32)[None, :] - np.float32(x)) / np.float32(tall) * np.float32(way)
    up = (np.float32(water) - rows) / np.float32(tall)
    sway = np.where(up < 0, np.sign(((rows * np.float32(0.9)) % 7) - 3.2) * np.float32(0.012), 0)
    sails, hull = masks(columns + sway, np.where(up >= 0, up, -up * np.float32(1.25)), tall)
    mirrored = np.where(up >= 0, np.float32(1), np.clip(np.float32(0.5) + up * np.float32(0.62), 0, 1))
    window = slice(first, last), slice(left, right)
    sail, wood = dyes(sheet)
    shade = np.clip(np.float32(0.80) + columns * np.float32(0.5), 0.4, 1.1)
    sheet.mix(np.stack([sail[c] * shade + 0 * up for c in range(3)]), sails * mirrored, *window)
    sheet.mix(np.stack([wood[c] + 0 * (columns + up) for c in range(3)]), hull * mirrored, *window)
    sheet.hide(np.maximum(sails, hull) * (up >= 0), PART + number, *window)


def masks(x: Field, y: Field, soft: float) -> tuple[Field, Field]:
    """(sails, hull with mast) at `x`, `y` in boat heights from the middle of the water line."""

    def inside(distance: Field) -> Field:
        return np.asarray(np.clip(distance * np.float32(soft) + np.float32(0.5), 0, 1), np.float32)

    curve = np.float32(0.03) * y * (np.float32(1) - y) * 4
    main = np.minimum(np.minimum(x - np.float32(0.015), (np.float32(0.98) - y) * np.float32(0.38) + curve - x), y - np.float32(0.14))
    jib = np.minimum(np.minimum(np.float32(-0.02) - x, x + (np.float32(0.86) - y) * np.float32(0.36)), y - np.float32(0.13))
    sails = np.maximum(inside(main), inside(jib))
    half = np.float32(0.36) + y * np.float32(0.8)
    hull = np.minimum(
        np.minimum(half - np.abs(x - np.float32(0.02)), np.float32(0.105) + x * x * np.float32(0.16) - y), y + np.float32(0.01)
    )
    mast = np.minimum(np.float32(0.007) - np.abs(x), np.float32(1.0) - y)
    return sails, np.maximum(inside(hull), inside(mast) * (y >= 0))


def dyes(sheet: Sheet) -> tuple[Field, Field]:
    """(sail, hull): against a low sun the sails glow a little and the hull is dark."""
    asked = sheet.spec.colour("boat")
    cloth = colour(asked) if asked else rgb("f6efe2")
    match sheet.spec.time:
        case "day" | "golden":
            return cloth * np.float32(0.98), blend(rgb("5a3a2c"), sheet.light.fill, 0.2)
        case "night" | "moonlight":
            return cloth * sheet.light.fill * np.float32(1.5), sheet.light.fill * np.float32(0.25)
    return cloth * blend(sheet.light.fill, sheet.light.glow, 0.35) * np.float32(0.8), sheet.light.fill * np.float32(0.25)


def flock(sheet: Sheet, wish: Subject) -> None:
    """A loose flock of distant birds."""
    chance = Chance(sheet.seed, "birds")
    low, high = PLACES.get(wish.place, (0.25, 0.75))
    x, y = chance.between(low, high) * sheet.width, sheet.horizon * chance.between(0.30, 0.62)
    count = wish.count if wish.count > 1 else chance.whole(5, 11)
    for _ in range(count):
        size = sheet.unit * chance.between(0.007, 0.016)
        bird(sheet, x + chance.between(-0.16, 0.16) * sheet.unit, y + chance.between(-0.07, 0.07) * sheet.unit, size, chance)


def bird(sheet: Sheet, x: float, y: float, size: float, chance: Chance) -> None:
    """Two bent wings."""
    lift, lean, thick = chance.between(0.25, 0.75), chance.between(-0.25, 0.25), max(0.55, size * 0.10)
    left, right = max(0, int(x - size) - 1), min(sheet.width, int(x + size) + 2)
    first, last = max(0, int(y - size) - 2), min(sheet.horizon, int(y + size) + 3)
    if left >= right or first >= last:
        return
    across = (np.arange(left, right, dtype=np.float32)[None, :] - np.float32(x)) / np.float32(size)
    wing = np.abs(across)
    arc = (wing * (np.float32(1.5) - wing) * np.float32(lift) * 2 - across * np.float32(lean)) * np.float32(size)
    rows = np.arange(first, last, dtype=np.float32)[:, None] - np.float32(y)
    width = np.float32(thick) * (np.float32(1.5) - wing)
    cover = np.clip(width - np.abs(rows + arc) + np.float32(0.5), 0, 1) * smooth(1.0, 0.92, wing)
    window = slice(first, last), slice(left, right)
    sheet.mix(sheet.light.fill * np.float32(0.35), cover * np.float32(0.9), *window)
    sheet.hide(cover, PART + 30, *window)


def snowfall(sheet: Sheet) -> None:
    """Falling snow, where no mountains are there for it to lie on: many small flakes, few near and large."""
    count = min(8192, int(FLAKES * sheet.width * sheet.height / sheet.unit**2))
    draws = lattice(key(sheet.seed, "snowfall"), (3, 8192))[:, :count] * np.float32(0.5) + np.float32(0.5)
    near = draws[2] * draws[2] * draws[2]
    x, y, radius = draws[0] * sheet.width, draws[1] * sheet.height, np.float32(sheet.unit) * (near * np.float32(0.006) + np.float32(0.0016))
    reach = int(sheet.unit * 0.0076 * 1.1) + 1
    cover = np.zeros(sheet.shape, np.float32)
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            row, column = np.clip(y.astype(np.int32) + down, 0, sheet.height - 1), np.clip(x.astype(np.int32) + right, 0, sheet.width - 1)
            square = (column + np.float32(0.5) - x) ** 2 + (row + np.float32(0.5) - y) ** 2
            flake = np.clip(np.float32(1.2) - square / np.maximum(radius * radius, np.float32(0.5)), 0, 1)
            np.maximum.at(cover, (row, column), flake)
    sheet.mix(blend(rgb("ffffff"), sheet.light.fill, 0.25 if not sheet.night else 0.45), cover * np.float32(0.85))
