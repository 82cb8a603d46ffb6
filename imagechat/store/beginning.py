"""A turn begins: thread, messages and job are kept together or not at all, and one press of Send is kept once."""

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from imagechat.domain.jobs import Job, JobState
from imagechat.domain.records import Controls, Message, Thread
from imagechat.domain.values import Value
from imagechat.errors import NotFound
from imagechat.store import words
from imagechat.store.database import Database
from imagechat.store.rows import found, job_row, message_row, thread_of, thread_row
from imagechat.store.tables import jobs, messages, threads


class Begun(Value):
    """What is kept now: the thread as it stands and the reply's id; `fresh` is False where this press had been kept before."""

    thread: Thread
    reply_id: str
    fresh: bool


async def begin(
    db: Database, *, thread: Thread, user: Message | None, reply: Message, job: Job, state: JobState, controls: Controls | None
) -> Begun:
    """Keep a new turn, in one transaction.

    Raises: NotFound (the thread or a parent is somebody else's), NotFound("trashed").
    """
    async with db.write() as connection:
        begun = await earlier(connection, user or reply)
        if begun is not None:
            return begun
        kept = await _thread(connection, thread, reply, controls)
        for message in (user, reply) if user else (reply,):
            await _add(connection, message, kept)
        await connection.execute(insert(jobs).values(job_row(job, state)))
    return Begun(thread=kept, reply_id=reply.id, fresh=True)


async def earlier(connection: AsyncConnection, asked: Message) -> Begun | None:
    """What an earlier delivery of the same press has kept."""
    if asked.nonce is None:
        return None
    same = select(messages.c.id, messages.c.role, messages.c.thread).where(messages.c.owner == asked.owner, messages.c.nonce == asked.nonce)
    row = (await connection.execute(same)).one_or_none()
    if row is None:
        return None
    answer = select(messages.c.id).where(messages.c.parent == row.id, messages.c.role == "assistant").order_by(messages.c.id)
    reply = row.id if row.role == "assistant" else (await connection.execute(answer)).scalars().first()
    thread = (await connection.execute(select(threads).where(threads.c.id == row.thread))).one()
    return Begun(thread=thread_of(thread), reply_id=found(reply), fresh=False)


async def _thread(connection: AsyncConnection, thread: Thread, reply: Message, controls: Controls | None) -> Thread:
    """The thread with this turn as its newest: made, or brought up to date."""
    there = (await connection.execute(select(threads.c.owner, threads.c.trashed).where(threads.c.id == thread.id))).one_or_none()
    if there is None:
        fresh = thread.model_copy(update={"updated": reply.created, "controls": controls or thread.controls})
        row = (await connection.execute(insert(threads).values(thread_row(fresh)).returning(threads))).one()
        await words.say(connection, -row.number, thread.owner, thread.id, thread.title)
        return thread_of(row)
    if there.owner != thread.owner:
        raise NotFound()
    if there.trashed is not None:
        raise NotFound("trashed")
    values: dict[str, object] = {"updated": reply.created}
    if controls is not None:
        values["controls"] = controls.model_dump_json()
    return thread_of((await connection.execute(update(threads).where(threads.c.id == thread.id).values(values).returning(threads))).one())


async def _add(connection: AsyncConnection, message: Message, thread: Thread) -> None:
    if (message.owner, message.thread) != (thread.owner, thread.id):
        raise NotFound()
    if message.parent is not None:
        parent = select(messages.c.id).where(messages.c.id == message.parent, messages.c.thread == thread.id)
        found((await connection.execute(parent)).one_or_none())
    number = (await connection.execute(insert(messages).values(message_row(message)).returning(messages.c.number))).scalar_one()
    await words.say(connection, number, message.owner, thread.id, message.text)
