"""How the composer's settings follow what was chosen or opened."""

import json
from typing import Any

import gradio as gr

from imagechat.domain.records import Controls
from imagechat.errors import BadInput, ImageChatError
from imagechat.shown import Json, Shown, answered
from imagechat.studio import Studio
from imagechat.ui import controls
from imagechat.ui.box import Panel
from imagechat.ui.doors import visitor_of


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
