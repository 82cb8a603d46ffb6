"""Reports of pictures, and what admins decide and look at. Whatever an admin does here is in the audit log."""

from collections.abc import Collection
from pathlib import Path
from typing import Literal

from imagechat.domain.policy import Report
from imagechat.domain.records import Blob, Page
from imagechat.domain.values import is_id, new_id, now, visible
from imagechat.domain.visitors import Visitor
from imagechat.errors import BadInput, NotFound
from imagechat.studio.parts import Room

LONGEST_REASON = 500
"""Characters of a report."""


class Policing(Room):
    """The verbs about what should not be there. For who is no admin, what only admins see is not there at all."""

    async def report(self, visitor: Visitor, picture: str, reason: str) -> None:
        """Tell whoever runs the house that a picture of the visitor's should not have come, once for each picture.

        Raises: NotFound; BadInput("empty_reason" | "long_reason" | "reported").
        """
        _check_id(picture)
        if not visible(reason):
            raise BadInput("empty_reason")
        if len(reason) > LONGEST_REASON:
            raise BadInput("long_reason", given=len(reason), most=LONGEST_REASON)
        made = await self.parts.gallery.get(visitor.id, picture)
        told = Report(id=new_id(), picture=made.id, owner=made.owner, by=visitor.id, reason=reason.strip(), created=now())
        if not await self.parts.reports.keep(told):
            raise BadInput("reported")
        await self.parts.audit.note(visitor.id, "report.made", told.id, picture=made.id)

    async def reports(self, visitor: Visitor) -> list[Report]:
        """All reports, for admins: those still open first, each part newest first. Raises: NotFound."""
        _check_admin(visitor)
        found = await self.parts.reports.newest()
        await self.parts.audit.note(visitor.id, "reports.seen", reports=len(found))
        return found

    async def reported_file(self, visitor: Visitor, report: str) -> tuple[Blob, Path]:
        """The picture that a report is about, for admins. Raises: NotFound."""
        _check_admin(visitor)
        _check_id(report)
        made = await self.parts.reports.picture(report)
        blob, path = await self.parts.blobs.get(made.owner, made.blob), self.parts.blobs.path(made.blob)
        await self.parts.audit.note(visitor.id, "report.picture_seen", report, picture=made.id, owner=made.owner)
        return blob, path

    async def decide(self, visitor: Visitor, report: str, verdict: Literal["kept", "removed"]) -> None:
        """Close a report: its picture stays, or goes into its owner's trash with a note. Raises: NotFound, also where it is closed."""
        _check_admin(visitor)
        _check_id(report)
        removed = await self.parts.reports.close(report, verdict)
        if removed is not None:
            self.parts.feed.touch(removed.owner, "picture", removed.id, lambda: removed)
        await self.parts.audit.note(visitor.id, f"report.{verdict}", report, picture=removed.id if removed else None)

    async def audited(self, visitor: Visitor, before: str | None = None) -> Page:
        """A page of the audit log, newest first, for admins: `AuditLine`s. Raises: NotFound; BadAddress("cursor")."""
        _check_admin(visitor)
        return await self.parts.audit.page(before)

    async def called(self, visitor: Visitor, ids: Collection[str]) -> dict[str, str]:
        """What those of these ids are called who are here, "" for guests; for admins. Raises: NotFound."""
        _check_admin(visitor)
        return await self.parts.people.names(ids)


def _check_admin(visitor: Visitor) -> None:
    if not visitor.admin:
        raise NotFound()


def _check_id(text: object) -> None:
    if not is_id(text):
        raise NotFound()
