"""Things in the picture: which spot each of them gets, and who paints it."""

from collections.abc import Callable
from dataclasses import replace

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
TALL = {
    "house": (8.0, 0.065, 0.17),
    "hut": (6.0, 0.060, 0.16),
    "tower": (19.0, 0.16, 0.34),
    "lighthouse": (22.0, 0.15, 0.34),
    "mill": (18.0, 0.15, 0.34),
}
"""How many metres high a thing is, and from what to what share of the short side it is well seen."""
APART = {"house": 13.0, "hut": 11.0, "tower": 16.0, "lighthouse": 10.0, "mill": 16.0, "bridge": 60.0, "balloon": 18.0, "boat": 12.0}
"""How many metres of room each thing needs."""
CLOSER = (1.0, 0.62, 0.36)
"""How close things move together where there are many."""
THIRDS = {"left": (0.0, 0.40), "middle": (0.34, 0.66), "right": (0.60, 1.0)}
"""Where a place lies, as shares of the width."""


def paint_far_things(sheet: Sheet) -> None:
    """Things beyond the water: painted before it, so that it mirrors them."""
    for wish, spots in placed(sheet):
        for number, spot in far_first(spots):
            if spot.footing == "far":
                PAINTERS[wish.kind](sheet, spot, wish, number)


def paint_things(sheet: Sheet) -> None:
    """What was asked for, and at times what the seed adds."""
    for wish, spots in placed(sheet):
        for number, spot in far_first(spots):
            if spot.footing != "far":
                PAINTERS[wish.kind](sheet, spot, wish, number)


def far_first(spots: list[Spot]) -> list[tuple[int, Spot]]:
    """The spots with their numbers, those farther up in the picture first."""
    return sorted(enumerate(spots), key=lambda one: one[1].y)


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
    """As many spots as were wished for, at the place that was asked for where there is one; none stands in another's."""
    free = ranked(sheet, wish)
    there = [spot for spot in free if at_place(sheet, wish, spot)]
    found: list[Spot] = []
    every = [*there, *between(sheet, wish, there), *free, *between(sheet, wish, free)]
    for closer in CLOSER:
        for spot in every:
            if len(found) < wish.count and clear(sheet, spot, [*taken, *found], APART.get(wish.kind, 8.0) * closer):
                found.append(spot)
    return found or free[: wish.count]


def at_place(sheet: Sheet, wish: Subject, spot: Spot) -> bool:
    """Whether a spot lies at the place that was asked for."""
    low, high = THIRDS.get(wish.place, (0.0, 1.0))
    return low <= spot.x / sheet.width <= high


def between(sheet: Sheet, wish: Subject, offered: list[Spot]) -> list[Spot]:
    """More spots beside the first ones that were offered, at the same place; on water also nearer and farther."""
    found = []
    for step in range(1, 7):
        for base in offered[: max(3, wish.count)]:
            for way in (-1, 1):
                x = base.x + way * step * max(base.metre * APART.get(wish.kind, 8.0) * 1.15, sheet.unit * 0.05)
                down = (1 + 0.07 * ((step * 2 + way) % 5 - 2)) if base.footing == "water" and wish.kind == "boat" else 1.0
                spot = replace(base, x=x, y=sheet.horizon + (base.y - sheet.horizon) * down, metre=base.metre * down)
                if 0.04 < x / sheet.width < 0.96 and at_place(sheet, wish, spot) and not blocked(sheet, base, spot):
                    found.append(spot)
    return found


def blocked(sheet: Sheet, base: Spot, spot: Spot) -> bool:
    """Whether something else than the ground of `base` is seen at the foot of `spot`: a trunk or water."""
    if base.footing != "land" or any(other.footing == "far" for other in sheet.spots):
        return False
    return abs(foot_part(sheet, base) - foot_part(sheet, spot)) > 40


def foot_part(sheet: Sheet, spot: Spot) -> float:
    """The number of what is seen right below a spot."""
    row, column = int(spot.y + 0.02 * sheet.unit), int(spot.x)
    return float(sheet.marks.part[min(sheet.height - 1, max(0, row)), min(sheet.width - 1, max(0, column))])


def ranked(sheet: Sheet, wish: Subject) -> list[Spot]:
    """The spots that were offered for it, the best first: at the place asked for, on its favourite ground, well seen."""
    chance = Chance(sheet.seed, "spot", wish.kind)
    footings = FOOTING[wish.kind]
    offered = airy(sheet) if "sky" in footings else sheet.spots
    free = [sized(sheet, wish, spot) for spot in offered if spot.footing in footings]

    usual = sorted(free, key=lambda spot: foot_part(sheet, spot))[len(free) // 2] if free else None

    def rank(spot: Spot) -> tuple[bool, bool, int, float]:
        seen = -spot.metre if spot.footing == "sky" else unfit(sheet, wish.kind, spot) + chance.unit() * 0.5
        hidden = usual is not None and blocked(sheet, usual, spot)
        return not at_place(sheet, wish, spot), hidden, footings.index(spot.footing), seen

    return sorted(free, key=rank)


def unfit(sheet: Sheet, kind: str, spot: Spot) -> float:
    """How far the thing there would be from a size at which it is well seen: 0 where it is not."""
    if kind not in TALL:
        return 0.0
    metres, low, high = TALL[kind]
    share = max(1e-4, spot.metre * metres / sheet.unit)
    inside = 0.05 < spot.x / sheet.width < 0.95
    return max(low / share, share / high, 1.0) - 1 + (0.0 if inside else 1.0)


def sized(sheet: Sheet, wish: Subject, spot: Spot) -> Spot:
    """The spot with the thing as from a little nearer where it would be too small to be seen, from farther where it would fill the
    picture or many are to stand there.
    """
    if wish.kind not in TALL:
        return spot
    metres, low, high = TALL[wish.kind]
    share = max(1e-4, spot.metre * metres / sheet.unit)
    most = max(low, high / (1 + 0.16 * (wish.count - 1)))
    return replace(spot, metre=spot.metre * min(1.7, max(0.42, min(max(1.0, low / share), most / share))))


def clear(sheet: Sheet, spot: Spot, others: list[Spot], apart: float) -> bool:
    """Whether nothing stands where a thing `apart` metres wide would."""

    def meets(other: Spot) -> bool:
        wide = max(min(spot.metre, other.metre) * apart, sheet.unit * 0.02)
        deep = max(min(spot.metre, other.metre) * 0.34 * apart, sheet.unit * 0.03)
        return abs(spot.x - other.x) < wide and abs(spot.y - other.y) < (deep if spot.footing != "sky" else wide)

    return not any(meets(other) for other in others)
