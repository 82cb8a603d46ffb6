import asyncio
import random
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, text
from sqlalchemy.exc import IntegrityError

from imagechat.errors import DiskFull, HouseFault
from imagechat.store.database import Database, migrate
from imagechat.store.tables import facts
from imagechat.store.threads import Threads
from tests.store.making import ANN, said

COUNTER = text("INSERT INTO balances (scope, period, held, spent, pictures_held, pictures) VALUES ('n', 'd', 0, 0, 0, 0)")


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
