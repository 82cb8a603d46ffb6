"""The environment that tests and the app they start may see."""

import os
import re
from pathlib import Path

# A developer's own settings, keys and servers; GRADIO_* would move Gradio's folders, SPACE_* would make the app think that it is a Space.
FOREIGN = re.compile(r"IMAGECHAT_|GRADIO_|SPACE_|SYSTEM$|XDG_|.*_API_KEY$|OPENAI_|HF_|HUGGING_?FACE")


def foreign() -> list[str]:
    """Variables of this process that are nobody's business in a test."""
    return [name for name in os.environ if FOREIGN.match(name)]


def quiet(home: Path) -> dict[str, str]:
    """What a test has instead: a home of its own and no calls home."""
    return {"HOME": str(home), "GRADIO_ANALYTICS_ENABLED": "False"}
