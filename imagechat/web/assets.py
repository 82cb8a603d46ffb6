"""Scripts, styles and example pictures, kept in memory and in browsers."""

import re
from collections import OrderedDict
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imagechat.web.packed import WORTH, accepts, answered, packed

KEPT = re.compile(r"/(assets|static|examples|styles)/.+|/theme\.css")
WORDS = re.compile(r"text/|application/(javascript|json)|image/svg")
"""Media types that become smaller."""
HASHED = re.compile(r"/assets/.+-[\w-]{8,}\.\w+")
"""Names that Vite makes: they say what is in the file, and another content has another name."""
OURS = re.compile(r"/(examples|styles)/.+")
FOREVER = "public, max-age=31536000, immutable"
"""A year, without asking in between. Source: RFC 9111, RFC 8246 (immutable)."""
HOUR = "public, max-age=3600"
ROOM = 24 * 2**20
"""Bytes that are kept at most, the last asked for; what our page asks for takes four million."""


@dataclass(frozen=True)
class File:
    """One file: how its answer starts, and its bytes as they are and by brotli (empty where that is not worth it)."""

    start: Message
    body: bytes
    small: bytes

    @property
    def size(self) -> int:
        """Bytes in memory."""
        return len(self.body) + len(self.small)

    def response(self, scope: Scope) -> Response:
        """The answer for whoever asks: small for who can read that, empty for who has it (RFC 9110, 13.1.2), and for how long it holds."""
        asked, headers = Headers(scope=scope), self._headers(scope["path"])
        known = [each.strip().removeprefix("W/") for each in asked.get("if-none-match", "").split(",")]
        if "etag" in headers and headers["etag"].removeprefix("W/") in known:
            del headers["content-length"]
            return _with(Response(status_code=304), headers)
        small = bool(self.small) and accepts(asked, "br")
        if small:
            headers["Content-Encoding"] = "br"
            headers["Content-Length"] = str(len(self.small))
        return _with(Response(self.small if small else self.body), headers)

    def _headers(self, path: str) -> MutableHeaders:
        headers = MutableHeaders(raw=list(self.start["headers"]))
        if HASHED.fullmatch(path) or OURS.fullmatch(path):
            headers["Cache-Control"] = HOUR if OURS.fullmatch(path) else FOREVER
        if self.small:
            headers.add_vary_header("Accept-Encoding")
            if "etag" in headers:  # One for both forms, and so a weak one.
                headers["Etag"] = f"W/{headers['etag'].removeprefix('W/')}"
        return headers


class Assets:
    """Middleware that answers from memory what is the same for everybody, and has browsers keep it.

    A page that is opened for the first time asks for 76 files. Gradio looks each of them up on the disk and compresses it anew, 4 ms in
    which nobody else is answered, and says nothing about how long it holds.
    """

    def __init__(self, app: ASGIApp, room: int = ROOM) -> None:
        self.app = app
        self._room = room
        self._kept: OrderedDict[str, File] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the file that is kept, or keep the one that is answered."""
        whole = scope["type"] == "http" and scope["method"] == "GET" and "range" not in Headers(scope=scope)
        if not whole or not KEPT.fullmatch(scope["path"]):
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        if path in self._kept:
            self._kept.move_to_end(path)
        else:
            start, body = await answered(self.app, _plain(scope), receive)
            if start["status"] != 200:
                await send(start)
                await send({"type": "http.response.body", "body": body})
                return
            self._keep(path, File(start, body, await packed(body) if _pays(start, body) else b""))
        await self._kept[path].response(scope)(scope, receive, send)

    def _keep(self, path: str, file: File) -> None:
        self._kept[path] = file
        while len(self._kept) > 1 and sum(each.size for each in self._kept.values()) > self._room:
            self._kept.popitem(last=False)


def _with(response: Response, headers: MutableHeaders) -> Response:
    response.raw_headers = headers.raw
    return response


def _plain(scope: Scope) -> Scope:
    """The request for the file as it is, whoever asks and whatever they have."""
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name in (b"host", b"x-forwarded-proto")]}


def _pays(start: Message, body: bytes) -> bool:
    return len(body) >= WORTH and bool(WORDS.match(Headers(raw=start["headers"]).get("content-type", "")))
