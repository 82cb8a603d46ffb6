"""The pictures of an empty screen: each with the recipe that painted it."""

import tomllib
from dataclasses import dataclass
from typing import Any

from imagechat.domain.requests import ImageRequest
from imagechat.settings import ASSETS

FOLDER = ASSETS / "examples"


@dataclass(frozen=True)
class Example:
    """A prompt to click: `file` is its picture in assets/examples, `request` what painted it."""

    id: str
    file: str
    request: ImageRequest


def examples(language: str = "en") -> list[Example]:
    """All of them, in the order in which they are shown, with the words of `language` where there are some."""
    read = tomllib.loads((FOLDER / "examples.toml").read_text(encoding="utf-8"))
    return [_example(language, **entry) for entry in read["example"]]


def _example(language: str, id: str, file: str, prompts: dict[str, str], **recipe: Any) -> Example:
    told = {**recipe, "prompt": prompts.get(language, recipe["prompt"])}
    return Example(id, file, ImageRequest.model_validate({"model": "sketch", "quality": "standard", **told}))
