"""Jobs as tasks of this process: taken in turn, a bounded number at once, outliving the request that brought them."""

import asyncio
import contextvars
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal, get_args

from imagechat.domain.jobs import Job, JobState, Status
from imagechat.errors import QueueFull
from imagechat.runners.fair import Line, Turns
from imagechat.settings import RunnerSettings
from imagechat.work import Report

Perform = Callable[[Job, Report], Coroutine[None, None, None]]
Kind = Literal["reply", "picture", "painting"]
"""What a job needs a slot for: words, a picture of a model over the network, or one that this machine's own processor paints."""


@dataclass(slots=True)
class _Entry:
    job: Job
    report: Report
    kind: Kind
    context: contextvars.Context = field(default_factory=contextvars.copy_context)
    """That of the request which brought it: its log lines name that one, whoever's end lets it begin."""
    task: asyncio.Task[None] | None = None
    step: int = 0
    """In which step of its line it began."""

    @property
    def owner(self) -> str:
        return self.job.owner

    @property
    def lane(self) -> str:
        """Replies of one thread come one after the other."""
        return self.job.thread if self.kind == "reply" else ""

    @property
    def waiting(self) -> bool:
        return self.task is None

    @property
    def running(self) -> bool:
        """Whether it is at work; one that is over stays here until its end is stored."""
        return self.task is not None and not self.report.state.status.final


class LocalRunner:
    """Takes jobs in turn, fair between visitors: pictures side by side, the replies of one thread one after the other.

    `told` hears of every change of a job's state; `foresee` finds out, beside it, how long one that waits will take. Pictures that
    nobody pays for are painted by this machine's own processor: they have slots of their own, one for each of the `painters`, so that
    no other waits behind them, and so that the order here is the order in which they are painted. Who is `alone` has the whole queue.
    """

    def __init__(
        self,
        perform: Perform,
        foresee: Perform,
        told: Callable[[Job, Report, bool], object],
        settings: RunnerSettings,
        *,
        painters: int,
        alone: bool = False,
    ) -> None:
        self._perform = perform
        self._foresee = foresee
        self._told = told
        self._settings = settings
        self._alone = alone
        self._slots: dict[Kind, int] = {
            "reply": settings.replies,
            "picture": settings.pictures,
            "painting": min(painters, settings.pictures),
        }
        self._turns = {kind: Turns() for kind in self._slots}
        self._entries: dict[str, _Entry] = {}
        self._foreseeing: set[asyncio.Task[None]] = set()
        self._seats: list[str] = []
        self._closed = False

    @contextmanager
    def seat(self, owner: str) -> Iterator[None]:
        """Hold a place in the queue for `owner` while a job is being written down; `submit` inside takes it.

        Raises: QueueFull(waiting, most); QueueFull("yours") where that many of their own wait already.
        """
        waiting = [*self._seats, *(entry.owner for entry in self._entries.values() if entry.waiting)]
        yours, most = waiting.count(owner), self._settings
        if yours >= most.each and not self._alone:
            raise QueueFull("yours", waiting=yours, most=most.each)
        if len(waiting) >= most.queue:
            raise QueueFull(waiting=len(waiting), most=most.queue)
        self._seats.append(owner)
        try:
            yield
        finally:
            self._seats.remove(owner)

    def submit(self, job: Job, state: JobState) -> None:
        """Take `job`, whose row is stored; it begins as soon as its turn comes."""
        report = Report(state, lambda report, urgent: self._told(job, report, urgent))
        entry = self._entries[job.id] = _Entry(job, report, self._kind(job))
        self._turns[entry.kind].come(entry.owner)
        self._told(job, report, True)
        self._begin()
        if entry.waiting:
            foreseeing = asyncio.create_task(self._foresee(job, report))
            self._foreseeing.add(foreseeing)
            foreseeing.add_done_callback(self._foreseeing.discard)

    @staticmethod
    def _kind(job: Job) -> Kind:
        return "reply" if job.image is None else "painting" if job.purse == "free" else "picture"

    def newest(self, job: str) -> JobState | None:
        """The newest state of a job whose end is not stored yet, else None."""
        entry = self._entries.get(job)
        return entry.report.state if entry else None

    def busy(self, owner: str) -> set[str]:
        """The threads of `owner` in which something waits or is made."""
        return {entry.job.thread for entry in self._entries.values() if entry.job.owner == owner and not entry.report.state.status.final}

    def jobs(self, owner: str, thread: str | None = None) -> list[str]:
        """The jobs of `owner` that wait or run, of one thread or of all."""
        mine = (entry for entry in self._entries.values() if entry.job.owner == owner and not entry.report.state.status.final)
        return [entry.job.id for entry in mine if thread in (None, entry.job.thread)]

    def owners(self) -> dict[str, list[str]]:
        """Whose jobs wait or run, with their ids."""
        owners: dict[str, list[str]] = {}
        for entry in self._entries.values():
            if not entry.report.state.status.final:
                owners.setdefault(entry.job.owner, []).append(entry.job.id)
        return owners

    async def cancel(self, job: str) -> bool:
        """Stop a job, waiting or running, and wait until it has stopped; False when there is nothing to stop."""
        entry = self._entries.get(job)
        if entry is None or entry.report.state.status.final:
            return False
        task = self._task(entry)
        await self._stop(task)
        return True

    async def close(self) -> None:
        """End this process's work: what is under way becomes interrupted."""
        self._closed = True
        entries = list(self._entries.values())
        for entry in entries:
            entry.report.ending = Status.INTERRUPTED
        tasks = [*self._foreseeing, *(self._task(entry) for entry in entries)]
        await asyncio.gather(*map(self._stop, tasks))

    def counts(self) -> dict[tuple[Kind, str], int]:
        """How many jobs wait and run now, by kind and "waiting" or "running"."""
        found: dict[tuple[Kind, str], int] = {(kind, stands): 0 for kind in get_args(Kind) for stands in ("waiting", "running")}
        for entry in self._entries.values():
            if entry.waiting or entry.running:
                found[entry.kind, "waiting" if entry.waiting else "running"] += 1
        return found

    def _begin(self) -> None:
        """Start every waiting job whose turn has come, and tell the others how many really begin before them."""
        if self._closed:
            return
        for kind, slots in self._slots.items():
            entries = [entry for entry in self._entries.values() if entry.kind == kind]
            turns = self._turns[kind]
            turns.keep({entry.owner for entry in entries})
            waiting = [entry for entry in entries if entry.waiting]
            if not waiting:
                continue
            running = sorted((entry for entry in entries if entry.running), key=lambda entry: entry.step)
            order = list(Line(waiting, running, turns).order(slots))
            for entry in [entry for entry, at_once in order if at_once]:
                entry.step = turns.serve(entry.owner)
                self._task(entry)
            for ahead, entry in enumerate(entry for entry, at_once in order if not at_once):
                if entry.report.state.ahead != ahead:
                    entry.report.change(ahead=ahead)

    def _task(self, entry: _Entry) -> asyncio.Task[None]:
        """The entry's task; a job that was still waiting gets one, so that it ends by the same path."""
        if entry.task is None:
            entry.task = asyncio.create_task(self._run(entry), name=f"job {entry.job.id}", context=entry.context)
        return entry.task

    async def _run(self, entry: _Entry) -> None:
        try:
            await self._perform(entry.job, entry.report)
        finally:
            self._entries.pop(entry.job.id, None)
            self._begin()

    async def _stop(self, task: asyncio.Task[None]) -> None:
        # A task that is cancelled before its first step never runs: let it take that step.
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
