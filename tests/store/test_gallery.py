import pytest

from imagechat.domain.records import Generation
from imagechat.domain.values import new_id
from imagechat.errors import BadInput, NotFound
from imagechat.store.database import Database
from imagechat.store.gallery import Gallery
from imagechat.store.jobs import Jobs
from imagechat.store.threads import Threads
from tests.store.making import ANN, BEN, Said, blob, generation, image_request, said, thread


@pytest.fixture
async def anns(threads: Threads) -> Said:
    return await said(threads)


async def draw(jobs: Jobs, kept: Said, prompt: str = "a fox in snow", **facts: object) -> Generation:
    file = blob(kept.job.owner)
    made = generation(kept, file, request=image_request(prompt), **facts)
    await jobs.keep(kept.state, made, file)
    return made


async def test_pages_are_whole_and_newest_first_while_pictures_come(gallery: Gallery, jobs: Jobs, anns: Said) -> None:
    made = [await draw(jobs, anns) for _ in range(7)]
    seen: list[Generation] = []
    cursor = None
    while True:
        page = await gallery.page(ANN, cursor=cursor, limit=3)
        seen += page.items
        if page.older is None:
            break
        cursor = page.older
        await draw(jobs, anns)
    assert seen == made[::-1]
    assert await gallery.count(ANN) == 9


@pytest.mark.parametrize("count", [0, 3, 6])
async def test_the_last_page_knows_that_it_is_the_last(gallery: Gallery, jobs: Jobs, anns: Said, count: int) -> None:
    for _ in range(count):
        await draw(jobs, anns)
    page = await gallery.page(ANN, limit=3)
    assert (page.older is None) == (count <= 3)
    if page.older:
        assert (await gallery.page(ANN, limit=3, cursor=page.older)).older is None


async def test_searched_pages_are_whole_too(gallery: Gallery, jobs: Jobs, anns: Said) -> None:
    made = []
    for n in range(5):
        made.append(await draw(jobs, anns, f"a fox, number {n}"))
        await draw(jobs, anns, "the sea")
    first = await gallery.page(ANN, limit=3, search="number fox")
    await draw(jobs, anns, "a fox, number 9")
    second = await gallery.page(ANN, limit=3, search="number fox", cursor=first.older)
    assert list(first.items + second.items) == made[::-1]
    assert second.older is None


async def test_pictures_are_found_by_all_their_words(gallery: Gallery, jobs: Jobs, anns: Said) -> None:
    made = await draw(jobs, anns, "روباهي در برف", sent="a fox, watercolor", alt="Winter morning", drawn_by="other-model")
    await draw(jobs, anns, "the sea")
    for search in ("روباهی", "watercol", "winter morn", "other-model", "برف fox"):
        assert (await gallery.page(ANN, search=search)).items == (made,), search
    assert (await gallery.page(ANN, search="winter sea")).items == ()
    assert (await gallery.page(ANN, search="*")).items == ()
    assert len((await gallery.page(ANN, search="  ")).items) == 2
    assert len((await gallery.page(ANN, search="sketch")).items) == 2


@pytest.mark.parametrize("cursor", ["", "x", "-1", "1 OR 1", "²", "9" * 40])
@pytest.mark.parametrize("search", ["", "fox"])
async def test_a_made_up_cursor_is_refused(gallery: Gallery, cursor: str, search: str) -> None:
    with pytest.raises(BadInput):
        await gallery.page(ANN, cursor=cursor, search=search)


async def test_trash_and_back(gallery: Gallery, jobs: Jobs, anns: Said, threads: Threads) -> None:
    made, other = await draw(jobs, anns), await draw(jobs, anns)
    trashed = await gallery.trash(ANN, made.id)
    assert trashed.trashed is not None
    assert (await gallery.trash(ANN, made.id)).trashed == trashed.trashed
    assert (await gallery.page(ANN)).items == (await gallery.page(ANN, search="fox")).items == (other,)
    assert await gallery.count(ANN) == 1
    assert await gallery.get(ANN, made.id) == trashed
    assert (await threads.turn(ANN, anns.reply.id)).pictures == (trashed, other)
    assert await gallery.restore(ANN, made.id) == made
    assert (await gallery.page(ANN)).items == (other, made)


async def test_pictures_of_a_trashed_thread_stay(gallery: Gallery, jobs: Jobs, anns: Said, threads: Threads) -> None:
    made = await draw(jobs, anns)
    await threads.trash(ANN, anns.thread.id)
    assert (await gallery.page(ANN)).items == (made,)


async def test_several_come_in_the_order_asked_for(gallery: Gallery, jobs: Jobs, anns: Said) -> None:
    made = [await draw(jobs, anns) for _ in range(3)]
    asked = [made[1].id, made[0].id, made[2].id]
    assert [one.id for one in await gallery.many(ANN, asked)] == asked
    assert await gallery.many(ANN, []) == []


async def test_a_foreign_picture_is_not_there(gallery: Gallery, jobs: Jobs, anns: Said, threads: Threads) -> None:
    made = await draw(jobs, anns)
    bens = await draw(jobs, await said(threads, thread(BEN)))
    for call in (
        gallery.get(BEN, made.id),
        gallery.many(BEN, [bens.id, made.id]),
        gallery.trash(BEN, made.id),
        gallery.restore(BEN, made.id),
    ):
        with pytest.raises(NotFound):
            await call
    with pytest.raises(NotFound):
        await gallery.get(ANN, new_id())
    for search in ("", "fox"):
        assert (await gallery.page(BEN, search=search)).items == (bens,)
    assert await gallery.count(BEN) == 1
    assert await gallery.get(ANN, made.id) == made


async def test_a_kept_recipe_without_newer_fields_is_read(gallery: Gallery, jobs: Jobs, anns: Said, db: Database) -> None:
    made = await draw(jobs, anns)
    async with db.write() as connection:
        await connection.exec_driver_sql("UPDATE generations SET request = json_remove(request, '$.take', '$.options')")
    assert await gallery.get(ANN, made.id) == made


async def test_every_page_is_found_by_an_index(gallery: Gallery, db: Database) -> None:
    plans = {
        "SELECT 1 FROM generations WHERE owner = 'o' AND trashed IS NULL AND number < 9 ORDER BY number DESC": "generations_newest",
        "SELECT 1 FROM threads WHERE owner = 'o' AND trashed IS NULL AND (updated, id) < (5, 'x') ORDER BY updated, id": "threads_newest",
        "SELECT * FROM messages WHERE thread = 't' AND owner = 'o' AND id < 'x' ORDER BY id DESC LIMIT 31": "messages_of_thread",
        "SELECT * FROM jobs WHERE owner = 'o' AND status IN ('queued', 'running') ORDER BY id": "jobs_unfinished",
        "SELECT took FROM generations WHERE drawn_by = 'm' ORDER BY number DESC LIMIT 20": "COVERING INDEX generations_timed",
        "SELECT * FROM jobs WHERE status = 'done' AND model = 'm' AND kind = 'chat' ORDER BY finished DESC LIMIT 20": "jobs_timed",
        "SELECT count(*), sum(size) FROM blobs WHERE owner = 'o'": "COVERING INDEX blobs_of_owner",
    }
    async with db.read() as connection:
        for query, index in plans.items():
            plan = " ".join(str(row) for row in await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}"))
            assert index in plan, query
            assert index == "jobs_unfinished" or "TEMP B-TREE" not in plan, query
