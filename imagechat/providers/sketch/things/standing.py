"""Things in the picture: which spot each of them gets, and who paints it."""

from collections.abc import Callable

from imagechat.providers.sketch.canvas.sheet import Sheet, Spot
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.scenes import FOOTING
from imagechat.providers.sketch.spec import Subject
from imagechat.providers.sketch.things.balloon import airy, balloon
from imagechat.providers.sketch.things.birds import aloft, paint_birds
from imagechat.providers.sketch.things.boats import paint_boat
from imagechat.providers.sketch.things.crossings import bridge
from imagechat.providers.sketch.things.ground import campfire, fence, flowers, road
from imagechat.providers.sketch.things.houses import house, hut
from imagechat.providers.sketch.things.plants import paint_palm, paint_tree
from imagechat.providers.sketch.things.towers import lighthouse, mill, tower

Painter = Callable[[Sheet, Spot, Subject, int], None]
"""Paints one thing on its spot; the number tells several of a kind apart."""

PAINTERS: dict[str, Painter] = {
    "tree": paint_tree,
    "palm": paint_palm,
    "house": house,
    "hut": hut,
    "tower": tower,
    "lighthouse": lighthouse,
    "mill": mill,
    "bridge": bridge,
    "balloon": balloon,
    "boat": paint_boat,
    "birds": paint_birds,
    "road": road,
    "fence": fence,
    "flowers": flowers,
    "campfire": campfire,
}
THIRDS = {"left": (0.0, 0.40), "middle": (0.34, 0.66), "right": (0.60, 1.0)}
"""Where a place lies, as shares of the width."""


def paint_far_things(sheet: Sheet) -> None:
    """Things beyond the water: painted before it, so that it mirrors them."""
    for wish, spots in placed(sheet):
        for number, spot in enumerate(spots):
            if spot.footing == "far":
                PAINTERS[wish.kind](sheet, spot, wish, number)


def paint_things(sheet: Sheet) -> None:
    """What was asked for, and at times what the seed adds."""
    for wish, spots in placed(sheet):
        for number, spot in enumerate(spots):
            if spot.footing != "far":
                PAINTERS[wish.kind](sheet, spot, wish, number)


def placed(sheet: Sheet) -> list[tuple[Subject, list[Spot]]]:
    """Each subject with its spots. Who came first stays where it is when another is added."""
    taken: list[Spot] = []
    found = []
    for wish in sheet.spec.subjects:
        if wish.kind == "birds":
            found.append((wish, [aloft(sheet, wish)]))
        elif wish.kind in PAINTERS:
            spots = chosen(sheet, wish, taken)
            taken += spots
            found.append((wish, spots))
    return found


def chosen(sheet: Sheet, wish: Subject, taken: list[Spot]) -> list[Spot]:
    """As many free spots as were wished for, at the place that was asked for where there is one."""
    chance = Chance(sheet.seed, "spot", wish.kind)
    footings = FOOTING[wish.kind]
    low, high = THIRDS.get(wish.place, (0.0, 1.0))
    offered = airy(sheet) if "sky" in footings else sheet.spots
    free = [spot for spot in offered if spot.footing in footings and spot not in taken]
    ranked = sorted(
        free,
        key=lambda spot: (
            not low <= spot.x / sheet.width <= high,
            footings.index(spot.footing),
            -spot.metre if spot.footing == "sky" else chance.unit(),
        ),
    )
    return ranked[: wish.count]
