"""Guests whose browser is forgotten: nobody can reach what they made any more, so it goes after a while, in small steps.

What is being deleted is noted first, in a transaction of its own, and each step leaves what is there whole: after a kill the note says who
is still to go.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, exists, func, insert, select, text, update

from imagechat.domain import values
from imagechat.domain.values import new_id
from imagechat.domain.visitors import Role
from imagechat.store.database import Database
from imagechat.store.sessions import HOUR
from imagechat.store.spaces import ADOPTING, LEAVING, Going, going_of, unfinished
from imagechat.store.tables import (
    blobs,
    chat_words,
    facts,
    generations,
    jobs,
    links,
    messages,
    picture_words,
    reports,
    sessions,
    threads,
    visitors,
)

FORGETTING = "forgetting:"
"""The name of the fact that a forgotten guest's things are being deleted, before their id."""
STEP = 200
"""Rows of one kind that one transaction deletes: some milliseconds."""
PAGES = 64
"""Pages of an index of words that one transaction tidies: some milliseconds, where all of it at once can take seconds."""


async def begin(db: Database, before: datetime, most: int) -> list[Going]:
    """Note that everything goes of up to `most` guests, last seen before `before`, whom no browser knows.

    Each is looked at again in the transaction that notes it, so nobody comes back in between. Never somebody with an account, nor whose job
    is under way, nor whose picture somebody reported until that is decided.
    """
    at = values.now()
    async with db.read() as connection:
        looked = (await connection.execute(_forgotten(before, at).limit(most))).scalars().all()
    async with db.write() as connection:
        ids = (await connection.execute(_forgotten(before, at).where(visitors.c.id.in_(looked)))).scalars().all() if looked else ()
        found = [Going(id, f"gone-{new_id()}", at) for id in ids]
        for each in found:
            value = json.dumps([each.gone, at.isoformat()])
            await connection.execute(insert(facts).values(name=FORGETTING + each.id, value=value))
        await connection.execute(update(visitors).where(visitors.c.id.in_(ids)).values(disabled=at))
    return found


def _forgotten(before: datetime, at: datetime) -> Select[str]:
    """Who they are. A session that ended just now may still be on its way in a request."""
    id = visitors.c.id
    known = exists().where(sessions.c.visitor == id, sessions.c.expires > at - HOUR)
    invited = exists().where(links.c.visitor == id, links.c.expires > at)
    works = exists().where(jobs.c.owner == id, text("jobs.status IN ('queued', 'running')"))  # In the words of its index.
    reported = exists().where(reports.c.owner == id, reports.c.closed.is_(None))
    moves = exists().where(facts.c.name.in_([prefix + id for prefix in (ADOPTING, LEAVING, FORGETTING)]))
    guest = (visitors.c.role == Role.GUEST.value, visitors.c.login.is_(None), visitors.c.provider.is_(None))
    seen = (visitors.c.seen < before, func.coalesce(visitors.c.disabled, visitors.c.seen) < before)
    return select(id).where(*guest, *seen, ~known, ~invited, ~works, ~reported, ~moves)


async def begun(db: Database) -> list[Going]:
    """Those of whom something may still be there."""
    async with db.read() as connection:
        rows = await connection.execute(select(facts).where(facts.c.name.startswith(FORGETTING, autoescape=True)))
        return [going_of(row, FORGETTING) for row in rows]


@dataclass(frozen=True)
class Portion:
    """Rows of one kind by their keys, and their words, where they have any: in `index`, under the key times `sign`."""

    key: Any
    index: Any
    sign: int
    keys: Sequence[Any]


async def portions(db: Database, owner: str) -> list[Portion]:
    """All rows of a space, in the order in which they can go: what others hang on last.

    No index leads to them by whose they are, and each table is read whole: once, and beside whoever writes.
    """
    found = []
    async with db.read() as connection:
        for key, index, sign in _ORDER:
            keys = (await connection.execute(select(key).where(key.table.c.owner == owner).order_by(key.desc()))).scalars().all()
            found += [Portion(key, index, sign, keys[at : at + STEP]) for at in range(0, len(keys), STEP)]
    return found


async def thin(db: Database, owner: str, portion: Portion) -> bool:
    """Delete some rows of a space whose files are gone already. False, and none goes, while a job is not at its end: it would have nowhere
    to write it down.
    """
    key, keys = portion.key, portion.keys
    async with db.write() as connection:
        if await unfinished(connection, owner):
            return False
        if portion.index is not None:
            await connection.execute(delete(portion.index).where(portion.index.c.rowid.in_([portion.sign * each for each in keys])))
        await connection.execute(delete(key.table).where(key.in_(keys)))
    return True


async def tidy(db: Database) -> None:
    """Have deleted words leave the indexes, page by page. Source: sqlite.org/fts5.html, the merge command."""
    for index in ("picture_words", "chat_words"):
        pages = -PAGES
        while await _merged(db, index, pages):
            pages = PAGES


async def _merged(db: Database, index: str, pages: int) -> bool:
    """Tidy some pages; whether there was anything to do. A first call with less than 0 says that all of them are meant."""
    changes = text("SELECT total_changes()")
    async with db.write() as connection:
        before = (await connection.execute(changes)).scalar_one()
        await connection.execute(text(f"INSERT INTO {index} ({index}, rank) VALUES ('merge', :pages)"), {"pages": pages})
        return bool((await connection.execute(changes)).scalar_one() - before >= 2)


_ORDER = (
    (generations.c.number, picture_words, 1),
    (jobs.c.id, None, 1),
    (messages.c.number, chat_words, 1),  # The newest first: an answer hangs on what it answers.
    (threads.c.number, chat_words, -1),
    (blobs.c.id, None, 1),
)
