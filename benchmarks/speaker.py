"""A provider without a model: OpenAI's dialect from memory, and a bare page that asks it directly.

`python benchmarks/speaker.py --port P` serves, as `tests.browser.server.running` wants it. A wish is one line, the last message or
the prompt: `text COUNT MARK` streams COUNT tokens that end in MARK, `first MARK` one word and, after a while, the mark; `picture MARK`
draws a PNG of 1.6 MB. `/moments` tells for each wish when it was asked for, and when the first and the last byte of the answer left.
"""

import argparse
import asyncio
import base64
import time
from collections.abc import AsyncGenerator, Iterable
from typing import Any

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from benchmarks.bare import PIECE, picture, tokens

LATER = 0.4
"""Seconds between the first word and the rest."""

PAGE = """<!doctype html>
<html lang="en"><title>bare</title><link rel="icon" href="data:,">
<input aria-label="Message" autofocus>
<div id="out"></div>
<script>
const input = document.querySelector('input'), out = document.getElementById('out')
const headers = {'Content-Type': 'application/json'}

input.addEventListener('keydown', async event => {
  if (event.key !== 'Enter') return
  const wish = input.value, drawn = wish.startsWith('picture')
  input.value = ''
  out.replaceChildren()
  const body = JSON.stringify(drawn ? {prompt: wish, stream: true} : {messages: [{role: 'user', content: wish}], stream: true})
  const reply = await fetch(drawn ? '/v1/images/generations' : '/v1/chat/completions', {method: 'POST', headers, body})
  let tail = ''
  for await (const piece of reply.body.pipeThrough(new TextDecoderStream())) {
    const lines = (tail + piece).split('\\n')
    tail = lines.pop()
    for (const line of lines) if (line.startsWith('data: {')) take(JSON.parse(line.slice(6)), wish)
  }
})

function take(event, wish) {
  if (event.choices?.[0]?.delta.content) out.append(event.choices[0].delta.content)
  if (!event.b64_json) return
  const shown = new Image()
  shown.alt = wish
  shown.src = `data:image/png;base64,${event.b64_json}`
  out.append(shown)
}
</script>
"""


def site() -> Starlette:
    """The server."""
    moments: dict[str, dict[str, float]] = {}

    async def chat(request: Request) -> Response:
        body = await request.json()
        wish = body["messages"][-1]["content"]
        moments[wish] = {"asked": time.time()}
        return streamed(spoken(wish, moments[wish]))

    async def images(request: Request) -> Response:
        wish = (await request.json())["prompt"]
        moments[wish] = {"asked": time.time()}
        return streamed(drawn(moments[wish]))

    routes = [
        Route("/", lambda _: HTMLResponse(PAGE)),
        Route("/healthz", lambda _: PlainTextResponse("well")),
        Route("/v1/models", lambda _: JSONResponse({"object": "list", "data": [{"id": each} for each in ("gpt-6-luna", "gpt-image-2")]})),
        Route("/v1/chat/completions", chat, methods=["POST"]),
        Route("/v1/images/generations", images, methods=["POST"]),
        Route("/moments", lambda _: JSONResponse(moments)),
    ]
    return Starlette(routes=routes)


def streamed(pieces: AsyncGenerator[bytes]) -> Response:
    """Server-sent events."""
    return StreamingResponse(pieces, media_type="text/event-stream")


async def spoken(wish: str, moment: dict[str, float]) -> AsyncGenerator[bytes]:
    """The tokens of `text`, PIECE events at a time, or the two words of `first`."""
    kind, *rest = wish.split()
    words = tokens(int(rest[0]), rest[1]) if kind == "text" else ["word", f" {rest[0]}"]
    step = PIECE if kind == "text" else 1
    moment["first"] = time.time()
    for start in range(0, len(words), step):
        yield events(delta(word) for word in words[start : start + step])
        if kind == "first":
            await asyncio.sleep(LATER)
    usage = {"prompt_tokens": 10, "completion_tokens": len(words), "total_tokens": 10 + len(words)}
    yield events([{"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}, {"choices": [], "usage": usage}]) + b"data: [DONE]\n\n"
    moment["last"] = time.time()


def delta(word: str) -> dict[str, Any]:
    """One token as OpenAI sends it."""
    choice = {"index": 0, "delta": {"content": word}, "logprobs": None, "finish_reason": None}
    head = {"id": "chatcmpl-bench", "object": "chat.completion.chunk", "created": 1_795_000_000, "model": "gpt-6-luna"}
    return {**head, "service_tier": "default", "system_fingerprint": None, "choices": [choice], "usage": None, "obfuscation": "abcd"}


async def drawn(moment: dict[str, float]) -> AsyncGenerator[bytes]:
    """The finished picture as one event, in pieces of 64 KB."""
    used = {"input_tokens": 20, "input_tokens_details": {"text_tokens": 20, "image_tokens": 0}, "output_tokens": 1000, "total_tokens": 1020}
    whole = events([{"type": "image_generation.completed", "b64_json": base64.b64encode(picture()).decode(), "usage": used}])
    moment["first"] = time.time()
    for start in range(0, len(whole), 65536):
        yield whole[start : start + 65536]
    moment["last"] = time.time()


def events(found: Iterable[dict[str, Any]]) -> bytes:
    """Events on the wire."""
    return b"".join(b"data: " + orjson.dumps(each) + b"\n\n" for each in found)


def main() -> None:
    """Serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data-dir", help="taken for the sake of the other entries, and not used")
    picture()
    uvicorn.run(site(), port=parser.parse_args().port, access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
