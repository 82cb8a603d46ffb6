"""The house's secret: what visitors' own keys are encrypted with. From a setting, or from a file that only this user can read."""

import fcntl
import hashlib
import logging
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from imagechat.errors import CannotStart
from imagechat.settings import Settings

log = logging.getLogger(__name__)
FILE = "secret"
"""The file's name in the data folder: one secret a line, the newest first."""
MADE = 32
"""Bytes of a secret that is made here."""
PRIVATE = 0o600


@dataclass(frozen=True)
class Secret:
    """What keys are encrypted with: `key`, 32 bytes derived from a secret, and `fingerprint`, by which a row says which it was."""

    fingerprint: str
    key: bytes = field(repr=False)


def derived(secret: str) -> Secret:
    """Key and fingerprint of one secret. Source: RFC 5869 (HKDF with SHA-256)."""
    return Secret(_hkdf(secret, b"imagechat fingerprint", 8).hex(), _hkdf(secret, b"imagechat keys", 32))


def _hkdf(secret: str, purpose: bytes, length: int) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), length, salt=None, info=purpose).derive(secret.encode())


class Secrets:
    """All of them, the newest first: the setting's, its former ones, those of the file. Nothing is read before it is asked for.

    What is asked blocks for a moment (a file is read, or made): from the event loop it is called in a thread.
    """

    def __init__(self, settings: Settings) -> None:
        self.file = settings.data_dir / FILE
        given = (settings.secret.get_secret_value(), *settings.former_secrets.get_secret_value().split())
        self.given = bool(given[0])
        self._given = [derived(each) for each in given if each]
        self._read: list[Secret] = []
        self._seen: bytes | None = None

    def newest(self) -> Secret:
        """The one to encrypt with; a file is made where there is none yet. Raises: CannotStart("not_writable")."""
        if self.given:
            return self._given[0]
        self._look()
        if not self._read:
            with self._alone():
                if not _lines(self.file):
                    self._write([secrets.token_hex(MADE)])
            self._look()
        return self._read[0]

    def find(self, fingerprint: str) -> Secret | None:
        """The one with that fingerprint, also where another process has written it a moment ago; None where it is gone."""
        if found := self._found(fingerprint):
            return found
        self._look()
        return self._found(fingerprint)

    def rotate(self) -> Secret:
        """Write a new first line before the others, and return it.

        Raises: CannotStart("secret_given") where a setting says the secret; CannotStart("not_writable").
        """
        if self.given:
            raise CannotStart("secret_given")
        with self._alone():
            self._write([secrets.token_hex(MADE), *_lines(self.file)])
        self._look()
        return self._read[0]

    def _found(self, fingerprint: str) -> Secret | None:
        return next((each for each in (*self._given, *self._read) if each.fingerprint == fingerprint), None)

    def _look(self) -> None:
        """Read the file anew where it has changed."""
        if not self.file.exists():
            self._read, self._seen = [], None
            return
        _mend(self.file)
        lines = _lines(self.file)
        seen = hashlib.sha256("\n".join(lines).encode()).digest()
        if seen != self._seen:
            self._read, self._seen = [derived(each) for each in lines], seen

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time: the folder is locked, for the file itself is replaced."""
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            folder = os.open(self.file.parent, os.O_RDONLY)
            try:
                fcntl.flock(folder, fcntl.LOCK_EX)
                yield
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as fault:
            raise CannotStart("not_writable", path=str(self.file.parent.absolute()), why=fault.strerror or str(fault)) from fault

    def _write(self, lines: list[str]) -> None:
        """Replace the file as a whole: whoever reads meanwhile, or after a crash, has the old one or the new one."""
        fresh = self.file.with_name(f"{FILE}.new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "w", encoding="ascii") as file:
            file.write("".join(f"{line}\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.file)


def _lines(file: Path) -> list[str]:
    try:
        return [line for each in file.read_text(encoding="utf-8").splitlines() if (line := each.strip())]
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as fault:
        why = fault.strerror if isinstance(fault, OSError) and fault.strerror else "it is no text"
        raise CannotStart("bad_secret", path=str(file.absolute()), why=why) from fault


def _mend(file: Path) -> None:
    """Take others' rights to read the file away, and say so."""
    with suppress(OSError):
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            file.chmod(PRIVATE)
            log.warning("others could read the file with the house's secret; that is mended", extra={"path": str(file.absolute())})
