"""Taking jobs in turn, whatever the jobs themselves do."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from imagechat.domain.jobs import Job, JobState, Purse, Status
from imagechat.domain.requests import ChatRequest, ImageRequest
from imagechat.domain.values import new_id, now
from imagechat.errors import QueueFull
from imagechat.runners.local import LocalRunner
from imagechat.settings import RunnerSettings
from imagechat.work import Report

THREAD = new_id()


class Stage:
    """Jobs that begin when the runner lets them and end when the test does."""

    def __init__(self, *, painters: int = 2, **settings: int) -> None:
        self.begun: list[str] = []
        self.foreseen: list[str] = []
        self.ends: dict[str, asyncio.Event] = {}
        self.told: list[tuple[str, JobState]] = []
        told = lambda job, report, urgent: self.told.append((job.id, report.state))  # noqa: E731
        self.runner = LocalRunner(self.perform, self.foresee, told, RunnerSettings(**settings), painters=painters)

    async def perform(self, job: Job, report: Report) -> None:
        self.begun.append(job.id)
        end = self.ends.setdefault(job.id, asyncio.Event())
        try:
            await end.wait()
            report.change(status=Status.DONE)
        except asyncio.CancelledError:
            report.change(status=report.ending)

    async def foresee(self, job: Job, report: Report) -> None:
        self.foreseen.append(job.id)

    def submit(self, kind: str, thread: str = THREAD, *, owner: str = "owner", purse: Purse = "house") -> str:
        asked = {"image": ImageRequest(prompt="x", model="m")} if kind == "image" else {"chat": ChatRequest(model="m", turns=())}
        job = Job(id=new_id(), owner=owner, thread=thread, message=new_id(), purse=purse, created=now(), **asked)
        state = JobState(job=job.id, thread=thread, message=job.message, kind=kind, model="m", created=job.created)
        with self.runner.seat(owner):
            self.runner.submit(job, state)
        return job.id

    async def end(self, job: str) -> None:
        self.ends.setdefault(job, asyncio.Event()).set()
        await self.settled()

    @staticmethod
    async def settled() -> None:
        for _ in range(10):
            await asyncio.sleep(0)

    def ahead(self, job: str) -> int | None:
        state = self.runner.newest(job)
        return state.ahead if state else None


@pytest.fixture
async def stage() -> AsyncIterator[type[Stage]]:
    made: list[Stage] = []

    class Kept(Stage):
        def __init__(self, **settings: int) -> None:
            super().__init__(**settings)
            made.append(self)

    yield Kept
    for one in made:
        await one.runner.close()


async def test_so_many_at_once_and_the_others_know_their_place(stage: type[Stage]):
    on = stage(pictures=2)
    jobs = [on.submit("image") for _ in range(5)]
    await on.settled()
    assert on.begun == jobs[:2]
    assert [on.ahead(job) for job in jobs] == [None, None, 0, 1, 2]
    assert on.foreseen == jobs[2:], "of one that begins at once its work finds out"
    await on.end(jobs[1])
    assert on.begun == jobs[:3]
    assert [on.ahead(job) for job in jobs[3:]] == [0, 1]


async def test_replies_of_one_thread_wait_for_each_other_and_let_others_by(stage: type[Stage]):
    on, other = stage(), new_id()
    first, second, foreign, picture = on.submit("chat"), on.submit("chat"), on.submit("chat", other), on.submit("image")
    await on.settled()
    assert on.begun == [first, foreign, picture]
    await on.end(first)
    assert on.begun == [first, foreign, picture, second]


async def test_the_queue_has_a_depth(stage: type[Stage]):
    on = stage(pictures=1, queue=2)
    jobs = [on.submit("image") for _ in range(3)]
    with pytest.raises(QueueFull):
        on.submit("image")
    await on.settled()
    await on.end(jobs[0])
    on.submit("image")


async def test_seats_are_held_while_jobs_are_written_down(stage: type[Stage]):
    on = stage(queue=2)
    with on.runner.seat("owner"), on.runner.seat("owner"), pytest.raises(QueueFull), on.runner.seat("owner"):
        pass
    with on.runner.seat("owner"):
        pass


async def test_a_seat_is_given_back_when_writing_fails(stage: type[Stage]):
    on = stage(queue=1)
    for _ in range(3):
        with pytest.raises(OSError, match="disk"), on.runner.seat("owner"):
            raise OSError("disk")


async def test_a_stopped_one_makes_room(stage: type[Stage]):
    on = stage(pictures=1)
    jobs = [on.submit("image") for _ in range(3)]
    await on.settled()
    assert await on.runner.cancel(jobs[0])
    await on.settled()
    assert on.begun == jobs[:2]
    assert await on.runner.cancel(jobs[2])
    assert on.runner.newest(jobs[2]) is None
    assert not await on.runner.cancel(jobs[2])
    assert not await on.runner.cancel("nobody")


async def test_a_job_that_falls_over_makes_room_too():
    async def falls(job: Job, report: Report) -> None:
        begun.append(job.id)
        raise RuntimeError

    begun: list[str] = []
    on = Stage(pictures=1)
    on.runner = LocalRunner(falls, on.foresee, lambda *_: None, RunnerSettings(pictures=1), painters=1)
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda *_: None)
    jobs = [on.submit("image") for _ in range(2)]
    await on.settled()
    assert begun == jobs


async def test_closing_interrupts_all_and_begins_none(stage: type[Stage]):
    on = stage(pictures=1)
    jobs = [on.submit("image") for _ in range(3)]
    await on.settled()
    await on.runner.close()
    ends = {job: state.status for job, state in on.told}
    assert [ends[job] for job in jobs] == [Status.INTERRUPTED] * 3
    late = on.submit("image")
    await on.settled()
    assert late not in on.begun
