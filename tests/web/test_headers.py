"""What is said about a page beside the page: nobody frames it, nobody guesses its kind, nobody else hears its address."""

import httpx2
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route

from imagechat.bootstrap import House
from imagechat.i18n import locale
from imagechat.shown import Shown
from imagechat.web import Front
from tests.web.conftest import Page

SAID = {"content-security-policy": "frame-ancestors 'self'", "x-content-type-options": "nosniff", "referrer-policy": "same-origin"}


async def test_the_page_says_it(page: Page):
    headers = (await page.get("/")).headers
    assert {name: headers.get(name) for name in SAID} == SAID


async def test_what_is_no_page_says_only_its_own(page: Page):
    made = await page.drawn("a fox")
    for path, policy in (("/config", None), ("/healthz", None), (f"/{made['url']}", "default-src 'none'")):
        headers = (await page.get(path)).headers
        assert "referrer-policy" not in headers
        assert (headers.get("content-security-policy") or "").startswith(policy or "")
        assert ("content-security-policy" in headers) is bool(policy)


async def test_a_page_with_a_stricter_word_of_its_own_keeps_it(house: House):
    async def strict(request: object) -> HTMLResponse:
        return HTMLResponse("x", headers={"Content-Security-Policy": "default-src 'none'"})

    async def text(request: object) -> PlainTextResponse:
        return PlainTextResponse("x")

    given = Front(house.studio, Shown(locale("en"))).app_arguments()
    given["routes"] += [Route("/strict", strict), Route("/text", text)]
    door = httpx2.ASGITransport(Starlette(**given))
    async with httpx2.AsyncClient(transport=door, base_url="http://127.0.0.1") as client:
        headers = (await client.get("/strict")).headers
        assert {name: headers.get(name) for name in SAID} == {**SAID, "content-security-policy": "default-src 'none'"}
        assert not SAID.keys() & (await client.get("/text")).headers.keys()
