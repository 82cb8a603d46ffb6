"""`--share`: a link for guests in our own words, and what happens where none comes. frpc, which makes the tunnel, has a stand-in."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

import httpx2
import pytest
from gradio.tunneling import BINARY_FILENAME

from imagechat.announcing import linked
from imagechat.i18n import locale
from imagechat.settings import Settings
from tests.asking import PATIENCE
from tests.browser.server import Server, running

HOST = "a1b2c3.gradio.live"
OPENING = {"accept": "text/html", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "sec-fetch-site": "none"}
TUNNELLED = {"host": HOST, "x-forwarded-for": "198.51.100.4", "x-forwarded-proto": "https"}
COMES = f"echo $$ > $HOME/frpc; echo 'start proxy success: http://{HOST}'; exec sleep 600"
FAILS = "echo 'login to server failed: no'; exit 1"


def tunnel(folder: Path, script: str) -> dict[str, str]:
    """An environment in which Gradio finds this script where it would have put frpc."""
    frpc = folder / "hf" / "gradio" / "frpc" / BINARY_FILENAME
    frpc.parent.mkdir(parents=True)
    frpc.write_text(f"#!/bin/sh\n{script}\n")
    frpc.chmod(frpc.stat().st_mode | stat.S_IEXEC)
    return {"HF_HOME": str(folder / "hf"), "GRADIO_SHARE_SERVER_ADDRESS": "127.0.0.1:1", "IMAGECHAT_LOG_LEVEL": "info"}


async def said(server: Server, words: str) -> str:
    """The line of the log that has these words, once it is there."""
    import asyncio

    async with asyncio.timeout(PATIENCE):
        while not (lines := [line for line in server.log().splitlines() if words in line]):
            await asyncio.sleep(0.1)
    return lines[0]


async def visited(server: Server, **headers: str) -> httpx2.Response:
    async with httpx2.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
        return await client.get(f"{server.url}/", headers={**OPENING, **headers})


async def test_a_link_comes_with_who_gets_in_and_at_whose_cost(data_dir: Path):
    env = {"IMAGECHAT_OFFERS__GUESTS": "gpt-image-1-mini", "IMAGECHAT_BUDGET__GUESTS_DAILY": "2"}
    async with running(data_dir, "--share", env={**tunnel(data_dir.parent, COMES), **env}) as server:
        line = await said(server, "Share link")
        for words in (f"https://{HOST}", "space of its own", "Sketch and Guide", "gpt-image-1-mini", "$2 a day", "owner link"):
            assert words in line
        log = server.log()
        assert "Running on" not in log and "gradio deploy" not in log
        assert "/enter#" not in log
        opened = await visited(server, **TUNNELLED)
        assert opened.status_code == 200, opened.text
        assert "Secure" in opened.headers["set-cookie"] and "HttpOnly" in opened.headers["set-cookie"]
        assert (await visited(server, **{**TUNNELLED, "host": "other.gradio.live"})).status_code == 403
        frpc = int((Path(server.env["HOME"]) / "frpc").read_text())
        assert await server.terminate() == 0
        with pytest.raises(ProcessLookupError):
            os.kill(frpc, 0)
        assert "Killing" not in server.log()


@pytest.mark.parametrize("script", [FAILS, ""], ids=["refused", "not fetched"])
async def test_without_a_link_it_goes_on_for_guests_of_this_machine(data_dir: Path, script: str):
    # Where nothing lies, Gradio would fetch frpc from the internet: a proxy that is not there keeps it from that.
    env: Mapping[str, str] = tunnel(data_dir.parent, script) if script else {"HTTPS_PROXY": "http://127.0.0.1:1"}
    async with running(data_dir, "--share", env=env) as server:
        line = await said(server, "No share link came")
        assert server.url in line
        opened = await visited(server)
        assert opened.status_code == 200 and "set-cookie" in opened.headers
        async with httpx2.AsyncClient(trust_env=False) as nobody:
            assert (await nobody.get(f"{server.url}/gallery")).status_code == 401
        assert await server.terminate() == 0
        assert "Traceback" not in server.log() and "antivirus" not in server.log()


@pytest.mark.parametrize("code", ["en", "fa"])
@pytest.mark.parametrize("own", [True, False])
def test_what_is_said_fits_the_settings(code: str, own: bool):
    chosen = Settings(_env_file=None, share=True, offers={"own_keys": own})
    line = linked(chosen, locale(code), "http://127.0.0.1:7860", None)
    assert "{" not in line and "\n" not in line and "$" not in line
    assert (locale(code).say("share.own") in line) is own
    assert chosen.mode == "guests"
