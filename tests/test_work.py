"""From a request to a stored result: every bad thing a model, a visitor or a disk can do, and what stays of it."""

import asyncio
import os
import random
import sqlite3
import subprocess
from collections.abc import AsyncGenerator, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from imagechat import i18n, work
from imagechat.bootstrap import House
from imagechat.domain.jobs import JobState, Status
from imagechat.domain.models import ModelEvent, Picture, Preview, TextDelta, Usage
from imagechat.domain.records import Turn
from imagechat.domain.requests import ChatRequest, ImageOrder
from imagechat.settings import RunnerSettings
from imagechat.studio import Studio
from tests.asking import ANN, ask, chat, drawn, ended, said, turn_of, until
from tests.conftest import OpenHouse
from tests.fakes.models import FakeImage, FakeText, png


class Scripted(FakeImage):
    """An image model that does exactly what it was given."""

    def __init__(self, *events: ModelEvent) -> None:
        super().__init__()
        self.events = events

    async def stream(self, order: ImageOrder) -> AsyncGenerator[ModelEvent]:
        for event in self.events:
            yield event


def in_words(turn: Turn) -> str:
    """What a person reads of the failure."""
    error = turn.job.error
    return i18n.locale("en").error(error.code, error.reason, error.facts)


def files(house: House) -> set[str]:
    """The ids of all files in the data folder, half-written ones and thumbnails too."""
    return {path.name for path in house.blobs.folder.rglob("*") if path.is_file()}


async def whole(house: House) -> None:
    """Nothing is half stored: each picture has its row, its file and nothing else has."""
    kept = {made.blob for made in (await house.studio.gallery(ANN)).items}
    shown = set()
    for thread in (await house.studio.threads(ANN)).items:
        for turn in (await house.studio.turns(ANN, thread.id)).items:
            shown |= {place.preview for place in turn.job.places if place.preview} if turn.job else set()
    assert files(house) == kept | {f"{id}.thumb" for id in kept} | shown
    for id in kept:
        Image.open(house.blobs.path(id)).load()
    with sqlite3.connect(house.database.path) as connection:
        assert {row[0] for row in connection.execute("SELECT id FROM blobs")} == kept | shown
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


# What models do


@pytest.mark.parametrize(
    ("does", "code", "reason", "words"),
    [
        ("then:fail", "broken_reply", "no_picture", "No picture came from fake"),
        ("then:slow", "timed_out", "", "longer than 1 seconds"),
        ("then:crash", "internal", "", "Something went wrong inside ImageChat"),
        ("gives:truncated", "broken_reply", "truncated", "cut off"),
        ("gives:text", "broken_reply", "not_a_picture", "not a picture"),
        ("gives:empty", "broken_reply", "empty", "empty"),
        ("gives:nothing", "broken_reply", "no_picture", "No picture came from fake-image"),
    ],
)
async def test_a_picture_that_does_not_come_is_told_in_words(house: House, does: str, code: str, reason: str, words: str):
    turn = await said(house.studio, ANN, ask(f"a fox {does}"))
    assert (turn.job.status, turn.job.error.code, turn.job.error.reason) == (Status.FAILED, code, reason)
    assert words in in_words(turn) and "{" not in in_words(turn) and "sk-" not in in_words(turn)
    assert [place.status for place in turn.job.places] == ["failed"]
    assert not turn.pictures and not (await house.studio.gallery(ANN)).items
    assert turn.job.places[0].preview, "what came before it failed is still shown"
    await whole(house)
    assert (await drawn(house.studio, ANN, "the next works")).id


async def test_a_jpeg_that_is_called_png_is_believed_by_its_bytes(house: House):
    made = await drawn(house.studio, ANN, "a fox gives:jpeg")
    assert (made.media_type, made.request.format) == ("image/jpeg", "png")
    blob, path = await house.studio.file(ANN, made.blob)
    assert blob.media_type == "image/jpeg" and path.read_bytes().startswith(b"\xff\xd8")
    await whole(house)


async def test_a_model_that_hangs_is_stopped_after_its_time(open_house: OpenHouse):
    house = await open_house(runner=RunnerSettings(timeout=0.5))
    for asked in (ask("a fox then:hang"), chat("tokens:3 then:hang")):
        turn = await said(house.studio, ANN, asked)
        assert (turn.job.status, turn.job.error.code) == (Status.FAILED, "timed_out")
        assert "longer than 0.5 seconds" in in_words(turn)
    assert turn.message.text == "word0 word1 word2 "
    await whole(house)


@pytest.mark.parametrize(("does", "code"), [("then:fail", "broken_reply"), ("then:crash", "internal"), ("then:slow", "timed_out")])
async def test_a_reply_that_breaks_off_keeps_what_came(studio: Studio, does: str, code: str):
    turn = await said(studio, ANN, chat(f"tokens:3 {does}"))
    assert (turn.job.status, turn.job.error.code) == (Status.FAILED, code)
    assert turn.message.text == "word0 word1 word2 "
    assert (await studio.threads(ANN, search="word2")).items


async def test_a_reply_without_a_word_has_failed(open_house: OpenHouse):
    class Mute(FakeText):
        async def stream(self, request: ChatRequest) -> AsyncGenerator[ModelEvent]:
            yield TextDelta(text=" \n")

    turn = await said((await open_house(Mute())).studio, ANN, chat("hello"))
    assert (turn.job.error.code, turn.job.error.reason) == ("broken_reply", "empty_reply")


async def test_of_several_pictures_a_broken_one_fails_alone(open_house: OpenHouse):
    good = [Picture(index=index, data=png((64, 64), index), media_type="image/png") for index in (0, 2)]
    house = await open_house(Scripted(good[0], Picture(index=1, data=b"broken", media_type="image/png"), good[1]))
    turn = await said(house.studio, ANN, ask("three foxes", count=3))
    assert (turn.job.status, turn.job.error) == (Status.DONE, None)
    assert [place.status for place in turn.job.places] == ["done", "failed", "done"]
    assert (turn.job.places[1].error.code, turn.job.places[1].error.reason) == ("broken_reply", "not_a_picture")
    assert [each.place for each in turn.pictures] == [0, 2]
    await whole(house)


async def test_places_that_a_model_forgot_have_failed_and_the_rest_is_done(open_house: OpenHouse):
    house = await open_house(Scripted(Picture(index=1, data=png((64, 64), 1), media_type="image/png")))
    turn = await said(house.studio, ANN, ask("three foxes", count=3))
    assert (turn.job.status, [place.status for place in turn.job.places]) == (Status.DONE, ["failed", "done", "failed"])
    assert turn.job.places[0].error.reason == "no_picture"


async def test_a_broken_partial_picture_takes_nothing_with_it(open_house: OpenHouse):
    events = Preview(index=0, data=b"half", media_type="image/png"), Picture(index=0, data=png((64, 64), 1), media_type="image/png")
    house = await open_house(Scripted(*events))
    assert (await said(house.studio, ANN, ask("a fox"))).pictures
    await whole(house)


async def test_a_picture_for_a_place_that_there_is_not(open_house: OpenHouse, tmp_path: Path):
    for index in (1, -1):
        stray = Picture(index=index, data=png((64, 64), 1), media_type="image/png")
        house = await open_house(Scripted(stray), data_dir=tmp_path / f"place {index}")
        turn = await said(house.studio, ANN, ask("a fox"))
        assert (turn.job.status, turn.job.error.code) == (Status.FAILED, "broken_reply")
        await whole(house)


async def test_partial_pictures_go_when_the_finished_one_stands(house: House):
    receipt = await house.studio.say(ANN, ask("a fox delay:0.1"))
    state = await until(house.studio, ANN, receipt, lambda job: bool(job.places[0].preview))
    assert state.places[0].preview in files(house)
    await ended(house.studio, ANN, receipt)
    await whole(house)
    assert len(files(house)) == 2


async def test_usage_and_price_are_kept(open_house: OpenHouse):
    picture = Picture(index=0, data=png((64, 64), 1), media_type="image/png", facts={"spec": "sea", "seed": 4})
    house = await open_house(Scripted(picture, Usage(input_tokens=10, output_tokens=200, price=6000)))
    turn = await said(house.studio, ANN, ask("a fox"))
    assert (turn.job.input_tokens, turn.job.output_tokens, turn.job.price) == (10, 200, 6000)
    assert turn.pictures[0].usage == {"spec": "sea", "seed": 4}
    with sqlite3.connect(house.database.path) as connection:
        row = connection.execute("SELECT input_tokens, output_tokens, price, finished - started FROM jobs").fetchone()
    assert row[:3] == (10, 200, 6000) and 0 < row[3] < 20_000_000


async def kept_words(house: House, wanted: str) -> None:
    """Wait until the database has so much of the only reply."""
    async with asyncio.timeout(10 * work.CHECKPOINT):
        while True:
            with sqlite3.connect(house.database.path) as connection:
                state = JobState.model_validate_json(connection.execute("SELECT state FROM jobs").fetchone()[0])
            assert state.status in (Status.QUEUED, Status.RUNNING)
            if wanted in state.text:
                return
            await asyncio.sleep(0.05)


async def test_an_unfinished_reply_is_kept_about_once_a_second(house: House):
    await house.studio.say(ANN, chat("tokens:1000 delay:0.05"))
    await kept_words(house, "word1 ")
    await kept_words(house, "word25 ")


async def test_words_before_a_silence_are_kept_too(house: House):
    receipt = await house.studio.say(ANN, chat("tokens:3 then:hang"))
    await kept_words(house, "word2 ")
    await house.studio.cancel(ANN, receipt.job)
    assert (await turn_of(house.studio, ANN, receipt)).message.text == "word0 word1 word2 "


async def test_two_thousand_words_do_not_hold_the_house_up(studio: Studio):
    turns = 0

    async def somebody_else() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    other = asyncio.create_task(somebody_else())
    turn = await said(studio, ANN, chat("tokens:2000"))
    other.cancel()
    assert turn.message.text.count("word") == 2000
    assert turns > 20


# Stop


@pytest.mark.parametrize("asked", [ask("a fox delay:60"), chat("wait:60")], ids=["picture", "reply"])
async def test_stop_before_anything_came(house: House, asked: object):
    receipt = await house.studio.say(ANN, asked)
    assert (await house.studio.cancel(ANN, receipt.job)).status is Status.CANCELLED
    turn = await turn_of(house.studio, ANN, receipt)
    assert (turn.job.status, turn.job.error, turn.pictures) == (Status.CANCELLED, None, ())
    assert all(place.status == "cancelled" for place in turn.job.places)
    await whole(house)


async def test_stop_in_the_queue(open_house: OpenHouse):
    model = FakeImage()
    house = await open_house(model, runner=RunnerSettings(pictures=1))
    first, second = [await house.studio.say(ANN, ask("a fox delay:60")) for _ in range(2)]
    assert [(await turn_of(house.studio, ANN, each)).job.status for each in (first, second)] == [Status.RUNNING, Status.QUEUED]
    assert (await house.studio.cancel(ANN, second.job)).status is Status.CANCELLED
    assert (await turn_of(house.studio, ANN, first)).job.status is Status.RUNNING
    await until(house.studio, ANN, first, lambda job: job.places[0].status == "running")
    assert len(model.asked) == 1


async def test_stop_between_partial_pictures_keeps_the_newest(house: House):
    receipt = await house.studio.say(ANN, ask("a fox delay:0.3"))
    await until(house.studio, ANN, receipt, lambda job: bool(job.places[0].preview))
    state = await house.studio.cancel(ANN, receipt.job)
    assert (state.status, state.places[0].status) == (Status.CANCELLED, "cancelled")
    _, path = await house.studio.file(ANN, state.places[0].preview)
    Image.open(path).load()
    await whole(house)


async def test_stop_between_pictures_keeps_those_that_came(house: House):
    receipt = await house.studio.say(ANN, ask("four foxes delay:0.1", count=4))
    await until(house.studio, ANN, receipt, lambda job: job.places[1].status == "done")
    state = await house.studio.cancel(ANN, receipt.job)
    assert state.status is Status.CANCELLED
    done = [place for place in state.places if place.status == "done"]
    assert 2 <= len(done) < 4
    assert {place.generation for place in done} == {made.id for made in (await house.studio.gallery(ANN)).items}
    await whole(house)
    again = await ended(house.studio, ANN, await house.studio.retry(ANN, receipt.message, 3))
    assert len(again.pictures) == 1


async def test_stop_in_a_reply_keeps_the_words(studio: Studio):
    receipt = await studio.say(ANN, chat("tokens:1000 delay:0.01"))
    await until(studio, ANN, receipt, lambda job: "word9 " in job.text)
    state = await studio.cancel(ANN, receipt.job)
    turn = await turn_of(studio, ANN, receipt)
    assert (state.status, turn.message.text) == (Status.CANCELLED, state.text)
    assert "word9 " in state.text and "END" not in state.text


async def test_stop_at_any_moment_leaves_everything_whole(house: House):
    """At forty moments from the first step to after the last: the file being written, the row being kept, the thumbnail made."""
    chance = random.Random(7)
    for _ in range(40):
        receipt = await house.studio.say(ANN, ask("two foxes", count=2))
        for _ in range(chance.randrange(60)):
            await asyncio.sleep(chance.choice((0, 0, 0.002)))
        state = await house.studio.cancel(ANN, receipt.job)
        turn = await turn_of(house.studio, ANN, receipt)
        assert state == turn.job and state.status in (Status.CANCELLED, Status.DONE)
        assert [place.generation for place in state.places if place.status == "done"] == [made.id for made in turn.pictures]
    statuses = {turn.job.status for thread in (await house.studio.threads(ANN)).items for turn in await replies(house.studio, thread.id)}
    assert Status.CANCELLED in statuses
    await whole(house)
    assert await drawn(house.studio, ANN, "and the next works")


async def replies(studio: Studio, thread: str) -> list[Turn]:
    return [turn for turn in (await studio.turns(ANN, thread)).items if turn.job]


async def test_stop_twice_and_stop_what_is_over(studio: Studio):
    receipt = await studio.say(ANN, ask("a fox delay:60"))
    states = await asyncio.gather(studio.cancel(ANN, receipt.job), studio.cancel(ANN, receipt.job))
    assert [state.status for state in states] == [Status.CANCELLED] * 2
    turn = await said(studio, ANN, ask("a fox"))
    assert (await studio.cancel(ANN, turn.job.job)) == turn.job


async def test_closing_the_house_interrupts_what_is_under_way(open_house: OpenHouse):
    house = await open_house(runner=RunnerSettings(pictures=1))
    receipts = [await house.studio.say(ANN, asked) for asked in (ask("a fox delay:60"), ask("waiting"), chat("tokens:9 then:hang"))]
    await until(house.studio, ANN, receipts[2], lambda job: "word8" in job.text)
    await house.runner.close()
    turns = [await turn_of(house.studio, ANN, each) for each in receipts]
    assert [turn.job.status for turn in turns] == [Status.INTERRUPTED] * 3
    assert turns[2].message.text.endswith("word8 ")


# The disk


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 8 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a small disk can be mounted by root alone")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def fill(folder: Path, *, leave: int) -> Path:
    """Take all room but `leave` bytes."""
    filler = folder / "filler"
    stat = os.statvfs(folder)
    filler.write_bytes(b"\0" * (stat.f_bavail * stat.f_frsize - leave))
    return filler


async def test_a_full_disk_is_told_in_words_and_the_house_goes_on(open_house: OpenHouse, small_disk: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(work, "AGAIN", 0.1)
    house = await open_house(data_dir=small_disk / "data")
    first = await drawn(house.studio, ANN, "a fox")
    receipt = await house.studio.say(ANN, ask("a wolf delay:0.3 gives:noise", size="1024x1024"))
    await until(house.studio, ANN, receipt, lambda job: job.status is Status.RUNNING)
    filler = fill(small_disk, leave=300_000)
    turn = await ended(house.studio, ANN, receipt)
    assert (turn.job.status, turn.job.error.code) == (Status.FAILED, "disk_full")
    assert "Free some space" in in_words(turn)
    assert not turn.pictures
    assert (await house.studio.gallery(ANN)).items == (first,)
    assert await house.studio.thumbnail(ANN, first.blob)
    filler.unlink()
    again = await ended(house.studio, ANN, await house.studio.retry(ANN, receipt.message))
    assert len(again.pictures) == 1
    await whole(house)


async def test_a_reply_whose_end_finds_no_room_is_kept_when_there_is_some(
    open_house: OpenHouse, small_disk: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(work, "AGAIN", 0.1)
    house = await open_house(data_dir=small_disk / "data")
    receipt = await house.studio.say(ANN, chat("tokens:30000 wait:0.3"))
    await until(house.studio, ANN, receipt, lambda job: job.status is Status.RUNNING)
    filler = fill(small_disk, leave=0)
    state = await until(house.studio, ANN, receipt, lambda job: job.status.final)
    assert (state.status, state.error.code) == (Status.FAILED, "disk_full")
    assert state.text.endswith("END")
    assert (await turn_of(house.studio, ANN, receipt)).job.text == state.text, "a reload shows it too"
    filler.unlink()
    await until(house.studio, ANN, receipt, lambda job: job.status is Status.DONE)
    async with asyncio.timeout(10):
        while house.runner.newest(receipt.job):
            await asyncio.sleep(0.05)
    kept = await turn_of(house.studio, ANN, receipt)
    assert (kept.job.status, kept.job.error, kept.message.text) == (Status.DONE, None, state.text)


async def test_asking_on_a_full_disk_is_refused_in_words(open_house: OpenHouse, small_disk: Path):
    house = await open_house(data_dir=small_disk / "data")
    made = await drawn(house.studio, ANN, "a fox")
    filler = fill(small_disk, leave=0)
    refused = None
    for _ in range(200):  # The write-ahead log has a few pages of room at first.
        try:
            await house.studio.say(ANN, chat("x" * 20_000 + " wait:60"))
        except Exception as fault:
            refused = fault
            break
    assert getattr(refused, "code", refused) == "disk_full"
    assert (await house.studio.gallery(ANN)).items == (made,)
    filler.unlink()
    assert await drawn(house.studio, ANN, "and on it goes")


async def test_a_folder_that_cannot_be_written_any_more(house: House):
    made = await drawn(house.studio, ANN, "a fox")
    folder, away = house.blobs.folder, house.blobs.folder.with_name("away")
    folder.rename(away)
    folder.write_text("a file where the folder was: nobody can write there, root neither")
    turn = await said(house.studio, ANN, ask("a wolf"))
    assert (turn.job.status, turn.job.error.code, turn.job.error.reason) == (Status.FAILED, "house_fault", "not_writable")
    assert "Nothing can be written to" in in_words(turn) and str(folder) in in_words(turn)
    assert (await said(house.studio, ANN, chat("words need no folder"))).job.status is Status.DONE
    folder.unlink()
    away.rename(folder)
    assert await house.studio.thumbnail(ANN, made.blob) and await drawn(house.studio, ANN, "and on it goes")
    await whole(house)


async def test_a_thumbnail_that_finds_no_room_is_made_for_the_moment(open_house: OpenHouse, small_disk: Path):
    house = await open_house(data_dir=small_disk / "data")
    made = await drawn(house.studio, ANN, "a fox")
    thumb = house.blobs.path(made.blob).with_name(f"{made.blob}.thumb")
    thumb.unlink()
    filler = fill(small_disk, leave=0)
    assert Image.open(BytesIO(await house.studio.thumbnail(ANN, made.blob))).format == "WEBP"
    filler.unlink()
    await house.studio.thumbnail(ANN, made.blob)
    assert Image.open(thumb).format == "WEBP"


async def test_a_file_that_was_taken_away(house: House):
    made = await drawn(house.studio, ANN, "a fox")
    await house.studio.file(ANN, made.blob)
    house.blobs.path(made.blob).unlink()
    both = await asyncio.gather(*(house.studio.file(ANN, made.blob) for _ in range(4)), return_exceptions=True)
    assert {str(each) for each in both} == {"not_found.file"}
