"""Jobs as tasks of this process: taken in turn, a bounded number at once, outliving the request that brought them."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from imagechat.domain.jobs import Job, JobState, Status
from imagechat.errors import QueueFull
from imagechat.settings import RunnerSettings
from imagechat.work import Report

Perform = Callable[[Job, Report], Coroutine[None, None, None]]


@dataclass(slots=True)
class _Entry:
    job: Job
    report: Report
    task: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> bool:
        return self.task is None

    @property
    def running(self) -> bool:
        """Whether it is at work; one that is over stays here until its end is stored."""
        return self.task is not None and not self.report.state.status.final


class LocalRunner:
    """Takes jobs in turn: pictures side by side, the replies of one thread one after the other.

    `told` hears of every change of a job's state; `foresee` finds out, beside it, how long one that waits will take.
    """

    def __init__(self, perform: Perform, foresee: Perform, told: Callable[[Job, Report, bool], object], settings: RunnerSettings) -> None:
        self._perform = perform
        self._foresee = foresee
        self._told = told
        self._settings = settings
        self._entries: dict[str, _Entry] = {}
        self._foreseeing: set[asyncio.Task[None]] = set()
        self._seats = 0
        self._closed = False

    @contextmanager
    def seat(self) -> Iterator[None]:
        """Hold a place in the queue while a job is being written down; `submit` inside takes it.

        Raises: QueueFull(waiting, most).
        """
        waiting = self._seats + sum(entry.waiting for entry in self._entries.values())
        if waiting >= self._settings.queue:
            raise QueueFull(waiting=waiting, most=self._settings.queue)
        self._seats += 1
        try:
            yield
        finally:
            self._seats -= 1

    def submit(self, job: Job, state: JobState) -> None:
        """Take `job`, whose row is stored; it begins as soon as its turn comes."""
        report = Report(state, lambda report, urgent: self._told(job, report, urgent))
        entry = self._entries[job.id] = _Entry(job, report)
        self._told(job, report, True)
        self._begin()
        if entry.waiting:
            foreseeing = asyncio.create_task(self._foresee(job, report))
            self._foreseeing.add(foreseeing)
            foreseeing.add_done_callback(self._foreseeing.discard)

    def newest(self, job: str) -> JobState | None:
        """The newest state of a job whose end is not stored yet, else None."""
        entry = self._entries.get(job)
        return entry.report.state if entry else None

    def busy(self, owner: str) -> set[str]:
        """The threads of `owner` in which something waits or is made."""
        return {entry.job.thread for entry in self._entries.values() if entry.job.owner == owner and not entry.report.state.status.final}

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

    def _begin(self) -> None:
        """Start every waiting job whose turn has come, and tell the others how many are before them."""
        if self._closed:
            return
        for entry in self._startable():
            self._task(entry)
        ahead = {True: 0, False: 0}
        for entry in [entry for entry in self._entries.values() if entry.waiting]:
            drawing = entry.job.image is not None
            if entry.report.state.ahead != ahead[drawing]:
                entry.report.change(ahead=ahead[drawing])
            ahead[drawing] += 1

    def _startable(self) -> Iterator[_Entry]:
        running = [entry.job for entry in self._entries.values() if entry.running]
        free = {
            True: self._settings.pictures - sum(job.image is not None for job in running),
            False: self._settings.replies - sum(job.chat is not None for job in running),
        }
        talking = {job.thread for job in running if job.chat is not None}
        for entry in [entry for entry in self._entries.values() if entry.waiting]:
            drawing = entry.job.image is not None
            if free[drawing] <= 0 or (not drawing and entry.job.thread in talking):
                continue
            free[drawing] -= 1
            talking |= set() if drawing else {entry.job.thread}
            yield entry

    def _task(self, entry: _Entry) -> asyncio.Task[None]:
        """The entry's task; a job that was still waiting gets one, so that it ends by the same path."""
        if entry.task is None:
            entry.task = asyncio.create_task(self._run(entry), name=f"job {entry.job.id}")
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
