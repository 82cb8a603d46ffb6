"""What models are told in our name: `assets/prompts.toml`."""

import tomllib
from functools import cache

from imagechat.domain.requests import ChatRequest, ChatTurn
from imagechat.settings import ASSETS


@cache
def _texts() -> dict[str, str]:
    read = tomllib.loads((ASSETS / "prompts.toml").read_text(encoding="utf-8"))
    return {name: str(entry["text"]).strip() for name, entry in read.items()}


def instructed(request: ChatRequest) -> tuple[ChatTurn, ...]:
    """The turns as a language model gets them: as they are, or with the instruction for its task before them.

    A whole conversation that is to become a prompt goes as one turn, so that nobody answers its last one.
    """
    if request.task == "talk":
        return request.turns
    talk = "\n\n".join(f"{turn.role.capitalize()}: {turn.text}" for turn in request.turns)
    asked = (ChatTurn(role="user", text=talk),) if request.task == "picture" else request.turns
    return (ChatTurn(role="system", text=text(request.task)), *asked)


def text(name: str) -> str:
    """The text called `name`; "{prompt}" and the like in it are the caller's to fill."""
    return _texts()[name]
