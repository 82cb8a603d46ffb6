"""Which scene the words name, how it is laid out, and what else stands in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from imagechat.providers.sketch.scenes import FOOTING, SCENES, carries
from imagechat.providers.sketch.spec import Spec
from imagechat.providers.sketch.words.lexicon import Entry

WATERS = {"mountains": "lake", "city": "river", "village": "shore"}
"""Where another scene's water goes."""
ROOM = {"mountains": "lake", "sea": "open"}
"""The layout that has room for another scene, where the words name none."""
EITHER = {
    ("mountains", "lake"): ("mountains", "lake"),
    ("mountains", "meadow"): ("meadow", ""),
    ("mountains", "village"): ("village", ""),
    ("mountains", "river"): ("river", ""),
    ("forest", "lake"): ("lake", "woods"),
    ("forest", "river"): ("forest", "stream"),
    ("forest", "meadow"): ("forest", "clearing"),
    ("forest", "winter"): ("winter", "woods"),
    ("lake", "winter"): ("winter", "frozen"),
    ("meadow", "winter"): ("winter", "field"),
    ("lake", "meadow"): ("lake", "fells"),
    ("lake", "desert"): ("desert", "oasis"),
    ("lake", "village"): ("village", "shore"),
    ("sea", "village"): ("village", "shore"),
    ("coast", "village"): ("village", "shore"),
    ("meadow", "village"): ("village", "valley"),
    ("river", "meadow"): ("river", "plain"),
    ("city", "river"): ("city", "river"),
    ("city", "lake"): ("city", "river"),
    ("sea", "coast"): ("coast", ""),
    ("sea", "underwater"): ("underwater", ""),
}
"""Two scenes that are one picture together, in whichever order they are named."""
FIRST = {
    ("city", "sea"): ("city", "river"),
    ("mountains", "sea"): ("mountains", "lake"),
    ("mountains", "forest"): ("mountains", "range"),
}
"""Two that are one when the first is named first."""
SHOWS: dict[str, frozenset[str]] = {
    "mountains/lake": frozenset(("lake", "sea", "river", "forest")),
    "mountains/range": frozenset(("forest", "meadow")),
    "mountains/layers": frozenset(("forest",)),
    "lake": frozenset(("sea",)),
    "lake/woods": frozenset(("forest",)),
    "lake/fells": frozenset(("meadow",)),
    "coast": frozenset(("sea",)),
    "sea/headland": frozenset(("coast",)),
    "forest/clearing": frozenset(("meadow",)),
    "forest/stream": frozenset(("river",)),
    "desert/oasis": frozenset(("lake",)),
    "city/river": frozenset(("river", "lake", "sea")),
    "village": frozenset(("meadow",)),
    "village/shore": frozenset(("sea", "lake", "coast", "river")),
    "river/plain": frozenset(("meadow",)),
    "winter/woods": frozenset(("forest",)),
    "winter/field": frozenset(("meadow",)),
    "winter/frozen": frozenset(("lake",)),
    "sky/floor": frozenset(("mountains",)),
    "underwater": frozenset(("sea",)),
}
"""What else a scene, or one of its layouts, shows without its being named."""
DARK = ("night", "dusk", "moonlight")


@dataclass(frozen=True, slots=True)
class Place:
    """A scene, its layout where the words choose one, and the scenes that stand in it."""

    scene: str = ""
    layout: str = ""
    also: tuple[str, ...] = ()


def placed(said: Sequence[Entry], hinted: Sequence[str], without: Sequence[str] = ()) -> Place:
    """The place of the scenes and layouts that were `said`, in their order; things like boats only hint at one.

    Any ground goes before the sky, which is above every scene; a floor of clouds has summits of its own.
    """
    named = [(one, one.scene if one.slot == "layout" else one.value) for one in said]
    layouts = {one.scene: one.value for one, _ in reversed(named) if one.slot == "layout" and not one.weak}
    wet = any(one.weak for one in said if one.slot == "layout")
    grounds = tuple(dict.fromkeys(scene for one, scene in named if scene != "sky" and not one.nearly and not one.weak))
    if layouts.get("sky") == "floor" and set(grounds) <= {"mountains"} and "mountains" not in layouts:
        return Place("sky", "floor")
    if grounds:
        return joined(grounds, layouts, wet=wet)
    nearly = [(scene, one.value if one.slot == "layout" else "") for one, scene in named if one.nearly]
    hints = [(scene, "") for scene in hinted if scene not in ("sky", "abstract", *without)]
    weak = [(scene, one.value if one.slot == "layout" else "") for one, scene in named]
    last = [(one, "") for one in sorted(hinted, key="abstract".__eq__)]
    scene, layout = next(iter([*nearly, *hints, *sorted(weak, key=lambda one: one[0] == "abstract"), *last]), ("", ""))
    return Place(scene, layout or layouts.get(scene, "") or (WATERS.get(scene, "") if wet else ""))


def joined(grounds: Sequence[str], layouts: dict[str, str], *, wet: bool) -> Place:
    """The scenes that were named as one place: the first, joined with those that make one picture with it."""
    scene, layout, rest = grounds[0], layouts.get(grounds[0], ""), []
    for other in grounds[1:]:
        both = FIRST.get((scene, other)) or EITHER.get((scene, other)) or EITHER.get((other, scene))
        if both is None:
            rest.append(other)
            continue
        rest += [
            one for one in (scene, other) if one != both[0] and one in SCENES[both[0]].takes and one not in SHOWS.get("/".join(both), ())
        ]
        scene, layout = both[0], layouts.get(both[0], "") or both[1]
    also = tuple(one for one in dict.fromkeys(rest) if one in SCENES[scene].takes)
    room = ROOM.get(scene, "") if also else ""
    return Place(scene, layout or (WATERS.get(scene, "") if wet or "sea" in grounds else "") or room, also)


def shown(entry: Entry, spec: Spec) -> bool:
    """Whether what `entry` means is in the picture, and not something else in its place."""
    roofed = spec.scene in SCENES and SCENES[spec.scene].roofed
    match entry.slot:
        case "scene":
            return is_there(entry.value, spec)
        case "layout":
            return (entry.scene, entry.value) == (spec.scene, spec.layout) or (entry.value in ("lake", "river") and is_there("lake", spec))
        case "subject":
            if not spec.layout:
                return spec.subject(entry.value) is not None
            if entry.value in ("sun", "moon", "stars", "galaxy", "aurora"):
                return not roofed and not (entry.value == "sun" and spec.time in DARK)
            if (spec.scene, entry.value) in (("city", "tower"), ("village", "road"), ("village", "house")):
                return True
            if (spec.layout, entry.value) == ("street", "road"):
                return True
            return carries(spec.scene, spec.layout, entry.value)
        case "colour":
            return any(name == entry.value and is_coloured(what, spec) for what, name in spec.colours)
        case "grade":
            return entry.value in spec.grade
        case "style":
            return entry.value in (spec.style, spec.scene)
        case "time" | "weather":
            return getattr(spec, entry.slot) == entry.value and not (roofed and entry.slot == "weather")
    return bool(getattr(spec, entry.slot) == entry.value)


def is_coloured(what: str, spec: Spec) -> bool:
    """Whether the picture has what a colour was given to."""
    if what == "water":
        return any(is_there(scene, spec) for scene in ("sea", "lake", "river", "coast"))
    if what == "house":
        return spec.scene == "village" or spec.subject("house") is not None
    return what not in FOOTING or what in ("tree", "flowers") or spec.subject(what) is not None


def is_there(scene: str, spec: Spec) -> bool:
    """Whether the picture shows `scene`, as itself or as a part of another."""
    own = SHOWS.get(spec.scene, frozenset()) | SHOWS.get(f"{spec.scene}/{spec.layout}", frozenset())
    sky = scene == "sky" and not (spec.scene in SCENES and SCENES[spec.scene].roofed)
    snowy = scene == "winter" and spec.season == "winter"
    return scene in (spec.scene, *spec.also) or scene in own or sky or snowy
