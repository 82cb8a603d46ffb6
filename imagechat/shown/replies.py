"""The words of replies as HTML, rendered where nobody has to wait for them."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from imagechat import words
from imagechat.domain.jobs import JobState
from imagechat.domain.records import Turn

Json = dict[str, Any]
RENDERED = 512
INLINE = 2_000
"""Characters that are rendered on the event loop, in a few milliseconds; more of them would keep everybody waiting."""


@dataclass(slots=True)
class Reading:
    """How far one reader of a live reply has come: `had` closed blocks were sent."""

    stream: words.Stream
    had: int = 0


Readings = dict[str, Reading]


class Reply(NamedTuple):
    """The words of a reply, and whether no more will come."""

    message: str
    text: str
    over: bool


class Replies:
    """Renders replies, and remembers the newest that are over."""

    def __init__(self, labels: words.Labels) -> None:
        self.labels = labels
        self._rendered: OrderedDict[tuple[str, int], str] = OrderedDict()

    async def step(self, job: JobState, readings: Readings) -> Json:
        """What a live reader gets of a reply: the blocks that closed since the last time, and the open end anew."""
        if not job.text:
            return {}
        reading = readings.setdefault(job.job, Reading(words.Stream(self.labels)))
        short = reading.stream.unread(job.text) <= INLINE
        got = reading.stream.feed(job.text) if short else await asyncio.to_thread(reading.stream.feed, job.text)
        had, reading.had = reading.had, len(got.closed)
        return {"words": {"from": had, "closed": list(got.closed[had:]), "tail": got.tail}}

    async def html(self, replies: Iterable[Reply]) -> dict[str, str]:
        """Replies by their messages, rendered in a thread; those that are over are remembered, the others will not be asked for again."""
        asked = {(each.message, len(each.text)): each for each in replies}
        html = {key: self._rendered[key] for key in asked if key in self._rendered}
        fresh = [each for key, each in asked.items() if key not in html]
        if fresh:
            made = await asyncio.to_thread(lambda: [words.render(each.text, self.labels) for each in fresh])
            for each, text in zip(fresh, made, strict=True):
                html[each.message, len(each.text)] = text
                if each.over:
                    self._remember(each, text)
        return {message: text for (message, _), text in html.items()}

    def _remember(self, reply: Reply, html: str) -> None:
        self._rendered[reply.message, len(reply.text)] = html
        while len(self._rendered) > RENDERED:
            self._rendered.popitem(last=False)


def reply_of(turn: Turn) -> Reply:
    """A turn's reply as far as it came; of a person's own words nothing."""
    text = turn.job.text if turn.job and turn.job.text else turn.message.text
    over = turn.job is None or turn.job.status.final
    return Reply(turn.message.id, text if turn.message.role == "assistant" else "", over)
