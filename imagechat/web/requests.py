"""Every request has an id, which its answer, its log lines and its jobs carry; and every answer is counted."""

import re
import secrets
import time
from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.routing import BaseRoute, Match, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imagechat.logs import request_id
from imagechat.metrics import OTHER, Metrics
from imagechat.web.doors import GRADIO
from imagechat.web.proxies import Proxies

PLAIN = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""An id of somebody else's that can go into a log and a header as it is."""


class Requests:
    """Middleware around all others. An id is taken only from a trusted proxy."""

    def __init__(self, app: ASGIApp, proxies: Proxies, routes: Sequence[BaseRoute], metrics: Metrics) -> None:
        self.app, self.proxies, self.routes, self.metrics = app, proxies, routes, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through under its id; its answer names it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        began, route = time.perf_counter(), self._route(scope)
        request = self._given(scope) or secrets.token_hex(8)

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                message.setdefault("headers", [])
                MutableHeaders(scope=message)["X-Request-ID"] = request
                self.metrics.answered(route, message["status"], time.perf_counter() - began)
            await send(message)

        token = request_id.set(request)
        try:
            await self.app(scope, receive, named)
        finally:
            request_id.reset(token)

    def _given(self, scope: Scope) -> str:
        given = Headers(scope=scope).get("x-request-id", "")
        return given if PLAIN.fullmatch(given) and self.proxies.trusted(scope) else ""

    def _route(self, scope: Scope) -> str:
        """The template of what answers, so that ids in addresses make no labels."""
        for route in self.routes:
            if route.matches(scope)[0] is not Match.NONE:
                path = str(getattr(route, "path", OTHER))
                return f"{path}/…" if isinstance(route, Mount) else path
        if not GRADIO.fullmatch(scope["path"]):
            return OTHER
        return re.sub(r"^/(assets|static)/.+", r"/\1/…", scope["path"]).rstrip("/") or "/"
