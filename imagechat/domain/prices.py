"""What tokens cost: a dated table on each card. Micro-dollars per token are dollars per million tokens."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from imagechat.domain.values import Value


class Rates(Value):
    """Dollars per million tokens from `since` on. `image` is for pictures that go in; a cached token costs `cached` where that is known."""

    since: date
    text: Decimal = Decimal(0)
    image: Decimal = Decimal(0)
    out: Decimal
    cached: Decimal | None = None


class Used(Value):
    """Tokens: `text` and `image` (pictures) went in, `cached` of the text were remembered from before, `out` came."""

    text: int = 0
    image: int = 0
    out: int = 0
    cached: int = 0


def rates_on(table: Sequence[Rates], day: date) -> Rates | None:
    """The rates that hold on `day`: the newest that had begun by then."""
    return max((each for each in table if each.since <= day), key=lambda each: each.since, default=None)


def cost(used: Used, rates: Rates) -> int:
    """Micro-dollars, rounded half up."""
    remembered = used.cached if rates.cached is not None else 0
    exact = (used.text - remembered) * rates.text + remembered * (rates.cached or 0) + used.image * rates.image + used.out * rates.out
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
