"""Slash commands: what the app answers itself, that no model hears of it, and what becomes of those that draw."""

import pytest

from imagechat.domain.jobs import Status
from imagechat.domain.records import Turn
from imagechat.domain.values import new_id
from imagechat.errors import BadInput, NotOffered
from imagechat.studio import Studio
from tests.asking import ANN, ask, chat, drawn, said, wish
from tests.conftest import OpenHouse
from tests.fakes.models import FakeImage, FakeText


def told(turn: Turn) -> dict[str, dict]:
    return {note.code: note.facts for note in turn.job.notes}


# What the app answers itself


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("/help", ["/imagine", "/edit", "/help", "/info"]),
        ("/help imagine", ["**/imagine**", "`/image`", "style:watercolor", "`compression:`"]),
        ("/help /EDIT", ["**/edit**", "make it night"]),
        ("/help image", ["**/imagine**"]),
        ("/info models", ["`sketch`", "`guide`", "`fake-image`"]),
        ("/info status", ["Status", "GB"]),
        ("/info usage", ["Nothing was used"]),
        ("/info", ["Models", "Status", "Nothing was used"]),
    ],
)
@pytest.mark.parametrize("model", ["fake-text", "fake-image"])
async def test_the_app_answers_itself(open_house: OpenHouse, text: str, parts: list[str], model: str):
    models = FakeText(), FakeImage()
    studio = (await open_house(*models)).studio
    turn = await said(studio, ANN, ask(text, model))
    assert (turn.message.model, turn.job.status, turn.job.price) == ("imagechat", Status.DONE, 0)
    assert all(part in turn.message.text for part in parts)
    assert not models[0].asked and not models[1].asked


async def test_no_model_is_told_of_what_the_app_answered(open_house: OpenHouse):
    model, thread = FakeText(), new_id()
    studio = (await open_house(model)).studio
    for text in ("first", "/help", "/info models", "second"):
        await said(studio, ANN, chat(text, thread=thread))
    assert [turn.text for turn in model.asked[-1].turns if turn.role == "user"] == ["first", "second"]
    assert not any("/imagine" in turn.text or "sketch" in turn.text for turn in model.asked[-1].turns)
    assert len((await studio.turns(ANN, thread)).items) == 8


async def test_usage_counts_what_was_asked_and_not_the_app_itself(studio: Studio):
    for asked in (chat("tokens:50 please"), ask("a fox"), ask("/help", "fake-text")):
        await said(studio, ANN, asked)
    text = (await said(studio, ANN, ask("/info usage", "fake-text"))).message.text
    assert "| `fake-text` | 1 | 4 → 50 | $0.0000 |" in text and "`fake-image`" in text and "imagechat" not in text


async def test_a_press_that_arrives_twice_is_answered_once(studio: Studio):
    pressed = ask("/help", "fake-text", nonce="one press")
    first, again = await studio.say(ANN, pressed), await studio.say(ANN, pressed)
    assert (first.fresh, again.fresh, again.message) == (True, False, first.message)


@pytest.mark.parametrize(
    ("text", "reason", "word", "meant"),
    [
        ("/help imagin", "command_unknown", "imagin", "/imagine"),
        ("/help   imagin please", "command_unknown", "imagin", "/imagine"),
        ("/info   usge", "topic_unknown", "usge", "usage"),
        ("/info weather", "topic_unknown", "weather", "models"),
    ],
)
async def test_what_cannot_be_told_is_pointed_at(studio: Studio, text: str, reason: str, word: str, meant: str):
    with pytest.raises(BadInput, match=reason) as refusal:
        await studio.say(ANN, ask(text, "fake-text"))
    facts = refusal.value.facts
    assert (text[facts["at"] : facts["at"] + facts["length"]], facts["meant"]) == (word, meant)


# What is drawn


async def test_a_command_draws_though_a_text_model_is_chosen(studio: Studio):
    asked = chat("/imagine a fox seed:5 size:512x512", image_model="fake-image")
    turn = await said(studio, ANN, asked)
    (made,) = turn.pictures
    assert (made.drawn_by, made.request.prompt, made.request.seed, str(made.request.size)) == ("fake-image", "a fox", 5, "512x512")
    thread = await studio.thread(ANN, asked.thread)
    assert (thread.controls.model, thread.controls.size, thread.controls.seed) == ("fake-text", None, None)


async def test_nobody_chose_a_painter_so_the_first_one_draws(studio: Studio):
    turn = await said(studio, ANN, chat("/imagine a boat on a lake size:128x128"))
    assert turn.pictures[0].drawn_by == "sketch"


async def test_the_turn_shows_what_was_typed_and_the_picture_what_was_meant(studio: Studio):
    turn = await said(studio, ANN, ask("/imagine a fox style:anime"))
    page = await studio.turns(ANN, turn.message.thread)
    assert page.items[0].message.text == "/imagine a fox style:anime"
    assert (turn.pictures[0].alt, turn.pictures[0].request.style) == ("a fox", "anime")


@pytest.mark.parametrize(
    ("options", "became", "note"),
    [
        ("quality:hd", {"quality": "high"}, {"fitted_quality": {"given": "hd", "used": "high"}}),
        ("quality:2", {"quality": "low"}, {"fitted_quality": {"given": "2", "used": "low"}}),
        ("quality:HIGH", {"quality": "high"}, {}),
        ("size:landscape", {"size": "768x512"}, {"fitted_size": {"given": "landscape", "used": "768x512"}}),
        ("size:512×512", {"size": "512x512"}, {}),
        ("format:jpg", {"format": "jpeg"}, {}),
        ('style:"Pixel Art"', {"style": "pixel_art"}, {}),
        ("style:none", {"style": None}, {}),
        ("count:3", {"count": 3}, {}),
    ],
)
async def test_values_become_the_models_own_and_that_is_told(studio: Studio, options: str, became: dict, note: dict):
    turn = await said(studio, ANN, ask(f"/imagine a fox {options}", style="watercolor", quality="low" if "qual" not in options else None))
    asked = turn.message.request
    assert {name: str(value) if name == "size" else value for name, value in dict(asked).items() if name in became} == became
    notes = told(turn)
    assert {code: notes[code] for code in notes if code.startswith("fitted_")} == note


@pytest.mark.parametrize(
    ("words", "reason", "word"),
    [
        ("", "command_empty", "/imagine"),
        ("style:anime", "command_empty", "/imagine"),
        ("fox count:two", "option_number", "two"),
        ("fox count:9", "option_value", "9"),
        ("fox count:0", "option_value", "0"),
        ("fox seed:-1", "option_number", "-1"),
        ("fox seed:²", "option_number", "²"),
        ("🦊 روباه style:animee", "option_value", "animee"),
        ("fox quality:wow", "option_value", "wow"),
        ("fox format:gif", "option_value", "gif"),
        ("fox background:red", "option_none", "red"),
        ("fox compression:80", "option_none", "80"),
        ("fox size:big", "option_size", "big"),
        ("fox size:auto", "option_size", "auto"),
        ("fox model:nobody", "option_model", "nobody"),
        ("fox model:fake-text", "option_model", "fake-text"),
        ("fox model:skech", "option_model", "skech"),
    ],
)
async def test_what_cannot_be_drawn_is_pointed_at_and_nothing_is_written(studio: Studio, words: str, reason: str, word: str):
    text = f"/imagine {words}"
    with pytest.raises(BadInput) as refusal:
        await studio.say(ANN, ask(text))
    facts = refusal.value.facts
    assert (refusal.value.reason, text[facts["at"] : facts["at"] + facts["length"]]) == (reason, word)
    assert not (await studio.threads(ANN)).items


async def test_what_is_offered_and_perhaps_meant_is_said(studio: Studio):
    for text, name, meant in (("style:animee", "anime", "anime"), ("model:skech", "sketch", "sketch")):
        with pytest.raises(BadInput) as refusal:
            await studio.say(ANN, ask(f"/imagine fox {text}"))
        assert name in refusal.value.facts["offered"] and refusal.value.facts["meant"] == meant


async def test_a_size_that_the_model_lacks_is_refused_and_one_of_the_controls_is_fitted(studio: Studio):
    with pytest.raises(NotOffered, match="size"):
        await studio.say(ANN, ask("/imagine a fox size:100x100"))
    turn = await said(studio, ANN, ask("/imagine a fox count:2", size="1536x1024", quality="nonsense", format="webp", background="opaque"))
    assert (len(turn.pictures), str(turn.message.request.size), turn.message.request.format) == (2, "768x512", "png")


async def test_what_the_controls_lose_on_the_way_to_another_model_is_told(studio: Studio):
    turn = await said(studio, ANN, ask("/imagine a boat on a lake model:sketch size:128x128", style="cyberpunk", quality="low"))
    assert turn.message.request.style is None
    assert told(turn)["fitted_style"] == {"given": "cyberpunk", "used": "–"}


async def test_a_compression_is_for_formats_that_have_one(open_house: OpenHouse):
    class Squeezing(FakeImage):
        card = FakeImage.card.again(id="squeezing", compresses=True)

    studio = (await open_house(Squeezing())).studio
    plain = await said(studio, ANN, ask("/imagine a fox compression:80", "squeezing"))
    assert (plain.message.request.options, told(plain)["fitted_options"]) == ({}, {"given": "compression:80", "used": "–"})
    small = await said(studio, ANN, ask("/imagine a fox compression:80 format:jpg", "squeezing"))
    assert small.message.request.options == {"compression": 80} and "fitted_options" not in told(small)


async def test_another_model_for_this_one_time(studio: Studio):
    asked = ask("/imagine a boat on a lake model:sketch", size="256x256")
    turn = await said(studio, ANN, asked)
    assert (turn.pictures[0].drawn_by, str(turn.pictures[0].request.size)) == ("sketch", "256x256")
    assert (await studio.thread(ANN, asked.thread)).controls.model == "fake-image"


async def test_a_slip_goes_into_the_prompt_and_is_told(studio: Studio):
    turn = await said(studio, ANN, ask("/imagine a fox styel:anime"))
    assert turn.pictures[0].request.prompt == "a fox styel:anime"
    assert told(turn)["perhaps_option"] == {"given": "styel:anime", "meant": "style:anime"}


async def test_an_edit_wants_a_picture(studio: Studio):
    with pytest.raises(BadInput, match="edit_nothing") as refusal:
        await studio.say(ANN, ask("/edit make it night", "sketch"))
    assert refusal.value.facts["word"] == "/edit"


async def test_an_edit_goes_to_a_model_that_can(studio: Studio):
    made = await drawn(studio, ANN, wish("a boat on a lake", model="sketch", size="128x128"))
    asked = chat("/edit make it night", thread=made.thread).again(sources=(made.id,))
    (changed,) = (await said(studio, ANN, asked)).pictures
    assert (changed.drawn_by, changed.parent, changed.request.prompt) == ("sketch", made.id, "make it night")
