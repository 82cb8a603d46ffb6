"""Visitors' own keys: brought, tested, removed; never shown again."""

from imagechat.domain.keys import KeyInfo
from imagechat.domain.models import Standing
from imagechat.domain.visitors import Visitor
from imagechat.errors import (
    BadKey,
    BrokenReply,
    Declined,
    MissingKey,
    NotAllowed,
    NotFound,
    Overloaded,
    ProviderFault,
    TimedOut,
    Unreachable,
)
from imagechat.own import Own
from imagechat.providers import Provider
from imagechat.store.keyring import Keyring
from imagechat.studio.parts import Room

SHORTEST, LONGEST = 8, 500
"""Signs of a key."""
FAULTS: dict[str, type[ProviderFault]] = {each.code: each for each in (Unreachable, Overloaded, TimedOut, Declined, BrokenReply)}


class Keys(Room):
    """The verbs of own keys. Each is for the visitor alone, an admin too sees none of another's."""

    def key_providers(self) -> tuple[str, ...]:
        """The providers that a key can be brought for."""
        return self._own.names

    def key_server(self, provider: str) -> str:
        """The name of the server that a key for `provider` goes to: the provider's own, or a host."""
        return self._own.servers[provider]

    async def keys(self, visitor: Visitor) -> list[KeyInfo]:
        """What is told of the visitor's keys."""
        return await self._keyring.infos(visitor.id)

    async def keep_key(self, visitor: Visitor, provider: str, key: str) -> KeyInfo:
        """Test a key with its provider and keep it in place of an earlier one.

        One that the provider takes and that has no credit, or no access to the list of models, is kept: its `trouble` says so.

        Raises: MissingKey("bad_form"); BadKey("not_kept"); TooFast; NotAllowed("keys_off"); NotFound; what the provider raises.
        """
        self._check_provider(provider)
        key = key.strip()
        if not (SHORTEST <= len(key) <= LONGEST and key.isascii() and key.isprintable() and " " not in key):
            raise MissingKey("bad_form")
        tried, trouble = await self._tried(visitor, provider, key)
        if trouble == "bad_key.own_wrong":
            await tried.close()
            await self.parts.audit.note(visitor.id, "key.refused", provider)
            raise BadKey("not_kept")
        await self._keyring.keep(visitor.id, provider, key, trouble=trouble)
        self._own.adopt(visitor.id, provider, tried, key)
        await self.parts.audit.note(visitor.id, "key.kept", provider)
        return await self._key_info(visitor, provider)

    async def test_key(self, visitor: Visitor, provider: str) -> KeyInfo:
        """Ask the provider whether it takes the kept key; its `trouble` says what is wrong. Raises: NotFound; as `keep_key`."""
        self._check_provider(provider)
        key = await self._keyring.key(visitor.id, provider)
        if key is None:
            raise NotFound()
        tried, trouble = await self._tried(visitor, provider, key)
        await tried.close()
        await self._keyring.note(visitor.id, provider, trouble, tested=True)
        self._own.changed(visitor.id, provider)
        await self.parts.audit.note(visitor.id, "key.tested", provider)
        return await self._key_info(visitor, provider)

    async def drop_key(self, visitor: Visitor, provider: str) -> None:
        """Remove a key. What is being made with it comes to its end; what waits is not done with another. Raises: NotFound."""
        if not await self._keyring.drop(visitor.id, provider):
            raise NotFound()
        self._own.changed(visitor.id, provider)
        await self.parts.audit.note(visitor.id, "key.dropped", provider)

    async def _tried(self, visitor: Visitor, provider: str, key: str) -> tuple[Provider, str]:
        """The provider, open, and what is wrong with a key, "" for nothing. As seldom as somebody may try to log in, so that nobody
        sorts stolen keys here.
        """
        await self.parts.limits.hit_address("logins", f"key {visitor.id}")
        tried = await self._own.tried(provider, key)
        standing = tried.standing
        assert standing is not None
        if standing.trouble and not standing.trouble.startswith(f"{BadKey.code}."):
            await tried.close()
            raise _fault(standing)
        return tried, standing.trouble

    async def _key_info(self, visitor: Visitor, provider: str) -> KeyInfo:
        found = next((each for each in await self.keys(visitor) if each.provider == provider), None)
        if found is None:
            raise NotFound()
        return found

    def _check_provider(self, provider: str) -> None:
        if not self.parts.settings.offers.own_keys:
            raise NotAllowed("keys_off")
        if provider not in self._own.names:
            raise NotFound()

    @property
    def _own(self) -> Own:
        assert self.parts.catalogue.own is not None
        return self.parts.catalogue.own

    @property
    def _keyring(self) -> Keyring:
        return self._own.keyring


def _fault(standing: Standing) -> ProviderFault:
    """Why a provider could not be asked, as the error that it was."""
    code, _, reason = standing.trouble.partition(".")
    return FAULTS.get(code, ProviderFault)(reason, **{"model": standing.address, **_plain(standing)})


def _plain(standing: Standing) -> dict[str, str | int | float | None]:
    return {name: value for name, value in standing.facts.items() if not isinstance(value, bool)}
