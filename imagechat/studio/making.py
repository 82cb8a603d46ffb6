"""Asking and drawing: every verb ends in one job, written down before it is begun."""

import secrets

from imagechat.domain.jobs import Job, JobState, Place, Status
from imagechat.domain.models import ModelCard, check_prompt
from imagechat.domain.records import NO_STYLE, Controls, Message, Thread, Turn
from imagechat.domain.requests import LARGEST_SEED, MOST_AT_ONCE, ChatRequest, ImageRequest, Input
from imagechat.domain.values import Id, Nonce, Value, is_id, new_id, now, visible
from imagechat.domain.visitors import Visitor
from imagechat.errors import BadInput, NotFound, NotOffered, QueueFull
from imagechat.prompting import styles
from imagechat.studio.parts import Room

TITLE_LENGTH = 60
SEEDS = 2**32


class Ask(Value):
    """What the composer sends: words, pictures and settings in one. `nonce` marks one press of Send."""

    thread: Id
    text: str
    controls: Controls
    uploads: tuple[Id, ...] = ()
    nonce: Nonce | None = None


class Receipt(Value):
    """What became of an ask: the thread, the reply that is being made, and its job."""

    thread: Id
    message: Id
    job: Id
    fresh: bool = True


class Recipe(Value):
    """A picture's recipe as the composer takes it."""

    prompt: str
    controls: Controls


class Making(Room):
    """The verbs that make something."""

    def offers(self, visitor: Visitor) -> list[ModelCard]:
        """The models that this visitor may choose."""
        return self.parts.catalogue.cards()

    def cards(self) -> list[ModelCard]:
        """Every model of the house: what a page is laid out for before anybody is there."""
        return self.parts.catalogue.cards()

    @property
    def defaults(self) -> Controls:
        """What a new chat begins with."""
        chosen = self.parts.settings.defaults
        return Controls(model=chosen.model, quality=chosen.quality, style=chosen.style)

    def draws(self, model: str) -> bool:
        """Whether pictures can be asked of `model`."""
        return self.parts.catalogue.card(model).draws

    def styles(self, model: str) -> tuple[str, ...]:
        """The names of the styles that can be chosen for `model`."""
        return styles.offered(self.parts.catalogue.card(model))

    async def say(self, visitor: Visitor, ask: Ask) -> Receipt:
        """Send what the composer holds: words to a text model, a prompt to an image model.

        Raises: BadInput, NotOffered, NotFound (a picture or thread that is not the visitor's), QueueFull.
        """
        card = self.parts.catalogue.card(ask.controls.model)
        inputs = tuple([Input(blob=(await self.parts.blobs.get(visitor.id, each)).id) for each in ask.uploads])
        if not card.draws:
            return await self._chat(visitor, ask, card, inputs)
        request = self._wish(ask, card, inputs)
        return await self.draw(visitor, ask.thread, request, said=ask.text, nonce=ask.nonce, controls=ask.controls)

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
    ) -> Receipt:
        """Have `request` drawn in `thread`. `said` becomes a turn of the visitor's; without it the reply stands under `parent`.

        `nonce` marks one press: the same again gives the first one's receipt.

        Raises: BadInput, NotOffered, NotFound, QueueFull.
        """
        card = self.parts.catalogue.card(request.model)
        card.check(request)
        styles.words(request, card)
        if request.seed is None and card.seeds:
            request = request.again(seed=secrets.randbelow(SEEDS - request.count))
        user = None
        if said is not None:
            user = self._message(visitor, thread, role="user", kind="image", text=said, inputs=request.inputs, nonce=nonce)
        reply = self._message(
            visitor, thread, role="assistant", kind="image", model=request.model, request=request, origin=origin,
            parent=user.id if user else parent, nonce=None if user else nonce,
        )  # fmt: skip
        job = Job(id=new_id(), owner=visitor.id, thread=thread, message=reply.id, image=request, created=now())
        return await self._begin(visitor, user, reply, job, controls)

    async def draw_words(
        self, visitor: Visitor, thread: str, prompt: str, *, nonce: str | None = None, controls: Controls | None = None
    ) -> Receipt:
        """Draw `prompt`, whichever model is talking: the button under a worded prompt.

        With the image model and settings of `controls`, else with the thread's. Raises: as `draw`.
        """
        controls = controls or await self._controls(visitor, thread)
        card = self.parts.catalogue.drawing(controls.image_model or controls.model)
        wish = self._wish(Ask(thread=thread, text=prompt, controls=controls), card)
        return await self.draw(visitor, thread, card.fit(wish), said=prompt, nonce=nonce)

    async def _controls(self, visitor: Visitor, thread: str) -> Controls:
        """The thread's settings, or a new chat's."""
        try:
            return (await self.parts.threads.get(visitor.id, thread)).controls or self.defaults
        except NotFound:
            return self.defaults

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
        if job is None or not job.status.final or not _lacking(job, place):
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
        chat = Job(id=new_id(), owner=visitor.id, thread=reply.thread, message=reply.id, chat=asked, created=now())
        return await self._begin(visitor, None, reply, chat, None)

    async def recipe(self, visitor: Visitor, picture: str) -> Recipe:
        """A picture's resolved recipe, to be put back into the composer."""
        made = await self.parts.gallery.get(visitor.id, picture)
        wish = made.request
        controls = Controls(
            model=wish.model, size=str(wish.size) if wish.size else None, quality=wish.quality, style=wish.style or NO_STYLE, count=1,
            seed=wish.seed, format=wish.format, background=wish.background, image_model=wish.model,
        )  # fmt: skip
        return Recipe(prompt=wish.prompt, controls=controls)

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
        job = Job(id=new_id(), owner=visitor.id, thread=ask.thread, message=reply.id, chat=chat, created=now())
        return await self._begin(visitor, user, reply, job, ask.controls)

    async def _begin(self, visitor: Visitor, user: Message | None, reply: Message, job: Job, controls: Controls | None) -> Receipt:
        """Write thread, messages and job down in one transaction, then let the runner have the job."""
        asked = job.image or job.chat
        assert asked is not None
        count = job.image.count if job.image else 0
        state = JobState(
            job=job.id, thread=job.thread, message=reply.id, kind="image" if job.image else "chat", model=asked.model,
            created=job.created, places=tuple(self._place(job.image, index) for index in range(count)),
        )  # fmt: skip
        title = title_of(user.text if user else "")
        thread = Thread(id=job.thread, owner=visitor.id, title=title, controls=controls, created=job.created, updated=job.created)
        try:
            with self.parts.runner.seat():
                begun = await self.parts.threads.begin(thread=thread, user=user, reply=reply, job=job, state=state, controls=controls)
                if begun.fresh:
                    self._tell(visitor, begun.thread, user, reply, state)
                    self.parts.runner.submit(job, state)
                    return Receipt(thread=job.thread, message=reply.id, job=job.id)
        except QueueFull:
            found = await self.parts.threads.earlier(user or reply)
            if found is None:
                raise
            begun = found
        kept = await self.parts.threads.turn(visitor.id, begun.reply_id)
        return Receipt(thread=kept.message.thread, message=begun.reply_id, job=kept.job.job if kept.job else job.id, fresh=False)

    def _tell(self, visitor: Visitor, thread: Thread, user: Message | None, reply: Message, state: JobState) -> None:
        touch = self.parts.feed.touch
        if user is not None:
            touch(visitor.id, "turn", user.id, lambda: Turn(message=user), urgent=False)
        touch(visitor.id, "turn", reply.id, lambda: Turn(message=reply, job=self.parts.runner.newest(state.job) or state), urgent=False)
        touch(visitor.id, "thread", thread.id, lambda: thread)

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

    def _wish(self, ask: Ask, card: ModelCard, inputs: tuple[Input, ...] = ()) -> ImageRequest:
        """What is asked of `card`; where nothing was said of style or quality, the configured ones as far as it has them."""
        chosen, usual = ask.controls, self.defaults
        style = chosen.style or (usual.style if usual.style in styles.offered(card) else None)
        quality = chosen.quality or (usual.quality if usual.quality in card.qualities else None)
        if not 1 <= chosen.count <= MOST_AT_ONCE:
            raise NotOffered("count", model=card.id, given=chosen.count, most=min(card.max_count, MOST_AT_ONCE))
        seed, largest = chosen.seed if card.seeds else None, LARGEST_SEED - chosen.count + 1
        if seed is not None and not 0 <= seed <= largest:
            raise BadInput("seed_range", given=str(seed), most=str(largest))
        return ImageRequest(
            prompt=ask.text.strip(), model=chosen.model, size=chosen.size or None, quality=quality,
            style=None if style == NO_STYLE else style, seed=seed, count=chosen.count, format=chosen.format or "png",
            background=chosen.background or None, inputs=inputs,
        )  # fmt: skip

    @staticmethod
    def _place(request: ImageRequest | None, index: int) -> Place:
        return Place(seed=request.place(index).seed if request else None)

    @staticmethod
    def _message(visitor: Visitor, thread: str, **fields: object) -> Message:
        return Message.model_validate({"id": new_id(), "owner": visitor.id, "thread": thread, "created": now(), **fields})


def _lacking(job: JobState, place: int | None) -> bool:
    """Whether something of what was asked did not come. Raises: NotFound for a place that there never was."""
    if place is None or not job.places:
        return job.status is not Status.DONE
    if not 0 <= place < len(job.places):
        raise NotFound()
    return job.places[place].status != "done"


def title_of(text: str) -> str:
    """A thread's title from the first words of its first turn, cut between words."""
    line = " ".join(text.split())
    if len(line) <= TITLE_LENGTH:
        return line
    cut = line[: TITLE_LENGTH + 1].rpartition(" ")[0]
    return (cut if len(cut) > TITLE_LENGTH // 2 else line[:TITLE_LENGTH]).rstrip(" ,.;:") + "…"
