"""What was used, read from the ledger: sums by day, model and visitor, and its rows one after the other."""

from collections.abc import AsyncGenerator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from imagechat.domain.money import WORDING, UsageReport, UsageRow, Use
from imagechat.store.database import Database
from imagechat.store.tables import ledger, visitors

PAGE = 1_000
"""Rows that are read at once."""
ALL = "all"
_SECOND = 1_000_000
_Kept = Row[*tuple[Any, ...]]


class Books:
    """The ledger's reader. `whose` is a visitor's id, or "all"."""

    def __init__(self, db: Database) -> None:
        self.db = db

    async def report(self, whose: str, since: date, until: date) -> UsageReport:
        """Everything from `since` to `until`, both counted."""
        where = _where(whose, since, until)
        c = ledger.c
        async with self.db.read(one_moment=True) as connection:
            total = await _uses(connection, where, ())
            days = await _uses(connection, where, (c.day, c.model))
            models = await _uses(connection, where, (c.model,))
            people = await _uses(connection, where, (c.visitor,)) if whose == ALL else []
            named = await _named(connection, [each.visitor for each in people if each.visitor])
        visitors = tuple(each.again(**named.get(each.visitor or "", {})) for each in _dearest(people))
        return UsageReport(
            whose=whose, since=since, until=until, total=total[0] if total else Use(),
            days=tuple(sorted(days, key=lambda use: (use.day or date.min, -use.price, use.model or ""))),
            models=tuple(_dearest(models)), visitors=visitors,
        )  # fmt: skip

    async def rows(self, whose: str, since: date, until: date) -> AsyncGenerator[UsageRow]:
        """Every piece of work, the oldest first; read in pages, so that nothing is held open meanwhile."""
        where, last = _where(whose, since, until), 0
        while True:
            query = select(ledger).where(where, ledger.c.number > last).order_by(ledger.c.number).limit(PAGE)
            async with self.db.read() as connection:
                rows = (await connection.execute(query)).all()
            for row in rows:
                yield _row(row)
            if len(rows) < PAGE:
                return
            last = rows[-1].number


def _where(whose: str, since: date, until: date) -> ColumnElement[bool]:
    between = ledger.c.day.between(since.isoformat(), until.isoformat())
    return between if whose == ALL else and_(ledger.c.visitor == whose, between)


async def _uses(connection: AsyncConnection, where: ColumnElement[bool], keys: Sequence[ColumnElement[Any]]) -> list[Use]:
    """Sums of what `where` is true of, one for each of `keys`."""
    sums = (await connection.execute(select(*keys, *_sums()).where(where).group_by(*keys))).mappings().all()
    times = {tuple(row[: len(keys)]): row for row in await connection.execute(_times(where, keys))}
    uses = []
    for row in sums:
        if not row["jobs"]:
            continue
        took = times.get(tuple(row[key.key or ""] for key in keys))
        seconds = {} if took is None else {"median": took.median / _SECOND, "p95": took.p95 / _SECOND}
        uses.append(Use.model_validate({**row, **seconds}))
    return uses


def _sums() -> list[ColumnElement[Any]]:
    c = ledger.c

    def of(*when: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((and_(*when), 1), else_=0)), 0)

    def total(column: ColumnElement[Any]) -> ColumnElement[int]:
        return func.coalesce(func.sum(column), 0)

    done, over = c.outcome == "done", c.status != "held"
    return [
        func.count().label("jobs"),
        total(c.pictures).label("pictures"),
        of(c.kind == "chat", done).label("replies"),
        of(c.kind == WORDING, done).label("wordings"),
        of(c.outcome.in_(("failed", "interrupted"))).label("failures"),
        of(c.outcome == "cancelled").label("cancelled"),
        total(c.price).label("price"),
        total(case((c.purse == "own", c.price), else_=0)).label("own"),
        of(over, c.price.is_(None)).label("unknown"),
        total(c.counted).label("counted"),
        total(c.input_tokens).label("input_tokens"),
        total(c.output_tokens).label("output_tokens"),
    ]


def _times(where: ColumnElement[bool], keys: Sequence[ColumnElement[Any]]) -> Any:
    """The median and the 95th percentile (nearest rank) of how long the finished ones took, in microseconds."""
    done = and_(where, ledger.c.outcome == "done", ledger.c.took.is_not(None))
    by = list(keys) or None
    rank = func.row_number().over(partition_by=by, order_by=ledger.c.took).label("rank")
    ranked = select(*keys, ledger.c.took, rank, func.count().over(partition_by=by).label("of")).where(done).subquery()

    def at(percent: int) -> ColumnElement[int]:
        return func.max(case((ranked.c.rank == (ranked.c.of * percent + 99) // 100, ranked.c.took)))

    named = [ranked.c[key.key or ""] for key in keys]
    return select(*named, at(50).label("median"), at(95).label("p95")).group_by(*named).having(func.count() > 0)


async def _named(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """Who they are: what their accounts are called, and their groups."""
    query = select(visitors.c.id, visitors.c.name, visitors.c.login, visitors.c.group).where(visitors.c.id.in_(ids))
    return {row.id: {"name": row.name or row.login or "", "group": row.group} for row in await connection.execute(query)}


def _dearest(uses: Sequence[Use]) -> list[Use]:
    return sorted(uses, key=lambda use: (-use.price, -use.unknown, -use.jobs, use.model or use.visitor or ""))


def _row(row: _Kept) -> UsageRow:
    facts = {name: value for name, value in row._mapping.items() if name not in ("number", "day", "took")}
    return UsageRow.model_validate({**facts, "took": None if row.took is None else row.took / _SECOND})
