"""Everything of one visitor, page by page, to be taken along. Private chats are in none of it."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from sqlalchemy import Table, select

from imagechat.domain.records import Blob, Generation, Thread
from imagechat.store.database import Database
from imagechat.store.rows import blob_of, generation_of, thread_of
from imagechat.store.tables import blobs, generations, ledger, sessions, threads, visitors

PAGE = 200
_UNSAID = {"password", "token", "number", "visitor"}


async def profile(db: Database, owner: str) -> dict[str, Any]:
    """What is known of who they are, and of their browsers: no password, no token, no key."""
    async with db.read() as connection:
        who = (await connection.execute(select(visitors).where(visitors.c.id == owner))).mappings().one_or_none()
        known = (await connection.execute(select(sessions).where(sessions.c.visitor == owner))).mappings().all()
    return {**_plain(who or {"id": owner}), "sessions": [_plain(each) for each in known]}


async def chats(db: Database, owner: str) -> AsyncIterator[Thread]:
    """Every chat, in the order of keeping, those in the trash too."""
    async for row in _rows(db, threads, threads.c.owner == owner, threads.c.private == 0):
        yield thread_of(row)


async def pictures(db: Database, owner: str) -> AsyncIterator[Generation]:
    """Every picture with its recipe, those in the trash too."""
    async for row in _rows(db, generations, generations.c.owner == owner, generations.c.private == 0):
        yield generation_of(row)


async def added(db: Database, owner: str) -> AsyncIterator[Blob]:
    """Every other file: what was added to messages, and partial pictures of what was stopped."""
    query = select(blobs).where(blobs.c.owner == owner, blobs.c.private == 0, blobs.c.kind != "picture").order_by(blobs.c.id)
    last = ""
    while True:
        async with db.read() as connection:
            rows = (await connection.execute(query.where(blobs.c.id > last).limit(PAGE))).all()
        for row in rows:
            yield blob_of(row)
        if len(rows) < PAGE:
            return
        last = rows[-1].id


async def used(db: Database, owner: str) -> AsyncIterator[dict[str, Any]]:
    """Each piece of work that was accounted for."""
    async for row in _rows(db, ledger, ledger.c.visitor == owner):
        yield _plain(row._mapping)


async def _rows(db: Database, table: Table, *where: Any) -> AsyncIterator[Any]:
    last = -1
    while True:
        query = select(table).where(*where, table.c.number > last).order_by(table.c.number).limit(PAGE)
        async with db.read() as connection:
            rows = (await connection.execute(query)).all()
        for row in rows:
            yield row
        if len(rows) < PAGE:
            return
        last = rows[-1].number


def _plain(row: Any) -> dict[str, Any]:
    moments = {name: value.isoformat() for name, value in row.items() if isinstance(value, datetime)}
    return {name: value for name, value in {**row, **moments}.items() if name not in _UNSAID}
