"""A text model: the conversation goes out, its words come back as server-sent events."""

import base64
from collections.abc import AsyncGenerator

from imagechat.domain.models import ModelCard, ModelEvent, Note, TextDelta, Usage
from imagechat.domain.prices import Used
from imagechat.domain.requests import ChatRequest, ChatTurn, LoadedPicture
from imagechat.errors import Blocked, BrokenReply
from imagechat.prompting import texts
from imagechat.providers import pricing
from imagechat.providers.openai.reading import DONE, Json, number, parsed, payloads, table, to_the_end, whole
from imagechat.providers.openai.server import Server


class Chat:
    """One text model of the server."""

    def __init__(self, card: ModelCard, server: Server) -> None:
        self.card, self.server = card, server

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ModelEvent]:
        """The reply's words as they come, then what it used.

        Raises: BrokenReply when the answer ends before its end or is not what it must be, Blocked, and what `Server.asked` raises.
        """
        said = [message(turn) for turn in texts.instructed(request)]
        wire = {"messages": said, "stream": True, "stream_options": {"include_usage": True}}
        async with self.server.asked(self.card.id, "chat.completions", "create", **wire) as answer:
            reply, listed = _Reply(self.card), pricing.begin(self.card)
            if "json" in answer.headers.get("content-type", ""):
                for event in reply.take(await whole(answer.iter_bytes(), self.card.id), "message"):
                    yield event
                await listed
                yield reply.end()
                return
            stream = payloads(answer.iter_bytes(), self.card.id)
            async for events in stream:
                words, others = reply.read(events)
                if words:
                    yield TextDelta(text=words)
                for event in others:
                    yield event
                if reply.whole:  # A server that keeps the connection is not waited for.
                    break
            await listed
            yield reply.end()
            await to_the_end(stream)


class _Reply:
    """What of a reply has come."""

    def __init__(self, card: ModelCard) -> None:
        self.card = card
        self.over = self.done = False
        self.usage = Usage(price=card.price)
        self.told: Json = {}

    @property
    def whole(self) -> bool:
        """Whether nothing more can come: its end was said, and either what it used or that this was all."""
        return self.over and (self.done or self.usage.output_tokens is not None)

    def read(self, events: list[bytes]) -> tuple[str, list[ModelEvent]]:
        """The words in some events, as one piece, and what else they say."""
        words: list[str] = []
        others: list[ModelEvent] = []
        for data in events:
            if data == DONE:
                self.over = self.done = True
            elif data:
                for event in self.take(parsed(data, self.card.id), "delta"):
                    if isinstance(event, TextDelta):
                        words.append(event.text)
                    else:
                        others.append(event)
        return "".join(words), others

    def take(self, event: Json, place: str) -> list[ModelEvent]:
        """What one event says; its words stand under `place`. Source: platform.openai.com/docs/api-reference/chat-streaming."""
        if "error" in event:
            from imagechat.providers.openai.faults import of_body

            raise of_body(event, self.card.id)
        if usage := table(event.get("usage")):
            self.told, self.usage = usage, used(usage, self.card)
        choices = event.get("choices")
        choice = table(choices[0]) if isinstance(choices, list) and choices else {}
        delta = table(choice.get(place))
        words = delta.get("content") or delta.get("refusal")
        told: list[ModelEvent] = [TextDelta(text=words)] if isinstance(words, str) and words else []
        match choice.get("finish_reason"):
            case None | "":
                return told
            case "content_filter":
                raise Blocked("reply", model=self.card.id)
            case "length":
                told.append(Note(code="cut_at_length", facts={"model": self.card.id}))
        self.over = True
        return told

    def end(self) -> Usage:
        """What was used. Raises: BrokenReply("ended_early") for an answer without its end."""
        if not self.over:
            raise BrokenReply("ended_early", model=self.card.id)
        return used(self.told, self.card) if self.told else self.usage


def used(usage: Json, card: ModelCard) -> Usage:
    """The server's usage with its price."""
    text, out = number(usage.get("prompt_tokens")), number(usage.get("completion_tokens"))
    cached = number(table(usage.get("prompt_tokens_details")).get("cached_tokens"))
    return Usage(
        input_tokens=text, output_tokens=out, price=pricing.priced(usage, Used(text=text, out=out, cached=min(cached, text)), card)
    )


def message(turn: ChatTurn) -> Json:
    """A turn on the wire: plain words, or words and pictures."""
    if not turn.pictures:
        return {"role": turn.role, "content": turn.text}
    words = [{"type": "text", "text": turn.text}] if turn.text else []
    return {"role": turn.role, "content": [*words, *({"type": "image_url", "image_url": {"url": address(each)}} for each in turn.pictures)]}


def address(picture: LoadedPicture) -> str:
    """A picture as a data URL. Source: RFC 2397."""
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode()}"
