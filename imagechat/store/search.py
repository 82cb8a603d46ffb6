"""Words as they are indexed and looked for: one normal form for every script, and queries that no input can break."""

import re
import unicodedata

MOST_WORDS = 16
"""A search looks at no more words than this."""

_SAME = {"ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ۀ": "ه", "ة": "ه", "أ": "ا", "إ": "ا", "آ": "ا", "ؤ": "و"}
"""Letters that people write for one another in Persian and Arabic."""

# Scripts written without spaces: each sign is a word of its own, and words of several signs are looked for as phrases.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]")


class _Letters(dict[int, str]):
    """What each sign becomes; worked out when first met."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        self[code] = found = _letter(sign)
        return found


def _letter(sign: str) -> str:
    category = unicodedata.category(sign)
    if category == "Nd":
        return str(unicodedata.decimal(sign))
    if category in ("Mn", "Me") or sign == "ـ":
        return ""
    if category == "So" or (category[0] in "LN" and _UNSPACED.match(sign)):
        return f" {sign} "
    return _SAME.get(sign, sign) if category[0] in "LN" or category == "Mc" else " "


_LETTERS = _Letters()


def normalised(text: str) -> str:
    """`text` as words with one space between: same form for letters that look or mean the same, no marks, no signs, no case.

    NFKC and case folding, then marks (harakat, accents) off, ی/ک unified, digits as 0–9, tatweel away, ZWNJ and punctuation to spaces.
    """
    if text.isascii():
        return " ".join(re.findall(r"[0-9a-z]+", text.lower()))
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(unicodedata.normalize("NFC", plain.translate(_LETTERS)).split())


def words(text: str) -> list[str]:
    """The words that `text` looks for, each normalised, at most `MOST_WORDS`; one of several signs holds spaces."""
    found = (normalised(word) for word in re.split(r"\s+", text[:2000]))
    return list(dict.fromkeys(word for word in found if word))[:MOST_WORDS]


def match_expression(owner: str, text: str) -> str:
    """An FTS5 expression for rows of `owner` that hold a word beginning with each word of `text`; "" where `text` has no words.

    Only normalised words stand between the quotes, so no operator or quote of the input can reach FTS5.
    """
    looked_for = " AND ".join(f'"{word}" *' for word in words(text))
    return f"owner : {owner_word(owner)} AND words : ({looked_for})" if looked_for else ""


def owner_word(owner: str) -> str:
    """The owner's id as one word that the index keeps whole."""
    return "o" + owner.encode().hex()
