"""What stands around a model where the house has moderation look at prompts, or at results too. It knows nobody who asks."""

import hashlib
import logging
from collections import OrderedDict
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from imagechat.domain.models import Failed, Model, ModelCard, ModelEvent, Picture, Preview, Progress
from imagechat.domain.requests import ChatRequest, ImageOrder
from imagechat.errors import ImageChatError, NotAllowed, Unchecked

log = logging.getLogger(__name__)
R = TypeVar("R")
REMEMBERED = 16_384
"""Texts that are known to have passed, by their digests: a conversation is not looked at anew with each of its turns."""
LONGEST = 30_000
"""Characters that are looked at in one request; a single text may have more."""


class Looking(Protocol):
    """Who looks: the names of what is harmful, none where all is well. Raises: an ImageChatError where nobody can look."""

    async def of_words(self, text: str) -> tuple[str, ...]:
        """What `text` falls under."""
        ...

    async def of_picture(self, data: bytes) -> tuple[str, ...]:
        """What the picture in a file falls under; none for what is no picture."""
        ...

    async def close(self) -> None:
        """Close what is open."""
        ...


@dataclass(frozen=True)
class Moderation:
    """Who looks, and whether at `results` too."""

    look: Looking
    results: bool = False
    _passed: "OrderedDict[bytes, None]" = field(default_factory=OrderedDict, repr=False, compare=False)

    async def of(self, texts: Iterable[str]) -> tuple[str, ...]:
        """What `texts` fall under; one that has passed before is not looked at again. Raises: as who looks."""
        named = {hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest(): text for text in texts if text.strip()}
        fresh = {name: text for name, text in named.items() if name not in self._passed}
        for batch in _batches(list(fresh.values())):
            if found := await self.look.of_words("\n\n".join(batch)):
                return found
        for name in fresh:
            self._passed[name] = None
        while len(self._passed) > REMEMBERED:
            self._passed.popitem(last=False)
        return ()

    def around(self, model: Model[R]) -> "Moderated[R]":
        """`model`, looked after."""
        return Moderated(model, self)


class Moderated(Generic[R]):
    """Asks the model only what moderation lets pass, and with `results` shows no picture before it was looked at, partial ones never.

    Where nobody can look, nothing passes.
    """

    def __init__(self, inner: Model[R], by: Moderation) -> None:
        self.inner, self.by = inner, by

    @property
    def card(self) -> ModelCard:
        """The inner model's."""
        return self.inner.card

    async def stream(self, request: R) -> AsyncGenerator[ModelEvent]:
        """The inner model's events.

        Raises: NotAllowed("moderation"), Unchecked: both before the model hears of it.
        """
        await self._check(texts_of(request))
        async with aclosing(self.inner.stream(request)) as events:
            async for event in events:
                yield await self._seen(event) if self.by.results else event

    async def _check(self, texts: Sequence[str]) -> None:
        try:
            found = await self.by.of(texts)
        except ImageChatError as fault:
            log.warning("the moderation did not answer, so nothing was asked", extra={"model": self.card.id, "error": str(fault)})
            raise Unchecked(model=self.card.id) from fault
        if found:
            raise NotAllowed("moderation", why=", ".join(found))

    async def _seen(self, event: ModelEvent) -> ModelEvent:
        """The event as it may be shown."""
        match event:
            case Preview(index=index):
                return Progress(index=index, step=0, of=0)
            case Picture():
                return await self._looked(event)
        return event

    async def _looked(self, picture: Picture) -> ModelEvent:
        """A finished picture, or its place empty. What it used was told apart, so it counts."""
        try:
            found = await self.by.look.of_picture(picture.data)
        except Exception as fault:
            log.warning("the moderation did not answer, so a picture is not shown", extra={"model": self.card.id, "error": str(fault)})
            return Failed(index=picture.index, code=Unchecked.code, reason="result", retryable=Unchecked.retryable, told=True)
        if not found:
            return picture
        return Failed(index=picture.index, code=NotAllowed.code, reason="result", told=True, facts={"why": ", ".join(found)})


def texts_of(request: object) -> list[str]:
    """What somebody wrote in a request, all that is sent: of a picture the words as they are sent, of a conversation each of their turns.

    An earlier turn may never have been looked at: it was said to an embedded model, or stopped before. Of a conversation that becomes a
    prompt the replies count, too.
    """
    match request:
        case ImageOrder(request=wish, words=words):
            return ["\n".join(filter(None, (words, wish.negative)))]
        case ChatRequest(task=task, turns=turns):
            return [turn.text for turn in turns if turn.role == "user" or (task == "picture" and turn.role != "system")]
    raise TypeError(type(request).__name__)


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """Texts that go together."""
    batch: list[str] = []
    for text in texts:
        if batch and sum(map(len, batch)) + len(text) > LONGEST:
            yield batch
            batch = []
        batch.append(text)
    if batch:
        yield batch
