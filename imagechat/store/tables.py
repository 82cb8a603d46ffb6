"""The whole schema on one page. A change here needs a migration beside it; a test compares the two.

Every row has an owner. Times are UTC in whole microseconds since 1970 (exact, ordered, the same in PostgreSQL), prices micro-dollars,
documents JSON as text. `number` is a row's place in the order of keeping: the keyset for pages and the rowid of its words.
"""

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, MetaData, Table, Text, column, table, text

from imagechat.store.moments import Moment

metadata = MetaData()


def _number() -> Column[Any]:
    return Column("number", Integer, primary_key=True, autoincrement=True)


visitors = Table(
    "visitors",
    metadata,
    Column("id", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("group", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("login", Text, unique=True),
    Column("password", Text),
    Column("provider", Text),
    Column("subject", Text),
    Column("disabled", Moment),
    Column("created", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
    Index("visitors_elsewhere", "provider", "subject", unique=True),
)
"""Everybody who has a space. `login` is an account's name, casefolded; `subject` who they are at `provider`, where they come from."""

sessions = Table(
    "sessions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("token", Text, nullable=False, unique=True),
    Column("visitor", Text, ForeignKey("visitors.id"), nullable=False),
    Column("created", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
    Column("expires", Moment, nullable=False),
    Column("agent", Text, nullable=False),
    Index("sessions_of_visitor", "visitor"),
    Index("sessions_old", "expires"),
)
"""`token`: SHA-256 of what the cookie says, in hex; what is stolen from here opens nothing."""

links = Table(
    "links",
    metadata,
    Column("token", Text, primary_key=True),
    Column("visitor", Text, nullable=False),
    Column("created", Moment, nullable=False),
    Column("expires", Moment, nullable=False),
    Column("used", Moment),
)
"""One-time links that let a browser in as `visitor`; `token` as in `sessions`."""

facts = Table("facts", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))
"""Single things that the house remembers about itself."""

keys = Table(
    "keys",
    metadata,
    Column("visitor", Text, primary_key=True),
    Column("provider", Text, primary_key=True),
    Column("cipher", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("created", Moment, nullable=False),
    Column("tested", Moment),
    Column("trouble", Text, nullable=False),
)
"""Visitors' own keys, encrypted. `secret`: which of the house's secrets it is encrypted with, by its fingerprint."""

ledger = Table(
    "ledger",
    metadata,
    _number(),
    Column("job", Text, nullable=False, unique=True),
    Column("visitor", Text, nullable=False),
    Column("group", Text, nullable=False),
    Column("purse", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("created", Moment, nullable=False),
    Column("ended", Moment),
    Column("held", BigInteger, nullable=False),
    Column("counted", BigInteger, nullable=False),
    Column("price", BigInteger),
    Column("asked", Integer, nullable=False),
    Column("pictures", Integer, nullable=False),
    Column("input_tokens", BigInteger),
    Column("output_tokens", BigInteger),
    Column("took", BigInteger),
    Index("ledger_of_visitor", "visitor", "day"),
    Index("ledger_of_day", "day"),
    Index("ledger_open", "status", sqlite_where=text("status = 'held'")),
    sqlite_autoincrement=True,
)
"""One row for each piece of work. `status`: held or settled; `held` is what was reserved, `price` what it cost (empty where nobody
knows), `counted` what counts against budgets; `asked` and `pictures`: how many were asked for and came; `day`: UTC."""

balances = Table(
    "balances",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("held", BigInteger, nullable=False),
    Column("spent", BigInteger, nullable=False),
    Column("pictures_held", Integer, nullable=False),
    Column("pictures", Integer, nullable=False),
)
"""Sums of the ledger. `scope`: "visitor:…", "group:guest" or "house"; `period`: a day ("2026-11-21") or a month ("2026-11"), UTC."""

budgets = Table(
    "budgets",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("day", BigInteger),
    Column("month", BigInteger),
    Column("pictures_day", Integer),
    Column("pictures_month", Integer),
    Column("changed", Moment, nullable=False),
    Column("by", Text, nullable=False),
)
"""What an admin set in place of the settings, whole: an empty field is no limit. `scope`: "visitor:…", "group:…" or "house"."""

warnings = Table(
    "warnings",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("percent", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
)
"""Which share of a budget was told of already."""

reports = Table(
    "reports",
    metadata,
    Column("id", Text, primary_key=True),
    Column("picture", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("created", Moment, nullable=False),
    Column("closed", Moment),
    Column("verdict", Text, nullable=False),
    Index("reports_open", "created", sqlite_where=text("closed IS NULL")),
)

audit = Table(
    "audit",
    metadata,
    _number(),
    Column("at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("facts", Text, nullable=False),
    sqlite_autoincrement=True,
)
"""Who did what of weight, and when: never anything secret."""

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
    Column("private", Integer, nullable=False, server_default=text("0")),
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
    Column("private", Integer, nullable=False, server_default=text("0")),
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
    Column("private", Integer, nullable=False, server_default=text("0")),
    Index("blobs_of_owner", "owner", "size"),
    Index("blobs_of_kind", "kind", "created"),
)

taken = Table("taken", metadata, Column("whose", Text, primary_key=True), Column("bytes", BigInteger, nullable=False))
"""What all guests' files take, in the row "guests". Triggers on `blobs` and `visitors` keep it: who makes those anew makes them anew."""

# Words for searching, normalised by search.py (FTS5 tables, made by the migrations). `rowid` is the `number` of what they belong to.
picture_words = table("picture_words", column("rowid", Integer), column("owner", Text), column("words", Text))
chat_words = table("chat_words", column("rowid", Integer), column("owner", Text), column("thread", Text), column("words", Text))
"""One row for each message, and one for each thread's title with the thread's `number` made negative."""
