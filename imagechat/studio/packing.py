"""A visitor's things as a zip that is made while it is sent: no file of it lies anywhere, and little of it in memory."""

import asyncio
import csv
import io
import json
import re
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from imagechat.domain.records import Blob, Generation, Thread, Turn
from imagechat.i18n import Locale
from imagechat.store import takeout
from imagechat.studio.parts import Parts

PIECE = 2**20
"""Bytes of a picture that are read at once."""
EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif"}


class _Out(io.RawIOBase):
    """What the zip has written and nobody has taken yet; it cannot go back in it."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.pieces.append(bytes(data))
        return len(self.pieces[-1])

    def take(self) -> bytes:
        """What was written since."""
        taken = b"".join(self.pieces)
        self.pieces.clear()
        return taken


class Packing:
    """One export."""

    def __init__(self, parts: Parts, owner: str, locale: Locale) -> None:
        self.parts, self.owner, self.say = parts, owner, locale.say
        self.out = _Out()
        self.zip = zipfile.ZipFile(self.out, "w", zipfile.ZIP_STORED)

    async def pieces(self) -> AsyncIterator[bytes]:
        """The zip's bytes, in order."""
        db = self.parts.database
        yield await self._text("README.txt", self.say("leaving.readme"))
        yield await self._json("profile.json", await takeout.profile(db, self.owner))
        async for chat in takeout.chats(db, self.owner):
            turns = await self._turns(chat)
            name = f"chats/{chat.created:%Y-%m-%d}_{_slug(chat.title)}_{chat.id[-8:]}"
            yield await self._json(f"{name}.json", {"chat": _plain(chat), "turns": [_plain(turn) for turn in turns]})
            yield await self._text(f"{name}.md", self._readable(chat, turns))
        async for made in takeout.pictures(db, self.owner):
            name = f"pictures/{made.created:%Y-%m-%d}_{_slug(made.request.prompt)}_{made.id[-8:]}"
            yield await self._json(f"{name}.json", _plain(made))
            async for piece in self._file(f"{name}.{_extension(made)}", made.blob):
                yield piece
        async for blob in takeout.added(db, self.owner):
            folder, stem = ("uploads" if blob.kind == "upload" else "partial"), _slug(blob.name.rpartition(".")[0] or blob.name)
            async for piece in self._file(f"{folder}/{blob.created:%Y-%m-%d}_{stem}_{blob.id[-8:]}.{_extension(blob)}", blob.id):
                yield piece
        yield await self._text("usage.csv", await self._usage())
        yield await asyncio.to_thread(self._end)

    async def _turns(self, chat: Thread) -> list[Turn]:
        turns: list[Turn] = []
        before = None
        while True:
            page = await self.parts.threads.turns(self.owner, chat.id, before=before, limit=takeout.PAGE)
            turns[:0] = page.items
            if (before := page.older) is None:
                return turns

    def _readable(self, chat: Thread, turns: list[Turn]) -> str:
        lines = [f"# {chat.title or self.say('threads.untitled')}", ""]
        for turn in turns:
            message = turn.message
            who = self.say("chat.you") if message.role == "user" else message.model or ""
            lines += [f"**{who}** · {message.created:%Y-%m-%d %H:%M} UTC", ""]
            words = message.text or (turn.job.text if turn.job else "") or (message.request.prompt if message.request else "")
            lines += [words, ""]
            for made in turn.pictures:
                lines += [
                    f"![{_slug(made.alt)}](../pictures/{made.created:%Y-%m-%d}_{_slug(made.request.prompt)}_{made.id[-8:]}.{_extension(made)})",
                    "",
                ]
        return "\n".join(lines)

    async def _usage(self) -> str:
        text, writer = io.StringIO(), None
        async for row in takeout.used(self.parts.database, self.owner):
            writer = writer or _header(text, list(row))
            writer.writerow(row)
        return text.getvalue()

    async def _file(self, name: str, blob: str) -> AsyncIterator[bytes]:
        """A kept file; one that is gone from the disk is left out."""
        path = self.parts.blobs.path(blob)
        if not await asyncio.to_thread(path.is_file):
            return
        opened = await asyncio.to_thread(self._begin, name, path)
        try:
            while piece := await asyncio.to_thread(opened[0].read, PIECE):
                opened[1].write(piece)
                yield self.out.take()
        finally:
            opened[1].close()
            opened[0].close()
        yield self.out.take()

    def _begin(self, name: str, path: Path) -> tuple[Any, Any]:
        return path.open("rb"), self.zip.open(name, "w")

    async def _json(self, name: str, value: Any) -> bytes:
        return await self._text(name, json.dumps(value, ensure_ascii=False, indent=1, default=str))

    async def _text(self, name: str, text: str) -> bytes:
        def write() -> bytes:
            self.zip.writestr(name, text.encode(), zipfile.ZIP_DEFLATED)
            return self.out.take()

        return await asyncio.to_thread(write)

    def _end(self) -> bytes:
        self.zip.close()
        return self.out.take()


def _header(text: io.StringIO, names: list[str]) -> "csv.DictWriter[str]":
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    return writer


def _plain(value: Any) -> Any:
    """A record as JSON, without whose it is: that stands on the profile."""
    return value.model_dump(mode="json", exclude={"owner", "private"})


def _slug(text: str) -> str:
    """Words as a part of a file's name."""
    stem = re.sub(r"[^\w]+", "-", text[:80], flags=re.UNICODE).strip("-_")
    return stem[:48].rstrip("-_") or "untitled"


def _extension(kept: Blob | Generation) -> str:
    return EXTENSIONS.get(kept.media_type, "bin")
