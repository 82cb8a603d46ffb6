"""The image and compose.yaml: read by rule, and started without a container from what COPY would take."""

import os
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import httpx2
import yaml

from tests.asking import PATIENCE
from tests.browser.server import ROOT, Server

OPENING = {"accept": "text/html", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "sec-fetch-site": "none"}


def instructions() -> list[tuple[str, str]]:
    """Each instruction of the Dockerfile with what follows it, lines joined, comments left out."""
    lines = [line for line in (ROOT / "Dockerfile").read_text("utf-8").splitlines() if not line.lstrip().startswith("#")]
    whole = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in whole.splitlines() if line.strip())]


def last_stage() -> list[tuple[str, str]]:
    steps = instructions()
    return steps[max(at for at, (name, _) in enumerate(steps) if name == "FROM") :]


def environment() -> dict[str, str]:
    return dict(pair.split("=", 1) for name, rest in last_stage() if name == "ENV" for pair in shlex.split(rest))


def copied() -> list[tuple[str, str]]:
    """(source, goal) of what comes from the project's folder."""
    steps = [shlex.split(rest) for name, rest in last_stage() if name == "COPY" and "--from" not in rest]
    return [(source, parts[-1]) for parts in steps for source in parts[:-1]]


def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))


def test_the_image_is_slim_and_nobody_is_root_in_it():
    steps = last_stage()
    names = [name for name, _ in steps]
    assert all(re.fullmatch(r"python:3\.11-slim( AS \w+)?", rest) for name, rest in instructions() if name == "FROM")
    assert names.index("USER") > max(at for at, name in enumerate(names) if name in ("RUN", "COPY")), "root makes it, and leaves"
    assert next(rest for name, rest in steps if name == "USER") not in ("root", "0")
    assert not {"ADD", "MAINTAINER"} & set(names)
    for rest in (rest for name, rest in steps if name == "RUN" and "apt-get install" in rest):
        assert "--no-install-recommends" in rest and "rm -rf /var/lib/apt/lists" in rest and "libfribidi0" in rest
        assert not re.search(r"\b(gcc|build-essential|git|curl|make)\b", rest)
    assert all("--no-cache-dir" in rest for name, rest in instructions() if name == "RUN" and "pip " in rest)


def test_app_and_packages_are_compiled_beforehand():
    ran = [rest for name, rest in instructions() if name == "RUN" and "compileall" in rest]
    assert any("/venv/lib" in rest for rest in ran) and any("imagechat" in rest and "app.py" in rest for rest in ran)


def test_it_says_how_it_is_and_ends_when_asked():
    steps = dict(last_stage())
    assert steps["VOLUME"] == "/data" == environment()["IMAGECHAT_DATA_DIR"]
    assert steps["EXPOSE"] == environment()["IMAGECHAT_PORT"]
    assert "/healthz" in steps["HEALTHCHECK"]
    assert steps["CMD"] == '["python", "app.py"]', "as a list, so that signals reach the app"


def test_what_is_copied_is_there_and_not_ignored():
    taken = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    for source, _ in copied():
        assert (ROOT / source).exists() and source in taken
    assert not {".env", "data", ".git"} & taken


def test_compose_publishes_to_this_machine_alone_and_takes_rights_away():
    app, caddy = compose()["services"]["imagechat"], compose()["services"]["caddy"]
    assert app["ports"] == ["127.0.0.1:7860:7860"]
    assert app["read_only"] is True and app["cap_drop"] == ["ALL"] and app["security_opt"] == ["no-new-privileges:true"]
    assert app["volumes"] == ["data:/data"] and "data" in compose()["volumes"]
    assert app["restart"] == "unless-stopped" and "healthz" in app["healthcheck"]["test"][-1]
    assert caddy["profiles"] == ["tls"]
    address = caddy["networks"]["inside"]["ipv4_address"]
    assert app["environment"]["IMAGECHAT_DOOR__TRUSTED_PROXIES"] == f"${{IMAGECHAT_DOOR__TRUSTED_PROXIES:-{address}}}"
    mounted = [volume.split(":")[0] for volume in caddy["volumes"] if volume.startswith("./")]
    assert mounted and all((ROOT / path).is_file() for path in mounted)


def tree(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in sorted(folder.rglob("*"))}


async def test_what_is_copied_starts_with_guests_and_writes_beside_nothing(tmp_path: Path, data_dir: Path):
    """The image's files, its environment and its command, but on loopback; the folder of the code is as it was afterwards."""
    code = tmp_path / "app"
    for source, goal in copied():
        into = code / (source if goal == "./" else goal)
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, into, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            into.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / source, into)
    for path in [code, *code.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = tree(code)
    said = {name: value for name, value in environment().items() if name not in ("PATH", "HOME", "IMAGECHAT_PORT", "IMAGECHAT_DATA_DIR")}
    assert said["IMAGECHAT_HOST"] == "0.0.0.0"
    server = Server(data_dir, "app.py", ("--host", "127.0.0.1"), {**said, "IMAGECHAT_ACCESS": "guests", "PYTHONPATH": ""})
    server.command[1] = str(code / "app.py")
    try:
        await server.start()
        async with httpx2.AsyncClient(base_url=server.url, trust_env=False, timeout=PATIENCE) as client:
            assert (await client.get("/", headers=OPENING)).status_code == 200
            assert (await client.get("/gallery")).json()["pictures"] == []
        assert await server.terminate() == 0
    finally:
        await server.terminate()
        server.sweep()
    assert tree(code) == before
    assert "Traceback" not in server.log()
    assert os.listdir(data_dir)
