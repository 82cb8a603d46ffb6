"""People: who has a space, their accounts, and who is forgotten when."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or
from sqlalchemy.exc import IntegrityError

from imagechat.domain import values
from imagechat.domain.visitors import Group, Person, Role
from imagechat.errors import BadInput, NotFound
from imagechat.store.sessions import LINK, LONGEST_AGENT, Sessions, add_visitor
from imagechat.store.tables import blobs, facts, generations, keys, links, sessions, threads, visitors

MOST = 500
"""People in one list."""


@dataclass(frozen=True, slots=True)
class Account:
    """What is looked at when somebody logs in. `password`: its hash; None where they come from elsewhere."""

    id: str
    password: str | None
    disabled: datetime | None


class People(Sessions):
    """Visitors and their accounts, with the sessions by which browsers know them."""

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

    async def account(self, login: str) -> Account | None:
        """The account of that name, in the form that `login_of` gives it."""
        async with self.db.read() as connection:
            row = (await connection.execute(_account().where(visitors.c.login == login))).one_or_none()
        return Account(*row) if row else None

    async def account_of(self, id: str) -> Account | None:
        """The same of a visitor; None for an id that nobody has. Guests have one without a password."""
        async with self.db.read() as connection:
            row = (await connection.execute(_account().where(visitors.c.id == id))).one_or_none()
        return Account(*row) if row else None

    async def add(self, login: str, password: str, *, name: str, role: Role = Role.MEMBER, group: Group = "member") -> str:
        """A new account; its id. `password` is hashed already.

        Raises: BadInput("login_taken").
        """
        try:
            async with self.db.write() as connection:
                return await add_visitor(connection, role, group, name=name, login=login, password=password)
        except IntegrityError as error:
            raise BadInput("login_taken") from error

    async def set_password(self, id: str, password: str, *, ending: bool = True) -> None:
        """Keep another hash; with `ending` every browser that knows the account must log in again."""
        async with self.db.write() as connection:
            await connection.execute(update(visitors).where(visitors.c.id == id).values(password=password))
            if ending:
                await connection.execute(delete(sessions).where(sessions.c.visitor == id))

    async def change_password(self, id: str, session: str, old: str, new: str) -> bool:
        """Keep the hash `new` in place of `old`: every browser but that of `session` must log in again.

        False, and nothing is changed, where another hash is kept by now or the session was ended.
        """
        stands = exists().where(sessions.c.id == session, sessions.c.visitor == id)
        theirs = (visitors.c.id == id, visitors.c.password == old, visitors.c.disabled.is_(None), stands)
        async with self.db.write() as connection:
            changed = await connection.execute(update(visitors).where(*theirs).values(password=new))
            if changed.rowcount:
                await connection.execute(delete(sessions).where(sessions.c.visitor == id, sessions.c.id != session))
        return bool(changed.rowcount)

    async def elsewhere(self, provider: str, subject: str, name: str, *, adding: bool) -> Account | None:
        """The account of who is `subject` at `provider`, under the name they have there now; with `adding` a new member, else None.

        Who made an account without being asked is a guest in what the house pays for: whoever deletes it and comes again gains nothing.
        """
        theirs = (visitors.c.provider == provider, visitors.c.subject == subject)
        async with self.db.write() as connection:
            await connection.execute(update(visitors).where(*theirs).values(name=name))
            row = (await connection.execute(_account().where(*theirs))).one_or_none()
            if row is None and adding:
                return Account(
                    await add_visitor(connection, Role.MEMBER, "guest", name=name, provider=provider, subject=subject), None, None
                )
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

    async def names(self, among: Collection[str]) -> dict[str, str]:
        """What those of these ids are called who are here, "" for guests."""
        query = select(visitors.c.id, visitors.c.name).where(visitors.c.id.in_(among))
        async with self.db.read() as connection:
            return {row.id: row.name for row in await connection.execute(query)}

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

    async def unbounded(self) -> list[str]:
        """Whose files do not count among those of all guests: members and admins."""
        counted = (visitors.c.group == "guest", visitors.c.role != Role.ADMIN.value)
        async with self.db.read() as connection:
            return list((await connection.execute(select(visitors.c.id).where(~and_(*counted)))).scalars())

    async def disabled(self, among: Collection[str]) -> set[str]:
        """Which of these visitors are disabled."""
        query = select(visitors.c.id).where(visitors.c.id.in_(among), visitors.c.disabled.is_not(None))
        async with self.db.read() as connection:
            return set((await connection.execute(query)).scalars())

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


def _account() -> Any:
    return select(visitors.c.id, visitors.c.password, visitors.c.disabled)
