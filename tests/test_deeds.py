"""The audit log in words: every event has some in every language, people have their names, and no id is left."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from imagechat import i18n
from imagechat.domain.policy import AuditLine
from imagechat.domain.values import Scalar
from imagechat.domain.visitors import Role
from imagechat.shown import Shown
from imagechat.shown.deeds import Deeds, named_in
from imagechat.studio import Studio
from tests.asking import ANN, BEN, drawn

ROOT = Path(__file__).parents[1] / "imagechat"
ANNE, GUEST, GONE = "01hzzzzzzzzzzzzzzzzzzzzzz1", "01hzzzzzzzzzzzzzzzzzzguest", "gone-01hzzzzzzzzzzzzzzzzzzlost1"
AT = datetime(2026, 11, 22, tzinfo=UTC)
ID = re.compile(r"[0-9a-hjkmnp-tv-z]{26}")


def noted() -> Iterator[str]:
    """Every event that the code writes down; of one that is put together, what it begins with."""
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "note" and "audit" in ast.unparse(node.func):
                given = node.args[1]
                for part in (given.body, given.orelse) if isinstance(given, ast.IfExp) else (given,):
                    if isinstance(part, ast.Constant):
                        yield part.value


@pytest.mark.parametrize("code", i18n.codes())
def test_every_event_has_words(code: str):
    events = set(noted())
    assert len(events) > 20
    known = i18n.locale(code)._table if code == "en" else i18n._read(code)
    assert not [event for event in events if f"people.did.{event.replace('.', '_')}" not in known]


def said(code: str, action: str, subject: str = "", actor: str = "owner", **facts: Scalar) -> str:
    """One line, as it stands on the page, without marks of direction."""
    deeds = Deeds(Shown(i18n.locale(code)), {"owner": "", ANNE: "Anne", GUEST: ""})
    line = deeds.told(AuditLine(at=AT, actor=actor, action=action, subject=subject, facts=facts))
    return " · ".join([f"{line['actor']} {line['did']}", *line["facts"]]).replace("\u2068", "").replace("\u2069", "")


LINES: list[tuple[str, str, dict[str, Scalar], str, str]] = [
    ("budget.set", f"visitor:{ANNE}", {"day": 1_500_000, "month": None, "pictures_day": 20},
     "owner set a budget: Anne · $1.50 a day · pictures a day: 20", "مالک بودجه‌ای تعیین کرد: Anne · روزی $1.50 · تصویر در روز: ۲۰"),
    ("budget.dropped", "group:guest", {}, "owner took a budget back: All guests together", "مالک بودجه‌ای را برداشت: همهٔ مهمان‌ها با هم"),
    ("person.set", GUEST, {"disabled": True}, "owner switched Guest …zguest off", "مالک دسترسی مهمان …zguest را غیرفعال کرد"),
    ("person.set", ANNE, {"role": "admin", "disabled": False}, "owner changed Anne · role: admin · switched on",
     "مالک تنظیم Anne را تغییر داد · نقش: سرپرست · فعال"),
    ("report.picture_seen", "01hreport00000000000000000", {"picture": GUEST, "owner": GONE},
     "owner looked at a reported picture of Deleted …zlost1", "مالک تصویر گزارش‌شدهٔ فرد حذف‌شده …zlost1 را دید"),
    ("people.looked", "", {"search": GUEST}, "owner looked at Guest …zguest in the list of people",
     "مالک سراغ مهمان …zguest را در فهرست افراد گرفت"),
    ("people.looked", "", {"search": "ann"}, "owner looked for “ann” in the list of people", "مالک در فهرست افراد «ann» را جست"),
    ("key.kept", "openai", {}, "owner added an own key for OpenAI", "مالک کلید شخصی برای OpenAI افزود"),
    ("usage.seen", "", {}, "owner looked at everybody's usage", "مالک مصرف همه را دید"),
    ("session.ended", "01hsess0000000000000000000", {}, "owner ended a browser", "مالک دسترسی مرورگری را پایان داد"),
    ("moon.landed", "somewhere", {"at": 3}, "owner did something else (moon.landed)", "مالک کار دیگری کرد (moon.landed)"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("action", "subject", "facts", "english", "persian"), LINES, ids=[f"{each[0]}-{n}" for n, each in enumerate(LINES)]
)
def test_a_line_is_a_sentence_with_names(action: str, subject: str, facts: dict[str, Scalar], english: str, persian: str):
    assert said("en", action, subject, **facts) == english
    assert said("fa", action, subject, **facts) == persian


def test_who_is_no_person_and_who_is_gone_are_called_what_they_are():
    assert said("en", "link.made", actor="terminal") == "The terminal made a one-time link"
    assert said("en", "link.failed", actor="") == "Somebody used a link that is none"
    assert said("en", "space.deleted", GONE, actor=GONE) == "Deleted …zlost1 deleted everything of theirs"
    assert said("en", "login", ANNE, actor=ANNE, by="link") == "Anne came in · by a one-time link"
    assert said("en", "login.failed", "unknown", actor="") == "Somebody failed to log in, with a name that nobody has"


async def test_what_really_happened_is_told_without_ids(studio: Studio):
    made = await drawn(studio, BEN, "a fox")
    await studio.report(BEN, made.id, "no")
    (report,) = await studio.reports(ANN)
    await studio.reported_file(ANN, report.id)
    await studio.decide(ANN, report.id, "removed")
    page = await studio.audited(ANN)
    called = await studio.called(ANN, set().union(*map(named_in, page.items)))
    deeds = Deeds(Shown(i18n.locale("en")), called)
    told = [f"{line['actor']} {line['did']} {line['facts']}" for line in map(deeds.told, page.items)]
    assert len(told) == 4 and not [line for line in told if ID.search(line)]
    assert {line.subject for line in page.items} >= {report.id}, "what is stored stays as it is"
    assert ANN.role is Role.OWNER and told[0].startswith("owner removed a reported picture")
