"""The audit log: who did what of weight and when, never what was secret and never what somebody wrote to a model."""

import json
import logging
import re
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select

from imagechat.domain.policy import AuditLine
from imagechat.domain.records import Page
from imagechat.domain.values import Scalar, now
from imagechat.errors import BadAddress
from imagechat.logs import cleaned, redacted
from imagechat.store.database import Database
from imagechat.store.rows import Kept
from imagechat.store.tables import audit

log = logging.getLogger(__name__)
KEPT = timedelta(days=180)
"""How long a line is kept."""
LONGEST = 300
"""Characters of anything in a line."""
_UNSAID = re.compile(r"(?i)(^|_)(key|token|secret|passw(or)?d|cookie|cipher|authorization|prompt|text|message)s?$")
"""What facts are called whose values have no place here."""


class Audit:
    """One line for each deed."""

    def __init__(self, db: Database) -> None:
        self.db = db

    async def note(self, actor: str, action: str, subject: str = "", **facts: Scalar) -> None:
        """Write a line down, with the time of now. One that cannot be written is logged and breaks nothing: its deed is done.

        Facts that are called a secret, or look like one, are kept as "[redacted]".
        """
        named: dict[str, Any] = {"actor": _text(actor), "action": _text(action), "subject": _text(subject)}
        try:
            row = {
                "at": now(),
                **named,
                "facts": json.dumps({name: _fact(name, value) for name, value in facts.items()}, ensure_ascii=False),
            }
            async with self.db.write() as connection:
                await connection.execute(insert(audit).values(row))
        except Exception:
            log.exception("a line of the audit log could not be written", extra=named)

    async def page(self, before: str | None = None, limit: int = 50) -> Page:
        """A page of `AuditLine`s, newest first; `before` is the cursor that an earlier page gave.

        Raises: BadAddress("cursor").
        """
        query = select(audit).order_by(audit.c.number.desc()).limit(limit + 1)
        if before is not None:
            query = query.where(audit.c.number < _cursor(before))
        async with self.db.read() as connection:
            rows = (await connection.execute(query)).all()
        older = str(rows[limit - 1].number) if len(rows) > limit else None
        return Page(items=tuple(_line(row) for row in rows[:limit]), older=older)

    async def sweep(self, older_than: datetime) -> int:
        """Remove lines from before `older_than`; how many there were."""
        async with self.db.write() as connection:
            return (await connection.execute(delete(audit).where(audit.c.at < older_than))).rowcount


def _text(given: object) -> str:
    return redacted(str(given))[:LONGEST]


def _fact(name: str, value: Scalar) -> object:
    """A fact as it may be kept; what is no scalar is kept as its words."""
    if _UNSAID.search(name):
        return "[redacted]"
    kept = cleaned(value)
    return kept if isinstance(kept, bool | int | float | None) else str(kept)[:LONGEST]


def _line(row: Kept) -> AuditLine:
    return AuditLine(at=row.at, actor=row.actor, action=row.action, subject=row.subject, facts=json.loads(row.facts))


def _cursor(given: str) -> int:
    if not given.isascii() or not given.isdigit() or len(given) > 18:
        raise BadAddress("cursor")
    return int(given)
