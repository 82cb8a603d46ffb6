"""Write what is generated: the settings table in README.md, and .env.example. `python docs/make.py` in the project's root."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from imagechat.settings import rows  # noqa: E402

BEGIN, END = "<!-- settings: written by docs/make.py -->\n", "<!-- end of settings -->\n"


def table() -> str:
    """All settings as a markdown table."""
    lines = [f"| `{name}` | `{default}` | {sentence} |" for name, default, sentence in rows()]
    return "\n".join(["| setting | default | what it is |", "|---|---|---|", *lines]) + "\n"


def readme(text: str) -> str:
    """README.md with the table as it must be now."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}{table()}{END}{after}"


def example() -> str:
    """.env.example, whole: every setting with its sentence and its default, switched off."""
    head = (
        "# Copy this file to .env and take away the # before what you want to change. The environment and the command line win over it.\n"
    )
    return head + "".join(f"\n# {sentence}\n# {name}={default}\n" for name, default, sentence in rows())


def pages() -> dict[Path, str]:
    """Each generated file with the text that it must have."""
    return {ROOT / "README.md": readme((ROOT / "README.md").read_text("utf-8")), ROOT / ".env.example": example()}


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
