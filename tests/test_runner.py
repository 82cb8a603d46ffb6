"""Taking jobs in turn, whatever the jobs themselves do."""

import asyncio
import contextvars
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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

    def __init__(self, *, painters: int = 2, alone: bool = False, **settings: int) -> None:
        self.begun: list[str] = []
        self.foreseen: list[str] = []
        self.ends: dict[str, asyncio.Event] = {}
        self.told: list[tuple[str, JobState]] = []
        told = lambda job, report, urgent: self.told.append((job.id, report.state))  # noqa: E731
        self.runner = LocalRunner(self.perform, self.foresee, told, RunnerSettings(**settings), painters=painters, alone=alone)

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


async def test_the_queue_is_fair_between_visitors(stage: type[Stage]):
    """Ann came first with many; Ben and Cat each have one, and do not wait for all of hers."""
    on = stage(pictures=1)
    anns = [on.submit("image", owner="ann") for _ in range(4)]
    await on.settled()
    ben, cat = on.submit("image", owner="ben"), on.submit("image", owner="cat")
    assert [on.ahead(job) for job in (ben, cat, *anns[1:])] == [0, 1, 2, 3, 4]
    for job in (anns[0], ben, cat, anns[1]):
        await on.end(job)
    assert on.begun == [anns[0], ben, cat, anns[1], anns[2]]


async def test_who_runs_least_is_next(stage: type[Stage]):
    on = stage(pictures=3)
    anns = [on.submit("image", owner="ann") for _ in range(5)]
    await on.settled()
    bens = [on.submit("image", owner="ben") for _ in range(3)]
    await on.end(anns[0])
    assert on.begun[3:] == [bens[0]]
    await on.end(anns[1])
    assert on.begun[4:] == [anns[3]], "each had one running, and Ann was served longer ago"
    await on.end(anns[2])
    assert on.begun[5:] == [bens[1]]


async def test_who_comes_new_all_the_time_does_not_hold_up_who_waits(stage: type[Stage]):
    on = stage(pictures=1)
    anns = [on.submit("image", owner="ann") for _ in range(3)]
    await on.settled()
    running = anns[0]
    for number in range(6):
        on.submit("image", owner=f"guest {number}")
        await on.end(running)
        running = on.begun[-1]
    assert anns[1] in on.begun[:3] and anns[2] in on.begun[:6]


async def test_what_this_machine_paints_holds_up_nothing_else(stage: type[Stage]):
    on = stage(painters=1, pictures=2)
    painted = [on.submit("image", owner="ann", purse="free") for _ in range(3)]
    others = [on.submit("image", owner="ann"), on.submit("image", owner="ben", purse="own"), on.submit("image", owner="cat")]
    await on.settled()
    assert on.begun == [painted[0], *others[:2]]
    assert [on.ahead(job) for job in (*painted[1:], others[2])] == [0, 1, 0]


async def test_while_another_waits_nobody_gets_a_second_painter(stage: type[Stage]):
    on = stage(painters=2)
    anns = [on.submit("image", owner="ann", purse="free") for _ in range(6)]
    await on.settled()
    assert on.begun == anns[:2], "alone she has both"
    bens = [on.submit("image", owner="ben", purse="free") for _ in range(3)]
    await on.end(anns[0])
    await on.end(anns[1])
    await on.end(bens[0])
    await on.end(anns[2])
    assert on.begun == [*anns[:2], bens[0], anns[2], bens[1], anns[3]]


async def test_one_visitor_cannot_fill_the_queue(stage: type[Stage]):
    on = stage(pictures=1, queue=6, each=2)
    for _ in range(2):
        on.submit("image", owner="ann")
    on.submit("image", owner="ann")
    await on.settled()
    with pytest.raises(QueueFull) as caught:
        on.submit("image", owner="ann")
    assert (caught.value.reason, caught.value.facts) == ("yours", {"waiting": 2, "most": 2})
    for owner in ("ben", "ben", "cat", "dan"):
        on.submit("image", owner=owner)
    with pytest.raises(QueueFull) as caught:
        on.submit("image", owner="eve")
    assert (caught.value.reason, caught.value.facts) == ("", {"waiting": 6, "most": 6})


async def test_who_is_alone_has_the_whole_queue(stage: type[Stage]):
    on = stage(pictures=1, queue=6, each=2, alone=True)
    on.submit("image")
    await on.settled()
    for _ in range(6):
        on.submit("image")
    with pytest.raises(QueueFull) as caught:
        on.submit("image")
    assert caught.value.reason == ""


async def test_a_job_keeps_what_surrounded_its_request(stage: type[Stage]):
    brought = contextvars.ContextVar("brought", default="nobody")
    found: dict[str, str] = {}
    on = stage(pictures=1)

    async def looks(job: Job, report: Report) -> None:
        found[job.owner] = brought.get()
        await asyncio.sleep(0)
        report.change(status=Status.DONE)

    on.runner._perform = looks
    for owner in ("ann", "ben", "cat"):
        token = brought.set(f"request of {owner}")
        on.submit("image", owner=owner)
        brought.reset(token)
    await on.settled()
    await on.settled()
    assert found == {owner: f"request of {owner}" for owner in ("ann", "ben", "cat")}


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("come"), st.sampled_from("abcd"), st.sampled_from(["image", "chat"]), st.integers(0, 1)),
        st.tuples(st.sampled_from(["end", "stop"]), st.integers(0, 30)),
    ),
    max_size=40,
)


@settings(max_examples=60, deadline=None)
@given(steps=STEPS, slots=st.integers(1, 3))
def test_nobody_waits_for_more_than_their_share(steps: list[tuple[Any, ...]], slots: int):
    """Whatever comes, ends and is stopped: who waits lets each other visitor by once for each slot and no more, all run exactly once,
    and `ahead` says what really happens when nothing else comes.
    """
    asyncio.run(shares(steps, slots))


async def shares(steps: list[tuple[Any, ...]], slots: int) -> None:
    on = Stage(pictures=slots, replies=slots, queue=1000, each=1000)
    jobs: dict[str, tuple[str, str]] = {}
    passed: dict[str, Counter[str]] = {}
    stopped: set[str] = set()

    def waiting() -> list[str]:
        return [job for job in jobs if job not in on.begun and job not in stopped and on.runner.newest(job)]

    async def look(before: list[str]) -> None:
        await on.settled()
        for begun in on.begun[len(before) :]:
            owner, kind = jobs[begun]
            for job in [job for job in waiting() if jobs[job][1] == kind and jobs[job][0] != owner]:
                mine = [each for each in waiting() if jobs[each] == jobs[job]]
                if mine[0] == job:
                    passed.setdefault(job, Counter())[owner] += 1
            passed.pop(begun, None)

    for step in steps:
        before = on.begun[:]
        if step[0] == "come":
            job = on.submit(step[2], f"{step[1]}{step[3]}".ljust(26, "0"), owner=step[1])
            jobs[job] = (step[1], step[2])
        elif running := [job for job in jobs if on.runner.newest(job)]:
            job = running[step[1] % len(running)]
            if step[0] == "stop":
                stopped.add(job)
                await on.runner.cancel(job)
            elif job in on.begun:
                await on.end(job)
        await look(before)
        for job, others in passed.items():
            if jobs[job][1] == "image":
                assert max(others.values(), default=0) <= slots, "somebody was let by too often"
    said = {job: state.ahead for job in waiting() if (state := on.runner.newest(job)) and jobs[job][1] == "image"}
    promised = sorted(said, key=lambda job: said[job] or 0)
    assert sorted(said.values()) == list(range(len(said)))
    while left := [job for job in on.begun if on.runner.newest(job)]:
        await on.end(left[0])
    assert [job for job in on.begun if job in promised] == promised
    assert len(on.begun) == len(set(on.begun)) and set(jobs) - stopped <= set(on.begun)
    await on.runner.close()
