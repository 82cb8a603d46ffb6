"""A provider's answer on its way through the app, against the bare SDK and a bare page. `python -m benchmarks.provider`.

The provider (`speaker.py`) has its answers in memory. Rates: from the moment at which it is asked to the last token, at the client's end of
our event stream and in a loop over the openai SDK's objects. Screens: the floor is a bare page that asks the provider itself.
"""

import asyncio
import itertools
import json
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Any

import httpx2
import openai
import orjson
from playwright.async_api import Browser, Page

from benchmarks.bare import TOKENS
from benchmarks.house import BOX, LAST, opened
from benchmarks.timing import Figure, Pair, browser, enter, measured, table
from imagechat.domain.values import new_id
from tests.browser.server import Server, running

MANY = 20
COUNT = itertools.count()


class Side:
    """A page that asks for wishes, and the provider that notes when it answered: seconds since the epoch."""

    def __init__(self, page: Page, provider: str, box: str, out: str) -> None:
        self.page, self.provider, self.box, self.out = page, provider, box, out

    async def text(self) -> float:
        """Enter → all tokens on screen, in milliseconds."""
        mark = f"end-{next(COUNT)}."
        return (await enter(self.page, self.box, f"text {TOKENS} {mark}", self.shows(mark))).shown

    async def first(self) -> float:
        """The provider's first byte → the first word on screen."""
        mark = f"end-{next(COUNT)}."
        reading = await enter(self.page, self.box, f"first {mark}", self.shows("word"))
        shown = reading.pressed + reading.shown / 1000
        await self.page.wait_for_function(self.shows(mark))
        await asyncio.sleep(0.3)
        return (shown - await moment(self.provider, f"first {mark}", "first")) * 1000

    async def picture(self) -> float:
        """The provider's last byte → the picture on screen."""
        wish = f"picture {next(COUNT)}"
        found = f"[...document.querySelectorAll('{self.out} img')].find((each) => each.alt === '{wish}' && !each.matches('.partial'))"
        reading = await enter(self.page, self.box, wish, f"() => {{ const i = {found}; return i?.complete && i.naturalWidth && i }}")
        return (reading.pressed + reading.shown / 1000 - await moment(self.provider, wish, "last")) * 1000

    def shows(self, mark: str) -> str:
        """Whether the newest answer ends in `mark`."""
        where = f"({LAST})?.querySelector('.prose')" if self.out != "#out" else "document.getElementById('out')"
        return f"() => {where}?.textContent.trim().endsWith('{mark}')"


class OurSide(Side):
    """The same in the app, each time in a new chat."""

    def __init__(self, page: Page, provider: str) -> None:
        super().__init__(page, provider, BOX, "#conversation")

    async def fresh(self, model: str) -> None:
        """A new chat with that model, with everything at rest."""
        await self.page.evaluate("() => imagechat.openChat(null)")
        await self.page.wait_for_selector("#composer[aria-busy=false]")
        chooser = self.page.get_by_label("Model", exact=True)
        if not (await chooser.input_value()).startswith(model):
            await chooser.click()
            await self.page.get_by_role("option", name=model).first.click()
            await self.page.wait_for_timeout(100)
            await self.page.wait_for_selector("#composer[aria-busy=false]")
        await asyncio.sleep(0.3)

    async def text(self) -> float:
        """As the floor's."""
        await self.fresh("gpt-6-luna")
        return await super().text()

    async def first(self) -> float:
        """As the floor's."""
        await self.fresh("gpt-6-luna")
        return await super().first()

    async def picture(self) -> float:
        """As the floor's."""
        await self.fresh("gpt-image-2")
        return await super().picture()


async def moment(provider: str, wish: str, deed: str) -> float:
    """When the provider did something for `wish`."""
    async with httpx2.AsyncClient(trust_env=False) as client:
        while True:
            found = (await client.get(f"{provider}/moments")).json()
            if deed in found.get(wish, {}):
                return float(found[wish][deed])
            await asyncio.sleep(0.02)


class Sender:
    """Sends messages as the page does, from a call of the page's own that was listened to."""

    def __init__(self, url: str, call: dict[str, Any], outbox: int, message: int) -> None:
        self.url, self.call, self.outbox, self.message = url, call, outbox, message

    async def send(self, client: httpx2.AsyncClient, wish: str) -> None:
        """One message in a chat of its own."""
        data = list(self.call["data"])
        data[self.outbox] = json.dumps({"thread": new_id(), "nonce": new_id()})
        data[self.message] = {"text": wish, "files": []}
        (await client.post(self.url, json={**self.call, "data": data})).raise_for_status()


async def listened(side: OurSide) -> Sender:
    """The page's own call for a message, to be sent again."""
    await side.fresh("gpt-6-luna")
    async with side.page.expect_request(lambda each: "run/predict" in each.url and "listened" in (each.post_data or "")) as heard:
        await enter(side.page, BOX, "text 5 listened", side.shows("listened"))
    request = await heard.value
    call = json.loads(request.post_data)
    outbox = next(at for at, each in enumerate(call["data"]) if isinstance(each, str) and "nonce" in each)
    message = next(at for at, each in enumerate(call["data"]) if isinstance(each, dict) and "text" in each)
    return Sender(request.url, call, outbox, message)


async def streamed(sender: Sender, app: str, provider: str, count: int) -> float:
    """Tokens a second at the client's end of our event stream, over `count` chats at once."""
    marks = {f"end-{next(COUNT)}." for _ in range(count)}
    wishes = [f"text {TOKENS} {mark}" for mark in marks]
    async with httpx2.AsyncClient(trust_env=False, timeout=60) as client:
        now = (await client.get(f"{app}/live/now?since=0")).json()["version"]
        async with client.stream("GET", f"{app}/live?since={now}") as live:
            sending = asyncio.create_task(_all(sender, wishes))
            left = set(marks)
            async for line in live.aiter_lines():
                left -= {mark for mark in left if mark in spoken(line)}
                if not left:
                    break
            done = time.time()
            await sending
    asked = min([await moment(provider, wish, "asked") for wish in wishes])
    return count * TOKENS / (done - asked)


def spoken(line: str) -> str:
    """The words of replies in a line of the event stream."""
    if not line.startswith("data: {"):
        return ""
    words = [job["words"] for job in orjson.loads(line[6:]).get("jobs", ()) if "words" in job]
    return " ".join("".join(each["closed"]) + each["tail"] for each in words)


async def _all(sender: Sender, wishes: list[str]) -> None:
    async with httpx2.AsyncClient(trust_env=False, timeout=60) as client:
        await asyncio.gather(*(sender.send(client, wish) for wish in wishes))


async def by_sdk(client: openai.AsyncOpenAI, provider: str, count: int) -> float:
    """Tokens a second through the bare SDK, over `count` streams at once."""
    wishes = [f"text {TOKENS} end-{next(COUNT)}." for _ in range(count)]
    await asyncio.gather(*(_stream(client, wish) for wish in wishes))
    done = time.time()
    asked = min([await moment(provider, wish, "asked") for wish in wishes])
    return count * TOKENS / (done - asked)


async def _stream(client: openai.AsyncOpenAI, wish: str) -> str:
    said = [{"role": "user", "content": wish}]
    usage = {"include_usage": True}
    events = await client.chat.completions.create(model="gpt-6-luna", messages=said, stream=True, stream_options=usage)
    return "".join([event.choices[0].delta.content or "" async for event in events if event.choices])


async def rates(side: OurSide, app: str, provider: str) -> list[list[str]]:
    """One stream, and twenty in sum: ours over the SDK's."""
    sender = await listened(side)
    await side.page.goto("about:blank")  # Its own event stream would be a second reader.
    client = openai.AsyncOpenAI(api_key="none", base_url=f"{provider}/v1", max_retries=0)
    rows = []
    for count, rounds in ((1, 15), (MANY, 7)):
        ours, sdk = await medians(rounds, lambda: streamed(sender, app, provider, count), lambda: by_sdk(client, provider, count))  # noqa: B023
        ratio = ours / sdk
        verdict = "aim met" if ratio >= 3 else "bar met" if ratio >= 0.9 else "MISSED"
        name = f"{TOKENS:,} tokens at the client's end of our stream" + (f", {count} at once in sum" if count > 1 else "")
        rows.append([name, f"{ours:,.0f}/s", f"{sdk:,.0f}/s", f"{ratio:.2f} ×", "0.90 ×", "3.00 ×", verdict])
    await client.close()
    return rows


async def medians(rounds: int, ours: Figure, theirs: Figure, warm: int = 3) -> tuple[float, float]:
    """The medians of two figures that are taken in turn."""
    taken = []
    for number in range(warm + rounds):
        first, second = (ours, theirs) if number % 2 else (theirs, ours)
        got = await first(), await second()
        taken.append(got if number % 2 else got[::-1])
    return median(each[0] for each in taken[warm:]), median(each[1] for each in taken[warm:])


async def main() -> str:
    """All rows."""
    async with browser() as chrome, speaking() as provider, house(provider.url) as app:
        ours = OurSide(await opened(chrome, app.url), provider.url)
        bare = Side(await bare_page(chrome, provider.url), provider.url, "input", "#out")
        pairs = [
            Pair(f"{TOKENS:,} tokens: Enter → complete on screen", ours.text, bare.text, bar=8, aim=3.5),
            Pair("provider's first byte → first word on screen", ours.first, bare.first, bar=1.3, aim=1.0),
            Pair("provider's last byte of a 1.6 MB PNG → on screen", ours.picture, bare.picture, bar=3, aim=2),
        ]
        await measured(pairs)
        return table([*(await rates(ours, app.url, provider.url)), *(pair.row() for pair in pairs)])


@asynccontextmanager
async def speaking() -> AsyncGenerator[Server]:
    """The provider, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        async with running(Path(folder) / "data", entry="benchmarks/speaker.py") as server:
            yield server


@asynccontextmanager
async def house(provider: str) -> AsyncGenerator[Server]:
    """The app as people run it, with that provider."""
    env = {"OPENAI_BASE_URL": f"{provider}/v1", "IMAGECHAT_RUNNER__REPLIES": str(MANY), "IMAGECHAT_RUNNER__QUEUE": "200"}
    with tempfile.TemporaryDirectory() as folder:
        async with running(Path(folder) / "data", env=env) as server:
            await asyncio.sleep(3)  # It asks the provider for its models by itself.
            yield server


async def bare_page(chrome: Browser, url: str) -> Page:
    """The provider's own page."""
    page = await chrome.new_page(viewport={"width": 1280, "height": 800})
    await page.goto(url)
    return page


if __name__ == "__main__":
    print(asyncio.run(main()))
