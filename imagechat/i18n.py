"""Words for people. They live in `assets/locales/<code>/*.toml`, one file for each part of the app; a key is file.table.name."""

import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from imagechat.logs import request_id
from imagechat.settings import ASSETS

UNITS = {"days": 86_400, "hours": 3600, "minutes": 60, "seconds": 1}
LONG = 120
"""Seconds above which a wait is told in whole minutes."""
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
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
        if self.direction == "rtl":
            facts = {name: _apart(value) for name, value in facts.items()}
        try:
            return words.format_map(_Facts(facts))
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
                return self.say(key, **(told | {"why": self.categories(str(told.get("why", "")))} if code == "not_allowed" else told))
        return code

    def categories(self, names: str) -> str:
        """What a moderation calls things ("violence/graphic, hate"), in words; one without words is some "other"."""
        keys = [re.sub(r"[^a-z]", "_", name.strip()) for name in names.split(",")]
        told = [self.say(f"policy.categories.{key if self.knows(f'policy.categories.{key}') else 'other'}") for key in keys]
        return self.say("policy.parting").join(dict.fromkeys(told))

    def span(self, seconds: int) -> str:
        """A stretch of time in words, in the largest unit of which it is a whole number: "5 minutes"."""
        name, unit = next((name, unit) for name, unit in UNITS.items() if seconds % unit == 0)
        return self.say(f"stages.spans.{name}", count=seconds // unit)

    def moment(self, text: str) -> str:
        """A moment that an ISO 8601 text names, for people: the day and the time of UTC."""
        try:
            return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%d, %H:%M} UTC"
        except ValueError:
            return text

    def _timed(self, facts: Mapping[str, object]) -> dict[str, object]:
        """`resets` for people; a time of which a limit is told, `per`, in words; how long one waits, `wait`, from its `seconds`."""
        if isinstance(moment := facts.get("resets"), str):
            facts = {**facts, "resets": self.moment(moment)}
        per, seconds = facts.get("per"), facts.get("seconds")
        if not isinstance(per, int) or not isinstance(seconds, int):
            return dict(facts)
        return {**facts, "per": self.span(per), "wait": self.span(seconds if seconds <= LONG else -(-seconds // 60) * 60)}


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
