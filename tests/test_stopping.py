"""Stopped at any moment: what came is kept, and nothing is half stored."""

import asyncio
import random

import pytest
from PIL import Image

from imagechat.bootstrap import House
from imagechat.domain.jobs import Status
from imagechat.domain.records import Turn
from imagechat.settings import RunnerSettings
from imagechat.studio import Studio
from tests.after import whole
from tests.asking import ANN, ask, chat, drawn, ended, said, turn_of, until
from tests.conftest import OpenHouse
from tests.fakes.models import FakeImage


@pytest.mark.parametrize("asked", [ask("a fox delay:60"), chat("wait:60")], ids=["picture", "reply"])
async def test_stop_before_anything_came(house: House, asked: object):
    receipt = await house.studio.say(ANN, asked)
    assert (await house.studio.cancel(ANN, receipt.job)).status is Status.CANCELLED
    turn = await turn_of(house.studio, ANN, receipt)
    assert (turn.job.status, turn.job.error, turn.pictures) == (Status.CANCELLED, None, ())
    assert all(place.status == "cancelled" for place in turn.job.places)
    await whole(house)


async def test_stop_in_the_queue(open_house: OpenHouse):
    model = FakeImage()
    house = await open_house(model, runner=RunnerSettings(pictures=1))
    first, second = [await house.studio.say(ANN, ask("a fox delay:60")) for _ in range(2)]
    assert [(await turn_of(house.studio, ANN, each)).job.status for each in (first, second)] == [Status.RUNNING, Status.QUEUED]
    assert (await house.studio.cancel(ANN, second.job)).status is Status.CANCELLED
    assert (await turn_of(house.studio, ANN, first)).job.status is Status.RUNNING
    await until(house.studio, ANN, first, lambda job: job.places[0].status == "running")
    assert len(model.asked) == 1


async def test_stop_between_partial_pictures_keeps_the_newest(house: House):
    receipt = await house.studio.say(ANN, ask("a fox delay:0.3"))
    await until(house.studio, ANN, receipt, lambda job: bool(job.places[0].preview))
    state = await house.studio.cancel(ANN, receipt.job)
    assert (state.status, state.places[0].status) == (Status.CANCELLED, "cancelled")
    _, path = await house.studio.file(ANN, state.places[0].preview)
    Image.open(path).load()
    await whole(house)


async def test_stop_between_pictures_keeps_those_that_came(house: House):
    receipt = await house.studio.say(ANN, ask("four foxes delay:0.1", count=4))
    await until(house.studio, ANN, receipt, lambda job: job.places[1].status == "done")
    state = await house.studio.cancel(ANN, receipt.job)
    assert state.status is Status.CANCELLED
    done = [place for place in state.places if place.status == "done"]
    assert 2 <= len(done) < 4
    assert {place.generation for place in done} == {made.id for made in (await house.studio.gallery(ANN)).items}
    await whole(house)
    again = await ended(house.studio, ANN, await house.studio.retry(ANN, receipt.message, 3))
    assert len(again.pictures) == 1


async def test_stop_in_a_reply_keeps_the_words(studio: Studio):
    receipt = await studio.say(ANN, chat("tokens:1000 delay:0.01"))
    await until(studio, ANN, receipt, lambda job: "word9 " in job.text)
    state = await studio.cancel(ANN, receipt.job)
    turn = await turn_of(studio, ANN, receipt)
    assert (state.status, turn.message.text) == (Status.CANCELLED, state.text)
    assert "word9 " in state.text and "END" not in state.text


async def test_stop_at_any_moment_leaves_everything_whole(house: House):
    """At forty moments from the first step to after the last: the file being written, the row being kept, the thumbnail made."""
    chance = random.Random(7)
    for _ in range(40):
        receipt = await house.studio.say(ANN, ask("two foxes", count=2))
        for _ in range(chance.randrange(60)):
            await asyncio.sleep(chance.choice((0, 0, 0.002)))
        state = await house.studio.cancel(ANN, receipt.job)
        turn = await turn_of(house.studio, ANN, receipt)
        assert state == turn.job and state.status in (Status.CANCELLED, Status.DONE)
        assert [place.generation for place in state.places if place.status == "done"] == [made.id for made in turn.pictures]
    statuses = {turn.job.status for thread in (await house.studio.threads(ANN)).items for turn in await replies(house.studio, thread.id)}
    assert Status.CANCELLED in statuses
    await whole(house)
    assert await drawn(house.studio, ANN, "and the next works")


async def replies(studio: Studio, thread: str) -> list[Turn]:
    return [turn for turn in (await studio.turns(ANN, thread)).items if turn.job]


async def test_stop_twice_and_stop_what_is_over(studio: Studio):
    receipt = await studio.say(ANN, ask("a fox delay:60"))
    states = await asyncio.gather(studio.cancel(ANN, receipt.job), studio.cancel(ANN, receipt.job))
    assert [state.status for state in states] == [Status.CANCELLED] * 2
    turn = await said(studio, ANN, ask("a fox"))
    assert (await studio.cancel(ANN, turn.job.job)) == turn.job


async def test_closing_the_house_interrupts_what_is_under_way(open_house: OpenHouse):
    house = await open_house(runner=RunnerSettings(pictures=1))
    receipts = [await house.studio.say(ANN, asked) for asked in (ask("a fox delay:60"), ask("waiting"), chat("tokens:9 then:hang"))]
    await until(house.studio, ANN, receipts[2], lambda job: "word8" in job.text)
    await house.runner.close()
    turns = [await turn_of(house.studio, ANN, each) for each in receipts]
    assert [turn.job.status for turn in turns] == [Status.INTERRUPTED] * 3
    assert turns[2].message.text.endswith("word8 ")
