"""What may come next in a command, as somebody writes it."""

from collections.abc import Iterable, Mapping

from imagechat.domain.values import Value
from imagechat.prompting.commands import COMMANDS, NAMES, TOPICS, Command

MOST = 12


class Suggestion(Value):
    """Replace the characters from `begin` to `end` by `text`; `kind` and `name` say what it is, for a hint in words."""

    text: str
    begin: int
    end: int
    kind: str
    name: str


def complete(text: str, caret: int, values: Mapping[str, Iterable[str]]) -> list[Suggestion]:
    """What fits at `caret` (in characters); `values` are what each option can be for the model that would draw."""
    before = text[:caret]
    if not before.startswith("/") or "\n" in before:
        return []
    first, blank, rest = before.partition(" ")
    if not blank:
        return _matching("command", first[1:], (each.name for each in COMMANDS), (0, caret), "/{} ")
    command = NAMES.get(first[1:].lower())
    word = rest.rpartition(" ")[2]
    begin = caret - len(word)
    if command is None or rest.count('"') % 2:
        return []
    match command.follows:
        case "command":
            return _matching("command", word.lstrip("/"), (each.name for each in COMMANDS), (begin, caret), "{}")
        case "topic":
            return _matching("topic", word, TOPICS, (begin, caret), "{}")
    return _options(command, word, begin, caret, values)


def _options(command: Command, word: str, begin: int, caret: int, values: Mapping[str, Iterable[str]]) -> list[Suggestion]:
    name, colon, value = word.partition(":")
    offered = [each for each in command.options if each in values]
    if colon:
        known = values.get(name.lower(), ()) if name.lower() in offered else ()
        return _matching(f"value.{name.lower()}", value, known, (begin + len(name) + 1, caret), "{} ")
    if not word:
        return []
    return _matching("option", word, offered, (begin, caret), "{}:")


def _matching(kind: str, typed: str, offered: Iterable[str], span: tuple[int, int], form: str) -> list[Suggestion]:
    wanted = typed.lower()
    names = [name for name in offered if name.lower().startswith(wanted) and name.lower() != wanted]
    return [Suggestion(text=form.format(name), begin=span[0], end=span[1], kind=kind, name=name) for name in names[:MOST]]
