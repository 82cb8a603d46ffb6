"""A provider on a real socket that speaks OpenAI's two dialects, and misbehaves where the prompt says so: `status:429 retry:2 times:1`.

What a prompt may say, each as `name:value`:

- `wait` seconds before the first byte, `delay` seconds between events, `pieces` seconds between the halves of each event;
- `status` (an error with that status), with `code` and `retry` (a Retry-After header), for the first `times` requests of this prompt;
- `tokens` words of a reply; `partials:none`; `gives` what becomes of a picture: truncated, text, empty, nothing, jpeg, huge, url, plain;
- `at` where `then` happens: head (before any byte), start (after the head), middle, end; `then`: reset, cut (the socket closes), short (a stream ends without its
  last event), hang (until the other side leaves), blocked, malformed;
- `url` the address that a picture is said to lie at.

Sources: platform.openai.com/docs/api-reference (chat, images, images-streaming, models); the types of the openai package 3.52.
"""

import asyncio
import base64
import json
import sys
from collections import Counter
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from email.parser import BytesParser
from functools import cached_property
from typing import Any, Self

from tests.fakes.models import given, told

Json = dict[str, Any]
KEY = "sk-right-0123456789"
MODELS: dict[str, str | None] = {
    "gpt-6-luna": None, "gpt-4o": "2027-01-14", "tiny-chat": None, "gpt-image-2.5-flare": None, "gpt-image-2.5-sunburst": None,
    "gpt-image-1.5": "2026-12-01", "dall-e-3": None, "sdxl-turbo": None, "text-embedding-3-small": None,
}  # fmt: skip
"""What `/v1/models` lists, each with its `shutdown_date`."""
OLDER = ("dall-e-3", "sdxl-turbo")
"""Models of the older dialect: no streaming, `response_format`, `style`, one picture at a time."""
REASONS = {400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found", 429: "Too Many Requests"}
WORDS = {
    400: ("invalid_request_error", "invalid_value", "The request is not valid."),
    401: ("invalid_request_error", "invalid_api_key", "Incorrect API key provided: sk-wrong***."),
    403: ("invalid_request_error", "model_not_available", "Your organization must be verified to use the model."),
    404: ("invalid_request_error", "model_not_found", "The model does not exist or you do not have access to it."),
    429: ("requests", "rate_limit_exceeded", "Rate limit reached."),
    500: ("server_error", "server_error", "The server had an error while processing your request."),
    503: ("server_error", "overloaded", "The engine is currently overloaded."),
}
BLOCKED = {
    "type": "image_generation_user_error", "code": "moderation_blocked", "param": None,
    "message": "Your request was rejected by the safety system. safety_violations=[violence].",
}  # fmt: skip


@dataclass
class Asked:
    """A request as it came: the bytes, and what they say."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = field(repr=False)

    @cached_property
    def said(self) -> Json:
        """The JSON object, or a form's fields."""
        return self._form[0] if "multipart" in self.headers.get("content-type", "") else json.loads(self.body or b"{}")

    @cached_property
    def files(self) -> list[tuple[str, str, bytes]]:
        """A form's files as (field, name, bytes)."""
        return self._form[1]

    @cached_property
    def prompt(self) -> str:
        """The words of the newest turn, or those of a picture."""
        if "messages" not in self.said:
            return str(self.said.get("prompt", ""))
        newest = next(turn["content"] for turn in reversed(self.said["messages"]) if turn["role"] == "user")
        return newest if isinstance(newest, str) else " ".join(part.get("text", "") for part in newest)

    @cached_property
    def _form(self) -> tuple[Json, list[tuple[str, str, bytes]]]:
        head = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        fields: Json = {}
        files = []
        for part in BytesParser().parsebytes(head + self.body).get_payload():
            name, data = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
            if part.get_filename() is None:
                fields[name] = data.decode()
            else:
                files.append((name, part.get_filename(), data))
        return fields, files


class Gone(Exception):
    """The connection is to end here: `abort` as a reset, else as if all were well."""

    def __init__(self, *, abort: bool) -> None:
        self.abort = abort


class Provider:
    """The server. `url` is the base address; `asked` are the requests so far, in their order; `open` are those that still wait for bytes."""

    def __init__(self, port: int = 0) -> None:
        self.port = port
        self.asked: list[Asked] = []
        self.open = 0
        self._seen: Counter[str] = Counter()

    async def __aenter__(self) -> Self:
        self._tasks: set[asyncio.Task[None]] = set()
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while (asked := await _read(reader)) is not None:
                self.asked.append(asked)
                self.open += 1
                try:
                    await self._answer(asked, Answer(reader, writer, asked.prompt if asked.body else ""))
                finally:
                    self.open -= 1
        except Gone as end:
            if end.abort:
                writer.transport.abort()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # The other side, or the test, has gone.
        finally:
            writer.close()
            self._tasks.discard(task)

    async def _answer(self, asked: Asked, answer: "Answer") -> None:
        self._seen[asked.prompt if asked.body else asked.path] += 1
        if asked.headers.get("authorization") != f"Bearer {KEY}" and "/files/" not in asked.path:
            return await answer.refuse(401)
        await asyncio.sleep(answer.number("wait"))
        await answer.misbehave("head")
        if (status := int(answer.number("status"))) and self._seen[asked.prompt] <= answer.number("times", 1e9):
            return await answer.refuse(status, code=told(asked.prompt, "code", ""))
        if asked.path == "/v1/models":
            return await answer.whole({"object": "list", "data": [_model(name, end) for name, end in MODELS.items()]})
        if asked.path.startswith("/v1/files/"):
            return await answer.whole(given("noise", (256, 256), int(asked.path.rpartition("/")[2])) or b"", media_type="image/png")
        if asked.said.get("model") not in MODELS:
            return await answer.refuse(404)
        if asked.path == "/v1/chat/completions":
            return await self._chat(asked, answer)
        if asked.path in ("/v1/images/generations", "/v1/images/edits"):
            return await self._images(asked, answer)
        return await answer.refuse(404)

    async def _chat(self, asked: Asked, answer: "Answer") -> None:
        count = int(answer.number("tokens", 12))
        used = {"prompt_tokens": len(asked.body) // 4, "completion_tokens": count, "total_tokens": len(asked.body) // 4 + count}
        base = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_795_000_000, "model": asked.said["model"]}
        if not asked.said.get("stream"):
            words = {"role": "assistant", "content": " ".join(f"word{index}" for index in range(count))}
            done = {"index": 0, "message": words, "finish_reason": "stop"}
            return await answer.whole({**base, "object": "chat.completion", "choices": [done], "usage": used})
        events = [{**base, "choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}]}]
        events += [
            {**base, "choices": [{"index": 0, "delta": {"content": f"word{index} "}, "finish_reason": None}]} for index in range(count)
        ]
        ending = "content_filter" if told(asked.prompt, "then", "") == "blocked" and told(asked.prompt, "at", "") == "end" else "stop"
        events.append({**base, "choices": [{"index": 0, "delta": {}, "finish_reason": ending}]})
        if (asked.said.get("stream_options") or {}).get("include_usage"):
            events.append({**base, "choices": [], "usage": used})
        return await answer.stream(events, named=False)

    async def _images(self, asked: Asked, answer: "Answer") -> None:
        said, older = asked.said, asked.said["model"] in OLDER
        unknown = {"stream", "partial_images", "output_format", "background"} if older else {"response_format", "style"}
        if found := sorted(unknown & set(said)):
            return await answer.refuse(400, code="unknown_parameter", message=f"Unknown parameter: '{found[0]}'.")
        if answer.says("then", "blocked") and answer.says("at", "start"):
            return await answer.whole({"error": BLOCKED}, status=400)
        count, form = int(said.get("n") or 1), str(said.get("output_format") or "png")
        size = (1024, 1024) if said.get("size") in (None, "auto") else tuple(int(side) for side in str(said["size"]).split("x"))
        pictures = [_picture(asked, size, index, form) for index in range(count)]
        used = {
            "input_tokens": 20,
            "input_tokens_details": {"text_tokens": 20, "image_tokens": 0},
            "output_tokens": 1000 * count,
            "total_tokens": 0,
        }
        used["total_tokens"] = 20 + 1000 * count
        if not _true(said.get("stream")) or answer.says("gives", "plain"):
            data = [self._result(asked, picture, index) for index, picture in enumerate(pictures) if picture is not None]
            return await answer.whole({"created": 1_795_000_000, "data": data, **({} if older else {"usage": used})})
        kind = "image_edit" if asked.path.endswith("edits") else "image_generation"
        base = {
            "created_at": 1_795_000_000,
            "size": "x".join(map(str, size)),
            "quality": "low",
            "background": "opaque",
            "output_format": form,
        }
        partials = 0 if answer.says("partials", "none") else int(said.get("partial_images") or 0)
        events: list[Json] = [
            {"type": f"{kind}.partial_image", "partial_image_index": step, "b64_json": _b64(given("png", (64, 64), step) or b""), **base}
            for step in range(partials)
        ]
        events += [
            {"type": f"{kind}.completed", "b64_json": _b64(picture), "usage": {**used, "output_tokens": 1000 + 100 * partials}, **base}
            for picture in pictures
            if picture is not None
        ]
        return await answer.stream(events, named=True)

    def _result(self, asked: Asked, picture: bytes, index: int) -> Json:
        made: Json = {"revised_prompt": f"{asked.prompt}, revised"} if asked.said["model"] in OLDER else {}
        if asked.said.get("response_format") == "url" or told(asked.prompt, "gives", "") == "url":
            return {**made, "url": told(asked.prompt, "url", f"{self.url}/files/{index}")}
        return {**made, "b64_json": _b64(picture)}


class Answer:
    """One answer on its way to the wire."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, prompt: str) -> None:
        self.reader, self.writer, self.prompt = reader, writer, prompt

    def says(self, name: str, value: str) -> bool:
        return told(self.prompt, name, "") == value

    def number(self, name: str, default: float = 0) -> float:
        return float(told(self.prompt, name, str(default)))

    async def misbehave(self, place: str) -> None:
        """Do what the prompt wants at this place: end the connection, or wait until the other side does."""
        if told(self.prompt, "at", "middle") != place:
            return
        if self.says("then", "hang"):
            await self.writer.drain()
            await self.reader.read(1)
            raise Gone(abort=False)
        if self.says("then", "reset") or self.says("then", "cut"):
            await self.writer.drain()
            raise Gone(abort=self.says("then", "reset"))

    async def refuse(self, status: int, *, code: str = "", message: str = "") -> None:
        """An error as OpenAI words it."""
        kind, usual, words = WORDS.get(status, WORDS[500])
        error = {"type": kind, "code": code or usual, "message": message or words, "param": None}
        retry = told(self.prompt, "retry", "")
        await self.whole(
            {"error": BLOCKED if code == "moderation_blocked" else error}, status=status, **({"Retry-After": retry} if retry else {})
        )

    async def whole(self, body: Json | bytes, *, status: int = 200, media_type: str = "application/json", **headers: str) -> None:
        """An answer of known length."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._head(status, {"Content-Type": media_type, "Content-Length": str(len(data)), **headers})
        await self.misbehave("start")
        half = len(data) // 2
        await self._write(data[:half])
        await self.misbehave("middle")
        await self._write(data[half:])
        await self.misbehave("end")

    async def stream(self, events: list[Json], *, named: bool) -> None:
        """Server-sent events in chunks, with `[DONE]` behind the unnamed ones. Source: html.spec.whatwg.org, server-sent events."""
        self._head(200, {"Content-Type": "text/event-stream; charset=utf-8", "Transfer-Encoding": "chunked"})
        await self.misbehave("start")
        for place, event in enumerate(events):
            if self.says("then", "short") and place == len(events) - 1 - (not named):
                break
            await self._event(json.dumps(event), event["type"] if named else None)
            if place == (len(events) - 1) // 2:
                await self._middle(named)
            await asyncio.sleep(self.number("delay"))
        await self.misbehave("end")
        if not named and not self.says("then", "short"):
            await self._event("[DONE]", None)
        await self._chunk(b"")

    async def _middle(self, named: bool) -> None:
        await self.misbehave("middle")
        if told(self.prompt, "at", "middle") != "middle":
            return
        if self.says("then", "malformed"):
            await self._event('{"choices": [{"delta": {"content": "half', "image_generation.partial_image" if named else None)
        if self.says("then", "blocked"):
            await self._event(json.dumps({"type": "error", "error": BLOCKED}), "error" if named else None)
            raise Gone(abort=False)

    async def _event(self, data: str, name: str | None) -> None:
        await self._chunk((f"event: {name}\n" if name else "").encode() + f"data: {data}\n\n".encode())

    async def _chunk(self, data: bytes) -> None:
        half = len(data) // 2 if self.number("pieces") else 0
        for piece in filter(None, (data[:half], data[half:])):
            await self._write(b"%x\r\n%s\r\n" % (len(piece), piece))
            await asyncio.sleep(self.number("pieces"))
        if not data:
            await self._write(b"0\r\n\r\n")

    def _head(self, status: int, headers: dict[str, str]) -> None:
        lines = [
            f"HTTP/1.1 {status} {REASONS.get(status, 'OK')}",
            "x-request-id: req_stand_in",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        self.writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())

    async def _write(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()


async def _read(reader: asyncio.StreamReader) -> Asked | None:
    """The next request on this connection; None at its end. Source: RFC 9112."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.rstrip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    method, path, _ = first.split(" ")
    return Asked(method, path, headers, await reader.readexactly(int(headers.get("content-length", 0))))


def _picture(asked: Asked, size: Any, index: int, form: str) -> bytes | None:
    """The bytes of picture `index`, whole or not; another prompt gives another colour."""
    what, colour = told(asked.prompt, "gives", ""), index + 1 + sum(asked.prompt.encode()) % 97
    if told(asked.prompt, "loses", "") == str(index):
        return None
    if what == "huge":
        return (given("png", size, colour) or b"") + bytes(200 * 2**20)
    return given("jpeg" if form == "jpeg" and not what else what, size, colour)


def _model(name: str, end: str | None) -> Json:
    return {"id": name, "object": "model", "created": 1_700_000_000, "owned_by": "stand-in", "shutdown_date": end}


def _true(value: object) -> bool:
    return value in (True, "true", "True")


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


async def main(port: int) -> None:
    """Serve until somebody ends it: `python -m tests.fakes.provider 9100`, to look at the app with it."""
    async with Provider(port) as provider:
        print(f"OPENAI_API_KEY={KEY} OPENAI_BASE_URL={provider.url}", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
