"""What changed in a space, and how it is told: newest values, the first and the urgent at once, the rest in steps."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from imagechat.domain.jobs import JobState, Status
from imagechat.domain.records import Thread
from imagechat.domain.values import new_id, now
from imagechat.feed import REMEMBERED, Changes, Feed
from imagechat.studio import Studio, watching
from tests.asking import ANN, BEN, ask, chat, drawn, ended
from tests.conftest import OpenHouse


def a_thread(title: str) -> Thread:
    return Thread(id=new_id(), owner="owner", title=title, created=now(), updated=now())


def touched(feed: Feed, title: str, key: str | None = None, **how: bool) -> int:
    thread = a_thread(title)
    return feed.touch("owner", "thread", key or thread.id, lambda: thread, **how)


def titles(changes: Changes) -> list[str]:
    return [thread.title for thread in changes.threads]


def test_versions_rise_and_only_what_is_newer_is_told():
    feed = Feed()
    start = feed.version("owner")
    first, second = touched(feed, "one"), touched(feed, "two")
    assert start < first < second == feed.version("owner")
    assert titles(feed.since("owner", start)) == ["one", "two"]
    assert titles(feed.since("owner", first)) == ["two"]
    assert feed.since("owner", second) == Changes(second)


def test_only_the_newest_value_of_a_thing_is_told():
    feed = Feed()
    start = feed.version("owner")
    for title in ("one", "two", "three"):
        touched(feed, title, key="same")
    assert titles(feed.since("owner", start)) == ["three"]


def test_versions_rise_over_a_restart():
    first = Feed()
    last = [touched(first, "one") for _ in range(5)][-1]
    time.sleep(0.02)
    assert Feed().version("owner") > last


def test_a_version_of_the_future_or_of_long_ago_means_read_anew():
    feed = Feed()
    start = feed.version("owner")
    for number in range(REMEMBERED):
        touched(feed, str(number))
    assert not feed.since("owner", start).reset
    touched(feed, "one too many")
    assert feed.since("owner", start) == Changes(feed.version("owner"), reset=True)
    assert len(feed.since("owner", start + 1).threads) == REMEMBERED
    for strange in (0, -1, feed.version("owner") + 1, 10**17):
        assert feed.since("owner", strange).reset


def test_spaces_do_not_see_each_other():
    feed = Feed()
    start = feed.version(BEN.id)
    touched(feed, "hers")
    assert feed.since(BEN.id, start) == Changes(start)


async def test_who_waits_is_woken_and_who_leaves_is_forgotten():
    feed = Feed()
    waits = [asyncio.create_task(feed.newer("owner", feed.version("owner"))) for _ in range(3)]
    await asyncio.sleep(0)
    waits[0].cancel()
    touched(feed, "news")
    done, _ = await asyncio.wait(waits, timeout=30)
    assert len(done) == 3 and waits[0].cancelled()
    assert not feed._space("owner").waiters


async def test_who_waits_is_let_go_at_the_end():
    feed = Feed()
    since = feed.version("owner")
    waits = asyncio.create_task(feed.newer("owner", since))
    await asyncio.sleep(0)
    feed.close()
    assert await asyncio.wait_for(waits, 30) is False
    touched(feed, "the last")
    assert await feed.newer("owner", since) is True, "what came last is told all the same"


async def test_a_watch_ends_with_the_last_news(open_house: OpenHouse):
    house = await open_house()
    receipt = await house.studio.say(ANN, ask("a fox delay:60"))
    coming = asyncio.create_task(told(house.studio, house.studio.version(ANN)))
    await asyncio.sleep(0.05)
    await house.close()
    news = await asyncio.wait_for(coming, 30)
    assert [(job.job, job.status) for job in news[-1].jobs] == [(receipt.job, Status.INTERRUPTED)]


async def told(studio: Studio, since: int) -> list[Changes]:
    """All that a watcher is told until the watch ends."""
    return [changes async for changes in studio.watch(ANN, since)]


async def steps(studio: Studio, since: int, until: float) -> AsyncGenerator[tuple[float, Changes]]:
    """What a watcher is told in `until` seconds, and when."""
    begun = time.monotonic()
    try:
        async with asyncio.timeout(until), aclosing(studio.watch(ANN, since)) as changes:
            async for step in changes:
                yield time.monotonic() - begun, step
    except TimeoutError:
        return


async def test_a_flood_is_told_in_steps(studio: Studio, monkeypatch: pytest.MonkeyPatch):
    assert watching.PACE == 0.1
    monkeypatch.setattr(watching, "PACE", 0.5)  # A busy machine may stand still for longer than a tenth of a second.
    feed, since = studio.parts.feed, studio.version(ANN)

    async def flood() -> None:
        while True:
            touched(feed, f"{feed.version('owner')}", key="same", urgent=False)
            await asyncio.sleep(0.001)

    flooding = asyncio.create_task(flood())
    got = [each async for each in steps(studio, since, 3.2)]
    flooding.cancel()
    assert got[0][0] < 0.5, "the first at once"
    assert 3 <= len(got) <= 8
    assert [step.version for _, step in got] == sorted({step.version for _, step in got})


async def test_what_is_urgent_does_not_wait_for_its_step(studio: Studio, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(watching, "PACE", 60)
    feed, since = studio.parts.feed, studio.version(ANN)
    news = studio.watch(ANN, since)
    touched(feed, "first", urgent=False)
    assert titles(await anext(news)) == ["first"]
    touched(feed, "slow", urgent=False)
    begun = asyncio.create_task(anext(news))
    await asyncio.sleep(0.1)
    assert not begun.done()
    touched(feed, "urgent")
    assert titles(await asyncio.wait_for(begun, 30)) == ["slow", "urgent"]
    await news.aclose()


async def test_a_second_watcher_sees_the_same_and_a_late_one_the_newest(studio: Studio):
    since = studio.version(ANN)

    async def last(start: int) -> JobState:
        async with asyncio.timeout(20), aclosing(studio.watch(ANN, start)) as changes:
            async for step in changes:
                if any(job.status.final for job in step.jobs):
                    return step.jobs[0]
        raise AssertionError

    both = [asyncio.create_task(last(since)) for _ in range(2)]
    await ended(studio, ANN, await studio.say(ANN, chat("tokens:20 delay:0.01")))
    first, second = await asyncio.gather(*both)
    late = await last(since)
    assert first == second == late
    assert (late.status, late.text.endswith("END")) == (Status.DONE, True)


async def test_a_watcher_from_nowhere_is_told_to_read_anew_and_then_goes_on(studio: Studio):
    news = studio.watch(ANN, 0)
    first = await anext(news)
    assert first.reset and first.version == studio.version(ANN)
    made = await drawn(studio, ANN, "a fox")
    found = []
    while made.id not in found:
        found += [each.id for each in (await anext(news)).pictures]
    await news.aclose()


async def test_everything_that_happens_is_told(studio: Studio):
    since = studio.version(ANN)
    made = await drawn(studio, ANN, "a fox")
    changes = studio.changes(ANN, since)
    assert [each.id for each in changes.pictures] == [made.id]
    assert [each.id for each in changes.threads] == [made.thread]
    assert {each.message.role for each in changes.turns} == {"user", "assistant"}
    assert [job.status for job in changes.jobs] == [Status.DONE]
    for deed, kind in (
        (lambda: studio.rename(ANN, made.thread, "new name"), "threads"),
        (lambda: studio.trash_thread(ANN, made.thread), "threads"),
        (lambda: studio.restore_thread(ANN, made.thread), "threads"),
        (lambda: studio.trash_picture(ANN, made.id), "pictures"),
        (lambda: studio.restore_picture(ANN, made.id), "pictures"),
    ):
        since = studio.version(ANN)
        kept = await deed()
        assert getattr(studio.changes(ANN, since), kind) == (kept,)


async def test_no_bytes_travel_in_a_state(studio: Studio):
    since = studio.version(ANN)
    await ended(studio, ANN, await studio.say(ANN, ask("a fox gives:noise", size="512x512", count=3)))
    assert len(repr(studio.changes(ANN, since))) < 20_000


def test_the_space_of_somebody_who_left_is_forgotten_and_whoever_comes_back_reads_anew(monkeypatch):
    feed = Feed()
    last = touched(feed, "one")
    monkeypatch.setattr("imagechat.feed.LOOK", 0)
    monkeypatch.setattr("imagechat.feed.QUIET", 0)
    feed.version("somebody else")
    assert list(feed._spaces) == ["somebody else"]
    monkeypatch.setattr("imagechat.feed.QUIET", 60)
    assert feed.since("owner", last) == Changes(feed.version("owner"), reset=True)
    assert touched(feed, "two") > last + 1


async def test_a_space_that_somebody_watches_is_kept(monkeypatch):
    feed = Feed()
    start = feed.version("owner")
    waiting = asyncio.create_task(feed.newer("owner", start))
    await asyncio.sleep(0)
    monkeypatch.setattr("imagechat.feed.LOOK", 0)
    monkeypatch.setattr("imagechat.feed.QUIET", -1)
    feed.version("somebody else")
    assert "owner" in feed._spaces
    touched(feed, "one")
    assert await waiting
