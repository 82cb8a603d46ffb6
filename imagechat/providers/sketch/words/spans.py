"""A prompt cut into spans: the longest forms that mean something, and the words between them."""

import re
from dataclasses import dataclass

from imagechat.providers.sketch.words.lexicon import Entry, Lexicon, stems, words_of

PAUSE = re.compile(r"[,;.:!?،؛؟\n]")


@dataclass(slots=True, eq=False)
class Span:
    """Some neighbouring words: `entries` is what they mean (none: a single word without a meaning); `plural`: an ending was cut off to
    find that; `clause`: which part of the prompt between two pauses they stand in.
    """

    words: tuple[str, ...]
    entries: tuple[Entry, ...] = ()
    plural: bool = False
    clause: int = 0
    denied: bool = False

    @property
    def text(self) -> str:
        """The words as they are told to the visitor."""
        return " ".join(self.words)

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
    """Mark what "no" stands before, across small words and adjectives, and what a Persian "is not" stands behind; in a list, all of it."""
    for i, span in enumerate(spans):
        if span.words[0] in book.denies_next:
            denied = [later for later in spans[i + 1 : i + 4] if meant(later)][:1]
            while denied and (more := joined(spans, denied[-1])):
                denied.append(more)
        elif span.words[0] in book.denies_last:
            denied = [earlier for earlier in reversed(spans[max(0, i - 3) : i]) if earlier.entries][:1]
        else:
            continue
        for one in denied:
            one.denied = True
    return spans


def meant(span: Span) -> bool:
    """Whether a span is something that can be denied: a colour alone is not, it belongs to its noun."""
    return bool(span.entries) and span.entries[0].slot != "colour"


def joined(spans: list[Span], one: Span) -> Span | None:
    """What is denied with `one`: "no boats or birds", "بدون قایق و پرنده"."""
    rest = spans[spans.index(one) + 1 :][:2]
    if len(rest) == 2 and rest[0].words[0] in ("or", "nor", "و", "یا") and meant(rest[1]) and rest[1].clause == one.clause:
        return rest[1]
    return None
