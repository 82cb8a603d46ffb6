"""A job is written down with its turn, what it may cost is held, and then the runner has it."""

import asyncio
from collections.abc import Sequence
from weakref import WeakValueDictionary

from imagechat.domain.jobs import Job, JobState, Place, Purse
from imagechat.domain.models import ModelCard, Note
from imagechat.domain.money import Hold
from imagechat.domain.prices import FEWEST_CHARACTERS, Asked, Cost
from imagechat.domain.records import Controls, Message, Thread, Turn
from imagechat.domain.values import Id, Value, new_id, now
from imagechat.domain.visitors import Visitor
from imagechat.errors import QueueFull, SpaceFull, TooFast
from imagechat.limits import Operation
from imagechat.prompting import commands
from imagechat.store.beginning import Beginning, Begun
from imagechat.studio import holding
from imagechat.studio.parts import Parts, Room
from imagechat.work.report import unbroken

TITLE_LENGTH = 60


class Receipt(Value):
    """What became of an ask: the thread, the reply that is being made, and its job."""

    thread: Id
    message: Id
    job: Id
    fresh: bool = True


class Submitting(Room):
    """What every verb that makes something ends in."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._chats: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

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

        One after the other in each chat, for what a reply costs depends on those before it.

        Raises: OverBudget, SpaceFull, TooFast, QueueFull, NotFound, NotAllowed.
        """
        await self.parts.rules.check(user.text if user else None, *written(job))
        async with self._chats.setdefault((job.owner, job.thread), asyncio.Lock()):
            return await self._begun(visitor, user, reply, job, controls=controls, notes=notes)

    async def _begun(
        self,
        visitor: Visitor,
        user: Message | None,
        reply: Message,
        job: Job,
        *,
        controls: Controls | None,
        notes: Sequence[Note],
    ) -> Receipt:
        card = self.parts.catalogue.of(visitor).card(job.model)
        turn = Beginning(
            thread=_thread(job, user, controls), user=user, reply=reply, job=job, state=_state(job, card, notes), controls=controls,
            hold=await self._hold(visitor, job, card, user),
        )  # fmt: skip
        try:
            with self.parts.runner.seat(visitor.id):
                await self._check_room(visitor, job)
                await self.parts.limits.hit(counted(job), visitor, press=turn.pressed.nonce)
                begun = await unbroken(self._taken(turn))
        except (QueueFull, TooFast, SpaceFull):
            earlier = await self.parts.threads.earlier(turn.pressed)
            if earlier is None:
                raise
            begun = earlier
        return await self._receipt(visitor, job, begun)

    async def _taken(self, turn: Beginning) -> Begun:
        """Keep the turn and hand its job on, in one piece: whoever goes away in the middle leaves no job, and no hold, that nobody ends."""
        begun = await self.parts.threads.begin(turn)
        if begun.fresh:
            self._tell(turn, begun.thread)
            self.parts.runner.submit(turn.job.again(private=begun.thread.private), turn.state)
        return begun

    async def _receipt(self, visitor: Visitor, job: Job, begun: Begun) -> Receipt:
        """What is told of `job`; where this press was kept before, of the job that it had then."""
        if begun.fresh:
            return Receipt(thread=job.thread, message=begun.reply_id, job=job.id)
        kept = await self.parts.threads.turn(visitor.id, begun.reply_id)
        return Receipt(thread=kept.message.thread, message=begun.reply_id, job=kept.job.job if kept.job else job.id, fresh=False)

    async def _check_room(self, visitor: Visitor, job: Job) -> None:
        """Pictures need room to be kept in; what was asked for before it ended is kept all the same. Raises: SpaceFull."""
        quota = self._quota(visitor)
        if quota is not None and job.image is not None:
            with self.parts.crowd.told():
                await self.parts.blobs.room(quota)

    async def _hold(self, visitor: Visitor, job: Job, card: ModelCard, user: Message | None) -> Hold:
        """What a job has to hold before its model is asked."""
        settings, cost = self.parts.settings, Cost()
        if job.purse == "house" and job.image is not None:
            cost = holding.of_pictures(card, job.image, settings, job.created)
        elif job.purse == "house":
            text, pictures = (user.text, len(user.inputs)) if user else ("", 0)
            asked = await self._bulk(visitor, job.thread, text, pictures)
            coming = await self._coming(visitor, job, card)
            cost = card.estimate_reply(asked.again(characters=asked.characters + coming), job.created.date())
        return holding.for_job(visitor, job, card, cost, settings)

    async def _coming(self, visitor: Visitor, job: Job, card: ModelCard) -> int:
        """Characters of the replies that stand before `job` in its chat, at most: it will be asked with them in front of it."""
        cards = {each.id: each for each in self.parts.catalogue.of(visitor).cards()}
        models = await self.parts.jobs.answering(visitor.id, job.thread)
        return sum(cards.get(model, card).longest_reply for model in models) * FEWEST_CHARACTERS

    async def _bulk(self, visitor: Visitor, thread: str | None, text: str, pictures: int) -> Asked:
        """What a model would be told: the thread so far, and this."""
        before = await self.parts.threads.bulk(visitor.id, thread) if thread else Asked()
        return Asked(characters=before.characters + len(text), pictures=before.pictures + pictures)

    def _tell(self, turn: Beginning, thread: Thread) -> None:
        """Let those who watch see the turn, and its thread as it stands now."""
        touch, owner, newest = self.parts.feed.touch, thread.owner, self.parts.runner.newest
        user, reply, state = turn.user, turn.reply, turn.state
        if user is not None:
            touch(owner, "turn", user.id, lambda: Turn(message=user), urgent=False)
        touch(owner, "turn", reply.id, lambda: Turn(message=reply, job=newest(state.job) or state), urgent=False)
        if not thread.private:
            touch(owner, "thread", thread.id, lambda: thread)

    @staticmethod
    def _message(visitor: Visitor, thread: str, **fields: object) -> Message:
        return Message.model_validate({"id": new_id(), "owner": visitor.id, "thread": thread, "created": now(), **fields})


def _state(job: Job, card: ModelCard, notes: Sequence[Note]) -> JobState:
    """The state that a job begins with."""
    places = tuple(Place(seed=job.image.place(index).seed) for index in range(job.image.count)) if job.image else ()
    return JobState(
        job=job.id, thread=job.thread, message=job.message, kind="image" if job.image else "chat", model=card.id,
        created=job.created, notes=tuple(notes), price=0 if card.price == 0 else None, places=places,
    )  # fmt: skip


def _thread(job: Job, user: Message | None, controls: Controls | None) -> Thread:
    """The thread of a job, as it begins where there is none yet."""
    said = user.text if user else ""
    title = title_of(job.image.prompt if job.image and commands.is_command(said) else said)
    return Thread(id=job.thread, owner=job.owner, title=title, controls=controls, created=job.created, updated=job.created)


def written(job: Job) -> tuple[str | None, ...]:
    """What is held against the house's rules beside what was typed just now: a recipe's words."""
    return (job.image.prompt, job.image.negative, job.image.original) if job.image else ()


def counted(job: Job) -> Operation:
    """Which of the visitor's limits a job counts for."""
    if job.image is None:
        return "chat"
    if job.purse == "free":
        return "embedded"
    if len(job.image.inputs) > 1:
        return "blend"
    return "edit" if job.image.operation in ("edit", "vary") else "imagine"


def title_of(text: str) -> str:
    """A thread's title from the first words of its first turn, cut between words."""
    line = " ".join(text.split())
    if len(line) <= TITLE_LENGTH:
        return line
    cut = line[: TITLE_LENGTH + 1].rpartition(" ")[0]
    return (cut if len(cut) > TITLE_LENGTH // 2 else line[:TITLE_LENGTH]).rstrip(" ,.;:") + "…"
