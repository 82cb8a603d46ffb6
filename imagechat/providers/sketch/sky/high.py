"""Clouds on a plane in perspective: high ice clouds, the lit cells and bars of a low sun, closed decks."""

from dataclasses import dataclass

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.noise import Field, sampled, tile
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.sky.laying import both, grown, lay

COVER = {"clear": 0.34, "scattered": 0.47, "wind": 0.72}


@dataclass(frozen=True, slots=True)
class Kind:
    """`across`, `away`: its cells across and away from the eye; `fine`: how much its fine parts weigh; `edge`: from where to where its
    noise becomes cloud; `fold`: how strongly the light models it; `most`: how thick it is.
    """

    across: float
    away: float
    fine: float
    edge: tuple[float, float]
    fold: float
    most: float


ICE = (
    Kind(9.0, 70.0, 0.62, (0.34, 0.98), 1.5, 0.82),
    Kind(46.0, 74.0, 0.40, (0.34, 0.98), 1.5, 0.82),
    Kind(26.0, 55.0, 0.56, (0.34, 0.98), 1.5, 0.82),
)
"""Combed streaks, a mackerel field, drawn-out banks."""
LIT = (
    Kind(74.0, 96.0, 0.42, (0.30, 0.78), 2.2, 0.92),
    Kind(15.0, 120.0, 0.50, (0.36, 0.86), 2.0, 0.90),
    Kind(34.0, 62.0, 0.54, (0.28, 0.80), 2.4, 0.94),
    Kind(9.0, 70.0, 0.62, (0.30, 0.90), 1.8, 0.86),
)
"""What a low sun sets on fire: altocumulus, long bars, a broken field, combed streaks."""
FIRE = {"dawn": 0.65, "golden": 0.65, "sunset": 1.0, "dusk": 0.6}
"""How far the low sun drives the light and the shadow of clouds apart."""
CALM = {"dawn": 0.13, "golden": 0.10, "dusk": 0.04}
"""How much less of the sky they cover than at sunset."""
DECKS = {
    "cloudy": (0.82, 0.85, 0.80),
    "rain": (0.95, 1.0, 0.70),
    "storm": (0.90, 1.15, 0.64),
    "snow": (0.92, 0.7, 0.68),
    "fog": (0.75, 0.35, 0.34),
}
"""How much of the sky a closed deck covers, how dark its folds are, and how thick it is where it is thinnest."""


def sky_plane(sheet: Sheet) -> tuple[Field, Field, Field]:
    """At half size (x, y, far): columns from the middle in short sides, rows as shares of the sky, the distance of the plane there."""
    rows, columns = max(2, (sheet.horizon + 1) // 2), max(2, (sheet.width + 1) // 2)
    y = (np.arange(rows, dtype=np.float32)[:, None] + np.float32(0.5)) / rows
    x = (np.arange(columns, dtype=np.float32)[None, :] / columns - np.float32(0.5)) * np.float32(sheet.width / sheet.unit)
    return x, y, np.float32(1) / (np.float32(1.06) - y)


def folded(field: Field, down: int, right: int) -> Field:
    """How much a tile rises toward a light that stands `down` and `right` of each point."""
    return field - np.roll(field, (-down, -right), (0, 1))


def high_clouds(sheet: Sheet) -> None:
    """Ice clouds far above; under a low sun richer ones, in patches that leave the sky open."""
    chance = Chance(sheet.seed, "high clouds", sheet.spec.scene, sheet.spec.layout)
    low = sheet.low_sun or sheet.spec.time == "dusk"
    kind = chance.choice(LIT if low else ICE)
    windy, cover = (
        sheet.spec.weather == "wind",
        max(COVER[sheet.spec.weather], 0.40 if sheet.spec.weather == "clear" else 0.52) + chance.between(-0.06, 0.26)
        if low
        else COVER[sheet.spec.weather],
    )
    x, y, far = sky_plane(sheet)
    field = tile(sheet.seed, f"high clouds {sheet.spec.scene} {sheet.spec.layout}", (4, 4), 256, octaves=7, gain=kind.fine)
    lean, wander = chance.between(-0.9, 0.9) * (1.6 if windy else 1.0), np.float32(chance.between(256, 512))
    side, deep = (x + np.float32(lean) * y) * far, far * np.float32(0.9)
    patches = coarsely(field, deep * np.float32(17) + wander * 2, side * np.float32(13) + wander * 4)
    v = deep * np.float32(kind.away) + patches * np.float32(9 if windy else 5) + wander
    u = side * np.float32(kind.across * (0.5 if windy else 1.0)) + wander * np.float32(8)
    body, rise = both(field, folded(field, 4, 3 if sheet.sun[0] > sheet.width / 2 else -3), v, u)
    density = smooth(kind.edge[0] - cover, kind.edge[1] - cover, body + patches * np.float32(0.9))
    density *= np.clip(far * np.float32(0.9) - np.float32(0.10 if low else 0.45), 0, 1) * smooth(1.0, 0.88 if low else 0.84, y)
    lit = np.clip(np.float32(0.62) + rise * np.float32(kind.fold) - density * np.float32(0.40 if low else 0.22), 0, 1)
    if low:
        off = x - np.float32((sheet.sun[0] / sheet.width - 0.5) * sheet.width / sheet.unit)
        lit = np.clip((lit - np.float32(0.38)) * np.float32(1.5) + np.float32(0.30) + np.float32(0.30) / (off * off * 3 + 1) * y, 0, 1)
    if sheet.crisp:
        density = smooth(0.35, 0.60, density) * np.float32(0.75)
        lit = smooth(0.40, 0.55, lit)
    lay(sheet, density, lit, whole(sheet), most=kind.most, fire=FIRE.get(sheet.spec.time, 0.0))


def coarsely(field: Field, rows: Field, columns: Field) -> Field:
    """Broad shapes of a `field`, read at every second point and grown."""
    few = sampled(field, rows[::2] + 0 * columns[::2, ::2], columns[::2, ::2] + 0 * rows[::2])
    return grown(few, columns.shape)


def whole(sheet: Sheet) -> tuple[slice, slice]:
    """The window of the sky."""
    return slice(0, sheet.horizon), slice(0, sheet.width)


def deck(sheet: Sheet) -> None:
    """A closed layer seen from below: heavy folds with dark bases, bright where it is thin, and a lighter strip at the horizon."""
    cover, dark, least = DECKS[sheet.spec.weather]
    chance = Chance(sheet.seed, "deck", sheet.spec.scene, sheet.spec.layout)
    x, y, far = sky_plane(sheet)
    field = tile(sheet.seed, f"deck {sheet.spec.scene} {sheet.spec.layout}", (8, 8), 256, octaves=7, gain=0.52)
    wander, lean = np.float32(chance.between(256, 512)), np.float32(chance.between(-0.5, 0.5))
    u = (x + lean * y) * far * np.float32(chance.between(28, 42)) + wander * 8
    v = far * np.float32(chance.between(44, 60)) + wander
    warp = coarsely(field, v * np.float32(0.5) + 77, u * np.float32(0.5) + 31)
    body, fold = both(field, folded(field, 4, 0), v + warp * np.float32(11), u + warp * np.float32(8))
    density = smooth(0.62 - 1.5 * cover, 1.35 - 1.5 * cover, body + warp * np.float32(0.5))
    np.maximum(density, np.float32(least), out=density)
    density *= smooth(1.02, 0.90 if cover < 0.9 else 0.97, y)
    base = np.float32(0.57) - (body * np.float32(0.30) + warp * np.float32(0.34)) * np.float32(dark) + fold * np.float32(0.62)
    strip = smooth(0.55, 1.0, y) * np.float32(0.34)
    heavy = smooth(0.95, 0.35, np.abs(y - np.float32(0.42)) * 2) * np.float32(0.20 * dark)
    lit: Field = np.clip(base + (strip - heavy) + sunny_folds(sheet, x, y, fold), 0, 1)
    if sheet.crisp:
        lit = np.floor(lit * 4) * np.float32(0.25) + np.float32(0.1)
    deep = smooth(0.42, 0.0, lit) * density * np.float32(0.36 * dark)
    if sheet.spec.subject("moon") or sheet.spec.weather == "fog":
        deep *= np.float32(0.3)
    lay(sheet, density, lit, whole(sheet), most=0.97, deep=deep, fire=FIRE.get(sheet.spec.time, 0.0) * 0.8 if sheet.low_sun else 0.0)


def sunny_folds(sheet: Sheet, x: Field, y: Field, fold: Field) -> Field | np.float32:
    """The low sun lights the undersides: every fold that faces it, most of them near it."""
    if not sheet.low_sun:
        return np.float32(0)
    off = x - np.float32((sheet.sun[0] / sheet.width - 0.5) * sheet.width / sheet.unit)
    facing = np.clip(fold * np.float32(1.2) + np.float32(0.12), 0, 1) / (np.float32(1) + off * off * 3)
    return np.asarray(facing * (np.float32(0.4) + y * np.float32(0.6)), np.float32)
