import asyncio
import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, text
from sqlalchemy.exc import IntegrityError

from imagechat.errors import CannotStart, DiskFull, HouseFault
from imagechat.store import upgrade
from imagechat.store.database import Database, migrate
from imagechat.store.tables import facts, metadata
from imagechat.store.threads import Threads
from tests.store.making import ANN, said

COUNTER = text("INSERT INTO balances (scope, period, held, spent, pictures_held, pictures) VALUES ('n', 'd', 0, 0, 0, 0)")

LATER = (
    "sessions", "visitors", "links", "facts", "keys", "ledger", "balances", "budgets", "warnings", "reports", "audit"
)  # fmt: skip
"""Tables of the third revision, and one that it made anew."""


async def test_six_hundred_readings_and_writings_all_come_through(db: Database) -> None:
    async with db.write() as connection:
        await connection.execute(COUNTER)

    async def one() -> None:
        async with db.write() as connection:
            seen = (await connection.execute(text("SELECT spent FROM balances"))).scalar_one()
            await connection.execute(text("UPDATE balances SET spent = :n"), {"n": seen + 1})

    await asyncio.gather(*(one() for _ in range(600)))
    async with db.read() as connection:
        assert (await connection.execute(text("SELECT spent FROM balances"))).scalar_one() == 600


async def test_two_processes_write_by_turns(db: Database, path: Path) -> None:
    other = await Database.open(path)

    async def one(which: Database, n: int) -> None:
        async with which.write() as connection:
            count = (await connection.execute(text("SELECT count(*) FROM facts"))).scalar_one()
            await connection.execute(text("INSERT INTO facts VALUES (:id, :n)"), {"id": f"{n}", "n": str(count)})

    await asyncio.gather(*(one(which, n) for n, which in enumerate([db, other] * 50)))
    await other.close()
    async with db.read() as connection:
        counts = (await connection.execute(text("SELECT value FROM facts ORDER BY CAST(value AS INTEGER)"))).scalars().all()
    assert counts == [str(n) for n in range(100)]


async def test_an_error_undoes_the_transaction(db: Database) -> None:
    with pytest.raises(RuntimeError):
        async with db.write() as connection:
            await connection.execute(COUNTER)
            raise RuntimeError
    async with db.read() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM balances"))).scalar_one() == 0


async def test_writers_cancelled_at_any_moment_leave_the_database_usable(db: Database) -> None:
    async def one(n: int) -> None:
        async with db.write() as connection:
            await connection.execute(text("INSERT INTO facts VALUES (:id, '')"), {"id": f"{n}a"})
            await connection.execute(text("INSERT INTO facts VALUES (:id, '')"), {"id": f"{n}b"})

    tasks = [asyncio.create_task(one(n)) for n in range(150)]
    for task in tasks:
        await asyncio.sleep(random.random() / 500)
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await one(1000)
    async with db.read() as connection:
        ids = set((await connection.execute(text("SELECT name FROM facts"))).scalars())
    assert {"1000a", "1000b"} <= ids
    assert {id[:-1] for id in ids if id.endswith("a")} == {id[:-1] for id in ids if id.endswith("b")}


async def test_readers_cannot_write(db: Database) -> None:
    with pytest.raises(HouseFault):
        async with db.read() as connection:
            await connection.execute(COUNTER)


async def test_a_reader_of_one_moment_does_not_see_what_is_written_meanwhile(db: Database) -> None:
    count = text("SELECT count(*) FROM balances")
    async with db.read(one_moment=True) as reading:
        before = (await reading.execute(count)).scalar_one()
        async with db.write() as connection:
            await connection.execute(COUNTER)
        assert (await reading.execute(count)).scalar_one() == before == 0
    async with db.read() as reading:
        assert (await reading.execute(count)).scalar_one() == 1


async def test_rows_without_their_thread_are_refused(db: Database) -> None:
    with pytest.raises(IntegrityError):
        async with db.write() as connection:
            await connection.execute(
                text("INSERT INTO jobs SELECT 'j','o','t','m','k','m','queued',0,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}','{}'")
            )


async def test_a_full_disk_is_told_as_one(db: Database) -> None:
    with pytest.raises(DiskFull):
        async with db.write() as connection:
            pages = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
            await connection.execute(text(f"PRAGMA max_page_count = {pages}"))
            await connection.execute(text("INSERT INTO facts VALUES ('big', :long)"), {"long": "x" * 1_000_000})
    async with db.read() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM facts"))).scalar_one() == 0


async def test_of_deleted_rows_nothing_stays_in_the_file(db: Database, path: Path) -> None:
    row = {"name": "n", "value": "nobody reads this any more " * 4_000}
    async with db.write() as connection:
        await connection.execute(insert(facts).values(row))
    async with db.write() as connection:
        await connection.execute(delete(facts))
    await db.close()
    assert b"nobody reads" not in path.read_bytes()


async def test_check_tells_whether_the_database_answers(db: Database, path: Path) -> None:
    assert await db.check()
    async with db.write() as connection:
        await connection.execute(text("DROP TABLE alembic_version"))
    assert not await db.check()


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
    copy = path.with_name(f"{path.name}.before-0003.bak")
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
    for file in (killed, Path(f"{killed}.before-0003.bak")):
        with closing(sqlite3.connect(file)) as connection:
            assert connection.execute("SELECT DISTINCT title FROM threads").fetchall() == [("late",)]


async def test_an_upgrade_that_fails_leaves_the_database_as_it_was(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await older(path)
    broken = tmp_path / "migrations"
    shutil.copytree(upgrade.MIGRATIONS, broken)
    (broken / "versions" / "0004_broken.py").write_text(
        'from alembic import op\nrevision, down_revision = "0004", "0003"\n'
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
    assert (refused.value.reason, refused.value.facts["found"], refused.value.facts["known"]) == ("newer_database", "9999", "0003")
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


async def test_a_killed_process_leaves_whole_turns(path: Path) -> None:
    code = (
        "import asyncio, sys; from pathlib import Path\n"
        "from imagechat.store.database import Database, migrate; from imagechat.store.threads import Threads\n"
        "from tests.store.making import said\n"
        "async def main():\n"
        f"    path = Path({str(path)!r}); migrate(path); db = await Database.open(path); threads = Threads(db)\n"
        "    while True: print((await said(threads)).thread.id, flush=True)\n"
        "asyncio.run(main())"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    told = [(await process.stdout.readline()).decode().strip() for _ in range(25)]
    process.kill()
    told += (await process.stdout.read()).decode().split("\n")[:-1]
    await process.wait()
    migrate(path)
    db = await Database.open(path)
    threads = Threads(db)
    for id in told:
        turns = (await threads.turns(ANN, id)).items
        assert [turn.job is not None for turn in turns] == [False, True]
    async with db.read() as connection:
        assert (await connection.execute(text("PRAGMA integrity_check"))).scalar_one() == "ok"
    await db.close()


def _revision(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


async def test_an_owner_gets_only_ids(db: Database) -> None:
    hostile = "x'; DROP TABLE threads; --"
    assert (await Threads(db).page(hostile)).items == ()
    assert (await Threads(db).page(hostile, search='" OR owner:"')).items == ()
    await said(Threads(db))
    assert len((await Threads(db).page(ANN)).items) == 1


async def test_a_database_that_another_program_holds_is_told(db: Database) -> None:
    async with db.write() as connection:
        await connection.exec_driver_sql("PRAGMA busy_timeout=50")
    with closing(sqlite3.connect(db.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(HouseFault, match="busy"):
            async with db.write():
                pass
    async with db.write():
        pass
