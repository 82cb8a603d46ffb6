"""Several pictures, each asked for by itself."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import pytest

from imagechat.domain.models import Failed, ModelEvent, Picture, Preview, Usage, Waiting
from imagechat.domain.requests import ImageOrder, ImageRequest
from imagechat.errors import BrokenReply, Overloaded
from imagechat.wrappers import Apart, Retry
from tests.fakes.models import FakeImage, png
from tests.test_wrappers import told


def order(count: int, **facts: Any) -> ImageOrder:
    return ImageOrder(request=ImageRequest(prompt="foxes", model="x", count=count, **facts), words="foxes")


def one(seed: int) -> Picture:
    return Picture(index=0, data=png((8, 8), seed), media_type="image/png")


class Each(FakeImage):
    """Paints the picture of its seed; `bad` are seeds with an error instead, `slow` are the seconds of a seed."""

    def __init__(self, bad: dict[int, Exception] | None = None, slow: dict[int, float] | None = None) -> None:
        super().__init__()
        self.bad, self.slow, self.now, self.most, self.closed = bad or {}, slow or {}, 0, 0, 0

    async def stream(self, order: ImageOrder) -> AsyncGenerator[ModelEvent]:
        self.asked.append(order)
        self.now += 1
        self.most = max(self.most, self.now)
        seed = order.request.seed or 0
        try:
            yield Preview(index=0, data=b"p", media_type="image/png")
            await asyncio.sleep(self.slow.get(seed, 0))
            if seed in self.bad:
                raise self.bad[seed]
            yield Usage(price=seed)
            yield one(seed)
        finally:
            self.now -= 1
            self.closed += 1


async def test_each_picture_has_its_place_and_its_own_recipe():
    inner = Each(slow={5: 0.05})
    events = await told(Apart(inner, at_once=4), order(3, seed=5))
    assert [(each.request.count, each.request.seed) for each in inner.asked] == [(1, 5), (1, 6), (1, 7)]
    pictures = {each.index: each.data for each in events if isinstance(each, Picture)}
    assert pictures == {index: one(5 + index).data for index in range(3)}
    assert {each.index for each in events if isinstance(each, Preview)} == {0, 1, 2}
    assert [each.index for each in events if isinstance(each, Picture)][-1] == 0, "the slow one came last: nobody waits for it"
    assert sum(each.price for each in events if isinstance(each, Usage)) == 18


async def test_a_picture_that_fails_takes_none_with_it():
    fault = BrokenReply("truncated", model="x")
    events = await told(Apart(Each(bad={1: fault}), at_once=4), order(3, seed=0))
    assert {each.index for each in events if isinstance(each, Picture)} == {0, 2}
    failed = [each for each in events if isinstance(each, Failed)]
    assert failed == [Failed(index=1, code="broken_reply", reason="truncated", retryable=True, facts={"model": "x"})]


async def test_a_single_picture_fails_as_it_is():
    with pytest.raises(BrokenReply):
        await told(Apart(Each(bad={0: BrokenReply("truncated")}), at_once=4), order(1, seed=0))


async def test_all_may_fail_and_each_says_so():
    bad: dict[int, Exception] = {index: Overloaded("rate", after=99) for index in range(4)}
    events = await told(Apart(Retry(Each(bad=bad)), at_once=4), order(4, seed=0))
    assert {each.index for each in events if isinstance(each, Failed)} == {0, 1, 2, 3}


async def test_a_bug_is_no_failed_picture_and_ends_the_others():
    inner = Each(bad={1: RuntimeError("a bug")}, slow={0: 60, 2: 60})
    with pytest.raises(RuntimeError):
        await told(Apart(inner, at_once=4), order(3, seed=0))
    assert (inner.now, inner.closed) == (0, 3)


async def test_so_many_at_once_and_no_more():
    inner = Each(slow=dict.fromkeys(range(9), 0.01))
    await told(Apart(inner, at_once=4), order(9, seed=0))
    assert (inner.most, len(inner.asked)) == (4, 9)


async def test_closing_ends_all_and_begins_none():
    inner = Each(slow=dict.fromkeys(range(6), 60))
    stream = Apart(inner, at_once=2).stream(order(6, seed=0))
    await anext(stream)
    await stream.aclose()
    assert (inner.now, len(inner.asked), inner.closed) == (0, 2, 2)


async def test_each_picture_is_retried_by_itself():
    class Once(Each):
        async def stream(self, order: ImageOrder) -> AsyncGenerator[ModelEvent]:
            if order.request.seed == 1 and all(each.request.seed != 1 for each in self.asked):
                self.asked.append(order)
                raise Overloaded("rate", after=0)
            async with aclosing(super().stream(order)) as events:
                async for event in events:
                    yield event

    inner = Once()
    events = await told(Apart(Retry(inner), at_once=4), order(3, seed=0))
    assert len([each for each in events if isinstance(each, Picture)]) == 3 and len(inner.asked) == 4
    assert [each for each in events if isinstance(each, Waiting)] == [Waiting(seconds=0, code="overloaded", reason="rate")]
