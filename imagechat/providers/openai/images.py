"""An image model: a picture with its partial ones, from words alone or from pictures and words."""

import asyncio
import base64
import binascii
from collections.abc import AsyncGenerator
from typing import Any

from imagechat.domain.models import ModelCard, ModelEvent, Note, Picture, Preview, Usage
from imagechat.domain.prices import Used
from imagechat.domain.requests import ImageOrder, LoadedPicture
from imagechat.errors import Blocked, BrokenReply
from imagechat.providers import pricing
from imagechat.providers.openai.reading import DONE, Json, number, parsed, payloads, table, to_the_end, whole
from imagechat.providers.openai.results import Results
from imagechat.providers.openai.server import Server

ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif"}


class Images:
    """One image model of the server. It makes one picture for each request: `wrappers.Apart` asks for several."""

    def __init__(self, card: ModelCard, server: Server, results: Results, partials: int) -> None:
        self.card, self.server, self.results, self.partials = card, server, results, partials

    async def stream(self, order: ImageOrder) -> AsyncGenerator[ModelEvent]:
        """Partial pictures as they come, then the finished one with what it used.

        Raises: BrokenReply when no whole picture came, Blocked, and what `Server.asked` raises.
        """
        verb, wire = ("edit", {"image": files(order)}) if order.inputs else ("generate", {})
        wire |= self.wire(order)
        async with self.server.asked(self.card.id, "images", verb, **wire) as answer:
            if "json" in answer.headers.get("content-type", ""):
                body = await whole(answer.iter_bytes(), self.card.id)
                for event in await self.made(body):
                    yield event
                return
            stream = payloads(answer.iter_bytes(), self.card.id)
            async for events in stream:
                for data in events:
                    for event in await asyncio.to_thread(self.told, data) if len(data) > 4096 else self.told(data):
                        yield event
                        if isinstance(event, Picture):
                            await to_the_end(stream)
                            return
        raise BrokenReply("ended_early", model=self.card.id)

    def wire(self, order: ImageOrder) -> Json:
        """The request on the wire. Source: platform.openai.com/docs/api-reference/images, the openai package 3.52."""
        wish = order.request
        wire: dict[str, Any] = {"prompt": order.words, "size": str(wish.size) if wish.size else "auto", "output_format": wish.format}
        if wish.quality:
            wire["quality"] = wish.quality
        if wish.background:
            wire["background"] = wish.background
        if "compression" in wish.options and wish.format != "png":
            wire["output_compression"] = wish.options["compression"]
        if self.card.previews:
            wire |= {"stream": True, "partial_images": self.partials}
        return wire | seeded(order)

    def told(self, data: bytes) -> list[ModelEvent]:
        """What one event says. One that cannot be read is passed over: the finished picture counts, and it must come whole."""
        if data == DONE or not data:
            return []
        try:
            event = parsed(data, self.card.id)
        except BrokenReply:
            return []
        kind = str(event.get("type", ""))
        if kind == "error" or "error" in event:
            from imagechat.providers.openai.faults import of_body

            raise of_body(event, self.card.id)
        if kind.endswith(".partial_image"):
            try:
                return [Preview(index=0, data=decoded(event, self.card.id), media_type="image/png")]
            except BrokenReply:
                return []
        if kind.endswith(".completed"):
            picture = Picture(index=0, data=decoded(event, self.card.id), media_type="image/png", usage=self.used(event.get("usage")))
            return [*([picture.usage] if picture.usage else []), picture]
        return []

    async def made(self, body: Json) -> list[ModelEvent]:
        """The picture in an answer that is one JSON object, as base64 or at an address; and the words that the model made of ours."""
        if body.get("error"):
            from imagechat.providers.openai.faults import of_body

            raise of_body(body, self.card.id)
        data = body.get("data")
        entry = table(data[0]) if isinstance(data, list) and data else {}
        if not entry.get("b64_json") and not entry.get("url"):
            if entry.get("finish_reason") == "content_filter":
                raise Blocked("midway", model=self.card.id, why="content_filter")
            raise BrokenReply("no_picture", model=self.card.id)
        if entry.get("b64_json"):
            picture = await asyncio.to_thread(decoded, entry, self.card.id)
        else:
            picture = await self.results.fetch(str(entry["url"]), self.card.id)
        revised = entry.get("revised_prompt")
        facts = {"revised_prompt": revised} if isinstance(revised, str) and revised else {}
        usage = self.used(body.get("usage"))
        notes = [Note(code="revised_prompt", facts={"model": self.card.id})] if facts else []
        return [*notes, *([usage] if usage else []), Picture(index=0, data=picture, media_type="image/png", facts=facts, usage=usage)]

    def used(self, usage: Any) -> Usage | None:
        """What one picture used, None where the server does not say."""
        told = table(usage)
        if not told:
            return None
        details = table(told.get("input_tokens_details"))
        all_in, out = number(told.get("input_tokens")), number(told.get("output_tokens"))
        image = min(number(details.get("image_tokens")), all_in)
        tokens = Used(text=all_in - image, image=image, out=out)
        return Usage(input_tokens=all_in, output_tokens=out, price=pricing.priced(told, tokens, self.card))


def decoded(event: Json, model: str) -> bytes:
    """The bytes of a picture in base64, as a data URL too.

    Raises: BrokenReply.
    """
    text = event.get("b64_json")
    if not isinstance(text, str):
        raise BrokenReply("no_picture", model=model)
    try:
        return base64.b64decode(text.partition(",")[2] if text.startswith("data:") else text, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise BrokenReply("truncated", model=model) from fault


def seeded(order: ImageOrder) -> Json:
    """The seed, for a card that says its server takes one (LocalAI and others do; OpenAI has none)."""
    return {} if order.request.seed is None else {"extra_body": {"seed": order.request.seed}}


def files(order: ImageOrder) -> list[tuple[str, bytes, str]]:
    """The pictures to be edited, as files (name, bytes, media type)."""
    return [(f"image{index}.{ENDINGS.get(each.media_type, 'png')}", *sendable(each)) for index, each in enumerate(order.inputs)]


def sendable(picture: LoadedPicture) -> tuple[bytes, str]:
    """A picture in a format that edits take: PNG, WebP and JPEG go as they are, of an animation its first frame."""
    if picture.media_type != "image/gif":
        return picture.data, picture.media_type
    from imagechat import pictures

    return pictures.still(picture.data), "image/png"
