"""Pictures in the older dialect, as they go over the wire."""

from io import BytesIO

import pytest
from PIL import Image

from imagechat.domain.models import Note, Picture
from imagechat.errors import BrokenReply
from tests.fakes.models import noise
from tests.fakes.provider import Provider
from tests.providers.conftest import Opened, model, only, told
from tests.providers.test_openai_wire import FLARE, OLDER, order


async def test_the_older_dialect_asks_in_its_own_words(opened: Opened, server: Provider):
    wish = {"model": OLDER, "size": "1792x1024", "quality": "hd", "style": "vivid", "background": None}
    events = await told(model(await opened(), OLDER), order(**wish))
    assert server.asked[0].said == {
        "model": OLDER, "prompt": "a fox", "response_format": "b64_json", "n": 1, "size": "1792x1024", "quality": "hd", "style": "vivid",
    }  # fmt: skip
    assert Image.open(BytesIO(only(Picture, events)[0].data)).size == (1792, 1024)


async def test_the_older_dialect_leaves_out_what_is_not_chosen_and_styles_that_are_not_its_own(opened: Opened, server: Provider):
    await told(model(await opened(), OLDER), order(model=OLDER, style="watercolor", format="png"))
    assert set(server.asked[0].said) == {"model", "prompt", "response_format", "n"}
    await told(model(await opened(), OLDER), order(model=OLDER, style="natural"))
    assert server.asked[-1].said["style"] == "natural"


async def test_the_words_that_a_model_made_of_ours_are_kept(opened: Opened):
    events = await told(model(await opened(), OLDER), order(model=OLDER))
    assert only(Picture, events)[0].facts == {"revised_prompt": "a fox, revised"}
    assert [note.code for note in only(Note, events)] == ["revised_prompt"]


@pytest.mark.parametrize("name", [OLDER, FLARE])
async def test_a_picture_that_lies_at_an_address_of_the_server_is_fetched_without_the_key(opened: Opened, server: Provider, name: str):
    events = await told(model(await opened(), name), order("a fox gives:url", model=name))
    assert only(Picture, events)[0].data == noise((256, 256), 0)
    assert server.asked[1].path == "/v1/files/0" and "authorization" not in server.asked[1].headers


@pytest.mark.parametrize(("url", "reason"), [("http://10.0.0.5/a.png", "private_address"), ("file:///etc/passwd", "bad_address")])
async def test_an_address_that_is_none_of_the_servers_is_not_fetched(opened: Opened, url: str, reason: str):
    with pytest.raises(BrokenReply) as caught:
        await told(model(await opened(), OLDER), order(f"a fox gives:url url:{url}", model=OLDER))
    assert caught.value.reason == reason and caught.value.facts["model"] == OLDER
