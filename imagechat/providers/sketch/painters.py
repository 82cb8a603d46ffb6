"""The pool of painter processes: started when first needed, stopped in mid-picture at once, replaced when they die."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from pathlib import Path

from imagechat.errors import WorkerDied
from imagechat.providers.sketch import wire
from imagechat.providers.sketch.spec import Task

ROOT = Path(__file__).resolve().parents[3]
KEPT = ("PATH", "LANG", "LC_ALL", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT", "VIRTUAL_ENV")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1")
IDLE = 300.0
"""Seconds after which a painter with nothing to do is sent home."""

Frame = tuple[wire.Facts, bytes]


def surroundings() -> dict[str, str]:
    """The worker's environment: it finds this package, uses one thread, and sees no keys."""
    own = {name: os.environ[name] for name in KEPT if name in os.environ}
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    return {**own, **ONE_THREAD, "PYTHONPATH": path, "MALLOC_ARENA_MAX": "1"}


class Painter:
    """One worker process."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.leaving: asyncio.TimerHandle | None = None

    @classmethod
    async def start(cls) -> "Painter":
        """A fresh worker; it imports numpy while its first task is on the way."""
        command = (sys.executable, "-m", "imagechat.providers.sketch.worker")
        return cls(await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, env=surroundings(), cwd=ROOT))

    @property
    def alive(self) -> bool:
        """Whether the process still runs, as far as is known."""
        return self.process.returncode is None

    def kill(self) -> None:
        """End it at once."""
        if self.leaving is not None:
            self.leaving.cancel()
        if self.alive:
            self.process.kill()

    async def ended(self) -> None:
        """Wait until the process is gone and its pipes are closed."""
        await self.process.wait()
        if self.process.stdin is not None:
            self.process.stdin.close()
            with suppress(OSError):
                await self.process.stdin.wait_closed()

    async def frames(self, task: Task) -> AsyncGenerator[Frame]:
        """What the worker says about `task`, to its end.

        Raises: WorkerDied when the process ends before that.
        """
        try:
            await self._send(task)
            while (frame := await self._frame())[0]["event"] != "end":
                yield frame
        except (asyncio.IncompleteReadError, ConnectionError) as gone:
            raise WorkerDied from gone

    async def _send(self, task: Task) -> None:
        assert self.process.stdin is not None
        text = task.text().encode()
        self.process.stdin.write(wire.HEAD.pack(len(text), len(task.picture)) + text + task.picture)
        await self.process.stdin.drain()

    async def _frame(self) -> Frame:
        assert self.process.stdout is not None
        read = self.process.stdout.readexactly
        facts, data = wire.lengths(await read(wire.HEAD.size))
        return wire.facts_of(await read(facts)), await read(data)


class Painters:
    """At most `count` painters at work; who comes when all are busy waits for one. `idle`: seconds before one without work ends."""

    def __init__(self, count: int = 1, idle: float = IDLE) -> None:
        self.idle = idle
        self._free: list[Painter] = []
        self._busy: set[Painter] = set()
        self._turns = asyncio.Semaphore(count)
        self._leaving: set[asyncio.Task[None]] = set()

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids of the living painters."""
        return tuple(one.process.pid for one in (*self._free, *self._busy) if one.alive)

    async def paint(self, task: Task) -> AsyncGenerator[Frame]:
        """The frames of one picture. Closing this in mid-picture kills its painter at once.

        Raises: WorkerDied.
        """
        async with self._turns:
            painter = await self._hired()
            self._busy.add(painter)
            finished = False
            try:
                async with aclosing(painter.frames(task)) as frames:
                    async for frame in frames:
                        yield frame
                finished = True
            finally:
                self._busy.discard(painter)
                self._rest(painter) if finished else self._end(painter)

    async def close(self) -> None:
        """End all painters and wait until they are gone."""
        painters = [*self._free, *self._busy]
        self._free.clear()
        for painter in painters:
            self._end(painter)
        await asyncio.gather(*self._leaving)

    async def _hired(self) -> Painter:
        while self._free:
            painter = self._free.pop()
            if painter.leaving is not None:
                painter.leaving.cancel()
            if painter.alive:
                return painter
            self._end(painter)
        return await Painter.start()

    def _rest(self, painter: Painter) -> None:
        self._free.append(painter)
        painter.leaving = asyncio.get_running_loop().call_later(self.idle, self._dismiss, painter)

    def _dismiss(self, painter: Painter) -> None:
        if painter in self._free:
            self._free.remove(painter)
            self._end(painter)

    def _end(self, painter: Painter) -> None:
        painter.kill()
        # Kept here until the system has taken it back; `close` waits for all.
        task = asyncio.get_running_loop().create_task(painter.ended())
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)
