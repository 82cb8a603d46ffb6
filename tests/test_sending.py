"""What Send does with added pictures, and what becomes of those that nobody sent."""

import asyncio
import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from imagechat import bootstrap
from imagechat.bootstrap import House
from imagechat.domain.values import new_id, now
from imagechat.i18n import locale
from imagechat.shown import Shown
from imagechat.ui import box, controls
from imagechat.ui.sending import Sending
from tests.asking import ANN, PATIENCE
from tests.conftest import OpenHouse
from tests.fakes.models import FakeSeeing, png

PAGE: Any = SimpleNamespace(state=SimpleNamespace(visitor=ANN))


def uploaded(folder: str | Path, data: bytes, *, hours: float = 0) -> Path:
    """A file as Gradio leaves it, this old."""
    file = Path(folder) / new_id() / "picture.png"
    file.parent.mkdir(parents=True)
    file.write_bytes(data)
    then = now().timestamp() - hours * 3600
    for path in (file, file.parent):
        os.utime(path, (then, then))
    return file


async def sent(house: House, *files: Path, text: str = "what is this?", outbox: str = "") -> dict[str, Any]:
    """Press Send with these pictures."""
    shown = Shown(locale("en"))
    offer = controls.Offer(house.studio, shown)
    with gr.Blocks():
        panel = box.lay(offer)
    given: dict[Any, Any] = dict.fromkeys(panel.controls.all())
    given |= {panel.controls.model: "fake-seeing", panel.outbox: outbox or json.dumps({"thread": new_id(), "nonce": new_id()})}
    given[panel.message] = {"text": text, "files": [{"path": str(file), "orig_name": file.name} for file in files]}
    return await Sending(house.studio, shown, panel).send(given, PAGE)


@pytest.fixture(autouse=True)
def transit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "transit"))


async def test_sent_pictures_are_kept_and_can_be_sent_from_another_chat_too(open_house: OpenHouse):
    house = await open_house(FakeSeeing())
    files = [uploaded(house.studio.transit(ANN), png((40, 30), number)) for number in range(2)]
    assert "error" not in await sent(house, *files)
    assert (await house.studio.space(ANN)).bytes == sum(len(png((40, 30), number)) for number in range(2))
    assert "error" not in await sent(house, *files)


async def test_a_press_whose_answer_was_lost_gets_its_receipt_again(open_house: OpenHouse):
    house = await open_house(FakeSeeing())
    file, outbox = uploaded(house.studio.transit(ANN), png((40, 30), 1)), json.dumps({"thread": new_id(), "nonce": new_id()})
    first, again = [await sent(house, file, outbox=outbox) for _ in range(2)]
    assert (first["fresh"], again["fresh"]) == (True, False)
    assert first["message"] == again["message"]
    assert (await house.studio.space(ANN)).bytes == len(png((40, 30), 1))


async def test_half_a_character_is_sent_as_the_sign_for_one(open_house: OpenHouse):
    house = await open_house(FakeSeeing())
    receipt = await sent(house, text="half a \ud83d fox")
    turns = await house.studio.turns(ANN, receipt["thread"])
    assert turns.items[0].message.text == "half a \ufffd fox"


async def test_when_one_picture_is_refused_none_is_kept(open_house: OpenHouse):
    house = await open_house(FakeSeeing())
    good, bad = uploaded(house.studio.transit(ANN), png((40, 30), 1)), uploaded(house.studio.transit(ANN), b"no picture")
    told = await sent(house, good, bad)
    assert "picture.png is not a picture" in told["error"]["text"]
    assert (await house.studio.space(ANN)).bytes == 0
    assert not [path for path in house.blobs.folder.rglob("*") if path.is_file()]
    assert good.exists() and bad.exists(), "they are in the box still"


async def test_uploads_that_nobody_sent_go_after_a_day_while_the_app_runs(
    open_house: OpenHouse, data_dir: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(bootstrap, "HOUR", 0.01)
    await open_house()
    old, young = (uploaded(data_dir / bootstrap.TRANSIT, b"x", hours=hours) for hours in (25, 23))
    empty = data_dir / bootstrap.TRANSIT / "empty"
    empty.mkdir()
    os.utime(empty, (0, 0))
    async with asyncio.timeout(PATIENCE):
        while old.exists() or empty.exists():
            await asyncio.sleep(0.01)
    assert young.exists()
