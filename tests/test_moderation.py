"""Moderation by OpenAI, against the stand-in: before anything is asked, on what came, and when it does not answer."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest

from imagechat import moderation
from imagechat.bootstrap import House
from imagechat.domain.jobs import JobState, Status
from imagechat.domain.values import new_id
from imagechat.errors import BrokenReply, CannotStart, ImageChatError, NotAllowed
from imagechat.i18n import codes, locale
from imagechat.providers.openai import moderation as asking
from imagechat.providers.openai.moderation import Moderator
from imagechat.settings import PolicySettings, Settings
from tests.asking import ANN, BEN, ask, drawn, said, until, wish
from tests.conftest import OpenHouse
from tests.fakes.models import given, png
from tests.fakes.provider import KEY, Provider

DRAWER, WRITER = "gpt-image-2.5-flare", "gpt-6-luna"


@pytest.fixture
async def server() -> AsyncIterator[Provider]:
    """The stand-in."""
    async with Provider() as server:
        yield server


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pauses between two tries."""
    monkeypatch.setattr(asking, "PAUSES", (0.0, 0.0))


@pytest.fixture
async def moderator(server: Provider, quick: None) -> AsyncIterator[Moderator]:
    made = Moderator(Settings(_env_file=None, openai_api_key=KEY, openai_base_url=server.url))
    yield made
    await made.close()


async def house_of(open_house: OpenHouse, server: Provider, policy: str) -> House:
    house = await open_house(
        openai_api_key=KEY, openai_base_url=server.url, policy=PolicySettings(moderation=policy),
        offers={"guests": "*"}, budget={"guests_daily": 5},
    )  # fmt: skip
    await house.studio.refresh(ANN)
    server.asked.clear()
    return house


def paths(server: Provider) -> list[str]:
    return [each.path.removeprefix("/v1/") for each in server.asked if each.path != "/v1/models"]


async def end_of(house: House, prompt: str, visitor: Any = ANN, **facts: Any) -> JobState:
    """The end of the job that draws `prompt`."""
    receipt = await house.studio.draw(visitor, new_id(), wish(prompt, model=DRAWER, **facts), said=prompt)
    return await until(house.studio, visitor, receipt, lambda job: job.status.final)


# --- what OpenAI is asked, and what it answers ---
async def test_words_are_asked_about_as_openai_wants_it(moderator: Moderator, server: Provider):
    assert await moderator.of_words("a fox in snow") == ()
    assert await moderator.of_words("harmful:violence,self-harm") == ("self-harm", "violence")
    asked = server.asked[0]
    assert asked.path == "/v1/moderations"
    assert asked.said == {"model": "omni-moderation-latest", "input": [{"type": "text", "text": "a fox in snow"}]}


async def test_a_picture_goes_as_a_small_data_url(moderator: Moderator, server: Provider):
    assert await moderator.of_picture(given("noise", (1600, 1200), 1) or b"") == ()
    server.judgement = "picture:sexual"
    assert await moderator.of_picture(png((64, 64), 1)) == ("sexual",)
    (part,) = server.asked[0].said["input"]
    assert part["image_url"]["url"].startswith("data:image/webp;base64,")
    assert len(server.asked[0].body) < 400_000


async def test_what_is_no_picture_is_left_to_who_keeps_it(moderator: Moderator, server: Provider):
    assert await moderator.of_picture(b"<html>") == ()
    assert not server.asked


@pytest.mark.parametrize("judgement", ["status:429", "status:500", "status:503", "then:reset", "then:cut at:head"])
async def test_what_may_pass_is_tried_three_times(moderator: Moderator, server: Provider, judgement: str):
    server.judgement = judgement
    with pytest.raises(ImageChatError):
        await moderator.of_words("a fox")
    assert len(server.asked) == 3


async def test_the_second_try_counts(moderator: Moderator, server: Provider):
    server.judgement = "status:503 times:2"
    assert await moderator.of_words("harmful:hate") == ("hate",)


@pytest.mark.parametrize("judgement", ["status:401", "status:400", "status:429 retry:60"])
async def test_what_will_not_pass_is_asked_once(moderator: Moderator, server: Provider, judgement: str):
    server.judgement = judgement
    with pytest.raises(ImageChatError):
        await moderator.of_words("a fox")
    assert len(server.asked) == 1


@pytest.mark.parametrize("judgement", ["gives:odd", "gives:page"])
async def test_an_answer_without_a_verdict_is_none(moderator: Moderator, server: Provider, judgement: str):
    server.judgement = judgement
    with pytest.raises(BrokenReply):
        await moderator.of_words("a fox")


# --- before anything is asked ---
async def test_a_refused_prompt_reaches_no_model_and_costs_nothing(open_house: OpenHouse, server: Provider):
    house = await house_of(open_house, server, "prompts")
    state = await end_of(house, "a fox harmful:violence/graphic")
    assert (state.status, state.price) == (Status.FAILED, 0)
    assert state.error and (state.error.code, state.error.reason, state.error.retryable) == ("not_allowed", "moderation", False)
    assert paths(server) == ["moderations"]
    for code, words in (("en", "graphic violence"), ("fa", "خشونت عریان")):
        assert words in locale(code).error(state.error.code, state.error.reason, state.error.facts)


async def test_a_guests_prompt_too_and_several_pictures_are_asked_about_once(open_house: OpenHouse, server: Provider):
    house = await house_of(open_house, server, "prompts")
    state = await end_of(house, "a fox", BEN, count=2)
    assert state.status is Status.DONE
    assert sorted(paths(server)) == ["images/generations", "images/generations", "moderations"]


async def test_of_a_chat_the_newest_message_is_looked_at(open_house: OpenHouse, server: Provider):
    house = await house_of(open_house, server, "prompts")
    thread = new_id()
    assert (await said(house.studio, ANN, ask("hello", WRITER, thread=thread))).job.status is Status.DONE  # type: ignore[union-attr]
    refused = (await said(house.studio, ANN, ask("harmful:hate", WRITER, thread=thread))).job
    assert refused and refused.error and refused.error.reason == "moderation"
    assert (await said(house.studio, ANN, ask("and now?", WRITER, thread=thread))).job.status is Status.DONE  # type: ignore[union-attr]
    assert paths(server) == ["moderations", "chat/completions", "moderations", "moderations", "chat/completions"]
    assert server.asked[-2].said["input"] == [{"type": "text", "text": "and now?"}]


async def test_what_is_to_be_worded_is_looked_at_too(open_house: OpenHouse, server: Provider):
    house = await house_of(open_house, server, "prompts")
    with pytest.raises(NotAllowed, match="moderation"):
        await house.studio.enhance(ANN, "harmful:hate", ask("", text_model=WRITER).controls)
    assert paths(server) == ["moderations"]


@pytest.mark.parametrize("model", [WRITER, DRAWER])
async def test_what_was_refused_goes_to_no_model_with_a_later_turn(open_house: OpenHouse, server: Provider, model: str):
    house = await house_of(open_house, server, "prompts")
    thread = new_id()
    for words in (ask("harmful:hate", model, thread=thread), ask("answer what I said before", WRITER, thread=thread)):
        turn = await said(house.studio, ANN, words)
    assert turn.job and turn.job.status is Status.DONE
    assert server.asked[-1].said["messages"] == [{"role": "user", "content": "answer what I said before"}]


async def test_what_an_embedded_model_was_told_is_looked_at_before_another_hears_of_it(open_house: OpenHouse, server: Provider):
    house = await house_of(open_house, server, "prompts")
    thread = new_id()
    await said(house.studio, ANN, ask("harmful:hate", "guide", thread=thread))
    turn = await said(house.studio, ANN, ask("answer what I said before", WRITER, thread=thread))
    assert turn.job and turn.job.error and turn.job.error.reason == "moderation"
    assert paths(server) == ["moderations"]


async def test_a_long_conversation_is_looked_at_in_parts_and_once(moderator: Moderator, server: Provider):
    looked_after = moderation.Moderation(moderator)
    texts = [f"{index} " + "a fox in snow " * 1_000 for index in range(6)]
    assert await looked_after.of(texts) == await looked_after.of(texts) == ()
    assert [sum(f"{index} a fox" in each.said["input"][0]["text"] for index in range(6)) for each in server.asked] == [2, 2, 2]
    assert await looked_after.of([*texts, "harmful:hate"]) == await looked_after.of(["harmful:hate"]) == ("hate",)
    assert len(server.asked) == 5


async def test_a_conversation_that_is_to_be_drawn_is_looked_at_whole(open_house: OpenHouse, server: Provider):
    house = await house_of(open_house, server, "prompts")
    thread = new_id()
    for words in ("harmful:hate", "and now?"):
        await said(house.studio, ANN, ask(words, "guide", thread=thread))
    server.asked.clear()
    with pytest.raises(NotAllowed, match="moderation"):
        await house.studio.conversation_prompt(ANN, thread, ask("", text_model=WRITER).controls)
    assert paths(server) == ["moderations"]


async def test_embedded_models_are_asked_as_ever(open_house: OpenHouse, server: Provider):
    house = await house_of(open_house, server, "all")
    assert (await drawn(house.studio, ANN, "a fox harmful:violence")).drawn_by == "fake-image"
    assert paths(server) == []


async def test_off_asks_nobody(open_house: OpenHouse, server: Provider):
    house = await house_of(open_house, server, "off")
    assert (await end_of(house, "a fox harmful:violence")).status is Status.DONE
    assert paths(server) == ["images/generations"]


@pytest.mark.parametrize("judgement", ["status:500", "status:401", "gives:odd"])
async def test_nothing_is_asked_while_nobody_looks(open_house: OpenHouse, server: Provider, quick: None, judgement: str):
    house = await house_of(open_house, server, "prompts")
    server.judgement = judgement
    state = await end_of(house, "a fox")
    assert (state.status, state.price) == (Status.FAILED, 0)
    assert state.error and (state.error.code, state.error.retryable) == ("unchecked", True)
    assert set(paths(server)) == {"moderations"}
    server.judgement = ""
    assert (await end_of(house, "a fox")).status is Status.DONE


# --- what came ---
async def test_a_refused_picture_is_neither_kept_nor_shown_and_its_cost_counts(open_house: OpenHouse, server: Provider):
    house = await house_of(open_house, server, "all")
    server.judgement = "picture:sexual"
    previews: list[str] = []
    since = house.studio.version(ANN)
    receipt = await house.studio.draw(ANN, new_id(), wish("a fox cost:0.25", model=DRAWER), said="a fox")
    async with aclosing(house.studio.watch(ANN, since)) as steps:
        async for changes in steps:
            jobs = [job for job in changes.jobs if job.job == receipt.job]
            previews += [place.preview for job in jobs for place in job.places if place.preview]
            if any(job.status.final for job in jobs):
                break
    state = await until(house.studio, ANN, receipt, lambda job: job.status.final)
    assert (state.status, state.price, previews) == (Status.FAILED, 250_000, [])
    assert state.error and (state.error.code, state.error.reason, state.error.facts) == ("not_allowed", "result", {"why": "sexual"})
    assert not (await house.studio.gallery(ANN)).items
    assert (await house.blobs.usage(ANN.id))[0] == 0


async def test_an_allowed_picture_is_shown_when_it_was_looked_at(open_house: OpenHouse, server: Provider):
    house = await house_of(open_house, server, "all")
    state = await end_of(house, "a fox cost:0.25")
    assert (state.status, state.price) == (Status.DONE, 250_000)
    assert paths(server) == ["moderations", "images/generations", "moderations"]


async def test_a_picture_that_nobody_could_look_at_is_not_shown(open_house: OpenHouse, server: Provider, quick: None):
    house = await house_of(open_house, server, "all")
    receipt = await house.studio.draw(ANN, new_id(), wish("a fox cost:0.25 wait:0.3", model=DRAWER), said="a fox")
    await until(house.studio, ANN, receipt, lambda job: "images/generations" in paths(server))
    server.judgement = "status:500"
    state = await until(house.studio, ANN, receipt, lambda job: job.status.final)
    assert (state.status, state.price) == (Status.FAILED, 250_000)
    assert state.error and (state.error.code, state.error.reason) == ("unchecked", "result")
    assert not (await house.studio.gallery(ANN)).items


# --- the start ---
@pytest.mark.parametrize("policy", ["prompts", "all"])
async def test_moderation_without_a_key_stops_the_start(open_house: OpenHouse, policy: str):
    with pytest.raises(CannotStart) as stopped:
        await open_house(policy=PolicySettings(moderation=policy))
    assert stopped.value.reason == "no_moderation_key"
    for code in codes():
        assert "OPENAI_API_KEY" in locale(code).error("cannot_start", "no_moderation_key", stopped.value.facts)


def test_what_cannot_be_read_is_a_mistake_of_ours():
    with pytest.raises(TypeError):
        moderation.texts_of(object())
