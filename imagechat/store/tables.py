"""The whole schema on one page. A change here needs a migration beside it; a test compares the two.

Every row has an owner. Times are UTC in whole microseconds since 1970 (exact, ordered, the same in PostgreSQL), prices micro-dollars,
documents JSON as text. `number` is a row's place in the order of keeping: the keyset for pages and the rowid of its words.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, MetaData, Table, Text, TypeDecorator, column, table, text
from sqlalchemy.engine.interfaces import Dialect

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
metadata = MetaData()


class Moment(TypeDecorator[datetime]):
    """An aware time, kept as whole microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """A time as the database keeps it."""
        return None if value is None else micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """A kept number as a time."""
        return None if value is None else EPOCH + value * MICROSECOND


def micros(moment: datetime) -> int:
    """Whole microseconds from 1970 to `moment`."""
    return (moment - EPOCH) // MICROSECOND


def _number() -> Column[Any]:
    return Column("number", Integer, primary_key=True, autoincrement=True)


visitors = Table(
    "visitors",
    metadata,
    Column("id", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("created", Moment, nullable=False),
)

threads = Table(
    "threads",
    metadata,
    _number(),
    Column("id", Text, nullable=False, unique=True),
    Column("owner", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("named", Integer, nullable=False),
    Column("controls", Text),
    Column("created", Moment, nullable=False),
    Column("updated", Moment, nullable=False),
    Column("trashed", Moment),
    Index("threads_newest", "owner", "updated", "id", sqlite_where=text("trashed IS NULL")),
    Index("threads_trash", "owner", "updated", "id", sqlite_where=text("trashed IS NOT NULL")),
    sqlite_autoincrement=True,
)

messages = Table(
    "messages",
    metadata,
    _number(),
    Column("id", Text, nullable=False, unique=True),
    Column("owner", Text, nullable=False),
    Column("thread", Text, ForeignKey("threads.id"), nullable=False),
    Column("parent", Text, ForeignKey("messages.id")),
    Column("role", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("model", Text),
    Column("origin", Text),
    Column("nonce", Text),
    Column("created", Moment, nullable=False),
    Column("inputs", Text, nullable=False),
    Column("request", Text),
    Column("text", Text, nullable=False),
    Index("messages_of_thread", "thread", "id"),
    Index("messages_of_parent", "parent"),
    Index("messages_once", "owner", "nonce", unique=True, sqlite_where=text("nonce IS NOT NULL")),
    sqlite_autoincrement=True,
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("thread", Text, ForeignKey("threads.id"), nullable=False),
    Column("message", Text, ForeignKey("messages.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created", Moment, nullable=False),
    Column("started", Moment),
    Column("finished", Moment),
    Column("error", Text),
    Column("input_tokens", BigInteger),
    Column("output_tokens", BigInteger),
    Column("price", BigInteger),
    Column("request", Text, nullable=False),
    Column("state", Text, nullable=False),
    Index("jobs_of_message", "message"),
    Index("jobs_of_thread", "thread"),
    Index("jobs_unfinished", "owner", sqlite_where=text("status IN ('queued', 'running')")),
    Index("jobs_timed", "model", "kind", "finished", sqlite_where=text("status = 'done'")),
)

generations = Table(
    "generations",
    metadata,
    _number(),
    Column("id", Text, nullable=False, unique=True),
    Column("owner", Text, nullable=False),
    Column("thread", Text, ForeignKey("threads.id"), nullable=False),
    Column("message", Text, ForeignKey("messages.id"), nullable=False),
    Column("job", Text, ForeignKey("jobs.id"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("blob", Text, ForeignKey("blobs.id"), nullable=False),
    Column("media_type", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("drawn_by", Text, nullable=False),
    Column("took", BigInteger, nullable=False),
    Column("price", BigInteger),
    Column("parent", Text),
    Column("created", Moment, nullable=False),
    Column("trashed", Moment),
    Column("usage", Text, nullable=False),
    Column("notes", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("sent", Text, nullable=False),
    Column("alt", Text, nullable=False),
    Index("generations_newest", "owner", "number", sqlite_where=text("trashed IS NULL")),
    Index("generations_of_message", "message"),
    Index("generations_of_thread", "thread"),
    Index("generations_of_job", "job"),
    Index("generations_of_blob", "blob"),
    Index("generations_timed", "drawn_by", "number", "took"),
    sqlite_autoincrement=True,
)

blobs = Table(
    "blobs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("created", Moment, nullable=False),
    Index("blobs_of_owner", "owner", "size"),
    Index("blobs_of_kind", "kind", "created"),
)

# Words for searching, normalised by search.py (FTS5 tables, made by the migrations). `rowid` is the `number` of what they belong to.
picture_words = table("picture_words", column("rowid", Integer), column("owner", Text), column("words", Text))
chat_words = table("chat_words", column("rowid", Integer), column("owner", Text), column("thread", Text), column("words", Text))
"""One row for each message, and one for each thread's title with the thread's `number` made negative."""
