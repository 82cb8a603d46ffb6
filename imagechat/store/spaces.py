"""Whole spaces: what a guest made goes to their account, what somebody no longer wants here goes for good, private chats too."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, literal, select, text, update
from sqlalchemy.dialects.sqlite import insert as insert_or
from sqlalchemy.ext.asyncio import AsyncConnection

from imagechat.domain.jobs import Status
from imagechat.domain.values import now
from imagechat.store.database import Database
from imagechat.store.moments import Moment
from imagechat.store.search import owner_word
from imagechat.store.tables import (
    audit,
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
LEAVING = "leaving:"
"""The name of the fact that somebody's things are being deleted, before their id."""
OWNED = (threads, messages, jobs, generations, blobs)
_UNFINISHED = jobs.c.status.in_((Status.QUEUED.value, Status.RUNNING.value))


async def adopt(db: Database, from_id: str, to_id: str) -> bool:
    """Give everything of the guest `from_id` to the account `to_id`, in one transaction; the guest's sessions end and their row goes.

    While jobs of the guest run, nothing moves but the sessions' end and a note that it must: False. Who calls again when they are over
    (the studio's sweep does, and the next start) moves all of it. Doing it twice does no harm. Keys do not move: each is encrypted for
    its visitor alone, so the account's owner gives theirs again. A private chat moves too, and lives on for as long as its tab.
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
    """What both spent counts against the second."""
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


@dataclass(frozen=True)
class Going:
    """Somebody whose things are being deleted. `gone`: who they are called in the sums that stay; `begun`: when it was asked for."""

    id: str
    gone: str
    begun: datetime


async def leave(db: Database, id: str, gone: str, *, stays: bool) -> Going:
    """Note that everything of `id` goes, so that a crash does not end it, and let nobody in as them; the owner `stays`."""
    going = Going(id, gone, now())
    value = json.dumps([gone, going.begun.isoformat()])
    async with db.write() as connection:
        await connection.execute(insert_or(facts).values(name=LEAVING + id, value=value).on_conflict_do_nothing())
        if not stays:
            await connection.execute(delete(sessions).where(sessions.c.visitor == id))
            await connection.execute(update(visitors).where(visitors.c.id == id).values(disabled=now()))
        kept = (await connection.execute(select(facts).where(facts.c.name == LEAVING + id))).one()
    return going_of(kept, LEAVING)


async def leavings(db: Database) -> list[Going]:
    """Everybody whose things are still being deleted."""
    async with db.read() as connection:
        rows = await connection.execute(select(facts).where(facts.c.name.startswith(LEAVING, autoescape=True)))
        return [going_of(row, LEAVING) for row in rows]


def going_of(row: Any, note: str) -> Going:
    """Who is meant by a row of `facts` whose name begins with `note`."""
    gone, begun = json.loads(row.value)
    return Going(row.name.removeprefix(note), gone, datetime.fromisoformat(begun))


async def left(db: Database, id: str, note: str = LEAVING) -> None:
    """Forget the note: nothing can come any more."""
    async with db.write() as connection:
        await connection.execute(delete(facts).where(facts.c.name == note + id))


async def files(db: Database, owner: str) -> list[str]:
    """The ids of every file of `owner`."""
    async with db.read() as connection:
        return list((await connection.execute(select(blobs.c.id).where(blobs.c.owner == owner))).scalars())


async def erase(db: Database, going: Going, *, stays: bool, emptied: bool = False) -> list[str] | None:
    """Delete every row of a space in one transaction; what was spent stays, as that of nobody who can be known.

    `emptied`: what was made there went already, in portions. To look for it here reads whole tables, and to have its words leave their
    indexes at once holds up whoever writes by seconds where there are many.

    Returns the ids of the files whose rows went. None, and nothing is deleted, while a job of theirs is not at its end, or while what a
    guest made has still to come to them.
    """
    id = going.id
    coming = select(facts.c.name).where(facts.c.name.startswith(ADOPTING, autoescape=True), facts.c.value == id)
    async with db.write() as connection:
        if await unfinished(connection, id) or (await connection.execute(coming)).first() is not None:
            return None
        if not emptied:
            await _empty(connection, id)
        went = list((await connection.execute(delete(blobs).where(blobs.c.owner == id).returning(blobs.c.id))).scalars())
        await _forget_name(connection, going, stays)
        if stays:
            await connection.execute(delete(keys).where(keys.c.visitor == id))
            await connection.execute(delete(facts).where(facts.c.name == LEAVING + id))
        else:
            await drop_person(connection, id)
    return went


async def _empty(connection: AsyncConnection, owner: str) -> None:
    for index, numbers in _numbers(owner):
        await connection.execute(delete(index).where(index.c.rowid.in_(numbers)))
    for table in (generations, jobs, messages, threads):
        await connection.execute(delete(table).where(table.c.owner == owner))
    for name in ("picture_words", "chat_words"):  # Else the deleted words would lie in the indexes until they are merged by chance.
        await connection.execute(text(f"INSERT INTO {name} ({name}) VALUES ('optimize')"))


async def _forget_name(connection: AsyncConnection, going: Going, stays: bool) -> None:
    """What stays for the house's sums and for its log says "gone-…" instead of who it was; reports are closed."""
    id, gone = going.id, going.gone
    await connection.execute(update(ledger).where(ledger.c.visitor == id).values(visitor=gone))
    await _add_up(connection, id, gone)  # What came late is added to what went before.
    about = update(reports).where(reports.c.owner == id)
    await connection.execute(about.values(owner=gone, closed=func.coalesce(reports.c.closed, literal(now(), Moment))))
    await connection.execute(update(reports).where(reports.c.by == id).values(by=gone, reason=""))
    if stays:
        return  # "owner" is nobody's name.
    await _forget_login(connection, id)
    await connection.execute(update(budgets).where(budgets.c.by == id).values(by=gone))
    for column in (audit.c.actor, audit.c.subject, audit.c.facts):
        holds = column.contains(id, autoescape=True)
        await connection.execute(update(audit).where(holds).values({column.name: func.replace(column, id, gone)}))


async def _forget_login(connection: AsyncConnection, id: str) -> None:
    """In the log an account's name says no more than its id, which is changed in the same breath."""
    login = (await connection.execute(select(visitors.c.login).where(visitors.c.id == id))).scalar_one_or_none()
    if login is not None:
        tried = (audit.c.action.in_(("login.failed", "login.refused")), audit.c.subject == login)
        await connection.execute(update(audit).where(*tried).values(subject=id))
    made = (audit.c.action == "account.made", audit.c.subject == id)
    await connection.execute(update(audit).where(*made).values(facts=func.json_remove(audit.c.facts, "$.name")))


async def private_threads(db: Database) -> list[tuple[str, str]]:
    """Every private thread there is: owner and id."""
    async with db.read() as connection:
        return [
            (row.owner, row.id) for row in await connection.execute(select(threads.c.owner, threads.c.id).where(threads.c.private == 1))
        ]


async def files_in(db: Database, thread: str) -> list[str]:
    """The ids of the files that a private thread has: pictures, partial ones, what was added."""
    async with db.read() as connection:
        return await _files_in(connection, thread)


async def _files_in(connection: AsyncConnection, thread: str) -> list[str]:
    query = """SELECT blob FROM generations WHERE thread = :thread
        UNION SELECT json_extract(place.value, '$.preview') FROM jobs, json_each(state, '$.places') AS place WHERE thread = :thread
        UNION SELECT json_extract(input.value, '$.blob') FROM messages, json_each(inputs) AS input WHERE thread = :thread"""
    named = (await connection.execute(text(query), {"thread": thread})).scalars()
    mine = select(blobs.c.id).where(blobs.c.id.in_([id for id in named if id]), blobs.c.private == 1)
    return list((await connection.execute(mine)).scalars())


async def erase_thread(db: Database, owner: str, thread: str) -> list[str] | None:
    """Delete a private thread with everything in it, in one transaction: the ids of the files whose rows went.

    None, and nothing is deleted, while a job of it is not at its end.
    """
    async with db.write() as connection:
        if (await connection.execute(select(jobs.c.id).where(jobs.c.thread == thread, _UNFINISHED).limit(1))).first():
            return None
        mine = (threads.c.id == thread, threads.c.owner == owner, threads.c.private == 1)
        if (await connection.execute(select(threads.c.id).where(*mine))).first() is None:
            return []
        went = await _files_in(connection, thread)
        pictures = select(generations.c.id).where(generations.c.thread == thread)
        await connection.execute(delete(reports).where(reports.c.picture.in_(pictures)))
        for column in (generations.c.thread, jobs.c.thread, messages.c.thread, threads.c.id):
            await connection.execute(delete(column.table).where(column == thread))
        await connection.execute(delete(blobs).where(blobs.c.id.in_(went)))
    return went


async def lost_files(db: Database) -> list[str]:
    """Files for private chats that no chat has: what was added as the process died."""
    async with db.read() as connection:
        return list((await connection.execute(select(blobs.c.id).where(blobs.c.private == 1))).scalars())
