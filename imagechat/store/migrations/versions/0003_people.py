"""People, sessions, keys, money, reports: what it takes to be shown to strangers."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _people()
    _keys()
    _ledger()
    _budgets()
    _policy()
    for name in ("threads", "generations", "blobs"):
        op.add_column(name, sa.Column("private", sa.Integer, nullable=False, server_default=sa.text("0")))


def _people() -> None:
    op.drop_table("visitors")  # Nothing was ever kept there.
    op.create_table(
        "visitors",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("group", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("login", sa.Text, unique=True),
        sa.Column("password", sa.Text),
        sa.Column("provider", sa.Text),
        sa.Column("subject", sa.Text),
        sa.Column("disabled", sa.BigInteger),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("seen", sa.BigInteger, nullable=False),
    )
    op.create_index("visitors_elsewhere", "visitors", ["provider", "subject"], unique=True)
    op.create_table(
        "sessions",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("token", sa.Text, nullable=False, unique=True),
        sa.Column("visitor", sa.Text, sa.ForeignKey("visitors.id"), nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("seen", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Column("agent", sa.Text, nullable=False),
    )
    op.create_index("sessions_of_visitor", "sessions", ["visitor"])
    op.create_index("sessions_old", "sessions", ["expires"])
    op.create_table(
        "links",
        sa.Column("token", sa.Text, primary_key=True),
        sa.Column("visitor", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Column("used", sa.BigInteger),
    )
    op.create_table("facts", sa.Column("name", sa.Text, primary_key=True), sa.Column("value", sa.Text, nullable=False))


def _keys() -> None:
    op.create_table(
        "keys",
        sa.Column("visitor", sa.Text, primary_key=True),
        sa.Column("provider", sa.Text, primary_key=True),
        sa.Column("cipher", sa.Text, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("tested", sa.BigInteger),
        sa.Column("trouble", sa.Text, nullable=False),
    )


def _ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("job", sa.Text, nullable=False, unique=True),
        sa.Column("visitor", sa.Text, nullable=False),
        sa.Column("group", sa.Text, nullable=False),
        sa.Column("purse", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("provider", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("ended", sa.BigInteger),
        sa.Column("held", sa.BigInteger, nullable=False),
        sa.Column("counted", sa.BigInteger, nullable=False),
        sa.Column("price", sa.BigInteger),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("pictures", sa.Integer, nullable=False),
        sa.Column("input_tokens", sa.BigInteger),
        sa.Column("output_tokens", sa.BigInteger),
        sa.Column("took", sa.BigInteger),
        sqlite_autoincrement=True,
    )
    op.create_index("ledger_of_visitor", "ledger", ["visitor", "day"])
    op.create_index("ledger_of_day", "ledger", ["day"])
    op.create_index("ledger_open", "ledger", ["status"], sqlite_where=sa.text("status = 'held'"))


def _budgets() -> None:
    op.create_table(
        "balances",
        sa.Column("scope", sa.Text, primary_key=True),
        sa.Column("period", sa.Text, primary_key=True),
        sa.Column("held", sa.BigInteger, nullable=False),
        sa.Column("spent", sa.BigInteger, nullable=False),
        sa.Column("pictures_held", sa.Integer, nullable=False),
        sa.Column("pictures", sa.Integer, nullable=False),
    )
    op.create_table(
        "budgets",
        sa.Column("scope", sa.Text, primary_key=True),
        sa.Column("day", sa.BigInteger),
        sa.Column("month", sa.BigInteger),
        sa.Column("pictures_day", sa.Integer),
        sa.Column("pictures_month", sa.Integer),
        sa.Column("changed", sa.BigInteger, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
    )
    op.create_table(
        "warnings",
        sa.Column("scope", sa.Text, primary_key=True),
        sa.Column("period", sa.Text, primary_key=True),
        sa.Column("percent", sa.Integer, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
    )


def _policy() -> None:
    op.create_table(
        "reports",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("picture", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("closed", sa.BigInteger),
        sa.Column("verdict", sa.Text, nullable=False),
    )
    op.create_index("reports_open", "reports", ["created"], sqlite_where=sa.text("closed IS NULL"))
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
