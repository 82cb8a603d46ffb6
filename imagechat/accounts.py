"""`app.py user`, `link` and `secret`: accounts, the owner link, a new secret, from the terminal of whoever runs ImageChat.

They work beside a running app: the data folder's lock is its own, the database takes several processes.
"""

import argparse
import asyncio
import getpass
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from imagechat import announcing, ground
from imagechat.domain.visitors import Person, Role
from imagechat.errors import BadInput, CannotStart, ImageChatError, NotFound
from imagechat.i18n import Locale, locale
from imagechat.secret import Secrets
from imagechat.settings import Settings
from imagechat.store.audit import Audit
from imagechat.store.database import Database
from imagechat.store.keyring import Keyring
from imagechat.store.passwords import Passwords, check_password, login_of, new_login, shown_name
from imagechat.store.people import People
from imagechat.store.upgrade import current

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PATIENCE = 10.0
"""Seconds that a start which is just making the database is waited for."""
TERMINAL = "terminal"
"""Who did it, in the audit log: somebody who may read and write the data folder."""


def run(settings: Settings, asked: argparse.Namespace) -> int:
    """Do what was asked; the exit status."""
    words = locale(settings.locale)
    if _fresh(settings) and getattr(asked, "deed", "") != "add":
        print(words.say("terminal.no_house", path=str(settings.data_dir.absolute())), file=sys.stderr)
        return 2
    try:
        asyncio.run(_run(settings, asked, words))
    except ImageChatError as refusal:
        print(words.error(refusal.code, refusal.reason, refusal.facts), file=sys.stderr)
        return 1
    except (EOFError, KeyboardInterrupt):
        print(words.say("terminal.stopped"), file=sys.stderr)
        return 1
    return 0


def _fresh(settings: Settings) -> bool:
    """Whether no ImageChat ever began in this data folder: only a new account has a reason to make one there."""
    return not any((settings.data_dir / name).exists() for name in ("imagechat.db", "lock"))


async def _run(settings: Settings, asked: argparse.Namespace, words: Locale) -> None:
    deed = DEEDS[getattr(asked, "deed", "link")]
    async with _opened(settings) as database:
        await deed(_Desk(settings, asked, words, database))


@asynccontextmanager
async def _opened(settings: Settings) -> "AsyncIterator[Database]":
    """The newest database; where there is none yet it is made as a start makes it.

    Raises: CannotStart, also ("in_use") where an app of another version is running.
    """
    path, late = settings.data_dir / "imagechat.db", time.monotonic() + PATIENCE
    while not current(path):
        try:
            ground.prepare(settings).close()
        except CannotStart as fault:
            if fault.reason != "in_use" or time.monotonic() > late:
                raise
            await asyncio.sleep(0.2)
    database = Database.at(path)
    try:
        yield database
    finally:
        await database.close()


class _Desk:
    """What each deed needs."""

    def __init__(self, settings: Settings, asked: argparse.Namespace, words: Locale, database: Database) -> None:
        self.settings, self.asked, self.words = settings, asked, words
        self.people, self.audit, self.passwords = People(database, settings.door.days), Audit(database), Passwords()

    def say(self, key: str, **facts: object) -> None:
        """Tell it on the terminal."""
        print(self.words.say(key, **facts))

    def password(self) -> str:
        """A new password, typed twice without being shown, or the first line of what is piped in.

        Raises: BadInput("short_password" | "long_password" | "passwords_differ").
        """
        if not sys.stdin.isatty():
            given = sys.stdin.readline().rstrip("\r\n")
            check_password(given)
            return given
        given = getpass.getpass(self.words.say("terminal.password"))
        check_password(given)
        if getpass.getpass(self.words.say("terminal.again")) != given:
            raise BadInput("passwords_differ")
        return given

    async def person(self) -> Person:
        """Whose account it is, by its name, or by an id as `user list` shows it for people from elsewhere.

        Raises: NotFound("account").
        """
        given = self.asked.name
        try:
            account = await self.people.account(login_of(given))
            found = await self.people.get(account.id if account else given)
        except (BadInput, NotFound):
            raise NotFound("account", name=given) from None
        if found.role is Role.OWNER:
            raise NotFound("account", name=given)
        return found


async def _add(desk: _Desk) -> None:
    login = new_login(desk.asked.name)
    if await desk.people.account(login):
        raise BadInput("login_taken")
    password = await desk.passwords.hashed(desk.password())
    role, group = Role(desk.asked.role), desk.asked.group
    id = await desk.people.add(login, password, name=shown_name(desk.asked.name), role=role, group=group)
    await desk.audit.note(TERMINAL, "account.made", id, name=login, role=role.value, group=group)
    desk.say("terminal.added", name=login)
    if desk.settings.mode != "login":
        desk.say("terminal.not_login")


async def _passwd(desk: _Desk) -> None:
    person = await desk.person()
    if person.login is None:
        raise NotFound("account", name=desk.asked.name)
    await desk.people.set_password(person.id, await desk.passwords.hashed(desk.password()))
    await desk.audit.note(TERMINAL, "password.set", person.id)
    desk.say("terminal.changed", name=person.login)


async def _disable(desk: _Desk) -> None:
    person = await desk.person()
    await desk.people.change(person.id, disabled=True)
    await desk.audit.note(TERMINAL, "person.set", person.id, disabled=True)
    desk.say("terminal.disabled", name=_called(person))


async def _enable(desk: _Desk) -> None:
    person = await desk.person()
    await desk.people.change(person.id, disabled=False)
    await desk.audit.note(TERMINAL, "person.set", person.id, disabled=False)
    desk.say("terminal.enabled", name=_called(person))


async def _list(desk: _Desk) -> None:
    everybody = [each for each in await desk.people.everybody(accounts=True) if each.role is not Role.OWNER]
    if not everybody:
        desk.say("terminal.nobody")
    for each in sorted(everybody, key=_called):
        state = desk.words.say("terminal.off" if each.disabled else "terminal.on", day=(each.disabled or each.seen).date())
        whence = "" if each.login else f"{each.provider}: {each.name}"
        print("  ".join(filter(None, (f"{_called(each):<26}", f"{each.role.value:<6}", f"{each.group:<7}", state, whence))))


async def _link(desk: _Desk) -> None:
    token = await desk.people.make_link()
    await desk.audit.note(TERMINAL, "link.made")
    print(announcing.link(desk.settings, token))
    print(announcing.invited(desk.settings, desk.words), file=sys.stderr)


async def _rotate(desk: _Desk) -> None:
    secrets = Secrets(desk.settings)
    await asyncio.to_thread(secrets.rotate)
    found = await Keyring(desk.people.db, secrets).renew()
    await desk.audit.note(TERMINAL, "secret.rotated", keys=found.anew)
    desk.say("terminal.secret.rotated", file=str(secrets.file.absolute()), anew=found.anew)
    if found.unreadable:
        desk.say("terminal.secret.unreadable", count=found.unreadable)


def _called(person: Person) -> str:
    return person.login or person.id


DEEDS: dict[str, Callable[[_Desk], Awaitable[None]]] = {
    "add": _add, "passwd": _passwd, "disable": _disable, "enable": _enable, "list": _list, "link": _link,
    "rotate": _rotate,
}  # fmt: skip
