"""One careful retry: never a second time what may have been billed."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from imagechat import wrappers
from imagechat.domain.models import ModelEvent, Note, TextDelta, Usage, Waiting
from imagechat.domain.requests import ChatRequest, ChatTurn
from imagechat.errors import BadKey, Blocked, BrokenReply, Declined, ImageChatError, Overloaded, ProviderFault, TimedOut, Unreachable
from imagechat.providers.openai import OpenAI
from imagechat.providers.openai.chat import Chat
from imagechat.providers.openai.faults import FOREVER, retry_after
from imagechat.settings import ModelSettings, Settings
from imagechat.wrappers import Retry
from tests.fakes.models import FakeText
from tests.fakes.provider import KEY, Provider


class Trying(FakeText):
    """Does at each try what it was given for it: events, then perhaps an error."""

    def __init__(self, *tries: list[ModelEvent | Exception]) -> None:
        super().__init__()
        self.tries, self.closed = tries, 0

    async def stream(self, request: Any) -> AsyncGenerator[ModelEvent]:
        self.asked.append(request)
        try:
            for each in self.tries[len(self.asked) - 1]:
                if isinstance(each, Exception):
                    raise each
                yield each
        finally:
            self.closed += 1


class Clock:
    """Sleeps without waiting."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)


HELLO = TextDelta(text="hello")


async def told(model: Any, request: Any = None) -> list[ModelEvent]:
    async with aclosing(model.stream(request)) as events:
        return [event async for event in events]


# When it is tried once more


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        (Overloaded("rate"), wrappers.PAUSE),
        (Overloaded("busy"), wrappers.PAUSE),
        (Overloaded("rate", after=None), wrappers.PAUSE),
        (Overloaded("rate", after=0), 0),
        (Overloaded("rate", after=7.5), 7.5),
        (Overloaded("busy", after=60), 60),
        (Unreachable("refused"), wrappers.PAUSE),
        (Unreachable("no_address"), wrappers.PAUSE),
        (Unreachable("no_answer"), wrappers.PAUSE),
    ],
)
async def test_what_cannot_have_been_billed_is_tried_once_more(fault: ImageChatError, seconds: float):
    inner, clock = Trying([fault], [HELLO]), Clock()
    events = await told(Retry(inner, clock))
    assert events == [Waiting(seconds=seconds, code=fault.code, reason=fault.reason), HELLO]
    assert (len(inner.asked), inner.closed, clock.slept) == (2, 2, [seconds])


@pytest.mark.parametrize(
    "fault",
    [
        Overloaded("rate", after=61), Overloaded("busy", after=86400.0), Unreachable("lost"), Unreachable("not_secure"), Unreachable(),
        ProviderFault("server", status=500), ProviderFault("midway"), TimedOut("silent"), TimedOut(), BrokenReply("ended_early"),
        BadKey("wrong"), BadKey("no_credit"), Blocked(), Declined("model"), RuntimeError("a bug"),
    ],
    ids=str,
)  # fmt: skip
async def test_everything_else_is_not(fault: Exception):
    inner, clock = Trying([fault], [HELLO]), Clock()
    with pytest.raises(type(fault)):
        await told(Retry(inner, clock))
    assert (len(inner.asked), clock.slept) == (1, [])


@pytest.mark.parametrize("event", [HELLO, Note(code="x"), Usage()])
async def test_never_after_a_first_event(event: ModelEvent):
    inner = Trying([event, Overloaded("rate")], [HELLO])
    stream = Retry(inner, Clock()).stream(None)
    assert await anext(stream) == event
    with pytest.raises(Overloaded):
        await anext(stream)
    assert len(inner.asked) == 1


async def test_only_once():
    inner, clock = Trying([Overloaded("rate", after=1)], [Unreachable("refused")], [HELLO]), Clock()
    with pytest.raises(Unreachable):
        await told(Retry(inner, clock))
    assert (len(inner.asked), clock.slept) == (2, [1])


async def test_what_works_is_passed_on_as_it_is():
    inner = Trying([HELLO, Usage(price=1)])
    assert await told(Retry(inner, Clock())) == [HELLO, Usage(price=1)]
    assert Retry(inner).card is inner.card


async def test_stop_during_the_wait_asks_nothing_more():
    inner = Trying([Overloaded("rate", after=50)], [HELLO])
    stream = Retry(inner).stream(None)
    assert isinstance(await anext(stream), Waiting)
    going_on = asyncio.create_task(anext(stream))
    await asyncio.sleep(0.01)
    going_on.cancel()
    await asyncio.wait({going_on})
    await stream.aclose()
    assert going_on.cancelled() and len(inner.asked) == 1


async def test_closing_closes_what_is_inside():
    inner = Trying([HELLO, HELLO])
    stream = Retry(inner).stream(None)
    await anext(stream)
    await stream.aclose()
    assert inner.closed == 1


# Over the wire


@pytest.fixture
async def server() -> AsyncIterator[Provider]:
    async with Provider() as server:
        yield server


@pytest.fixture
async def asking(server: Provider) -> AsyncIterator[Any]:
    """`await asking("status:429")`: the events of one reply through `Retry`, the seconds slept, the requests the server saw."""
    provider = OpenAI(Settings(_env_file=None, openai_api_key=KEY, openai_base_url=server.url, models=ModelSettings(patience=1.0)))
    await provider.refresh()
    server.asked.clear()
    model = next(each for each in provider.models if each.card.id == "gpt-6-luna")

    async def ask(words: str) -> tuple[list[ModelEvent] | ImageChatError, list[float], int]:
        server.asked.clear()
        clock = Clock()
        try:
            found: Any = await told(Retry(model, clock), ChatRequest(model="x", turns=(ChatTurn(role="user", text=words),)))
        except ImageChatError as fault:
            found = fault
        return found, clock.slept, len(server.asked)

    yield ask
    await provider.close()


@pytest.mark.parametrize(
    ("says", "slept"),
    [
        ("status:429", [2.0]),
        ("status:503", [2.0]),
        ("status:429 retry:0", [0.0]),
        ("status:503 retry:1.5", [1.5]),
        ("status:429 retry:60", [60]),
    ],
)
async def test_a_busy_server_is_asked_once_more_after_its_pause(asking: Any, says: str, slept: list[float]):
    events, waited, asked = await asking(f"{says} times:1")
    assert isinstance(events[0], Waiting) and "".join(each.text for each in events if isinstance(each, TextDelta)).startswith("word0")
    assert (waited, asked) == (slept, 2)
    fault, waited, asked = await asking(says)
    assert (fault.code, waited, asked) == ("overloaded", slept, 2)


@pytest.mark.parametrize(
    ("says", "fault"),
    [
        ("status:429 retry:61", "overloaded.rate"),
        ("status:429 retry:Fri,1", None),
        ("status:429 code:insufficient_quota", "bad_key.no_credit"),
        ("status:429 code:insufficient_quota retry:1", "bad_key.no_credit"),
        ("status:402", "bad_key.no_credit"),
        ("status:500", "provider_fault.server"),
        ("status:502", "provider_fault.server"),
        ("status:504", "provider_fault.server"),
        ("status:408", "provider_fault.server"),
        ("status:409", "provider_fault.server"),
        ("status:401", "bad_key.wrong"),
        ("status:403", "bad_key.no_access"),
        ("status:404", "declined.model"),
        ("status:400", "declined"),
        ("at:head then:reset", "unreachable.lost"),
        ("at:head then:cut", "unreachable.lost"),
        ("at:head then:hang", "timed_out.silent"),
        ("at:start then:hang", "timed_out.silent"),
        ("then:reset", "unreachable.lost"),
        ("status:400 code:moderation_blocked", "blocked"),
    ],
)
async def test_what_may_have_been_billed_or_will_not_change_is_asked_once(asking: Any, says: str, fault: str | None):
    found, waited, asked = await asking(says)
    if fault is None:
        assert (waited, asked) == ([wrappers.PAUSE], 2), "a Retry-After that cannot be read is none"
    else:
        assert (str(found), waited, asked) == (fault, [], 1)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": " 20 "}, 20),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "20", "retry-after-ms": "150"}, 0.15),
        ({"retry-after-ms": "soon", "retry-after": "3"}, 3),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0),
        ({"retry-after": "9" * 400}, FOREVER),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "²", "retry-after-ms": "²"}, None),
        ({"retry-after": "Wed, 99 Oct 2015"}, None),
    ],
)
def test_how_long_a_server_asks_to_wait(headers: dict[str, str], seconds: float | None):
    assert retry_after(headers) == seconds


def test_a_date_is_so_far_away_as_it_is():
    assert 25 < retry_after({"retry-after": format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)}) <= 30


async def test_a_server_that_is_not_there_is_tried_once_more():
    provider = OpenAI(Settings(_env_file=None, openai_base_url="http://127.0.0.1:1/v1"))
    clock = Clock()
    with pytest.raises(Unreachable) as caught:
        await told(Retry(Chat(FakeText.card, provider.server), clock), ChatRequest(model="x", turns=()))
    assert (caught.value.reason, clock.slept) == ("refused", [wrappers.PAUSE])
    await provider.close()
