"""A public link through Gradio's servers, for as long as the app runs and a week at most.

Gradio's client for it (frpc) is fetched the first time. It connects to a server of Gradio's, which hands requests for the link on
to this machine, where they come from 127.0.0.1. Source: gradio/networking.py and gradio/tunneling.py.
"""

import io
import logging
from contextlib import redirect_stderr, redirect_stdout
from subprocess import Popen, TimeoutExpired
from urllib.parse import urlsplit

import gradio as gr
from gradio import networking
from gradio.tunneling import CURRENT_TUNNELS

log = logging.getLogger(__name__)
LEAVING = 3.0
"""Seconds that frpc has to end."""


def share(blocks: gr.Blocks) -> str | None:
    """The page's public address, https always; None where there is none, and the log says why. Takes seconds, at most a minute."""
    said = io.StringIO()
    near = "127.0.0.1" if blocks.server_name in ("0.0.0.0", "localhost") else blocks.server_name  # noqa: S104
    try:
        # What Gradio and frpc print goes into our own log, or nowhere.
        with redirect_stdout(said), redirect_stderr(said):
            found = networking.setup_tunnel(near, blocks.server_port, blocks.share_token, None, None)
    except Exception as fault:
        log.warning("no share link came", extra={"error": str(fault.__cause__ or fault)[:300], "said": said.getvalue()[-1000:]})
        return None
    return urlsplit(found)._replace(scheme="https").geturl().rstrip("/")


def unshare() -> None:
    """End the link, and see frpc gone; without one, nothing happens."""
    for tunnel in CURRENT_TUNNELS:
        client: Popen[bytes] | None = tunnel.proc
        tunnel.proc = None
        if client is None:
            continue
        client.terminate()
        try:
            client.wait(LEAVING)
        except TimeoutExpired:
            client.kill()
    CURRENT_TUNNELS.clear()
