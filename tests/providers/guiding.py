"""A talk with Guide, as its tests have it."""

import re

from imagechat.domain.requests import ChatTurn, LoadedPicture
from imagechat.providers.guide.answers import answer
from imagechat.providers.guide.book import book


def asked(*texts: str, pictures: tuple[LoadedPicture, ...] = ()) -> str:
    """The reply to the last of a person's turns; the replies between are Guide's own."""
    turns: list[ChatTurn] = []
    for text in texts:
        turns.append(ChatTurn(role="user", text=text, pictures=pictures if text is texts[-1] else ()))
        turns.append(ChatTurn(role="assistant", text=answer(turns)))
    return turns[-1].text


def prompts(reply: str) -> list[str]:
    return re.findall(r"```prompt\n(.*?)\n```", reply, re.DOTALL)


def answered(topic: str, language: str = "en") -> str:
    own = book(language)
    return own.fill(next(one.answer for one in own.topics if one.id == topic))
