"""A guest's space becomes an account's: all of it, once, and nobody else's."""

import sqlite3
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert, select

from imagechat.domain.values import new_id, now
from imagechat.store.beginning import Beginning
from imagechat.store.blobs import Blobs
from imagechat.store.database import Database
from imagechat.store.gallery import Gallery
from imagechat.store.jobs import Jobs
from imagechat.store.spaces import adopt, adoptions
from imagechat.store.tables import balances, facts, keys, ledger, reports, sessions, visitors
from imagechat.store.threads import Threads
from tests.store.making import ANN, BEN, blob, finished, generation, image_request, job_for, message, thread

CARLA = "01hzzzzzzzzzzzzzzzzzzzzzzc"


async def person(db: Database, id: str, role: str = "guest") -> None:
    """A visitor with a session, a key and money spent."""
    at = now()
    async with db.write() as connection:
        await connection.execute(insert(visitors).values(id=id, role=role, group="guest", name=id, created=at, seen=at))
        await connection.execute(
            insert(sessions).values(id=new_id(), token=new_id(), visitor=id, created=at, seen=at, expires=at + timedelta(days=1), agent="")
        )
        await connection.execute(insert(keys).values(visitor=id, provider="openai", cipher="c", secret="s", created=at, trouble=""))
        sums = {"held": 0, "spent": 30, "pictures_held": 0, "pictures": 2}
        await connection.execute(
            insert(balances), [{"scope": f"visitor:{id}", "period": each, **sums} for each in ("2026-11-21", "2026-11")]
        )


async def made(db: Database, owner: str, prompt: str, *, nonce: str | None = None, over: bool = True) -> tuple[str, str]:
    """A turn with a picture, a job, a row in the ledger and a report: the ids of thread and picture."""
    home = thread(owner=owner, title=prompt)
    user = message(home, text=prompt, nonce=nonce)
    reply = message(home, "assistant", parent=user.id)
    job, state = job_for(reply, request=image_request(prompt))
    begun = await Threads(db).begin(Beginning(thread=home, user=user, reply=reply, job=job, state=state))
    file = blob(owner=owner)
    picture = generation(type("Said", (), {"job": job}), file, request=image_request(prompt))  # type: ignore[arg-type]
    jobs = Jobs(db)
    await jobs.keep(state, picture, file)
    if over:
        await jobs.save(finished(state))
    row = {"job": job.id, "visitor": owner, "group": "guest", "purse": "free", "kind": "image", "model": "sketch", "provider": "embedded"}
    money = {
        "status": "settled",
        "outcome": "done",
        "day": "2026-11-21",
        "created": now(),
        "held": 0,
        "counted": 0,
        "asked": 1,
        "pictures": 1,
    }
    async with db.write() as connection:
        await connection.execute(insert(ledger).values(**row, **money))
        await connection.execute(
            insert(reports).values(id=new_id(), picture=picture.id, owner=owner, by=owner, reason="", created=now(), verdict="")
        )
    return begun.thread.id, picture.id


def everywhere(path: Path, text: str) -> list[str]:
    """The columns of all tables, those of the indexes too, in which `text` stands."""
    found = []
    with sqlite3.connect(path) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in names:
            for column in [row[1] for row in connection.execute(f'PRAGMA table_info("{name}")')]:
                query = f'SELECT 1 FROM "{name}" WHERE instr(CAST("{column}" AS TEXT), ?) LIMIT 1'
                if connection.execute(query, (text,)).fetchone():
                    found.append(f"{name}.{column}")
    return found


async def test_all_of_a_guest_s_goes_to_the_account_and_nothing_of_another_s(db: Database, path: Path, blobs: Blobs) -> None:
    for id in (BEN, CARLA):
        await person(db, id)
    mine, picture = await made(db, BEN, "a quincunx in snow", nonce="press-1")
    theirs, other = await made(db, CARLA, "a lighthouse")
    old, _ = await made(db, ANN, "an older fox", nonce="press-1")
    assert await adopt(db, BEN, ANN)
    threads, gallery = Threads(db), Gallery(db)
    assert {each.id for each in (await threads.page(ANN)).items} == {mine, old}
    assert [each.id for each in (await threads.page(ANN, search="quincunx")).items] == [mine]
    assert [each.id for each in (await gallery.page(ANN, search="quincunx")).items] == [picture]
    assert (await gallery.get(ANN, picture)).owner == ANN
    turns = (await threads.turns(ANN, mine)).items
    job, _ = await Jobs(db).get(ANN, turns[1].job.job)
    assert job.owner == ANN
    assert turns[0].message.nonce is None
    assert (await blobs.get(ANN, turns[1].pictures[0].blob)).owner == ANN
    assert [each.id for each in (await threads.page(CARLA)).items] == [theirs]
    assert [each.id for each in (await gallery.page(CARLA, search="lighthouse")).items] == [other]
    assert everywhere(path, BEN) == []
    assert everywhere(path, BEN.encode().hex()) == ["picture_words_data.block", "chat_words_data.block"], "as what is not found any more"
    assert await adoptions(db) == []


async def test_what_both_spent_is_added_up(db: Database) -> None:
    await person(db, BEN)
    await person(db, ANN, "owner")
    async with db.write() as connection:
        await connection.execute(
            insert(balances).values(scope=f"visitor:{BEN}", period="2026-10", held=0, spent=7, pictures_held=0, pictures=1)
        )
    await adopt(db, BEN, ANN)
    async with db.read() as connection:
        rows = (await connection.execute(select(balances).order_by(balances.c.period))).all()
    assert [(row.scope, row.period, row.spent, row.pictures) for row in rows] == [
        (f"visitor:{ANN}", "2026-10", 7, 1),
        (f"visitor:{ANN}", "2026-11", 60, 4),
        (f"visitor:{ANN}", "2026-11-21", 60, 4),
    ]


async def test_empty_on_either_side(db: Database, path: Path) -> None:
    await person(db, BEN)
    kept, _ = await made(db, ANN, "an older fox")
    assert await adopt(db, BEN, ANN)
    assert [each.id for each in (await Threads(db).page(ANN)).items] == [kept]
    await person(db, CARLA)
    moved, _ = await made(db, CARLA, "a lighthouse")
    assert await adopt(db, CARLA, BEN)
    assert [each.id for each in (await Threads(db).page(BEN)).items] == [moved]
    assert await adopt(db, CARLA, BEN), "again does no harm"
    assert everywhere(path, CARLA) == []


async def test_while_something_runs_all_stays_together_and_moves_when_it_is_over(db: Database, path: Path) -> None:
    await person(db, BEN)
    running, picture = await made(db, BEN, "a fox under way", over=False)
    done, _ = await made(db, BEN, "a fox that is done")
    assert not await adopt(db, BEN, ANN)
    async with db.read() as connection:
        assert (await connection.execute(select(sessions.c.id).where(sessions.c.visitor == BEN))).all() == []
    assert {each.id for each in (await Threads(db).page(BEN)).items} == {running, done}
    assert await adoptions(db) == [(BEN, ANN)]
    await Jobs(db).interrupt()
    assert [await adopt(db, *each) for each in await adoptions(db)] == [True]
    assert {each.id for each in (await Threads(db).page(ANN)).items} == {running, done}
    assert (await Gallery(db).get(ANN, picture)).owner == ANN
    assert everywhere(path, BEN) == []
    async with db.read() as connection:
        assert (await connection.execute(select(facts))).all() == []
