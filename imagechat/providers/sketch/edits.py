"""Sketch's own pictures, changed: the Spec that one was painted from, with the words of an edit over it, or left open for variations."""

from imagechat.domain.requests import ImageOrder
from imagechat.errors import BadInput, NotOffered
from imagechat.providers.sketch.spec import VERSION, Spec, read_spec
from imagechat.providers.sketch.words.reading import Reading, read


def planned(order: ImageOrder) -> Reading:
    """What is to be painted: what the words say, or what they change of the picture that they go with.

    Raises: NotOffered("own_only") for a picture that Sketch did not paint; BadInput("edit_not_understood").
    """
    wish = order.request
    if not order.inputs:
        return read(wish.prompt, wish.negative or "")
    before = painted_from(order)
    if wish.variation:
        return Reading(before.again(layout="", mood=-1))
    change = read(wish.prompt, wish.negative or "")
    if change.spec == Spec():
        raise BadInput("edit_not_understood", model=wish.model)
    return Reading(changed(before, change.spec), change.known, change.nearly, change.unknown)


def painted_from(order: ImageOrder) -> Spec:
    """The Spec of the picture that is changed."""
    source = order.inputs[0]
    try:
        spec = read_spec(str(source.facts["spec"]))
    except (KeyError, ValueError, TypeError) as fault:
        raise NotOffered("own_only", model=order.request.model) from fault
    return spec.again(version=VERSION)


def changed(before: Spec, change: Spec) -> Spec:
    """`before` with what `change` says. Another scene is meant only where nothing else is: a boat hints at the sea, and may sail a lake."""
    rest = change.again(scene="", layout="", also=())
    moved = rest == Spec()
    gone = {*change.without}
    subjects = {one.kind: one for one in (*before.subjects, *change.subjects) if one.kind not in gone}
    kept = tuple(kind for kind in before.without if kind not in {one.kind for one in change.subjects})
    return before.again(
        scene=change.scene if moved and change.scene else before.scene,
        layout=change.layout if moved else before.layout,
        also=change.also if moved else before.also,
        time=change.time or before.time,
        weather=change.weather or before.weather,
        style=change.style or before.style,
        phase=change.phase or before.phase,
        subjects=tuple(subjects.values()),
        without=tuple(dict.fromkeys((*kept, *change.without))),
        colours=tuple({**dict(before.colours), **dict(change.colours)}.items()),
    )
