"""The fake provider's answers on their way to the wire, with everything that may go wrong there."""

import asyncio
import json
from contextlib import suppress

from tests.fakes.asked import Json
from tests.fakes.models import told

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


class Gone(Exception):
    """The connection is to end here: `abort` as a reset, else as if all were well."""

    def __init__(self, *, abort: bool) -> None:
        self.abort = abort


class Answer:
    """One answer on its way to the wire."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, prompt: str) -> None:
        self.reader, self.writer, self.prompt = reader, writer, prompt

    def says(self, name: str, value: str) -> bool:
        return told(self.prompt, name, "") == value

    def number(self, name: str, default: float = 0) -> float:
        return float(told(self.prompt, name, str(default)))

    def cost(self) -> Json:
        """The price as OpenRouter tells it, where the prompt names one."""
        return {"cost": self.number("cost")} if told(self.prompt, "cost", "") else {}

    async def pause(self, seconds: float) -> None:
        """Wait, unless the other side leaves meanwhile."""
        if seconds:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.reader.read(1), seconds)
                raise Gone(abort=False)

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
            await self.pause(self.number("delay"))
        await self.misbehave("end")
        if not named and not self.says("then", "short"):
            await self._event("[DONE]", None)
        await self._chunk(b"")

    async def huge(self) -> None:
        """One event of 200 MB."""
        self._head(200, {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"})
        await self._chunk(b'data: {"type": "image_generation.completed", "b64_json": "')
        for _ in range(200):
            await self._chunk(b"A" * 2**20)
        await self._chunk(b'"}\n\n')
        await self._chunk(b"")

    async def endless(self, seconds: float) -> None:
        """Bytes without an end, so many seconds apart."""
        self._head(200, {"Content-Type": "image/png", "Transfer-Encoding": "chunked"})
        while True:
            await self._chunk(b"A" * (10 if seconds else 2**20))
            await self.pause(seconds)

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
            await self.pause(self.number("pieces"))
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
