"""The composer at work: one event sends it all, settings included, and its settings follow the model, the chat and a recipe."""

from typing import Any

import gradio as gr

from imagechat.shown import Shown
from imagechat.studio import Studio
from imagechat.ui import controls
from imagechat.ui.box import Panel
from imagechat.ui.following import Following
from imagechat.ui.sending import Sending


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
