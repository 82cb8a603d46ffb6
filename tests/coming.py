"""People who come in: an account, an admin, what they are refused, and what is written down of it."""

from collections.abc import Awaitable

import pytest

from imagechat.bootstrap import House
from imagechat.domain.visitors import Role, Visitor
from imagechat.errors import ImageChatError
from imagechat.store.passwords import Passwords

HOME, PASSWORD = "192.0.2.7", "correct horse battery"
FREE = {"on": "off"}


async def account(house: House, login: str = "ann", **facts: object) -> str:
    return await house.people.add(login, await Passwords().hashed(PASSWORD), name=login.title(), **facts)  # type: ignore[arg-type]


async def admin(house: House, login: str = "ada") -> Visitor:
    await account(house, login, role=Role.ADMIN)
    return (await house.studio.log_in(HOME, login, PASSWORD, "")).visitor


async def refused(asked: Awaitable[object], kind: type[ImageChatError], reason: str) -> None:
    with pytest.raises(kind) as refusal:
        await asked
    assert refusal.value.reason == reason


async def actions(house: House) -> list[tuple[str, str, str]]:
    return [(line.actor, line.action, line.subject) for line in (await house.audit.page()).items]
