import asyncio
from datetime import timedelta

import pytest

from imagechat.domain.jobs import Status
from imagechat.domain.records import Controls, Generation, Message
from imagechat.domain.values import new_id, now
from imagechat.errors import BadInput, NotFound
from imagechat.store.beginning import Beginning
from imagechat.store.database import Database
from imagechat.store.jobs import Jobs
from imagechat.store.tables import jobs as job_rows
from imagechat.store.tables import messages
from imagechat.store.threads import Threads
from tests.store.making import ANN, BEN, blob, finished, generation, image_request, job_for, message, said, thread


async def test_a_turn_is_kept_whole(threads: Threads) -> None:
    to = thread()
    user = message(to, text="a fox\nin snow", request=image_request(), inputs=({"blob": new_id()},), nonce="n1", origin="edit")
    reply = message(to, "assistant", parent=user.id, model="sketch", request=image_request())
    job, state = job_for(reply)
    controls = Controls(model="sketch", count=3)
    begun = await threads.begin(Beginning(thread=to, user=user, reply=reply, job=job, state=state, controls=controls))
    assert (begun.fresh, begun.reply_id) == (True, reply.id)
    assert begun.thread.controls == controls
    assert await threads.get(ANN, to.id) == begun.thread
    page = await threads.turns(ANN, to.id)
    assert [turn.message for turn in page.items] == [user, reply]
    assert [turn.job for turn in page.items] == [None, state]
    assert page.older is None


async def test_a_press_delivered_twenty_times_is_kept_once(threads: Threads) -> None:
    # A new chat: each delivery comes with its own thread id.
    begun = await asyncio.gather(*(said(threads, nonce="press") for _ in range(20)))
    assert sum(one.begun.fresh for one in begun) == 1
    assert len({one.begun.reply_id for one in begun}) == len({one.begun.thread.id for one in begun}) == 1
    assert len((await threads.page(ANN)).items) == 1
    assert len((await threads.turns(ANN, begun[0].thread.id)).items) == 2


async def test_a_button_press_without_words_is_kept_once_too(threads: Threads) -> None:
    first = await said(threads)
    replies = [message(first.thread, "assistant", parent=first.user.id, nonce="again") for _ in range(2)]
    begun = []
    for reply in replies:
        job, state = job_for(reply)
        begun.append(await threads.begin(Beginning(thread=first.thread, reply=reply, job=job, state=state)))
    assert [(one.fresh, one.reply_id) for one in begun] == [(True, replies[0].id), (False, replies[0].id)]


async def test_the_same_mark_of_another_owner_is_another_press(threads: Threads) -> None:
    await said(threads, nonce="press")
    assert (await said(threads, thread(BEN), nonce="press")).begun.fresh


async def test_nobody_writes_into_a_foreign_thread(threads: Threads, db: Database) -> None:
    anns = (await said(threads)).thread
    with pytest.raises(NotFound):
        await said(threads, anns.model_copy(update={"owner": BEN}))
    assert len((await threads.turns(ANN, anns.id)).items) == 2


async def test_nobody_answers_a_foreign_message(threads: Threads) -> None:
    anns, bens = await said(threads), thread(BEN)
    reply = message(bens, "assistant", parent=anns.user.id)
    job, state = job_for(reply)
    with pytest.raises(NotFound):
        await threads.begin(Beginning(thread=bens, reply=reply, job=job, state=state))
    with pytest.raises(NotFound):
        await threads.get(BEN, bens.id)


async def test_a_trashed_thread_takes_no_turn(threads: Threads) -> None:
    first = await said(threads)
    await threads.trash(ANN, first.thread.id)
    with pytest.raises(NotFound) as refused:
        await said(threads, first.thread)
    assert refused.value.reason == "trashed"


async def test_a_new_turn_moves_its_thread_to_the_top_and_keeps_its_controls(threads: Threads) -> None:
    older = (await said(threads, thread(controls=Controls(model="guide")))).thread
    newer = (await said(threads)).thread
    assert [one.id for one in (await threads.page(ANN)).items] == [newer.id, older.id]
    moved = await said(threads, older)
    assert [one.id for one in (await threads.page(ANN)).items] == [older.id, newer.id]
    assert moved.thread.controls == Controls(model="guide")


async def test_pages_of_threads_are_whole_while_others_begin(threads: Threads) -> None:
    at = now()
    made = [(await said(threads, thread(updated=at))).thread.id for _ in range(7)]
    seen, cursor = [], None
    while True:
        page = await threads.page(ANN, cursor=cursor, limit=3)
        seen += [one.id for one in page.items]
        if page.older is None:
            break
        cursor = page.older
        await said(threads)
    assert seen == made[::-1]


async def test_threads_of_one_moment_are_paged_once_each(threads: Threads, db: Database) -> None:
    made = {(await said(threads)).thread.id for _ in range(5)}
    async with db.write() as connection:
        await connection.exec_driver_sql("UPDATE threads SET updated = 5")
    first = await threads.page(ANN, limit=3)
    second = await threads.page(ANN, cursor=first.older, limit=3)
    assert sorted(one.id for one in first.items + second.items) == sorted(made)


@pytest.mark.parametrize("cursor", ["", "x", "1.", "1.'; DROP TABLE threads", "²." + "0" * 26, "9" * 30 + "." + "0" * 26])
async def test_a_made_up_cursor_is_refused(threads: Threads, cursor: str) -> None:
    with pytest.raises(BadInput):
        await threads.page(ANN, cursor=cursor)


async def test_threads_are_found_by_title_and_by_what_was_said(threads: Threads, jobs: Jobs) -> None:
    fox = await said(threads, text="a fox in snow")
    sea = await said(threads, thread(title="The sea"), text="paint waves", kind="chat")
    await jobs.save(finished(sea.state, text="Here are **stormy** waves"))
    await said(threads, thread(BEN, title="a fox of Ben's"))

    async def found(search: str) -> list[str]:
        return [one.id for one in (await threads.page(ANN, search=search)).items]

    assert await found("FOX") == [fox.thread.id]
    assert await found("sto sea") == [sea.thread.id]
    assert await found("fox sea") == []
    assert await found("ormy") == []
    assert await found("!!!") == []
    assert await found("  ") == [sea.thread.id, fox.thread.id]


async def test_searched_threads_are_paged(threads: Threads) -> None:
    made = [(await said(threads, text=f"fox {n}")).thread.id for n in range(5)]
    first = await threads.page(ANN, search="fox", limit=3)
    second = await threads.page(ANN, search="fox", limit=3, cursor=first.older)
    assert [one.id for one in first.items + second.items] == made[::-1]
    assert second.older is None


async def test_a_renamed_thread_is_found_by_its_new_title_alone(threads: Threads) -> None:
    kept = (await said(threads, thread(title="Untitled"), text="hello")).thread
    renamed = await threads.rename(ANN, kept.id, "  Winter \n walks ")
    assert (renamed.title, renamed.named) == ("Winter walks", True)
    assert await threads.get(ANN, kept.id) == renamed
    assert [one.id for one in (await threads.page(ANN, search="winter")).items] == [kept.id]
    assert (await threads.page(ANN, search="untitled")).items == ()


@pytest.mark.parametrize(("title", "reason"), [(" \n ", "empty_title"), ("\u200b\u2060", "empty_title"), ("x" * 201, "long_title")])
async def test_a_title_must_be_one(threads: Threads, title: str, reason: str) -> None:
    kept = (await said(threads)).thread
    with pytest.raises(BadInput) as refused:
        await threads.rename(ANN, kept.id, title)
    assert refused.value.reason == reason
    assert await threads.get(ANN, kept.id) == kept


async def test_trash_and_back(threads: Threads) -> None:
    kept = (await said(threads)).thread
    trashed = await threads.trash(ANN, kept.id)
    assert trashed.trashed is not None
    assert (await threads.trash(ANN, kept.id)).trashed == trashed.trashed
    assert (await threads.page(ANN)).items == ()
    assert await threads.restore(ANN, kept.id) == kept
    assert (await threads.page(ANN)).items == (kept,)


async def test_a_foreign_thread_is_not_there(threads: Threads) -> None:
    kept = await said(threads)
    id, reply = kept.thread.id, kept.reply.id
    for call in (
        threads.get(BEN, id),
        threads.rename(BEN, id, "mine"),
        threads.trash(BEN, id),
        threads.restore(BEN, id),
        threads.turns(BEN, id),
        threads.history(BEN, id),
        threads.turn(BEN, reply),
        threads.many(BEN, [reply]),
        threads.turn(ANN, new_id()),
    ):
        with pytest.raises(NotFound):
            await call
    assert (await threads.page(BEN)).items == ()
    assert (await threads.page(BEN, search="fox")).items == ()
    assert await threads.get(ANN, id) == kept.thread


async def test_turns_come_page_by_page_in_the_order_they_were_said(threads: Threads) -> None:
    kept = await said(threads)
    spoken = [kept.user.id, kept.reply.id]
    for n in range(4):
        more = await said(threads, kept.thread, text=str(n))
        spoken += [more.user.id, more.reply.id]
    newest = await threads.turns(ANN, kept.thread.id, limit=4)
    middle = await threads.turns(ANN, kept.thread.id, limit=4, before=newest.older)
    oldest = await threads.turns(ANN, kept.thread.id, limit=4, before=middle.older)
    pages = [oldest, middle, newest]
    assert [turn.message.id for page in pages for turn in page.items] == spoken
    assert [len(page.items) for page in pages] == [2, 4, 4]
    assert oldest.older is None
    with pytest.raises(BadInput):
        await threads.turns(ANN, kept.thread.id, before="' OR 1")


async def test_a_turn_brings_its_pictures_in_their_places(threads: Threads, jobs: Jobs) -> None:
    kept = await said(threads)
    made: list[Generation] = []
    for place in (1, 0):
        file = blob()
        made.append(generation(kept, file, place=place, usage={"steps": 3}, notes=({"code": "cached"},)))
        await jobs.keep(kept.state, made[-1], file)
    turn = await threads.turn(ANN, kept.reply.id)
    assert turn.pictures == (made[1], made[0])
    assert turn.job == kept.state
    assert [one.message.id for one in await threads.many(ANN, [kept.reply.id, kept.user.id])] == [kept.reply.id, kept.user.id]


async def test_history_has_the_newest_words_of_unfinished_and_finished_replies(threads: Threads, jobs: Jobs) -> None:
    first = await said(threads, text="hello", kind="chat")
    await jobs.save(finished(first.state, text="Hi there"))
    second = await said(threads, first.thread, text="and now?", kind="chat")
    await jobs.save(second.state.model_copy(update={"status": Status.RUNNING, "text": "Now", "version": 1}))

    def texts(history: list[Message]) -> list[str]:
        return [one.text for one in history]

    assert texts(await threads.history(ANN, first.thread.id)) == ["hello", "Hi there", "and now?", "Now"]
    assert texts(await threads.history(ANN, first.thread.id, limit=2)) == ["and now?", "Now"]
    assert texts(await threads.history(ANN, first.thread.id, limit=2, answered_by=second.reply.id)) == ["Hi there", "and now?"]
    assert texts(await threads.history(ANN, first.thread.id, answered_by=first.reply.id)) == ["hello"]
    assert texts(await threads.history(ANN, first.thread.id, answered_by=new_id())) == []


async def test_times_are_kept_exactly(threads: Threads) -> None:
    odd = now().replace(microsecond=123457) + timedelta(days=30_000)
    assert (await said(threads, thread(created=odd))).thread.created == odd


async def test_a_failed_beginning_leaves_nothing(threads: Threads, db: Database) -> None:
    to = thread()
    reply = message(to, "assistant", parent=new_id())
    job, state = job_for(reply)
    with pytest.raises(NotFound):
        await threads.begin(Beginning(thread=to, user=message(to, text="fox", nonce="n"), reply=reply, job=job, state=state))
    async with db.read() as connection:
        assert (await connection.execute(messages.select())).all() == []
        assert (await connection.execute(job_rows.select())).all() == []
    assert (await threads.page(ANN)).items == ()
    assert (await threads.page(ANN, search="fox")).items == ()
