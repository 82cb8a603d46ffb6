"""Our own routes beside Gradio's: the event stream, the gallery, media, health; and the guard before all of them."""

from typing import Any

from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from imagechat.settings import ASSETS
from imagechat.shown import Shown
from imagechat.studio import Studio
from imagechat.web.gallery import Gallery
from imagechat.web.headers import PageHeaders
from imagechat.web.health import Health
from imagechat.web.identity import Identity
from imagechat.web.live import Live
from imagechat.web.media import Media


class Front:
    """All of it, as the arguments that the server's application takes."""

    def __init__(self, studio: Studio, shown: Shown) -> None:
        self.live = Live(studio, shown)
        rooms = (self.live, Gallery(studio, shown), Media(studio, shown), Health(studio))
        self._routes: list[BaseRoute] = [route for room in rooms for route in room.routes()]
        self._routes += [Mount(f"/{name}", StaticFiles(directory=ASSETS / name)) for name in ("examples", "styles")]
        self._locale = shown.locale

    def app_arguments(self) -> dict[str, Any]:
        """Routes and middleware."""
        return {"routes": self._routes, "middleware": [Middleware(Identity, locale=self._locale), Middleware(PageHeaders)]}

    async def close(self) -> None:
        """End the open streams."""
        await self.live.close()
