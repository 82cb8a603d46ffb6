"""Visitors, threads, messages, jobs, pictures, files, and the words of pictures."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# `prefix`: a search begins with its first letter, and "s" must not walk through every word with s.
_WORDS = """CREATE VIRTUAL TABLE picture_words USING fts5(
    owner, words, tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Mc So'", prefix = '1 2 3'
)"""


def _blobs() -> None:
    op.create_table(
        "blobs",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
    )
    op.create_index("blobs_of_kind", "blobs", ["kind", "created"])
    op.create_index("blobs_of_owner", "blobs", ["owner", "size"])


def _threads() -> None:
    op.create_table(
        "threads",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("named", sa.Integer, nullable=False),
        sa.Column("controls", sa.Text),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        sa.Column("trashed", sa.BigInteger),
        sqlite_autoincrement=True,
    )
    op.create_index("threads_newest", "threads", ["owner", "updated", "id"], sqlite_where=sa.text("trashed IS NULL"))
    op.create_index("threads_trash", "threads", ["owner", "updated", "id"], sqlite_where=sa.text("trashed IS NOT NULL"))


def _visitors() -> None:
    op.create_table(
        "visitors",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
    )


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("thread", sa.Text, sa.ForeignKey("threads.id"), nullable=False),
        sa.Column("parent", sa.Text, sa.ForeignKey("messages.id")),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("model", sa.Text),
        sa.Column("origin", sa.Text),
        sa.Column("nonce", sa.Text),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("inputs", sa.Text, nullable=False),
        sa.Column("request", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("messages_of_parent", "messages", ["parent"])
    op.create_index("messages_of_thread", "messages", ["thread", "id"])
    op.create_index("messages_once", "messages", ["owner", "nonce"], unique=True, sqlite_where=sa.text("nonce IS NOT NULL"))


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("thread", sa.Text, sa.ForeignKey("threads.id"), nullable=False),
        sa.Column("message", sa.Text, sa.ForeignKey("messages.id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("started", sa.BigInteger),
        sa.Column("finished", sa.BigInteger),
        sa.Column("error", sa.Text),
        sa.Column("input_tokens", sa.BigInteger),
        sa.Column("output_tokens", sa.BigInteger),
        sa.Column("price", sa.BigInteger),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
    )
    op.create_index("jobs_of_message", "jobs", ["message"])
    op.create_index("jobs_of_thread", "jobs", ["thread"])
    op.create_index("jobs_timed", "jobs", ["model", "kind", "finished"], sqlite_where=sa.text("status = 'done'"))
    op.create_index("jobs_unfinished", "jobs", ["owner"], sqlite_where=sa.text("status IN ('queued', 'running')"))


def _generations() -> None:
    op.create_table(
        "generations",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("thread", sa.Text, sa.ForeignKey("threads.id"), nullable=False),
        sa.Column("message", sa.Text, sa.ForeignKey("messages.id"), nullable=False),
        sa.Column("job", sa.Text, sa.ForeignKey("jobs.id"), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("blob", sa.Text, sa.ForeignKey("blobs.id"), nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("drawn_by", sa.Text, nullable=False),
        sa.Column("took", sa.BigInteger, nullable=False),
        sa.Column("price", sa.BigInteger),
        sa.Column("parent", sa.Text),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("trashed", sa.BigInteger),
        sa.Column("usage", sa.Text, nullable=False),
        sa.Column("notes", sa.Text, nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("sent", sa.Text, nullable=False),
        sa.Column("alt", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("generations_newest", "generations", ["owner", "number"], sqlite_where=sa.text("trashed IS NULL"))
    op.create_index("generations_of_blob", "generations", ["blob"])
    op.create_index("generations_of_job", "generations", ["job"])
    op.create_index("generations_of_message", "generations", ["message"])
    op.create_index("generations_of_thread", "generations", ["thread"])
    op.create_index("generations_timed", "generations", ["drawn_by", "number", "took"])


def upgrade() -> None:
    _blobs()
    _threads()
    _visitors()
    _messages()
    _jobs()
    _generations()
    op.execute(_WORDS)
