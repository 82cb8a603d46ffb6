"""Words to a Spec: longest form first, whole words, each word used once; what is not understood is kept to be told."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from imagechat.providers.sketch.words.lexicon import Entry, Lexicon, lexicon, stems, words_of
from imagechat.providers.sketch.words.places import placed, shown
from imagechat.providers.sketch.spec import Spec, Subject

PAUSE = re.compile(r"[,;.:!?،؛؟\n]")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a prompt became: the Spec, and the visitor's own words that were understood, only nearly, or not at all."""

    spec: Spec
    known: tuple[str, ...] = ()
    nearly: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class Span:
    """Some neighbouring words: `entries` is what they mean (none: a single word without a meaning)."""

    words: tuple[str, ...]
    entries: tuple[Entry, ...] = ()
    denied: bool = False

    @property
    def text(self) -> str:
        """The words as they are told to the visitor."""
        return " ".join(self.words)

    @property
    def noun(self) -> str:
        """The last word: in English it carries the meaning."""
        return self.words[-1]


@dataclass(slots=True)
class Draft:
    """A Spec that is being filled."""

    slots: dict[str, str] = field(default_factory=dict)
    time: str = ""
    said: list[Entry] = field(default_factory=list)
    hinted: list[str] = field(default_factory=list)
    subjects: dict[str, Subject] = field(default_factory=dict)
    without: list[str] = field(default_factory=list)
    colours: dict[str, str] = field(default_factory=dict)

    def spec(self) -> Spec:
        """The Spec: what was said goes before what was implied."""
        place = placed(self.said, self.hinted)
        return Spec(
            scene=place.scene,
            time=self.slots.get("time", self.time),
            weather=self.slots.get("weather", ""),
            style=self.slots.get("style", ""),
            layout=place.layout,
            subjects=tuple(one for kind, one in self.subjects.items() if kind not in self.without),
            without=tuple(dict.fromkeys(self.without)),
            colours=tuple(self.colours.items()),
            also=place.also,
            phase=self.slots.get("phase", ""),
        )


@lru_cache(maxsize=512)
def read(prompt: str, negative: str = "") -> Reading:
    """Read `prompt`; every thing named in `negative` is denied."""
    book = lexicon()
    draft = Draft()
    spans = deny(spans_in(prompt, book), book)
    for span in spans:
        understand(span, spans, draft, book)
    for span in spans_in(negative, book):
        for entry in span.entries:
            refuse(entry, draft)
    spec = draft.spec()
    return Reading(spec, *told(spans, spec, book))


def spans_in(text: str, book: Lexicon) -> list[Span]:
    """The spans of `text`; what means something together has no comma between."""
    return [span for part in PAUSE.split(text) for span in spans_of(words_of(part), book)]


def spans_of(words: tuple[str, ...], book: Lexicon) -> list[Span]:
    """Cut `words` into the longest forms that mean something; the rest stays single words."""
    spans: list[Span] = []
    at = 0
    while at < len(words):
        length, entries = longest_at(words, at, book)
        spans.append(Span(words[at : at + length], entries))
        at += length
    return spans


def longest_at(words: tuple[str, ...], at: int, book: Lexicon) -> tuple[int, tuple[Entry, ...]]:
    """How many words from `at` make the longest form, and what it means; (1, ()) where none does."""
    for length in range(min(book.longest, len(words) - at), 0, -1):
        form = words[at : at + length]
        for last in stems(form[-1]):
            found = book.entries.get((*form[:-1], last), ())
            entries = tuple(entry for entry in found if not misread(words, at, length, entry))
            if entries:
                return length, entries
    return 1, ()


def misread(words: tuple[str, ...], at: int, length: int, entry: Entry) -> bool:
    """Whether the words around show that another meaning is meant."""
    around = words[max(0, at - 1) : at + length + 1]
    return any(around[i : i + len(sign)] == sign for sign in entry.unless_near for i in range(len(around)))


def deny(spans: list[Span], book: Lexicon) -> list[Span]:
    """Mark what "no" stands before, across small words and adjectives, and what a Persian "is not" stands behind."""
    for i, span in enumerate(spans):
        if span.words[0] in book.denies_next:
            for later in spans[i + 1 : i + 4]:
                if later.entries and later.entries[0].slot != "colour":
                    later.denied = True
                    break
        if span.words[0] in book.denies_last:
            for earlier in reversed(spans[max(0, i - 3) : i]):
                if earlier.entries:
                    earlier.denied = True
                    break
    return spans


def understand(span: Span, spans: list[Span], draft: Draft, book: Lexicon) -> None:
    """Write what `span` means into the draft."""
    for entry in span.entries:
        if span.denied:
            refuse(entry, draft)
        elif entry.slot == "subject":
            draft.subjects.setdefault(entry.value, Subject(entry.value, *number_and_place(span, spans, book)))
        elif entry.slot == "colour":
            bind(entry.value, span, spans, draft, book)
        elif entry.slot in ("scene", "layout"):
            draft.said.append(entry)
        else:
            draft.slots.setdefault(entry.slot, entry.value)
        if not span.denied:
            imply(entry, draft)


def imply(entry: Entry, draft: Draft) -> None:
    """A boat hints at the sea, the Milky Way at the night."""
    if entry.scene and (entry.slot != "layout" or entry.weak):
        draft.hinted.append(entry.scene)
    draft.time = draft.time or entry.time


def refuse(entry: Entry, draft: Draft) -> None:
    """What is denied becomes its opposite, or stays out."""
    if entry.slot == "subject":
        draft.without.append(entry.value)
    elif entry.opposite:
        draft.slots.setdefault(entry.slot, entry.opposite)


def bind(colour: str, span: Span, spans: list[Span], draft: Draft, book: Lexicon) -> None:
    """A colour belongs to the noun beside it: behind it in English, before it in Persian; alone it tints the whole.

    Beside a noun that Sketch does not paint it is dropped: a "green field" must not paint a green sky.
    """
    i = spans.index(span)
    english = span.words[0].isascii()
    beside = spans[i + 1 : i + 2] if english else spans[max(0, i - 1) : i]
    for other in beside:
        for word in (other.noun, *stems(other.noun)):
            if word in book.bindings:
                draft.colours.setdefault(book.bindings[word], colour)
                return
        if other.noun not in book.small and not (other.entries and other.entries[0].slot in ("time", "weather", "style", "colour")):
            span.entries = ()  # Not painted, so it is told as not understood.
            return
    draft.colours.setdefault("whole", colour)


def number_and_place(span: Span, spans: list[Span], book: Lexicon) -> tuple[int, str]:
    """How many, and where: "two boats on the left"."""
    i = spans.index(span)
    before = [other for other in spans[max(0, i - 3) : i] if not any(entry.slot == "colour" for entry in other.entries)][-2:]
    counts = [int(word) if word.isdecimal() else book.counts[word] for other in before for word in other.words if counted(word, book)]
    after = tuple(word for other in spans[i + 1 : i + 4] for word in other.words)
    places = [place for form, place in book.places.items() if after[: len(form)] == form]
    return max(1, min(9, *counts[-1:] or [1])), (places or [""])[0]


def counted(word: str, book: Lexicon) -> bool:
    """Whether a word says how many."""
    return word in book.counts or (word.isdecimal() and len(word) < 3)


def told(spans: list[Span], spec: Spec, book: Lexicon) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The visitor's words as (understood, nearly, unknown), each once; understood is what the picture really shows."""
    known = [one.text for one in spans if one.entries and is_shown(one, spec)]
    nearly = [one.text for one in spans if one.entries and not is_shown(one, spec)]
    unknown = [one.text for one in spans if not one.entries and not quiet(one.words[0], book)]
    once = (tuple(dict.fromkeys(words)) for words in (known, nearly, unknown))
    first, second, third = once
    return first, second, third[:12]


def is_shown(span: Span, spec: Spec) -> bool:
    """Whether the picture shows what `span` means, or leaves out what it denies."""
    return span.denied or all(not entry.nearly and shown(entry, spec) for entry in span.entries)


def quiet(word: str, book: Lexicon) -> bool:
    """Whether a word without a meaning of its own need not be told."""
    tables = (book.small, book.denies_next, book.denies_last, book.counts)
    placed = any(word in form for form in book.places)
    return placed or word.isdecimal() or any(word in table for table in tables)
