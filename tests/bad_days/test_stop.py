"""Stop, in the middle of a bad day."""

import asyncio

import pytest

from imagechat.domain.jobs import Status
from tests.asking import ANN, turn_of, until
from tests.bad_days.days import (
    EVERY,
    FLARE,
    HALF,
    OLDER,
    WORDS,
    Day,
    left,
    requests,
)
from tests.conftest import OpenHouse
from tests.fakes.provider import KEY, Provider
from tests.test_work import whole


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
    if model == WORDS and "middle" in says:
        await until(house.studio, ANN, receipt, lambda job: job.text == HALF)
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
