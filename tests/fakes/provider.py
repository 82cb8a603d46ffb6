"""A provider on a real socket that speaks OpenAI's two dialects, and misbehaves where the prompt says so: `status:429 retry:2 times:1`.

What a prompt may say, each as `name:value`:

- `wait` seconds before the first byte, `delay` seconds between events, `pieces` seconds between the halves of each event;
- `status` (an error with that status), with `code` and `retry` (a Retry-After header), for the first `times` requests of this prompt;
- `tokens` words of a reply; `partials:none`; `cost` dollars and `cached` tokens in the usage; `usage:none`;
- `gives` what becomes of a picture: truncated, text, empty, nothing, jpeg, url; or of the whole answer: plain (JSON, no stream),
  page (HTML), huge (200 MB in one event);
- `at` where `then` happens: head (before any byte), start (after the head), middle, end; `then`: reset, cut (the socket closes),
  short (a stream ends without its last event), hang (until the other side leaves), blocked, malformed;
- `url` the address that a picture is said to lie at. Under /v1/files lie pictures by number, `drip` and `flood` (no end, slowly and
  at once), `moved` (to a private address) and `round` (to itself).

/v1/moderations flags words that say `harmful:violence` (several with commas between), and does what `judgement` says: `picture:sexual`
flags every picture; status, times, retry, wait, then and `gives:page` as above; `gives:odd` answers without a verdict.

Sources: platform.openai.com/docs/api-reference (chat, images, images-streaming, models); the types of the openai package 3.52.
"""

import asyncio
import base64
import socket
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from tests.fakes.answers import BLOCKED, Answer, Gone
from tests.fakes.asked import Asked, Json, read
from tests.fakes.models import given, told

KEY = "sk-right-0123456789"
MODELS: dict[str, str | None] = {
    "gpt-6-luna": None, "gpt-4o": "2027-01-14", "tiny-chat": None, "gpt-image-2.5-flare": None, "gpt-image-2.5-sunburst": None,
    "gpt-image-1.5": "2026-12-01", "dall-e-3": None, "sdxl-turbo": None, "text-embedding-3-small": None,
}  # fmt: skip
"""What `/v1/models` lists, each with its `shutdown_date`."""
OLDER = ("dall-e-3", "sdxl-turbo")
"""Models of the older dialect: no streaming, `response_format`, `style`, one picture at a time."""


HARMS = ("harassment", "hate", "illicit", "self-harm", "sexual", "sexual/minors", "violence", "violence/graphic")
"""Some of the categories that a moderation names."""


class Provider:
    """The server. `url` is the base address; `asked` are the requests so far, in their order; `open` are those that still wait for
    bytes; `connections` is how many there ever were.

    `key` is the one that it takes, "" for any or none; `keys` are others that it takes, each with the error's status and code that it gets
    for anything but the list of models, (0, "") for none; `models` is what it lists.
    """

    def __init__(self, port: int = 0, key: str = KEY) -> None:
        self.port, self.key, self.models = port, key, dict(MODELS)
        self.keys: dict[str, tuple[int, str]] = {}
        self.asked: list[Asked] = []
        self.judgement = ""
        self.open = self.connections = 0
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

    @contextmanager
    def gone(self) -> Iterator[None]:
        """After the server was left: whoever knocks is refused, and the port stays taken, so that nobody else's server is met there."""
        with socket.socket() as taken:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(("127.0.0.1", self.port))
            yield

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            while (asked := await read(reader)) is not None:
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
        key = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if self.key and key != self.key and key not in self.keys and "/files/" not in asked.path:
            return await answer.refuse(401, message=f"Incorrect API key provided: {asked.headers.get('authorization', '')[7:]}.")
        if asked.path == "/v1/moderations":
            answer = Answer(answer.reader, answer.writer, self.judgement)
        if (lacking := self.keys.get(key, (0, "")))[0] and asked.path != "/v1/models":
            return await answer.refuse(lacking[0], code=lacking[1])
        await answer.pause(answer.number("wait"))
        await answer.misbehave("head")
        if asked.path == "/v1/moderations":
            return await self._moderate(asked, answer)
        if (status := int(answer.number("status"))) and self._seen[asked.prompt] <= answer.number("times", 1e9):
            return await answer.refuse(status, code=told(asked.prompt, "code", ""))
        if asked.path == "/v1/models":
            return await answer.whole({"object": "list", "data": [_model(name, end) for name, end in self.models.items()]})
        if asked.path.startswith("/v1/files/"):
            return await self._file(asked.path.rpartition("/")[2], answer)
        if asked.said.get("model") not in self.models:
            return await answer.refuse(404)
        if answer.says("gives", "page"):
            return await answer.whole(b"<html>Please log in</html>", media_type="text/html")
        if answer.says("gives", "huge"):
            return await answer.huge()
        if asked.path == "/v1/chat/completions":
            return await self._chat(asked, answer)
        if asked.path in ("/v1/images/generations", "/v1/images/edits"):
            return await self._images(asked, answer)
        return await answer.refuse(404)

    async def _file(self, name: str, answer: "Answer") -> None:
        match name:
            case "drip" | "flood":
                return await answer.endless(0.05 if name == "drip" else 0)
            case "moved" | "round":
                onward = "http://10.0.0.7/secret.png" if name == "moved" else "/v1/files/round"
                return await answer.whole(b"", status=302, Location=onward)
        return await answer.whole(given("noise", (256, 256), int(name)) or b"", media_type="image/png")

    async def _moderate(self, asked: Asked, answer: "Answer") -> None:
        so_far = sum(each.path == asked.path for each in self.asked)
        if (status := int(answer.number("status"))) and so_far <= answer.number("times", 1e9):
            return await answer.refuse(status)
        if answer.says("gives", "page"):
            return await answer.whole(b"<html>Please log in</html>", media_type="text/html")
        parts = asked.said["input"]
        if sum(part["type"] == "image_url" for part in parts) > 1:
            return await answer.refuse(400, code="too_many_images", message="Number of images (2) exceeds maximum of 1")
        named = [told(part["text"], "harmful", "") if part["type"] == "text" else told(self.judgement, "picture", "") for part in parts]
        found = set(filter(None, ",".join(named).split(",")))
        verdict: Json = {"flagged": bool(found), "categories": {name: name in found for name in (*HARMS, *found)}}
        results = [{}] if answer.says("gives", "odd") else [verdict]
        return await answer.whole({"id": "modr-1", "model": asked.said["model"], "results": results})

    async def _chat(self, asked: Asked, answer: "Answer") -> None:
        count = int(answer.number("tokens", 12))
        used = {"prompt_tokens": len(asked.body) // 4, "completion_tokens": count, "total_tokens": len(asked.body) // 4 + count}
        used |= {"prompt_tokens_details": {"cached_tokens": int(answer.number("cached"))}, **answer.cost()}
        base = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_795_000_000, "model": asked.said["model"]}
        if not asked.said.get("stream") or answer.says("gives", "plain"):
            words = {"role": "assistant", "content": " ".join(f"word{index}" for index in range(count))}
            done = {"index": 0, "message": words, "finish_reason": "stop"}
            return await answer.whole({**base, "object": "chat.completion", "choices": [done], "usage": used})
        events = [{**base, "choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}]}]
        events += [
            {**base, "choices": [{"index": 0, "delta": {"content": f"word{index} "}, "finish_reason": None}]} for index in range(count)
        ]
        ending = "content_filter" if told(asked.prompt, "then", "") == "blocked" and told(asked.prompt, "at", "") == "end" else "stop"
        events.append({**base, "choices": [{"index": 0, "delta": {}, "finish_reason": ending}]})
        if (asked.said.get("stream_options") or {}).get("include_usage") and not answer.says("usage", "none"):
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
            "total_tokens": 20 + 1000 * count,
            **answer.cost(),
        }
        if not _true(said.get("stream")) or told(asked.prompt, "gives", "") in ("plain", "url"):
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
        if told(asked.prompt, "gives", "") == "url":
            return {**made, "url": told(asked.prompt, "url", f"{self.url}/files/{index}")}
        return {**made, "b64_json": _b64(picture)}


def _picture(asked: Asked, size: Any, index: int, form: str) -> bytes | None:
    """The bytes of picture `index`, whole or not; another prompt gives another colour."""
    what, colour = told(asked.prompt, "gives", ""), index + 1 + sum(asked.prompt.encode()) % 97
    if told(asked.prompt, "loses", "") == str(index):
        return None
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
