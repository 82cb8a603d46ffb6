"""Putting words into the indexes, beside the rows they belong to and in the same transaction."""

from collections.abc import Mapping

from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from imagechat.domain.records import Generation
from imagechat.store.search import normalised, owner_word
from imagechat.store.tables import chat_words, picture_words

MOST = 20_000
"""Characters of one text that are indexed."""


async def say(connection: AsyncConnection, number: int, owner: str, thread: str, text: str) -> None:
    """Make `text` the words of message `number` (of a title: the thread's number made negative)."""
    await connection.execute(delete(chat_words).where(chat_words.c.rowid == number))
    await begin(connection, owner, thread, {number: text})


async def begin(connection: AsyncConnection, owner: str, thread: str, texts: Mapping[int, str]) -> None:
    """Index new messages and titles of one thread by their numbers."""
    fixed = {"owner": owner_word(owner), "thread": thread}
    found = [{**fixed, "rowid": number, "words": words} for number, text in texts.items() if (words := normalised(text[:MOST]))]
    if found:
        await connection.execute(insert(chat_words), found)


async def describe(connection: AsyncConnection, number: int, generation: Generation) -> None:
    """Index picture `number` by its prompt, the words sent, its alternative text and its model."""
    texts = dict.fromkeys((generation.request.prompt, generation.sent, generation.alt, generation.request.model, generation.drawn_by))
    row = {"rowid": number, "owner": owner_word(generation.owner), "words": normalised("\n".join(texts)[:MOST])}
    await connection.execute(insert(picture_words).values(row))
