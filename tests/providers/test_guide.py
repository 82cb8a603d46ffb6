"""Guide answers what is asked, and says where its script ends."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagechat.domain.models import TextDelta, Usage
from imagechat.domain.requests import ChatRequest, ChatTurn, LoadedPicture
from imagechat.domain.values import Size
from imagechat.providers.guide import CARD, Guide
from imagechat.providers.guide.answers import answer
from imagechat.providers.guide.book import book
from imagechat.providers.guide.topics import found
from imagechat.words import Labels, render
from tests.providers.guiding import answered, asked, prompts

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
    assert time.monotonic() - begun < 30


def test_the_card_is_a_text_model_for_nothing() -> None:
    assert (CARD.kind, CARD.price, CARD.sees, CARD.operations) == ("text", 0, False, ("chat",))
    assert not CARD.draws
