"""The door: this machine's own pages come in, every other page stays out, at every address."""

from collections.abc import AsyncIterator
from contextlib import suppress

import httpx2
import pytest

from tests.web.conftest import Page

PATHS = [
    "/",
    "/config",
    "/healthz",
    "/live/now",
    "/media/0123",
    "/gradio_api/info",
    "/gradio_api/queue/status",
    "/examples/",
    "/nowhere",
    "/theme.css",
]


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:7860", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:99", "127.1.2.3", "[::1]", "[::1]:7860"]
)
async def test_this_machines_names_come_in(page: Page, host: str):
    assert (await page.get("/healthz", Host=host)).status_code == 200


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:7860", "192.168.1.5", "[::ffff:8.8.8.8]", "[", ""]
)
async def test_other_names_stay_out_everywhere(page: Page, path: str, host: str):
    """A name that somebody made resolve to this machine (DNS rebinding)."""
    answer = await page.get(path, Host=host)
    assert answer.status_code == (400 if host == "" and "Invalid" in answer.text else 403)
    if host:
        assert "127.0.0.1" in answer.text and "<" not in answer.text


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("origin", ["http://evil.example", "https://127.0.0.1:1", "null", "file://", "http://[", "nonsense", ""])
async def test_other_pages_stay_out_everywhere(page: Page, path: str, origin: str):
    answer = await page.get(path, Origin=origin)
    assert answer.status_code == 403 and "refused" in answer.text
    # Gradio's own layer stands before ours: it lets pages of this machine read the refusal, and no more than that.
    assert "evil" not in answer.headers.get("access-control-allow-origin", "")


async def test_our_own_page_comes_in(page: Page):
    for path in ("/config", "/live/now", "/healthz"):
        answer = await page.get(path, Origin=page.server.url, Sec_Fetch_Site="same-origin", Sec_Fetch_Mode="cors")
        assert answer.status_code == 200
    port = page.server.port
    assert (await page.get("/config", Host=f"localhost:{port}", Origin=f"http://localhost:{port}")).status_code == 200
    assert (await page.get("/config", Host=f"localhost:{port}", Origin=f"http://127.0.0.1:{port}")).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_what_other_pages_embed_stays_out_and_what_people_follow_comes_in(page: Page, site: str):
    for mode, dest in (("no-cors", "image"), ("no-cors", "script"), ("cors", "empty"), ("navigate", "iframe"), ("websocket", "websocket")):
        assert (await page.get("/healthz", Sec_Fetch_Site=site, Sec_Fetch_Mode=mode, Sec_Fetch_Dest=dest)).status_code == 403
    followed = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert (await page.client.get("/", headers=followed)).status_code == 200
    assert (await page.client.post("/gradio_api/component_server", headers=followed, json={})).status_code == 403


async def test_a_foreign_page_cannot_ask_or_upload(page: Page):
    foreign = {"Origin": "http://evil.example"}
    for path in ("/gradio_api/component_server", "/gradio_api/queue/join", "/gradio_api/upload", "/gradio_api/run/predict"):
        assert (await page.client.post(path, headers=foreign, content=b"{}")).status_code == 403
    assert (await page.client.request("OPTIONS", "/gradio_api/upload", headers=foreign)).status_code == 403


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("path", ["/gradio_api/component_server", "/gradio_api/run/predict"])
async def test_a_body_without_end_is_not_read(page: Page, path: str, told: bool):
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"a" * 2**20

    answer = None
    with suppress(httpx2.TransportError):  # Whoever does not stop sending may find the door shut.
        headers = {"Content-Type": "application/json"} | ({"Content-Length": str(20 * 2**20)} if told else {})
        answer = await page.client.post(path, headers=headers, content=pieces())
    if told:
        assert answer is None or (answer.status_code == 422 and "(body)" in answer.text), answer.text
    else:
        assert answer is None or answer.status_code == 400, answer.text
    assert (await page.get("/healthz")).status_code == 200
    long = await page.call("conversation", "fetch_price", "a" * 2**20, {"model": "fake-image"})
    assert "error" not in long, long


async def test_health(page: Page):
    alive, ready = await page.get("/healthz"), await page.get("/ready")
    assert (alive.status_code, alive.json()["status"], ready.status_code, ready.json()) == (200, "ok", 200, {"status": "ready"})
    assert (await page.client.head("/healthz")).status_code == 200
    assert (await page.client.post("/healthz")).status_code == 405
