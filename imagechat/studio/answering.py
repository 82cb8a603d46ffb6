"""Slash commands: those that draw become requests, those that ask are answered by the app itself, in the locale's words."""

import shutil
from datetime import date

from imagechat import i18n
from imagechat.domain.jobs import Job, JobState, Status
from imagechat.domain.models import ModelCard, Note
from imagechat.domain.records import COMMAND, Controls, Thread
from imagechat.domain.requests import ChatRequest, Input
from imagechat.domain.values import new_id, now
from imagechat.domain.visitors import Visitor
from imagechat.prompting import commands, completion
from imagechat.store.beginning import Beginning
from imagechat.studio import choosing
from imagechat.studio.again import Again
from imagechat.studio.making import Ask
from imagechat.studio.submitting import Receipt, title_of

SELF = "imagechat"
"""Who answers where no model is asked."""
MICRO = 1_000_000


class Answering(Again):
    """The verbs of the command line."""

    def complete(self, visitor: Visitor, text: str, caret: int, controls: Controls) -> list[completion.Suggestion]:
        """What may come next at `caret` of a command."""
        models = tuple(each.id for each in self.offers(visitor) if each.draws)
        known = choosing.values(self._drawer(visitor, commands.Line(commands.COMMANDS[0], ""), controls)) if models else {}
        return completion.complete(text, caret, {**known, "model": models})

    async def _command(self, visitor: Visitor, ask: Ask, inputs: tuple[Input, ...]) -> Receipt:
        line = commands.read(ask.text)
        match line.command.name:
            case "help":
                await self.parts.limits.hit("help", visitor, press=ask.nonce)
                return await self._answer(visitor, ask, self._help(line, ask.text))
            case "info":
                await self.parts.limits.hit("info", visitor, press=ask.nonce)
                return await self._answer(visitor, ask, await self._info(visitor, line, ask.text))
        first = next(commands.words_in(ask.text))
        if not line.words:
            raise commands.pointed("command_empty", first)
        await self._offered(visitor)
        card = self._drawer(visitor, line, ask.controls)
        if line.command.name == "edit":
            if not inputs:
                raise commands.pointed("edit_nothing", first)
            drawer, card = card, await self._editor(visitor, line, card, ask)
        notes = [choosing.fitted("model", drawer.id, card.id)] if line.command.name == "edit" and drawer.id != card.id else []
        notes += [Note(code="perhaps_option", facts={"given": given, "meant": meant}) for given, meant in line.perhaps]
        chosen = choosing.commanded(line, ask.controls, card)
        request, told = choosing.wish(line.words, chosen, self.defaults, card, inputs)
        fit = card.fit(request).again(**choosing.named(line, request))
        renamed = self._renamed(visitor, line, ask.controls, card)
        return await self.draw(
            visitor,
            ask.thread,
            fit,
            said=ask.text,
            nonce=ask.nonce,
            controls=ask.controls,
            notes=[*renamed, *notes, *told, *choosing.lost(request, fit), *choosing.unused(line, fit)],
        )

    def _drawer(self, visitor: Visitor, line: commands.Line, controls: Controls) -> ModelCard:
        """The model that a command draws with: the one it names, else the chosen one.

        Raises: BadInput that points at a name which is none, or is that of a model which does not draw.
        """
        word, offered = line.options.get("model"), self.parts.catalogue.of(visitor)
        if word is None:
            chosen = self.standin(visitor, controls.model)
            return offered.drawing(controls.model if chosen and chosen.draws else controls.image_model)
        self._check_pictures()
        drawers = [card.id for card in offered.cards() if card.draws]
        card = self.standin(visitor, word.text)
        if card is None or not card.draws:
            meant = commands.close(word.text, drawers)
            raise commands.pointed("option_model", word, offered=", ".join(drawers), meant=meant)
        return card

    async def _editor(self, visitor: Visitor, line: commands.Line, card: ModelCard, ask: Ask) -> ModelCard:
        """The model for an edit: the one that is named, else one that can."""
        if "model" in line.options or "edit" in card.operations:
            return card
        if ask.sources:
            made = await self.parts.gallery.get(visitor.id, ask.sources[0])
            return self._able("edit", self.parts.catalogue.of(visitor), made, ask.controls.again(model=card.id))
        able = [each for each in self.offers(visitor) if "edit" in each.operations]
        return min(able, key=lambda each: each.repaints, default=card)

    def _renamed(self, visitor: Visitor, line: commands.Line, controls: Controls, card: ModelCard) -> list[Note]:
        """The note that a model which was named or remembered has retired, where `card` stands in its place."""
        word = line.options.get("model")
        given = [word.text] if word else [name for name in (controls.model, controls.image_model) if name]
        gone = next((name for name in given if name != card.id and self.standin(visitor, name) == card), None)
        return [Note(code="model_replaced", facts={"given": gone, "used": card.id})] if gone else []

    async def _answer(self, visitor: Visitor, ask: Ask, text: str) -> Receipt:
        """A turn that the app answers itself, at once; no model is told of it."""
        user = self._message(visitor, ask.thread, role="user", kind="text", text=ask.text, origin=COMMAND, nonce=ask.nonce)
        reply = self._message(
            visitor, ask.thread, role="assistant", kind="text", model=SELF, text=text, origin=COMMAND, parent=user.id
        )  # fmt: skip
        moment = now()
        job = Job(
            id=new_id(), owner=visitor.id, thread=ask.thread, message=reply.id, chat=ChatRequest(model=SELF, turns=()), created=moment
        )  # fmt: skip
        state = JobState(
            job=job.id, thread=job.thread, message=reply.id, kind="chat", model=SELF, version=1, status=Status.DONE, stage="done",
            created=moment, started=moment, finished=moment, text=text, price=0,
        )  # fmt: skip
        controls = ask.controls
        thread = Thread(id=job.thread, owner=visitor.id, title=title_of(ask.text), controls=controls, created=moment, updated=moment)
        turn = Beginning(thread=thread, user=user, reply=reply, job=job, state=state, controls=controls)
        begun = await self.parts.threads.begin(turn)
        if begun.fresh:
            self._tell(turn, begun.thread)
            self.parts.feed.touch(visitor.id, "job", job.id, lambda: state)
        return await self._receipt(visitor, job, begun)

    # --- what is answered ---
    def _help(self, line: commands.Line, text: str) -> str:
        say = self._locale.say
        topic = line.words.split()[0].lstrip("/").lower() if line.words else ""
        if not topic:
            rows = "\n".join(f"| `/{each.name}` | {say(f'commands.{each.name}.what')} |" for each in commands.COMMANDS)
            return f"{say('commands.intro')}\n\n| | |\n|---|---|\n{rows}\n\n{say('commands.more')}"
        found = commands.NAMES.get(topic)
        if found is None:
            meant = f"/{commands.close(topic, commands.NAMES, 'help')}"
            raise commands.pointed("command_unknown", [*commands.words_in(text)][1], meant=meant)
        parts = [f"**/{found.name}** {say(f'commands.{found.name}.what')}"]
        parts += [say("commands.aliases", names=", ".join(f"`/{name}`" for name in found.aliases))] if found.aliases else []
        parts += [f"```\n{say(f'commands.{found.name}.example')}\n```"]
        if found.options:
            rows = "\n".join(f"| `{name}:` | {say(f'commands.option.{name}')} |" for name in found.options)
            parts += [f"{say('commands.options')}\n\n| | |\n|---|---|\n{rows}", say("commands.quotes")]
        return "\n\n".join(parts)

    async def _info(self, visitor: Visitor, line: commands.Line, text: str) -> str:
        topic = line.words.split()[0].lower() if line.words else ""
        if topic and topic not in commands.TOPICS:
            meant = commands.close(topic, commands.TOPICS, "models")
            raise commands.pointed("topic_unknown", [*commands.words_in(text)][1], meant=meant)
        parts = {"models": self._models, "status": self._status, "usage": self._usage}
        wanted = [topic] if topic else list(commands.TOPICS)
        return "\n\n".join([await parts[each](visitor) for each in wanted])

    async def _models(self, visitor: Visitor) -> str:
        say = self._locale.say
        rows = []
        for card in await self.opened(visitor):
            past = card.retires is not None and card.retires <= date.today()
            key = "commands.retired" if past else "commands.retires"
            more = say(key, day=card.retires, successor=card.successor or "–") if card.retires else ""
            rows.append(f"| `{card.id}` | {say(f'composer.kinds.{card.kind}')} | {more} |")
        return f"{say('commands.models')}\n\n| | | |\n|---|---|---|\n" + "\n".join(rows)

    async def _status(self, visitor: Visitor) -> str:
        say = self._locale.say
        free = shutil.disk_usage(self.parts.data_dir).free / 2**30
        lines = [say("commands.busy", count=len(self.parts.runner.busy(visitor.id))), say("commands.free", free=round(free, 1))]
        for each in self.standings(visitor):
            code = each.trouble.partition(".")[0]
            lines.append(f"{each.address}: {say(f'composer.troubles.{code}') if code else say('commands.reached')}")
        return f"{say('commands.status')}\n\n" + "\n".join(f"- {line}" for line in lines)

    async def _usage(self, visitor: Visitor) -> str:
        say = self._locale.say
        first = date.today().replace(day=1)
        rows = []
        for used in await self.parts.jobs.usage(visitor.id, first):
            if used.model == SELF:
                continue
            price = f"${used.price / MICRO:.4f}"
            if used.unknown:
                price = say("commands.and_unknown", price=price, count=used.unknown) if used.price else say("details.price_unknown")
            rows.append(f"| `{used.model}` | {used.jobs} | {used.input_tokens} → {used.output_tokens} | {price} |")
        if not rows:
            return say("commands.unused")
        return f"{say('commands.usage', day=first)}\n\n{say('commands.usage_head')}\n|---|---|---|---|\n" + "\n".join(rows)

    @property
    def _locale(self) -> i18n.Locale:
        return i18n.locale(self.parts.settings.locale)
