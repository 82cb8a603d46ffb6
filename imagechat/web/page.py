"""Gradio's page, built once for each address at which people see it."""

import asyncio
from collections import OrderedDict
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PLACES = 16
"""Addresses for which it is kept: a page is a quarter of a megabyte, and a Host header can say what it likes."""
Place = tuple[str, str, str]


class Page:
    """Middleware that keeps what was answered to `GET /`, and answers with it.

    Gradio copies all of its components for every visitor who opens the page: 50 ms in which nobody else is answered. What comes out
    differs by nothing but the address, which stands in it. What is one visitor's (cookies, who may see it at all) is added and checked
    by those before. Words in the query that Gradio itself would read are passed on to it; ours, like ?chat=, are the scripts'.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._kept: OrderedDict[Place, tuple[Message, bytes]] = OrderedDict()
        self._one = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the page that is kept, or keep the one that is answered."""
        place = _place(scope)
        if place is None:
            await self.app(scope, receive, send)
            return
        if place not in self._kept:
            async with self._one:
                if place not in self._kept:
                    await self._build(place, scope, receive, send)
                    return
        self._kept.move_to_end(place)
        start, body = self._kept[place]
        await send({**start, "headers": list(start["headers"])})
        await send({"type": "http.response.body", "body": body})

    async def _build(self, place: Place, scope: Scope, receive: Receive, send: Send) -> None:
        said: list[Message] = []

        async def heard(message: Message) -> None:
            said.append({**message, "headers": list(message["headers"])} if "headers" in message else message)
            await send(message)

        await self.app(scope, receive, heard)
        start, *rest = said
        if start["status"] == 200 and Headers(raw=start["headers"]).get("content-type", "").startswith("text/html"):
            self._kept[place] = (start, b"".join(each.get("body", b"") for each in rest))
            while len(self._kept) > PLACES:
                self._kept.popitem(last=False)


def _place(scope: Scope) -> Place | None:
    """All that the page depends upon; None for every other request."""
    if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] != "/" or _foreign(scope):
        return None
    return scope["scheme"], Headers(scope=scope).get("host", ""), scope.get("root_path", "")


def _foreign(scope: Scope) -> Any:
    """Whether Gradio would read the query."""
    return any(name in scope.get("query_string", b"") for name in (b"page", b"deep_link", b"all_endpoints", b"%"))
