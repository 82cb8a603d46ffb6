"""Below a path behind a proxy, in a browser: the page comes, Sketch draws and is watched, an upload goes along."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.conftest import WHILE_DOWN, OpenPage
from tests.browser.deeds import draw, pictures, visit
from tests.browser.server import ROOT, Server, running
from tests.fakes.proxy import Proxy

PATH = "/studio"
ENV = {"IMAGECHAT_ACCESS": "guests", "IMAGECHAT_ROOT_PATH": PATH, "IMAGECHAT_DOOR__TRUSTED_PROXIES": "127.0.0.1"}


@pytest.fixture
async def below(data_dir: Path) -> AsyncIterator[Server]:
    async with running(data_dir, env=ENV) as server:
        yield server


@pytest.mark.parametrize("strips", [True, False], ids=["stripping", "passing"])
async def test_a_guest_draws_below_a_path(below: Server, open_page: OpenPage, allowed_errors: list[str], strips: bool):
    allowed_errors += [r"404 .*/favicon\.ico", WHILE_DOWN]
    async with Proxy(below.port, PATH, strips=strips, scheme="http").running() as proxy:
        page = await open_page()
        lost: list[str] = []
        page.on("response", lambda answer: lost.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None)
        partial = re.compile(rf"404 .*{PATH}/media/\w{{26}}")  # It made room for the next before it was asked for.
        await visit(page, f"{proxy.address}/")
        await draw(page, "a mountain lake at dawn")
        await expect(pictures(page)).to_have_count(1)
        shown = pictures(page).first
        assert await shown.evaluate("it => it.decode().then(() => it.naturalWidth)") > 0
        assert f"{PATH}/media/" in await shown.evaluate("it => it.currentSrc")
        example = next((ROOT / "assets" / "examples").glob("*.webp"))
        async with page.expect_response(lambda answer: "/upload" in answer.url) as kept:
            await page.locator("#message input[type=file]").set_input_files(example)
        assert (await kept.value).status == 200
        assert not [each for each in lost if not partial.fullmatch(each)], lost
        assert any(asked.startswith(f"{PATH}/live?") for asked in proxy.asked)
        # A browser asks for an icon there of itself, before a page says where its own is.
        assert {asked for asked in proxy.asked if not asked.startswith(PATH)} <= {"/favicon.ico"}
