"""Which addresses there are at all. What is not named here answers 404, in every access mode.

Gradio brings many more: a description of all functions, calls by name, proxies, streams, monitoring, its own uploads. Our page needs none
of them, and each would be one more door to guard. To open one for later use, add it to `GRADIO`, and to the walk in tests/web/test_door.py.
"""

import re
from collections.abc import Iterable

from starlette.routing import BaseRoute, Match
from starlette.types import Scope

GRADIO = re.compile(
    r"/(config/?|theme\.css|favicon\.ico|robots\.txt|(assets|static)/.+)?"
    r"|/gradio_api/(startup-events|component_server/?|run/predict/?)"
)
"""What of Gradio's the page asks for (seen in a browser): itself, its settings and files, its functions and events."""
EVERYBODY = re.compile(
    r"/(healthz|ready|metrics|theme\.css|favicon\.ico|robots\.txt)"
    r"|/(assets|static|examples|styles)/.+"
    r"|/(login|signup|logout|enter)(/.*)?"
    r"|/gradio_api/startup-events"
)
"""What needs no visitor: health, what is the same for everybody, and the way in. /metrics asks for its own token, and `startup-events`
is asked by Gradio itself at the start; it begins Gradio's queue once and says no more."""


def there(scope: Scope, ours: Iterable[BaseRoute]) -> bool:
    """Whether anything answers at this path."""
    return bool(GRADIO.fullmatch(scope["path"])) or any(route.matches(scope)[0] is not Match.NONE for route in ours)
