"""aiosqlite with one trip to the connection's thread for each statement.

aiosqlite makes four of them (open a cursor, execute, fetch, close), each 0.2 ms and more where the machine is busy,
and a turn has a dozen statements.
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
        await self._connection._execute(self._run, self._connection._conn.execute, sql, parameters)

    async def executemany(self, sql: str, parameters: Sequence[Any]) -> None:
        """Run one statement for each set of parameters."""
        await self._connection._execute(self._run, self._connection._conn.executemany, sql, parameters)

    def _run(self, execute: Any, sql: str, parameters: Any) -> None:
        cursor: sqlite3.Cursor = execute(sql, parameters)
        self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
        self._rows = cursor.fetchall() if cursor.description else []
        cursor.close()

    async def fetchall(self) -> list[Any]:
        """The rows."""
        return self._rows

    async def close(self) -> None:
        """Nothing is open."""


class Connection(aiosqlite.Connection):
    """A connection whose cursors make one trip."""

    def cursor(self) -> Cursor:  # type: ignore[override]
        """A cursor, without a trip."""
        return Cursor(self)


def connect(path: Path) -> Connection:
    """A connection to the database at `path` that begins no transaction by itself; open once awaited."""
    connection = Connection(lambda: sqlite3.connect(path, isolation_level=None, check_same_thread=False), iter_chunk_size=64)
    connection._thread.daemon = True
    return connection
