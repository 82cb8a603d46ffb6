"""Everything that was made, newest first, without end, by pages that cost the same wherever they lie."""

import gradio as gr

from imagechat.domain.visitors import Visitor
from imagechat.shown import Json, Shown
from imagechat.studio import Studio
from imagechat.ui.doors import component


def lay(studio: Studio, shown: Shown) -> gr.HTML:
    """Place the component; its server function is one page."""

    async def fetch_pictures(visitor: Visitor, search: str = "", cursor: str | None = None) -> Json:
        version = studio.version(visitor)
        page = await studio.gallery(visitor, cursor=cursor, search=search[:500])
        return {"version": version, "pictures": [shown.picture(each) for each in page.items], "older": page.older}

    return component(__file__, shown, [fetch_pictures], "gallery")
