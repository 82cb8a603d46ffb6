"""Asking and drawing: every verb ends in one job, written down before it is begun."""

import secrets
from collections.abc import Sequence

from pydantic import Field

from imagechat.domain.jobs import Job, JobState, Place, Purse
from imagechat.domain.models import ModelCard, Note, Standing, check_prompt
from imagechat.domain.money import Hold
from imagechat.domain.prices import Asked, Cost
from imagechat.domain.records import Controls, Message, Thread, Turn
from imagechat.domain.requests import LARGEST_SEED, ChatRequest, ImageRequest, Input
from imagechat.domain.values import Id, Nonce, Value, is_id, new_id, now, visible
from imagechat.domain.visitors import OWNER, Visitor
from imagechat.errors import BadInput, BadKey, MissingKey, NotAllowed, NotFound, NotOffered, QueueFull, TooFast
from imagechat.limits import Operation
from imagechat.prompting import commands, styles
from imagechat.studio import choosing, holding
from imagechat.studio.parts import Room

TITLE_LENGTH = 60
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


class Receipt(Value):
    """What became of an ask: the thread, the reply that is being made, and its job."""

    thread: Id
    message: Id
    job: Id
    fresh: bool = True


class Making(Room):
    """The verbs that make something."""

    def offers(self, visitor: Visitor) -> list[ModelCard]:
        """The models that this visitor may choose."""
        return self.parts.catalogue.of(visitor).cards()

    async def opened(self, visitor: Visitor) -> list[ModelCard]:
        """The same, when a page is opened: providers that the visitor has keys for are asked first, where they were not yet."""
        return (await self._offered(visitor)).cards()

    def laid(self) -> list[ModelCard]:
        """What a page is laid out for before anybody is there: the owner's models where nobody else comes, else what everybody has."""
        catalogue = self.parts.catalogue
        return (catalogue.of(OWNER) if self.parts.settings.mode == "local" else catalogue.embedded()).cards()

    def standings(self, visitor: Visitor) -> list[Standing]:
        """How it stands with each provider that is asked over the network."""
        return self.parts.catalogue.of(visitor).standings()

    async def refresh(self, visitor: Visitor) -> None:
        """Ask providers anew what they offer: those that the visitor has keys for, and the house's for who looks after it."""
        await self.parts.catalogue.refresh(visitor)

    def standin(self, visitor: Visitor, model: str) -> ModelCard | None:
        """The card to do `model`'s work now: its own, or that of the one in its place; None where this visitor has none."""
        try:
            return self.parts.catalogue.of(visitor).standin(model)
        except (NotOffered, NotAllowed, BadKey, MissingKey):
            return None

    @property
    def defaults(self) -> Controls:
        """What a new chat begins with."""
        chosen = self.parts.settings.defaults
        return Controls(model=chosen.model, quality=chosen.quality, style=chosen.style)

    async def draws(self, visitor: Visitor, model: str) -> bool:
        """Whether pictures can be asked of `model`. Raises: NotOffered where this visitor has no such model; NotAllowed."""
        return (await self._offered(visitor)).card(model).draws

    @staticmethod
    def styles(card: ModelCard) -> tuple[str, ...]:
        """The names of the styles that can be chosen for a model."""
        return styles.offered(card)

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
        card = offered.standin(request.model)
        if card.id != request.model:
            request, before = card.fit(request), request
            notes = (*choosing.replaced(before, request), *notes)
        card.check(request)
        styles.words(request, card)
        for each in request.inputs:
            await self.parts.blobs.get(visitor.id, each.blob)
        if request.seed is None and card.seeds:
            request = request.again(seed=await self._seed(visitor, request, card))
        user = None
        if said is not None:
            user = self._message(visitor, thread, role="user", kind="image", text=said, inputs=request.inputs, nonce=nonce)
        reply = self._message(
            visitor, thread, role="assistant", kind="image", model=request.model, request=request, origin=origin,
            parent=user.id if user else parent, nonce=None if user else nonce,
        )  # fmt: skip
        purse = offered.purse(card.id)
        job = Job(id=new_id(), owner=visitor.id, thread=thread, message=reply.id, image=request, purse=purse, created=now())
        return await self._begin(visitor, user, reply, job, controls=controls, notes=notes)

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

    def _purse(self, visitor: Visitor, card: ModelCard) -> Purse:
        """Who pays when this visitor uses the model."""
        return self.parts.catalogue.of(visitor).purse(card.id)

    async def _begin(
        self,
        visitor: Visitor,
        user: Message | None,
        reply: Message,
        job: Job,
        *,
        controls: Controls | None = None,
        notes: Sequence[Note] = (),
    ) -> Receipt:
        """Write thread, messages and job down in one transaction, with what it may cost held, then let the runner have the job.

        Raises: OverBudget, TooFast, QueueFull, NotFound, NotAllowed.
        """
        await self.parts.rules.check(user.text if user else None, *written(job))
        card = self.parts.catalogue.of(visitor).card(job.model)
        hold = await self._hold(visitor, job, card, user)
        count = job.image.count if job.image else 0
        state = JobState(
            job=job.id, thread=job.thread, message=reply.id, kind="image" if job.image else "chat", model=card.id,
            created=job.created, notes=tuple(notes), price=0 if card.price == 0 else None,
            places=tuple(self._place(job.image, index) for index in range(count)),
        )  # fmt: skip
        said = user.text if user else ""
        title = title_of(job.image.prompt if job.image and commands.is_command(said) else said)
        thread = Thread(id=job.thread, owner=visitor.id, title=title, controls=controls, created=job.created, updated=job.created)
        try:
            with self.parts.runner.seat(visitor.id):
                await self.parts.limits.hit(counted(job), visitor, press=(user or reply).nonce)
                begun = await self.parts.threads.begin(
                    thread=thread, user=user, reply=reply, job=job, state=state, controls=controls, hold=hold
                )  # fmt: skip
                if begun.fresh:
                    self._tell(visitor, begun.thread, user, reply, state)
                    self.parts.runner.submit(job.again(private=begun.thread.private), state)
                    return Receipt(thread=job.thread, message=reply.id, job=job.id)
        except (QueueFull, TooFast):
            found = await self.parts.threads.earlier(user or reply)
            if found is None:
                raise
            begun = found
        kept = await self.parts.threads.turn(visitor.id, begun.reply_id)
        return Receipt(thread=kept.message.thread, message=begun.reply_id, job=kept.job.job if kept.job else job.id, fresh=False)

    async def _hold(self, visitor: Visitor, job: Job, card: ModelCard, user: Message | None) -> Hold:
        """What a job has to hold before its model is asked."""
        settings, cost = self.parts.settings, Cost()
        if job.purse == "house" and job.image is not None:
            cost = holding.of_pictures(card, job.image, settings, job.created)
        elif job.purse == "house":
            text, pictures = (user.text, len(user.inputs)) if user else ("", 0)
            cost = card.estimate_reply(await self._bulk(visitor, job.thread, text, pictures), job.created.date())
        return holding.for_job(visitor, job, card, cost, settings)

    async def _bulk(self, visitor: Visitor, thread: str | None, text: str, pictures: int) -> Asked:
        """What a model would be told: the thread so far, and this."""
        before = await self.parts.threads.bulk(visitor.id, thread) if thread else Asked()
        return Asked(characters=before.characters + len(text), pictures=before.pictures + pictures)

    def _tell(self, visitor: Visitor, thread: Thread, user: Message | None, reply: Message, state: JobState) -> None:
        touch = self.parts.feed.touch
        if user is not None:
            touch(visitor.id, "turn", user.id, lambda: Turn(message=user), urgent=False)
        touch(visitor.id, "turn", reply.id, lambda: Turn(message=reply, job=self.parts.runner.newest(state.job) or state), urgent=False)
        if not thread.private:
            touch(visitor.id, "thread", thread.id, lambda: thread)

    @staticmethod
    def _place(request: ImageRequest | None, index: int) -> Place:
        return Place(seed=request.place(index).seed if request else None)

    @staticmethod
    def _message(visitor: Visitor, thread: str, **fields: object) -> Message:
        return Message.model_validate({"id": new_id(), "owner": visitor.id, "thread": thread, "created": now(), **fields})


def written(job: Job) -> tuple[str | None, ...]:
    """What is held against the house's rules beside what was typed just now: a recipe's words."""
    return (job.image.prompt, job.image.negative, job.image.original) if job.image else ()


def counted(job: Job) -> Operation:
    """Which of the visitor's limits a job counts for."""
    if job.image is None:
        return "chat"
    if job.purse == "free":
        return "embedded"
    return "edit" if job.image.operation in ("edit", "vary") else "imagine"


def title_of(text: str) -> str:
    """A thread's title from the first words of its first turn, cut between words."""
    line = " ".join(text.split())
    if len(line) <= TITLE_LENGTH:
        return line
    cut = line[: TITLE_LENGTH + 1].rpartition(" ")[0]
    return (cut if len(cut) > TITLE_LENGTH // 2 else line[:TITLE_LENGTH]).rstrip(" ,.;:") + "…"
