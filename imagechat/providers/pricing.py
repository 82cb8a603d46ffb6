"""What was used, in micro-dollars: as the provider says, else by public price lists, else by the card's own table, else nobody knows.

Public lists are those of the package genai-prices, as they were when it was released: it is never let onto the network. Where it knows
a model, it counts before the card's table, because it knows what the table does not, dearer tokens in long conversations above all. It
has no prices of pictures by themselves, so what pictures cost is left to the table; so is a model that somebody described in a file of
their own, whose prices may be theirs alone.
"""

import asyncio
import logging
import sys
import threading
from collections.abc import Awaitable
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from imagechat.domain.models import ModelCard
from imagechat.domain.prices import Used

log = logging.getLogger(__name__)
MICRO = 1_000_000
_loading = threading.Lock()


def begin(card: ModelCard) -> Awaitable[None]:
    """Have the price lists read in a thread, where they hold for `card` and were not yet; to be awaited before `priced` is asked."""
    if _listed(card) and "genai_prices.data" not in sys.modules:
        return asyncio.ensure_future(asyncio.to_thread(_load))
    there: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    there.set_result(None)
    return there


def _load() -> None:
    """Import the lists: 0.3 s of work, once."""
    with _loading:
        import genai_prices.data  # noqa: F401


def priced(usage: dict[str, Any], tokens: Used, card: ModelCard) -> int | None:
    """Micro-dollars: the server's own figure where it says one (`cost`, in dollars: OpenRouter), else by the lists, else by the card."""
    told = usage.get("cost")
    if isinstance(told, int | float) and not isinstance(told, bool) and 0 <= told < MICRO:
        return round(told * MICRO)
    moment = datetime.now(UTC)
    listed = by_list(tokens, card, moment) if _listed(card) and "genai_prices.data" in sys.modules else None
    return card.cost(tokens, moment.date()) if listed is None else listed


def _listed(card: ModelCard) -> bool:
    return bool(card.market) and card.kind == "text"


def by_list(used: Used, card: ModelCard, moment: datetime) -> int | None:
    """What the lists say, rounded half up; None where they do not know the model."""
    from genai_prices import Usage, calc_price

    tokens = Usage(input_tokens=used.text, output_tokens=used.out, cache_read_tokens=used.cached)
    try:
        found = calc_price(tokens, card.id, provider_id=card.market, genai_request_timestamp=moment)
    except LookupError:
        return None
    except Exception as fault:  # Somebody else's figures break no reply.
        log.warning("a price list could not be used", extra={"model": card.id, "error": str(fault)})
        return None
    return int((found.total_price * MICRO).quantize(Decimal(1), rounding=ROUND_HALF_UP))
