"""All guests together: what of theirs lies in transit, and that whoever runs the house hears when their room is full.

What they keep is summed by the database. What they add lies in transit besides, sent or not, until it is swept after a day: that is what
"waits" here, counted as it comes, and looked at anew each hour. Pictures are asked for
while there is room, so the bound can be passed by what all guests had in the queue at that moment (`IMAGECHAT_RUNNER__QUEUE` jobs and those
that run), partial pictures among it; files can pass it by what is kept while one of them arrives, at most one file for each upload under
way. Before the first look after a start, what waited from before is not known yet.
"""

import asyncio
import logging
import os
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from imagechat.domain.visitors import Visitor
from imagechat.errors import SpaceFull
from imagechat.store.quota import Bound, check

log = logging.getLogger(__name__)
QUIET = 3600.0
"""Seconds in which a room that stays full is told of once."""
AGAIN = 60.0
"""Seconds between two looks at what waits where there is no room: some may have gone meanwhile."""


class Crowd:
    """`bound`: bytes that all guests together may take, None where nothing bounds them; `folder`: where lies what waits, of everybody.

    To be used from one event loop.
    """

    def __init__(self, bound: int | None, folder: Path) -> None:
        self.bound, self.folder = bound, folder
        self.waiting = 0
        self._looking = asyncio.Lock()
        self._looked = self._told = float("-inf")

    def most(self, visitor: Visitor) -> int | None:
        """What holds for this visitor with all the others: guests, and who made their account themselves; never for an admin."""
        return self.bound if visitor.group == "guest" and not visitor.admin else None

    @property
    def stale(self) -> bool:
        """Whether it is worth while to look again at what waits."""
        return self.bound is not None and time.monotonic() - self._looked > AGAIN

    async def look(self, others: Collection[str]) -> None:
        """Count what waits on the disk anew, but for the folders of `others`, who are no guests; with what comes meanwhile."""
        async with self._looking:
            self._looked, before = time.monotonic(), self.waiting
            found = await asyncio.to_thread(lambda: sum(_sizes(self.folder, others)))
            self.waiting = found + max(0, self.waiting - before)

    @contextmanager
    def told(self) -> Iterator[None]:
        """Log a refusal for all guests' sake, once an hour however many there are."""
        try:
            yield
        except SpaceFull as fault:
            if fault.reason == "guests" and time.monotonic() - self._told > QUIET:
                self._told = time.monotonic()
                log.warning(
                    "the room for all guests' files (IMAGECHAT_DISK__GUESTS_TOGETHER) is full: "
                    "their uploads and new pictures are refused until there is more",
                    extra={"megabytes": fault.facts["used"], "most": fault.facts["most"]},
                )
            raise


class Taking:
    """What one request adds of a guest's, from its first byte on; nothing of anybody else's is counted (`bounded` is False)."""

    def __init__(self, crowd: Crowd, *, bounded: bool) -> None:
        self.crowd, self.bounded = crowd, bounded
        self.kept, self._size = 0, 0
        """`kept`: bytes of all guests' kept files, as they were last asked for."""

    @property
    def stands(self) -> Bound:
        """How it stands with what all guests may take."""
        return Bound("guests", self.kept + self.crowd.waiting, self.crowd.bound or 0)

    def take(self, size: int) -> None:
        """Count so many bytes that come now, or, with 0, see that there is room for anything at all. Raises: SpaceFull("guests")."""
        if self.bounded:
            with self.crowd.told():
                check(self.stands, size or 1, size)
            self.crowd.waiting += size
            self._size += size

    def end(self, stayed: int) -> None:
        """The request is over; so many of its bytes lie there now, less what was let go for them."""
        if self.bounded:
            self.crowd.waiting = max(0, self.crowd.waiting + stayed - self._size)
            self._size = 0


def _sizes(folder: Path, others: Collection[str]) -> Iterator[int]:
    for theirs in folder.iterdir() if folder.is_dir() else ():
        for place, _, names in os.walk(theirs) if theirs.name not in others else ():  # Which folders go meanwhile does not matter to it.
            for name in names:
                with suppress(OSError):
                    yield Path(place, name).stat().st_size
