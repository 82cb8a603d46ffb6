"""A walk through every door there is, as somebody else, as nobody and from elsewhere, with Ann's and the owner's ids in every place.

The doors come from the running app itself. One that stands in none of the tables here is an unknown door, and fails: whoever adds one
says here what strangers may do with it.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
import pytest_asyncio

from imagechat.domain.values import new_id
from tests.asking import PATIENCE
from tests.browser.server import ROOT, Server, running
from tests.fakes.models import noise
from tests.fakes.provider import KEY, Provider
from tests.web.conftest import DEFAULTS, Page
from tests.web.test_door import NAME, PASSWORD, furnish
from tests.web.walking import FILE, METHODS, Belongings, Walker, changed

pytestmark = pytest.mark.asyncio(loop_scope="module")
ANNS_KEY = "ann-key-0123456789abcdef"
SECRET = "zanzibar7quartz"
OWNERS = "vermilion9heron"
UPLOAD, WAITING = noise((120, 90), 77), noise((110, 80), 78)
EVIL = (
    {"Origin": "http://evil.example"},
    {"Host": "evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "null"},
)

# Our own routes. What stands in OPEN is for everybody; everything else answers nobody with 401.
OPEN = {
    "/healthz", "/ready", "/metrics", "/examples", "/styles",
    "/login", "/signup", "/logout", "/enter", "/enter/entering.css", "/enter/entering.js",
}  # fmt: skip
OURS = OPEN | {
    "/live", "/live/now", "/gallery", "/usage.csv", "/account/export", "/account/delete", "/private/begin", "/private/keep", "/private/end",
    "/media/{blob}", "/media/{blob}/thumb", "/media/{blob}/download", "/reports/{report}/picture",
    "/gradio_api/upload", "/gradio_api/file={path:path}",
}  # fmt: skip
ACTS = {"/account/delete", "/logout"}
"""What a walker does to themselves: not for those who have to walk on."""
# Gradio's. What stands in neither is shut: it answers 404 in every mode, for everybody.
GRADIO_OPEN = {"/static/{path:path}", "/assets/{path:path}", "/favicon.ico", "/theme.css", "/robots.txt", "/gradio_api/startup-events"}
GRADIO = GRADIO_OPEN | {
    "/", "/config", "/config/", "/gradio_api/component_server", "/gradio_api/component_server/",
    "/gradio_api/run/{api_name}", "/gradio_api/run/{api_name}/",
}  # fmt: skip

ID, CHAT, NEW, MARK, SETTINGS = object(), object(), object(), object(), object()
"""Places of arguments: an id of any kind; that of a chat (another would begin one of one's own); a new id; a mark of a press; settings."""
CONTROLS = {"model": "fake-image", "image_model": "fake-image", "text_model": "fake-text", "size": "256x256", "quality": "low", "count": 1}
# Server functions: their arguments, and whether it is all right that they answer (with nothing of Ann's, which is looked for everywhere).
FUNCTIONS: dict[tuple[str, str], tuple[tuple[Any, ...], ...]] = {
    ("threads", "fetch_threads"): (("", ID), (ID,), (SECRET,), ("",)),
    ("threads", "give_title"): ((ID, "mine now"),),
    ("threads", "trash_thread"): ((ID,),),
    ("threads", "restore_thread"): ((ID,),),
    ("conversation", "fetch_turns"): ((ID,), (ID, ID)),
    ("conversation", "fetch_version"): ((),),
    ("conversation", "fetch_details"): ((ID,),),
    ("conversation", "ask_reroll"): ((ID, NEW), (ID, MARK)),
    ("conversation", "ask_same_seed"): ((ID, NEW),),
    ("conversation", "ask_vary"): ((ID, NEW, SETTINGS), (ID, MARK)),
    ("conversation", "ask_retry"): ((ID, None, NEW), (ID, 0, MARK)),
    ("conversation", "ask_stop"): ((ID,),),
    ("conversation", "ask_words"): ((CHAT, "mine", NEW, SETTINGS), (CHAT, "mine", MARK)),
    ("conversation", "ask_example"): ((CHAT, "boat", NEW), (CHAT, ID, NEW)),
    ("conversation", "ask_wording"): (("mine", "enhance", MARK, SETTINGS),),
    ("conversation", "ask_scene"): ((ID, NEW, SETTINGS), (ID, MARK, SETTINGS)),
    ("conversation", "drop_wording"): ((MARK,), (ID,)),
    ("conversation", "fetch_completion"): (("/imagine ", 9, SETTINGS), ("/edit " + SECRET[:4], 10, SETTINGS)),
    ("conversation", "fetch_price"): (("mine", SETTINGS, 1, ID),),
    ("conversation", "trash_picture"): ((ID,),),
    ("conversation", "restore_picture"): ((ID,),),
    ("conversation", "ask_report"): ((ID, "mine now"),),
    ("people", "fetch_people"): ((), (SECRET,), (ID,)),
    ("people", "set_person"): ((ID, "trusted", None, None), (ID, None, True, None), (ID, None, None, "admin"), ("owner", None, True, None)),
    ("people", "fetch_budgets"): ((),),
    ("people", "set_budget"): (("house", {"day": "1"}), ("visitor:", {"day": "0"}), (ID, None), ("group:guest", {"day": "100"})),
    ("people", "fetch_reports"): ((),),
    ("people", "decide"): ((ID, "removed"), (ID, "kept")),
    ("people", "fetch_log"): ((), (ID,)),
    ("mine", "fetch_mine"): ((),),
    ("mine", "keep_key"): (("openai", "not a key of anybody"), (ID, ID)),
    ("mine", "test_key"): (("openai",), (ID,)),
    ("mine", "drop_key"): (("openai",), (ID,)),
    ("mine", "end_session"): ((ID,),),
    ("mine", "make_link"): ((),),
    ("mine", "delete_everything"): ((ID,), ("",)),
}
HARMLESS = {
    "fetch_threads",
    "fetch_version",
    "ask_wording",
    "drop_wording",
    "fetch_completion",
    "fetch_price",
    "fetch_mine",
    "fetch_people",
}
"""Those that answer a stranger: of the stranger's own space, which is looked at."""
EVENTS = {
    ("message", "submit"), ("model", "input"), ("conversation", "opened"), ("conversation", "regenerate"), ("conversation", "editing"),
    ("usage-tab", "select"), ("usage-span", "input"), ("usage-whose", "input"), ("account-tab", "select"), ("refresh", "click"),
}  # fmt: skip


@dataclass
class Ground:
    """The running app, its doors, Ann's and the owner's things in it, and everybody who walks."""

    server: Server
    doors: dict[str, Any]
    config: dict[str, Any]
    things: Belongings
    ann: Page
    owner: Page
    ben: Walker
    mia: Walker
    nobody: Walker
    forged: Walker
    marks: list[str]
    transit: list[str]

    def parts(self) -> dict[str, int]:
        return {each["props"].get("elem_id"): each["id"] for each in self.config["components"] if each["props"].get("elem_id")}

    def events(self) -> dict[tuple[str, str], Any]:
        """Gradio's events with a function of ours behind them, by what they happen to."""
        names = {number: name for name, number in self.parts().items()}
        found = [each for each in self.config["dependencies"] if each["backend_fn"]]
        return {(names.get(part, str(part)), event): each for each in found for part, event in each["targets"]}


@asynccontextmanager
async def walking(server: Server, *steps: str) -> AsyncIterator[Page]:
    async with httpx2.AsyncClient(base_url=server.url, trust_env=False, timeout=PATIENCE) as client:
        for step in steps:
            await client.get(step)
        yield Page(server, client)


async def send(page: Page, outbox: Any, text: str, files: list[Any] | None = None, **values: Any) -> Any:
    """Press Send as the page does."""
    config = (await page.get("/config")).json()
    ids = {each["props"].get("elem_id"): each["id"] for each in config["components"]}
    event = next(each for each in config["dependencies"] if each["backend_fn"] and [ids["message"], "submit"] in each["targets"])
    plain = {each["id"]: each["props"].get("value") for each in config["components"]}
    given = {"message": {"text": text, "files": files or []}, "outbox": json.dumps(outbox), **values}
    plain |= {ids[name]: value for name, value in given.items()}
    body = {"fn_index": event["id"], "data": [plain[part] for part in event["inputs"]], "session_hash": "test"}
    answer = await page.client.post("/gradio_api/run/predict", json=body)
    return answer.json()["data"][0]


async def live_through(page: Page, word: str) -> tuple[list[str], list[str]]:
    """Have a chat with an added picture, two pictures, one of them trashed, one being made; something waiting, something private, a report.

    Returns the marks of presses, and the files that wait.
    """
    marks, chat = [new_id() for _ in range(3)], new_id()
    upload = {"files": [("files", (f"{word}.png", UPLOAD, "image/png"))]}
    [kept] = (await page.client.post("/gradio_api/upload", files=upload["files"])).json()
    mark = {"thread": chat, "nonce": marks[0], "files": [{"path": kept, "orig_name": f"{word}.png"}]}
    receipt = await send(page, mark, f"{word} tokens:3", model="fake-seeing")
    await page.ended(receipt)
    made = await page.ended(await page.call("conversation", "ask_words", chat, f"{word} gives:noise", marks[1]))
    await page.call("conversation", "ask_report", made["pictures"]["0"]["id"], f"{word} is not what was asked")
    gone = (await page.ended(await page.ask(f"{word} gone")))["pictures"]["0"]
    await page.call("conversation", "trash_picture", gone["id"])
    for each in (made["pictures"]["0"], gone):
        assert (await page.get(f"/{each['url']}/thumb")).status_code == 200
    waiting = [("files", (f"{word}.png", WAITING, "image/png"))]
    [path] = (await page.client.post("/gradio_api/upload", files=waiting)).json()
    private = new_id()
    assert not (await page.client.post("/private/begin", json=private)).json().get("error")
    await page.ended(await page.call("conversation", "ask_words", private, f"{word} private", new_id()))
    running = await page.call("conversation", "ask_words", new_id(), f"{word} then:hang", marks[2])
    async with asyncio.timeout(PATIENCE):
        while not (await page.turn(running))["job"]["places"][0].get("preview"):
            await asyncio.sleep(0.05)
    return marks, [path.split("/", maxsplit=1)[0], kept.split("/", maxsplit=1)[0], path]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ground(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ground]:
    folder = tmp_path_factory.mktemp("walk") / "data"
    token = await furnish(folder)
    async with AsyncExitStack() as stack:
        provider = await stack.enter_async_context(Provider())
        provider.keys = {ANNS_KEY: (0, "")}
        env = {**DEFAULTS, "IMAGECHAT_ACCESS": "guests", "IMAGECHAT_LIMITS__ON": "off", "OPENAI_API_KEY": KEY,
               "OPENAI_BASE_URL": provider.url, "IMAGECHAT_SKETCH__PAINTERS": "4",
               "IMAGECHAT_METRICS__TOKEN": "walkers-have-none"}  # fmt: skip
        server = await stack.enter_async_context(running(folder, entry="tests/web/walking.py", env=env))
        ann, ben = [await stack.enter_async_context(walking(server, "/")) for _ in range(2)]
        owner, mia, nobody, forged = [await stack.enter_async_context(walking(server)) for _ in range(4)]
        assert (await owner.client.post("/enter", data={"token": token})).status_code == 303
        assert (await mia.client.post("/login", data={"name": NAME, "password": PASSWORD})).status_code == 303
        [(name, value)] = ann.client.cookies.items()
        forged.client.headers["Cookie"] = f"{name}={value[:-3]}AAA"
        assert not (await ann.call("mine", "keep_key", "openai", ANNS_KEY))["trouble"]
        lived = [await live_through(ann, SECRET), await live_through(owner, OWNERS)]
        await owner.call("mine", "make_link")
        config = (await ann.get("/config")).json()
        hidden = tuple(each for marks, files in lived for each in (*marks, *files))
        things = await still(
            Belongings(folder, (visitor(folder, SECRET), "owner"), (SECRET, OWNERS, ANNS_KEY, KEY, value), pieces(folder), hidden)
        )
        walkers = [Walker(name, page.client, things) for name, page in (("Ben", ben), ("Mia", mia), ("nobody", nobody), ("forged", forged))]
        async with asyncio.timeout(PATIENCE):
            while not (folder.parent / FILE).exists():
                await asyncio.sleep(0.05)
        doors = json.loads((folder.parent / FILE).read_text())
        marks, transit = [each for marks, _ in lived for each in marks], [files[2] for _, files in lived]
        one = Ground(server, doors, config, things, ann, owner, *walkers, marks, transit)
        for each in walkers:
            each.parts = one.parts()
        yield one
        print("doors asked:", {each.name: each.asked for each in walkers})
    assert f'File "{ROOT / "imagechat"}' not in server.log(), "only Gradio's own refusals may leave a trace"
    # Gradio repeats there which file somebody named that is none of theirs: the asker's own words.
    written = re.sub(r".*InvalidPathError: Cannot move .*", "", server.log())
    for each in (ANNS_KEY, token, SECRET, OWNERS):
        assert each not in written


async def still(things: Belongings) -> Belongings:
    """These things, once nothing is written behind what was told any more."""
    before = things.kept()
    async with asyncio.timeout(PATIENCE):
        while True:
            await asyncio.sleep(1)
            if not changed(before, before := things.kept()):
                return things


def visitor(folder: Path, word: str) -> str:
    import sqlite3

    with sqlite3.connect(f"file:{folder / 'imagechat.db'}?mode=ro", uri=True) as db:
        [(owner,)] = set(db.execute("SELECT owner FROM messages WHERE text LIKE ?", (f"{word}%",)))
    return str(owner)


def pieces(folder: Path) -> tuple[bytes, ...]:
    """A bit from the middle of everything large that is kept or waits."""
    files = [each.read_bytes() for each in folder.glob("files/*/*") if each.stat().st_size > 2000]
    return tuple(each[len(each) // 2 :][:24] for each in (*files, UPLOAD, WAITING))


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def untouched(ground: Ground) -> AsyncIterator[None]:
    """Whatever a test does, afterwards everything of Ann's and the owner's is as it was, and nobody found anything."""
    for page in (ground.ann, ground.owner):  # A private chat that no tab speaks of goes in ten minutes, which a slow machine takes.
        assert (await page.client.post("/private/keep", json=ground.things.ids["threads"])).json()["threads"]
    before = ground.things.kept()
    yield
    assert len(before) > 40 and changed(before, ground.things.kept()) == []
    walkers = (ground.ben, ground.mia, ground.nobody, ground.forged)
    found = [told for each in walkers for told in each.found]
    for each in walkers:
        each.found.clear()
    assert found == [], f"{len(found)} found, the first: " + "\n".join(found[:8])


def fill(path: str, id: str) -> str:
    return re.sub(r"\{[^}]+\}", id, path.replace("{api_name}", "predict"))


def filled(shape: tuple[Any, ...], ground: Ground) -> list[list[Any]]:
    """The arguments of `shape` with each of Ann's and the owner's ids, chats or marks in its places."""
    wanted = [each for each in (ID, CHAT, MARK) if any(place is each for place in shape)]
    things, marks = ground.things, ground.marks
    values = things.every() if ID in wanted else things.ids["threads"] if CHAT in wanted else marks if wanted else [""]

    def put(place: Any, value: str, number: int) -> Any:
        known = ((ID, value), (CHAT, value), (NEW, new_id()), (MARK, marks[number % len(marks)]), (SETTINGS, CONTROLS))
        return next((given for each, given in known if place is each), place)

    return [[put(place, value, number) for place in shape] for number, value in enumerate(values)]


def strangers(ground: Ground) -> tuple[Walker, ...]:
    return ground.ben, ground.mia


# Which doors there are


async def test_every_door_is_known(ground: Ground):
    ours = {path for path, _, own in ground.doors["routes"] if own}
    assert {f"unknown door: {each}" for each in ours - OURS} == set() == OURS - ours
    told = [(part["props"].get("elem_id"), name) for part in ground.config["components"] for name in part["props"].get("server_fns") or ()]
    functions = {(part, name) for part, name in ground.doors["functions"]} | set(told)
    assert {f"unknown door: {each}" for each in functions - FUNCTIONS.keys()} == set() == FUNCTIONS.keys() - functions
    assert {f"unknown door: {each}" for each in ground.events().keys() - EVENTS} == set() == EVENTS - ground.events().keys()
    assert len(ground.doors["routes"]) > 100, "Gradio's too"


async def test_what_gradio_brings_beside_is_shut(ground: Ground):
    """A route that a newer Gradio has answers 404 too, until somebody opens it in web/doors.py; then it is an unknown door here."""
    theirs = {path for path, _, own in ground.doors["routes"] if not own and not path.startswith("/gradio_api/file=")} - GRADIO - OURS
    assert len(theirs) > 50
    for path in theirs:
        for method in METHODS:
            status = (await ground.ben.ask(method, fill(path, "send"), json={"session_hash": "test"})).status_code
            assert status == 404, f"unknown door: {method} {path}"


# Routes


async def test_routes_as_somebody_else(ground: Ground):
    named = "?" + "&".join(f"{name}={ground.things.owners[0]}" for name in ("whose", "cursor", "thread", "chat", "owner", "visitor"))
    for walker in strangers(ground):
        for path in OURS - ACTS - {"/live", "/account/export"}:
            for id in ground.things.every() if "{" in path else ["none"]:
                answer = await walker.ask("GET", fill(path, id) + named)
                if path not in OPEN and path not in {"/live/now", "/gallery"}:
                    assert answer.status_code in (404, 405), path
        for query in (
            "usage.csv?whose=all",
            "usage.csv?whose=owner",
            f"gallery?search={SECRET}",
            "gallery?cursor=99999",
            "live/now?since=1",
        ):
            await walker.ask("GET", f"/{query}")


async def test_other_methods_and_bodies(ground: Ground):
    chats, id = ground.things.ids["threads"], ground.things.ids["generations"][0]
    for walker in strangers(ground):
        for path in OURS - ACTS:
            for method in METHODS[1:]:
                if (path, method) != ("/live", "HEAD"):  # It would end as late as the stream.
                    await walker.ask(method, fill(path, id), json={"confirm": id, "threads": chats, "token": id, "name": id})
        for body in (chats, [*ground.things.every(), "../x"], {"threads": chats, "now": True}, *chats, chats[0].lower(), None, 7, [[]]):
            for path in ("/private/begin", "/private/keep", "/private/end"):
                answer = await walker.ask("POST", path, json=body)
                told = answer.json()
                assert "error" in told or told in ({}, {"threads": []}), (path, body, told)
        for path in ("/login", "/enter", "/signup"):
            await walker.ask("POST", path, data={"token": id, "name": ground.things.owners[0], "password": ANNS_KEY})


async def test_paths_that_lead_elsewhere(ground: Ground):
    blob, file = ground.things.ids["blobs"][0], ground.transit[0]
    inner = f"files/{blob[-2:]}/{blob}"
    whole = next(each for each in (ground.server.data_dir / "uploads-in-transit").glob("*/*/*") if str(each).endswith(file))
    places = [
        file,
        str(whole),
        f"../{whole.parent.parent.name}/{file}",
        f"../../{inner}",
        "../../imagechat.db",
        "../../secret",
        blob,
        inner,
    ]
    before = (
        "/gradio_api/file=",
        "/gradio_api/file/",
        "/media/",
        "/static/",
        "/assets/",
        "/examples/",
        "/styles/",
        "/reports/",
        "/svelte/",
    )
    for walker in (ground.ben,):
        for start in before:
            for each in places:
                for given in (each, quote(each, safe=""), quote(quote(each, safe="")), f"../{each}", f"..%2f..%2f{each}", f"x/..//{each}"):
                    assert (await walker.ask("GET", start + given)).status_code in (400, 401, 403, 404), start + given


async def test_routes_as_nobody(ground: Ground):
    doors = [(path, own) for path, _, own in ground.doors["routes"] if path not in OPEN | GRADIO_OPEN]
    script = {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}
    for walker in (ground.nobody, ground.forged):
        for path, own in doors:
            for method in METHODS if own and walker is ground.nobody else ("GET", "POST"):
                answer = await walker.ask(method, fill(path, ground.things.ids["blobs"][0]), headers=script)
                assert answer.status_code in ((401,) if path in OURS | GRADIO else (401, 404)), (method, path)
                assert "set-cookie" not in answer.headers
        for path in OPEN - {"/logout"}:
            for method in METHODS:
                await walker.ask(method, path, headers=script)
        assert "imagechat" not in str(ground.nobody.client.cookies)


async def test_from_elsewhere_with_their_own_cookies(ground: Ground):
    """What another site's page, or a name that was made to lead here, would send from Ann's or the owner's own browser."""
    posting = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    for page in (ground.ann, ground.owner):
        walker = Walker("elsewhere", page.client, ground.things, parts=ground.parts())
        for number, (path, _, own) in enumerate(ground.doors["routes"]):
            ways = [(method, EVIL[(number + place) % len(EVIL)]) for place, method in enumerate(METHODS)]
            ways += [(method, headers) for method in ("GET", "POST") for headers in EVIL] if own else []
            for method, headers in (*ways, ("POST", posting)) if own or page is ground.ann else ways[:2]:
                answer = await walker.ask(method, fill(path, ground.things.ids["blobs"][0]), headers=headers, json={"confirm": "delete"})
                assert answer.status_code == 403, (method, path, headers)
                assert "access-control-allow-origin" not in answer.headers
        assert walker.found == []


# Server functions and events


@pytest.mark.parametrize("door", sorted(FUNCTIONS), ids="-".join)
async def test_functions(ground: Ground, door: tuple[str, str]):
    part, name = door
    for walker in strangers(ground):
        for shape in FUNCTIONS[door]:
            every = filled(shape, ground)
            for given in every if walker is ground.ben or part == "people" else every[:1]:
                answer = await walker.call(part, name, *given)
                assert answer.status_code == 200, answer.text
                assert name in HARMLESS or "error" in answer.json(), f"{walker.name} was let through: {given} {answer.text[:300]}"
    for walker in (ground.nobody, ground.forged):
        assert (await walker.call(part, name, *filled(FUNCTIONS[door][0], ground)[0])).status_code == 401
    for page in (ground.ann, ground.owner):
        for headers in EVIL:
            body = {"data": [], "fn_name": name, "component_id": ground.parts()[part], "session_hash": "test"}
            assert (await page.client.post("/gradio_api/component_server", json=body, headers=headers)).status_code == 403


async def test_what_is_no_function_is_none(ground: Ground):
    for part in ground.config["components"]:
        for name in ("get_config", "postprocess", "__init__", "load_static_file", "move_resource_to_block_cache", "key", "launch"):
            body = {"data": [ground.transit[0]], "fn_name": name, "component_id": part["id"], "session_hash": "test"}
            assert (await ground.ben.ask("POST", "/gradio_api/component_server", json=body)).status_code == 404


@pytest.mark.parametrize("door", sorted(EVENTS), ids="-".join)
async def test_events(ground: Ground, door: tuple[str, str]):
    event, parts = ground.events()[door], ground.parts()
    plain = {each["id"]: each["props"].get("value") for each in ground.config["components"]}
    ids = [*ground.things.owners, "all", *(ground.things.every() if parts["outbox"] in event["inputs"] else ())]
    for walker in strangers(ground):
        for id in ids if walker is ground.ben else ids[:4]:
            await walker.press(
                event, plain | {parts["outbox"]: id, parts["usage-whose"]: id, parts["message"]: {"text": "mine", "files": []}}
            )
        await walker.press(event, dict.fromkeys(event["inputs"], ids[-1]))
    for walker in (ground.nobody, ground.forged):
        assert (await walker.press(event, plain)).status_code == 401
    body = {"fn_index": event["id"], "data": [plain.get(part) for part in event["inputs"]], "session_hash": "test"}
    for headers in EVIL:
        assert (await ground.ann.client.post("/gradio_api/run/predict", json=body, headers=headers)).status_code == 403


async def test_nothing_of_theirs_can_be_sent_along(ground: Ground):
    """Their chats, pictures and files in what the composer sends: no picture of theirs gets into anybody's prompt."""
    things, event, parts = ground.things, ground.events()["message", "submit"], ground.parts()
    plain = {each["id"]: each["props"].get("value") for each in ground.config["components"]}
    transit = ground.server.data_dir / "uploads-in-transit"
    files = [
        *ground.transit,
        *(str(each) for each in transit.glob("*/*/*")),
        *(f"../{each.relative_to(transit)}" for each in transit.glob("*/*/*")),
    ]
    files += [f"../../files/{id[-2:]}/{id}" for id in things.ids["blobs"]] + ["../../imagechat.db"]
    kinds = (
        [{"thread": id} for id in things.ids["threads"]] + [{"sources": [id]} for id in things.every()] + [{"sources": things.every()[:16]}]
    )
    boxes = [{"files": [{"path": each, "orig_name": "x.png"}]} for each in files]
    for walker in (ground.ben,):
        for mark in [*kinds, *boxes]:
            outbox = json.dumps({"thread": new_id(), "nonce": new_id(), **mark})
            values = plain | {parts["outbox"]: outbox, parts["message"]: {"text": "mine", "files": []}}
            told = (await walker.press(event, values)).json()["data"][0]
            assert "error" in told, (mark, told)
        for each in files:
            file = {"path": each, "orig_name": "x.png", "meta": {"_type": "gradio.FileData"}}
            outbox = json.dumps({"thread": new_id(), "nonce": new_id()})
            answer = await walker.press(event, plain | {parts["outbox"]: outbox, parts["message"]: {"text": "mine", "files": [file]}})
            assert answer.status_code == 500 or "error" in answer.json()["data"][0], each


# What goes on all the time


async def test_streams_tell_each_their_own(ground: Ground):
    ben, told = ground.ben, []
    things, page = ground.things, Page(ground.server, ground.ben.client)
    seen = await ground.ann.version()
    async with page.live() as stream, page.live(since=seen) as late, page.live(since=1, Last_Event_ID=str(seen)) as back:
        own = [asyncio.create_task(until_own(each)) for each in (stream, late, back)]
        async with walking(ground.server, "/") as eve:
            for word in (f"{SECRET} once", f"{SECRET} gives:noise"):
                await eve.ended(await eve.ask(word))
                await ben.ask("GET", "/live/now?since=1")
                await ben.ask("GET", f"/live/now?since={seen}")
        made = await page.ended(await page.ask("blue door"))
        for told in await asyncio.gather(*own):
            assert made["id"] in told and things.told(told, "") == []


async def until_own(stream: Any) -> str:
    """All that a stream said until one's own picture is done."""
    said = ""
    async with asyncio.timeout(PATIENCE):
        async for line in stream._lines:
            said += line + "\n"
            if "blue door" in said and '"final":true' in said:
                return said
    return said


async def test_what_is_taken_along_is_ones_own(ground: Ground):
    import io
    import zipfile

    for walker in strangers(ground):
        answer = await walker.ask("GET", "/account/export?owner=owner&visitor=" + ground.things.owners[0])
        with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
            for name in packed.namelist():
                assert ground.things.told(name, "") == [] == ground.things.told(packed.read(name), "")


async def test_they_still_have_all_of_it(ground: Ground):
    for page, word in ((ground.ann, SECRET), (ground.owner, OWNERS)):
        listed = (await page.call("threads", "fetch_threads"))["threads"]
        assert len(listed) == 3 and all(word in each["title"] for each in listed)
        [made] = (await page.get(f"/gallery?search={word}")).json()["pictures"]
        assert (await page.get(f"/{made['url']}")).status_code == 200
        for path in ground.transit:
            assert (await page.get(f"/gradio_api/file={path}")).status_code in (200, 404)
    assert (await ground.ann.call("mine", "fetch_mine"))["keys"]
