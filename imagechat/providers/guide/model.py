"""Guide as a model like any other: a card, and a stream of words."""

import asyncio
import re
from collections.abc import AsyncGenerator

from imagechat.domain.models import ModelCard, ModelEvent, TextDelta, Usage
from imagechat.domain.requests import ChatRequest
from imagechat.providers.guide.answers import answer, worded

CARD = ModelCard(
    id="guide",
    label="Guide",
    provider="embedded",
    kind="text",
    operations=("chat",),
    max_prompt=32_000,
    context=32_000,
    sees=False,
    price=0,
)

_PIECE = re.compile(r"\s*\S+\s*")


class Guide:
    """The embedded text model. `delay`: seconds between two words, so that a reply is read as it comes."""

    def __init__(self, delay: float = 0.006) -> None:
        self.card = CARD
        self.delay = delay

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ModelEvent]:
        """Answer the last turn, word by word; a prompt that was asked for comes at once."""
        if request.task != "talk":
            yield TextDelta(text=await asyncio.to_thread(worded, request))
        else:
            for piece in _PIECE.findall(await asyncio.to_thread(answer, request.turns)):
                yield TextDelta(text=piece)
                await asyncio.sleep(self.delay)
        yield Usage(price=0)
