"""How often somebody may do what: by visitor and operation, by address where nobody is known yet, and for the whole house."""

import hashlib
import ipaddress
import logging
import math
import time
from bisect import bisect_right
from collections import OrderedDict
from typing import Literal, get_args

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import ConfigurationError, StorageError
from limits.storage import storage_from_string

from imagechat.domain.visitors import Role, Visitor
from imagechat.errors import CannotStart, TooFast
from imagechat.settings import LimitSettings

log = logging.getLogger(__name__)
Operation = Literal["imagine", "edit", "blend", "chat", "embedded", "info", "help", "upload"]
"""What a visitor does."""
Door = Literal["guests", "logins", "names"]
"""What somebody does who is no visitor yet."""
SWEEP = 60.0
"""Seconds between two looks for what has run out."""
PRESSES = 4096
"""Presses of Send that are remembered, so that one which is delivered twice counts once."""
DELIVERIES = 10
"""How often one press may come again before it counts anew: a page sends it until it hears what became of it."""


class Window(MemoryStorage):
    """The moments of what was counted, by key, for as long as they matter.

    The library's own memory looks through everything at each hit (0.3 ms a key), and goes by a clock that may be set back.
    """

    STORAGE_SCHEME = ["async+window"]  # noqa: RUF012 (as the library has it)

    def __init__(self) -> None:
        super().__init__()
        self._moments: dict[str, tuple[int, list[float]]] = {}
        self._swept = time.monotonic()

    def __len__(self) -> int:
        """How many keys are remembered."""
        return len(self._moments)

    async def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` under `key` where that stays within `limit` for `expiry` seconds; nothing is counted otherwise."""
        self._sweep()
        moments = self._within(key, expiry)
        if len(moments) + amount > limit:
            return False
        moments += [time.monotonic()] * amount
        self._moments[key] = (expiry, moments)
        return True

    async def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """The oldest moment that still counts under `key`, by this machine's clock as it now stands, and how many there are."""
        moments = self._within(key, expiry)
        age = time.monotonic() - moments[0] if moments else 0.0
        return time.time() - age, len(moments)

    def _within(self, key: str, expiry: int) -> list[float]:
        moments = self._moments[key][1] if key in self._moments else []
        return moments[bisect_right(moments, time.monotonic() - expiry) :]

    def _sweep(self) -> None:
        """Forget what has run out, once in a while."""
        now = time.monotonic()
        if now - self._swept < SWEEP:
            return
        self._swept = now
        self._moments = {key: kept for key, kept in self._moments.items() if kept[1][-1] > now - kept[0]}


class Limits:
    """All limits of the house, over one storage. `local`: whether place alone says who somebody is, so that everybody is the owner.

    Raises: CannotStart("limits_storage") for a storage that there is not.
    """

    def __init__(self, settings: LimitSettings, *, local: bool = False) -> None:
        names = (*get_args(Operation), *get_args(Door), "house")
        self._items = {name: parse(getattr(settings, name)) for name in names}
        self._on = settings.on
        self._local = local
        self._here = MovingWindowRateLimiter(Window())
        self._shared = _shared(settings.storage)
        self._presses: OrderedDict[tuple[str, ...], int] = OrderedDict()

    async def hit(self, operation: Operation, visitor: Visitor, *, press: str | None = None) -> None:
        """Count one `operation` of the visitor's, and of the whole house's; the same `press` counts once.

        What is refused counts for neither. Raises: TooFast.
        """
        if self._free(visitor) or (press and self._delivered(visitor.id, operation, press)):
            return
        await self._test("house", "all")
        await self._take(operation, visitor.id)
        await self._take("house", "all")
        if press:
            self._remember(visitor.id, operation, press)

    async def hit_address(self, operation: Door, address: str) -> None:
        """Count one `operation` from `address`: of IPv6 the network of a household (/64). What is no address counts as the name it is.

        Raises: TooFast.
        """
        if not (self._on == "off" or (self._on == "auto" and self._local)):
            await self._take(operation, place_of(address))

    def _free(self, visitor: Visitor) -> bool:
        return self._on == "off" or (self._on == "auto" and (self._local or visitor.role is Role.OWNER))

    def _delivered(self, *press: str) -> bool:
        """Whether this press was counted already; one that comes again and again is none of a page's."""
        times = self._presses.get(press, 0)
        if times:
            self._presses[press] = times + 1
        return 0 < times <= DELIVERIES

    def _remember(self, *press: str) -> None:
        self._presses[press] = 1
        if len(self._presses) > PRESSES:
            self._presses.popitem(last=False)

    async def _take(self, name: str, whose: str) -> None:
        item = self._items[name]
        try:
            taken, limiter = await self._shared.hit(item, name, whose), self._shared
        except StorageError:
            log.warning("limits are counted by this process alone: their storage does not answer", extra={"limit": name})
            taken, limiter = await self._here.hit(item, name, whose), self._here
        if not taken:
            raise await _refusal(limiter, item, name, whose)

    async def _test(self, name: str, whose: str) -> None:
        item = self._items[name]
        try:
            left = await self._shared.test(item, name, whose)
        except StorageError:
            return
        if not left:
            raise await _refusal(self._shared, item, name, whose)


async def _refusal(limiter: MovingWindowRateLimiter, item: RateLimitItem, name: str, whose: str) -> TooFast:
    """What says when it works again. `per` and `seconds` are whole seconds."""
    try:
        again = (await limiter.get_window_stats(item, name, whose)).reset_time
    except StorageError:
        again = time.time() + item.get_expiry()
    seconds = min(max(1, math.ceil(again - time.time())), item.get_expiry())
    reason = {"blend": "edit", "info": "", "help": ""}.get(name, name)
    return TooFast(reason, operation=name, most=item.amount, per=item.get_expiry(), seconds=seconds)


def place_of(address: str) -> str:
    """What an address is counted as: itself, its /64 where it is IPv6. What is none is a name, long and private perhaps: its hash."""
    try:
        place = ipaddress.ip_address(address.strip().strip("[]").partition("%")[0])
    except ValueError:
        return hashlib.sha256(address.encode()).hexdigest()[:32]
    if isinstance(place, ipaddress.IPv6Address):
        if place.ipv4_mapped is not None:
            return str(place.ipv4_mapped)
        return str(ipaddress.ip_network((place, 64), strict=False))
    return str(place)


def _shared(address: str) -> MovingWindowRateLimiter:
    """A limiter over the storage that the setting names."""
    scheme = address.removeprefix("async+").partition("://")[0] if "://" in address else ""
    if scheme == "memory":
        return MovingWindowRateLimiter(Window())
    options = {"implementation": "redispy"} if scheme.startswith("redis") else {}
    try:
        storage = storage_from_string(f"async+{address.removeprefix('async+')}", wrap_exceptions=True, **options)
    except (ConfigurationError, ValueError) as fault:
        # The address itself is not told: it may have a password in it.
        raise CannotStart("limits_storage", given=scheme) from fault
    return MovingWindowRateLimiter(storage)
