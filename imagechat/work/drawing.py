"""Pictures under way: partial ones are shown, finished ones checked, made durable and kept with their recipe."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, assert_never

from imagechat import pictures
from imagechat.domain.jobs import ErrorFacts, Job
from imagechat.domain.models import Failed, ModelCard, ModelEvent, Note, Picture, Preview, Progress, TextDelta, Usage, Waiting
from imagechat.domain.records import Blob, Generation
from imagechat.domain.requests import ImageOrder, LoadedPicture
from imagechat.domain.values import Scalar, new_id, now
from imagechat.errors import BrokenReply, HouseFault
from imagechat.prompting import styles
from imagechat.store.blobs import Blobs
from imagechat.store.jobs import Jobs
from imagechat.work.report import Report, both, facts_of, unbroken

log = logging.getLogger(__name__)
AFTER = 0.1
"""Seconds between telling of a finished picture and making its thumbnail."""


@dataclass(frozen=True)
class Keeping:
    """Where pictures go: files, rows, and who hears of a kept one."""

    blobs: Blobs
    jobs: Jobs
    kept: Callable[[Generation], object]


class Drawing:
    """One image job under way: what becomes of each event of its model."""

    def __init__(self, job: Job, report: Report, card: ModelCard, keeping: Keeping) -> None:
        assert job.image is not None
        self.job, self.report, self.card, self.keeping = job, report, card, keeping
        self.request = job.image
        self.words = styles.words(job.image, card)
        self.began = time.monotonic()
        self.starts: dict[int, float] = {}
        self.previews: list[str] = []
        self.thumbnails: list[asyncio.Task[None]] = []

    def order(self, inputs: Iterable[LoadedPicture]) -> ImageOrder:
        """The request as the model gets it."""
        return ImageOrder(request=self.request, words=self.words, inputs=tuple(inputs))

    def end(self) -> None:
        """Places that the model left without a word have failed."""
        for index, place in enumerate(self.report.state.places):
            if place.status not in ("done", "failed"):
                self.report.place(index, status="failed", error=facts_of(BrokenReply("no_picture", model=self.request.model)))

    async def take(self, event: ModelEvent) -> None:
        """Show, keep or tell one event."""
        if not 0 <= getattr(event, "index", 0) < self.request.count:
            raise BrokenReply(model=self.request.model)
        self.report.resumed()
        match event:
            case Progress(index=index, step=step, of=of, doing=doing):
                self.starts.setdefault(index, time.monotonic())
                self.report.place(index, status="running", step=step, of=of, doing=doing)
            case Preview():
                await self._show(event)
            case Picture():
                await self._take_picture(event)
            case Failed(index=index, code=code, reason=reason, facts=facts):
                error = ErrorFacts(code=code, reason=reason, retryable=event.retryable, facts=facts)
                self.report.place(index, status="failed", error=error, urgent=True)
                if self.job.purse != "free" and not event.told:  # Nothing, or nobody says how much.
                    self.report.use(Usage(input_tokens=0, output_tokens=0, price=0) if event.unbilled else Usage())
            case Waiting():
                self.report.wait(event)
            case Note():
                self.report.note(event)
            case Usage():
                self.report.use(event)
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
        await unbroken(self.keeping.blobs.keep(blob, event.data))
        self.report.place(event.index, status="running", preview=blob.id, urgent=not self.report.state.places[event.index].preview)

    async def _take_picture(self, event: Picture) -> None:
        """Keep it. One of several that is broken fails alone."""
        try:
            await self._keep(event)
        except BrokenReply as fault:
            if self.request.count == 1:
                raise
            log.warning("a picture was broken", extra={"job": self.job.id, "place": event.index, "error": str(fault)})
            self.report.place(event.index, status="failed", preview=None, error=facts_of(fault), urgent=True)

    async def _keep(self, event: Picture) -> None:
        """Check, make durable, then store with its recipe; only then is it shown."""
        if all(place.status in ("done", "failed") for index, place in enumerate(self.report.state.places) if index != event.index):
            self.report.change(urgent=False, stage="finishing")
        if event.usage is None and self.card.price:
            self.report.use(Usage(price=self.card.price))
        await unbroken(self._store(event))
        self.began = time.monotonic()

    async def _store(self, event: Picture) -> None:
        id = new_id()
        try:
            seen, _ = await both(asyncio.to_thread(pictures.checked, event.data), self.keeping.blobs.write(id, event.data))
            blob = self._blob(id, "picture", event.data, seen)
            self._compare(seen)
            made = self._generation(event, blob)
            place = self.report.state.places[event.index].model_copy(update={"status": "done", "generation": made.id, "preview": None})
            places = (*self.report.state.places[: event.index], place, *self.report.state.places[event.index + 1 :])
            await self.keeping.jobs.keep(self.report.state.model_copy(update={"places": places}), made, blob)
        except Exception:  # Not a cancellation: the row may be kept already, and the sweep takes true orphans.
            await self.keeping.blobs.discard(id)
            raise
        self.keeping.kept(made)
        self.report.change(places=places)
        self.thumbnails.append(asyncio.create_task(self._thumbnail(blob, seen)))

    async def _thumbnail(self, blob: Blob, seen: pictures.Checked) -> None:
        await asyncio.sleep(AFTER)  # The page fetches and decodes the picture now, which somebody waits for.
        with suppress(HouseFault):  # One that found no room is made when it is asked for.
            await self.keeping.blobs.write_thumbnail(blob.id, await asyncio.to_thread(seen.thumbnail))

    def _compare(self, seen: pictures.Checked) -> None:
        """Note what is another than was asked for: the bytes are believed, not the label."""
        asked, came = self.request.format, seen.media_type.removeprefix("image/")
        if asked != came:
            self.report.note(Note(code="other_format", facts={"asked": asked.upper(), "came": came.upper()}))
        if self.request.size is not None and self.request.size != seen.size:
            self.report.note(Note(code="other_size", facts={"asked": str(self.request.size), "came": str(seen.size)}))

    def _blob(self, id: str, kind: Literal["picture", "preview"], data: bytes, seen: pictures.Checked) -> Blob:
        return Blob(
            id=id, owner=self.job.owner, kind=kind, media_type=seen.media_type, size=len(data),
            width=seen.size.width, height=seen.size.height, created=now(), private=self.job.private,
        )  # fmt: skip

    def _generation(self, event: Picture, blob: Blob) -> Generation:
        recipe = self.request.place(event.index)
        state = self.report.state
        return Generation(
            id=new_id(), owner=self.job.owner, thread=self.job.thread, message=self.job.message, job=self.job.id, place=event.index,
            blob=blob.id, media_type=blob.media_type, width=blob.width, height=blob.height, bytes=blob.size,
            request=recipe, sent=self.words, alt=self.request.prompt, drawn_by=self.card.id,
            took=round((time.monotonic() - self.starts.get(event.index, self.began)) * 1000), usage=_facts(event), price=self._price(event),
            notes=tuple(note.model_dump() for note in state.notes), parent=self.request.parent, created=now(), private=self.job.private,
        )  # fmt: skip

    def _price(self, event: Picture) -> int | None:
        return self.card.price if event.usage is None else event.usage.price

    async def tidy(self) -> None:
        """Thumbnails are made to their end. Partial pictures go once nothing points to them; that of a stopped place stays: it came."""
        if self.thumbnails:
            await asyncio.wait(self.thumbnails)
        shown = {place.preview for place in self.report.state.places}
        with suppress(HouseFault):  # The next start sweeps what cannot go now.
            await self.keeping.blobs.drop([each for each in self.previews if each not in shown])


def _facts(event: Picture) -> dict[str, Scalar]:
    """What the model said of a picture: its own facts, and the tokens."""
    used = event.usage
    tokens = {} if used is None else {"input_tokens": used.input_tokens, "output_tokens": used.output_tokens}
    return {**event.facts, **{name: count for name, count in tokens.items() if count is not None}}
