"""Which browsers know whom, and the one-time links that let one in.

A token is 256 random bits. The database keeps its SHA-256 alone, so that what is stolen from here opens nothing.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or
from sqlalchemy.ext.asyncio import AsyncConnection

from imagechat.domain import values
from imagechat.domain.values import new_id
from imagechat.domain.visitors import OWNER, Group, Role, Session, Visitor
from imagechat.errors import NotFound, NotKnown
from imagechat.store.database import Database
from imagechat.store.rows import Kept
from imagechat.store.tables import links, sessions, visitors

HOUR = timedelta(hours=1)
"""How exactly it is kept when somebody was last seen: so seldom that requests cost no write."""
LINK = timedelta(hours=24)
"""How long a one-time link can be used."""
LONGEST_AGENT = 200


@dataclass(frozen=True, slots=True)
class Known:
    """Whose a token is; `stale` where it was not written for an hour that they were here."""

    visitor: Visitor
    stale: bool


class Sessions:
    """Visitors' sessions, and links to one. `days` after its last use a session ends."""

    def __init__(self, db: Database, days: int = 90) -> None:
        self.db = db
        self.life = timedelta(days=days)

    async def known(self, token: str) -> Known | None:
        """Whose `token` is; None for one that is unknown, has run out, or was ended. A clock that was set back ends nothing."""
        at = values.now()
        async with self.db.read() as connection:
            row = (await connection.execute(_KNOWN, {"said": digest(token), "at": at})).one_or_none()
        return Known(_visitor(row, row.session), abs(at - row.used) >= HOUR) if row else None

    async def stands(self, visitor: Visitor) -> bool:
        """Whether the session with which this visitor came is still theirs."""
        theirs = (sessions.c.id == visitor.session, sessions.c.visitor == visitor.id, sessions.c.expires > values.now())
        query = select(sessions.c.id).join_from(sessions, visitors).where(*theirs, visitors.c.disabled.is_(None))
        async with self.db.read() as connection:
            return (await connection.execute(query)).one_or_none() is not None

    async def saw(self, visitor: Visitor) -> None:
        """Keep that somebody was here: their session lives on from now."""
        at = values.now()
        async with self.db.write() as connection:
            used = update(sessions).where(sessions.c.id == visitor.session).values(seen=at, expires=at + self.life)
            if (await connection.execute(used)).rowcount:
                await connection.execute(update(visitors).where(visitors.c.id == visitor.id).values(seen=at))

    async def arrive(self, agent: str) -> tuple[Visitor, str]:
        """A new guest, and the token by which their browser is known."""
        async with self.db.write() as connection:
            id = await add_visitor(connection, Role.GUEST, "guest")
            return await self._begin(connection, id, agent)

    async def begin(self, id: str, agent: str) -> tuple[Visitor, str]:
        """A new session of somebody, and its token.

        Raises: NotKnown("disabled"), also where an admin was quicker by a moment; NotFound.
        """
        async with self.db.write() as connection:
            return await self._begin(connection, id, agent)

    async def _begin(self, connection: AsyncConnection, id: str, agent: str) -> tuple[Visitor, str]:
        if id == OWNER.id:
            await _keep_owner(connection)
        at, token, session = values.now(), secrets.token_urlsafe(32), new_id()
        row = (await connection.execute(update(visitors).where(visitors.c.id == id).values(seen=at).returning(visitors))).one_or_none()
        if row is None:
            raise NotFound()
        if row.disabled is not None:
            raise NotKnown("disabled")
        times = {"created": at, "seen": at, "expires": at + self.life}
        kept = {"id": session, "token": digest(token), "visitor": id, "agent": _shown(agent)[:LONGEST_AGENT], **times}
        await connection.execute(insert(sessions).values(kept))
        return _visitor(row, session), token

    async def sessions(self, visitor: str) -> list[Session]:
        """The browsers that know this visitor, the last used first."""
        query = select(*(sessions.c[name] for name in Session.model_fields)).order_by(sessions.c.seen.desc(), sessions.c.id.desc())
        async with self.db.read() as connection:
            rows = await connection.execute(query.where(sessions.c.visitor == visitor, sessions.c.expires > values.now()))
            return [Session.model_construct(**row._mapping) for row in rows]

    async def end_session(self, visitor: str, id: str) -> bool:
        """Forget one of this visitor's browsers; False where it is none of theirs."""
        async with self.db.write() as connection:
            ended = await connection.execute(delete(sessions).where(sessions.c.id == id, sessions.c.visitor == visitor))
        return bool(ended.rowcount)

    # Links

    async def make_link(self, visitor: str = OWNER.id, *, alone: bool = False) -> str:
        """The token of a one-time link, good for a day. With `alone` earlier ones that nobody used end: a start's old link is lost."""
        at, token = values.now(), secrets.token_urlsafe(32)
        async with self.db.write() as connection:
            if alone:
                await connection.execute(delete(links).where(links.c.visitor == visitor, links.c.used.is_(None)))
            kept = {"token": digest(token), "visitor": visitor, "created": at, "expires": at + LINK}
            await connection.execute(insert(links).values(kept))
        return token

    async def use_link(self, token: str, agent: str) -> tuple[Visitor, str]:
        """Let a browser in by a link: of any number that come with it at once, one gets in.

        Raises: NotKnown("link" | "disabled").
        """
        at = values.now()
        fresh = (links.c.token == digest(token), links.c.used.is_(None), links.c.expires > at)
        async with self.db.write() as connection:
            whose = (await connection.execute(update(links).where(*fresh).values(used=at).returning(links.c.visitor))).scalar_one_or_none()
            if whose is None:
                raise NotKnown("link")
            return await self._begin(connection, whose, agent)


# Built once: each request of somebody who was not here for some seconds asks it.
_KNOWN = (
    select(visitors, sessions.c.id.label("session"), sessions.c.seen.label("used"))
    .join_from(sessions, visitors)
    .where(sessions.c.token == bindparam("said"), sessions.c.expires > bindparam("at"), visitors.c.disabled.is_(None))
)


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _shown(text: str) -> str:
    """`text` without what cannot be seen or kept, on one line."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def _visitor(row: Kept, session: str) -> Visitor:
    return Visitor.model_construct(id=row.id, role=Role(row.role), group=row.group, name=row.name or row.login or "", session=session)


async def add_visitor(connection: AsyncConnection, role: Role, group: Group, **given: str) -> str:
    """A new visitor; their id."""
    id, at = new_id(), values.now()
    row = {"id": id, "role": role.value, "group": group, "name": "", "created": at, "seen": at, **given}
    await connection.execute(insert(visitors).values(row))
    return id


async def _keep_owner(connection: AsyncConnection) -> None:
    """The owner's row, which sessions need and local access does without."""
    at = values.now()
    row = {"id": OWNER.id, "role": OWNER.role.value, "group": OWNER.group, "name": "", "created": at, "seen": at}
    await connection.execute(insert_or(visitors).values(row).on_conflict_do_nothing())
