"""The large shape of mountains: which kind of massif stands where, before water has cut its ridges."""

from dataclasses import dataclass, field

import numpy as np

from imagechat.providers.sketch.canvas.curves import smooth
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance

FOCUS = 1.1
"""The lens: how many short sides away a thing as large as the short side fills it."""
KINDS = {"needles": 2.0, "massif": 2.0, "volcano": 0.9, "crest": 1.6, "old": 0.8, "walls": 1.3, "twin": 1.4, "horn": 1.6}
"""The kinds of massif by how often they come."""
LAST = 6.4
"""The depth where the ground ends."""


@dataclass(frozen=True, slots=True)
class Peak:
    """One summit: its place (`x` sideways, `z` in depth), how `high`, how `wide` and `deep` its foot is, and how `sharp`: -1 a dome,
    0 a cone, 1 a spire.
    """

    x: float
    z: float
    high: float
    wide: float
    deep: float
    sharp: float = 0.0


@dataclass(frozen=True, slots=True)
class Range:
    """All that the seed decides about the mountains, in the world's own measure, where the short side is one wide at depth 1.1.

    `begin`: where the ground rises; `rest`: how high the range around the massif is; `rugged`: how deep water has cut, 0 to 1;
    `size`: how large its ridges are; `snow` and `trees`: the heights where they begin and end; `eye`: the eye's height; `spires`: what
    stands on the shoulders of the `peaks`; `valley`: the middle and half width of a valley between two walls.
    """

    kind: str
    begin: float
    rest: float
    rugged: float
    size: float
    snow: float
    trees: float
    eye: float
    peaks: tuple[Peak, ...] = ()
    spires: tuple[Peak, ...] = field(default=())
    valley: tuple[float, float] | None = None


def chosen_range(sheet: Sheet) -> Range:
    """The range of this seed: grand where mountains are the picture, farther and lower behind another scene."""
    chance = Chance(sheet.seed, "range", sheet.spec.scene, sheet.spec.layout)
    kind = chance.weighed(KINDS)
    main = sheet.spec.scene == "mountains"
    valley = main and sheet.spec.layout == "range"
    z = chance.between(2.3, 3.0) if main else chance.between(3.0, 3.6)
    room = min(1.15, sheet.horizon / sheet.unit) * z / FOCUS
    high = room * chance.between(0.54, 0.70) * (1.0 if main else 0.78)
    off = chance.choice((0.02, 0.14, 0.20, 0.26)) + chance.between(-0.02, 0.03)
    x = sheet.composition.side * off * z * min(1.6, sheet.width / sheet.unit) / FOCUS
    peaks, spires = stood(chance, kind, x, z, high)
    old = kind == "old"
    return Range(
        kind=kind,
        begin=(1.25 if valley else chance.between(1.5, 1.8)) * (1.0 if main else 1.25),
        rest=high * chance.between(0.26, 0.50) * (1.35 if kind == "crest" else 1.0),
        rugged=0.45 if old else 0.28 if kind == "volcano" else chance.between(0.62, 0.84),
        size=chance.between(0.8, 1.25),
        snow=high * (0.95 if old else chance.between(0.30, 0.58)),
        trees=high * (0.34 if old else chance.between(0.17, 0.26)),
        eye=0.06 if valley else 0.006,
        peaks=peaks,
        spires=spires,
        valley=(-x * 0.5, chance.between(0.26, 0.40)) if kind == "walls" else None,
    )


def stood(chance: Chance, kind: str, x: float, z: float, high: float) -> tuple[tuple[Peak, ...], tuple[Peak, ...]]:
    """(summits, spires on their shoulders) of a massif of that kind."""
    wide = chance.between(0.85, 1.30)
    side = chance.sign()
    match kind:
        case "needles":
            body = Peak(x, z, high * 0.62, wide * 1.25, wide * 0.85, -0.5)
            return (body,), needles(chance, x, z, high=high * 0.62, wide=wide)
        case "massif":
            near = [(0.0, 1.0), (side * 0.52, 0.86), (-side * 0.46, 0.80), (side * 1.0, 0.66)]
            return tuple(Peak(x + off * wide, z + chance.between(-0.1, 0.3), high * up, wide, wide * 0.8, -0.35) for off, up in near), ()
        case "volcano":
            return (Peak(x, z, high * 1.02, wide * 1.55, wide * 1.3, 0.62),), ()
        case "crest":
            off = wide * 0.62
            return tuple(Peak(x + (i - 2) * off, z + i * 0.1, high * chance.between(0.66, 0.98), wide, 0.9, 0.05) for i in range(5)), ()
        case "old":
            off = wide * 0.8
            return tuple(
                Peak(x + (i - 1.5) * off, z + i * 0.15, high * chance.between(0.56, 0.80), wide * 1.2, 1.2, -0.8) for i in range(4)
            ), ()
        case "walls":
            return (Peak(-x * 0.5 + side * 0.1, z + 1.3, high * 1.05, wide * 0.9, wide * 0.8, 0.2),), ()
        case "twin":
            pair = Peak(x + side * wide * 0.62, z + 0.15, high * chance.between(0.78, 0.95), wide * 0.8, wide * 0.7, 0.25)
            return (Peak(x, z, high, wide * 0.85, wide * 0.75, 0.25), pair), ()
    return (Peak(x, z, high * 1.08, wide * 0.9, wide * 0.8, 0.42), Peak(x + side * wide * 0.8, z + 0.3, high * 0.6, wide, wide, -0.1)), ()


def needles(chance: Chance, x: float, z: float, *, high: float, wide: float) -> tuple[Peak, ...]:
    """A row of rock towers, the highest near its middle."""
    count = chance.whole(5, 8)
    found = []
    for i in range(count):
        off = (i - (count - 1) / 2) / count
        up = high * (1.0 - abs(off) * 1.1) * chance.between(0.55, 1.0)
        found.append(
            Peak(
                x + (off + chance.between(-0.04, 0.04)) * wide * 1.5,
                z + chance.between(-0.06, 0.10),
                up,
                chance.between(0.20, 0.34),
                0.30,
                0.45,
            )
        )
    return tuple(found)


def profile(peak: Peak, x: Field, z: Field) -> Field:
    """How high a summit alone would make the ground."""
    dx = (x - np.float32(peak.x)) * np.float32(1 / peak.wide)
    dz = (z - np.float32(peak.z)) * np.float32(1 / peak.deep)
    cone = np.clip(np.float32(1) - np.sqrt(dx * dx + dz * dz + np.float32(0.0004)), 0, 1)
    bend = cone * cone if peak.sharp > 0 else cone * (np.float32(2) - cone)
    return np.asarray((cone + (bend - cone) * np.float32(abs(peak.sharp))) * np.float32(peak.high), np.float32)


def shaped(shape: Range, relief: tuple[Field, Field], x: Field, depth: Field) -> Field:
    """Height of the ground: the massif, the range around and behind it, low hills before them, all cut by the same ridges (`relief`: the
    ridges and a broad swing, about 0 to 1).
    """
    ridges, broad = relief
    swing = broad - np.float32(0.5)
    bent_x = x + swing * np.float32(0.34 * shape.rugged) + (ridges - np.float32(0.5)) * np.float32(0.16 * shape.rugged)
    bent_z = depth - swing * np.float32(0.40 * shape.rugged)
    body = np.zeros_like(x)
    for peak in shape.peaks:
        np.maximum(body, profile(peak, bent_x, bent_z), out=body)
    if shape.spires:
        body += towers(shape, bent_x, bent_z)
    if shape.valley:
        np.maximum(body, walls(shape, x, depth), out=body)
    cut = np.float32(1 - shape.rugged * 0.92) + ridges * np.float32(shape.rugged * 1.38)
    begin = depth - np.float32(shape.begin) - np.clip(swing * np.float32(1.5) + np.float32(0.25), 0, 1) * np.float32(1.7)
    front = smooth(-0.05, 0.95, begin)
    around = ridges * np.float32(1.05) + broad * np.float32(0.45) - np.float32(0.32)
    around *= smooth(shape.begin + 0.2, shape.begin + 1.7, depth) * np.float32(shape.rest)
    back = smooth(4.2, 5.6, depth) * broad * np.float32(shape.rest * 1.7) * (np.float32(0.55) + ridges * np.float32(0.6))
    hills = smooth(shape.begin * 0.97, shape.begin * 1.35, depth) * (
        ridges * np.float32(0.13) + swing * np.float32(0.26) - np.float32(0.02)
    )
    height = np.maximum(np.maximum(body * cut * front, around), back) + hills
    return np.asarray(np.maximum(height, np.float32(-0.004)), np.float32)


def towers(shape: Range, x: Field, z: Field) -> Field:
    """The spires of needles."""
    found = np.zeros_like(x)
    for peak in shape.spires:
        np.maximum(found, profile(peak, x, z), out=found)
    return found


def walls(shape: Range, x: Field, depth: Field) -> Field:
    """The two sides of a valley that glaciers left."""
    middle, half = shape.valley or (0.0, 0.3)
    away = np.abs(x - np.float32(middle) * depth * np.float32(0.5)) - np.float32(half)
    rise = smooth(0.0, 0.5, away) * np.float32(0.8) + np.clip(away, 0, 1.2) * np.float32(0.3)
    return np.asarray(rise * np.float32(shape.rest * 1.9) * smooth(5.2, 4.4, depth), np.float32)
