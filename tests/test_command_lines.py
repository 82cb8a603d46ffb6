"""How a line is read as a command, and what is proposed while it is typed."""

import pytest

from imagechat.errors import BadInput
from imagechat.prompting import commands
from imagechat.prompting.completion import complete
from imagechat.studio import Studio
from tests.asking import ANN, ask

VALUES = {"style": ("none", "anime", "watercolor"), "size": ("1024x1024", "16:9"), "quality": ("low", "high"), "model": ("sketch",)}


def read(text: str) -> tuple[str, dict[str, str]]:
    line = commands.read(text)
    return line.words, {name: word.text for name, word in line.options.items()}


# How a line is read


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("/imagine a fox", True), ("/help", True), ("  /info models", False), ("/nonsense", True), ("/imagine\na fox", True),
        ("/etc/passwd", False), ("/ 2", False), ("1/2", False), ("say /help", False), ("", False),
        ("//", False), ("/help?", False), ("/2", False),
    ],
)  # fmt: skip
def test_a_command_begins_with_a_slash_and_a_word(text: str, is_one: bool):
    assert commands.is_command(text) is is_one


@pytest.mark.parametrize(
    ("text", "words", "options"),
    [
        ("/imagine a fox", "a fox", {}),
        ("/imagine style:anime a fox size:16:9 in snow count:2", "a fox in snow", {"style": "anime", "size": "16:9", "count": "2"}),
        ("/IMAGINE a fox STYLE:anime", "a fox", {"style": "anime"}),
        ('/imagine style:"pixel art" a fox', "a fox", {"style": "pixel art"}),
        ("/imagine style:“pixel art” a fox", "a fox", {"style": "pixel art"}),
        ("/image a fox ar:16:9 n:2 bg:transparent", "a fox", {"size": "16:9", "count": "2", "background": "transparent"}),
        ("/imagine a fox ratio:3:2", "a fox", {"size": "3:2"}),
        ("  /imagine   a  fox\nstyle:anime\nin snow", "a fox\n\nin snow", {"style": "anime"}),
        ("/imagine روباهی در برف style:anime", "روباهی در برف", {"style": "anime"}),
        ("/help imagine", "imagine", {}),
        ("/help style:anime", "style:anime", {}),
    ],
)
def test_options_stand_anywhere_in_the_line(text: str, words: str, options: dict[str, str]):
    assert read(text) == (words, options)


@pytest.mark.parametrize(
    "words",
    [
        "ratio 16:9", "a link http://x.org/style", "note: this", "style: anime", "at 12:30", "a sign that says \"style:modern\"",
        "«size:big»",
        "“seed:5”", "12:30 count", "c:\\style", "mood:dark", "(style:anime)", "سبک:انیمه", "a:b:c", ":", "🦊:🦊",
    ],
)  # fmt: skip
def test_the_prompts_own_words_are_never_taken(words: str):
    assert read(f"/imagine {words}") == (words, {})


def test_an_option_that_is_there_twice_is_pointed_at():
    with pytest.raises(BadInput, match="option_twice") as refusal:
        commands.read("/imagine size:1:1 a fox ratio:16:9")
    assert refusal.value.facts == {"word": "ratio:16:9", "at": 24, "length": 10, "name": "size"}


@pytest.mark.parametrize(
    ("text", "meant"), [("/imagin a fox", "/imagine"), ("/hlep", "/help"), ("/picture", "/help"), ("/Edits it", "/edit")]
)
def test_an_unknown_command_is_answered_with_what_was_perhaps_meant(text: str, meant: str):
    with pytest.raises(BadInput, match="command_unknown") as refusal:
        commands.read(text)
    assert refusal.value.facts["meant"] == meant
    assert (refusal.value.facts["at"], refusal.value.facts["word"]) == (0, text.split(maxsplit=1)[0])


@pytest.mark.parametrize(
    "text",
    [
        "/imagine 🦊🦊 روباه style:anime",
        '/imagine style:"anime" 👩‍👩‍👧 fox',
        "  /imagine é̂ 𝒻ox\tstyle:anime",
        "/imagine «نقل» style:“anime”",
    ],
)
def test_places_are_counted_in_characters(text: str):
    line = commands.read(text)
    word = line.options["style"]
    assert text[word.at : word.at + len(word.text)] == word.text == "anime"


def test_a_slip_in_an_options_name_is_noticed():
    line = commands.read("/imagine a fox styel:anime qualty:high http://x mood:dark")
    assert line.perhaps == (("styel:anime", "style:anime"), ("qualty:high", "quality:high"))
    assert line.words == "a fox styel:anime qualty:high http://x mood:dark"


# What is proposed


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("/", ["imagine", "edit", "help", "info"]),
        ("/i", ["imagine", "info"]),
        ("/imagine", []),
        ("hello", []),
        ("say /i", []),
        ("/imagine a fox s", ["style", "size"]),
        ("/imagine a fox style:", ["none", "anime", "watercolor"]),
        ("/imagine a fox style:a", ["anime"]),
        ("/image a fox STYLE:WA", ["watercolor"]),
        ("/imagine a fox style:anime", []),
        ("/imagine a fox seed:", []),
        ("/imagine a fox ", []),
        ('/imagine "a sign s', []),
        ("/imagine a fox\ns", []),
        ("/help e", ["edit"]),
        ("/help /im", ["imagine"]),
        ("/info ", ["models", "status", "usage"]),
        ("/nonsense s", []),
    ],
)
def test_what_fits_is_proposed(text: str, names: list[str]):
    assert [each.name for each in complete(text, len(text), VALUES)] == names


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("/ima", "/imagine "), ("/imagine 🦊 روباه sty", "/imagine 🦊 روباه style:"),
        ("/imagine fox style:wat", "/imagine fox style:watercolor "),
        ("/help /im", "/help imagine"), ("/info us", "/info usage"),
    ],
)  # fmt: skip
def test_a_proposal_stands_in_the_place_of_what_was_typed(text: str, whole: str):
    (found,) = complete(text + " later words", len(text), VALUES)
    assert text[: found.begin] + found.text == whole and found.end == len(text)


def test_the_studio_proposes_what_the_drawing_model_has(studio: Studio):
    def names(text: str, model: str) -> list[str]:
        return [each.name for each in studio.complete(ANN, text, len(text), ask("", model).controls)]

    assert names("/imagine fox quality:", "fake-image") == ["low", "high"]
    assert names("/imagine fox quality:", "sketch") == ["draft", "standard", "high"]
    assert set(names("/imagine fox model:", "fake-text")) == {"sketch", "fake-image"}
