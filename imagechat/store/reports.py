"""Pictures that were reported, and what was decided of them."""

import json

from sqlalchemy import Select, insert, select, update

from imagechat.domain.policy import Report, Verdict
from imagechat.domain.records import Generation
from imagechat.domain.values import now
from imagechat.errors import NotFound
from imagechat.store.database import Database
from imagechat.store.rows import Kept, found, generation_of
from imagechat.store.tables import generations, reports

MOST = 200
"""Reports of one list."""
REMOVED = {"code": "removed", "facts": {}}
"""The note on a picture that an admin put into its owner's trash."""


class Reports:
    """Every report; who may see them is the studio's to say."""

    def __init__(self, db: Database) -> None:
        self.db = db

    async def keep(self, report: Report) -> bool:
        """Keep a report, unless `by` reported this picture before; whether it was kept."""
        same = select(reports.c.id).where(reports.c.picture == report.picture, reports.c.by == report.by)
        row = {name: value for name, value in dict(report).items() if name in reports.c}
        async with self.db.write() as connection:
            if (await connection.execute(same)).first() is not None:
                return False
            await connection.execute(insert(reports).values(row))
        return True

    async def newest(self, limit: int = MOST) -> list[Report]:
        """The newest reports, those still open first."""
        query = _whole().order_by(reports.c.closed.isnot(None), reports.c.created.desc(), reports.c.id.desc()).limit(limit)
        async with self.db.read() as connection:
            return [_report(row) for row in await connection.execute(query)]

    async def picture(self, id: str) -> Generation:
        """The picture that a report is about. Raises: NotFound, also where it is gone."""
        query = select(generations).join(reports, reports.c.picture == generations.c.id).where(reports.c.id == id)
        async with self.db.read() as connection:
            return generation_of(found((await connection.execute(query)).one_or_none()))

    async def close(self, id: str, verdict: Verdict) -> Generation | None:
        """Decide an open report. With "removed" the picture goes into its owner's trash with a note on it, in the same transaction.

        Returns the picture where it was removed. Raises: NotFound, also where the report was decided before.
        """
        closing = update(reports).where(reports.c.id == id, reports.c.closed.is_(None)).values(closed=now(), verdict=verdict)
        async with self.db.write() as connection:
            picture = (await connection.execute(closing.returning(reports.c.picture))).scalar_one_or_none()
            if picture is None:
                raise NotFound()
            row = (await connection.execute(select(generations).where(generations.c.id == picture))).one_or_none()
            if row is None or verdict != "removed":
                return None
            notes = [*json.loads(row.notes), REMOVED]
            changes = {"trashed": row.trashed or now(), "notes": json.dumps(notes, ensure_ascii=False)}
            removing = update(generations).where(generations.c.id == picture).values(changes).returning(generations)
            return generation_of((await connection.execute(removing)).one())


def _whole() -> Select:  # type: ignore[type-arg]
    columns = (generations.c.request, generations.c.drawn_by, generations.c.width, generations.c.height)
    return select(reports, *columns).join(generations, generations.c.id == reports.c.picture, isouter=True)


def _report(row: Kept) -> Report:
    said = {each.name: getattr(row, each.name) for each in reports.columns}
    if row.request is None:
        return Report(**said)
    prompt = str(json.loads(row.request)["prompt"])
    return Report(**said, prompt=prompt, model=row.drawn_by, width=row.width, height=row.height)
