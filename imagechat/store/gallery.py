"""Everything that was made, newest first."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, literal, literal_column, select, update

from imagechat.domain.records import Generation, Page
from imagechat.domain.values import now
from imagechat.errors import BadAddress
from imagechat.store.database import Database
from imagechat.store.moments import Moment
from imagechat.store.rows import found, generation_of, in_order
from imagechat.store.search import match_expression
from imagechat.store.tables import blobs, generations, picture_words

Query = Select[*tuple[Any, ...]]


class Gallery:
    """Every picture, each for its owner alone."""

    def __init__(self, db: Database) -> None:
        self.db = db

    async def page(self, owner: str, *, cursor: str | None = None, limit: int = 60, search: str = "") -> Page:
        """A page of pictures that are not in the trash, newest first, found by each word of `search`; equally fast at any depth.

        Raises: BadAddress("cursor").
        """
        query = _newest(owner).limit(limit + 1)
        if search.strip():
            expression = match_expression(owner, search)
            if not expression:
                return Page(items=())
            query = _matching(query, expression)
        if cursor is not None:
            query = query.where((picture_words.c.rowid if search.strip() else generations.c.number) < _read_cursor(cursor))
        async with self.db.read() as connection:
            rows = (await connection.execute(query)).all()
        items = tuple(generation_of(row) for row in rows[:limit])
        return Page.model_construct(items=items, older=str(rows[limit - 1].number) if len(rows) > limit else None)

    async def get(self, owner: str, id: str) -> Generation:
        """One picture, from the trash too."""
        return (await self.many(owner, [id]))[0]

    async def many(self, owner: str, ids: Sequence[str]) -> list[Generation]:
        """Several pictures, from the trash too, in the order that was asked for."""
        query = select(generations).where(generations.c.owner == owner, generations.c.id.in_(ids))
        async with self.db.read() as connection:
            rows = (await connection.execute(query)).all()
        return in_order(ids, {row.id: generation_of(row) for row in rows})

    async def trash(self, owner: str, id: str) -> Generation:
        """Put a picture into the trash; what lies there stays as it was."""
        return await self._mark(owner, id, func.coalesce(generations.c.trashed, literal(now(), Moment)))

    async def restore(self, owner: str, id: str) -> Generation:
        """Take a picture out of the trash. Raises: NotFound, also where its file had to make room."""
        there = exists().where(blobs.c.id == generations.c.blob, blobs.c.size > 0)
        return await self._mark(owner, id, None, there)

    async def count(self, owner: str) -> int:
        """How many pictures the gallery shows."""
        query = select(func.count()).where(generations.c.owner == owner, generations.c.trashed.is_(None), generations.c.private == 0)
        async with self.db.read() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def _mark(self, owner: str, id: str, trashed: object, *only: ColumnElement[bool]) -> Generation:
        change = update(generations).where(generations.c.id == id, generations.c.owner == owner, *only)
        async with self.db.write() as connection:
            row = (await connection.execute(change.values(trashed=trashed).returning(generations))).one_or_none()
        return generation_of(found(row))


def _newest(owner: str) -> Query:
    shown = select(generations).where(generations.c.owner == owner, generations.c.trashed.is_(None), generations.c.private == 0)
    return shown.order_by(generations.c.number.desc())


def _matching(query: Query, expression: str) -> Query:
    """In the index's own order, which is that of keeping: nothing is sorted, and the page ends the search."""
    joined = query.join(picture_words, picture_words.c.rowid == generations.c.number)
    return joined.where(literal_column("picture_words").op("MATCH")(expression)).order_by(None).order_by(picture_words.c.rowid.desc())


def _read_cursor(cursor: str) -> int:
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
        raise BadAddress("cursor")
    return int(cursor)
