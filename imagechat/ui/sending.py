"""What happens when Send is pressed: words, pictures and settings become one request."""

import asyncio
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import gradio as gr

from imagechat.domain.records import Controls
from imagechat.domain.visitors import Visitor
from imagechat.errors import BadInput
from imagechat.shown import Json, Shown, answered
from imagechat.studio import Ask, Studio
from imagechat.ui import controls
from imagechat.ui.box import Panel
from imagechat.ui.doors import visitor_of, well_formed

MOST_PICTURES = 16


class Sending:
    """What happens when Send is pressed."""

    def __init__(self, studio: Studio, shown: Shown, panel: Panel) -> None:
        self.studio, self.shown, self.panel = studio, shown, panel

    async def send(self, given: dict[Any, Any], request: gr.Request) -> Json:
        """Send the composer's words, pictures and settings; the receipt, or why not, under the mark that was sent."""
        receipt = await answered(self.shown, lambda: self._send(given, request))
        return {**receipt, "nonce": _mark(given[self.panel.outbox]).get("nonce")}

    async def _send(self, given: dict[Any, Any], request: gr.Request) -> Json:
        visitor = visitor_of(request)
        mark = _mark(given[self.panel.outbox])
        given = {part: well_formed(value) for part, value in given.items()}
        said = given[self.panel.message] or {}
        files, folder = [*(said.get("files") or []), *_added(given[self.panel.outbox])], self.studio.transit(visitor)
        if len(files) + len(mark.get("sources", ())) > MOST_PICTURES:
            raise BadInput("too_many_pictures", most=MOST_PICTURES)
        ask = Ask.model_validate({**mark, "text": str(said.get("text") or ""), "controls": await self._controls(visitor, given)})
        uploads: list[str] = []
        taken = False
        try:
            for each in files:
                blob = await self.studio.upload(visitor, *await asyncio.to_thread(_file, folder, each), thread=ask.thread)
                uploads.append(blob.id)
            receipt = await self.studio.say(visitor, ask.again(uploads=tuple(uploads)))
            taken = receipt.fresh
        finally:
            if not taken:
                await self.studio.forget_uploads(visitor, uploads)
        if taken and await self.studio.private(visitor, ask.thread):
            await asyncio.to_thread(_forget, folder, files)
        return receipt.model_dump()

    async def _controls(self, visitor: Visitor, given: dict[Any, Any]) -> Controls:
        values = {name: given[getattr(self.panel.controls, name)] for name in controls.NAMES}
        if await self.studio.draws(visitor, values["model"]):
            return controls.chosen({**values, "image_model": values["model"]})
        values["text_model"] = values["model"]
        try:
            return controls.chosen(values)
        except BadInput:  # Words need neither, and they are hidden while a text model is chosen.
            return controls.chosen({**values, "seed": None, "compression": None})


def _mark(text: Any) -> Json:
    """What the page put into the outbox: the chat, the mark of one press of Send, made pictures that go along, and words as they were."""
    try:
        mark = json.loads(text)
        if not isinstance(mark, dict):
            return {}
        sources = mark.get("sources")
        more = {"original": mark.get("original"), "sources": list(sources) if isinstance(sources, list) else []}
        return {"thread": mark["thread"], "nonce": mark["nonce"], **{name: value for name, value in more.items() if value}}
    except (TypeError, ValueError, KeyError, RecursionError):
        return {}


def _added(text: Any) -> list[Any]:
    """The pictures in the outbox. They are not among Gradio's values: it would copy each into a folder that all visitors share."""
    try:
        files = json.loads(text).get("files")
        return list(files) if isinstance(files, list) else []
    except (TypeError, ValueError, AttributeError, RecursionError):
        return []


def _uploaded(folder: Path, file: Any) -> Path:
    """Where an upload lies. Raises: BadInput for what is none of this visitor's, whose `folder` it is: the path comes from the browser."""
    path = (folder / str(file.get("path") if isinstance(file, dict) else file)).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise BadInput("bad_request", why="file")
    return path


def _file(folder: Path, file: Any) -> tuple[bytes, str]:
    """An upload's bytes and the name that it had."""
    path = _uploaded(folder, file)
    name = str((file.get("orig_name") if isinstance(file, dict) else "") or path.name)
    try:
        return path.read_bytes(), name
    except OSError as fault:
        raise BadInput("picture_broken", name=name) from fault


def _forget(folder: Path, files: list[Any]) -> None:
    """Remove what was uploaded for a private chat, which has its own now."""
    for each in files:
        with suppress(OSError):
            _uploaded(folder, each).unlink()
