"""Log lines: whole, for people or programs, without secrets and without anybody's words."""

import json
import logging
import sqlite3
import sys
from collections.abc import Callable, Iterator
from io import StringIO

import pytest

from imagechat import logs
from imagechat.bootstrap import House
from imagechat.domain.values import new_id
from tests.asking import ANN, ask, chat, said

SECRETS = ["sk-proj-abc123def456", "hf_abcdefgh12345", "AIzaSyD-abcdefghij_123", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx.sflKxwRJSM"]
WISH = "confidential wish"
Lines = Callable[[], list[str]]


@pytest.fixture(params=["text", "json"])
def form(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def lines(form: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    """Everything that was logged."""
    root, written = logging.getLogger(), StringIO()
    handlers, level = root.handlers[:], root.level
    root.handlers.clear()
    monkeypatch.setattr(sys, "stderr", written)
    logs.configure("info", form)
    yield lambda: written.getvalue().splitlines()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize(
    ("message", "secret"),
    [
        *((f"the model fell over with {secret} in its hand", secret) for secret in SECRETS),
        ("Authorization: Bearer abc.def-ghi_jkl==", "abc.def"),
        ("postgresql://ann:hunter2@db/x", "hunter2"),
        ("GET /v1?key=abc123&x=1", "abc123"),
        ('said "http://x/?api_key=abc123"', "abc123"),
        ("{'api_key': 'abc123'}", "abc123"),
        ('{"password": "hunter 2", "x": 1}', "hunter"),
    ],
)
def test_secrets_are_not_logged(lines: Lines, form: str, message: str, secret: str):
    log = logging.getLogger("imagechat.test")
    log.warning(message, extra={"said": message, "api_key": "plainsecret", "nested": [{"token": "plainsecret", "url": message}]})
    try:
        raise RuntimeError(message)
    except RuntimeError:
        log.exception("fell over")
    found = lines()
    assert len(found) >= 2 and "fell over" in "\n".join(found)
    assert secret not in "\n".join(found) and "[redacted]" in "\n".join(found)
    assert "plainsecret" not in "\n".join(found)
    if form == "json":
        assert [json.loads(line)["level"] for line in found] == ["warning", "error"]


def test_what_is_no_secret_stays(lines: Lines, form: str):
    logging.getLogger("imagechat.test").info("hello {x} %s", "روباه", extra={"job": "01h", "took": 1.5, "input_tokens": 12, "place": None})
    (line,) = lines()
    for part in ("hello {x} روباه", "01h", "1.5", "12"):
        assert part in line
    if form == "json":
        parsed = json.loads(line)
        assert (parsed["took"], parsed["input_tokens"], parsed["place"], parsed["logger"]) == (1.5, 12, None, "imagechat.test")


def test_what_is_quiet_stays_quiet(lines: Lines):
    logging.getLogger("imagechat.test").debug("not at info")
    logging.getLogger("httpx2").info("not from there")
    assert lines() == []


async def test_nobodys_words_are_logged(lines: Lines, house: House):
    """Not when all is well, not when a model falls over, and not when the database does."""
    await said(house.studio, ANN, ask(WISH))
    await said(house.studio, ANN, ask(f"{WISH} then:crash"))
    await said(house.studio, ANN, chat(f"{WISH} then:fail"))
    with sqlite3.connect(house.database.path) as connection:
        connection.execute("DROP TABLE chat_words")
    with pytest.raises(Exception, match="chat_words"):
        await house.studio.say(ANN, ask(WISH))
    try:
        await house.studio.say(ANN, ask(WISH))
    except Exception:
        logging.getLogger("imagechat.test").exception("a request failed")
    found = "\n".join(lines())
    assert "job failed" in found and "no such table" in found
    assert WISH.split(maxsplit=1)[0] not in found
    assert "sk-verysecretkey123" not in found


def fall(logger: str, kind: type[Exception], message: str = "fell over") -> None:
    try:
        raise kind(message)
    except kind:
        logging.getLogger(logger).exception("a request failed", extra={"job": new_id()})


def whole(found: list[str]) -> int:
    return "\n".join(found).count("Traceback (most recent call last)")


def test_a_flood_of_one_fault_is_few_lines_and_another_is_seen_whole(lines: Lines, monkeypatch: pytest.MonkeyPatch):
    for _ in range(50):
        fall("uvicorn.error", ValueError)
        fall(logs.GRADIOS, KeyError)
    assert whole(lines()) == 2
    count = len(lines())
    for _ in range(3):
        fall("imagechat.work", ValueError)
    found = lines()[count:]
    assert whole(found) == 1 and sum("a request failed" in line for line in found) == 3, "each of our own jobs keeps its line"
    assert "ValueError" in found[-1]
    fall("imagechat.work", TypeError)
    assert whole(lines()) == 4
    monkeypatch.setattr(logs, "EVERY", 0.0)
    fall("uvicorn.error", ValueError)
    assert whole(lines()) == 5 and any(sign in "\n".join(lines()) for sign in ("times=50", '"times": 50'))
