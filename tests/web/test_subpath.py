"""Below a path of a host, behind both kinds of proxies: whatever the page asks for comes, and what it streams streams."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2
import pytest

from tests.asking import PATIENCE
from tests.browser.server import Server
from tests.fakes.proxy import Proxy
from tests.web.conftest import DEFAULTS, Page

PATH = "/studio"
HOST = "studio.example.org"
ENV = {
    **DEFAULTS,
    "IMAGECHAT_ACCESS": "guests",
    "IMAGECHAT_ROOT_PATH": PATH,
    "IMAGECHAT_DOOR__HOSTS": HOST,
    "IMAGECHAT_DOOR__TRUSTED_PROXIES": "127.0.0.1",
}
OPENING = {"accept": "text/html", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "sec-fetch-site": "none"}


@pytest.fixture(scope="module")
def below(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app, told that it stands at /studio."""
    server = Server(tmp_path_factory.mktemp("below") / "data", "tests/fakes/app.py", (), ENV)
    try:
        asyncio.run(server.start())
        yield server
    finally:
        asyncio.run(server.terminate())
        server.sweep()


@pytest.fixture(params=[True, False], ids=["stripping", "passing"])
async def proxied(below: Server, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """A visitor's page through a proxy."""
    async with (
        Proxy(below.port, PATH, strips=request.param, host=HOST).running() as proxy,
        httpx2.AsyncClient(base_url=proxy.address, trust_env=False, timeout=PATIENCE) as client,
    ):
        opened = await client.get("/", headers=OPENING)
        assert opened.status_code == 200, opened.text
        # A cookie for https only is not sent back over the plain socket of this test by itself.
        client.headers["cookie"] = "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.cookies.jar)
        yield Page(below, client)


async def test_a_picture_comes_and_is_seen(proxied: Page):
    reply = await proxied.drawn("a fox in snow")
    for address in (reply["url"], reply["thumb"]):
        assert not address.startswith("/")
        answer = await proxied.get(f"/{address}")
        assert answer.status_code == 200 and answer.headers["content-type"].startswith("image/")
    assert (await proxied.get("/gallery")).json()["pictures"][0]["url"] == reply["url"]


async def test_the_stream_tells_of_it_while_it_is_open(proxied: Page):
    async with proxied.live(await proxied.version()) as stream:
        assert stream.response.headers["content-type"].startswith("text/event-stream")
        await stream.event()
        receipt = await proxied.ask("a hare in grass")
        seen: set[str] = set()
        while receipt["message"] not in seen:
            seen |= {turn["id"] for turn in (await stream.news()).get("turns", [])}


async def test_the_page_names_its_own_parts_below_the_path(proxied: Page):
    """Gradio's addresses begin with the path, by the name and over the scheme that the proxy says."""
    page = await proxied.get("/", **OPENING)
    config = (await proxied.get("/config")).json()
    assert config["root"] == f"https://{HOST}{PATH}"
    found = set(re.findall(r"""(?:src|href)=["'](?!https?:|data:|#|//)([^"']+)""", page.text))
    # The page of Gradio always names one; here nobody installs the page, and the door is closed.
    found -= {address for address in found if address.endswith("manifest.json")}
    assert found
    for address in found:
        path = address.removeprefix("./").removeprefix(PATH)
        assert (await proxied.get(f"/{path.lstrip('/')}")).status_code == 200, address


async def test_an_upload_and_what_it_becomes(proxied: Page):
    picture = (Path(__file__).parents[2] / "assets" / "examples").glob("*.webp")
    kept = await proxied.client.post("/gradio_api/upload", files={"files": ("a.webp", next(picture).read_bytes(), "image/webp")})
    assert kept.status_code == 200, kept.text
    seen = await proxied.get(f"/gradio_api/file={kept.json()[0]}")
    assert seen.status_code == 200 and seen.headers["content-type"] == "image/webp"


@pytest.mark.parametrize("name", ["examples", "styles"])
async def test_files_of_the_app(proxied: Page, name: str):
    file = next(path for path in sorted((Path(__file__).parents[2] / "assets" / name).iterdir()) if path.suffix == ".webp")
    assert (await proxied.get(f"/{name}/{file.name}")).status_code == 200


async def test_the_page_without_its_slash_is_sent_on(below: Server):
    async with (
        Proxy(below.port, PATH, strips=False, host=HOST).running() as proxy,
        httpx2.AsyncClient(trust_env=False, timeout=PATIENCE) as client,
    ):
        answer = await client.get(f"{proxy.address}?chat=1", headers=OPENING)
        assert (answer.status_code, answer.headers["location"]) == (308, f"{PATH}/?chat=1")


def own_files() -> Iterator[Path]:
    root = Path(__file__).parents[2] / "imagechat"
    return (
        path for path in sorted(root.rglob("*")) if path.suffix in {".js", ".html", ".css", ".py"} and path.parent.name != "__pycache__"
    )


def test_our_own_addresses_are_relative():
    """A page below a path finds nothing at the host's root."""
    absolute = re.compile(
        r"""(?:fetch|EventSource|open|assign|replace)\(\s*["'`]/|(?:href|src|action)\s*=\s*\\?["'`]/|url\(\s*["']?/|location(?:\.href)?\s*=\s*["'`]/"""
    )
    found = [f"{path.name}: {hit}" for path in own_files() for hit in absolute.findall(path.read_text("utf-8"))]
    assert not found
