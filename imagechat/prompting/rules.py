"""Words that the house does not allow: a file of rules, read at the start and again when it has changed, held against what people write."""

import asyncio
import logging
import re
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from imagechat.errors import CannotStart, NotAllowed
from imagechat.store.search import normalised

log = logging.getLogger(__name__)
PAUSE = 3.0
"""Seconds for which the file is not looked at again."""
MOST_WORDS, LONGEST_LINE = 12, 200
"""Words of one rule, and letters of its line."""
SHOWN, MOST_SHOWN = 60, 5
"""Letters of a found word that are told, and how many of them."""
_UNSEEN = re.compile("[\u00ad\u180e\u200b\u200d-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Signs without width that could part a word unseen; the ZWNJ parts words in Persian, so it stays and counts as a blank."""


class _Node:
    """What may follow the words that led here. `ends`: a rule is complete; `starts`: beginnings of a last word, `lengths` of those."""

    __slots__ = ("ends", "follow", "lengths", "starts")

    def __init__(self) -> None:
        self.follow: dict[str, _Node] = {}
        self.starts: set[str] = set()
        self.lengths: set[int] = set()
        self.ends = False


class Words:
    """A set of rules as a tree of words, so that a text is gone through once, however many rules there are."""

    def __init__(self) -> None:
        self._root = _Node()
        self.count = 0

    @classmethod
    def read(cls, text: str) -> "Words":
        """The rules in `text`: a word or a phrase a line, "#" begins a remark, a "*" at the end takes every word that begins so.

        Raises: ValueError(line number from 1, what is wrong with it).
        """
        found = cls()
        for number, line in enumerate(text.split("\n"), start=1):
            rule = line.partition("#")[0].strip()
            if rule:
                found._add(number, rule)
        return found

    def _add(self, number: int, rule: str) -> None:
        begins, plain = rule.endswith("*"), rule.removesuffix("*")
        parts = _words(plain)
        if len(rule) > LONGEST_LINE:
            raise ValueError(number, f"a rule has {LONGEST_LINE} letters at most")
        if "*" in plain or plain != plain.rstrip():
            raise ValueError(number, "a * stands only once, right behind the last word")
        if not parts:
            raise ValueError(number, "there is no letter and no digit in it")
        if len(parts) > MOST_WORDS:
            raise ValueError(number, f"a phrase has {MOST_WORDS} words at most")
        node = self._root
        for word in parts[: len(parts) - begins]:
            node = node.follow.setdefault(word, _Node())
        if begins:
            node.starts.add(parts[-1])
            node.lengths.add(len(parts[-1]))
        else:
            node.ends = True
        self.count += 1

    def first(self, text: str) -> str | None:
        """The first words of `text` that a rule has, as they are compared; None where all is well."""
        return next(self.found(text), None)

    def found(self, text: str) -> Iterator[str]:
        """All words of `text` that rules have, in their order."""
        words = _words(text) if self.count else []
        return (found for at in range(len(words)) if (found := self._at(words, at)))

    def _at(self, words: Sequence[str], at: int) -> str | None:
        node = self._root
        for end in range(at, len(words)):
            word = words[end]
            if node.starts and any(word[:length] in node.starts for length in node.lengths if length <= len(word)):
                return " ".join(words[at : end + 1])
            following = node.follow.get(word)
            if following is None:
                return None
            if following.ends:
                return " ".join(words[at : end + 1])
            node = following
        return None


def _words(text: str) -> list[str]:
    """Whole words in any script, in one form: no case, no marks, letters that are written for one another the same."""
    return normalised(_UNSEEN.sub("", text)).split()


class Rules:
    """The house's rules about words, from the file at `path` ("" for none)."""

    def __init__(self, path: str) -> None:
        self.path = Path(path).expanduser() if path.strip() else None
        self._words, self._stamp, self._looked = Words(), _stamp(self.path), time.monotonic()
        if self.path is not None:
            self._words = self._begin(self.path)

    @staticmethod
    def _begin(path: Path) -> Words:
        """The rules at the start. Raises: CannotStart("words_unreadable" | "words_line")."""
        try:
            return _read(path)
        except OSError as fault:
            raise CannotStart("words_unreadable", path=str(path.absolute()), why=fault.strerror or str(fault)) from fault
        except ValueError as fault:
            line, why = fault.args
            raise CannotStart("words_line", path=str(path.absolute()), line=line, why=why) from fault

    @property
    def count(self) -> int:
        """How many rules hold now."""
        return self._words.count

    async def check(self, *texts: str | None) -> None:
        """Raise NotAllowed("words") with what the rules do not allow in any of `texts`, several at once, so that all can be mended."""
        if self.path is None:
            return
        await self._renew(self.path)
        every = (word[:SHOWN] for text in texts if text for word in self._words.found(text))
        if found := list(islice(dict.fromkeys(every), MOST_SHOWN)):
            raise NotAllowed("words", word="\n".join(found))

    async def _renew(self, path: Path) -> None:
        """Read the file again if it is another than the one last read; of a bad one is told once, and the rules stay as they are."""
        if time.monotonic() - self._looked < PAUSE:
            return
        self._looked = time.monotonic()
        stamp = await asyncio.to_thread(_stamp, path)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._words = await asyncio.to_thread(_read, path)
        except (OSError, ValueError) as fault:
            log.warning("the changed word rules are not taken; the former ones hold", extra={"path": str(path), "error": str(fault)})
        else:
            log.info("the word rules were read again", extra={"path": str(path), "rules": self.count})


def _read(path: Path) -> Words:
    data = path.read_bytes()
    try:
        return Words.read(data.decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        raise ValueError(data.count(b"\n", 0, fault.start) + 1, "it is not written in UTF-8") from fault


def _stamp(path: Path | None) -> tuple[int, ...]:
    """What changes when a file does; nothing where there is none."""
    try:
        kept = path.stat() if path else None
    except OSError:
        kept = None
    return (kept.st_mtime_ns, kept.st_size, kept.st_ino) if kept else ()
