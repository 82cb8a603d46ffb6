"""What can be put around any model: each is a model itself, and none knows who asks."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, aclosing
from typing import Generic, TypeVar

from imagechat.domain.models import Failed, Model, ModelCard, ModelEvent, Picture, Preview, Progress, Waiting
from imagechat.domain.requests import ImageOrder
from imagechat.errors import ImageChatError, Overloaded, Unreachable

log = logging.getLogger(__name__)
R = TypeVar("R")
AT_ONCE = 4
"""Pictures of one request that are asked for side by side."""
PAUSE = 2.0
"""Seconds before the second try, where the server does not say how long."""
LONGEST = 60.0
"""Seconds that a server may ask us to wait; for more the visitor is told at once."""


class Retry(Generic[R]):
    """Tries once more, and only where nothing can have been billed: never after a first event, a reset, or silence."""

    def __init__(self, inner: Model[R], sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
        self.inner, self.sleep = inner, sleep

    @property
    def card(self) -> ModelCard:
        """The inner model's."""
        return self.inner.card

    async def stream(self, request: R) -> AsyncGenerator[ModelEvent]:
        """The inner model's events; a `Waiting` before the second try."""
        began = False
        try:
            async with aclosing(self.inner.stream(request)) as events:
                async for event in events:
                    began = True
                    yield event
            return
        except (Overloaded, Unreachable) as fault:
            pause = pause_after(fault)
            if began or pause is None:
                raise
            log.info("one more try", extra={"model": self.card.id, "seconds": pause, "error": str(fault)})
            waiting = Waiting(seconds=pause, code=fault.code, reason=fault.reason)
        yield waiting
        await self.sleep(waiting.seconds)
        async with aclosing(self.inner.stream(request)) as events:
            async for event in events:
                yield event


def pause_after(fault: ImageChatError) -> float | None:
    """Seconds until it may be tried again; None where it must not be, or not so soon that anybody would wait."""
    if isinstance(fault, Unreachable):
        return PAUSE if fault.unbilled and fault.reason != "not_secure" else None
    asked = fault.facts.get("after")
    pause = float(asked) if isinstance(asked, int | float) else PAUSE
    return pause if pause <= LONGEST else None


class Held(Generic[R]):
    """A model that is lent for each request: `lend` opens what it needs, or says why not, and keeps that open until the request is over."""

    def __init__(self, card: ModelCard, lend: Callable[[], AbstractAsyncContextManager[Model[R]]]) -> None:
        self.card, self.lend = card, lend

    async def stream(self, request: R) -> AsyncGenerator[ModelEvent]:
        """The lent model's events."""
        async with self.lend() as model, aclosing(model.stream(request)) as events:
            async for event in events:
                yield event


class Apart:
    """Asks for each of several pictures by itself, so that one which fails takes none with it. `at_once`: how many side by side."""

    def __init__(self, inner: Model[ImageOrder], at_once: int = AT_ONCE) -> None:
        self.inner, self.at_once = inner, at_once

    @property
    def card(self) -> ModelCard:
        """The inner model's."""
        return self.inner.card

    async def stream(self, order: ImageOrder) -> AsyncGenerator[ModelEvent]:
        """The events of all pictures as they come, each with its place; a picture's error as `Failed`, unless there is only one."""
        if order.request.count == 1:
            async with aclosing(self.inner.stream(order)) as events:
                async for event in events:
                    yield event
            return
        news: asyncio.Queue[ModelEvent | Exception | None] = asyncio.Queue()
        gate = asyncio.Semaphore(self.at_once)
        tasks = {asyncio.create_task(self._one(order, index, gate, news)) for index in range(order.request.count)}
        try:
            left = len(tasks)
            while left:
                match await news.get():
                    case None:
                        left -= 1
                    case Exception() as fault:
                        raise fault
                    case event:
                        yield event
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    async def _one(
        self, order: ImageOrder, index: int, gate: asyncio.Semaphore, news: "asyncio.Queue[ModelEvent | Exception | None]"
    ) -> None:
        single = order.model_copy(update={"request": order.request.place(index)})
        try:
            async with gate, aclosing(self.inner.stream(single)) as events:
                await news.put(Progress(index=index, step=0, of=0))
                async for event in events:
                    await news.put(_moved(event, index))
        except ImageChatError as fault:
            log.warning("a picture failed", extra={"model": self.card.id, "place": index, "error": str(fault)})
            known = {"code": fault.code, "reason": fault.reason, "retryable": fault.retryable, "unbilled": fault.unbilled}
            await news.put(Failed(index=index, facts=dict(fault.facts), **known))
        except Exception as fault:
            await news.put(fault)
        await news.put(None)


def _moved(event: ModelEvent, index: int) -> ModelEvent:
    """An event of a single picture, at its place among several."""
    return event.model_copy(update={"index": index}) if isinstance(event, Picture | Preview | Progress | Failed) else event
