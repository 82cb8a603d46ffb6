"""What belongs to what: a colour to its noun, a number and a place to their thing."""

from imagechat.providers.sketch.words.lexicon import Lexicon, stems
from imagechat.providers.sketch.words.spans import Span

SEVERAL = 3
"""How many a plural means that has no number, for what is painted one by one."""
ONE_BY_ONE = frozenset(("boat", "house", "hut", "tree", "palm", "balloon", "tower", "mill"))
ENDINGS = (("ها",), ("های",), ("هایی",))
"""Persian plurals that stand apart from their noun."""
PASSED = frozenset(("time", "weather", "style", "colour", "season", "grade"))
"""Meanings that a colour may stand beside without belonging to them."""


def bound(span: Span, spans: list[Span], book: Lexicon) -> str | None:
    """What the colour `span` colours: the noun behind it in English, before it in Persian; in "make the boat blue" the one before.

    "whole" where it stands alone, None beside a noun that Sketch does not paint: a "green field" must not paint a green sky.
    """
    own = next((entry.binds for entry in span.entries if entry.binds), "")
    if own:
        return own
    i = spans.index(span)
    before = [one for one in reversed(spans[:i]) if one.clause == span.clause]
    after = [one for one in spans[i + 1 :] if one.clause == span.clause]
    english = span.words[0].isascii()
    for side, far, strict in ((after, 1, True), (before, 3, False)) if english else ((before, 3, True),):
        for other in side[:far]:
            if name := noun_of(other, book):
                return name
            if not (passed(other) or other.noun in book.small):
                return None if strict else "whole"
    return "whole"


def noun_of(span: Span, book: Lexicon) -> str:
    """The thing that `span` names and that can be coloured; empty where it is none."""
    return next((book.bindings[word] for word in (span.noun, *stems(span.noun)) if word in book.bindings), "")


def passed(span: Span) -> bool:
    """Whether a colour looks past `span`."""
    return bool(span.entries) and span.entries[0].slot in PASSED


def number_and_place(span: Span, spans: list[Span], book: Lexicon) -> tuple[int, str]:
    """How many, and where: "two boats on the left"."""
    i = spans.index(span)
    values = {entry.value for entry in span.entries}
    before = [other for other in spans[max(0, i - 3) : i] if not other.means("colour")][-2:]
    counts = [int(word) if word.isdecimal() else book.counts[word] for other in before for word in other.words if counted(word, book)]
    after = tuple(word for other in spans[i + 1 : i + 4] for word in other.words)
    plural = span.plural or after[:1] in ENDINGS
    places = [place for form, place in book.places.items() if after[: len(form)] == form]
    return max(1, min(9, *counts[-1:] or [SEVERAL if plural and ONE_BY_ONE.intersection(values) else 1])), (places or [""])[0]


def counted(word: str, book: Lexicon) -> bool:
    """Whether a word says how many."""
    return word in book.counts or (word.isdecimal() and len(word) < 3)
