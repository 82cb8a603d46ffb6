"""Refused, not reached, broken off, silent, or without an end."""

from typing import Any

import pytest

from imagechat import wrappers
from imagechat.domain.jobs import Status
from imagechat.settings import ModelSettings
from tests.asking import ANN, ask, ended, until
from tests.bad_days.days import EVERY, FLARE, HALF, OLDER, PATIENCE, WORDS, Day, failed, fine, requests, words
from tests.conftest import OpenHouse
from tests.fakes.provider import Provider

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
    assert f"for {PATIENCE:g} seconds" in words(turn)


@pytest.mark.parametrize("model", EVERY)
async def test_a_body_of_two_hundred_megabytes(day: Day, model: str):
    await failed(day, await day.said("gives:huge", model), "broken_reply.too_long")
