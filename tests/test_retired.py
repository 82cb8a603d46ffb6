"""Models that are gone: what stands in their place draws, recipes are fitted to it, and that is told."""

from collections.abc import AsyncIterator

import pytest

from imagechat.bootstrap import House
from imagechat.domain.records import Generation, Turn
from imagechat.domain.requests import ImageRequest
from imagechat.domain.values import new_id
from imagechat.errors import BadInput, NotOffered
from imagechat.studio import Studio
from imagechat.studio.choosing import lost
from tests.asking import ANN, ask, drawn, ended, said
from tests.conftest import OpenHouse
from tests.fakes.models import FakeImage, FakeText
from tests.fakes.provider import KEY, Provider

OLD, NEW = "gpt-image-1", "gpt-image-2.5-sunburst"


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    async with Provider() as server:
        yield server


@pytest.fixture
async def house(open_house: OpenHouse, provider: Provider) -> House:
    """The app at the stand-in, which offers the newer models."""
    house = await open_house(FakeImage(), FakeText(), openai_api_key=KEY, openai_base_url=provider.url)
    await house.catalogue.refresh()
    return house


@pytest.fixture
def studio(house: House) -> Studio:
    return house.studio


def told(turn: Turn) -> dict[str, tuple[str, str]]:
    return {note.code: (note.facts["given"], note.facts["used"]) for note in turn.job.notes if "used" in note.facts}


async def made_once(house: House, **facts: object) -> Generation:
    """A picture that a model drew which is gone since."""
    made = await drawn(house.studio, ANN, ImageRequest(prompt="a fox", model="fake-image", seed=5))
    before = ImageRequest.model_validate({"prompt": "a fox", "model": OLD, "size": "1024x1024", **facts})
    old = made.again(request=before, drawn_by=before.model)
    async with house.database.write() as connection:
        await connection.exec_driver_sql(
            "UPDATE generations SET request = ?, drawn_by = ? WHERE id = ?", (before.model_dump_json(), before.model, made.id)
        )
        await connection.exec_driver_sql(
            "UPDATE messages SET request = ?, model = ? WHERE id = ?", (before.model_dump_json(), before.model, made.message)
        )
    return old


async def test_a_chat_that_remembers_a_retired_model_is_drawn_by_the_one_in_its_place(studio: Studio):
    asked = ask("a fox", OLD, quality="high", size="1024x1536")
    turn = await said(studio, ANN, asked)
    (made,) = turn.pictures
    assert (made.drawn_by, made.request.model, made.request.quality, str(made.request.size)) == (NEW, NEW, "high", "1024x1536")
    assert told(turn) == {"model_replaced": (OLD, NEW)}
    assert (await studio.thread(ANN, asked.thread)).controls.model == NEW


async def test_what_a_recipe_loses_on_the_way_is_told(studio: Studio):
    request = ImageRequest(prompt="a fox", model="dall-e-2", size="512x512", quality="hd", style="vivid", seed=7, background="opaque")
    receipt = await studio.draw(ANN, new_id(), request, said="a fox")

    turn = await ended(studio, ANN, receipt)
    assert told(turn) == {
        "model_replaced": ("dall-e-2", "gpt-image-2.5-flare"), "fitted_quality": ("hd", "high"), "fitted_seed": ("7", "–"),
    }  # fmt: skip
    assert (turn.pictures[0].drawn_by, turn.pictures[0].request.style) == ("gpt-image-2.5-flare", "vivid")


async def test_a_retired_text_model_is_stood_in_for(studio: Studio):
    asked = ask("hello", "gpt-4.1")
    turn = await said(studio, ANN, asked)
    assert (turn.message.model, told(turn)) == ("gpt-6-luna", {"model_replaced": ("gpt-4.1", "gpt-6-luna")})
    assert (await studio.thread(ANN, asked.thread)).controls.model == "gpt-6-luna"


@pytest.mark.parametrize("same_seed", [False, True])
async def test_reroll_of_what_a_retired_model_drew(house: House, same_seed: bool):

    old = await made_once(house, quality="high")
    turn = await ended(house.studio, ANN, await house.studio.reroll(ANN, old.id, same_seed=same_seed))
    assert (turn.pictures[0].drawn_by, turn.pictures[0].request.quality, turn.pictures[0].request.take) == (NEW, "high", 1)
    assert told(turn) == {"model_replaced": (OLD, NEW)}


async def test_variations_of_what_a_retired_model_drew(house: House):

    old = await made_once(house)
    turn = await ended(house.studio, ANN, await house.studio.vary(ANN, old.id))
    assert [(each.drawn_by, each.parent) for each in turn.pictures] == [(NEW, old.id)] * 4
    assert told(turn) == {"fitted_model": (OLD, NEW)}


async def test_trying_again_what_a_retired_model_failed_at(house: House):

    failed = await said(house.studio, ANN, ask("a fox gives:truncated"))
    before = failed.message.request.again(model=OLD, seed=None, size="1024x1024", prompt="a fox")
    async with house.database.write() as connection:
        await connection.exec_driver_sql("UPDATE messages SET request = ? WHERE id = ?", (before.model_dump_json(), failed.message.id))
    turn = await ended(house.studio, ANN, await house.studio.retry(ANN, failed.message.id))
    assert (turn.pictures[0].drawn_by, told(turn)) == (NEW, {"model_replaced": (OLD, NEW)})


async def test_a_recipe_is_put_back_for_the_model_in_its_place(house: House):
    old = await made_once(house, model="dall-e-2", size="512x512", quality="hd", seed=9)
    recipe = await house.studio.recipe(ANN, old.id)
    assert (recipe.controls.model, recipe.controls.size, recipe.controls.quality, recipe.controls.seed) == (
        "gpt-image-2.5-flare", "512x512", "high", None,
    )  # fmt: skip
    assert [note.code for note in recipe.notes] == ["model_replaced", "fitted_quality", "fitted_seed"]
    assert (await said(house.studio, ANN, ask(recipe.prompt, **recipe.controls.model_dump()))).pictures


async def test_a_recipe_of_a_model_that_is_here_stays_as_it_is(house: House):
    made = await drawn(house.studio, ANN, ImageRequest(prompt="a fox", model="fake-image", seed=5, size="512x512"))
    recipe = await house.studio.recipe(ANN, made.id)
    assert (recipe.notes, recipe.controls.seed, recipe.controls.size) == ((), 5, "512x512")


async def test_a_command_that_names_a_retired_model(studio: Studio):
    turn = await said(studio, ANN, ask(f"/imagine a fox model:{OLD}", "fake-text"))
    assert (turn.pictures[0].drawn_by, told(turn)) == (NEW, {"model_replaced": (OLD, NEW)})


async def test_a_command_in_a_chat_that_remembers_a_retired_model(studio: Studio):
    turn = await said(studio, ANN, ask("/imagine a fox", "fake-text", image_model=OLD))
    assert (turn.pictures[0].drawn_by, told(turn)) == (NEW, {"model_replaced": (OLD, NEW)})


async def test_a_compression_that_is_lost_is_told_in_plain_words(house: House):
    request = ImageRequest(prompt="a boat on a lake", model=OLD, format="jpeg", options={"compression": 80}, size="1024x1024")
    plain = house.catalogue.card("sketch")
    assert [note.facts["given"] for note in lost(request, plain.fit(request)) if note.code == "fitted_options"] == ["compression:80"]


async def test_a_picture_to_edit_goes_to_the_model_in_its_place(house: House):
    old = await made_once(house)
    source = await house.studio.source(ANN, old.id, ask("", OLD).controls)
    assert source.model == NEW


async def test_nobody_stands_in_for_a_model_that_nobody_knows(house: House):
    studio = house.studio
    old = await made_once(house, model="never-heard-of")
    for verb in (studio.say(ANN, ask("a fox", "never-heard-of")), studio.reroll(ANN, old.id)):
        with pytest.raises(NotOffered, match="model") as refusal:
            await verb
        assert refusal.value.facts["given"] == "never-heard-of" and "sketch" in str(refusal.value.facts["offered"])
    with pytest.raises(BadInput, match="option_model"):
        await studio.say(ANN, ask("/imagine a fox model:never-heard-of"))


async def test_its_pictures_can_be_varied_and_put_back_all_the_same(house: House):

    old = await made_once(house, model="never-heard-of")
    turn = await ended(house.studio, ANN, await house.studio.vary(ANN, old.id))
    assert {each.drawn_by for each in turn.pictures} <= {card.id for card in house.catalogue.cards() if "vary" in card.operations}
    assert (await house.studio.recipe(ANN, old.id)).prompt == "a fox"


async def test_retired_models_are_not_offered(house: House):
    offered = {card.id for card in house.catalogue.cards()}
    assert OLD not in offered and {NEW, "gpt-image-1.5", "dall-e-3", "sketch"} <= offered


async def test_a_model_that_its_server_has_still_stands_for_itself(studio: Studio):
    turn = await said(studio, ANN, ask("a fox", "dall-e-3"))
    assert turn.pictures[0].drawn_by == "dall-e-3" and "model_replaced" not in told(turn)
