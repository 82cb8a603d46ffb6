"""Styles: each a readable template in `assets/styles.toml`, sent as words to models that have no such style of their own."""

import tomllib
from functools import cache

from imagechat.domain.models import ModelCard
from imagechat.domain.requests import ImageRequest
from imagechat.errors import NotOffered
from imagechat.prompting import texts
from imagechat.settings import ASSETS


@cache
def templates() -> dict[str, str]:
    """Each style's template by its name; "{prompt}" stands for the visitor's words."""
    read = tomllib.loads((ASSETS / "styles.toml").read_text(encoding="utf-8"))
    return {name: str(entry["template"]) for name, entry in read.items()}


def offered(card: ModelCard) -> tuple[str, ...]:
    """The styles that can be chosen for `card`: its native ones, and every template where it takes words for a style."""
    return tuple(dict.fromkeys((*card.styles, *templates()))) if card.worded_styles else card.styles


def words(request: ImageRequest, card: ModelCard) -> str:
    """The words for the model: the prompt, in the style's template where the style is not native, with what a variation is to be.

    Raises: NotOffered("style") when there is no such style.
    """
    prompt = request.prompt
    if request.style is not None and request.style not in card.styles:
        template = templates().get(request.style) if card.worded_styles else None
        if template is None:
            raise NotOffered("style", model=card.id, given=request.style, offered=", ".join(offered(card)))
        prompt = template.replace("{prompt}", prompt)
    return texts.text("variation").replace("{prompt}", prompt) if request.variation else prompt
