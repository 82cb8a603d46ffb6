"""Guests and accounts over the real app: who is let in, by which cookie, from where, and what nobody gets."""

import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import httpx2
import pytest

from imagechat.bootstrap import House
from imagechat.domain.visitors import OWNER
from imagechat.ground import prepare
from imagechat.settings import Settings
from imagechat.store.passwords import Passwords
from tests.asking import PATIENCE
from tests.browser.server import Server, running
from tests.web.conftest import DEFAULTS, Page

ENTRY = "tests/fakes/app.py"
NAME, PASSWORD = "bea", "three words here"
PROXY, HOST = "127.0.0.1", "studio.example.org"
GUESTS = {**DEFAULTS, "IMAGECHAT_ACCESS": "guests", "IMAGECHAT_LIMITS__ON": "on", "IMAGECHAT_LIMITS__GUESTS": "30 per 1 hour",
          "IMAGECHAT_LIMITS__LOGINS": "500 per 1 hour", "IMAGECHAT_DOOR__HOSTS": HOST}  # fmt: skip
LOGIN = {**DEFAULTS, "IMAGECHAT_ACCESS": "login", "IMAGECHAT_DOOR__SIGNUP": "true", "IMAGECHAT_LIMITS__LOGINS": "500 per 1 hour"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def furnish(data_dir: Path) -> str:
    """An account, and a link for the owner; the link's token."""
    settings = Settings(_env_file=None, data_dir=data_dir)
    lock = prepare(settings)
    house = House(settings)
    try:
        await house.people.add(NAME, await Passwords().hashed(PASSWORD), name=NAME)
        return await house.studio.make_link(OWNER)
    finally:
        await house.database.close()
        lock.close()


@asynccontextmanager
async def browser(server: Server, **headers: str) -> AsyncIterator[Page]:
    """A browser of its own: it keeps cookies and nobody else's."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with httpx2.AsyncClient(base_url=server.url, trust_env=False, timeout=PATIENCE, headers=named) as client:
        yield Page(server, client)


def served(env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    import asyncio

    folder = tmp_path_factory.mktemp("door") / "data"
    token = asyncio.run(furnish(folder))
    one = Server(folder, ENTRY, (), env)
    one.token = token  # type: ignore[attr-defined]
    try:
        asyncio.run(one.start())
        yield one
    finally:
        asyncio.run(one.terminate())
        one.sweep()
    assert "Traceback" not in one.log(), one.log()[-5000:]
    assert token not in one.log(), "a link leaked into the log"


@pytest.fixture(scope="module")
def guests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from served(GUESTS, tmp_path_factory)


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from served(LOGIN, tmp_path_factory)


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from served({**GUESTS, "IMAGECHAT_DOOR__TRUSTED_PROXIES": PROXY, "IMAGECHAT_LIMITS__GUESTS": "2 per 1 hour"}, tmp_path_factory)


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    env = {**GUESTS, "SPACE_ID": "ann/studio", "SPACE_HOST": "ann-studio.hf.space", "SPACE_AUTHOR_NAME": "ann", "SYSTEM": "spaces",
           "IMAGECHAT_HOST": "127.0.0.1", "IMAGECHAT_DOOR__TRUSTED_PROXIES": PROXY}  # fmt: skip
    yield from served(env, tmp_path_factory)


def cookie(answer: httpx2.Response) -> str:
    return answer.headers.get("set-cookie", "")


def said(cookie: str) -> str:
    """The name and value of a Set-Cookie header, as a Cookie header says them."""
    return cookie.split(";", maxsplit=1)[0]


async def inside(page: Page) -> bool:
    return (await page.get("/live/now")).status_code == 200


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


# From where


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", f"x.{HOST}", f"{HOST}.evil.example", "[", "hf.space"])
async def test_names_that_are_not_ours_stay_out(guests: Server, host: str):
    async with browser(guests) as page:
        answer = await page.get("/", Host=host)
        assert (answer.status_code, cookie(answer)) == (403, "")
        assert "IMAGECHAT_DOOR__HOSTS" in answer.text


@pytest.mark.parametrize("host", [HOST, f"{HOST}:8080", HOST.upper(), "192.168.7.9:7860", "[2001:db8::1]:7860", "localhost"])
async def test_names_that_are_ours_come_in(guests: Server, host: str):
    async with browser(guests) as page:
        assert (await page.get("/healthz", Host=host)).status_code == 200
        for origin in (f"http://{host}", f"https://{host}"):
            assert (await page.get("/healthz", Host=host, Origin=origin)).status_code == 200
        for origin in ("http://evil.example", "null", f"http://{host}.evil.example", "http://127.0.0.1:1"):
            assert (await page.get("/healthz", Host=host, Origin=origin)).status_code == 403
        site = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate"}
        assert (await page.get("/healthz", Host=host, **site, Sec_Fetch_Dest="document")).status_code == 200
        assert (await page.get("/healthz", Host=host, **site, Sec_Fetch_Dest="iframe")).status_code == 403


async def test_what_anybody_says_of_proxies_is_not_heard(guests: Server):
    """Gradio, too, would make the page's address of it, and uvicorn believes this machine."""
    lies = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "9.9.9.9", "X-Gradio-Server": "http://evil.example",
            "Forwarded": "host=evil.example;proto=https", "X-Real-IP": "9.9.9.9"}  # fmt: skip
    async with browser(guests) as page:
        answer = await page.client.get("/", headers=lies)
        assert answer.status_code == 200 and "Secure" not in cookie(answer)
        assert "evil.example" not in answer.text and f"http://127.0.0.1:{guests.port}" in answer.text
        config = await page.client.get("/config", headers=lies)
        assert config.json()["root"] == guests.url


async def test_behind_a_trusted_proxy(proxied: Server):
    told = {"X-Forwarded-Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "9.9.9.9, 203.0.113.5"}
    async with browser(proxied, **told) as page:
        first = await page.get("/")
        assert first.status_code == 200
        assert cookie(first).endswith("Path=/; HttpOnly; SameSite=Lax; Secure")
        kept = said(cookie(first))
        assert (await page.get("/config", Cookie=kept)).json()["root"] == f"https://{HOST}"
        assert (await page.get("/config", Cookie=kept, Origin=f"https://{HOST}")).status_code == 200
        assert (await page.get("/config", Cookie=kept, Origin=f"http://{HOST}")).status_code == 403
        assert (await page.get("/", X_Forwarded_Host="evil.example")).status_code == 403


async def test_a_robot_makes_few_guests_from_one_address_whatever_it_says(proxied: Server):
    async def arrive(said: str) -> httpx2.Response:
        async with browser(proxied) as page:
            return await page.get("/", X_Forwarded_For=said)

    statuses = [(await arrive(f"10.9.8.{number}, 203.0.113.77")).status_code for number in range(3)]
    assert statuses == [200, 200, 429]
    last = await arrive("203.0.113.77:4711")
    assert (last.status_code, cookie(last)) == (429, "")
    assert int(last.headers["retry-after"]) > 0 and "address" in last.text
    assert [(await arrive(f"2001:db8:1:2::{number}")).status_code for number in range(3)] == [200, 200, 429], "of IPv6 by /64"
    assert (await arrive("[2001:db8:1:3::1]:99")).status_code == 200


async def test_on_a_space(space: Server):
    host = {"Host": "ann-studio.hf.space", "X-Forwarded-For": "198.51.100.4", "X-Forwarded-Proto": "https"}
    async with browser(space, **host) as page:
        framed = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "iframe"}
        first = await page.get("/", **framed)
        assert first.status_code == 200
        assert cookie(first).endswith("Path=/; HttpOnly; SameSite=None; Secure; Partitioned")
        assert first.headers["content-security-policy"] == "frame-ancestors 'self' https://huggingface.co https://*.hf.space"
        assert (
            await page.client.post("/gradio_api/run/predict", headers={name.replace("_", "-"): it for name, it in framed.items()})
        ).status_code == 403
        assert (await page.get("/live/now", Cookie=said(cookie(first)), Origin="https://ann-studio.hf.space")).status_code == 200
        assert (await page.get("/live/now", Cookie=said(cookie(first)), Origin="https://huggingface.co")).status_code == 403
        assert (await page.get("/", Host="ben-studio.hf.space")).status_code == 403


# Accounts


async def test_without_an_account_there_is_the_login_page(accounts: Server):
    async with browser(accounts) as page:
        sent = await page.get("/?chat=1")
        assert (sent.status_code, sent.headers["location"], cookie(sent)) == (303, "/login", "")
        shown = await page.get("/login")
        assert shown.status_code == 200
        policy = shown.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert not re.search(r"<script>|style=|\bon\w+=|https?://", shown.text)
        assert "/signup" in shown.text and "huggingface" not in shown.text


async def test_in_and_out_by_name_and_password(accounts: Server):
    async with browser(accounts) as page:
        wrong = await page.client.post("/login", data={"name": f"{NAME}<'\">", "password": "not this one"})
        assert (wrong.status_code, cookie(wrong)) == (401, "")
        assert "do not belong together" in wrong.text and "not this one" not in wrong.text
        assert "value='bea&lt;&#x27;&quot;&gt;'" in wrong.text, "what was typed is kept"
        assert re.search(r"type='password'[^>]+aria-invalid='true' aria-describedby='problem'[^>]* autofocus", wrong.text)
        right = await page.client.post("/login", data={"name": NAME.upper(), "password": PASSWORD}, headers={"Origin": accounts.url})
        assert (right.status_code, right.headers["location"]) == (303, "/")
        assert (await page.get("/")).status_code == 200 and await inside(page)
        assert (await page.get("/login")).headers["location"] == "/"
        left = await page.client.post("/logout")
        assert (left.status_code, left.headers["location"]) == (303, "/login")
        assert not await inside(page)


async def test_a_browser_that_logged_in_is_known_when_strangers_try(tmp_path: Path):
    await furnish(tmp_path / "data")
    env = {**LOGIN, "IMAGECHAT_LIMITS__LOGINS": "2 per 1 hour"}
    async with running(tmp_path / "data", entry=ENTRY, env=env) as server, browser(server) as known, browser(server) as stranger:
        right = {"name": NAME, "password": PASSWORD}
        came = await known.client.post("/login", data=right)
        mark = next(each for each in came.headers.get_list("set-cookie") if "-device=" in each)
        assert re.fullmatch(r"imagechat-[0-9a-f]{8}-device=[0-9a-f.]+; Max-Age=31536000; Path=/; HttpOnly; SameSite=Lax", mark)
        assert NAME not in mark
        assert (await known.client.post("/logout")).status_code == 303 and not await inside(known)
        tries = [(await stranger.client.post("/login", data=right | {"password": "a wrong one"})).status_code for _ in range(2)]
        assert tries == [401, 429], "all of them come from one address"
        assert (await known.client.post("/login", data=right)).status_code == 303 and await inside(known)


async def test_who_cannot_be_logged_out_now_is_told_and_can_try_again(accounts: Server):
    async with browser(accounts) as page:
        await page.client.post("/login", data={"name": NAME, "password": PASSWORD})
        with closing(sqlite3.connect(accounts.data_dir / "imagechat.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            stuck = await page.client.post("/logout")
        assert (stuck.status_code, cookie(stuck)) == (500, "") and "Try again" in stuck.text
        assert (await page.client.post("/logout")).status_code == 303
        assert not await inside(page)


async def test_an_account_of_ones_own(accounts: Server):
    async with browser(accounts) as page:
        short = await page.client.post("/signup", data={"name": "newcomer", "password": "abc"})
        assert short.status_code == 422 and "value='newcomer'" in short.text and "abc" not in short.text
        taken = await page.client.post("/signup", data={"name": NAME, "password": "long enough words"})
        assert taken.status_code == 422 and re.search(r"name='name'[^>]+aria-invalid='true'", taken.text)
        made = await page.client.post("/signup", data={"name": "newcomer", "password": "long enough words"})
        assert made.status_code == 303
        await page.get("/")
        assert await inside(page)


async def test_where_sign_up_is_closed_it_says_so(guests: Server):
    async with browser(guests) as page:
        for answer in (await page.get("/signup"), await page.client.post("/signup", data={"name": "a", "password": "long enough words"})):
            assert answer.status_code == 401 and "Nobody can make an account" in answer.text
        assert "/signup" not in (await page.get("/login")).text


@pytest.mark.parametrize("body", [b"", b"name", b"name=&password=", b"\xff=\xfe&name=%ff%00", b"a" * 20_000, b"name=" + b"x" * 15_000])
async def test_forms_that_are_none_are_told_in_words(accounts: Server, body: bytes):
    async with browser(accounts) as page:
        for path in ("/login", "/signup", "/enter"):
            answer = await page.client.post(path, content=body, headers=FORM)
            assert answer.status_code in (401, 422) and "class='problem'" in answer.text, path
        assert (await page.client.post("/login", json={"name": NAME, "password": PASSWORD})).status_code == 422


async def test_foreign_pages_cannot_log_anybody_in_or_out(accounts: Server):
    async with browser(accounts) as page:
        for path in ("/login", "/signup", "/enter", "/logout"):
            for foreign in (
                {"Origin": "http://evil.example"},
                {"Origin": "null"},
                {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
            ):
                answer = await page.client.post(path, data={"name": NAME, "password": PASSWORD}, headers=foreign)
                assert (answer.status_code, cookie(answer)) == (403, ""), path


async def test_what_a_guest_made_goes_to_their_account(guests: Server):
    async with browser(guests) as page, browser(guests) as other:
        guest = said(cookie(await page.get("/")))
        made = await page.drawn("made as a guest")
        await page.client.post("/login", data={"name": NAME, "password": PASSWORD})
        assert (await page.get(f"/{made['url']}")).status_code == 200
        assert (await other.get("/live/now", Cookie=guest)).status_code == 401, "the guest's session is over"
        await other.client.post("/login", data={"name": NAME, "password": PASSWORD})
        assert (await other.get(f"/{made['url']}")).status_code == 200


async def test_the_owners_link_works_once(guests: Server):
    token = guests.token  # type: ignore[attr-defined]
    async with browser(guests) as page, browser(guests) as other:
        shown = await page.get("/enter")
        assert shown.status_code == 200 and "id='link'" in shown.text
        assert (await page.client.get(f"/enter?token={token}")).status_code == 200, "a question mark tells nothing"
        assert not await inside(page)
        assert (await page.client.post("/enter", data={"token": token})).status_code == 303
        await page.get("/")
        assert await inside(page)
        used = await other.client.post("/enter", data={"token": token})
        assert (used.status_code, cookie(used)) == (401, "") and "used already" in used.text


async def test_moving_from_guests_to_accounts_keeps_a_guests_space_for_their_account(data_dir: Path):
    data_dir.parent.mkdir(exist_ok=True)
    await furnish(data_dir)
    async with running(data_dir, entry=ENTRY, env=GUESTS) as server, browser(server) as page:
        guest = said(cookie(await page.get("/")))
        made = await page.drawn("before the move")
        port = server.port
    async with running(data_dir, entry=ENTRY, env=LOGIN, port=port) as server, browser(server, Cookie=guest) as page:
        assert (await page.get("/live/now")).status_code == 401
        came = await page.client.post("/login", data={"name": NAME, "password": PASSWORD})
        page.client.headers["Cookie"] = said(cookie(came))
        assert (await page.get(f"/{made['url']}")).status_code == 200
    async with running(data_dir, entry=ENTRY, env=DEFAULTS, port=port) as server, browser(server) as page:
        assert await inside(page), "local again: whoever sits here is the owner"
        assert (await page.get(f"/{made['url']}")).status_code == 404


@pytest.mark.parametrize(("path", "host", "status"), [("/nothing", None, 404), ("/", "evil.example", 403)], ids=["nothing", "foreign"])
async def test_who_opens_an_address_in_a_browser_reads_a_refusal_as_a_page(guests: Server, path: str, host: str | None, status: int):
    named = {"Host": host} if host else {}
    async with browser(guests) as page:
        program = await page.client.get(path, headers=named)
        opened = await page.client.get(path, headers={**named, "Accept": "text/html,*/*", "Sec-Fetch-Mode": "navigate"})
        fetched = await page.client.get(path, headers={**named, "Accept": "text/html", "Sec-Fetch-Mode": "cors"})
    assert {each.status_code for each in (program, opened, fetched)} == {status}
    assert (
        "viewport" in opened.text and program.text in opened.text and "frame-ancestors 'none'" in opened.headers["content-security-policy"]
    )
    assert all(each.headers["content-type"].startswith("text/plain") for each in (program, fetched))
