"""What Guide says of itself, of the page and of Sketch is so, in both languages."""

import re

import pytest

from imagechat.i18n import locale
from imagechat.providers.guide.book import book
from imagechat.providers.sketch.scenes import SCENES
from imagechat.providers.sketch.words.reading import read
from tests.providers.guiding import answered


def test_answers_name_what_sketch_really_has() -> None:
    from imagechat.providers.sketch.model import CARD as SKETCH

    assert all(str(size) in answered("size") for size in SKETCH.sizes)
    assert f"1 to {SKETCH.max_count}" in answered("count")
    styles = answered("style").lower()
    assert all(style.replace("_", " ") in styles for style in SKETCH.styles or () if style != "sketch")
    assert all(quality.capitalize() in answered("quality") for quality in SKETCH.qualities)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_text_is_filled_and_every_topic_can_be_reached(language: str) -> None:
    own = book(language)
    assert len({topic.id for topic in own.topics}) == len(own.topics)
    for topic in own.topics:
        assert topic.forms and not re.search(r"\{[a-z]+\}", own.fill(topic.answer))


NAMED = ("account", "chat", "composer", "details", "gallery", "page", "threads")
UNTRANSLATED = {"Guide", "Sketch", "guide", "sketch", "ImageChat", "Enter", "Shift+Enter", "Tab", "Esc", "↑", "←", "→", "$0"}
OTHERS = {"Draw.", "Ask me for a prompt.", "Steer", "Change it", "Do it again", "Find", "PNG", "JPEG", "WebP"}
"""What stands in bold and names nothing on the page."""


def names(language: str) -> set[str]:
    """What the page calls things."""
    return {text for part in NAMED for text in locale(language).part(part).values()}


def texts(language: str) -> list[str]:
    """Everything that Guide says of itself: answers and sentences."""
    own = book(language)
    said = [part for text in own.tables["say"].values() for part in (text if isinstance(text, list) else [text])]
    return [own.fill(text) for text in (*(topic.answer for topic in own.topics), *said)]


def bold(language: str) -> set[str]:
    """What Guide names in bold."""
    return {name for text in texts(language) for name in re.findall(r"\*\*([^*{]+)\*\*", text)}


def test_the_page_is_called_by_its_own_names() -> None:
    assert {name for name in bold("en") if name[0].isupper()} <= names("en") | UNTRANSLATED | OTHERS
    assert {name for name in bold("fa") if re.search("[A-Za-z]", name)} <= UNTRANSLATED
    for part, key in (
        ("chat", "draw_this"),
        ("chat", "reroll"),
        ("chat", "undo"),
        ("composer", "seed"),
        ("threads", "new"),
        ("page", "gallery"),
    ):
        assert {language: locale(language).say(f"{part}.{key}") in bold(language) for language in ("en", "fa")} == {"en": True, "fa": True}


def test_no_persian_sentence_begins_with_a_latin_word() -> None:
    for text in texts("fa"):
        prose = re.sub(r"```(?:prompt)?\n.*?\n```", "", text, flags=re.DOTALL)
        for sentence in re.split(r"\n|(?<=[.؟!])\s", prose):
            first = re.search(r"[A-Za-z\u0600-\u06ff]", re.sub(r"\{\w+\}", "", sentence))
            assert not first or not first[0].isascii(), sentence


@pytest.mark.parametrize("language", ["en", "fa"])
def test_what_is_said_of_added_pictures_is_what_happens(language: str) -> None:
    from imagechat.providers.sketch.model import CARD as SKETCH

    assert not SKETCH.sees and "edit" in SKETCH.operations and SKETCH.repaints
    said = answered("upload", language), book(language).say("picture", files="x")
    kept, night = {"en": ("kept with", "make it night"), "fa": ("نگه داشته", "شب شود")}[language]
    assert all(kept in text and night in text for text in said)
    assert read(night).spec.time == "night"


@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_scene_has_its_details(language: str) -> None:
    tables = book(language).tables
    for part in ("touch", "setting", "scene_words"):
        assert set(tables[part]) == set(SCENES)
    for scene, words in tables["scene_words"].items():
        assert read(words).spec.scene == scene
        assert all(read(setting).spec.scene == scene for setting in tables["setting"][scene])
        for touch in tables["touch"][scene]:
            assert read(f"{words}, {touch}").spec.scene == scene
            assert not read(touch).named or read(touch).spec.scene == scene, touch  # else it would outweigh a wish that only hints
