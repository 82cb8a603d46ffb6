"""What stands around a model where the house has moderation look at prompts, or at results too. It knows nobody who asks."""

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from imagechat.domain.models import Failed, Model, ModelCard, ModelEvent, Picture, Preview, Progress
from imagechat.domain.requests import ChatRequest, ImageOrder
from imagechat.errors import ImageChatError, NotAllowed, Unchecked

log = logging.getLogger(__name__)
R = TypeVar("R")


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
        await self._check(words_of(request))
        async with aclosing(self.inner.stream(request)) as events:
            async for event in events:
                yield await self._seen(event) if self.by.results else event

    async def _check(self, words: str) -> None:
        if not words.strip():
            return
        try:
            found = await self.by.look.of_words(words)
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


def words_of(request: object) -> str:
    """What somebody wrote in a request: of a picture the words as they are sent, of a conversation its newest turn.

    A conversation that becomes a prompt counts whole: all of it is sent, what was refused before too.
    """
    match request:
        case ImageOrder(request=wish, words=words):
            return "\n".join(filter(None, (words, wish.negative)))
        case ChatRequest(task="picture", turns=turns):
            return "\n\n".join(turn.text for turn in turns if turn.role != "system")
        case ChatRequest(turns=turns):
            return next((turn.text for turn in reversed(turns) if turn.role == "user"), "")
    raise TypeError(type(request).__name__)
