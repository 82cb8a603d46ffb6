"""A job's state while it is worked on, and what keeps steps of it whole."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any, TypeVar

from imagechat.domain.jobs import ErrorFacts, JobState, Status
from imagechat.domain.models import Note, Usage, Waiting
from imagechat.domain.values import now
from imagechat.errors import ImageChatError

T = TypeVar("T")
U = TypeVar("U")


class Report:
    """A job's state while it is worked on. `changed(urgent)` is called after every change."""

    def __init__(self, state: JobState, changed: Callable[["Report", bool], object]) -> None:
        self._state = state
        self._pieces: list[str] = []
        self._changed = changed
        self._used: Usage | None = None
        self.heard = 0
        """How often it was told what was used: once for each picture, where the model tells it."""
        self.ending = Status.CANCELLED
        """What a cancelled job becomes: stopped by the visitor, or interrupted by the end of this process."""

    @property
    def state(self) -> JobState:
        """The newest state, whole."""
        if self._pieces:
            text = self._state.text + "".join(self._pieces)
            self._state = self._state.model_copy(update={"text": text, "version": self._state.version + 1})
            self._pieces.clear()
        return self._state

    def change(self, *, urgent: bool = True, **changes: Any) -> None:
        """Set fields of the state."""
        state = self.state
        self._state = state.model_copy(update={**changes, "version": state.version + 1})
        self._changed(self, urgent)

    def place(self, index: int, *, urgent: bool = False, **changes: Any) -> None:
        """Set fields of place `index`."""
        places = list(self.state.places)
        places[index] = places[index].model_copy(update=changes)
        self.change(urgent=urgent, places=tuple(places))

    def say(self, text: str) -> None:
        """Add words to the reply; the first are shown at once."""
        first = not self._pieces and not self._state.text
        self._pieces.append(text)
        self._changed(self, first)

    def note(self, note: Note) -> None:
        """Add something worth knowing about the result, once."""
        if note not in self.state.notes:
            self.change(notes=(*self.state.notes, note))

    def wait(self, waiting: Waiting) -> None:
        """Tell that it is tried once more, when, and why."""
        held_by = ErrorFacts(code=waiting.code, reason=waiting.reason, retryable=True)
        self.change(stage="waiting", held_by=held_by, resumes=now() + timedelta(seconds=waiting.seconds))

    def resumed(self) -> None:
        """Something came from the model: a wait is over."""
        if self._state.resumes is not None:
            self.change(stage="generating", held_by=None, resumes=None)

    def use(self, usage: Usage) -> None:
        """Add what was used. Of sums with something unknown in them, nothing is known."""
        self.heard += 1
        had = self._used
        self._used = (
            usage if had is None else Usage(**{name: _sum(getattr(had, name), getattr(usage, name)) for name in Usage.model_fields})
        )
        self.change(urgent=False, **dict(self._used))


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def facts_of(error: ImageChatError) -> ErrorFacts:
    """`error` as it is stored and shown."""
    return ErrorFacts(code=error.code, reason=error.reason, retryable=error.retryable, facts=dict(error.facts))


async def unbroken(work: Coroutine[Any, Any, T]) -> T:
    """Finish `work` even while being cancelled; the cancellation goes on after it."""
    task = asyncio.create_task(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as asked:
            cancelled = asked
        except Exception:
            break
    if cancelled is not None and not task.cancelled():
        task.exception()
        raise cancelled
    return task.result()


async def both(first: Awaitable[T], second: Awaitable[U]) -> tuple[T, U]:
    """Do two things side by side and wait for both; raises what went wrong with the first, or with the second."""
    one, other = await asyncio.gather(first, second, return_exceptions=True)
    for got in (one, other):
        if isinstance(got, BaseException):
            raise got
    return one, other  # type: ignore[return-value]
