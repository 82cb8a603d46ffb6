"""The gallery's pages by their plain address: whole, in order, for their owner, and refused in words."""

from functools import partial

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from imagechat.bootstrap import House
from imagechat.domain.visitors import Visitor
from imagechat.i18n import locale
from imagechat.shown import Shown
from imagechat.web.gallery import Gallery
from tests.asking import ANN, BEN, drawn
from tests.web.conftest import Page


class As:
    """Middleware that puts this visitor where the guard puts the owner."""

    def __init__(self, app: ASGIApp, visitor: Visitor) -> None:
        self.app, self.visitor = app, visitor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})["visitor"] = self.visitor
        await self.app(scope, receive, send)


def asked_by(house: House, visitor: Visitor) -> httpx2.AsyncClient:
    routes = Gallery(house.studio, Shown(locale("en"))).routes()
    door = httpx2.ASGITransport(Starlette(routes=routes, middleware=[Middleware(As, visitor=visitor)]))
    return httpx2.AsyncClient(transport=door, base_url="http://127.0.0.1")


async def test_pages_come_newest_first_and_to_an_end(house: House, monkeypatch: pytest.MonkeyPatch):
    kept = house.studio.parts.gallery
    monkeypatch.setattr(kept, "page", partial(kept.page, limit=2))
    made = [await drawn(house.studio, ANN, f"a fox number {number}") for number in range(5)]
    async with asked_by(house, ANN) as client:
        seen, asked = [], {}
        while True:
            answer = await client.get("/gallery", params=asked)
            assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
            assert answer.headers["cache-control"] == "no-store"
            page = answer.json()
            assert page["version"] == house.studio.version(ANN)
            assert len(page["pictures"]) <= 2
            seen += page["pictures"]
            if page["older"] is None:
                break
            asked = {"cursor": page["older"]}
    assert seen == [Shown(locale("en")).picture(each) for each in reversed(made)]


async def test_words_are_searched(house: House):
    fox, sea = await drawn(house.studio, ANN, "a red fox & friends"), await drawn(house.studio, ANN, "دریای آرام")
    async with asked_by(house, ANN) as client:
        for search, found in (("fox &", [fox]), ("دریاي", [sea]), ("wolf", []), ("", [sea, fox]), ("\x00" * 600, [])):
            answer = await client.get("/gallery", params={"search": search})
            assert [each["id"] for each in answer.json()["pictures"]] == [each.id for each in found], search


async def test_nobody_sees_anothers(house: House):
    await drawn(house.studio, ANN, "a fox")
    async with asked_by(house, BEN) as client:
        for asked in ({}, {"search": "fox"}, {"cursor": "999"}):
            assert (await client.get("/gallery", params=asked)).json()["pictures"] == []


@pytest.mark.parametrize("cursor", ["", "-1", "1.5", "1e3", "9" * 400, "nonsense", "۱۲", "%00", "0x10", " 7", "null", "'; DROP TABLE"])
async def test_a_made_up_cursor_is_refused_in_words(page: Page, cursor: str):
    answer = await page.client.get("/gallery", params={"cursor": cursor})
    told = answer.json()["error"]
    assert (answer.status_code, told["status"], told["code"], told["reason"]) == (400, 400, "bad_input", "cursor")
    assert "begin from its start" in told["text"]


async def test_a_fault_of_the_house_is_told_in_words_too(house: House, monkeypatch: pytest.MonkeyPatch):
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("with sk-verysecretkey123 in its hand")

    monkeypatch.setattr(house.studio.parts.gallery, "page", fails)
    async with asked_by(house, ANN) as client:
        answer = await client.get("/gallery")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal")
    assert "secret" not in answer.text


async def test_other_pages_do_not_get_it(page: Page):
    assert (await page.get("/gallery", Origin="http://evil.example")).status_code == 403
    assert (await page.client.post("/gallery")).status_code == 405
