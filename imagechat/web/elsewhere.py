"""Logging in with Hugging Face: OpenID Connect with a code and a proof that who began is who comes back.

Source: RFC 6749 (4.1), RFC 7636 (PKCE), openid.net/specs/openid-connect-core-1_0, huggingface.co/docs/hub/oauth.
"""

import base64
import hashlib
import logging
import secrets
import time
from typing import Any
from urllib.parse import urlencode

import httpx2
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from imagechat.errors import ImageChatError, NotKnown
from imagechat.web.cookies import attributes
from imagechat.web.entering import Entering
from imagechat.web.identity import address_of, asked_chat

log = logging.getLogger(__name__)
PROVIDER = "huggingface"
BEGUN, BACK = "/login/huggingface", "/login/huggingface/callback"
PATIENCE = 10.0
"""Seconds that the provider has for each answer."""
MINUTES = 15
"""How long somebody may take to log in there."""
PAUSE = 60.0
"""Seconds in which a provider that did not tell its addresses is not asked for them again, whoever wants to log in."""
LONGEST = 200
"""Letters of a name or an id."""


class Elsewhere:
    """GET /login/huggingface sends people there, GET /login/huggingface/callback takes them in when they come back."""

    def __init__(self, entering: Entering) -> None:
        self.entering, self.entrance, self.settings = entering, entering.entrance, entering.settings
        self._places: dict[str, str] = {}
        self._silent = -PAUSE

    def routes(self) -> list[Route]:
        """Both addresses, where there is a client id; none otherwise."""
        return [Route(BEGUN, self.begin), Route(BACK, self.back)] if self.settings.oauth_client_id else []

    async def begin(self, request: Request) -> Response:
        """To the provider, with a state and the trace of a proof; both are remembered in a signed cookie, for minutes."""
        if self.settings.mode == "local":
            return self.entering.home(request)
        state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
        trace = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "client_id": self.settings.oauth_client_id, "redirect_uri": self._address(request), "response_type": "code",
            "scope": "openid profile", "state": state, "code_challenge": trace, "code_challenge_method": "S256",
        }  # fmt: skip
        async with _client() as client:
            place = (await self._found(client))["authorization_endpoint"]
        answer = RedirectResponse(f"{place}?{urlencode(asked)}", 303, {"Cache-Control": "no-store"})
        remembered = (await self._signer()).dumps([state, verifier, asked_chat(request.scope).partition("=")[2]])
        answer.headers.append("Set-Cookie", await self._cookie(request, str(remembered), MINUTES * 60))
        return answer

    async def back(self, request: Request) -> Response:
        """From the provider: who they are there, they are here. A failure is told on the login page."""
        try:
            answer = await self.entering.inside(request, await self._entered(request))
        except ImageChatError as fault:
            answer = self.entering.refused(request, fault)
        answer.headers.append("Set-Cookie", await self._cookie(request, "", 0))
        return answer

    async def _entered(self, request: Request) -> Any:
        asked = request.query_params
        verifier = await self._verifier(request, asked.get("state", ""))
        if "error" in asked:
            raise NotKnown("denied" if asked["error"] == "access_denied" else "elsewhere")
        await self.entering.studio.knock(address_of(request))
        who = await self._who(request, asked.get("code", ""), verifier)
        subject, name = _text(who.get("sub")), _text(who.get("preferred_username"))
        if not subject:
            raise NotKnown("elsewhere")
        agent, guest = request.headers.get("user-agent", ""), request.state.guest
        owner = self._owns(subject, name)
        return await self.entering.studio.come_from(PROVIDER, subject, name or subject, agent, owner=owner, guest=guest)

    def _owns(self, subject: str, name: str) -> bool:
        """Whether this is the owner: who the settings name, else whose Space it is, and who made it."""
        named = self.settings.door.owner.strip() or self.settings.space_author.strip()
        if named and name.casefold() == named.casefold():
            return True
        return not self.settings.door.owner.strip() and bool(self.settings.space_creator) and subject == self.settings.space_creator

    async def _verifier(self, request: Request, state: str) -> str:
        """The proof that belongs to this state. Raises: NotKnown("state") where this browser did not begin, or long ago."""
        kept = request.cookies.get(await self._name(), "")[:2000]
        try:
            begun, verifier, chat = (await self._signer()).loads(kept, max_age=MINUTES * 60)
        except (BadSignature, ValueError, TypeError) as fault:
            raise NotKnown("state") from fault
        if not secrets.compare_digest(str(begun).encode(), state.encode("utf-8", "replace")):
            raise NotKnown("state")
        request.state.chat = chat
        return str(verifier)

    async def _who(self, request: Request, code: str, verifier: str) -> dict[str, Any]:
        """What the provider says of who comes with this code. Raises: NotKnown("elsewhere")."""
        given = {"grant_type": "authorization_code", "code": code, "redirect_uri": self._address(request), "code_verifier": verifier}
        us = (self.settings.oauth_client_id, self.settings.oauth_client_secret.get_secret_value())
        async with _client() as client:
            places = await self._found(client)
            got = await _json(client, "POST", places["token_endpoint"], data={**given, "client_id": us[0]}, auth=us)
            bearer = {"Authorization": f"Bearer {_text(got.get('access_token'), 10_000)}"}
            return await _json(client, "GET", places["userinfo_endpoint"], headers=bearer)

    async def _found(self, client: httpx2.AsyncClient) -> dict[str, str]:
        """The provider's addresses: those it tells, else the usual ones."""
        provider = self.settings.openid_provider_url.rstrip("/")
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo"}
        usual = {name: f"{provider}/oauth/{end}" for name, end in names.items()}
        if not self._places:
            if time.monotonic() - self._silent < PAUSE:
                return usual
            try:
                told = await _json(client, "GET", f"{provider}/.well-known/openid-configuration")
            except NotKnown:
                self._silent = time.monotonic()
                return usual
            secure = provider.startswith("https://")
            right = {name: each for name in names if (each := _text(told.get(name), 2000)).startswith("https://" if secure else "http")}
            self._places = {**usual, **right}
        return self._places

    def _address(self, request: Request) -> str:
        """Where people come back to."""
        host = (
            f"https://{self.settings.space_host}" if self.settings.space_host else f"{request.scope['scheme']}://{request.headers['host']}"
        )
        return f"{host}{self.settings.root_path}{BACK}"

    async def _signer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(await self.entering.studio.signing_key(), salt="imagechat.elsewhere")

    async def _name(self) -> str:
        return f"{(await self.entrance.cookies()).name}-way"

    async def _cookie(self, request: Request, value: str, seconds: int) -> str:
        held = attributes(request.scope["scheme"], space=bool(self.settings.space_id))
        return f"{await self._name()}={value}; Max-Age={seconds}; {held}"


def _client() -> httpx2.AsyncClient:
    return httpx2.AsyncClient(timeout=PATIENCE, follow_redirects=False)


async def _json(client: httpx2.AsyncClient, method: str, address: str, **given: Any) -> dict[str, Any]:
    """An answer's object. Raises: NotKnown("elsewhere") where there is none; nothing of what was sent is logged."""
    try:
        answer = await client.request(method, address, **given)
        told = answer.json() if answer.status_code == 200 else None
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as fault:
        log.warning("no answer from where people log in", extra={"address": address, "error": type(fault).__name__})
        raise NotKnown("elsewhere") from fault
    if not isinstance(told, dict):
        log.warning("where people log in said no", extra={"address": address, "status": answer.status_code})
        raise NotKnown("elsewhere")
    return told


def _text(given: Any, longest: int = LONGEST) -> str:
    return given[:longest] if isinstance(given, str) else ""
