"""Talking, and the order in which it is answered."""

import asyncio
from itertools import pairwise

import pytest

from imagechat.domain.jobs import Status
from imagechat.domain.values import new_id
from imagechat.errors import BadInput, NotFound, NotOffered, QueueFull
from imagechat.settings import RunnerSettings
from imagechat.studio import Studio
from tests.asking import ANN, BEN, ask, chat, drawn, ended, said, turn_of, until
from tests.conftest import OpenHouse
from tests.fakes.models import FakeSeeing, FakeText, png

# Talking


async def test_words_become_a_reply(studio: Studio):
    turn = await said(studio, ANN, chat("tokens:50 please"))
    assert turn.job.status is Status.DONE
    assert turn.job.text == turn.message.text
    assert turn.message.text.startswith("word0 word1 ") and turn.message.text.endswith("word49 END")
    assert (turn.job.input_tokens, turn.job.output_tokens, turn.job.price) == (4, 50, 0)
    assert turn.job.started <= turn.job.finished


async def test_the_model_is_given_the_talk_up_to_the_asked_turn_only(open_house: OpenHouse):
    model, thread = FakeText(), new_id()
    studio = (await open_house(model)).studio
    first = await studio.say(ANN, chat("first wait:0.2", thread=thread))
    second = await studio.say(ANN, chat("second", thread=thread))
    for receipt in (first, second):
        await ended(studio, ANN, receipt)
    given = [[(turn.role, turn.text.split()[0]) for turn in request.turns] for request in model.asked]
    assert given == [[("user", "first")], [("user", "first"), ("assistant", "word0"), ("user", "second")]]


async def test_trying_a_reply_again_asks_the_same_question(open_house: OpenHouse):
    model, thread = FakeText(), new_id()
    studio = (await open_house(model)).studio
    failed = await said(studio, ANN, chat("tokens:3 then:fail", thread=thread))
    assert failed.message.text == "word0 word1 word2 "
    await said(studio, ANN, chat("another question", thread=thread))
    again = await ended(studio, ANN, await studio.retry(ANN, failed.message.id))
    assert (again.message.parent, again.message.origin) == (failed.message.parent, "retry")
    assert [turn.text for turn in model.asked[2].turns] == ["tokens:3 then:fail"]


async def test_replies_of_one_chat_come_one_at_a_time_and_in_order(studio: Studio):
    thread = new_id()
    receipts = [await studio.say(ANN, chat(f"tokens:3 delay:0.05 number {number}", thread=thread)) for number in range(3)]
    states = [(await turn_of(studio, ANN, each)).job for each in receipts]
    assert [state.status for state in states] == ["running", "queued", "queued"]
    assert [state.ahead for state in states] == [None, 0, 1]
    ends = [(await ended(studio, ANN, each)).job for each in receipts]
    for before, after in pairwise(ends):
        assert before.finished <= after.started


async def test_replies_of_two_chats_come_side_by_side(studio: Studio):
    receipts = [await studio.say(ANN, chat("wait:60")) for _ in range(3)]
    assert {(await turn_of(studio, ANN, each)).job.status for each in receipts} == {Status.RUNNING}


async def test_a_picture_does_not_wait_for_a_reply_of_its_chat(studio: Studio):
    thread = new_id()
    await studio.say(ANN, chat("wait:60", thread=thread))
    assert (await said(studio, ANN, ask("a fox", thread=thread))).pictures


@pytest.mark.parametrize(("text", "reason"), [("", "empty_prompt"), (" \n\t\u3000", "empty_prompt"), ("x" * 32_001, "long_prompt")])
async def test_words_that_cannot_be_sent(studio: Studio, text: str, reason: str):
    with pytest.raises(BadInput, match=reason):
        await studio.say(ANN, chat(text))
    assert not (await studio.threads(ANN)).items


async def test_a_text_model_that_sees_is_given_the_picture(open_house: OpenHouse):
    model = FakeSeeing()
    studio = (await open_house(model, FakeText())).studio
    blob = await studio.upload(ANN, png((40, 30), 1), "fox.png")
    turn = await said(studio, ANN, ask("what is this?", "fake-seeing", uploads=(blob.id,)))
    (given,) = model.asked[0].turns[0].pictures
    assert given.data == png((40, 30), 1) and (given.name, str(given.size)) == ("fox.png", "40x30")
    user = (await studio.turns(ANN, turn.message.thread)).items[0].message
    assert [each.blob for each in user.inputs] == [blob.id]


async def test_a_painter_that_takes_no_pictures_says_so(studio: Studio):
    blob = await studio.upload(ANN, png((40, 30), 1), "fox.png")
    with pytest.raises(NotOffered, match="operation"):
        await studio.say(ANN, ask("a fox", uploads=(blob.id,)))
    assert not (await studio.threads(ANN)).items


async def test_a_picture_that_no_message_took_is_taken_back(studio: Studio):
    blob = await studio.upload(ANN, png((40, 30), 1), "fox.png")
    with pytest.raises(NotFound):
        await studio.forget_uploads(BEN, [blob.id])
    await studio.file(ANN, blob.id)
    await studio.forget_uploads(ANN, [blob.id])
    with pytest.raises(NotFound):
        await studio.file(ANN, blob.id)


async def test_guide_keeps_a_picture_and_says_that_it_cannot_look(studio: Studio):
    blob = await studio.upload(ANN, png((40, 30), 1), "fox.png")
    for words in ("what is this?", ""):
        turn = await said(studio, ANN, ask(words, "guide", uploads=(blob.id,)))
        assert "fox.png" in turn.job.text and "40 × 30" in turn.job.text and "cannot look" in turn.job.text
        assert (await studio.turns(ANN, turn.message.thread)).items[0].message.inputs[0].blob == blob.id


async def test_a_model_that_cannot_see_goes_on_with_a_chat_that_has_pictures(open_house: OpenHouse):
    blind, thread = FakeText(), new_id()
    studio = (await open_house(FakeSeeing(), blind)).studio
    blob = await studio.upload(ANN, png((40, 30), 1), "fox.png")
    await said(studio, ANN, ask("what is this?", "fake-seeing", thread=thread, uploads=(blob.id,)))
    await said(studio, ANN, chat("and now?", thread=thread))
    assert [turn.text.split()[0] for turn in blind.asked[0].turns] == ["what", "word0", "and"]
    assert not any(turn.pictures for turn in blind.asked[0].turns), "only the newest turn's pictures are shown to one who cannot see"


# The queue


async def test_a_full_queue_refuses_and_writes_nothing(open_house: OpenHouse):
    studio = (await open_house(runner=RunnerSettings(pictures=1, queue=2))).studio
    running, *waiting = [await studio.say(ANN, ask(f"fox {number} delay:60", nonce=f"fox {number}")) for number in range(3)]
    assert [(await turn_of(studio, ANN, each)).job.ahead for each in waiting] == [0, 1]
    with pytest.raises(QueueFull) as refusal:
        await studio.say(ANN, ask("one too many"))
    assert refusal.value.facts == {"waiting": 2, "most": 2}
    assert len((await studio.threads(ANN)).items) == 3
    # A press that was taken before is no new one.
    assert await studio.say(ANN, ask("fox 2 delay:60", nonce="fox 2")) == waiting[1].again(fresh=False)
    await studio.cancel(ANN, running.job)
    assert (await turn_of(studio, ANN, waiting[0])).job.status is Status.RUNNING
    assert (await turn_of(studio, ANN, waiting[1])).job.ahead == 0
    await studio.say(ANN, ask("and one more"))


async def test_waiting_jobs_are_taken_in_turn(open_house: OpenHouse):
    studio = (await open_house(runner=RunnerSettings(pictures=1))).studio
    receipts = [await studio.say(ANN, ask(f"fox {number} delay:0.05")) for number in range(4)]
    ends = [(await ended(studio, ANN, each)).job for each in receipts]
    assert sorted(ends, key=lambda job: job.started) == ends
    assert all(before.finished <= after.started for before, after in pairwise(ends))


async def test_who_waits_knows_how_long_it_takes_once_it_begins(open_house: OpenHouse):
    studio = (await open_house(runner=RunnerSettings(pictures=1, replies=1))).studio
    await drawn(studio, ANN, "a fox delay:0.05")
    await said(studio, ANN, chat("wait:0.2"))
    for asked, least in ((ask("a fox delay:60"), 0.1), (chat("wait:60"), 0.2)):
        await studio.say(ANN, asked)
        state = await until(studio, ANN, await studio.say(ANN, asked.again(thread=new_id())), lambda job: job.expected is not None)
        assert (state.status, state.ahead) == (Status.QUEUED, 0)
        assert least <= state.expected < 30


async def test_nobody_waits_for_what_is_not_known_yet(open_house: OpenHouse, monkeypatch: pytest.MonkeyPatch):
    house = await open_house(runner=RunnerSettings(pictures=1))
    monkeypatch.setattr(house.jobs, "typical", lambda *_: asyncio.sleep(3600))
    first, second, third = [await house.studio.say(ANN, ask("a fox delay:0.05")) for _ in range(3)]
    assert (await house.studio.cancel(ANN, third.job)).expected is None
    for receipt in (first, second):
        assert (await ended(house.studio, ANN, receipt)).pictures
    for _ in range(2):
        await house.studio.say(ANN, ask("a fox delay:60"))
    async with asyncio.timeout(30):
        await house.close()
