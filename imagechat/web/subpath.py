"""Below a path of a host, like /studio: behind proxies that take the path away, and behind those that pass it on."""

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class Below:
    """Middleware under which the app stands at the root, by whichever kind of proxy a request came.

    It is the first of all, so that whoever looks at a request's path sees the one that its route has. Only the page without its last
    slash is sent on: what the page asks for by relative addresses would be sought beside it.
    """

    def __init__(self, app: ASGIApp, path: str) -> None:
        self.app = app
        self.path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its own path, without the proxy's."""
        if scope["type"] in ("http", "websocket") and self.path:
            if scope["path"] == self.path and scope["type"] == "http":
                asked = scope.get("query_string", b"").decode("latin-1")
                await RedirectResponse(f"{self.path}/" + (f"?{asked}" if asked else ""), 308)(scope, receive, send)
                return
            scope = self._bare(scope)
        await self.app(scope, receive, send)

    def _bare(self, scope: Scope) -> Scope:
        path, raw = str(scope["path"]), scope.get("raw_path") or b""
        below = f"{self.path}/"
        if path.startswith(below):
            path, raw = path[len(self.path) :], raw[len(self.path) :]
        # Gradio knows its path from its own settings; here it would be taken for the beginning of a route.
        return {**scope, "path": path, "raw_path": raw, "root_path": ""}
