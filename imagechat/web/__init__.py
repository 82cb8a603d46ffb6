"""Our own routes beside Gradio's: the event stream, the gallery, media, health; and the guard before all of them."""

from typing import Any
from urllib.parse import urlsplit

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
from imagechat.web.subpath import Below


class Front:
    """All of it, as the arguments that the server's application takes."""

    def __init__(self, studio: Studio, shown: Shown) -> None:
        self.admitted: set[str] = set()
        self.live = Live(studio, shown)
        rooms = (self.live, Gallery(studio, shown), Media(studio, shown), Health(studio))
        self._routes: list[BaseRoute] = [route for room in rooms for route in room.routes()]
        self._routes += [Mount(f"/{name}", StaticFiles(directory=ASSETS / name)) for name in ("examples", "styles")]
        self._locale, self._path = shown.locale, studio.parts.settings.root_path

    def app_arguments(self) -> dict[str, Any]:
        """Routes and middleware."""
        dressed = [Middleware(Identity, locale=self._locale), Middleware(PageHeaders)]
        return {"routes": self._routes, "middleware": [Middleware(Below, path=self._path), *dressed]}

    def admit(self, address: str) -> None:
        """Let requests for this address in too: one that is known only once the server runs."""
        self.admitted.add(urlsplit(address).netloc.lower())

    async def close(self) -> None:
        """End the open streams."""
        await self.live.close()
