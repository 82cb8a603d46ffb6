"""What pictures and replies over the network cost: counted where somebody says the prices, unknown elsewhere, and never guessed."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from imagechat.domain.records import Generation
from imagechat.domain.requests import Size
from imagechat.domain.values import new_id
from imagechat.i18n import locale
from imagechat.providers import cards
from imagechat.shown import Shown
from imagechat.studio import Studio
from tests.asking import ANN, ask, ended, said, wish
from tests.conftest import OpenHouse
from tests.fakes.models import FakeText
from tests.fakes.provider import KEY, Provider

OWN = """
[[models]]
id = "gpt-6-luna"
like = "gpt-6-luna"

[[models]]
id = "gpt-image-2.5-flare"
like = "gpt-image-2.5-flare"
"""
FLARE = "gpt-image-2.5-flare"
SHOWN = Shown(locale("en"))


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    async with Provider() as server:
        yield server


async def at(open_house: OpenHouse, provider: Provider, **facts: object) -> Studio:
    house = await open_house(FakeText(), openai_api_key=KEY, openai_base_url=provider.url, **facts)
    await house.catalogue.refresh()
    return house.studio


@pytest.fixture
async def priced(open_house: OpenHouse, provider: Provider, tmp_path: Path) -> Studio:
    """The verbs of an app that has prices for the stand-in's models, from a file of the user's own."""
    file = tmp_path / "models.toml"
    file.write_text(OWN, encoding="utf-8")
    return await at(open_house, provider, models={"file": str(file), "partials": 2})


@pytest.fixture
async def unpriced(open_house: OpenHouse, provider: Provider) -> Studio:
    """The same without prices."""
    return await at(open_house, provider)


def rows(made: Generation) -> dict[str, str]:
    return {row["name"]: row["value"] for row in SHOWN.details(made)["rows"]}


async def test_a_reply_costs_what_its_tokens_cost(priced: Studio, provider: Provider):
    turn = await said(priced, ANN, ask("tokens:40000 please", "gpt-6-luna"))
    job = turn.job
    assert job.input_tokens == len(provider.asked[-1].body) // 4 and job.output_tokens == 40_000
    assert job.price == round(job.input_tokens * 0.10 + 40_000 * 0.50)
    tokens, price = SHOWN.job(job)["used"]
    assert "40000" in tokens.replace(",", "") and price.startswith("$0.02")


async def test_a_picture_costs_what_its_tokens_cost(priced: Studio):
    turn = await said(priced, ANN, ask("a boat", FLARE, size="1024x1024", quality="low"))
    (made,) = turn.pictures
    assert (made.usage["input_tokens"], made.usage["output_tokens"]) == (20, 1200), "partial pictures are billed too"
    assert made.price == turn.job.price == 20 * 5 + 1200 * 30
    assert rows(made)["price"].startswith("$0.036") and "1200" in rows(made)["tokens"].replace(",", "")


async def test_several_pictures_cost_the_sum_of_each(priced: Studio):
    turn = await said(priced, ANN, ask("a boat", FLARE, size="1024x1024", quality="low", count=3))
    assert [made.price for made in turn.pictures] == [36_100] * 3
    assert (turn.job.price, turn.job.output_tokens) == (3 * 36_100, 3600)


async def test_an_edit_and_a_reroll_have_prices_of_their_own(priced: Studio):
    (made,) = (await said(priced, ANN, ask("a boat", FLARE, size="1024x1024", quality="low"))).pictures
    (changed,) = (await said(priced, ANN, ask("make it night", FLARE, thread=made.thread).again(sources=(made.id,)))).pictures
    (again,) = (await ended(priced, ANN, await priced.reroll(ANN, made.id))).pictures
    assert changed.price and again.price and made.price


async def test_without_prices_nothing_is_guessed(unpriced: Studio):
    turn = await said(unpriced, ANN, ask("a boat", FLARE, size="1024x1024", quality="low", count=2))
    assert (turn.job.price, turn.job.output_tokens) == (None, 2400)
    for made in turn.pictures:
        assert (made.price, rows(made)["price"]) == (None, "unknown")
        assert "unknown" in SHOWN.picture(made)["meta"]
    reply = await said(unpriced, ANN, ask("tokens:5 please", "gpt-6-luna"))
    assert (reply.job.price, reply.job.output_tokens, SHOWN.job(reply.job)["used"][1]) == (None, 5, "unknown")


async def test_a_picture_of_a_server_that_counts_nothing_has_no_price(unpriced: Studio):
    turn = await said(unpriced, ANN, ask("a boat", "sdxl-turbo", size="1024x1024"))
    (made,) = turn.pictures
    assert (turn.job.price, made.price, rows(made).get("tokens"), rows(made)["price"]) == (None, None, None, "unknown")


async def test_usage_adds_up_what_is_known_and_counts_what_is_not(priced: Studio):
    await said(priced, ANN, ask("a boat", FLARE, size="1024x1024", quality="low", count=2))
    await said(priced, ANN, ask("a boat", "sdxl-turbo", size="1024x1024"))
    text = (await said(priced, ANN, ask("/info usage", "fake-text"))).message.text
    assert f"| `{FLARE}` | 1 | 40 → 2400 | $0.0722 |" in text
    line = next(line for line in text.splitlines() if "sdxl-turbo" in line)
    assert "unknown" in line and "$0.0000" not in line


async def test_what_was_refused_before_anything_was_made_costs_nothing(priced: Studio):
    turn = await said(priced, ANN, ask("a boat status:401", FLARE, size="1024x1024"))
    assert turn.job.error.code == "bad_key" and not turn.job.price


def test_rates_are_shown_in_dollars_and_what_nobody_knows_as_unknown():
    luna = cards.read().card("gpt-6-luna")
    assert "0.1" in SHOWN.rates(luna) and "0.5" in SHOWN.rates(luna)
    assert SHOWN.rates(luna.again(rates=())) == SHOWN.price(None) == "unknown"
    assert SHOWN.rates(luna.again(rates=(), price=0)) == SHOWN.price(0) != "unknown"


def held(studio: Studio) -> list[int]:
    """What is held for each piece of work, in the order in which it was taken, in micro-dollars."""
    with sqlite3.connect(studio.parts.database.path) as connection:
        return [row[0] for row in connection.execute("SELECT held FROM ledger WHERE status = 'held' ORDER BY number")]


async def test_messages_that_wait_hold_for_the_replies_that_come_before_theirs(priced: Studio):
    """Three pressed at once in one chat: the second will be asked with one reply in front of it, the third with two."""
    thread = new_id()
    chats = [ask(f"tokens:5 wait:30 {words}", "gpt-6-luna", thread=thread) for words in ("one", "two", "six")]
    receipts = await asyncio.gather(*(priced.say(ANN, each) for each in chats))
    alone = await priced.say(ANN, ask("tokens:5 wait:30 one", "gpt-6-luna"))
    reply = round(priced.standin(ANN, "gpt-6-luna").longest_reply * 0.10)  # type: ignore[union-attr]
    first, second, third, other = held(priced)
    assert first == other
    assert [second - first, third - second] == pytest.approx([reply, reply], abs=5), "and for the few words of each message"
    for receipt in (*receipts, alone):
        await priced.cancel(ANN, receipt.job)


async def test_what_a_model_is_told_of_pictures_is_held_for(priced: Studio):
    thread, prompt = new_id(), "a boat " * 500
    before = await priced.say(ANN, ask("tokens:5 wait:30", "gpt-6-luna"))
    receipt = await priced.draw(ANN, thread, wish(prompt, model="sketch", size=Size(width=128, height=128)), said="/imagine it")
    await ended(priced, ANN, receipt)
    after = await priced.say(ANN, ask("tokens:5 wait:30", "gpt-6-luna", thread=thread))
    less, more = held(priced)
    assert more - less >= len(prompt) / 2 * 0.10
    for each in (before, after):
        await priced.cancel(ANN, each.job)
