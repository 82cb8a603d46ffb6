"""What the studio stands on."""

from dataclasses import dataclass
from pathlib import Path

from imagechat.catalogue import Catalogue, Offered
from imagechat.domain.records import Turn
from imagechat.domain.visitors import Visitor
from imagechat.feed import Feed
from imagechat.limits import Limits
from imagechat.metrics import Metrics
from imagechat.prompting.rules import Rules
from imagechat.runners.local import LocalRunner
from imagechat.settings import Settings
from imagechat.store.audit import Audit
from imagechat.store.blobs import Blobs
from imagechat.store.database import Database
from imagechat.store.gallery import Gallery
from imagechat.store.jobs import Jobs
from imagechat.store.ledger import Ledger
from imagechat.store.people import People
from imagechat.store.quota import Quota
from imagechat.store.reports import Reports
from imagechat.store.threads import Threads
from imagechat.store.usage import Books
from imagechat.studio.crowd import Crowd


@dataclass(frozen=True)
class Parts:
    """Joined once, in `bootstrap`."""

    settings: Settings
    limits: Limits
    metrics: Metrics
    catalogue: Catalogue
    runner: LocalRunner
    feed: Feed
    database: Database
    blobs: Blobs
    threads: Threads
    jobs: Jobs
    gallery: Gallery
    ledger: Ledger
    books: Books
    audit: Audit
    people: People
    rules: Rules
    reports: Reports
    crowd: Crowd

    @property
    def data_dir(self) -> Path:
        """The folder that keeps everything."""
        return self.settings.data_dir


class Room:
    """A part of the studio: verbs over the same parts."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    async def _offered(self, visitor: Visitor) -> Offered:
        """What this visitor may use now, own keys included."""
        await self.parts.catalogue.ready(visitor.id)
        return self.parts.catalogue.of(visitor)

    def _quota(self, visitor: Visitor) -> Quota | None:
        """What this visitor's files may take; None where nothing bounds them."""
        most, together = self.parts.settings.disk.most(visitor.group), self.parts.crowd.most(visitor)
        if most is None and together is None:
            return None
        return Quota(visitor.id, most, together, self.parts.crowd.waiting)

    def _newest(self, turn: Turn) -> Turn:
        """`turn` with its job's newest state, which may not be stored yet."""
        newest = self.parts.runner.newest(turn.job.job) if turn.job else None
        return turn.model_copy(update={"job": newest}) if newest else turn
