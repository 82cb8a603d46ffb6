"""Log lines for people or for programs, without secrets and without anybody's prompts."""

import json
import logging
import re
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

_SECRET = re.compile(
    r"(?i)(sk-[\w-]{6,}|hf_\w{6,}|AIza[\w-]{10,}|eyJ[\w-]{8,}\.[\w-]+\.[\w-]+"
    r"|(?<=bearer )[\w.~+/-]{6,}=*"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
    r"|(?<=key=)[^&\s\"']+|(?<=token=)[^&\s\"']+|(?<=secret=)[^&\s\"']+|(?<=password=)[^&\s\"']+"
    r"|(?<=key[\"']: [\"'])[^\"']+|(?<=token[\"']: [\"'])[^\"']+|(?<=secret[\"']: [\"'])[^\"']+|(?<=password[\"']: [\"'])[^\"']+)"
)
_SECRET_NAME = re.compile(r"(?i)(^|_)(key|token|secret|password|authorization|cookie)$")
_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}

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
