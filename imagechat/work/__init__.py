"""The one path from a request to a stored, accounted result."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from math import ceil
from typing import Any, assert_never

from imagechat.catalogue import Catalogue
from imagechat.domain.jobs import ErrorFacts, Job, JobState, Status
from imagechat.domain.models import Failed, ModelCard, Note, Picture, Preview, Progress, TextDelta, Usage, Waiting
from imagechat.domain.records import COMMAND, Generation, Message
from imagechat.domain.requests import ChatRequest, ChatTurn, ImageRequest, Input, LoadedPicture
from imagechat.domain.values import now
from imagechat.errors import BrokenReply, HouseFault, ImageChatError, NotFound, TimedOut
from imagechat.logs import request_id
from imagechat.prompting import context
from imagechat.store.blobs import Blobs
from imagechat.store.gallery import Gallery
from imagechat.store.jobs import Jobs
from imagechat.store.threads import Threads
from imagechat.work.drawing import Drawing, Keeping
from imagechat.work.report import Report, facts_of, unbroken
from imagechat.wrappers import AT_ONCE

__all__ = ["Report", "Work"]

log = logging.getLogger(__name__)
HISTORY = 1_000
"""Messages of a chat that are looked at; what a model is given of them is decided by its context."""
NOTHING = Usage(input_tokens=0, output_tokens=0, price=0)
CHECKPOINT = 1.0
"""Seconds of an unfinished reply that a crash may take."""
AGAIN = 5.0
"""Seconds between two tries to store the end of a job that the disk did not take."""


class Work:
    """`perform` with the parts that it needs."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        threads: Threads,
        jobs: Jobs,
        blobs: Blobs,
        gallery: Gallery,
        kept: Callable[[Generation], object],
        limit: float,
    ) -> None:
        self.catalogue, self.threads, self.jobs, self.blobs, self.gallery = catalogue, threads, jobs, blobs, gallery
        self.keeping = Keeping(blobs, jobs, kept)
        self.limit = limit

    async def perform(self, job: Job, report: Report) -> None:
        """Do `job` and store what comes of it; every end, good or bad, is a state that is stored and told.

        Being cancelled is one of those ends: the model's stream is closed, what came is kept.
        """
        limit = self.limit * (ceil(job.image.count / AT_ONCE) if job.image else 1)
        try:
            async with asyncio.timeout(limit):
                await self._attempt(job, report)
            status, error = Status.DONE, None
        except asyncio.CancelledError:
            status, error = report.ending, None
            if report.state.resumes is not None and len(report.state.places) < 2:
                report.use(NOTHING)  # It was only waited for.
        except TimeoutError:
            status, error = Status.FAILED, facts_of(TimedOut(seconds=limit))
        except ImageChatError as fault:
            log.warning("job failed", extra={"job": job.id, "model": job.model, "error": str(fault)})
            status, error = Status.FAILED, facts_of(fault)
            if fault.unbilled:
                report.use(NOTHING)
        except Exception as fault:
            log.exception("job failed", extra={"job": job.id, "model": job.model})
            status, error = Status.FAILED, facts_of(_translated(fault))
        _reckon(job, report)
        unkept = await unbroken(self._settle(report, status, error))
        while unkept is not None:
            await asyncio.sleep(AGAIN)
            unkept = await unbroken(self._kept_at_last(report, unkept))

    async def foresee(self, job: Job, report: Report) -> None:
        """Find out how long this model usually takes."""
        with suppress(HouseFault):
            expected = await self.jobs.typical(job.model, report.state.kind)
            if not report.state.status.final:
                report.change(urgent=False, expected=expected)

    async def _attempt(self, job: Job, report: Report) -> None:
        report.change(status=Status.RUNNING, stage="preparing", started=now(), ahead=None)
        await asyncio.sleep(0)  # One that is stopped while it waits in the queue ends here, and no model hears of it.
        if job.image is not None:
            await self._draw(job, report, job.image)
        else:
            await self._reply(job, report)

    async def _reply(self, job: Job, report: Report) -> None:
        model = await self.catalogue.at_work(job)
        request = await self._conversation(job, report, model.card)
        report.change(urgent=False, stage="generating")
        async with self._meanwhile(job, report), aclosing(model.stream(request)) as events:
            async for event in events:
                report.resumed()
                match event:
                    case TextDelta(text=text):
                        report.say(text)
                    case Usage():
                        report.use(event)
                    case Note():
                        report.note(event)
                    case Waiting():
                        report.wait(event)
                    case Preview() | Picture() | Progress() | Failed():
                        raise BrokenReply("picture_in_reply", model=job.model)
                    case _:
                        assert_never(event)
        if not report.state.text.strip():
            raise BrokenReply("empty_reply", model=job.model)

    async def _draw(self, job: Job, report: Report, request: ImageRequest) -> None:
        model = await self.catalogue.at_work(job)
        drawing = Drawing(job, report, model.card, self.keeping)
        order = drawing.order([await self.load(job.owner, each) for each in request.inputs])
        report.change(stage="generating")
        try:
            async with self._meanwhile(job, report), aclosing(model.stream(order)) as events:
                async for event in events:
                    await drawing.take(event)
        finally:
            await unbroken(drawing.tidy())
        drawing.end()

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
        await self.foresee(job, report)
        kept = ""
        while True:
            await asyncio.sleep(CHECKPOINT)
            state = report.state
            if state.text != kept:
                try:
                    await unbroken(self.jobs.save(state))
                    kept = state.text
                except Exception as fault:
                    log.warning("a reply could not be kept so far", extra={"job": state.job, "error": str(fault)})

    async def _conversation(self, job: Job, report: Report, card: ModelCard) -> ChatRequest:
        """The thread up to the turn that is answered, as far as the model's context takes it; what is left out is noted."""
        assert job.chat is not None
        read = await self.threads.history(job.owner, job.thread, HISTORY + 1, answered_by=job.message)
        messages = [each for each in read[-HISTORY:] if each.origin != COMMAND]
        asked = messages[-1].id if messages else None
        drafts = [_draft(message, card.sees or message.id == asked) for message in messages]
        kept, notes = context.fitted([each for each in drafts if each.text or each.inputs], card, max(0, len(read) - HISTORY))
        for note in notes:
            report.note(note)
        return job.chat.again(turns=tuple([await self._turn(job.owner, each) for each in kept]))

    async def _turn(self, owner: str, draft: context.Draft) -> ChatTurn:
        pictures = []
        for each in draft.inputs:
            with suppress(NotFound):  # It lay in the trash with its chat, and its room was needed.
                pictures.append(await self.load(owner, each))
        return ChatTurn(role=draft.role, text=draft.text, pictures=tuple(pictures))

    async def load(self, owner: str, given: Input) -> LoadedPicture:
        """An input with its bytes, and with what its model said of it. Raises: NotFound when it is not the owner's."""
        blob = await self.blobs.get(owner, given.blob)
        data = await self.blobs.read(blob.id)
        made = await self.gallery.get(owner, given.generation) if given.generation else None
        if made is not None and made.blob != blob.id:
            raise NotFound()
        facts = {key: value for key, value in made.usage.items() if not isinstance(value, dict | list)} if made else {}
        return LoadedPicture(
            data=data, media_type=blob.media_type, size=f"{blob.width}x{blob.height}", name=blob.name,
            drawn_by=made.drawn_by if made else None, facts=facts,
        )  # fmt: skip

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


def _reckon(job: Job, report: Report) -> None:
    """At the end of a job: where no model was asked nothing was charged; of what was asked, whatever told nothing may have been."""
    if report.state.stage in ("queued", "preparing") and not report.heard:
        report.use(NOTHING)
    elif job.purse != "free" and report.heard < len(report.state.places):
        report.use(Usage())


def _translated(fault: Exception) -> ImageChatError:
    """What an error that nobody expected is to a visitor: its own words stay in the log."""
    return ImageChatError(kind=type(fault).__name__, request=request_id.get())


def _draft(message: Message, pictures: bool) -> context.Draft:
    """A message as a model gets it: what was drawn is told in words. One that cannot see gets the newest turn's pictures, to say so."""
    drawn = f"[A picture was drawn: {message.request.prompt}]" if message.request and message.role == "assistant" else ""
    return context.Draft(message.role, message.text or drawn, message.inputs if pictures else ())
