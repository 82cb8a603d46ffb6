"""What browsers are told about every HTML page beside the page itself."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imagechat.settings import Settings

SPACE = "'self' https://huggingface.co https://*.hf.space"
"""Who shows a Space's page in a frame: the site that it belongs to."""


def framers(settings: Settings) -> str:
    """Whose pages may show ours in a frame (clickjacking)."""
    return SPACE if settings.space_id else "'self'"


class PageHeaders:
    """Middleware that adds them where the answer is a page; what an answer says itself stays, media are stricter.

    No foreign page shows ours in a frame, and none learns a chat's address from a link that was followed. Strict-Transport-Security is not
    among them: it binds a whole host for years, other ports and apps too, and so it is for whoever holds the certificate, the proxy.
    Source: w3.org/TR/CSP3 (frame-ancestors), w3.org/TR/referrer-policy, fetch.spec.whatwg.org (nosniff), RFC 6797.
    """

    def __init__(self, app: ASGIApp, framers: str = "'self'") -> None:
        self.app = app
        self.said = {
            "Content-Security-Policy": f"frame-ancestors {framers}",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and its answer back with the headers."""

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message.setdefault("headers", [])
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    for name, value in self.said.items():
                        headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, dressed if scope["type"] == "http" else send)
