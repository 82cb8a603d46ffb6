"""Words for people: there for every code, reason and key in the code, and safe whatever facts are filled in."""

import ast
import re
import string
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args

import pytest

from imagechat import errors, i18n
from imagechat.catalogue import Catalogue
from imagechat.domain.jobs import Status
from imagechat.domain.money import Cap, Span, Unit, Whose
from imagechat.errors import ImageChatError
from imagechat.i18n import Locale, locale
from imagechat.prompting import styles
from imagechat.providers.guide.model import CARD as GUIDE
from imagechat.providers.sketch.model import CARD as SKETCH

ROOT = Path(__file__).parents[1] / "imagechat"
ENGLISH = locale("en")
CODES = {kind.__name__: kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, ImageChatError)}
NEVER = datetime.max.replace(tzinfo=UTC)
DYNAMIC = {
    ("pictures.py", "BrokenReply"): {"empty", "not_a_picture", "too_many_pixels", "truncated"},
    ("store/upgrade.py", "CannotStart"): {"not_writable", "database_busy", "broken_database"},
    ("domain/models.py", "NotOffered"): {"quality", "format", "background"},
    ("ground.py", "CannotStart"): {"port_taken", "port_refused"},
    ("catalogue.py", "NotOffered"): {"no_image_model", "no_text_model"},
    ("limits.py", "TooFast"): {"guests", "logins", "names", "upload", "house", "imagine", "edit", "chat", "embedded"},
    ("providers/openai/server.py", "BadKey"): {"own_wrong", "own_no_access", "own_no_credit"},
    ("store/ledger.py", "OverBudget"): {
        Cap(whose=whose, unit=unit, span=span, most=0, resets=NEVER).reason
        for whose in get_args(Whose)
        for unit in get_args(Unit)
        for span in get_args(Span)
    },
    ("store/quota.py", "SpaceFull"): {"", "guests"},
    ("prompting/commands.py", "BadInput"): set(),  # `pointed`, whose calls are read instead
}
"""Where a reason is worked out: what it can be."""
ADDED = {"name": {"picture_empty", "picture_too_big", "picture_too_many_pixels", "picture_broken", "picture_not_supported"}}
"""Facts that are added after the error is made."""
LATER = {"fetching.py": {"model"}, "limits.py": {"wait"}}
"""The same for all errors of a file: who fetches knows no model, who asked does; a limit says seconds, the locale a wait."""
POINTED = {"word", "at", "length"}
"""Facts of an error that points at a word of a command."""


def raised() -> Iterator[tuple[str, str, set[str] | None, str]]:
    """Every place where an error is made: (class, reason, names of its facts or None where they are worked out, where)."""
    for path in sorted(ROOT.rglob("*.py")):
        name = str(path.relative_to(ROOT))
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            kind = getattr(node.func, "attr", getattr(node.func, "id", ""))
            pointed = kind == "pointed"
            kind = "BadInput" if pointed else kind
            if kind not in CODES or kind == "ImageChatError":
                continue
            facts = {keyword.arg for keyword in node.keywords if keyword.arg} | (POINTED if pointed else set()) | LATER.get(name, set())
            known = None if any(keyword.arg is None for keyword in node.keywords) else facts
            for reason in reasons(node, name, kind):
                yield kind, reason, known, f"{name}:{node.lineno}"


def reasons(call: ast.Call, file: str, kind: str) -> Iterator[str]:
    """What the reason of an error can be: one word, one of two, or what is known of this file."""
    first = call.args[0] if call.args else ast.Constant("")
    for part in (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,):
        if isinstance(part, ast.Constant):
            yield part.value
        else:
            yield from DYNAMIC[file, kind]


def placeholders(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


@pytest.mark.parametrize("code", i18n.codes())
def test_every_error_has_words(code: str):
    words = locale(code)
    for kind in CODES.values():
        assert kind.code == "visitor_fault" or words.knows(f"errors.{kind.code}.any"), kind.code
    missing = {f"{CODES[kind].code}.{reason} ({where})" for kind, reason, _, where in raised()
               if reason and not words.knows(f"errors.{CODES[kind].code}.{reason}")}  # fmt: skip
    assert not missing


@pytest.mark.parametrize("code", i18n.codes())
def test_every_error_brings_the_facts_that_its_words_name(code: str):
    words = locale(code).part("errors")
    lacking = []
    for kind, reason, facts, where in raised():
        told = words.get(f"{CODES[kind].code}.{reason}") or words.get(f"{CODES[kind].code}.any", "")
        added = {fact for fact, reasons in ADDED.items() if reason in reasons}
        if facts is not None and (unknown := placeholders(told) - facts - added):
            lacking.append(f"{where}: {kind}({reason!r}) has no {', '.join(sorted(unknown))}")
    assert not lacking


@pytest.mark.parametrize("code", i18n.codes())
def test_all_words_can_be_filled_in(code: str):
    for key, words in locale(code)._table.items():
        assert all(name.isidentifier() for name in placeholders(words)), key


def test_no_persian_sentence_of_an_error_begins_from_the_left():
    """Its first letter says from which side a browser and a terminal set all of it."""
    said = locale("fa").part("errors") | locale("fa").part("policy.over_budget")
    begins = {key: re.findall(r"(?:^|[.!؟]\s+)[«“\u200f]*([A-Za-z{][^\s]*)", words) for key, words in said.items()}
    assert {key: found for key, found in begins.items() if found} == {}


def test_no_words_are_left_over_for_errors_that_there_are_not():
    made = {f"{CODES[kind].code}.{reason or 'any'}" for kind, reason, _, _ in raised()} | {f"{kind.code}.any" for kind in CODES.values()}
    said = {key for key in ENGLISH.part("errors") if not key.startswith("job.")}
    elsewhere = {"bad_input.bad_request", "bad_input.too_many_pictures", "not_found.file", "broken_reply.painting_failed"}
    elsewhere |= {"not_allowed.result", "unchecked.result"}  # Of single pictures, in `Failed` (imagechat/moderation.py).
    elsewhere |= {key.removeprefix("errors.") for key, _ in said_in_scripts()}
    assert said - made - elsewhere == set()


PREFIXED = {"web/entering.py": "entering."}
"""Files whose own `say` puts the part of the words before a key."""


def said_in_python() -> Iterator[tuple[str, str]]:
    """Every key given to `say`, with where; what is put together ends where the first fact stands."""
    for path in sorted(ROOT.rglob("*.py")):
        if path.is_relative_to(ROOT / "store") or path.is_relative_to(ROOT / "providers"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and node.args and getattr(node.func, "attr", getattr(node.func, "id", "")) == "say"):
                continue
            first, where = node.args[0], f"{path.name}:{node.lineno}"
            prefix = PREFIXED.get(str(path.relative_to(ROOT)), "") if isinstance(node.func, ast.Name) else ""
            for part in (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,):
                if isinstance(part, ast.Constant):
                    yield prefix + part.value, where
                elif isinstance(part, ast.JoinedStr) and isinstance(part.values[0], ast.Constant):
                    yield prefix + part.values[0].value + "*", where


def said_in_scripts() -> Iterator[tuple[str, str]]:
    """Every literal in our scripts that is a key of the locales, and what templates begin with."""
    parts = "|".join(
        sorted({key.split(".")[0] for key in ENGLISH.part("page")} | {path.stem for path in (i18n.ASSETS / "locales/en").glob("*.toml")})
    )
    for path in sorted((ROOT / "ui").rglob("*.js")):
        text = path.read_text("utf-8")
        for key in re.findall(rf"""["'`]((?:{parts})\.[a-z0-9_.]+)["'`]""", text):
            yield key, path.name
        for start in re.findall(rf"`((?:{parts})\.[a-z0-9_.]*)\$\{{", text):
            yield start + "*", path.name


@pytest.mark.parametrize("code", i18n.codes())
def test_every_key_in_the_code_has_words(code: str):
    words = locale(code)
    keys = [*said_in_python(), *said_in_scripts()]
    assert len(keys) > 100
    known = words.part("") or words._table
    missing = {
        f"{key} ({where})" for key, where in keys
        if not (any(each.startswith(key[:-1]) for each in known) if key.endswith("*") else words.knows(key))
    }  # fmt: skip
    assert not missing


def test_scripts_are_given_the_words_that_they_say():
    page = ast.parse((ROOT / "ui" / "page.py").read_text("utf-8"))
    spoken = next(ast.literal_eval(node.value) for node in page.body
                  if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "SPOKEN")  # fmt: skip
    unheard = {f"{key} ({where})" for key, where in said_in_scripts() if not key.startswith(tuple(f"{part}." for part in spoken))}
    assert not unheard


@pytest.mark.parametrize("code", i18n.codes())
def test_what_cards_and_jobs_name_has_words(code: str):
    words = locale(code)
    for card in (SKETCH, GUIDE):
        assert words.knows(f"composer.kinds.{card.kind}") and words.knows(f"composer.providers.{card.provider}")
        for part, names in (("qualities", card.qualities), ("formats", card.formats), ("backgrounds", card.backgrounds)):
            assert not [name for name in names if not words.knows(f"composer.{part}.{name}")]
    assert not [name for name in (*styles.templates(), *(SKETCH.styles or ())) if not words.knows(f"composer.styles.{name}")]
    assert not [status for status in (Status.CANCELLED, Status.INTERRUPTED) if not words.knows(f"errors.job.{status}")]
    assert not [stage for stage in ("queued", "preparing", "generating") if not words.knows(f"stages.{stage}")]
    assert not [name for name in ("reroll", "same_seed", "retry") if not words.knows(f"chat.{name}_of")]


def test_what_is_missing_in_a_language_is_said_in_english():
    half = Locale("xx", {**i18n._read("en"), "page.title": "Titel"})
    assert (half.say("page.title"), half.say("page.chat")) == ("Titel", ENGLISH.say("page.chat"))


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "{count} before it"),
        ({"count": 1}, "1 before it"),
        ({"count": 3}, "3 before it"),
        ({"count": "{x}"}, "{x} before it"),
        ({"count": "{0.__class__}", "key": 1, "self": 2}, "{0.__class__} before it"),
    ],
)
def test_facts_are_filled_in_and_never_read_as_words(facts: dict[str, object], words: str):
    assert ENGLISH.say("stages.ahead", **facts) == words


@pytest.mark.parametrize("key", ["nobody.knows", "", "{", "{0}", "a{b}c", "{a.b}"])
def test_a_key_without_words_is_shown_itself(key: str):
    assert ENGLISH.say(key, a="x") == key


def test_errors_without_words_of_their_own_have_their_codes():
    assert ENGLISH.error("bad_input", "brand_new") == ENGLISH.say("errors.bad_input.any")
    assert ENGLISH.error("brand_new") == ENGLISH.say("errors.internal.any", request="–")


@pytest.mark.parametrize(
    ("fact", "told"),
    [
        ("2026-11-21", "\u20682026-11-21\u2069"),
        ("$0.02", "\u2068$0.02\u2069"),
        ("gpt-6-luna", "\u2068gpt-6-luna\u2069"),
        ("روباه", "روباه"),
        (12, "۱۲"),
        (2.5, "۲٫۵"),
        ("1024×1024", "\u20681024×1024\u2069"),
        ("/srv/data", "/srv/data"),
        ("http://127.0.0.1:7860", "http://127.0.0.1:7860"),
    ],
    ids=["day", "price", "model", "persian", "number", "fraction", "size", "path", "address"],
)
def test_words_from_the_right_do_not_turn_facts_around(fact: object, told: str):
    around = {"x.fact": "تا {fact} دیگر"}
    assert Locale("fa", around).say("x.fact", fact=fact) == f"تا {told} دیگر"
    assert Locale("en", around).say("x.fact", fact=fact) == f"تا {fact} دیگر"


@pytest.mark.parametrize(("number", "told"), [(300.0, "300"), (2.5, "2.5"), (1 / 3, "0.333"), (7, "7")])
def test_a_number_has_no_more_digits_than_it_needs(number: float, told: str):
    assert ENGLISH.number(number) == told and f"longer than {told} seconds" in ENGLISH.error("timed_out", "", {"seconds": number})


def test_numbers_that_are_copied_stay_as_they_are():
    around = {"x.fact": "درگاه {port} و {count} بار"}
    assert Locale("fa", around).say("x.fact", port=7860, count=2) == "درگاه 7860 و ۲ بار"


@pytest.mark.parametrize(
    ("day", "known"),
    [
        (date(2021, 3, 20), (1399, 12, 30)),
        (date(2021, 3, 21), (1400, 1, 1)),
        (date(2025, 3, 20), (1403, 12, 30)),
        (date(2026, 9, 22), (1405, 6, 31)),
        (date(2026, 9, 23), (1405, 7, 1)),
        (date(1979, 2, 11), (1357, 11, 22)),
        (date(2030, 3, 20), (1408, 12, 30)),
    ],
    ids=str,
)
def test_days_of_the_persian_calendar(day: date, known: tuple[int, int, int]):
    assert i18n.persian(day) == known


def test_a_moment_is_told_in_the_calendar_of_the_language():
    assert ENGLISH.moment("2026-11-22T02:05:00+02:00") == "Nov 22, 2026, 00:05 UTC"
    assert locale("fa").moment("2026-11-22T02:05:00+02:00") == "۱ آذر ۱۴۰۵، ساعت ۰۰:۰۵ به وقت UTC"
    assert locale("fa").say("usage.of", used=2, most=9, left=7, resets=date(2026, 11, 22)).count("۱ آذر ۱۴۰۵") == 1
    assert ENGLISH.moment("soon") == "soon"


def test_a_language_knows_its_direction():
    assert [Locale(code, {}).direction for code in ("en", "fa", "fa-IR", "de")] == ["ltr", "rtl", "rtl", "ltr"]
    assert Catalogue([]).cards() == []
