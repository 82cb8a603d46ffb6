"""Jobs: the newest state of each, and the moment in which a finished picture is kept."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from statistics import median

from sqlalchemy import BigInteger, Select, case, func, insert, select, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncConnection

from imagechat.domain.jobs import Job, JobState, Place, Status
from imagechat.domain.money import Crossing, Spent
from imagechat.domain.records import Blob, Generation
from imagechat.domain.values import now
from imagechat.store import words
from imagechat.store.database import Database
from imagechat.store.ledger import Ledger
from imagechat.store.moments import MICROSECOND
from imagechat.store.rows import found, generation_row, job_of, state_of, state_row
from imagechat.store.tables import blobs, generations, jobs, messages, threads

_UNFINISHED = jobs.c.status.in_((Status.QUEUED.value, Status.RUNNING.value))


@dataclass(frozen=True)
class Used:
    """What one model was used for: `price` in micro-dollars is the sum of what is known, `unknown` counts the jobs whose price is not."""

    model: str
    jobs: int
    input_tokens: int
    output_tokens: int
    price: int
    unknown: int


class Jobs:
    """Every job, with its newest state; its final one settles what was held for it."""

    def __init__(self, db: Database, ledger: Ledger | None = None) -> None:
        self.db = db
        self.ledger = ledger or Ledger(db)

    async def get(self, owner: str, id: str) -> tuple[Job, JobState]:
        """A job with its state. A chat request comes without its turns: they lie in the thread."""
        async with self.db.read() as connection:
            query = select(jobs.c.request, jobs.c.state).where(jobs.c.id == id, jobs.c.owner == owner)
            row = found((await connection.execute(query)).one_or_none())
        return job_of(row), state_of(row)

    async def answering(self, owner: str, thread: str) -> list[str]:
        """The models of the replies in a thread that are not at their end: nobody knows yet how long they become."""
        query = select(jobs.c.model).where(jobs.c.thread == thread, jobs.c.owner == owner, jobs.c.kind == "chat", _UNFINISHED)
        async with self.db.read() as connection:
            return list((await connection.execute(query)).scalars())

    async def save(self, state: JobState) -> None:
        """Keep a newer state; an older one than what is kept changes nothing. A final one brings its text into the reply.

        Raises: NotFound.
        """
        async with self.db.write() as connection:
            crossings = await self._save(connection, state)
        self._tell(crossings)

    async def keep(self, state: JobState, generation: Generation, blob: Blob) -> None:
        """Keep a finished picture: its file's row, its recipe, its words and the job's state, all or none."""
        async with self.db.write() as connection:
            await connection.execute(insert(blobs).values(dict(blob)))
            row = insert(generations).values(generation_row(generation)).returning(generations.c.number)
            number = (await connection.execute(row)).scalar_one()
            if not generation.private:
                await words.describe(connection, number, generation)
            crossings = await self._save(connection, state)
        self._tell(crossings)

    async def interrupt(self) -> list[JobState]:
        """End every job that a dead process left behind, keeping what came; the states as they are now. No hold outlives it."""
        async with self.db.write() as connection:
            rows = (await connection.execute(select(jobs.c.state, jobs.c.request).where(_UNFINISHED).order_by(jobs.c.id))).all()
            states = [_interrupted(state_of(row), await _kept(connection, state_of(row).job), job_of(row)) for row in rows]
            crossings = [each for state in states for each in await self._save(connection, state)]
            crossings += await self.ledger.release(connection)
        self._tell(crossings)
        return states

    async def _save(self, connection: AsyncConnection, state: JobState) -> list[Crossing]:
        change = (
            update(jobs).where(jobs.c.id == state.job, jobs.c.version <= state.version).values(state_row(state)).returning(jobs.c.owner)
        )
        owner = (await connection.execute(change)).scalar_one_or_none()
        if owner is None:
            found((await connection.execute(select(jobs.c.id).where(jobs.c.id == state.job))).one_or_none())
        elif state.status.final:
            await _finish(connection, state, owner)
            return await self.ledger.settle(connection, await _spent(connection, state))
        return []

    def _tell(self, crossings: list[Crossing]) -> None:
        if crossings:
            self.ledger.told(crossings)

    async def typical(self, model: str, kind: str, *, of: int = 20) -> float | None:
        """The median seconds of this model's newest pictures or replies, whoever asked; None while there are none."""
        query, second = (_drawn(model), 1e3) if kind == "image" else (_answered(model), 1e6)
        async with self.db.read() as connection:
            took = (await connection.execute(query.limit(of))).scalars().all()
        return median(took) / second if took else None

    async def usage(self, owner: str, since: date) -> list[Used]:
        """What an owner's jobs used from the beginning of that day (UTC) on, by model, the most expensive first."""
        begin = datetime(since.year, since.month, since.day, tzinfo=UTC)
        sums = [func.coalesce(func.sum(column), 0) for column in (jobs.c.input_tokens, jobs.c.output_tokens, jobs.c.price)]
        unknown = func.sum(case((jobs.c.price.is_(None), 1), else_=0))
        query = select(jobs.c.model, func.count(), *sums, unknown).where(jobs.c.owner == owner, jobs.c.started >= begin)
        async with self.db.read() as connection:
            rows = (await connection.execute(query.group_by(jobs.c.model).order_by(sums[2].desc(), func.count().desc()))).all()
        return [Used(*row) for row in rows]


def _drawn(model: str) -> Select[int]:
    return select(generations.c.took).where(generations.c.drawn_by == model).order_by(generations.c.number.desc())


def _answered(model: str) -> Select[int]:
    took = type_coerce(jobs.c.finished, BigInteger) - type_coerce(jobs.c.started, BigInteger)
    done = (jobs.c.status == Status.DONE.value, jobs.c.model == model, jobs.c.kind == "chat", jobs.c.started.is_not(None))
    return select(took).where(*done).order_by(jobs.c.finished.desc())


async def _finish(connection: AsyncConnection, state: JobState, owner: str) -> None:
    """The reply gets its text, and can be found by it."""
    if not state.text:
        return
    reply = update(messages).where(messages.c.id == state.message).values(text=state.text).returning(messages.c.number)
    number = (await connection.execute(reply)).scalar_one()
    if not (await connection.execute(select(threads.c.private).where(threads.c.id == state.thread))).scalar_one():
        await words.say(connection, number, owner, state.thread, state.text)


async def _spent(connection: AsyncConnection, state: JobState) -> Spent:
    """What a job at its end comes to in the ledger."""
    came = sum(place.status == "done" for place in state.places)
    known = (0, 0)
    if state.price is None and came:
        sums = select(func.coalesce(func.sum(generations.c.price), 0), func.count(generations.c.price)).where(
            generations.c.job == state.job
        )
        known = tuple((await connection.execute(sums)).one())
    took = (state.finished - state.started) // MICROSECOND if state.finished and state.started else None
    return Spent(
        job=state.job, outcome=state.status.value, ended=state.finished or now(), price=state.price, pictures=came,
        input_tokens=state.input_tokens, output_tokens=state.output_tokens, took=took, known=known,
    )  # fmt: skip


async def _kept(connection: AsyncConnection, job: str) -> dict[int, str]:
    """The pictures that a job has brought, by their places: their rows are the truth, also where the state came too late."""
    query = select(generations.c.place, generations.c.id).where(generations.c.job == job).order_by(generations.c.number)
    return {row.place: row.id for row in await connection.execute(query)}


def _interrupted(state: JobState, kept: dict[int, str], job: Job) -> JobState:
    places = tuple(_ended(place, kept.get(index)) for index, place in enumerate(state.places))
    end = {"status": Status.INTERRUPTED, "stage": Status.INTERRUPTED.value, "finished": now(), "ahead": None}
    if job.purse != "free" and (not places or any(place.status == "cancelled" for place in places)):
        end |= {"price": None, "input_tokens": None, "output_tokens": None}  # Whoever was asked may have charged more than was heard of.
    return state.model_copy(update={**end, "version": state.version + 1, "places": places})


def _ended(place: Place, picture: str | None) -> Place:
    if place.status not in ("waiting", "running"):
        return place
    if picture is None:
        return place.model_copy(update={"status": "cancelled"})
    return place.model_copy(update={"status": "done", "generation": picture, "preview": None})
