"""Which verbs of the studio count against which limit, and what does not count."""

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from imagechat.domain.jobs import Job
from imagechat.domain.requests import Input
from imagechat.domain.values import new_id, now
from imagechat.domain.visitors import Visitor
from imagechat.errors import BadInput
from imagechat.studio import Studio
from imagechat.studio.submitting import counted
from tests.asking import ANN, BEN, ask, chat, ended, said, wish
from tests.conftest import OpenHouse
from tests.test_limits import CAT, refused

FEW = {"embedded": "2 per 60 seconds", "chat": "2 per 60 seconds", "help": "1 per 60 seconds", "info": "1 per 60 seconds"}


async def draws(studio: Studio, visitor: Visitor) -> None:
    await studio.draw(visitor, new_id(), wish(), said="a fox in snow")


async def answers(studio: Studio, visitor: Visitor) -> None:
    await studio.say(visitor, chat("hello"))


async def words(studio: Studio, visitor: Visitor) -> None:
    await studio.enhance(visitor, "a fox", ask("a fox").controls)


Deed = Callable[[Studio, Visitor], Awaitable[None]]


@pytest.mark.parametrize(
    ("deed", "times"),
    [
        (draws, 2),
        (lambda studio, visitor: studio.say(visitor, ask("a fox")), 2),
        (lambda studio, visitor: studio.say(visitor, ask("/imagine a fox")), 2),
        (answers, 2),
        (words, 2),
        (lambda studio, visitor: studio.say(visitor, ask("/help")), 1),
        (lambda studio, visitor: studio.say(visitor, ask("/info")), 1),
    ],
)
async def test_every_door_counts(open_house: OpenHouse, deed: Deed, times: int):
    house = await open_house(access="guests", limits=FEW)
    for _ in range(times):
        await deed(house.studio, BEN)
    await refused(deed(house.studio, BEN))
    await deed(house.studio, ANN)
    await deed(house.studio, CAT)


async def test_doors_to_the_same_count_together(open_house: OpenHouse):
    studio = (await open_house(access="guests", limits=FEW)).studio
    done = await said(studio, BEN, ask("a fox"))
    await studio.reroll(BEN, done.pictures[0].id)
    for again in (studio.reroll(BEN, done.pictures[0].id), draws(studio, BEN), studio.say(BEN, ask("/imagine x"))):
        await refused(again)
    await answers(studio, BEN)
    await words(studio, BEN)
    await refused(answers(studio, BEN))


async def test_a_retry_counts(open_house: OpenHouse):
    studio = (await open_house(access="guests", limits={**FEW, "chat": "1 per 60 seconds"})).studio
    failed = await said(studio, BEN, chat("then:fail"))
    await refused(studio.retry(BEN, failed.message.id))


async def test_a_refused_one_leaves_nothing_behind(open_house: OpenHouse):
    house = await open_house(access="guests", limits={"embedded": "1 per 60 seconds"})
    await said(house.studio, BEN, ask("a fox"))
    kept = rows(house.database.path)
    await refused(house.studio.say(BEN, ask("a fox")))
    assert rows(house.database.path) == kept
    assert house.runner.counts() == dict.fromkeys(house.runner.counts(), 0)


def rows(path: Any) -> dict[str, int]:
    with sqlite3.connect(path) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}


async def test_a_press_that_is_delivered_twice_gets_its_receipt(open_house: OpenHouse):
    studio = (await open_house(access="guests", limits={"chat": "1 per 60 seconds"})).studio
    asked = chat("hello", nonce="0" * 26)
    first = await studio.say(BEN, asked)
    await ended(studio, BEN, first)
    again = await studio.say(BEN, asked)
    assert (again.job, again.fresh) == (first.job, False)
    studio.parts.limits._presses.clear()
    late = await studio.say(BEN, asked)
    assert (late.job, late.fresh) == (first.job, False)


async def test_what_is_wrong_anyway_does_not_count(open_house: OpenHouse):
    studio = (await open_house(access="guests", limits={"embedded": "1 per 60 seconds"})).studio
    for _ in range(5):
        with pytest.raises(BadInput):
            await studio.say(BEN, ask("   "))
    await studio.say(BEN, ask("a fox"))


@pytest.mark.parametrize(
    ("facts", "purse", "operation"),
    [
        ({}, "house", "imagine"),
        ({"inputs": (Input(blob=new_id()),)}, "own", "edit"),
        ({"inputs": (Input(blob=new_id()),), "variation": True}, "house", "edit"),
        ({"inputs": (Input(blob=new_id()), Input(blob=new_id()))}, "house", "blend"),
        ({"inputs": (Input(blob=new_id()),)}, "free", "embedded"),
    ],
)
def test_what_a_picture_counts_as(facts: dict[str, Any], purse: Any, operation: str):
    job = Job(id=new_id(), owner="ann", thread=new_id(), message=new_id(), image=wish(**facts), purse=purse, created=now())
    assert counted(job) == operation
