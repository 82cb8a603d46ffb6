"""What a page is shown of turns, jobs, pictures and threads: plain JSON, in the locale's words. Bytes go by address, never in here."""

import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from pydantic import ValidationError

from imagechat import words
from imagechat.domain.jobs import ErrorFacts, JobState, Status
from imagechat.domain.models import Note
from imagechat.domain.records import Generation, Message, Thread, Turn
from imagechat.domain.values import now
from imagechat.errors import BadInput, ImageChatError
from imagechat.feed import Changes
from imagechat.i18n import Locale
from imagechat.shown.names import Names
from imagechat.shown.replies import Readings, Replies, Reply, reply_of

log = logging.getLogger(__name__)
Json = dict[str, Any]


class Shown(Names):
    """Values → JSON, with one locale's words. `refused` hears of what people are refused; `draws`: whether pictures are made here."""

    def __init__(self, locale: Locale, refused: Callable[[ImageChatError], object] = lambda fault: None, *, draws: bool = True) -> None:
        super().__init__(locale)
        self.refused = refused
        self.replies = Replies(words.Labels(copy=locale.say("chat.copy"), draw=locale.say("chat.draw_this") if draws else None))

    def thread(self, thread: Thread) -> Json:
        """One entry of the thread list."""
        return {
            "id": thread.id,
            "title": thread.title,
            "updated": thread.updated.isoformat(),
            "trashed": thread.trashed is not None,
        }

    async def turns(self, turns: Iterable[Turn]) -> list[Json]:
        """Turns with their replies as HTML; rendering happens off the event loop."""
        chosen = list(turns)
        html = await self.replies.html(reply for turn in chosen if (reply := reply_of(turn)).text)
        return [self.turn(turn, html.get(turn.message.id)) for turn in chosen]

    def turn(self, turn: Turn, html: str | None = None) -> Json:
        """One turn: whose it is, its words (`html`, if they do not come beside it), its job, its pictures by place."""
        message = turn.message
        return {
            "id": message.id,
            "thread": message.thread,
            "parent": message.parent,
            "role": message.role,
            "kind": message.kind,
            "model": message.model,
            "origin": message.origin,
            "created": message.created.isoformat(),
            "text": message.text if message.role == "user" else "",
            "nonce": message.nonce,
            "html": html,
            "inputs": [f"media/{each.blob}" for each in message.inputs],
            "prompt": message.request.prompt if message.request else None,
            "size": self._size(message),
            "job": self.job(turn.job) if turn.job else None,
            "pictures": {str(each.place): self.picture(each) for each in turn.pictures},
        }

    def job(self, state: JobState) -> Json:
        """A job's state without its words: those go as HTML beside it."""
        return {
            "id": state.job,
            "message": state.message,
            "thread": state.thread,
            "kind": state.kind,
            "model": state.model,
            "status": state.status,
            "stage": state.stage,
            "final": state.status.final,
            "started": state.started.isoformat() if state.started else None,
            "took": (state.finished - state.started).total_seconds() if state.finished and state.started else None,
            "elapsed": (now() - state.started).total_seconds() if state.started else 0,
            "expected": state.expected,
            "ahead": state.ahead,
            "places": [self._place(place) for place in state.places],
            "notes": self.notes(state.notes),
            "error": self.failure(state.error),
            "held": self._held(state),
            "charged": state.status in (Status.CANCELLED, Status.INTERRUPTED) and state.started is not None and state.price is None,
            "used": self._used(state),
            "total": self.locale.say("details.total", price=self.price(state.price)) if len(state.places) > 1 else None,
        }

    def notes(self, notes: Iterable[Note]) -> list[str]:
        """What is worth knowing about a result, in words."""
        return [self.locale.say(f"notes.{note.code}", **note.facts) for note in notes]

    def _held(self, state: JobState) -> Json | None:
        """Why a job waits to try once more, and for how many seconds still."""
        if state.held_by is None or state.resumes is None:
            return None
        left = max(0.0, (state.resumes - now()).total_seconds())
        return {"text": self.locale.say(f"stages.held.{state.held_by.code}", model=state.model), "left": left}

    def _used(self, state: JobState) -> list[str]:
        """Tokens and price of a reply; of one that costs nothing and counts nothing there is nothing to say."""
        if state.kind != "chat" or not state.status.final or (state.input_tokens is None and state.output_tokens is None):
            return []
        tokens = self.locale.say("details.tokens_used", input=state.input_tokens or 0, output=state.output_tokens or 0)
        return [tokens, self.price(state.price)]

    def _place(self, place: Any) -> Json:
        doing = f"stages.doing.{place.doing}"
        return {
            "status": place.status,
            "preview": f"media/{place.preview}" if place.preview else None,
            "generation": place.generation,
            "step": place.step,
            "of": place.of,
            "doing": self.locale.say(doing) if place.doing and self.locale.knows(doing) else "",
            "error": self.failure(place.error),
        }

    def picture(self, made: Generation) -> Json:
        """A picture as a card or a thumbnail shows it."""
        return {
            "id": made.id,
            "message": made.message,
            "thread": made.thread,
            "place": made.place,
            "url": f"media/{made.blob}",
            "thumb": f"media/{made.blob}/thumb",
            "download": f"media/{made.blob}/download",
            "width": made.width,
            "height": made.height,
            "alt": made.alt,
            "prompt": made.request.prompt,
            "seeded": made.request.seed is not None,
            "trashed": made.trashed is not None,
            "meta": self._meta(made),
            **({"private": True} if made.private else {}),
        }

    def source(self, made: Generation) -> Json:
        """A picture as it goes along with a message."""
        picture = self.picture(made)
        return {name: picture[name] for name in ("id", "thumb", "alt", "prompt", "url")} | {
            "bytes": made.bytes,
            "media_type": made.media_type,
        }

    def _meta(self, made: Generation) -> list[str]:
        wish = made.request
        style = self.style(wish.style) if wish.style else None
        parts = [made.drawn_by, f"{made.width}×{made.height}", wish.quality and self.quality(wish.quality), style]
        return [*(part for part in parts if part), self._seconds(made.took / 1000), self.price(made.price)]

    def details(self, made: Generation) -> Json:
        """Everything that is known about a picture, as rows of (name, value)."""
        wish = made.request
        say = self.locale.say
        notes = [say(f"notes.{note['code']}", **note.get("facts", {})) for note in made.notes]
        squeezed = wish.options.get("compression")
        tokens = [made.usage.get(name) for name in ("input_tokens", "output_tokens")]
        rows = [
            ("prompt", wish.prompt),
            ("original_words", wish.original),
            ("sent", made.sent if made.sent != wish.prompt else None),
            ("revised", made.usage.get("revised_prompt")),
            ("model", made.drawn_by),
            ("size", f"{made.width}×{made.height}"),
            ("quality", wish.quality and self.quality(wish.quality)),
            ("style", self.style(wish.style) if wish.style else say("composer.no_style")),
            ("seed", wish.seed),
            ("format", made.media_type.removeprefix("image/").upper()),
            ("compression", squeezed),
            ("inputs", len(wish.inputs) or None),
            ("background", wish.background and say(f"composer.backgrounds.{wish.background}")),
            ("take", wish.take + 1 if wish.take else None),
            ("bytes", self.bytes(made.bytes)),
            ("took", self._seconds(made.took / 1000)),
            ("tokens", say("details.tokens_used", input=tokens[0], output=tokens[1]) if None not in tokens else None),
            ("price", self.price(made.price)),
            ("repeat", say("details.repeat_exactly") if wish.seed is not None else say("details.repeat_not")),
            ("notes", " ".join(notes) or None),
            ("created", made.created.isoformat()),
        ]
        shown = [{"name": name, "label": say(f"details.{name}"), "value": str(value)} for name, value in rows if value not in (None, "")]
        return {**self.picture(made), "rows": shown}

    def failure(self, error: ErrorFacts | None) -> Json | None:
        """An error in words, and whether trying again makes sense."""
        if error is None:
            return None
        text = self.fault(error.code, error.reason, error.facts)
        return {"text": text, "retryable": error.retryable, "code": error.code, "reason": error.reason}

    def refusal(self, error: ImageChatError) -> Json:
        """What a verb refused, for the page to show."""
        self.refused(error)
        text = self.fault(error.code, error.reason, error.facts)
        point = {name: error.facts[name] for name in ("at", "length") if name in error.facts}
        return {"error": {"code": error.code, "reason": error.reason, "text": text, "status": error.status, **point}}

    async def step(self, changes: Changes, readings: Readings) -> Json:
        """One step of the live stream; `readings` remembers which blocks of a reply this reader has had."""
        return self._changes(changes, [await self.replies.step(job, readings) for job in changes.jobs])

    async def now(self, changes: Changes) -> Json:
        """The same for a tab in the background: only the words of replies that ended, of which no stream will tell it again."""
        html = await self.replies.html(Reply(job.message, job.text, over=True) for job in changes.jobs if job.text and job.status.final)
        whole = {message: {"words": {"from": 0, "closed": [text], "tail": ""}} for message, text in html.items()}
        return self._changes(changes, [whole.get(job.message, {}) for job in changes.jobs])

    def _changes(self, changes: Changes, beside: Iterable[Json]) -> Json:
        if changes.reset:
            return {"version": changes.version, "reset": True}
        return {
            "version": changes.version,
            "threads": [self.thread(thread) for thread in changes.threads],
            "turns": [self.turn(turn) for turn in changes.turns],
            "jobs": [{**self.job(job), **more} for job, more in zip(changes.jobs, beside, strict=True)],
            "pictures": [self.picture(made) for made in changes.pictures],
        }

    @staticmethod
    def _size(message: Message) -> list[int] | None:
        size = message.request.size if message.request else None
        return [size.width, size.height] if size else None


async def answered(shown: Shown, act: Callable[[], Awaitable[Json]]) -> Json:
    """What `act` gives, or why it was refused, in words: both front ends' one catcher of what goes wrong in a verb."""
    try:
        return await act()
    except ImageChatError as fault:
        return shown.refusal(fault)
    except ValidationError as fault:
        why = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in fault.errors()[:3])
        return shown.refusal(BadInput("bad_request", why=why))
    except Exception:
        log.exception("a request from the page failed")
        return shown.refusal(ImageChatError())
