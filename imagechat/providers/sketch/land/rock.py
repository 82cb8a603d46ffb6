"""What mountains are made of: rock, snow, woods and meadows by height and slope, in light and shadow, fading into the air."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.light import blend, colour, rgb, tinted
from imagechat.providers.sketch.canvas.noise import Field, enlarged, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.massif import FOCUS, Range
from imagechat.providers.sketch.land.treetops import SIDE, canopy, grass, leaves

ROCKS = (("8d8378", "4a464b"), ("9a8a78", "554a46"), ("7d858d", "3e454f"), ("a08670", "57453c"), ("8f8f94", "4c4c56"))
SNOW = rgb("dde4f0")
ROSE = rgb("ff8a5e")
GRAIN = 1024
"""The side of the tile of rock in points; `FINE` of them are one world's measure long."""
FINE, TREES = 430, 520
AIR = {"clear": 9.0, "scattered": 8.0, "cloudy": 6.5, "fog": 2.2, "rain": 3.4, "storm": 4.0, "snow": 3.2, "wind": 9.0}
"""How deep one sees before half is air."""


@dataclass(frozen=True, slots=True)
class View:
    """What each point of the picture shows of the ground: its `depth`, slopes to the `right` and `away`, how deep in a `hollow` it lies,
    and 1 where light reaches it; (rows, width), from the row `top` of the picture on.
    """

    depth: Field
    right: Field
    away: Field
    hollow: Field
    lit: Field
    top: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is: `height`, `level` (1 flat, 0 upright), `patches` broad and `grain` fine noise, `trees` and `kind` of the woods."""

    height: Field
    level: Field
    patches: Field
    grain: Field
    trees: Field
    kind: Field


def coloured(sheet: Sheet, shape: Range, view: View) -> Field:
    """(3, rows, width): the ground as the eye gets it."""
    place, right, away = placed(sheet, shape, view)
    snow = snowed(sheet, shape, place, view.hollow - away * np.float32(0.024))
    green, woods = grown(sheet, shape, place)
    bare = np.float32(1) - np.maximum(np.maximum(snow * np.float32(0.75), green * np.float32(0.85)), woods)
    direct = lighted(sheet, view.right + right * bare, view.away + away * bare) * view.lit
    if sheet.crisp:
        direct = np.where(direct > 0.40, np.float32(0.9), np.float32(0.12))
    if sheet.spec.time in ("dawn", "sunset"):
        tall = shape.peaks[0].high
        direct *= np.float32(0.22) + np.float32(1.0) * smooth(tall * 0.12, tall * 0.62, place.height)
    picture = materials(sheet, place, snow, green, woods)
    lamp, sky = lamps(sheet)
    ambient = np.float32(0.46) + np.float32(0.34) * place.level - np.clip(view.hollow * np.float32(2.2), -0.10, 0.22)
    for channel in range(3):
        picture[channel] *= direct * lamp[channel] + ambient * sky[channel]
    return hazed(sheet, shape, picture, place, view.depth)


def lamps(sheet: Sheet) -> tuple[Field, Field]:
    """(direct light, light of the sky)."""
    direct, sky = sheet.light.key, sheet.light.fill
    if sheet.night:
        return direct * np.float32(0.78 if sheet.spec.time == "moonlight" else 0.6), sky * np.float32(1.5)
    if sheet.spec.time in ("dawn", "sunset"):
        return blend(direct, ROSE, 0.40) * np.float32(1.24), sky * np.float32(1.12)
    return direct * np.float32(0.62 if sheet.spec.time == "dusk" else 1.06), sky * np.float32(1.0)


def placed(sheet: Sheet, shape: Range, view: View) -> tuple[Place, Field, Field]:
    """(what lies at each point, the fine slopes to the right and away)."""
    scale = np.float32(1 / (sheet.unit * FOCUS))
    rows = np.float32(sheet.horizon) - sheet.rows(view.top, view.top + view.depth.shape[0])
    height = view.depth * (rows * scale) + np.float32(shape.eye)
    x = view.depth * ((sheet.columns() - np.float32(sheet.width / 2)) * scale) + np.float32(40)
    up = height + view.depth * np.float32(0.24) + np.float32(8)
    grain, right, away = rough()
    at = found(up, x, FINE, GRAIN)
    bump = np.float32(min(1.0, 0.35 + sheet.unit / 1200))
    trees, kind = canopy(sheet.spec.wood or "conifer")
    wood = found(np.float32(64) - up, x, TREES, SIDE)
    level = np.float32(1) / np.sqrt(view.right * view.right + view.away * view.away + np.float32(1))
    place = Place(height, level, patched(sheet, up, x), grain.take(at), trees.take(wood), kind.take(wood))
    return place, right.take(at) * bump, away.take(at) * bump


def found(up: Field, x: Field, zoom: float, side: int) -> Field:
    """The point of a square tile that lies at each place."""
    row = (up * np.float32(zoom)).astype(np.int32) & (side - 1)
    row *= np.int32(side)
    row += (x * np.float32(zoom)).astype(np.int32) & (side - 1)
    return row


def patched(sheet: Sheet, up: Field, x: Field) -> Field:
    """Broad patches of about -1 to 1, read at every fourth point."""
    field = tile(sheet.seed, "ground cover", (8, 8), 128, octaves=5, gain=0.6)
    few = (slice(None, None, 4), slice(None, None, 4))
    return enlarged(sampled(field, up[few] * np.float32(44), x[few] * np.float32(34)), up.shape)


@cache
def rough() -> tuple[Field, Field, Field]:
    """(height from about -1 to 1, slope to the right, slope up) of a tile of rock: creases and blocks of all sizes."""
    creases = tile(0, "creases", (16, 32), GRAIN // 2, octaves=5, gain=0.55)
    creases = creases[:, :GRAIN].repeat(2, axis=0)
    creases = np.float32(0.7) - np.sqrt(creases * creases + np.float32(0.002)) * np.float32(2.2)
    field = creases * np.float32(0.8) + tile(0, "blocks", (32, 32), GRAIN, octaves=6, gain=0.62) * np.float32(0.7)
    right = (np.roll(field, -1, 1) - np.roll(field, 1, 1)) * np.float32(7.0)
    away = (np.roll(field, -1, 0) - np.roll(field, 1, 0)) * np.float32(5.5)
    return field, right, away


def lighted(sheet: Sheet, right: Field, away: Field) -> Field:
    """How much direct light falls on a slope, 0 to about 1.1; it comes from the sun's side and a little from behind the eye."""
    low = 0.14 if sheet.low_sun or sheet.spec.time == "dusk" else 0.34
    light = right * np.float32(sheet.composition.side * 0.86) + away * np.float32(0.36) + np.float32(low)
    light /= np.sqrt(right * right + away * away + np.float32(1))
    return np.asarray(np.clip(light * np.float32(1.15), 0, 1.15), np.float32)


def snowed(sheet: Sheet, shape: Range, place: Place, hollow: Field) -> Field:
    """Where snow lies: high up, on what is not too steep, long in gullies and on ledges (`hollow`)."""
    if "snow" in sheet.spec.without:
        return np.zeros_like(place.height)
    tall = shape.peaks[0].high
    line = shape.snow * (0.10 if sheet.snowy else 1.0)
    over = (place.height - np.float32(line)) * np.float32(1 / tall) + place.patches * np.float32(0.10)
    ledge = banded(place.height * np.float32(22) + place.patches * np.float32(2.4) + place.grain * np.float32(0.4)) * np.float32(0.025)
    hold = place.level + hollow * np.float32(5.5) + np.clip(over, 0, 0.5) * np.float32(0.55) - place.grain * np.float32(0.16) + ledge
    steep = 0.09 if sheet.snowy else 0.0
    return smooth(0.53 + steep, 0.62 + steep, hold) * smooth(
        -0.02, 0.06, over - place.grain * np.float32(0.03) + np.clip(hollow, 0, 0.1) * np.float32(1.5)
    )


def grown(sheet: Sheet, shape: Range, place: Place) -> tuple[Field, Field]:
    """Where (meadows, woods) grow: woods up to the tree line, in tongues, meadows somewhat higher."""
    tall = shape.peaks[0].high
    meadow = (np.float32(shape.trees * 1.25) - place.height) * np.float32(1 / tall) + place.patches * np.float32(0.09)
    green = smooth(-0.02, 0.03, meadow + place.grain * np.float32(0.045))
    green *= smooth(0.38, 0.52, place.level + place.grain * np.float32(0.06))
    edge = (np.float32(shape.trees) - place.height) * np.float32(1 / tall) + place.patches * np.float32(0.20)
    woods = smooth(-0.01, 0.035, edge + place.kind * np.float32(0.035)) * smooth(0.34, 0.46, place.level + place.kind * np.float32(0.06))
    woods *= smooth(-0.50, -0.36, place.patches + place.kind * np.float32(0.05))
    if sheet.spec.scene == "desert":
        return green * np.float32(0), woods * np.float32(0)
    if "tree" in sheet.spec.without:
        woods = woods * np.float32(0)
    return green, woods


def banded(turns: Field) -> Field:
    """Bands of -1 to 1, one for each turn."""
    turns = turns - np.floor(turns)
    turns -= np.float32(0.5)
    np.abs(turns, out=turns)
    turns *= np.float32(4)
    turns -= np.float32(1)
    return turns


def materials(sheet: Sheet, place: Place, snow: Field, green: Field, woods: Field) -> Field:
    """(3, rows, width): what the ground is made of, before any light."""
    bright, dark = rocks(sheet)
    strata = banded(place.height * np.float32(15) + place.patches * np.float32(2.6) + place.grain * np.float32(0.25))
    rock = np.clip(strata * np.float32(0.10) + place.grain * np.float32(0.34) + place.patches * np.float32(0.25) + np.float32(0.55), 0, 1.2)
    most, other = leaves(sheet)
    turned = smooth(-0.1, 0.9, place.kind)
    frost = smooth(0.45, 1.15, place.trees) * np.float32(0.62) if sheet.snowy else None
    meadow, speckle = grass(sheet), np.float32(0.92) + place.grain * np.float32(0.22) + place.patches * np.float32(0.12)
    out = np.empty((3, *place.height.shape), np.float32)
    for channel in range(3):
        tone = dark[channel] + (bright[channel] - dark[channel]) * rock
        tone += (meadow[channel] * speckle - tone) * green
        tone += (SNOW[channel] - tone) * snow
        tree = (most[channel] + (other[channel] - most[channel]) * turned) * (
            place.trees * (np.float32(1.15) + place.patches * np.float32(0.32))
        )
        if frost is not None:
            tree += (SNOW[channel] * np.float32(0.9) - tree) * frost
        tone += (tree - tone) * woods
        out[channel] = tone
    return out


def rocks(sheet: Sheet) -> tuple[Field, Field]:
    """(bright, dark) rock of this seed, tinted where words say so."""
    bright, dark = (rgb(text) for text in Chance(sheet.seed, "rock").choice(ROCKS))
    wanted = sheet.spec.colour("mountain")
    if wanted is None:
        return bright, dark
    return tinted(bright, colour(wanted), 0.7), tinted(dark, colour(wanted), 0.7)


def hazed(sheet: Sheet, shape: Range, picture: Field, place: Place, depth: Field) -> Field:
    """`picture` behind the air before it: more of it in the distance, and mist where the ground is low."""
    weather = sheet.spec.weather
    clear = AIR[weather] * (1.0 if sheet.spec.scene == "mountains" else 0.62)
    deep = np.clip(depth - np.float32(0.9), 0, None) * np.float32(1.45 / clear)
    deep *= deep
    share = deep / (np.float32(0.62) + deep)
    mist = Chance(sheet.seed, "mist").between(0.10, 0.45) * (1.5 if sheet.spec.time == "dawn" else 1.0)
    layer = smooth(0.20, -0.01, place.height + place.patches * np.float32(0.07)) * smooth(shape.begin, shape.begin + 1.0, depth)
    if weather == "fog":
        layer, mist = smooth(0.55, 0.02, place.height + place.patches * np.float32(0.10)), 0.9
    share += (np.float32(1) - share) * layer * np.float32(min(0.9, mist))
    air = blend(sheet.light.haze, sheet.light.horizon if sheet.low_sun else sheet.light.lower, 0.35)
    dim = 0.8 if sheet.night or weather == "storm" else 1.0
    for channel in range(3):
        picture[channel] += (air[channel] * np.float32(dim) - picture[channel]) * share
    return picture
