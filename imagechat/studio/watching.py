"""Watching a visitor's space: the first and the last change at once, between them at most ten a second."""

import asyncio
from collections.abc import AsyncGenerator

from imagechat.domain.visitors import Visitor
from imagechat.feed import Changes
from imagechat.studio.parts import Room

PACE = 0.1
"""Seconds between two changes that are not urgent: browsers draw slower than servers speak."""


class Watching(Room):
    """The verbs that look."""

    def busy(self, visitor: Visitor) -> list[str]:
        """The visitor's threads in which something waits or is made."""
        return sorted(self.parts.runner.busy(visitor.id))

    def version(self, visitor: Visitor) -> int:
        """The newest version of the visitor's space; read it before reading anything else, and watch from there."""
        return self.parts.feed.version(visitor.id)

    def changes(self, visitor: Visitor, since: int) -> Changes:
        """What changed after `since`, at once: for a tab that nobody looks at."""
        return self.parts.feed.since(visitor.id, since)

    async def watch(self, visitor: Visitor, since: int) -> AsyncGenerator[Changes]:
        """What changes in the visitor's space after `since`, for as long as somebody looks and the house is open."""
        feed = self.parts.feed
        changes = feed.since(visitor.id, since)
        if changes.reset:
            yield changes
            since = changes.version
        while await feed.newer(visitor.id, since):
            changes = feed.since(visitor.id, since)
            since = changes.version
            yield changes
            try:
                async with asyncio.timeout(PACE):
                    await feed.newer(visitor.id, since, urgent=True)
            except TimeoutError:
                pass
