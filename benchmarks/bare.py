"""The floor: a bare page on a bare Starlette server that does ImageChat's jobs and nothing else.

`python -m benchmarks.bare` measures it alone; with `--port` it serves, as `tests.browser.server.running` wants it.
A wish is one line: `text COUNT MARK` streams COUNT tokens that end in MARK, `picture MARK` answers with the address of a picture.
"""

import argparse
import asyncio
import io
import itertools
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import numpy as np
import uvicorn
from PIL import Image
from playwright.async_api import Browser, Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from benchmarks.timing import Reading, browser, enter, table, typical
from tests.browser.server import running

TOKENS = 2000
# Tokens in one write. One by one would cost this server 40 ms more, and a floor should be low.
PIECE = 40

PAGE = """<!doctype html>
<html lang="en"><title>bare</title><link rel="icon" href="data:,">
<input aria-label="Message" autofocus>
<div id="out"></div>
<script>
const input = document.querySelector('input'), out = document.getElementById('out')

input.addEventListener('keydown', async event => {
  if (event.key !== 'Enter') return
  const wish = input.value
  input.value = ''
  const reply = await fetch('/wish', {method: 'POST', body: wish})
  out.replaceChildren()
  await (wish.startsWith('text') ? text(reply) : picture(reply))
})

async function text(reply) {
  for await (const piece of reply.body.pipeThrough(new TextDecoderStream())) out.append(piece)
}

async function picture(reply) {
  const shown = new Image()
  shown.src = (await reply.json()).url
  out.append(shown)
}
</script>
"""


def tokens(count: int, mark: str) -> list[str]:
    """Plain prose of `count` tokens in paragraphs; the last one is `mark`. The floor and the app's fake model both speak it."""
    words = itertools.cycle(["the", "light", "falls", "over", "hills", "of", "salt", "and", "slow", "rivers"])
    prose = [("\n\n" if place and place % 80 == 0 else " ") + word for place, word in zip(range(count - 1), words, strict=False)]
    return [*prose, f" {mark}"]


@cache
def picture(side: int = 1024) -> bytes:
    """A PNG of 1.6 MB, as photographs of this size are: a smooth scene under grain."""
    grain = np.random.default_rng(7).integers(0, 10, (side, side, 3))
    scene = np.linspace(40, 200, side)[:, None, None] * np.array([1.0, 0.9, 0.7])
    file = io.BytesIO()
    Image.fromarray((scene + grain).astype(np.uint8)).save(file, "PNG", compress_level=6)
    return file.getvalue()


def site() -> Starlette:
    """The bare server: it remembers when each wish arrived."""
    arrivals: dict[str, float] = {}

    async def wish(request: Request) -> Response:
        now = time.time()
        words = (await request.body()).decode()
        arrivals[words] = now
        kind, *rest = words.split()
        if kind == "text":
            return StreamingResponse(spoken(int(rest[0]), rest[1]), media_type="text/plain")
        return JSONResponse({"url": f"/picture/{rest[0]}"})

    routes = [
        Route("/", lambda _: HTMLResponse(PAGE)),
        Route("/healthz", lambda _: PlainTextResponse("well")),
        Route("/wish", wish, methods=["POST"]),
        Route("/picture/{mark}", lambda _: Response(picture(), media_type="image/png")),
        Route("/arrivals", lambda _: JSONResponse(arrivals)),
    ]
    return Starlette(routes=routes)


async def spoken(count: int, mark: str) -> AsyncGenerator[str]:
    """The tokens without delay, PIECE at a time."""
    words = tokens(count, mark)
    for start in range(0, count, PIECE):
        yield "".join(words[start : start + PIECE])


class Bare:
    """The bare page, open in a browser, and its three jobs as figures in milliseconds."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url, self.count = page, url, itertools.count()

    async def text(self) -> float:
        """Enter → all tokens on screen."""
        mark = f"end-{next(self.count)}."
        return (await enter(self.page, "input", f"text {TOKENS} {mark}", shows(mark))).shown

    async def picture(self) -> float:
        """Enter → the picture on screen."""
        return (await self._draw())[1].shown

    async def handed(self) -> float:
        """The server has the wish, and so the picture's bytes → the picture on screen."""
        wish, reading = await self._draw()
        return reading.shown - await self._arrived(wish, reading)

    async def _draw(self) -> tuple[str, Reading]:
        mark = next(self.count)
        done = f"() => {{ const i = document.querySelector('#out img'); return i?.src.endsWith('/{mark}') && i.complete && i }}"
        return f"picture {mark}", await enter(self.page, "input", f"picture {mark}", done)

    async def arrival(self) -> float:
        """Enter → the server has the request."""
        mark = f"end-{next(self.count)}."
        wish = f"text 1 {mark}"
        return await self._arrived(wish, await enter(self.page, "input", wish, shows(mark)))

    async def _arrived(self, wish: str, reading: Reading) -> float:
        """Milliseconds from Enter to the server's having the wish."""
        arrivals = await (await self.page.request.get(f"{self.url}/arrivals")).json()
        return (arrivals[wish] - reading.pressed) * 1000


def shows(mark: str) -> str:
    """Whether the bare page's text ends in `mark`, as a predicate for the browser."""
    return f"() => document.getElementById('out').textContent.endsWith('{mark}')"


@asynccontextmanager
async def bare_page(chrome: Browser) -> AsyncGenerator[Bare]:
    """The bare page in this browser, on a server process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        async with running(Path(folder) / "data", entry="benchmarks/bare.py") as server:
            page = await chrome.new_page(viewport={"width": 1280, "height": 800})
            await page.goto(server.url)
            yield Bare(page, server.url)
            await page.close()


async def floor() -> str:
    """The three figures as a table."""
    async with browser() as chrome, bare_page(chrome) as bare:
        jobs = {
            f"{TOKENS:,} tokens: Enter → on screen": bare.text,
            f"{len(picture()) / 1e6:.1f} MB PNG: Enter → on screen": bare.picture,
            "Enter → request": bare.arrival,
        }
        return table([[name, f"{await typical(figure):.1f} ms"] for name, figure in jobs.items()], ["the floor", "median"])


def main() -> None:
    """Serve where a port is given, measure otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int)
    parser.add_argument("--data-dir", help="taken for the sake of the other entries, and not used")
    port = parser.parse_args().port
    if port:
        uvicorn.run(site(), port=port, access_log=False)
    else:
        print(asyncio.run(floor()))


if __name__ == "__main__":
    main()
