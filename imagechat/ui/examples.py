"""The pictures of an empty screen: each with the recipe that painted it."""

import tomllib
from dataclasses import dataclass

from imagechat.domain.requests import ImageRequest
from imagechat.settings import ASSETS

FOLDER = ASSETS / "examples"


@dataclass(frozen=True)
class Example:
    """A prompt to click: `file` is its picture in assets/examples, `request` what painted it."""

    id: str
    file: str
    request: ImageRequest


def examples() -> list[Example]:
    """All of them, in the order in which they are shown."""
    read = tomllib.loads((FOLDER / "examples.toml").read_text(encoding="utf-8"))
    return [
        Example(entry.pop("id"), entry.pop("file"), ImageRequest.model_validate({"model": "sketch", "quality": "standard", **entry}))
        for entry in read["example"]
    ]
