"""The conversation: turns as they were said, live cards for what is being made, actions under each picture."""

from typing import Literal

import gradio as gr

from imagechat.domain.records import NO_STYLE, Controls
from imagechat.domain.requests import ImageRequest
from imagechat.domain.values import Nonce
from imagechat.domain.visitors import Visitor
from imagechat.errors import NotFound
from imagechat.shown import Json, Shown
from imagechat.studio import Studio, Worded
from imagechat.ui.controls import chosen
from imagechat.ui.doors import Verb, component
from imagechat.ui.examples import Example


def lay(studio: Studio, shown: Shown, examples: list[Example]) -> gr.HTML:
    """Place the component; its server functions are the studio's verbs."""
    return component(
        __file__,
        shown,
        [*_reading(studio, shown), *_making(studio, examples), *_wording(studio, shown), *_tending(studio, shown)],
        "conversation",
    )


def _reading(studio: Studio, shown: Shown) -> list[Verb]:
    async def fetch_turns(visitor: Visitor, thread: str, before: str | None = None) -> Json:
        version = studio.version(visitor)
        page, kept = await studio.turns(visitor, thread, before=before), await studio.thread(visitor, thread)
        told = {"trashed": kept.trashed is not None, "private": bool(kept.private)}
        return {"version": version, "turns": await shown.turns(page.items), "older": page.older, **told}

    async def fetch_version(visitor: Visitor) -> Json:
        return {"version": studio.version(visitor)}

    async def fetch_details(visitor: Visitor, picture: str) -> Json:
        return shown.details(await studio.picture(visitor, picture))

    return [fetch_turns, fetch_version, fetch_details]


def _making(studio: Studio, examples: list[Example]) -> list[Verb]:
    async def ask_reroll(visitor: Visitor, picture: str, nonce: Nonce) -> Json:
        return (await studio.reroll(visitor, picture, nonce=nonce)).model_dump()

    async def ask_same_seed(visitor: Visitor, picture: str, nonce: Nonce) -> Json:
        return (await studio.reroll(visitor, picture, same_seed=True, nonce=nonce)).model_dump()

    async def ask_retry(visitor: Visitor, message: str, place: int | None, nonce: Nonce) -> Json:
        return (await studio.retry(visitor, message, place, nonce=nonce)).model_dump()

    async def ask_stop(visitor: Visitor, job: str) -> Json:
        return {"status": (await studio.cancel(visitor, job)).status}

    async def ask_vary(visitor: Visitor, picture: str, nonce: Nonce, settings: Json | None = None) -> Json:
        return (await studio.vary(visitor, picture, nonce=nonce, controls=chosen(settings) if settings else None)).model_dump()

    async def ask_words(  # noqa: PLR0917 (a page gives its arguments in order)
        visitor: Visitor, thread: str, prompt: str, nonce: Nonce, settings: Json | None = None, original: str | None = None
    ) -> Json:
        controls = chosen(settings) if settings else None
        return (await studio.draw_words(visitor, thread, prompt, original=original, nonce=nonce, controls=controls)).model_dump()

    async def ask_example(visitor: Visitor, thread: str, example: str, nonce: Nonce) -> Json:
        found = next((each for each in examples if each.id == example), None)
        if found is None:
            raise NotFound()
        wish = found.request
        return (await studio.draw(visitor, thread, wish, said=wish.prompt, nonce=nonce, controls=_settings(wish))).model_dump()

    return [ask_reroll, ask_same_seed, ask_vary, ask_retry, ask_stop, ask_words, ask_example]


def _wording(studio: Studio, shown: Shown) -> list[Verb]:
    async def ask_wording(visitor: Visitor, text: str, task: Literal["enhance", "reword"], nonce: Nonce, settings: Json) -> Json:
        return _worded(await studio.enhance(visitor, text, chosen(settings), task=task, nonce=nonce))

    async def ask_scene(visitor: Visitor, thread: str, nonce: Nonce, settings: Json) -> Json:
        return _worded(await studio.conversation_prompt(visitor, thread, chosen(settings), nonce=nonce))

    async def drop_wording(visitor: Visitor, nonce: Nonce) -> Json:
        await studio.drop_wording(visitor, nonce)
        return {}

    async def fetch_completion(visitor: Visitor, text: str, caret: int, settings: Json) -> Json:
        return {"suggestions": [shown.suggestion(each) for each in studio.complete(visitor, text, caret, chosen(settings))]}

    async def fetch_price(visitor: Visitor, text: str, settings: Json, pictures: int = 0, thread: str | None = None) -> Json:
        return shown.estimate(await studio.estimate(visitor, chosen(settings), text, pictures, thread=thread))

    def _worded(worded: Worded) -> Json:
        return {**worded.model_dump(), "by": shown.locale.say("chat.worded_by", model=worded.model, price=shown.price(worded.price))}

    return [ask_wording, ask_scene, drop_wording, fetch_completion, fetch_price]


def _settings(wish: ImageRequest) -> Controls:
    """What the composer is set to after an example: like it, but for the seed, so that the next picture is another."""
    size = str(wish.size) if wish.size else None
    return Controls(
        model=wish.model, image_model=wish.model, size=size, quality=wish.quality, style=wish.style or NO_STYLE, format=wish.format
    )


def _tending(studio: Studio, shown: Shown) -> list[Verb]:
    async def trash_picture(visitor: Visitor, picture: str) -> Json:
        return shown.picture(await studio.trash_picture(visitor, picture))

    async def restore_picture(visitor: Visitor, picture: str) -> Json:
        return shown.picture(await studio.restore_picture(visitor, picture))

    async def ask_report(visitor: Visitor, picture: str, reason: str) -> Json:
        await studio.report(visitor, picture, reason)
        return {"reported": True}

    return [trash_picture, restore_picture, ask_report]
