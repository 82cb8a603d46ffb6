"""The composer: Gradio's text box and controls. One event sends it all, settings included."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from imagechat.domain.records import Controls
from imagechat.domain.visitors import Visitor
from imagechat.errors import BadInput, ImageChatError
from imagechat.shown import Json, Shown, answered
from imagechat.studio import Ask, Studio
from imagechat.ui import controls
from imagechat.ui.doors import visitor_of, well_formed

MOST_PICTURES = 16


@dataclass(frozen=True)
class Panel:
    """Gradio's parts. `outbox` carries what a script says (which chat or picture, the mark of one press), `receipt` what became of it."""

    message: gr.MultimodalTextbox
    outbox: gr.Textbox
    receipt: gr.JSON
    buttons: controls.Buttons
    controls: controls.Panel


def lay(offer: controls.Offer) -> Panel:
    """Place the parts, as a new chat has them."""
    say = offer.say
    with gr.Column(elem_id="composer"):
        message = gr.MultimodalTextbox(
            label=say("composer.message"), show_label=False, container=False, elem_id="message",
            placeholder=offer.placeholder(offer.first.model),
            file_count="multiple", submit_btn=say("composer.send"),
            lines=1, max_lines=10, max_plain_text_length=10**6, autofocus=False,
        )  # fmt: skip
        panel, buttons = offer.lay()
        outbox = gr.Textbox(visible="hidden", elem_id="outbox", container=False)
        receipt = gr.JSON(visible="hidden", elem_id="receipt")
    return Panel(message, outbox, receipt, buttons, panel)


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


class Following:
    """How the composer follows: the chosen model, the opened chat, a recipe that is put back."""

    def __init__(self, studio: Studio, shown: Shown, offer: controls.Offer, panel: Panel) -> None:
        self.studio, self.shown, self.offer, self.panel = studio, shown, offer, panel

    async def model(self, request: gr.Request, *values: Any) -> list[Any]:
        """Another model: what fits stays as it is, chosen anew meanwhile or not, and a notice says what had to change.

        The selector itself may be ahead: it is left alone.
        """
        given = dict(zip(controls.NAMES, values, strict=True))
        try:
            # A seed is the same for every model and stays as it was typed; one that cannot be is told of when it is sent.
            wanted = controls.chosen({**given, "seed": None if given["seed"] is None else 0, "compression": _whole(given["compression"])})
        except ValueError:  # No page sends such values.
            return _unchanged({})
        offer = self.offer.of(visitor_of(request))
        lost = ", ".join(offer.lost(wanted))
        told = {"notice": offer.say("composer.dropped", model=wanted.model, lost=lost)} if lost else {}
        return [told, *_updates(offer, wanted, given, model=gr.skip(), seed=gr.update(visible=offer.seeds(wanted.model)))]

    async def thread(self, chat: str, request: gr.Request) -> list[Any]:
        """Another chat: its own model and settings, or a new chat's. Where its model has retired, the one in its place, which is told."""
        visitor = visitor_of(request)
        wanted = _drafted(chat) or await _remembered(self.studio, visitor, chat) or self.offer.first
        await self.studio.opened(visitor)
        offer, now = self.offer.of(visitor), self.studio.standin(visitor, wanted.model)
        if now is None or now.id == wanted.model:
            return [{}, *_updates(offer, wanted)]
        told = offer.say("notes.model_replaced", given=wanted.model, used=now.id)
        return [{"notice": told}, *_updates(offer, wanted.again(model=now.id))]

    async def recipe(self, picture: str, request: gr.Request) -> list[Any]:
        """A picture's recipe: its settings, and in the receipt its words, what it was made from, and what had to change."""

        async def act() -> Json:
            found = await self.studio.recipe(visitor_of(request), str(picture))
            sources, notes = [self.shown.source(made) for made in found.sources], self.shown.notes(found.notes)
            return {"prompt": found.prompt, "controls": found.controls.model_dump(), "sources": sources, "notice": " ".join(notes)}

        got = await answered(self.shown, act)
        if "error" in got:
            return _unchanged(got)
        return [got, *_updates(self.offer.of(visitor_of(request)), Controls.model_validate(got["controls"]))]

    async def source(self, given: dict[Any, Any], request: gr.Request) -> list[Any]:
        """A picture to be edited: the model for it and its size; the rest stays as it is set."""
        values = {name: given[getattr(self.panel.controls, name)] for name in controls.NAMES}

        async def act() -> Json:
            wanted = controls.chosen({**values, "seed": None, "compression": _whole(values["compression"])})
            found = await self.studio.source(visitor_of(request), str(given[self.panel.outbox]), wanted)
            size = f"{found.made.width}x{found.made.height}"
            settings = wanted.again(model=found.model, image_model=found.model, size=size, count=1)
            return {"source": self.shown.source(found.made), "controls": settings.model_dump()}

        got = await answered(self.shown, act)
        if "error" in got:
            return _unchanged(got)
        return [got, *_updates(self.offer.of(visitor_of(request)), Controls.model_validate(got["controls"]), values)]


def _updates(offer: controls.Offer, wanted: Controls, given: Json | None = None, **kept: Any) -> list[Any]:
    """Updates for the text box, the buttons that only a model which draws has, and every control that is not among `kept`.

    A value that is what was `given` is not sent: another may have been chosen since.
    """
    card = offer.card(wanted.model)
    parts = dict(zip(controls.NAMES, offer.updates(wanted), strict=True))
    for name, value in (given or {}).items():
        if "value" in parts[name] and parts[name]["value"] == value:
            del parts[name]["value"]
    return [
        gr.update(placeholder=offer.placeholder(card.id)),
        gr.update(visible=card.draws),
        gr.update(visible=card.draws),
        *(kept.get(name, update) for name, update in parts.items()),
    ]


def _whole(given: Any) -> int | None:
    return int(given) if isinstance(given, int | float) and 0 <= given <= 100 else None


def _unchanged(told: Json) -> list[Any]:
    """The receipt alone: text box, options and controls stay as they are."""
    return [told, gr.skip(), gr.skip(), gr.skip(), *(gr.skip() for _ in controls.NAMES)]


def wire(panel: Panel, conversation: gr.HTML, studio: Studio, shown: Shown, offer: controls.Offer) -> None:
    """Connect sending and following."""
    parts = panel.controls.all()
    # Values come as the browser sent them (preprocess=False): Gradio would refuse an unknown choice without a word, the studio says why.
    quiet: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private", "preprocess": False}
    sent = panel.message.submit(
        Sending(studio, shown, panel).send, {panel.outbox, panel.message, *parts}, panel.receipt,
        js=_ordered(panel), trigger_mode="multiple", **quiet,
    )  # fmt: skip
    sent.then(None, panel.receipt, js="(receipt) => imagechat.sending.answered(receipt)")
    conversation.settings(None, parts, js=f"(...given) => imagechat.composer.told({list(controls.NAMES)}, given)", trigger_mode="multiple")
    gr.on([part.change for part in parts], None, js="() => imagechat.price?.later()", trigger_mode="multiple", queue=False)
    panel.buttons.options.click(None, js="() => imagechat.composer.toggle()")
    panel.buttons.enhance.click(None, js="() => imagechat.wording.enhance()")
    panel.buttons.draw_chat.click(None, js="() => imagechat.wording.scene()")
    following = Following(studio, shown, offer, panel)
    followers = [panel.receipt, panel.message, panel.buttons.options, panel.buttons.enhance, *parts]
    # Only the newest wish counts: what was asked for meanwhile is asked for once the answer is here, and a script says what it is by then.
    # The page knows these events by their names (calls.js).
    latest: dict[str, Any] = {**quiet, "trigger_mode": "always_last"}
    followed = [
        panel.controls.model.input(
            following.model, parts, followers, js="(...given) => imagechat.composer.asking(given)", api_name="follow_model", **latest
        ),
        conversation.opened(
            following.thread, panel.outbox, followers, js="() => imagechat.composer.opening()", api_name="follow_thread", **latest
        ),
    ]
    for each in followed:
        each.then(None, panel.receipt, js="(receipt) => imagechat.composer.followed(receipt)")
    put_back = conversation.regenerate(
        following.recipe, panel.outbox, followers, js="() => imagechat.composer.regenerating()", api_name="follow_recipe", **latest
    )  # fmt: skip
    edited = conversation.editing(
        following.source, {panel.outbox, *parts}, followers,
        js=f"(...given) => imagechat.composer.editing(given, {_place(panel.outbox, parts)})", api_name="follow_source", **latest,
    )  # fmt: skip
    edited.then(None, panel.receipt, js="(receipt) => imagechat.composer.edited(receipt)")
    put_back.then(None, panel.receipt, js="(receipt) => imagechat.composer.regenerated(receipt)")
    filled = conversation.fill(None, None, panel.message, js="() => imagechat.composer.fill()", trigger_mode="multiple")
    filled.then(None, js="() => imagechat.composer.filled()")
    conversation.look(None, panel.message, js="(box) => imagechat.composer.look(box)", trigger_mode="multiple")


def _ordered(panel: Panel) -> str:
    """A script that fills in what was pressed."""
    others = [panel.outbox, panel.message, *panel.controls.all()]
    return f"(...given) => imagechat.sending.fill(given, {_place(panel.outbox, others)}, {_place(panel.message, others)})"


def _place(part: Any, others: list[Any]) -> int:
    """Where a part's value stands among a set's: Gradio gives a script the inputs of a set in the order of their ids."""
    return sorted({each._id for each in (part, *others)}).index(part._id)


def _drafted(text: Any) -> Controls | None:
    """The settings that the page kept with the draft of a new chat."""
    if not str(text).startswith("["):
        return None
    try:
        given = dict(zip(controls.NAMES, json.loads(text), strict=True))
        return controls.chosen({**given, "seed": None, "compression": _whole(given["compression"])})
    except (BadInput, TypeError, ValueError, RecursionError):
        return None


async def _remembered(studio: Studio, visitor: Any, thread: Any) -> Controls | None:
    if not thread:
        return None
    try:
        return (await studio.thread(visitor, str(thread))).controls
    except ImageChatError:
        return None
