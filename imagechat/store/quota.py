"""How much of the disk a visitor's files may take. What lies in the trash goes for good, the oldest first, when its room is needed.

A file that went has a size of 0: its row stays, so that whatever names it still finds out that it was there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from imagechat.errors import SpaceFull
from imagechat.store.tables import blobs

MB = 2**20


@dataclass(frozen=True)
class Quota:
    """At most so many bytes of files for `owner`."""

    owner: str
    most: int


async def used(connection: AsyncConnection, owner: str) -> int:
    """The bytes of all files that are kept for `owner`; thumbnails, which are made from them, do not count."""
    query = select(func.coalesce(func.sum(blobs.c.size), 0)).where(blobs.c.owner == owner)
    return int((await connection.execute(query)).scalar_one())


async def make_room(connection: AsyncConnection, quota: Quota, needs: int) -> list[str]:
    """Have room for `needs` bytes more, within the caller's transaction. The ids of files to be removed once it is committed.

    Raises: SpaceFull, also where the whole trash would not make room enough; then all of it stays.
    """
    over = await used(connection, quota.owner) + needs - quota.most
    if over <= 0:
        return []
    deleted = (await connection.execute(_DELETED, {"owner": quota.owner})).all()
    gone = list(_oldest(deleted, over))
    if sum(row.size for row in gone) < over:
        raise SpaceFull(used=_megabytes(quota.most + over - needs), most=_megabytes(quota.most), needs=_megabytes(needs))
    ids = [row.id for row in gone]
    await connection.execute(update(blobs).where(blobs.c.id.in_(ids)).values(size=0))
    return ids


def _oldest(deleted: Sequence[Row[tuple[str, int]]], over: int) -> Iterator[Row[tuple[str, int]]]:
    for row in deleted:
        if over <= 0:
            return
        over -= row.size
        yield row


def _megabytes(size: int) -> float:
    return round(size / MB, 1)


_DELETED = text(
    """
    SELECT id, size FROM blobs WHERE owner = :owner AND size > 0 AND id IN (
        SELECT blob FROM generations WHERE owner = :owner AND trashed IS NOT NULL
        UNION SELECT json_extract(input.value, '$.blob')
            FROM messages JOIN threads ON threads.id = messages.thread, json_each(messages.inputs) AS input
            WHERE messages.owner = :owner AND messages.inputs != '[]' AND threads.trashed IS NOT NULL
        UNION SELECT json_extract(place.value, '$.preview')
            FROM jobs JOIN threads ON threads.id = jobs.thread, json_each(jobs.state, '$.places') AS place
            WHERE jobs.owner = :owner AND threads.trashed IS NOT NULL
    ) AND id NOT IN (
        SELECT blob FROM generations WHERE owner = :owner AND trashed IS NULL
        UNION SELECT json_extract(input.value, '$.blob') FROM generations, json_each(generations.request, '$.inputs') AS input
            WHERE generations.owner = :owner AND generations.trashed IS NULL
        UNION SELECT json_extract(input.value, '$.blob')
            FROM messages JOIN threads ON threads.id = messages.thread, json_each(messages.inputs) AS input
            WHERE messages.owner = :owner AND messages.inputs != '[]' AND threads.trashed IS NULL
        UNION SELECT json_extract(input.value, '$.blob') FROM jobs, json_each(jobs.request, '$.image.inputs') AS input
            WHERE jobs.owner = :owner AND jobs.status IN ('queued', 'running')
        UNION SELECT generations.blob FROM generations JOIN reports ON reports.picture = generations.id
            WHERE generations.owner = :owner AND reports.closed IS NULL
    ) ORDER BY id
    """
)
"""What is in the trash and nowhere else: not what a message or a recipe outside of it needs, nor what somebody reported."""
