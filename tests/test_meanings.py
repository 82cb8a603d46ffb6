"""Words that people know from other models, and cards that make the best of them."""

from datetime import date
from decimal import Decimal

import pytest

from imagechat.domain import meanings
from imagechat.domain.models import ModelCard
from imagechat.domain.prices import Rates, Used
from imagechat.domain.requests import Input
from imagechat.domain.values import Size, SizeRule, new_id
from imagechat.errors import BadInput, NotOffered
from tests.asking import wish

NEW, OLD, OURS = ("auto", "low", "medium", "high", "xhigh", "max"), ("standard", "hd"), ("draft", "standard", "high")
PRESETS = tuple(map(Size.parse, ("1024x1024", "1536x1024", "1024x1536")))
RULE = SizeRule(low=256, high=3840, step=16, ratio=3.0, pixels=8_294_400)
CARD = ModelCard(
    id="painter", label="Painter", provider="openai", kind="image", operations=("generate", "edit"), sizes=PRESETS, size_rule=RULE,
    auto_size=True, qualities=NEW, formats=("png", "webp", "jpeg"), compresses=True, backgrounds=("opaque", "transparent"), max_count=10,
    max_inputs=2, defaults={"size": "1024x1024", "quality": "medium", "format": "png", "background": "opaque"},
)  # fmt: skip
PLAIN = ModelCard(
    id="plain", label="Plain", provider="openai", kind="image", sizes=PRESETS[:2], qualities=OLD, formats=("png",), styles=("vivid",),
    worded_styles=False, seeds=True, max_count=1, defaults={"size": "1024x1024", "quality": "standard"},
)  # fmt: skip


@pytest.mark.parametrize(
    ("given", "new", "old", "ours"),
    [
        ("low", "low", "standard", "draft"),
        ("standard", "medium", "standard", "standard"),
        (" HD ", "high", "hd", "high"),
        ("high", "high", "hd", "high"),
        ("ultra", "max", "hd", "high"),
        ("auto", "auto", "auto", "auto"),
        ("1", "low", "standard", "draft"),
        ("5", "medium", "standard", "standard"),
        ("8", "high", "hd", "high"),
        ("10", "max", "hd", "high"),
        ("0", "0", "0", "0"),
        ("11", "11", "11", "11"),
        ("wow", "wow", "wow", "wow"),
    ],
)
def test_a_quality_is_the_nearest_that_a_model_has(given: str, new: str, old: str, ours: str):
    assert tuple(meanings.quality(given, has) for has in (NEW, OLD, OURS)) == (new, old, ours)


@pytest.mark.parametrize("given", [*map(str, range(1, 11)), "hd", "standard"])
def test_a_model_without_qualities_leaves_the_word_alone(given: str):
    assert meanings.quality(given, ()) == given


def test_more_is_never_less():
    ranks = [NEW.index(meanings.quality(str(number), NEW)) for number in range(1, 11)]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    ("text", "shape"),
    [("16:9", 16 / 9), ("3/2", 1.5), (" 1 : 1 ", 1), ("2.39:1", 2.39), ("Portrait", 2 / 3), ("square", 1), ("1024x1024", None),
     ("16:0", None),
     ("0:9", None), ("", None), ("sideways", None), ("16:9:4", None)],
)  # fmt: skip
def test_a_shape_is_read(text: str, shape: float | None):
    assert meanings.shape_of(text) == (None if shape is None else pytest.approx(shape))


@pytest.mark.parametrize(
    ("shape", "by_rule", "preset"),
    [("square", "1024x1024", "1024x1024"), ("landscape", "1536x1024", "1536x1024"), ("portrait", "1024x1536", "1024x1536"),
     ("16:9", "1360x768", "1536x1024"), ("9:16", "768x1360", "1024x1536"), ("9:1", "1776x592", "1536x1024")],
)  # fmt: skip
def test_a_shape_becomes_a_preset_or_what_the_rule_allows(shape: str, by_rule: str, preset: str):
    ratio = meanings.shape_of(shape)
    assert str(meanings.fitting(ratio, PRESETS, RULE)) == by_rule
    assert str(meanings.fitting(ratio, PRESETS, None)) == preset


@pytest.mark.parametrize("number", range(34, 300, 7))
def test_whatever_the_rule_makes_of_a_shape_it_allows(number: int):
    size = meanings.fitting(number / 100, PRESETS, RULE)
    assert size in PRESETS or RULE.allows(size)
    assert abs(size.ratio / (number / 100) - 1) < 0.2


def test_jpg_is_jpeg():
    assert [meanings.format(given) for given in ("jpg", " JPG", "jpeg", "png", "bmp")] == ["jpeg", "jpeg", "jpeg", "png", "bmp"]


@pytest.mark.parametrize(
    "facts",
    [{}, {"size": "1360x768"}, {"quality": "max", "format": "webp", "options": {"compression": 0}},
     {"format": "jpeg", "options": {"compression": 100}},
     {"count": 10},
     {"style": "watercolor"}, {"background": "transparent", "format": "webp"}, {"inputs": (Input(blob=new_id()),)}],
)  # fmt: skip
def test_a_card_takes_what_it_has(facts: dict):
    CARD.check(wish(model="painter", **facts))


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"prompt": " \u200b"}, "empty_prompt"),
        ({"prompt": "x" * 32_001}, "long_prompt"),
        ({"size": "1000x1000"}, "size_rule"),
        ({"size": "3840x1024"}, "size_rule"),
        ({"quality": "hd"}, "quality"),
        ({"format": "gif"}, "format"),
        ({"background": "red"}, "background"),
        ({"background": "transparent", "format": "jpeg"}, "transparent_jpeg"),
        ({"seed": 1}, "seed"),
        ({"count": 11}, "count"),
        ({"inputs": tuple(Input(blob=new_id()) for _ in range(3))}, "inputs"),
        ({"inputs": (Input(blob=new_id()),), "variation": True}, "operation"),
        ({"options": {"sharpness": 3}}, "option"),
        ({"options": {"compression": 101}}, "compression_range"),
        ({"options": {"compression": -1}}, "compression_range"),
        ({"options": {"compression": True}}, "compression_range"),
        ({"options": {"compression": "50"}}, "compression_range"),
    ],
)
def test_a_card_refuses_what_it_has_not(facts: dict, reason: str):
    with pytest.raises((BadInput, NotOffered)) as refusal:
        CARD.check(wish(model="painter", **facts))
    assert refusal.value.reason == reason


def test_a_card_with_native_styles_alone_has_no_others():
    PLAIN.check(wish(model="plain", style="vivid"))
    with pytest.raises(NotOffered, match="style"):
        PLAIN.check(wish(model="plain", style="watercolor"))
    assert (PLAIN.fit(wish(style="watercolor")).style, CARD.fit(wish(style="watercolor")).style) == (None, "watercolor")


@pytest.mark.parametrize(
    ("given", "fits"),
    [
        ({"size": "1024x1536"}, {"size": "1024x1024", "quality": "standard"}),
        ({"quality": "max"}, {"quality": "hd"}),
        ({"quality": "nonsense"}, {"quality": "standard"}),
        ({"count": 4, "format": "webp", "options": {"compression": 50}}, {"count": 1, "format": "png", "options": {}}),
        ({"background": "transparent", "seed": 7}, {"background": None, "seed": 7}),
    ],
)
def test_a_recipe_is_fitted_to_a_card_that_has_less(given: dict, fits: dict):
    fit = PLAIN.fit(wish(model="painter", **given))
    PLAIN.check(fit)
    assert {name: str(value) if name == "size" else value for name, value in dict(fit).items() if name in fits} == fits


def test_a_recipe_is_fitted_to_a_card_that_has_more():
    fit = CARD.fit(wish(model="plain", size="512x512", quality="hd", seed=7, style="vivid"))
    CARD.check(fit)
    assert (str(fit.size), fit.quality, fit.seed, fit.format) == ("512x512", "high", None, "png")


def test_nothing_said_of_the_size_stays_unsaid_where_the_model_may_choose():
    assert CARD.fit(wish()).size is None
    assert str(PLAIN.fit(wish()).size) == str(CARD.again(auto_size=False).fit(wish()).size) == "1024x1024"


def test_compression_is_kept_only_where_there_is_some():
    fits = [CARD.fit(wish(format=form, options={"compression": 80})).options for form in ("jpeg", "webp", "png")]
    assert fits == [{"compression": 80}, {"compression": 80}, {}]


def test_what_tokens_cost_is_of_the_day():
    rates = (Rates(since=date(2026, 1, 1), text=Decimal(5), image=Decimal(8), out=Decimal(30), cached=Decimal("1.25")),
             Rates(since=date(2026, 6, 1), text=Decimal(1), out=Decimal(2)))  # fmt: skip
    card, used = CARD.again(rates=rates, price=7), Used(text=1000, image=10, out=100, cached=400)
    assert card.cost(used, date(2026, 3, 1)) == 600 * 5 + 500 + 80 + 3000
    assert card.cost(used, date(2026, 6, 1)) == 1000 + 200
    assert card.cost(used, date(2025, 12, 31)) == 7
    assert CARD.cost(used, date(2026, 6, 1)) is None


def test_half_a_micro_dollar_is_rounded_up():
    card = CARD.again(rates=(Rates(since=date(2026, 1, 1), text=Decimal("0.10"), out=Decimal("0.50")),))
    assert [card.cost(Used(out=count), date(2026, 2, 1)) for count in (1, 2, 3)] == [1, 1, 2]
