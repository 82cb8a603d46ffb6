"""A reply that is still coming, and a whole one by the same way, so that both look the same."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from markdown_it.common.utils import normalizeReference
from markdown_it.token import Token

from imagechat.words.dialect import Labels, Setting, as_written, html, parser

MOST_OPEN = 16_000
"""Characters beyond which an open block, other than code, is shown as written until it closes, and read again after each eighth more."""
REACH = 8_000
"""How many characters after a block a link definition may come and still be found by it."""

_ASKED = re.compile(r"\[([^\[\]]+)\](?![(\[:])")
_SPAN = re.compile(r"(`+)[^`]+\1")
_GOES_ON = frozenset({"bullet_list_open", "ordered_list_open", "code_block"})
_VERBATIM = frozenset({"fence", "code_block", "math_block"})

Definitions = dict[str, tuple[int, dict[str, Any]]]
"""Link definitions by label: where in the text each stands, and what it says."""


@dataclass(frozen=True)
class Rendered:
    """A reply so far as HTML: blocks that will never change, and what may still."""

    closed: tuple[str, ...]
    tail: str


@dataclass(frozen=True)
class _Block:
    """A top-level block: its tokens, its place in the text, and the labels it asks for."""

    tokens: list[Token]
    start: int
    end: int
    asked: frozenset[str]


def render(text: str, labels: Labels, *, cards: bool = True) -> str:
    """`text` as safe HTML. `cards`: whether fenced prompts become cards with a button (replies only, never a person's own words)."""
    return "".join(Stream(labels, cards=cards).feed(text, final=True).closed)


class Stream:
    """Renders a growing text: each block once when it can no longer change, and the open end again each time.

    A block is closed when a blank line parts it from another block whose first line is complete, and the links it asks for are
    defined or REACH has been passed. What is shown depends on the text alone, never on the pieces it came in.
    """

    def __init__(self, labels: Labels, *, cards: bool = True) -> None:
        self._labels, self._cards = labels, cards
        self._base = 0
        self._closed: list[str] = []
        self._defined: Definitions = {}
        self._kept: dict[Any, str] = {}
        self._memo: dict[Any, str] = {}
        self._rest_until = 0

    def unread(self, text: str) -> int:
        """How many characters of `text` no closed block holds: what `feed` would have to render."""
        return len(text) - self._base

    def feed(self, text: str, *, final: bool = False) -> Rendered:
        """Everything so far as HTML. `text`: the whole reply up to now; `final`: nothing more will come, so all is closed."""
        source = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
        if len(source) < self._rest_until and not final:
            return Rendered(tuple(self._closed), as_written(source[self._base :]))
        lines = source[self._base :].split("\n")
        starts = [self._base, *accumulate((len(line) + 1 for line in lines), initial=self._base)][1:]
        blocks, defined = _parsed(source, lines, starts, self._defined)
        stable, border = (len(blocks), len(source)) if final else _stable(blocks, lines, starts, len(source))
        setting = Setting(self._labels, self._cards, memo=self._memo)
        ready = self._close(blocks[:stable], border, defined, setting, final)
        if ready:
            self._memo.clear()
        self._base = len(source) if final else blocks[ready].start if blocks else self._base
        self._defined |= {label: found for label, found in defined.items() if found[0] < self._base}
        open_end = replace(setting, source=lines, lines=len(lines) - (not lines[-1].strip(" \t")))
        tail = self._waiting(blocks[ready:stable], defined, setting) + _open(blocks[stable:], source, defined, open_end)
        if _enormous(blocks[-1:]):
            self._rest_until = len(source) + (len(source) - self._base) // 8
        return Rendered(tuple(self._closed), tail)

    def _close(self, blocks: Sequence[_Block], border: int, defined: Definitions, setting: Setting, final: bool) -> int:
        """Close the blocks that can be, in order; how many."""
        firm = {label for label, (at, _) in defined.items() if at < border}
        for count, block in enumerate(blocks):
            if not (final or block.asked <= firm or border > block.end + REACH):
                return count
            self._closed.append(html(block.tokens, setting, _seen(block, defined)))
        return len(blocks)

    def _waiting(self, blocks: Sequence[_Block], defined: Definitions, setting: Setting) -> str:
        """Blocks that are whole but wait for a definition, rendered again only when what they see changes."""
        kept: dict[Any, str] = {}
        for block in blocks:
            seen = _seen(block, defined)
            key = (block.start, block.end, str(seen))
            kept[key] = self._kept.get(key) or html(block.tokens, setting, seen)
        self._kept = kept
        return "".join(kept.values())


def _parsed(source: str, lines: Sequence[str], starts: Sequence[int], known: Definitions) -> tuple[list[_Block], Definitions]:
    """The top-level blocks of the open part, and all definitions up to its end."""
    env: dict[str, Any] = {"references": {}}
    tokens: list[Token] = []
    markdown = parser()
    markdown.block.parse("\n".join(lines), markdown, env, tokens)
    found = {label: (starts[entry["map"][0]], entry) for label, entry in env["references"].items()}
    blocks: list[_Block] = []
    for group in _groups(tokens):
        first, last = group[0].map or [0, 0]
        start, end = starts[first], min(starts[last], len(source))
        blocks.append(_Block(group, start, end, _asked(group, source[start:end])))
    return blocks, found | known


def _groups(tokens: Sequence[Token]) -> list[list[Token]]:
    """Tokens by top-level block."""
    groups: list[list[Token]] = []
    for token in tokens:
        if token.level == 0 and token.nesting >= 0:
            groups.append([])
        groups[-1].append(token)
    return groups


def _asked(tokens: Sequence[Token], source: str) -> frozenset[str]:
    """The labels in `source` that a link definition might still answer."""
    if "[" not in source or tokens[0].type in _VERBATIM:
        return frozenset()
    found = (label.strip() for label in _ASKED.findall(_SPAN.sub("", source)))
    return frozenset(normalizeReference(label) for label in found if label not in ("", "x", "X"))


def _stable(blocks: Sequence[_Block], lines: Sequence[str], starts: Sequence[int], end: int) -> tuple[int, int]:
    """How many blocks no further text can change, and where the first that it can begins.

    A blank line ends everything but lists and indented code, and whether those go on is decided by the first line after it.
    """
    for count in range(len(blocks) - 1, 0, -1):
        start = blocks[count].start
        number = bisect_left(starts, start)
        parted = not lines[number - 1].strip(" \t")
        whole = start + len(lines[number]) < end
        if parted and (whole or blocks[count - 1].tokens[0].type not in _GOES_ON):
            return count, start
    return 0, starts[0]


def _seen(block: _Block, defined: Definitions) -> dict[str, Any]:
    """The definitions that `block` can see: all before its end, and those soon after it that it asks for."""
    return {label: entry for label, (at, entry) in defined.items() if at < block.end or (label in block.asked and at < block.end + REACH)}


def _enormous(blocks: Sequence[_Block]) -> bool:
    """Whether one of `blocks` costs too much to render at each update; code does not."""
    return any(block.end - block.start > MOST_OPEN and block.tokens[0].type != "fence" for block in blocks)


def _open(blocks: Sequence[_Block], source: str, defined: Definitions, setting: Setting) -> str:
    """The open end: code as far as it came, unfinished display maths and enormous blocks as written."""
    shown = []
    for block in blocks:
        words = source[block.start : block.end]
        half = words.startswith("$$") and block.tokens[0].type == "paragraph_open"
        shown.append(as_written(words) if half or _enormous([block]) else html(block.tokens, setting, _seen(block, defined)))
    return "".join(shown)
