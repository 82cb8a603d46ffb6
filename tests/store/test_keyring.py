"""Own keys at rest: bound to their visitor and provider, readable under former secrets, changed while they are used."""

import asyncio
import logging
import sqlite3
import stat
from pathlib import Path

import pytest
from pydantic import SecretStr

from imagechat.errors import CannotStart, MissingKey
from imagechat.secret import Secrets
from imagechat.settings import Settings
from imagechat.store.database import Database
from imagechat.store.keyring import UNREADABLE, Keyring, Renewed

ANN, BEN = "ann", "ben"
KEY, OTHER = "sk-ann-0123456789", "sk-ben-0123456789"


def settings(path: Path, **given: str) -> Settings:
    return Settings(_env_file=None, data_dir=path.parent, **{name: SecretStr(value) for name, value in given.items()})


@pytest.fixture
def keyring(db: Database, path: Path) -> Keyring:
    return Keyring(db, Secrets(settings(path)))


def rows(path: Path, query: str = "SELECT visitor, provider, cipher, secret FROM keys ORDER BY visitor") -> list[tuple[str, ...]]:
    with sqlite3.connect(path) as connection:
        return connection.execute(query).fetchall()


async def test_what_is_kept_comes_back_and_lies_nowhere_in_plain(keyring: Keyring, path: Path, db: Database):
    await keyring.keep(ANN, "openai", KEY)
    assert await keyring.key(ANN, "openai") == KEY
    assert keyring.providers(ANN) == {"openai"} and not keyring.providers(BEN)
    assert await keyring.key(BEN, "openai") is None
    await db.close()
    for file in path.parent.iterdir():
        assert KEY.encode() not in file.read_bytes(), file.name
    assert KEY not in repr(await keyring.infos(ANN)) and KEY not in repr(vars(keyring))


async def test_the_same_key_kept_twice_looks_different(keyring: Keyring, path: Path):
    await keyring.keep(ANN, "openai", KEY)
    await keyring.keep(BEN, "openai", KEY)
    (_, _, one, _), (_, _, two, _) = rows(path)
    assert one != two


@pytest.mark.parametrize("change", ["visitor = 'ben'", "provider = 'elsewhere'"])
async def test_a_row_that_is_given_to_another_opens_nothing(keyring: Keyring, path: Path, change: str):
    await keyring.keep(ANN, "openai", KEY)
    with sqlite3.connect(path) as connection:
        connection.execute(f"UPDATE keys SET {change}")
    ((visitor, provider, _, _),) = rows(path)
    with pytest.raises(MissingKey) as refusal:
        await keyring.key(visitor, provider)
    assert refusal.value.reason == "unreadable"
    assert [info.trouble for info in await keyring.infos(visitor)] == [UNREADABLE]


async def test_a_changed_cipher_is_refused(keyring: Keyring, path: Path):
    await keyring.keep(ANN, "openai", KEY)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE keys SET cipher = 'AAAA' || substr(cipher, 5)")
    with pytest.raises(MissingKey):
        await keyring.key(ANN, "openai")


async def test_the_file_is_for_its_owner_alone_and_is_mended(keyring: Keyring, path: Path, caplog: pytest.LogCaptureFixture):
    await keyring.keep(ANN, "openai", KEY)
    file = path.parent / "secret"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o644)
    with caplog.at_level(logging.WARNING):
        assert await Keyring(keyring.db, Secrets(settings(path))).key(ANN, "openai") == KEY
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "mended" in caplog.text and file.read_text().strip() not in caplog.text


def test_two_that_make_the_file_at_once_make_the_same(path: Path):
    path.parent.mkdir(parents=True)
    one, two = Secrets(settings(path)), Secrets(settings(path))
    assert one.newest() == two.newest()


async def test_a_rotation_encrypts_anew_and_the_running_app_notices(keyring: Keyring, path: Path):
    await keyring.keep(ANN, "openai", KEY)
    before = rows(path)
    elsewhere = Secrets(settings(path))
    elsewhere.rotate()
    assert await Keyring(keyring.db, elsewhere).renew() == Renewed(1, 0)
    assert rows(path)[0][2:] != before[0][2:]
    assert await keyring.key(ANN, "openai") == KEY
    await keyring.keep(BEN, "openai", OTHER)
    assert {row[3] for row in rows(path)} == {elsewhere.newest().fingerprint}
    assert len((path.parent / "secret").read_text().split()) == 2
    assert stat.S_IMODE((path.parent / "secret").stat().st_mode) == 0o600


async def test_a_rotation_that_broke_off_is_ended_by_the_next_start(keyring: Keyring, path: Path):
    await keyring.keep(ANN, "openai", KEY)
    Secrets(settings(path)).rotate()  # And killed here.
    assert await keyring.key(ANN, "openai") == KEY
    again = Keyring(keyring.db, Secrets(settings(path)))
    assert await again.open() == Renewed(1, 0)
    assert await again.open() == Renewed(0, 0)
    assert await again.key(ANN, "openai") == KEY


async def test_nothing_is_lost_by_rotations_under_load(keyring: Keyring, path: Path):
    """Reading, replacing and rotating at once: whoever reads gets a key that was kept, the newest one stays."""
    people = [f"visitor{index}" for index in range(8)]
    for each in people:
        await keyring.keep(each, "openai", f"sk-{each}-0")
    over = asyncio.Event()

    async def read(name: str) -> int:
        count = 0
        while not over.is_set():
            found = await keyring.key(name, "openai")
            assert found is not None and found.startswith(f"sk-{name}-")
            count += 1
        return count

    async def replace() -> None:
        for index in range(1, 6):
            for each in people:
                await keyring.keep(each, "openai", f"sk-{each}-{index}")

    async def rotate() -> None:
        for _ in range(5):
            secrets = Secrets(settings(path))
            await asyncio.to_thread(secrets.rotate)
            await Keyring(keyring.db, secrets).renew()

    readers = [asyncio.create_task(read(each)) for each in people]
    await asyncio.gather(replace(), rotate())
    over.set()
    assert min(await asyncio.gather(*readers)) > 0
    for each in people:
        assert await keyring.key(each, "openai") == f"sk-{each}-5"


async def test_a_lost_secret_loses_the_keys_and_nothing_else(keyring: Keyring, path: Path):
    await keyring.keep(ANN, "openai", KEY)
    (path.parent / "secret").unlink()
    later = Keyring(keyring.db, Secrets(settings(path)))
    assert await later.open() == Renewed(0, 1)
    assert [info.trouble for info in await later.infos(ANN)] == [UNREADABLE]
    with pytest.raises(MissingKey):
        await later.key(ANN, "openai")
    await later.keep(ANN, "openai", OTHER)
    assert await later.key(ANN, "openai") == OTHER
    assert [info.trouble for info in await later.infos(ANN)] == [""]


async def test_a_setting_says_the_secret_and_what_was_before(db: Database, path: Path):
    first, second = "a" * 32, "b" * 32
    await Keyring(db, Secrets(settings(path, secret=first))).keep(ANN, "openai", KEY)
    assert not (path.parent / "secret").exists()
    later = Keyring(db, Secrets(settings(path, secret=second, former_secrets=f"{'c' * 32} {first}")))
    assert await later.open() == Renewed(1, 0)
    assert await Keyring(db, Secrets(settings(path, secret=second))).key(ANN, "openai") == KEY
    with pytest.raises(CannotStart) as refusal:
        later.secrets.rotate()
    assert refusal.value.reason == "secret_given"


async def test_what_the_file_encrypted_is_read_when_a_setting_takes_its_place(keyring: Keyring, path: Path):
    await keyring.keep(ANN, "openai", KEY)
    later = Keyring(keyring.db, Secrets(settings(path, secret="a" * 32)))
    assert await later.key(ANN, "openai") == KEY
    assert await later.renew() == Renewed(1, 0)


async def test_a_removed_key_is_gone(keyring: Keyring, path: Path):
    await keyring.keep(ANN, "openai", KEY)
    assert await keyring.drop(ANN, "openai")
    assert not await keyring.drop(ANN, "openai")
    assert await keyring.key(ANN, "openai") is None and not keyring.providers(ANN) and not rows(path)
