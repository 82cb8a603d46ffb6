"""Help with prompts: a model words one, the visitor decides, and what they wrote themselves is kept with the picture."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from imagechat.domain.models import ModelEvent, TextDelta
from imagechat.domain.records import Controls
from imagechat.domain.requests import ChatRequest
from imagechat.domain.values import new_id
from imagechat.errors import BadInput, BrokenReply, NotFound, TimedOut
from imagechat.i18n import locale
from imagechat.settings import PromptSettings
from imagechat.shown import Shown
from imagechat.studio import Studio, wording
from imagechat.studio.wording import tidied
from tests.asking import ANN, BEN, PATIENCE, ask, chat, drawn, ended, said, wish
from tests.conftest import OpenHouse
from tests.fakes.models import FakeImage, FakeText
from tests.fakes.provider import KEY, Provider

GUIDE = Controls(model="fake-image", text_model="guide")
FAKE = Controls(model="fake-image", text_model="fake-text")
LUNA = Controls(model="fake-image", text_model="gpt-6-luna")


class Writer(FakeText):
    """Answers with these words."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words

    async def stream(self, request: ChatRequest) -> AsyncIterator[ModelEvent]:
        self.asked.append(request)
        for word in self.words.split(" "):
            yield TextDelta(text=word + " ")


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    async with Provider() as server:
        yield server


@pytest.fixture
async def online(open_house: OpenHouse, provider: Provider) -> Studio:
    """The verbs of an app at the stand-in."""
    house = await open_house(FakeImage(), FakeText(), openai_api_key=KEY, openai_base_url=provider.url)
    await house.catalogue.refresh()
    return house.studio


# By whom


async def test_guide_words_a_prompt_for_nothing(studio: Studio):
    worded = await studio.enhance(ANN, "  a boat at sea\n", GUIDE)
    assert (worded.original, worded.model, worded.price) == ("a boat at sea", "guide", 0)
    assert worded.prompt.startswith("a boat at sea") and len(worded.prompt) > 30 and "\n" not in worded.prompt
    assert not (await studio.threads(ANN)).items, "nothing is kept of it"


async def test_guide_words_it_in_the_visitors_language(studio: Studio):
    worded = await studio.enhance(ANN, "قایقی روی دریاچه", GUIDE)
    assert worded.prompt.startswith("قایقی روی دریاچه") and len(worded.prompt) > 30


@pytest.mark.parametrize("chosen", [None, "never-heard-of", "sketch", "fake-image"])
async def test_who_has_no_text_model_is_helped_by_one_that_is_here(studio: Studio, chosen: str | None):
    worded = await studio.enhance(ANN, "a boat", Controls(model="fake-image", text_model=chosen))
    assert worded.model == "guide"


@pytest.mark.parametrize("task", ["enhance", "reword"])
async def test_a_model_of_the_network_is_told_what_is_wanted(online: Studio, provider: Provider, task: str):
    worded = await online.enhance(ANN, "a boat tokens:5", LUNA, task=task)
    assert (worded.model, worded.prompt, worded.price) == ("gpt-6-luna", "word0 word1 word2 word3 word4", None)
    system, user = provider.asked[-1].said["messages"]
    assert (user["role"], user["content"]) == ("user", "a boat tokens:5")
    wanted = {"enhance": "Rewrite what the user wants", "reword": "refused the user's prompt"}[task]
    assert wanted in system["content"] and "Answer with the prompt alone" in system["content"]


async def test_what_the_network_refuses_is_told(online: Studio):
    for text, kind in (("a boat status:401", "bad_key"), ("a boat then:short", "broken_reply")):
        with pytest.raises(Exception, match=kind):
            await online.enhance(ANN, text, LUNA)


@pytest.mark.parametrize(("text", "reason"), [("", "empty_prompt"), (" \u200b\n", "empty_prompt"), ("x" * 32_001, "long_prompt")])
async def test_there_must_be_something_to_word(studio: Studio, text: str, reason: str):
    with pytest.raises(BadInput, match=reason):
        await studio.enhance(ANN, text, GUIDE)


async def test_a_model_without_a_word_is_no_help(open_house: OpenHouse):
    studio = (await open_house(Writer('  "" '))).studio
    with pytest.raises(BrokenReply, match="empty_reply"):
        await studio.enhance(ANN, "a boat", FAKE)


async def test_a_wording_that_takes_too_long_ends(studio: Studio, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(wording, "LONGEST", 0.05)
    with pytest.raises(TimedOut):
        await studio.enhance(ANN, "a boat then:hang", FAKE)


async def test_the_chat_remembers_who_words_its_prompts(studio: Studio):
    asked = ask("a fox", text_model="fake-text")
    await said(studio, ANN, asked)
    assert (await studio.thread(ANN, asked.thread)).controls.text_model == "fake-text"


# What is kept


async def test_what_the_visitor_wrote_is_kept_with_the_picture(studio: Studio):
    worded = await studio.enhance(ANN, "a boat", GUIDE)
    turn = await said(studio, ANN, ask(worded.prompt).again(original=worded.original))
    (made,) = turn.pictures
    assert (made.request.prompt, made.request.original) == (worded.prompt, "a boat")
    rows = {row["name"]: row["value"] for row in Shown(locale("en")).details(made)["rows"]}
    assert (rows["prompt"], rows["original_words"]) == (worded.prompt, "a boat")
    (again,) = (await ended(studio, ANN, await studio.reroll(ANN, made.id))).pictures
    assert again.request.original == "a boat"


@pytest.mark.parametrize("original", [None, "", "a boat", " a boat "])
async def test_words_that_nobody_worded_have_no_original(studio: Studio, original: str | None):
    (made,) = (await said(studio, ANN, ask("a boat").again(original=original))).pictures
    assert made.request.original is None
    assert "original_words" not in {row["name"] for row in Shown(locale("en")).details(made)["rows"]}


async def test_a_worded_prompt_that_is_drawn_from_its_card_keeps_its_original(studio: Studio):
    thread = new_id()
    await said(studio, ANN, chat("hello", thread=thread))
    receipt = await studio.draw_words(
        ANN, thread, "a red boat", original="a boat", controls=Controls(model="fake-text", image_model="fake-image")
    )
    (made,) = (await ended(studio, ANN, receipt)).pictures
    assert (made.request.prompt, made.request.original, made.drawn_by) == ("a red boat", "a boat", "fake-image")


# A whole conversation


async def test_a_conversation_becomes_a_prompt_of_what_it_is_about(studio: Studio):
    thread = new_id()
    for words in ("I want a boat on a lake", "at night"):
        await said(studio, ANN, ask(words, "guide", thread=thread))
    worded = await studio.conversation_prompt(ANN, thread, GUIDE)
    assert (worded.original, worded.model) == ("", "guide")
    assert "boat" in worded.prompt and "night" in worded.prompt


async def test_the_newest_messages_count_and_commands_do_not(open_house: OpenHouse):
    model, thread = Writer("a boat"), new_id()
    studio = (await open_house(model, FakeImage(), prompts=PromptSettings(messages=3))).studio
    for words in ("one", "two", "/help", "/info models", "/info usage"):
        await said(studio, ANN, chat(words, thread=thread))
    assert (await studio.conversation_prompt(ANN, thread, FAKE)).prompt == "a boat"
    (asked,) = model.asked[2:]
    assert asked.task == "picture"
    assert [turn.text.strip() for turn in asked.turns if turn.role != "system"] == ["a boat", "two", "a boat"]


async def test_a_model_of_the_network_gets_the_talk_in_one_turn(online: Studio, provider: Provider):
    thread = new_id()
    await said(online, ANN, ask("a lake tokens:2", "gpt-6-luna", thread=thread))
    await drawn(online, ANN, wish("a fox in snow", seed=3), thread=thread)
    worded = await online.conversation_prompt(ANN, thread, LUNA)
    system, user = provider.asked[-1].said["messages"]
    assert "Turn the conversation" in system["content"]
    assert user["content"].startswith("User: a lake tokens:2\n\nAssistant: word0 word1") and "a fox in snow" in user["content"]
    assert worded.prompt == "word0 word1"


async def test_a_chat_without_words_has_nothing_to_draw(studio: Studio):
    thread = new_id()
    await said(studio, ANN, chat("/help", thread=thread))
    with pytest.raises(BadInput, match="nothing_said"):
        await studio.conversation_prompt(ANN, thread, GUIDE)


async def test_anothers_conversation_is_not_there(studio: Studio):
    turn = await said(studio, ANN, chat("my secret boat"))
    for thread in (turn.message.thread, new_id()):
        with pytest.raises((NotFound, BadInput)):
            await studio.conversation_prompt(BEN, thread, GUIDE)


# Once, and not at all


async def under_way(model: FakeText, count: int = 1) -> None:
    async with asyncio.timeout(PATIENCE):
        while len(model.asked) < count:
            await asyncio.sleep(0.01)


async def test_a_press_that_arrives_twice_is_worded_once(open_house: OpenHouse):
    model = FakeText()
    studio = (await open_house(model)).studio
    first, again = await asyncio.gather(*(studio.enhance(ANN, "a boat wait:0.1", FAKE, nonce="one") for _ in range(2)))
    assert first == again and len(model.asked) == 1
    await studio.enhance(ANN, "a boat", FAKE, nonce="one")
    assert len(model.asked) == 2, "it is over, so this is another press"


async def test_a_wording_can_be_stopped(open_house: OpenHouse):
    model = FakeText()
    studio = (await open_house(model)).studio
    waiting = asyncio.create_task(studio.enhance(ANN, "a boat then:hang", FAKE, nonce="one"))
    await under_way(model)
    await studio.drop_wording(BEN, "one")
    await studio.drop_wording(ANN, "another")
    await asyncio.sleep(0.05)
    assert not waiting.done()
    await studio.drop_wording(ANN, "one")
    with pytest.raises(BadInput, match="wording_stopped"):
        await asyncio.wait_for(waiting, PATIENCE)


async def test_a_wording_that_nobody_waits_for_ends_at_the_provider_too(online: Studio, provider: Provider):
    waiting = asyncio.create_task(online.enhance(ANN, "a boat at:middle then:hang", LUNA, nonce="one"))
    async with asyncio.timeout(PATIENCE):
        while not provider.open:
            await asyncio.sleep(0.01)
        waiting.cancel()
        while provider.open:
            await asyncio.sleep(0.01)
    assert waiting.done()


# What models put around a prompt


@pytest.mark.parametrize(
    ("answer", "prompt"),
    [
        ("a boat at sea", "a boat at sea"),
        ('  "a boat at sea"\n', "a boat at sea"),
        ("“a boat at sea”", "a boat at sea"),
        ("«قایقی در دریا»", "قایقی در دریا"),
        ("```\na boat at sea\n```", "a boat at sea"),
        ("```text\na boat at sea\n```", "a boat at sea"),
        ("Prompt: a boat at sea", "a boat at sea"),
        ("**Prompt:** a boat at sea", "a boat at sea"),
        ("**Enhanced prompt**: a boat at sea", "a boat at sea"),
        ('Image prompt: "a boat at sea"', "a boat at sea"),
        ('"Hi" says a boat, "bye"', '"Hi" says a boat, "bye"'),
        ("a prompt: none", "a prompt: none"),
        ('a sign that says "sea"', 'a sign that says "sea"'),
        ("two\n\nparagraphs", "two\n\nparagraphs"),
        ('""', ""),
        ('"', '"'),
        ("", ""),
    ],
)
def test_what_models_put_around_a_prompt_is_taken_away(answer: str, prompt: str):
    assert tidied(answer) == prompt
