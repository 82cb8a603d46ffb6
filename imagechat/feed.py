"""Each visitor's space has a rising version; here stands what changed in it last, newest value only.

Who comes late, reloads or opens a second tab gets the newest; who was away for longer than is remembered is told to read anew.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from imagechat.domain.jobs import JobState
from imagechat.domain.records import Generation, Thread, Turn

Kind = Literal["job", "turn", "thread", "picture"]
Thing = JobState | Turn | Thread | Generation
REMEMBERED = 400
QUIET = 120.0
"""Seconds after which a space that nobody looked at is forgotten; an open tab looks more often, or waits."""
LOOK = 20.0
"""Seconds between two looks for such spaces."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed in a space up to `version`. `reset`: more than is remembered, so read everything anew."""

    version: int
    reset: bool = False
    jobs: tuple[JobState, ...] = ()
    turns: tuple[Turn, ...] = ()
    threads: tuple[Thread, ...] = ()
    pictures: tuple[Generation, ...] = ()


@dataclass(slots=True)
class _Space:
    version: int
    horizon: int
    urgent: int
    marks: OrderedDict[tuple[Kind, str], tuple[int, Callable[[], Thing]]] = field(default_factory=OrderedDict)
    waiters: set[asyncio.Future[None]] = field(default_factory=set)
    used: float = field(default_factory=time.monotonic)

    def wake(self) -> None:
        """Have everybody who waits look again."""
        for waiter in self.waiters:
            if not waiter.done():
                waiter.set_result(None)


class Feed:
    """All spaces of this process. To be used from its event loop only.

    Versions begin at the process's birth in milliseconds, so that they rise across restarts too. A space that was forgotten begins anew
    above all that were told of it: who comes back to it after a change is told to read anew.
    """

    def __init__(self) -> None:
        self._born = time.time_ns() // 1_000_000
        self._swept = time.monotonic()
        self._spaces: dict[str, _Space] = {}
        self._closed = False

    def version(self, owner: str) -> int:
        """The newest version of `owner`'s space."""
        return self._space(owner).version

    def touch(self, owner: str, kind: Kind, key: str, newest: Callable[[], Thing], *, urgent: bool = True) -> int:
        """Say that `key` changed; `newest` gives its value when somebody looks. Only what is urgent is shown without pacing."""
        space = self._space(owner)
        space.version += 1
        space.marks[kind, key] = (space.version, newest)
        space.marks.move_to_end((kind, key))
        if len(space.marks) > REMEMBERED:
            space.horizon = space.marks.popitem(last=False)[1][0]
        if urgent:
            space.urgent = space.version
        space.wake()
        return space.version

    def reset(self, owner: str) -> None:
        """Have everybody who watches read anew, and forget what changed: it is somebody else's now, or gone."""
        space = self._space(owner)
        space.version += 1
        space.horizon = space.urgent = space.version
        space.marks.clear()
        space.wake()

    def since(self, owner: str, version: int) -> Changes:
        """What changed after `version`, newest values."""
        space = self._space(owner)
        if not space.horizon <= version <= space.version:
            return Changes(space.version, reset=True)
        found: dict[Kind, list[Thing]] = {"job": [], "turn": [], "thread": [], "picture": []}
        for (kind, _), (changed, newest) in reversed(space.marks.items()):
            if changed <= version:
                break
            found[kind].append(newest())
        jobs, turns, threads, pictures = (tuple(reversed(things)) for things in found.values())
        return Changes(space.version, False, jobs, turns, threads, pictures)  # type: ignore[arg-type]

    async def newer(self, owner: str, version: int, *, urgent: bool = False) -> bool:
        """Wait until the space has something newer than `version`; with `urgent`, something that cannot wait. False: it never will."""
        space = self._space(owner)
        while (space.urgent if urgent else space.version) <= version:
            if self._closed:
                return False
            waiter = asyncio.get_running_loop().create_future()
            space.waiters.add(waiter)
            try:
                await waiter
            finally:
                space.waiters.discard(waiter)
        return True

    def close(self) -> None:
        """Let everybody go who waits: what will happen has happened."""
        self._closed = True
        for space in self._spaces.values():
            space.wake()

    def _space(self, owner: str) -> _Space:
        self._sweep()
        if owner not in self._spaces:
            self._spaces[owner] = _Space(self._born, self._born, self._born)
        space = self._spaces[owner]
        space.used = time.monotonic()
        return space

    def _sweep(self) -> None:
        """Forget the spaces of those who left, once in a while."""
        now = time.monotonic()
        if now - self._swept < LOOK:
            return
        self._swept = now
        gone = [owner for owner, space in self._spaces.items() if not space.waiters and now - space.used > QUIET]
        self._born = max([self._born, *(self._spaces[owner].version + 1 for owner in gone)])
        for owner in gone:
            del self._spaces[owner]
