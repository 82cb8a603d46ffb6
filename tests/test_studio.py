"""Talking, finding, tending; and that nobody reaches into another's space."""

import asyncio
from collections.abc import Awaitable, Callable
from io import BytesIO
from itertools import pairwise

import pytest
from PIL import Image

from imagechat.domain.jobs import Status
from imagechat.domain.values import new_id
from imagechat.domain.visitors import OWNER, Visitor
from imagechat.errors import BadInput, NotFound, NotOffered, QueueFull
from imagechat.settings import RunnerSettings, UploadSettings
from imagechat.studio import Studio
from tests.asking import ANN, BEN, ask, chat, drawn, ended, said, turn_of, until, wish
from tests.conftest import OpenHouse
from tests.fakes.models import FakeImage, FakeText, encoded, png


class Seeing(FakeText):
    """The fake text model with eyes."""

    card = FakeText.card.again(id="fake-seeing", sees=True)


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
    model = Seeing()
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
    studio = (await open_house(Seeing(), blind)).studio
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


# Uploads


def broken_png() -> bytes:
    whole = png((64, 64), 3)
    return whole[: len(whole) // 2]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "picture_empty"),
        (broken_png(), "picture_broken"),
        (b"<html>no picture</html>", "picture_not_supported"),
        (b"%PDF-1.7 pretending", "picture_not_supported"),
        (encoded(Image.new("1", (2000, 1000)), "PNG"), "picture_too_many_pixels"),
        (b"\x89PNG" + b"x" * 2**20, "picture_too_big"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_an_upload_that_is_no_good_is_refused_by_its_name(open_house: OpenHouse, data: bytes, reason: str):
    house = await open_house(uploads=UploadSettings(megabytes=0.5, megapixels=1))
    with pytest.raises(BadInput) as refusal:
        await house.studio.upload(ANN, data, "holiday.png")
    assert (refusal.value.reason, refusal.value.facts["name"]) == (reason, "holiday.png")
    assert (await house.studio.space(ANN)).bytes == 0
    assert not [path for path in house.blobs.folder.rglob("*") if path.is_file()]


async def test_the_bytes_of_an_upload_are_believed_not_its_name(studio: Studio):
    blob = await studio.upload(ANN, encoded(Image.new("RGB", (30, 20)), "JPEG"), "picture.png")
    assert (blob.media_type, blob.width, blob.height, blob.name) == ("image/jpeg", 30, 20, "picture.png")


async def test_an_animated_gif_is_taken(studio: Studio):
    out = BytesIO()
    Image.new("RGB", (30, 20)).save(out, "GIF", save_all=True, append_images=[Image.new("RGB", (30, 20), "red")])
    blob = await studio.upload(ANN, out.getvalue(), "moving.gif")
    assert blob.media_type == "image/gif"
    assert Image.open(BytesIO(await studio.thumbnail(ANN, blob.id))).format == "WEBP"


# Threads and gallery


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("  A fox \n in snow ", "A fox in snow"),
        ("روباهی در برف", "روباهی در برف"),
        (
            "one two three four five six seven eight nine ten eleven twelve thirteen",
            "one two three four five six seven eight nine ten eleven…",
        ),
        ("x" * 100, "x" * 60 + "…"),
    ],
)
async def test_a_chat_is_called_by_its_first_words(studio: Studio, text: str, title: str):
    receipt = await studio.say(ANN, chat(text))
    await studio.say(ANN, chat("something else", thread=receipt.thread))
    assert (await studio.thread(ANN, receipt.thread)).title == title


async def test_a_chat_remembers_what_the_composer_was_set_to(studio: Studio):
    asked = ask("a fox", size="512x512", quality="low", count=2)
    await said(studio, ANN, asked)
    assert (await studio.thread(ANN, asked.thread)).controls == asked.controls


async def test_chats_are_listed_by_their_newest_turn_and_renamed(studio: Studio):
    first, second = [(await said(studio, ANN, chat(text))).message.thread for text in ("first", "second")]
    await said(studio, ANN, chat("again", thread=first))
    assert [each.id for each in (await studio.threads(ANN)).items] == [first, second]
    assert (await studio.rename(ANN, second, "  My  foxes ")).title == "My foxes"
    assert [each.title for each in (await studio.threads(ANN)).items] == ["first", "My foxes"]
    for title in ("", "  ", "x" * 201):
        with pytest.raises(BadInput):
            await studio.rename(ANN, second, title)


async def test_deleting_a_chat_leaves_its_pictures_and_can_be_undone(studio: Studio):
    made = await drawn(studio, ANN, "a fox")
    await studio.trash_thread(ANN, made.thread)
    assert not (await studio.threads(ANN)).items
    assert (await studio.gallery(ANN)).items == (made,)
    assert await studio.thumbnail(ANN, made.blob)
    with pytest.raises(NotFound, match="trashed"):
        await studio.say(ANN, chat("more", thread=made.thread))
    await studio.restore_thread(ANN, made.thread)
    assert [each.id for each in (await studio.threads(ANN)).items] == [made.thread]


async def test_a_job_goes_on_when_its_chat_is_deleted(studio: Studio):
    receipt = await studio.say(ANN, ask("a fox delay:0.2"))
    await studio.trash_thread(ANN, receipt.thread)
    assert len((await ended(studio, ANN, receipt)).pictures) == 1


async def test_deleting_a_picture_can_be_undone(studio: Studio):
    made = await drawn(studio, ANN, "a fox")
    assert (await studio.trash_picture(ANN, made.id)).trashed
    assert not (await studio.gallery(ANN)).items and (await studio.space(ANN)).pictures == 0
    (turn,) = [turn for turn in (await studio.turns(ANN, made.thread)).items if turn.pictures]
    assert turn.pictures[0].trashed
    await studio.restore_picture(ANN, made.id)
    assert (await studio.gallery(ANN)).items == (made,)


async def test_search_finds_pictures_and_chats_in_any_script(studio: Studio):
    fox, sea = await drawn(studio, ANN, "a red fox in snow"), await drawn(studio, ANN, "دریای آرام")
    assert [each.id for each in (await studio.gallery(ANN, search="FOX sn")).items] == [fox.id]
    assert [each.id for each in (await studio.gallery(ANN, search="دریاي ارام")).items] == [sea.id]
    assert not (await studio.gallery(ANN, search="wolf")).items
    assert not (await studio.gallery(ANN, search='"* OR (')).items
    talk = await said(studio, ANN, chat("tokens:3 about whales"))
    for words in ("whales", "word2"):
        assert [each.id for each in (await studio.threads(ANN, search=words)).items] == [talk.message.thread]


async def test_cursors_that_are_none(studio: Studio):
    made = await drawn(studio, ANN, "a fox")
    for read in (
        lambda: studio.gallery(ANN, cursor="nonsense"),
        lambda: studio.threads(ANN, cursor="nonsense"),
        lambda: studio.turns(ANN, made.thread, before="nonsense"),
    ):
        with pytest.raises(BadInput, match="cursor"):
            await read()


# Another's space

Verb = Callable[[Studio, Visitor, "Hers"], Awaitable[object]]


class Hers:
    """The ids of one of Ann's pictures and everything around it."""

    def __init__(self, **ids: str) -> None:
        self.thread, self.message, self.picture, self.blob, self.job, self.upload, self.failed, self.running = ids.values()


async def hers(studio: Studio) -> Hers:
    upload = await studio.upload(ANN, png((40, 30), 1), "fox.png")
    turn = await said(studio, ANN, ask("a fox"))
    failed = await said(studio, ANN, ask("a fox then:fail", thread=turn.message.thread))
    running = await studio.say(ANN, ask("a fox delay:60", thread=turn.message.thread))
    return Hers(
        thread=turn.message.thread, message=turn.message.id, picture=turn.pictures[0].id, blob=turn.pictures[0].blob,
        job=turn.job.job, upload=upload.id, failed=failed.message.id, running=running.job,
    )  # fmt: skip


VERBS: dict[str, Verb] = {
    "say in a thread": lambda studio, who, her: studio.say(who, chat("hello", thread=her.thread)),
    "draw in a thread": lambda studio, who, her: studio.say(who, ask("a fox", thread=her.thread)),
    "say with an upload": lambda studio, who, her: studio.say(who, ask("what?", "fake-seeing", uploads=(her.upload,))),
    "say with a picture": lambda studio, who, her: studio.say(who, ask("what?", "fake-seeing", uploads=(her.blob,))),
    "draw with an input": lambda studio, who, her: studio.say(who, ask("a fox", uploads=(her.upload,))),
    "draw under a message": lambda studio, who, her: studio.draw(who, new_id(), wish(), parent=her.message),
    "draw words": lambda studio, who, her: studio.draw_words(who, her.thread, "a fox"),
    "reroll": lambda studio, who, her: studio.reroll(who, her.picture),
    "same seed": lambda studio, who, her: studio.reroll(who, her.picture, same_seed=True),
    "retry": lambda studio, who, her: studio.retry(who, her.failed),
    "retry a place": lambda studio, who, her: studio.retry(who, her.failed, 0),
    "recipe": lambda studio, who, her: studio.recipe(who, her.picture),
    "cancel": lambda studio, who, her: studio.cancel(who, her.running),
    "cancel a finished one": lambda studio, who, her: studio.cancel(who, her.job),
    "thread": lambda studio, who, her: studio.thread(who, her.thread),
    "turns": lambda studio, who, her: studio.turns(who, her.thread),
    "rename": lambda studio, who, her: studio.rename(who, her.thread, "mine now"),
    "trash thread": lambda studio, who, her: studio.trash_thread(who, her.thread),
    "restore thread": lambda studio, who, her: studio.restore_thread(who, her.thread),
    "picture": lambda studio, who, her: studio.picture(who, her.picture),
    "trash picture": lambda studio, who, her: studio.trash_picture(who, her.picture),
    "restore picture": lambda studio, who, her: studio.restore_picture(who, her.picture),
    "file": lambda studio, who, her: studio.file(who, her.blob),
    "upload's file": lambda studio, who, her: studio.file(who, her.upload),
    "thumbnail": lambda studio, who, her: studio.thumbnail(who, her.blob),
}


async def test_nobody_reaches_into_anothers_space(open_house: OpenHouse):
    """Every verb with every id: it looks as though it were not there, and nothing of hers changes."""
    studio = (await open_house(FakeImage(), FakeText(), Seeing())).studio
    her = await hers(studio)
    before = await studio.turns(ANN, her.thread)
    since = studio.version(BEN)
    reached = []
    for name, verb in VERBS.items():
        try:
            await verb(studio, BEN, her)
            reached.append(name)
        except NotFound as refusal:
            assert refusal.reason == ""
    assert not reached
    assert not (await studio.threads(BEN)).items and not (await studio.gallery(BEN)).items
    assert not (await studio.threads(BEN, search="fox")).items and not (await studio.gallery(BEN, search="fox")).items
    space = await studio.space(BEN)
    assert (space.pictures, space.bytes) == (0, 0)
    assert studio.version(BEN) == since and not studio.changes(BEN, since).jobs
    after = await studio.turns(ANN, her.thread)
    assert [turn.message for turn in after.items] == [turn.message for turn in before.items]
    assert (await studio.thread(ANN, her.thread)).title == "a fox"
    assert after.items[-1].job.status is Status.RUNNING


async def test_her_file_is_not_found_even_after_she_looked_at_it(studio: Studio):
    made = await drawn(studio, ANN, "a fox")
    await studio.file(ANN, made.blob)
    with pytest.raises(NotFound):
        await studio.file(BEN, made.blob)


@pytest.mark.parametrize("id", ["", "x", "../../etc/passwd", "0" * 26, "I" * 26, "۰" * 26, "a" * 10_000])
async def test_ids_that_are_none(open_house: OpenHouse, id: str):
    studio = (await open_house(FakeImage(), FakeText(), Seeing())).studio
    made = await drawn(studio, ANN, "a fox")
    her = Hers(thread=id, message=id, picture=id, blob=id, job=id, upload=id, failed=id, running=id)
    takes_new_ones = {"say in a thread", "draw in a thread", "draw words"}  # What these name is begun when it is not there.
    for name, verb in VERBS.items():
        if name in takes_new_ones and id in ("", "0" * 26):
            continue
        with pytest.raises((NotFound, ValueError)):  # ValueError: the request itself has no such form.
            await verb(studio, OWNER, her)
    assert (await studio.gallery(ANN)).items == (made,)


async def test_two_visitors_see_their_own_only(studio: Studio):
    mine, bens = await asyncio.gather(drawn(studio, ANN, "a fox"), drawn(studio, BEN, "a wolf"))
    assert (await studio.gallery(ANN)).items == (mine,)
    assert (await studio.gallery(BEN)).items == (bens,)
    assert {each.id for each in studio.changes(BEN, studio.version(BEN) - 3).pictures} <= {bens.id}
