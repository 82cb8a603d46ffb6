"""What models are told in our name: `assets/prompts.toml`."""

import tomllib
from functools import cache

from imagechat.settings import ASSETS


@cache
def _texts() -> dict[str, str]:
    read = tomllib.loads((ASSETS / "prompts.toml").read_text(encoding="utf-8"))
    return {name: str(entry["text"]).strip() for name, entry in read.items()}


def text(name: str) -> str:
    """The text called `name`; "{prompt}" and the like in it are the caller's to fill."""
    return _texts()[name]
