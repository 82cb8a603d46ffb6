"""Rows into values and back. What is kept was checked when it was kept, so what is read is not checked again."""

import json
from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import Row, Table

from imagechat.domain.jobs import Job, JobState
from imagechat.domain.records import Blob, Controls, Generation, Message, Thread
from imagechat.domain.requests import ImageRequest, Input
from imagechat.domain.values import Value, is_id
from imagechat.errors import BadAddress, NotFound
from imagechat.store.tables import blobs, generations, messages, threads

T = TypeVar("T")
V = TypeVar("V", bound=Value)
Kept = Row[*tuple[Any, ...]]
_TABLES: dict[type[Value], Table] = {Thread: threads, Message: messages, Generation: generations, Blob: blobs}
_COLUMNS = {kind: tuple(table.c.keys()) for kind, table in _TABLES.items()}
_FIELDS = {kind: set(kind.model_fields) for kind in _TABLES}
_INPUTS = TypeAdapter(tuple[Input, ...])


def found(value: T | None) -> T:
    """`value`, which must be there.

    Raises: NotFound, also where it is somebody else's.
    """
    if value is None:
        raise NotFound()
    return value


def cursor_id(cursor: str) -> str:
    """A cursor that is an id.

    Raises: BadAddress("cursor") when it is anything else.
    """
    if not is_id(cursor):
        raise BadAddress("cursor")
    return cursor


def thread_row(thread: Thread) -> dict[str, Any]:
    """A thread as its row."""
    controls = thread.controls.model_dump_json() if thread.controls else None
    return {**dict(thread), "named": int(thread.named), "controls": controls}


def thread_of(row: Kept) -> Thread:
    """A row as its thread."""
    kept = _kept(Thread, row)
    controls = Controls.model_validate_json(row.controls) if row.controls else None
    return _built(Thread, {**kept, "named": bool(row.named), "controls": controls})


def message_row(message: Message) -> dict[str, Any]:
    """A message as its row."""
    request = message.request.model_dump_json() if message.request else None
    return {**dict(message), "request": request, "inputs": _INPUTS.dump_json(message.inputs).decode()}


def message_of(row: Kept) -> Message:
    """A row as its message."""
    kept = _kept(Message, row)
    kept["request"] = ImageRequest.model_validate_json(row.request) if row.request else None
    kept["inputs"] = _INPUTS.validate_json(row.inputs) if row.inputs != "[]" else ()
    return _built(Message, kept)


def job_row(job: Job, state: JobState) -> dict[str, Any]:
    """A job and its state as one row."""
    named = {"id": job.id, "owner": job.owner, "thread": job.thread, "message": job.message, "kind": state.kind, "model": job.model}
    return {**named, **state_row(state), "created": job.created, "request": _request(job)}


def _request(job: Job) -> str:
    # What was said lies in the thread: a job that carried it too would make long chats grow by their square.
    chat = job.chat.model_copy(update={"turns": ()}) if job.chat else None
    return job.model_copy(update={"chat": chat}).model_dump_json()


def state_row(state: JobState) -> dict[str, Any]:
    """What of a job's row its state decides."""
    times = {"started": state.started, "finished": state.finished}
    used = {"input_tokens": state.input_tokens, "output_tokens": state.output_tokens, "price": state.price}
    error = state.error.code if state.error else None
    return {"status": state.status.value, "version": state.version, **times, **used, "error": error, "state": state.model_dump_json()}


def state_of(row: Kept) -> JobState:
    """The state in a job's row."""
    return JobState.model_validate_json(row.state)


def job_of(row: Kept) -> Job:
    """A row as its job."""
    return Job.model_validate_json(row.request)


def generation_row(generation: Generation) -> dict[str, Any]:
    """A picture as its row."""
    documents = {"usage": _json(generation.usage), "notes": _json(generation.notes)}
    return {**dict(generation), **documents, "request": generation.request.model_dump_json()}


def generation_of(row: Kept) -> Generation:
    """A row as its picture."""
    kept = _kept(Generation, row)
    kept["request"] = ImageRequest.model_validate_json(row.request)
    kept["usage"] = json.loads(row.usage) if row.usage != "{}" else {}
    kept["notes"] = tuple(json.loads(row.notes)) if row.notes != "[]" else ()
    return _built(Generation, kept)


def blob_of(row: Kept) -> Blob:
    """A row as its blob."""
    return _built(Blob, _kept(Blob, row))


def in_order(ids: Iterable[str], by_id: dict[str, T]) -> list[T]:
    """What was found, in the order that was asked for.

    Raises: NotFound when one is missing.
    """
    return [found(by_id.get(one)) for one in ids]


def _built(kind: type[V], facts: dict[str, Any]) -> V:
    """What `model_construct` makes of complete and checked facts, at a fifth of its cost, which a page of pictures feels."""
    value = kind.__new__(kind)
    object.__setattr__(value, "__dict__", facts)
    object.__setattr__(value, "__pydantic_fields_set__", _FIELDS[kind])
    object.__setattr__(value, "__pydantic_extra__", None)
    object.__setattr__(value, "__pydantic_private__", None)
    return value


def _kept(kind: type[Value], row: Kept) -> dict[str, Any]:
    kept = dict(zip(_COLUMNS[kind], row, strict=True))
    kept.pop("number", None)
    if "private" in kept:
        kept["private"] = bool(kept["private"])
    return kept


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
