"""Guide answers what is asked, words what is wished, and says where its script ends."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagechat.domain.models import TextDelta, Usage
from imagechat.domain.requests import ChatRequest, ChatTurn, LoadedPicture
from imagechat.domain.values import Size
from imagechat.i18n import locale
from imagechat.providers.guide import CARD, Guide
from imagechat.providers.guide.answers import answer
from imagechat.providers.guide.book import Book, book
from imagechat.providers.guide.topics import found
from imagechat.providers.guide.wishes import Wish
from imagechat.providers.guide.wording import prompt
from imagechat.providers.sketch.scenes import SCENES
from imagechat.providers.sketch.words.reading import read
from imagechat.providers.sketch.words.settle import settle
from imagechat.words import Labels, render


def asked(*texts: str, pictures: tuple[LoadedPicture, ...] = ()) -> str:
    """The reply to the last of a person's turns; the replies between are Guide's own."""
    turns: list[ChatTurn] = []
    for text in texts:
        turns.append(ChatTurn(role="user", text=text, pictures=pictures if text is texts[-1] else ()))
        turns.append(ChatTurn(role="assistant", text=answer(turns)))
    return turns[-1].text


def prompts(reply: str) -> list[str]:
    return re.findall(r"```prompt\n(.*?)\n```", reply, re.DOTALL)


def answered(topic: str, language: str = "en") -> str:
    own = book(language)
    return own.fill(next(one.answer for one in own.topics if one.id == topic))


QUESTIONS = [
    ("Hello", "hello"),
    ("hi there!", "hello"),
    ("Thank you so much", "thanks"),
    ("bye", "bye"),
    ("who are you?", "who"),
    ("What are you?", "who"),
    ("Are you an AI?", "who"),
    ("what can you do?", "can_do"),
    ("help", "can_do"),
    ("What can I do here?", "can_do"),
    ("what is ImageChat?", "app"),
    ("how do I start?", "start"),
    ("How does this work?", "start"),
    ("How do I draw a picture?", "draw"),
    ("can you draw?", "draw"),
    ("what can Sketch draw?", "sketch"),
    ("Is Sketch an AI?", "sketch"),
    ("can sketch draw people", "sketch_limits"),
    ("which seasons are there?", "sketch_light"),
    ("can Sketch paint rain?", "sketch_light"),
    ("which times of day does Sketch know?", "sketch_light"),
    ("which weather can I draw?", "sketch_light"),
    ("which things can stand in a picture?", "sketch_things"),
    ("how do I give a boat its colour?", "sketch_things"),
    ("which edits can I make by words?", "edit_picture"),
    ("how do I change the weather in a picture?", "edit_picture"),
    ("can Sketch change my own photo?", "upload"),
    ("which models are there?", "models"),
    ("can I use GPT?", "models"),
    ("do I need an API key?", "keys"),
    ("what controls are there?", "options"),
    ("how do I change the size?", "size"),
    ("what resolutions can I choose", "size"),
    ("what does quality do?", "quality"),
    ("Which styles are there?", "style"),
    ("how many pictures at once?", "count"),
    ("what is a seed?", "seed"),
    ("what does sede mean", None),
    ("how do I get exactly the same picture again?", "seed"),
    ("PNG or JPEG?", "format"),
    ("how do I make the background transparent?", "background"),
    ("how do I write a good prompt?", "prompts"),
    ("give me some ideas", "prompts"),
    ("What does Reroll do?", "reroll"),
    ("what does same seed do", "same_seed"),
    ("what is Regenerate for?", "regenerate"),
    ("how can I edit a picture?", "edit_picture"),
    ("what does Edit do?", "edit_picture"),
    ("can I use a mask?", "edit_picture"),
    ("what are variations?", "variations"),
    ("what does Enhance do?", "enhance"),
    ("what does Reword mean?", "enhance"),
    ("what does Draw this chat do?", "draw_chat"),
    ("create a new chat", "new_chat"),
    ("can I use Ollama?", "own_server"),
    ("where do I put the OpenAI key?", "keys"),
    ("what was my usage this month?", "cost"),
    ("what if a model is retired?", "models"),
    ("where are my pictures?", "gallery"),
    ("wher are my picturs", "gallery"),
    ("how do I find an old picture?", "search_pictures"),
    ("where do I see the details of a picture?", "details"),
    ("How do I download a picture?", "download"),
    ("how do I delete a picture?", "delete"),
    ("I deleted it by mistake, can I restore it?", "undo"),
    ("how do I start a new chat?", "new_chat"),
    ("rename a chat", "rename_chat"),
    ("how do I find an old chat?", "search_chats"),
    ("how do I delete a chat?", "delete_chat"),
    ("where is my data stored?", "kept"),
    ("is it private?", "privacy"),
    ("does it work offline?", "privacy"),
    ("is my data sent to OpenAI?", "privacy"),
    ("how do I change the port?", "settings"),
    ("what is the Account tab?", "account"),
    ("are there keyboard shortcuts?", "keyboard"),
    ("how do I stop a picture?", "stop"),
    ("what happens if I close the tab?", "close_tab"),
    ("can I send several requests at the same time?", "queue"),
    ("how long does it take?", "speed"),
    ("it does not work", "fail"),
    ("can I upload a picture?", "upload"),
    ("what does it cost?", "cost"),
    ("is it free?", "cost"),
    ("do you speak Persian?", "languages"),
    ("can I share a picture with a friend?", "share"),
    ("is there a dark mode?", "theme"),
    ("how do I zoom?", "viewer"),
    ("are there slash commands?", "commands"),
    ("what does /imagine do?", "commands"),
    ("what's the weather in Paris?", "weather"),
    ("what is 12 plus 30?", "maths"),
    ("write a python function", "code"),
    ("what's in the news today?", "news"),
    ("what is the capital of France?", "world"),
    ("tell me a joke", "write"),
    ("2 + 2 = ?", "maths"),
    ("ok", "yes"),
    ("can you see this image?", "upload"),
    ("Are you ChatGPT?", "who"),
    ("that's ugly", "reroll"),
]


@pytest.mark.parametrize(("question", "topic"), QUESTIONS)
def test_a_question_finds_its_topic(question: str, topic: str | None) -> None:
    if topic is None:
        assert asked(question)
    else:
        assert asked(question) == answered(topic), found(question, book("en"))


PERSIAN = [
    ("سلام", "hello"),
    ("ممنونم", "thanks"),
    ("تو کی هستی؟", "who"),
    ("چه کار می‌توانم بکنم؟", "can_do"),
    ("از کجا شروع کنم؟", "start"),
    ("چه سبک‌هایی هست؟", "style"),
    ("seed چیست؟", "seed"),
    ("عکس‌هایم کجاست؟", "gallery"),
    ("چطور عکس را دانلود کنم؟", "download"),
    ("چطور عکس را حذف کنم؟", "delete"),
    ("هزینه‌اش چقدر است؟", "cost"),
    ("آیا به اینترنت نیاز دارد؟", "privacy"),
    ("فارسی می‌فهمی؟", "languages"),
    ("كليد لازم است؟", "keys"),
    ("هوا چطور است؟", "weather"),
    ("چطور عکس را ویرایش کنم؟", "edit_picture"),
    ("گونه‌ها چیست؟", "variations"),
    ("چه دستورهایی هست؟", "commands"),
    ("مدل‌های Ollama را چطور بیاورم؟", "own_server"),
    ("چه فصل‌هایی را می‌کشد؟", "sketch_light"),
    ("آیا Sketch باران می‌کشد؟", "sketch_light"),
    ("چرا آدم نمی‌کشد؟", "sketch_limits"),
    ("عکس خودم را چطور تغییر دهم؟", "upload"),
]


@pytest.mark.parametrize(("question", "topic"), PERSIAN)
def test_persian_is_answered_in_persian(question: str, topic: str) -> None:
    assert asked(question) == answered(topic, "fa"), found(question, book("fa"))


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


def test_limits_are_admitted() -> None:
    for question in ("what's the weather like?", "solve this equation", "debug my code", "latest news", "tell me a story"):
        reply = asked(question)
        assert "script" in reply and "Such models come with a key" in reply
    assert "such models come with a key" in asked("do you like turnips?")


def picture(name: str = "cat.png") -> LoadedPicture:
    return LoadedPicture(data=b"", media_type="image/jpeg", size=Size.parse("800x600"), name=name)


def test_pictures_cannot_be_seen_and_that_is_said() -> None:
    reply = asked("what is this?", pictures=(picture(),))
    assert "**cat.png**" in reply and "JPEG" in reply and "800 × 600" in reply and "cannot look" in reply
    assert prompts(asked("draw a lake like this", pictures=(picture(), picture("b.gif"))))
    assert asked("", pictures=(picture(""),))


def test_a_files_name_is_not_markup() -> None:
    shown = render(asked("x", pictures=(picture("a**[x](http://e.vil)<b>`.png"),)), Labels("c", "d"))
    assert "<b>" not in shown and "href" not in shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "?",
        "!!!",
        "🎨",
        "```",
        "```prompt\nx\n```",
        "<script>alert(1)</script>",
        "\x00\x01\x02",
        "a" * 100000,
        "the " * 25000,
        "draw " * 20000,
        "picture of " * 9000,
        "خ" * 50000,
        "[" * 30000,
        "draw me a " + "very " * 6000 + "big lake",
        "\u202eabc",
        "draw ```x```",
        "1 2 3",
    ],
    ids=lambda text: repr(text[:12]),
)
def test_strange_words_get_an_answer_soon(text: str) -> None:
    begun = time.process_time()
    reply = asked(text) + asked("a lake", text)
    assert reply.strip() and time.process_time() - begun < 3
    assert all(len(card) < 600 for card in prompts(reply))


def test_no_turn_at_all_is_a_greeting() -> None:
    assert answer(()) == answered("hello")
    assert answer((ChatTurn(role="system", text="x"),)) == answered("hello")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.text(max_size=60) | st.sampled_from(["a lake", "make it night", "draw a", "in ", "without ", "یک ", "add ", "```", "help"]),
        min_size=1,
        max_size=4,
    )
)
def test_it_never_raises(texts: list[str]) -> None:
    assert answer([ChatTurn(role="user", text=text) for text in texts]).strip()


async def test_it_streams_words_and_costs_nothing() -> None:
    request = ChatRequest(model="guide", turns=(ChatTurn(role="user", text="what is a seed?"),))
    events = [event async for event in Guide(delay=0).stream(request)]
    assert events[-1] == Usage(price=0)
    words = [event.text for event in events[:-1] if isinstance(event, TextDelta)]
    assert len(words) > 30 and "".join(words) == answered("seed")


async def test_closing_stops_at_once() -> None:
    request = ChatRequest(model="guide", turns=(ChatTurn(role="user", text="help"),))
    stream = Guide(delay=60).stream(request)
    await anext(stream)
    begun = time.monotonic()
    await stream.aclose()
    assert time.monotonic() - begun < 1


def test_the_card_is_a_text_model_for_nothing() -> None:
    assert (CARD.kind, CARD.price, CARD.sees, CARD.operations) == ("text", 0, False, ("chat",))
    assert not CARD.draws


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
