"""The two ways in from the page: our components' server functions and Gradio's events. Both put errors into words (`answered`)."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.routes import ORJSONResponse
from pydantic import validate_call

from imagechat.domain.visitors import Visitor
from imagechat.errors import Refused
from imagechat.shown import Json, Shown, answered

Verb = Callable[..., Awaitable[Json]]


def visitor_of(request: Any) -> Visitor:
    """The visitor that the guard before every request found. Raises: Refused when none did."""
    found = getattr(getattr(request, "request", request).state, "visitor", None)
    if not isinstance(found, Visitor):
        raise Refused()
    return found


def well_formed(given: Any) -> Any:
    """What came from the browser, with U+FFFD for each half of a character: JavaScript's strings may hold one, no file or database can."""
    if isinstance(given, str):
        return given if given.isascii() else given.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(given, list):
        return [well_formed(each) for each in given]
    return {key: well_formed(value) for key, value in given.items()} if isinstance(given, dict) else given


def server_function(shown: Shown, verb: Verb) -> Callable[..., Awaitable[ORJSONResponse]]:
    """`verb(visitor, …)` as a server function: what comes from the browser is checked against the verb's types."""
    checked = validate_call(verb)

    async def call(given: list[Any], request: gr.Request) -> ORJSONResponse:
        arguments = well_formed(given if isinstance(given, list) else [given])
        # As a response, for of a plain dict the route would copy every value before it is written.
        return ORJSONResponse(await answered(shown, lambda: checked(visitor_of(request), *arguments)))

    call.__name__ = verb.__name__
    return call


def beside(python_file: str, ending: str) -> str:
    """The text of the file beside `python_file` with another ending: a component keeps its .html, .css and .js at its side."""
    return Path(python_file).with_suffix(ending).read_text(encoding="utf-8")


def component(python_file: str, shown: Shown, verbs: list[Verb], name: str) -> gr.HTML:
    """A component of our own from the files beside `python_file`, with `verbs` as its server functions."""
    return gr.HTML(
        "",
        html_template=beside(python_file, ".html"),
        css_template=beside(python_file, ".css"),
        js_on_load=beside(python_file, ".js"),
        server_functions=[server_function(shown, verb) for verb in verbs],
        apply_default_css=False,
        elem_id=name,
    )
