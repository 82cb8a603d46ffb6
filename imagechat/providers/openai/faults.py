"""What goes wrong between us and the server, translated once, here."""

import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
import openai

from imagechat import logs
from imagechat.errors import BadKey, Blocked, BrokenReply, Declined, ImageChatError, Overloaded, ProviderFault, TimedOut, Unreachable

BLOCKED = {"moderation_blocked", "content_policy_violation", "content_filter", "image_generation_user_error", "safety_violation"}
SPENT = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "insufficient_credits"}
FOREVER = 1e9
"""Seconds: what a server asks beyond them says no more."""
LONGEST = 300
"""Characters of a server's own words that are shown."""


@contextmanager
def translated(model: str, patience: float) -> Iterator[None]:
    """Raise what the SDK or the connection raised as one of ours. `patience`: seconds of silence that were waited."""
    try:
        yield
    except openai.APIStatusError as fault:
        raise of_status(fault.status_code, fault.body, fault.response.headers, model) from fault
    except openai.APIConnectionError as fault:
        raise of_connection(fault.__cause__ or fault, model, patience) from fault
    except httpx2.HTTPError as fault:
        raise of_connection(fault, model, patience) from fault
    except openai.APIResponseValidationError as fault:
        raise BrokenReply("malformed", model=model) from fault
    except openai.APIError as fault:
        raise of_body(fault.body, model) from fault


def of_connection(fault: BaseException, model: str, patience: float) -> ImageChatError:
    """A connection's end. Only before it stands is it sure that nothing was asked and nothing billed."""
    match fault:
        case httpx2.ConnectTimeout():
            return Unreachable("no_answer", model=model)
        case httpx2.TimeoutException():
            return TimedOut("silent", model=model, seconds=patience)
        case httpx2.ConnectError():
            causes = list(_causes(fault))
            if any(isinstance(each, socket.gaierror) for each in causes) or re.search(r"(?i)name|address info|resolve", str(fault)):
                return Unreachable("no_address", model=model)
            return Unreachable("not_secure" if any(isinstance(each, ssl.SSLError) for each in causes) else "refused", model=model)
        case httpx2.UnsupportedProtocol() | httpx2.InvalidURL():
            return Unreachable("no_address", model=model)
        case httpx2.DecodingError() | httpx2.TooManyRedirects():
            return BrokenReply("malformed", model=model)
    return Unreachable("lost", model=model)


def _causes(fault: BaseException | None) -> Iterator[BaseException]:
    while fault is not None:
        yield fault
        fault = fault.__cause__ or fault.__context__


def of_status(status: int, body: object, headers: Mapping[str, str], model: str) -> ImageChatError:
    """An answer that is an error. Source: platform.openai.com/docs/guides/error-codes."""
    code, why = _code(body), _why(body)
    if code in BLOCKED:
        return Blocked(model=model, why=why)
    if status == 402 or code in SPENT:
        return BadKey("no_credit", model=model, why=why)
    if status in (401, 403):
        return BadKey("wrong" if status == 401 else "no_access", model=model, why=why)
    if status in (429, 503, 529):
        return Overloaded("rate" if status == 429 else "busy", model=model, after=retry_after(headers))
    if status == 404:
        return Declined("model" if "model" in f"{code} {why}".lower() else "address", model=model, why=why)
    if code == "context_length_exceeded" or "context length" in why.lower():
        return Declined("context", model=model, why=why)
    if status >= 500 or status in (408, 409):
        return ProviderFault("server", model=model, status=status)
    return Declined(model=model, why=why or f"HTTP {status}")


def of_body(body: object, model: str) -> ImageChatError:
    """An error that was told in the middle of a stream, where something may have been billed by then."""
    code, why = _code(body), _why(body)
    if code in BLOCKED or "safety system" in why.lower():
        return Blocked("midway", model=model, why=why)
    return ProviderFault("midway", model=model, why=why)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the server asks to wait, as a number or a date. Source: RFC 9110, section 10.2.3; `retry-after-ms` is OpenAI's."""
    for name, unit in (("retry-after-ms", 1000), ("retry-after", 1)):
        if re.fullmatch(r"[0-9]+(\.[0-9]+)?", given := headers.get(name, "").strip()):
            return min(float(given) / unit, FOREVER)
    try:
        return max(0.0, (parsedate_to_datetime(given) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def _error(body: object) -> Mapping[str, Any]:
    inner = body.get("error", body) if isinstance(body, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}


def _code(body: object) -> str:
    error = _error(body)
    return str(error.get("code") or error.get("type") or "")


def _why(body: object) -> str:
    """The server's own words in one line, without anything that looks like a key."""
    error = _error(body)
    said = error.get("message") or error.get("detail") or (body if isinstance(body, str) else "")
    line = " ".join(str(said).split())
    return logs.redacted(re.sub(r"<[^>]*>", " ", line))[:LONGEST].strip()
