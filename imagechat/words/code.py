"""Code in colours, by CSS classes: one light and one dark palette, each readable (AA) on the app's panels."""
# Pygments comes without types.
# mypy: disable-error-code="import-untyped"

from functools import cache, lru_cache
from html import escape
from typing import Any

import nh3
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import LEXERS, get_lexer_by_name
from pygments.style import Style
from pygments.token import Comment, Generic, Keyword, Name, Number, Operator, String, Token
from pygments.util import ClassNotFound

MOST = 40_000
"""Characters beyond which code is shown without colours."""
OPEN_STEP = 1_024
"""Open code up to this length is coloured whole at each update; beyond it, up to the last of ever wider marks."""

_LIGHT = ("#1c1d1f", "#62656b", "#8a2f5d", "#2d6a4f", "#9a3a12", "#3a5a98", "#6a4a9c", "#a3282b")
_DARK = ("#ecebe7", "#a2a5ab", "#f28fb8", "#74c69d", "#f0a27a", "#8fb8f0", "#c3a6f2", "#ff9a94")


def _style(ink: tuple[str, ...]) -> type[Style]:
    plain, dim, keyword, string, number, name, other, wrong = ink
    colours: dict[Any, str] = {
        Token: plain,
        Comment: f"italic {dim}",
        Keyword: keyword,
        Operator.Word: keyword,
        String: string,
        Number: number,
        Name.Function: name,
        Name.Class: name,
        Name.Tag: name,
        Name.Builtin: other,
        Name.Decorator: other,
        Name.Attribute: other,
        Generic.Deleted: wrong,
        Generic.Inserted: string,
        Generic.Heading: f"bold {name}",
        Generic.Emph: "italic",
        Generic.Strong: "bold",
    }
    return type("Ink", (Style,), {"styles": colours, "background_color": "transparent"})


@cache
def code_css() -> str:
    """The rules for the classes in code blocks: light, and dark under `.dark`."""
    light, dark = (HtmlFormatter(style=_style(ink)) for ink in (_LIGHT, _DARK))
    return "\n".join([*light.get_token_style_defs(".code"), *dark.get_token_style_defs(".dark .code")])


@cache
def _known() -> frozenset[str]:
    """The language names that need no search through installed plug-ins."""
    return frozenset(alias for _, _, aliases, _, _ in LEXERS.values() for alias in aliases)


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    if language not in _known():
        return None
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


@lru_cache(maxsize=32)
def _coloured(code: str, language: str) -> str:
    lexer = _lexer(language)
    if lexer is None or len(code) > MOST:
        return escape(code)
    coloured = str(highlight(code, lexer, HtmlFormatter(nowrap=True)))
    return nh3.clean(coloured, tags={"span"}, attributes={"span": {"class"}})


def _mark(length: int) -> int:
    """The last mark before `length`: each is a third wider than the one before, so that all together cost as much as a few."""
    mark = OPEN_STEP
    while mark * 4 // 3 <= length:
        mark = mark * 4 // 3
    return mark


def highlighted(code: str, language: str, *, still_open: bool) -> str:
    """`code` as HTML with classes; of code that is still coming, the newest lines may wait for their colours."""
    name = language.lower()
    if not still_open or len(code) <= OPEN_STEP:
        return _coloured(code, name)
    cut = code.rfind("\n", 0, _mark(len(code))) + 1
    return _coloured(code[:cut], name) + escape(code[cut:])
