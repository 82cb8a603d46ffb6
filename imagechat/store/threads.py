"""Conversations: their list, their turns, and the one transaction in which a turn begins."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, literal_column, select, tuple_, update
from sqlalchemy.dialects.sqlite import insert as insert_or
from sqlalchemy.ext.asyncio import AsyncConnection

from imagechat.domain.jobs import JobState
from imagechat.domain.prices import Asked
from imagechat.domain.records import Generation, Message, Page, Thread, Turn
from imagechat.domain.values import now, visible
from imagechat.errors import BadAddress, BadInput, NotAllowed, NotFound
from imagechat.store import words
from imagechat.store.beginning import Beginning, Begun, begin, earlier
from imagechat.store.database import Database
from imagechat.store.ledger import Ledger
from imagechat.store.moments import EPOCH, MICROSECOND, micros
from imagechat.store.rows import cursor_id, found, generation_of, in_order, message_of, state_of, thread_of, thread_row
from imagechat.store.search import match_expression
from imagechat.store.search import words as words_of
from imagechat.store.tables import chat_words, generations, jobs, messages, threads

LONGEST_TITLE = 200
DRAWN = 32
"""Characters around the prompt of a picture, where a model is told that it was drawn."""


class Threads:
    """Every conversation, each for its owner alone."""

    def __init__(self, db: Database, ledger: Ledger | None = None) -> None:
        self.db = db
        self.ledger = ledger or Ledger(db)

    async def page(self, owner: str, *, cursor: str | None = None, limit: int = 40, search: str = "") -> Page:
        """A page of threads, newest turn first; `search`: only those with each of its words in the title or in what was said.

        Raises: BadAddress("cursor").
        """
        query = select(threads).where(threads.c.owner == owner, threads.c.trashed.is_(None), threads.c.private == 0)
        if search.strip():
            looked_for = words_of(search)
            if not looked_for:
                return Page(items=())
            query = query.where(*(threads.c.id.in_(_said(owner, word)) for word in looked_for))
        if cursor is not None:
            query = query.where(tuple_(threads.c.updated, threads.c.id) < _read_cursor(cursor))
        query = query.order_by(threads.c.updated.desc(), threads.c.id.desc()).limit(limit + 1)
        async with self.db.read() as connection:
            rows = (await connection.execute(query)).all()
        items = tuple(thread_of(row) for row in rows[:limit])
        return Page(items=items, older=_cursor(items[-1]) if len(rows) > limit else None)

    async def get(self, owner: str, id: str) -> Thread:
        """One thread, from the trash too."""
        async with self.db.read() as connection:
            return await owned(connection, owner, id)

    async def open_private(self, owner: str, id: str) -> Thread:
        """Begin a private thread before anything is said in it; one that is there already stays as it is.

        Raises: NotFound (it is somebody else's).
        """
        moment = now()
        fresh = Thread(id=id, owner=owner, title="", created=moment, updated=moment, private=True)
        async with self.db.write() as connection:
            await connection.execute(insert_or(threads).values(thread_row(fresh)).on_conflict_do_nothing())
            return await owned(connection, owner, id)

    async def private(self, owner: str, id: str) -> bool:
        """Whether this is a private thread; one that is not there is none."""
        query = select(threads.c.private).where(threads.c.id == id, threads.c.owner == owner)
        async with self.db.read() as connection:
            return bool((await connection.execute(query)).scalar_one_or_none())

    async def begin(self, turn: Beginning) -> Begun:
        """Keep a new turn in one transaction; a press of Send that was kept before is told by its earlier reply, and holds nothing again.

        Raises: NotFound (the thread or a parent is somebody else's), NotFound("trashed"), OverBudget.
        """
        return await begin(self.ledger, turn)

    async def bulk(self, owner: str, thread: str) -> Asked:
        """How much was said in a thread, with what a model is told of pictures that were drawn, and how many pictures were added to it;
        nothing in one that is not there.
        """
        drawn = func.coalesce(func.length(func.json_extract(messages.c.request, "$.prompt")) + DRAWN, 0)
        told = case((messages.c.text != "", func.length(messages.c.text)), (messages.c.role == "assistant", drawn), else_=0)
        query = select(func.coalesce(func.sum(told), 0), func.coalesce(func.sum(func.json_array_length(messages.c.inputs)), 0))
        async with self.db.read() as connection:
            said, pictures = (await connection.execute(query.where(messages.c.thread == thread, messages.c.owner == owner))).one()
        return Asked(characters=said, pictures=pictures)

    async def earlier(self, asked: Message) -> Begun | None:
        """What an earlier delivery of the same press of Send has kept, if one has."""
        async with self.db.read(one_moment=True) as connection:
            return await earlier(connection, asked)

    async def rename(self, owner: str, id: str, title: str) -> Thread:
        """Give a thread the visitor's own title.

        Raises: BadInput("empty_title" | "long_title").
        """
        title = " ".join(title.split())
        if not visible(title):
            raise BadInput("empty_title")
        if len(title) > LONGEST_TITLE:
            raise BadInput("long_title", given=len(title), most=LONGEST_TITLE)
        async with self.db.write() as connection:
            row = await _changed(connection, owner, id, title=title, named=1)
            if not row.private:
                await words.say(connection, -row.number, owner, id, title)
            return thread_of(row)

    async def trash(self, owner: str, id: str) -> Thread:
        """Put a thread into the trash; its pictures stay in the gallery. A private one has no place there: it goes for good."""
        async with self.db.write() as connection:
            thread = await owned(connection, owner, id)
            if thread.private:
                raise NotFound()
            return thread_of(await _changed(connection, owner, id, trashed=thread.trashed or now()))

    async def restore(self, owner: str, id: str) -> Thread:
        """Take a thread out of the trash."""
        async with self.db.write() as connection:
            return thread_of(await _changed(connection, owner, id, trashed=None))

    async def turns(self, owner: str, thread: str, *, before: str | None = None, limit: int = 30) -> Page:
        """The newest turns of a thread (those before the cursor), in the order they were said; equally fast at any length.

        Raises: NotFound; BadAddress("cursor").
        """
        query = _said_in(owner, thread).limit(limit + 1)
        if before is not None:
            query = query.where(messages.c.id < cursor_id(before))
        async with self.db.read(one_moment=True) as connection:
            await owned(connection, owner, thread)
            rows = (await connection.execute(query)).all()
            items = await _turns(connection, rows[:limit][::-1])
        return Page(items=tuple(items), older=items[0].message.id if len(rows) > limit else None)

    async def turn(self, owner: str, message_id: str) -> Turn:
        """One turn."""
        return (await self.many(owner, [message_id]))[0]

    async def many(self, owner: str, message_ids: Sequence[str]) -> list[Turn]:
        """Several turns, in the order that was asked for."""
        query = select(messages).where(messages.c.owner == owner, messages.c.id.in_(message_ids))
        async with self.db.read(one_moment=True) as connection:
            turns = await _turns(connection, (await connection.execute(query)).all())
        return in_order(message_ids, {turn.message.id: turn for turn in turns})

    async def history(self, owner: str, thread: str, limit: int = 40, *, answered_by: str | None = None) -> list[Message]:
        """The newest `limit` messages in the order they were said; of an unfinished reply, what came so far.

        Without what the house's rules refused: no model hears of that later. `answered_by`: up to the message that this reply answers, and
        with it.
        """
        query = _said_in(owner, thread).limit(limit)
        if answered_by is not None:
            reply = messages.alias()
            asked = select(reply.c.parent).where(reply.c.id == cursor_id(answered_by), reply.c.thread == thread)
            query = query.where(messages.c.id <= asked.scalar_subquery())
        async with self.db.read(one_moment=True) as connection:
            rows = (await connection.execute(query)).all()[::-1]
            if not rows:
                await owned(connection, owner, thread)
            states = await _states(connection, [row.id for row in rows if not row.text])
        return _allowed([_spoken(message_of(row), states.get(row.id)) for row in rows], states)


async def owned(connection: AsyncConnection, owner: str, id: str) -> Thread:
    """The thread, which must be this owner's.

    Raises: NotFound.
    """
    query = select(threads).where(threads.c.id == id, threads.c.owner == owner)
    return thread_of(found((await connection.execute(query)).one_or_none()))


async def _changed(connection: AsyncConnection, owner: str, id: str, **values: object) -> Any:
    change = update(threads).where(threads.c.id == id, threads.c.owner == owner).values(**values).returning(threads)
    return found((await connection.execute(change)).one_or_none())


def _said(owner: str, word: str) -> Select[Any]:
    matching = literal_column("chat_words").op("MATCH")(match_expression(owner, word))
    return select(chat_words.c.thread).where(matching)


def _said_in(owner: str, thread: str) -> Select[Any]:
    return select(messages).where(messages.c.thread == thread, messages.c.owner == owner).order_by(messages.c.id.desc())


def _cursor(thread: Thread) -> str:
    return f"{micros(thread.updated)}.{thread.id}"


def _read_cursor(cursor: str) -> tuple[datetime, str]:
    moment, _, id = cursor.partition(".")
    if not moment.isascii() or not moment.isdigit() or len(moment) > 17:
        raise BadAddress("cursor")
    return EPOCH + int(moment) * MICROSECOND, cursor_id(id)


def _spoken(message: Message, state: JobState | None) -> Message:
    """With what came so far of its words, and without a picture's recipe where none came."""
    if message.text or state is None:
        return message
    drew = not state.status.final or any(place.status == "done" for place in state.places)
    return message.model_copy(update={"text": state.text, "request": message.request if drew else None})


def _allowed(said: Sequence[Message], states: Mapping[str, JobState]) -> list[Message]:
    """Without replies that say what was refused, and without the messages that have no other reply."""
    refused = {each.id: each.parent for each in said if each.id in states and _refused(states[each.id])}
    others = {each.parent for each in said if each.id not in refused}
    gone = {*refused, *(parent for parent in refused.values() if parent not in others)}
    return [each for each in said if each.id not in gone]


def _refused(state: JobState) -> bool:
    return state.error is not None and state.error.code == NotAllowed.code


async def _turns(connection: AsyncConnection, rows: Sequence[Any]) -> list[Turn]:
    """Messages with their jobs and pictures: two more questions, however many there are."""
    ids = [row.id for row in rows]
    states = await _states(connection, ids)
    pictures: dict[str, list[Generation]] = {}
    query = select(generations).where(generations.c.message.in_(ids)).order_by(generations.c.place, generations.c.number)
    for row in await connection.execute(query):
        pictures.setdefault(row.message, []).append(generation_of(row))
    return [Turn.model_construct(message=message_of(row), job=states.get(row.id), pictures=tuple(pictures.get(row.id, ()))) for row in rows]


async def _states(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, JobState]:
    if not ids:
        return {}
    query = select(jobs.c.message, jobs.c.state).where(jobs.c.message.in_(ids)).order_by(jobs.c.id)
    return {row.message: state_of(row) for row in await connection.execute(query)}
