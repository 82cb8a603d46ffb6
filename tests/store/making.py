"""Rows to keep: small, whole values that tests bend to their needs."""

from datetime import datetime
from typing import Any

from imagechat.domain.jobs import Job, JobState, Place, Status
from imagechat.domain.records import Blob, Generation, Message, Thread
from imagechat.domain.requests import ChatRequest, ChatTurn, ImageRequest
from imagechat.domain.values import new_id, now
from imagechat.store.beginning import Beginning, Begun
from imagechat.store.threads import Threads

ANN, BEN = "owner", "01hzzzzzzzzzzzzzzzzzzzzzzz"


def thread(owner: str = ANN, **facts: Any) -> Thread:
    at = now()
    return Thread(**{"id": new_id(), "owner": owner, "title": "A fox in snow", "created": at, "updated": at, **facts})


def message(thread: Thread, role: str = "user", **facts: Any) -> Message:
    basics = {"id": new_id(), "owner": thread.owner, "thread": thread.id, "role": role, "kind": "image", "created": now()}
    return Message(**{**basics, **facts})


def image_request(prompt: str = "a fox in snow", **facts: Any) -> ImageRequest:
    return ImageRequest(**{"prompt": prompt, "model": "sketch", "seed": 7, "size": "512x512", **facts})


def job_for(reply: Message, **facts: Any) -> tuple[Job, JobState]:
    kind = facts.pop("kind", "image")
    asked = {"chat": chat_request()} if kind == "chat" else {"image": facts.pop("request", image_request())}
    job = Job(id=new_id(), owner=reply.owner, thread=reply.thread, message=reply.id, created=now(), **asked)
    basics = {"job": job.id, "thread": job.thread, "message": job.message, "kind": kind, "model": job.model, "created": job.created}
    return job, JobState(**{**basics, "places": () if kind == "chat" else (Place(),), **facts})


def chat_request() -> ChatRequest:
    return ChatRequest(model="guide", turns=(ChatTurn(role="user", text="hello"),))


class Said:
    """One kept turn: its question, its reply, its job."""

    def __init__(self, user: Message, reply: Message, job: Job, state: JobState, begun: Begun) -> None:
        self.user, self.reply, self.job, self.state, self.begun = user, reply, job, state, begun
        self.thread = begun.thread


async def said(threads: Threads, to: Thread | None = None, text: str = "a fox in snow", nonce: str | None = None, **facts: Any) -> Said:
    to = to or thread(title=text)
    user = message(to, text=text, nonce=nonce, kind=facts.get("kind", "image").replace("chat", "text"))
    reply = message(to, "assistant", parent=user.id)
    job, state = job_for(reply, **facts)
    begun = await threads.begin(Beginning(thread=to, user=user, reply=reply, job=job, state=state))
    return Said(user, reply, job, state, begun)


def blob(owner: str = ANN, **facts: Any) -> Blob:
    basics = {"id": new_id(), "owner": owner, "kind": "picture", "media_type": "image/png", "size": 3, "width": 512, "height": 512}
    return Blob(**{**basics, "created": now(), **facts})


def generation(said: Said, kept: Blob, **facts: Any) -> Generation:
    request = facts.pop("request", image_request())
    basics = {
        "id": new_id(),
        "owner": said.job.owner,
        "thread": said.job.thread,
        "message": said.job.message,
        "job": said.job.id,
        "place": 0,
        "blob": kept.id,
        "media_type": kept.media_type,
        "width": kept.width,
        "height": kept.height,
        "bytes": kept.size,
        "request": request,
        "sent": request.prompt,
        "alt": request.prompt,
        "drawn_by": request.model,
        "took": 1500,
        "price": 0,
        "created": now(),
    }
    return Generation(**{**basics, **facts})


def finished(state: JobState, at: datetime | None = None, **facts: Any) -> JobState:
    return state.model_copy(update={"status": Status.DONE, "stage": "done", "finished": at or now(), "version": state.version + 1, **facts})
