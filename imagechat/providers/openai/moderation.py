"""OpenAI's moderation, which says of words and pictures what is harmful in them. It is free and needs a key."""

import asyncio
import base64
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from imagechat import pictures
from imagechat.errors import BrokenReply, ImageChatError, ProviderFault
from imagechat.providers.openai.reading import Json, table, whole
from imagechat.providers.openai.server import Server
from imagechat.settings import Settings

log = logging.getLogger(__name__)
MODEL = "omni-moderation-latest"
PAUSES = (0.5, 2.0)
"""Seconds before the second and the third try: nothing can be billed, and somebody waits."""
LONGEST = 10.0
"""Seconds that the server may ask us to wait before one of them, and for which one answer is waited."""
SIDE = 1024
"""Pixels of the longer side of a picture that is sent."""


class Moderator:
    """What the house's key asks. Its own connections, so that it stays when a list of models cannot be had."""

    def __init__(self, settings: Settings, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
        self.server, self.sleep = Server(settings), sleep

    async def of_words(self, text: str) -> tuple[str, ...]:
        """The categories that `text` falls under, as OpenAI calls them; none where it is harmless.

        Raises: ProviderFault and its kind, after three tries.
        """
        return await self._asked([{"type": "text", "text": text}])

    async def of_picture(self, data: bytes) -> tuple[str, ...]:
        """The categories that a picture falls under, none for what is no picture. It goes smaller than it is; one at a time, for OpenAI
        takes no more.

        Raises: as `of_words`.
        """
        try:
            small = await asyncio.to_thread(lambda: pictures.checked(data).thumbnail(SIDE))
        except BrokenReply:
            return ()  # Whoever keeps it finds the same, and says what is wrong with it.
        url = f"data:image/webp;base64,{base64.b64encode(small).decode()}"
        return await self._asked([{"type": "image_url", "image_url": {"url": url}}])

    async def _asked(self, given: list[Json]) -> tuple[str, ...]:
        for pause in PAUSES:
            try:
                return await self._once(given)
            except ProviderFault as fault:
                if not fault.retryable or (wait := _wait(fault, pause)) > LONGEST:
                    raise
                log.info("the moderation is asked once more", extra={"seconds": wait, "error": str(fault)})
            await self.sleep(wait)
        return await self._once(given)

    async def _once(self, given: list[Json]) -> tuple[str, ...]:
        """Source: platform.openai.com/docs/api-reference/moderations."""
        async with self.server.asked(MODEL, "moderations", "create", input=given, timeout=min(LONGEST, self.server.patience)) as answer:
            results = (await whole(answer.iter_bytes(), MODEL)).get("results")
        if not isinstance(results, list) or not results or not all(isinstance(each, dict) for each in results):
            raise BrokenReply("malformed", model=MODEL)
        return tuple(sorted({name for each in results for name in _flagged(each)}))

    async def close(self) -> None:
        """Close what is open."""
        await self.server.close()


def _flagged(result: dict[str, Any]) -> list[str]:
    """What one result is flagged for. One that says neither yes nor no is no answer."""
    if not isinstance(result.get("flagged"), bool):
        raise BrokenReply("malformed", model=MODEL)
    named = [name for name, is_so in table(result.get("categories")).items() if is_so is True]
    return (named or ["other"]) if result["flagged"] else []


def _wait(fault: ImageChatError, usual: float) -> float:
    asked = fault.facts.get("after")
    return float(asked) if isinstance(asked, int | float) else usual
