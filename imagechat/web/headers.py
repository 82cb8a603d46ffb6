"""What browsers are told about every HTML page beside the page itself."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAID = {
    "Content-Security-Policy": "frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
"""No foreign page shows ours in a frame (clickjacking), and none learns a chat's address from a link that was followed.

Source: w3.org/TR/CSP3 (frame-ancestors), w3.org/TR/referrer-policy, fetch.spec.whatwg.org (nosniff).
"""


class PageHeaders:
    """Middleware that adds them where the answer is a page; what an answer says itself stays, media are stricter."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and its answer back with the headers."""

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message.setdefault("headers", [])
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    for name, value in SAID.items():
                        headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, dressed if scope["type"] == "http" else send)
