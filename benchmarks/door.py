"""The real app with a model that the house pays for and that answers at once, and a way to ask it without what visitors cost.

`python benchmarks/door.py --port P --data-dir D` serves. A request with the header `x-bench-visitor: ID` is that visitor's, without
identity, limits, reserve and settle: the middleware believes it, the others do nothing, in the job that comes of it too. `/bench/ended`
waits for the end of a job, `/bench/memory` tells what is held; with BENCH_TRACE=1 by whom.
"""

import asyncio
import gc
import io
import os
import sys
import time
import tracemalloc
from collections import Counter
from collections.abc import AsyncGenerator
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

import psutil
from PIL import Image
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

import app
from imagechat import feed, serving, settings
from imagechat.domain.models import ModelCard, ModelEvent, Picture, Standing, Usage
from imagechat.domain.requests import ImageOrder
from imagechat.domain.values import Size
from imagechat.domain.visitors import Visitor
from imagechat.limits import Limits
from imagechat.metrics import Metrics
from imagechat.providers import PROVIDERS, Embedded
from imagechat.store import jobs
from imagechat.store.ledger import Ledger
from imagechat.studio.submitting import Submitting
from imagechat.web.identity import Identity, check_door
from imagechat.web.live import Live

MODEL, PRICE = "bench-flash", 40_000
SIDE, FRAMES = Size.parse("64x64"), 12
BARE: ContextVar[bool] = ContextVar("bare", default=False)
ENDED: dict[str, float] = {}


@cache
def drawn() -> bytes:
    """A small picture, so that its file is little beside what is measured."""
    out = io.BytesIO()
    Image.effect_noise((64, 64), 60).save(out, "PNG")
    return out.getvalue()


class Flash:
    """Draws at once, for four cents of the house's."""

    card = ModelCard(
        id=MODEL, label="Flash", provider="bench", kind="image", sizes=(SIDE,), formats=("png",), seeds=True, price=PRICE,
        defaults={"size": "64x64", "format": "png"},
    )  # fmt: skip

    async def stream(self, order: ImageOrder) -> AsyncGenerator[ModelEvent]:
        """The picture and its price."""
        yield Picture(index=0, data=drawn(), media_type="image/png")
        yield Usage(input_tokens=20, output_tokens=1000, price=PRICE)


class Paid(Embedded):
    """A provider with a server, as far as anybody can tell: so its models are paid for."""

    standing = Standing(name="bench", address="none", key=True, models=1)


def optional(owner: Any, name: str, instead: Any = None) -> None:
    """Let `owner.name` do nothing but give `instead` where a request is asked for without it."""
    whole = getattr(owner, name)

    async def either(*given: Any, **named: Any) -> Any:
        return instead if BARE.get() else await whole(*given, **named)

    setattr(owner, name, either)


def switchable() -> None:
    """Have all parts that visitors cost go by the switch."""
    optional(Limits, "hit")
    optional(Submitting, "_hold")
    optional(Ledger, "settle", [])
    optional(jobs, "_spent")
    met, ended, routes = Identity.__call__, Metrics.ended, Live.routes

    async def meet(self: Identity, scope: Any, receive: Any, send: Any) -> None:
        name = Headers(scope=scope).get("x-bench-visitor") if scope["type"] == "http" else None
        if name is not None:
            BARE.set(True)
            check_door(scope, self.entrance)
            scope["state"] = {**scope.get("state", {}), "visitor": Visitor(id=name), "guest": None}
        await (self.app(scope, receive, send) if name is not None else met(self, scope, receive, send))

    def noted(self: Metrics, job: Any, state: Any) -> None:
        ENDED[job.id] = time.time()
        ended(self, job, state)

    bench = [Route("/bench/ended", waited), Route("/bench/memory", memory)]
    for owner, name, deed in ((Identity, "__call__", meet), (Metrics, "ended", noted), (Live, "routes", lambda self: routes(self) + bench)):
        setattr(owner, name, deed)


async def waited(request: Request) -> Response:
    """When a job was at its end, in seconds since the epoch."""
    job = request.query_params["job"]
    while job not in ENDED:
        await asyncio.sleep(0.005)
    return JSONResponse(ENDED.pop(job))


async def memory(request: Request) -> Response:
    """Bytes of the process; of what was allocated by whom, where that is traced; and how many sessions Gradio holds."""
    gc.collect()
    if os.environ.get("BENCH_TRACE") and not tracemalloc.is_tracing():
        tracemalloc.start(FRAMES)  # Not before: a start under it takes minutes.
    found = {"rss": psutil.Process().memory_info().rss, "sessions": len(request.app.state_holder.session_data)}
    return JSONResponse({**found, **(await asyncio.to_thread(traced) if tracemalloc.is_tracing() else {})})


def traced() -> dict[str, Any]:
    """Bytes by whose code is nearest to each allocation, and the dearest places of our own."""
    whose: Counter[str] = Counter(imagechat=0, gradio=0, others=0)
    places: Counter[str] = Counter()
    for trace in tracemalloc.take_snapshot().traces:
        near = next((name for frame in reversed(trace.traceback) if (name := owner_of(frame.filename))), "others")
        whose[near] += trace.size
        if near == "imagechat":
            frame = next(each for each in reversed(trace.traceback) if owner_of(each.filename) == near)
            places[f"{Path(frame.filename).name}:{frame.lineno}"] += trace.size
    return {**whose, "places": dict(places.most_common(200))}


@cache
def owner_of(file: str) -> str:
    """Whose a file is, where it is ours or Gradio's."""
    parts = Path(file).parts
    return next((name for name in ("gradio", "imagechat") if name in parts and "benchmarks" not in parts), "")


def main() -> None:
    """Serve, as app.py does."""
    asked = app.arguments(sys.argv[1:])
    chosen = settings.load(**{name: getattr(asked, name, None) for name in ("host", "port", "data_dir")})
    PROVIDERS["bench"] = lambda _: Paid(Flash())  # type: ignore[arg-type]
    switchable()
    feed.QUIET, feed.LOOK = 1.0, 0.5  # Who left is forgotten after two minutes; here nobody waits for that.
    serving.serve(chosen)


if __name__ == "__main__":
    main()
