"""People: who has a space, which browsers know it, and the one-time links that let one in.

A token is 256 random bits. The database keeps its SHA-256 alone, so that what is stolen from here opens nothing.
"""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, exists, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from imagechat.domain import values
from imagechat.domain.values import new_id
from imagechat.domain.visitors import OWNER, Group, Person, Role, Session, Visitor
from imagechat.errors import BadInput, NotFound, NotKnown
from imagechat.store.database import Database
from imagechat.store.rows import Kept
from imagechat.store.tables import blobs, facts, generations, keys, links, sessions, threads, visitors

HOUR = timedelta(hours=1)
"""How exactly it is kept when somebody was last seen: so seldom that requests cost no write."""
LINK = timedelta(hours=24)
"""How long a one-time link can be used."""
LONGEST_AGENT = 200
MOST = 500
"""People in one list."""


@dataclass(frozen=True, slots=True)
class Account:
    """What is looked at when somebody logs in. `password`: its hash; None where they come from elsewhere."""

    id: str
    password: str | None
    disabled: datetime | None


@dataclass(frozen=True, slots=True)
class Known:
    """Whose a token is; `stale` where it was not written for an hour that they were here."""

    visitor: Visitor
    stale: bool


class People:
    """Visitors, their sessions, links. `days` after its last use a session ends."""

    def __init__(self, db: Database, days: int = 90) -> None:
        self.db = db
        self.life = timedelta(days=days)

    async def fact(self, name: str, fresh: str) -> str:
        """What the house remembers as `name`; where that is nothing yet, `fresh` from now on. Who asks at once gets the same."""
        kept = select(facts.c.value).where(facts.c.name == name)
        async with self.db.read() as connection:
            found: str | None = (await connection.execute(kept)).scalar_one_or_none()
        if found is not None:
            return found
        async with self.db.write() as connection:
            await connection.execute(insert_or(facts).values(name=name, value=fresh).on_conflict_do_nothing())
            return str((await connection.execute(kept)).scalar_one())

    async def signing_key(self) -> str:
        """What cookies are signed with: made once, kept in the database, so that no lost file loses a session."""
        return await self.fact("cookie_key", secrets.token_hex(32))

    # Sessions

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
            id = await _add(connection, Role.GUEST, "guest")
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

    # Accounts

    async def account(self, login: str) -> Account | None:
        """The account of that name, in the form that `login_of` gives it."""
        async with self.db.read() as connection:
            row = (await connection.execute(_account().where(visitors.c.login == login))).one_or_none()
        return Account(*row) if row else None

    async def add(self, login: str, password: str, *, name: str, role: Role = Role.MEMBER, group: Group = "member") -> str:
        """A new account; its id. `password` is hashed already.

        Raises: BadInput("login_taken").
        """
        try:
            async with self.db.write() as connection:
                return await _add(connection, role, group, name=name, login=login, password=password)
        except IntegrityError as error:
            raise BadInput("login_taken") from error

    async def set_password(self, id: str, password: str, *, ending: bool = True) -> None:
        """Keep another hash; with `ending` every browser that knows the account must log in again."""
        async with self.db.write() as connection:
            await connection.execute(update(visitors).where(visitors.c.id == id).values(password=password))
            if ending:
                await connection.execute(delete(sessions).where(sessions.c.visitor == id))

    async def elsewhere(self, provider: str, subject: str, name: str, *, adding: bool) -> Account | None:
        """The account of who is `subject` at `provider`, under the name they have there now; with `adding` a new member, else None.

        Who made an account without being asked is a guest in what the house pays for: whoever deletes it and comes again gains nothing.
        """
        theirs = (visitors.c.provider == provider, visitors.c.subject == subject)
        async with self.db.write() as connection:
            await connection.execute(update(visitors).where(*theirs).values(name=name))
            row = (await connection.execute(_account().where(*theirs))).one_or_none()
            if row is None and adding:
                return Account(await _add(connection, Role.MEMBER, "guest", name=name, provider=provider, subject=subject), None, None)
        return Account(*row) if row else None

    async def get(self, id: str) -> Person:
        """One of them.

        Raises: NotFound.
        """
        found = await self._list(visitors.c.id == id)
        if not found:
            raise NotFound()
        return found[0]

    async def everybody(self, search: str = "", *, accounts: bool = False) -> list[Person]:
        """Who is here, the last seen first, at most 500; those with `search` in their name or id, and with `accounts` no guests."""
        wanted: list[ColumnElement[bool]] = [visitors.c.role != Role.GUEST.value] if accounts else []
        if looked_for := search.strip()[:LONGEST_AGENT]:
            named = (visitors.c.name.icontains(looked_for, autoescape=True), visitors.c.id == looked_for)
            wanted.append(or_(visitors.c.login.contains(looked_for.casefold(), autoescape=True), *named))
        return await self._list(*wanted)

    async def _list(self, *wanted: ColumnElement[bool]) -> list[Person]:
        made = select(func.count()).where(generations.c.owner == visitors.c.id, generations.c.trashed.is_(None)).scalar_subquery()
        told = [visitors.c[name] for name in Person.model_fields if name != "made"]
        query = select(*told, made.label("made")).where(*wanted).order_by(visitors.c.seen.desc(), visitors.c.id.desc()).limit(MOST)
        async with self.db.read() as connection:
            rows = (await connection.execute(query)).all()
        return [Person.model_construct(**{**row._mapping, "role": Role(row.role)}) for row in rows]

    async def change(self, id: str, *, group: Group | None = None, role: Role | None = None, disabled: bool | None = None) -> None:
        """Set what is given; somebody who is disabled is forgotten by every browser.

        Raises: NotFound.
        """
        given: dict[str, Any] = {"group": group, "role": role.value if role else None}
        changes = {name: value for name, value in given.items() if value is not None}
        if disabled is not None:
            changes["disabled"] = values.now() if disabled else None
        async with self.db.write() as connection:
            kept = await connection.execute(update(visitors).where(visitors.c.id == id).values(changes or {"id": id}))
            if not kept.rowcount:
                raise NotFound()
            if disabled:
                await connection.execute(delete(sessions).where(sessions.c.visitor == id))

    async def disabled(self, among: Collection[str]) -> set[str]:
        """Which of these visitors are disabled."""
        query = select(visitors.c.id).where(visitors.c.id.in_(among), visitors.c.disabled.is_not(None))
        async with self.db.read() as connection:
            return set((await connection.execute(query)).scalars())

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

    async def sweep(self) -> int:
        """Forget sessions and links that have run out, and guests who made nothing and did not come back; how many guests those were."""
        at = values.now()
        theirs = (threads.c.owner, blobs.c.owner, generations.c.owner, keys.c.visitor, sessions.c.visitor)
        nothing = [~exists().where(column == visitors.c.id) for column in theirs]
        gone = (visitors.c.role == Role.GUEST.value, visitors.c.disabled.is_(None), visitors.c.seen < at - self.life)
        async with self.db.write() as connection:
            await connection.execute(delete(sessions).where(sessions.c.expires <= at))
            await connection.execute(delete(links).where(links.c.expires <= at - LINK))
            return (await connection.execute(delete(visitors).where(*gone, *nothing))).rowcount


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


def _account() -> Any:
    return select(visitors.c.id, visitors.c.password, visitors.c.disabled)


def _visitor(row: Kept, session: str) -> Visitor:
    return Visitor.model_construct(id=row.id, role=Role(row.role), group=row.group, name=row.name or row.login or "", session=session)


async def _add(connection: AsyncConnection, role: Role, group: Group, **given: str) -> str:
    id, at = new_id(), values.now()
    row = {"id": id, "role": role.value, "group": group, "name": "", "created": at, "seen": at, **given}
    await connection.execute(insert(visitors).values(row))
    return id


async def _keep_owner(connection: AsyncConnection) -> None:
    """The owner's row, which sessions need and local access does without."""
    at = values.now()
    row = {"id": OWNER.id, "role": OWNER.role.value, "group": OWNER.group, "name": "", "created": at, "seen": at}
    await connection.execute(insert_or(visitors).values(row).on_conflict_do_nothing())
