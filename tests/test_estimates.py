"""What something will cost, before it is asked: from the card's facts alone, and unknown where those do not say."""

from datetime import UTC, date, datetime

import pytest

from imagechat.domain.prices import Asked, Cost, Used
from imagechat.domain.requests import ImageRequest, Input
from imagechat.domain.values import Size, new_id
from imagechat.providers import pricing
from imagechat.providers.cards import read

TODAY = date(2026, 11, 21)
CARDS = read()
FLARE, LUNA = CARDS.card("gpt-image-2.5-flare"), CARDS.card("gpt-6-luna")
SQUARE = Size.parse("1024x1024")


def wish(**facts: object) -> ImageRequest:
    return ImageRequest.model_validate({"prompt": "a fox", "model": FLARE.id, "size": SQUARE, "quality": "low", **facts})


@pytest.mark.parametrize(("quality", "price"), [("low", 6_000), ("medium", 13_000), ("high", 53_000)])
def test_a_square_picture_costs_what_openai_says(quality: str, price: int):
    cost = FLARE.estimate(wish(quality=quality), TODAY)
    assert cost.likely == pytest.approx(price, abs=100) and cost.most == pytest.approx(price, abs=100)


def test_more_of_it_costs_more():
    one = FLARE.estimate(wish(), TODAY)
    assert FLARE.estimate(wish(count=4), TODAY) == one.times(4)
    assert FLARE.estimate(wish(), TODAY, partials=2).most == one.most + 2 * 100 * 30
    assert FLARE.estimate(wish(size="2048x1152"), TODAY).likely == pytest.approx(one.likely * 2.25, rel=0.01)
    assert FLARE.estimate(wish(inputs=(Input(blob=new_id()),)), TODAY).most == one.most + 7_000 * 8


def test_what_is_left_open_may_be_the_dearest_and_that_nobody_knows_here():
    cost = FLARE.estimate(wish(quality="auto"), TODAY)
    assert cost.likely == pytest.approx(13_000, abs=100) and cost.most is None
    assert FLARE.estimate(wish(quality="max"), TODAY) == Cost()
    known = FLARE.again(qualities=("auto", "low", "high"))
    assert known.estimate(wish(quality="auto", size=None), TODAY).most == pytest.approx(53_000 * 3840 * 2160 / 1024**2, rel=0.01)


def test_replies_cost_by_what_was_said_within_the_context():
    assert LUNA.estimate_reply(Asked(characters=4_000), TODAY) == Cost(likely=100 + 250, most=240 + 4_096)
    assert LUNA.estimate_reply(Asked(characters=10**9), TODAY).most == 27_200 + 4_096


def test_where_nobody_says_prices_nothing_is_made_up():
    assert CARDS.card("gpt-image-1.5").estimate(wish(), TODAY) == CARDS.card("tiny-chat").estimate_reply(Asked(), TODAY) == Cost()
    assert FLARE.estimate(wish(), date(2020, 1, 1)) == Cost(), "no rates held then"


@pytest.mark.parametrize(
    ("card", "tokens", "price"),
    [
        (LUNA, Used(text=1_000, out=100), 150), (LUNA, Used(text=1_000, out=100, cached=500), 105),
        (LUNA, Used(text=300_000, out=0), None), (CARDS.card("nobodys-model"), Used(text=1, out=1), None),
    ],
)  # fmt: skip
def test_public_lists_count_before_our_table(card, tokens: Used, price: int | None):
    pricing._load()
    told = pricing.by_list(tokens, card.again(market="openai"), datetime(2026, 11, 21, tzinfo=UTC))
    if tokens.text == 300_000:
        assert told and told > card.cost(tokens, TODAY), "long conversations are dearer, which our table does not know"
    else:
        assert told == price
    assert pricing.priced({"cost": 0.5}, tokens, card) == 500_000, "and before both the provider's own figure"
