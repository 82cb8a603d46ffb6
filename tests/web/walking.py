"""What a walk of all doors is made of: which doors there are, whose things must stay untouched, who walks, and what counts as found.

As a program it is the app with the fake models, which writes down all of its doors before it serves: `tests/web/ground.py` starts it so.
"""

import hashlib
import json
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

sys.path.insert(0, str(Path(__file__).parents[2]))

import httpx2

from imagechat.store.search import owner_word

Json = Any
FILE = "doors.json"
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH")
KINDS = {"threads": "id", "messages": "id", "jobs": "id", "generations": "id", "blobs": "id", "sessions": "id", "reports": "id"}


@dataclass
class Belongings:
    """All that is somebody's, as the database and the folders have it, and the words by which it is known."""

    data_dir: Path
    owners: tuple[str, ...]
    words: tuple[str, ...]
    """What only they wrote, their keys among them."""
    pieces: tuple[bytes, ...] = ()
    """What only their files have."""
    hidden: tuple[str, ...] = ()
    """Names that cannot be guessed: of files on their way, marks of presses."""
    ids: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with sqlite3.connect(f"file:{self.data_dir / 'imagechat.db'}?mode=ro", uri=True) as db:
            for table, column in KINDS.items():
                whose = "visitor" if table == "sessions" else "owner"
                found = db.execute(f"SELECT {column} FROM {table} WHERE {whose} IN ({_marks(self.owners)})", self.owners)
                self.ids[table] = [id for (id,) in found]
        self.ids["visitors"] = [id for id in self.owners if id != "owner"]
        self._all = [*self.every(), *self.words, *self.hidden]

    def every(self) -> list[str]:
        """Each id of theirs."""
        return [id for ids in self.ids.values() for id in ids]

    def told(self, said: str | bytes, sent: str) -> list[str]:
        """What of theirs stands in `said`, beside what was `sent` itself."""
        raw, sent = said if isinstance(said, bytes) else said.encode(), sent + unquote(sent)
        text = raw.decode("utf-8", "replace")
        # JSON may write a word in escapes; ids and our marked words are ASCII.
        return [word for word in self._all if word in text and word not in sent] + [repr(each) for each in self.pieces if each in raw]

    def kept(self) -> dict[str, Any]:
        """Every row and every file of theirs, to be compared."""
        marks = {*self.owners, *(f"visitor:{id}" for id in self.owners), *(owner_word(id) for id in self.owners)}
        told: dict[str, Any] = {}
        with sqlite3.connect(f"file:{self.data_dir / 'imagechat.db'}?mode=ro", uri=True) as db:
            names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL")]
            for name in names:
                if not name.startswith(("picture_words_", "chat_words_", "sqlite_")):
                    rows = [row for row in db.execute(f'SELECT * FROM "{name}"') if marks & {each for each in row if isinstance(each, str)}]
                    told |= {f"{name} {number}": row for number, row in enumerate(sorted(rows, key=str))}
        for id in self.ids["blobs"]:
            told |= _files(self.data_dir / "files" / id[-2:], f"{id}*")
        for id in self.owners:
            told |= _files(self.data_dir / "uploads-in-transit" / hashlib.sha256(id.encode()).hexdigest()[:32], "*/*")
        return told


def _marks(given: Iterable[Any]) -> str:
    return ", ".join("?" for _ in given)


def _files(folder: Path, pattern: str) -> dict[str, str]:
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob(pattern) if path.is_file()}


def changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What is not as it was, in words."""
    return [
        f"{name}: {before.get(name)} → {after.get(name)}" for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    ]


@dataclass
class Walker:
    """Somebody who tries doors; `found` is what they should not have got."""

    name: str
    client: httpx2.AsyncClient
    things: Belongings
    found: list[str] = field(default_factory=list)
    asked: int = 0
    parts: dict[str, int] = field(default_factory=dict)

    async def ask(self, method: str, path: str, **given: Any) -> httpx2.Response:
        """Ask, and look at the answer. A path goes as it is written, dots and all."""
        base = self.client.base_url
        url = httpx2.URL(f"{base.scheme}://{base.host}:{base.port}").copy_with(raw_path=path.encode("utf-8", "surrogatepass"))
        answer = await self.client.request(method, url, **given)
        self.asked += 1
        sent = f"{path} {json.dumps(given.get('json'))} {given.get('content')} {given.get('headers')} {given.get('data')}"
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        for told in self.things.told(head.encode() + b"\n\n" + answer.content, sent):
            self.found.append(f"{self.name}: {method} {path} {str(given)[:300]} told {told}")
        # Gradio says so of values that are none of its own, before anything of ours is asked.
        if answer.status_code >= 500 and path != "/gradio_api/run/predict":
            self.found.append(f"{self.name}: {method} {path} {str(given)[:300]} answered {answer.status_code}")
        return answer

    async def call(self, component: str, function: str, *given: Any) -> httpx2.Response:
        """Call a server function."""
        body = {"data": list(given), "fn_name": function, "component_id": self.parts[component], "session_hash": "test"}
        return await self.ask("POST", "/gradio_api/component_server", json=body)

    async def press(self, event: Json, values: dict[int, Any]) -> httpx2.Response:
        """Let a Gradio event happen with these values."""
        body = {"fn_index": event["id"], "data": [values.get(part) for part in event["inputs"]], "session_hash": "test"}
        return await self.ask("POST", "/gradio_api/run/predict", json=body)


# As a program: the app, which says which doors it has


def _routes(routes: Iterable[Any], before: str = "") -> Iterator[tuple[str, list[str], bool]]:
    """Path, methods, and whether it is ours, of every route and of those within."""
    for each in routes:
        inner = getattr(getattr(each, "original_router", None), "routes", None)
        if inner is not None:
            yield from _routes(inner, before)
        elif getattr(each, "routes", None):
            yield from _routes(each.routes, before + each.path)
        else:
            module = getattr(getattr(each, "endpoint", None), "__module__", "")
            ours = module.startswith("imagechat.") or not module
            yield before + str(each.path), sorted(getattr(each, "methods", None) or ["GET"]), ours


def _functions(blocks: Any) -> Iterator[tuple[str, str]]:
    """Each server function that a component has, whether the page's settings name it or not."""
    for part in blocks.blocks.values():
        for name in dir(type(part)) + list(vars(part)):
            if getattr(vars(part).get(name) or getattr(type(part), name, None), "_is_server_fn", False):
                yield part.elem_id or type(part).__name__, name


def main() -> int:
    """Serve as the tests' app does, and write the doors beside the data folder first."""
    from imagechat import serving
    from tests.fakes import app as fake

    plain = serving.surroundings

    def surroundings(*before: Any) -> None:
        plain(*before)
        from imagechat import ui

        launch = ui.launch

        def told(studio: Any, shown: Any, settings: Any, *given: Any) -> Any:
            app = launch(studio, shown, settings, *given)
            doors = {"routes": list(_routes(app.blocks.app.routes)), "functions": sorted(set(_functions(app.blocks)))}
            (settings.data_dir.parent / FILE).write_text(json.dumps(doors))
            return app

        ui.launch = told

    serving.surroundings = surroundings
    return fake.main()


if __name__ == "__main__":
    sys.exit(main())
