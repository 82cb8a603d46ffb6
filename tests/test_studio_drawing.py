"""Drawing: from a wish to pictures that are kept, each with its own recipe."""

import asyncio
from io import BytesIO

import pytest
from PIL import Image

from imagechat.domain.jobs import Status
from imagechat.domain.records import Controls
from imagechat.domain.values import new_id
from imagechat.errors import BadInput, NotFound, NotOffered
from imagechat.studio import Studio
from tests.asking import ANN, ask, chat, drawn, ended, said, turn_of, until, wish
from tests.conftest import OpenHouse
from tests.fakes.models import FakeImage, colour


async def test_a_wish_becomes_a_picture_that_is_kept_with_its_recipe(studio: Studio):
    turn = await said(studio, ANN, ask("  a fox in snow\n", size="512x512", quality="high", style="watercolor", seed=7))
    (made,) = turn.pictures
    assert (turn.job.status, turn.job.price, made.price) == (Status.DONE, 0, 0)
    assert (made.request.prompt, made.request.seed, made.request.quality) == ("a fox in snow", 7, "high")
    assert made.alt.startswith("a fox in snow") and "watercolo" in made.sent.lower() and made.drawn_by == "fake-image"
    blob, path = await studio.file(ANN, made.blob)
    kept = Image.open(BytesIO(path.read_bytes()))
    assert kept.size == (512, 512) == (made.width, made.height)
    assert blob.size == made.bytes == path.stat().st_size
    assert (await studio.gallery(ANN)).items == (made,)


async def test_an_open_seed_is_drawn_by_lot_and_kept(studio: Studio):
    seeds = {(await drawn(studio, ANN, "a fox")).request.seed for _ in range(3)}
    assert None not in seeds and len(seeds) == 3


async def test_of_a_count_each_picture_is_kept_as_its_own_recipe(studio: Studio):
    turn = await said(studio, ANN, ask("three foxes", count=3, seed=40))
    assert [(each.place, each.request.seed, each.request.count) for each in turn.pictures] == [(0, 40, 1), (1, 41, 1), (2, 42, 1)]
    assert [place.generation for place in turn.job.places] == [each.id for each in turn.pictures]
    assert [place.seed for place in turn.job.places] == [40, 41, 42]
    for each in turn.pictures:
        _, path = await studio.file(ANN, each.blob)
        assert Image.open(path).convert("RGB").getpixel((0, 0)) == colour(each.request.seed)
    again = await drawn(studio, ANN, turn.pictures[2].request)
    _, path = await studio.file(ANN, again.blob)
    assert Image.open(path).convert("RGB").getpixel((0, 0)) == colour(42)


async def test_one_that_fails_leaves_the_others(studio: Studio):
    turn = await said(studio, ANN, ask("three foxes loses:1", count=3, seed=40))
    assert turn.job.status is Status.DONE
    assert [place.status for place in turn.job.places] == ["done", "failed", "done"]
    assert [each.request.seed for each in turn.pictures] == [40, 42]
    assert (turn.job.places[1].error.code, turn.job.places[1].error.reason) == ("broken_reply", "no_picture")


async def test_reroll_keeps_the_wish_and_is_another_take(studio: Studio):
    first = await drawn(studio, ANN, wish(size="512x512", quality="low", style="anime", seed=5))
    again = (await ended(studio, ANN, await studio.reroll(ANN, first.id))).pictures[0]
    assert again.request.again(seed=5, take=0) == first.request
    assert (again.request.take, again.thread) == (1, first.thread)
    assert again.request.seed not in (5, None)


async def test_same_seed_is_another_take_of_the_same_seed(studio: Studio):
    first = await drawn(studio, ANN, wish(seed=5))
    receipt = await studio.reroll(ANN, first.id, same_seed=True)
    again = await ended(studio, ANN, receipt)
    assert (again.pictures[0].request.seed, again.pictures[0].request.take, again.message.origin) == (5, 1, "same_seed")


async def test_reroll_of_one_of_many_makes_one(studio: Studio):
    turn = await said(studio, ANN, ask("three foxes", count=3))
    again = await ended(studio, ANN, await studio.reroll(ANN, turn.pictures[1].id))
    assert len(again.pictures) == len(again.job.places) == 1


async def test_reroll_from_a_deleted_chat_opens_a_new_one(studio: Studio):
    first = await drawn(studio, ANN, "a fox")
    await studio.trash_thread(ANN, first.thread)
    receipt = await studio.reroll(ANN, first.id)
    assert receipt.thread != first.thread
    await ended(studio, ANN, receipt)
    words = [turn.message.text for turn in (await studio.turns(ANN, receipt.thread)).items]
    assert words == ["a fox", ""]


async def test_the_recipe_goes_back_into_the_composer(studio: Studio):
    made = await drawn(studio, ANN, wish("a fox", size="512x512", quality="high", style="anime", seed=9, format="jpeg", count=2))
    recipe = await studio.recipe(ANN, made.id)
    assert recipe.prompt == "a fox"
    assert recipe.controls == Controls(
        model="fake-image", size="512x512", quality="high", style="anime", seed=9, format="jpeg", image_model="fake-image"
    )
    again = await said(studio, ANN, ask(recipe.prompt, **recipe.controls.model_dump()))
    assert again.pictures[0].request == made.request


async def test_trying_again_asks_for_the_same(studio: Studio):
    failed = await said(studio, ANN, ask("a fox gives:truncated", count=2, seed=3, quality="low"))
    receipt = await studio.retry(ANN, failed.message.id)
    again = await ended(studio, ANN, receipt)
    assert again.message.request == failed.message.request
    assert (again.message.parent, again.message.origin) == (failed.message.parent, "retry")


async def test_trying_one_place_again_asks_for_that_one(studio: Studio):
    turn = await said(studio, ANN, ask("three foxes loses:1", count=3, seed=40))
    again = await ended(studio, ANN, await studio.retry(ANN, turn.message.id, 1))
    assert (again.message.request.seed, again.message.request.count) == (41, 1)
    assert len(again.pictures) == 1


@pytest.mark.parametrize("place", [None, 0, 2])
async def test_nothing_to_try_again_where_it_came_whole(studio: Studio, place: int | None):
    turn = await said(studio, ANN, ask("three foxes loses:1", count=3))
    with pytest.raises(BadInput) as refusal:
        await studio.retry(ANN, turn.message.id, place)
    assert refusal.value.reason == "nothing_to_retry"


async def test_nothing_to_try_again_in_a_whole_reply(studio: Studio):
    turn = await said(studio, ANN, chat("hello"))
    for place in (None, 0):
        with pytest.raises(BadInput, match="nothing_to_retry"):
            await studio.retry(ANN, turn.message.id, place)


async def test_nothing_to_try_again_while_it_is_under_way(studio: Studio):
    receipt = await studio.say(ANN, ask("a fox delay:60"))
    with pytest.raises(BadInput, match="nothing_to_retry"):
        await studio.retry(ANN, receipt.message)


@pytest.mark.parametrize("place", [-1, 3, 99])
async def test_a_place_that_there_never_was(studio: Studio, place: int):
    turn = await said(studio, ANN, ask("three foxes loses:1", count=3))
    with pytest.raises(NotFound):
        await studio.retry(ANN, turn.message.id, place)


async def test_worded_prompts_are_drawn_with_the_threads_image_model(studio: Studio):
    thread = new_id()
    await said(studio, ANN, ask("a fox", thread=thread, size="512x512", quality="low", image_model="fake-image"))
    await said(studio, ANN, chat("word me a prompt", thread=thread, size="512x512", quality="low", image_model="fake-image"))
    turn = await ended(studio, ANN, await studio.draw_words(ANN, thread, "a red fox", nonce="one"))
    assert (turn.pictures[0].drawn_by, turn.pictures[0].request.prompt) == ("fake-image", "a red fox")
    assert (str(turn.pictures[0].request.size), turn.pictures[0].request.quality) == ("512x512", "low")
    assert not (await studio.draw_words(ANN, thread, "a red fox", nonce="one")).fresh


@pytest.mark.parametrize(
    ("text", "controls", "reason"),
    [
        ("", {}, "empty_prompt"),
        (" \n\t ", {}, "empty_prompt"),
        ("x" * 2001, {}, "long_prompt"),
        ("a fox", {"size": "100x100"}, "size"),
        ("a fox", {"size": "big"}, "size_form"),
        ("a fox", {"size": "0x0"}, "size_form"),
        ("a fox", {"quality": "nonsense"}, "quality"),
        ("a fox", {"style": "nonsense"}, "style"),
        ("a fox", {"format": "bmp"}, "format"),
        ("a fox", {"background": "transparent"}, "background"),
        ("a fox", {"count": 5}, "count"),
        ("a fox", {"count": 0}, "count"),
        ("a fox", {"count": 1000}, "count"),
        ("a fox", {"seed": -1}, "seed_range"),
        ("a fox", {"seed": 2**53}, "seed_range"),
        ("a fox", {"seed": 2**53 - 1, "count": 2}, "seed_range"),
        ("a fox", {"seed": 10**30}, "seed_range"),
        ("\u200b\u2060 \ufeff", {}, "empty_prompt"),
        ("a fox", {"model": "nobody"}, "model"),
    ],
)
async def test_what_cannot_be_asked_is_refused_and_nothing_is_written(studio: Studio, text: str, controls: dict, reason: str):
    with pytest.raises((BadInput, NotOffered)) as refusal:
        await studio.say(ANN, ask(text, **controls))
    assert refusal.value.reason == reason
    assert not (await studio.threads(ANN)).items


async def test_the_largest_seed_can_be_used(studio: Studio):
    turn = await said(studio, ANN, ask("a fox", seed=2**53 - 4, count=4))
    assert [each.request.seed for each in turn.pictures] == [2**53 - 4 + index for index in range(4)]


async def test_a_press_that_arrives_twice_is_one_job(studio: Studio):
    pressed = ask("a fox", nonce="one press")
    receipts = await asyncio.gather(*(studio.say(ANN, pressed) for _ in range(8)))
    assert len({(each.thread, each.message, each.job) for each in receipts}) == 1
    assert sum(each.fresh for each in receipts) == 1
    await ended(studio, ANN, receipts[0])
    assert len((await studio.turns(ANN, receipts[0].thread)).items) == 2
    assert len((await studio.gallery(ANN)).items) == 1


async def test_the_same_words_sent_twice_are_two_jobs(studio: Studio):
    thread = new_id()
    first, second = [await studio.say(ANN, ask("a fox", thread=thread, nonce=nonce)) for nonce in ("one", "two")]
    assert first.job != second.job
    for receipt in (first, second):
        assert (await ended(studio, ANN, receipt)).pictures


async def test_pictures_run_side_by_side(open_house: OpenHouse):
    """What this machine paints: one for each of its painters."""
    studio = (await open_house(sketch={"painters": 3})).studio
    thread = new_id()
    receipts = [await studio.say(ANN, ask("a fox delay:60", thread=thread)) for _ in range(3)]
    for receipt in receipts:
        assert (await until(studio, ANN, receipt, lambda job: job.status is Status.RUNNING)).ahead is None


async def test_a_picture_knows_what_it_took(studio: Studio):
    turn = await said(studio, ANN, ask("a fox delay:0.1", count=2))
    assert all(200 <= each.took < 5000 for each in turn.pictures)
    assert turn.job.started and turn.job.finished and turn.job.started < turn.job.finished
    assert [note.code for note in turn.job.notes] == ["sketch_understood"]
    later = await until(studio, ANN, await studio.say(ANN, ask("another")), lambda job: job.started is not None)
    assert 0.2 <= later.expected < 5


async def test_a_style_that_the_model_lacks_is_words_for_it(open_house: OpenHouse):
    model = FakeImage()
    studio = (await open_house(model)).studio
    made = await drawn(studio, ANN, wish("a fox", style="pixel_art"))
    assert model.asked[0].words == made.sent != "a fox"
    assert "a fox" in made.sent


async def test_a_reload_in_the_middle_shows_the_newest_state(studio: Studio):
    receipt = await studio.say(ANN, ask("a fox delay:0.3"))
    state = await until(studio, ANN, receipt, lambda job: bool(job.places[0].preview))
    read = (await turn_of(studio, ANN, receipt)).job
    assert read.status is Status.RUNNING and read.places[0].preview
    blob, path = await studio.file(ANN, state.places[0].preview)
    assert blob.kind == "preview" and Image.open(path).size == (64, 64)


async def test_a_reply_under_way_has_no_picture_to_ask_for_again(studio: Studio):
    receipt = await studio.say(ANN, chat("delay:5 words"))
    with pytest.raises(BadInput, match="nothing_to_retry"):
        await studio.retry(ANN, receipt.message, 0)
    await studio.cancel(ANN, receipt.job)
