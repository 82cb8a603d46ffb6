"""The one place where parts are chosen and joined."""

import asyncio
import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from imagechat.catalogue import Catalogue
from imagechat.domain.jobs import Job
from imagechat.domain.models import Model
from imagechat.domain.values import now
from imagechat.errors import CannotStart, ImageChatError
from imagechat.feed import Feed
from imagechat.limits import Limits
from imagechat.metrics import Metrics
from imagechat.moderation import Moderation
from imagechat.own import Own
from imagechat.prompting import styles
from imagechat.prompting.rules import Rules
from imagechat.providers import PROVIDERS, Embedded, Provider, moderator
from imagechat.runners.local import LocalRunner, Perform
from imagechat.secret import Secrets
from imagechat.settings import Settings
from imagechat.store import audit
from imagechat.store.blobs import Blobs
from imagechat.store.database import Database
from imagechat.store.gallery import Gallery
from imagechat.store.jobs import Jobs
from imagechat.store.keyring import Keyring
from imagechat.store.ledger import Ledger
from imagechat.store.people import People
from imagechat.store.reports import Reports
from imagechat.store.threads import Threads
from imagechat.store.usage import Books
from imagechat.studio import Parts, Studio, holding
from imagechat.studio.adding import TRANSIT
from imagechat.studio.crowd import Crowd
from imagechat.webhook import Webhook
from imagechat.work import Report, Work

log = logging.getLogger(__name__)
ORPHANS = timedelta(hours=1)
"""Age after which a file that no row names is swept at the start."""
UNSENT = timedelta(days=1)
"""Age after which such a file is taken for forgotten."""
HOUR = 3600.0
GLANCE = 4.0
"""Seconds between two looks for jobs of people who were disabled by another process."""


class House:
    """A studio with everything under it, built from settings and opened in an event loop."""

    def __init__(self, settings: Settings, models: Sequence[Model[Any]] = ()) -> None:
        self.settings = settings
        self._sweeping: list[asyncio.Task[None]] = []
        self._providers: list[Provider] = [*(opening(settings) for opening in PROVIDERS.values()), Embedded(*models)]
        self.database = Database.at(settings.data_dir / "imagechat.db")
        self.keyring = Keyring(self.database, Secrets(settings))
        self.catalogue = Catalogue(self._providers, settings.offers, Own(settings, self.keyring), moderation=moderating(settings))
        check_defaults(settings, self.catalogue)
        self.feed = Feed()
        self.blobs = Blobs(self.database, settings.data_dir / "files")
        self.webhook = Webhook(settings.budget.webhook)
        ledger = Ledger(self.database, holding.standard(settings), self.webhook.tell)
        self.threads, self.jobs = Threads(self.database, ledger), Jobs(self.database, ledger)
        gallery = Gallery(self.database)
        self.audit = audit.Audit(self.database)
        self.people = People(self.database, settings.door.days)
        work = Work(
            catalogue=self.catalogue, threads=self.threads, jobs=self.jobs, blobs=self.blobs, gallery=gallery,
            limit=settings.runner.timeout,
            kept=lambda made: self.feed.touch(made.owner, "picture", made.id, lambda: made),
        )  # fmt: skip
        self.metrics = Metrics(lambda model: next((card.provider for card in self.catalogue.known() if card.id == model), None))
        self.runner = LocalRunner(
            self._measured(work.perform),
            work.foresee,
            lambda job, report, urgent: self.feed.touch(job.owner, "job", job.id, lambda: report.state, urgent=urgent),
            settings.runner,
            painters=settings.sketch.painters,
            alone=settings.mode == "local",
        )
        for kind, stands in self.runner.counts():
            self.metrics.stand(kind, stands, lambda each=(kind, stands): self.runner.counts()[each])  # type: ignore[misc]
        self.studio = Studio(
            Parts(
                settings=settings, limits=Limits(settings.limits, local=settings.mode == "local"), metrics=self.metrics,
                catalogue=self.catalogue, runner=self.runner, feed=self.feed, database=self.database,
                blobs=self.blobs, threads=self.threads, jobs=self.jobs, gallery=gallery, audit=self.audit,
                ledger=ledger, books=Books(self.database),
                people=self.people, rules=Rules(settings.policy.words), reports=Reports(self.database),
                crowd=Crowd(settings.disk.together, settings.data_dir / TRANSIT),
            )
        )  # fmt: skip

    def _measured(self, perform: Perform) -> Perform:
        """Doing a job, with its end counted and logged."""

        async def measured(job: Job, report: Report) -> None:
            try:
                await perform(job, report)
            finally:
                self.metrics.ended(job, report.state)

        return measured

    async def open(self) -> None:
        """Pick up after the last process: its unfinished jobs are marked interrupted; its loose files are swept meanwhile."""
        left = await self.jobs.interrupt()
        if left:
            log.info("picked up after the last run", extra={"interrupted": len(left)})
        await self._pick_up_keys()
        for provider in self._providers:
            await provider.open()
        await self.catalogue.open()
        await self.studio.pick_up()
        self._sweeping = [asyncio.create_task(each) for each in (self._sweep(), self._glance(), self.studio.tend())]

    async def _pick_up_keys(self) -> None:
        """Say what is lost with a secret that is gone, and encrypt anew what a rotation that broke off has left."""
        found = await self.keyring.open()
        if found.anew:
            log.info("keys were encrypted anew with the newest secret", extra={"keys": found.anew})
        if found.unreadable:
            log.warning(
                f"{found.unreadable} of the keys that people brought can no longer be read, for the secret that they were encrypted with "
                "is gone. Nothing else is lost: each of them adds theirs once more under Account."
            )

    async def _sweep(self) -> None:
        """What dead processes left goes now, what people add and never send each hour."""
        await self.studio.count_waiting()
        await self._sweep_files()
        while True:
            for step in (self._sweep_uploads, self.studio.forget_guests, self._sweep_audit, self.people.sweep):
                try:
                    await step()
                except Exception:
                    log.exception("what is no longer needed could not be swept; it is tried again in an hour")
            await asyncio.sleep(HOUR)

    async def _sweep_uploads(self) -> None:
        await asyncio.to_thread(sweep_uploads, self.settings.data_dir / TRANSIT, now() - UNSENT)
        await self.studio.count_waiting()

    async def _sweep_audit(self) -> None:
        await self.audit.sweep(now() - audit.KEPT)

    async def _glance(self) -> None:
        """Whoever is disabled while something is made for them: it ends, also when another process disabled them."""
        while True:
            await asyncio.sleep(GLANCE)
            try:
                await self.studio.stop_disabled()
            except Exception:
                log.exception("jobs of disabled people could not be looked for")

    async def _sweep_files(self) -> None:
        try:
            swept = await self.blobs.sweep(now() - ORPHANS)
        except ImageChatError as fault:
            log.warning("loose files could not be swept", extra={"error": str(fault)})
        else:
            log.log(logging.INFO if swept else logging.DEBUG, "swept loose files", extra={"files": swept})

    async def close(self) -> None:
        """End what is under way, let watchers go once they heard of it, then end everything below."""
        for sweeping in self._sweeping:
            sweeping.cancel()
        if self._sweeping:
            await asyncio.wait(self._sweeping)
        await self.runner.close()
        self.feed.close()
        await self.catalogue.close()
        if self.catalogue.moderation is not None:
            await self.catalogue.moderation.look.close()
        for provider in self._providers:
            await provider.close()
        await self.webhook.close()
        await self.database.close()


def moderating(settings: Settings) -> Moderation | None:
    """Who looks at prompts, and at results, where the settings want it. Raises: CannotStart("no_moderation_key")."""
    wanted = settings.policy.moderation
    if wanted == "off":
        return None
    if not settings.openai_api_key.get_secret_value():
        raise CannotStart("no_moderation_key", given=wanted)
    return Moderation(moderator(settings), results=wanted == "all")


def check_defaults(settings: Settings, catalogue: Catalogue) -> None:
    """Raise CannotStart("bad_default") for a new chat's setting that no model here has."""
    chosen, cards = settings.defaults, catalogue.known()
    # A server is asked for its models only when everything runs, so it may still have the one that is named.
    later = {chosen.model} if catalogue.standings() else set()
    offered = {
        "MODEL": {card.id for card in cards} | later,
        "STYLE": {"none"}.union(*(styles.offered(card) for card in cards if card.draws)),
        "QUALITY": set[str]().union(*(card.qualities for card in cards)),
    }
    for name, there in offered.items():
        given = getattr(chosen, name.lower())
        if given not in there:
            raise CannotStart("bad_default", name=f"IMAGECHAT_DEFAULTS__{name}", given=given, offered=", ".join(sorted(there)))


def sweep_uploads(folder: Path, older_than: datetime) -> None:
    """Remove files that have lain in `folder` for too long, and folders that have been empty for so long; what cannot go stays."""
    for root, folders, files in os.walk(folder, topdown=False):  # pathlib's ways stop at what goes while they look.
        for path in (Path(root, name) for name in (*files, *folders)):
            with suppress(OSError):
                if path.stat().st_mtime < older_than.timestamp():
                    path.rmdir() if path.is_dir() else path.unlink()
