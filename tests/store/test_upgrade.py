"""A database of an older version, of a newer one, or of none."""

import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from imagechat.errors import CannotStart
from imagechat.store import upgrade
from imagechat.store.database import Database, migrate
from imagechat.store.tables import metadata
from imagechat.store.threads import Threads
from tests.store.making import ANN, said

LATER = (
    "sessions", "visitors", "links", "facts", "keys", "ledger", "balances", "budgets", "warnings", "reports", "audit", "taken"
)  # fmt: skip
"""Tables of the third and fourth revisions, and one that was made anew."""


def test_the_migrations_make_the_schema_of_the_tables(path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlalchemy import create_engine

    migrate(path)
    ours = set(metadata.tables)
    with create_engine(f"sqlite:///{path}").connect() as connection:
        options = {"include_name": lambda name, type_, _: type_ != "table" or name in ours, "compare_server_default": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
    fresh = path.with_name("fresh.db")
    with create_engine(f"sqlite:///{fresh}").begin() as connection:
        metadata.create_all(connection)
    assert _indexes(path) == _indexes(fresh)


def _indexes(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name")
        return [" ".join(sql.split()) for (sql,) in found]


async def older(path: Path) -> list[str]:
    """A database at revision 0001 with two threads in it, made as that version made it; their ids."""
    migrate(path)
    db = await Database.open(path)
    ids = [(await said(Threads(db), text=words)).thread.id for words in ("a fox in snow", "روباهي در برف")]
    await db.close()
    with closing(sqlite3.connect(path)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for name in ("chat_words", *LATER):
            connection.execute(f"DROP TABLE {name}")
        for name in ("threads", "generations", "blobs"):
            connection.execute(f"ALTER TABLE {name} DROP COLUMN private")
        connection.execute("CREATE TABLE visitors (id TEXT PRIMARY KEY, role TEXT NOT NULL, created BIGINT NOT NULL)")
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
        connection.commit()
    return ids


async def test_an_older_database_is_copied_and_brought_up_to_date(path: Path) -> None:
    ids = await older(path)
    migrate(path)
    db = await Database.open(path)
    threads = Threads(db)
    assert [one.id for one in (await threads.page(ANN)).items] == ids[::-1]
    assert [one.id for one in (await threads.page(ANN, search="fox snow")).items] == ids[:1]
    assert [one.id for one in (await threads.page(ANN, search="روباهی")).items] == ids[1:]
    assert len((await threads.turns(ANN, ids[0])).items) == 2
    await db.close()
    copy = path.with_name(f"{path.name}.before-0004.bak")
    assert _revision(copy) == "0001"
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM threads").fetchone() == (2,)
    assert [file.name for file in path.parent.iterdir() if file.name.endswith(".part")] == []


async def test_the_copy_has_what_a_killed_process_left_in_the_log(path: Path) -> None:
    await older(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("UPDATE threads SET title = 'late'")
        connection.commit()
        for suffix in ("", "-wal"):
            shutil.copy(f"{path}{suffix}", f"{path}.killed{suffix}")
    killed = Path(f"{path}.killed")
    migrate(killed)
    for file in (killed, Path(f"{killed}.before-0004.bak")):
        with closing(sqlite3.connect(file)) as connection:
            assert connection.execute("SELECT DISTINCT title FROM threads").fetchall() == [("late",)]


async def test_an_upgrade_that_fails_leaves_the_database_as_it_was(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await older(path)
    broken = tmp_path / "migrations"
    shutil.copytree(upgrade.MIGRATIONS, broken)
    (broken / "versions" / "0005_broken.py").write_text(
        'from alembic import op\nrevision, down_revision = "0005", "0004"\n'
        'def upgrade():\n    op.execute("CREATE TABLE half (x)")\n    raise RuntimeError\n'
    )
    monkeypatch.setattr(upgrade, "MIGRATIONS", broken)
    with pytest.raises(RuntimeError):
        migrate(path)
    assert _revision(path) == "0001"
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master WHERE name IN ('half', 'chat_words')").fetchall() == []


def test_a_database_of_a_newer_version_is_left_alone(path: Path) -> None:
    migrate(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = path.read_bytes()
    with pytest.raises(CannotStart) as refused:
        migrate(path)
    assert (refused.value.reason, refused.value.facts["found"], refused.value.facts["known"]) == ("newer_database", "9999", "0004")
    assert path.read_bytes() == before
    assert list(path.parent.glob("*.bak")) == []


@pytest.mark.parametrize("kind", ["rubbish", "torn", "foreign"])
def test_a_broken_database_is_left_alone(path: Path, kind: str) -> None:
    migrate(path)
    if kind == "rubbish":
        path.write_bytes(b"this is no database, and it is long enough to be read as a header of one. " * 9)
    elif kind == "torn":
        path.write_bytes(path.read_bytes()[:100] + random.Random(7).randbytes(9000))
    else:
        path.unlink()
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE theirs (x)")
    before = path.read_bytes()
    with pytest.raises(CannotStart) as refused:
        migrate(path)
    assert (refused.value.reason, refused.value.facts["path"]) == ("broken_database", str(path))
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotStart) as refused:
        migrate(tmp_path / "file" / "imagechat.db")
    assert refused.value.reason == "not_writable"


def test_a_second_start_does_not_import_alembic(path: Path) -> None:
    migrate(path)
    code = (
        "import sys; from pathlib import Path; from imagechat.store.database import migrate;"
        f"migrate(Path({str(path)!r})); sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def _revision(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])
