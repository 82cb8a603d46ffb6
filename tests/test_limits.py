"""How often somebody may do what, by whichever door."""

import asyncio
import tracemalloc
from collections.abc import Awaitable
from typing import Any

import pytest

from imagechat import limits as module
from imagechat.domain.values import new_id
from imagechat.domain.visitors import OWNER, Visitor
from imagechat.errors import CannotStart, TooFast
from imagechat.i18n import locale
from imagechat.limits import DELIVERIES, Limits, Window, place_of
from imagechat.settings import LimitSettings
from tests.asking import BEN

CAT = Visitor(id="01hyyyyyyyyyyyyyyyyyyyyyyy")


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


async def test_a_press_that_comes_without_end_counts_again():
    limits = Limits(LimitSettings(chat="2 per 60 seconds", on="on"))
    for _ in range(1 + DELIVERIES):
        await limits.hit("chat", BEN, press="one")
    await limits.hit("chat", BEN, press="another")
    with pytest.raises(TooFast):
        await limits.hit("chat", BEN, press="one")
