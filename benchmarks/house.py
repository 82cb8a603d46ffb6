"""The real app with two models that hand over at once what the floor has, and its page in a browser.

`python benchmarks/house.py --port P --data-dir D` serves, as `tests.browser.server.running` wants it; `open_house` is for the benchmarks.
A wish is one line, as the bare page's: `text COUNT MARK` is answered by `bench-text`, `picture MARK` by `bench-picture`.
"""

import asyncio
import itertools
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Page

import app
from benchmarks.bare import picture, tokens
from benchmarks.timing import Reading, enter
from imagechat import settings
from imagechat.domain.models import ModelCard, ModelEvent, Picture, TextDelta
from imagechat.domain.requests import ChatRequest, ImageOrder
from imagechat.domain.values import Size
from imagechat.serving import serve
from tests.browser.server import Server, running

BOX = "#message textarea"
LAST = "[...document.querySelectorAll('#conversation .turn.reply')].at(-1)"


class Clock:
    """Moments of the app's process, as lines `seconds deed wish` in a file beside its data."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def note(self, deed: str, wish: str) -> None:
        """Remember that `deed` happens now."""
        now = time.time()
        with self.file.open("a") as lines:
            lines.write(f"{now:.6f} {deed} {wish}\n")

    async def moment(self, deed: str, wish: str) -> float:
        """When `deed` happened for `wish`, in seconds since the epoch."""
        while True:
            for line in self.file.read_text().splitlines() if self.file.exists() else ():
                at, did, asked = line.split(" ", 2)
                if (did, asked) == (deed, wish):
                    return float(at)
            await asyncio.sleep(0.01)


class Speaker:
    """Says the floor's text, token by token and without delay."""

    card = ModelCard(id="bench-text", label="Bench text", provider="embedded", kind="text", operations=("chat",), price=0)

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ModelEvent]:
        """`text COUNT MARK` in COUNT events."""
        wish = request.turns[-1].text
        self.clock.note("called", wish)
        _, count, mark = wish.split()
        for word in tokens(int(count), mark):
            yield TextDelta(text=word)


class Painter:
    """Hands over the floor's picture, `count` times."""

    card = ModelCard(
        id="bench-picture", label="Bench picture", provider="embedded", kind="image", sizes=(Size.parse("1024x1024"),), formats=("png",),
        max_count=4, seeds=True, price=0, defaults={"size": "1024x1024", "format": "png"},
    )  # fmt: skip

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    async def stream(self, order: ImageOrder) -> AsyncGenerator[ModelEvent]:
        """The picture; "handed" is noted before the app has it, "taken" when the app asks for more."""
        wish = order.request.prompt
        self.clock.note("called", wish)
        for index in range(order.request.count):
            self.clock.note("handed", wish)
            yield Picture(index=index, data=picture(), media_type="image/png")
            self.clock.note("taken", wish)


class House:
    """The app's page, open in a browser, and its jobs as figures in milliseconds."""

    def __init__(self, page: Page, server: Server, model: str) -> None:
        self.page, self.server, self.model = page, server, model
        self.clock, self.count = Clock(clock_of(server.data_dir)), itertools.count()

    async def new_chat(self) -> None:
        """An empty chat, with everything at rest."""
        await self.page.evaluate("() => imagechat.openChat(null)")
        await self.rest()

    async def rest(self, seconds: float = 0.25) -> None:
        """Let the page and the app come to rest: what the last turn left to do is not measured with the next one."""
        await asyncio.sleep(seconds)

    async def ask(self, wish: str, done: str) -> Reading:
        """Write `wish`, press Enter, wait until `done` holds on screen."""
        return await enter(self.page, BOX, wish, done)

    async def say(self, count: int) -> tuple[str, Reading]:
        """A wish for `count` tokens, and when the last of them was there."""
        mark = f"end-{next(self.count)}."
        wish = f"text {count} {mark}"
        done = f"() => {LAST}?.querySelector('.prose')?.textContent.trimEnd().endsWith('{mark}')"
        return wish, await self.ask(wish, done)

    async def draw(self) -> tuple[str, Reading]:
        """A wish for one picture, and when it was seen."""
        number = next(self.count)
        wish = f"picture {number}"
        done = f"() => {{ const i = {LAST}?.querySelector('img.final'); return i?.alt === '{wish}' && i.complete && i.naturalWidth && i }}"
        return wish, await self.ask(wish, done)


def clock_of(data_dir: Path) -> Path:
    """Where the app's process writes its moments."""
    return data_dir.parent / f"{data_dir.name}.moments"


@asynccontextmanager
async def serving(model: str, env: Mapping[str, str] | None = None) -> AsyncGenerator[Server]:
    """The app in a process of its own, with `model` chosen in a new chat."""
    with tempfile.TemporaryDirectory() as folder:
        chosen = {"IMAGECHAT_DEFAULTS__MODEL": model, **(env or {})}
        async with running(Path(folder) / "data", entry="benchmarks/house.py", env=chosen) as server:
            yield server


@asynccontextmanager
async def open_house(chrome: Browser, model: str, env: Mapping[str, str] | None = None) -> AsyncGenerator[House]:
    """The app's page in this browser, on a server process of its own."""
    async with serving(model, env) as server:
        yield House(await opened(chrome, server.url), server, model)


async def opened(chrome: Browser | BrowserContext, url: str) -> Page:
    """The page at `url`, ready to be written to."""
    page = await (chrome.new_page(viewport={"width": 1280, "height": 800}) if isinstance(chrome, Browser) else chrome.new_page())
    await page.goto(url)
    await page.wait_for_selector(BOX)
    await page.wait_for_function("() => window.imagechat?.conversation && imagechat.chat")
    await asyncio.sleep(0.5)
    return page


def main() -> None:
    """Serve, as app.py does."""
    asked = app.arguments(sys.argv[1:])
    chosen = settings.load(**{name: getattr(asked, name, None) for name in ("host", "port", "data_dir")})
    clock = Clock(clock_of(chosen.data_dir))
    picture()
    serve(chosen, [Speaker(clock), Painter(clock)])


if __name__ == "__main__":
    main()
