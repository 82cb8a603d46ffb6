"""Whether this process lives, and whether it can serve."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from imagechat import __version__
from imagechat.studio import Studio


class Health:
    """GET /healthz: the process answers. GET /ready: requests can be served."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio

    def routes(self) -> list[Route]:
        """Both addresses."""
        return [Route("/healthz", self.alive), Route("/ready", self.ready)]

    async def alive(self, request: Request) -> Response:
        """200 while the event loop runs."""
        return JSONResponse({"status": "ok", "version": __version__})

    async def ready(self, request: Request) -> Response:
        """200 when the database answers, else 503."""
        ready = await self.studio.ready()
        return JSONResponse({"status": "ready" if ready else "not ready"}, status_code=200 if ready else 503)
