"""Visitors' own keys, encrypted: AES-GCM under the house's secret, bound to the visitor and the provider that they are for."""

import asyncio
import logging
import os
from base64 import b64decode, b64encode
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or

from imagechat.domain.keys import KeyInfo
from imagechat.domain.values import now
from imagechat.errors import MissingKey
from imagechat.secret import Secret, Secrets
from imagechat.store.database import Database
from imagechat.store.rows import Kept
from imagechat.store.tables import keys

log = logging.getLogger(__name__)
NONCE = 12
"""Bytes of chance before each cipher. Source: NIST SP 800-38D, 8.2.2."""
UNREADABLE = "missing_key.unreadable"


@dataclass(frozen=True)
class Renewed:
    """How many keys were encrypted anew, and how many nobody can read any more."""

    anew: int
    unreadable: int


class Keyring:
    """Every key by its visitor and provider. A plain key leaves it only to be sent to that provider."""

    def __init__(self, db: Database, secrets: Secrets) -> None:
        self.db, self.secrets = db, secrets
        self._held: dict[str, set[str]] = {}

    async def open(self) -> Renewed:
        """Learn who has keys, and encrypt anew what stands under a former secret."""
        async with self.db.read() as connection:
            for row in await connection.execute(select(keys.c.visitor, keys.c.provider)):
                self._held.setdefault(row.visitor, set()).add(row.provider)
        return await self.renew() if self._held else Renewed(0, 0)

    def providers(self, visitor: str) -> frozenset[str]:
        """The providers that `visitor` has a key for."""
        return frozenset(self._held.get(visitor, ()))

    async def infos(self, visitor: str) -> list[KeyInfo]:
        """What is told of a visitor's keys."""
        async with self.db.read() as connection:
            rows = (await connection.execute(select(keys).where(keys.c.visitor == visitor).order_by(keys.c.provider))).all()
        return [KeyInfo(provider=row.provider, created=row.created, tested=row.tested, trouble=await self._trouble(row)) for row in rows]

    async def _trouble(self, row: Kept) -> str:
        return UNREADABLE if await self._opened(row) is None else row.trouble

    async def keep(self, visitor: str, provider: str, key: str, *, trouble: str = "") -> None:
        """Keep a key that was tested just now, in place of an earlier one."""
        secret = await asyncio.to_thread(self.secrets.newest)
        named = {"visitor": visitor, "provider": provider}
        moment = now()
        values = {
            "cipher": sealed(key, secret, **named),
            "secret": secret.fingerprint,
            "created": moment,
            "tested": moment,
            "trouble": trouble,
        }
        async with self.db.write() as connection:
            row = insert_or(keys).values(**named, **values)
            await connection.execute(row.on_conflict_do_update(index_elements=["visitor", "provider"], set_=values))
        self._held.setdefault(visitor, set()).add(provider)

    async def key(self, visitor: str, provider: str) -> str | None:
        """The plain key; None where there is none any more. Raises: MissingKey("unreadable")."""
        query = select(keys).where(keys.c.visitor == visitor, keys.c.provider == provider)
        async with self.db.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            self._lost(visitor, provider)
            return None
        plain = await self._opened(row)
        if plain is None:
            raise MissingKey("unreadable", provider=provider)
        return plain

    async def note(self, visitor: str, provider: str, trouble: str, *, tested: bool = False) -> None:
        """Remember what the provider says of a key, and with `tested` that it was asked for that."""
        values: dict[str, object] = {"trouble": trouble} | ({"tested": now()} if tested else {})
        async with self.db.write() as connection:
            await connection.execute(update(keys).where(keys.c.visitor == visitor, keys.c.provider == provider).values(values))

    async def drop(self, visitor: str, provider: str) -> bool:
        """Remove a key; whether there was one."""
        async with self.db.write() as connection:
            gone = await connection.execute(delete(keys).where(keys.c.visitor == visitor, keys.c.provider == provider))
        self._lost(visitor, provider)
        return gone.rowcount > 0

    def _lost(self, visitor: str, provider: str) -> None:
        held = self._held.get(visitor, set())
        held.discard(provider)
        if not held:
            self._held.pop(visitor, None)

    async def renew(self) -> Renewed:
        """Encrypt everything anew that is not under the newest secret. One that changes meanwhile stays as it became."""
        newest = await asyncio.to_thread(self.secrets.newest)
        async with self.db.read() as connection:
            rows = (await connection.execute(select(keys).where(keys.c.secret != newest.fingerprint))).all()
        anew = unreadable = 0
        for row in rows:
            plain = await self._opened(row)
            if plain is None:
                unreadable += 1
                continue
            anew += await self._replace(row, sealed(plain, newest, row.visitor, row.provider), newest)
        return Renewed(anew, unreadable)

    async def _replace(self, row: Kept, cipher: str, secret: Secret) -> int:
        same = (keys.c.visitor == row.visitor, keys.c.provider == row.provider, keys.c.cipher == row.cipher)
        async with self.db.write() as connection:
            changed = await connection.execute(update(keys).where(*same).values(cipher=cipher, secret=secret.fingerprint))
        return changed.rowcount

    async def _opened(self, row: Kept) -> str | None:
        """The plain key of a row; None where its secret is gone, or where it is not the row that it was."""
        secret = await asyncio.to_thread(self.secrets.find, row.secret)
        if secret is None:
            return None
        try:
            return opened(row.cipher, secret, row.visitor, row.provider)
        except (InvalidTag, ValueError):
            log.warning("a key's row is not as it was kept", extra={"provider": row.provider})
            return None


def sealed(plain: str, secret: Secret, visitor: str, provider: str) -> str:
    """`plain` encrypted for one visitor and provider: nonce and cipher in base64."""
    nonce = os.urandom(NONCE)
    return b64encode(nonce + AESGCM(secret.key).encrypt(nonce, plain.encode(), bound(visitor, provider))).decode()


def opened(cipher: str, secret: Secret, visitor: str, provider: str) -> str:
    """What `sealed` sealed. Raises: InvalidTag, ValueError (another visitor, provider or secret, or damaged)."""
    data = b64decode(cipher, validate=True)
    return AESGCM(secret.key).decrypt(data[:NONCE], data[NONCE:], bound(visitor, provider)).decode()


def bound(visitor: str, provider: str) -> bytes:
    """Whom a cipher is for."""
    return f"{visitor}|{provider}".encode()
