"""Pictures on their way: what a visitor adds to a message is theirs from the first byte on. Stands in place of Gradio's own addresses,
whose folder all visitors share.
"""

import asyncio
import os
import re
import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from imagechat.errors import BadInput, DiskFull, ImageChatError, NotFound
from imagechat.studio import Studio
from imagechat.web.identity import Entrance, visitor_of
from imagechat.web.media import EXTENSIONS, HEADERS

MOST = 16
"""Files in one request."""
WAITING_SMALL = 256
"""How many files a visitor may have waiting, however small."""
HEAD = 16 * 2**10
"""Bytes of a part's own headers that are read."""


class Uploads:
    """POST /gradio_api/upload, and GET /gradio_api/file= for whoever added it."""

    def __init__(self, entrance: Entrance, studio: Studio) -> None:
        self.entrance, self.studio = entrance, studio
        self.most = int(entrance.settings.uploads.megabytes * 2**20)

    def routes(self) -> list[Route]:
        """Where Gradio's part of the page sends files, and where it looks at them."""
        return [
            Route("/gradio_api/upload", self.upload, methods=["POST"]),
            Route("/gradio_api/file={path:path}", self.file),
        ]

    async def upload(self, request: Request) -> Response:
        """Keep the files of a form, each under a name that cannot be guessed. Answers where they lie below the visitor's own folder."""
        try:
            return JSONResponse(await self._taken(request))
        except ImageChatError as fault:
            return self.entrance.refusal(fault)

    async def _taken(self, request: Request) -> list[str]:
        visitor = visitor_of(request)
        kind, options = parse_options_header(request.headers.get("content-type", ""))
        if kind != b"multipart/form-data" or not options.get(b"boundary"):
            raise BadInput("bad_request", why="form")
        folder = self.studio.transit(visitor)
        try:
            receiving = Receiving(options[b"boundary"], folder, self.most)
        except FormParserError as fault:  # A mark between the parts that is longer than any that is allowed.
            raise BadInput("bad_request", why="form") from fault
        counted, stayed, taking = 0, 0, self.studio.taking(visitor)
        try:
            await self.studio.find_room(taking)
            async for chunk in request.stream():
                taking.take(len(chunk))
                await receiving.feed(chunk)
                for _ in range(counted, receiving.begun):
                    await self.studio.add(visitor, taking)
                counted = receiving.begun
            kept, stayed = receiving.ended(), receiving.written
            stayed -= await asyncio.to_thread(_prune, folder, self.studio.waiting(visitor))
        except ClientDisconnect as gone:
            raise BadInput("bad_request", why="form") from gone
        finally:
            taking.end(stayed)
            await asyncio.shield(asyncio.to_thread(receiving.close))
        return kept

    async def file(self, request: Request) -> Response:
        """A file that the asker added; anybody else's is not there."""
        try:
            path = await asyncio.to_thread(_own, self.studio.transit(visitor_of(request)), request.path_params["path"])
        except ImageChatError as fault:
            return self.entrance.refusal(fault)
        media = next(
            (media for media, end in EXTENSIONS.items() if path.suffix.lower() in (f".{end}", ".jpeg" if end == "jpg" else "")), None
        )
        held = {} if media else {"Content-Disposition": "attachment"}
        headers = {**HEADERS, "Cache-Control": "no-store", **held}  # It may be meant for a private chat.
        return FileResponse(path, media_type=media or "application/octet-stream", headers=headers)


class Receiving:
    """One form on its way into `folder`, in pieces: never more in memory than a piece, never more on disk than the limits say.

    Source of the format: RFC 7578.
    """

    def __init__(self, boundary: bytes, folder: Path, most: int) -> None:
        self.folder, self.most = folder, most
        self.begun, self.written = 0, 0
        self._events: list[tuple[str, bytes]] = []
        self._parser = MultipartParser(boundary, self._callbacks())
        self._read, self._size, self._head = 0, 0, b""
        self._name, self._field, self._headers = "", b"", dict[bytes, bytes]()
        self._file: IO[bytes] | None = None
        self._kept: list[Path] = []
        self._whole = False

    def _callbacks(self) -> Any:
        def data(kind: str) -> Any:
            return lambda piece, start, end: self._events.append((kind, piece[start:end]))

        def mark(kind: str) -> Any:
            return lambda: self._events.append((kind, b""))

        pieces = {f"on_{name}": data(name) for name in ("header_field", "header_value", "part_data")}
        return pieces | {f"on_{name}": mark(name) for name in ("part_begin", "header_end", "headers_finished", "part_end", "end")}

    async def feed(self, piece: bytes) -> None:
        """Take the next piece. Raises: BadInput, DiskFull."""
        self._read += len(piece)
        if self._read > MOST * (self.most + HEAD):
            raise BadInput("bad_request", why="form")
        try:
            self._parser.write(piece)
        except FormParserError as fault:
            raise BadInput("bad_request", why="form") from fault
        events, self._events = self._events, []
        try:
            await asyncio.to_thread(self._take, events)
        except OSError as fault:
            raise DiskFull() from fault

    def ended(self) -> list[str]:
        """The files, once all of the form has come. Raises: BadInput."""
        if not self._whole:
            raise BadInput("bad_request", why="form")
        kept, self._kept = self._kept, []
        return [str(path.relative_to(self.folder)) for path in kept]

    def close(self) -> None:
        """Let go; what was not taken over by `ended` is gone."""
        if self._file is not None:
            self._file.close()
        for path in self._kept:
            shutil.rmtree(path.parent, ignore_errors=True)

    def _take(self, events: list[tuple[str, bytes]]) -> None:
        for kind, piece in events:
            getattr(self, f"_{kind}")(piece)

    def _part_begin(self, _: bytes) -> None:
        self._headers, self._field, self._head, self._size = {}, b"", b"", 0

    def _header_field(self, piece: bytes) -> None:
        self._field += piece
        self._bounded()

    def _header_value(self, piece: bytes) -> None:
        self._head += piece
        self._bounded()

    def _bounded(self) -> None:
        if len(self._field) + len(self._head) > HEAD or len(self._headers) > 16:
            raise BadInput("bad_request", why="form")

    def _header_end(self, _: bytes) -> None:
        self._headers[self._field.lower()] = self._head
        self._field, self._head = b"", b""

    def _headers_finished(self, _: bytes) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        if options.get(b"name") != b"files" or b"filename" not in options:
            return
        self.begun += 1
        if self.begun > MOST:
            raise BadInput("too_many_pictures", most=MOST)
        self._name = options[b"filename"].decode("utf-8", "replace")
        path = self.folder / secrets.token_hex(16) / _safe(self._name)
        path.parent.mkdir(parents=True, mode=0o700)
        self._kept.append(path)
        self._file = path.open("xb")

    def _part_data(self, piece: bytes) -> None:
        if self._file is None:
            return
        self._size += len(piece)
        if self._size > self.most:
            raise BadInput("picture_too_big", name=self._name[:100], given=self._size, most=self.most)
        self._file.write(piece)
        self.written += len(piece)

    def _part_end(self, _: bytes) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _end(self, _: bytes) -> None:
        self._whole = True


def _safe(name: str) -> str:
    """A file's name as one that can stand in an address and on any disk."""
    last = re.split(r"[\\/]", name)[-1]
    return re.sub(r"[^\w.-]+", "_", last).lstrip(".")[-60:] or "picture"


def _own(folder: Path, given: str) -> Path:
    """The file below `folder`. Raises: NotFound."""
    try:
        path = (folder / given).resolve()
        if path.is_relative_to(folder.resolve()) and path.is_file():
            return path
    except (OSError, ValueError):
        pass
    raise NotFound()


def _prune(folder: Path, most: int) -> int:
    """Let the oldest of a visitor's files go where all of them are larger than `most`, or too many; how many bytes went."""
    found = []
    for path in (Path(root, name) for root, _, names in os.walk(folder) for name in names):  # pathlib's ways stop at what goes meanwhile.
        with suppress(OSError):
            found.append((path.stat().st_mtime_ns, path.stat().st_size, path))
    total = had = sum(size for _, size, _ in found)
    count = len(found)
    for _, size, path in sorted(found)[:-1]:
        if total <= most and count <= WAITING_SMALL:
            break
        shutil.rmtree(path.parent, ignore_errors=True)
        total, count = total - size, count - 1
    return had - total
