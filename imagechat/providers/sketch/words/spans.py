"""A prompt cut into spans: the longest forms that mean something, and the words between them."""

import re
from dataclasses import dataclass

from imagechat.providers.sketch.words.lexicon import Entry, Lexicon, stems, words_of

PAUSE = re.compile(r"[,;.:!?،؛؟\n]")


@dataclass(slots=True, eq=False)
class Span:
    """Some neighbouring words: `entries` is what they mean (none: a single word without a meaning); `plural`: an ending was cut off to
    find that; `clause`: which part of the prompt between two pauses they stand in; `denied`: by the word `denier`, which may stand
    `behind`; `kept`: the words only say that it stays.
    """

    words: tuple[str, ...]
    entries: tuple[Entry, ...] = ()
    plural: bool = False
    clause: int = 0
    denied: bool = False
    denier: str = ""
    behind: bool = False
    kept: bool = False

    @property
    def text(self) -> str:
        """The words as they are told to the visitor, with the "no" before or behind them."""
        words = " ".join(self.words)
        return words if not self.denied else f"{words} {self.denier}" if self.behind else f"{self.denier} {words}"

    @property
    def noun(self) -> str:
        """The last word: in English it carries the meaning."""
        return self.words[-1]

    def means(self, slot: str) -> bool:
        """Whether any of its meanings fills `slot`."""
        return any(entry.slot == slot for entry in self.entries)


def spans_in(text: str, book: Lexicon) -> list[Span]:
    """The spans of `text`; what means something together has no comma between."""
    found = []
    for clause, part in enumerate(PAUSE.split(text)):
        words = words_of(part)
        at = 0
        while at < len(words):
            span = longest_at(words, at, book)
            span.clause = clause
            found.append(span)
            at += len(span.words)
    return found


def longest_at(words: tuple[str, ...], at: int, book: Lexicon) -> Span:
    """The longest form from `at` that means something; a single word without a meaning where none does."""
    for length in range(min(book.longest, len(words) - at), 0, -1):
        form = words[at : at + length]
        for last in stems(form[-1]):
            found = book.entries.get((*form[:-1], last), ())
            entries = tuple(entry for entry in found if not misread(words, at, length, entry))
            if entries:
                return Span(form, entries, plural=last != form[-1])
    return Span(words[at : at + 1])


def misread(words: tuple[str, ...], at: int, length: int, entry: Entry) -> bool:
    """Whether the words around show that another meaning is meant."""
    around = words[max(0, at - 1) : at + length + 1]
    return any(around[i : i + len(sign)] == sign for sign in entry.unless_near for i in range(len(around)))


def deny(spans: list[Span], book: Lexicon) -> list[Span]:
    """Mark what "no" stands before, and what a Persian "is not" stands behind; in a list, all of it. What is to be kept is marked too."""
    for i, span in enumerate(spans):
        word, last = span.words[0], i + 1 == len(spans) or spans[i + 1].clause != span.clause
        if word in book.keeping:
            kept = first_meant(spans[i + 1 : i + 4], book)
            if kept is not None:
                kept.kept = True
        elif word in book.denies_last or (word in book.denies_next and last and i and spans[i - 1].clause == span.clause):
            earlier = next((one for one in reversed(spans[max(0, i - 3) : i]) if one.entries), None)
            mark(earlier, span, behind=True)
        elif word in book.denies_next:
            one = first_meant(spans[i + 1 : i + 5], book)
            mark(one, span, behind=False)
            for other in listed(spans, one) if one is not None else ():
                mark(other, span, behind=False)
    return spans


def mark(one: Span | None, by: Span, *, behind: bool) -> None:
    """Note that `one` is denied, and by which word."""
    if one is not None and not one.kept:
        one.denied = True
        one.denier = by.words[0]
        one.behind = behind


def first_meant(spans: list[Span], book: Lexicon) -> Span | None:
    """What a "no" is about: the noun behind small words and adjectives; a colour where it stands alone. A preposition ends the search."""
    strange = False
    for i, one in enumerate(spans):
        if one.entries:
            nearby = spans[i + 1 : i + 2]
            coloured = one.entries[0].slot == "colour" and nearby and nearby[0].entries and nearby[0].clause == one.clause
            return nearby[0] if coloured else one
        if strange and one.words[0] in book.prepositions:
            return None
        strange = strange or one.words[0] not in book.small
    return None


def listed(spans: list[Span], one: Span) -> list[Span]:
    """What else is denied with `one`: "no boats, birds or people", "بدون قایق و پرنده"."""
    run: list[Span] = []
    joined = False
    for other in spans[spans.index(one) + 1 :]:
        if other.words[0] in ("or", "nor", "و", "یا"):
            joined = True
        elif other.entries and other.entries[0].slot in ("subject", "beyond", "scene"):
            run.append(other)
            if joined:
                return run
        else:
            break
    return []
