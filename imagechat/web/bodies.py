"""How much a request may bring. What is read whole before anybody looks at it would lie in memory, so often as somebody likes."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imagechat.errors import BadInput
from imagechat.web.identity import Entrance

MOST = 8 * 2**20
"""Bytes of a body: the longest text that a model takes, and the page's state around it, are below. `UPLOAD` has its own limits."""
UPLOAD = "/gradio_api/upload"


class Bodies:
    """Middleware that refuses longer bodies, by what they say of themselves and by what comes."""

    def __init__(self, app: ASGIApp, entrance: Entrance) -> None:
        self.app, self.entrance = app, entrance

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; of a body whose length nobody told no more than that is heard, then it is as if the sender had gone."""
        if scope["type"] != "http" or scope["path"] == UPLOAD:
            await self.app(scope, receive, send)
            return
        said, had = Headers(scope=scope).get("content-length", ""), 0
        if said.isdecimal() and (len(said) > 12 or int(said) > MOST):
            await self.entrance.refusal(BadInput("bad_request", why="body"))(scope, receive, send)
            return

        async def counted() -> Message:
            nonlocal had
            message = await receive()
            had += len(message.get("body", b""))
            return {"type": "http.disconnect"} if had > MOST else message

        await self.app(scope, counted, send)
