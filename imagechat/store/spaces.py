"""Whole spaces: what a guest made goes to their account."""

from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or
from sqlalchemy.ext.asyncio import AsyncConnection

from imagechat.domain.jobs import Status
from imagechat.store.database import Database
from imagechat.store.search import owner_word
from imagechat.store.tables import (
    balances,
    blobs,
    budgets,
    chat_words,
    facts,
    generations,
    jobs,
    keys,
    ledger,
    links,
    messages,
    picture_words,
    reports,
    sessions,
    threads,
    visitors,
    warnings,
)

ADOPTING = "adopting:"
"""The name of the fact that a guest's things are on their way to an account, before the guest's id; its value is the account's."""
OWNED = (threads, messages, jobs, generations, blobs)
_UNFINISHED = jobs.c.status.in_((Status.QUEUED.value, Status.RUNNING.value))


async def adopt(db: Database, from_id: str, to_id: str) -> bool:
    """Give everything of the guest `from_id` to the account `to_id`, in one transaction; the guest's sessions end and their row goes.

    While jobs of the guest run, nothing moves but the sessions' end and a note that it must: False. Who calls again when they are over
    (the studio's sweep does, and the next start) moves all of it. Doing it twice does no harm. Keys do not move: each is encrypted for
    its visitor alone, so the account's owner gives theirs again.
    """
    assert from_id != to_id
    async with db.write() as connection:
        await connection.execute(delete(sessions).where(sessions.c.visitor == from_id))
        await connection.execute(insert_or(facts).values(name=ADOPTING + from_id, value=to_id).on_conflict_do_nothing())
        if await unfinished(connection, from_id):
            return False
        await _move(connection, from_id, to_id)
        await _add_up(connection, from_id, to_id)
        await drop_person(connection, from_id)
        await connection.execute(delete(facts).where(facts.c.name == ADOPTING + from_id))
    return True


async def adoptions(db: Database) -> list[tuple[str, str]]:
    """Guests whose things still have to move, each with the account that they go to."""
    async with db.read() as connection:
        rows = await connection.execute(select(facts).where(facts.c.name.startswith(ADOPTING, autoescape=True)))
        return [(row.name.removeprefix(ADOPTING), row.value) for row in rows]


async def unfinished(connection: AsyncConnection, owner: str) -> bool:
    """Whether jobs of `owner` are not at their end."""
    return (await connection.execute(select(jobs.c.id).where(jobs.c.owner == owner, _UNFINISHED).limit(1))).first() is not None


async def _move(connection: AsyncConnection, from_id: str, to_id: str) -> None:
    """Every row that says whose it is says the other, the indexes of words too."""
    word = owner_word(to_id)
    for index, numbers in _numbers(from_id):
        await connection.execute(update(index).where(index.c.rowid.in_(numbers)).values(owner=word))
    # The same mark of a press on both sides: the account's stays, for a press that is repeated from here on comes from there.
    theirs = select(messages.c.nonce).where(messages.c.owner == to_id, messages.c.nonce.is_not(None))
    await connection.execute(update(messages).where(messages.c.owner == from_id, messages.c.nonce.in_(theirs)).values(nonce=None))
    request = func.json_set(jobs.c.request, "$.owner", to_id)
    await connection.execute(update(jobs).where(jobs.c.owner == from_id).values(request=request))
    for table in OWNED:
        await connection.execute(update(table).where(table.c.owner == from_id).values(owner=to_id))
    for column in (reports.c.owner, reports.c.by, ledger.c.visitor, links.c.visitor):
        await connection.execute(update(column.table).where(column == from_id).values({column.name: to_id}))


def _numbers(owner: str) -> list[tuple[Any, Any]]:
    """Each index of words, with the rows in it that are of `owner`'s things."""
    said = select(messages.c.number).where(messages.c.owner == owner)
    titles = select(-threads.c.number).where(threads.c.owner == owner)
    return [
        (picture_words, select(generations.c.number).where(generations.c.owner == owner)),
        (chat_words, said),
        (chat_words, titles),
    ]


async def _add_up(connection: AsyncConnection, from_id: str, to_id: str) -> None:
    """What both spent counts against the account."""
    sums = [column.name for column in balances.c if not column.primary_key]
    for row in (await connection.execute(select(balances).where(balances.c.scope == f"visitor:{from_id}"))).mappings().all():
        added = insert_or(balances).values({**row, "scope": f"visitor:{to_id}"})
        summed = {name: balances.c[name] + added.excluded[name] for name in sums}
        await connection.execute(added.on_conflict_do_update(index_elements=["scope", "period"], set_=summed))
    await connection.execute(delete(balances).where(balances.c.scope == f"visitor:{from_id}"))


async def drop_person(connection: AsyncConnection, id: str) -> None:
    """Forget who a visitor was: keys, limits of their own, sessions, their row."""
    for column in (budgets.c.scope, warnings.c.scope):
        await connection.execute(delete(column.table).where(column == f"visitor:{id}"))
    for column in (keys.c.visitor, sessions.c.visitor, links.c.visitor, visitors.c.id):
        await connection.execute(delete(column.table).where(column == id))
