"""Asking, drawing and stopping: what the composer sends becomes one job."""

import secrets
from collections.abc import Sequence

from pydantic import Field

from imagechat.catalogue import Offered
from imagechat.domain.jobs import Job, JobState
from imagechat.domain.models import ModelCard, Note, check_prompt
from imagechat.domain.records import Controls
from imagechat.domain.requests import LARGEST_SEED, ChatRequest, ImageRequest, Input
from imagechat.domain.values import Id, Nonce, Value, is_id, new_id, now, visible
from imagechat.domain.visitors import Visitor
from imagechat.errors import BadInput, NotAllowed, NotFound
from imagechat.prompting import commands, styles
from imagechat.studio import choosing
from imagechat.studio.offering import Offering
from imagechat.studio.submitting import Receipt, Submitting

LONGEST_ORIGINAL = 32_000
"""Characters of what somebody wrote before a model worded it."""
SEEDS = 2**32


class Ask(Value):
    """What the composer sends: words, pictures and settings in one.

    `uploads` are added pictures, `sources` made ones; `original` is what the words were before a model worded them; `nonce` marks one
    press.
    """

    thread: Id
    text: str
    controls: Controls
    uploads: tuple[Id, ...] = ()
    sources: tuple[Id, ...] = ()
    original: str | None = Field(default=None, max_length=LONGEST_ORIGINAL)
    nonce: Nonce | None = None


class Making(Offering, Submitting):
    """The verbs that make something."""

    async def say(self, visitor: Visitor, ask: Ask) -> Receipt:
        """Send what the composer holds. The chosen model decides: words are answered, a prompt is drawn; a command says it itself.

        Raises: BadInput, NotOffered, NotFound (a picture or thread that is not the visitor's), QueueFull.
        """
        inputs = await self._inputs(visitor, ask)
        if commands.is_command(ask.text):
            return await self._command(visitor, ask, inputs)
        card = (await self._offered(visitor)).standin(ask.controls.model)
        if card.draws:
            return await self._draw(visitor, ask, card, inputs)
        return await self._chat(visitor, ask, card, inputs)

    async def _inputs(self, visitor: Visitor, ask: Ask) -> tuple[Input, ...]:
        """The pictures that go with it: made ones by their generation, then added ones."""
        made = [await self.parts.gallery.get(visitor.id, each) for each in ask.sources]
        if any(each.trashed for each in made):
            raise BadInput("source_deleted")
        if any(each.private and each.thread != ask.thread for each in made):
            raise BadInput("source_private")
        added = [await self.parts.blobs.get(visitor.id, each) for each in ask.uploads]
        return (*(Input(blob=each.blob, generation=each.id) for each in made), *(Input(blob=each.id) for each in added))

    async def _draw(self, visitor: Visitor, ask: Ask, card: ModelCard, inputs: tuple[Input, ...]) -> Receipt:
        """Draw what the composer asks for; a model that has retired makes room for the one that stands in its place."""
        chosen = ask.controls
        request, notes = choosing.wish(ask.text, chosen, self.defaults, card, inputs)
        if chosen.model != card.id:
            fit = card.fit(request)
            notes, request = [*choosing.replaced(request.again(model=chosen.model), fit), *notes], fit
        request = request.again(original=ask.original if ask.original and ask.original.strip() != request.prompt else None)
        return await self.draw(
            visitor, ask.thread, request, said=ask.text, nonce=ask.nonce, controls=chosen.again(model=card.id), notes=notes
        )

    async def _command(self, visitor: Visitor, ask: Ask, inputs: tuple[Input, ...]) -> Receipt:
        """Do what a slash command says."""
        raise NotImplementedError

    async def draw(
        self,
        visitor: Visitor,
        thread: str,
        request: ImageRequest,
        *,
        said: str | None = None,
        parent: str | None = None,
        origin: str | None = None,
        nonce: str | None = None,
        controls: Controls | None = None,
        notes: Sequence[Note] = (),
    ) -> Receipt:
        """Have `request` drawn in `thread`. `said` becomes a turn of the visitor's; without it the reply stands under `parent`.

        `nonce` marks one press: the same again gives the first one's receipt. `notes` are told with the result. Where the model has
        retired, the one in its place draws, with the recipe fitted to it.

        Raises: BadInput, NotOffered, NotFound, QueueFull.
        """
        offered = await self._offered(visitor)
        self._check_pictures()
        request, told = await self._resolved(visitor, offered, request)
        user = None
        if said is not None:
            user = self._message(visitor, thread, role="user", kind="image", text=said, inputs=request.inputs, nonce=nonce)
        reply = self._message(
            visitor, thread, role="assistant", kind="image", model=request.model, request=request, origin=origin,
            parent=user.id if user else parent, nonce=None if user else nonce,
        )  # fmt: skip
        purse = offered.purse(request.model)
        job = Job(id=new_id(), owner=visitor.id, thread=thread, message=reply.id, image=request, purse=purse, created=now())
        return await self._begin(visitor, user, reply, job, controls=controls, notes=(*told, *notes))

    async def _resolved(self, visitor: Visitor, offered: Offered, request: ImageRequest) -> tuple[ImageRequest, list[Note]]:
        """The recipe as it will be drawn: by the model that there is now, its pictures there, with a seed; and what that changed.

        Raises: BadInput, NotOffered, NotFound.
        """
        card, notes = offered.standin(request.model), []
        if card.id != request.model:
            request, before = card.fit(request), request
            notes = choosing.replaced(before, request)
        card.check(request)
        styles.words(request, card)
        for each in request.inputs:
            await self.parts.blobs.get(visitor.id, each.blob)
        if request.seed is None and card.seeds:
            request = request.again(seed=await self._seed(visitor, request, card))
        return request, notes

    def _check_pictures(self) -> None:
        if not self.parts.settings.offers.pictures:
            raise NotAllowed("pictures_off")

    async def _seed(self, visitor: Visitor, request: ImageRequest, card: ModelCard) -> int:
        """A seed of chance; a first edit keeps that of the picture it begins at, so that what is not changed stays as it was."""
        if request.operation == "edit" and card.repaints and not request.take and request.parent:
            kept = (await self.parts.gallery.get(visitor.id, request.parent)).request.seed
            if kept is not None and kept + request.count - 1 <= LARGEST_SEED:
                return kept
        return secrets.randbelow(SEEDS - request.count)

    async def draw_words(
        self,
        visitor: Visitor,
        thread: str,
        prompt: str,
        *,
        original: str | None = None,
        nonce: str | None = None,
        controls: Controls | None = None,
    ) -> Receipt:
        """Draw `prompt`, whichever model is talking: the button under a worded prompt. `original` is what it was worded from.

        With the image model and settings of `controls`, else with the thread's. Raises: as `draw`.
        """
        controls = controls or await self._controls(visitor, thread)
        card = (await self._offered(visitor)).drawing(controls.image_model or controls.model)
        request, notes = choosing.wish(prompt, controls, self.defaults, card)
        fit = card.fit(request).again(original=original)
        if controls.image_model and controls.image_model != card.id:
            notes.insert(0, Note(code="model_replaced", facts={"given": controls.image_model, "used": card.id}))
        return await self.draw(visitor, thread, fit, said=prompt, nonce=nonce, notes=notes)

    async def _controls(self, visitor: Visitor, thread: str) -> Controls:
        """The thread's settings, or a new chat's."""
        try:
            return (await self.parts.threads.get(visitor.id, thread)).controls or self.defaults
        except NotFound:
            return self.defaults

    async def cancel(self, visitor: Visitor, job: str) -> JobState:
        """Stop a job; what came is kept. One that is at its end already stays as it is."""
        if not is_id(job):
            raise NotFound()
        await self.parts.jobs.get(visitor.id, job)
        await self.parts.runner.cancel(job)
        _, stored = await self.parts.jobs.get(visitor.id, job)
        return self.parts.runner.newest(job) or stored

    async def _chat(self, visitor: Visitor, ask: Ask, card: ModelCard, inputs: tuple[Input, ...]) -> Receipt:
        if visible(ask.text) or not inputs:
            check_prompt(ask.text, card)
        user = self._message(visitor, ask.thread, role="user", kind="text", text=ask.text, inputs=inputs, nonce=ask.nonce)
        reply = self._message(visitor, ask.thread, role="assistant", kind="text", model=card.id, parent=user.id)
        chat = ChatRequest(model=card.id, turns=(), image_model=ask.controls.image_model)
        purse = self._purse(visitor, card)
        job = Job(id=new_id(), owner=visitor.id, thread=ask.thread, message=reply.id, chat=chat, purse=purse, created=now())
        asked = ask.controls.model
        notes = [Note(code="model_replaced", facts={"given": asked, "used": card.id})] if asked != card.id else []
        return await self._begin(visitor, user, reply, job, controls=ask.controls.again(model=card.id), notes=notes)
