"""Composition: where things stand, drawn from the seed and the scene alone, so that it stays when night falls."""

from dataclasses import dataclass

from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.spec import Spec

HORIZONS = {
    ("mountains", "lake"): (0.56, 0.66),
    ("mountains", "range"): (0.62, 0.72),
    ("mountains", "layers"): (0.60, 0.72),
    ("sea", "open"): (0.42, 0.68),
    ("sea", "islands"): (0.46, 0.62),
    ("sea", "headland"): (0.48, 0.62),
    ("sky", "cumulus"): (0.86, 0.93),
    ("sky", "floor"): (0.50, 0.62),
    ("sky", "hills"): (0.80, 0.88),
    ("sky", "galaxy"): (0.82, 0.90),
    ("city", "river"): (0.62, 0.72),
    ("city", "district"): (0.80, 0.88),
    ("city", "hill"): (0.66, 0.74),
}
LOW = {"dawn": (0.03, 0.10), "sunset": (0.03, 0.13), "dusk": (-0.05, -0.02), "day": (0.75, 0.95), "night": (0.0, 0.0)}


@dataclass(frozen=True, slots=True)
class Composition:
    """`horizon`: share of the height; `sun_x`: share of the width; `sun_height`: share of the height above the horizon;
    `side`: -1 where the weight (hero peak, headland) stands left, 1 right, opposite the sun;
    `sees_sun`: whether its disc is in the picture.
    """

    horizon: float
    sun_x: float
    sun_height: float
    side: int
    sees_sun: bool


def composed(spec: Spec, seed: int) -> Composition:
    """The composition of a settled Spec."""
    chance = Chance(seed, "composition", spec.scene, spec.layout)
    side = chance.sign()
    horizon = chance.between(*HORIZONS[spec.scene, spec.layout])
    off = chance.between(0.10, 0.30)
    height = chance.unit()
    return Composition(
        horizon=horizon,
        sun_x=0.5 - side * off,
        sun_height=_sun_height(spec, horizon, height),
        side=side,
        sees_sun="sun" not in spec.without and "moon" not in spec.without,
    )


def _sun_height(spec: Spec, horizon: float, share: float) -> float:
    """How high the sun or moon stands, by the time of day; asked for by name at day, it comes into the picture."""
    if spec.time == "night":
        return horizon * (0.58 + 0.28 * share)
    if spec.time == "day" and spec.subject("sun"):
        return horizon * 0.78
    low, high = LOW[spec.time]
    return low + (high - low) * share
