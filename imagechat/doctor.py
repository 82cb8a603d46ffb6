"""`app.py doctor`: checks this machine and says in words what is right and what is not."""

import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing

from imagechat import ground
from imagechat.errors import ImageChatError
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
    ground.prepare(settings).close()
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
    return f"whole, {pictures} pictures"


def _port(settings: Settings) -> str:
    ground.check_port(settings)
    return f"{settings.host}:{settings.port} is free"


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
