"""Names and passwords of accounts: which ones there can be, and how a password is kept (Argon2id, never itself).

Source: RFC 9106 for the hash; NIST SP 800-63B for what is asked of a password: length, and nothing else.
"""

import asyncio
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from imagechat.domain.values import visible
from imagechat.errors import BadInput

SHORTEST_LOGIN, LONGEST_LOGIN = 2, 64
TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Marks, embeddings, overrides and isolates. Source: unicode.org/reports/tr9."""
TOGETHER = ({"CJK", "HIRAGANA", "KATAKANA"}, {"CJK", "HANGUL"}, {"CJK", "BOPOMOFO"})
"""Scripts that one language is written with side by side."""
SHORTEST, LONGEST = 10, 1024
"""Characters of a password. The upper end keeps a robot from having novels hashed."""
AT_ONCE = 2
"""How many are hashed side by side: each takes 64 MiB and a processor for a moment, and a flood of logins must not take them all."""


class Passwords:
    """Hashes passwords and compares them, in threads, a few at a time. To be used from one event loop."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._nobodys: str | None = None

    async def hashed(self, password: str) -> str:
        """What is kept of a password.

        Raises: BadInput("short_password" | "long_password").
        """
        check_password(password)
        return await self._hash(password)

    async def fits(self, password: str, kept: str | None) -> bool:
        """Whether `password` is the kept one; where there is none (an unknown name) it takes as long and is wrong."""
        if self._nobodys is None:
            self._nobodys = await self._hash(secrets.token_hex())
        tried = password if len(password) <= LONGEST else ""
        async with self._turn:
            right = await asyncio.to_thread(self._verify, kept or self._nobodys, _plain(tried))
        return right and bool(kept) and bool(tried)

    def stale(self, kept: str) -> bool:
        """Whether a password is hashed with less effort than is usual now."""
        return self._hasher.check_needs_rehash(kept)

    async def _hash(self, password: str) -> str:
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, _plain(password))

    def _verify(self, kept: str, password: bytes) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False


def login_of(given: str) -> str:
    """An account's name in the one form in which it is kept and looked for: what looks the same is the same, and what
    cannot be seen (joiners, directions) is left out.

    Raises: BadInput("login_form") when it is not 2 to 64 characters that can be seen, without blanks.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", given[: 4 * LONGEST_LOGIN].strip()).casefold())
    login = "".join(each for each in folded if unicodedata.category(each) != "Cf")
    if not all(map(visible, login)) or len(given) > 4 * LONGEST_LOGIN or not SHORTEST_LOGIN <= len(login) <= LONGEST_LOGIN:
        raise BadInput("login_form", least=SHORTEST_LOGIN, most=LONGEST_LOGIN)
    return login


def new_login(given: str) -> str:
    """The same for an account that is made: its letters are of one script, so that "аnn" with a Cyrillic а is not taken for "ann".

    Digits, signs and marks go with any. Japanese, Korean and Bopomofo are written with Chinese letters too.
    Source: unicode.org/reports/tr39, 5.1 (mixed scripts). Raises: BadInput("login_form" | "login_scripts").
    """
    login = login_of(given)
    found = {_script(each) for each in login if unicodedata.category(each).startswith("L")} - {"MODIFIER"}
    if len(found) > 1 and not any(found <= together for together in TOGETHER):
        raise BadInput("login_scripts")
    return login


def _script(letter: str) -> str:
    """Which script a letter is of, by the first word of its name: unicodedata knows no scripts."""
    word = unicodedata.name(letter, "").partition(" ")[0]
    return {"IDEOGRAPHIC": "CJK", "KATAKANA-HIRAGANA": "KATAKANA"}.get(word, word)


def shown_name(given: str) -> str:
    """An account's name as others see it: as it was typed, but for marks that turn the direction of what stands beside it.

    Joiners stay: Persian and other scripts are written with them.
    """
    return "".join(each for each in given.strip() if each not in TURNING)


def check_password(password: str) -> None:
    """Raise BadInput("short_password" | "long_password") for one that cannot be used."""
    if len(password) < SHORTEST:
        raise BadInput("short_password", least=SHORTEST)
    if len(password) > LONGEST:
        raise BadInput("long_password", most=LONGEST)


def _plain(password: str) -> bytes:
    # The same letters typed on another keyboard may come in another order of marks. Half a character cannot be encoded: it stays wrong.
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
