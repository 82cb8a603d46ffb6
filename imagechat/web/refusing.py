"""A refusal in words: for scripts and programs as plain text, for people who open an address as a small page."""

import hashlib
from base64 import b64encode
from html import escape
from pathlib import Path
from string import Template

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import Scope

from imagechat.i18n import Locale

STYLE = (Path(__file__).parent / "entering.css").read_text(encoding="utf-8")
"""Stands in the page itself: whom the door is closed to gets no other file from here."""
POLICY = f"default-src 'none'; style-src 'sha256-{b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'; frame-ancestors 'none'"
PAGE = Template(
    '<!doctype html><html lang="$lang" dir="$dir"><head><meta charset="utf-8"><meta name="robots" content="noindex">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>ImageChat</title>'
    f"<style>{STYLE.replace('$', '$$')}</style></head>"
    '<body><main><h1>ImageChat</h1><p class="problem" role="alert">$words</p>$way</main></body></html>'
)


def refusal(words: str, status: int, headers: dict[str, str], *, locale: Locale, root: str, scope: Scope | None = None) -> Response:
    """What refuses with `words` whoever asks in `scope`. The page leads to the app, except where the door itself is closed (403)."""
    if scope is None or not _opened_by_somebody(scope):
        return PlainTextResponse(words, status, headers)
    doors = {403: (), 429: (("/", "entering.to_page"), ("/login", "entering.login"))}.get(status, (("/", "entering.to_page"),))
    way = "".join(f'<p class="text"><a href="{root}{path}">{escape(locale.say(words))}</a></p>' for path, words in doors)
    page = PAGE.substitute(lang=locale.code, dir=locale.direction, words=escape(words, quote=False), way=way)
    return HTMLResponse(page, status, {**headers, "Content-Security-Policy": POLICY})


def _opened_by_somebody(scope: Scope) -> bool:
    """Whether a browser opens an address. Source: w3.org/TR/fetch-metadata; fetch.spec.whatwg.org (Accept of a document)."""
    headers = Headers(scope=scope)
    navigates = headers.get("sec-fetch-mode", "navigate") == "navigate" and "text/html" in headers.get("accept", "")
    return scope["type"] == "http" and scope["method"] == "GET" and navigates
