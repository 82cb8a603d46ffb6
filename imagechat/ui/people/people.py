"""The lower half of the Usage tab, for admins: people and their groups, budgets, reported pictures, the log of what was done."""

from decimal import Decimal, InvalidOperation
from typing import Literal

import gradio as gr

from imagechat.domain.money import MICRO, Budget, Caps
from imagechat.domain.policy import Report
from imagechat.domain.visitors import Person, Role, Visitor
from imagechat.errors import BadInput
from imagechat.shown import Json, Shown
from imagechat.shown.deeds import Deeds, named_in
from imagechat.studio import Studio
from imagechat.ui.doors import Verb, component

MOST = Decimal(1_000_000)
"""Dollars, or pictures."""


def lay(studio: Studio, shown: Shown) -> gr.HTML:
    """Place the component; it stays empty for everybody else."""
    return component(
        __file__, shown, [*_people(studio, shown), *_budgets(studio, shown), *_reports(studio, shown), *_log(studio, shown)], "people"
    )


def _people(studio: Studio, shown: Shown) -> list[Verb]:
    async def fetch_people(visitor: Visitor, search: str = "") -> Json:
        if not visitor.admin:
            return {"admin": False}
        people = [_person(each, visitor, shown) for each in await studio.people(visitor, search[:100])]
        return {"admin": True, "owner": visitor.role is Role.OWNER, "people": people}

    async def set_person(
        visitor: Visitor,
        person: str,
        group: Literal["guest", "member", "trusted"] | None,
        disabled: bool | None,
        role: Literal["admin", "member"] | None,
    ) -> Json:
        await studio.set_person(visitor, person, group=group, disabled=disabled, role=Role(role) if role else None)
        return {}

    return [fetch_people, set_person]


def _budgets(studio: Studio, shown: Shown) -> list[Verb]:
    async def fetch_budgets(visitor: Visitor) -> Json:
        budgets = await studio.budgets(visitor)
        deeds = Deeds(shown, await studio.called(visitor, {each.scope.removeprefix("visitor:") for each in budgets}))
        return {"budgets": [{**_budget(each), "name": deeds.scope(each.scope)} for each in budgets]}

    async def set_budget(visitor: Visitor, scope: str, caps: dict[str, str] | None) -> Json:
        await studio.set_budget(visitor, scope, None if caps is None else _caps(caps))
        return {}

    return [fetch_budgets, set_budget]


def _reports(studio: Studio, shown: Shown) -> list[Verb]:
    async def fetch_reports(visitor: Visitor) -> Json:
        reports = await studio.reports(visitor)
        called = await studio.called(visitor, {each.owner for each in reports})
        owners = {id: {"id": id, "name": shown.person(name, id)} for id, name in called.items()}
        return {"reports": [{**_report(each), "owner": owners.get(each.owner)} for each in reports]}

    async def decide(visitor: Visitor, report: str, verdict: Literal["kept", "removed"]) -> Json:
        await studio.decide(visitor, report, verdict)
        return {}

    return [fetch_reports, decide]


def _log(studio: Studio, shown: Shown) -> list[Verb]:
    async def fetch_log(visitor: Visitor, before: str | None = None) -> Json:
        page = await studio.audited(visitor, before)
        deeds = Deeds(shown, await studio.called(visitor, set().union(*map(named_in, page.items))))
        return {"lines": [deeds.told(each) for each in page.items], "older": page.older}

    return [fetch_log]


def _person(person: Person, visitor: Visitor, shown: Shown) -> Json:
    name = shown.person(person.name, person.id)
    account = person.login is not None or bool(person.provider)
    return {
        "id": person.id, "name": name, "role": person.role, "group": person.group, "account": account, "made": person.made,
        "disabled": person.disabled is not None, "seen": person.seen.isoformat(), "me": person.id == visitor.id,
    }  # fmt: skip


def _budget(budget: Budget) -> Json:
    """A budget as the form has it: dollars and pictures as text, "" for no limit."""
    caps = budget.caps
    money = {name: "" if amount is None else f"{Decimal(amount) / MICRO:f}" for name, amount in (("day", caps.day), ("month", caps.month))}
    counts = {name: "" if amount is None else str(amount) for name, amount in _counts(caps)}
    return {"scope": budget.scope, "set": budget.by is not None, **money, **counts}


def _counts(caps: Caps) -> tuple[tuple[str, int | None], ...]:
    return ("pictures_day", caps.pictures_day), ("pictures_month", caps.pictures_month)


def _caps(given: dict[str, str]) -> Caps:
    """What the form says. Raises: BadInput("amount") for what is no amount."""
    return Caps(
        day=_amount(given.get("day"), MICRO), month=_amount(given.get("month"), MICRO),
        pictures_day=_amount(given.get("pictures_day"), 1), pictures_month=_amount(given.get("pictures_month"), 1),
    )  # fmt: skip


def _amount(text: str | None, unit: int) -> int | None:
    text = (text or "").strip().lstrip("$").replace("٫", ".")
    if not text:
        return None
    try:
        amount = Decimal(text)
        right = amount.is_finite() and 0 <= amount <= MOST and (amount * unit) % 1 == 0
    except InvalidOperation:
        right = False
    if not right:
        raise BadInput("amount", given=text[:20])
    return int(amount * unit)


def _report(report: Report) -> Json:
    return {
        "id": report.id, "reason": report.reason, "prompt": report.prompt, "model": report.model, "created": report.created.isoformat(),
        "thumb": f"reports/{report.id}/picture", "verdict": report.verdict,
    }  # fmt: skip
