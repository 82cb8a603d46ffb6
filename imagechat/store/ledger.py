"""The ledger: what work may cost is held before a model is asked, and settled in the transaction that stores how it ended.

Exact under any number of requests at once: raising a balance and reading what it came to is one statement, whose rows stay locked
until the transaction ends (SQLite has one writer; PostgreSQL locks them, always in the same order), so whoever comes next sees it.
A refusal undoes the whole transaction. Balances are sums of the ledger by the UTC day on which a hold was made, whenever it is settled.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import BigInteger, Label, Row, TextClause, bindparam, case, delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from imagechat.domain.money import (
    HOUSE,
    THRESHOLDS,
    Budget,
    Cap,
    Caps,
    Crossing,
    Hold,
    Span,
    Spent,
    Unit,
    Whose,
    dollars,
    periods,
    resets,
)
from imagechat.domain.values import Value, now
from imagechat.errors import OverBudget
from imagechat.store.database import Database
from imagechat.store.moments import micros
from imagechat.store.tables import balances, budgets, ledger

Balance = Row[*tuple[Any, ...]]


class Standard(Value):
    """What holds where no admin set anything else: for each visitor, for all guests together, for everybody together."""

    visitor: Caps = Caps()
    guests: Caps = Caps()
    house: Caps = Caps()

    def caps(self, scope: str, group: str) -> Caps:
        """The caps of `scope` for a visitor in `group`; the owner has none of their own."""
        if scope == HOUSE:
            return self.house
        if scope.startswith("group:"):
            return self.guests if scope == "group:guest" else Caps()
        return Caps() if group == "owner" else self.visitor


class Ledger:
    """Holds, settlements, and what they add up to. `told` hears of budgets that are used by half, mostly and wholly, after it is stored."""

    def __init__(
        self, db: Database, standard: Standard | None = None, told: Callable[[Sequence[Crossing]], object] = lambda crossings: None
    ) -> None:
        self.db, self.told = db, told
        self.standard = standard or Standard()

    async def reserve(self, connection: AsyncConnection, hold: Hold) -> None:
        """Write a piece of work down and hold what it may cost, within the caller's transaction, which any error must undo.

        Raises: OverBudget.
        """
        day = periods(hold.created)[0]
        row = {name: getattr(hold, name) for name in ("job", "visitor", "group", "purse", "kind", "model", "provider", "asked", "created")}
        held = hold.amount if hold.counts else 0
        empty = {"status": "held", "outcome": "", "counted": 0, "pictures": 0}
        await connection.execute(_HOLD, {**row, **empty, "held": held, "day": day})
        if hold.counts:
            before = await _raise(connection, hold)
            caps = {scope: self._caps(row, hold.group) for (scope, _), row in before.items()}
            stand = (cap for scope, limits in caps.items() for cap in _standing(scope, limits, before, hold.created))
            if fault := refused(hold, stand):
                raise fault

    async def hold(self, hold: Hold) -> None:
        """The same in a transaction of its own, for work without a job. Raises: OverBudget."""
        async with self.db.write() as connection:
            await self.reserve(connection, hold)

    async def settle(self, connection: AsyncConnection, spent: Spent) -> list[Crossing]:
        """Take the hold back and count what is known, within the caller's transaction: once, however often it is said.

        What nobody knows counts with what was held for it; the price stays unknown. Returns the warnings to be told after it is stored.
        """
        row = (await connection.execute(_SETTLE, _facts(spent))).one_or_none()
        if row is None or row.purse != "house":
            return []
        facts = {"scopes": scopes(row.visitor, row.group), "periods": periods(row.created)}
        moved = {"freed": row.held, "counts": row.counted, "asks": row.asked, "came": row.pictures}
        changed = (await connection.execute(_MOVE, {**facts, **moved})).all()
        if not row.counted:
            return []
        return await _warned(connection, [each for balance in changed for each in _crossed(balance, self._caps(balance, row.group))])

    async def settled(self, spent: Spent) -> None:
        """The same in a transaction of its own, and the warnings told."""
        async with self.db.write() as connection:
            crossings = await self.settle(connection, spent)
        if crossings:
            self.told(crossings)

    async def release(self, connection: AsyncConnection) -> list[Crossing]:
        """Take back every hold that is left when all jobs of dead processes are at their end: wordings that nobody ended.

        Their models were asked, so they count with what was held.
        """
        left = (await connection.execute(select(ledger.c.job).where(ledger.c.status == "held"))).scalars().all()
        crossings: list[Crossing] = []
        for job in left:
            crossings += await self.settle(connection, Spent(job=job, outcome="interrupted", ended=now()))
        return crossings

    async def caps(self, connection: AsyncConnection, visitor: str, group: str) -> dict[str, Caps]:
        """The caps that hold for a visitor, by scope: what an admin set stands whole in place of the settings."""
        wanted = scopes(visitor, group)
        kept = {row.scope: row for row in await connection.execute(_BUDGETS, {"scopes": wanted})}
        return {scope: caps_of(kept[scope]) if scope in kept else self.standard.caps(scope, group) for scope in wanted}

    async def standing(self, visitor: str, group: str, moment: datetime) -> list[Cap]:
        """Every cap that holds for a visitor, with what of it is used and held at `moment`; those nearest to them first."""
        async with self.db.read(one_moment=True) as connection:
            caps = await self.caps(connection, visitor, group)
            query = select(balances).where(balances.c.scope.in_(list(caps)), balances.c.period.in_(periods(moment)))
            rows = {(row.scope, row.period): row for row in await connection.execute(query)}
        return [cap for scope, limits in caps.items() for cap in _standing(scope, limits, rows, moment)]

    async def set(self, scope: str, caps: Caps | None, by: str) -> None:
        """Let `caps` hold for `scope`, whole, in place of the settings'; None gives it back to them."""
        async with self.db.write() as connection:
            await connection.execute(delete(budgets).where(budgets.c.scope == scope))
            if caps is not None:
                await connection.execute(insert(budgets).values(scope=scope, **dict(caps), changed=now(), by=by))

    async def budgets(self) -> list[Budget]:
        """Everything that an admin set."""
        async with self.db.read() as connection:
            rows = (await connection.execute(select(budgets).order_by(budgets.c.scope))).all()
        return [Budget(scope=row.scope, caps=caps_of(row), by=row.by, changed=row.changed) for row in rows]

    def _caps(self, row: Balance, group: str) -> Caps:
        """The caps that hold for a balance that was told with what an admin set for its scope."""
        return self.standard.caps(row.scope, group) if row.changed is None else caps_of(row)


def _crossed(balance: Balance, caps: Caps) -> Iterator[Crossing]:
    """The shares of its cap that a balance has reached, told before or not."""
    span: Span = "day" if len(balance.period) > len("2026-11") else "month"
    most = getattr(caps, span)
    for percent in THRESHOLDS if most else ():
        if 100 * balance.spent >= percent * most:
            yield Crossing(scope=balance.scope, period=balance.period, percent=percent, span=span, used=balance.spent, most=most)


async def _warned(connection: AsyncConnection, reached: list[Crossing]) -> list[Crossing]:
    """Those that nobody was told of before: each is told once."""
    if not reached:
        return []
    keys = [(each.scope, each.period, each.percent) for each in reached]
    facts = {
        f"{name}{index}": value for index, key in enumerate(keys) for name, value in zip(("scope", "period", "percent"), key, strict=True)
    }
    new = {tuple(row) for row in await connection.execute(_warning(len(keys)), {**facts, "at": micros(now())})}
    return [each for each, key in zip(reached, keys, strict=True) if key in new]


@cache
def _warning(count: int) -> TextClause:
    rows = ", ".join(f"(:scope{index}, :period{index}, :percent{index}, :at)" for index in range(count))
    return text(f"INSERT INTO warnings (scope, period, percent, at) VALUES {rows} ON CONFLICT DO NOTHING RETURNING scope, period, percent")


def scopes(visitor: str, group: str) -> list[str]:
    """Who answers for what a visitor spends, those nearest first: themselves, their group, the house. The owner is in no group."""
    return [f"visitor:{visitor}", *([f"group:{group}"] if group != "owner" else []), HOUSE]


def caps_of(row: Balance) -> Caps:
    """A row of `budgets` as its caps."""
    return Caps(day=row.day, month=row.month, pictures_day=row.pictures_day, pictures_month=row.pictures_month)


async def _raise(connection: AsyncConnection, hold: Hold) -> dict[tuple[str, str], Balance]:
    """Raise every balance that answers for `hold`; what each was before, with what an admin set for it."""
    rows = sorted((scope, period) for scope in scopes(hold.visitor, hold.group) for period in periods(hold.created))
    facts = {f"{name}{index}": value for index, row in enumerate(rows) for name, value in zip(("scope", "period"), row, strict=True)}
    raised = await connection.execute(_raising(len(rows)), {**facts, "held": hold.amount, "asked": hold.asked})
    return {(row.scope, row.period): row for row in raised}


_SET = ("day", "month", "pictures_day", "pictures_month", "changed")
"""What stands beside a balance where an admin set caps for its scope: read in the same statement, for a second one costs 0.7 ms."""
_BESIDE = ", ".join(f"(SELECT {name} FROM budgets WHERE budgets.scope = balances.scope) AS {name}" for name in _SET)


@cache
def _raising(count: int) -> TextClause:
    rows = ", ".join(f"(:scope{index}, :period{index}, :held, 0, :asked, 0)" for index in range(count))
    return text(
        f"INSERT INTO balances (scope, period, held, spent, pictures_held, pictures) VALUES {rows} "
        "ON CONFLICT (scope, period) DO UPDATE SET held = balances.held + excluded.held, "
        "pictures_held = balances.pictures_held + excluded.pictures_held "
        f"RETURNING scope, period, held - :held AS held, spent, pictures_held - :asked AS pictures_held, pictures, {_BESIDE}"
    )


def _standing(scope: str, caps: Caps, rows: dict[tuple[str, str], Balance], moment: datetime) -> Iterator[Cap]:
    whose = cast(Whose, scope.partition(":")[0])
    spans: tuple[Span, ...] = ("day", "month")
    for span, period in zip(spans, periods(moment), strict=True):
        row, again = rows.get((scope, period)), resets(moment, span)
        for unit, most, columns in (
            ("dollars", getattr(caps, span), ("spent", "held")),
            ("pictures", getattr(caps, f"pictures_{span}"), ("pictures", "pictures_held")),
        ):
            if most is not None:
                used, held = (0, 0) if row is None else (getattr(row, name) for name in columns)
                yield Cap(whose=whose, unit=cast(Unit, unit), span=span, used=used, held=held, most=most, resets=again)


def refused(hold: Hold, caps: Iterable[Cap]) -> OverBudget | None:
    """The error that `hold` would meet, as things stand."""
    order = sorted(caps, key=lambda cap: (("visitor", "group", "house").index(cap.whose), cap.unit != "dollars"))
    for cap in order:
        needs = hold.amount if cap.unit == "dollars" else hold.asked
        if needs and cap.used + cap.held + needs > cap.most:
            words = dollars if cap.unit == "dollars" else int
            facts = {"left": words(cap.left), "most": words(cap.most), "needs": words(needs)}
            return OverBudget(cap.reason, **facts, resets=cap.resets.isoformat(), own_keys=hold.own_keys)
    return None


def _facts(spent: Spent) -> dict[str, Any]:
    """What `_SETTLE` is told."""
    known, came = spent.known
    told = spent.model_dump(exclude={"known"})
    return {**{f"of_{name}": value for name, value in told.items()}, "of_known": known, "of_came": came}


def _beside() -> Iterator[Label[Any]]:
    for name in _SET:
        found = select(budgets.c[name]).where(budgets.c.scope == balances.c.scope).correlate(balances)
        yield found.scalar_subquery().label(name)


# Built once: making a statement of parts takes SQLAlchemy longer than running it takes the database.
_HOLD = insert(ledger)
_BUDGETS = select(budgets).where(budgets.c.scope.in_(bindparam("scopes", expanding=True)))
_MOVE = (
    update(balances)
    .where(balances.c.scope.in_(bindparam("scopes", expanding=True)), balances.c.period.in_(bindparam("periods", expanding=True)))
    .values(
        held=balances.c.held - bindparam("freed"), spent=balances.c.spent + bindparam("counts"),
        pictures_held=balances.c.pictures_held - bindparam("asks"), pictures=balances.c.pictures + bindparam("came"),
    ).returning(balances.c.scope, balances.c.period, balances.c.spent, *_beside())
)  # fmt: skip
_ASKED = case((ledger.c.asked > 0, ledger.c.asked), else_=1)
_SHARE = bindparam("of_known", type_=BigInteger) + (ledger.c.held * (_ASKED - bindparam("of_came")) + _ASKED - 1) // _ASKED
_COUNTED = func.coalesce(bindparam("of_price", type_=BigInteger), _SHARE)
_SETTLE = (
    update(ledger)
    .where(ledger.c.job == bindparam("of_job"), ledger.c.status == "held")
    .values(
        status="settled", counted=case((ledger.c.purse == "house", _COUNTED), else_=0),
        **{name: bindparam(f"of_{name}") for name in ("outcome", "ended", "price", "pictures", "input_tokens", "output_tokens", "took")},
    ).returning(ledger)
)  # fmt: skip
"""The change of a held row: what is unknown counts with its share of what was held."""
