"""Fetching a picture from an address that somebody else wrote: public addresses only, the checked one is the one that is connected to."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable
from urllib.parse import SplitResult, urljoin, urlsplit

import httpx2

from imagechat.errors import BrokenReply, Unreachable

MOST = 64 * 2**20
"""Bytes."""
LONGEST = 60.0
"""Seconds for the whole, however many pieces it comes in."""
HOPS = 4
_UNICAST = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is given to the public internet. Source: IANA, IPv6 global unicast address assignments."""
Resolve = Callable[[str, int], Awaitable[list[str]]]


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet; one in IPv6 that hides an IPv4 address is judged by that."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return is_public(str(inner))
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        if ip not in _UNICAST:
            return False
    return ip.is_global and not ip.is_multicast


async def resolved(host: str, port: int) -> list[str]:
    """The addresses of `host`. Raises: OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


class Fetcher:
    """Fetches files. `home`: an origin ("http://127.0.0.1:8080") that is trusted wherever it lies; `resolve`: names to addresses."""

    def __init__(self, home: str = "", resolve: Resolve = resolved, *, most: int = MOST, longest: float = LONGEST) -> None:
        self.home, self.resolve, self.most, self.longest = _origin(urlsplit(home)), resolve, most, longest

    async def fetch(self, url: str) -> bytes:
        """The file at `url`, over at most four hops, each of them checked.

        Raises: BrokenReply("private_address" | "bad_address" | "too_long" | "no_file" | "endless"), Unreachable("lost").
        """
        try:
            async with asyncio.timeout(self.longest):
                for _ in range(HOPS):
                    data, onward = await self._hop(url)
                    if onward is None:
                        return data
                    url = urljoin(url, onward)
        except TimeoutError as fault:
            raise BrokenReply("endless") from fault
        except httpx2.HTTPError as fault:
            raise Unreachable("lost") from fault
        except (httpx2.InvalidURL, ValueError) as fault:  # An address, or a name in it, that cannot be one.
            raise BrokenReply("bad_address") from fault
        raise BrokenReply("bad_address")

    async def _hop(self, url: str) -> tuple[bytes, str | None]:
        """The file, or where it is said to lie."""
        parts = _split(url)
        host, port = str(parts.hostname), parts.port or (443 if parts.scheme == "https" else 80)
        address = await self._checked(parts, host, port)
        literal = f"[{address}]" if ":" in address else address
        target = parts._replace(netloc=f"{literal}:{port}", fragment="").geturl()
        named = {"host": parts.netloc.rpartition("@")[2]}
        async with httpx2.AsyncClient(trust_env=False, follow_redirects=False, timeout=20) as client:
            request = client.build_request("GET", target, headers=named, extensions={"sni_hostname": host})
            answer = await client.send(request, stream=True)
            try:
                if answer.is_redirect:
                    return b"", answer.headers.get("location", "")
                if answer.status_code != 200:
                    raise BrokenReply("no_file", status=answer.status_code)
                return await self._body(answer), None
            finally:
                await answer.aclose()

    async def _body(self, answer: httpx2.Response) -> bytes:
        parts: list[bytes] = []
        total = 0
        async for chunk in answer.aiter_bytes():
            total += len(chunk)
            if total > self.most:
                raise BrokenReply("too_long")
            parts.append(chunk)
        return b"".join(parts)

    async def _checked(self, parts: SplitResult, host: str, port: int) -> str:
        """An address of `host` that may be connected to: every one of its addresses must be public, unless it is the home."""
        try:
            found = await self.resolve(host, port)
        except OSError as fault:  # Not `Unreachable`: what leads there may have been billed, so nobody may take it for never asked.
            raise BrokenReply("bad_address") from fault
        if not found:
            raise BrokenReply("bad_address")
        if _origin(parts) != self.home and not all(is_public(each) for each in found):
            raise BrokenReply("private_address", host=host)
        return found[0]


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return parts
    except ValueError:
        pass
    raise BrokenReply("bad_address")


def _origin(parts: SplitResult) -> tuple[str, str, int]:
    return parts.scheme, parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
