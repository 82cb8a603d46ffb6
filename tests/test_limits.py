"""How often somebody may do what, by whichever door."""

import asyncio
import sqlite3
import tracemalloc
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from imagechat import limits as module
from imagechat.domain.jobs import Job
from imagechat.domain.requests import Input
from imagechat.domain.values import new_id, now
from imagechat.domain.visitors import OWNER, Visitor
from imagechat.errors import BadInput, CannotStart, TooFast
from imagechat.i18n import locale
from imagechat.limits import DELIVERIES, Limits, Window, place_of
from imagechat.settings import LimitSettings
from imagechat.studio import Studio
from imagechat.studio.submitting import counted
from tests.asking import ANN, BEN, ask, chat, ended, said, wish
from tests.conftest import OpenHouse

CAT = Visitor(id="01hyyyyyyyyyyyyyyyyyyyyyyy")
FEW = {"embedded": "2 per 60 seconds", "chat": "2 per 60 seconds", "help": "1 per 60 seconds", "info": "1 per 60 seconds"}


class Clock:
    """Time that goes when the test says so; the wall clock may be set otherwise meanwhile."""

    def __init__(self) -> None:
        self.passed, self.wall = 1000.0, 1_700_000_000.0

    def monotonic(self) -> float:
        return self.passed

    def time(self) -> float:
        return self.wall

    def go(self, seconds: float) -> None:
        self.passed += seconds
        self.wall += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(module, "time", made)
    return made


async def refused(work: Awaitable[Any]) -> TooFast:
    with pytest.raises(TooFast) as caught:
        await work
    return caught.value


async def test_a_refusal_says_when_it_works_again(clock: Clock):
    limits = Limits(LimitSettings(imagine="2 per 5 minutes"))
    await limits.hit("imagine", BEN)
    clock.go(100)
    await limits.hit("imagine", BEN)
    fault = await refused(limits.hit("imagine", BEN))
    assert fault.facts == {"operation": "imagine", "most": 2, "per": 300, "seconds": 200}
    told = locale("en").error(fault.code, fault.reason, fault.facts)
    assert "2 requests for pictures in 5 minutes" in told and "in 4 minutes" in told
    clock.go(199.9)
    await refused(limits.hit("imagine", BEN))
    clock.go(0.2)
    await limits.hit("imagine", BEN)
    assert (await refused(limits.hit("imagine", BEN))).facts["seconds"] == 100


async def test_what_is_refused_does_not_count(clock: Clock):
    limits = Limits(LimitSettings(imagine="1 per 60 seconds", house="3 per 60 seconds"))
    await limits.hit("imagine", BEN)
    for _ in range(20):
        await refused(limits.hit("imagine", BEN))
    await limits.hit("chat", BEN)
    await limits.hit("imagine", CAT)
    fault = await refused(limits.hit("chat", CAT))
    assert (fault.reason, fault.facts["most"]) == ("house", 3)
    clock.go(60)
    for _ in range(3):
        await limits.hit("chat", CAT)
    assert (await refused(limits.hit("imagine", CAT))).reason == "house"
    clock.go(60)
    await limits.hit("imagine", CAT)


async def test_many_at_once_get_no_more():
    limits = Limits(LimitSettings(imagine="5 per 5 minutes", house="8 per 60 seconds"))
    tries = [limits.hit("imagine", visitor) for _ in range(50) for visitor in (BEN, CAT)]
    ends = await asyncio.gather(*tries, return_exceptions=True)
    assert ends.count(None) == 8 and all(end is None or isinstance(end, TooFast) for end in ends)


@pytest.mark.parametrize(
    ("on", "local", "held"),
    [("auto", True, ""), ("auto", False, "guest"), ("on", True, "owner guest"), ("on", False, "owner guest"), ("off", False, "")],
)
async def test_whom_they_hold(on: Any, local: bool, held: str):
    limits = Limits(LimitSettings(on=on, imagine="1 per 60 seconds", logins="1 per 60 seconds"), local=local)
    for name, visitor in (("owner", OWNER), ("guest", BEN)):
        await limits.hit("imagine", visitor)
        if name in held:
            await refused(limits.hit("imagine", visitor))
        else:
            await limits.hit("imagine", visitor)
    await limits.hit_address("logins", "192.0.2.1")
    if held:
        assert (await refused(limits.hit_address("logins", "192.0.2.1"))).reason == "logins"
        await limits.hit_address("logins", "192.0.2.2")


async def test_the_same_press_counts_once():
    limits = Limits(LimitSettings(chat="2 per 60 seconds"))
    for press in ("one", "one", "two", "one", "two"):
        await limits.hit("chat", BEN, press=press)
    await refused(limits.hit("chat", BEN, press="three"))
    await limits.hit("chat", CAT, press="one")
    await limits.hit("chat", CAT, press="two")
    await refused(limits.hit("chat", CAT))


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("[2001:db8:1:3::1]", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
    ],
)
def test_an_address_is_a_household(address: str, place: str):
    assert place_of(address) == place


def test_a_name_is_counted_by_its_hash():
    assert place_of("ann" * 10_000) != place_of("ben") != "ben"
    assert len(place_of("ann" * 10_000)) == 32


async def test_a_clock_that_is_set_back_keeps_nobody_out(clock: Clock):
    limits = Limits(LimitSettings(imagine="1 per 60 seconds"))
    await limits.hit("imagine", BEN)
    clock.wall -= 86_400
    assert (await refused(limits.hit("imagine", BEN))).facts["seconds"] == 60
    clock.go(61)
    await limits.hit("imagine", BEN)


async def test_what_has_run_out_is_forgotten(clock: Clock, monkeypatch: pytest.MonkeyPatch):
    made: list[Window] = []
    plain = Window.__init__
    monkeypatch.setattr(Window, "__init__", lambda self: (plain(self), made.append(self))[0])
    limits = Limits(LimitSettings(house="100000 per 1 second"))
    for _ in range(1000):
        await limits.hit("imagine", Visitor(id=new_id()))
    assert sum(map(len, made)) == 1001
    clock.go(301)
    await limits.hit("imagine", BEN)
    assert sum(map(len, made)) == 2


async def test_who_came_and_left_takes_little():
    """With every press remembered, and before anything has run out."""
    limits = Limits(LimitSettings(house="100000 per 60 seconds"))
    guests = [Visitor(id=new_id()) for _ in range(1000)]
    await limits.hit("chat", BEN)
    tracemalloc.start()
    try:
        for guest in guests:
            for operation in ("imagine", "chat", "embedded", "upload"):
                await limits.hit(operation, guest, press=new_id())
        taken = tracemalloc.get_traced_memory()[0] / len(guests)
    finally:
        tracemalloc.stop()
    assert taken < 3000


def test_a_storage_that_there_is_not_stops_the_start():
    with pytest.raises(CannotStart) as caught:
        Limits(LimitSettings(storage="nowhere://ann:secret@host"))
    assert caught.value.facts == {"given": "nowhere"}
    with pytest.raises(CannotStart) as caught:
        Limits(LimitSettings(storage="ann:secret@host"))
    assert "secret" not in str(caught.value.facts)


# --- in the studio ---


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


async def test_a_press_that_comes_without_end_counts_again():
    limits = Limits(LimitSettings(chat="2 per 60 seconds", on="on"))
    for _ in range(1 + DELIVERIES):
        await limits.hit("chat", BEN, press="one")
    await limits.hit("chat", BEN, press="another")
    with pytest.raises(TooFast):
        await limits.hit("chat", BEN, press="one")


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
