"""Providers opened with visitors' own keys: one for each visitor and provider, when it is needed and for as long as it is."""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from imagechat.domain.models import Model
from imagechat.errors import BadKey, MissingKey, NotOffered
from imagechat.providers import OWN, Provider
from imagechat.settings import Settings
from imagechat.store.keyring import Keyring

log = logging.getLogger(__name__)
MOST = 64
"""Providers that are open at once; more only while all of them work."""
IDLE = 600.0
"""Seconds after which one that nobody uses is closed."""
LOOK = 60.0
FRESH, TROUBLED = 3600.0, 60.0
"""Seconds until a provider is asked for its models again: after an answer, and after none."""
PATIENCE = 5.0
"""Seconds that somebody waits for a list of models before they see what there is without it."""


@dataclass(eq=False)
class _Open:
    """One open provider. `lent`: requests under way; `listed`: when it was asked for its models, by `asking`; `trouble`: as it is kept."""

    provider: Provider
    used: float = field(default_factory=time.monotonic)
    lent: int = 0
    listed: float | None = None
    asking: asyncio.Task[None] | None = None
    key: str | None = field(default=None, repr=False)
    trouble: str | None = None
    gone: bool = False


class Own:
    """The providers that visitors have keys for."""

    def __init__(self, settings: Settings, keyring: Keyring, *, most: int = MOST, idle: float = IDLE) -> None:
        self.settings, self.keyring = settings, keyring
        self.most, self.idle = most, idle
        self._opened: OrderedDict[tuple[str, str], _Open] = OrderedDict()
        self._closing: set[asyncio.Task[None]] = set()
        self._tending: asyncio.Task[None] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The providers that keys can be brought for."""
        return tuple(OWN) if self.settings.offers.own_keys else ()

    @cached_property
    def servers(self) -> dict[str, str]:
        """The name of the server that gets the keys of each provider: its own, or another that whoever runs this house chose."""

        async def none() -> str:
            return ""

        standings = {name: OWN[name](self.settings, none).standing for name in self.names}
        return {name: standing.name if standing else name for name, standing in standings.items()}

    def __len__(self) -> int:
        """How many are open."""
        return len(self._opened)

    async def open(self) -> None:
        """Begin to close what nobody uses."""
        self._tending = asyncio.create_task(self._tend())

    async def _tend(self) -> None:
        while True:
            await asyncio.sleep(min(LOOK, self.idle))
            self.tidy()

    def tidy(self) -> None:
        """Close what nobody has used for a while."""
        since = time.monotonic() - self.idle
        self._part_with(key for key, entry in self._opened.items() if not entry.lent and entry.used < since)

    def providers(self, visitor: str) -> dict[str, Provider]:
        """The provider behind each of a visitor's keys, by its name."""
        held = self.keyring.providers(visitor)
        return {name: self._entry(visitor, name).provider for name in self.names if name in held}

    def _entry(self, visitor: str, name: str) -> _Open:
        key = (visitor, name)
        entry = self._opened.get(key)
        if entry is None:
            entry = self._opened[key] = _Open(OWN[name](self.settings, lambda: self._fetched(visitor, name)))
            self._make_room()
        entry.used = time.monotonic()
        self._opened.move_to_end(key)
        return entry

    def _make_room(self) -> None:
        """Close what was used the longest ago, but never what works, nor the newest."""
        free = [key for key, entry in list(self._opened.items())[:-1] if not entry.lent]
        self._part_with(free[: max(0, len(self._opened) - self.most)])

    async def _fetched(self, visitor: str, name: str) -> str:
        plain = await self.keyring.key(visitor, name)
        if plain is None:
            raise MissingKey("own", model=name)
        return plain

    def lent(self, visitor: str, name: str, model: str) -> Callable[[], AbstractAsyncContextManager[Model[Any]]]:
        """A way to one request to `model` with the visitor's own key."""

        @asynccontextmanager
        async def lend() -> AsyncIterator[Model[Any]]:
            entry = await self._current(visitor, name, model)
            entry.lent += 1
            try:
                yield await self._model(entry, visitor, model)
                await self._told(entry, visitor, name, "")
            except BadKey as fault:
                await self._told(entry, visitor, name, f"{fault.code}.{fault.reason}")
                raise
            finally:
                entry.lent -= 1
                entry.used = time.monotonic()
                if entry.gone and not entry.lent:
                    self._close(entry)

        return lend

    async def _current(self, visitor: str, name: str, model: str) -> _Open:
        """The open provider, with the key as it is now: the row says whether there still is one. Raises: MissingKey."""
        plain = await self.keyring.key(visitor, name)
        if plain is None or name not in self.names:
            self.changed(visitor, name)
            raise MissingKey("own", model=model)
        entry = self._entry(visitor, name)
        if entry.key not in (None, plain):
            self.changed(visitor, name)
            entry = self._entry(visitor, name)
        entry.key = plain
        return entry

    async def _model(self, entry: _Open, visitor: str, model: str) -> Model[Any]:
        for _ in range(2):
            found = next((each for each in entry.provider.models if each.card.id == model), None)
            if found is not None:
                return found
            await self._listed([entry])
        raise NotOffered("model", given=model, offered=", ".join(each.card.id for each in entry.provider.models))

    async def _told(self, entry: _Open, visitor: str, name: str, trouble: str) -> None:
        """Remember what the provider says of the key, where it says something else than before."""
        if trouble == entry.trouble:
            return
        entry.trouble = trouble
        with suppress(Exception):
            await self.keyring.note(visitor, name, trouble)

    async def ready(self, visitor: str) -> None:
        """Have a visitor's providers say what they offer; who does not answer soon is not waited for."""
        if self.keyring.providers(visitor):
            self.providers(visitor)
            await self._listed([self._opened[visitor, name] for name in self.names if (visitor, name) in self._opened])

    async def refresh(self, visitor: str) -> None:
        """Ask a visitor's providers anew what they offer."""
        for key in list(self._opened):
            if key[0] == visitor:
                self._opened[key].listed = None
        await self.ready(visitor)

    async def _listed(self, entries: Iterable[_Open]) -> None:
        waited = []
        for entry in entries:
            standing = entry.provider.standing
            age = None if entry.listed is None else time.monotonic() - entry.listed
            if age is None or age > (TROUBLED if standing and standing.trouble else FRESH):
                entry.listed = time.monotonic()
                entry.asking = asyncio.create_task(entry.provider.refresh())
            if entry.asking and not entry.asking.done() and (age is None or standing is None or standing.models is None):
                waited.append(entry.asking)
        if waited:
            await asyncio.wait(waited, timeout=PATIENCE)

    async def tried(self, name: str, key: str) -> Provider:
        """A provider that was asked for its models with `key`, which is not kept by that. `adopt` it, or close it."""

        async def given() -> str:
            return key

        provider = OWN[name](self.settings, given)
        try:
            await provider.refresh()
        except BaseException:
            await provider.close()
            raise
        return provider

    def adopt(self, visitor: str, name: str, provider: Provider, key: str) -> None:
        """From now on `provider`, which was tried with the key that is kept now, is this visitor's."""
        self.changed(visitor, name)
        self._opened[visitor, name] = _Open(provider, listed=time.monotonic(), key=key)
        self._make_room()

    def changed(self, visitor: str, name: str) -> None:
        """A key was replaced or removed: what was opened with it is closed, once its requests are over."""
        self._part_with([(visitor, name)])

    def _part_with(self, keys: Iterable[tuple[str, str]]) -> None:
        for key in list(keys):
            entry = self._opened.pop(key, None)
            if entry is None:
                continue
            entry.gone = True
            if not entry.lent:
                self._close(entry)

    def _close(self, entry: _Open) -> None:
        task = asyncio.create_task(self._closed(entry))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    @staticmethod
    async def _closed(entry: _Open) -> None:
        if entry.asking is not None:
            entry.asking.cancel()
            await asyncio.wait({entry.asking})
        entry.key = None
        await entry.provider.close()

    async def close(self) -> None:
        """Close everything."""
        if self._tending is not None:
            self._tending.cancel()
            await asyncio.wait({self._tending})
        for entry in self._opened.values():
            entry.lent = 0
        self._part_with(list(self._opened))
        if self._closing:
            await asyncio.wait(self._closing)
