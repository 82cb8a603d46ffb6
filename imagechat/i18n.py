"""Words for people. They live in `assets/locales/<code>/*.toml`, one file for each part of the app; a key is file.table.name.

Numbers and days among them follow one rule, `Locale.told`.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from imagechat.logs import request_id
from imagechat.settings import ASSETS

UNITS = {"days": 86_400, "hours": 3600, "minutes": 60, "seconds": 1}
LONG = 120
"""Seconds above which a wait is told in whole minutes."""
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
DIGITS = {"fa": str.maketrans("0123456789.,", "۰۱۲۳۴۵۶۷۸۹٫٬")}
"""Languages that write numbers with digits of their own."""
CALENDARS = frozenset({"fa"})
"""Languages whose days are counted by the Persian calendar."""
NOWRUZ = 1400, date(2021, 3, 21)
"""A year of that calendar, and the day it began."""
PLAIN = frozenset({"port", "next", "status", "seed"})
"""Facts that are numbers and are copied, or looked for elsewhere, as they are."""
FOREIGN, COPIED = re.compile(r"[0-9A-Za-z]"), re.compile(r"^/|://")
"""Facts that run from left to right, and those of them that people copy: addresses and paths."""


class Locale:
    """One language's words, with English behind them for a key that is missing."""

    def __init__(self, code: str, table: Mapping[str, str]) -> None:
        self.code = code
        self._table = table

    @property
    def direction(self) -> str:
        """ "rtl" or "ltr", as HTML's `dir` takes it."""
        return "rtl" if self.code.split("-")[0] in RIGHT_TO_LEFT else "ltr"

    def say(self, key: str, /, **facts: object) -> str:
        """The words for `key` with `facts` filled in; a number `count` of 1 takes the key with ".one" where there is one.

        An unknown key gives itself, so that a missing word is seen and nothing breaks.
        """
        if facts.get("count") == 1 and f"{key}.one" in self._table:
            key = f"{key}.one"
        words = self._table.get(key)
        if words is None:
            return key
        told = {name: str(value) if name in PLAIN else self.told(value) for name, value in facts.items()}
        try:
            return words.format_map(_Facts(told))
        except (ValueError, IndexError):
            return words

    def knows(self, key: str) -> bool:
        """Whether there are words for `key`."""
        return key in self._table

    def part(self, prefix: str) -> dict[str, str]:
        """All words under `prefix`, keyed by what follows it: what a page's script is given."""
        start = f"{prefix}."
        return {key.removeprefix(start): words for key, words in self._table.items() if key.startswith(start)}

    def error(self, code: str, reason: str = "", facts: Mapping[str, object] | None = None) -> str:
        """An error in words: what happened, what was kept, what to do next."""
        for key in (f"errors.{code}.{reason}", f"errors.{code}.any", "errors.internal.any"):
            if self.knows(key):
                told = {"request": request_id.get() or "–", **self._timed(facts or {})}
                if code == "not_allowed":
                    told |= {"why": self.categories(str(told.get("why", ""))), "word": self._quoted(str(told.get("word", "")))}
                words = self.say(key, **told)
                return f"{words} {self._instead(told)}" if code == "over_budget" else words
        return code

    def _quoted(self, lines: str) -> str:
        """Each of `lines` in quotation marks."""
        return self.say("policy.parting").join(self.say("policy.quoted", word=line) for line in lines.splitlines())

    def _instead(self, facts: Mapping[str, object]) -> str:
        """What works while a budget is used up; and what was kept, unless nothing was `sent` yet."""
        keys = facts.get("own_keys", True)
        if facts.get("sent", True):
            return self.say("policy.over_budget.kept_keys" if keys else "policy.over_budget.kept")
        return self.say("policy.over_budget.works_keys" if keys else "policy.over_budget.works")

    def categories(self, names: str) -> str:
        """What a moderation calls things ("violence/graphic, hate"), in words; one without words is some "other"."""
        keys = [re.sub(r"[^a-z]", "_", name.strip()) for name in names.split(",")]
        told = [self.say(f"policy.categories.{key if self.knows(f'policy.categories.{key}') else 'other'}") for key in keys]
        return self.say("policy.parting").join(dict.fromkeys(told))

    def told(self, fact: object) -> object:
        """A fact as it stands in a sentence. The rule for all numbers and days that we put into words:

        - a number goes with the language's digits and without thousands apart (Persian ۱۲, ۲٫۴), a day with its calendar (۱ آذر ۱۴۰۵);
        - text goes as it is: prices ($0.02), sizes (1024×1024, 2.5 MB), names and versions, what somebody typed. Among words from the
          right it has a direction of its own. So whoever has a number to tell gives a number, and a price or a size as text.

        `ic.say` and `ic.number` in the page's scripts do the same.
        """
        if isinstance(fact, int | float) and not isinstance(fact, bool):
            return self.number(fact)
        if isinstance(fact, date):
            return self.day(fact)
        return _apart(fact) if self.direction == "rtl" else fact

    def number(self, value: float, digits: int | None = None) -> str:
        """A number with the language's digits; `digits` after the point, else as many as there are, three at most."""
        return self.digits(str(round(value, 3)).removesuffix(".0") if digits is None else f"{value:.{digits}f}")

    def digits(self, written: str) -> str:
        """A number that is written already, or a time of day, with the language's digits."""
        return written.translate(DIGITS.get(self.code.split("-")[0], {}))

    def day(self, day: date) -> str:
        """A day in the language's calendar."""
        year, month, number = persian(day) if self.code.split("-")[0] in CALENDARS else (day.year, day.month, day.day)
        return self.say("dates.day", year=year, month=self.say(f"dates.months.{month}"), number=number)

    def span(self, seconds: int) -> str:
        """A stretch of time in words, in the largest unit of which it is a whole number: "5 minutes"."""
        name, unit = next((name, unit) for name, unit in UNITS.items() if seconds % unit == 0)
        return self.say(f"stages.spans.{name}", count=seconds // unit)

    def moment(self, text: str) -> str:
        """A moment that an ISO 8601 text names, for people: the day and the time of UTC."""
        try:
            at = datetime.fromisoformat(text).astimezone(UTC)
        except ValueError:
            return text
        return self.say("dates.moment", day=at.date(), time=self.digits(f"{at:%H:%M}"))

    def _timed(self, facts: Mapping[str, object]) -> dict[str, object]:
        """`resets` for people; a time of which a limit is told, `per`, in words; how long one waits, `wait`, from its `seconds`."""
        if isinstance(moment := facts.get("resets"), str):
            facts = {**facts, "resets": self.moment(moment)}
        per, seconds = facts.get("per"), facts.get("seconds")
        if not isinstance(per, int) or not isinstance(seconds, int):
            return dict(facts)
        return {**facts, "per": self.span(per), "wait": self.span(seconds if seconds <= LONG else -(-seconds // 60) * 60)}


def persian(day: date) -> tuple[int, int, int]:
    """Year, month and day of the Persian calendar, right from 1930 to 2087.

    Source: leap years by the cycle of 33 years, en.wikipedia.org/wiki/Solar_Hijri_calendar.
    """
    year, begun = NOWRUZ
    while day < begun:
        year, begun = year - 1, begun - timedelta(_days(year - 1))
    while (day - begun).days >= _days(year):
        year, begun = year + 1, begun + timedelta(_days(year))
    passed = (day - begun).days
    month, number = divmod(passed, 31) if passed < 186 else divmod(passed - 186, 30)
    return year, month + (1 if passed < 186 else 7), number + 1


def _days(year: int) -> int:
    return 366 if (25 * year + 11) % 33 < 8 else 365


def _apart(value: object) -> object:
    """A fact with a direction of its own, so that words from the right do not turn 2026-11-21 around, or $2 into 2$.

    Source: unicode.org/reports/tr9 (FIRST STRONG ISOLATE, POP DIRECTIONAL ISOLATE).
    """
    foreign = isinstance(value, str) and FOREIGN.search(value) and not COPIED.search(value)
    return f"\u2068{value}\u2069" if foreign else value


class _Facts(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


@cache
def locale(code: str) -> Locale:
    """The locale `code`, read once. Source of the format: toml.io/en/v1.0.0."""
    return Locale(code, {**_read("en"), **_read(code)})


def _read(code: str) -> dict[str, str]:
    table: dict[str, str] = {}
    for file in sorted((ASSETS / "locales" / code).glob("*.toml")):
        table |= _flat(tomllib.loads(file.read_text(encoding="utf-8")), file.stem)
    return table


def _flat(tree: Mapping[str, Any], prefix: str) -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, node in tree.items():
        key = f"{prefix}.{name}"
        flat |= _flat(node, key) if isinstance(node, dict) else {key: str(node)}
    return flat


def codes() -> list[str]:
    """The locales there are."""
    return sorted(folder.name for folder in Path(ASSETS / "locales").iterdir() if folder.is_dir())
