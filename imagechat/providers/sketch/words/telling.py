"""What is told of a prompt: which words the picture shows, which it shows only nearly, and which it cannot."""

from collections.abc import Sequence
from dataclasses import dataclass

from imagechat.providers.sketch.spec import Spec
from imagechat.providers.sketch.words.lexicon import Lexicon
from imagechat.providers.sketch.words.places import shown
from imagechat.providers.sketch.words.spans import Span

OWN = frozenset((("village", "house"), ("city", "tower"), ("forest", "tree"), ("winter", "tree"), ("underwater", "sea")))
"""What a scene has of its own: that cannot be taken away."""
MOST = 12
"""How many words that were not understood are told."""


@dataclass(frozen=True, slots=True)
class Told:
    """The visitor's own words, each once: understood, shown by the nearest thing, people and the like that Sketch leaves out, unknown."""

    known: tuple[str, ...] = ()
    nearly: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def told(spans: Sequence[Span], spec: Spec, book: Lexicon) -> Told:
    """What became of the words in the picture of `spec`."""
    meant = [one for one in spans if one.entries and not one.means("beyond")]
    known = [one.text for one in meant if is_shown(one, spec)]
    nearly = [one.text for one in meant if not is_shown(one, spec)]
    beyond = [one.text for one in spans if one.means("beyond") and not one.denied]
    unknown = [one.text for one in spans if not one.entries and not quiet(one.words[0], book)]
    return Told(*(tuple(dict.fromkeys(words)) for words in (known, nearly, beyond, unknown[:MOST])))


def is_shown(span: Span, spec: Spec) -> bool:
    """Whether the picture shows what `span` means, or leaves out what it denies."""
    if span.denied:
        return not any((spec.scene, entry.value) in OWN for entry in span.entries)
    return all(not entry.nearly and shown(entry, spec) for entry in span.entries)


def quiet(word: str, book: Lexicon) -> bool:
    """Whether a word without a meaning of its own need not be told."""
    tables = (book.small, book.denies_next, book.denies_last, book.counts, book.adding, book.another, book.bindings)
    placed = any(word in form for form in book.places)
    return placed or word.isdecimal() or any(word in table for table in tables)
