"""Which topic a question is about."""

import re
from dataclasses import dataclass
from difflib import get_close_matches

from imagechat.providers.guide.book import Book, Form, Topic
from imagechat.providers.sketch.words.lexicon import words_of
from imagechat.providers.sketch.words.reading import read

MOST_GUESSED = 8
"""Unknown words of one question that are compared with known ones."""


@dataclass(frozen=True)
class Found:
    """The best topic: `share` of the question's words that it explains, from 0 to 1."""

    topic: Topic
    score: float
    share: float


def found(text: str, book: Book) -> Found | None:
    """The topic that `text` asks for, or None where no topic explains enough of it."""
    if re.fullmatch(book.tables["question"]["sum"], text.strip()):
        return Found(next(topic for topic in book.topics if topic.id == "maths"), 1.0, 1.0)
    asked = mended(book.split(text), book)
    best: Found | None = None
    for topic in book.topics:
        matched = [form for form in topic.forms if matches(form, asked)]
        if not matched:
            continue
        words = frozenset[str]().union(*(form.content for form in matched))
        score = max(weight(form, asked, book) for form in matched) + 0.05 * len(words)
        if best is None or score > best.score:
            best = Found(topic, score, len(words) / len(asked.content) if asked.content else 1.0)
    return best if best is not None and best.share >= 0.2 else None


def matches(form: Form, asked: Form) -> bool:
    """Whether all that carries `form` was asked; one of small words alone needs a question without others."""
    if form.content:
        return form.content <= asked.content
    return not asked.content and form.small <= asked.small


def weight(form: Form, asked: Form, book: Book) -> float:
    """How much a matching form says: rare words much, several more than their sum, small ones a little."""
    content = sum(book.weights[word] for word in form.content)
    return content**2 + 0.1 * (len(form.small & asked.small) - len(form.small - asked.small))


def mended(asked: Form, book: Book) -> Form:
    """`asked` with misspelt words replaced by the known ones that they resemble."""
    unknown = sorted(word for word in asked.content - book.vocabulary if 5 <= len(word) <= 30)[:MOST_GUESSED]
    guesses = {word: get_close_matches(word, book.vocabulary, 1, 0.8) for word in unknown if not painted(word)}
    mending = {word: book.synonyms.get(near[0], near[0]) for word, near in guesses.items() if near}
    return Form(frozenset(mending.get(word, word) for word in asked.content), asked.small)


def is_question(text: str, book: Book) -> bool:
    """Whether `text` asks rather than names."""
    words = words_of(text[:200])
    return text.rstrip().endswith(("?", "؟")) or bool(words and words[0] in book.begins)


def painted(text: str) -> bool:
    """Whether Sketch knows any of the words."""
    told = read(text[:200]).told()
    return bool(told.known or told.nearly)
