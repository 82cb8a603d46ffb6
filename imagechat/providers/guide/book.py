"""What Guide knows in one language, read from `assets/guide`, and how words are made alike before they are compared."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from imagechat.providers.sketch.words.lexicon import words_of
from imagechat.settings import ASSETS

_PERSIAN = re.compile(r"[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufefc]")
_LATIN = re.compile(r"[A-Za-z]")
_ENDINGS = ("هایی", "هایم", "های", "ها", "ings", "ing", "ies", "es", "ed", "'s", "'m", "'re", "s", "e", "ی")
_PLACES = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Form:
    """One way to ask for a topic: the words that carry it, and the small ones around them."""

    content: frozenset[str]
    small: frozenset[str]


@dataclass(frozen=True)
class Topic:
    """Something that can be asked about."""

    id: str
    forms: tuple[Form, ...]
    answer: str


@dataclass(frozen=True)
class Book:
    """One language: its topics, its sentences, and the tables by which wishes are understood and worded.

    `weights`: how much each word says about a topic.
    """

    language: str
    topics: tuple[Topic, ...]
    small: frozenset[str]
    begins: frozenset[str]
    synonyms: Mapping[str, str]
    vocabulary: frozenset[str]
    weights: Mapping[str, float]
    tables: Mapping[str, Any]

    def split(self, text: str) -> Form:
        """The words of `text` made alike, by their weight."""
        words = [stem(word) for word in words_of(text)]
        small = {word for word in words if word in self.small}
        return Form(frozenset(self.synonyms.get(word, word) for word in words if word not in small), frozenset(small))

    def say(self, key: str, **facts: str) -> str:
        """A sentence of `[say]`, filled in."""
        return self.fill(str(self.tables["say"][key]), **facts)

    def fill(self, text: str, **facts: str) -> str:
        """`text` with `facts` and the book's own sentences in their places."""
        own = {"beyond": "beyond_me", "later": "later", "later_small": "later_small"}
        known = {place: str(self.tables[key]) for place, key in own.items()} | facts
        for _ in range(2):
            text = _PLACES.sub(lambda place: known.get(place[1], place[0]), text)
        return text.strip()


def stem(word: str) -> str:
    """`word` without its ending, so that "seeds" and "seed", "drawing" and "draw" are alike."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            break
    return word[:-1] if len(word) > 4 and word[-1] == word[-2] else word


def language_of(text: str) -> str | None:
    """ "fa" or "en" by the letters that prevail; None where there are none of either."""
    persian, latin = len(_PERSIAN.findall(text)), len(_LATIN.findall(text))
    if not persian and not latin:
        return None
    return "fa" if persian > latin else "en"


@cache
def book(language: str) -> Book:
    """The book of `language` ("en" or "fa")."""
    tables = tomllib.loads((ASSETS / "guide" / f"{language}.toml").read_text(encoding="utf-8"))
    small = _stems(tables["small"]["words"].split())
    synonyms = {stem(word): stem(canon) for canon, words in tables["synonyms"].items() for word in (canon, *words)}
    empty = Book(language, (), small, frozenset(tables["question"]["begins"].split()), synonyms, frozenset(), {}, tables)
    topics = tuple(Topic(facts["id"], tuple(empty.split(form) for form in facts["forms"]), facts["answer"]) for facts in tables["topic"])
    weights = _weights(topics)
    return replace(empty, topics=topics, vocabulary=frozenset(weights) | frozenset(synonyms), weights=weights)


def _weights(topics: Iterable[Topic]) -> dict[str, float]:
    """How much a word says about a topic: 1 where it belongs to one alone, less the more share it."""
    shared = Counter(word for topic in topics for word in frozenset[str]().union(*(form.content for form in topic.forms)))
    return {word: count**-0.5 for word, count in shared.items()}


def _stems(words: Iterable[str]) -> frozenset[str]:
    return frozenset(stem(word) for word in words)
