"""The composer: Gradio's text box and controls. One event sends it all, settings included."""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder

from imagechat.domain.records import Controls
from imagechat.errors import BadInput, ImageChatError
from imagechat.shown import Json, Shown
from imagechat.studio import Ask, Studio
from imagechat.ui import controls
from imagechat.ui.doors import answered, visitor_of

MOST_PICTURES = 8


@dataclass(frozen=True)
class Panel:
    """Gradio's parts. `outbox` carries the thread and the mark of one press of Send; `receipt` says what became of it."""

    message: gr.MultimodalTextbox
    outbox: gr.Textbox
    receipt: gr.JSON
    options: gr.Button
    controls: controls.Panel


def lay(offer: controls.Offer) -> Panel:
    """Place the parts, as a new chat has them."""
    say = offer.say
    with gr.Column(elem_id="composer"):
        message = gr.MultimodalTextbox(
            label=say("composer.message"), show_label=False, container=False, elem_id="message",
            placeholder=offer.placeholder(offer.first.model),
            file_types=[".png", ".jpg", ".jpeg", ".webp", ".gif"], file_count="multiple", submit_btn=say("composer.send"),
            lines=1, max_lines=10, max_plain_text_length=10**6, autofocus=False,
        )  # fmt: skip
        panel, options = offer.lay()
        outbox = gr.Textbox(visible="hidden", elem_id="outbox", container=False)
        receipt = gr.JSON(visible="hidden", elem_id="receipt")
    return Panel(message, outbox, receipt, options, panel)


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
        said = given[self.panel.message] or {}
        files = list(said.get("files") or [])
        if len(files) > MOST_PICTURES:
            raise BadInput("too_many_pictures", most=MOST_PICTURES)
        ask = Ask.model_validate({**mark, "text": str(said.get("text") or ""), "controls": self._controls(given)})
        uploads = [await self.studio.upload(visitor, *await asyncio.to_thread(_file, each)) for each in files]
        receipt = await self.studio.say(visitor, ask.again(uploads=tuple(blob.id for blob in uploads)))
        for each in files:
            _uploaded(each).unlink(missing_ok=True)
        return receipt.model_dump()

    def _controls(self, given: dict[Any, Any]) -> Controls:
        panel = self.panel.controls
        names = ("model", "size", "quality", "style", "count", "seed", "format", "background")
        values = {name: given[getattr(panel, name)] for name in names}
        image_model = values["model"] if self.studio.draws(values["model"]) else None
        whole = {name: int(values[name]) if values[name] is not None else None for name in ("count", "seed")}
        return Controls.model_validate({**values, **whole, "count": whole["count"] or 1, "image_model": image_model})


def _mark(text: Any) -> Json:
    """What the page put into the outbox: the chat, and the mark of one press of Send."""
    try:
        mark = json.loads(text)
        return {"thread": mark["thread"], "nonce": mark["nonce"]}
    except (TypeError, ValueError, KeyError):
        return {}


def _uploaded(file: Any) -> Path:
    """Where an upload lies. Raises: BadInput for anything that is not one: the path comes from the browser."""
    path = Path(str(file.get("path") if isinstance(file, dict) else file)).resolve()
    if not path.is_relative_to(Path(get_upload_folder()).resolve()):
        raise BadInput("bad_request", why="file")
    return path


def _file(file: Any) -> tuple[bytes, str]:
    """An upload's bytes and the name that it had."""
    path = _uploaded(file)
    name = str(file.get("orig_name") or path.name)
    try:
        return path.read_bytes(), name
    except OSError as fault:
        raise BadInput("picture_broken", name=name) from fault


def wire(panel: Panel, conversation: gr.HTML, studio: Studio, shown: Shown, offer: controls.Offer) -> None:
    """Connect sending, following the model, opening a thread and taking a recipe back."""
    sending = Sending(studio, shown, panel)
    parts = panel.controls.all()
    # Values come as the browser sent them (preprocess=False): Gradio would refuse an unknown choice without a word, the studio says why.
    quiet: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private", "preprocess": False}
    sent = panel.message.submit(
        sending.send, {panel.outbox, panel.message, *parts}, panel.receipt,
        js=_ordered(panel), trigger_mode="multiple", **quiet,
    )  # fmt: skip
    sent.then(None, [panel.receipt, panel.message], panel.message, js="(receipt, box) => imagechat.composer.settled(receipt, box)")
    panel.options.click(None, js="() => imagechat.composer.toggle()")

    def follow(model: str, *values: Any) -> list[Any]:
        size, quality, style, count, seed, form, background = values
        wanted = Controls(
            model=model, size=size, quality=quality, style=style, count=int(count or 1), seed=int(seed) if seed is not None else None,
            format=form, background=background,
        )  # fmt: skip
        lost = ", ".join(offer.lost(wanted))
        told = {"notice": offer.say("composer.dropped", model=model, lost=lost)} if lost else {}
        return [gr.update(placeholder=offer.placeholder(model)), told, *offer.updates(wanted)[1:]]

    panel.controls.model.input(follow, parts, [panel.message, panel.receipt, *parts[1:]], **quiet).then(
        None, [panel.receipt], js="(receipt) => imagechat.composer.told(receipt)"
    )

    async def open_thread(event: gr.EventData, request: gr.Request) -> list[Any]:
        wanted = await _remembered(studio, visitor_of(request), event._data.get("thread")) or offer.first
        return [gr.update(placeholder=offer.placeholder(offer.card(wanted.model).id)), *offer.updates(wanted)]

    conversation.opened(open_thread, None, [panel.message, *parts], **quiet)

    async def regenerate(event: gr.EventData, request: gr.Request) -> list[Any]:
        async def act() -> Json:
            recipe = await studio.recipe(visitor_of(request), str(event._data.get("picture")))
            return recipe.model_dump()

        got = await answered(shown, act)
        if "error" in got:
            return [got, gr.skip(), *(gr.skip() for _ in parts)]
        wanted = Controls.model_validate(got["controls"])
        box = gr.update(value={"text": got["prompt"], "files": []}, placeholder=offer.placeholder(wanted.model))
        return [{}, box, *offer.updates(wanted)]

    conversation.regenerate(regenerate, None, [panel.receipt, panel.message, *parts], **quiet).then(
        None, [panel.receipt], js="(receipt) => imagechat.composer.regenerated(receipt)"
    )


def _ordered(panel: Panel) -> str:
    """A script that fills the outbox. Gradio gives it the inputs of a set in the order of their ids."""
    inputs = sorted([panel.outbox, panel.message, *panel.controls.all()], key=lambda part: part._id)
    outbox, message = inputs.index(panel.outbox), inputs.index(panel.message)
    return f"(...given) => {{ given[{outbox}] = imagechat.composer.sending(given[{message}]); return given; }}"


async def _remembered(studio: Studio, visitor: Any, thread: Any) -> Controls | None:
    if not thread:
        return None
    try:
        return (await studio.thread(visitor, str(thread))).controls
    except ImageChatError:
        return None
