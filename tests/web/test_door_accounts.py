"""Accounts over the real app: in and out, of one's own, and what comes along."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.browser.server import Server, running
from tests.web.conftest import DEFAULTS
from tests.web.doorway import ENTRY, FORM, GUESTS, LOGIN, NAME, PASSWORD, browser, cookie, doorway, furnish, inside, said


@pytest.fixture(scope="module")
def guests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from doorway(GUESTS, tmp_path_factory)


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from doorway(LOGIN, tmp_path_factory)


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
        assert NAME.encode().hex() not in mark
        assert (await known.client.post("/logout")).status_code == 303 and not await inside(known)
        tries = [(await stranger.client.post("/login", data=right | {"password": "a wrong one"})).status_code for _ in range(2)]
        assert tries == [401, 429], "all of them come from one address"
        late = await stranger.client.post("/login", data=right)
        assert "Too many tries" in late.text and "aria-invalid" not in late.text, "nothing that was typed is wrong"
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
        short = await page.client.post("/signup", data={"name": "newcomer", "password": "zqx"})
        assert short.status_code == 422 and "value='newcomer'" in short.text and "zqx" not in short.text
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
