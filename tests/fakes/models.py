"""A text model and an image model that do what the prompt says: `tokens:2000 delay:0.01 then:fail`.

They stand where a provider would, behind the real interface; everything above them is the real thing.
"""

import asyncio
import re
from collections.abc import AsyncGenerator
from functools import cache
from io import BytesIO

import numpy as np
from PIL import Image

from imagechat.domain.models import Failed, ModelCard, ModelEvent, Note, Picture, Preview, Progress, TextDelta, Usage
from imagechat.domain.requests import ChatRequest, ImageOrder
from imagechat.domain.values import Size
from imagechat.errors import BrokenReply, TimedOut

SIZES = tuple(Size.parse(text) for text in ("256x256", "512x512", "1024x1024", "768x512"))


def told(prompt: str, name: str, default: str) -> str:
    """What the prompt says of `name`, as in `name:value`."""
    found = re.search(rf"\b{name}:(\S+)", prompt)
    return found[1] if found else default


async def misbehave(what: str) -> None:
    """Do one of the bad things that models do."""
    match what:
        case "fail":
            raise BrokenReply("no_picture", model="fake")
        case "slow":
            raise TimedOut(seconds=1)
        case "crash":
            raise RuntimeError("the model fell over with sk-verysecretkey123 in its hand")
        case "hang":
            await asyncio.sleep(3600)


class FakeText:
    """Writes `tokens` words, `delay` seconds apart, after `wait` seconds; then `then:` fail, crash, hang, slow, or nothing."""

    card = ModelCard(id="fake-text", label="Fake text", provider="embedded", kind="text", operations=("chat",), price=0)

    def __init__(self) -> None:
        self.asked: list[ChatRequest] = []

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ModelEvent]:
        self.asked.append(request)
        prompt = next(turn.text for turn in reversed(request.turns) if turn.role == "user")
        await asyncio.sleep(float(told(prompt, "wait", "0")))
        delay, count = float(told(prompt, "delay", "0")), int(told(prompt, "tokens", "12"))
        for index in range(count):
            yield TextDelta(text=f"word{index}" + ("\n\n" if index % 40 == 39 else " "))
            if delay:
                await asyncio.sleep(delay)
        await misbehave(told(prompt, "then", ""))
        yield TextDelta(text="END")
        yield Usage(input_tokens=len(prompt) // 4, output_tokens=count, price=0)


class FakeSeeing(FakeText):
    """The same, and it takes pictures."""

    card = FakeText.card.again(id="fake-seeing", label="Fake seeing", sees=True)


class FakeImage:
    """Paints plain pictures: `delay` seconds a step; `then:` as above, `gives:` truncated, text, empty, nothing, jpeg; `loses:` a place."""

    card = ModelCard(
        id="fake-image", label="Fake image", provider="embedded", kind="image", sizes=SIZES, formats=("png", "jpeg"), max_count=4,
        qualities=("low", "high"), seeds=True, previews=True, price=0, max_prompt=2000, defaults={"size": "256x256", "format": "png"},
    )  # fmt: skip

    def __init__(self) -> None:
        self.asked: list[ImageOrder] = []

    async def stream(self, order: ImageOrder) -> AsyncGenerator[ModelEvent]:
        self.asked.append(order)
        prompt, size = order.request.prompt, order.request.size or SIZES[0]
        delay = float(told(prompt, "delay", "0"))
        for index in range(order.request.count):
            for step in range(2):
                yield Progress(index=index, step=step, of=2, doing="sky")
                await asyncio.sleep(delay)
                yield Preview(index=index, data=png((64, 64), index + step), media_type="image/png")
            if told(prompt, "loses", "") == str(index):
                yield Failed(index=index, code="broken_reply", reason="no_picture", facts={"model": "fake-image"})
                continue
            await misbehave(told(prompt, "then", ""))
            data = given(told(prompt, "gives", "png"), (size.width, size.height), (order.request.seed or 0) + index)
            if data is not None:
                yield Picture(index=index, data=data, media_type="image/png")
        yield Note(code="sketch_understood", facts={"words": "what was told", "count": 1})
        yield Usage(price=0)


def given(what: str, size: tuple[int, int], seed: int) -> bytes | None:
    """The bytes of a picture, whole or not."""
    whole = noise(size, seed) if what == "noise" else png(size, seed)
    match what:
        case "truncated":
            return whole[: len(whole) // 2]
        case "text":
            return b"<html>502 Bad Gateway</html>"
        case "empty":
            return b""
        case "nothing":
            return None
        case "jpeg":
            return encoded(Image.new("RGB", size, colour(seed)), "JPEG")
    return whole


@cache
def png(size: tuple[int, int], seed: int) -> bytes:
    """A plain picture whose colour says its seed."""
    return encoded(Image.new("RGB", size, colour(seed)), "PNG")


@cache
def noise(size: tuple[int, int], seed: int) -> bytes:
    """A picture that compresses badly: about 1.6 MB at 1024 × 1024."""
    field = np.random.default_rng(seed).integers(0, 40, (size[1], size[0], 3), dtype=np.uint8)
    return encoded(Image.fromarray(field * 3), "PNG")


def colour(seed: int) -> tuple[int, int, int]:
    return (seed * 47 % 256, seed * 91 % 256, seed * 139 % 256)


def encoded(picture: Image.Image, form: str) -> bytes:
    out = BytesIO()
    picture.save(out, form)
    return out.getvalue()
