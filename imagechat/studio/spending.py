"""What something would cost, what somebody may still spend, what was used, and who may set budgets."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import date
from typing import Any

from imagechat.domain.jobs import ErrorFacts, Job
from imagechat.domain.models import ModelCard
from imagechat.domain.money import HOUSE, THRESHOLDS, Allowance, Budget, Cap, Caps, Estimate, UsageReport, UsageRow
from imagechat.domain.prices import Cost
from imagechat.domain.records import Controls
from imagechat.domain.requests import ChatRequest, ImageRequest, Input
from imagechat.domain.values import new_id, now
from imagechat.domain.visitors import OWNER, Role, Visitor
from imagechat.errors import BadInput, NotFound, Refused
from imagechat.prompting import commands
from imagechat.store.ledger import refused
from imagechat.store.usage import ALL
from imagechat.studio import choosing, holding
from imagechat.studio.making import Making

LONGEST = 3_700
"""Days that a report may have."""
GROUPS = ("guest", "member", "trusted")


class Spending(Making):
    """The verbs of money."""

    async def estimate(self, visitor: Visitor, controls: Controls, text: str, pictures: int = 0, *, thread: str | None = None) -> Estimate:
        """What pressing Send would cost now, and whether it would be taken. `pictures`: how many go with it; `thread`: of a reply.

        Raises: NotOffered, NotAllowed where the chosen model is none, BadInput for what could not be sent at all.
        """
        offered = await self._offered(visitor)
        card = offered.standin(controls.model)
        line = commands.read(text) if commands.is_command(text) else None
        if line is not None and line.command.follows != "prompt":  # Answered here, by no model.
            return Estimate(model=card.id, kind="chat")
        if line is not None and line.words and not card.draws:
            card = offered.drawing(controls.image_model or controls.model)
        moment, words = now(), line.words if line else text
        basics = {"id": new_id(), "owner": visitor.id, "thread": new_id(), "message": new_id(), "created": moment}
        asked: dict[str, Any]
        if card.draws:
            wish = self._wish(words, controls, card, pictures)
            asked, cost = {"image": wish}, holding.of_pictures(card, wish, self.parts.settings, moment)
        else:
            asked = {"chat": ChatRequest(model=card.id, turns=())}
            cost = card.estimate_reply(await self._bulk(visitor, thread, words, pictures), moment.date())
        job = Job(**basics, purse=offered.purse(card.id), **asked)
        return await self._estimated(visitor, job, card, cost)

    def _wish(self, words: str, controls: Controls, card: ModelCard, pictures: int) -> ImageRequest:
        """What would be asked of `card`; the pictures count, which they are does not."""
        inputs = tuple(Input(blob=new_id()) for _ in range(min(pictures, card.max_inputs)))
        request, _ = choosing.wish(words or "…", controls.again(model=card.id), self.defaults, card, inputs)
        return card.fit(request)

    async def _estimated(self, visitor: Visitor, job: Job, card: ModelCard, cost: Cost) -> Estimate:
        hold = holding.for_job(visitor, job, card, cost, self.parts.settings)
        count = hold.asked or 1
        if not hold.counts:
            likely, most = (0, 0) if job.purse == "free" else (cost.likely, cost.most)
            return Estimate(model=card.id, kind="image" if job.image else "chat", count=count, purse=job.purse, likely=likely, most=most)
        caps = await self.parts.ledger.standing(visitor.id, visitor.group, job.created)
        fault = refused(hold, caps)
        own = Allowance(caps=_told(visitor, caps))
        return Estimate(
            model=card.id, kind="image" if job.image else "chat", count=count, purse=job.purse, likely=cost.likely, most=cost.most,
            reserves=hold.amount, refused=ErrorFacts(code=fault.code, reason=fault.reason, facts=dict(fault.facts)) if fault else None,
            left=own.dollars.left if own.dollars else None, pictures_left=own.pictures.left if own.pictures else None,
        )  # fmt: skip

    async def allowance(self, visitor: Visitor) -> Allowance:
        """Every cap that holds for this visitor, and how it stands with it; the house's only for those who look after others."""
        caps = await self.parts.ledger.standing(visitor.id, visitor.group, now())
        used = max((cap.percent for cap in caps if cap.unit == "dollars" and cap.most), default=0)
        warned = max((each for each in THRESHOLDS if each <= used), default=0)
        return Allowance(caps=_told(visitor, caps), warned=warned, purses=(await self._offered(visitor)).purses())

    async def usage(self, visitor: Visitor, since: date, until: date, *, whose: str | None = None) -> UsageReport:
        """What was used from `since` to `until`, both counted; by whom else than the visitor, only those ask who look after others.

        Raises: NotFound, BadInput("day").
        """
        return await self.parts.books.report(await self._whose(visitor, since, until, whose), since, until)

    async def usage_rows(self, visitor: Visitor, since: date, until: date, *, whose: str | None = None) -> AsyncGenerator[UsageRow]:
        """The same, each piece of work by itself. Raises as `usage` does."""
        async with aclosing(self.parts.books.rows(await self._whose(visitor, since, until, whose), since, until)) as rows:
            async for row in rows:
                yield row

    async def _whose(self, visitor: Visitor, since: date, until: date, whose: str | None) -> str:
        if since > until or (until - since).days > LONGEST:
            raise BadInput("day", given=f"{since} – {until}")
        if whose is None or whose == visitor.id:
            return visitor.id
        if not visitor.admin:
            raise NotFound()
        await self.parts.audit.note(visitor.id, "usage.seen", "" if whose == ALL else whose)
        return whose

    async def budgets(self, visitor: Visitor) -> list[Budget]:
        """What holds for every visitor, for the guests together and for the house, then what was set for single ones.

        Raises: NotFound for who looks after nobody.
        """
        _check_admin(visitor)
        kept = {each.scope: each for each in await self.parts.ledger.budgets()}
        plain = self.parts.ledger.standard
        usual = [("visitor:", plain.visitor), ("group:guest", plain.guests), (HOUSE, plain.house)]
        return [*(kept.pop(scope, Budget(scope=scope, caps=caps)) for scope, caps in usual), *kept.values()]

    async def set_budget(self, visitor: Visitor, scope: str, caps: Caps | None) -> None:
        """Let `caps` hold for `scope` ("visitor:<id>", "group:<name>", "house") in place of the settings', whole; None gives it back.

        What the owner may spend only the owner says.

        Raises: NotFound for who looks after nobody; Refused("owner_only"); BadInput("budget_scope" | "budget_range" | "budget_guests").
        """
        _check_admin(visitor)
        kind, _, name = scope.partition(":")
        if not ((kind == "visitor" and name) or (kind == "group" and name in GROUPS) or scope == HOUSE):
            raise BadInput("budget_scope", given=scope[:60])
        if scope == f"visitor:{OWNER.id}" and visitor.role is not Role.OWNER:
            raise Refused("owner_only")
        if caps is not None and any(each is not None and not 0 <= each <= 10**12 for each in dict(caps).values()):
            raise BadInput("budget_range")
        if scope == "group:guest" and caps is not None and caps.day is None and self.parts.settings.offers.guests.strip():
            raise BadInput("budget_guests")
        await self.parts.ledger.set(scope, caps, visitor.id)
        await self.parts.audit.note(visitor.id, "budget.set" if caps else "budget.dropped", scope, **(dict(caps) if caps else {}))


def _told(visitor: Visitor, caps: list[Cap]) -> tuple[Cap, ...]:
    return tuple(cap for cap in caps if cap.whose != "house" or visitor.admin)


def _check_admin(visitor: Visitor) -> None:
    if not visitor.admin:
        raise NotFound()
