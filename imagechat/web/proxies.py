"""What proxies say of who asks: believed of those that are trusted, taken out of everybody's requests. Nothing reads it after us."""

import ipaddress
import re
from collections.abc import Iterable, Iterator
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Scope

from imagechat.settings import Settings

SAID = re.compile(r"x-forwarded-.+|forwarded|x-real-ip|x-original-.+|x-gradio-server")
"""Headers that say who asked whom. Gradio believes the last one, and X-Forwarded-Host and -Proto, of anybody."""
SPACE = "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10"
"""The networks from which a Space's own proxy asks."""
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Proxies:
    """Who may say for whom they ask. Source: developer.mozilla.org, X-Forwarded-For ("selecting an IP address")."""

    def __init__(self, settings: Settings) -> None:
        trusted = settings.door.trusted_proxies + (f" {SPACE}" if settings.space_id else "")
        self._networks = [ipaddress.ip_network(each, strict=False) for each in trusted.split()]
        self._secure = {settings.space_host.lower()} if settings.space_id and settings.space_host else set[str]()
        self.links: set[str] = set()
        """Host names of public links whose tunnel ends on this machine: always https, and from a loopback address."""

    def resolve(self, scope: Scope) -> Scope:
        """`scope` as the browser meant it: `client`, `scheme` and Host are theirs, and no header is left that says so in other words."""
        headers = Headers(scope=scope)
        peer = _address((scope.get("client") or ("", 0))[0])
        said = headers.get("x-forwarded-host") if self._trusts(peer) else None
        host = (said or headers.get("host", "")).split(",")[0].strip()
        linked = host.lower() in self.links and peer is not None and peer.is_loopback
        changed: dict[str, Any] = {**scope, "headers": [pair for pair in scope["headers"] if not SAID.fullmatch(pair[0].decode("latin-1"))]}
        if said:
            MutableHeaders(scope=changed)["host"] = host
        if self._trusts(peer) or linked:
            scheme = headers.get("x-forwarded-proto", "").split(",")[0].strip().lower()
            changed["client"] = (str(self._asker(headers.getlist("x-forwarded-for"), peer)), 0)
            secure = linked or scheme == "https" or host.lower() in self._secure
            changed["scheme"] = _scheme(scope, secure) if secure or scheme == "http" else scope["scheme"]
        return changed

    def trusted(self, scope: Scope) -> bool:
        """Whether a request, as it came, is a trusted proxy's."""
        return self._trusts(_address((scope.get("client") or ("", 0))[0]))

    def _trusts(self, address: Address | None) -> bool:
        return address is not None and any(address in network for network in self._networks)

    def _asker(self, lists: Iterable[str], peer: Address | None) -> Address | None:
        """The nearest address that is no trusted proxy's: what stands left of it was said by whoever asked."""
        nearest = peer
        for each in _backwards(lists):
            address = _address(each)
            if address is None:
                break
            nearest = address
            if not self._trusts(address):
                break
        return nearest


def _backwards(lists: Iterable[str]) -> Iterator[str]:
    for each in reversed(list(lists)):
        yield from (part.strip() for part in reversed(each.split(",")))


def _address(text: str) -> Address | None:
    """An address with or without its port; one of IPv4 in the clothes of IPv6 as what it is."""
    bare = text[1:].partition("]")[0] if text.startswith("[") else text.partition(":")[0] if text.count(":") == 1 else text
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _scheme(scope: Scope, secure: bool) -> str:
    plain = "ws" if scope["type"] == "websocket" else "http"
    return f"{plain}s" if secure else plain
