"""Pictures changed by words: the Spec that one was painted from, with the words over it, or left open for variations."""

from dataclasses import dataclass, replace

from imagechat.domain.requests import ImageOrder, LoadedPicture
from imagechat.errors import BadInput
from imagechat.providers.sketch.chance import Chance
from imagechat.providers.sketch.scenes import SCENES
from imagechat.providers.sketch.spec import VERSION, Spec, Subject, read_spec
from imagechat.providers.sketch.words.reading import Reading, read
from imagechat.providers.sketch.words.settle import DARK

SKYWARD = ("birds", "balloon", "snow")
"""What can be painted over a picture of which nothing is known."""
LIGHTS = (("warm",), ("cool",), ("bright",), ("contrast",), ("soft", "warm"), ("colourful",), ("muted", "cool"), ("sepia",))
"""What a variation of a foreign picture may be: the same in another light."""
OPPOSITES = {"warm": "cool", "bright": "dark", "contrast": "soft", "colourful": "muted"}
MOST = 3
"""How often one grade counts."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be painted: `reading` as the words had it, with the whole Spec; `over`: the foreign picture that it goes over; `older`:
    whether its own picture was painted by an earlier version, so that things may have moved; `asks_change`: whether the words sound like
    a change, and no picture goes with them.
    """

    reading: Reading
    over: LoadedPicture | None = None
    older: bool = False
    varied: bool = False
    asks_change: bool = False


def planned(order: ImageOrder) -> Plan:
    """What the words say, or what they change of the picture that they go with.

    Raises: BadInput("edit_not_understood", or "over_not_understood" for a picture that Sketch did not paint) where nothing was understood
    that could be changed.
    """
    wish = order.request
    change = read(wish.prompt, wish.negative or "")
    if not order.inputs:
        return Plan(change, asks_change=change.asks_change)
    before = painted_from(order)
    if before is None:
        return over(order, change)
    older = before.version != VERSION
    before = before.again(version=VERSION)
    if wish.variation:
        return Plan(Reading(before), older=older, varied=True)
    spec = changed(before, change)
    if spec == before and not wish.style:
        raise BadInput("edit_not_understood", model=wish.model)
    return Plan(replace(change, spec=spec), older=older)


def painted_from(order: ImageOrder) -> Spec | None:
    """The Spec of the picture that is changed; None where Sketch did not paint it."""
    try:
        spec = read_spec(str(order.inputs[0].facts["spec"]))
    except (KeyError, ValueError, TypeError):
        return None
    return spec if spec.scene in SCENES and spec.layout in SCENES[spec.scene].layouts else None


def over(order: ImageOrder, change: Reading) -> Plan:
    """Light, weather and style over a picture that Sketch did not paint: nothing that is in it can be moved or taken away.

    Raises: BadInput("over_not_understood").
    """
    picture, wish, spec = order.inputs[0], order.request, change.spec
    if wish.variation:
        return Plan(Reading(Spec(mood=0)), over=picture, varied=True)
    able = spec.again(
        scene="",
        layout="",
        also=(),
        without=(),
        subjects=tuple(one for one in spec.subjects if one.kind in SKYWARD),
        colours=tuple((what, name) for what, name in spec.colours if what == "whole"),
        season="",
        wood="",
        phase="",
        rig="",
    )
    if able == Spec() and not wish.style:
        raise BadInput("over_not_understood", model=wish.model)
    return Plan(replace(change, spec=able), over=picture)


def varied(spec: Spec, seed: int, index: int, *, foreign: bool) -> Spec:
    """Variation `index` of a picture: the first two keep its layout, the others are composed anew; a foreign one gets another light."""
    if foreign:
        turn = Chance(seed, "light").whole(0, len(LIGHTS) - 1)
        return spec.again(grade=LIGHTS[turn])
    return spec.again(layout=spec.layout if index < 2 else "", mood=Chance(seed, "mood").whole(0, 2))


def changed(before: Spec, change: Reading) -> Spec:
    """`before` with what `change` says."""
    spec = change.spec
    ground = moved(before, change)
    kinds = {one.kind for one in spec.subjects}
    subjects = peopled(before, change)
    kinds |= {one.kind for one in subjects}
    without = tuple(one for one in dict.fromkeys((*before.without, *spec.without)) if one not in kinds)
    colours = {what: name for what, name in before.colours if name not in change.faded} | dict(spec.colours)
    return ground.again(
        time=spec.time if spec.time and not (spec.time == "night" and ground.time in DARK and asks_of_night(spec)) else ground.time,
        weather=spec.weather or ground.weather,
        season=spec.season or ground.season,
        wood=spec.wood or ground.wood,
        style=spec.style or ground.style,
        phase=spec.phase or ground.phase,
        rig=spec.rig or ground.rig,
        subjects=subjects,
        without=without,
        colours=tuple(colours.items()),
        also=tuple(one for one in ground.also if one not in spec.without),
        grade=graded(before.grade, spec.grade),
    )


def asks_of_night(spec: Spec) -> bool:
    """Whether the night is only implied, by the Milky Way or the northern lights."""
    return any(spec.subject(kind) for kind in ("galaxy", "aurora"))


def moved(before: Spec, change: Reading) -> Spec:
    """`before` in another place where the words name one and nothing in it, or with one more scene, or without its own."""
    spec, facts = change.spec, SCENES[before.scene]
    if before.scene in spec.without:
        lake = (before.scene, before.layout) == ("mountains", "lake")
        return before.again(scene="lake" if lake else facts.instead, layout="", also=())
    if before.layout in spec.without:
        return before.again(layout="")
    if not change.named or change.denies or spec.subjects or spec.colours or spec.scene in (before.scene, ""):
        return before
    if spec.scene == "sky" and spec.again(scene="", layout="") != Spec():
        return before
    if change.adds and spec.scene in facts.takes:
        return before.again(also=tuple(dict.fromkeys((*before.also, spec.scene))))
    return before.again(scene=spec.scene, layout=spec.layout, also=spec.also)


def peopled(before: Spec, change: Reading) -> tuple[Subject, ...]:
    """The things in the picture: new ones come last, so that they move none that are there."""
    found = {one.kind: one for one in before.subjects}
    for one in change.spec.subjects:
        there = found.get(one.kind)
        if there is None:
            found[one.kind] = one
        elif change.another or (change.adds and one.kind in change.counted and not one.place):
            found[one.kind] = replace(there, count=min(9, there.count + one.count))
        elif one.kind in change.counted or one.place:
            found[one.kind] = Subject(one.kind, one.count if one.count > 1 else there.count, one.place or there.place)
    left = {kind: left_of(found[kind].count, away) for kind, away in change.fewer if kind in found}
    found |= {kind: replace(found[kind], count=count) for kind, count in left.items() if count}
    return tuple(one for one in found.values() if left.get(one.kind) or one.kind not in change.spec.without)


def left_of(count: int, away: int) -> int:
    """How many of `count` things are left when `away` go; 0 takes half of them, but not the last."""
    return max(0, count - away) if away else max(1, count // 2)


def graded(before: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    """The grades together: "cooler" takes away one "warmer"."""
    against = {**OPPOSITES, **{other: one for one, other in OPPOSITES.items()}}
    left = list(before)
    for one in more:
        if against.get(one) in left:
            left.remove(against[one])
        elif left.count(one) < MOST:
            left.append(one)
    return tuple(left)
