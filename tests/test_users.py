"""Accounts and the owner link from the terminal: the real commands, beside a running app and on an empty folder."""

import asyncio
import os
import pty
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from imagechat.bootstrap import House
from imagechat.domain.jobs import Status
from imagechat.errors import NotKnown
from imagechat.ground import prepare
from imagechat.settings import Settings
from imagechat.store.passwords import Passwords
from tests.asking import ask, ended
from tests.browser.server import ROOT, free_port, running
from tests.conftest import OpenHouse
from tests.surroundings import foreign, quiet

Run = Callable[..., subprocess.CompletedProcess[str]]
HOME, PASSWORD = "192.0.2.7", "correct horse battery"
LINK = re.compile(r"(http\S+)/enter#([\w-]{43})(?![\w-])")


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return {**{name: value for name, value in os.environ.items() if name not in foreign()}, **quiet(tmp_path)}


@pytest.fixture
def run(tmp_path: Path, data_dir: Path, env: dict[str, str]) -> Run:
    """`python app.py …` on this test's data folder to its end, with `typed` piped in."""

    def start(*args: str, typed: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(ROOT / "app.py"), *args, "--data-dir", str(data_dir)]
        given = {"env": {**env, **more}, "cwd": tmp_path, "input": typed}
        return subprocess.run(command, capture_output=True, text=True, timeout=90, check=False, **given)  # type: ignore[call-overload,no-any-return]

    return start


@contextmanager
def at_terminal(data_dir: Path, env: dict[str, str], *args: str, errors: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The app with a terminal before it; what it says to standard error goes to the file `errors`."""
    ours, theirs = pty.openpty()
    command = [sys.executable, str(ROOT / "app.py"), *args, "--data-dir", str(data_dir)]
    with errors.open("wb") as said:
        process = subprocess.Popen(command, env=env, cwd=data_dir.parent, stdin=theirs, stdout=theirs, stderr=said, start_new_session=True)
    os.close(theirs)
    try:
        yield process, ours
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
        os.close(ours)


def read_until(process: subprocess.Popen[bytes], terminal: int, wanted: Callable[[str], bool]) -> str:
    """What the terminal shows when `wanted` is true of it."""
    os.set_blocking(terminal, False)
    shown, late = "", time.monotonic() + 90
    while not wanted(shown):
        assert time.monotonic() < late, shown
        try:
            shown += os.read(terminal, 4096).decode()
        except BlockingIOError:
            time.sleep(0.05)
        except OSError:  # The other end is closed: the process is over.
            process.wait(30)
            break
    return shown


def refused(done: subprocess.CompletedProcess[str], *words: str, status: int = 1) -> None:
    """It ended with `status` and words."""
    assert done.returncode == status, done.stderr + done.stdout
    assert "Traceback" not in done.stderr and (status == 2 or "{" not in done.stderr)
    assert all(word in done.stderr for word in words), done.stderr


def lines(done: subprocess.CompletedProcess[str]) -> list[list[str]]:
    """What it said, in words, where it went well."""
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return [line.split() for line in done.stdout.splitlines()]


async def test_accounts_are_made_on_an_empty_folder_and_live_beside_a_running_app(run: Run, data_dir: Path) -> None:
    assert lines(run("user", "add", "Ann", "--role", "admin", typed=PASSWORD + "\n", IMAGECHAT_ACCESS="login")) == [
        ["ann", "can", "log", "in", "now."]
    ]
    assert PASSWORD.encode() not in (data_dir / "imagechat.db").read_bytes()
    settings = Settings(_env_file=None, data_dir=data_dir, access="login")
    lock, house = prepare(settings), House(settings)
    await house.open()
    try:
        ann = await house.studio.log_in(HOME, "ann", PASSWORD, "")
        assert ann.visitor.admin
        await asyncio.to_thread(while_it_runs, run)
        assert (await house.studio.log_in(HOME, "ben", PASSWORD, "")).visitor.group == "trusted"
        assert [line.action for line in (await house.audit.page()).items if line.actor == "terminal"] == ["account.made"] * 2
    finally:
        await house.close()
        lock.close()


def while_it_runs(run: Run) -> None:
    made = lines(run("user", "add", "ben", "--group", "trusted", typed=PASSWORD))
    assert made[0][:2] == ["ben", "can"] and "IMAGECHAT_ACCESS=login." in made[1]
    refused(run("user", "add", "BEN", typed=PASSWORD), "taken already")
    listed = lines(run("user", "list"))
    assert [line[:3] for line in listed] == [["ann", "admin", "member"], ["ben", "member", "trusted"]]


async def test_switching_off_by_the_command_stops_what_is_drawn(open_house: OpenHouse, run: Run) -> None:
    house = await open_house(access="login")
    id = await house.people.add("ann", await Passwords().hashed(PASSWORD), name="Ann")
    studio = house.studio
    ann = await studio.log_in(HOME, "ann", PASSWORD, "")
    receipt = await studio.say(ann.visitor, ask("a fox delay:60"))
    assert lines(await asyncio.to_thread(run, "user", "disable", "ANN"))[0][:4] == ["ann", "is", "switched", "off"]
    async with asyncio.timeout(30):
        assert (await ended(studio, ann.visitor, receipt)).job.status is Status.CANCELLED  # type: ignore[union-attr]
        while await studio.known(ann.token) is not None:
            await asyncio.sleep(0.1)
    with pytest.raises(NotKnown) as refusal:
        await studio.log_in(HOME, "ann", PASSWORD, "")
    assert refusal.value.reason == "disabled"
    assert lines(await asyncio.to_thread(run, "user", "list"))[0][3:5] == ["switched", "off"]
    assert lines(await asyncio.to_thread(run, "user", "enable", id))
    other = await studio.log_in(HOME, "ann", PASSWORD, "")
    assert lines(await asyncio.to_thread(run, "user", "passwd", "ann", typed="another password\r\n"))
    assert await house.people.known(other.token) is None
    assert await studio.log_in(HOME, "ann", "another password", "")


def test_what_cannot_be_done_is_told_in_words(run: Run, data_dir: Path, migrated: Path) -> None:
    data_dir.mkdir()
    shutil.copy(migrated, data_dir)
    refused(run("user", "add", "ann", typed="short\n"), "10 characters")
    refused(run("user", "add", "ann"), "10 characters")
    refused(run("user", "add", "a b", typed=PASSWORD), "2 to 64")
    for deed in ("passwd", "disable", "enable"):
        refused(run("user", deed, "nobody", typed=PASSWORD), "no account called nobody")
    refused(run("user", "disable", "owner"), "no account called owner")
    refused(run("user"), "usage", status=2)
    refused(run("user", "add", "ann", "--role", "owner", typed=PASSWORD), "--role", status=2)
    refused(run("user", "add", "ann", PASSWORD), "unrecognized", status=2)
    assert "There are no accounts" in run("user", "list").stdout
    data_dir.joinpath("imagechat.db").write_bytes(b"no database" * 1000)
    refused(run("user", "list"), "damaged")


def test_a_password_is_typed_twice_and_never_shown(data_dir: Path, env: dict[str, str], tmp_path: Path, migrated: Path) -> None:
    data_dir.mkdir()
    shutil.copy(migrated, data_dir)
    for number, (again, status, word) in enumerate((("another horse", 1, "not the same"), (PASSWORD, 0, ""))):
        errors = tmp_path / f"errors-{number}"
        with at_terminal(data_dir, env, "user", "add", "ann", errors=errors) as (process, terminal):
            for wanted, given in (("Password", PASSWORD), ("Once more", again)):
                late = time.monotonic() + 90
                while wanted not in errors.read_text() and process.poll() is None and time.monotonic() < late:
                    time.sleep(0.05)
                os.write(terminal, f"{given}\n".encode())
            shown = read_until(process, terminal, lambda _: False)
        assert process.returncode == status, errors.read_text()
        assert word in errors.read_text() and "horse" not in shown + errors.read_text()


@pytest.mark.parametrize(
    "asked", [("link",), ("user", "list"), ("user", "passwd", "ann"), ("user", "disable", "ann"), ("secret", "rotate")], ids=" ".join
)
def test_where_no_imagechat_has_run_only_a_new_account_makes_one(run: Run, data_dir: Path, asked: tuple[str, ...]) -> None:
    done = run(*asked, typed=PASSWORD)
    refused(done, "No ImageChat has run", str(data_dir), status=2)
    assert done.stdout == "" and not data_dir.exists()
    data_dir.mkdir()
    refused(run(*asked, typed=PASSWORD), str(data_dir), status=2)
    assert not list(data_dir.iterdir())


# The owner link


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "http://127.0.0.1:7860"),
        ({"IMAGECHAT_HOST": "0.0.0.0", "IMAGECHAT_PORT": "9000", "IMAGECHAT_ROOT_PATH": "/studio"}, "http://127.0.0.1:9000/studio"),
        ({"IMAGECHAT_HOST": "::", "IMAGECHAT_DOOR__HOSTS": "a.example b.example"}, "http://a.example:7860"),
        ({"IMAGECHAT_DOOR__HOSTS": "a.example", "IMAGECHAT_DOOR__TRUSTED_PROXIES": "127.0.0.1"}, "https://a.example"),
        ({"IMAGECHAT_HOST": "::1"}, "http://[::1]:7860"),
    ],
)
def test_the_link_leads_to_where_the_app_is(run: Run, data_dir: Path, migrated: Path, given: dict[str, str], address: str) -> None:
    data_dir.mkdir()
    shutil.copy(migrated, data_dir)
    done = run("link", **given)
    found = LINK.fullmatch(done.stdout.strip())
    assert found is not None and found[1] == address, done.stdout + done.stderr
    assert found[2] not in done.stderr and "24 hours" in done.stderr
    assert ("in place of 127.0.0.1" in done.stderr) == (given.get("IMAGECHAT_HOST") == "0.0.0.0")
    with sqlite3.connect(data_dir / "imagechat.db") as connection:
        assert found[2] not in str(connection.execute("SELECT * FROM links").fetchall())


async def test_a_start_whose_output_is_kept_shows_no_link(data_dir: Path) -> None:
    async with running(data_dir, env={"IMAGECHAT_ACCESS": "guests"}) as server:
        while "ImageChat is ready" not in server.log():
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.5)
        assert f"python app.py link --port {server.port} --data-dir {data_dir}" in server.log() and not LINK.search(server.log())
    with sqlite3.connect(data_dir / "imagechat.db") as connection:
        assert connection.execute("SELECT count(*) FROM links").fetchone() == (0,)


async def test_a_start_at_a_terminal_shows_the_link_there_and_nowhere_else(
    open_house: OpenHouse, data_dir: Path, env: dict[str, str], tmp_path: Path
) -> None:
    data_dir.mkdir()
    chosen = {**env, "IMAGECHAT_ACCESS": "login", "IMAGECHAT_LOG_LEVEL": "debug"}
    errors = tmp_path / "errors"
    with at_terminal(data_dir, chosen, "--port", str(free_port()), errors=errors) as (process, terminal):
        shown = await asyncio.to_thread(read_until, process, terminal, lambda shown: LINK.search(shown) is not None)
    token = LINK.search(shown)
    assert token is not None and token[2] not in errors.read_text(), errors.read_text()[-3000:]
    house = await open_house(access="login")
    assert (await house.studio.use_link(HOME, token[2], "")).visitor.id == "owner"
    assert token[2] not in str((await house.audit.page()).items)
