"""A database is made, and brought up to date, by migrations alone; an older one is copied first."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from imagechat.errors import CannotStart, DiskFull, HouseFault

MIGRATIONS = Path(__file__).parent / "migrations"
_FULL, _CANTOPEN, _READONLY, _BUSY = 13, 14, 8, 5


def revisions() -> list[str]:
    """The known revisions, oldest first: the numbers that the migrations' file names begin with."""
    return sorted(file.name.split("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def current(path: Path) -> bool:
    """Whether there is a database of the newest revision at `path`. Raises: as `migrate`."""
    with _start_errors(path):
        return _revision(path) == revisions()[-1]


def migrate(path: Path) -> None:
    """Make the database at `path`, or bring it to the newest revision; Alembic is imported only if there is something to do.

    Raises: CannotStart("newer_database" | "broken_database" | "not_writable" | "database_busy"); DiskFull.
    """
    known = revisions()
    with _start_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        found = _revision(path)
        if found == known[-1]:
            return
        if found is not None and found not in known:
            raise CannotStart("newer_database", path=str(path), found=found, known=known[-1])
        if found is not None:
            _copy(path, path.with_name(f"{path.name}.before-{known[-1]}.bak"))
        _upgrade(path)


def _revision(path: Path) -> str | None:
    """The stored revision; None where there is no database yet."""
    if not path.exists() or not path.stat().st_size:
        return None
    with closing(sqlite3.connect(path)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables:
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if "alembic_version" in tables else None
    if row is None:
        raise CannotStart("broken_database", path=str(path))
    return str(row[0])


def _copy(path: Path, target: Path) -> None:
    """A whole copy with what still lies in the write-ahead log, in place only when it is complete."""
    unfinished = target.with_name(f"{target.name}.part")
    unfinished.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(unfinished)) as copy:
        if source.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise CannotStart("broken_database", path=str(path))
        source.backup(copy)
    unfinished.replace(target)


def _upgrade(path: Path) -> None:
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import URL, create_engine, event

    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"isolation_level": None})
    # With SQLite's own BEGIN around it, an upgrade that fails leaves the database as it was.
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
    finally:
        engine.dispose()


@contextmanager
def _start_errors(path: Path) -> Iterator[None]:
    """What stands in the way, in our words."""
    try:
        yield
    except Exception as error:
        fault = getattr(error, "orig", error)
        if isinstance(fault, OSError):
            raise _disk_fault(fault, path) from error
        if not isinstance(fault, sqlite3.DatabaseError):
            raise
        code = getattr(fault, "sqlite_errorcode", 0) & 0xFF
        if code == _FULL:
            raise DiskFull(path=str(path)) from error
        reason = {_CANTOPEN: "not_writable", _READONLY: "not_writable", _BUSY: "database_busy"}.get(code, "broken_database")
        raise CannotStart(reason, path=str(path), why=str(fault)) from error


def _disk_fault(fault: OSError, path: Path) -> HouseFault:
    return (
        DiskFull(path=str(path))
        if fault.errno == errno.ENOSPC
        else CannotStart("not_writable", path=str(path), why=fault.strerror or str(fault))
    )
