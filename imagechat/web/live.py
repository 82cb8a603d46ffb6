"""One event stream for each tab that somebody looks at; a tab in the background asks for the news now and then."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from imagechat.domain.visitors import Visitor
from imagechat.errors import HouseFault
from imagechat.shown import Shown
from imagechat.shown.replies import Readings
from imagechat.studio import Studio
from imagechat.web.identity import visitor_of

KEEPALIVE = 15.0
"""Seconds of silence after which a comment is sent, so that nothing between takes the stream for dead."""
GLANCE = 4.0
"""Seconds between two looks whether whom a stream is told to is still known: so soon it ends for who was disabled or logged out."""
MOST = 24
"""Streams of one visitor, over all browsers: of more the oldest end, for each costs a look at the database now and then."""
LAST_WORDS = 5.0
"""Seconds that streams have at the end to tell how jobs ended."""


class Live:
    """Server-sent events over `studio.watch`. Source of the format: html.spec.whatwg.org, server-sent events."""

    def __init__(self, studio: Studio, shown: Shown) -> None:
        self.studio = studio
        self.shown = shown
        self._open: dict[asyncio.Task[None], str] = {}
        self._closed = False

    @property
    def open(self) -> int:
        """How many streams are open."""
        return len(self._open)

    def routes(self) -> list[Route]:
        """GET /live (a stream) and GET /live/now (once)."""
        return [Route("/live", self.stream), Route("/live/now", self.now)]

    async def stream(self, request: Request) -> Response:
        """Changes after `since` (or after Last-Event-ID, when the browser comes back by itself), for as long as the tab looks."""
        if self._closed:
            return _later()
        since = _whole(request.headers.get("last-event-id") or request.query_params.get("since"))
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._events(visitor_of(request), since), media_type="text/event-stream", headers=headers)

    async def now(self, request: Request) -> Response:
        """Changes after `since`, at once, as JSON."""
        if self._closed:
            return _later()
        changes = self.studio.changes(visitor_of(request), _whole(request.query_params.get("since")))
        return JSONResponse(await self.shown.now(changes), headers={"Cache-Control": "no-store"})

    async def close(self) -> None:
        """Begin no stream any more, and wait until the open ones have told what came last; who does not read is not waited for."""
        self._closed = True
        if self._open:
            _, late = await asyncio.wait(self._open, timeout=LAST_WORDS)
            for task in late:
                task.cancel()

    async def _events(self, visitor: Visitor, since: int) -> AsyncGenerator[str]:
        """The stream's lines. Changes come through a queue of one, so that silence can be filled without losing any."""
        ready: asyncio.Queue[str | None] = asyncio.Queue(1)
        pump = asyncio.create_task(self._pump(visitor, since, ready))
        glancing = asyncio.create_task(self._glance(visitor, pump))
        self._open[pump] = visitor.id
        try:
            await asyncio.sleep(0)  # A task that is cancelled before its first step would not say that it is over.
            self._bound(visitor.id)
            yield "retry: 1000\n\n"
            while (line := await _within(KEEPALIVE, ready)) is not None:
                yield line
        finally:
            self._open.pop(pump, None)
            pump.cancel()
            glancing.cancel()

    def _bound(self, visitor: str) -> None:
        """End the oldest streams of who has too many."""
        theirs = [pump for pump, whose in self._open.items() if whose == visitor]
        for pump in theirs[:-MOST]:
            pump.cancel()

    async def _glance(self, visitor: Visitor, pump: asyncio.Task[None]) -> None:
        """End the stream when its reader is no longer known, whoever ended that, another process too."""
        known = True
        while known:
            await asyncio.sleep(GLANCE)
            with suppress(HouseFault):  # A database that does not answer ends nothing; the next look will tell.
                known = await self.studio.stands(visitor)
        pump.cancel()

    async def _pump(self, visitor: Visitor, since: int, ready: "asyncio.Queue[str | None]") -> None:
        readings: Readings = {}
        try:
            async with aclosing(self.studio.watch(visitor, since)) as steps:
                async for changes in steps:
                    data = json.dumps(await self.shown.step(changes, readings), ensure_ascii=False, separators=(",", ":"))
                    for job in changes.jobs:
                        if job.status.final:
                            readings.pop(job.job, None)
                    await ready.put(f"id: {changes.version}\ndata: {data}\n\n")
            await ready.put(None)
        except BaseException:
            if ready.full():
                ready.get_nowait()
            ready.put_nowait(None)
            raise


async def _within(seconds: float, ready: "asyncio.Queue[str | None]") -> str | None:
    """The next line, or a comment when none comes in time; None at the end."""
    try:
        async with asyncio.timeout(seconds):
            return await ready.get()
    except TimeoutError:
        return ": still here\n\n"


def _later() -> Response:
    """The app is being stopped: whoever comes back in a moment finds the next one."""
    return Response(status_code=503, headers={"Retry-After": "2", "Cache-Control": "no-store"})


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else 0
