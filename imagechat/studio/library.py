"""Finding and tending what was made: threads, the gallery, files."""

import asyncio
import shutil
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from imagechat import pictures
from imagechat.domain.records import Blob, Generation, Page, Thread
from imagechat.domain.values import is_id, new_id, now
from imagechat.domain.visitors import Visitor
from imagechat.errors import BadInput, HouseFault, NotAllowed, NotFound
from imagechat.store.reports import REMOVED
from imagechat.studio.parts import Parts, Room

REMEMBERED_FILES = 4096


@dataclass(frozen=True)
class Space:
    """What a visitor's space holds: pictures made and the bytes of all files kept; `free` bytes are left on the disk.

    `most`: bytes that it may hold, None where nothing bounds it. Without `lasting` all of it is gone after a restart.
    """

    pictures: int
    bytes: int
    free: int
    folder: Path
    lasting: bool = True
    most: int | None = None


class Library(Room):
    """The verbs that find and tend."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._files: OrderedDict[tuple[str, str], Blob] = OrderedDict()

    async def threads(self, visitor: Visitor, *, cursor: str | None = None, search: str = "") -> Page:
        """A page of the visitor's threads, newest turn first; `search` looks at titles and words."""
        return await self.parts.threads.page(visitor.id, cursor=cursor, search=search)

    async def thread(self, visitor: Visitor, thread: str) -> Thread:
        """One thread. Raises: NotFound."""
        _check_id(thread)
        return await self.parts.threads.get(visitor.id, thread)

    async def private(self, visitor: Visitor, thread: str) -> bool:
        """Whether it is a private chat of the visitor's."""
        return is_id(thread) and await self.parts.threads.private(visitor.id, thread)

    async def turns(self, visitor: Visitor, thread: str, *, before: str | None = None) -> Page:
        """A page of a thread's turns in the order they were said, the newest page first; running jobs in their newest state."""
        _check_id(thread)
        page = await self.parts.threads.turns(visitor.id, thread, before=before)
        return page.model_copy(update={"items": tuple(self._newest(turn) for turn in page.items)})

    async def rename(self, visitor: Visitor, thread: str, title: str) -> Thread:
        """Give a thread a name. Raises: NotFound, BadInput (empty, or too long)."""
        _check_id(thread)
        return self._told(visitor, await self.parts.threads.rename(visitor.id, thread, title))

    async def trash_thread(self, visitor: Visitor, thread: str) -> Thread:
        """Put a thread into the trash; its pictures stay in the gallery, its running jobs go on."""
        _check_id(thread)
        return self._told(visitor, await self.parts.threads.trash(visitor.id, thread))

    async def restore_thread(self, visitor: Visitor, thread: str) -> Thread:
        """Take a thread out of the trash."""
        _check_id(thread)
        return self._told(visitor, await self.parts.threads.restore(visitor.id, thread))

    def _told(self, visitor: Visitor, thread: Thread) -> Thread:
        self.parts.feed.touch(visitor.id, "thread", thread.id, lambda: thread)
        return thread

    async def gallery(self, visitor: Visitor, *, cursor: str | None = None, search: str = "") -> Page:
        """A page of everything the visitor made, newest first."""
        return await self.parts.gallery.page(visitor.id, cursor=cursor, search=search)

    async def picture(self, visitor: Visitor, picture: str) -> Generation:
        """One picture with its recipe. Raises: NotFound."""
        _check_id(picture)
        return await self.parts.gallery.get(visitor.id, picture)

    async def trash_picture(self, visitor: Visitor, picture: str) -> Generation:
        """Put a picture into the trash."""
        _check_id(picture)
        return self._shown(visitor, await self.parts.gallery.trash(visitor.id, picture))

    async def restore_picture(self, visitor: Visitor, picture: str) -> Generation:
        """Take a picture out of the trash; what was removed after a report, only those do who look after others.

        Raises: NotFound, NotAllowed("removed").
        """
        _check_id(picture)
        kept = await self.parts.gallery.get(visitor.id, picture)
        if REMOVED in kept.notes and not visitor.admin:
            raise NotAllowed("removed")
        return self._shown(visitor, await self.parts.gallery.restore(visitor.id, picture))

    def _shown(self, visitor: Visitor, made: Generation) -> Generation:
        self.parts.feed.touch(visitor.id, "picture", made.id, lambda: made)
        return made

    async def upload(self, visitor: Visitor, data: bytes, name: str, *, thread: str | None = None) -> Blob:
        """Keep a picture of the visitor's own, after decoding it whole; `thread`: the chat it is for, which may be a private one.

        Raises: BadInput that says what is wrong with the file and what would be right; SpaceFull.
        """
        limits = self.parts.settings.uploads
        most = {"most_bytes": int(limits.megabytes * 2**20), "most_pixels": int(limits.megapixels * 1e6)}
        try:
            seen = await asyncio.to_thread(pictures.inspect, data, **most)
        except BadInput as refusal:
            refusal.facts["name"] = name
            raise
        private = thread is not None and await self.private(visitor, thread)
        blob = Blob(
            id=new_id(), owner=visitor.id, kind="upload", media_type=seen.media_type, size=len(data),
            width=seen.size.width, height=seen.size.height, name=name[:200], created=now(), private=private,
        )  # fmt: skip
        with self.parts.crowd.told():
            await self.parts.blobs.keep(blob, data, self._quota(visitor))
        return blob

    async def forget_uploads(self, visitor: Visitor, blobs: Sequence[str]) -> None:
        """Take back pictures of the visitor's that no message took."""
        found = [await self.parts.blobs.get(visitor.id, each) for each in blobs]
        await self.parts.blobs.drop([blob.id for blob in found if blob.kind == "upload"])

    async def file(self, visitor: Visitor, blob: str) -> tuple[Blob, Path]:
        """A kept file and where it lies. Raises: NotFound, also for another's."""
        _check_id(blob)
        key = (visitor.id, blob)
        found = self._files.get(key)
        if found is None:
            found = self._files[key] = await self.parts.blobs.get(visitor.id, blob)
            if len(self._files) > REMEMBERED_FILES:
                self._files.popitem(last=False)
        path = self.parts.blobs.path(blob)
        if not await asyncio.to_thread(path.is_file):
            self._files.pop(key, None)
            raise NotFound("file")
        return found, path

    async def thumbnail(self, visitor: Visitor, blob: str) -> bytes:
        """A kept picture at about 320 px, as WebP; made now if it was not made yet. Raises: NotFound."""
        await self.file(visitor, blob)
        kept = await self.parts.blobs.read_thumbnail(blob)
        if kept is None:
            data = await self.parts.blobs.read(blob)
            seen = await asyncio.to_thread(lambda: pictures.checked(data).thumbnail())
            with suppress(HouseFault):  # A full disk does not keep pictures from being seen.
                await self.parts.blobs.write_thumbnail(blob, seen)
            return seen
        return kept

    async def space(self, visitor: Visitor) -> Space:
        """How much the visitor's space holds."""
        _, size = await self.parts.blobs.usage(visitor.id)
        free = await asyncio.to_thread(lambda: shutil.disk_usage(self.parts.data_dir).free)
        made = await self.parts.gallery.count(visitor.id)
        most = self.parts.settings.disk.most(visitor.group)
        return Space(made, size, free, self.parts.data_dir.resolve(), self.parts.settings.lasting, most)

    async def guests_room(self, visitor: Visitor) -> tuple[int, int] | None:
        """The bytes that all guests' files take, what lies in transit with them, and may take; for admins, where there is a bound."""
        most = self.parts.crowd.bound
        if not visitor.admin or most is None or self.parts.settings.mode == "local":
            return None
        return await self.parts.blobs.guests_take() + self.parts.crowd.waiting, most

    async def ready(self) -> bool:
        """Whether requests can be served: the database answers."""
        return await self.parts.database.check()


def _check_id(text: object) -> None:
    if not is_id(text):
        raise NotFound()
