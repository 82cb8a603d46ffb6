"""A browser for each worker, a fresh page for each test, and a picture of the screen when a test fails.

Browser tests and the async fixtures that stand in these folders share one event loop per worker, because the browser lives on it.
"""

import asyncio
import inspect
import os
import random
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Error, Page, Route, async_playwright, expect

from tests.browser.chromium import ROOT, NoBrowser, chromium
from tests.browser.server import Server, running
from tests.fakes.provider import KEY, Provider

HERE = Path(__file__).parent
SCREENS = ROOT / ".cache" / "screens"
CARDS = ROOT / "tests" / "fakes" / "models.toml"
DESKTOP, PHONE = (1280, 800), (390, 844)

# For `allowed_errors`: what a page says while its app is down.
WHILE_DOWN = r"net::ERR_(CONNECTION_\w+|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING|CONTENT_LENGTH_MISMATCH|SOCKET_NOT_CONNECTED)"
# A partial picture makes room for the next while a slow browser still asks for it.
GONE_PARTIAL = r"status of 404 \(Not Found\) \(http://[\w.:/]+/media/\w{26}\)"
PATIENCE = 30_000  # ms: a busy machine is slow, not wrong
expect.set_options(timeout=PATIENCE)
FAILED = pytest.StashKey[bool]()
OpenPage = Callable[..., Awaitable[Page]]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what stands in this folder as browser tests, on the browser's loop."""
    for item in items:
        if config.getoption("--delayed") and item.get_closest_marker("undelayed"):
            item.add_marker(pytest.mark.skip("a delay would make it another test"))
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            if pytest_asyncio.is_async_test(item):
                item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[object]):
    """Async fixtures of browser tests run on the browser's loop too; on another, a page would wait for ever."""
    if fixturedef.baseid.startswith("tests/browser") and inspect.isfunction(fixturedef.func):
        fixturedef.func._loop_scope = "session"
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    """Tell the fixtures of a test whether it failed."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncGenerator[Browser]:
    """Chromium, one for each worker. Where none can be had tests are skipped, but never in CI."""
    try:
        found = chromium()
    except NoBrowser as reason:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(str(reason))
    async with async_playwright() as playwright:
        browser = await found.launch(playwright)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="module")
async def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Server]:
    """One app for each module, with the fake models beside its own: a start costs seconds.

    A module says what it needs: `ENTRY` (another program), `ENV` (settings), `PROVIDER` (a stand-in for OpenAI, as `app.provider`),
    `async def furnish(data_dir)` (what is kept before the start).
    """
    data = tmp_path_factory.mktemp("app") / "data"
    if furnish := getattr(request.module, "furnish", None):
        await furnish(data)
    entry, env = getattr(request.module, "ENTRY", "tests/fakes/app.py"), getattr(request.module, "ENV", {})
    async with AsyncExitStack() as stack:
        provider = await stack.enter_async_context(Provider()) if getattr(request.module, "PROVIDER", False) else None
        if provider:
            env = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": provider.url, "IMAGECHAT_MODELS__FILE": str(CARDS), **env}
        server = await stack.enter_async_context(running(data, entry=entry, env=env))
        server.provider = provider
        while provider and not any(asked.path == "/v1/models" for asked in provider.asked):
            await asyncio.sleep(0.05)
        yield server


@pytest.fixture
def allowed_errors() -> list[str]:
    """Patterns of the console and script errors that a test provokes on purpose: append to it."""
    return [GONE_PARTIAL]


@pytest.fixture
def page_errors() -> list[str]:
    """What the pages of a test complained about so far."""
    return []


@pytest_asyncio.fixture
async def open_page(
    browser: Browser, page_errors: list[str], allowed_errors: list[str], request: pytest.FixtureRequest
) -> AsyncGenerator[OpenPage]:
    """`await open_page(url, size=PHONE, dark=True, **context_options)`: a page in a fresh context, any number of them.

    What a page writes to the console as an error, or throws, fails the test at its end; a failed test leaves a picture of each page.
    """
    contexts: list[BrowserContext] = []

    async def opened(url: str | None = None, *, size: tuple[int, int] = DESKTOP, dark: bool = False, **options: object) -> Page:
        contexts.append(await context(browser, size, dark, page_errors, options))
        if most := request.config.getoption("--delayed"):
            await delay(contexts[-1], most)
        page = await contexts[-1].new_page()
        if url:
            await page.goto(url)
        return page

    yield opened
    failed = request.node.stash.get(FAILED, False)
    if failed:
        await keep_screens(contexts, request.node.nodeid)
    for one in contexts:
        await one.close()
    surprises = [error for error in page_errors if not any(re.search(pattern, error) for pattern in allowed_errors)]
    assert failed or not surprises, "the page complained:\n" + "\n".join(surprises)


@pytest_asyncio.fixture
async def page(open_page: OpenPage) -> Page:
    """A blank page of 1280 × 800 in light dress."""
    return await open_page()


async def context(browser: Browser, size: tuple[int, int], dark: bool, errors: list[str], options: dict[str, object]) -> BrowserContext:
    """A browser's visitor, whose pages' complaints land in `errors`."""
    view = {"viewport": {"width": size[0], "height": size[1]}, "color_scheme": "dark" if dark else "light", "locale": "en-US"}
    made = await browser.new_context(**{**view, **options})
    made.set_default_timeout(PATIENCE)
    made.on("console", lambda said: errors.append(f"{said.text} ({said.location['url']})") if said.type == "error" else None)
    made.on("weberror", lambda thrown: errors.append(str(thrown.error)))
    return made


async def delay(visitor: BrowserContext, most: float) -> None:
    """Let whatever a visitor's pages ask, but scripts and styles, wait: up to `most` seconds, half of it less than an eighth of that."""

    async def late(route: Route) -> None:
        await asyncio.sleep(random.random() ** 3 * most)
        with suppress(Error):  # The page is gone.
            await route.continue_()

    await visitor.route(lambda url: not url.endswith((".js", ".css", ".woff2")), late)


async def keep_screens(contexts: list[BrowserContext], test: str) -> None:
    """Save what each page shows to `.cache/screens/`, named after the test."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"\W+", "-", test.removeprefix("tests/browser/")).strip("-")
    for number, page in enumerate((page for one in contexts for page in one.pages), 1):
        await page.screenshot(path=SCREENS / f"{name}{'' if number == 1 else f'-{number}'}.png")
