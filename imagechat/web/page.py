"""Gradio's page, built once for each address at which people see it."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imagechat.web.packed import Deflated, accepts, answered

PLACES = 16
"""Addresses for which it is kept: a page is a third of a megabyte, and a Host header can say what it likes."""
Place = tuple[str, str, str]


@dataclass(frozen=True)
class Built:
    """What was answered: its start, and its body before and after the place where a page takes marks."""

    start: Message
    before: bytes
    after: Deflated

    def response(self, marks: str, *, gzip: bool) -> Response:
        """The answer with `marks` in the page's head, where scripts find them; what has no head stays as it is."""
        said = f'<meta name="imagechat" content="{marks}">'.encode() if self.before and marks else b""
        words = self.before + said
        response = Response(self.after.after(words) if gzip else words + self.after.body, self.start["status"])
        headers = MutableHeaders(raw=list(self.start["headers"]))
        headers["Content-Length"] = str(len(response.body))
        headers.add_vary_header("Accept-Encoding")
        if gzip:
            headers["Content-Encoding"] = "gzip"
        response.raw_headers = headers.raw
        return response


class Page:
    """Middleware that keeps what was answered to `GET /`, and answers with it.

    Gradio copies all of its components for every visitor who opens the page: 50 ms in which nobody else is answered. What comes out
    differs by nothing but the address, which stands in it; it is compressed once too, to a quarter. What is one visitor's (cookies, who
    may see it at all) is added and checked by those before; the marks that they found (`Cookies.marks`) are put into the page's head
    here, and nothing that is secret, of which compression could tell something (BREACH). Words in the query that Gradio itself would
    read are passed on to it; ours, like ?chat=, are the scripts'.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._kept: OrderedDict[Place, Built] = OrderedDict()
        self._one = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the page that is kept, or keep the one that is answered."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] != "/":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        place: Place = (scope["scheme"], headers.get("host", ""), scope.get("root_path", ""))
        built = await (self._build(scope, receive) if _foreign(scope) else self._found(place, scope, receive))
        marks = scope.get("state", {}).get("marks", "")
        await built.response(marks, gzip=accepts(headers, "gzip"))(scope, receive, send)

    async def _found(self, place: Place, scope: Scope, receive: Receive) -> Built:
        if place not in self._kept:
            async with self._one:
                if place not in self._kept:
                    return self._keep(place, await self._build(scope, receive))
        self._kept.move_to_end(place)
        return self._kept[place]

    def _keep(self, place: Place, built: Built) -> Built:
        if built.start["status"] == 200 and _is_page(built.start):
            self._kept[place] = built
            while len(self._kept) > PLACES:
                self._kept.popitem(last=False)
        return built

    async def _build(self, scope: Scope, receive: Receive) -> Built:
        start, body = await answered(self.app, scope, receive)
        before, head, after = body.partition(b"<head>") if _is_page(start) else (b"", b"", b"")
        return Built(start, before + head, await Deflated.of(after)) if head else Built(start, b"", await Deflated.of(body))


def _is_page(start: Message) -> bool:
    return Headers(raw=start["headers"]).get("content-type", "").startswith("text/html")


def _foreign(scope: Scope) -> Any:
    """Whether Gradio would read the query."""
    return any(name in scope.get("query_string", b"") for name in (b"page", b"deep_link", b"all_endpoints", b"%"))
