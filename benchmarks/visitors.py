"""What visitors cost a request: identity, limits, reserve and settle. `python -m benchmarks.visitors`.

1,000 guests with a history in the database. Through HTTP: a server function that has one picture drawn, as a guest and as the same one
without these parts (`door.py`), in turn; until the answer, and until the job's end is kept. By themselves: each part in this process.

Beside the time on the clock stands the processor's: on a machine with other work a trip to the database's thread waits for its turn
twice, and the clock says mostly how much else is going on.
"""

import asyncio
import random
import secrets
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import httpx2
from sqlalchemy import insert, text

from benchmarks.door import MODEL, PRICE, Flash, Paid
from benchmarks.timing import table
from imagechat import bootstrap, ground, settings
from imagechat.domain.jobs import Job
from imagechat.domain.money import Hold, Spent
from imagechat.domain.values import new_id, now
from imagechat.domain.visitors import Visitor
from imagechat.providers import PROVIDERS
from imagechat.store.rows import job_row, message_row, thread_row
from imagechat.store.sessions import digest
from imagechat.store.tables import jobs, ledger, messages, sessions, threads, visitors
from imagechat.web.cookies import Cookies
from tests.browser.server import Server, running
from tests.store.making import finished, image_request, job_for, message, thread

GUESTS, LEDGER, SESSIONS, PAIRS, WARM = 1000, 20, 5, 120, 10
OPEN = {
    "IMAGECHAT_ACCESS": "guests", "IMAGECHAT_OFFERS__GUESTS": "*", "IMAGECHAT_BUDGET__GUESTS_DAILY": "1000",
    "IMAGECHAT_BUDGET__HOUSE_DAILY": "2000", "IMAGECHAT_BUDGET__DAILY": "5", "IMAGECHAT_LIMITS__HOUSE": "1000000 per 60 seconds",
    "IMAGECHAT_LIMITS__GUESTS": "1000000 per 1 hour", "IMAGECHAT_LOG_LEVEL": "error",
}  # fmt: skip
HEADERS = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Guest:
    """One with a history, and the cookie of their browser."""

    visitor: Visitor
    token: str
    cookie: str


async def main() -> str:
    """Seed, measure the parts in this process, then the whole through the running app."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        guests, parts = await in_process(data)
        async with running(data, entry="benchmarks/door.py", env=OPEN) as server:
            rows = [*(await over_http(server, guests)), *parts]
    return table(rows, [f"{GUESTS:,} guests with a history", "min", "median", "max", "without", "adds", "of the processor", "bar", ""])


@asynccontextmanager
async def house(data: Path) -> AsyncGenerator[bootstrap.House]:
    """The app without its page, open to guests."""
    chosen = settings.Settings(
        _env_file=None, data_dir=data, access="guests", offers={"guests": "*"}, limits={"house": OPEN["IMAGECHAT_LIMITS__HOUSE"]},
        budget={"guests_daily": 1000, "house_daily": 2000, "daily": 5},
    )  # fmt: skip
    PROVIDERS["bench"] = lambda _: Paid(Flash())  # type: ignore[arg-type]
    lock = ground.prepare(chosen)
    one = bootstrap.House(chosen)
    await one.open()
    try:
        yield one
    finally:
        await one.close()
        lock.close()


async def seed(one: bootstrap.House) -> list[Guest]:
    """Rows straight into the store, as its own code writes them; balances are the ledger's sums."""
    cookies, guests, rows = Cookies(await one.people.signing_key(), one.settings), [], Rows()
    for _ in range(GUESTS):
        visitor, token = rows.guest()
        guests.append(Guest(visitor, token, cookies.keeping(token, "http").partition(";")[0]))
        rows.history(visitor)
    async with one.database.write() as connection:
        for kept, values in rows.all():
            await connection.execute(insert(kept), values)
        for scope in ("'visitor:' || visitor", "'group:guest'", "'house'"):
            for period in ("day", "substr(day, 1, 7)"):
                await connection.execute(text(_SUMS.format(scope=scope, period=period)))
    return guests


_SUMS = (
    "INSERT INTO balances (scope, period, held, spent, pictures_held, pictures) "
    "SELECT {scope}, {period}, 0, sum(counted), 0, sum(pictures) FROM ledger GROUP BY 1, 2"
)


class Rows:
    """Rows of a history, to be written all at once."""

    def __init__(self) -> None:
        self.visitors: list[Any] = []
        self.sessions: list[Any] = []
        self.threads: list[Any] = []
        self.messages: list[Any] = []
        self.jobs: list[Any] = []
        self.ledger: list[Any] = []

    def all(self) -> list[tuple[Any, list[Any]]]:
        """In an order that foreign keys allow."""
        people = [(visitors, self.visitors), (sessions, self.sessions)]
        return [*people, (threads, self.threads), (messages, self.messages), (jobs, self.jobs), (ledger, self.ledger)]

    def guest(self) -> tuple[Visitor, str]:
        """A guest whom SESSIONS browsers know, and the token of one."""
        id, at, token = new_id(), now(), ""
        self.visitors.append({"id": id, "role": "guest", "group": "guest", "name": "", "created": at, "seen": at})
        for _ in range(SESSIONS):
            token, session = secrets.token_urlsafe(32), new_id()
            row = {"id": session, "token": digest(token), "visitor": id, "agent": "Mozilla/5.0"}
            self.sessions.append({**row, "created": at, "seen": at, "expires": at + timedelta(days=90)})
        return Visitor(id=id, group="guest", session=session), token

    def history(self, visitor: Visitor) -> None:
        """SESSIONS chats with one picture each, and LEDGER pieces of work over three weeks."""
        for _ in range(SESSIONS):
            chat = thread(visitor.id)
            user = message(chat, text="a fox in snow", inputs=())
            reply = message(chat, "assistant", parent=user.id)
            job, state = job_for(reply)
            self.threads.append(thread_row(chat))
            self.messages += [message_row(user), message_row(reply)]
            self.jobs.append(job_row(job, finished(state)))
        for age in range(LEDGER):
            at = now() - timedelta(days=age + 1)
            row = {**hold(visitor).model_dump(exclude={"amount"}), "created": at, "day": str(at.date()), "status": "settled"}
            self.ledger.append({**row, "outcome": "done", "held": PRICE, "counted": PRICE, "price": PRICE, "pictures": 1, "ended": at})


def hold(visitor: Visitor) -> Hold:
    """A picture's."""
    job = new_id()
    return Hold(
        job=job, visitor=visitor.id, group="guest", purse="house", kind="image", model=MODEL, provider="bench", amount=PRICE, asked=1,
        created=now(),
    )  # fmt: skip


Part = Callable[[Guest], Awaitable[object]]


async def in_process(data: Path) -> tuple[list[Guest], list[list[str]]]:
    """The guests, and each part by itself: a guest whom nobody remembers, one who was there a moment ago, the first request in an hour."""
    async with house(data) as one:
        guests = await seed(one)
        cookies = Cookies(await one.people.signing_key(), one.settings)
        parts: dict[str, Part] = {
            "proxies and cookie's signature": _signed(cookies),
            "known: read anew (once in 5 s)": lambda guest: one.studio.known(guest.token),
            "known: remembered": lambda guest: one.studio.known(guest.token),
            "limits": lambda guest: one.studio.parts.limits.hit("imagine", guest.visitor),
            "what will be held: estimate": _estimated(one),
        }
        few = random.sample(guests, PAIRS)
        taken = {name: [await timed(deed, guest) for guest in few] for name, deed in parts.items()}
        held = [await _money(one, guest) for guest in few]
        taken |= {"reserve, in the turn's transaction": [a for a, _ in held], "settle, in the last one": [b for _, b in held]}
        rows = [part(name, each) for name, each in taken.items()]
        sums = [Took(*map(sum, zip(*each, strict=True))) for each in zip(*taken.values(), strict=True)]
        adds = median(each.clock for each in sums)
        rows.append([*part("all of these", sums)[:-2], "5 ms", "bar met" if adds <= 5 else "MISSED"])
        rows.append(part("kept that somebody was here (once an hour)", [await timed(lambda g: one.people.saw(g.visitor), g) for g in few]))
    return guests, rows


def _signed(cookies: Cookies) -> Part:
    from starlette.datastructures import Headers

    async def signed(guest: Guest) -> None:
        assert cookies.tokens(Headers({"cookie": guest.cookie}))

    return signed


def _estimated(one: bootstrap.House) -> Part:
    async def estimated(guest: Guest) -> None:
        request = image_request(model=MODEL, size="64x64")
        job = Job(id=new_id(), owner=guest.visitor.id, thread=new_id(), message=new_id(), image=request, purse="house", created=now())
        await one.studio._hold(guest.visitor, job, Flash.card, None)

    return estimated


async def _money(one: bootstrap.House, guest: Guest) -> tuple["Took", "Took"]:
    """Milliseconds of a hold and of its settlement, inside a transaction whose beginning and end are not counted."""
    held = hold(guest.visitor)
    async with one.database.write() as connection:
        reserve = await timed(lambda _: one.jobs.ledger.reserve(connection, held), guest)
    spent = Spent(job=held.job, outcome="done", ended=now(), price=PRICE, pictures=1, took=1_000_000)
    async with one.database.write() as connection:
        return reserve, await timed(lambda _: one.jobs.ledger.settle(connection, spent), guest)


class Took(NamedTuple):
    """Milliseconds on the clock, and of the processor."""

    clock: float
    processor: float


async def timed(deed: Part, guest: Guest) -> Took:
    """What one deed takes in this process, its threads included."""
    began, worked = time.perf_counter(), time.process_time()
    await deed(guest)
    return Took((time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000)


def part(name: str, taken: list[Took]) -> list[str]:
    """A row for one part by itself."""
    clock = [each.clock for each in taken]
    figures = [f"{each:.2f} ms" for each in (min(clock), median(clock), max(clock))]
    return [f"  {name}", *figures, "", "", f"{median(each.processor for each in taken):.2f} ms", "", ""]


class Asking:
    """Asks as a page does, over HTTP, and looks at how much the server's processor worked meanwhile."""

    def __init__(self, client: httpx2.AsyncClient, component: int, process: int) -> None:
        self.client, self.component, self.process = client, component, process

    async def call(self, headers: dict[str, str], function: str, *data: Any) -> Any:
        """What a server function answers."""
        body = {"data": list(data), "fn_name": function, "component_id": self.component, "session_hash": "bench"}
        answer = await self.client.post("/gradio_api/component_server", json=body, headers=headers)
        assert answer.status_code == 200 and "error" not in answer.json(), answer.text
        return answer.json()

    async def draw(self, headers: dict[str, str], cookie: str) -> tuple[Took, Took]:
        """One picture: until the answer, and until the job's end is kept. Of the processor both have the whole: they overlap."""
        asked, began, worked = time.time(), time.perf_counter(), self.worked()
        receipt = await self.call(headers, "ask_words", new_id(), "a fox in snow", new_id(), {"model": MODEL, "style": "none"})
        answered = (time.perf_counter() - began) * 1000
        ended = (await self.client.get("/bench/ended", params={"job": receipt["job"]}, headers={"Cookie": cookie})).json()
        processor = self.worked() - worked
        await asyncio.sleep(0.03)  # What a turn leaves to do is not measured with the next one.
        return Took(answered, processor), Took((ended - asked) * 1000, processor)

    async def look(self, headers: dict[str, str]) -> Took:
        """A server function that does nothing."""
        began, worked = time.perf_counter(), self.worked()
        await self.call(headers, "fetch_version")
        return Took((time.perf_counter() - began) * 1000, self.worked() - worked)

    def worked(self) -> float:
        """Milliseconds of the processor that the server has had."""
        return worked(self.process)


def worked(process: int) -> float:
    """Milliseconds that all threads of a process have had of a processor (Linux's schedstat)."""
    threads = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(each.read_text().split()[0]) for each in threads) / 1e6


LOOK = "a server function that does nothing"


async def over_http(server: Server, guests: list[Guest]) -> list[list[str]]:
    """The same request with and without, each time another guest's, in pairs whose order changes."""
    taken: dict[str, list[tuple[Took, Took]]] = {LOOK: [], "one picture: until the answer": [], "one picture: until its end is kept": []}
    async with httpx2.AsyncClient(base_url=server.url, trust_env=False, timeout=60) as client:
        asking = Asking(client, await component(client, guests[0].cookie), server.process.pid)
        for number, guest in enumerate(random.sample(guests, WARM + PAIRS)):
            whole, bare = {"Cookie": guest.cookie}, {"x-bench-visitor": guest.visitor.id}
            order = (whole, bare) if number % 2 else (bare, whole)
            looks = [await asking.look(headers) for headers in order]
            drawn = [await asking.draw(headers, guest.cookie) for headers in order]
            if number >= WARM:
                for name, (first, second) in zip(taken, [looks, *zip(*drawn, strict=True)], strict=True):
                    taken[name].append((first, second) if number % 2 else (second, first))
    return [compared(name, pairs) for name, pairs in taken.items()]


def compared(name: str, pairs: list[tuple[Took, Took]]) -> list[str]:
    """A row: ours, the same without, and the medians of what each pair differs by."""
    ours = [each.clock for each, _ in pairs]
    adds, works = median(a.clock - b.clock for a, b in pairs), median(a.processor - b.processor for a, b in pairs)
    figures = [f"{each:.1f} ms" for each in (min(ours), median(ours), max(ours), median(b.clock for _, b in pairs))]
    return [name, *figures, f"{adds:+.2f} ms", f"{works:+.2f} ms", "+5 ms", "bar met" if adds <= 5 else "MISSED"]


async def component(client: httpx2.AsyncClient, cookie: str) -> int:
    """The number of the conversation among Gradio's components."""
    config = (await client.get("/config", headers={"Cookie": cookie})).json()
    return int(next(each["id"] for each in config["components"] if each["props"].get("elem_id") == "conversation"))


if __name__ == "__main__":
    print(asyncio.run(main()))
