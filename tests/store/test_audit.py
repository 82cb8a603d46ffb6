"""The audit log: whole, in order, without secrets, and never in the way."""

import asyncio
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from imagechat.domain.values import now
from imagechat.errors import BadAddress
from imagechat.store.audit import Audit
from imagechat.store.database import Database


@pytest.fixture
def audit(db: Database) -> Audit:
    return Audit(db)


async def test_a_line_says_who_did_what_to_whom_and_when(audit: Audit):
    began = now()
    await audit.note("owner", "budget.set", "visitor:ben", day=5_000_000, month=None, fast=True)
    (line,) = (await audit.page()).items
    assert (line.actor, line.action, line.subject) == ("owner", "budget.set", "visitor:ben")
    assert line.facts == {"day": 5_000_000, "month": None, "fast": True}
    assert began - timedelta(milliseconds=1) <= line.at <= now()


async def test_pages_are_newest_first_and_whole(audit: Audit):
    for step in range(7):
        await audit.note("owner", "step", str(step))
    first = await audit.page(limit=3)
    second = await audit.page(first.older, limit=3)
    third = await audit.page(second.older, limit=3)
    assert [line.subject for page in (first, second, third) for line in page.items] == [str(step) for step in reversed(range(7))]
    assert third.older is None


@pytest.mark.parametrize("cursor", ["", "x", "-1", "1 OR 1", "9" * 19, "١"])
async def test_a_cursor_that_was_not_given_out_is_refused(audit: Audit, cursor: str):
    with pytest.raises(BadAddress):
        await audit.page(cursor)


async def test_nothing_secret_is_kept(audit: Audit, db: Database, path: Path):
    secret = "sk-proj-abc123def456"
    await audit.note("owner", "key.kept", "openai", key="plain", api_keys="plain", password="plain", said=f"with {secret} in it", token=7)
    await audit.note(f"owner {secret}", f"did {secret}", f"to {secret}", prompt="plain", prompts="plain", old_prompt="plain")
    lines = (await audit.page()).items
    assert {value for line in lines for value in line.facts.values()} == {"[redacted]", "with [redacted] in it"}
    await db.close()
    assert not [each for each in path.parent.iterdir() if secret.encode() in each.read_bytes() or b"plain" in each.read_bytes()]


async def test_long_facts_are_cut(audit: Audit):
    await audit.note("owner", "login", "x" * 9000, agent="y" * 9000)
    (line,) = (await audit.page()).items
    assert (len(line.subject), len(str(line.facts["agent"]))) == (300, 300)


async def test_a_line_that_cannot_be_written_breaks_nothing(audit: Audit, path: Path, caplog: pytest.LogCaptureFixture):
    with sqlite3.connect(path) as direct:
        direct.execute("ALTER TABLE audit RENAME TO gone")
    await audit.note("owner", "login", "ben")
    assert "could not be written" in caplog.text


async def test_what_is_no_scalar_breaks_nothing(audit: Audit):
    await audit.note("owner", "login", "ben", at=now(), odd=["a", "b"])  # type: ignore[arg-type]
    assert len((await audit.page()).items) == 1


async def test_many_at_once_are_all_kept(audit: Audit):
    await asyncio.gather(*(audit.note("owner", "step", str(step)) for step in range(60)))
    assert {line.subject for line in (await audit.page(limit=100)).items} == {str(step) for step in range(60)}


async def test_lines_go_when_they_are_old(audit: Audit, path: Path):
    await audit.note("owner", "old")
    with sqlite3.connect(path) as direct:
        direct.execute("UPDATE audit SET at = at - ?", (181 * 86_400 * 1_000_000,))
    await audit.note("owner", "new")
    assert await audit.sweep(now() - timedelta(days=180)) == 1
    assert [line.action for line in (await audit.page()).items] == ["new"]
