"""Money: what something will cost, what somebody may spend, and what was used. Dollars are whole micro-dollars everywhere."""

from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Literal

from imagechat.domain.jobs import ErrorFacts, Purse
from imagechat.domain.values import Value

MICRO = 1_000_000
"""Micro-dollars in a dollar."""
THRESHOLDS = (50, 80, 100)
"""Percent of a budget at which somebody is told."""
HOUSE = "house"
"""The scope of everybody together."""
WORDING = "wording"
"""The kind of work that a prompt worded by a model is in the ledger; the others are "image" and "chat"."""


class Hold(Value):
    """What is set aside before a model is asked: `amount` micro-dollars, the dearest outcome, and `asked` pictures.

    `job`: the id of the work; only that of the house's purse counts, the others are only written down. `own_keys`: whether the visitor
    could have the same done with a key of their own.
    """

    job: str
    visitor: str
    group: str
    purse: Purse
    kind: str
    model: str
    provider: str
    amount: int = 0
    asked: int = 0
    created: datetime
    own_keys: bool = True

    @property
    def counts(self) -> bool:
        """Whether the house pays."""
        return self.purse == "house"


class Spent(Value):
    """How a piece of work ended. `price`: micro-dollars, None where nobody knows, 0 only where surely nobody charged; `took`: microseconds
    of work, None where it never began. `known`: of work whose price is unknown, what is known of it, and for how many pictures.
    """

    job: str
    outcome: str
    ended: datetime
    price: int | None = None
    pictures: int = 0
    input_tokens: int | None = None
    output_tokens: int | None = None
    took: int | None = None
    known: tuple[int, int] = (0, 0)


class Caps(Value):
    """What one scope may spend: micro-dollars and pictures in a day and in a month (UTC). None is no limit."""

    day: int | None = None
    month: int | None = None
    pictures_day: int | None = None
    pictures_month: int | None = None


Whose = Literal["visitor", "group", "house"]
Unit = Literal["dollars", "pictures"]
Span = Literal["day", "month"]


class Cap(Value):
    """How it stands with one cap: `used` and `held` (of work under way) of `most`, in micro-dollars or pictures.

    `resets`: when it begins anew. `reason` is the same word as OverBudget's.
    """

    whose: Whose
    unit: Unit
    span: Span
    used: int = 0
    held: int = 0
    most: int
    resets: datetime

    @property
    def reason(self) -> str:
        """Its name, like "visitor_day" and "visitor_pictures_month"."""
        return f"{self.whose}_{'pictures_' if self.unit == 'pictures' else ''}{self.span}"

    @property
    def left(self) -> int:
        """What can still be asked for; never below 0."""
        return max(0, self.most - self.used - self.held)

    @property
    def percent(self) -> int:
        """How much of it is used, rounded down; more than 100 where a bill was higher than what was set aside."""
        return 100 * self.used // self.most if self.most else 100


class Allowance(Value):
    """All caps that hold for a visitor, the tightest period first; the house's are told to those who look after others.

    `warned`: the highest of 50, 80 and 100 percent that is used of one of them in dollars, 0 below. `purses`: who pays for something of
    what the visitor may choose now; without "house" nothing that they do touches a cap.
    """

    caps: tuple[Cap, ...] = ()
    warned: int = 0
    purses: frozenset[Purse] = frozenset()

    def cap(self, reason: str) -> Cap | None:
        """The cap of that name; None where there is no such limit."""
        return next((each for each in self.caps if each.reason == reason), None)

    @property
    def dollars(self) -> Cap | None:
        """The cap in dollars of which the least is left."""
        return min((each for each in self.caps if each.unit == "dollars"), key=lambda each: each.left, default=None)

    @property
    def pictures(self) -> Cap | None:
        """The cap in pictures of which the least is left."""
        return min((each for each in self.caps if each.unit == "pictures"), key=lambda each: each.left, default=None)


class Estimate(Value):
    """What pressing Send would cost now, in micro-dollars: most often and at most, None where nobody knows; 0 where it is free.

    `purse`: who pays; `reserves`: what would be set aside; `refused`: the OverBudget that it would meet, None where it fits. `left` and
    `pictures_left`: what this visitor has before it, by the tightest caps; None without one.
    """

    model: str
    kind: Literal["image", "chat"]
    count: int = 1
    purse: Purse = "free"
    likely: int | None = None
    most: int | None = None
    reserves: int = 0
    refused: ErrorFacts | None = None
    left: int | None = None
    pictures_left: int | None = None

    @property
    def fits(self) -> bool:
        """Whether it would be taken."""
        return self.refused is None


class Use(Value):
    """What was used, summed over `jobs` pieces of work; what a sum is not told apart by is None.

    `price`: the sum of what is known, `unknown` counts the jobs whose price nobody knows, `counted` is what counts against budgets.
    `own`: how much of `price` was paid with people's own keys. `failures`: jobs that failed or were interrupted. `median`, `p95`: seconds
    of those that were done; None while there are none.
    """

    day: date | None = None
    model: str | None = None
    visitor: str | None = None
    name: str = ""
    group: str | None = None
    jobs: int = 0
    pictures: int = 0
    replies: int = 0
    wordings: int = 0
    failures: int = 0
    cancelled: int = 0
    price: int = 0
    own: int = 0
    unknown: int = 0
    counted: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    median: float | None = None
    p95: float | None = None


class UsageReport(Value):
    """What was used from `since` to `until` (both days counted, UTC): in all, by day and model, by model (the dearest first), and, for
    those who look after others and ask for all, by visitor. `whose`: a visitor's id, or "all".
    """

    whose: str
    since: date
    until: date
    total: Use
    days: tuple[Use, ...] = ()
    models: tuple[Use, ...] = ()
    visitors: tuple[Use, ...] = ()


class UsageRow(Value):
    """One piece of work as the ledger has it, for tables and files. `took`: seconds; prices are micro-dollars, None where unknown."""

    job: str
    created: datetime
    ended: datetime | None
    visitor: str
    group: str
    purse: Purse
    kind: str
    model: str
    provider: str
    status: str
    outcome: str
    held: int
    counted: int
    price: int | None
    asked: int
    pictures: int
    input_tokens: int | None
    output_tokens: int | None
    took: float | None


class Budget(Value):
    """What holds for `scope` ("visitor:<id>", "group:<name>", "house"); `by` and `changed` where an admin set it, else None."""

    scope: str
    caps: Caps
    by: str | None = None
    changed: datetime | None = None


class Crossing(Value):
    """So much of a budget is used now, for the first time in its period: what a warning tells."""

    scope: str
    span: Span
    period: str
    percent: int
    used: int
    most: int


def periods(moment: datetime) -> tuple[str, str]:
    """The day and the month (UTC) of a moment, as the books name them."""
    return moment.strftime("%Y-%m-%d"), moment.strftime("%Y-%m")


def resets(moment: datetime, span: Span) -> datetime:
    """When the day or the month of `moment` is over (UTC)."""
    if span == "day":
        return moment.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    year, month = (moment.year + 1, 1) if moment.month == 12 else (moment.year, moment.month + 1)
    return moment.replace(year=year, month=month, day=1, hour=0, minute=0, second=0, microsecond=0)


def dollars(amount: int) -> str:
    """Micro-dollars as people read them: at least two places, and as many as small sums need ("$0.05", "$0.0002")."""
    exact = Decimal(amount) / MICRO
    shown = exact.quantize(_step(exact)).normalize()
    shown = max(shown, shown.quantize(Decimal("0.01")), key=lambda each: -int(each.as_tuple().exponent))
    return f"${shown:f}" if shown >= 0 else f"-${-shown:f}"


def _step(exact: Decimal) -> Decimal:
    return Decimal("0.0001") if abs(exact) >= Decimal("0.0001") else Decimal("0.000001")


def micro(amount: Decimal | None) -> int | None:
    """Dollars as micro-dollars, rounded up; None stays None."""
    return None if amount is None else int((amount * MICRO).to_integral_value(rounding=ROUND_CEILING))
