"""A walk through every door there is, as somebody else, as nobody and from elsewhere, with Ann's and the owner's ids in every place.

The doors come from the running app itself. One that stands in none of the tables of `doors.py` is an unknown door, and fails:
whoever adds one says there what strangers may do with it.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest
import pytest_asyncio

from imagechat.domain.values import new_id
from tests.web.conftest import Page
from tests.web.doors import (
    ACTS,
    EVENTS,
    EVIL,
    FUNCTIONS,
    GRADIO,
    GRADIO_OPEN,
    HARMLESS,
    OPEN,
    OURS,
    fill,
    filled,
)
from tests.web.ground import ANNS_KEY, OWNERS, SECRET, Ground, prepared, until_own, walking
from tests.web.walking import METHODS, Walker, changed

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ground(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ground]:
    async with prepared(tmp_path_factory.mktemp("walk") / "data") as one:
        yield one


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
