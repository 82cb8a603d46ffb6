"""Which scene the words name, how it is laid out, and what else stands in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from imagechat.providers.sketch.words.lexicon import Entry
from imagechat.providers.sketch.spec import Spec

WATERS = {"mountains": "lake", "city": "river"}
"""Where another scene's water goes."""
ROOM = {"mountains": "lake", "sea": "open"}
"""The layout that has room for another scene, where the words name none."""


@dataclass(frozen=True, slots=True)
class Place:
    """A scene, its layout where the words choose one, and the scenes that stand in it."""

    scene: str = ""
    layout: str = ""
    also: tuple[str, ...] = ()


def placed(said: Sequence[Entry], hinted: Sequence[str]) -> Place:
    """The place of the scenes and layouts that were `said`, in their order; things like boats only hint at one.

    Any ground goes before the sky, which is above every scene; a floor of clouds has summits of its own.
    """
    named = [(one, one.scene if one.slot == "layout" else one.value) for one in said]
    grounds = [scene for one, scene in named if scene != "sky" and not one.nearly and not one.weak]
    layouts = {one.scene: one.value for one, _ in reversed(named) if one.slot == "layout"}
    if layouts.get("sky") == "floor" and set(grounds) <= {"mountains"} and "mountains" not in layouts:
        return Place("sky", "floor")
    nearly = [scene for one, scene in named if one.nearly and one.slot == "scene"]
    scene = next(iter([*grounds, *nearly, *(one for one in hinted if one != "sky"), *(scene for _, scene in named), *hinted]), "")
    also = tuple(
        dict.fromkeys(one.value for one in said if one.slot == "scene" and one.value in grounds and one.value not in ("sea", scene))
    )
    return Place(scene, layouts.get(scene) or _room(scene, also, wet="sea" in grounds or {"lake", "river"} & set(layouts.values())), also)


def _room(scene: str, also: Sequence[str], *, wet: object) -> str:
    if wet and scene in WATERS:
        return WATERS[scene]
    return ROOM.get(scene, "") if also else ""


def shown(entry: Entry, spec: Spec) -> bool:
    """Whether what `entry` means is in the picture, and not something else in its place."""
    wet = spec.layout in ("lake", "river")
    match entry.slot:
        case "scene":
            water, summits = entry.value == "sea" and wet, entry.value == "mountains" and spec.layout == "floor"
            return entry.value in ("sky", spec.scene, *spec.also) or water or summits
        case "layout":
            return entry.value == spec.layout or (wet and entry.value in ("lake", "river"))
        case "subject":
            impossible = {"boat": spec.scene == "sky", "sun": spec.time in ("night", "dusk")}
            return not impossible.get(entry.value, False)
        case "colour":
            return True
    return bool(getattr(spec, entry.slot) == entry.value)
