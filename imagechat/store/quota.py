"""How much of the disk a visitor's files may take, and those of all guests together. What lies in the visitor's trash goes for good,
the oldest first, when its room is needed.

A file that went has a size of 0: its row stays, so that whatever names it still finds out that it was there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Row, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from imagechat.errors import SpaceFull
from imagechat.store.tables import blobs, taken

MB = 2**20


@dataclass(frozen=True)
class Quota:
    """At most so many bytes of files for `owner`, and `together` for all guests, of whom they are one; None is no bound.

    `waiting`: what guests added within a day, which lies in transit besides and counts toward the second.
    """

    owner: str
    most: int | None
    together: int | None = None
    waiting: int = 0


class Bound(NamedTuple):
    """One of them, as it stands. `reason` is that of the SpaceFull that it ends in."""

    reason: str
    used: int
    most: int


async def used(connection: AsyncConnection, owner: str) -> int:
    """The bytes of all files that are kept for `owner`; thumbnails, which are made from them, do not count."""
    query = select(func.coalesce(func.sum(blobs.c.size), 0)).where(blobs.c.owner == owner)
    return int((await connection.execute(query)).scalar_one())


async def guests_take(connection: AsyncConnection) -> int:
    """The bytes of all files that are kept for guests: a sum that the database keeps with each of them, so that asking adds up nothing."""
    query = select(taken.c.bytes).where(taken.c.whose == "guests")
    return int((await connection.execute(query)).scalar_one())


async def bounds(connection: AsyncConnection, quota: Quota) -> list[Bound]:
    """How it stands with each bound that there is, the visitor's own first."""
    found = []
    if quota.most is not None:
        found.append(Bound("", await used(connection, quota.owner), quota.most))
    if quota.together is not None:
        found.append(Bound("guests", await guests_take(connection) + quota.waiting, quota.together))
    return found


async def make_room(connection: AsyncConnection, quota: Quota, needs: int) -> list[str]:
    """Have room for `needs` bytes more, within the caller's transaction. The ids of files to be removed once it is committed.

    Raises: SpaceFull, also where the visitor's whole trash would not make room enough; then all of it stays.
    """
    stand = await bounds(connection, quota)
    over = max((bound.used + needs - bound.most for bound in stand), default=0)
    if over <= 0:
        return []
    deleted = (await connection.execute(_DELETED, {"owner": quota.owner})).all()
    gone = list(_oldest(deleted, over))
    freed = sum(row.size for row in gone)
    for bound in stand:
        check(bound, needs - freed, needs)
    ids = [row.id for row in gone]
    await connection.execute(update(blobs).where(blobs.c.id.in_(ids)).values(size=0))
    return ids


def check(bound: Bound, more: int, needs: int) -> None:
    """Raise SpaceFull where `more` bytes would pass the bound; `needs` is what it says that was asked for."""
    if bound.used + more > bound.most:
        raise SpaceFull(bound.reason, used=_megabytes(bound.used), most=_megabytes(bound.most), needs=_megabytes(needs))


def _oldest(deleted: Sequence[Row[tuple[str, int]]], over: int) -> Iterator[Row[tuple[str, int]]]:
    for row in deleted:
        if over <= 0:
            return
        over -= row.size
        yield row


def _megabytes(size: int) -> float:
    return round(size / MB, 1 if size % MB else None)


_DELETED = text(
    """
    SELECT id, size FROM blobs WHERE owner = :owner AND size > 0 AND id IN (
        SELECT blob FROM (
            SELECT id FROM threads WHERE owner = :owner AND trashed IS NULL
            UNION ALL SELECT id FROM threads WHERE owner = :owner AND trashed IS NOT NULL
        ) AS mine CROSS JOIN generations ON generations.thread = mine.id WHERE generations.trashed IS NOT NULL
        UNION SELECT json_extract(input.value, '$.blob')
            FROM threads CROSS JOIN messages ON messages.thread = threads.id, json_each(messages.inputs) AS input
            WHERE threads.owner = :owner AND threads.trashed IS NOT NULL AND messages.inputs != '[]'
        UNION SELECT json_extract(place.value, '$.preview')
            FROM threads CROSS JOIN jobs ON jobs.thread = threads.id, json_each(jobs.state, '$.places') AS place
            WHERE threads.owner = :owner AND threads.trashed IS NOT NULL
    ) AND id NOT IN (
        SELECT blob FROM generations WHERE owner = :owner AND trashed IS NULL
        UNION SELECT json_extract(input.value, '$.blob') FROM generations, json_each(generations.request, '$.inputs') AS input
            WHERE generations.owner = :owner AND generations.trashed IS NULL
        UNION SELECT json_extract(input.value, '$.blob')
            FROM threads CROSS JOIN messages ON messages.thread = threads.id, json_each(messages.inputs) AS input
            WHERE threads.owner = :owner AND threads.trashed IS NULL AND messages.inputs != '[]'
        UNION SELECT json_extract(input.value, '$.blob') FROM jobs, json_each(jobs.request, '$.image.inputs') AS input
            WHERE jobs.owner = :owner AND jobs.status IN ('queued', 'running')
        UNION SELECT generations.blob FROM generations JOIN reports ON reports.picture = generations.id
            WHERE generations.owner = :owner AND reports.closed IS NULL
    ) ORDER BY id
    """
)
"""What is in the trash and nowhere else: not what a message or a recipe outside of it needs, nor what somebody reported.

It begins at the owner's chats, for whose rows there are indexes: where the room is full, every refusal asks it while others wait to write.
CROSS JOIN has SQLite keep that order (sqlite.org/optoverview.html, 8.1).
"""
