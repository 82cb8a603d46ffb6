"""The ledger: no cap is passed by however many at once, no cent is off, and no hold outlives its work."""

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from imagechat.domain.money import Caps, Crossing, Hold, Spent, dollars, periods, resets
from imagechat.domain.values import new_id, now
from imagechat.errors import OverBudget
from imagechat.store.database import Database
from imagechat.store.ledger import Ledger, Standard

CENT = 10_000
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def hold(amount: int = CENT, **facts: Any) -> Hold:
    basics = {"job": new_id(), "visitor": "ann", "group": "member", "purse": "house", "kind": "image", "model": "m", "provider": "p"}
    return Hold(**{**basics, "amount": amount, "asked": 1, "created": NOON, **facts})


def spent(held: Hold, price: int | None = CENT, **facts: Any) -> Spent:
    return Spent(**{"job": held.job, "outcome": "done", "ended": now(), "price": price, "pictures": 1, **facts})


def rows(db: Database, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(db.path) as connection:
        return connection.execute(query).fetchall()


def balance(db: Database, scope: str = "house", period: str = "2026-11-21") -> tuple[Any, ...]:
    """(held, spent, pictures held, pictures)."""
    query = f"SELECT held, spent, pictures_held, pictures FROM balances WHERE scope = '{scope}' AND period = '{period}'"
    return (rows(db, query) or [(0, 0, 0, 0)])[0]


def check_sums(db: Database) -> None:
    """Every balance is the sum of the ledger, to the last micro-dollar."""
    found = rows(db, "SELECT scope, period, held, spent, pictures_held, pictures FROM balances")
    for scope, period, *sums in found:
        kind, _, name = scope.partition(":")
        where = {"visitor": f"visitor = '{name}'", "group": f"\"group\" = '{name}'", "house": "1"}[kind]
        open_ones = f"purse = 'house' AND {where} AND day LIKE '{period}%'"
        query = (
            "SELECT coalesce(sum(CASE status WHEN 'held' THEN held END), 0), coalesce(sum(counted), 0), "
            "coalesce(sum(CASE status WHEN 'held' THEN asked END), 0), coalesce(sum(pictures), 0) FROM ledger WHERE "
        )
        assert rows(db, query + open_ones)[0] == tuple(sums), (scope, period)


@pytest.fixture
def told() -> list[Crossing]:
    return []


@pytest.fixture
def ledger(db: Database, told: list[Crossing]) -> Ledger:
    return Ledger(db, Standard(visitor=Caps(day=100 * CENT), guests=Caps(day=10 * CENT), house=Caps(month=500 * CENT)), told.extend)


async def test_a_thousand_at_once_and_exactly_those_that_fit(db: Database, ledger: Ledger):
    """Of a thousand that begin at once against a dollar exactly twenty at five cents fit; some bills are higher than the holds."""

    async def one(number: int) -> int:
        held = hold(5 * CENT)
        try:
            await ledger.hold(held)
        except OverBudget as fault:
            assert fault.reason == "visitor_day"
            return 0
        await asyncio.sleep(0)
        price = (number % 5 + 1) * CENT
        await ledger.settled(spent(held, price))
        return price

    prices = await asyncio.gather(*(one(number) for number in range(1000)))
    assert sum(prices) == balance(db, "visitor:ann")[1] == balance(db)[1]
    assert sum(price > 0 for price in prices) == 20
    assert balance(db)[0] == balance(db)[2] == 0
    check_sums(db)


async def test_holds_count_before_anything_is_settled(db: Database, ledger: Ledger):
    taken = await asyncio.gather(*(ledger.hold(hold(3 * CENT)) for _ in range(1000)), return_exceptions=True)
    assert sum(each is None for each in taken) == 33 and balance(db, "visitor:ann") == (99 * CENT, 0, 33, 0)
    check_sums(db)
    (fault, *_) = [each for each in taken if each is not None]
    assert isinstance(fault, OverBudget)
    assert fault.facts == {"left": "$0.01", "most": "$1.00", "needs": "$0.03", "resets": "2026-11-22T00:00:00+00:00", "own_keys": True}
    assert len(rows(db, "SELECT 1 FROM ledger")) == 33, "a refusal leaves nothing"


@pytest.mark.parametrize("order", [(CENT, 9 * CENT), (9 * CENT, CENT)])
async def test_a_hold_is_settled_once_and_the_real_bill_counts(db: Database, ledger: Ledger, order: tuple[int, int]):
    held = hold(5 * CENT)
    await ledger.hold(held)
    for price in order:
        await ledger.settled(spent(held, price))
    assert balance(db) == (0, order[0], 0, 1)
    check_sums(db)


@pytest.mark.parametrize(
    ("facts", "counted"),
    [
        ({"price": None}, 8), ({"price": None, "outcome": "cancelled", "pictures": 0}, 8), ({"price": 0, "outcome": "failed"}, 0),
        ({"price": None, "known": (CENT, 1)}, 1 + 6), ({"price": None, "known": (30 * CENT, 3)}, 30 + 2), ({"price": 20 * CENT}, 20),
    ],
)  # fmt: skip
async def test_what_nobody_knows_counts_with_what_was_held_for_it(db: Database, ledger: Ledger, facts: dict[str, Any], counted: int):
    held = hold(8 * CENT, asked=4)
    await ledger.hold(held)
    await ledger.settled(spent(held, **facts))
    assert balance(db)[:2] == (0, counted * CENT)
    assert rows(db, "SELECT price FROM ledger") == [(facts["price"],)], "unknown stays unknown"
    check_sums(db)


@pytest.mark.parametrize("purse", ["own", "free"])
async def test_who_pays_themselves_counts_for_nobody(db: Database, ledger: Ledger, purse: Any):
    held = hold(10**9, purse=purse)
    await ledger.hold(held)
    await ledger.settled(spent(held, 7 * CENT))
    assert rows(db, "SELECT status, held, counted, price FROM ledger") == [("settled", 0, 0, 7 * CENT)] and not rows(
        db, "SELECT 1 FROM balances"
    )


async def test_all_guests_together_have_one_cap_and_the_owner_none(ledger: Ledger):
    for guest in ("one", "two"):
        await ledger.hold(hold(5 * CENT, visitor=guest, group="guest"))
    with pytest.raises(OverBudget) as fault:
        await ledger.hold(hold(CENT, visitor="three", group="guest"))
    assert fault.value.reason == "group_day"
    await ledger.hold(hold(400 * CENT, visitor="owner", group="owner"))
    with pytest.raises(OverBudget) as fault:
        await ledger.hold(hold(99 * CENT, visitor="owner", group="owner"))
    assert fault.value.reason == "house_month", "the house's caps hold for everybody"


async def test_what_an_admin_sets_stands_whole_in_place_of_the_settings(ledger: Ledger):
    await ledger.set("visitor:ann", Caps(pictures_month=2), "owner")
    await ledger.hold(hold(200 * CENT, asked=2))
    with pytest.raises(OverBudget) as fault:
        await ledger.hold(hold(0))
    assert (fault.value.reason, fault.value.facts["left"], fault.value.facts["resets"]) == (
        "visitor_pictures_month", 0, "2026-12-01T00:00:00+00:00",
    )  # fmt: skip
    await ledger.set("visitor:ann", None, "owner")
    with pytest.raises(OverBudget, match=r"visitor_day"):
        await ledger.hold(hold(0 + CENT))


async def test_a_day_and_a_month_end_and_a_hold_counts_where_it_began(db: Database, ledger: Ledger):
    last = datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    held = hold(100 * CENT, created=last)
    await ledger.hold(held)
    await ledger.hold(hold(100 * CENT, created=last + timedelta(microseconds=1)))
    with pytest.raises(OverBudget):  # The clock is set back: the old day is as full as it was.
        await ledger.hold(hold(CENT, created=last - timedelta(hours=5)))
    await ledger.settled(spent(held, CENT, ended=last + timedelta(hours=1)))
    assert balance(db, period="2026-12-31")[:2] == (0, CENT) and balance(db, period="2027-01-01")[:2] == (100 * CENT, 0)
    assert balance(db, period="2026-12")[:2] == (0, CENT)
    check_sums(db)


def test_periods_end_when_they_do():
    assert periods(NOON) == ("2026-11-21", "2026-11")
    assert {resets(datetime(2026, 12, 31, 5, tzinfo=UTC), span).year for span in ("day", "month")} == {2027}
    assert resets(datetime(2028, 2, 28, tzinfo=UTC), "day").day == 29


async def test_warnings_are_told_once_in_a_period(ledger: Ledger, told: list[Crossing]):
    async def use(cents: int, created: datetime = NOON) -> None:
        held = hold(cents * CENT, created=created)
        await ledger.hold(held)
        await ledger.settled(spent(held, cents * CENT))

    for cents in (49, 1, 1, 28, 0, 1, 20):
        await use(cents)
    assert [(each.scope, each.period, each.percent, each.used, each.most) for each in told] == [
        ("visitor:ann", "2026-11-21", percent, used * CENT, 100 * CENT) for percent, used in ((50, 50), (80, 80), (100, 100))
    ]
    told.clear()
    await use(85, NOON + timedelta(days=1))
    assert [each.percent for each in told] == [50, 80], "a new day warns anew"


async def test_holds_that_nobody_ended_are_taken_back_and_count(db: Database, ledger: Ledger):
    await ledger.hold(hold(5 * CENT, kind="wording", asked=0))
    async with db.write() as connection:
        await ledger.release(connection)
    assert balance(db) == (0, 5 * CENT, 0, 0)
    assert rows(db, "SELECT status, outcome, price FROM ledger") == [("settled", "interrupted", None)]
    check_sums(db)


@pytest.mark.parametrize(
    ("amount", "words"), [(0, "$0.00"), (50_000, "$0.05"), (200, "$0.0002"), (1, "$0.000001"), (12_345_678, "$12.3457"), (10**7, "$10.00")]
)
def test_dollars_are_written_as_people_read_them(amount: int, words: str):
    assert dollars(amount) == words


async def test_holding_and_settling_are_few_statements(db: Database, ledger: Ledger):
    """In one transaction, which they share with the job: the ledger's row, the balances, and what caps there are."""
    asked: list[str] = []
    event.listen(db._writer.sync_engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    held = hold()
    async with db.write() as connection:
        await ledger.reserve(connection, held)
        reserving = len(asked)
        await ledger.settle(connection, spent(held))
    assert reserving <= 4 and len(asked) - reserving <= 3, asked
