"""Every bad day that a provider can have, in words and in pictures, seen from the studio: what is told, what is kept, what is asked twice.

`FLARE` and `WORDS` are asked in OpenAI's own dialect, `OLDER` in that of servers of one's own.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from imagechat import i18n, wrappers
from imagechat.bootstrap import House
from imagechat.domain.jobs import Status
from imagechat.domain.records import Turn
from imagechat.settings import ModelSettings
from imagechat.studio import Ask, Receipt
from tests.asking import ANN, ask, ended, turn_of, until
from tests.conftest import OpenHouse
from tests.fakes.provider import KEY, Provider
from tests.test_work import files, whole

FLARE, OLDER, WORDS = "gpt-image-2.5-flare", "dall-e-3", "gpt-6-luna"
PATIENCE = 1.0
EVERY = (FLARE, OLDER, WORDS)
PICTURES = (FLARE, OLDER)
HALF = "word0 word1 word2 word3 word4 word5 word6 "
"""What a reply has before its middle."""
UNBILLED = (
    "bad_key.wrong", "bad_key.no_access", "bad_key.no_credit", "declined", "declined.model", "declined.context", "blocked",
    "overloaded.rate", "overloaded.busy", "unreachable.refused", "unreachable.no_address",
)  # fmt: skip


@dataclass
class Day:
    """A house with a provider."""

    house: House
    server: Provider

    async def say(self, says: str, model: str, **facts: Any) -> Receipt:
        return await self.house.studio.say(ANN, asked(says, model, **facts))

    async def said(self, says: str, model: str, **facts: Any) -> Turn:
        return await ended(self.house.studio, ANN, await self.say(says, model, **facts))


def asked(says: str, model: str, **facts: Any) -> Ask:
    return ask(f"a fox {says}", model, **({} if model == WORDS else {"size": "1024x1024"}), **facts)


@pytest.fixture
async def server() -> AsyncIterator[Provider]:
    async with Provider() as server:
        yield server


@pytest.fixture
async def day(open_house: OpenHouse, server: Provider, monkeypatch: pytest.MonkeyPatch) -> Day:
    """The house knows the server's models; what it asked to learn them is forgotten."""
    monkeypatch.setattr(wrappers, "PAUSE", 0.05)
    settings = {"openai_api_key": KEY, "openai_base_url": server.url, "models": ModelSettings(patience=PATIENCE)}
    house = await open_house(**settings)
    await house.catalogue.refresh()
    server.asked.clear()
    return Day(house, server)


def requests(server: Provider) -> int:
    """How often a reply or a picture was asked for."""
    return sum(each.method == "POST" for each in server.asked)


def words(turn: Turn) -> str:
    """What a person reads of the failure."""
    error = turn.job.error
    return i18n.locale("en").error(error.code, error.reason, error.facts)


async def failed(day: Day, turn: Turn, error: str, *, asked: int = 1, text: str | None = None) -> None:
    """It failed with `error`, is told so, and left nothing but what is whole."""
    assert turn.job.status is Status.FAILED
    code, _, reason = error.partition(".")
    assert (turn.job.error.code, turn.job.error.reason) == (code, reason)
    assert "{" not in words(turn) and "None" not in words(turn) and "sk-" not in words(turn) and words(turn)[-1] in ".?:]"
    assert turn.pictures == () and (await day.house.studio.gallery(ANN)).items == ()
    assert all(place.status == "failed" for place in turn.job.places)
    if turn.job.kind == "chat":
        assert turn.message.text == (text or "")
    assert turn.job.price == (0 if error in UNBILLED else None), "what may have been charged is never told to be nothing"
    assert requests(day.server) == asked
    await left(day.server)
    await whole(day.house)


async def left(server: Provider) -> None:
    """Nobody waits for the server any more."""
    async with asyncio.timeout(30):
        while server.open:
            await asyncio.sleep(0.01)


async def fine(day: Day, turn: Turn) -> None:
    """It is done, and whole."""
    assert (turn.job.status, turn.job.error) == (Status.DONE, None)
    if turn.job.kind == "chat":
        assert turn.message.text.strip() == " ".join(f"word{index}" for index in range(12))
    else:
        assert len(turn.pictures) == turn.message.request.count
    await left(day.server)
    await whole(day.house)


# Refused


@pytest.mark.parametrize("model", EVERY)
@pytest.mark.parametrize(
    ("says", "error"),
    [
        ("status:401", "bad_key.wrong"),
        ("status:403", "bad_key.no_access"),
        ("status:404", "declined.model"),
        ("status:402", "bad_key.no_credit"),
        ("status:400", "declined"),
        ("status:400 code:moderation_blocked", "blocked"),
        ("status:400 code:context_length_exceeded", "declined.context"),
        ("status:429 code:insufficient_quota", "bad_key.no_credit"),
        ("status:429 retry:61", "overloaded.rate"),
        ("status:503 retry:3600", "overloaded.busy"),
        ("status:500", "provider_fault.server"),
        ("status:502", "provider_fault.server"),
        ("status:504", "provider_fault.server"),
        ("status:500 times:1", "provider_fault.server"),
    ],
)
async def test_what_is_refused_is_asked_once(day: Day, model: str, says: str, error: str):
    await failed(day, await day.said(says, model), error)


@pytest.mark.parametrize("model", EVERY)
@pytest.mark.parametrize(
    ("says", "error"), [("status:429", "overloaded.rate"), ("status:429 retry:0.1", "overloaded.rate"), ("status:503", "overloaded.busy")]
)
async def test_what_is_turned_away_is_asked_once_more(day: Day, model: str, says: str, error: str):
    await fine(day, await day.said(f"{says} times:1", model))
    assert requests(day.server) == 2
    day.server.asked.clear()
    turn = await day.said(f"{says} still", model)
    assert (turn.job.status, turn.job.error.code + "." + turn.job.error.reason, requests(day.server)) == (Status.FAILED, error, 2)
    assert "{" not in words(turn)


@pytest.mark.parametrize("model", EVERY)
async def test_the_wait_is_told_and_can_be_stopped(day: Day, model: str):
    receipt = await day.say("status:429 retry:50", model)
    state = await until(day.house.studio, ANN, receipt, lambda job: job.stage == "waiting")
    assert (state.held_by.code, state.held_by.reason) == ("overloaded", "rate")
    assert 45 < (state.resumes - state.started).total_seconds() < 55
    assert (await day.house.studio.cancel(ANN, receipt.job)).status is Status.CANCELLED
    assert requests(day.server) == 1


@pytest.mark.parametrize("model", EVERY)
async def test_the_wait_is_over_when_the_model_says_something(day: Day, model: str):
    turn = await day.said("status:429 retry:0.1 times:1", model)
    assert (turn.job.held_by, turn.job.resumes, turn.job.stage) == (None, None, "done")


@pytest.mark.parametrize("model", EVERY)
async def test_a_key_that_was_right_and_is_not_any_more(day: Day, model: str):
    day.server.key = "sk-another-0123456789"
    await failed(day, await day.said("", model), "bad_key.wrong")


@pytest.mark.parametrize("model", EVERY)
async def test_a_model_that_is_gone_since_it_was_listed(day: Day, model: str):
    day.server.models = {"tiny-chat": None}
    await failed(day, await day.said("", model), "declined.model")


# Not reached


@pytest.mark.parametrize("model", EVERY)
async def test_a_server_that_is_gone_is_tried_twice(day: Day, model: str):
    await day.server.__aexit__()
    day.server.open = 0
    with day.server.gone():
        await failed(day, await day.said("", model), "unreachable.refused", asked=0)


@pytest.mark.parametrize("model", ["one-image", "one-chat"])
@pytest.mark.parametrize(
    ("url", "error"), [("http://nowhere.invalid/v1", "unreachable.no_address"), ("http://127.0.0.1:1/v1", "unreachable.refused")]
)
async def test_an_address_that_leads_nowhere(
    open_house: OpenHouse, server: Provider, tmp_path: Any, monkeypatch: pytest.MonkeyPatch, model: str, url: str, error: str
):
    monkeypatch.setattr(wrappers, "PAUSE", 0.05)
    own = tmp_path / "models.toml"
    own.write_text(f'[[models]]\nid = "one-image"\nlike = "{FLARE}"\n[[models]]\nid = "one-chat"\nlike = "{WORDS}"\n')
    house = await open_house(openai_base_url=url, models=ModelSettings(patience=PATIENCE, file=str(own)))
    turn = await ended(house.studio, ANN, await house.studio.say(ANN, ask("a fox", model)))
    await failed(Day(house, server), turn, error, asked=0)


# Broken off, silent, or without an end


@pytest.mark.parametrize("model", EVERY)
@pytest.mark.parametrize("at", ["head", "start"])
@pytest.mark.parametrize(("then", "error"), [("hang", "timed_out.silent"), ("reset", "unreachable.lost"), ("cut", "unreachable.lost")])
async def test_before_anything_came(day: Day, model: str, at: str, then: str, error: str):
    await failed(day, await day.said(f"at:{at} then:{then}", model), error)


@pytest.mark.parametrize("model", EVERY)
@pytest.mark.parametrize(("then", "error"), [("hang", "timed_out.silent"), ("reset", "unreachable.lost"), ("cut", "unreachable.lost")])
async def test_in_the_middle(day: Day, model: str, then: str, error: str):
    turn = await day.said(f"at:middle then:{then}", model)
    came = turn.message.text if then == "reset" else HALF  # A reset takes what was not read yet with it.
    assert HALF.startswith(turn.message.text)
    await failed(day, turn, error, text=came)
    if model == FLARE:
        assert turn.job.places[0].preview, "what came is still shown"


@pytest.mark.parametrize("model", EVERY)
@pytest.mark.parametrize("then", ["hang", "reset", "cut"])
async def test_after_everything_came_it_is_done(day: Day, model: str, then: str):
    turn = await day.said(f"at:end then:{then}", model)
    if model == OLDER and then == "hang":
        day.server.open -= 1  # All bytes were read, so the connection is kept for the next request.
    await fine(day, turn)
    assert requests(day.server) == 1


@pytest.mark.parametrize("model", [FLARE, WORDS])
async def test_a_stream_without_its_end_is_not_whole(day: Day, model: str):
    turn = await day.said("tokens:3 then:short", model)
    await failed(day, turn, "broken_reply.ended_early", text="word0 word1 word2 ")


@pytest.mark.parametrize("model", EVERY)
async def test_pieces_with_pauses_are_no_silence(day: Day, model: str):
    await fine(day, await day.said(f"pieces:{PATIENCE / 10} tokens:12", model))


@pytest.mark.parametrize("model", [FLARE, WORDS])
async def test_a_pause_that_is_longer_than_our_patience_is_a_silence(day: Day, model: str):
    turn = await day.said(f"delay:{PATIENCE * 3}", model)
    await failed(day, turn, "timed_out.silent", text=turn.message.text)
    assert f"{PATIENCE}" in words(turn)


@pytest.mark.parametrize("model", EVERY)
async def test_a_body_of_two_hundred_megabytes(day: Day, model: str):
    await failed(day, await day.said("gives:huge", model), "broken_reply.too_long")


# Not what it must be


@pytest.mark.parametrize("model", PICTURES)
@pytest.mark.parametrize(
    ("says", "error"),
    [("gives:truncated", "truncated"), ("gives:text", "not_a_picture"), ("gives:page", "web_page")],
)
async def test_what_is_no_whole_picture_is_not_kept(day: Day, model: str, says: str, error: str):
    turn = await day.said(says, model)
    await failed(day, turn, f"broken_reply.{error}")
    assert files(day.house) == {place.preview for place in turn.job.places if place.preview}


@pytest.mark.parametrize(("model", "error"), [(FLARE, "ended_early"), (OLDER, "no_picture")])
async def test_a_reply_without_a_picture(day: Day, model: str, error: str):
    await failed(day, await day.said("gives:nothing", model), f"broken_reply.{error}")


@pytest.mark.parametrize(("model", "error"), [(FLARE, "empty"), (OLDER, "no_picture")])
async def test_an_empty_picture(day: Day, model: str, error: str):
    await failed(day, await day.said("gives:empty", model), f"broken_reply.{error}")


async def test_a_reply_without_a_word(day: Day):
    await failed(day, await day.said("tokens:0", WORDS), "broken_reply.empty_reply")


async def test_a_page_instead_of_a_reply(day: Day):
    await failed(day, await day.said("gives:page", WORDS), "broken_reply.web_page")


@pytest.mark.parametrize("model", PICTURES)
async def test_another_format_than_asked_is_kept_and_said(day: Day, model: str):
    turn = await day.said("gives:jpeg", model)
    await fine(day, turn)
    assert turn.pictures[0].media_type == "image/jpeg"
    assert ("other_format", {"asked": "PNG", "came": "JPEG"}) in [(note.code, note.facts) for note in turn.job.notes]


@pytest.mark.parametrize("model", [FLARE, WORDS])
async def test_plain_json_instead_of_a_stream_is_as_good(day: Day, model: str):
    await fine(day, await day.said("gives:plain", model))


@pytest.mark.parametrize("model", PICTURES)
async def test_an_address_instead_of_a_picture_is_as_good(day: Day, model: str):
    turn = await day.said("gives:url", model)
    await fine(day, turn)
    assert ("other_size", {"asked": "1024x1024", "came": "256x256"}) in [(note.code, note.facts) for note in turn.job.notes]


@pytest.mark.parametrize("model", PICTURES)
@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://10.0.0.5/a.png", "broken_reply.private_address"), ("http://127.0.0.1:1/a.png", "broken_reply.private_address"),
        ("http://169.254.169.254/latest/meta-data/", "broken_reply.private_address"), ("file:///etc/passwd", "broken_reply.bad_address"),
        ("http://nowhere.invalid/a.png", "broken_reply.bad_address"), ("http:///a.png", "broken_reply.bad_address"),
        ("HOME/v1/files/moved", "broken_reply.private_address"),
        ("HOME/v1/files/round", "broken_reply.bad_address"), ("HOME/v1/nothing", "broken_reply.no_file"),
        ("HOME/v1/files/drip", "broken_reply.endless"), ("HOME/v1/files/flood", "broken_reply.too_long"),
    ],
)  # fmt: skip
async def test_an_address_that_is_not_fetched_to_its_end(day: Day, model: str, url: str, error: str):
    for provider in day.house.catalogue.providers:
        if provider.standing:
            provider.results.fetcher.longest, provider.results.fetcher.most = 0.5 if "drip" in url else 20, 4 * 2**20
    home = day.server.url.removesuffix("/v1")
    turn = await day.said(f"gives:url url:{url.replace('HOME', home)}", model)
    await failed(day, turn, error)


async def test_a_broken_event_among_partial_pictures_is_passed_over(day: Day):
    await fine(day, await day.said("then:malformed", FLARE))


async def test_a_broken_event_among_words_ends_the_reply(day: Day):
    turn = await day.said("then:malformed", WORDS)
    await failed(day, turn, "broken_reply.malformed", text=HALF)


@pytest.mark.parametrize(("model", "says"), [(FLARE, ""), (WORDS, "tokens:12")])
async def test_blocked_in_the_middle(day: Day, model: str, says: str):
    turn = await day.said(f"then:blocked {says}", model)
    await failed(day, turn, "blocked.midway", text=HALF)
    assert "violence" in words(turn)


async def test_a_reply_that_is_cut_off_by_the_rules(day: Day):
    turn = await day.said("then:blocked at:end", WORDS)
    await failed(day, turn, "blocked.reply", text="".join(f"word{index} " for index in range(12)))


@pytest.mark.parametrize("model", PICTURES)
async def test_of_several_pictures_the_others_are_kept(day: Day, model: str):
    turn = await day.said("status:500 times:1", model, count=3)
    assert turn.job.status is Status.DONE and len(turn.pictures) == 2
    assert sorted(place.status for place in turn.job.places) == ["done", "done", "failed"]
    error = next(place.error for place in turn.job.places if place.error)
    assert "{" not in i18n.locale("en").error(error.code, error.reason, error.facts)
    assert requests(day.server) == 3
    await whole(day.house)


@pytest.mark.parametrize("model", EVERY)
async def test_what_failed_can_be_tried_again_and_costs_one_request_more(day: Day, model: str):
    receipt = await day.say("status:500 times:1", model)
    await ended(day.house.studio, ANN, receipt)
    turn = await ended(day.house.studio, ANN, await day.house.studio.retry(ANN, receipt.message))
    await fine(day, turn)
    assert requests(day.server) == 2


# Stop


@pytest.mark.parametrize("model", EVERY)
@pytest.mark.parametrize("says", ["wait:60", "at:head then:hang", "at:start then:hang", "at:middle then:hang", "delay:60", "pieces:60"])
async def test_stop_ends_it_at_once_and_closes_the_connection(open_house: OpenHouse, server: Provider, model: str, says: str):
    if model == OLDER and says in ("delay:60", "pieces:60"):
        says = f"{says} wait:60"
    house = await open_house(openai_api_key=KEY, openai_base_url=server.url)
    await house.catalogue.refresh()
    server.asked.clear()
    day = Day(house, server)
    receipt = await day.say(f"{says} tokens:12", model)
    async with asyncio.timeout(30):
        while not requests(server) or not server.open:
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    async with asyncio.timeout(20):
        state = await house.studio.cancel(ANN, receipt.job)
    assert (state.status, state.error) == (Status.CANCELLED, None)
    await left(server)
    turn = await turn_of(house.studio, ANN, receipt)
    assert turn.pictures == () and requests(server) == 1
    if model == WORDS and "middle" in says:
        assert turn.message.text == HALF
    await whole(house)


@pytest.mark.parametrize("path", ["drip", "flood"])
async def test_stop_while_a_result_is_fetched(day: Day, path: str):
    receipt = await day.say(f"gives:url url:{day.server.url}/files/{path}", OLDER)
    async with asyncio.timeout(30):
        while len(day.server.asked) < 2:
            await asyncio.sleep(0.01)
    async with asyncio.timeout(20):
        assert (await day.house.studio.cancel(ANN, receipt.job)).status is Status.CANCELLED
    await left(day.server)
    await whole(day.house)


async def test_stop_ends_all_of_several_pictures(day: Day):
    receipt = await day.say("at:start then:hang", FLARE, count=4)
    async with asyncio.timeout(30):
        while day.server.open < 4:
            await asyncio.sleep(0.01)
    assert (await day.house.studio.cancel(ANN, receipt.job)).status is Status.CANCELLED
    await left(day.server)
    assert requests(day.server) == 4
