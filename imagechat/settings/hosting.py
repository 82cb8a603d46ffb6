"""Hugging Face Spaces: what such a machine wants and has. Source: huggingface.co/docs/hub/spaces-storage, spaces-overview."""

import os
from pathlib import Path

PERSISTENT = Path("/data")
"""Where a Space's storage is, when it has one: all else on its disk is gone after a restart."""
EVERYWHERE = "0.0.0.0"  # noqa: S104
"""The address to listen on there: the machine's own network is the Space's proxy."""


def lasting(folder: Path = PERSISTENT) -> bool:
    """Whether `folder` is a disk of its own that can be written to."""
    return folder.is_mount() and os.access(folder, os.W_OK)


def within(folder: Path, disk: Path = PERSISTENT) -> bool:
    """Whether what lies in `folder` outlives a Space."""
    return folder.absolute().is_relative_to(disk) and lasting(disk)
