"""Asking as people do, and waiting as a page does: through the studio's own verbs."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

from imagechat.domain.jobs import JobState
from imagechat.domain.records import Controls, Generation, Turn
from imagechat.domain.requests import ImageRequest
from imagechat.domain.values import new_id
from imagechat.domain.visitors import OWNER, Visitor
from imagechat.studio import Ask, Receipt, Studio

ANN, BEN = OWNER, Visitor(id="01hzzzzzzzzzzzzzzzzzzzzzzz")
PATIENCE = 30
"""Seconds after which a test no longer believes that something will come."""


def ask(text: str, model: str = "fake-image", *, thread: str | None = None, **facts: Any) -> Ask:
    """What the composer sends; what is no field of its own is a control."""
    own = {name: facts.pop(name) for name in ("uploads", "nonce") if name in facts}
    return Ask(thread=thread or new_id(), text=text, controls=Controls(model=model, **facts), **own)


def chat(text: str, *, thread: str | None = None, **facts: Any) -> Ask:
    """Words for the text model."""
    return ask(text, "fake-text", thread=thread, **facts)


def wish(prompt: str = "a fox in snow", **facts: Any) -> ImageRequest:
    """A request to the image model."""
    return ImageRequest(**{"prompt": prompt, "model": "fake-image", **facts})


async def turn_of(studio: Studio, visitor: Visitor, receipt: Receipt) -> Turn:
    """The reply as the page would read it now."""
    page = await studio.turns(visitor, receipt.thread)
    return next(turn for turn in page.items if turn.message.id == receipt.message)


async def until(studio: Studio, visitor: Visitor, receipt: Receipt, check: Callable[[JobState], bool]) -> JobState:
    """The first state of the asked job, now or later, that `check` is true of."""
    since = studio.version(visitor)
    state = (await turn_of(studio, visitor, receipt)).job
    assert state is not None
    if check(state):
        return state
    async with asyncio.timeout(PATIENCE), aclosing(studio.watch(visitor, since)) as steps:
        async for changes in steps:
            for job in changes.jobs:
                if job.job == receipt.job and check(job):
                    return job
    raise AssertionError("the watch ended")


async def ended(studio: Studio, visitor: Visitor, receipt: Receipt) -> Turn:
    """The asked reply when its job is at its end."""
    await until(studio, visitor, receipt, lambda job: job.status.final)
    return await turn_of(studio, visitor, receipt)


async def said(studio: Studio, visitor: Visitor, asked: Ask) -> Turn:
    """Send it, and the reply at its end."""
    return await ended(studio, visitor, await studio.say(visitor, asked))


async def drawn(studio: Studio, visitor: Visitor, asked: str | ImageRequest, *, thread: str | None = None) -> Generation:
    """One finished picture of a prompt or a request."""
    request = wish(asked) if isinstance(asked, str) else asked
    receipt = await studio.draw(visitor, thread or new_id(), request, said=request.prompt)
    pictures: tuple[Generation, ...] = (await ended(studio, visitor, receipt)).pictures
    return pictures[0]
