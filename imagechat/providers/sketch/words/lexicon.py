"""The lexicon: what Sketch understands, read once from its data files, and how words are made alike before they are looked up."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[4] / "assets" / "lexicon"
FILES = ("scenes.toml", "times.toml", "things.toml", "colours.toml", "words.toml")

ALIKE = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "أ": "ا", "إ": "ا", "\u200c": " ", "\u0640": None, "’": "'"})
MARKS = re.compile("[\u064b-\u065f\u0670]")
WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
SUFFIXES = ("'s", "ies", "es", "s", "هایی", "های", "ها", "ای", "ی")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be understood: it fills `slot` with `value`; `scene` and `time` are what it implies, `weak` where it names no
    scene of its own beside another; `binds`: the noun that a colour colours where the form says so itself.
    """

    slot: str
    value: str
    scene: str = ""
    time: str = ""
    opposite: str = ""
    nearly: bool = False
    weak: bool = False
    binds: str = ""
    unless_near: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All entries by their form (a tuple of plain words), and the small tables beside them; `longest`: words in the longest form."""

    entries: dict[tuple[str, ...], tuple[Entry, ...]]
    bindings: dict[str, str]
    counts: dict[str, int]
    places: dict[tuple[str, ...], str]
    denies_next: frozenset[str]
    denies_last: frozenset[str]
    keeping: frozenset[str]
    prepositions: frozenset[str]
    changing: frozenset[str]
    lessening: frozenset[str]
    adding: frozenset[str]
    another: frozenset[str]
    small: frozenset[str]
    longest: int


def words_of(text: str) -> tuple[str, ...]:
    """The plain words of `text`: lower case, Arabic letters as Persian ones, no marks, joiners as spaces."""
    plain = MARKS.sub("", unicodedata.normalize("NFKC", text).translate(ALIKE)).lower()
    return tuple(WORD.findall(plain))


def stems(word: str) -> list[str]:
    """`word` and what is left of it without a plural or Persian ending, the least cut first."""
    cut = [word[: -len(end)] for end in sorted(SUFFIXES, key=len) if word.endswith(end) and len(word) - len(end) >= 2]
    return [word, *cut]


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon from assets/lexicon."""
    tables: dict[str, dict[str, list[str]]] = {}
    entries: dict[tuple[str, ...], tuple[Entry, ...]] = {}
    for name in FILES:
        raw = tomllib.loads((FOLDER / name).read_text("utf-8"))
        for facts in raw.pop("entry", ()):
            add(entries, dict(facts))
        tables |= raw
    return Lexicon(
        entries=entries,
        bindings={word: what for what, words in tables["bindings"].items() for word in words},
        counts={form: int(count) for count, forms in tables["counts"].items() for form in forms},
        places={words_of(form): place for place, forms in tables["places"].items() for form in forms},
        denies_next=frozenset(tables["negation"]["before"]),
        denies_last=frozenset(tables["negation"]["behind"]),
        keeping=frozenset(tables["negation"]["keep"]),
        prepositions=frozenset(tables["negation"]["prepositions"]),
        lessening=frozenset(tables["negation"]["less"]),
        changing=frozenset(tables["adding"]["changing"]),
        adding=frozenset(tables["adding"]["words"]),
        another=frozenset(tables["adding"]["another"]),
        small=frozenset(tables["small"]["en"] + tables["small"]["fa"]),
        longest=max(map(len, entries)),
    )


def add(entries: dict[tuple[str, ...], tuple[Entry, ...]], facts: dict[str, object]) -> None:
    """Put one entry under each of its forms; a form may mean several things at once."""
    forms = [*facts.pop("en"), *facts.pop("fa")]  # type: ignore[misc]
    facts["unless_near"] = tuple(words_of(str(form)) for form in facts.pop("unless_near", ()))  # type: ignore[attr-defined]
    entry = Entry(**facts)  # type: ignore[arg-type]
    for form in forms:
        found = words_of(form)
        if entry not in entries.get(found, ()):
            entries[found] = (*entries.get(found, ()), entry)
