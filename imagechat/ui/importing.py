"""The import of Gradio without what it does there for others: half of an app's start."""

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any

STUBS = "gradio.component_meta"
TOOLS = "mcp"


@contextmanager
def lightly() -> Generator[None]:
    """Have Gradio's first import skip two things. Measured with gradio 6.31: `benchmarks/start.py`; docs/decisions/0025 says more.

    Stubs: with each component it defines, Gradio parses the module that it stands in twice and renders a stub (`.pyi`) for editors, to
    find the installed one the same: 2 of 5 seconds. Tools: it imports `mcp` for the server of that protocol, where it is installed; we
    start none: half a second.
    """
    finder = _Finder()
    absent = TOOLS not in sys.modules
    sys.meta_path.insert(0, finder)
    if absent:
        # What Python takes for a module that cannot be found (The import system, 5.3.1). Gradio can do without this one.
        sys.modules[TOOLS] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        if absent:
            del sys.modules[TOOLS]


class _Finder(importlib.abc.MetaPathFinder):
    """Finds Gradio's module of component classes as Python would, and has it loaded without the writer of stubs."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> importlib.machinery.ModuleSpec | None:
        spec = importlib.machinery.PathFinder.find_spec(name, path, target) if name == STUBS else None
        if spec and spec.loader:
            spec.loader = _Loader(spec.loader)
        return spec


class _Loader(importlib.abc.Loader):
    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        created: ModuleType | None = self._loader.create_module(spec)
        return created

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        # A release that calls it otherwise writes its stubs as before, and is only slower.
        module.create_or_modify_pyi = lambda *_: None  # type: ignore[attr-defined]
