"""The page is built once for each address, and nobody gets it who may not see it, or with another's cookie."""

import json
import re
from collections.abc import Iterator

import gradio as gr
import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from imagechat.ui.sessions import lighten
from imagechat.web.page import PLACES, Page
from tests.asking import PATIENCE
from tests.browser.server import Server
from tests.web.conftest import DEFAULTS, served

NAMED = "studio.example.org"


class Builds:
    """Builds a page for each request, and counts."""

    def __init__(self) -> None:
        self.count, self.status = 0, 200

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.count += 1
        request = Request(scope)
        answer: Response = HTMLResponse(f"<p>{request.url} {self.count}</p>", self.status)
        await (PlainTextResponse("words") if request.url.path == "/words" else answer)(scope, receive, send)


@pytest.fixture
def builds() -> Builds:
    return Builds()


@pytest.fixture
def client(builds: Builds) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(Page(builds)), base_url="http://here")


async def test_it_is_built_once_for_each_address(client: httpx2.AsyncClient, builds: Builds):
    first = await client.get("/")
    again = await client.get("/?chat=01m7ztve9cav4b0gbg4jha6nqq")
    assert first.text == again.text == "<p>http://here/ 1</p>"
    assert again.headers == first.headers
    assert "https://here/ 2" in (await client.get("https://here/")).text
    assert "http://there/ 3" in (await client.get("/", headers={"Host": "there"})).text
    assert builds.count == 3


@pytest.mark.parametrize("path", ["/?page=usage", "/?deep_link=x", "/?all_endpoints=1", "/?p%61ge=usage", "/words", "/config"])
async def test_whatever_else_is_asked_for_is_asked_for(client: httpx2.AsyncClient, builds: Builds, path: str):
    await client.get("/")
    assert (await client.get(path)).text == (await client.get(path)).text.replace(str(builds.count), str(builds.count - 1))
    assert builds.count == 3


async def test_what_could_not_be_built_is_tried_again(client: httpx2.AsyncClient, builds: Builds):
    builds.status = 503
    assert (await client.get("/")).status_code == 503
    builds.status = 200
    assert (await client.get("/")).status_code == 200
    assert (await client.head("/")).status_code == 200
    assert builds.count == 3


async def test_names_without_end_do_not_fill_the_memory(client: httpx2.AsyncClient, builds: Builds):
    for number in range(PLACES + 1):
        await client.get("/", headers={"Host": f"{number}.example.org"})
    await client.get("/", headers={"Host": f"{PLACES}.example.org"})
    assert builds.count == PLACES + 1
    await client.get("/", headers={"Host": "0.example.org"})
    assert builds.count == PLACES + 2


@pytest.fixture(scope="module")
def guests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    env = {**DEFAULTS, "IMAGECHAT_ACCESS": "guests", "IMAGECHAT_DOOR__HOSTS": NAMED}
    with served(Server(tmp_path_factory.mktemp("page") / "data", "tests/fakes/app.py", (), env)) as one:
        yield one


async def test_each_guest_gets_the_page_and_a_cookie_of_their_own(guests: Server):
    pages = []
    for host in ("127.0.0.1", "127.0.0.1", NAMED):
        async with httpx2.AsyncClient(base_url=guests.url, trust_env=False, timeout=PATIENCE) as client:
            pages.append(await client.get("/", headers={"Host": f"{host}:{guests.port}"}))
    first, second, named = pages
    marks = [re.findall(r'<meta name="imagechat" content="([0-9a-f]{8})-([0-9a-f]{16})">', page.text) for page in pages]
    assert len({instance for [(instance, _)] in marks}) == 1 and len({theirs for [(_, theirs)] in marks}) == 3
    assert first.text.replace(marks[0][0][1], "") == second.text.replace(marks[1][0][1], "")
    cookies = {page.headers["set-cookie"].partition(";")[0] for page in pages}
    assert len(cookies) == 3
    assert not any(cookie.partition("=")[2] in page.text for cookie in cookies for page in pages)
    for page, host in ((first, "127.0.0.1"), (named, NAMED)):
        assert page.headers["content-security-policy"]
        root = re.search(r'"root":\s*("[^"]+")', page.text)
        assert root is not None
        assert json.loads(root[1]) == f"http://{host}:{guests.port}"
    async with httpx2.AsyncClient(base_url=guests.url, trust_env=False, timeout=PATIENCE) as client:
        assert (await client.get("/", headers={"Host": "evil.example"})).status_code == 403


def test_of_each_page_gradio_keeps_only_what_changed():
    with gr.Blocks() as blocks:
        chooser = gr.Dropdown(["a", "b"])
    blocks.launch(prevent_thread_lock=True, quiet=True, state_session_capacity=3)
    try:
        lighten(blocks)
        first = blocks.app.state_holder["first"]
        first[chooser._id] = other = gr.Dropdown(["c"], render=False)
        assert blocks.app.state_holder["first"][chooser._id] is other
        assert blocks.app.state_holder["second"][chooser._id] is chooser
        assert not first.config_values
        for name in ("third", "fourth", "fifth"):
            assert blocks.app.state_holder[name][chooser._id] is chooser
        assert len(blocks.app.state_holder.session_data) == 3
        assert blocks.app.state_holder["first"][chooser._id] is chooser
    finally:
        blocks.close(verbose=False)
