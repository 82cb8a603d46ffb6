"""A turn begins: thread, messages and job are kept together or not at all, and one press of Send is kept once."""

from collections.abc import Sequence

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from imagechat.domain.jobs import Job, JobState
from imagechat.domain.money import Hold
from imagechat.domain.records import Controls, Message, Thread
from imagechat.domain.values import Value
from imagechat.errors import NotFound
from imagechat.store import words
from imagechat.store.ledger import Ledger
from imagechat.store.rows import found, job_row, message_row, thread_of, thread_row
from imagechat.store.tables import jobs, messages, threads


class Beginning(Value):
    """A turn that is to be kept: what was said (nothing where a button was pressed), its reply and the job that makes it.

    `thread` as it would be if this were its first turn; `controls`: what it is to remember. `hold`: what it may cost, None for what is
    no model's work.
    """

    thread: Thread
    user: Message | None = None
    reply: Message
    job: Job
    state: JobState
    controls: Controls | None = None
    hold: Hold | None = None

    @property
    def pressed(self) -> Message:
        """The message that bears the mark of its press."""
        return self.user or self.reply


class Begun(Value):
    """What is kept now: the thread as it stands and the reply's id; `fresh` is False where this press had been kept before."""

    thread: Thread
    reply_id: str
    fresh: bool


async def begin(ledger: Ledger, turn: Beginning) -> Begun:
    """Keep a new turn, in one transaction, with what it may cost held.

    Raises: NotFound (the thread or a parent is somebody else's), NotFound("trashed"), OverBudget.
    """
    async with ledger.db.write() as connection:
        begun = await earlier(connection, turn.pressed)
        if begun is not None:
            return begun
        kept, titles = await _thread(connection, turn.thread, turn.reply, turn.controls)
        said = await _add(connection, [turn.user, turn.reply] if turn.user else [turn.reply], kept)
        if not kept.private:
            await words.begin(connection, kept.owner, kept.id, titles | said)
        await connection.execute(insert(jobs).values(job_row(turn.job, turn.state)))
        if turn.hold is not None:
            await ledger.reserve(connection, turn.hold)
    return Begun(thread=kept, reply_id=turn.reply.id, fresh=True)


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


async def _thread(connection: AsyncConnection, thread: Thread, reply: Message, controls: Controls | None) -> tuple[Thread, dict[int, str]]:
    """The thread with this turn as its newest: made, or brought up to date; and a new one's title, to be indexed by its number."""
    there = (await connection.execute(select(threads.c.owner, threads.c.trashed).where(threads.c.id == thread.id))).one_or_none()
    if there is None:
        fresh = thread.model_copy(update={"updated": reply.created, "controls": controls or thread.controls})
        row = (await connection.execute(insert(threads).values(thread_row(fresh)).returning(threads))).one()
        return thread_of(row), {-row.number: thread.title}
    if there.owner != thread.owner:
        raise NotFound()
    if there.trashed is not None:
        raise NotFound("trashed")
    values: dict[str, object] = {"updated": reply.created}
    if controls is not None:
        values["controls"] = controls.model_dump_json()
    change = update(threads).where(threads.c.id == thread.id).values(values).returning(threads)
    return thread_of((await connection.execute(change)).one()), {}


async def _add(connection: AsyncConnection, new: Sequence[Message], thread: Thread) -> dict[int, str]:
    """Keep one turn's messages; their texts by their numbers."""
    for message in new:
        if (message.owner, message.thread) != (thread.owner, thread.id):
            raise NotFound()
        if message.parent is not None and message.parent not in {each.id for each in new}:
            parent = select(messages.c.id).where(messages.c.id == message.parent, messages.c.thread == thread.id)
            found((await connection.execute(parent)).one_or_none())
    rows = await connection.execute(insert(messages).returning(messages.c.number, messages.c.text), [message_row(each) for each in new])
    return {row.number: row.text for row in rows}
