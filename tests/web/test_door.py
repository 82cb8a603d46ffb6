"""Guests over the real app: who is let in, by which cookie, and what nobody gets."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from imagechat.bootstrap import House
from imagechat.ground import prepare
from imagechat.settings import Settings
from tests.browser.server import Server
from tests.web.conftest import Page
from tests.web.doorway import GUESTS, LOGIN, NAME, PASSWORD, browser, cookie, doorway, inside, said


@pytest.fixture(scope="module")
def guests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from doorway(GUESTS, tmp_path_factory)


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from doorway(LOGIN, tmp_path_factory)


# Guests


async def test_a_browser_that_opens_the_page_is_a_guest_from_then_on(guests: Server):
    async with browser(guests) as ann, browser(guests) as ben:
        first = await ann.get("/")
        assert first.status_code == 200
        assert re.fullmatch(r"imagechat-[0-9a-f]{8}=\S+; Max-Age=7776000; Path=/; HttpOnly; SameSite=Lax", cookie(first))
        assert first.headers["cache-control"] == "private, no-cache"
        again = await ann.get("/")
        assert said(cookie(again)) == said(cookie(first)), "the same session, remembered from now on"
        assert await inside(ann) and not await inside(ben)
        made = await ann.drawn("a fox")
        await ben.get("/")
        assert (await ben.get(f"/{made['url']}")).status_code == 404
        assert (await ann.get(f"/{made['url']}")).status_code == 200


@pytest.mark.parametrize("mode", ["cors", "no-cors"])
async def test_what_a_script_asks_for_makes_no_guest(guests: Server, mode: str):
    async with browser(guests) as page:
        answer = await page.get("/", Sec_Fetch_Mode=mode, Sec_Fetch_Site="same-origin")
        assert (answer.status_code, cookie(answer)) == (401, "")
        assert (await page.client.head("/")).status_code == 401


async def test_cookies_that_are_none_let_nobody_in(guests: Server, accounts: Server):
    async with browser(guests) as page, browser(accounts) as other:
        good = said(cookie(await page.get("/")))
        name, _, value = good.partition("=")
        token, _, signature = value.rpartition(".")
        foreign = said(cookie(await other.client.post("/login", data={"name": NAME, "password": PASSWORD})))
        page.client.cookies.clear()
        assert (await page.get("/live/now", Cookie=good)).status_code == 200
        bad = [
            f"{name}={token}", f"{name}={token}.", f"{name}={token}.{signature[:-2]}xx", f"{name}={token[:-1]}a.{signature}",
            f"{name}=", f"{name}=.", f"{name}={'x' * 9000}", f"{name}=\xff\xfe.{signature}", f"{name}=\"{value}\"", name, "=;;=",
            foreign, f"{name}={foreign.partition('=')[2]}", f"x{good}", f"{foreign.partition('=')[0]}={value}",
            "; ".join([f"{name}=no{number}" for number in range(10)] + [good]),
        ]  # fmt: skip
        for each in bad:
            answer = await page.client.get("/live/now", headers={"Cookie": each.encode("latin-1")})
            assert answer.status_code == 401, each
            assert "cookie" in answer.text.lower()


async def test_a_cookie_among_others_is_found_and_two_peoples_are_nobodys(guests: Server):
    async with browser(guests) as page, browser(guests) as other:
        one, two = said(cookie(await page.get("/"))), said(cookie(await other.get("/")))
        name = one.partition("=")[0]
        page.client.cookies.clear()
        for given, status in ((f"a=b; {one}; c", 200), (f"{name}=forged; {one}", 200), (f"{one}; {two}", 401), (f"{one}; {one}", 200)):
            assert (await page.get("/live/now", Cookie=given)).status_code == status, given


async def test_a_session_that_was_ended_is_over(guests: Server):
    async with browser(guests) as page:
        kept = said(cookie(await page.get("/")))
        left = await page.client.post("/logout", headers={"Origin": guests.url})
        assert left.status_code == 303 and "Max-Age=0" in cookie(left)
        page.client.cookies.clear()
        assert (await page.get("/live/now", Cookie=kept)).status_code == 401
        assert (await page.client.get("/logout")).status_code == 405


# Nobody

CLOSED = [
    "/gradio_api/info", "/gradio_api/openapi.json", "/gradio_api/queue/join", "/gradio_api/queue/data", "/gradio_api/queue/status",
    "/gradio_api/call/send", "/gradio_api/call/v2/send", "/gradio_api/api/predict", "/gradio_api/run/send", "/gradio_api/proxy=http://x",
    "/gradio_api/stream/a", "/gradio_api/heartbeat/x", "/gradio_api/reset", "/gradio_api/cancel", "/gradio_api/upload_progress",
    "/gradio_api/vibe-edit", "/gradio_api/vibe-code", "/gradio_api/process_recording", "/gradio_api/runs",
    "/gradio_api/run-history/buckets",
    "/gradio_api/deep_link", "/gradio_api/file/etc/passwd", "/gradio_api/custom_component/a/client/b/c", "/gradio_api/dev/reload",
    "/gradio_api/token", "/gradio_api/user", "/gradio_api/login_check", "/gradio_api/app_id", "/gradio_api/profiling/traces",
    "/gradio_api/mcp/", "/monitoring", "/monitoring/summary", "/logout/", "/login/other", "/svelte/x", "/pwa_icon", "/manifest.json",
    "/gradio_api", "/gradio_api/", "//gradio_api/info", "/gradio_api/%69nfo", "/docs", "/openapi.json", "/nowhere",
]  # fmt: skip
OPEN = ["/healthz", "/ready", "/theme.css", "/robots.txt", "/favicon.ico", "/examples/boat.webp", "/login", "/enter", "/enter/entering.css"]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", CLOSED)
async def test_what_the_page_does_not_use_is_not_there(page: Page, guests: Server, path: str, method: str):
    assert (await page.client.request(method, path)).status_code == 404, "in local access"
    async with browser(guests) as nobody:
        assert (await nobody.client.request(method, path)).status_code in (401, 404)
        assert (await nobody.client.request(method, path, headers={"Origin": guests.url})).status_code in (401, 404)


async def test_nobody_gets_words_at_every_address(guests: Server, accounts: Server):
    for server in (guests, accounts):
        await nobody_gets_words(server)


async def nobody_gets_words(server: Server) -> None:
    shut = [
        "/config",
        "/live",
        "/live/now",
        "/gallery",
        "/media/0",
        "/media/0/thumb",
        "/media/0/download",
        "/gradio_api/file=x/y",
        "/config/",
    ]
    async with browser(server) as nobody:
        for path in shut:
            answer = await nobody.get(path)
            assert (answer.status_code, cookie(answer)) == (401, ""), path
            assert len(answer.text) > 10 and "<" not in answer.text
        for path in ("/gradio_api/component_server", "/gradio_api/component_server/", "/gradio_api/run/predict", "/gradio_api/upload"):
            assert (await nobody.client.post(path, json={})).status_code == 401, path
        for path in OPEN:
            assert (await nobody.get(path)).status_code == 200, path


async def test_every_own_route_asks_who_it_is(guests: Server, tmp_path: Path):
    """So that a new route is no hole: those that are open to everybody are named here."""
    from imagechat.i18n import locale
    from imagechat.shown import Shown
    from imagechat.web import Front

    settings = Settings(_env_file=None, data_dir=tmp_path, access="guests", oauth_client_id="x")
    lock = prepare(settings)
    house = House(settings)
    try:
        routes = Front(house.studio, Shown(locale("en"))).app_arguments()["routes"]
    finally:
        await house.database.close()
        lock.close()
    free = re.compile(
        r"/(healthz|ready|metrics|examples|styles|login|login/huggingface|login/huggingface/callback|signup|logout|enter)|/enter/.+"
    )
    async with browser(guests) as nobody:
        for path in {re.sub(r"\{[^}]+\}", "x", route.path) for route in routes}:
            if not free.fullmatch(path):
                for method in ("GET", "POST"):
                    assert (await nobody.client.request(method, path)).status_code in (401, 404, 405), path
                assert (await nobody.get(path)).status_code != 200, path
