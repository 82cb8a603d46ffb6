"""What is added, and what is kept: uploads, chats and the gallery, through the studio's verbs."""

from io import BytesIO

import pytest
from PIL import Image

from imagechat.errors import BadInput, NotFound
from imagechat.settings import UploadSettings
from imagechat.studio import Studio
from tests.asking import ANN, ask, chat, drawn, ended, said
from tests.conftest import OpenHouse
from tests.fakes.models import encoded, png

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
