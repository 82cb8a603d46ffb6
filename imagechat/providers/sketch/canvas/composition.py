"""Composition: where things stand, drawn from the seed and the scene alone, so that it stays when night falls."""

from dataclasses import dataclass

from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.scenes import SCENES
from imagechat.providers.sketch.spec import Spec

LOW = {"dawn": (0.03, 0.10), "golden": (0.12, 0.20), "sunset": (0.03, 0.13), "dusk": (-0.05, -0.02), "day": (0.75, 0.95)}
"""How high the sun stands above the horizon, as shares of the height."""
HIDDEN = frozenset(("cloudy", "rain", "storm", "snow", "fog"))
"""The weather that no sun is seen through, unless it was asked for."""


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
    horizon = chance.between(*SCENES[spec.scene].layouts[spec.layout].horizon)
    off = chance.between(0.10, 0.30)
    height = chance.unit()
    return Composition(
        horizon=horizon,
        sun_x=0.5 - side * off,
        sun_height=_sun_height(spec, horizon, height),
        side=side,
        sees_sun=_sees_sun(spec),
    )


def _sees_sun(spec: Spec) -> bool:
    return "sun" not in spec.without and (spec.weather not in HIDDEN or spec.subject("sun") is not None)


def _sun_height(spec: Spec, horizon: float, share: float) -> float:
    """How high the sun or moon stands, by the time of day; asked for by name at day, it comes into the picture."""
    if spec.time in ("night", "moonlight"):
        return horizon * (0.58 + 0.28 * share)
    if spec.time == "day" and spec.subject("sun"):
        return horizon * 0.78
    low, high = LOW[spec.time]
    return low + (high - low) * share
