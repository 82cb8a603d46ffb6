"""What the files of all guests take together, kept as a sum by the database itself."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_GUEST = """EXISTS (SELECT 1 FROM visitors WHERE visitors.id = {row}.owner AND visitors."group" = 'guest' AND visitors.role <> 'admin')"""
_OLD, _NEW = _GUEST.format(row="OLD"), _GUEST.format(row="NEW")
_IS = """({row}."group" = 'guest' AND {row}.role <> 'admin')"""
_WAS, _BECAME = _IS.format(row="OLD"), _IS.format(row="NEW")
_ADD = "UPDATE taken SET bytes = bytes + {by} WHERE whose = 'guests'"

TRIGGERS = (
    f"CREATE TRIGGER taken_by_file AFTER INSERT ON blobs WHEN {_NEW} BEGIN {_ADD.format(by='NEW.size')}; END",
    f"CREATE TRIGGER taken_without_file AFTER DELETE ON blobs WHEN {_OLD} BEGIN {_ADD.format(by='-OLD.size')}; END",
    "CREATE TRIGGER taken_by_another AFTER UPDATE OF owner, size ON blobs BEGIN "
    + _ADD.format(by=f"NEW.size * {_NEW} - OLD.size * {_OLD}")
    + "; END",
    f'CREATE TRIGGER taken_by_group AFTER UPDATE OF "group", role ON visitors WHEN {_WAS} <> {_BECAME} BEGIN '
    + _ADD.format(by=f"({_BECAME} - {_WAS}) * (SELECT coalesce(sum(size), 0) FROM blobs WHERE owner = NEW.id)")
    + "; END",
)
"""A file of a guest's comes, goes, changes its size or its owner; somebody becomes a guest or is one no longer."""


def upgrade() -> None:
    op.create_table("taken", sa.Column("whose", sa.Text, primary_key=True), sa.Column("bytes", sa.BigInteger, nullable=False))
    op.execute(
        "INSERT INTO taken (whose, bytes) SELECT 'guests', coalesce(sum(blobs.size), 0) FROM visitors JOIN blobs "
        "ON blobs.owner = visitors.id WHERE visitors.\"group\" = 'guest' AND visitors.role <> 'admin'"
    )
    for trigger in TRIGGERS:
        op.execute(trigger)
