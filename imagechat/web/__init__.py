"""Our own routes beside Gradio's: the event stream, the gallery, media, uploads, health, the way in; and the guard before all of them."""

from typing import Any

from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from imagechat.settings import ASSETS
from imagechat.shown import Shown
from imagechat.studio import Studio
from imagechat.web.assets import Assets
from imagechat.web.bodies import Bodies
from imagechat.web.elsewhere import Elsewhere
from imagechat.web.entering import Entering
from imagechat.web.gallery import Gallery
from imagechat.web.headers import PageHeaders, framers
from imagechat.web.health import Health
from imagechat.web.identity import Entrance, Identity
from imagechat.web.leaving import Leaving
from imagechat.web.live import Live
from imagechat.web.media import Media
from imagechat.web.metrics import Metrics
from imagechat.web.page import Page
from imagechat.web.requests import Requests
from imagechat.web.subpath import Below
from imagechat.web.uploads import Uploads
from imagechat.web.usage import Usage


class Front:
    """All of it, as the arguments that the server's application takes."""

    def __init__(self, studio: Studio, shown: Shown) -> None:
        self.entrance = Entrance(studio, shown.locale)
        self.live = Live(studio, shown)
        entering = Entering(self.entrance)
        ways = (entering, Elsewhere(entering), Uploads(self.entrance, studio))
        rooms = (
            self.live,
            Gallery(studio, shown),
            Media(studio, shown),
            Health(studio),
            Metrics(studio),
            Leaving(studio, shown),
            Usage(studio, shown),
            *ways,
        )
        self._routes: list[BaseRoute] = [route for room in rooms for route in room.routes()]
        self._routes += [Mount(f"/{name}", StaticFiles(directory=ASSETS / name)) for name in ("examples", "styles")]
        self._settings = studio.parts.settings
        self._metrics = studio.parts.metrics
        self._metrics.watch("streams_open", "Event streams that are open.", lambda: self.live.open)

    def app_arguments(self) -> dict[str, Any]:
        """Routes and middleware."""
        guard = Middleware(Identity, entrance=self.entrance, routes=self._routes)
        dressed = Middleware(PageHeaders, framers=framers(self._settings))
        named = Middleware(Requests, proxies=self.entrance.proxies, routes=self._routes, metrics=self._metrics)
        bounded = Middleware(Bodies, entrance=self.entrance)
        below, page, assets = Middleware(Below, path=self._settings.root_path), Middleware(Page), Middleware(Assets)
        return {"routes": self._routes, "middleware": [below, named, guard, bounded, dressed, page, assets]}

    def admit(self, address: str) -> None:
        """Let requests for this address in too: one that is known only once the server runs."""
        self.entrance.reached_at(address)

    async def close(self) -> None:
        """End the open streams."""
        await self.live.close()
