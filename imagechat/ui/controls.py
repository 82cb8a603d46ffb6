"""The model selector and exactly the controls that the chosen model has."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import gradio as gr

from imagechat.domain import meanings
from imagechat.domain.models import ModelCard
from imagechat.domain.records import NO_STYLE, Controls
from imagechat.domain.requests import LARGEST_SEED
from imagechat.domain.values import Size
from imagechat.domain.visitors import Visitor
from imagechat.errors import BadInput
from imagechat.settings import ASSETS
from imagechat.shown import Json, Shown
from imagechat.studio import Studio

NAMES = (
    "model", "size", "quality", "style", "count", "seed", "format", "compression", "background", "image_model", "text_model",
)  # fmt: skip
"""Every control, in the order of the panel."""
AUTO = "auto"
"""The choice that leaves a size to the model."""


@dataclass(frozen=True)
class Panel:
    """Gradio's parts, in the order in which a handler gives their updates.

    While a text model is chosen the rest is hidden and keeps its values: they are what `image_model` draws with when it is asked to.
    """

    model: gr.Dropdown
    size: gr.Dropdown
    quality: gr.Dropdown
    style: gr.Dropdown
    count: gr.Dropdown
    seed: gr.Number
    format: gr.Radio
    compression: gr.Number
    background: gr.Radio
    image_model: gr.Textbox
    text_model: gr.Textbox

    def all(self) -> list[Any]:
        """Every part, the model first."""
        return [getattr(self, name) for name in NAMES]


@dataclass(frozen=True)
class Buttons:
    """What opens the second row, words a prompt, and makes one of the conversation."""

    options: gr.Button
    enhance: gr.Button
    draw_chat: gr.Button


class Offer:
    """What can be chosen, in the locale's words, and the updates that make the panel follow.

    Without a visitor it is what the page is laid out for; `of` is what one visitor can choose.
    """

    def __init__(self, studio: Studio, shown: Shown, visitor: Visitor | None = None) -> None:
        self.studio, self.shown, self.visitor = studio, shown, visitor
        self.say = shown.locale.say
        self.first = studio.defaults

    def of(self, visitor: Visitor) -> "Offer":
        """What `visitor` can choose now."""
        return Offer(self.studio, self.shown, visitor)

    @cached_property
    def cards(self) -> dict[str, ModelCard]:
        """Models that draw first, our own before those of a server, else in the order of the catalogue."""
        offered = self.studio.offers(self.visitor) if self.visitor else self.studio.laid()
        return {card.id: card for card in sorted(offered, key=lambda card: (not card.draws, card.provider != "embedded"))}

    def lay(self) -> tuple[Panel, Buttons]:
        """Place the parts as a new chat has them, and the buttons beside them."""
        with gr.Row(elem_id="controls"):
            model = self._chooser("model", choices=self.models())
            size = self._chooser("size", allow_custom_value=True)
            quality, style, count = self._chooser("quality"), self._chooser("style"), self._chooser("count")
            options = gr.Button(self.say("composer.options"), elem_id="options", size="sm", min_width=60)
            enhance = gr.Button(self.say("composer.enhance"), elem_id="enhance", size="sm", min_width=30)
            scene = gr.Button(self.say("composer.draw_chat"), elem_id="draw-chat", size="sm", min_width=30)
        with gr.Row(elem_id="more"):
            hint = self.say("composer.seed_hint")
            seed = gr.Number(label=self.say("composer.seed"), elem_id="seed", precision=0, minimum=0, placeholder=hint, min_width=60)
            form = self._radio("format")
            compression = gr.Number(
                label=self.say("composer.compression"), elem_id="compression", precision=0, minimum=0, maximum=100, min_width=60
            )
            background = self._radio("background")
        image_model, text_model = (gr.Textbox(visible="hidden", elem_id=name, container=False) for name in ("image_model", "text_model"))
        panel = Panel(model, size, quality, style, count, seed, form, compression, background, image_model, text_model)
        for part, settings in zip(panel.all(), self.settings(self.first), strict=True):
            for name, value in settings.items():
                setattr(part, name, _pairs(value) if name == "choices" else value)
        return panel, Buttons(options, enhance, scene)

    def _radio(self, name: str) -> gr.Radio:
        return gr.Radio(label=self.say(f"composer.{name}"), elem_id=name, interactive=True)

    def _chooser(self, name: str, **settings: Any) -> gr.Dropdown:
        typed = settings.get("allow_custom_value", False)
        return gr.Dropdown(
            label=self.say(f"composer.{name}"), elem_id=name, container=False, min_width=60, filterable=typed, interactive=True, **settings
        )  # fmt: skip

    def models(self) -> list[tuple[str, str]]:
        """The selector's entries: image models first, each with its id, kind and provider."""
        return [(self.shown.model(card), name) for name, card in self.cards.items()]

    def placeholder(self, model: str) -> str:
        """What the empty box invites to."""
        return self.say("composer.describe" if self.card(model).draws else "composer.ask")

    def card(self, model: str | None) -> ModelCard:
        """The card of `model`, or of the first where there is none such any more."""
        return self.cards.get(model or "") or self.cards.get(self.first.model) or next(iter(self.cards.values()))

    def updates(self, wanted: Controls) -> list[Any]:
        """An update for every part of the panel, in its order."""
        return [gr.update(**settings) for settings in self.settings(wanted)]

    def drawing(self, wanted: Controls) -> ModelCard | None:
        """The card that the picture's settings are of: the chosen model's, or that of the one which draws for it."""
        card = self.card(wanted.model)
        if card.draws:
            return card
        return self.cards.get(wanted.image_model or "") or next((each for each in self.cards.values() if each.draws), None)

    def settings(self, wanted: Controls) -> list[dict[str, Any]]:
        """What every part shows for `wanted`: what the card has is kept, the rest falls back to the defaults; hidden for a text model."""
        chosen, drawing = self.card(wanted.model), self.drawing(wanted)
        values = self.fitted(wanted, drawing)
        writing = {"value": wanted.text_model if chosen.kind == "image" else chosen.id}
        if drawing is None:
            hidden = [{"visible": False} for _ in NAMES[1:-2]]
            return [{"choices": self.models(), "value": chosen.id}, *hidden, {"value": None}, writing]
        offered = self._choices(drawing)
        parts: dict[str, dict[str, Any]] = {
            name: {"choices": offered[name], "value": values[name], "visible": chosen.draws and bool(offered[name])} for name in offered
        }
        parts["model"] = {"choices": self.models(), "value": chosen.id}
        parts["seed"] = {"value": values["seed"], "visible": chosen.draws and drawing.seeds}
        parts["compression"] = {"value": values["compression"], "visible": chosen.draws and drawing.compresses}
        parts |= {"image_model": {"value": drawing.id}, "text_model": writing}
        return [parts[name] for name in NAMES]

    def _choices(self, card: ModelCard) -> dict[str, list[tuple[str, Any]]]:
        """What can be chosen for a model that draws, by the control's name."""
        counts = [(self.say("composer.times", count=n), n) for n in range(1, card.max_count + 1)]
        auto = [(self.say("composer.auto"), AUTO)] if card.auto_size else []
        return {
            "size": [*((str(size).replace("x", "×"), str(size)) for size in card.sizes), *auto],
            "quality": [(self.shown.quality(name), name) for name in card.qualities],
            "style": [(self.shown.style(name), name) for name in (NO_STYLE, *self.studio.styles(card))],
            "count": counts if card.max_count > 1 else [],
            "format": [(self.say(f"composer.formats.{name}"), name) for name in card.formats],
            "background": [(self.say(f"composer.backgrounds.{name}"), name) for name in card.backgrounds],
        }

    def fitted(self, wanted: Controls, card: ModelCard | None) -> dict[str, Any]:
        """The values of `wanted` that `card` has; elsewhere the configured default, else the card's, else the first it offers."""
        if card is None:
            return {}
        seed = wanted.seed if wanted.seed is not None and 0 <= wanted.seed <= LARGEST_SEED else None
        fitted: dict[str, Any] = {"seed": seed if card.seeds else None}
        fitted["compression"] = wanted.compression if card.compresses else None
        for name, choices in self._choices(card).items():
            values = [value for _, value in choices]
            asked = min(wanted.count, card.max_count) if name == "count" else getattr(wanted, name)
            if name == "size" and isinstance(asked, str) and asked != AUTO:
                fitted[name] = self._size(asked, card)
                continue
            if name == "quality" and isinstance(asked, str):
                asked = meanings.quality(asked, card.qualities)
            likely = (asked, getattr(self.first, name), card.defaults.get(name), *values[:1])
            fitted[name] = next((each for each in likely if each in values), None)
        return fitted

    @staticmethod
    def _size(asked: str, card: ModelCard) -> str:
        """`asked` where the card may make it, else its nearest size of that shape; what cannot be read yet stays as it was typed."""
        try:
            size = Size.parse(asked)
        except BadInput:
            return asked
        if not card.sizes or size in card.sizes or (card.size_rule and card.size_rule.allows(size)):
            return asked
        return str(meanings.fitting(size.ratio, card.sizes, card.size_rule))

    def seeds(self, model: str) -> bool:
        """Whether the seed is shown for `model`."""
        card = self.card(model)
        return card.draws and card.seeds

    def lost(self, wanted: Controls) -> list[str]:
        """What of `wanted` its model does not have: each setting's name, and what it became where it has such a setting."""
        card = self.card(wanted.model)
        if not card.draws:
            return []
        now = self.fitted(wanted, card)
        changed = []
        for name in ("size", "quality", "style", "seed", "format", "background"):
            had, has = getattr(wanted, name), now[name]
            alike = name == "quality" and had and has and meanings.QUALITIES.get(had, had) == meanings.QUALITIES.get(has, has)
            if had not in (None, NO_STYLE, AUTO, has) and not alike:
                label = self.say(f"composer.{name}")
                changed.append(
                    label
                    if has is None
                    else self.say("composer.became", name=label, had=self._named(name, had), has=self._named(name, has))
                )
        return changed

    def _named(self, name: str, value: object) -> str:
        """A setting's value for people."""
        match name:
            case "quality":
                return self.shown.quality(str(value))
            case "style":
                return self.say("composer.no_style") if value == NO_STYLE else self.shown.style(str(value))
            case "format" | "background":
                return self.say(f"composer.{name}s.{value}")
        return str(value).replace("x", "×")


def chosen(values: Json) -> Controls:
    """The controls' values as Gradio gives them: whole numbers come as floats, an empty count is one.

    Raises: BadInput("seed_range") for a fraction.
    """
    count, seed, compression = (
        int(given) if isinstance(given := values.get(name), float) and given.is_integer() else given
        for name in ("count", "seed", "compression")
    )
    if isinstance(seed, float):
        raise BadInput("seed_range", given=str(seed), most=str(LARGEST_SEED))
    if isinstance(compression, float):
        raise BadInput("compression_range", given=str(compression))
    models = {name: values.get(name) or None for name in ("image_model", "text_model")}
    return Controls.model_validate({**values, "count": count or 1, "seed": seed, "compression": compression, **models})


def _pairs(choices: list[Any]) -> list[Any]:
    return [each if isinstance(each, tuple) else (str(each), each) for each in choices]


def style_pictures(shown: Shown) -> str:
    """CSS that puts each style's thumbnail before its name in the list: Gradio's dropdown has words only."""
    rules = [
        f'#style [role="option"][aria-label="{shown.style(file.stem)}"]::before {{ background-image: url("styles/{file.name}"); }}'
        for file in sorted((ASSETS / "styles").glob("*.webp"))
    ]
    return "\n".join(rules)
