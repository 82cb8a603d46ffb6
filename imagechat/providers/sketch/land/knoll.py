"""A low hill with one great tree on it, standing before the sky."""

from dataclasses import dataclass, replace

import numpy as np

from imagechat.providers.sketch.canvas.curves import fall
from imagechat.providers.sketch.canvas.noise import Field
from imagechat.providers.sketch.canvas.sheet import Sheet
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.land.conifers import conifer
from imagechat.providers.sketch.land.leaves import WIDE, leafy
from imagechat.providers.sketch.land.slopes import Relief, Stand, View, stand, sunward
from imagechat.providers.sketch.land.stamps import Grove, stamped

PART = 330.0


@dataclass(frozen=True, slots=True)
class Knoll:
    """Where the hill's top lies (`x` sideways and `depth` away), how `high` and `wide` it is, and how `tall` its tree, all in metres."""

    x: float
    depth: float
    high: float
    wide: float
    tall: float


def knoll(sheet: Sheet) -> Knoll:
    """The hill: on the side where the weight of the picture lies, or nearly in the middle."""
    chance = Chance(sheet.seed, "knoll")
    depth = chance.between(38, 62)
    reach = depth * min(1.0, sheet.width / sheet.unit) / 1.1
    return Knoll(
        x=sheet.composition.side * chance.between(0.02, 0.24) * reach,
        depth=depth,
        high=chance.between(3.5, 6.5),
        wide=chance.between(20, 40),
        tall=chance.between(0.28, 0.42) * depth,
    )


def raised(relief: Relief, hill: Knoll) -> Relief:
    """The ground with the hill upon it."""
    x = relief.depth * relief.aside
    side, along = (x - np.float32(hill.x)) / np.float32(hill.wide), (relief.depth - np.float32(hill.depth)) / np.float32(hill.wide * 0.55)
    square = side * side + along * along
    bump = fall(square * np.float32(0.8))
    return replace(relief, rise=relief.rise + bump * bump * np.float32(hill.high) / relief.depth)


def shadowed(sheet: Sheet, view: View, tint: Field, hill: Knoll) -> None:
    """The tree's shadow on the grass, away from the sun."""
    if sheet.spec.weather in ("cloudy", "fog", "rain", "storm", "snow") or "tree" in sheet.spec.without:
        return
    right, _, above = sunward(sheet)
    long = min(1.2, 0.45 / above)
    x = view.x - np.float32(hill.x - right * long * hill.tall * 0.26)
    along = view.depth - np.float32(hill.depth - 0.10 * hill.tall)
    a, b = np.float32(1 / (hill.tall * (0.24 + 0.26 * long))), np.float32(1 / (hill.tall * 0.30))
    square = (x * a) * (x * a) + (along * b) * (along * b)
    tint *= np.float32(1) - fall(square * square * np.float32(1.5)) * np.float32(0.34 if sheet.snowy else 0.5)


def great_tree(sheet: Sheet, view: View, hill: Knoll) -> None:
    """The tree, rooted in the grass of the top."""
    if "tree" in sheet.spec.without:
        return
    at = top(sheet, view, hill)
    tall = float(at.metre[0]) * hill.tall
    place = float(at.column[0]), float(at.row[0]) + tall * 0.02
    groups = conifer(sheet, "great tree", pine=False) if sheet.spec.wood == "conifer" else leafy(sheet, "great tree")
    stamp = stamped(groups, tall, WIDE)
    Grove(sheet, [stamp]).plant(0, place, tall, part=PART)


def top(sheet: Sheet, view: View, hill: Knoll) -> Stand:
    """Where the tree stands."""
    aside = hill.x / hill.depth / float(view.relief.aside[0, -1] * 2) + 0.5
    return stand(sheet, view, np.array([aside], np.float32), np.array([hill.depth], np.float32))
