"""Who asks, and through which door: in `local` access every request of this machine's own pages is the owner's."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from imagechat.domain.visitors import OWNER, Visitor
from imagechat.errors import Refused
from imagechat.i18n import Locale
from imagechat.settings import is_loopback


class Identity:
    """Middleware that puts the visitor into the request's state, or refuses the request.

    A loopback bind alone does not keep other web pages out: a page elsewhere can send requests here, and a name that resolves
    to 127.0.0.1 makes them look at home (DNS rebinding). So the Host must be a loopback name, and the Origin must be this Host.
    Source: fetch.spec.whatwg.org (Origin), w3.org/TR/fetch-metadata (Sec-Fetch-Site).
    """

    def __init__(self, app: ASGIApp, locale: Locale) -> None:
        self.app = app
        self.locale = locale

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through with its visitor, or answer 403."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        try:
            check_door(Headers(scope=scope), str(scope.get("method", "GET")))
        except Refused as refusal:
            words = self.locale.error(refusal.code, refusal.reason, refusal.facts)
            await PlainTextResponse(words, status_code=refusal.status)(scope, receive, send)
            return
        scope.setdefault("state", {})["visitor"] = OWNER
        await self.app(scope, receive, send)


def check_door(headers: Headers, method: str) -> None:
    """Raise Refused for a foreign Host or Origin."""
    host = headers.get("host", "")
    if not is_loopback(_name(host)):
        raise Refused("host", host=host[:80])
    origin = headers.get("origin")
    if origin is not None and _place(origin) != host.lower():
        raise Refused("origin", origin=origin[:80])
    site = headers.get("sec-fetch-site", "none")
    navigation = method in ("GET", "HEAD") and headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    if site not in ("none", "same-origin") and not navigation:
        raise Refused("origin", origin=site)


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _place(origin: str) -> str | None:
    """An origin's host with its port, as a Host header has it."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return None


def visitor_of(connection: HTTPConnection) -> Visitor:
    """The visitor that the middleware found."""
    visitor: Visitor = connection.state.visitor
    return visitor
