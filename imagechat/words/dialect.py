"""Our markdown: what is understood, and the HTML that it becomes."""

import re
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from html import escape
from importlib.util import find_spec
from typing import Any

import nh3
from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore, linkify, text_join
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from imagechat.words.code import highlighted

MOST_INLINE = 16_000
"""Characters of one paragraph beyond which it is shown as written: brackets and stars cost more than their number."""
MOST_MATH = 4_000

Env = MutableMapping[str, Any]


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_OURS = re.compile(r"/media/(?!.*\.\.)[\w/.~-]+(?:\?[\w=&.-]*)?")
_BLOCKS = frozenset(
    f"{name}_open" for name in ("paragraph", "heading", "bullet_list", "ordered_list", "list_item", "blockquote", "table", "th", "td")
)
_ESCAPED = frozenset({"fence", "code_block"})
"""Blocks that are built from escaped and cleaned pieces alone."""
_MATH_TAGS = _names("""math mrow mfrac mi mn mo mtext mspace msqrt mroot mstyle mpadded mphantom menclose
    msub msup msubsup munder mover munderover mtable mtr mtd""")
_MATH_ATTRIBUTES = _names("""accent columnalign columnlines columnspacing depth display displaystyle fence form height largeop
    linethickness lspace mathcolor mathvariant maxsize minsize movablelimits notation rowlines rowspacing rspace scriptlevel
    separator stretchy voffset width""")
_MATH_ALLOWED = dict.fromkeys(_MATH_TAGS, _MATH_ATTRIBUTES)
_TAGS = _names("p h3 h4 h5 h6 ul ol li blockquote hr br em strong s a img code pre span div button table thead tbody tr th td")
_ALLOWED: dict[str, frozenset[str]] = {
    "a": frozenset({"href", "title", "target"}),
    "img": frozenset({"src", "alt", "title", "loading"}),
    "button": frozenset({"type", "data-act"}),
    "ol": frozenset({"start", "dir"}),
    "th": frozenset({"align", "dir"}),
    "td": frozenset({"align", "dir"}),
    "div": frozenset({"class", "tabindex"}),
    "pre": frozenset({"class", "dir", "tabindex"}),
    "span": frozenset({"class", "dir"}),
    "code": frozenset({"class", "dir"}),
    **dict.fromkeys(("p", "h3", "h4", "h5", "h6", "ul", "li", "blockquote", "table"), frozenset({"dir"})),
}


@dataclass(frozen=True)
class Labels:
    """The words on the buttons inside a reply: on a code block, and on a prompt card, where it can be drawn."""

    copy: str
    draw: str | None


@dataclass(frozen=True)
class Setting:
    """What rendering a block needs beside its tokens.

    `lines`: how many the source has while its end is open, else None; `memo`: paragraphs that were rendered before.
    """

    labels: Labels
    cards: bool
    source: Sequence[str] = ()
    lines: int | None = None
    memo: dict[Any, str] = field(default_factory=dict)


class _Dialect(MarkdownIt):
    """markdown-it with our idea of a link that may be followed."""

    def validateLink(self, url: str) -> bool:  # noqa: N802
        return (_LINK.match(url) or _OURS.fullmatch(url)) is not None


def plain(text: str) -> str:
    """What a person typed, as HTML that shows exactly that, line by line."""
    return escape(text.replace("\r\n", "\n").replace("\r", "\n")).replace("\n", "<br>")


def as_written(text: str) -> str:
    """A block shown as its source, where rendering it would cost too much or it is not finished."""
    return f'<pre class="as-written" dir="auto">{escape(text)}</pre>'


@cache
def parser() -> MarkdownIt:
    """The one parser: it holds no state between texts and may be used from any thread."""
    linked = find_spec("linkify_it") is not None
    markdown = _Dialect("js-default", {"html": False, "breaks": True, "linkify": linked, "maxNesting": 24})
    markdown.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False, allow_blank_lines=False, renderer=_math)
    markdown.inline.ruler.before("escape", "math_brackets", _bracket_math)
    markdown.add_render_rule("math_inline_double", _double_math)
    rules: dict[str, Any] = {"fence": _fence, "code_block": _code_block, "image": _image, "link_open": _link, "ready": _ready}
    rules |= {"table_open": _table_open, "table_close": _table_close}
    markdown.renderer.rules.update(rules)  # type: ignore[attr-defined]
    return markdown


def html(tokens: list[Token], setting: Setting, references: dict[str, Any]) -> str:
    """The safe HTML of one top-level block."""
    markdown = parser()
    env: Env = {"references": references, "setting": setting}
    seen = str(references)
    for token in tokens:
        if token.type == "inline":
            key = (token.content, seen)
            if key not in setting.memo:
                setting.memo[key] = _inline(markdown, token.content, env)
            token.children = [Token("ready", "", 0, content=setting.memo[key])]
        elif token.nesting == 1:
            _dress(token)
    made = str(markdown.renderer.render(tokens, markdown.options, env))
    return made if tokens[0].type in _ESCAPED else _cleaner().clean(made)


def _inline(markdown: MarkdownIt, text: str, env: Env) -> str:
    """The HTML of one paragraph's words."""
    if len(text) > MOST_INLINE:
        return plain(text)
    token = Token("inline", "", 0, content=text, children=markdown.inline.parse(text, markdown, env, []))
    state = StateCore("", markdown, env, [token])
    if markdown.options.linkify:
        linkify(state)
    text_join(state)
    return str(markdown.renderer.renderInline(token.children or [], markdown.options, env))  # type: ignore[attr-defined]


def _dress(token: Token) -> None:
    """Give a block its direction and its place below the page's own headings."""
    if token.type in _BLOCKS:
        token.attrSet("dir", "auto")
    if token.type in {"heading_open", "heading_close"}:
        token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"
    style = str(token.attrs.pop("style", ""))
    if style:
        token.attrSet("align", style.removeprefix("text-align:"))


@cache
def _cleaner() -> nh3.Cleaner:
    allowed = {**_MATH_ALLOWED, **_ALLOWED}
    return nh3.Cleaner(tags=set(_TAGS | _MATH_TAGS), attributes=allowed, url_schemes={"http", "https", "mailto"})


@cache
def _math_cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(tags=set(_MATH_TAGS), attributes=_MATH_ALLOWED)


@lru_cache(maxsize=256)
def _formula(latex: str, display: str) -> str:
    """LaTeX as MathML, or as it was written where it cannot be read; cleaned by itself, for the converter lets HTML through."""
    try:
        if len(latex) <= MOST_MATH:
            return _math_cleaner().clean(convert(latex, display=display))
    except Exception:  # noqa: S110  the converter raises whatever it stumbles over
        pass
    return f'<code dir="ltr">{escape(latex)}</code>'


def _math(content: str, options: dict[str, Any]) -> str:
    return _formula(content.strip(), "block" if options["display_mode"] else "inline")


def _double_math(_: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Env) -> str:
    return f'<span class="math block">{_formula(tokens[index].content.strip(), "block")}</span>'


def _bracket_math(state: StateInline, silent: bool) -> bool:
    r"""Read \( … \) and \[ … \], which many models write instead of dollars."""
    opening = state.src[state.pos : state.pos + 2]
    if opening not in ("\\(", "\\["):
        return False
    end = state.src.find("\\)" if opening == "\\(" else "\\]", state.pos + 2)
    if end <= state.pos + 2:
        return False
    if not silent:
        token = state.push("math_inline" if opening == "\\(" else "math_inline_double", "math", 0)
        token.content = state.src[state.pos + 2 : end]
    state.pos = end + 2
    return True


def _fence(tokens: Sequence[Token], index: int, _options: Any, env: Env) -> str:
    token, setting = tokens[index], env["setting"]
    language = token.info.strip().split()[0] if token.info.strip() else ""
    still_open = _still_open(token, setting)
    code = re.sub(r"(?:^|\n)[ >]*[`~]{1,2}\n?$", "\n", token.content) if still_open else token.content
    if language == "prompt" and setting.cards:
        return _card(code.strip(), setting.labels, still_open)
    return _code(code, language, setting.labels, still_open)


def _still_open(token: Token, setting: Setting) -> bool:
    """Whether the end of a fence has not come yet."""
    if setting.lines is None or token.map is None or token.map[1] < setting.lines:
        return False
    last = setting.source[token.map[1] - 1].strip(" \t>")
    return token.map[1] - token.map[0] < 2 or not (last.startswith(token.markup) and set(last) == set(token.markup))


def _card(prompt: str, labels: Labels, still_open: bool) -> str:
    """A prompt to look at and draw; the button comes when the prompt is whole."""
    button = "" if still_open or labels.draw is None else f'<button type="button" data-act="draw-prompt">{escape(labels.draw)}</button>'
    return f'<div class="prompt-card"><p dir="auto">{plain(prompt)}</p>{button}</div>'


def _code(code: str, language: str, labels: Labels, still_open: bool) -> str:
    head = f'<span>{escape(language)}</span><button type="button" data-act="copy-code">{escape(labels.copy)}</button>'
    body = highlighted(code, language, still_open=still_open)
    return f'<div class="code"><div class="code-head">{head}</div><pre dir="ltr" tabindex="0"><code>{body}</code></pre></div>'


def _code_block(tokens: Sequence[Token], index: int, _options: Any, env: Env) -> str:
    return _code(tokens[index].content, "", env["setting"].labels, False)


def _image(tokens: Sequence[Token], index: int, options: Any, env: Env) -> str:
    """Our own pictures are shown; any other is a link, or its words where it stands inside a link already."""
    token = tokens[index]
    source = str(token.attrs.get("src", ""))
    words = parser().renderer.renderInlineAsText(token.children, options, env)  # type: ignore[attr-defined]
    if _OURS.fullmatch(source):
        return f'<img src="{escape(source)}" alt="{escape(words)}" loading="lazy">'
    if sum(token.nesting for token in tokens[:index] if token.type in ("link_open", "link_close")):
        return escape(words)
    return f'<a href="{escape(source)}" target="_blank">{escape(words or source)}</a>'


def _link(tokens: Sequence[Token], index: int, options: Any, env: Env) -> str:
    tokens[index].attrSet("target", "_blank")
    return str(parser().renderer.renderToken(tokens, index, options, env))  # type: ignore[attr-defined]


def _ready(tokens: Sequence[Token], index: int, _options: Any, _env: Env) -> str:
    return tokens[index].content


def _table_open(*_: Any) -> str:
    return '<div class="table" tabindex="0"><table dir="auto">'


def _table_close(*_: Any) -> str:
    return "</table></div>"
