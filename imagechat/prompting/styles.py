"""Styles: each a readable template in `assets/styles.toml`, sent as words to models that have no such style of their own."""

import tomllib
from functools import cache

from imagechat.domain.models import ModelCard
from imagechat.domain.requests import ImageRequest
from imagechat.errors import NotOffered
from imagechat.settings import ASSETS


@cache
def templates() -> dict[str, str]:
    """Each style's template by its name; "{prompt}" stands for the visitor's words."""
    read = tomllib.loads((ASSETS / "styles.toml").read_text(encoding="utf-8"))
    return {name: str(entry["template"]) for name, entry in read.items()}


def offered(card: ModelCard) -> tuple[str, ...]:
    """The styles that can be chosen for `card`: its native ones, or every template."""
    return tuple(templates()) if card.styles is None else card.styles


def words(request: ImageRequest, card: ModelCard) -> str:
    """The words for the model: the prompt alone where the style is native or none, else the style's template around it.

    Raises: NotOffered("style") when there is no such style.
    """
    if request.style is None or card.styles is not None:
        return request.prompt
    template = templates().get(request.style)
    if template is None:
        raise NotOffered("style", model=card.id, given=request.style, offered=", ".join(templates()))
    return template.replace("{prompt}", request.prompt)
