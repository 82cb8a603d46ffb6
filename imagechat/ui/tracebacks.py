"""What Gradio prints when a call falls over goes into the log, where it is bounded, cleaned of keys and named by its request."""

import logging
import traceback
from typing import Any

from gradio import queueing, route_utils, routes, utils

log = logging.getLogger(__name__)


class _Told:
    """Python's `traceback`, but for what prints."""

    def __getattr__(self, name: str) -> Any:
        return getattr(traceback, name)

    def print_exc(self, *_: Any, **__: Any) -> None:
        """Log the fault at hand."""
        log.error("a call fell over in Gradio", exc_info=True)


def adopt() -> None:
    """Have Gradio's modules tell the log."""
    told = _Told()
    for module in (queueing, route_utils, routes, utils):
        module.traceback = told  # type: ignore[attr-defined]
