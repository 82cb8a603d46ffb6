"""Which models there are: the server's list joined with what is known, what is guessed, and a file of one's own."""

import asyncio
from datetime import date
from pathlib import Path

import pytest

from imagechat import i18n
from imagechat.domain.models import Model
from imagechat.domain.values import Size
from imagechat.errors import CannotStart
from imagechat.providers import PROVIDERS, cards
from imagechat.providers.cards import Listed, read
from imagechat.providers.openai import OpenAI
from imagechat.providers.openai.chat import Chat
from imagechat.providers.openai.images import Images
from imagechat.providers.openai.older import OlderImages
from imagechat.settings import ModelSettings, Settings
from tests.fakes.provider import KEY, Provider
from tests.providers.conftest import Opened, model


@pytest.fixture
def yours(tmp_path: Path) -> Path:
    """A file of the user's own."""
    return tmp_path / "models.toml"


def ids(provider: OpenAI) -> list[str]:
    return [each.card.id for each in provider.models]


def joined(*listed: str) -> list[str]:
    return [card.id for card in read().joined(map(Listed, listed))]


# The list of a server


async def test_the_list_is_joined_with_what_is_known(opened: Opened, server: Provider):
    made = await opened()
    assert ids(made) == [
        "gpt-image-2.5-flare", "gpt-image-2.5-sunburst", "gpt-image-1.5", "dall-e-3", "gpt-6-luna", "gpt-4o", "sdxl-turbo", "tiny-chat",
    ]  # fmt: skip
    kinds: dict[str, type[Model]] = {"gpt-image-1.5": Images, "dall-e-3": OlderImages, "sdxl-turbo": OlderImages, "tiny-chat": Chat}
    assert {name: type(model(made, name)) for name in kinds} == kinds
    assert made.standing.models == len(server.models) and made.standing.key and not made.standing.trouble
    assert {each.card.provider for each in made.models} == {f"127.0.0.1:{server.port}"}


async def test_guesses_are_marked_and_safe(opened: Opened):
    made = await opened()
    guessed, known = model(made, "sdxl-turbo").card, model(made, "gpt-image-2.5-flare").card
    assert known.known and not guessed.known and not model(made, "tiny-chat").card.known
    assert guessed.draws and guessed.label == "sdxl-turbo" and not guessed.previews and not guessed.max_inputs
    assert guessed.price is None and guessed.rates == ()


@pytest.mark.parametrize(
    ("id", "kind", "sees"),
    [
        ("gpt-image-9", "image", False), ("black-forest/FLUX.2-dev", "image", False), ("stable-diffusion-3.5", "image", False),
        ("llava:13b", "text", True), ("Qwen3-VL-8B", "text", True), ("gpt-9", "text", True), ("mistral:7b", "text", False),
    ],
)  # fmt: skip
def test_a_model_that_nobody_knows_is_taken_for_what_its_name_is_like(id: str, kind: str, sees: bool):
    card = read().card(id)
    assert (card.id, card.kind, card.sees, card.known) == (id, kind, sees, False)


def test_what_neither_talks_nor_draws_is_left_out():
    none = ["text-embedding-3-small", "whisper-1", "gpt-realtime", "tts-1-hd", "omni-moderation-latest", "sora-2", "nomic-EMBED-text"]
    assert joined("gpt-4o", *none) == ["gpt-4o"]


def test_the_day_that_the_server_names_counts_before_ours():
    listed = [Listed("gpt-image-1.5", date(2027, 5, 1)), Listed("gpt-4o"), Listed("tiny-chat", date(2027, 6, 1))]
    found = {card.id: card.retires for card in read().joined(listed)}
    assert found == {"gpt-image-1.5": date(2027, 5, 1), "gpt-4o": date(2027, 1, 14), "tiny-chat": date(2027, 6, 1)}


async def test_a_shutdown_date_comes_over_the_wire_and_a_broken_one_is_none(opened: Opened, server: Provider):
    server.models |= {"tiny-chat": "2027-06-01T00:00:00Z", "sdxl-turbo": "soon"}
    made = await opened()
    assert (model(made, "tiny-chat").card.retires, model(made, "sdxl-turbo").card.retires) == (date(2027, 6, 1), None)


def test_a_dated_snapshot_stands_back_where_its_model_is_offered():
    assert joined("gpt-4o-2024-11-20", "gpt-4o") == ["gpt-4o"]
    assert joined("gpt-4o-2024-11-20") == ["gpt-4o-2024-11-20"]
    assert joined("tiny-chat-20260101", "tiny-chat") == ["tiny-chat"]


def test_a_dated_snapshot_is_what_its_model_is():
    card, its = read().card("gpt-4o-2024-11-20"), read().card("gpt-4o")
    assert card == its.again(id="gpt-4o-2024-11-20", label="gpt-4o-2024-11-20") and card.known


def test_an_id_twice_and_no_id_at_all():
    assert joined("tiny-chat", "tiny-chat") == ["tiny-chat"]
    assert joined() == []


def test_a_retired_model_is_still_known_with_its_successor():
    provider = OpenAI(Settings(_env_file=None, openai_api_key=KEY))
    assert "gpt-image-1" not in ids(provider)
    assert provider.retired("gpt-image-1").successor == "gpt-image-2.5-sunburst"
    assert provider.retired("never-was") is None


def test_before_the_list_is_there_openai_has_what_we_know_and_another_server_nothing(server: Provider):
    assert "gpt-image-2.5-flare" in ids(OpenAI(Settings(_env_file=None, openai_api_key=KEY)))
    assert ids(OpenAI(Settings(_env_file=None, openai_base_url=server.url))) == []


def test_without_a_key_and_an_address_there_is_no_provider():
    assert PROVIDERS["openai"](Settings(_env_file=None)).standing is None


# When it goes wrong


async def test_a_wrong_key_is_marked_and_the_right_one_mends_it(opened: Opened, server: Provider):
    made = await opened()
    before, server.key = ids(made), "sk-another-0123456789"
    await made.refresh()
    assert made.standing.trouble == "bad_key.wrong" and ids(made) == before
    assert {each.card.trouble for each in made.models} == {"bad_key.wrong"}
    assert KEY not in str(made.standing)
    server.key = KEY
    await made.refresh()
    assert not made.standing.trouble and made.standing.facts == {}
    assert {each.card.trouble for each in made.models} == {""}


async def test_a_key_that_was_wrong_from_the_start(opened: Opened):
    made = await opened(key="sk-wrong-0123456789")
    assert (made.standing.trouble, made.standing.models, ids(made)) == ("bad_key.wrong", None, [])


async def test_a_server_that_goes_and_comes_back(opened: Opened):
    async with Provider() as server:
        made = await opened(url=server.url)
        port = server.port
    await made.refresh()
    assert made.standing.trouble == "unreachable.refused" and "gpt-4o" in ids(made)
    async with Provider(port):
        await made.refresh()
        assert not made.standing.trouble and made.standing.models


async def test_new_models_and_gone_ones_show_after_a_refresh(opened: Opened, server: Provider):
    made = await opened()
    server.models = {"gpt-6-sol": None}
    await made.refresh()
    assert ids(made) == ["gpt-6-sol"]


@pytest.mark.parametrize("url", ["http://nowhere.invalid/v1", "http://127.0.0.1:1/v1"])
async def test_an_address_that_leads_nowhere_is_trouble_and_no_crash(opened: Opened, url: str):
    made = await opened(url=url)
    assert made.standing.trouble.startswith("unreachable.") and made.standing.models is None
    assert "{" not in i18n.locale("en").error(*made.standing.trouble.split("."), {"model": "x", **made.standing.facts})


async def test_it_asks_by_itself_once_open(server: Provider):
    made = OpenAI(Settings(_env_file=None, openai_api_key=KEY, openai_base_url=server.url, models=ModelSettings(patience=5)))
    await made.open()
    while made.standing.models is None:
        assert made._asking is not None and not made._asking.done()
        await asyncio.sleep(0.01)
    assert "tiny-chat" in ids(made)
    await made.close()
    assert made._asking.done()


async def test_the_address_is_told_without_a_password():
    made = OpenAI(Settings(_env_file=None, openai_base_url="http://ann:secret@127.0.0.1:1/v1"))
    assert "secret" not in str(made.standing)


# A file of one's own


async def test_a_card_of_ones_own_stands_in_the_place_of_ours(opened: Opened, yours: Path):
    yours.write_text('[[models]]\nid = "gpt-image-2.5-flare"\nlike = "gpt-image-2.5-flare"\nlabel = "Ours"\nmax_count = 2\n')
    card = model(await opened(file=str(yours)), "gpt-image-2.5-flare").card
    assert (card.label, card.max_count, card.max_inputs) == ("Ours", 2, 16), "like itself: what it does not say is as it was"
    assert card.rates, "whoever describes a model means its prices too"


async def test_a_card_of_ones_own_is_offered_though_the_server_does_not_list_it(opened: Opened, yours: Path):
    yours.write_text(
        '[[models]]\nid = "sdxl"\nlabel = "SDXL"\nprovider = "openai"\nkind = "image"\n'
        'dialect = "older"\nsizes = ["64x64"]\nformats = ["png"]\n'
        '[[models]]\nid = "my-lora"\nlike = "sdxl"\n'
    )
    made = await opened(file=str(yours))
    assert ids(made)[:2] == ["sdxl", "my-lora"]
    assert (model(made, "my-lora").card.sizes, type(model(made, "my-lora"))) == ((Size(width=64, height=64),), OlderImages)


def test_like_follows_a_chain_and_a_retirement_is_never_inherited(yours: Path):
    yours.write_text('[[models]]\nid = "b"\nlike = "gpt-image-1"\nlabel = "B"\n[[models]]\nid = "a"\nlike = "b"\n')
    card = read(str(yours)).card("a")
    assert (card.label, card.retires, card.successor, card.max_inputs) == ("B", None, None, 16)


def test_guesses_and_ignored_names_of_ones_own_count(yours: Path):
    yours.write_text('ignored = ["tiny-*"]\n[[guess]]\nnames = ["sdxl*"]\nlike = "gpt-4o"\n')
    found = {card.id: card for card in read(str(yours)).joined(map(Listed, ["tiny-chat", "sdxl-turbo"]))}
    assert set(found) == {"sdxl-turbo"} and found["sdxl-turbo"].kind == "text"


@pytest.mark.parametrize(
    ("text", "entry", "why"),
    [
        ("[[models]\n", "", "line 1"),
        ('[[models]]\nid = "a"\nlike = "never-was"\n', "a", "never-was"),
        ('[[models]]\nid = "a"\nlike = "b"\n[[models]]\nid = "b"\nlike = "a"\n', "a", "like"),
        ('[[models]]\nid = "a"\nlike = "a"\n', "a", "like"),
        ('[[models]]\nid = "a"\nkind = "text"\n', "a", "label"),
        ('[[models]]\nid = "a"\nlike = "gpt-4o"\nkind = "video"\n', "a", "kind"),
        ('[[models]]\nid = "a"\nlike = "gpt-4o"\nsees_all = true\n', "a", "sees_all"),
        ('[[models]]\nid = "a"\nlike = "gpt-image-2"\nsizes = ["big"]\n', "a", "big"),
        ('[[models]]\nlabel = "no id"\nlike = "gpt-4o"\n', "", "id"),
        ('[[guess]]\nlike = "gpt-4o"\n', "", "names"),
        ('[[guess]]\nnames = ["*"]\nlike = "never-was"\n', "guess", "never-was"),
        ('models = "none"\n', "", "models"),
        ('models = [1]\n', "", "models"),
        ('guess = 1\n', "", "guess"),
        ('ignored = 5\n', "", "ignored"),
        ('[[models]]\nid = "a"\nlike = ["gpt-4o"]\n', "", "like"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_told_with_the_place(yours: Path, text: str, entry: str, why: str):
    yours.write_text(text)
    with pytest.raises(CannotStart) as caught:
        read(str(yours))
    assert caught.value.reason == "bad_models"
    facts = caught.value.facts
    assert (facts["path"], facts["entry"]) == (str(yours), entry) and why in str(facts["why"])
    words = i18n.locale("en").error("cannot_start", "bad_models", facts)
    assert str(yours) in words and "{path}" not in words


@pytest.mark.parametrize("what", ["missing", "folder", "binary"])
def test_a_file_that_is_none(yours: Path, what: str):
    if what == "folder":
        yours.mkdir()
    elif what == "binary":
        yours.write_bytes(b"\xff\xfe\0")
    with pytest.raises(CannotStart) as caught:
        read(str(yours))
    assert caught.value.reason == "bad_models" and caught.value.facts["path"] == str(yours)


def test_the_shipped_file_reads_and_its_successors_are_there():
    known = cards.read().known
    assert {card.successor for card in known.values() if card.successor} <= set(known)
    assert all(card.successor for card in known.values() if card.retires)
