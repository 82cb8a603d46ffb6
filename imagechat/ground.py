"""What must be there before the house stands: a data folder that is ours alone, a free port, and what Gradio reads at its import."""

import errno
import fcntl
import os
import socket
from pathlib import Path
from typing import IO

from imagechat.errors import CannotStart
from imagechat.settings import Settings
from imagechat.store.upgrade import migrate


def prepare(settings: Settings) -> IO[str]:
    """Make the data folder ready and migrate its database. Returns the lock that says it is in use, to be kept open.

    Raises: CannotStart (folder not writable, in use by another process, database from a newer version).
    """
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
    except OSError as fault:
        raise CannotStart("not_writable", path=str(folder.absolute()), why=fault.strerror or str(fault)) from fault
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        lock.close()
        raise CannotStart("in_use", path=str(folder.absolute())) from fault
    migrate(folder / "imagechat.db")
    return lock


def check_port(settings: Settings) -> None:
    """Raise CannotStart("port_taken") when something listens there already, ("port_refused") when it may not be listened on."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as fault:
            reason = "port_taken" if fault.errno == errno.EADDRINUSE else "port_refused"
            why, following = fault.strerror or str(fault), min(settings.port + 1, 65535)
            raise CannotStart(reason, host=settings.host, port=settings.port, why=why, next=following) from fault


def surroundings(uploads: Path) -> None:
    """Set what Gradio reads from the environment at its import: no calls home, uploads in the private folder `uploads`.

    What lies there stays over a restart: a page that was open then still holds it in its composer.
    """
    uploads = uploads.absolute()
    try:
        uploads.mkdir(parents=True, mode=0o700, exist_ok=True)
    except OSError as fault:
        raise CannotStart("not_writable", path=str(uploads), why=fault.strerror or str(fault)) from fault
    os.environ |= {"GRADIO_TEMP_DIR": str(uploads), "GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1"}
    # On a Space Gradio would watch the code and load it anew while it runs, past our own start and end.
    os.environ.pop("SYSTEM", None)
    # uvicorn would believe every process of this machine who asks; whom we believe, web/proxies.py knows.
    os.environ["FORWARDED_ALLOW_IPS"] = ""
