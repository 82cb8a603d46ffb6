import sqlite3
from contextlib import closing

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from imagechat.store.search import MOST_WORDS, match_expression, normalised, owner_word, words

TABLE = """CREATE VIRTUAL TABLE picture_words USING fts5(
    owner, words, tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Mc So'", prefix = '1 2 3'
)"""


def found(said: str, search: str, owner: str = "owner") -> bool:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(TABLE)
        connection.execute("INSERT INTO picture_words VALUES (?, ?)", (owner_word("owner"), normalised(said)))
        expression = match_expression(owner, search)
        if not expression:
            return False
        return bool(connection.execute("SELECT 1 FROM picture_words WHERE picture_words MATCH ?", (expression,)).fetchall())


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("A Fox,  in-snow!", "a fox in snow"),
        ("كتاب علي", "کتاب علی"),
        ("می‌خواهم", "می خواهم"),
        ("رُوباهِ قـــرمز", "روباه قرمز"),
        ("Ｆｕｌｌ Straße café İstanbul", "full strasse cafe istanbul"),
        ("۱۲۳ fox٤", "123 fox4"),
        ("雪山の夜", "雪 山 の 夜"),
        ("fox🦊fox", "fox 🦊 fox"),
        ("Ёлка и й", "елка и и"),
        ("\0 \ud800 \u202e", ""),
        ("", ""),
    ],
)
def test_what_means_the_same_is_written_the_same(written: str, plain: str) -> None:
    assert normalised(written) == plain


@pytest.mark.parametrize(
    ("said", "search"),
    [
        ("a fox in the snow", "sno FO"),
        ("روباهی در برف، شب", "روباهي شب"),
        ("رنگ‌های گرم", "رنگ های"),
        ("می‌خواهم", "می‌خوا"),
        ("كوه‌هاي بلند", "کوه"),
        ("雪山の夜景", "山の夜"),
        ("東京タワー", "タワー"),
        ("ภูเขาหิมะ", "หิมะ"),
        ("हिन्दी पहाड़", "पहाड़"),
        ("fox 🦊", "🦊"),
        ("the cafés", "café"),
    ],
)
def test_words_are_found_in_any_script(said: str, search: str) -> None:
    assert found(said, search)


@pytest.mark.parametrize(("said", "search"), [("a fox", "ox"), ("a fox", "fox sea"), ("雪山", "山雪"), ("a fox", "owner"), ("a fox", "!?")])
def test_other_words_are_not_found(said: str, search: str) -> None:
    assert not found(said, search)


def test_another_owner_finds_nothing() -> None:
    assert found("a fox", "fox")
    assert not found("a fox", "fox", owner="owner2")
    assert not found("a fox", "fox", owner='x" OR words : "fox')
    assert not found("a fox", "fox", owner=f"x OR owner : {owner_word('owner')}")


@pytest.mark.parametrize(
    "search",
    [
        '"fox',
        "fox AND",
        "AND OR NOT NEAR",
        "fo* OR *",
        "(fox",
        "words:fox",
        "fox) OR (owner:x",
        "fox\0snow",
        "-fox",
        "^fox + {a}",
        "''; DROP TABLE",
        "NEAR(fox snow, 2)",
        "\ud800fox",
        "x" * 5000,
        "a b " * 5000,
    ],
)
def test_no_syntax_gets_through(search: str) -> None:
    found("a fox in snow and not near or", search)


@settings(max_examples=300, deadline=None)
@given(st.text())
@example("\u0e31")
@example("𞤀")
def test_whatever_is_typed_is_found_again_and_never_an_error(text: str) -> None:
    searched = words(text)
    assert len(searched) <= MOST_WORDS
    assert normalised(normalised(text)) == normalised(text)
    found("a fox", text)


ALPHABETS = "abcXYZäßøЖдЁαΩאבעفآؤيكگچ٣۷한국어山雪のタภาพहिन्दीﬁ９İ"


@settings(max_examples=300, deadline=None)
@given(st.text(ALPHABETS, min_size=1, max_size=12), st.text(max_size=20))
def test_every_word_of_a_text_finds_it(word: str, rest: str) -> None:
    assert found(f"{rest} {word}", word) == bool(normalised(word))
