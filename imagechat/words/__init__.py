"""Markdown → safe HTML, on this machine: whole, or live as closed blocks that never change and an open tail.

Raw HTML is text, links open in a new tab, and nothing is fetched from elsewhere: a remote image would tell a stranger who is reading.
"""

from imagechat.words.code import code_css
from imagechat.words.dialect import Labels, plain
from imagechat.words.live import Rendered, Stream, render

__all__ = ["Labels", "Rendered", "Stream", "code_css", "plain", "render"]
