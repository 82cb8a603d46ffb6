"""From a request to a stored result: every bad thing that a model can do, and what stays of it."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from imagechat import work
from imagechat.bootstrap import House
from imagechat.domain.jobs import JobState, Status
from imagechat.domain.models import ModelEvent, Picture, Preview, TextDelta, Usage
from imagechat.domain.requests import ChatRequest, ImageOrder
from imagechat.settings import RunnerSettings
from imagechat.studio import Studio
from tests.after import files, in_words, whole
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
    house = await open_house(runner=RunnerSettings(timeout=3))
    for asked in (ask("a fox then:hang"), chat("tokens:3 then:hang")):
        turn = await said(house.studio, ANN, asked)
        assert (turn.job.status, turn.job.error.code) == (Status.FAILED, "timed_out")
        assert "longer than 3 seconds" in in_words(turn)
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
