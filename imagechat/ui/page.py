"""The page: lays out the panels, then wires them, and hands it all to the server."""

import json
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, cast

import gradio as gr

from imagechat import logs, words
from imagechat.i18n import Locale
from imagechat.settings import Settings
from imagechat.shown import Shown
from imagechat.studio import Studio
from imagechat.ui import account, box, composer, controls, sharing, tracebacks
from imagechat.ui.conversation import conversation
from imagechat.ui.examples import Example, examples
from imagechat.ui.gallery import gallery
from imagechat.ui.mine import mine
from imagechat.ui.people import people
from imagechat.ui.sessions import lighten
from imagechat.ui.theme import theme
from imagechat.ui.threads import threads
from imagechat.ui.usage import usage

HERE = Path(__file__).parent
SCRIPTS = (
    "page.js",
    "private.js",
    "live.js",
    "viewer.js",
    "running.js",
    "ended.js",
    "places.js",
    "drafts.js",
    "calls.js",
    "box.js",
    "sending.js",
    "composer.js",
    "wording.js",
    "completion.js",
    "price.js",
)
SPOKEN = ("chat", "composer", "details", "gallery", "mine", "page", "people", "stages", "threads", "errors.job", "errors.not_known")

UPLOAD_DOOR = 64 * 2**20
"""Bytes at which Gradio turns a file away by itself; below it the page and the studio refuse in words."""
SESSIONS = 500
"""Pages that Gradio remembers at once, the newest, however many guests come and go: 6 KB each, and a copy of each component that
an event changed. One that is forgotten loses nothing: every event brings all its values along, and who asks, the cookie says."""
QUEUE_NAP = 1.0
"""Seconds between Gradio's looks at its queue, which none of our events stands in; by itself it looks a thousand times a second, for
7 % of a processor in which nothing happens."""


@dataclass(frozen=True)
class Running:
    """A page that is being served at `address`."""

    address: str
    blocks: gr.Blocks

    def share(self) -> str | None:
        """A public address of the page through Gradio's servers; None where there is none. Takes up to a minute."""
        return sharing.share(self.blocks)

    def close(self) -> None:
        """Stop serving."""
        sharing.unshare()
        self.blocks.close(verbose=False)


def build(studio: Studio, shown: Shown) -> gr.Blocks:
    """The page's parts, laid and wired."""
    say = shown.locale.say
    offer = controls.Offer(studio, shown)
    chosen = examples(shown.locale.code)
    with gr.Blocks(title=say("page.title"), fill_width=True, analytics_enabled=False) as blocks:
        gr.HTML(_bar(shown.locale), elem_id="bar", apply_default_css=False)
        with gr.Row(elem_id="house"):
            with gr.Column(elem_id="rail", min_width=0):
                threads.lay(studio, shown)
            with gr.Column(elem_id="main", min_width=0), gr.Tabs(elem_id="tabs"):
                with gr.Tab(say("page.chat"), id="chat", elem_id="chat-tab"):
                    talk = conversation.lay(studio, shown, chosen)
                    panel = box.lay(offer)
                with gr.Tab(say("page.gallery"), id="gallery", elem_id="gallery-tab"):
                    gallery.lay(shown)
                with gr.Tab(say("page.usage"), id="usage", elem_id="usage-tab") as spent, gr.Column(elem_id="usage"):
                    used = usage.lay(shown)
                    people.lay(studio, shown)
                with gr.Tab(say("page.account"), id="account", elem_id="account-tab") as tab, gr.Column(elem_id="account"):
                    mine.lay(studio, shown)
                    facts = account.lay(shown)
        composer.wire(panel, talk, studio, shown, offer)
        blocks.load(None, js="() => imagechat.join('page', {})")
        usage.wire(used, spent, studio, shown)
        account.wire(facts, tab, studio, shown)
    return cast(gr.Blocks, blocks)


def launch(studio: Studio, shown: Shown, settings: Settings, app_arguments: dict[str, Any]) -> Running:
    """Serve the page with `app_arguments` (lifespan, routes, middleware) around it; returns once it listens."""
    blocks = build(studio, shown)
    blocks._queue.sleep_when_free = blocks._queue.progress_update_sleep_when_free = QUEUE_NAP
    _, address, _ = blocks.launch(
        server_name=settings.host, server_port=settings.port, prevent_thread_lock=True, quiet=True, share=False, inbrowser=False,
        ssr_mode=False, show_error=False, run_history=False, enable_monitoring=False, footer_links=[], pwa=False, mcp_server=False,
        max_threads=200, state_session_capacity=SESSIONS, max_file_size=UPLOAD_DOOR, root_path=settings.root_path,
        theme=theme(), css=_styles(), head=_head(shown, examples(shown.locale.code), settings), app_kwargs=app_arguments,
    )  # fmt: skip
    lighten(blocks)
    logs.adopt("uvicorn", "uvicorn.error", "uvicorn.access")
    tracebacks.adopt()
    return Running(address, blocks)


def _styles() -> str:
    sheets = (HERE / "page.css", HERE / "usage" / "usage.css")
    return "".join(sheet.read_text(encoding="utf-8") for sheet in sheets) + words.code_css()


def _head(shown: Shown, chosen: list[Example], settings: Settings) -> str:
    """What stands in the page's head: its words, its examples, and the scripts that all components share."""
    locale = shown.locale
    given = {
        "words": {f"{part}.{key}": text for part in SPOKEN for key, text in locale.part(part).items()},
        "locale": locale.code,
        "direction": locale.direction,
        "alone": settings.mode == "local",
        "login": settings.mode == "login",
        "pictures": settings.offers.pictures,
        "upload": {"bytes": int(settings.uploads.megabytes * 2**20), "megabytes": settings.uploads.megabytes},
        "examples": [{"id": each.id, "prompt": each.request.prompt, "file": f"examples/{each.file}"} for each in chosen],
    }
    data = json.dumps(given, ensure_ascii=False).replace("<", "\\u003c")
    frame = (HERE / "frame.css").read_text(encoding="utf-8") + controls.style_pictures(shown)
    scripts = "\n".join((HERE / name).read_text(encoding="utf-8") for name in SCRIPTS)
    page = f"<style>{frame}</style><script>window.imagechat = {{given: {data}}};\n{scripts}</script>"
    return f'<meta name="color-scheme" content="light dark"><link rel="icon" href="favicon.ico">{page}'


def _bar(locale: Locale) -> str:
    """The few buttons beside the tabs; their deeds are in page.js."""
    say = locale.say
    return (
        f"<h1 class='unseen'>{escape(say('page.title'))}</h1>"
        f"<button type='button' class='icon' id='menu' aria-expanded='false' aria-controls='rail'"
        f" aria-label='{escape(say('page.menu'), quote=True)}'>☰</button>"
        f"<button type='button' id='shade'></button>"
        f"<p id='spoken' class='unseen' role='status'></p><div id='toasts' role='region' aria-live='polite'></div>"
    )
