"""Pictures by id, for their owner only: the file itself, a thumbnail, a download with a name."""

import asyncio
import re
from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from imagechat.domain.records import Blob
from imagechat.errors import ImageChatError, NotFound
from imagechat.shown import Shown
from imagechat.studio import Studio
from imagechat.web.identity import visitor_of

HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}
EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif"}


class Whole(FileResponse):
    """A file in few pieces: each costs two trips between threads, and pictures are small."""

    chunk_size = 4 * 2**20


class Media:
    """GET /media/{id}, /media/{id}/thumb, /media/{id}/download. What an id names never changes, so browsers keep it."""

    def __init__(self, studio: Studio, shown: Shown) -> None:
        self.studio = studio
        self.shown = shown

    def routes(self) -> list[Route]:
        """The three addresses of a picture, and the one by which admins see what was reported."""
        return [
            Route("/media/{blob}", self.picture),
            Route("/media/{blob}/thumb", self.thumbnail),
            Route("/media/{blob}/download", self.download),
            Route("/reports/{report}/picture", self.reported),
        ]

    async def picture(self, request: Request) -> Response:
        """The file as it was made or uploaded."""
        return await self._file(request, {})

    async def download(self, request: Request) -> Response:
        """The same, to be saved under a name made from `name`."""
        return await self._file(request, None)

    async def reported(self, request: Request) -> Response:
        """The picture that a report is about, for admins: never kept by a browser, so that each look is written down."""
        try:
            blob, path = await self.studio.reported_file(visitor_of(request), request.path_params["report"])
        except ImageChatError as fault:
            return self._refusal(fault)
        return await self._passing(blob, path, {**HEADERS, "Cache-Control": "no-store"})

    async def thumbnail(self, request: Request) -> Response:
        """At about 320 px, as WebP."""
        blob = request.path_params["blob"]
        try:
            if _has(request, f'"{blob}-t"'):
                await self.studio.file(visitor_of(request), blob)
                return Response(status_code=304, headers={**HEADERS, "ETag": f'"{blob}-t"'})
            data = await self.studio.thumbnail(visitor_of(request), blob)
            kept, _ = await self.studio.file(visitor_of(request), blob)
        except ImageChatError as fault:
            return self._refusal(fault)
        return Response(data, media_type="image/webp", headers={**_kept(kept), "ETag": f'"{blob}-t"'})

    async def _file(self, request: Request, extra: dict[str, str] | None) -> Response:
        try:
            blob, path = await self.studio.file(visitor_of(request), request.path_params["blob"])
        except ImageChatError as fault:
            return self._refusal(fault)
        headers = _kept(blob) | {"ETag": f'"{blob.id}"'} | (_saving(blob, request) if extra is None else extra)
        if _has(request, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        if blob.kind == "preview":
            return await self._passing(blob, path, headers)
        return Whole(path, media_type=blob.media_type, headers=headers)

    async def _passing(self, blob: Blob, path: Path, headers: dict[str, str]) -> Response:
        """A partial picture, which may be dropped while it is being asked for: read at once, or not found."""
        try:
            return Response(await asyncio.to_thread(path.read_bytes), media_type=blob.media_type, headers=headers)
        except FileNotFoundError:
            return self._refusal(NotFound())

    def _refusal(self, fault: ImageChatError) -> Response:
        words = self.shown.locale.error(fault.code, fault.reason, fault.facts)
        return PlainTextResponse(words, status_code=fault.status, headers={"Cache-Control": "no-store"})


def _kept(blob: Blob) -> dict[str, str]:
    """What is said of a picture: of a private one, that no browser keeps it."""
    return HEADERS | {"Cache-Control": "no-store"} if blob.private else HEADERS


def _has(request: Request, tag: str) -> bool:
    return tag in (each.strip() for each in request.headers.get("if-none-match", "").split(","))


def _saving(blob: Blob, request: Request) -> dict[str, str]:
    """The header that names a download. Source: RFC 6266."""
    wanted = re.sub(r"[^\w\s.-]+", "", request.query_params.get("name", ""), flags=re.UNICODE)
    stem = re.sub(r"\s+", "-", wanted).strip("-.")[:60] or "picture"
    plain = stem.encode("ascii", "ignore").decode().strip("-.") or "picture"
    end = EXTENSIONS.get(blob.media_type, "bin")
    return {"Content-Disposition": f"attachment; filename=\"{plain}.{end}\"; filename*=UTF-8''{quote(f'{stem}.{end}')}"}
