"""Pictures that are added to a message: where they lie until it is sent, apart for each visitor."""

import hashlib
from pathlib import Path

from imagechat.domain.visitors import Visitor
from imagechat.studio.parts import Room

TRANSIT = "uploads-in-transit"
"""The folder, under that of all data, where what was added to a message lies until the message is sent."""


class Adding(Room):
    """The verbs of adding."""

    def transit(self, visitor: Visitor) -> Path:
        """The folder of what this visitor added; nobody else's request gets at it. It need not be there yet."""
        return (self.parts.data_dir / TRANSIT / hashlib.sha256(visitor.id.encode()).hexdigest()[:32]).absolute()

    async def add(self, visitor: Visitor) -> None:
        """Count one file that is being added. Raises: TooFast("upload")."""
        await self.parts.limits.hit("upload", visitor)
