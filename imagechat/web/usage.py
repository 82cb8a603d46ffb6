"""What was used, as a file."""

import csv
import io
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import date

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from imagechat.domain.money import MICRO, UsageRow
from imagechat.domain.values import now
from imagechat.errors import BadInput, ImageChatError
from imagechat.shown import Shown
from imagechat.studio import Studio
from imagechat.web.identity import visitor_of

USUAL = 30
"""Days, where nobody says which."""
HEAD = (
    "started", "ended", "visitor", "group", "paid_by", "kind", "model", "provider", "outcome", "asked", "pictures", "input_tokens",
    "output_tokens", "seconds", "price_dollars", "counted_dollars",
)  # fmt: skip


class Usage:
    """GET /usage.csv?since=&until=&whose=: one line for each piece of work. Source of the format: RFC 4180."""

    def __init__(self, studio: Studio, shown: Shown) -> None:
        self.studio, self.shown = studio, shown

    def routes(self) -> list[Route]:
        """The one address."""
        return [Route("/usage.csv", self.file)]

    async def file(self, request: Request) -> Response:
        """The file, a line at a time; `whose`, for those who look after others: an id, or "all"."""
        try:
            until = _day(request, "until", now().date())
            since = _day(request, "since", date.fromordinal(max(1, until.toordinal() - USUAL + 1)))
            rows = self._lines(request, since, until)
            first = await anext(rows)
        except ImageChatError as fault:
            words = self.shown.locale.error(fault.code, fault.reason, fault.facts)
            return PlainTextResponse(words, fault.status, {"Cache-Control": "no-store"})
        name = f"imagechat-usage-{since}-{until}.csv"
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
        return StreamingResponse(_after(first, rows), media_type="text/csv; charset=utf-8", headers=headers)

    async def _lines(self, request: Request, since: date, until: date) -> AsyncGenerator[str]:
        whose = request.query_params.get("whose") or None
        rows = self.studio.usage_rows(visitor_of(request), since, until, whose=whose)
        async with aclosing(rows) as each:
            head = _line(HEAD)
            async for row in each:
                yield head + _line(_cells(row))
                head = ""
            if head:
                yield head


async def _after(first: str, rows: AsyncGenerator[str]) -> AsyncGenerator[str]:
    async with aclosing(rows):
        yield first
        async for row in rows:
            yield row


def _day(request: Request, name: str, usual: date) -> date:
    given = request.query_params.get(name)
    try:
        return date.fromisoformat(given) if given else usual
    except ValueError as fault:
        raise BadInput("day", given=given[:20] if given else "") from fault


def _cells(row: UsageRow) -> tuple[object, ...]:
    ended = row.ended.isoformat() if row.ended else ""
    paid = None if row.price is None else f"{row.price / MICRO:.6f}"
    return (
        row.created.isoformat(), ended, row.visitor, row.group, row.purse, row.kind, row.model, row.provider, row.outcome, row.asked,
        row.pictures, row.input_tokens, row.output_tokens, row.took, "unknown" if paid is None else paid, f"{row.counted / MICRO:.6f}",
    )  # fmt: skip


def _line(cells: tuple[object, ...]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([_plain(each) for each in cells])
    return line.getvalue()


def _plain(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula. Source: owasp.org, CSV injection."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else "" if cell is None else cell
