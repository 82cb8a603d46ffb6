"""Logging in with Hugging Face, against a small stand-in on a real socket."""

import asyncio
import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from imagechat.domain.values import new_id
from tests.browser.server import Server, running
from tests.web.conftest import DEFAULTS, Page
from tests.web.doorway import browser, cookie, inside

PEOPLE = {"ann": {"sub": "id-ann", "preferred_username": "Ann"}, "ben": {"sub": "id-ben", "preferred_username": "ben"}, "odd": {"name": 1}}


class Fake(ThreadingHTTPServer):
    """A provider: a code is somebody's name, good for whoever proves that they began."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.traces: dict[str, str] = {}
        self.down, self.found = False, 0


class Answers(BaseHTTPRequestHandler):
    server: Fake

    def log_message(self, *_: Any) -> None: ...

    def answer(self, status: int, told: object) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        discovery = self.path == "/.well-known/openid-configuration"
        self.server.found += discovery
        if self.server.down:
            return self.answer(503, {})
        if discovery:
            ends = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
            return self.answer(200, {f"{name}_endpoint": f"{self.server.url}/o/{end}" for name, end in ends.items()})
        who = self.headers.get("Authorization", "").removeprefix("Bearer for-")
        return self.answer(200, PEOPLE[who]) if self.path == "/o/userinfo" and who in PEOPLE else self.answer(401, {})

    def do_POST(self) -> None:
        given = {name: values[0] for name, values in parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()).items()}
        trace = base64.urlsafe_b64encode(hashlib.sha256(given.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        known = self.headers.get("Authorization") == "Basic " + base64.b64encode(b"client:hidden").decode()
        if self.server.down or not known or self.server.traces.pop(given.get("code", ""), None) != trace:
            return self.answer(400, {"error": "invalid_grant"})
        return self.answer(200, {"access_token": f"for-{given['code']}", "token_type": "bearer"})


@pytest.fixture(scope="module")
def provider() -> Iterator[Fake]:
    with Fake() as fake:
        threading.Thread(target=fake.serve_forever, daemon=True).start()
        yield fake
        fake.shutdown()


def settings(provider: Fake, tries: int = 500) -> dict[str, str]:
    own = {"IMAGECHAT_ACCESS": "login", "IMAGECHAT_DOOR__OWNER": "ann", "IMAGECHAT_LIMITS__LOGINS": f"{tries} per 1 hour"}
    theirs = {"OAUTH_CLIENT_ID": "client", "OAUTH_CLIENT_SECRET": "hidden", "OPENID_PROVIDER_URL": provider.url, "NO_PROXY": "*"}
    return {**DEFAULTS, **own, **theirs}


@pytest.fixture(scope="module")
def app(provider: Fake, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    one = Server(tmp_path_factory.mktemp("oauth") / "data", "tests/fakes/app.py", (), settings(provider))
    try:
        asyncio.run(one.start())
        yield one
    finally:
        asyncio.run(one.terminate())
        one.sweep()
    assert "Traceback" not in one.log() and "hidden" not in one.log(), one.log()[-5000:]


async def begun(page: Page, provider: Fake, who: str, query: str = "") -> dict[str, str]:
    """Go there, and say yes as somebody; what the browser brings back."""
    sent = await page.get(f"/login/huggingface{query}")
    assert sent.status_code == 303 and "-way=" in cookie(sent) and "HttpOnly" in cookie(sent)
    place = urlsplit(sent.headers["location"])
    asked = {name: values[0] for name, values in parse_qs(place.query).items()}
    assert f"{place.scheme}://{place.netloc}{place.path}" == f"{provider.url}/o/authorize"
    assert asked["redirect_uri"] == f"{page.server.url}/login/huggingface/callback" and asked["code_challenge_method"] == "S256"
    provider.traces[who] = asked["code_challenge"]
    return {"code": who, "state": asked["state"]}


async def back(page: Page, **given: str) -> httpx2.Response:
    return await page.client.get("/login/huggingface/callback", params=given)


async def test_the_owner_comes_in_from_there(app: Server, provider: Fake):
    async with browser(app) as page:
        assert "/login/huggingface" in (await page.get("/login")).text
        came = await back(page, **await begun(page, provider, "ann"))
        assert (came.status_code, came.headers["location"]) == (303, "/")
        await page.get("/")
        assert await inside(page)


async def test_who_asked_for_a_chat_comes_to_it_from_there_and_to_nothing_else(app: Server, provider: Fake):
    chat = new_id()
    async with browser(app) as page, browser(app) as other:
        assert f"/login/huggingface?chat={chat}'" in (await page.get(f"/login?chat={chat}")).text
        came = await back(page, **await begun(page, provider, "ann", f"?chat={chat}"))
        assert came.headers["location"] == f"/?chat={chat}"
        came = await back(other, **await begun(other, provider, "ann", "?chat=//evil.example"), chat="//evil.example")
        assert came.headers["location"] == "/"


async def test_others_need_an_account_where_none_can_be_made(app: Server, provider: Fake):
    async with browser(app) as page:
        came = await back(page, **await begun(page, provider, "ben"))
        assert came.status_code == 401 and "Nobody can make an account" in came.text
        assert not await inside(page)


async def test_what_goes_wrong_on_the_way_is_told_in_words(app: Server, provider: Fake):
    async with browser(app) as page, browser(app) as other:
        given = await begun(page, provider, "ann")
        for wrong in ({**given, "state": "x"}, {"code": "ann"}, {}):
            assert "begun in another browser" in (await back(other, **wrong)).text
        given = await begun(page, provider, "ann")
        assert "begun in another browser" in (await back(page, **{**given, "state": given["state"] + "x"})).text
        given = await begun(page, provider, "ann")
        assert "was not allowed" in (await back(page, error="access_denied", state=given["state"])).text
        given = await begun(page, provider, "ann")
        assert "could not be asked" in (await back(page, **{**given, "code": "ben"})).text
        given = await begun(page, provider, "odd")
        assert "could not be asked" in (await back(page, **given)).text
        given = await begun(page, provider, "ann")
        provider.down = True
        try:
            assert "could not be asked" in (await back(page, **given)).text
        finally:
            provider.down = False
        assert not await inside(page)


async def test_a_code_works_once(app: Server, provider: Fake):
    async with browser(app) as page, browser(app) as thief:
        given = await begun(page, provider, "ann")
        assert (await back(page, **given)).status_code == 303
        page.client.cookies.clear()
        assert (await back(page, **given)).status_code == 401
        assert (await back(thief, **given)).status_code == 401


async def test_whoever_knocks_too_often_waits_and_the_provider_is_left_alone(provider: Fake, tmp_path: Path):
    async with running(tmp_path / "data", entry="tests/fakes/app.py", env=settings(provider, tries=2)) as app, browser(app) as page:
        given = await begun(page, provider, "ben")
        way = {"Cookie": "; ".join(f"{name}={value}" for name, value in page.client.cookies.items())}
        wrong = [await page.client.get("/login/huggingface/callback", params={**given, "code": "x"}, headers=way) for _ in range(2)]
        assert [each.status_code for each in wrong] == [401, 401]
        late = await page.client.get("/login/huggingface/callback", params=given, headers=way)
        assert late.status_code == 429 and int(late.headers["retry-after"]) > 0
        assert "ben" in provider.traces, "nobody asked there"


async def test_a_provider_that_says_nothing_of_itself_is_asked_once_for_all_who_begin(tmp_path: Path):
    with Fake() as silent:
        silent.down = True
        threading.Thread(target=silent.serve_forever, daemon=True).start()
        async with running(tmp_path / "data", entry="tests/fakes/app.py", env=settings(silent)) as app, browser(app) as page:
            for _ in range(3):
                sent = await page.get("/login/huggingface")
                assert sent.headers["location"].startswith(f"{silent.url}/oauth/authorize?")
        silent.shutdown()
    assert silent.found == 1
