"""Taking everything along, deleting it, and what a tab says of its private chats."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from imagechat.errors import BadInput, ImageChatError
from imagechat.shown import Json, Shown, answered
from imagechat.studio import Studio
from imagechat.web.identity import visitor_of

MOST = 100_000
"""Bytes of a body that is listened to."""
MOST_CHATS = 100


class Leaving:
    """GET /account/export, POST /account/delete, POST /private/begin, /private/keep, /private/end."""

    def __init__(self, studio: Studio, shown: Shown) -> None:
        self.studio = studio
        self.shown = shown

    def routes(self) -> list[Route]:
        """The five addresses."""
        deeds = {"account/delete": self._delete, "private/begin": self._begin, "private/keep": self._keep, "private/end": self._end}
        posts = [Route(f"/{path}", self._posted(deed), methods=["POST"]) for path, deed in deeds.items()]
        return [Route("/account/export", self.export), *posts]

    async def export(self, request: Request) -> Response:
        """Everything of the visitor's own, as a zip that is made while it is sent."""
        try:
            pieces = await self.studio.export(visitor_of(request))
        except ImageChatError as fault:
            words = self.shown.locale.error(fault.code, fault.reason, fault.facts)
            return PlainTextResponse(words, fault.status, {"Cache-Control": "no-store"})
        named = f'attachment; filename="imagechat-{datetime.now(UTC):%Y-%m-%d}.zip"'
        headers = {"Content-Disposition": named, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        return StreamingResponse(pieces, media_type="application/zip", headers=headers)

    def _posted(self, deed: Callable[[Request, Any], Awaitable[Json]]) -> Callable[[Request], Awaitable[Response]]:
        """`deed` with the JSON of the body, answered as all is; a beacon sends it as plain text."""

        async def answer(request: Request) -> Response:
            async def act() -> Json:
                return await deed(request, await _body(request))

            told = await answered(self.shown, act)
            status = told["error"]["status"] if "error" in told else 200
            return Response(orjson.dumps(told), status, {"Cache-Control": "no-store"}, "application/json")

        return answer

    async def _delete(self, request: Request, body: Any) -> Json:
        await self.studio.delete_all(visitor_of(request), str(body.get("confirm") or "") if isinstance(body, dict) else "")
        return {}

    async def _begin(self, request: Request, body: Any) -> Json:
        thread = await self.studio.begin_private(visitor_of(request), _chats([body])[0])
        return {"thread": thread.id, "private": bool(thread.private)}

    async def _keep(self, request: Request, body: Any) -> Json:
        return {"threads": await self.studio.keep_private(visitor_of(request), _chats(body))}

    async def _end(self, request: Request, body: Any) -> Json:
        at_once = isinstance(body, dict) and body.get("now") is True
        await self.studio.end_private(visitor_of(request), _chats(body.get("threads") if isinstance(body, dict) else body), at_once=at_once)
        return {}


async def _body(request: Request) -> Any:
    data = b""
    async for piece in request.stream():
        data += piece
        if len(data) > MOST:
            raise BadInput("bad_request", why="body")
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as fault:
        raise BadInput("bad_request", why="body") from fault


def _chats(given: Any) -> list[str]:
    if not isinstance(given, list) or len(given) > MOST_CHATS or not all(isinstance(each, str) for each in given):
        raise BadInput("bad_request", why="body")
    return given
