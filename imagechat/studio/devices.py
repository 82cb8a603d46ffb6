"""Browsers that came in to an account by its password before: strangers who guess at its name do not keep them out.

Each is told a mark, which it says when it logs in again. The mark proves no more than that: whoever has it can try passwords, as often
as a limit of its own allows, and nothing else. Source: owasp.org, "Slow Down Online Guessing Attacks with Device Cookies".
"""

import hashlib
import hmac
import secrets


def marked(key: str, account: str) -> str:
    """A new mark of a browser that came in to `account`; `key` is what cookies are signed with."""
    number = secrets.token_hex(16)
    return f"{number}.{_proof(key, account, number)}"


def number_of(key: str, account: str, mark: str) -> str:
    """What the tries of the browser with this mark are counted under; "" where it was not given for `account`."""
    number, _, proof = mark.partition(".")
    right = hmac.compare_digest(proof.encode("utf-8", "replace"), _proof(key, account, number).encode())
    return number if right else ""


def _proof(key: str, account: str, number: str) -> str:
    return hmac.new(key.encode(), f"device {number} {account}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()
