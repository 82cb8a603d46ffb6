"""Who asks. Every verb of the studio takes a visitor."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from imagechat.domain.values import Value


class Role(StrEnum):
    """What a visitor may do beyond their own space."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    GUEST = "guest"


Group = Literal["owner", "guest", "member", "trusted"]
"""Whom a budget and an offer of models is for. The owner is a group of their own."""


class Visitor(Value):
    """One person's space: `id` owns every row made there. `session` is the id of the session that they came with, None where place alone
    says who it is; `name` is what an account is called, "" for the others.
    """

    id: str
    role: Role = Role.GUEST
    group: Group = "guest"
    name: str = ""
    session: str | None = None

    @property
    def admin(self) -> bool:
        """Whether they may look after others: see who uses what, set budgets, decide reports."""
        return self.role in (Role.OWNER, Role.ADMIN)


OWNER = Visitor(id="owner", role=Role.OWNER, group="owner")
"""The one whose app this is: the same id in every access mode, so that their library stays theirs."""


class Person(Value):
    """A visitor as an admin sees them. `login`: the name of their account, None for a guest; `made`: how many pictures they keep."""

    id: str
    role: Role
    group: Group
    name: str = ""
    login: str | None = None
    provider: str | None = None
    disabled: datetime | None = None
    created: datetime
    seen: datetime
    made: int = 0


class Session(Value):
    """One browser that knows its visitor by a cookie. `agent`: what the browser calls itself, shortened."""

    id: str
    visitor: str
    created: datetime
    seen: datetime
    expires: datetime
    agent: str = ""
