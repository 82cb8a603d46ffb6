"""What is wished becomes a prompt, changes with the next words, and is what Sketch understands."""

import re

import pytest

from imagechat.providers.guide.book import Book, book
from imagechat.providers.guide.wishes import Wish
from imagechat.providers.guide.wording import prompt
from imagechat.providers.sketch.scenes import SCENES
from imagechat.providers.sketch.words.reading import read
from imagechat.providers.sketch.words.settle import settle
from imagechat.words import Labels, render
from tests.providers.guiding import answered, asked, prompts


@pytest.mark.parametrize(
    ("wish", "subject"),
    [
        ("I want a picture of a castle at night", "a castle at night"),
        ("I'd like an image of the sea", "the sea"),
        ("draw me a quiet lake, please", "a quiet lake"),
        ("Draw a castle at night.", "a castle at night"),
        ("Can you draw me a mountain lake?", "a mountain lake"),
        ("could you please paint a city at sunset for me?", "a city at sunset"),
        ("Hi! Please draw the sea at dawn", "the sea at dawn"),
        ("help me word a prompt for a harbour in fog", "a harbour in fog"),
        ("I need a prompt about snowy peaks", "snowy peaks"),
        ("improve my prompt: boats on a lake", "boats on a lake"),
        ("how would I draw a lighthouse?", "a lighthouse"),
        ("make me a wallpaper with mountains", "mountains"),
        ("I want to see a stormy sea", "a stormy sea"),
        ("a quiet harbour at dusk", "a quiet harbour at dusk"),
        ("mountains in the morning mist", "mountains in the morning mist"),
        ("an old house on a hill", "an old house on a hill"),
        ("show me a city under the stars", "a city under the stars"),
        ("how about a red sky", "a red sky"),
        ("یک عکس از قلعه در شب", "قلعه در شب"),
        ("یه نقاشی از دریا هنگام غروب بکش", "دریا هنگام غروب"),
        ("لطفا یک قایق روی دریا بکش", "یک قایق روی دریا"),
        ("کوه برفی", "کوه برفی"),
        ("خورشید", "خورشید"),
        ("عکس گربه بکش", "گربه"),
        ("forest", "forest"),
        ("a portrait of my grandmother", "a portrait of my grandmother"),
        ("پرامپت برای شهر در شب", "شهر در شب"),
    ],
)
def test_a_wish_becomes_prompts_with_its_own_words(wish: str, subject: str) -> None:
    reply = asked(wish)
    cards = prompts(reply)
    assert len(cards) == 2 and cards[0] != cards[1]
    assert all(card.startswith(subject) and len(card) > len(subject) for card in cards)
    assert reply == asked(wish)
    assert render(reply, Labels("Copy", "Draw this")).count('data-act="draw-prompt"') == 2


@pytest.mark.parametrize(
    "text",
    [
        "delete this picture of a lake",
        "where is the picture of the castle?",
        "how do I delete the image of a cat?",
        "draw it",
        "draw something",
        "what is a seed?",
        "create a new chat",
    ],
)
def test_not_everything_with_a_picture_in_it_is_a_wish(text: str) -> None:
    assert not prompts(asked(text)) or text == "draw something"


def test_what_is_wished_is_not_contradicted() -> None:
    for wish in ("a mountain lake at night", "the sea at dawn", "a city by day", "a stormy sea", "a foggy lake"):
        for card in prompts(asked(wish)):
            others = {"night", "dawn", "sunset", "dusk"} - set(wish.split())
            assert not others & set(re.findall(r"\w+", card)) or wish in ("a stormy sea", "a foggy lake")
            assert "stormy" not in wish or not {"calm", "gentle"} & set(re.findall(r"\w+", card))


@pytest.mark.parametrize(
    ("wish", "word"),
    [("a cat on a boat", "cat"), ("draw an old man by the sea", "man"), ("a logo for a tea house", "logo"), ("یک گربه روی قایق", "گربه")],
)
def test_what_sketch_cannot_draw_is_said(wish: str, word: str) -> None:
    reply = asked(wish)
    assert f"**{word}**" in reply and "**Sketch**" in reply
    assert all(word in card for card in prompts(reply))


def test_what_sketch_can_draw_is_not_excused() -> None:
    assert "honest" not in asked("a quiet mountain lake at dawn with a boat")


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ("make it night", "a quiet lake at night"),
        ("but at sunset", "a quiet lake at sunset"),
        ("in watercolor", "in watercolor"),
        ("as an oil painting please", "as an oil painting"),
        ("add a boat", "a boat"),
        ("make it colder", "colder"),
        ("without trees", "without trees"),
    ],
)
def test_a_wish_is_changed_by_the_next_words(said: str, part: str) -> None:
    cards = prompts(asked("a quiet lake", said))
    assert cards and all(part in card and card.startswith("a quiet lake") for card in cards)


def test_changes_add_up() -> None:
    reply = asked("draw a lake at sunset", "make it night", "in watercolor", "shorter")
    assert prompts(reply) == ["a lake at night, in watercolor"]


def test_a_question_between_keeps_the_wish() -> None:
    cards = prompts(asked("a quiet lake", "what is a seed?", "make it night"))
    assert cards[0].startswith("a quiet lake at night")


def test_another_is_another() -> None:
    first, second, third = (prompts(asked("a quiet lake", *["another"] * times)) for times in range(3))
    assert not set(first) & set(second) or not set(second) & set(third)
    assert first != second != third


def test_a_change_without_a_wish_is_no_change() -> None:
    assert not prompts(asked("shorter"))
    assert asked("make it night") == answered("prompts")


def test_persian_changes() -> None:
    cards = prompts(asked("دریاچه آرام", "شبش کن", "آبرنگ"))
    assert cards and all(card.startswith("دریاچه آرام در شب") and card.endswith("آبرنگ") for card in cards)
    assert prompts(asked("a quiet lake", "شبش کن"))[0].startswith("a quiet lake at night")


WISHES = {
    "en": (
        "a mountain lake", "a mountain lake at dawn", "snowy mountains", "mountains at night", "misty mountains", "high peaks in the fog",
        "the sea", "the sea at sunset", "a calm sea", "a beach", "islands", "a red boat on the sea", "a sailboat at dusk", "a city",
        "a city at night", "a city skyline by the river", "a quiet harbour at dusk", "towers by day", "the sky", "a starry sky",
        "a blue sky", "the milky way", "clouds", "a sea of clouds", "a full moon", "birds", "pine trees", "a sunrise", "sunset",
        "a city by the sea", "mountains by the sea", "a stormy sea",
        "a forest in autumn", "a forest path", "a flower meadow", "rolling hills in spring", "the desert", "an oasis",
        "a village by the lake",
        "a village in winter", "a winding river", "a gorge", "a rocky coast", "a lighthouse", "a frozen lake", "falling snow", "a reef",
        "under the sea", "the northern lights", "a windmill", "a lake by moonlight", "a beach at golden hour", "rain",
    ),
    "fa": (
        "دریاچه", "دریاچه‌ای در کوهستان", "کوه برفی", "کوه در شب", "دریا", "دریا هنگام غروب", "ساحل", "جزیره", "یک قایق روی دریا", "شهر",
        "شهر در شب", "تهران", "آسمان", "آسمان پرستاره", "راه شیری", "ابر", "دریای ابر", "ماه کامل", "هلال ماه", "پرندگان", "کاج", "غروب",
        "طلوع", "خورشید", "شهر کنار دریا", "جنگل در پاییز", "راه جنگلی", "دشت گل", "کویر", "واحه", "روستا", "روستا در زمستان", "رودخانه",
        "کرانه", "فانوس دریایی", "دریاچه یخ زده", "بارش برف", "مرجان", "زیر دریا", "شفق قطبی", "آسیاب بادی", "دریاچه در مهتاب",
    ),
}  # fmt: skip


def own_ground(subject: str, own: Book) -> bool:
    """Whether what Guide words for a wish shows more than a sky."""
    return all(read(prompt(Wish(subject, own.language), own, other)).spec.scene != "sky" for other in (0, 1))


def offers(subject: str, language: str) -> set[str]:
    """Every prompt that Guide may word for a wish, in all its takes, lengths, times and styles."""
    own = book(language)
    wishes = [Wish(subject, language, take=take, length=length) for take in range(3) for length in (-1, 0, 1)]
    roofed = getattr(SCENES.get(read(subject).spec.scene), "roofed", False)  # no moon is seen there, and that is said
    hours = [hour for hour in own.tables["time_words"] if not (roofed and hour == "moonlight")]
    wishes += [Wish(subject, language, time=hour, take=take, length=1) for take in range(2) for hour in hours]
    # Beside a mere sky, "abstract" is read as a scene of its own.
    styles = [style for style in own.tables["style_words"] if style != "abstract" or own_ground(subject, own)]
    wishes += [Wish(subject, language, style=style) for style in styles]
    return {prompt(wish, own, other) for wish in wishes for other in (0, 1)}


@pytest.mark.parametrize("language", ["en", "fa"])
def test_sketch_understands_every_word_that_guide_adds(language: str) -> None:
    for subject in WISHES[language]:
        plain = read(subject)
        for words in offers(subject, language):
            reading = read(words)
            told = reading.told(settle(reading.spec, 1))
            assert not told.unknown, words
            assert all(word in subject for word in told.nearly), words
            assert not plain.spec.scene or reading.spec.scene == plain.spec.scene, words


@pytest.mark.parametrize("language", ["en", "fa"])
def test_sketch_understands_what_guide_may_add_to_any_wish(language: str) -> None:
    tables = book(language).tables
    worded = [option for table in ("light", "touch", "setting") for options in tables[table].values() for option in options]
    worded += [*tables["time_words"].values(), *tables["style_words"].values(), *tables["scene_words"].values()]
    worded += [card for topic in book(language).topics for card in prompts(topic.answer)]
    for words in worded:
        told = read(words).told()
        assert (told.unknown, told.beyond, told.nearly) == ((), (), ()), words


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_light_is_one_of_its_own_time(language: str) -> None:
    for hour, lights in book(language).tables["light"].items():
        assert all(read(light).spec.time in ("", hour) for light in lights)
