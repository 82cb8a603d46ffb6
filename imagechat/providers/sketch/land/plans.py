"""Plans: how the pictures of one layout of a wood differ from seed to seed, far beyond where each tree stands."""

from dataclasses import dataclass

from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance

NEAR = {"none": 2.2, "great": 1.6, "group": 1.8, "pair": 0.8}
"""What stands nearest, and how often: nothing, a single great tree, a few trunks at one side, one at each side."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`inside`: whether the eye is under the crowns; `birch`: whether birches prevail; `near`: what stands nearest, on side `side`;
    `light`: the share of the width where the wood opens, `open` how wide; `dense`: how close the stems stand, `stout` how thick they are,
    `high` how far up their crowns begin; `rise`: how the ground climbs; `log`: whether a fallen trunk lies there; `begin`: the share of
    the width where a way begins.
    """

    inside: bool
    birch: bool
    near: str
    side: int
    light: float
    open: float
    dense: float
    stout: float
    high: float
    rise: float
    log: bool
    begin: float


def planned(sheet: Sheet, layout: str, *, inside: float, rises: tuple[float, ...]) -> Plan:
    """The plan of this seed; `inside`: how often the eye is under the crowns; `rises`: how the ground may climb."""
    chance = Chance(sheet.seed, "forest plan", layout)
    side = sheet.composition.side
    roofed, stout = chance.happens(inside), chance.choice((0.7, 1.0, 1.0, 1.6))
    return Plan(
        inside=roofed,
        birch=chance.happens(0.3),
        near=chance.weighed(NEAR),
        side=side if chance.happens(0.7) else -side,
        light=0.5 - side * chance.between(0.0, 0.24),
        open=chance.choice((0.16, 0.26, 0.40)),
        dense=chance.between(0.75, 1.2) / stout,
        stout=stout,
        high=chance.between(0.5, 1.35),
        rise=chance.choice(rises),
        log=chance.happens(0.35),
        begin=0.5 + side * chance.choice((-0.30, 0.0, 0.12, 0.38, 0.55)),
    )
