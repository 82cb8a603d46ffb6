"""Fetching from addresses that somebody else wrote: what is private stays private, and nothing is without an end."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from imagechat.errors import BrokenReply, ImageChatError, Unreachable
from imagechat.fetching import Fetcher, is_public, resolved

PICTURE = b"\x89PNG" + bytes(range(256)) * 8


class Files:
    """A server of files, with what is wrong with each in its path; `heads` are the requests as they came."""

    def __init__(self) -> None:
        self.heads: list[str] = []
        self.open = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.heads.append(head)
            await self.answer(head.split(" ")[1], reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # They have left.
        finally:
            self.open -= 1
            writer.close()

    async def answer(self, path: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        what, _, rest = path.strip("/").partition("/")
        match what:
            case "to":
                writer.write(f"HTTP/1.1 302 Found\r\nLocation: {rest}\r\nContent-Length: 0\r\n\r\n".encode())
            case "lost":
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone")
            case "cut":
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + PICTURE)
            case "nowhere":
                writer.write(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n")
            case "hang":
                await reader.read(1)
            case "flood" | "drip":
                writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
                while True:
                    writer.write(b"A" * (2**16 if what == "flood" else 1))
                    await writer.drain()
                    await asyncio.sleep(0 if what == "flood" else 0.02)
            case _:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(PICTURE) + PICTURE)
        await writer.drain()


@pytest.fixture
async def files() -> AsyncIterator[Files]:
    found = Files()
    server = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    found.url = f"http://127.0.0.1:{found.port}"
    yield found
    server.close()


def names(**known: str | list[str]) -> Callable:
    """A telephone book; literal addresses are what they are."""

    async def resolve(host: str, port: int) -> list[str]:
        found = known.get(host.replace(".", "_"))
        if found is None:
            return await resolved(host, port)
        return [found] if isinstance(found, str) else found

    return resolve


async def fault(fetcher: Fetcher, url: str) -> str:
    """What is said of `url`."""
    with pytest.raises(ImageChatError) as caught:
        await fetcher.fetch(url)
    return str(caught.value)


# Where


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"])
def test_the_public_internet(address: str):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "100.127.255.255", "198.18.0.1", "192.0.2.1", "224.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1",
        "fd12::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::10.0.0.1", "::127.0.0.1",
        "64:ff9b::a00:1", "64:ff9b:1::a00:1", "2002:a00:1::1", "2002:7f00:1::", "2001:db8::1",
    ],
)  # fmt: skip
async def test_what_is_not_public_is_not_fetched(address: str):
    assert not is_public(address)
    literal = f"[{address.partition('%')[0]}]" if ":" in address else address
    assert await fault(Fetcher(), f"http://{literal}/a.png") == "broken_reply.private_address"
    assert await fault(Fetcher(resolve=names(evil_example=address)), "http://evil.example/a.png") == "broken_reply.private_address"


@pytest.mark.parametrize("literal", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "0"])
async def test_loopback_in_its_other_spellings(files: Files, literal: str):
    assert (await fault(Fetcher(), f"http://{literal}:{files.port}/a.png")).startswith(
        ("broken_reply.private_address", "broken_reply.bad_address")
    )
    assert not files.heads


async def test_one_private_address_among_public_ones_is_enough(files: Files):
    assert (
        await fault(Fetcher(resolve=names(two_example=["8.8.8.8", "127.0.0.1"])), "http://two.example/") == "broken_reply.private_address"
    )


async def test_the_host_is_named_in_the_error():
    with pytest.raises(BrokenReply) as caught:
        await Fetcher().fetch("http://10.0.0.5/a.png")
    assert caught.value.facts["host"] == "10.0.0.5"


@pytest.mark.parametrize(
    "url",
    ["", "a.png", "file:///etc/passwd", "ftp://8.8.8.8/a", "gopher://8.8.8.8/", "data:image/png;base64,AA", "http://", "http:///a", "http://[::1",
     "http://8.8.8.8:99999/", "http://8.8.8.8:0/", "//8.8.8.8/a.png", "javascript:alert(1)"],
)  # fmt: skip
async def test_what_is_no_address_of_a_file(url: str):
    assert await fault(Fetcher(), url) == "broken_reply.bad_address"


@pytest.mark.parametrize(
    "url", ["http://" + "a" * 70 + ".example/", "http://a..b/", "http://exa mple/", "http://8.8.8.8\x00.example/", "http://[::1%25]/"]
)
async def test_a_name_that_cannot_be_one_is_an_error_of_ours(url: str):
    assert (await fault(Fetcher(), url)).startswith(("broken_reply.", "unreachable."))


@pytest.mark.parametrize("path", ["a\x01b", "\ud800", "ü.png", "a\nb"])
async def test_strange_characters_in_a_path_are_sent_encoded_or_not_at_all(files: Files, path: str):
    try:
        assert await Fetcher(files.url).fetch(f"{files.url}/{path}") == PICTURE
    except BrokenReply as refused:
        assert refused.reason == "bad_address"


async def test_a_name_in_another_alphabet_breaks_nothing(files: Files):
    url = f"http://bücher.example:{files.port}"
    fetcher = Fetcher(url, names(**{"bücher_example": "127.0.0.1"}))
    try:
        assert await fetcher.fetch(f"{url}/a.png") == PICTURE
    except BrokenReply as refused:
        assert refused.reason == "bad_address"


async def test_a_name_that_nobody_knows():
    assert await fault(Fetcher(), "http://nowhere.invalid/a.png") == "broken_reply.bad_address"
    assert await fault(Fetcher(resolve=names(none_example=[])), "http://none.example/a.png") == "broken_reply.bad_address"


# The own origin


async def test_the_own_origin_is_trusted_wherever_it_lies(files: Files):
    fetcher = Fetcher(f"{files.url}/v1")
    assert await fetcher.fetch(f"{files.url}/a.png") == PICTURE
    assert await fetcher.fetch(f"{files.url}/to//b.png") == PICTURE


async def test_another_port_or_scheme_is_another_origin(files: Files):
    for home in ("", "http://127.0.0.1:1", f"https://127.0.0.1:{files.port}", f"http://localhost:{files.port}"):
        assert await fault(Fetcher(home), f"{files.url}/a.png") == "broken_reply.private_address"
    assert not files.heads


async def test_a_name_and_a_password_in_the_address_do_not_make_it_the_own_origin(files: Files):
    assert await fault(Fetcher("http://8.8.8.8"), f"http://8.8.8.8@127.0.0.1:{files.port}/") == "broken_reply.private_address"


async def test_the_address_that_was_checked_is_the_one_that_is_connected_to(files: Files):
    """A name that answers otherwise the second time leads nowhere else: it is not asked a second time."""
    asked: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    fetcher = Fetcher(f"http://home.example:{files.port}", resolve)
    assert await fetcher.fetch(f"http://home.example:{files.port}/a.png?b=c#d") == PICTURE
    assert asked == ["home.example"]
    assert files.heads[0].startswith("GET /a.png?b=c HTTP/1.1\r\n") and f"host: home.example:{files.port}\r\n" in files.heads[0].lower()


async def test_nothing_of_ours_is_sent_along(files: Files, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    await Fetcher(files.url).fetch(f"{files.url}/a.png")
    assert "authorization" not in files.heads[0].lower() and "cookie" not in files.heads[0].lower()


# Onward


@pytest.mark.parametrize(
    "onward", ["http://10.0.0.7/x", "http://169.254.169.254/latest/meta-data", "http://[::ffff:127.0.0.1]/", "http://evil.example/"]
)
async def test_a_redirect_to_a_private_address_is_not_followed(files: Files, onward: str):
    fetcher = Fetcher(files.url, names(evil_example="192.168.0.1"))
    assert await fault(fetcher, f"{files.url}/to/{onward}") == "broken_reply.private_address"


async def test_a_redirect_to_another_port_of_the_own_machine_is_not_followed(files: Files):
    other = Files()
    server = await asyncio.start_server(other.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    assert await fault(Fetcher(files.url), f"{files.url}/to/http://127.0.0.1:{port}/") == "broken_reply.private_address"
    assert not other.heads
    server.close()


@pytest.mark.parametrize("onward", ["file:///etc/passwd", "ftp://8.8.8.8/", "http://[::1"])
async def test_a_redirect_to_what_is_no_address(files: Files, onward: str):
    assert await fault(Fetcher(files.url), f"{files.url}/to/{onward}") == "broken_reply.bad_address"


async def test_a_few_hops_are_followed_and_more_are_not(files: Files):
    assert await Fetcher(files.url).fetch(f"{files.url}/to//to//to//a.png") == PICTURE
    assert await fault(Fetcher(files.url), f"{files.url}/to//to//to//to//a.png") == "broken_reply.bad_address"
    assert await fault(Fetcher(files.url), f"{files.url}/nowhere") == "broken_reply.bad_address"
    assert len(files.heads) == 12


# Without an end


async def left(files: Files) -> None:
    async with asyncio.timeout(5):
        while files.open:
            await asyncio.sleep(0.01)


async def test_a_file_that_is_too_large_is_stopped(files: Files):
    assert await Fetcher(files.url, most=len(PICTURE)).fetch(f"{files.url}/a.png") == PICTURE
    assert await fault(Fetcher(files.url, most=len(PICTURE) - 1), f"{files.url}/a.png") == "broken_reply.too_long"


@pytest.mark.parametrize(
    ("path", "code"), [("flood", "broken_reply.too_long"), ("drip", "broken_reply.endless"), ("hang", "broken_reply.endless")]
)
async def test_a_file_without_an_end_is_stopped(files: Files, path: str, code: str):
    assert await fault(Fetcher(files.url, most=2**20, longest=0.5 if path != "flood" else 30), f"{files.url}/{path}") == code
    await left(files)


async def test_who_stops_waiting_ends_the_connection(files: Files):
    waiting = asyncio.create_task(Fetcher(files.url).fetch(f"{files.url}/drip"))
    async with asyncio.timeout(5):
        while not files.heads:
            await asyncio.sleep(0.01)
    waiting.cancel()
    await asyncio.wait({waiting})
    assert waiting.cancelled()
    await left(files)


async def test_a_file_that_breaks_off_or_is_not_there(files: Files):
    fetcher = Fetcher(files.url)
    assert await fault(fetcher, f"{files.url}/cut") == "unreachable.lost"
    with pytest.raises(BrokenReply) as caught:
        await fetcher.fetch(f"{files.url}/lost")
    assert (caught.value.reason, caught.value.facts) == ("no_file", {"status": 404})


async def test_nobody_listens_there():
    with pytest.raises(Unreachable):
        await Fetcher("http://127.0.0.1:1").fetch("http://127.0.0.1:1/a.png")
