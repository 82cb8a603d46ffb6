"""Hugging Face Spaces: what such a machine wants and has. Source: huggingface.co/docs/hub/spaces-storage, spaces-overview."""

import os
from pathlib import Path

PERSISTENT = Path("/data")
"""Where a Space's storage is, when it has one: all else on its disk is gone after a restart."""
EVERYWHERE = "0.0.0.0"  # noqa: S104
"""The address to listen on there: the machine's own network is the Space's proxy."""


def lasting(folder: Path | None = None) -> bool:
    """Whether `folder`, /data if none is said, is a disk of its own that can be written to."""
    folder = folder or PERSISTENT
    return folder.is_mount() and os.access(folder, os.W_OK)


def outlives(folder: Path) -> bool:
    """Whether what lies in `folder` is still there after a Space's restart."""
    return folder.absolute().is_relative_to(PERSISTENT) and lasting()
