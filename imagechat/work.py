"""The one path from a request to a stored, accounted result."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Any, Literal, TypeVar, assert_never

from imagechat import pictures
from imagechat.catalogue import Catalogue
from imagechat.domain.jobs import ErrorFacts, Job, JobState, Status
from imagechat.domain.models import Failed, ModelEvent, Note, Picture, Preview, Progress, TextDelta, Usage
from imagechat.domain.records import Blob, Generation, Message
from imagechat.domain.requests import ChatRequest, ChatTurn, ImageOrder, ImageRequest, Input, LoadedPicture
from imagechat.domain.values import new_id, now
from imagechat.errors import BrokenReply, HouseFault, ImageChatError, TimedOut
from imagechat.prompting import styles
from imagechat.store.blobs import Blobs
from imagechat.store.jobs import Jobs
from imagechat.store.threads import Threads

log = logging.getLogger(__name__)
T = TypeVar("T")
U = TypeVar("U")
HISTORY = 60
CHECKPOINT = 1.0
"""Seconds of an unfinished reply that a crash may take."""
AGAIN = 5.0
"""Seconds between two tries to store the end of a job that the disk did not take."""


class Report:
    """A job's state while it is worked on. `changed(urgent)` is called after every change."""

    def __init__(self, state: JobState, changed: Callable[["Report", bool], object]) -> None:
        self._state = state
        self._pieces: list[str] = []
        self._changed = changed
        self.ending = Status.CANCELLED
        """What a cancelled job becomes: stopped by the visitor, or interrupted by the end of this process."""

    @property
    def state(self) -> JobState:
        """The newest state, whole."""
        if self._pieces:
            text = self._state.text + "".join(self._pieces)
            self._state = self._state.model_copy(update={"text": text, "version": self._state.version + 1})
            self._pieces.clear()
        return self._state

    def change(self, *, urgent: bool = True, **changes: Any) -> None:
        """Set fields of the state."""
        state = self.state
        self._state = state.model_copy(update={**changes, "version": state.version + 1})
        self._changed(self, urgent)

    def place(self, index: int, *, urgent: bool = False, **changes: Any) -> None:
        """Set fields of place `index`."""
        places = list(self.state.places)
        places[index] = places[index].model_copy(update=changes)
        self.change(urgent=urgent, places=tuple(places))

    def say(self, text: str) -> None:
        """Add words to the reply; the first are shown at once."""
        first = not self._pieces and not self._state.text
        self._pieces.append(text)
        self._changed(self, first)


def facts_of(error: ImageChatError) -> ErrorFacts:
    """`error` as it is stored and shown."""
    return ErrorFacts(code=error.code, reason=error.reason, retryable=error.retryable, facts=dict(error.facts))


async def unbroken(work: Coroutine[Any, Any, T]) -> T:
    """Finish `work` even while being cancelled; the cancellation goes on after it."""
    task = asyncio.create_task(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as asked:
            cancelled = asked
        except Exception:
            break
    if cancelled is not None and not task.cancelled():
        task.exception()
        raise cancelled
    return task.result()


async def both(first: Awaitable[T], second: Awaitable[U]) -> tuple[T, U]:
    """Do two things side by side and wait for both; raises what went wrong with the first, or with the second."""
    one, other = await asyncio.gather(first, second, return_exceptions=True)
    for got in (one, other):
        if isinstance(got, BaseException):
            raise got
    return one, other  # type: ignore[return-value]


class Work:
    """`perform` with the parts that it needs."""

    def __init__(
        self, *, catalogue: Catalogue, threads: Threads, jobs: Jobs, blobs: Blobs, kept: Callable[[Generation], object], limit: float
    ) -> None:
        self.catalogue, self.threads, self.jobs, self.blobs = catalogue, threads, jobs, blobs
        self.kept = kept
        self.limit = limit

    async def perform(self, job: Job, report: Report) -> None:
        """Do `job` and store what comes of it; every end, good or bad, is a state that is stored and told.

        Being cancelled is one of those ends: the model's stream is closed, what came is kept.
        """
        try:
            async with asyncio.timeout(self.limit):
                await self._attempt(job, report)
            status, error = Status.DONE, None
        except asyncio.CancelledError:
            status, error = report.ending, None
        except TimeoutError:
            status, error = Status.FAILED, facts_of(TimedOut(seconds=self.limit))
        except ImageChatError as fault:
            log.warning("job failed", extra={"job": job.id, "model": job.model, "error": str(fault)})
            status, error = Status.FAILED, facts_of(fault)
        except Exception as fault:
            log.exception("job failed", extra={"job": job.id, "model": job.model})
            status, error = Status.FAILED, facts_of(_translated(fault))
        unkept = await unbroken(self._settle(report, status, error))
        while unkept is not None:
            await asyncio.sleep(AGAIN)
            unkept = await unbroken(self._kept_at_last(report, unkept))

    async def _attempt(self, job: Job, report: Report) -> None:
        report.change(status=Status.RUNNING, stage="preparing", started=now(), ahead=None)
        await asyncio.sleep(0)  # One that is stopped while it waits in the queue ends here, and no model hears of it.
        if job.image is not None:
            await _Drawing(self, job, report, job.image).run()
        else:
            await self._reply(job, report)

    async def _reply(self, job: Job, report: Report) -> None:
        request = await self._conversation(job)
        report.change(urgent=False, stage="generating")
        async with self._meanwhile(job, report), aclosing(self._events(job.model, request)) as events:
            async for event in events:
                match event:
                    case TextDelta(text=text):
                        report.say(text)
                    case Usage():
                        _use(report, event)
                    case Note():
                        report.change(notes=(*report.state.notes, event))
                    case Preview() | Picture() | Progress() | Failed():
                        raise BrokenReply("picture_in_reply", model=job.model)
                    case _:
                        assert_never(event)
        if not report.state.text.strip():
            raise BrokenReply("empty_reply", model=job.model)

    @asynccontextmanager
    async def _meanwhile(self, job: Job, report: Report) -> AsyncGenerator[None]:
        """While the model is at it: find out how long it usually takes, and keep a reply's words once a second, however they come."""
        watch = asyncio.create_task(self._watch(job, report))
        try:
            yield
        finally:
            watch.cancel()
            await unbroken(asyncio.wait({watch}))

    async def _watch(self, job: Job, report: Report) -> None:
        with suppress(HouseFault):
            report.change(urgent=False, expected=await self.jobs.typical(job.model, report.state.kind))
        kept = ""
        while True:
            await asyncio.sleep(CHECKPOINT)
            state = report.state
            if state.text != kept:
                try:
                    await unbroken(self.jobs.save(state))
                    kept = state.text
                except HouseFault as fault:
                    log.warning("a reply could not be kept so far", extra={"job": state.job, "error": str(fault)})

    def _events(self, model: str, request: Any) -> AsyncGenerator[ModelEvent]:
        return self.catalogue.model(model).stream(request)

    async def _conversation(self, job: Job) -> ChatRequest:
        """The thread up to the turn that is answered, as the model gets it."""
        assert job.chat is not None
        messages = await self.threads.history(job.owner, job.thread, HISTORY, answered_by=job.message)
        sees = self.catalogue.card(job.model).sees
        asked = messages[-1].id if messages else None
        turns = [await self._turn(message, sees or message.id == asked) for message in messages if message.text or message.inputs]
        return job.chat.again(turns=tuple(turns))

    async def _turn(self, message: Message, pictures: bool) -> ChatTurn:
        """A message as the model gets it. One that cannot see gets the newest turn's pictures too, so that it can say so."""
        loaded = [await self.load(message.owner, each) for each in message.inputs if pictures]
        return ChatTurn(role=message.role, text=message.text, pictures=tuple(loaded))

    async def load(self, owner: str, given: Input) -> LoadedPicture:
        """An input with its bytes. Raises: NotFound when it is not the owner's."""
        blob = await self.blobs.get(owner, given.blob)
        data = await self.blobs.read(blob.id)
        return LoadedPicture(data=data, media_type=blob.media_type, size=f"{blob.width}x{blob.height}", name=blob.name)

    async def _settle(self, report: Report, status: Status, error: ErrorFacts | None) -> JobState | None:
        """Store and tell the end; places that nothing came for end with it. Returns the end where it could not be stored."""
        left = {Status.FAILED: "failed"}.get(status, "cancelled")
        places = tuple(p if p.status in ("done", "failed") else p.model_copy(update={"status": left}) for p in report.state.places)
        if status is Status.DONE and places and not any(p.status == "done" for p in places):
            status, error = (
                Status.FAILED,
                next((p.error for p in places if p.error), facts_of(BrokenReply("no_picture", model=report.state.model))),
            )
        end: dict[str, Any] = {"status": status, "stage": str(status), "finished": now(), "error": error, "places": places, "ahead": None}
        final = report.state.model_copy(update=end)
        try:
            await self.jobs.save(final)
        except Exception as fault:
            log.exception("the end of a job could not be stored yet", extra={"job": final.job})
            why = error or facts_of(fault if isinstance(fault, ImageChatError) else _translated(fault))
            report.change(**{**end, "status": Status.FAILED, "stage": str(Status.FAILED), "error": why})
            return final
        report.change(**end)
        return None

    async def _kept_at_last(self, report: Report, final: JobState) -> JobState | None:
        """Try once more to store the end of a job; None when it is kept and told as what it was."""
        try:
            await self.jobs.save(final)
        except Exception:
            return final
        report.change(status=final.status, stage=final.stage, error=final.error)
        return None


class _Drawing:
    """One image job under way."""

    def __init__(self, work: Work, job: Job, report: Report, request: ImageRequest) -> None:
        self.work, self.job, self.report, self.request = work, job, report, request
        self.card = work.catalogue.card(request.model)
        self.words = styles.words(request, self.card)
        self.began = time.monotonic()
        self.previews: list[str] = []

    async def run(self) -> None:
        inputs = [await self.work.load(self.job.owner, each) for each in self.request.inputs]
        order = ImageOrder(request=self.request, words=self.words, inputs=tuple(inputs))
        self.report.change(stage="generating")
        try:
            async with self.work._meanwhile(self.job, self.report), aclosing(self.work._events(self.request.model, order)) as events:
                async for event in events:
                    await self._take(event)
        finally:
            await unbroken(self._drop_previews())
        missing = [index for index, place in enumerate(self.report.state.places) if place.status not in ("done", "failed")]
        for index in missing:
            self.report.place(index, status="failed", error=facts_of(BrokenReply("no_picture", model=self.request.model)))

    async def _take(self, event: ModelEvent) -> None:
        if not 0 <= getattr(event, "index", 0) < self.request.count:
            raise BrokenReply(model=self.request.model)
        match event:
            case Progress(index=index, step=step, of=of, doing=doing):
                self.report.place(index, status="running", step=step, of=of, doing=doing)
            case Preview():
                await self._show(event)
            case Picture():
                await self._keep(event)
            case Failed(index=index, code=code, reason=reason, facts=facts):
                self.report.place(index, status="failed", error=ErrorFacts(code=code, reason=reason, facts=facts), urgent=True)
            case Note():
                self.report.change(notes=(*self.report.state.notes, event))
            case Usage():
                _use(self.report, event)
            case TextDelta(text=text):
                self.report.say(text)
            case _:
                assert_never(event)

    async def _show(self, event: Preview) -> None:
        """Keep a partial picture beside the job until the finished one stands in its place; a broken one is only left out."""
        try:
            seen = await asyncio.to_thread(pictures.checked, event.data)
        except BrokenReply as fault:
            log.info("a partial picture was broken", extra={"job": self.job.id, "error": str(fault)})
            return
        blob = self._blob(new_id(), "preview", event.data, seen)
        self.previews.append(blob.id)
        await unbroken(self.work.blobs.keep(blob, event.data))
        self.report.place(event.index, status="running", preview=blob.id, urgent=not self.report.state.places[event.index].preview)

    async def _keep(self, event: Picture) -> None:
        """Check, make durable, then store with its recipe; only then is it shown."""
        if all(place.status in ("done", "failed") for index, place in enumerate(self.report.state.places) if index != event.index):
            self.report.change(urgent=False, stage="finishing")
        await unbroken(self._store(event))
        self.began = time.monotonic()

    async def _store(self, event: Picture) -> None:
        id = new_id()
        try:
            seen, _ = await both(asyncio.to_thread(pictures.checked, event.data), self.work.blobs.write(id, event.data))
            thumbnail = asyncio.create_task(asyncio.to_thread(seen.thumbnail))
            blob = self._blob(id, "picture", event.data, seen)
            made = self._generation(event, blob)
            place = self.report.state.places[event.index].model_copy(update={"status": "done", "generation": made.id, "preview": None})
            places = (*self.report.state.places[: event.index], place, *self.report.state.places[event.index + 1 :])
            await self.work.jobs.keep(self.report.state.model_copy(update={"places": places}), made, blob)
        except BaseException:
            await self.work.blobs.discard(id)
            raise
        self.work.kept(made)
        self.report.change(places=places)
        with suppress(HouseFault):  # A thumbnail that found no room is made when it is asked for.
            await self.work.blobs.write_thumbnail(blob.id, await thumbnail)

    def _blob(self, id: str, kind: Literal["picture", "preview"], data: bytes, seen: pictures.Checked) -> Blob:
        return Blob(
            id=id, owner=self.job.owner, kind=kind, media_type=seen.media_type, size=len(data),
            width=seen.size.width, height=seen.size.height, created=now(),
        )  # fmt: skip

    def _generation(self, event: Picture, blob: Blob) -> Generation:
        recipe = self.request.place(event.index)
        state = self.report.state
        return Generation(
            id=new_id(), owner=self.job.owner, thread=self.job.thread, message=self.job.message, job=self.job.id, place=event.index,
            blob=blob.id, media_type=blob.media_type, width=blob.width, height=blob.height, bytes=blob.size,
            request=recipe, sent=self.words, alt=self.request.prompt, drawn_by=self.card.id,
            took=round((time.monotonic() - self.began) * 1000), usage=dict(event.facts), price=self.card.price,
            notes=tuple(note.model_dump() for note in state.notes), parent=self.request.parent, created=now(),
        )  # fmt: skip

    async def _drop_previews(self) -> None:
        """Partial pictures go once nothing points to them; that of a stopped place stays, it is what came."""
        shown = {place.preview for place in self.report.state.places}
        with suppress(HouseFault):  # The next start sweeps what cannot go now.
            await self.work.blobs.drop([each for each in self.previews if each not in shown])


def _use(report: Report, usage: Usage) -> None:
    report.change(urgent=False, input_tokens=usage.input_tokens, output_tokens=usage.output_tokens, price=usage.price)


def _translated(fault: Exception) -> ImageChatError:
    """What an error that nobody expected is to a visitor: its own words stay in the log."""
    return ImageChatError(kind=type(fault).__name__)
