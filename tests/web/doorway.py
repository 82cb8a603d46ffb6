"""The app at whose door tests stand: with an account and an owner link; and browsers that keep their cookies to themselves."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest

from imagechat.bootstrap import House
from imagechat.domain.visitors import OWNER
from imagechat.ground import prepare
from imagechat.settings import Settings
from imagechat.store.passwords import Passwords
from tests.asking import PATIENCE
from tests.browser.server import Server
from tests.web.conftest import DEFAULTS, Page, served

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


def doorway(env: dict[str, str], folders: pytest.TempPathFactory) -> Iterator[Server]:
    """The app under `env`, for a fixture; it has the link's token as `token`."""
    folder = folders.mktemp("door") / "data"
    token = asyncio.run(furnish(folder))
    one = Server(folder, ENTRY, (), env)
    one.token = token  # type: ignore[attr-defined]
    with served(one):
        yield one
    assert token not in one.log(), "a link leaked into the log"


def cookie(answer: httpx2.Response) -> str:
    return answer.headers.get("set-cookie", "")


def said(cookie: str) -> str:
    """The name and value of a Set-Cookie header, as a Cookie header says them."""
    return cookie.split(";", maxsplit=1)[0]


async def inside(page: Page) -> bool:
    return (await page.get("/live/now")).status_code == 200
