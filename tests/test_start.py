"""Starting and ending: what stands in the way is told in words, on one line, without a traceback."""

import asyncio
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from imagechat.store.database import migrate
from tests.browser.server import ROOT, free_port, running
from tests.surroundings import foreign, quiet

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """`python app.py …` to its end."""

    def start(*args: object, **env: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if name not in foreign()}
        command = [sys.executable, str(ROOT / "app.py"), *map(str, args)]
        return subprocess.run(
            command, env={**kept, **quiet(tmp_path), **env}, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
        )

    return start


def refused(done: subprocess.CompletedProcess[str], *words: object, status: int = 1) -> None:
    """It ended with `status` and one line that has all the words."""
    said = done.stderr.strip()
    assert done.returncode == status, said
    assert "Traceback" not in said and len(said.splitlines()) == 1 and "{" not in said, said
    assert all(str(word) in said for word in words), said


def test_help_names_every_command_and_flag(run: Run):
    done = run("--help")
    assert done.returncode == 0
    for word in ("serve", "doctor", "--host", "--port", "--data-dir", "127.0.0.1", "7860"):
        assert word in done.stdout
    assert run("nonsense").returncode == 2


def test_a_host_that_others_can_reach_is_refused_where_place_says_who_somebody_is(run: Run, data_dir: Path):
    done = run("--host", "0.0.0.0", "--data-dir", data_dir, IMAGECHAT_ACCESS="local")
    refused(done, "IMAGECHAT_ACCESS", "0.0.0.0", "guests", "login", status=2)
    assert not data_dir.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [("IMAGECHAT_PORT", "abc"), ("IMAGECHAT_RUNNER__QUEUE", "0"), ("IMAGECHAT_RUNNER", "many"), ("IMAGECHAT_LOCALE", "tlh")],
)
def test_a_wrong_setting_is_told_by_its_name(run: Run, data_dir: Path, name: str, value: str):
    refused(run("--data-dir", data_dir, **{name: value}), name, status=2)
    assert not data_dir.exists()


@pytest.mark.parametrize(("name", "offered"), [("MODEL", "sketch"), ("STYLE", "watercolor"), ("QUALITY", "standard")])
def test_a_default_that_there_is_not_is_told_by_its_name(run: Run, data_dir: Path, name: str, offered: str):
    setting = f"IMAGECHAT_DEFAULTS__{name}"
    refused(run("--data-dir", data_dir, "--port", free_port(), **{setting: "nonsense"}), setting, "nonsense", offered)


def test_a_port_that_is_taken(run: Run, data_dir: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused(run("--port", port, "--data-dir", data_dir), f"127.0.0.1:{port}", "--port", min(port + 1, 65535))
    assert not data_dir.exists()


def test_an_address_that_this_machine_lacks(run: Run, data_dir: Path):
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
            pytest.skip("this machine has ::1")
        except OSError:
            pass
    refused(run("--host", "::1", "--port", free_port(), "--data-dir", data_dir), "::1", "may not listen")


@pytest.mark.parametrize("where", ["data", "data/lock", "data/files", "data/imagechat.db", "data/uploads-in-transit"])
def test_something_in_the_place_of_the_data_folder(run: Run, tmp_path: Path, where: str):
    """A file where a folder must be, or the other way round: nobody can write there, root neither."""
    place = tmp_path / where
    place.parent.mkdir(exist_ok=True)
    if place.name in ("lock", "imagechat.db"):
        place.mkdir()
    elif place.name == "uploads-in-transit":
        place.symlink_to("/proc/nothing")
    else:
        place.write_text("a file")
    refused(run("--port", free_port(), "--data-dir", tmp_path / "data"), place.parent if place.name == "lock" else place, "written")


def test_a_disk_that_cannot_be_written_to(run: Run, tmp_path: Path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", disk]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a read-only disk can be mounted by root alone")
    try:
        refused(run("--port", free_port(), "--data-dir", disk / "data"), disk / "data", "--data-dir", "Read-only")
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def test_a_database_of_a_newer_version(run: Run, data_dir: Path):
    migrate(data_dir / "imagechat.db")
    with sqlite3.connect(data_dir / "imagechat.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = (data_dir / "imagechat.db").read_bytes()
    refused(run("--port", free_port(), "--data-dir", data_dir), "imagechat.db", "9999", "newer version", "Nothing was changed")
    assert (data_dir / "imagechat.db").read_bytes() == before


def test_a_database_that_is_none(run: Run, data_dir: Path):
    data_dir.mkdir()
    (data_dir / "imagechat.db").write_bytes(b"this is no database, whatever its name says" * 100)
    refused(run("--port", free_port(), "--data-dir", data_dir), "imagechat.db", "damaged", ".bak")
    assert (data_dir / "imagechat.db").read_bytes().startswith(b"this is no database")


def damaged(path: Path) -> None:
    """A database that opens, and whose tables and indexes are rubble."""
    migrate(path)
    with sqlite3.connect(path) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        pages = [row[0] for row in connection.execute("SELECT rootpage FROM sqlite_master WHERE tbl_name = 'jobs' AND rootpage > 0")]
    connection.close()
    with path.open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * size)
            file.write(b"\xff" * size)


def test_a_database_that_is_damaged_inside(run: Run, data_dir: Path):
    damaged(data_dir / "imagechat.db")
    done = run("--port", free_port(), "--data-dir", data_dir)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
    assert "is damaged" in done.stderr and str(data_dir) in done.stderr


# doctor


def test_doctor_says_that_all_is_well(run: Run, data_dir: Path):
    done = run("doctor", "--port", free_port(), "--data-dir", data_dir)
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stdout
    assert [line.split(":")[0].split(maxsplit=1)[1] for line in lines] == [
        "python",
        "data folder",
        "disk",
        "database",
        "port",
        "painter",
        "provider",
        "fonts",
    ]
    assert all(line.startswith("ok ") for line in lines)
    assert not done.stderr


def test_doctor_knows_folders_with_odd_names(run: Run, tmp_path: Path):
    done = run("doctor", "--port", free_port(), "--data-dir", tmp_path / "my %41 #1? پوشه")
    assert done.returncode == 0, done.stdout
    assert (tmp_path / "my %41 #1? پوشه" / "imagechat.db").is_file()


def test_doctor_says_what_is_wrong_and_goes_on(run: Run, data_dir: Path):
    data_dir.write_text("a file in its place")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run("doctor", "--port", taken.getsockname()[1], "--data-dir", data_dir)
    wrong = {line.split(":")[0].split(maxsplit=1)[1]: line for line in done.stdout.splitlines() if line.startswith("FAIL")}
    assert done.returncode == 1
    assert {"data folder", "database", "port"} == set(wrong), done.stdout
    assert str(data_dir) in wrong["data folder"] and "already listens" in wrong["port"]
    assert "Traceback" not in done.stdout + done.stderr


def test_doctor_finds_a_damaged_database_and_one_in_use(run: Run, data_dir: Path):
    damaged(data_dir / "imagechat.db")
    done = run("doctor", "--port", free_port(), "--data-dir", data_dir)
    assert done.returncode == 1 and "FAIL  database" in done.stdout
    assert "malformed" in done.stdout or "damaged" in done.stdout


# Ending


async def test_the_app_starts_serves_and_ends_when_asked_with_streams_open(data_dir: Path):
    """SIGTERM ends it within seconds though tabs look and a job runs; the job is interrupted; a second start works."""
    async with running(data_dir, entry="tests/fakes/app.py") as server, httpx2.AsyncClient(trust_env=False) as client:
        assert (await client.get(server.url)).status_code == 200
        with subprocess.Popen(
            [sys.executable, ROOT / "app.py", "--port", str(free_port()), "--data-dir", data_dir],
            env=server.env,
            stderr=subprocess.PIPE,
            text=True,
        ) as second:
            _, words = await asyncio.to_thread(second.communicate, timeout=60)
        assert second.returncode == 1 and "in use by another" in words and "Traceback" not in words
        beside = subprocess.run(
            [sys.executable, ROOT / "app.py", "doctor", "--port", str(server.port), "--data-dir", data_dir],
            env=server.env, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert beside.returncode == 0, beside.stdout
        assert "is in use by the ImageChat" in beside.stdout and "answers on 127.0.0.1" in beside.stdout
        for wanted in (signal.SIGTERM, signal.SIGINT):
            async with client.stream("GET", f"{server.url}/live?since=0") as stream:
                lines = stream.aiter_lines()
                await anext(lines)
                server.process.send_signal(wanted)
                assert await server.ended(15) == 0, server.log()[-3000:]
                async for _ in lines:
                    pass
            assert "Traceback" not in server.log() and "never retrieved" not in server.log() and "was destroyed" not in server.log()
            await server.start()
            assert (await client.get(f"{server.url}/ready")).json() == {"status": "ready"}


async def test_stopped_while_it_starts(data_dir: Path):
    async with running(data_dir, wait=False) as server:
        async with asyncio.timeout(30):
            while not (data_dir / "lock").exists():
                await asyncio.sleep(0.01)
        server.process.send_signal(signal.SIGINT)
        assert await server.ended(40) == 0
        assert "Traceback" not in server.log()
