"""The composer's parts: Gradio's text box, its buttons and controls, and what a script and an event say to each other."""

from dataclasses import dataclass

import gradio as gr

from imagechat.ui import controls


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
