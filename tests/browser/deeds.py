"""What people do on the page, each in one line of a test. Everything is found as people and screen readers find it, where it has a name."""

import asyncio
import re
import secrets
import sys
from io import BytesIO

from PIL import Image
from playwright.async_api import Locator, Page, Route, expect

from tests.browser.server import ROOT, Server

GUIDE, SKETCH = "guide", "sketch"
FAKE_TEXT, FAKE_IMAGE = "fake-text", "fake-image"
LUNA, FLARE, DALLE = "gpt-6-luna", "gpt-image-2.5-flare", "dall-e-3"
"""Models of the stand-in provider."""
LOADING = 90_000
"""Milliseconds that a page has to load: Gradio's scripts take seconds of a processor, and others use it too."""


def new(words: str) -> str:
    """`words` with a word behind them that was never said before: a test may run twice in one app."""
    return f"{words} {secrets.token_hex(3)}"


def box(page: Page) -> Locator:
    """Where people write."""
    return page.get_by_role("textbox", name="Message", exact=True)


def said(page: Page) -> Locator:
    """What the visitor said in this chat."""
    return page.locator(".turn.user .bubble")


def replies(page: Page) -> Locator:
    """What was answered in this chat, words or pictures."""
    return page.locator(".turn.reply")


def pictures(scope: Page | Locator) -> Locator:
    """The finished pictures of a chat or of one reply."""
    return scope.locator("img.final")


def toast(page: Page, words: str) -> Locator:
    """A message at the foot of the page."""
    return page.locator(".toast").filter(has_text=words)


def tiles(page: Page) -> Locator:
    """The gallery's pictures."""
    return page.locator("#gallery .tile")


async def rested(page: Page) -> None:
    """Wait until the settings are those of the open chat and the chosen model."""
    await expect(page.locator("#composer[aria-busy=false]")).to_be_visible(timeout=LOADING)


async def settled(page: Page, act) -> None:
    """Do what opens a chat or chooses a model, and wait until the settings follow it."""
    await act
    await rested(page)


async def visit(page: Page, url: str) -> None:
    """Open the app and wait until it can be used."""
    await settled(page, page.goto(url))
    await expect(page.locator("#conversation .status")).to_be_hidden()


async def new_chat(page: Page) -> None:
    await settled(page, page.get_by_role("button", name="New chat").click())
    await expect(page.locator(".hello")).to_be_visible()


async def tab(page: Page, name: str) -> None:
    await page.get_by_role("tab", name=name).click()


async def choose(page: Page, control: str, entry: str) -> None:
    """Choose the entry that begins with `entry` from one of the composer's lists."""
    chooser = page.get_by_label(control, exact=True)
    await rested(page)
    await chooser.click()
    option = page.get_by_role("option", name=re.compile(rf"^(✓\s*)?{re.escape(entry)}"))
    await settled(page, option.click())
    await expect(chooser).to_have_value(re.compile(f"^{re.escape(entry)}"))


async def options(page: Page) -> None:
    """Open the second row of the composer."""
    await page.get_by_role("button", name="Options", exact=True).click()
    await expect(page.get_by_label("Seed", exact=True)).to_be_visible()


async def send(page: Page, text: str) -> None:
    await box(page).fill(text)
    await box(page).press("Enter")


async def ask(page: Page, text: str) -> Locator:
    """Send `text`; the reply's place on the page, once it is there."""
    before = await replies(page).count()
    await send(page, text)
    await expect(replies(page)).to_have_count(before + 1)
    return replies(page).nth(before)


async def draw(page: Page, prompt: str) -> Locator:
    """Send `prompt` and wait until its pictures are finished; the reply."""
    reply = await ask(page, prompt)
    await expect(reply.locator(".meta")).to_be_visible()
    await expect(reply).not_to_have_class(re.compile("running"))
    return reply


def act(reply: Locator, name: str) -> Locator:
    """One of the buttons under a picture."""
    return reply.get_by_role("button", name=name, exact=True)


async def pick(page: Page, control: str, entry: str) -> None:
    """Choose without waiting for what follows."""
    await page.get_by_label(control, exact=True).click()
    await page.get_by_role("option", name=re.compile(rf"^(✓\s*)?{re.escape(entry)}")).click()


def thumbnails(page: Page) -> Locator:
    """The pictures that wait in the composer."""
    return page.locator("#message .thumbnail-item")


async def attach(page: Page, name: str, colour: tuple[int, int, int], there: int | None = None) -> None:
    """Add a picture of one colour, and wait until it is there."""
    before = await thumbnails(page).count()
    await page.locator("#message input[type=file]").set_input_files({"name": name, "mimeType": "image/png", "buffer": dot(colour)})
    await expect(thumbnails(page)).to_have_count(there or before + 1)


def dot(colour: tuple[int, int, int]) -> bytes:
    """A small PNG of one colour."""
    data = BytesIO()
    Image.new("RGB", (64, 64), colour).save(data, "PNG")
    return data.getvalue()


async def held(page: Page, *, only: str = "", broken: bool = False) -> asyncio.Event:
    """Hold back what the page asks of Gradio in calls with `only` in them until the event is set; `broken`: only to fail then."""
    gate = asyncio.Event()

    async def late(route: Route) -> None:
        if only in (route.request.post_data or ""):
            await gate.wait()
        await (route.fulfill(status=500, body="") if broken else route.continue_())

    await page.route(re.compile("run/predict"), late)
    return gate


async def without_news(page: Page, url: str) -> None:
    """Open the app where the stream of news never comes, on a page that sends all the same."""
    await page.route(re.compile("/live"), lambda route: route.abort())
    await visit(page, url)
    await page.evaluate("Object.defineProperty(imagechat.live, 'lost', { get: () => false, set() {} })")


async def begin(page: Page, url: str, model: str) -> None:
    """Open the app and choose a model."""
    await visit(page, url)
    await choose(page, "Model", model)


async def finished(page: Page, text: str) -> Locator:
    """Send `text` and wait for the end of its reply, good or bad."""
    reply = await ask(page, text)
    await expect(reply.locator(".foot :is(.meta, .problem)")).to_be_visible()
    await expect(reply).not_to_have_class(re.compile("running"))
    return reply


async def owner_link(app: Server) -> str:
    """A one-time link for the owner, as `python app.py link` prints it."""
    command = [sys.executable, str(ROOT / "app.py"), "link", "--port", str(app.port), "--data-dir", str(app.data_dir)]
    link = await asyncio.create_subprocess_exec(*command, env=app.env, cwd=app.data_dir.parent, stdout=asyncio.subprocess.PIPE)
    printed, _ = await link.communicate()
    return next(word for word in printed.decode().split() if "/enter#" in word)


async def come_as_owner(page: Page, app: Server) -> None:
    """Open the owner's link in this page's browser, and wait until the app can be used."""
    await settled(page, page.goto(await owner_link(app)))
    await expect(page).to_have_url(f"{app.url}/")
    await expect(page.locator("#conversation .status")).to_be_hidden()
