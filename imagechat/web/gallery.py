"""The gallery by pages: they are fetched while somebody scrolls, so they come by the shortest way, past Gradio's own route."""

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from imagechat.shown import Json, Shown, answered
from imagechat.studio import Studio
from imagechat.web.identity import visitor_of


class Gallery:
    """GET /gallery?search=&cursor=: a page of everything that was made, newest first; `older` is the cursor of the next."""

    def __init__(self, studio: Studio, shown: Shown) -> None:
        self.studio = studio
        self.shown = shown

    def routes(self) -> list[Route]:
        """The one address."""
        return [Route("/gallery", self.page)]

    async def page(self, request: Request) -> Response:
        """The page as JSON, or why not, in words."""
        told = await answered(self.shown, lambda: self._page(request))
        status = told["error"]["status"] if "error" in told else 200
        return Response(orjson.dumps(told), status, {"Cache-Control": "no-store"}, "application/json")

    async def _page(self, request: Request) -> Json:
        visitor, asked = visitor_of(request), request.query_params
        version = self.studio.version(visitor)
        page = await self.studio.gallery(visitor, cursor=asked.get("cursor"), search=asked.get("search", "")[:500])
        return {"version": version, "pictures": [self.shown.picture(each) for each in page.items], "older": page.older}
