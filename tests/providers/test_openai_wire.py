"""What OpenAI's provider says on the wire, in its own dialect, and what it understands of the answers."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from imagechat.domain.models import Failed, Picture, Preview, Progress, TextDelta, Usage
from imagechat.domain.requests import ChatRequest, ChatTurn, ImageOrder, ImageRequest, LoadedPicture
from imagechat.domain.values import Size
from imagechat.errors import BadKey, BrokenReply
from imagechat.providers.openai.chat import _Reply
from imagechat.providers.openai.reading import payloads
from imagechat.wrappers import Apart, Retry
from tests.fakes.models import FakeText, colour, encoded, png
from tests.fakes.provider import Provider
from tests.providers.conftest import Opened, model, only, told

FLARE, OLDER, WORDS = "gpt-image-2.5-flare", "dall-e-3", "gpt-6-luna"


def order(prompt: str = "a fox", *inputs: LoadedPicture, **facts: Any) -> ImageOrder:
    """What the studio hands to an image model."""
    return ImageOrder(request=ImageRequest(**{"prompt": prompt, "model": FLARE, **facts}), words=prompt, inputs=inputs)


def talk(*turns: str | ChatTurn) -> ChatRequest:
    """A conversation whose plain words are the visitor's."""
    return ChatRequest(model=WORDS, turns=tuple(ChatTurn(role="user", text=each) if isinstance(each, str) else each for each in turns))


def loaded(data: bytes, media_type: str = "image/png") -> LoadedPicture:
    return LoadedPicture(data=data, media_type=media_type, size=Size(width=64, height=64))


async def left(server: Provider) -> None:
    """Wait until nobody waits for the server any more."""
    async with asyncio.timeout(5):
        while server.open:
            await asyncio.sleep(0.01)


# Words


async def test_a_conversation_goes_out_with_its_roles_and_comes_back_word_by_word(opened: Opened, server: Provider):
    turns = [ChatTurn(role=role, text=text) for role, text in (("system", "Be kind"), ("user", "hello"), ("assistant", "hello too"))]
    events = await told(model(await opened(), WORDS), talk(*turns, "tokens:3"))
    said = server.asked[0].said
    assert [(each["role"], each["content"]) for each in said["messages"]] == [
        ("system", "Be kind"), ("user", "hello"), ("assistant", "hello too"), ("user", "tokens:3"),
    ]  # fmt: skip
    assert (said["model"], said["stream"], said["stream_options"]) == (WORDS, True, {"include_usage": True})
    assert set(said) == {"model", "messages", "stream", "stream_options"}
    assert "".join(each.text for each in only(TextDelta, events)) == "word0 word1 word2 "
    assert isinstance(events[-1], Usage)


async def test_pictures_in_a_conversation_go_as_data_urls(opened: Opened, server: Provider):
    turn = ChatTurn(role="user", text="what is this?", pictures=(loaded(b"\x89PNG1"), loaded(b"\xff\xd8", "image/jpeg")))
    await told(model(await opened(), WORDS), talk(turn))
    assert server.asked[0].said["messages"][0]["content"] == [
        {"type": "text", "text": "what is this?"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORzE="}},
        {"type": "image_url", "image_url": {"url": "data:image/jpeg;base64,/9g="}},
    ]


async def test_a_picture_without_words_goes_without_an_empty_text(opened: Opened, server: Provider):
    await told(model(await opened(), WORDS), talk(ChatTurn(role="user", text="", pictures=(loaded(b"1"),))))
    assert [part["type"] for part in server.asked[0].said["messages"][0]["content"]] == ["image_url"]


async def test_a_reply_in_one_piece_is_a_reply(opened: Opened):
    events = await told(model(await opened(), WORDS), talk("tokens:3 gives:plain"))
    assert [each.text for each in only(TextDelta, events)] == ["word0 word1 word2"]
    assert only(Usage, events)[0].output_tokens == 3


@pytest.mark.parametrize("pieces", ["", "pieces:0.01"])
async def test_letters_are_not_torn_where_the_pieces_are(opened: Opened, server: Provider, pieces: str):
    events = await told(model(await opened(), WORDS), talk(f"tokens:20 {pieces}"))
    assert "".join(each.text for each in only(TextDelta, events)) == "".join(f"word{index} " for index in range(20))


async def test_a_reply_is_whole_when_its_end_was_said_and_the_server_stays(opened: Opened, server: Provider):
    events = await told(model(await opened(patience=1.0), WORDS), talk("tokens:3 at:end then:hang"))
    assert only(Usage, events)[0].output_tokens == 3
    await left(server)


async def test_a_connection_is_used_again_for_the_next_request(opened: Opened, server: Provider):
    provider = await opened()
    for number in range(3):
        await told(model(provider, WORDS), talk(f"tokens:3 number {number}"))
        await told(model(provider, FLARE), order(f"fox {number}"))
    assert server.connections == 1


@pytest.mark.parametrize("says", ["then:short", "at:middle then:cut", "at:start then:cut"])
async def test_a_reply_without_its_end_is_not_whole(opened: Opened, says: str):
    """Where the usage is missing as well, only the end of the sentence tells."""
    with pytest.raises(Exception) as caught:
        await told(model(await opened(), WORDS), talk(f"tokens:4 usage:none {says}"))
    assert str(caught.value) in ("broken_reply.ended_early", "unreachable.lost")


EVENTS = b': keep-alive\r\n\r\nevent: x\ndata: {"a": "\xc3\xa9"}\n\ndata:{"b":1}\r\n\r\nid: 7\ndata: [DONE]'


@pytest.mark.parametrize("step", range(1, len(EVENTS) + 1))
async def test_events_are_the_same_however_they_are_cut(step: int):
    async def chunks() -> AsyncGenerator[bytes]:
        for start in range(0, len(EVENTS), step):
            yield EVENTS[start : start + step]

    found = [data async for several in payloads(chunks(), "x") for data in several]
    assert found == ['{"a": "é"}'.encode(), b'{"b":1}', b"[DONE]"]


@pytest.mark.parametrize(
    "says", ['{"choices": null}', '{"choices": [null]}', '{"choices": [{"delta": null}]}', '{"choices": [{"delta": {"content": 5}}]}']
)
async def test_an_event_without_words_says_nothing(says: str):
    assert _Reply(FakeText.card).read([says.encode()]) == ("", [])


@pytest.mark.parametrize("says", ['"words"', "[]", "5", "null", '{"a":', "\x00"])
async def test_an_event_that_is_no_object_is_malformed(says: str):
    with pytest.raises(BrokenReply) as caught:
        _Reply(FakeText.card).read([says.encode()])
    assert caught.value.reason == "malformed"


# Pictures in OpenAI's own dialect


async def test_what_is_not_chosen_is_left_to_the_model(opened: Opened, server: Provider):
    await told(model(await opened(), FLARE), order())
    assert server.asked[0].path == "/v1/images/generations"
    assert server.asked[0].said == {
        "model": FLARE, "prompt": "a fox", "size": "auto", "output_format": "png", "stream": True, "partial_images": 2,
    }  # fmt: skip


async def test_what_is_chosen_is_sent(opened: Opened, server: Provider):
    wish = {"size": "1536x1024", "quality": "high", "format": "webp", "background": "transparent", "options": {"compression": 40}}
    await told(model(await opened(partials=0), FLARE), order(**wish, seed=None, style="watercolor"))
    assert server.asked[0].said == {
        "model": FLARE, "prompt": "a fox", "size": "1536x1024", "output_format": "webp", "quality": "high", "background": "transparent",
        "output_compression": 40, "stream": True, "partial_images": 0,
    }  # fmt: skip


async def test_a_png_takes_no_compression(opened: Opened, server: Provider):
    await told(model(await opened(), FLARE), order(options={"compression": 40}))
    assert "output_compression" not in server.asked[0].said


async def test_the_styled_words_are_sent_and_not_the_prompt(opened: Opened, server: Provider):
    await told(model(await opened(), FLARE), order().model_copy(update={"words": "a fox, in watercolor"}))
    assert server.asked[0].said["prompt"] == "a fox, in watercolor"


async def test_several_pictures_are_edited_in_their_order(opened: Opened, server: Provider):
    animated = BytesIO()
    Image.new("RGB", (64, 64), colour(1)).save(animated, "GIF", save_all=True, append_images=[Image.new("RGB", (64, 64), colour(2))])
    inputs = (
        loaded(png((64, 64), 3)),
        loaded(animated.getvalue(), "image/gif"),
        loaded(encoded(Image.new("RGB", (8, 8)), "JPEG"), "image/jpeg"),
    )
    events = await told(model(await opened(), FLARE), order("make it night", *inputs))
    asked = server.asked[0]
    assert asked.path == "/v1/images/edits" and asked.said["prompt"] == "make it night" and "image[]" not in asked.said
    assert [field for field, _, _ in asked.files] == ["image[]"] * 3
    assert asked.files[0][2] == inputs[0].data and asked.files[2][2] == inputs[2].data
    still = Image.open(BytesIO(asked.files[1][2]))
    assert (still.format, getattr(still, "n_frames", 1)) == ("PNG", 1)
    assert still.convert("RGB").getpixel((0, 0)) == colour(1)
    assert only(Picture, events)


async def test_partial_pictures_come_before_the_finished_one(opened: Opened, server: Provider):
    events = []
    async with aclosing(model(await opened(partials=3), FLARE).stream(order("a fox delay:0.2"))) as stream:
        async for event in stream:
            events.append(event)
            if isinstance(event, Preview):
                assert server.open == 1, "it is seen while the server still works"
    assert [type(event) for event in events] == [Preview] * 3 + [Usage, Picture]
    assert Image.open(BytesIO(events[0].data)).size == (64, 64)
    assert Image.open(BytesIO(events[-1].data)).size == (1024, 1024)


async def test_a_model_may_send_no_partial_pictures(opened: Opened):
    assert [type(each) for each in await told(model(await opened(), FLARE), order("a fox partials:none"))] == [Usage, Picture]


async def test_a_broken_event_among_the_partial_pictures_takes_nothing_with_it(opened: Opened):
    assert only(Picture, await told(model(await opened(), FLARE), order("a fox then:malformed")))


async def test_a_picture_that_came_counts_whatever_the_connection_does_then(opened: Opened, server: Provider):
    made = await opened(patience=1.0)
    for after in ("hang", "reset", "cut"):
        assert only(Picture, await told(model(made, FLARE), order(f"a fox at:end then:{after}")))
    await left(server)


# The key


async def test_a_server_of_ones_own_needs_no_key(opened: Opened, server: Provider):
    server.key = ""
    made = await opened(key="")
    assert not made.standing.key and not made.standing.trouble
    assert only(TextDelta, await told(model(made, WORDS), talk("hello")))
    assert only(Picture, await told(model(made, FLARE), order()))


async def test_the_key_goes_as_a_bearer_and_never_into_an_error(opened: Opened, server: Provider):
    made = await opened()
    server.key = "sk-another-0123456789"
    with pytest.raises(BadKey) as caught:
        await told(model(made, WORDS), talk("hello"))
    assert server.asked[0].headers["authorization"] == "Bearer sk-right-0123456789"
    assert "sk-" not in str(caught.value.facts["why"])


# Several at once, and stopping


async def test_of_three_pictures_one_may_fail(opened: Opened, server: Provider):
    several = Apart(Retry(model(await opened(), FLARE)), at_once=4)
    events = await told(several, order("three foxes status:500 times:1", count=3))
    assert len(server.asked) == 3 and all("n" not in each.said or each.said["n"] == 1 for each in server.asked)
    failed = only(Failed, events)
    assert [(each.code, each.reason, each.retryable) for each in failed] == [("provider_fault", "server", True)]
    assert sorted(each.index for each in [*only(Picture, events), *failed]) == [0, 1, 2]


@pytest.mark.parametrize("name", [FLARE, WORDS])
@pytest.mark.parametrize("says", ["delay:60", "then:hang", "at:start then:hang", "pieces:60"])
async def test_closing_the_stream_ends_the_request(opened: Opened, server: Provider, name: str, says: str):
    it = model(await opened(), name)
    stream = it.stream(order(f"a fox {says}") if name == FLARE else talk(f"hello {says}"))
    waiting = asyncio.create_task(_through(stream))
    async with asyncio.timeout(30):
        while not server.open:
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    waiting.cancel()
    await asyncio.wait({waiting})
    await left(server)


async def test_closing_several_ends_all_requests(opened: Opened, server: Provider):
    several = Apart(Retry(model(await opened(), FLARE)), at_once=4)
    async with aclosing(several.stream(order("four foxes then:hang", count=4))) as events:
        async for event in events:
            assert isinstance(event, Preview | Progress)
            if server.open == 4:
                break
    await left(server)


async def _through(stream: Any) -> None:
    async with aclosing(stream) as events:
        async for _ in events:
            pass
