"""The database: one writer whose transactions begin at once, and readers that can only read.

What is deleted is overwritten with zeros (`secure_delete`), which single writes do not feel; all of 30 MB at once costs 0.1 s.
Durability: `synchronous=FULL`, so what was committed outlives a power cut too, not only a kill; it costs one fsync a commit.
"""

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Self

from sqlalchemy import URL, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from imagechat.errors import DiskFull, HouseFault
from imagechat.store.driver import connect
from imagechat.store.upgrade import migrate

__all__ = ["Database", "migrate"]

READERS = 4
PATIENCE = 120.0
"""Seconds that a caller waits for its turn to write or read."""
_BUSY, _READONLY, _CORRUPT, _FULL, _CANTOPEN, _NOTADB = 5, 8, 11, 13, 14, 26
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000", "cache_size=-16000", "temp_store=MEMORY")


class Database:
    """An open database. Transactions are short: nothing but the database is awaited inside one, and none is opened inside another."""

    def __init__(self, path: Path, writer: AsyncEngine, reader: AsyncEngine) -> None:
        self.path = path
        self._writer = writer
        self._reader = reader

    @classmethod
    def at(cls, path: Path) -> Self:
        """The migrated database at `path`; its connections open when they are first used, in the loop that uses them."""
        # The driver begins nothing by itself: the first word of each transaction is ours.
        writer = _engine(path, (*_PRAGMAS, "secure_delete=ON"), connections=1)
        event.listen(writer.sync_engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        reader = _engine(path, (*_PRAGMAS[2:], "query_only=ON"), connections=READERS)
        return cls(path, writer, reader)

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open the migrated database at `path`, in the running event loop."""
        database = cls.at(path)
        async with database.write():
            pass
        return database

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[AsyncConnection]:
        """One transaction that may write: committed at the end, undone by any error.

        Raises: DiskFull; HouseFault("not_writable" | "damaged").
        """
        with _store_errors(self.path):
            async with self._writer.begin() as connection:
                yield connection

    @asynccontextmanager
    async def read(self, *, one_moment: bool = False) -> AsyncGenerator[AsyncConnection]:
        """A connection that can only read; with `one_moment` all its questions see the same state (a question alone always does)."""
        with _store_errors(self.path):
            async with self._reader.connect() as connection:
                if one_moment:
                    await connection.exec_driver_sql("BEGIN")
                yield connection

    async def check(self) -> bool:
        """Whether the database answers."""
        try:
            async with self.read() as connection:
                await connection.execute(text("SELECT version_num FROM alembic_version"))
        except (HouseFault, DBAPIError, OSError):
            return False
        return True

    async def close(self) -> None:
        """Close every connection; the last one folds the write-ahead log into the file."""
        await self._reader.dispose()
        await self._writer.dispose()


def _engine(path: Path, pragmas: tuple[str, ...], *, connections: int) -> AsyncEngine:
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(path)),
        async_creator=lambda: connect(path),
        pool_size=connections,
        max_overflow=0,
        pool_timeout=PATIENCE,
        hide_parameters=True,  # What people wrote does not belong into logs.
    )

    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _: Any) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


@contextmanager
def _store_errors(path: Path) -> Iterator[None]:
    """Tell a full or a locked disk from a mistake of ours."""
    try:
        yield
    except DBAPIError as error:
        code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
        if code == _FULL:
            raise DiskFull(path=str(path)) from error
        if code == _BUSY:
            raise HouseFault("busy", path=str(path)) from error
        if code in (_CORRUPT, _NOTADB):
            raise HouseFault("damaged", path=str(path)) from error
        if code in (_READONLY, _CANTOPEN):
            raise HouseFault("not_writable", path=str(path)) from error
        raise
