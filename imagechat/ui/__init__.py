"""The page. Gradio lives only here."""

from imagechat.ui.importing import lightly

with lightly():
    from imagechat.ui.page import Running, launch

__all__ = ["Running", "launch"]
