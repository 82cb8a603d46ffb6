"""A house with a provider that has a bad day, and what holds after each of them.

`FLARE` and `WORDS` are asked in OpenAI's own dialect, `OLDER` in that of servers of one's own.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from imagechat import i18n
from imagechat.bootstrap import House
from imagechat.domain.jobs import Status
from imagechat.domain.records import Turn
from imagechat.studio import Ask, Receipt
from tests.asking import ANN, ask, ended
from tests.fakes.provider import Provider
from tests.test_work import whole

FLARE, OLDER, WORDS = "gpt-image-2.5-flare", "dall-e-3", "gpt-6-luna"
PATIENCE = 2.0
EVERY = (FLARE, OLDER, WORDS)
PICTURES = (FLARE, OLDER)
HALF = "word0 word1 word2 word3 word4 word5 word6 "
"""What a reply has before its middle."""
UNBILLED = (
    "bad_key.wrong", "bad_key.no_access", "bad_key.no_credit", "declined", "declined.model", "declined.context", "blocked",
    "overloaded.rate", "overloaded.busy", "unreachable.refused", "unreachable.no_address",
)  # fmt: skip


@dataclass
class Day:
    """A house with a provider."""

    house: House
    server: Provider

    async def say(self, says: str, model: str, **facts: Any) -> Receipt:
        return await self.house.studio.say(ANN, asked(says, model, **facts))

    async def said(self, says: str, model: str, **facts: Any) -> Turn:
        return await ended(self.house.studio, ANN, await self.say(says, model, **facts))


def asked(says: str, model: str, **facts: Any) -> Ask:
    return ask(f"a fox {says}", model, **({} if model == WORDS else {"size": "1024x1024"}), **facts)


def requests(server: Provider) -> int:
    """How often a reply or a picture was asked for."""
    return sum(each.method == "POST" for each in server.asked)


def words(turn: Turn) -> str:
    """What a person reads of the failure."""
    error = turn.job.error
    return i18n.locale("en").error(error.code, error.reason, error.facts)


async def failed(day: Day, turn: Turn, error: str, *, asked: int = 1, text: str | None = None) -> None:
    """It failed with `error`, is told so, and left nothing but what is whole."""
    assert turn.job.status is Status.FAILED
    code, _, reason = error.partition(".")
    assert (turn.job.error.code, turn.job.error.reason) == (code, reason)
    assert "{" not in words(turn) and "None" not in words(turn) and "sk-" not in words(turn) and words(turn)[-1] in ".?:]"
    assert turn.pictures == () and (await day.house.studio.gallery(ANN)).items == ()
    assert all(place.status == "failed" for place in turn.job.places)
    if turn.job.kind == "chat":
        assert turn.message.text == (text or "")
    assert turn.job.price == (0 if error in UNBILLED else None), "what may have been charged is never told to be nothing"
    assert requests(day.server) == asked
    await left(day.server)
    await whole(day.house)


async def left(server: Provider) -> None:
    """Nobody waits for the server any more."""
    async with asyncio.timeout(30):
        while server.open:
            await asyncio.sleep(0.01)


async def fine(day: Day, turn: Turn) -> None:
    """It is done, and whole."""
    assert (turn.job.status, turn.job.error) == (Status.DONE, None)
    if turn.job.kind == "chat":
        assert turn.message.text.strip() == " ".join(f"word{index}" for index in range(12))
    else:
        assert len(turn.pictures) == turn.message.request.count
    await left(day.server)
    await whole(day.house)
