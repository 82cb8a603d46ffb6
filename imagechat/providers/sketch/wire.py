"""What travels between the app and its painter: frames of JSON facts and, beside them, bytes."""

import json
import struct
from typing import Any

HEAD = struct.Struct(">II")
Facts = dict[str, Any]


def pack(facts: Facts, data: bytes = b"") -> bytes:
    """One frame: two lengths in bytes, big-endian, then the facts as JSON, then `data`."""
    text = json.dumps(facts).encode()
    return HEAD.pack(len(text), len(data)) + text + data


def lengths(head: bytes) -> tuple[int, int]:
    """How many bytes of facts and of data follow `head`."""
    facts, data = HEAD.unpack(head)
    return facts, data


def facts_of(text: bytes) -> Facts:
    """The facts of a frame."""
    facts: Facts = json.loads(text)
    return facts
