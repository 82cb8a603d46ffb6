"""Bridges: one of stone on arches, or in a city one that hangs from two towers; each with its reflection."""

import numpy as np

from imagechat.providers.sketch.built.prism import KEY, MOST, grid, window_of
from imagechat.providers.sketch.built.walls import LIT, SNOW, masonry
from imagechat.providers.sketch.canvas.curves import smooth, wave
from imagechat.providers.sketch.canvas.light import blend, colour, rgb
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet, Spot
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.spec import Subject

PART = 560.0
STONE, STEEL = rgb("a89b86"), rgb("8f4a3c")


def bridge(sheet: Sheet, spot: Spot, wish: Subject, number: int) -> None:
    """The bridge that fits the scene."""
    if sheet.spec.scene == "city":
        hanging(sheet, spot, number)
    else:
        arched(sheet, spot, number)


def mirrored(sheet: Sheet, rows: Field, columns: Field, metre: float) -> tuple[Field, Field, Field]:
    """(height, sideways, share) of each point: below the water line it shows what stands above, swaying and fading."""
    under = rows < 0
    sway = (
        wave(rows * np.float32(0.55)) * np.float32(0.10) + wave(rows * np.float32(0.23) + columns * np.float32(0.02)) * np.float32(0.16)
    ) * under
    height = np.where(under, -rows * np.float32(1.04), rows)
    veil = np.where(under, np.clip(np.float32(0.66) + rows * np.float32(0.028), 0.12, 1), np.float32(1))
    return height.astype(np.float32), columns + sway.astype(np.float32), veil.astype(np.float32)


def spanned(sheet: Sheet, spot: Spot, half: float, high: float) -> tuple[tuple[slice, slice], Field, Field, Field] | None:
    """(window, height and sideways in metres, share) about a bridge `half` metres to each side and `high` above the water."""
    tall = high * spot.metre
    window = window_of(sheet, [(spot.x - half * spot.metre, spot.y - tall), (spot.x + half * spot.metre, spot.y + tall)])
    if window is None:
        return None
    x, y = grid(window)
    columns, rows = (x - np.float32(spot.x)) * np.float32(1 / spot.metre), (np.float32(spot.y) - y) * np.float32(1 / spot.metre)
    height, across, veil = mirrored(sheet, rows + 0 * columns, columns, spot.metre)
    return window, height, across, veil


def lay(sheet: Sheet, window: tuple[slice, slice], cover: Field, tone: list[Field], *, veil: Field, facts: tuple[float, float]) -> None:
    """Paint a bridge and its reflection; only what stands above the water is solid. `facts`: air before it, its part."""
    air, part = facts
    haze, deep = blend(sheet.light.haze, sheet.light.lower, 0.35), sheet.light.deep
    dim = np.where(veil < 1, np.float32(0.82), np.float32(1))
    seen = [np.minimum(tone[c], MOST) * np.float32(1 - air) + haze[c] * np.float32(air) for c in range(3)]
    sheet.mix(np.stack([seen[c] * dim + deep[c] * (1 - dim) for c in range(3)]), cover * veil, *window)
    sheet.hide(cover * (veil >= 1), part, *window)


def arched(sheet: Sheet, spot: Spot, number: int) -> None:
    """Arches of stone, the road rising gently to the middle."""
    chance = Chance(sheet.seed, "bridge", str(number))
    count, wide = chance.whole(3, 4), chance.between(9.0, 11.5)
    if sheet.spec.scene != "river":  # Over wide water it goes from one side of the picture to the other.
        count = int(max(spot.x, sheet.width - spot.x) / spot.metre / wide) * 2 + 5
    half = count * wide / 2 + 9
    found = spanned(sheet, spot, half, 9.5)
    if found is None:
        return
    window, height, across, veil = found
    pixel = np.float32(1 / spot.metre)
    share = across / np.float32(min(half, 32.0))
    crown = np.float32(7.4) - np.minimum(share * share, 1) * np.float32(2.6)
    top = np.clip((crown - height) / pixel + np.float32(0.5), 0, 1)
    ends = np.clip((np.float32(half) - np.abs(across) - height * np.float32(0.3)) / pixel, 0, 1)
    open_, ring = openings(across, height, (count, wide), pixel)
    through, _ = openings(across - np.float32(0.8 * sheet.composition.side), height + np.float32(0.25), (count, wide), pixel)
    cover = top * ends * (np.float32(1) - open_ * through)
    tone = stones(sheet, (across, height, crown), open_, ring, spot.metre)
    lay(sheet, window, cover, tone, veil=veil, facts=(spot.air, PART + number % 4))


def openings(across: Field, height: Field, arches: tuple[int, float], pixel: np.float32) -> tuple[Field, Field]:
    """(where the arches are open, the ring of stones about each)."""
    count, wide = arches
    at = across * np.float32(1 / wide) + np.float32(count / 2)
    cell = np.floor(at)
    x = (at - cell - np.float32(0.5)) * np.float32(wide)
    within = (cell >= 0) & (cell < count)
    radius = wide / 2 - 0.9
    y = np.maximum(height - np.float32(0.9), 0) * np.float32(radius / (radius * 0.92))
    distance = np.float32(radius) - np.sqrt(x * x + y * y)
    open_ = np.clip(distance / pixel + np.float32(0.5), 0, 1) * within
    ring = np.clip((np.float32(0.55) + distance) / pixel, 0, 1) * (1 - open_) * within
    return open_.astype(np.float32), ring.astype(np.float32)


def stones(sheet: Sheet, place: tuple[Field, Field, Field], open_: Field, ring: Field, metre: float) -> list[Field]:
    """The lit colours of the masonry: rings of pale stones, a parapet with its ledge, damp at the foot, dark under the arches."""
    across, height, crown = place
    asked = sheet.spec.colour("bridge")
    stone = blend(colour(asked), STONE, 0.4) if asked else STONE
    bright = masonry(sheet.seed, across + 90, height + 3, (1.05, 0.5), min(1.0, metre / 9))
    below = crown - height
    ledge = (below > 1.0) & (below < 1.3)
    bright = (
        bright
        * (np.float32(1) - ledge * np.float32(0.35) + ring * np.float32(0.10))
        * (np.float32(0.72) + smooth(0, 1.4, height) * np.float32(0.28))
    )
    bright = bright * (np.float32(1) - open_ * np.float32(0.62))
    toward = np.float32(KEY[sheet.spec.time] * (0.46 if sheet.spec.time == "day" else 0.24))
    light = sheet.light.fill * np.float32(0.54) + sheet.light.key * toward
    tone = [stone[c] * light[c] * bright for c in range(3)]
    if sheet.snowy:
        snow = np.asarray(below < 0.32, np.float32) * np.float32(0.9)
        tone = [tone[c] + (SNOW[c] * (light[c] + np.float32(0.15)) - tone[c]) * snow for c in range(3)]
    return tone


def hanging(sheet: Sheet, spot: Spot, number: int) -> None:
    """A road that hangs by cables from two towers, from one side of the picture to the other."""
    chance = Chance(sheet.seed, "bridge", "hanging", str(number))
    spot = Spot(
        "water",
        sheet.width * chance.between(0.42, 0.58),
        sheet.horizon + (sheet.height - sheet.horizon) * (0.34 + 0.2 * number),
        sheet.unit * 0.0050,
        spot.air,
    )
    half = sheet.width / spot.metre
    span = sheet.width / spot.metre * chance.between(0.24, 0.30)
    high, deck = min(44.0, span * 0.66), min(11.0, span * 0.15)
    found = spanned(sheet, spot, half, high * 1.06)
    if found is None:
        return
    window, height, across, veil = found
    pixel = np.float32(1 / spot.metre)
    thick = max(0.75, 0.75 / spot.metre)

    def band(field: Field, low: float, top: float) -> Field:
        return np.clip(np.minimum(field - np.float32(low), np.float32(top) - field) / pixel + np.float32(0.5), 0, 1)

    off = np.abs(np.abs(across) - np.float32(span))
    legs = band(off, -1, max(1.9, 1.2 / spot.metre)) * band(height, -1, high)
    between = np.abs(across) / np.float32(span)
    cable = np.where(
        between < 1,
        deck + 1.5 + between * between * (high - deck - 2),
        np.maximum(deck, high - (between - 1) * np.float32((high - deck) * 1.25)),
    )
    rope = np.clip((np.float32(thick * 0.7) - np.abs(height - cable)) / pixel + np.float32(0.5), 0, 1) * (cable > deck + 0.2)
    step = max(5.0, 5.0 / spot.metre)
    strand = np.abs(across * np.float32(1 / step) - np.floor(across * np.float32(1 / step)) - np.float32(0.5)) * np.float32(step)
    hangers = np.clip((np.float32(0.28) - strand) / pixel + np.float32(0.5), 0, 1) * (height < cable) * (height > deck) * np.float32(0.55)
    road = band(height, deck - max(1.3, 1.2 / spot.metre), deck + 0.5)
    cover = np.maximum(np.maximum(legs, road), np.maximum(rope, hangers * (cable > deck + 0.2))).astype(np.float32)
    asked = sheet.spec.colour("bridge")
    steel = colour(asked) if asked else STEEL if chance.happens(0.5) else rgb("8e989e")
    light = sheet.light.fill * np.float32(0.85) + sheet.light.key * np.float32(KEY[sheet.spec.time] * 0.5)
    tone = [steel[c] * light[c] * (np.float32(1) - road * np.float32(0.35)) for c in range(3)]
    lay(sheet, window, cover, tone, veil=veil, facts=(spot.air, PART + number % 4))
    if LIT[sheet.spec.time] > 0.3:
        lamps(sheet, window, veil, (across, height - np.float32(deck + 1.4)), step * 2)


def lamps(sheet: Sheet, window: tuple[slice, slice], veil: Field, place: tuple[Field, Field], step: float) -> None:
    """The chain of lamps along the road, and its light in the water."""
    across, up = place
    x = (across * np.float32(1 / step) - np.floor(across * np.float32(1 / step)) - np.float32(0.5)) * np.float32(step)
    spread = np.where(veil < 1, np.float32(0.16), np.float32(1))
    square = (x * x + up * up * spread) * np.float32(1.6)
    share = np.clip(np.float32(1.6) - square, 0, 1) * veil
    sheet.mix(rgb("ffd9a0") * np.float32(1.05), share, *window)
    shine = sheet.marks.shine[window]
    np.maximum(shine, share * np.float32(0.8), out=shine)
