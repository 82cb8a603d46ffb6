"""Everything that was made, newest first, without end. Its pages come by a plain address (`imagechat/web/gallery.py`)."""

import gradio as gr

from imagechat.shown import Shown
from imagechat.ui.doors import component


def lay(shown: Shown) -> gr.HTML:
    """Place the component, which needs no server function."""
    return component(__file__, shown, [], "gallery")
