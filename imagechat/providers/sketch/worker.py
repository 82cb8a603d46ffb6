"""The painter's process: tasks come in on stdin, frames go out on stdout, and it ends when stdin closes."""

import os
import signal
import sys
from collections.abc import Iterator
from queue import SimpleQueue
from threading import Thread
from typing import BinaryIO

signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the app's; the app then closes our stdin.

from imagechat.providers.sketch import wire  # noqa: E402
from imagechat.providers.sketch.encode import encoded, reduced  # noqa: E402
from imagechat.providers.sketch.over import paint_over  # noqa: E402
from imagechat.providers.sketch.paint import Done, Painted, paint  # noqa: E402
from imagechat.providers.sketch.spec import Task, read_task  # noqa: E402


def read_tasks(source: BinaryIO, tasks: "SimpleQueue[tuple[bytes, bytes]]") -> None:
    """Hand on what comes in; end the process at once when the app is gone, even in mid-picture."""
    while len(head := source.read(wire.HEAD.size)) == wire.HEAD.size:
        facts, data = wire.lengths(head)
        tasks.put((source.read(facts), source.read(data)))
    os._exit(0)


def frames(task: Task) -> Iterator[bytes]:
    """Every frame of one picture: steps and previews, then the picture."""
    for stage in paint_over(task) if task.picture else paint(task):
        match stage:
            case Painted():
                yield wire.pack({"event": "step", "step": stage.step, "of": stage.of, "doing": stage.doing})
                if stage.partial is not None:
                    media_type, data = reduced(stage.partial)
                    yield wire.pack({"event": "preview", "media_type": media_type}, data)
            case Done():
                media_type, data = encoded(stage.pixels, task.format)
                yield wire.pack({"event": "picture", "media_type": media_type}, data)


def give_back_memory() -> None:
    """Return freed memory to the system, where the C library can (glibc)."""
    import ctypes

    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


def main() -> None:
    """Paint what is asked, one task after the other."""
    # Frames own stdout: whatever else prints goes to stderr.
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    tasks: SimpleQueue[tuple[bytes, bytes]] = SimpleQueue()
    Thread(target=read_tasks, args=(sys.stdin.buffer, tasks), daemon=True).start()
    while True:
        task = read_task(*tasks.get())
        try:
            for frame in frames(task):
                send(out, frame)
        except Exception as error:
            send(out, wire.pack({"event": "failed", "reason": type(error).__name__, "message": str(error)[:300]}))
        send(out, wire.pack({"event": "end"}))
        give_back_memory()


def send(out: BinaryIO, frame: bytes) -> None:
    """Write the whole frame; a pipe may take it in pieces."""
    rest = memoryview(frame)
    while rest:
        rest = rest[out.write(rest) :]


if __name__ == "__main__":
    main()
