"""A reverse proxy at a path of a host, of the two kinds there are: one takes the path away, the other passes it on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class Proxy:
    """Below `path` it hands requests to `port`, and says as `host` over `scheme` who asked; all else is 404."""

    def __init__(self, port: int, path: str, *, strips: bool, host: str = "", scheme: str = "https") -> None:
        self.port, self.path, self.strips, self.host, self.scheme = port, path, strips, host, scheme
        self.asked: list[str] = []
        self.address = ""

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Proxy"]:
        """Listen on a loopback port until the block ends."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}{self.path}"
        try:
            yield self
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request of one connection; its answer ends with the connection."""
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            method, target, version = head.split("\r\n", 1)[0].split(" ")
            self.asked.append(target)
            if not target.startswith((f"{self.path}/", f"{self.path}?")) and target != self.path:
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            else:
                passed = (target.removeprefix(self.path) or "/") if self.strips else target
                await self._pass(f"{method} {passed} {version}", head.split("\r\n")[1:-2], reader, writer)
            await writer.drain()
        writer.close()

    async def _pass(self, first: str, headers: list[str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        kept = {line.partition(":")[0].lower(): line.partition(":")[2].strip() for line in headers}
        host = self.host or kept.get("host", "")
        said = {"host": host, "x-forwarded-host": host, "x-forwarded-proto": self.scheme, "x-forwarded-for": "203.0.113.7"}
        lines = [first, *(f"{name}: {value}" for name, value in {**kept, **said, "connection": "close"}.items())]
        back, on = await asyncio.open_connection("127.0.0.1", self.port)
        on.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
        asking = asyncio.create_task(_pour(reader, on))
        await _pour(back, writer)
        asking.cancel()
        on.close()


async def _pour(source: asyncio.StreamReader, into: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65536):
            into.write(data)
            await into.drain()
