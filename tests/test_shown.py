"""What a page is shown of replies: long ones are rendered beside the event loop, and only whole ones are remembered."""

import threading
from typing import Any

import pytest

from imagechat import words
from imagechat.domain.jobs import JobState, Status
from imagechat.domain.records import Message, Turn
from imagechat.domain.values import new_id, now
from imagechat.errors import HouseFault
from imagechat.feed import Changes
from imagechat.i18n import locale
from imagechat.shown import Shown
from imagechat.shown.replies import Readings

PARAGRAPH = "A fox **runs** over the snow, and `nobody` sees it.\n\n"
SHORT, LONG = PARAGRAPH * 5, PARAGRAPH * 600


@pytest.fixture
def shown() -> Shown:
    return Shown(locale("en"))


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each piece that was rendered, whether that happened on the event loop."""
    where: list[bool] = []
    feed = words.Stream.feed

    def watched(self: words.Stream, *given: Any, **how: Any) -> words.Rendered:
        where.append(threading.current_thread() is threading.main_thread())
        return feed(self, *given, **how)

    monkeypatch.setattr(words.Stream, "feed", watched)
    return where


def reply(text: str, status: Status = Status.RUNNING) -> JobState:
    return JobState(job=new_id(), thread=new_id(), message=new_id(), kind="chat", model="guide", status=status, created=now(), text=text)


def turn(state: JobState) -> Turn:
    said = {"id": state.message, "owner": "ann", "thread": state.thread, "role": "assistant", "kind": "text", "created": now()}
    return Turn(message=Message(**said), job=state)


async def told(shown: Shown, state: JobState, readings: Readings) -> dict[str, Any]:
    (job,) = (await shown.step(Changes(1, jobs=(state,)), readings))["jobs"]
    return job["words"]


async def test_short_words_are_rendered_at_once_and_long_ones_beside_the_loop(shown: Shown, rendered: list[bool]):
    readings: Readings = {}
    state = reply(SHORT)
    await told(shown, state, readings)
    assert rendered == [True]
    await told(shown, state.again(text=SHORT + LONG), readings)
    assert rendered == [True, False]
    await told(shown, state.again(text=SHORT + LONG + SHORT), readings)
    assert rendered == [True, False, True], "what closed is not rendered again, so little was left to do"


async def test_pieces_together_are_the_whole(shown: Shown):
    readings: Readings = {}
    state, text, had = reply(""), SHORT + LONG, []
    for end in (10, len(SHORT), len(text) // 2, len(text)):
        step = await told(shown, state.again(text=text[:end]), readings)
        assert step["from"] == len(had)
        had += step["closed"]
    assert "".join(had) + step["tail"] == words.render(text, shown.replies.labels)


async def test_a_tab_in_the_background_hears_of_ends_with_their_words_and_of_the_rest_without(shown: Shown, rendered: list[bool]):
    running, done = reply(LONG), reply(LONG, Status.DONE)
    first, second = (await shown.now(Changes(1, jobs=(running, done))))["jobs"]
    assert "words" not in first
    assert second["words"] == {"from": 0, "closed": [words.render(LONG, shown.replies.labels)], "tail": ""}
    rendered.clear()
    await shown.now(Changes(2, jobs=(running, done)))
    assert rendered == [], "a whole reply is rendered once"


async def test_what_is_too_old_is_read_anew(shown: Shown):
    assert await shown.now(Changes(7, reset=True)) == await shown.step(Changes(7, reset=True), {}) == {"version": 7, "reset": True}


async def test_only_whole_replies_are_remembered(shown: Shown, rendered: list[bool]):
    for state in (reply(SHORT), reply(SHORT, Status.CANCELLED)):
        for _ in range(2):
            (read,) = await shown.turns([turn(state)])
            assert read["html"] == words.render(SHORT, shown.replies.labels)
    own = [False] * 3  # twice while it runs, once when it is over
    assert [each for each in rendered if not each] == own


def test_visitors_hear_no_path_of_the_servers_disk(shown: Shown):
    told = shown.refusal(HouseFault("not_writable", path="/srv/somewhere/imagechat.db"))
    assert "imagechat.db" in str(told) and "somewhere" not in str(told)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 Version/19.0 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox on Android"),
        ("something else", "something else"),
    ],
)
def test_browsers_are_called_by_their_names(shown: Shown, agent: str, name: str):
    assert shown.agent(agent) == name
