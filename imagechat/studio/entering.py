"""Coming in and being known: guests, accounts, one-time links, the browsers that know a visitor, and who may look after others."""

import time
from collections import OrderedDict
from contextlib import suppress
from typing import Literal

from pydantic import Field

from imagechat.domain.values import Value
from imagechat.domain.visitors import OWNER, Group, Person, Role, Session, Visitor
from imagechat.errors import BadInput, HouseFault, NotFound, NotKnown, Refused
from imagechat.store.passwords import Passwords, login_of, new_login, shown_name
from imagechat.store.spaces import adopt
from imagechat.studio import devices
from imagechat.studio.adding import Adding
from imagechat.studio.parts import Parts, Room

FRESH = 5.0
"""Seconds for which it is believed who a token is: so soon somebody whom another process disabled is out."""
REMEMBERED = 4096
"""Tokens that are remembered at once, about 1 KB each."""


class Entered(Value):
    """Who came in, and the token by which their browser is known from now on. `device`: the mark of a browser that said a password."""

    visitor: Visitor
    token: str = Field(repr=False)
    device: str = Field(default="", repr=False)


class Remembered:
    """Who the newest tokens are, each for a few seconds."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[float, Visitor]] = OrderedDict()
        self.drops = 0

    def get(self, token: str) -> Visitor | None:
        """Whose the token is, where that is known freshly."""
        at, visitor = self._kept.get(token, (0.0, None))
        return visitor if visitor and time.monotonic() - at < FRESH else None

    def keep(self, token: str, visitor: Visitor, drops: int) -> None:
        """Remember what was read when so many drops had been: whoever was dropped meanwhile does not come back by it."""
        if drops != self.drops:
            return
        self._kept[token] = (time.monotonic(), visitor)
        self._kept.move_to_end(token)
        if len(self._kept) > REMEMBERED:
            self._kept.popitem(last=False)

    def drop(self, *, visitor: str | None = None, session: str | None = None) -> None:
        """Forget all of a visitor's tokens, or that of one session."""
        self.drops += 1
        gone = [token for token, (_, known) in self._kept.items() if known.id == visitor or (session and known.session == session)]
        for token in gone:
            del self._kept[token]


class Entering(Room):
    """The verbs of the door. `address` is the network address that somebody comes from, `agent` what their browser calls itself.

    With `guest`, who this browser was until now, all that the guest made goes to who they are from now on.
    """

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._remembered = Remembered()
        self._passwords = Passwords()

    @property
    def mode(self) -> Literal["local", "guests", "login"]:
        """Who may come in here."""
        return self.parts.settings.mode

    async def signing_key(self) -> str:
        """What cookies are signed with."""
        return await self.parts.people.signing_key()

    async def known(self, token: str) -> Visitor | None:
        """Whose `token` is; None for nobody's."""
        remembered = self._remembered.get(token)
        if remembered is not None:
            return remembered
        drops = self._remembered.drops
        known = await self.parts.people.known(token)
        if known is None:
            return None
        if known.stale:
            await self._saw(known.visitor)
        self._remembered.keep(token, known.visitor, drops)
        return known.visitor

    async def stands(self, visitor: Visitor) -> bool:
        """Whether the browser with which this visitor came is still known: for what goes on longer than a request."""
        return visitor.session is None or await self.parts.people.stands(visitor)

    async def _saw(self, visitor: Visitor) -> None:
        # A disk that is full keeps nobody out: it is written when there is room.
        with suppress(HouseFault):
            await self.parts.people.saw(visitor)

    async def arrive(self, address: str, agent: str) -> Entered:
        """A new guest. Raises: TooFast("guests")."""
        await self.parts.limits.hit_address("guests", address)
        visitor, token = await self.parts.people.arrive(agent)
        return Entered(visitor=visitor, token=token)

    async def log_in(
        self, address: str, login: str, password: str, agent: str, *, guest: Visitor | None = None, device: str = ""
    ) -> Entered:  # fmt: skip
        """Come in by name and password; `device` is the mark that this browser was given when it last did.

        Raises: NotKnown("wrong" | "disabled"), TooFast("logins" | "names").
        """
        name = _name(login)
        account = await self.parts.people.account(name) if name else None
        known = devices.number_of(await self.signing_key(), account.id, device) if account and device else ""
        await self._count(address, name, known)
        right = await self._passwords.fits(password, account.password if account else None)
        if account is None or account.password is None or not right:
            # Of nobody's account it may be a password, typed into the wrong field.
            await self.parts.audit.note("", "login.failed", name if account else "unknown")
            raise NotKnown("wrong")
        if account.disabled:
            await self.parts.audit.note(account.id, "login.refused", name)
            raise NotKnown("disabled")
        if self._passwords.stale(account.password):
            await self.parts.people.set_password(account.id, await self._passwords.hashed(password), ending=False)
        entered = await self._enter(await self.parts.people.begin(account.id, agent), "login", guest)
        return await self._marked(entered)

    async def _marked(self, entered: Entered) -> Entered:
        return entered.again(device=devices.marked(await self.signing_key(), entered.visitor.id))

    async def sign_up(self, address: str, login: str, password: str, agent: str, *, guest: Visitor | None = None) -> Entered:
        """Make an account and come in; in what the house pays for such a member is a guest, until an admin says otherwise.

        Raises: NotKnown("closed"), BadInput("login_taken" | "login_form" | "login_scripts" | "short_password"), TooFast.
        """
        if not (self.parts.settings.door.signup and self.parts.settings.mode == "login"):
            raise NotKnown("closed")
        await self._count(address, "")
        name, people = new_login(login), self.parts.people
        if name == OWNER.id or await people.account(name):  # The owner's place in every list is called so.
            raise BadInput("login_taken")
        id = await people.add(name, await self._passwords.hashed(password), name=shown_name(login), group="guest")
        await self.parts.audit.note(id, "account.made", id, name=name)
        return await self._marked(await self._enter(await people.begin(id, agent), "sign_up", guest))

    async def come_from(
        self, provider: str, subject: str, name: str, agent: str, *, owner: bool, guest: Visitor | None = None
    ) -> Entered:  # fmt: skip
        """Come in as who `provider` says they are: the owner, or who has an account from there. Raises: NotKnown("closed" | "disabled").

        Who has none gets one where people can make accounts for themselves, and where everybody is let in as a guest anyway.
        """
        people, settings = self.parts.people, self.parts.settings
        if owner:
            return await self._enter(await people.begin(OWNER.id, agent), provider, guest)
        account = await people.elsewhere(provider, subject, name, adding=settings.door.signup or settings.mode == "guests")
        if account is None:
            await self.parts.audit.note("", "login.failed", name, provider=provider)
            raise NotKnown("closed")
        return await self._enter(await people.begin(account.id, agent), provider, guest)

    async def use_link(self, address: str, token: str, agent: str, *, guest: Visitor | None = None) -> Entered:
        """Come in by a one-time link. Raises: NotKnown("link"), TooFast("logins")."""
        await self._count(address, "")
        try:
            entered = await self.parts.people.use_link(token, agent)
        except NotKnown:
            await self.parts.audit.note("", "link.failed")
            raise
        return await self._enter(entered, "link", guest)

    async def make_link(self, visitor: Visitor) -> str:
        """The token of a one-time link for another of the owner's browsers. Raises: Refused("owner_only")."""
        if visitor.role is not Role.OWNER:
            raise Refused("owner_only")
        await self.parts.audit.note(visitor.id, "link.made")
        return await self.parts.people.make_link(visitor.id)

    async def log_out(self, visitor: Visitor) -> None:
        """Forget the browser that this visitor came with."""
        if visitor.session is not None:
            await self.end_session(visitor, visitor.session)

    async def sessions(self, visitor: Visitor) -> list[Session]:
        """The browsers that know this visitor, the last used first."""
        return await self.parts.people.sessions(visitor.id)

    async def end_session(self, visitor: Visitor, session: str) -> None:
        """Forget one of the visitor's browsers. Raises: NotFound."""
        ended = await self.parts.people.end_session(visitor.id, session)
        self._remembered.drop(session=session)
        if not ended:
            raise NotFound()
        await self.parts.audit.note(visitor.id, "session.ended", session)

    async def people(self, visitor: Visitor, search: str = "") -> list[Person]:
        """Everybody who has a space, the last seen first, for admins. Raises: NotFound."""
        _admin(visitor)
        await self.parts.audit.note(visitor.id, "people.looked", search=search)
        return await self.parts.people.everybody(search)

    async def set_person(
        self, visitor: Visitor, id: str, *, group: Group | None = None, disabled: bool | None = None, role: Role | None = None
    ) -> Person:
        """Change what somebody is. An admin looks after guests and members; who is an admin, the owner says; nobody changes the owner.

        Who is disabled is forgotten by every browser, and what is being made for them ends; what came is kept.

        Raises: NotFound, Refused("owner_only"), BadInput("guest_role").
        """
        _admin(visitor)
        person = await self.parts.people.get(id)
        _allow(visitor, person, group, role)
        await self.parts.people.change(id, group=group, role=role, disabled=disabled)
        self._remembered.drop(visitor=id)
        given = {"group": group, "role": role.value if role else None, "disabled": disabled}
        await self.parts.audit.note(visitor.id, "person.set", id, **{name: value for name, value in given.items() if value is not None})
        if disabled:
            await self._stop(self.parts.runner.owners().get(id, []))
        return await self.parts.people.get(id)

    async def stop_disabled(self) -> None:
        """End what is made for those who are disabled, by whichever process."""
        owners = self.parts.runner.owners()
        for id in await self.parts.people.disabled(owners) if owners else ():
            self._remembered.drop(visitor=id)
            await self._stop(owners[id])

    async def _stop(self, jobs: list[str]) -> None:
        for job in jobs:
            await self.parts.runner.cancel(job)

    async def knock(self, address: str) -> None:
        """Count a try to come in that somebody else has to be asked about. Raises: TooFast("logins")."""
        await self._count(address, "")

    async def _count(self, address: str, name: str, device: str = "") -> None:
        """Count a try: from this address and for this name, or of a browser that is known there, whatever strangers try.

        Raises: TooFast("logins" | "names").
        """
        limits = self.parts.limits
        await limits.hit_address("logins", f"device {device}" if device else address)
        if name and not device:
            await limits.hit_address("names", f"name {name}")

    async def _enter(self, begun: tuple[Visitor, str], by: Literal["login", "sign_up", "link"] | str, guest: Visitor | None) -> Entered:
        visitor, token = begun
        if guest is not None and guest.role is Role.GUEST and guest.id != visitor.id:
            if await adopt(self.parts.database, guest.id, visitor.id):
                self.parts.feed.reset(visitor.id)
            await Adding(self.parts).bring(guest, visitor)
            self._remembered.drop(visitor=guest.id)
        await self.parts.audit.note(visitor.id, "login", visitor.id, by=by)
        return Entered(visitor=visitor, token=token)


def _name(login: str) -> str:
    """An account's name as it is looked for; "" for what none can be called."""
    try:
        return login_of(login)
    except BadInput:
        return ""


def _admin(visitor: Visitor) -> None:
    if not visitor.admin:
        raise NotFound()


def _allow(visitor: Visitor, person: Person, group: Group | None, role: Role | None) -> None:
    """Raise what stands against such a change of this person by this visitor."""
    if person.role is Role.OWNER:
        raise Refused("owner_only")
    touches = role is not None or person.role is Role.ADMIN
    if touches and visitor.role is not Role.OWNER:
        raise Refused("owner_only")
    guest = person.role is Role.GUEST
    if role in (Role.OWNER, Role.GUEST) or (guest and role is not None) or group == "owner" or (guest and group == "member"):
        raise BadInput("guest_role")
