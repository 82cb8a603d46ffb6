"""The cookie by which a browser is known: a random token, signed, and nothing about who it is.

The signature has no time in it: a clock that is set back ends no session, the database says when one does.
Source: RFC 6265bis (SameSite, Secure), github.com/privacycg/CHIPS (Partitioned).
"""

import hashlib
import hmac
import re
from collections.abc import Iterator

from itsdangerous import BadSignature, Signer
from starlette.datastructures import Headers

from imagechat.settings import Settings

LONGEST = 400
"""Letters of a cookie that is looked at; ours have about 100."""
YEAR = 365 * 86_400
"""Seconds for which a browser is known to have logged in."""
MARK = "[0-9a-f]{8}-[0-9a-f]{16}"
"""What a mark looks like."""
MOST = 4
"""Cookies of our name that are looked at: another page of the same site may have set some."""


class Cookies:
    """Reading and writing it. Its name has the instance in it: cookies do not know ports, and two of us may share a host."""

    def __init__(self, key: str, settings: Settings) -> None:
        self._key = key.encode()
        self._signer = Signer(key, salt="imagechat.session", digest_method=hashlib.sha256)
        self._seconds = settings.door.days * 86_400
        self._space = bool(settings.space_id)
        self.name = f"imagechat-{hashlib.sha256(f'name {key}'.encode()).hexdigest()[:8]}"

    def tokens(self, headers: Headers) -> list[str]:
        """Tokens that we signed, of a request's cookies; everything else is as if it were not there."""
        ours = [value for name, value in _pairs(headers) if name == self.name][:MOST]
        return list(dict.fromkeys(token for value in ours if (token := self._token(value)) is not None))

    def device(self, headers: Headers) -> str:
        """The mark that this browser says it was given when it logged in; "" for none."""
        said = dict(_pairs(headers)).get(f"{self.name}-device", "")
        return said if len(said) <= LONGEST else ""

    def marking(self, mark: str, scheme: str) -> str:
        """A Set-Cookie header that says the mark of a browser which logged in; it stays when the browser logs out."""
        return f"{self.name}-device={mark}; Max-Age={YEAR}; {attributes(scheme, space=self._space)}"

    def mark(self, visitor: str) -> str:
        """By which a page knows what its visitor left in this browser: the instance's sign and theirs, worth nothing to anybody else."""
        return f"{self.name[-8:]}-{hmac.new(self._key, f'mark {visitor}'.encode(), hashlib.sha256).hexdigest()[:16]}"

    def marks(self, headers: Headers, visitor: str) -> str:
        """The visitor's mark, and behind it that of the guest whom they were in this browser before."""
        mine = self.mark(visitor)
        said = re.fullmatch(f"{mine}\\.({MARK})", dict(_pairs(headers)).get(f"{self.name}-was", ""))
        return f"{mine} {said[1]}" if said else mine

    def coming(self, guest: str, visitor: str, scheme: str) -> str:
        """A Set-Cookie header that says which guest this visitor was."""
        marks = f"{self.mark(visitor)}.{self.mark(guest)}"
        return f"{self.name}-was={marks}; Max-Age={self._seconds}; {attributes(scheme, space=self._space)}"

    def _token(self, value: str) -> str | None:
        if len(value) > LONGEST:
            return None
        try:
            return self._signer.unsign(value.encode("latin-1", "replace")).decode("ascii")
        except (BadSignature, UnicodeDecodeError):
            return None

    def keeping(self, token: str, scheme: str) -> str:
        """A Set-Cookie header that says the token, for as long as a session lives unused."""
        return self._header(self._signer.sign(token).decode("ascii"), self._seconds, scheme)

    def dropping(self, scheme: str) -> str:
        """A Set-Cookie header that takes it away."""
        return self._header("", 0, scheme)

    def _header(self, value: str, seconds: int, scheme: str) -> str:
        return f"{self.name}={value}; Max-Age={seconds}; {attributes(scheme, space=self._space)}"


def _pairs(headers: Headers) -> Iterator[tuple[str, str]]:
    for pair in (pair for line in headers.getlist("cookie") for pair in line.split(";")):
        name, _, value = pair.strip().partition("=")
        yield name, value


def attributes(scheme: str, *, space: bool) -> str:
    """For the server alone, never over http where https is; on a Space, whose page stands in a frame of another site, there too."""
    secure = scheme == "https"
    if secure and space:
        return "Path=/; HttpOnly; SameSite=None; Secure; Partitioned"
    return "Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if secure else "")
