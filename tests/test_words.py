"""Markdown becomes safe HTML, and a live reply ends as the whole one looks."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagechat.words import Labels, Stream, code_css, plain, render

LABELS = Labels(copy="Copy", draw="Draw this")
SAMPLE = """# Title

A **bold** word, `code`, $x^2$ and \\(a<b\\), for $5 and $10.

- one

- two
  1. deep

```python
def f(x):
    return "<x>"
```

| a | b |
|---|--:|
| 1 | 2 |

> quoted
> twice

$$
\\frac{a}{b}
$$

See [the page][1] and ~~not~~ [that].

[1]: https://example.org "Title"
"""


def html(text: str, **more: bool) -> str:
    return render(text, LABELS, **more)


def live(text: str, cuts: list[int]) -> str:
    """`text` as it looks when it came in pieces; closed blocks must only grow."""
    stream, before = Stream(LABELS), ()
    for cut in sorted(cuts):
        now = stream.feed(text[:cut])
        assert now.closed[: len(before)] == before
        before = now.closed
    done = stream.feed(text, final=True)
    assert done.closed[: len(before)] == before
    return "".join(done.closed) + done.tail


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("# One", '<h3 dir="auto">One</h3>'),
        ("##### Five", '<h6 dir="auto">Five</h6>'),
        ("a\nb", "a<br>"),
        ("~~x~~", "<s>x</s>"),
        ("- x", '<ul dir="auto">'),
        ("7. x", '<ol start="7" dir="auto">'),
        ("> x", '<blockquote dir="auto">'),
        ("| a |\n|-:|\n| 1 |", '<td dir="auto" align="right">1</td>'),
        ("$x^2$", "<msup>"),
        ("\\[ x^2 \\]", '<math display="block">'),
        ("$$\nx\n$$", '<math display="block">'),
        ("```js\nlet a\n```", '<div class="code-head"><span>js</span><button type="button" data-act="copy-code">Copy</button>'),
        ("```js\nlet a\n```", '<span class="kd">let</span>'),
        ("```nonsense\n<a>\n```", "&lt;a&gt;"),
        ("    indented", "<code>indented"),
        ("![dusk](/media/abc.webp)", '<img src="/media/abc.webp" alt="dusk" loading="lazy">'),
        ("سلام **دنیا**", '<p dir="auto">سلام <strong>دنیا</strong></p>'),
        ("[a](https://x.y)", '<a href="https://x.y" target="_blank" rel="noopener noreferrer">a</a>'),
        ("<https://x.y>", 'href="https://x.y"'),
        ("it costs $5 and then $10", "it costs $5 and then $10"),
        ("$\\nonsense{$", "nonsense"),
    ],
)
def test_markdown_is_understood(text: str, part: str) -> None:
    assert part in html(text)


def test_a_fenced_prompt_is_a_card_in_replies_only() -> None:
    text = "```prompt\na <b>castle</b>\nat night\n```"
    card = '<div class="prompt-card"><p dir="auto">a &lt;b&gt;castle&lt;/b&gt;<br>at night</p>'
    assert html(text) == card + '<button type="button" data-act="draw-prompt">Draw this</button></div>'
    assert "draw-prompt" not in html(text, cards=False)
    assert render(text, Labels("Copy", None)) == card + "</div>"  # Where no pictures are made.


def test_a_card_has_its_button_only_when_the_prompt_is_whole() -> None:
    stream = Stream(LABELS)
    assert "draw-prompt" not in stream.feed("```prompt\na castle").tail
    assert "draw-prompt" not in stream.feed("```prompt\na castle\n``").tail
    assert "``" not in stream.feed("```prompt\na castle\n``").tail
    assert "draw-prompt" in stream.feed("```prompt\na castle\n```").tail


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](vbscript:x) [y](file:///etc/passwd) [z](//evil.example)",
        "![x](data:image/svg+xml;base64,AAAA)",
        "![x](https://evil.example/pixel.png)",
        "![x](/media/../../secret)",
        "![x](//media/evil)",
        '![x](/media/a" onerror="alert(1))',
        "[x]: javascript:alert(1)\n\n[x]",
        "$\\text{<script>alert(1)</script><button data-act=draw-prompt>x</button>}$",
        "$$\n<img src=x onerror=alert(1)>\n$$",
        '```"><script>alert(1)</script>\nx\n```',
        '```prompt\n"><script>alert(1)</script>\n```',
        "```html\n<script>alert(1)</script>\n```",
        "<a href='x' style='position:fixed'>x</a>",
        "<!-- x --><svg/onload=alert(1)>",
        '[x](https://a.b "title\\" onclick=alert(1)")',
        "**<b onmouseover=alert(1)>**",
    ],
)
def test_hostile_words_stay_words(text: str) -> None:
    shown = html(text) + live(text, [len(text) // 2, len(text) - 1])
    tags = re.findall(r"<[^>]*>", shown)
    bare = [re.sub(r'title="[^"]*"', "", tag) for tag in tags]
    assert not any(re.search(r"(?i)<(script|svg|iframe|object|style|b)\b|\bon\w+\s*=|style=|javascript:|data:|\.\.", tag) for tag in bare)
    assert not any(tag.startswith("<img") for tag in tags)
    assert sum("data-act" in tag for tag in tags) <= (2 if text.startswith("```") else 0)
    assert not re.search(r'href="(?!https?://|mailto:|/media/)', shown)


def test_a_remote_picture_is_a_link() -> None:
    assert html("![a cat](https://evil.example/cat.png)") == (
        '<p dir="auto"><a href="https://evil.example/cat.png" target="_blank" rel="noopener noreferrer">a cat</a></p>\n'
    )


BIG = 200_000


@pytest.mark.parametrize(
    "text",
    [
        "[" * BIG,
        "*" * BIG,
        "*a " * (BIG // 3),
        "**a_ " * (BIG // 5),
        ">" * BIG,
        "> " * (BIG // 2),
        "- " * (BIG // 2),
        "`" * BIG,
        "`a``b" * (BIG // 5),
        "$" * BIG,
        "$a " * (BIG // 3),
        "\\(" * (BIG // 2),
        "![" * (BIG // 2),
        "[a](" * (BIG // 4),
        "<a" * (BIG // 2),
        "|" * BIG,
        "|a|b|\n|-|-|\n" + "|\n" * 20_000,
        "```python\n" + "x = 1 # y\n" * 20_000,
        ("[" * 15_000 + "\n\n") * 13,
        ("*a" * 7_000 + "\n\n") * 13,
        ("[a](" * 3_700 + "\n\n") * 13,
        "[a]: b\n" * 20_000,
        "1. a\n" * 20_000,
        "\n" * BIG,
        "a\n\n" * 20_000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_enormous_words_take_bounded_time(text: str) -> None:
    begun = time.process_time()
    html(text)
    assert time.process_time() - begun < 20


def test_a_long_open_block_is_not_rendered_again_and_again() -> None:
    stream, text = Stream(LABELS), "- point **bold** `x`\n" * 4_000
    begun = time.process_time()
    for cut in range(0, len(text), 1_000):
        stream.feed(text[:cut])
    assert time.process_time() - begun < 20


def test_plain_shows_exactly_what_was_typed() -> None:
    assert plain("<b>&\r\n*x*\n") == "&lt;b&gt;&amp;<br>*x*<br>"


def test_code_has_a_light_and_a_dark_palette() -> None:
    assert ".code .k {" in code_css() and ".dark .code .k {" in code_css()


def test_closed_blocks_come_while_the_tail_is_open() -> None:
    now = Stream(LABELS).feed("One.\n\nTwo.\n\n```py\nx = 1")
    assert now.closed == ('<p dir="auto">One.</p>\n', '<p dir="auto">Two.</p>\n')
    assert '<span class="n">x</span>' in now.tail


def test_a_list_stays_open_across_blank_lines() -> None:
    stream = Stream(LABELS)
    assert stream.feed("1. a\n\n2").closed == ()
    assert stream.feed("1. a\n\n2. b\n\n").closed == ()
    assert stream.feed("1. a\n\n2. b\n\ntext\n").closed[0].count("<li") == 2


def test_a_later_definition_is_found() -> None:
    text = "See [the page][1].\n\nMore.\n\nAnd more.\n\n[1]: https://example.org\n"
    assert 'href="https://example.org"' in html(text)
    assert live(text, list(range(len(text)))) == html(text)


def test_open_maths_is_shown_as_written() -> None:
    assert "as-written" in Stream(LABELS).feed("$$\n\\frac{a}{b").tail
    assert live("$$\nx\n# no\n$$\n\nend", list(range(18))) == html("$$\nx\n# no\n$$\n\nend")


def test_every_cut_of_a_sample_ends_the_same() -> None:
    assert live(SAMPLE, list(range(len(SAMPLE)))) == html(SAMPLE)


PIECES = st.sampled_from(
    [
        "a",
        "b ",
        "\n",
        "\n\n",
        "- ",
        "1. ",
        "2",
        "* ",
        "> ",
        "# ",
        "```",
        "```py\n",
        "~~~",
        "    ",
        "\t",
        "$",
        "$$",
        "\\(",
        "\\)",
        "[x]",
        "[x][y]",
        "[y]: http://z",
        "[x]: http://q\n",
        "](",
        "(http://a)",
        "![",
        "`",
        "**",
        "_",
        "---",
        "===",
        "&pipe;",
        "&pipe;-&pipe;-&pipe;\n",
        "<b>",
        "سلام",
        "\r",
        "\r\n",
        "\x00",
        "prompt\n",
        "\\",
        ":",
        '"t"',
        "&amp;",
        "é",
        "- [ ] ",
    ]
).map(lambda piece: piece.replace("&pipe;", "|"))


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join), st.lists(st.integers(0, 200), max_size=12))
def test_pieces_never_change_the_end(text: str, cuts: list[int]) -> None:
    assert live(text, [cut for cut in cuts if cut <= len(text)]) == html(text)
