"""GET /metrics: figures for Prometheus, for who looks after the house and for a scraper with its token."""

import hmac

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from imagechat.domain.visitors import Visitor
from imagechat.studio import Studio

FORM = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The figures' one address."""

    def __init__(self, studio: Studio) -> None:
        self.parts = studio.parts

    def routes(self) -> list[Route]:
        """GET /metrics."""
        return [Route("/metrics", self.figures)]

    async def figures(self, request: Request) -> Response:
        """The figures; 401 without the token where there is one, else 404: nobody need know that there is something."""
        visitor: Visitor | None = getattr(request.state, "visitor", None)
        token = self.parts.settings.metrics.token.get_secret_value()
        if (visitor is not None and visitor.admin) or (token and _bears(request, token)):
            return Response(self.parts.metrics.text(), media_type=FORM, headers={"Cache-Control": "no-store"})
        if token:
            return PlainTextResponse("401", 401, {"WWW-Authenticate": "Bearer"})
        return PlainTextResponse("404", 404)


def _bears(request: Request, token: str) -> bool:
    """Whether the request brings the token; how long the look takes says nothing about it."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())
