"""A Hugging Face Space: what its front matter promises, what is installed there, where it listens and keeps things, and its start."""

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import httpx2
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from imagechat import settings
from imagechat.settings import hosting
from tests.asking import PATIENCE
from tests.browser.server import ROOT, running

HOST = "ann-imagechat.hf.space"
SPACE = {
    "SYSTEM": "spaces",
    "SPACE_ID": "ann/imagechat",
    "SPACE_HOST": HOST,
    "SPACE_AUTHOR_NAME": "ann",
    "SPACE_CREATOR_USER_ID": "0123456789",
    "SPACE_TITLE": "ImageChat",
    "GRADIO_SERVER_NAME": "0.0.0.0",
    "GRADIO_SERVER_PORT": "7860",
    "GRADIO_ALLOW_FLAGGING": "never",
    "GRADIO_THEME": "huggingface",
    "OAUTH_CLIENT_ID": "a-client",
    "OAUTH_CLIENT_SECRET": "a-secret",
    "OAUTH_SCOPES": "openid profile",
    "OPENID_PROVIDER_URL": "https://huggingface.co",
}
OPENING = {"accept": "text/html", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe", "sec-fetch-site": "cross-site"}


def pinned() -> list[Requirement]:
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def front_matter() -> dict[str, object]:
    found = re.match(r"---\n(.*?)\n---\n", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert found, "README.md begins with a Space's front matter"
    return yaml.safe_load(found[1])


@pytest.fixture
def space(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    monkeypatch.chdir(tmp_path)
    for name, value in SPACE.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_the_front_matter_is_true():
    said = front_matter()
    gradio = next(each for each in pinned() if each.name == "gradio")
    assert said["sdk"] == "gradio" and f"=={said['sdk_version']}" == str(gradio.specifier)
    assert (ROOT / str(said["app_file"])).is_file()
    assert str(said["python_version"]) == "3.11"
    assert said["hf_oauth"] is True
    assert "license" not in said or (ROOT / "LICENSE").exists()


def needed(requirement: Requirement, seen: set[str]) -> Iterator[tuple[str, Requirement]]:
    """What a package with its extras asks for, and what that asks for, as far as it is installed."""
    for extra in ("", *requirement.extras):
        key = f"{canonicalize_name(requirement.name)}[{extra}]"
        if key in seen:
            continue
        seen.add(key)
        try:
            asked = requires(requirement.name) or []
        except PackageNotFoundError:
            continue
        for one in map(Requirement, asked):
            if one.marker is None or one.marker.evaluate({"extra": extra}):
                yield requirement.name, one
                yield from needed(one, seen)


def test_what_is_pinned_goes_together_with_what_a_space_adds():
    """A Space installs gradio[oauth,mcp] of its sdk_version in the same breath as the requirements."""
    assert {"oauth", "mcp"} <= next(each for each in pinned() if each.name == "gradio").extras
    ours = {canonicalize_name(each.name): each for each in pinned()}
    for each in pinned():
        assert [spec.operator for spec in each.specifier] == ["=="], f"{each} is not pinned"
    seen: set[str] = set()
    wishes = [wish for each in pinned() for wish in needed(each, seen)]
    assert len(wishes) > 50
    for who, wish in wishes:
        own = ours.get(canonicalize_name(wish.name))
        if own is not None:
            (spec,) = own.specifier
            assert wish.specifier.contains(spec.version, prereleases=True), f"{who} wants {wish}, we pin {own}"
        else:
            assert wish.specifier.contains(version(wish.name), prereleases=True), f"{who} wants {wish}"


def test_a_space_listens_everywhere_and_has_guests(space: pytest.MonkeyPatch):
    chosen = settings.load()
    assert (chosen.host, chosen.port, chosen.mode) == ("0.0.0.0", 7860, "guests")
    assert settings.load(host="127.0.0.1").host == "127.0.0.1"
    space.delenv("SPACE_ID")
    assert (settings.load().host, settings.load().mode) == ("127.0.0.1", "local")


def test_everything_lies_on_the_lasting_disk_where_there_is_one(space: pytest.MonkeyPatch, tmp_path: Path):
    space.setattr(hosting, "PERSISTENT", tmp_path)
    assert settings.load().data_dir == Path("data") and not settings.load().lasting
    disk = Path("/dev/shm")
    if not hosting.lasting(disk):
        pytest.skip("no other disk here")
    space.setattr(hosting, "PERSISTENT", disk)
    assert settings.load().data_dir == disk and settings.load().lasting
    space.setenv("IMAGECHAT_DATA_DIR", str(tmp_path))
    if not tmp_path.is_relative_to(disk):
        assert settings.load().data_dir == tmp_path and not settings.load().lasting


def test_elsewhere_everything_lasts():
    assert settings.Settings(_env_file=None).lasting


async def test_it_starts_as_a_space_starts_it(data_dir: Path):
    """With a Space's variables, but on loopback and a port of its own."""
    env = {**SPACE, "IMAGECHAT_DOOR__TRUSTED_PROXIES": "127.0.0.1"}
    async with (
        running(data_dir, "--host", "127.0.0.1", env=env) as server,
        httpx2.AsyncClient(base_url=server.url, trust_env=False, timeout=PATIENCE) as client,
    ):
        asked = {**OPENING, "host": HOST, "x-forwarded-proto": "https", "x-forwarded-for": "198.51.100.4"}
        opened = await client.get("/", headers=asked)
        assert opened.status_code == 200, opened.text
        cookie = opened.headers["set-cookie"]
        assert all(word in cookie for word in ("HttpOnly", "Secure", "SameSite=None", "Partitioned")), cookie
        assert "https://huggingface.co" in opened.headers["content-security-policy"]
        kept = {"host": HOST, "x-forwarded-proto": "https", "cookie": cookie.partition(";")[0]}
        config = (await client.get("/config", headers=kept)).json()
        assert config["root"] == f"https://{HOST}"
        assert (await client.get("/gallery", headers={**kept, "sec-fetch-site": "same-origin"})).status_code == 200
        assert (await client.get("/gallery", headers={"host": HOST})).status_code == 401
        log = server.log()
        assert "/data" in log and "restart" in log
        assert "Traceback" not in log and "reload" not in log.lower() and "a-secret" not in log
        assert await server.terminate() == 0
