"""A request as it came over the socket."""

import asyncio
import json
from dataclasses import dataclass, field
from email.parser import BytesParser
from functools import cached_property
from typing import Any

Json = dict[str, Any]


@dataclass
class Asked:
    """A request as it came: the bytes, and what they say."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = field(repr=False)

    @cached_property
    def said(self) -> Json:
        """The JSON object, or a form's fields."""
        return self._form[0] if "multipart" in self.headers.get("content-type", "") else json.loads(self.body or b"{}")

    @cached_property
    def files(self) -> list[tuple[str, str, bytes]]:
        """A form's files as (field, name, bytes)."""
        return self._form[1]

    @cached_property
    def prompt(self) -> str:
        """The words of the newest turn, or those of a picture."""
        if "messages" not in self.said:
            return str(self.said.get("prompt", ""))
        newest = next(turn["content"] for turn in reversed(self.said["messages"]) if turn["role"] == "user")
        return newest if isinstance(newest, str) else " ".join(part.get("text", "") for part in newest)

    @cached_property
    def _form(self) -> tuple[Json, list[tuple[str, str, bytes]]]:
        head = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        fields: Json = {}
        files = []
        for part in BytesParser().parsebytes(head + self.body).get_payload():
            name, data = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
            if part.get_filename() is None:
                fields[name] = data.decode()
            else:
                files.append((name, part.get_filename(), data))
        return fields, files


async def read(reader: asyncio.StreamReader) -> Asked | None:
    """The next request on this connection; None at its end. Source: RFC 9112."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.rstrip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    method, path, _ = first.split(" ")
    return Asked(method, path, headers, await reader.readexactly(int(headers.get("content-length", 0))))
