"""Slash commands: one table that the parser, the help and the completion are fed by."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NamedTuple

from imagechat.errors import BadInput

OPTIONS = ("style", "size", "quality", "count", "seed", "format", "background", "compression", "model")
"""What can be said by name, as in `style:anime`, anywhere in the line."""
ALIASES = {"ratio": "size", "ar": "size", "n": "count", "bg": "background"}
TOPICS = ("models", "status", "usage")


@dataclass(frozen=True)
class Command:
    """A command: its name without the slash, other names, what may follow ("prompt", "command", "topic"), and its options."""

    name: str
    follows: str
    aliases: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


COMMANDS = (
    Command("imagine", "prompt", ("image",), OPTIONS),
    Command("edit", "prompt", (), OPTIONS),
    Command("help", "command"),
    Command("info", "topic"),
)
NAMES = {name: command for command in COMMANDS for name in (command.name, *command.aliases)}


class Word(NamedTuple):
    """A word of the line and where it stands, in characters."""

    text: str
    at: int


@dataclass(frozen=True)
class Line:
    """A line that was read: the prompt without its options, each option's value with its place, options that were perhaps
    meant, and the options as they were written."""

    command: Command
    words: str
    options: dict[str, Word] = field(default_factory=dict)
    perhaps: tuple[tuple[str, str], ...] = ()
    tokens: tuple[str, ...] = ()

    def again(self, words: str) -> str:
        """The same line with other words for its prompt."""
        return " ".join((f"/{self.command.name}", words, *self.tokens))


_WORD = re.compile(r'[a-zA-Z]+:"[^"]*"|[a-zA-Z]+:“[^”]*”|"[^"]*"|“[^”]*”|«[^»]*»|\S+')
_OPTION = re.compile(r"(?s)([a-zA-Z]+):(.+)")


def is_command(text: str) -> bool:
    """Whether a message is meant as a command: a slash and letters at its very beginning, and no path; a blank before it makes it words."""
    return re.match(r"/[^\W\d_]+(?=\s|$)", text) is not None


def read(text: str) -> Line:
    """The command in `text`.

    Raises: BadInput("command_unknown" | "option_twice") with the `word`, where it stands (`at`, `length`), and what was perhaps `meant`.
    """
    first, *rest = words_in(text)
    command = NAMES.get(first.text[1:].lower())
    if command is None:
        raise pointed("command_unknown", first, meant="/" + close(first.text[1:].lower(), NAMES, "help"))
    return _line(command, text, first, rest)


def _line(command: Command, text: str, first: Word, rest: list[Word]) -> Line:
    options: dict[str, Word] = {}
    perhaps: list[tuple[str, str]] = []
    kept = text[first.at + len(first.text) :]
    shift = first.at + len(first.text)
    tokens: list[str] = []
    for word, following in zip(rest, [*rest[1:], None], strict=False):
        name, value = option_in(word, command)
        if not name:
            perhaps += _perhaps(word, following, command)
            continue
        if name in options:
            raise pointed("option_twice", word, name=name)
        options[name] = value
        tokens.append(word.text)
        begin = word.at - shift
        kept = kept[:begin] + kept[begin + len(word.text) :]
        shift += len(word.text)
    return Line(command, re.sub(r"[ \t]{2,}", " ", kept).strip(), options, tuple(perhaps), tuple(tokens))


def words_in(text: str) -> Iterator[Word]:
    """The words of a line; what stands in quotation marks is one word, and never an option."""
    return (Word(found[0], found.start()) for found in _WORD.finditer(text))


def option_in(word: Word, command: Command) -> tuple[str, Word]:
    """The option that `word` sets and its value; ("", …) for a word of the prompt."""
    found = _OPTION.fullmatch(word.text)
    name = ALIASES.get(found[1].lower(), found[1].lower()) if found else ""
    if found is None or name not in command.options:
        return "", word
    value = found[2].strip('"“”')
    return name, Word(value, word.at + found.start(2) + found[2].index(value))


def _perhaps(word: Word, following: Word | None, command: Command) -> list[tuple[str, str]]:
    """A word that looks like an option with a slip in its name or a blank before its value, and how it would be right."""
    name = word.text.removesuffix(":").lower()
    if word.text.endswith(":") and following and ALIASES.get(name, name) in command.options:
        return [(f"{word.text} {following.text}", f"{name}:{following.text}")]
    found = _OPTION.fullmatch(word.text)
    near = get_close_matches(found[1].lower(), command.options, 1, 0.75) if found else []
    return [(word.text, f"{near[0]}:{found[2]}")] if near and found else []


def close(given: str, offered: object, otherwise: str = "") -> str:
    """What of `offered` was probably meant."""
    near = get_close_matches(given.lower(), list(offered), 1, 0.5)  # type: ignore[call-overload]
    return str(near[0]) if near else otherwise


def pointed(reason: str, word: Word, **facts: str | int) -> BadInput:
    """An error that points at a word of the line."""
    return BadInput(reason, word=word.text, at=word.at, length=len(word.text), **facts)
