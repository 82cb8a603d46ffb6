"""What belongs to what: a colour to its noun, a number and a place to their thing."""

from imagechat.providers.sketch.words.lexicon import Lexicon, stems
from imagechat.providers.sketch.words.spans import Span

SEVERAL = 3
"""How many a plural means that has no number, for what is painted one by one."""
ONE_BY_ONE = frozenset(("boat", "house", "hut", "tree", "palm", "balloon", "tower", "mill"))
ENDINGS = (("ها",), ("های",), ("هایی",))
"""Persian plurals that stand apart from their noun."""
JOINS = frozenset(("and", "or"))
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
    if all(one.means("colour") or (one.noun in book.small and not noun_of(one, book)) for one in (*before, *after)):
        before = [one for one in reversed(spans[:i]) if one.clause == span.clause - 1] or before
    after = after[: next((k + 1 for k, one in enumerate(after) if not (one.means("colour") or one.noun in JOINS)), len(after))]
    english = span.words[0].isascii()
    for side, strict in ((after, True), (before[:5], False)) if english else ((before[:3], True),):
        for other in side:
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
    """How many, 0 where that was not said, and where: "two boats on the left"."""
    i = spans.index(span)
    before = [other for other in spans[max(0, i - 3) : i] if not other.means("colour")][-2:]
    counts = [int(word) if word.isdecimal() else book.counts[word] for other in before for word in other.words if counted(word, book)]
    after = tuple(word for other in spans[i + 1 : i + 5] if other.clause == span.clause for word in other.words)
    places = [place for form, place in book.places.items() for skip in (0, 1, 2) if after[skip : skip + len(form)] == form]
    return min(9, counts[-1]) if counts else 0, (places or [""])[0]


def several(span: Span, spans: list[Span], kind: str) -> int:
    """How many are meant where no number was said: some, where several were named that are painted one by one."""
    i = spans.index(span)
    ending = spans[i + 1].words if i + 1 < len(spans) else ()
    return SEVERAL if kind in ONE_BY_ONE and (span.plural or ending in ENDINGS) else 1


def counted(word: str, book: Lexicon) -> bool:
    """Whether a word says how many."""
    return word in book.counts or (word.isdecimal() and len(word) < 3)
