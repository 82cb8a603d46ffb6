"""Wishes for a picture: heard in a sentence, and changed by the next ones."""

import re
from dataclasses import dataclass, replace

from imagechat.providers.guide.book import Book, stem
from imagechat.providers.guide.topics import is_question
from imagechat.providers.sketch.words.lexicon import words_of
from imagechat.providers.sketch.words.reading import read

MOST = 240
"""Characters of a subject that are kept."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants to see. `take` counts other wordings, `length` is -1 for a short prompt and 1 for a rich one.

    `sure`: the last words about it asked outright, they need not be guessed at.
    """

    subject: str
    language: str
    time: str = ""
    style: str = ""
    extras: tuple[str, ...] = ()
    take: int = 0
    length: int = 0
    sure: bool = True


def bare(text: str, book: Book) -> str:
    """`text` in one line, without greetings and politeness before it or marks behind."""
    line = re.sub(r"\s+", " ", text[:600].replace("`", "'")).strip(' .!?؟…,،"“”«»')
    for _ in range(4):
        for pattern in book.tables["wish"]["strip"]:
            line = re.sub(pattern, "", line, flags=re.IGNORECASE).lstrip(" ,،")
    return line


def heard(text: str, book: Book) -> Wish | None:
    """The wish in `text`, if there is one."""
    line = bare(text, book)
    wish = book.tables["wish"]
    for pattern in wish["strong"]:
        if subject := caught(pattern, line, book):
            return Wish(subject, book.language)
    for pattern in wish["weak"]:
        if subject := caught(pattern, line, book):
            return Wish(subject, book.language, sure=False)
    return None if is_question(text, book) else named(line, book)


def caught(pattern: str, line: str, book: Book) -> str:
    """The subject that `pattern` finds, tidied; "" where it finds none worth drawing."""
    match = re.match(pattern, line, re.IGNORECASE)
    subject = tidy(match["x"], book) if match else ""
    vague = book.tables["wish"]["vague"]
    return "" if subject.lower() in vague or not words_of(subject) else subject


def named(line: str, book: Book) -> Wish | None:
    """A noun that looks like a wish: few words, and a scene that Sketch knows or an article before it."""
    subject = tidy(line, book)
    many = len(words_of(subject))
    if not 0 < many <= 24 or subject.lower() in book.tables["wish"]["vague"] or re.search(book.tables["refine"]["make"], line.lower()):
        return None
    reading = read(subject)
    articled = re.match(book.tables["wish"]["articled"], subject, re.IGNORECASE) is not None
    painted = bool(reading.spec.scene or reading.spec.time) or (bool(reading.told().known) and many <= 3)
    return Wish(subject, book.language, sure=False) if painted or articled else None


def tidy(subject: str, book: Book) -> str:
    """A subject without "a picture of" before it and "please" behind it."""
    for _ in range(3):
        for pattern in book.tables["wish"]["tidy"]:
            subject = re.sub(pattern, "", subject.strip(" .!?؟…,،:;\"'“”«»"), flags=re.IGNORECASE)
    if len(subject) > MOST:
        subject = subject[:MOST].rsplit(" ", 1)[0]
    return subject.strip(" .!?؟…,،:;\"'“”«»")


def refined(wish: Wish, text: str, book: Book) -> Wish | None:
    """`wish` as changed by `text` ("make it night", "shorter", "in watercolor"), or None where `text` changes nothing."""
    line = bare(text, book).lower()
    table = book.tables["refine"]
    if not line or len(words_of(line)) > table["most"]:
        return None
    if line in table["another"]:
        return replace(wish, take=wish.take + 1, sure=True)
    if line in table["shorter"] or line in table["longer"]:
        return replace(wish, length=-1 if line in table["shorter"] else 1, sure=True)
    if time := only(line, book.tables["times"], book):
        return replace(wish, time=time, sure=True)
    if style := only(line, book.tables["styles"], book):
        return replace(wish, style=style, sure=True)
    return added(wish, line, book)


def only(line: str, table: dict[str, list[str]], book: Book) -> str:
    """The key whose form is all that `line` says beside small words; "" where it says more."""
    words = words_of(line)
    filler = book.small | set(book.tables["refine"]["filler"])
    for key, forms in table.items():
        for form in sorted((words_of(form) for form in forms), key=len, reverse=True):
            rest = without(words, form)
            if rest is not None and all(stem(word) in filler or word in filler for word in rest):
                return key
    return ""


def without(words: tuple[str, ...], form: tuple[str, ...]) -> tuple[str, ...] | None:
    """`words` with the neighbouring words `form` taken out, None where they are not there."""
    for at in range(len(words) - len(form) + 1):
        if words[at : at + len(form)] == form:
            return words[:at] + words[at + len(form) :]
    return None


def added(wish: Wish, line: str, book: Book) -> Wish | None:
    """`wish` with something put in or left out, if `line` says so."""
    table = book.tables["refine"]
    for key, form in (("without", table["without_words"]), ("make", "{x}"), ("with", "{x}")):
        match = re.search(table[key], line)
        if match and (more := tidy(match["x"], book)):
            return replace(wish, extras=(*wish.extras, form.replace("{x}", more))[-4:], sure=key == "make")
    return None
