"""Chats are found by their words: an index of titles and messages, filled from what is there."""

import sqlalchemy as sa
from alembic import op

from imagechat.store.search import normalised, owner_word

revision = "0002"
down_revision = "0001"

_TABLE = """CREATE VIRTUAL TABLE chat_words USING fts5(
    owner, thread UNINDEXED, words, tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Mc So'", prefix = '1 2 3'
)"""
_ADD = sa.text("INSERT INTO chat_words (rowid, owner, thread, words) VALUES (:number, :owner, :thread, :words)")
_SAID = """SELECT -number AS number, owner, id AS thread, title AS words FROM threads
    UNION ALL SELECT number, owner, thread, text FROM messages WHERE text <> ''"""


def upgrade() -> None:
    op.execute(_TABLE)
    connection = op.get_bind()
    for said in connection.execute(sa.text(_SAID)).mappings().all():
        if words := normalised(said["words"]):
            connection.execute(_ADD, {**said, "owner": owner_word(said["owner"]), "words": words})
