"""Who asks, and through which door.

`local`: every request of this machine's own pages is the owner's. `guests` and `login`: who somebody is, their cookie says.
"""

import ipaddress
import socket
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imagechat.domain.values import is_id
from imagechat.domain.visitors import OWNER, Role, Visitor
from imagechat.errors import ImageChatError, NotFound, NotKnown, Refused
from imagechat.i18n import Locale
from imagechat.settings import Settings, is_loopback
from imagechat.studio import Studio
from imagechat.web.cookies import Cookies
from imagechat.web.doors import EVERYBODY, there
from imagechat.web.proxies import Proxies
from imagechat.web.refusing import refusal

PAGE = ("/", "")


class Entrance:
    """What all doors share: by which names the app is reached, which proxies are believed, and the cookie's key once it is known."""

    def __init__(self, studio: Studio, locale: Locale) -> None:
        self.studio, self.locale = studio, locale
        self.settings: Settings = studio.parts.settings
        self.proxies = Proxies(self.settings)
        here = socket.gethostname().lower()
        own = ("localhost", here, f"{here}.local", self.settings.space_host, *self.settings.door.hosts.split())
        self._names = {_name(name).lower() for name in own if name}
        self._cookies: Cookies | None = None

    def reached_at(self, address: str) -> None:
        """The app can be reached at this address too, a public link that ends on this machine."""
        self._names.add(_name(urlsplit(address).netloc).lower())
        self.proxies.links.add(urlsplit(address).netloc.lower())

    def answers_to(self, host: str) -> bool:
        """Whether a Host header names us. Addresses in numbers do always: no foreign name can be made to lead to them."""
        name = _name(host)
        return name.lower().rstrip(".") in self._names or _is_address(name)

    async def cookies(self) -> Cookies:
        """Reading and writing the cookie."""
        if self._cookies is None:
            self._cookies = Cookies(await self.studio.signing_key(), self.settings)
        return self._cookies

    def refusal(self, fault: ImageChatError, scope: Scope | None = None) -> Response:
        """A refusal in words; a page of them for somebody who opens an address in `scope`."""
        self.studio.parts.metrics.refused(fault)
        seconds = fault.facts.get("seconds")
        headers = {"Cache-Control": "no-store"} | ({"Retry-After": str(seconds)} if isinstance(seconds, int) else {})
        told = self.locale.error(fault.code, fault.reason, fault.facts)
        return refusal(told, fault.status, headers, locale=self.locale, root=self.settings.root_path, scope=scope)


class Identity:
    """Middleware that puts the visitor into the request's state, or refuses the request.

    A loopback bind alone does not keep other web pages out: a page elsewhere can send requests here, and a name that resolves
    to 127.0.0.1 makes them look at home (DNS rebinding). So the Host must be one of ours, and the Origin must be this Host.
    Source: fetch.spec.whatwg.org (Origin), w3.org/TR/fetch-metadata (Sec-Fetch-Site).
    """

    def __init__(self, app: ASGIApp, entrance: Entrance, routes: Sequence[BaseRoute]) -> None:
        self.app, self.entrance, self.routes = app, entrance, routes
        self.mode, self.studio = entrance.settings.mode, entrance.studio

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through with its visitor, or answer why not."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        scope = self.entrance.proxies.resolve(scope)
        scope["state"] = {**scope.get("state", {}), "visitor": None, "guest": None, "marks": ""}
        try:
            check_door(scope, self.entrance)
            if not there(scope, self.routes):
                raise NotFound()
            answer, cookie = await self._at_home(scope) if self.mode == "local" else await self._meet(scope)
        except ImageChatError as fault:
            answer, cookie = self.entrance.refusal(fault, scope), None
        await (answer or self.app)(scope, receive, _with(send, cookie) if cookie else send)

    async def _at_home(self, scope: Scope) -> tuple[None, None]:
        """Everybody is the owner."""
        scope["state"]["visitor"] = OWNER
        if _opens_page(scope):
            scope["state"]["marks"] = (await self.entrance.cookies()).mark(OWNER.id)
        return None, None

    async def _meet(self, scope: Scope) -> tuple[Response | None, str | None]:
        """Find out who asks, or let them in as a guest. An answer where they go no further, and a cookie that goes with any answer.

        Raises: NotKnown("nobody" | "login" | "ended"), TooFast("guests").
        """
        headers, state, opening = Headers(scope=scope), scope["state"], _opens_page(scope)
        cookies = await self.entrance.cookies()
        token, visitor = await self._known(cookies.tokens(headers))
        if visitor is not None and self.mode == "login" and visitor.role is Role.GUEST:
            state["guest"], visitor = visitor, None  # A guest from before accounts were asked for: their space waits for one.
        elif visitor is not None and visitor.role is Role.GUEST:
            state["guest"] = visitor
        if visitor is None and opening and self.mode == "guests":
            address = (scope.get("client") or ("", 0))[0]
            entered = await self.studio.arrive(address, headers.get("user-agent", ""))
            token, visitor = entered.token, entered.visitor
        state["visitor"] = visitor
        if visitor is not None:
            state["marks"] = cookies.marks(headers, visitor.id) if opening else ""
            # The browser forgets as late as we do: counted anew whenever the page is opened.
            return None, cookies.keeping(token, scope["scheme"]) if opening else None
        if EVERYBODY.fullmatch(scope["path"]):
            return None, None
        if opening:
            to = f"{self.entrance.settings.root_path}/login{asked_chat(scope)}"
            return RedirectResponse(to, 303, {"Cache-Control": "no-store"}), None
        if self.mode == "login":
            raise NotKnown("login")
        raise NotKnown("ended" if cookies.tokens(headers) else "nobody")

    async def _known(self, tokens: Sequence[str]) -> tuple[str, Visitor | None]:
        """Whose these tokens are; nobody's where they are of several people."""
        found = [(token, visitor) for token in tokens if (visitor := await self.studio.known(token)) is not None]
        return found[0] if len({visitor.id for _, visitor in found}) == 1 else ("", None)


def asked_chat(scope: Scope) -> str:
    """ "?chat=ID" where a chat was asked for before coming in. Nothing else of an address goes along, least of all a path."""
    found = scope.get("state", {}).get("chat") or QueryParams(scope.get("query_string", b"")).get("chat")
    return f"?chat={found}" if is_id(found) else ""


def check_door(scope: Scope, entrance: Entrance) -> None:
    """Raise Refused for a foreign Host or Origin."""
    headers, settings = Headers(scope=scope), entrance.settings
    host = headers.get("host", "")
    if settings.mode == "local":
        if not is_loopback(_name(host)):
            raise Refused("host", host=host[:80])
    elif not entrance.answers_to(host):
        raise Refused("name", host=host[:80])
    origin = headers.get("origin")
    if origin is not None and not _same(origin, host, str(scope.get("scheme", "http"))):
        raise Refused("origin", origin=origin[:80])
    site = headers.get("sec-fetch-site", "none")
    if site not in ("none", "same-origin") and not _followed(headers, str(scope.get("method", "GET")), framed=bool(settings.space_id)):
        raise Refused("origin", origin=site[:80])


def _followed(headers: Headers, method: str, *, framed: bool) -> bool:
    """Whether somebody followed a link to here, or a page that may frames us (`PageHeaders` says which)."""
    shown = ("document", "iframe") if framed else ("document",)
    return method in ("GET", "HEAD") and headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") in shown


def _opens_page(scope: Scope) -> bool:
    """Whether a browser opens the page itself, and no script asks for it."""
    headers = Headers(scope=scope)
    navigates = headers.get("sec-fetch-mode", "navigate") == "navigate"
    return scope["type"] == "http" and scope["method"] == "GET" and scope["path"] in PAGE and navigates


def _with(send: Send, cookie: str) -> Send:
    """`send`, with the cookie at whatever is answered; nobody between keeps such an answer."""

    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            message.setdefault("headers", [])
            headers = MutableHeaders(scope=message)
            headers.append("Set-Cookie", cookie)
            headers["Cache-Control"] = "private, no-cache"
        await send(message)

    return dressed


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _same(origin: str, host: str, scheme: str) -> bool:
    """Whether a page of this origin is ours: the same host and port, and not the unprotected one of a protected host."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.netloc.lower() == host.lower() and not (scheme in ("https", "wss") and parts.scheme == "http")


def visitor_of(connection: HTTPConnection) -> Visitor:
    """The visitor that the middleware found. Raises: NotKnown for nobody."""
    visitor: Visitor | None = getattr(connection.state, "visitor", None)
    if visitor is None:
        raise NotKnown("nobody")
    return visitor


def address_of(connection: HTTPConnection) -> str:
    """The network address that a request comes from."""
    return connection.client.host if connection.client else ""
