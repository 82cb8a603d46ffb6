"""A chat's address that is opened before somebody is in: it is kept through login and sign-up, and nothing else is."""

from collections.abc import Iterator

import pytest

from imagechat.domain.values import new_id
from tests.browser.server import Server
from tests.web.doorway import LOGIN, NAME, PASSWORD, browser, doorway, inside

GIVEN = {"name": NAME, "password": PASSWORD}


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from doorway(LOGIN, tmp_path_factory)


async def test_who_logs_in_comes_to_the_chat_that_they_asked_for(accounts: Server):
    chat = new_id()
    async with browser(accounts) as page:
        sent = await page.get(f"/?chat={chat}&theme=dark")
        assert (sent.status_code, sent.headers["location"]) == (303, f"/login?chat={chat}")
        shown = await page.get(sent.headers["location"])
        assert f"action='/login?chat={chat}'" in shown.text and f"href='/signup?chat={chat}'" in shown.text
        wrong = await page.client.post(f"/login?chat={chat}", data={**GIVEN, "password": "not this one"})
        assert wrong.status_code == 401 and f"action='/login?chat={chat}'" in wrong.text
        came = await page.client.post(f"/login?chat={chat}", data=GIVEN)
        assert (came.status_code, came.headers["location"]) == (303, f"/?chat={chat}")
        assert await inside(page)
        assert (await page.get(f"/login?chat={chat}")).headers["location"] == f"/?chat={chat}"


async def test_who_makes_an_account_comes_there_too(accounts: Server):
    chat = new_id()
    async with browser(accounts) as page:
        assert f"action='/signup?chat={chat}'" in (await page.get(f"/signup?chat={chat}")).text
        came = await page.client.post(f"/signup?chat={chat}", data={"name": "cleo", "password": PASSWORD})
        assert (came.status_code, came.headers["location"]) == (303, f"/?chat={chat}")


@pytest.mark.parametrize(
    "asked",
    ["//evil.example", "https://evil.example", "/usage", "..", "0" * 26 + "%0d%0aX-Evil:1", "'><script>", "U" * 26, ""],
    ids=["host", "address", "path", "above", "header", "script", "no-id", "nothing"],
)
async def test_nothing_but_a_chat_goes_along(accounts: Server, asked: str):
    async with browser(accounts) as page:
        assert (await page.get(f"/?chat={asked}")).headers["location"] == "/login"
        assert "action='/login'" in (await page.get(f"/login?chat={asked}")).text
        came = await page.client.post(f"/login?chat={asked}&next=//evil.example", data=GIVEN)
        assert (came.status_code, came.headers["location"]) == (303, "/")
