"""On from a picture: edits, edits of edits, variations; by whom, with what seed, and never of another's."""

import json
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from imagechat.bootstrap import House
from imagechat.domain.jobs import Status
from imagechat.domain.records import Generation, Turn
from imagechat.errors import NotFound, NotOffered
from imagechat.studio import Studio
from tests.asking import ANN, BEN, ask, drawn, ended, said, wish
from tests.conftest import OpenHouse
from tests.fakes.models import FakeImage, FakeText, png
from tests.fakes.provider import KEY, Provider

FLARE = "gpt-image-2.5-flare"
LAKE = "a red boat on a lake with mountains at noon"


class Able(FakeImage):
    """The fake image model, which takes pictures too."""

    card = FakeImage.card.again(id="able", label="Able", operations=("generate", "edit", "vary"), max_inputs=2, max_count=3)


@pytest.fixture
async def house(open_house: OpenHouse) -> House:
    """The app with a model that paints from words only, and one that edits and varies."""
    return await open_house(FakeImage(), Able(), FakeText())


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    async with Provider() as server:
        yield server


@pytest.fixture
async def online(open_house: OpenHouse, provider: Provider) -> Studio:
    """The verbs of an app at the stand-in."""
    house = await open_house(FakeText(), openai_api_key=KEY, openai_base_url=provider.url)
    await house.catalogue.refresh()
    return house.studio


async def edited(studio: Studio, made: Generation, words: str, model: str = "able", **facts: Any) -> Turn:
    """What comes of an edit as the page sends it."""
    return await said(studio, ANN, ask(words, model, thread=made.thread, **facts).again(sources=(made.id,)))


async def lake(studio: Studio, **facts: Any) -> Generation:
    """A picture of Sketch's, small."""
    return await drawn(studio, ANN, wish(LAKE, model="sketch", size="128x128", seed=42, **facts))


def spec(made: Generation) -> dict[str, Any]:
    return json.loads(made.usage["spec"])


async def seen(studio: Studio, made: Generation) -> np.ndarray:
    _, path = await studio.file(ANN, made.blob)
    return np.asarray(Image.open(BytesIO(path.read_bytes())).convert("RGB"), dtype=int)


# Edits


async def test_an_edit_is_made_of_its_picture_and_keeps_whose_child_it_is(house: House):
    model = house.catalogue.model("able")
    made = await drawn(house.studio, ANN, wish(seed=5))
    turn = await edited(house.studio, made, "make it night")
    (changed,) = turn.pictures
    (source,) = changed.request.inputs
    assert (changed.parent, source.generation, source.blob) == (made.id, made.id, made.blob)
    assert (changed.request.prompt, changed.request.operation, changed.thread) == ("make it night", "edit", made.thread)
    order = model.asked[-1]
    _, path = await house.studio.file(ANN, made.blob)
    assert (order.inputs[0].data, order.inputs[0].drawn_by) == (path.read_bytes(), "fake-image")


async def test_an_edit_of_an_edit_has_its_own_parent(house: House):
    first = await drawn(house.studio, ANN, wish(seed=5))
    (second,) = (await edited(house.studio, first, "make it night")).pictures
    (third,) = (await edited(house.studio, second, "add a moon")).pictures
    assert (second.parent, third.parent) == (first.id, second.id)
    assert third.request.inputs[0].blob == second.blob


async def test_made_pictures_and_added_ones_go_together(house: House):
    made = await drawn(house.studio, ANN, wish(seed=5))
    blob = await house.studio.upload(ANN, png((40, 30), 1), "moon.png")
    turn = await said(house.studio, ANN, ask("put it in", "able", uploads=(blob.id,)).again(sources=(made.id,)))
    assert [each.generation for each in turn.pictures[0].request.inputs] == [made.id, None]
    with pytest.raises(NotOffered, match="inputs") as refusal:
        await said(house.studio, ANN, ask("put it in", "able", uploads=(blob.id,)).again(sources=(made.id, made.id)))
    assert (refusal.value.facts["given"], refusal.value.facts["most"]) == (3, 2)


async def test_reroll_of_an_edit_is_an_edit_of_the_same_picture(house: House):
    made = await drawn(house.studio, ANN, wish(seed=5))
    (changed,) = (await edited(house.studio, made, "make it night")).pictures
    (again,) = (await ended(house.studio, ANN, await house.studio.reroll(ANN, changed.id))).pictures
    assert (again.request.inputs, again.parent, again.request.take) == (changed.request.inputs, made.id, 1)


async def test_the_recipe_of_an_edit_brings_its_source_back(house: House):
    made = await drawn(house.studio, ANN, wish(seed=5))
    (changed,) = (await edited(house.studio, made, "make it night")).pictures
    assert [each.id for each in (await house.studio.recipe(ANN, changed.id)).sources] == [made.id]


async def test_anothers_picture_cannot_be_a_source(house: House):
    studio = house.studio
    made = await drawn(studio, ANN, wish(seed=5))
    controls = ask("", "able").controls
    for verb in (
        studio.say(BEN, ask("make it night", "able").again(sources=(made.id,))),
        studio.say(BEN, ask("/edit make it night", "able").again(sources=(made.id,))),
        studio.source(BEN, made.id, controls),
        studio.vary(BEN, made.id),
        studio.recipe(BEN, made.id),
    ):
        with pytest.raises(NotFound):
            await verb
    assert not (await studio.threads(BEN)).items


@pytest.mark.parametrize("source", ["", "nonsense", "01hzzzzzzzzzzzzzzzzzzzzzzy", "../../etc/passwd"])
async def test_a_source_that_is_none_is_not_found(house: House, source: str):
    with pytest.raises((NotFound, ValueError)):
        await house.studio.say(ANN, ask("make it night", "able").again(sources=(source,)))


@pytest.mark.parametrize(
    ("chosen", "drawer", "editor"),
    [
        ({"model": "able"}, "fake-image", "able"),
        ({"model": "fake-text", "image_model": "able"}, "fake-image", "able"),
        ({"model": "fake-image"}, "able", "able"),
        ({"model": "fake-image"}, "sketch", "sketch"),
        ({"model": "able"}, "sketch", "able"),
        ({"model": "sketch"}, "sketch", "sketch"),
        ({"model": "sketch"}, "fake-image", "sketch"),
        ({"model": "never-heard-of"}, "fake-image", "able"),
    ],
)
async def test_the_model_for_an_edit(house: House, chosen: dict, drawer: str, editor: str):
    made = await drawn(house.studio, ANN, wish("a boat on a lake", model=drawer, size="128x128" if drawer == "sketch" else None, seed=5))
    source = await house.studio.source(ANN, made.id, ask("", **chosen).controls)
    assert (source.model, source.made.id) == (editor, made.id)


async def test_where_nobody_else_can_edit_it_sketch_changes_its_light(open_house: OpenHouse):
    studio = (await open_house(FakeImage(), FakeText())).studio
    made = await drawn(studio, ANN, wish(seed=5))
    assert (await studio.source(ANN, made.id, ask("").controls)).model == "sketch"
    assert {one.drawn_by for one in (await ended(studio, ANN, await studio.vary(ANN, made.id))).pictures} == {"sketch"}


async def test_a_command_finds_a_model_for_the_picture(house: House):
    made = await drawn(house.studio, ANN, wish(seed=5))
    asked = ask("/edit make it night", "fake-image", thread=made.thread).again(sources=(made.id,))
    assert (await said(house.studio, ANN, asked)).pictures[0].drawn_by == "able"


async def test_an_edit_goes_over_the_network_with_its_picture(online: Studio, provider: Provider):
    made = await drawn(online, ANN, wish("a boat", model="gpt-image-1.5", size="1024x1024", quality="low"))
    (changed,) = (await edited(online, made, "make it night", FLARE)).pictures
    asked = provider.asked[-1]
    assert (asked.path, asked.said["prompt"], asked.said["model"]) == ("/v1/images/edits", "make it night", FLARE)
    _, path = await online.file(ANN, made.blob)
    assert [data for _, _, data in asked.files] == [path.read_bytes()]
    assert changed.parent == made.id


# Variations


async def test_variations_are_as_many_as_the_model_makes_at_once(house: House):
    made = await drawn(house.studio, ANN, wish("a fox", model="able", seed=5, size="512x512", quality="high"))
    turn = await ended(house.studio, ANN, await house.studio.vary(ANN, made.id))
    assert (len(turn.pictures), turn.message.origin) == (3, "variations")
    assert {each.parent for each in turn.pictures} == {made.id}
    assert all(each.request.variation and each.request.prompt == "a fox" and each.request.quality == "high" for each in turn.pictures)
    assert len({each.request.seed for each in turn.pictures} | {5}) == 4


async def test_variations_are_four_where_the_model_makes_more(online: Studio, provider: Provider):
    made = await drawn(online, ANN, wish("a boat", model=FLARE, size="1024x1024", quality="low"))
    turn = await ended(online, ANN, await online.vary(ANN, made.id))
    assert len(turn.pictures) == 4
    asked = [each for each in provider.asked if each.path == "/v1/images/edits"]
    assert len(asked) == 4 and all("a boat" in each.prompt and "variation" in each.prompt for each in asked)


async def test_variations_of_what_cannot_be_varied_are_made_by_another(house: House):
    made = await drawn(house.studio, ANN, wish("a fox", seed=5))
    turn = await ended(house.studio, ANN, await house.studio.vary(ANN, made.id))
    assert {each.drawn_by for each in turn.pictures} == {"able"}
    assert {"given": "fake-image", "used": "able"} in [note.facts for note in turn.job.notes]


async def test_a_variation_of_an_edit_is_of_that_edit(house: House):
    made = await drawn(house.studio, ANN, wish(seed=5))
    (changed,) = (await edited(house.studio, made, "make it night")).pictures
    turn = await ended(house.studio, ANN, await house.studio.vary(ANN, changed.id))
    assert {each.parent for each in turn.pictures} == {changed.id}
    assert {each.request.inputs[0].blob for each in turn.pictures} == {changed.blob}


async def test_a_press_that_arrives_twice_varies_once(house: House):
    made = await drawn(house.studio, ANN, wish("a fox", model="able", seed=5))
    first, again = [await house.studio.vary(ANN, made.id, nonce="one") for _ in range(2)]
    assert (first.fresh, again.fresh, first.message) == (True, False, again.message)


# Sketch


async def test_sketch_keeps_seed_and_composition_of_what_it_edits(studio: Studio):
    made = await lake(studio)
    (changed,) = (await edited(studio, made, "make it night", "sketch", size="128x128")).pictures
    before, after = spec(made), spec(changed)
    assert after == {**before, "time": "night"} and before["time"] == "day"
    assert changed.request.seed == 42
    assert (await seen(studio, changed)).mean() < (await seen(studio, made)).mean() - 20


@pytest.mark.parametrize(
    ("words", "changes"),
    [
        ("make it night", {"time": "night"}),
        ("شب شود", {"time": "night"}),
        ("as watercolor", {"style": "watercolor"}),
        ("remove the boat", {"subjects": [], "without": ["boat"]}),
        ("قایق را بردار", {"subjects": [], "without": ["boat"]}),
    ],
)
async def test_sketch_changes_what_the_words_say_and_nothing_else(studio: Studio, words: str, changes: dict):
    made = await lake(studio)
    (changed,) = (await edited(studio, made, words, "sketch", size="128x128")).pictures
    assert spec(changed) == {**spec(made), **changes}


async def test_what_is_added_stays_through_the_next_edit_and_goes_when_it_is_taken_away(studio: Studio):
    made = await drawn(studio, ANN, wish("a lake with mountains at noon", model="sketch", size="128x128", seed=42))
    kinds = []
    for words in ("add a boat", "make it night", "remove the boat", "add a boat"):
        (made,) = (await edited(studio, made, words, "sketch", size="128x128")).pictures
        kinds.append(("boat" in [each["kind"] for each in spec(made)["subjects"]], spec(made)["time"], made.request.seed))
    assert kinds == [(True, "day", 42), (True, "night", 42), (False, "night", 42), (True, "night", 42)]
    assert (spec(made)["scene"], spec(made)["without"]) == ("mountains", [])


async def test_sketch_says_when_it_understood_nothing_of_a_change(studio: Studio):
    made = await lake(studio)
    turn = await edited(studio, made, "xyzzy plugh", "sketch", size="128x128")
    assert (turn.job.status, turn.job.error.reason, turn.job.error.retryable) == (Status.FAILED, "edit_not_understood", False)


async def test_sketch_changes_the_light_of_what_it_did_not_paint(studio: Studio):
    blob = await studio.upload(ANN, png((90, 64), 1), "fox.png")
    turn = await ended(studio, ANN, await studio.say(ANN, ask("make it night, in watercolor", "sketch", uploads=(blob.id,))))
    (made,) = turn.pictures
    assert made.width / made.height == pytest.approx(90 / 64, abs=0.01)
    assert turn.job.notes[0].code == "sketch_over"
    foreign = await drawn(studio, ANN, wish(seed=5))
    (night,) = (await edited(studio, foreign, "make it night", "sketch")).pictures
    assert night.drawn_by == "sketch"
    nothing = await edited(studio, foreign, "remove the house", "sketch")
    assert nothing.job.error.reason == "over_not_understood"


async def test_sketch_varies_the_composition_and_keeps_what_is_in_it(studio: Studio):
    made = await lake(studio)
    turn = await ended(studio, ANN, await studio.vary(ANN, made.id))
    kept = [
        {name: value for name, value in spec(each).items() if name in ("scene", "time", "subjects", "colours")} for each in turn.pictures
    ]
    assert kept == [{name: value for name, value in spec(made).items() if name in kept[0]}] * 4
    assert len({each.request.seed for each in turn.pictures}) == 4


async def test_a_reroll_of_sketchs_edit_is_another_composition(studio: Studio):
    made = await lake(studio)
    (changed,) = (await edited(studio, made, "make it night", "sketch", size="128x128")).pictures
    (again,) = (await ended(studio, ANN, await studio.reroll(ANN, changed.id))).pictures
    assert again.request.seed != 42 and spec(again)["time"] == "night"
