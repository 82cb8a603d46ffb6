"""The event stream: news as they happen, resumed where it broke off; and the news at once for a tab in the background."""

import asyncio
import json

import httpx2
import pytest
from starlette.applications import Starlette

from imagechat.bootstrap import House
from imagechat.domain.values import new_id
from imagechat.domain.visitors import Visitor
from imagechat.i18n import locale
from imagechat.shown import Shown
from imagechat.web import Front, live
from tests.asking import ANN, PATIENCE
from tests.conftest import OpenHouse
from tests.web.conftest import Json, Page


def states(news: list[Json]) -> list[Json]:
    return [job for each in news for job in each.get("jobs", [])]


async def until_final(stream: object) -> list[Json]:
    """Everything that is told until a job is at its end."""
    news: list[Json] = []
    while not any(job["final"] for job in states(news)):
        news.append(await stream.news())
    return news


async def test_news_come_as_server_sent_events(page: Page):
    since = await page.version()
    async with page.live(since) as stream:
        assert stream.response.headers["content-type"].startswith("text/event-stream")
        assert stream.response.headers["cache-control"] == "no-store"
        assert await stream.event() == {"retry": "1000"}
        receipt = await page.ask("a <b>fox</b> delay:0.15")
        news = await until_final(stream)
    versions = [each["version"] for each in news]
    assert versions == sorted(set(versions)) and versions[0] > since
    mine = [job for job in states(news) if job["id"] == receipt["job"]]
    assert {"running", "done"} <= {job["status"] for job in mine}
    assert [place["preview"] for job in mine for place in job["places"] if place["preview"]]
    assert {turn["role"] for each in news for turn in each["turns"]} == {"user", "assistant"}
    assert next(each["title"] for told in news for each in told["threads"]) == "a <b>fox</b> delay:0.15"
    assert [each["prompt"] for told in news for each in told["pictures"]] == ["a <b>fox</b> delay:0.15"]


async def test_a_stream_that_broke_off_goes_on_where_it_was(page: Page):
    since = await page.version()
    receipt = await page.ask("a fox delay:0.2")
    async with page.live(since) as stream:
        await stream.event()
        last = (await stream.news())["version"]
    async with page.live(0, Last_Event_ID=str(last)) as stream:
        await stream.event()
        news = await until_final(stream)
    assert news[0]["version"] > last and "reset" not in news[0]
    assert states(news)[-1]["id"] == receipt["job"]


@pytest.mark.parametrize("since", ["0", "-1", "nonsense", "9" * 17, "9" * 400, "1e5", "", "%00", "۱۲"])
async def test_a_version_that_is_none_means_read_anew(page: Page, since: str):
    async with page.client.stream("GET", f"/live?since={since}") as response:
        async with asyncio.timeout(PATIENCE):
            async for line in response.aiter_lines():
                if line.startswith("data: "):
                    assert json.loads(line.removeprefix("data: "))["reset"] is True
                    break
    now = await page.get(f"/live/now?since={since}")
    assert (now.status_code, now.json()["reset"]) == (200, True)


async def test_the_news_at_once(page: Page):
    since = await page.version()
    assert (await page.get(f"/live/now?since={since}")).json() == {
        "version": since, "threads": [], "turns": [], "jobs": [], "pictures": []
    }  # fmt: skip
    await page.drawn("a fox")
    news = (await page.get(f"/live/now?since={since}")).json()
    assert len(news["pictures"]) == 1 and news["jobs"][0]["status"] == "done" and news["version"] > since
    assert (await page.get(f"/live/now?since={news['version']}")).json()["jobs"] == []


async def test_two_tabs_see_the_same(page: Page):
    since = await page.version()
    async with page.live(since) as first, page.live(since) as second:
        for stream in (first, second):
            await stream.event()
        await page.ask("a fox delay:0.05")
        ends = [states(await until_final(stream))[-1] for stream in (first, second)]
    for end in ends:
        end.pop("elapsed")
    assert ends[0] == ends[1]


async def test_tabs_that_come_and_go_leave_nothing_behind(page: Page):
    for _ in range(20):
        async with page.live(await page.version()) as stream:
            await stream.event()
    for _ in range(5):
        asking = asyncio.create_task(page.client.get("/live?since=0"))
        await asyncio.sleep(0.01)
        asking.cancel()
    await page.drawn("a fox")
    log = page.server.log()
    assert "never retrieved" not in log and "was destroyed" not in log and '"level": "error"' not in log


async def test_who_comes_while_the_app_is_being_stopped_is_told_to_come_again(house: House):
    front = Front(house.studio, Shown(locale("en")))
    await front.close()
    door = httpx2.ASGITransport(Starlette(**front.app_arguments()))
    async with httpx2.AsyncClient(transport=door, base_url="http://127.0.0.1") as client:
        for path in ("/live?since=0", "/live/now?since=0"):
            answer = await client.get(path)
            assert (answer.status_code, answer.headers["retry-after"], answer.headers["cache-control"]) == (503, "2", "no-store")


async def test_a_reader_who_does_not_read_does_not_keep_the_app_from_stopping(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(live, "LAST_WORDS", 0.05)
    front = Front(house.studio, Shown(locale("en")))
    lines = front.live._events(ANN, 0)
    assert await anext(lines) == "retry: 1000\n\n"
    await front.close()
    async with asyncio.timeout(PATIENCE):
        assert len([line async for line in lines]) <= 1


async def gone(house: House, visitor: Visitor, how: str) -> None:
    match how:
        case "logged out":
            await house.studio.log_out(visitor)
        case "disabled":
            await house.people.change(visitor.id, disabled=True)
        case "deleted":
            await house.studio.delete_all(visitor, locale("en").say("mine.word"))


@pytest.mark.parametrize("how", ["logged out", "disabled", "deleted"])
async def test_a_stream_ends_when_its_reader_is_no_longer_known(open_house: OpenHouse, monkeypatch: pytest.MonkeyPatch, how: str):
    monkeypatch.setattr(live, "GLANCE", 0.05)
    house = await open_house(access="guests")
    entered = await house.studio.arrive("192.0.2.1", "a browser")
    lines = Front(house.studio, Shown(locale("en"))).live._events(entered.visitor, 0)
    assert await anext(lines) == "retry: 1000\n\n"
    assert "reset" in await anext(lines)
    waiting = asyncio.ensure_future(anext(lines))
    await asyncio.sleep(0.5)
    assert not waiting.done(), "it lives on while its reader is known"
    await gone(house, entered.visitor, how)
    with pytest.raises(StopAsyncIteration):
        async with asyncio.timeout(PATIENCE):
            await waiting
            while True:
                await anext(lines)


async def test_of_too_many_streams_of_one_visitor_the_oldest_end(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(live, "MOST", 3)
    rooms = Front(house.studio, Shown(locale("en"))).live
    first, *others = [rooms._events(ANN, house.studio.version(ANN)) for _ in range(3)]
    ben = Visitor(id="ben")
    another = rooms._events(ben, house.studio.version(ben))
    for stream in (first, *others, another):
        await anext(stream)
    waiting = [asyncio.ensure_future(anext(stream)) for stream in (first, *others, another)]
    await asyncio.sleep(0.1)
    assert not any(each.done() for each in waiting)
    late = rooms._events(ANN, house.studio.version(ANN))
    await anext(late)
    with pytest.raises(StopAsyncIteration):
        await asyncio.wait_for(waiting[0], PATIENCE)
    assert not any(each.done() for each in waiting[1:])
    house.feed.close()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_the_owner_on_their_own_machine_needs_no_session(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(live, "GLANCE", 0.02)
    lines = Front(house.studio, Shown(locale("en"))).live._events(ANN, house.studio.version(ANN))
    await anext(lines)
    waiting = asyncio.ensure_future(anext(lines))
    await asyncio.sleep(0.3)
    assert not waiting.done()
    house.feed.close()
    with pytest.raises(StopAsyncIteration):
        await waiting


async def test_a_stopped_server_ends_its_streams_and_interrupts_its_jobs(page: Page):
    receipt = await page.ask("a fox delay:60")
    async with page.live(await page.version()) as stream:
        await stream.event()
        page.server.process.terminate()
        news = []
        with pytest.raises(EOFError):
            while True:
                news.append(await stream.news())
    assert [job["status"] for job in states(news) if job["id"] == receipt["job"]][-1] == "interrupted"
    assert await page.server.ended() == 0
    await page.server.start()
    turn = await page.turn(receipt)
    assert turn["job"]["status"] == "interrupted"
    again = await page.call("conversation", "ask_retry", receipt["message"], None, new_id())
    assert again["fresh"]
    assert (await page.call("conversation", "ask_stop", again["job"]))["status"] == "cancelled"
