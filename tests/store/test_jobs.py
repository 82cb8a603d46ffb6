from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from imagechat.domain.jobs import ErrorFacts, JobState, Place, Status
from imagechat.domain.requests import ChatRequest, ChatTurn, LoadedPicture
from imagechat.domain.values import Size, new_id, now
from imagechat.errors import NotFound
from imagechat.store.beginning import Beginning
from imagechat.store.blobs import Blobs
from imagechat.store.database import Database
from imagechat.store.gallery import Gallery
from imagechat.store.jobs import Jobs
from imagechat.store.threads import Threads
from tests.store.making import ANN, BEN, Said, blob, finished, generation, image_request, job_for, message, said, thread


def running(state: JobState, **facts: object) -> JobState:
    basics = {"status": Status.RUNNING, "stage": "generating", "started": now(), "version": state.version + 1}
    return state.model_copy(update={**basics, **facts})


async def test_a_job_comes_back_as_it_was_given(threads: Threads, jobs: Jobs) -> None:
    kept = await said(threads, request=image_request(options={"steps": 3}, count=2))
    assert await jobs.get(ANN, kept.job.id) == (kept.job, kept.state)


async def test_a_foreign_job_is_not_there(threads: Threads, jobs: Jobs) -> None:
    kept = await said(threads)
    for owner, id in ((BEN, kept.job.id), (ANN, new_id())):
        with pytest.raises(NotFound):
            await jobs.get(owner, id)


async def test_what_was_said_is_not_kept_twice(threads: Threads, jobs: Jobs) -> None:
    to = thread()
    reply = message(to, "assistant", kind="text")
    job, state = job_for(reply, kind="chat")
    picture = LoadedPicture(data=b"\x89PNG", media_type="image/png", size=Size(width=1, height=1))
    asked = ChatRequest(model="guide", turns=(ChatTurn(role="user", text="what is this?", pictures=(picture,)),), image_model="sketch")
    job = job.model_copy(update={"chat": asked})
    await threads.begin(Beginning(thread=to, reply=reply, job=job, state=state))
    assert (await jobs.get(ANN, job.id))[0].chat == asked.model_copy(update={"turns": ()})


async def test_a_newer_state_replaces_and_an_older_one_does_not(threads: Threads, jobs: Jobs) -> None:
    kept = await said(threads, kind="chat")
    newer = running(kept.state, text="Hello", version=5)
    await jobs.save(newer)
    await jobs.save(running(kept.state, text="Hel", version=4))
    assert (await jobs.get(ANN, kept.job.id))[1] == newer
    with pytest.raises(NotFound):
        await jobs.save(newer.model_copy(update={"job": new_id()}))


async def test_a_final_state_brings_its_words_into_the_reply(threads: Threads, jobs: Jobs) -> None:
    kept = await said(threads, kind="chat")
    failed = kept.state.model_copy(
        update={"status": Status.FAILED, "text": "A walrus", "version": 3, "error": ErrorFacts(code="timed_out"), "price": 12}
    )
    await jobs.save(running(kept.state, text="A wal"))
    assert (await threads.turn(ANN, kept.reply.id)).message.text == ""
    await jobs.save(failed)
    await jobs.save(failed.model_copy(update={"version": 4}))
    turn = await threads.turn(ANN, kept.reply.id)
    assert (turn.message.text, turn.job) == ("A walrus", failed.model_copy(update={"version": 4}))
    assert len((await threads.page(ANN, search="walrus")).items) == 1


async def test_a_picture_is_kept_with_everything_that_belongs_to_it(threads: Threads, jobs: Jobs, gallery: Gallery, blobs: Blobs) -> None:
    kept, file = await said(threads), blob()
    picture = generation(kept, file, usage={"tokens": 3}, notes=({"code": "x", "facts": {"a": 1}},), price=None, parent=new_id())
    state = running(kept.state, places=(Place(status="done", generation=picture.id, seed=7),))
    await jobs.keep(state, picture, file)
    assert await gallery.get(ANN, picture.id) == picture
    assert await blobs.get(ANN, file.id) == file
    assert (await jobs.get(ANN, kept.job.id))[1] == state
    assert (await gallery.page(ANN, search="fox")).items == (picture,)


async def test_keeping_is_all_or_nothing(threads: Threads, jobs: Jobs, gallery: Gallery, blobs: Blobs, db: Database) -> None:
    kept = await said(threads)
    file = blob()
    picture = generation(kept, file)
    await jobs.keep(kept.state, picture, file)
    second, state = blob(), running(kept.state, places=())
    # The same picture again, under another file: its row fails after the file's.
    with pytest.raises(IntegrityError):
        await jobs.keep(state, picture.model_copy(update={"blob": second.id}), second)
    # A state without its job: fails last.
    third = blob()
    with pytest.raises(NotFound):
        await jobs.keep(state.model_copy(update={"job": new_id()}), generation(kept, third), third)
    for missing in (second, third):
        with pytest.raises(NotFound):
            await blobs.get(ANN, missing.id)
    assert (await jobs.get(ANN, kept.job.id))[1] == kept.state
    assert await gallery.count(ANN) == 1
    async with db.read() as connection:
        assert (await connection.exec_driver_sql("SELECT count(*) FROM picture_words")).scalar_one() == 1


async def test_jobs_of_a_dead_process_are_interrupted_and_keep_what_came(threads: Threads, jobs: Jobs) -> None:
    chat, bens, done = await said(threads, kind="chat"), await said(threads, thread(BEN)), await said(threads)
    places = (Place(status="done", generation=new_id()), Place(status="running", preview=new_id()), Place(), Place(status="failed"))
    await jobs.save(running(chat.state, text="Half a", places=places, ahead=2))
    await jobs.save(finished(done.state))
    interrupted = await jobs.interrupt()
    assert [state.job for state in interrupted] == [chat.job.id, bens.job.id]
    state = (await jobs.get(ANN, chat.job.id))[1]
    assert state == interrupted[0]
    assert (state.status, state.stage, state.text, state.version, state.ahead) == ("interrupted", "interrupted", "Half a", 2, None)
    assert [place.status for place in state.places] == ["done", "cancelled", "cancelled", "failed"]
    assert state.finished is not None
    assert (await threads.turn(ANN, chat.reply.id)).message.text == "Half a"
    assert (await jobs.get(ANN, done.job.id))[1].status == Status.DONE
    assert await jobs.interrupt() == []


async def test_a_picture_that_was_kept_before_the_end_is_in_its_place(threads: Threads, jobs: Jobs) -> None:
    kept, file = await said(threads), blob()
    await jobs.save(running(kept.state, places=(Place(), Place(status="running", preview=new_id())), version=9))
    made = generation(kept, file, place=1)
    # Its state was overtaken by a newer one that does not know it yet.
    await jobs.keep(kept.state, made, file)
    assert (await jobs.get(ANN, kept.job.id))[1].version == 9
    assert [(place.status, place.generation) for place in (await jobs.interrupt())[0].places] == [("cancelled", None), ("done", made.id)]


async def drawn(jobs: Jobs, kept: Said, took: int, model: str = "sketch") -> None:
    file = blob()
    await jobs.keep(kept.state, generation(kept, file, took=took, drawn_by=model), file)


async def test_the_usual_time_is_the_median_of_the_newest_pictures(threads: Threads, jobs: Jobs) -> None:
    kept = await said(threads)
    assert await jobs.typical("sketch", "image") is None
    for took in (90_000, 80_000, 1000, 2000, 4000):
        await drawn(jobs, kept, took)
    await drawn(jobs, kept, 77_000, model="other")
    assert await jobs.typical("sketch", "image", of=3) == 2.0
    assert await jobs.typical("sketch", "image") == 4.0
    assert await jobs.typical("sketch", "chat") is None


async def test_the_usual_time_of_replies_counts_finished_ones(threads: Threads, jobs: Jobs) -> None:
    at = now()
    for n, seconds in enumerate((60, 50, 1, 2, 3)):
        kept = await said(threads, kind="chat")
        started = at + timedelta(minutes=5 * n)
        await jobs.save(finished(kept.state, started + timedelta(seconds=seconds), started=started))
    failed = await said(threads, kind="chat")
    await jobs.save(finished(failed.state, at + timedelta(hours=9), started=at, status=Status.FAILED))
    unstarted = await said(threads, kind="chat")
    await jobs.save(finished(unstarted.state, at + timedelta(hours=9)))
    assert await jobs.typical("guide", "chat", of=3) == 2.0
    assert await jobs.typical("guide", "image") is None
