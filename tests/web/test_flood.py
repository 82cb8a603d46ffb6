"""Odd values at Gradio's own addresses write few lines into the log, and none of them is anybody's words."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2

from tests.browser.server import running
from tests.web.conftest import DEFAULTS, Page
from tests.web.doorway import browser

ODD: list[Any] = [None, 7, "x", [], {}, [[[]]], {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}]
WORDS = "a most private wish"


async def test_odd_values_do_not_flood_the_log(tmp_path: Path):
    env = {**DEFAULTS, "IMAGECHAT_ACCESS": "guests", "IMAGECHAT_LOG_FORMAT": "text"}

    async def post(page: Page, path: str, body: Any) -> None:
        with suppress(httpx2.TransportError):  # A connection on which something fell over may be closed.
            await page.client.post(f"/gradio_api/{path}", json=body)

    async with running(tmp_path / "data", entry="tests/fakes/app.py", env=env) as server, browser(server) as page:
        await page.get("/")
        config = (await page.get("/config")).json()
        calls = [each for each in config["dependencies"] if each["backend_fn"]]
        for _ in range(3):
            for value in ODD:
                for each in calls:
                    data = [value] * len(each["inputs"])
                    await post(page, "run/predict", {"fn_index": each["id"], "data": data, "session_hash": WORDS})
                for component in (10**9, value):
                    body = {"data": value, "fn_name": "fetch_turns", "component_id": component, "session_hash": "s"}
                    await post(page, "component_server", body)
        log = server.log()
        sent = 3 * len(ODD) * (len(calls) + 2)
        assert 0 < log.count("Traceback") < sent / 6, log[-3000:]
        assert "imagechat.shown" not in log, "a verb of ours met what it did not foresee"
        assert WORDS not in log
