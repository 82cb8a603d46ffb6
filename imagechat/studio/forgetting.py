"""What guests left behind whom no browser knows any more: nobody can reach it, so it goes by itself, in portions."""

import asyncio
import logging
import shutil
from datetime import timedelta

from imagechat.domain import values
from imagechat.domain.visitors import Role, Visitor
from imagechat.store import forgotten, spaces
from imagechat.studio.adding import Adding
from imagechat.studio.parts import Room

log = logging.getLogger(__name__)
PORTION = 20
"""Guests who are noted in one transaction, and told of in one line of the audit log."""
REST = 0.05
"""Seconds between two steps: whoever waits to write comes first."""
HOUSE = "house"
"""Who did it, in the audit log: nobody in person."""


class Forgetting(Room):
    """The verb of forgetting, which nobody asks for, and how long that takes."""

    def kept_for(self, visitor: Visitor) -> int | None:
        """Days after a guest's last visit when what they made is deleted; None where it never is."""
        settings = self.parts.settings
        guest, after = visitor.role is Role.GUEST, settings.disk.forgotten_guests
        return settings.door.days + after if guest and after else None

    async def forget_guests(self) -> int:
        """Delete, as "delete all my data" would, what guests left `disk.forgotten_guests` days after they were forgotten; how many it were.

        Guests whose deletion a dead process began go first. What cannot go now is tried again the next time. Raises: HouseFault.
        """
        gone = [await self._forgotten(each) for each in await forgotten.begun(self.parts.database)]
        settings = self.parts.settings
        days = timedelta(days=settings.door.days + settings.disk.forgotten_guests)
        while settings.disk.forgotten_guests and (going := await forgotten.begin(self.parts.database, values.now() - days, PORTION)):
            await self.parts.audit.note(HOUSE, "guests.forgotten", count=len(going))
            gone += [await self._forgotten(each) for each in going]
        if any(gone):
            await forgotten.tidy(self.parts.database)
            log.info("deleted what guests left behind whom no browser knows", extra={"guests": sum(gone)})
        return sum(gone)

    async def _forgotten(self, going: spaces.Going) -> bool:
        """Files first, then rows by portions, then who they were: after a crash in the middle the rows still say which files were meant."""
        db, id = self.parts.database, going.id
        await asyncio.to_thread(shutil.rmtree, Adding(self.parts).transit(Visitor(id=id)), ignore_errors=True)
        for file in await spaces.files(db, id):
            await self.parts.blobs.remove([file])
        for portion in await forgotten.portions(db, id):
            if not await forgotten.thin(db, id, portion):
                return False
            await asyncio.sleep(REST)
        if await spaces.erase(db, going, stays=False, emptied=True) is None:
            return False
        await spaces.left(db, id, forgotten.FORGETTING)
        await asyncio.sleep(REST)
        return True
