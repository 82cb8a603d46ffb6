"""Files in the data folder, through obstore (a local folder here, S3 where several machines share), each with a row that says whose it is.

A file is durable before its row is written, so a row without a file cannot be, but for previews; a file without a row is swept away later.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore
from sqlalchemy import delete, func, insert, select, text

from imagechat.domain.records import Blob
from imagechat.domain.values import is_id
from imagechat.errors import DiskFull, HouseFault, NotFound
from imagechat.store.database import Database
from imagechat.store.quota import Quota, bounds, guests_take, make_room
from imagechat.store.rows import blob_of, found
from imagechat.store.tables import blobs

_THUMBNAIL = ".thumb"
_BATCH = 500


class Blobs:
    """Every kept file: pictures, uploads, previews on their way, and the thumbnails made from them."""

    def __init__(self, db: Database, folder: Path) -> None:
        self.db = db
        self.folder = folder
        with _file_errors(folder):
            self._files = LocalStore(folder, mkdir=True)

    def path(self, id: str) -> Path:
        """Where the file lies in the local folder.

        Raises: NotFound when `id` is not an id.
        """
        return self.folder / _key(id)

    async def write(self, id: str, data: bytes) -> None:
        """Keep a file; when this returns it outlives a power cut.

        Raises: DiskFull; HouseFault("not_writable").
        """
        await self._write(_key(id), data)

    async def write_thumbnail(self, id: str, data: bytes) -> None:
        """Keep the thumbnail of a file."""
        await self._write(_key(id) + _THUMBNAIL, data)

    async def read(self, id: str) -> bytes:
        """A file's bytes.

        Raises: NotFound.
        """
        return found(await self._read(_key(id)))

    async def read_thumbnail(self, id: str) -> bytes | None:
        """A thumbnail's bytes; None where none was made."""
        return await self._read(_key(id) + _THUMBNAIL)

    async def keep(self, blob: Blob, data: bytes, quota: Quota | None = None) -> None:
        """Keep a file and its row, or neither; a preview, which the next one replaces, does not wait for the disk. Raises: SpaceFull."""
        try:
            await self._write(_key(blob.id), data, durable=blob.kind != "preview")
            gone = await self.add(blob, quota)
        except BaseException:
            await self.discard(blob.id)
            raise
        await self._let_go(gone)

    async def add(self, blob: Blob, quota: Quota | None = None) -> list[str]:
        """Keep the row of a file that is written. The ids of files that made room for it and are to be removed. Raises: SpaceFull."""
        async with self.db.write() as connection:
            gone = await make_room(connection, quota, blob.size) if quota else []
            await connection.execute(insert(blobs).values(dict(blob)))
        return gone

    async def room(self, quota: Quota) -> None:
        """Have room for one byte more at least. Raises: SpaceFull."""
        async with self.db.read() as connection:
            if all(bound.used < bound.most for bound in await bounds(connection, quota)):
                return
        async with self.db.write() as connection:
            gone = await make_room(connection, quota, 1)
        await self._let_go(gone)

    async def _let_go(self, ids: Iterable[str]) -> None:
        with suppress(HouseFault):  # What cannot be removed now has no size any more, and the next start's sweep tries again.
            await self.remove(ids)

    async def guests_take(self) -> int:
        """The bytes of all guests' files together."""
        async with self.db.read() as connection:
            return await guests_take(connection)

    async def get(self, owner: str, id: str) -> Blob:
        """What is known of a file.

        Raises: NotFound, also where it is somebody else's, or went with the trash.
        """
        query = select(blobs).where(blobs.c.id == id, blobs.c.owner == owner, blobs.c.size > 0)
        async with self.db.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return blob_of(found(row))

    async def usage(self, owner: str) -> tuple[int, int]:
        """How many files an owner has, and their bytes."""
        query = select(func.count(), func.coalesce(func.sum(blobs.c.size), 0)).where(blobs.c.owner == owner)
        async with self.db.read() as connection:
            count, size = (await connection.execute(query)).one()
        return count, size

    async def drop(self, ids: Iterable[str]) -> None:
        """Remove rows, then files; those of a finished picture cannot be dropped while its recipe is kept."""
        ids = list(ids)
        for batch in _batches(ids):
            async with self.db.write() as connection:
                await connection.execute(delete(blobs).where(blobs.c.id.in_(batch)))
        await self.remove(ids)

    async def remove(self, ids: Iterable[str]) -> None:
        """Remove files and their thumbnails; their rows go with what they belong to."""
        await self._remove(key for id in ids for key in (_key(id), _key(id) + _THUMBNAIL))

    async def discard(self, id: str) -> None:
        """Remove a file whose row could not be kept, also one half written."""
        with suppress(HouseFault):
            await self._remove([_key(id)])

    async def sweep(self, older_than: datetime) -> int:
        """Remove files without a row, half-written ones and previews that no job shows any more, if older; how many files went."""
        await self.drop(await self._forgotten_previews(older_than))
        gone = 0
        async for keys in self._old_files(older_than):
            ids = {key: _id_of(key) for key in keys}
            async with self.db.read() as connection:
                query = select(blobs.c.id).where(blobs.c.id.in_(set(ids.values())), blobs.c.size > 0)
                kept = set((await connection.execute(query)).scalars())
            gone += await self._remove(key for key in keys if ids[key] not in kept)
        return gone + await asyncio.to_thread(_remove_unfinished, self.folder, older_than)

    async def _forgotten_previews(self, older_than: datetime) -> list[str]:
        shown = "SELECT json_extract(place.value, '$.preview') FROM jobs, json_each(jobs.state, '$.places') AS place"
        query = select(blobs.c.id).where(blobs.c.kind == "preview", blobs.c.created < older_than)
        async with self.db.read() as connection:
            old = (await connection.execute(query)).scalars().all()
            wanted = set((await connection.execute(text(shown))).scalars()) if old else set()
        return [id for id in old if id not in wanted]

    async def _old_files(self, older_than: datetime) -> AsyncIterator[list[str]]:
        async for listed in obstore.list(self._files, chunk_size=_BATCH):
            yield [meta["path"] for meta in listed if meta["last_modified"] < older_than]

    async def _write(self, key: str, data: bytes, *, durable: bool = True) -> None:
        with _file_errors(self.folder):
            await obstore.put_async(self._files, key, data)
            if durable:
                await asyncio.to_thread(_settle, self.folder / key)

    async def _read(self, key: str) -> bytes | None:
        try:
            return bytes(await (await obstore.get_async(self._files, key)).bytes_async())
        except FileNotFoundError:
            return None
        except (OSError, BaseError) as error:
            raise HouseFault(path=str(self.folder)) from error

    async def _remove(self, keys: Iterable[str]) -> int:
        """Remove the files that are there; how many were."""
        gone = 0
        for key in keys:
            with _file_errors(self.folder), suppress(FileNotFoundError):
                await obstore.delete_async(self._files, key)
                gone += 1
        return gone


def _key(id: str) -> str:
    """Where a file lies: ids begin alike, so folders go by how they end."""
    if not is_id(id):
        raise NotFound()
    return f"{id[-2:]}/{id}"


def _id_of(key: str) -> str:
    return key.rpartition("/")[2].removesuffix(_THUMBNAIL)


def _batches(ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]


def _settle(path: Path) -> None:
    """Make a written file and its name outlive a power cut."""
    for target in (path, path.parent, path.parent.parent):
        opened = os.open(target, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _remove_unfinished(folder: Path, older_than: datetime) -> int:
    """Files that a killed process left half written: obstore names them "key#1" and never lists them."""
    gone = 0
    for path in folder.glob("*/*#*"):
        with suppress(FileNotFoundError):  # It is whole by now, and has its name.
            if path.stat().st_mtime < older_than.timestamp():
                path.unlink()
                gone += 1
    return gone


@contextmanager
def _file_errors(folder: Path) -> Iterator[None]:
    """obstore tells the operating system's error in words alone; ours are a full disk and a folder that cannot be written."""
    try:
        yield
    except (OSError, BaseError) as error:
        if "(os error 28)" in str(error) or getattr(error, "errno", None) == 28:
            raise DiskFull(path=str(folder)) from error
        raise HouseFault("not_writable", path=str(folder)) from error
