"""Budgets that run low, told to an address of the house's own choice: beside everything else, and never in anybody's way."""

import asyncio
import logging
from collections.abc import Sequence

from imagechat.domain.money import Crossing
from imagechat.domain.values import now

log = logging.getLogger(__name__)
PATIENCE = 5.0
"""Seconds that the address has to answer."""
PAUSES = (1.0, 5.0)
"""Seconds before the second and the third try."""


class Webhook:
    """Tells `address` of each crossing as a JSON object, and the log in any case; "" is told to the log alone."""

    def __init__(self, address: str, pauses: Sequence[float] = PAUSES) -> None:
        self.address, self.pauses = address, pauses
        self._telling: set[asyncio.Task[None]] = set()

    def tell(self, crossings: Sequence[Crossing]) -> None:
        """Begin to tell; returns at once."""
        for each in crossings:
            log.warning("a budget is used", extra=facts_of(each))
            if self.address:
                task = asyncio.create_task(self._post(each))
                self._telling.add(task)
                task.add_done_callback(self._telling.discard)

    async def _post(self, crossing: Crossing) -> None:
        import httpx2

        body = {"event": "budget", **facts_of(crossing), "at": now().isoformat()}
        why = ""
        for pause in (0.0, *self.pauses):
            await asyncio.sleep(pause)
            try:
                async with httpx2.AsyncClient(timeout=PATIENCE, follow_redirects=False) as client:
                    answer = await client.post(self.address, json=body)
            except (httpx2.HTTPError, httpx2.InvalidURL) as fault:
                why = type(fault).__name__  # Its words may hold the address, and that a secret.
                continue
            if answer.is_success:
                return
            why = str(answer.status_code)
        log.warning("nobody took the word of a used budget", extra={"why": why, "scope": crossing.scope, "percent": crossing.percent})

    async def close(self) -> None:
        """Let what is under way end, and stop what takes long."""
        if self._telling:
            _, late = await asyncio.wait(self._telling, timeout=1)
            for task in late:
                task.cancel()


def facts_of(crossing: Crossing) -> dict[str, str | int]:
    """What is told: ids and figures, nothing of what anybody made. `used` and `budget` are micro-dollars."""
    return {
        "scope": crossing.scope, "period": crossing.period, "percent": crossing.percent, "used": crossing.used, "budget": crossing.most,
    }  # fmt: skip
