"""What Gradio remembers of each open page, without what only its deep links need, and we have none."""

from copy import copy
from typing import Any, cast

from gradio.blocks import Blocks
from gradio.state_holder import SessionState, StateHolder


class Session(SessionState):
    """One page: its components where an event changed them.

    Gradio's own keeps a copy of every component's configuration beside them and writes it anew at each event, so that a deep link could
    be made of it: 26 ms of the event loop for each page that is opened, and 0.1 MB.
    """

    def __init__(self, blocks: Blocks) -> None:
        self.blocks_config = copy(blocks.default_config)
        self.config_values: dict[int, Any] = {}
        self.state_data: dict[int, Any] = {}
        self._state_ttl: dict[int, Any] = {}
        self.is_closed = False
        self.STATE_TTL_WHEN_CLOSED = 3600  # seconds, as Gradio has it

    def __setitem__(self, key: int, value: Any) -> None:
        self.blocks_config.blocks[key] = value  # Values without a component (gr.State), which would stand elsewhere, there are none.

    def _update_config(self, key: int) -> None: ...

    def _update_value_in_config(self, key: int, value: Any) -> None: ...


class Sessions(StateHolder):
    """Those of all pages, the newest; one that is forgotten is made again when it asks."""

    def __getitem__(self, session_id: str) -> SessionState:
        """A page's, new where it is not known."""
        if session_id not in self.session_data:
            self.session_data[session_id] = Session(self.blocks)
        return super().__getitem__(session_id)


def lighten(blocks: Blocks) -> None:
    """Have the running app remember its pages so."""
    sessions = cast(Any, Sessions)()
    sessions.set_blocks(blocks)
    cast(Any, blocks).app.state_holder = sessions
