"""Help with prompts: a text model words one, and the visitor decides whether it is used."""

import asyncio
import logging
import re
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from imagechat.domain.jobs import Purse
from imagechat.domain.models import Model, TextDelta, Usage, check_prompt
from imagechat.domain.money import Hold, Spent
from imagechat.domain.prices import Asked
from imagechat.domain.records import COMMAND, Controls
from imagechat.domain.requests import ChatRequest, ChatTurn, Task
from imagechat.domain.values import Nonce, Value, new_id, now, visible
from imagechat.domain.visitors import Visitor
from imagechat.errors import BadInput, BrokenReply, HouseFault, ImageChatError, NotFound, TimedOut
from imagechat.prompting import commands, context
from imagechat.studio import holding
from imagechat.studio.making import Making
from imagechat.studio.parts import Parts
from imagechat.work.report import unbroken

log = logging.getLogger(__name__)
LONGEST = 90.0
"""Seconds that a wording may take."""
READ_BEHIND = 100
"""Messages that are read beyond those wanted: commands among them do not count."""
NOTHING = Usage(input_tokens=0, output_tokens=0, price=0)
_FRAME = re.compile(r"(?is)^\s*```\w*\s*(.*?)\s*```\s*$")
_HEADING = re.compile(r"(?i)^\s*(?:\*\*)?(?:enhanced |image )?prompt(?:\*\*)?\s*:\s*(?:\*\*)?")


class Worded(Value):
    """A prompt that a text model worded: from what (`original`, "" for a conversation), by whom, and for how many micro-dollars."""

    original: str
    prompt: str
    model: str
    price: int | None = None


class Wording(Making):
    """The verbs that word prompts. Nothing is drawn or kept by them."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._wordings: dict[tuple[str, str], asyncio.Task[Worded]] = {}

    async def enhance(self, visitor: Visitor, text: str, controls: Controls, *, task: Task = "enhance", nonce: Nonce = "") -> Worded:
        """A better prompt for what `text` wants, or with the task "reword" a milder one, by the chosen text model (Guide without one).

        Of a command only the prompt is worded.

        Raises: BadInput("empty_prompt" …), and what the model raises.
        """
        offered = await self._offered(visitor)
        card = offered.writing(controls.text_model or "guide")
        line = commands.read(text) if commands.is_command(text) else None
        said = ChatTurn(role="user", text=(line.words if line else text).strip())
        check_prompt(said.text, card)
        await self.parts.rules.check(said.text)
        work = self._word(visitor, offered.model(card.id), task, said.text, (said,), purse=offered.purse(card.id))
        worded = await self._once(visitor, nonce, work)
        return worded.again(original=text.strip(), prompt=line.again(worded.prompt)) if line else worded

    async def conversation_prompt(self, visitor: Visitor, thread: str, controls: Controls, *, nonce: Nonce = "") -> Worded:
        """One prompt for a picture of what the thread's newest messages are about.

        Raises: BadInput("nothing_said"), NotAllowed("words"), and what the model raises.
        """
        offered = await self._offered(visitor)
        card = offered.writing(controls.text_model or "guide")
        most = self.parts.settings.prompts.messages
        try:
            read = await self.parts.threads.history(visitor.id, thread, most + READ_BEHIND)
        except NotFound as fault:  # A new chat is born with its first turn.
            raise BadInput("nothing_said") from fault
        messages = [each for each in read if each.origin != COMMAND][-most:]
        said = {each.text for each in messages}
        drawn = [each.request.prompt if each.request and each.request.prompt not in said else "" for each in messages]
        turns = [ChatTurn(role=each.role, text=each.text or prompt) for each, prompt in zip(messages, drawn, strict=True)]
        spoken = tuple(turn for turn in turns if visible(turn.text))
        if not spoken:
            raise BadInput("nothing_said")
        await self.parts.rules.check(*(turn.text for turn in spoken))
        work = self._word(visitor, offered.model(card.id), "picture", "", spoken, purse=offered.purse(card.id))
        return await self._once(visitor, nonce, work)

    async def drop_wording(self, visitor: Visitor, nonce: Nonce) -> None:
        """Stop a wording that nobody waits for any more."""
        task = self._wordings.get((visitor.id, nonce))
        if task is not None:
            task.cancel()

    async def _once(self, visitor: Visitor, nonce: Nonce, work: Coroutine[Any, Any, Worded]) -> Worded:
        """Let a model word it, once for one press; it ends when nobody waits for it any more, or when it is dropped."""
        key = (visitor.id, nonce or new_id())
        task = self._wordings.get(key)
        if task is None:
            task = self._wordings[key] = asyncio.create_task(work)
            task.add_done_callback(lambda _: self._wordings.pop(key, None))
        else:
            work.close()
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():
                raise BadInput("wording_stopped") from None
            task.cancel()
            raise

    async def _word(
        self, visitor: Visitor, model: Model[ChatRequest], task: Task, original: str, turns: tuple[ChatTurn, ...], *, purse: Purse
    ) -> Worded:
        await self.parts.limits.hit("chat", visitor)
        card = model.card
        drafts, _ = context.fitted([context.Draft(turn.role, turn.text) for turn in turns], card)
        request = ChatRequest(model=card.id, turns=tuple(ChatTurn(role=each.role, text=each.text) for each in drafts), task=task)
        asked = Asked(characters=sum(len(turn.text) for turn in request.turns))
        hold = holding.for_wording(visitor, purse, card, asked, settings=self.parts.settings)
        async with self._settling(hold) as spent:
            words: list[str] = []
            async with aclosing(model.stream(request)) as events:
                async for event in events:
                    if isinstance(event, TextDelta):
                        words.append(event.text)
                    elif isinstance(event, Usage):
                        spent.used = event
            prompt = tidied("".join(words))
            if not visible(prompt):
                raise BrokenReply("empty_reply", model=card.id)
        return Worded(original=original, prompt=prompt, model=card.id, price=spent.used.price)

    @asynccontextmanager
    async def _settling(self, hold: Hold) -> AsyncGenerator["_Spent"]:
        """Hold what a wording may cost; whatever ends the block, it is settled. Raises: OverBudget; TimedOut when it takes too long."""
        spent, outcome = _Spent(NOTHING), "failed"
        try:
            await unbroken(self.parts.ledger.hold(hold))
            spent.used = NOTHING if hold.purse == "free" else Usage()
            async with asyncio.timeout(LONGEST):
                yield spent
            outcome = "done"
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        except TimeoutError as fault:
            raise TimedOut(seconds=LONGEST) from fault
        except ImageChatError as fault:
            if fault.unbilled:
                spent.used = NOTHING
            raise
        finally:
            await unbroken(self._settle_wording(hold, outcome, spent.used))

    async def _settle_wording(self, hold: Hold, outcome: str, used: Usage) -> None:
        ended = now()
        spent = Spent(
            job=hold.job, outcome=outcome, ended=ended, price=used.price, input_tokens=used.input_tokens, output_tokens=used.output_tokens,
            took=max(0, round((ended - hold.created).total_seconds() * 1e6)),
        )  # fmt: skip
        try:
            await self.parts.ledger.settled(spent)
        except HouseFault as fault:  # The next start takes the hold back.
            log.warning("a wording could not be settled yet", extra={"model": hold.model, "error": str(fault)})


@dataclass
class _Spent:
    """What a wording used so far."""

    used: Usage


def tidied(text: str) -> str:
    """A prompt without what models like to put around one: a code frame, a heading, quotation marks."""
    line = _HEADING.sub("", _FRAME.sub(r"\1", text.strip())).strip()
    for opening, closing in ('""', "“”", "''", "«»"):
        if len(line) > 1 and line[0] == opening and line[-1] == closing and opening not in line[1:-1] and closing not in line[1:-1]:
            line = line[1:-1].strip()
    return line
