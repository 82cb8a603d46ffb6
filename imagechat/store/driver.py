"""aiosqlite with one trip to the connection's thread for each statement, and none where there is nothing to undo.

aiosqlite makes four of them (open a cursor, execute, fetch, close), each 0.2 ms and more where the machine is busy,
and a turn has a dozen statements. SQLAlchemy ends each use of a connection with a rollback, also where it only read.
"""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import aiosqlite


class Cursor:
    """What SQLAlchemy asks of a cursor: the rows are here when `execute` returns, so nothing is left to fetch or close."""

    arraysize = 1

    def __init__(self, connection: "Connection") -> None:
        self._connection: Any = connection
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self._rows: list[Any] = []

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Any = ()) -> None:
        """Run one statement and take all its rows."""
        self._connection.sent += 1
        await self._connection._execute(self._run, self._connection._conn.execute, sql, parameters)

    async def executemany(self, sql: str, parameters: Sequence[Any]) -> None:
        """Run one statement for each set of parameters."""
        self._connection.sent += 1
        await self._connection._execute(self._run, self._connection._conn.executemany, sql, parameters)

    def _run(self, execute: Any, sql: str, parameters: Any) -> None:
        try:
            cursor: sqlite3.Cursor = execute(sql, parameters)
            self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
            self._rows = cursor.fetchall() if cursor.description else []
            cursor.close()
        finally:
            self._connection.ended += 1

    async def fetchall(self) -> list[Any]:
        """The rows."""
        return self._rows

    async def close(self) -> None:
        """Nothing is open."""


class Connection(aiosqlite.Connection):
    """A connection whose cursors make one trip.

    `sent` counts statements on their way to the thread, `ended` those that are over: each by one thread
    alone. Whoever asked for a statement may be gone when it runs.
    """

    sent = ended = 0

    def cursor(self) -> Cursor:  # type: ignore[override]
        """A cursor, without a trip."""
        return Cursor(self)

    async def rollback(self) -> None:
        """Undo what the open transaction did; no trip where surely none is open."""
        if self.sent != self.ended or self.in_transaction:
            await super().rollback()


def connect(path: Path) -> Connection:
    """A connection to the database at `path` that begins no transaction by itself; open once awaited."""
    connection = Connection(lambda: sqlite3.connect(path, isolation_level=None, check_same_thread=False), iter_chunk_size=64)
    connection._thread.daemon = True
    return connection
