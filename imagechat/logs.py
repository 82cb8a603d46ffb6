"""Log lines for people or for programs, without secrets and without anybody's prompts."""

import json
import logging
import re
import sys
import time
from collections import OrderedDict
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path

_SECRET = re.compile(
    r"(?i)(sk-[\w-]{6,}|hf_\w{6,}|AIza[\w-]{10,}|eyJ[\w-]{8,}\.[\w-]+\.[\w-]+"
    r"|(?<=bearer )[\w.~+/-]{6,}=*"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
    r"|(?<=key=)[^&\s\"']+|(?<=token=)[^&\s\"']+|(?<=secret=)[^&\s\"']+|(?<=password=)[^&\s\"']+"
    r"|(?<=key[\"']: [\"'])[^\"']+|(?<=token[\"']: [\"'])[^\"']+|(?<=secret[\"']: [\"'])[^\"']+|(?<=password[\"']: [\"'])[^\"']+)"
)
_SECRET_NAME = re.compile(r"(?i)(^|_)(key|token|secret|password|authorization|cookie)$")
_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}

HERE = str(Path(__file__).parent)
EVERY = 60.0
"""Seconds between two tracebacks from the same place."""
PLACES = 256
"""Places that are remembered."""
GRADIOS = "imagechat.ui.tracebacks"
"""The logger of what falls over in Gradio, which is mostly its asker's doing."""

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The request under way here; a job keeps that of the request which brought it."""


def redacted(text: str) -> str:
    """`text` with everything that looks like a key, a token or a password replaced."""
    return _SECRET.sub("[redacted]", text)


def _extra(record: logging.LogRecord) -> dict[str, object]:
    """What was added to a line; a field that is called a secret is one, whatever it looks like."""
    extra = {name: value for name, value in vars(record).items() if name not in _PLAIN}
    return {name: "[redacted]" if _SECRET_NAME.search(name) else value for name, value in extra.items()}


def cleaned(value: object) -> object:
    """A value as JSON takes it, redacted before it is written: after that, a replaced quote would break the line."""
    if isinstance(value, dict):
        return {str(name): "[redacted]" if _SECRET_NAME.search(str(name)) else cleaned(each) for name, each in value.items()}
    if isinstance(value, list | tuple | set):
        return [cleaned(each) for each in value]
    return value if isinstance(value, bool | int | float | None) else redacted(str(value))


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= _extra(record)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(cleaned(line), ensure_ascii=False)


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        extra = " ".join(f"{name}={value}" for name, value in _extra(record).items())
        return redacted(f"{super().format(record)} {extra}".rstrip())


def _wanted(record: logging.LogRecord) -> bool:
    """Whether a line says something: that a visitor went away in mid-upload is no fault of anybody's."""
    fault = record.exc_info[1] if record.exc_info else None
    return type(fault).__name__ != "ClientDisconnect"


class _Seldom:
    """Lets a traceback through once a minute for each place that it comes from: odd input must not write pages into the log.

    Meanwhile our own lines go without it, others' not at all; the next whole one says how many there were (`times`).
    """

    def __init__(self) -> None:
        self._told: OrderedDict[tuple[object, ...], tuple[float, int]] = OrderedDict()

    def __call__(self, record: logging.LogRecord) -> bool:
        fault = record.exc_info[1] if record.exc_info else None
        if fault is None:
            return True
        key, moment = (record.name, type(fault), *_places(fault)), time.monotonic()
        told, more = self._told.get(key, (-EVERY, 0))
        if moment - told < EVERY:
            self._told[key] = (told, more + 1)
            record.exc_info, record.exc_text, record.fault = None, None, type(fault).__name__
            return record.name.startswith("imagechat.") and record.name != GRADIOS
        self._told[key] = (moment, 0)
        self._told.move_to_end(key)
        if len(self._told) > PLACES:
            self._told.popitem(last=False)
        if more:
            record.times = more + 1
        return True


def _places(fault: BaseException) -> tuple[str, str]:
    """Where a fault was raised, and the nearest line of ours on the way there: what calls itself is one place, however deep."""
    nearest = at = ""
    trace = fault.__traceback__
    while trace is not None:
        at = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        nearest = at if at.startswith(HERE) else nearest
        trace = trace.tb_next
    return nearest, at


def _requested(record: logging.LogRecord) -> bool:
    """Name the request that a line belongs to."""
    if request := request_id.get():
        record.request = request
    return True


def configure(level: str, form: str) -> None:
    """Send every logger's lines to standard error in the chosen form, once."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _Text("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S"))
    handler.addFilter(_wanted)
    handler.addFilter(_Seldom())
    handler.addFilter(_requested)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for noisy in ("httpx", "httpcore", "httpx2", "asyncio", "aiosqlite", "alembic", "uvicorn.access", "PIL", "markdown_it", "multipart"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def adopt(*names: str) -> None:
    """Take loggers that brought handlers of their own: their lines go where all lines go, redacted like them."""
    for name in names:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
