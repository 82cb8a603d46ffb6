"""An answer's bytes, read ourselves: the SDK builds an object for each token, which takes seven times as long."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import suppress
from typing import Any

import httpx2
import orjson

from imagechat.errors import BrokenReply

Json = dict[str, Any]
MOST = 160 * 2**20
"""Bytes of one answer: four pictures of 4K as base64 with room to spare."""
DONE = b"[DONE]"
LAST = 0.25
"""Seconds that an answer which is complete may take to end."""


async def bounded(chunks: AsyncIterable[bytes], model: str) -> AsyncGenerator[bytes]:
    """An answer's pieces, as long as they stay within bounds.

    Raises: BrokenReply("too_long").
    """
    total = 0
    async for chunk in chunks:
        total += len(chunk)
        if total > MOST:
            raise BrokenReply("too_long", model=model)
        yield chunk


async def payloads(chunks: AsyncIterable[bytes], model: str) -> AsyncGenerator[list[bytes]]:
    """The `data` of server-sent events, as many at once as came in one piece. Source: html.spec.whatwg.org, server-sent events.

    Raises: BrokenReply("too_long").
    """
    parts: list[bytes] = []
    async for chunk in bounded(chunks, model):
        if b"\n" not in chunk:
            parts.append(chunk)
            continue
        *lines, rest = b"".join((*parts, chunk)).split(b"\n")
        parts = [rest] if rest else []
        if found := [line[5:].strip() for line in lines if line.startswith(b"data:")]:
            yield found
    last = b"".join(parts)
    if last.startswith(b"data:"):
        yield [last[5:].strip()]


async def to_the_end(events: AsyncGenerator[list[bytes]]) -> None:
    """Read past what is still to come after everything that was asked: only a connection that was read to its end can be used again.

    A server that keeps it open, or loses it now, changes nothing.
    """
    with suppress(TimeoutError, httpx2.HTTPError, BrokenReply):
        async with asyncio.timeout(LAST):
            async for _ in events:
                pass


async def whole(chunks: AsyncIterable[bytes], model: str) -> Json:
    """An answer that is one JSON object.

    Raises: BrokenReply("too_long" | "malformed").
    """
    return parsed(b"".join([chunk async for chunk in bounded(chunks, model)]), model)


def parsed(data: bytes, model: str) -> Json:
    """One JSON object.

    Raises: BrokenReply("malformed").
    """
    try:
        found = orjson.loads(data)
    except orjson.JSONDecodeError as fault:
        raise BrokenReply("malformed", model=model) from fault
    if not isinstance(found, dict):
        raise BrokenReply("malformed", model=model)
    return found


def number(given: object) -> int:
    """A count of tokens; anything that is none counts as 0."""
    return given if isinstance(given, int) and not isinstance(given, bool) and given > 0 else 0


def table(given: object) -> Json:
    """A JSON object, or an empty one for anything else."""
    return given if isinstance(given, dict) else {}
