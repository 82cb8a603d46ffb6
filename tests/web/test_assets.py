"""What is the same for everybody is read and compressed once, and browsers keep what cannot change under its name."""

import gzip
import zlib
from collections.abc import Iterator

import brotli
import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from imagechat.web.assets import FOREVER, HOUR, Assets
from imagechat.web.packed import Deflated
from tests.asking import PATIENCE
from tests.browser.server import Server
from tests.web.conftest import DEFAULTS, served

NAME = "/assets/index-DphvyggB.js"
SCRIPT = "const one = 1\n" * 200


class Files:
    """Answers every path with a script, and counts."""

    def __init__(self) -> None:
        self.count, self.status = 0, 200

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.count += 1
        request = Request(scope)
        assert not {"if-none-match", "cookie"} & set(request.headers)
        kind = "image/webp" if request.url.path.endswith("webp") else "text/javascript"
        await Response(SCRIPT, self.status, {"Etag": '"abc"'}, kind)(scope, receive, send)


@pytest.fixture
def files() -> Files:
    return Files()


@pytest.fixture
def client(files: Files) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(Assets(files)), base_url="http://here", headers={"Cookie": "somebody=me"})


async def test_a_file_is_read_once_and_told_in_the_form_that_each_can_read(client: httpx2.AsyncClient, files: Files):
    for encodings, form in (("gzip, br", "br"), ("br;q=0", None), ("identity", None), ("gzip, deflate, br, zstd", "br")):
        answer = await client.get(NAME, headers={"Accept-Encoding": encodings})
        assert (answer.text, answer.headers.get("content-encoding")) == (SCRIPT, form)
        assert answer.headers["cache-control"] == FOREVER
        assert answer.headers["vary"] == "Accept-Encoding"
    assert files.count == 1


@pytest.mark.parametrize("known", ['"abc"', 'W/"abc"', '"old", W/"abc"'])
async def test_who_has_it_gets_no_body(client: httpx2.AsyncClient, files: Files, known: str):
    answer = await client.get(NAME, headers={"If-None-Match": known})
    assert (answer.status_code, answer.content) == (304, b"")
    assert "content-length" not in answer.headers
    assert (await client.get(NAME, headers={"If-None-Match": '"other"'})).text == SCRIPT
    assert files.count == 1


@pytest.mark.parametrize(
    ("path", "held"),
    [("/static/js/frame.min.js", None), ("/theme.css?v=1", None), ("/assets/plain.js", None), ("/examples/boat.webp", HOUR)],
    ids=["static", "theme", "plain", "example"],
)
async def test_only_a_name_that_says_what_is_in_it_holds_for_ever(client: httpx2.AsyncClient, path: str, held: str | None):
    assert (await client.get(path)).headers.get("cache-control") == held


async def test_pictures_are_not_compressed_anew(client: httpx2.AsyncClient):
    assert "content-encoding" not in (await client.get("/examples/boat.webp")).headers


async def test_what_failed_is_not_kept(client: httpx2.AsyncClient, files: Files):
    files.status = 404
    missing = await client.get(NAME)
    assert (missing.status_code, missing.headers.get("cache-control")) == (404, None)
    files.status = 200
    assert (await client.get(NAME)).text == SCRIPT


async def test_parts_posts_and_other_addresses_go_past(files: Files):
    async def plain(scope: Scope, receive: Receive, send: Send) -> None:
        files.count += 1
        await PlainTextResponse(Request(scope).headers.get("cookie", ""))(scope, receive, send)

    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(Assets(plain)), base_url="http://here") as client:
        for ask in (client.get(NAME, headers={"Range": "bytes=0-1", "Cookie": "a=b"}), client.post(NAME, headers={"Cookie": "a=b"})):
            assert (await ask).text == "a=b"
        for _ in range(2):
            assert (await client.get("/config", headers={"Cookie": "a=b"})).text == "a=b"
    assert files.count == 4


async def test_no_more_is_kept_than_there_is_room_for(files: Files):
    room = 2 * (len(SCRIPT) + len(brotli.compress(SCRIPT.encode(), quality=4)))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(Assets(files, room)), base_url="http://here") as client:
        for name, read in (("a", 1), ("b", 2), ("a", 2), ("c", 3), ("a", 3), ("b", 4)):
            await client.get(f"/assets/{name}.js")
            assert files.count == read, name


@given(st.binary(max_size=3000), st.binary(max_size=300_000))
async def test_words_before_a_compressed_page_make_one_gzip_member(words: bytes, body: bytes):
    packed = (await Deflated.of(body)).after(words)
    reader = zlib.decompressobj(31)
    assert reader.decompress(packed) == gzip.decompress(packed) == words + body
    assert reader.eof and not reader.unused_data


@pytest.fixture(scope="module")
def guests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    env = {**DEFAULTS, "IMAGECHAT_ACCESS": "guests"}
    with served(Server(tmp_path_factory.mktemp("assets") / "data", "tests/fakes/app.py", (), env)) as one:
        yield one


async def test_the_page_and_all_that_it_names_come_small(guests: Server):
    async with httpx2.AsyncClient(base_url=guests.url, trust_env=False, timeout=PATIENCE) as client:
        page = await client.get("/", headers={"Accept-Encoding": "gzip, br"})
        plain = await client.get("/", headers={"Accept-Encoding": "identity"})
        assert page.headers["content-encoding"] == "gzip" and "content-encoding" not in plain.headers
        assert page.text == plain.text
        assert int(page.headers["content-length"]) < len(plain.content) / 3
        named = page.text.partition('src="./assets/')[2].partition('"')[0] or page.text.partition("/assets/")[2].partition('"')[0]
        script = await client.get(f"/assets/{named}", headers={"Accept-Encoding": "br"})
        assert script.headers["content-encoding"] == "br"
        assert script.headers["cache-control"] == FOREVER
        assert "set-cookie" not in script.headers
        assert int(script.headers["content-length"]) < len(script.content) / 2
