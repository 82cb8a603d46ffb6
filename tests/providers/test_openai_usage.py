"""What was used and what it cost: the server's own figure, else ours, else nobody knows; never a made-up nothing."""

from datetime import date
from typing import Any

import pytest

from imagechat.domain.models import Picture, Usage
from imagechat.domain.prices import Rates, Used, cost, rates_on
from imagechat.providers.cards import read
from imagechat.providers.openai.chat import used as used_by_words
from imagechat.providers.openai.images import Images
from imagechat.providers.openai.server import HOME, Server
from imagechat.settings import Settings
from tests.fakes.provider import Provider
from tests.providers.conftest import Opened, model, only, told
from tests.providers.test_openai_wire import FLARE, OLDER, WORDS, order, talk

CARDS = read()


@pytest.fixture
async def at_home(opened: Opened, server: Provider, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The provider that takes the stand-in for OpenAI itself."""
    monkeypatch.setattr(Server, "is_home", property(lambda self: True))
    return await opened()


async def test_a_picture_costs_what_our_table_says_at_openai(at_home: Any):
    events = await told(model(at_home, FLARE), order())
    expected = Usage(input_tokens=20, output_tokens=1200, price=20 * 5 + 1200 * 30)
    assert only(Usage, events) == [expected] and only(Picture, events)[0].usage == expected


async def test_words_cost_what_our_table_says_at_openai_and_remembered_ones_less(at_home: Any):
    fresh = only(Usage, await told(model(at_home, "gpt-4o"), talk("tokens:100 " + "much to read " * 2000)))[0]
    assert fresh.output_tokens == 100 and fresh.price == round(fresh.input_tokens * 2.5 + 100 * 10 + 1e-9)
    again = only(Usage, await told(model(at_home, "gpt-4o"), talk("tokens:100 cached:4000 " + "much to read " * 2000)))[0]
    assert again.price == pytest.approx((again.input_tokens - 4000) * 2.5 + 4000 * 1.25 + 100 * 10, abs=1)


@pytest.mark.parametrize("name", [FLARE, WORDS])
async def test_the_servers_own_price_counts_first(opened: Opened, at_home: Any, name: str):
    for made in (await opened(), at_home):
        asked = order("a fox cost:0.0123456") if name == FLARE else talk("cost:0.0123456")
        assert only(Usage, await told(model(made, name), asked))[0].price == 12346


@pytest.mark.parametrize("name", [FLARE, WORDS])
async def test_a_price_of_nothing_is_believed_where_the_server_says_it(opened: Opened, name: str):
    asked = order("a fox cost:0") if name == FLARE else talk("cost:0")
    assert only(Usage, await told(model(await opened(), name), asked))[0].price == 0


@pytest.mark.parametrize("name", [FLARE, WORDS])
async def test_at_another_server_nobody_knows_the_price(opened: Opened, monkeypatch: pytest.MonkeyPatch, name: str):
    monkeypatch.setattr(Server, "is_home", property(lambda self: False))
    usage = only(Usage, await told(model(await opened(), name), order() if name == FLARE else talk("hello")))[0]
    assert usage.price is None and usage.output_tokens


async def test_a_picture_whose_server_tells_no_usage_has_none(opened: Opened):
    events = await told(model(await opened(), OLDER), order(model=OLDER))
    assert not only(Usage, events) and only(Picture, events)[0].usage is None


async def test_a_reply_whose_server_tells_no_usage_has_an_unknown_price(at_home: Any):
    assert only(Usage, await told(model(at_home, WORDS), talk("hello usage:none"))) == [Usage()]


@pytest.mark.parametrize("id", ["gpt-6-luna", "gpt-5", "tiny-chat"])
@pytest.mark.parametrize(
    "usage", [{"prompt_tokens": -1, "completion_tokens": "many", "cost": -5}, {"prompt_tokens_details": "?", "cost": True}]
)
def test_figures_that_are_none_break_nothing(id: str, usage: dict[str, Any]):
    assert used_by_words(usage, CARDS.card(id)).input_tokens == 0


def test_cached_tokens_are_never_more_than_all_of_them():
    usage = {"prompt_tokens": 1000, "completion_tokens": 0, "prompt_tokens_details": {"cached_tokens": 9_000_000}}
    assert used_by_words(usage, CARDS.card("gpt-4o")).price == 1250


def test_pictures_that_go_in_have_a_rate_of_their_own():
    images = Images(CARDS.card(FLARE), Server(Settings(_env_file=None)), None, 0)
    usage = {"input_tokens": 1100, "input_tokens_details": {"text_tokens": 100, "image_tokens": 1000}, "output_tokens": 10}
    assert images.used(usage) == Usage(input_tokens=1100, output_tokens=10, price=100 * 5 + 1000 * 8 + 10 * 30)
    assert images.used({**usage, "input_tokens_details": {"image_tokens": 10**9}}).price == 1100 * 8 + 300


def test_a_model_without_a_table_has_an_unknown_price():
    card = CARDS.card("gpt-image-1")
    assert card.rates == () and card.cost(Used(text=1000, out=1000), date(2026, 11, 21)) is None


def test_the_rates_of_the_day_count():
    table = [Rates(since=date(2026, 1, 1), text=1, out=2), Rates(since=date(2026, 6, 1), text=3, out=4)]
    assert [rates_on(table, date(2026, month, 1)) for month in (5, 6, 7)] == [table[0], table[1], table[1]]
    assert rates_on(table, date(2025, 12, 31)) is None
    assert cost(Used(text=1, out=1), Rates(since=date(2026, 1, 1), text="0.1", out="0.4")) == 1, "half a micro-dollar is rounded up"


@pytest.mark.parametrize(
    ("url", "home"),
    [
        ("", True), (HOME, True), ("https://eu.api.openai.com/v1", True), ("http://127.0.0.1:1/v1", False),
        ("https://api.openai.com.example.org/v1", False), ("https://notopenai.com/v1", False), ("https://openai.com@example.org/v1", False),
    ],
)  # fmt: skip
def test_only_openai_itself_has_openais_prices(url: str, home: bool):
    assert Server(Settings(_env_file=None, openai_base_url=url)).is_home is home
