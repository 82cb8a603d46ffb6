"""Once more, and on from there: rerolls, variations, edits, retries, and recipes put back. Each is a change of a recipe."""

from imagechat.catalogue import Offered
from imagechat.domain.jobs import Job, JobState, Status
from imagechat.domain.models import ModelCard, Note
from imagechat.domain.records import NO_STYLE, Controls, Generation
from imagechat.domain.requests import Input
from imagechat.domain.values import Value, new_id, now
from imagechat.domain.visitors import Visitor
from imagechat.errors import BadInput, BadKey, MissingKey, NotFound, NotOffered
from imagechat.studio import choosing
from imagechat.studio.choosing import fitted
from imagechat.studio.making import Making
from imagechat.studio.submitting import Receipt

VARIATIONS = 4


class Recipe(Value):
    """A picture's recipe as the composer takes it; `sources` are what it was made from, `notes` what had to change."""

    prompt: str
    controls: Controls
    sources: tuple[Generation, ...] = ()
    notes: tuple[Note, ...] = ()


class Source(Value):
    """A picture that is to be edited, and the id of the model for it."""

    made: Generation
    model: str


class Again(Making):
    """The verbs that begin at something made."""

    async def reroll(self, visitor: Visitor, picture: str, *, same_seed: bool = False, nonce: str | None = None) -> Receipt:
        """The same wish once more: a new take with a new seed, or with the same one."""
        made = await self.parts.gallery.get(visitor.id, picture)
        request = made.request.reroll()
        if same_seed:
            request = request.again(seed=made.request.seed)
        parent = await self._asked(visitor, made.message)
        origin = "same_seed" if same_seed else "reroll"
        thread, anchor = await self._home(visitor, made.thread, parent, made.request.prompt)
        said = None if anchor else made.request.prompt
        return await self.draw(visitor, thread, request, said=said, parent=anchor, origin=origin, nonce=nonce)

    async def retry(self, visitor: Visitor, message: str, place: int | None = None, *, nonce: str | None = None) -> Receipt:
        """Ask again for a reply that did not come whole, or for one picture of it.

        Raises: NotFound; BadInput("nothing_to_retry") when it is under way or complete.
        """
        turn = self._newest(await self.parts.threads.turn(visitor.id, message))
        job = turn.job
        if job is None or not _lacking(job, place) or not _over(job, place):
            raise BadInput("nothing_to_retry")
        request = turn.message.request
        if request is not None:
            again = request if place is None else request.place(place)
            return await self.draw(visitor, turn.message.thread, again, parent=turn.message.parent, origin="retry", nonce=nonce)
        reply = self._message(
            visitor, turn.message.thread, role="assistant", kind="text", model=turn.message.model, parent=turn.message.parent,
            origin="retry", nonce=nonce,
        )  # fmt: skip
        asked = (await self.parts.jobs.get(visitor.id, job.job))[0].chat
        assert asked is not None
        card = (await self._offered(visitor)).standin(asked.model)
        notes = [Note(code="model_replaced", facts={"given": asked.model, "used": card.id})] if card.id != asked.model else []
        asked, reply = asked.again(model=card.id), reply.again(model=card.id)
        purse = self._purse(visitor, card)
        chat = Job(
            id=new_id(), owner=visitor.id, thread=reply.thread, message=reply.id, chat=asked, purse=purse, created=now()
        )  # fmt: skip
        return await self._begin(visitor, None, reply, chat, notes=notes)

    async def recipe(self, visitor: Visitor, picture: str) -> Recipe:
        """A picture's resolved recipe, to be put back into the composer."""
        made = await self.parts.gallery.get(visitor.id, picture)
        wish = made.request
        await self._offered(visitor)
        card = self.standin(visitor, wish.model)
        fit = card.fit(wish) if card and card.id != wish.model else wish
        notes = choosing.replaced(wish, fit) if fit is not wish else []
        squeezed = fit.options.get("compression")
        controls = Controls(
            model=fit.model, size=str(fit.size) if fit.size else None, quality=fit.quality, style=fit.style or NO_STYLE, count=1,
            seed=fit.seed, format=fit.format, background=fit.background, image_model=fit.model,
            compression=squeezed if isinstance(squeezed, int) else None,
        )  # fmt: skip
        found = [await self._kept(visitor, each.generation) for each in fit.inputs if each.generation]
        sources = tuple(each for each in found if each is not None)
        return Recipe(prompt=fit.prompt, controls=controls, sources=sources, notes=tuple(notes))

    async def _kept(self, visitor: Visitor, picture: str) -> Generation | None:
        try:
            return await self.parts.gallery.get(visitor.id, picture)
        except NotFound:
            return None

    async def vary(self, visitor: Visitor, picture: str, *, nonce: str | None = None, controls: Controls | None = None) -> Receipt:
        """Four pictures like this one, or as many as the model makes at once: by the model that drew it, else by one that can.

        Raises: NotFound; NotOffered("no_variations").
        """
        made = await self.parts.gallery.get(visitor.id, picture)
        card = self._able("vary", await self._offered(visitor), made, controls)
        source = Input(blob=made.blob, generation=made.id)
        request = card.fit(made.request.varied(source, min(VARIATIONS, card.max_count)))
        told = [fitted("model", made.drawn_by, card.id)] if card.id != made.drawn_by else []
        parent = await self._asked(visitor, made.message)
        thread, anchor = await self._home(visitor, made.thread, parent, made.request.prompt)
        said = None if anchor else made.request.prompt
        return await self.draw(visitor, thread, request, said=said, parent=anchor, origin="variations", nonce=nonce, notes=told)

    async def source(self, visitor: Visitor, picture: str, controls: Controls) -> Source:
        """A picture that is to be edited, and the model for it: the chosen one where it can, else the one that drew it, else another.

        Raises: NotFound; NotOffered("no_edits").
        """
        made = await self.parts.gallery.get(visitor.id, picture)
        return Source(made=made, model=self._able("edit", await self._offered(visitor), made, controls).id)

    def _able(self, operation: str, offered: Offered, made: Generation, controls: Controls | None) -> ModelCard:
        """Who can do `operation` to `made`. An edit follows the visitor's choice first, a variation the picture's own model; one that
        cannot see what is in the picture comes last.
        """
        self._check_pictures()
        chosen = [controls.model, controls.image_model] if controls else []
        wanted = [made.drawn_by, *chosen] if operation == "vary" else [*chosen, made.drawn_by]
        named = [card for name in wanted if name and (card := _standin(offered, name))]
        others = sorted(offered.cards(), key=lambda card: card.repaints and card.id != made.drawn_by)
        for card in (*named, *others):
            if operation in card.operations:
                return card
        raise NotOffered("no_variations" if operation == "vary" else "no_edits")

    async def _asked(self, visitor: Visitor, message: str) -> str | None:
        try:
            return (await self.parts.threads.turn(visitor.id, message)).message.parent
        except NotFound:
            return None

    async def _home(self, visitor: Visitor, thread: str, parent: str | None, prompt: str) -> tuple[str, str | None]:
        """Where a new take belongs: its picture's thread, or a new one when that lies in the trash."""
        try:
            home = await self.parts.threads.get(visitor.id, thread)
        except NotFound:
            return new_id(), None
        return (thread, parent) if home.trashed is None else (new_id(), None)


def _standin(offered: Offered, name: str) -> ModelCard | None:
    try:
        return offered.standin(name)
    except (NotOffered, BadKey, MissingKey):
        return None


def _over(job: JobState, place: int | None) -> bool:
    """Whether nothing more will come of it: one picture may have failed while others are still being made."""
    return job.status.final or (place is not None and bool(job.places) and job.places[place].status == "failed")


def _lacking(job: JobState, place: int | None) -> bool:
    """Whether something of what was asked did not come. Raises: NotFound for a place that there never was."""
    if place is None or not job.places:
        return job.status is not Status.DONE
    if not 0 <= place < len(job.places):
        raise NotFound()
    return job.places[place].status != "done"
