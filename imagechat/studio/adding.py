"""Pictures that are added to a message: where they lie until it is sent, apart for each visitor."""

import asyncio
import hashlib
from contextlib import suppress
from pathlib import Path

from imagechat.domain.visitors import OWNER, Visitor
from imagechat.studio.crowd import Taking
from imagechat.studio.parts import Room

TRANSIT = "uploads-in-transit"
"""The folder, under that of all data, where what was added to a message lies until the message is sent."""
WAITING = 32
"""How many of the largest files a visitor may have waiting; of more the oldest go."""


class Adding(Room):
    """The verbs of adding."""

    def transit(self, visitor: Visitor) -> Path:
        """The folder of what this visitor added; nobody else's request gets at it. It need not be there yet."""
        return (self.parts.data_dir / TRANSIT / hashlib.sha256(visitor.id.encode()).hexdigest()[:32]).absolute()

    def waiting(self, visitor: Visitor) -> int:
        """How many bytes of this visitor's may lie there: never more than they may keep."""
        settings = self.parts.settings
        most = WAITING * int(settings.uploads.megabytes * 2**20)
        quota = self._quota(visitor)
        return most if quota is None or quota.most is None else min(most, quota.most)

    async def bring(self, guest: Visitor, visitor: Visitor) -> None:
        """What a guest added and did not send yet goes along with them; the page knows it by the same paths there."""
        await asyncio.to_thread(_move, self.transit(guest), self.transit(visitor))

    def taking(self, visitor: Visitor) -> Taking:
        """What one request of this visitor's brings; it counts where they are one of the guests."""
        return Taking(self.parts.crowd, bounded=self.parts.crowd.most(visitor) is not None)

    async def add(self, visitor: Visitor, taking: Taking) -> None:
        """Count one file that is being added. Raises: TooFast("upload"), SpaceFull("guests")."""
        await self.parts.limits.hit("upload", visitor)
        await self.find_room(taking)

    async def find_room(self, taking: Taking) -> None:
        """Ask how much room guests have now. Raises: SpaceFull("guests")."""
        if not taking.bounded:
            return
        taking.kept = await self.parts.blobs.guests_take()
        if taking.stands.used >= taking.stands.most and self.parts.crowd.stale:
            await self.count_waiting()
        taking.take(0)

    async def count_waiting(self) -> None:
        """Look anew how much of guests' files lies in transit."""
        if self.parts.crowd.bound is not None:
            others = [OWNER.id, *await self.parts.people.unbounded()]
            await self.parts.crowd.look({self.transit(Visitor(id=id)).name for id in others})


def _move(old: Path, new: Path) -> None:
    if not old.is_dir():
        return
    new.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in old.iterdir():
        with suppress(OSError):  # It is swept in a day.
            path.rename(new / path.name)
