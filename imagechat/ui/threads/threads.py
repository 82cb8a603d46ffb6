"""The list of chats at the side: new, search, rename, delete with undo."""

import gradio as gr

from imagechat.domain.visitors import Visitor
from imagechat.shown import Json, Shown
from imagechat.studio import Studio
from imagechat.ui.doors import component


def lay(studio: Studio, shown: Shown) -> gr.HTML:
    """Place the component; its server functions are the studio's verbs."""

    async def fetch_threads(visitor: Visitor, search: str = "", cursor: str | None = None) -> Json:
        version = studio.version(visitor)
        page = await studio.threads(visitor, cursor=cursor, search=search[:200])
        threads = [shown.thread(each) for each in page.items]
        return {"version": version, "threads": threads, "older": page.older, "running": studio.busy(visitor)}

    async def give_title(visitor: Visitor, thread: str, title: str) -> Json:
        return shown.thread(await studio.rename(visitor, thread, title))

    async def trash_thread(visitor: Visitor, thread: str) -> Json:
        return shown.thread(await studio.trash_thread(visitor, thread))

    async def restore_thread(visitor: Visitor, thread: str) -> Json:
        return shown.thread(await studio.restore_thread(visitor, thread))

    return component(__file__, shown, [fetch_threads, give_title, trash_thread, restore_thread], "threads")
