"""Pictures changed by words: what changes and, above all, what stays."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from imagechat.domain.models import Note, Picture
from imagechat.domain.requests import ImageOrder, ImageRequest, LoadedPicture
from imagechat.domain.values import Size
from imagechat.errors import BadInput
from imagechat.providers.sketch.edits import changed
from imagechat.providers.sketch.scenes import LOOKS, SCENES
from imagechat.providers.sketch.spec import Spec, Subject, Task
from imagechat.providers.sketch.words.reading import read
from imagechat.providers.sketch.words.settle import settle
from tests.providers.sketch.paintings import of_spec, painted, sheet_of

LAKE = settle(read("mountain lake by day, clear sky, no birds, no boat").spec, 4)


def after(words: str, before: Spec = LAKE) -> Spec:
    """`before` changed by `words`."""
    return settle(changed(before, read(words)), 4)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("make it night", {"time": "night", "weather": "clear"}),
        ("شب شود", {"time": "night"}),
        ("more fog", {"weather": "fog"}),
        ("remove the fog", {"weather": "clear"}),
        ("in watercolor", {"style": "watercolor"}),
        ("make it autumn at sunset", {"season": "autumn", "time": "sunset"}),
        ("let it snow: falling snow", {"weather": "snow"}),
        ("add a boat", {"subjects": (Subject("boat"),), "without": ("birds",)}),
        ("add two boats on the left", {"subjects": (Subject("boat", 2, "left"),)}),
        ("make the sky pink", {"colours": (("sky", "pink"),)}),
        ("warmer, darker", {"grade": ("warm", "dark")}),
        ("black and white", {"grade": ("mono",)}),
        ("add a city", {"also": ("city",)}),
        ("under the milky way", {"time": "night"}),
    ],
)
def test_words_change_what_they_say_and_keep_the_rest(words, wanted):
    spec = after(words)
    assert {name: getattr(spec, name) for name in wanted} == wanted
    kept = ("scene", "layout", "mood", "wood")
    assert {name: getattr(spec, name) for name in kept} == {name: getattr(LAKE, name) for name in kept}


@pytest.mark.parametrize(
    ("words", "scene"),
    [
        ("make it a desert", "desert"),
        ("change it to a forest in winter", "forest"),
        ("without the mountains", "lake"),
        ("remove the birds from the sea", "mountains"),
        ("put a house on the hill", "mountains"),
        ("a pink sky over the sea", "mountains"),
    ],
)
def test_another_place_is_meant_only_where_nothing_in_it_is(words, scene):
    assert after(words).scene == scene


def test_things_keep_their_number_their_place_and_their_order():
    boats = after("add two boats on the left")
    assert after("make the boat blue", boats).subjects == (Subject("boat", 2, "left"),)
    assert after("add another boat", boats).subjects == (Subject("boat", 3, "left"),)
    assert after("add birds", boats).subjects == (Subject("boat", 2, "left"), Subject("birds"))
    assert after("remove the boats", boats).subjects == ()
    assert after("add a city", after("remove the city", after("add a city"))).also == ("city",)


def test_numbers_are_changed_as_they_are_said():
    boats = settle(read("sea by day with seven boats, no birds").spec, 3)
    for words, count in (
        ("make the boats red", 7),
        ("remove two boats", 5),
        ("fewer boats", 3),
        ("add two boats", 9),
        ("add another boat", 8),
        ("remove the boats", 0),
        ("replace the boats with birds", 0),
    ):
        there = after(words, boats).subject("boat")
        assert (there.count if there else 0) == count, words
    assert after("replace the boats with birds", boats).subject("birds") is not None
    assert after("remove the pink", after("make the sky pink")).colours == ()


def test_a_grade_takes_away_its_opposite():
    warm = after("warmer", after("warmer"))
    assert warm.grade == ("warm", "warm")
    assert after("cooler", warm).grade == ("warm",)
    assert after("more contrast", after("softer", warm)).grade == ("warm", "warm")


def watery() -> list[tuple[str, str]]:
    """Every layout that a boat can be in."""
    return [(name, layout) for name, scene in SCENES.items() for layout, facts in scene.layouts.items() if "water" in facts.footing]


@pytest.mark.parametrize(("scene", "layout"), watery())
def test_a_boat_changes_the_boat_its_shadow_and_its_reflection_alone(scene, layout):
    before = settle(Spec(scene=scene, layout=layout, time="day", weather="scattered", without=("boat",)), 3)
    with_boat = changed(before, read("add a boat"))
    assert with_boat.subjects == (*before.subjects, Subject("boat"))
    box = place_of("boat", with_boat, before, (256, 192))
    one, other = (of_spec(spec, 3, (256, 192)).astype(int) for spec in (before, with_boat))
    differs = np.abs(one - other).max(axis=2) > 0
    assert differs.any()
    differs[box] = False
    assert not differs.any()


@pytest.mark.parametrize("style", LOOKS)
def test_a_boat_leaves_the_rest_alone_in_every_style(style):
    before = settle(Spec(scene="sea", layout="open", time="sunset", style=style, without=("boat", "birds")), 3)
    with_boat = changed(before, read("add a boat"))
    one, other = (of_spec(spec, 3, (320, 320)).astype(int) for spec in (before, with_boat))
    differs = np.abs(one - other).max(axis=2) > 8
    assert 0 < differs.mean() < 0.12
    rows, columns = np.nonzero(differs)
    assert np.ptp(rows) < 170 and np.ptp(columns) < 170


def place_of(kind: str, spec: Spec, before: Spec, size: tuple[int, int]) -> tuple[slice, slice]:
    """Rows and columns around what `spec` has and `before` has not, with room for its shadow and its reflection."""
    there = sheet_of(spec, 3, size).marks.part != sheet_of(before, 3, size).marks.part
    rows, columns = np.nonzero(there)
    assert len(rows), kind
    tall, wide = np.ptp(rows) + 8, np.ptp(columns) + 8
    return slice(max(0, rows.min() - tall // 2), rows.max() + 2 * tall), slice(max(0, columns.min() - wide), columns.max() + wide)


def png(size: tuple[int, int] = (90, 60)) -> bytes:
    """A photograph of sorts: a bright sky over a dark ground."""
    down = np.linspace(230, 40, size[1])[:, None, None] * np.array([0.8, 0.9, 1.0])
    pixels = np.broadcast_to(down, (size[1], size[0], 3)).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(file, "PNG")
    return file.getvalue()


def foreign(prompt: str, **facts: object) -> ImageOrder:
    """An order to change a picture that Sketch did not paint."""
    picture = LoadedPicture(data=png(), media_type="image/png", size=Size(width=90, height=60))
    wish = ImageRequest.model_validate({"model": "sketch", "prompt": prompt, "size": "180x180", "seed": 5, **facts})
    return ImageOrder(request=wish, words=prompt, inputs=(picture,))


async def made(sketch, order) -> tuple[np.ndarray, list[str]]:
    """(the picture's pixels, the codes of its notes)."""
    events = [event async for event in sketch.stream(order)]
    picture = next(event for event in events if isinstance(event, Picture))
    return np.asarray(Image.open(io.BytesIO(picture.data))), [event.code for event in events if isinstance(event, Note)]


async def test_a_foreign_picture_gets_another_light_and_keeps_its_shape(sketch):
    night, codes = await made(sketch, foreign("make it night, with birds"))
    assert night.shape == (120, 180, 3)
    assert codes[:2] == ["sketch_over", "sketch_understood"]
    assert night.mean() < 80 < np.asarray(Image.open(io.BytesIO(png()))).mean()


@pytest.mark.parametrize(
    "words", ["fog", "rain", "snowfall", "a storm", "golden hour", "in oil painting", "warmer", "black and white", "pixel art"]
)
async def test_each_change_over_a_foreign_picture_is_seen(sketch, words):
    changed_one, _ = await made(sketch, foreign(words))
    plain = np.asarray(Image.open(io.BytesIO(png())).resize((180, 120)))
    assert np.abs(changed_one.astype(int) - plain.astype(int)).mean() > 3


async def test_what_cannot_be_done_over_a_foreign_picture_is_said(sketch):
    _, codes = await made(sketch, foreign("make it night and add a house"))
    assert codes == ["sketch_over", "sketch_understood", "sketch_over_not"]
    with pytest.raises(BadInput, match="over_not_understood"):
        await made(sketch, foreign("remove the house"))


async def test_a_foreign_picture_varies_in_its_light(sketch):
    events = [event async for event in sketch.stream(foreign("a dog", variation=True, count=4))]
    pictures = [np.asarray(Image.open(io.BytesIO(one.data))).astype(int) for one in events if isinstance(one, Picture)]
    assert len(pictures) == 4
    assert sum(np.abs(pictures[0] - other).mean() > 1 for other in pictures[1:]) >= 2


def own(spec: Spec, prompt: str, **facts: object) -> ImageOrder:
    """An order to change a picture that Sketch painted from `spec`."""
    picture = LoadedPicture(
        data=b"", media_type="image/png", size=Size(width=96, height=96), drawn_by="sketch", facts={"spec": spec.text()}
    )
    wish = ImageRequest.model_validate({"model": "sketch", "prompt": prompt, "size": "96x96", "seed": 4, **facts})
    return ImageOrder(request=wish, words=prompt, inputs=(picture,))


async def test_a_picture_of_an_earlier_version_is_changed_and_that_is_said(sketch):
    facts = json.loads(LAKE.text())
    old = {**{name: value for name, value in facts.items() if name not in ("season", "wood", "grade")}, "version": 1}
    order = own(LAKE, "make it night")
    order = order.model_copy(update={"inputs": (order.inputs[0].model_copy(update={"facts": {"spec": json.dumps(old)}}),)})
    _, codes = await made(sketch, order)
    assert codes == ["sketch_understood", "sketch_older"]


async def test_variations_keep_the_scene_and_the_things_in_it(sketch):
    events = [event async for event in sketch.stream(own(after("add a boat"), "x", variation=True, count=4, seed=90))]
    specs = [json.loads(one.facts["spec"]) for one in events if isinstance(one, Picture)]
    assert [one["scene"] for one in specs] == ["mountains"] * 4
    assert all([each["kind"] for each in one["subjects"]] == ["boat"] for one in specs)
    assert specs[0]["layout"] == specs[1]["layout"] == "lake"


async def test_words_of_a_change_without_a_picture_point_to_edit(sketch, order):
    for words, hinted in (("make it night", True), ("a night at sea", False), ("add a boat", True)):
        events = [event async for event in sketch.stream(order(words, size="64x64")) if isinstance(event, Note)]
        assert ("sketch_edit_hint" in [event.code for event in events]) == hinted, words


async def test_nothing_understood_is_said(sketch):
    with pytest.raises(BadInput, match="edit_not_understood"):
        await made(sketch, own(LAKE, "xyzzy plugh"))


def test_the_same_task_paints_the_same_over_a_picture():
    from imagechat.providers.sketch.over import paint_over
    from imagechat.providers.sketch.paint import Done

    task = Task(read("night, snowfall, watercolor").spec, 5, (96, 64), picture=png())
    one, other = (next(stage.pixels for stage in paint_over(task) if isinstance(stage, Done)) for _ in range(2))
    assert np.array_equal(one, other)
    assert painted(Task(LAKE, 4, (96, 64))).shape == one.shape
