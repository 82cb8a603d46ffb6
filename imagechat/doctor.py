"""`app.py doctor`: checks this machine and says in words what is right and what is not."""

import json
import shutil
import sqlite3
import sys
import urllib.request
from collections.abc import Callable
from contextlib import closing

from imagechat import ground
from imagechat.announcing import EVERYWHERE
from imagechat.errors import CannotStart, ImageChatError
from imagechat.i18n import locale
from imagechat.settings import Settings

SPARE = 500 * 2**20
"""Bytes of free disk below which pictures soon cannot be kept."""


def report(settings: Settings) -> int:
    """Print one line for each check; the exit status is 1 when one failed."""
    failed = 0
    for name, check in CHECKS.items():
        try:
            found = check(settings)
            print(f"ok    {name}: {found}")
        except ImageChatError as fault:
            failed += 1
            print(f"FAIL  {name}: {locale(settings.locale).error(fault.code, fault.reason, fault.facts)}")
        except Exception as fault:
            failed += 1
            print(f"FAIL  {name}: {fault}")
    return min(failed, 1)


def _python(settings: Settings) -> str:
    return f"{sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}"


def _folder(settings: Settings) -> str:
    try:
        ground.prepare(settings).close()
    except CannotStart as fault:
        if fault.reason != "in_use" or not (version := _running(settings)):
            raise
        return f"{settings.data_dir.absolute()} is in use by the ImageChat {version} that runs on port {settings.port}"
    probe = settings.data_dir / "doctor"
    probe.write_bytes(b"x")
    probe.unlink()
    return f"{settings.data_dir.absolute()} can be written to"


def _disk(settings: Settings) -> str:
    free = shutil.disk_usage(settings.data_dir).free
    if free < SPARE:
        raise OSError(f"only {free // 2**20} MB are free; pictures need room")
    return f"{free / 2**30:.1f} GB are free"


def _database(settings: Settings) -> str:
    path = settings.data_dir / "imagechat.db"
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
        if verdict != "ok":
            raise OSError(f"{path} is damaged: {verdict}")
        pictures = connection.execute("SELECT count(*) FROM generations").fetchone()[0]
        taken = connection.execute("SELECT bytes FROM taken WHERE whose = 'guests'").fetchone()[0]
    return f"whole, {pictures} pictures; {_room(taken, settings.disk.together)}"


def _room(taken: int, most: int | None) -> str:
    """How it stands with the room for all guests' files."""
    if most is None:
        return f"all guests' files take {taken / 2**20:.1f} MB"
    full = ", so their uploads and new pictures are refused" if taken >= most else ""
    return f"all guests' files take {taken / 2**20:.1f} of {most / 2**20:.1f} MB{full}"


def _port(settings: Settings) -> str:
    try:
        ground.check_port(settings)
    except CannotStart as fault:
        if fault.reason != "port_taken" or not (version := _running(settings)):
            raise
        return f"ImageChat {version} answers on {settings.host}:{settings.port}"
    return f"{settings.host}:{settings.port} is free"


def _running(settings: Settings) -> str:
    """The version of an ImageChat that answers at this host and port; "" where none does."""
    host = "127.0.0.1" if settings.host in EVERYWHERE else settings.host
    place = f"[{host}]" if ":" in host else host
    ask = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
    try:
        with ask(f"http://{place}:{settings.port}{settings.root_path}/healthz", timeout=5) as answer:
            said = json.loads(answer.read(1000))
    except (OSError, ValueError):
        return ""
    return str(said.get("version", "")) if isinstance(said, dict) and said.get("status") == "ok" else ""


def _painter(settings: Settings) -> str:
    import asyncio

    return asyncio.run(_painted(settings))


async def _painted(settings: Settings) -> str:
    from imagechat.domain.models import Picture
    from imagechat.domain.requests import ImageOrder, ImageRequest
    from imagechat.providers import PROVIDERS

    provider = PROVIDERS["sketch"](settings)
    try:
        request = ImageRequest.model_validate({"prompt": "sea at sunset", "model": "sketch", "size": "128x128", "seed": 1})
        events = provider.models[0].stream(ImageOrder(request=request, words=request.prompt))
        sizes = [len(event.data) async for event in events if isinstance(event, Picture)]
    finally:
        await provider.close()
    return f"painted a picture of {sizes[0]} bytes"


def _provider(settings: Settings) -> str:
    import asyncio

    return asyncio.run(_listed(settings))


async def _listed(settings: Settings) -> str:
    from imagechat.providers import PROVIDERS

    provider = PROVIDERS["openai"](settings)
    try:
        await provider.refresh()
        standing = provider.standing
    finally:
        await provider.close()
    if standing is None:
        return "no key and no server of your own: Sketch and Guide only"
    if standing.trouble:
        code, _, reason = standing.trouble.partition(".")
        raise OSError(locale(settings.locale).error(code, reason, {"model": standing.address, **standing.facts}))
    return f"{standing.address} offers {standing.models} models"


def _fonts(settings: Settings) -> str:
    from PIL import features

    return (
        "Persian lettering is possible"
        if features.check("raqm")
        else "no RAQM: Persian lettering in pictures will not be shaped (not needed yet)"
    )


CHECKS: dict[str, Callable[[Settings], str]] = {
    "python": _python,
    "data folder": _folder,
    "disk": _disk,
    "database": _database,
    "port": _port,
    "painter": _painter,
    "provider": _provider,
    "fonts": _fonts,
}
