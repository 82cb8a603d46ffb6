"""Figures of this process for Prometheus: what was asked, made, refused and spent. Nobody's name is in a label."""

import hashlib
import logging
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from imagechat.domain.jobs import Job, JobState
from imagechat.errors import ImageChatError

log = logging.getLogger(__name__)
MICRO = 1_000_000
OTHER = "other"
"""The label of what people can name as they like: it must not make labels without end."""
QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10)
SLOW = (0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 300)
CardOf = Callable[[str], str | None]
"""The provider of one of the house's models, None for a model that the house does not know."""


class Metrics:
    """All of them, in a registry of their own. `provider_of` says whose a model is."""

    def __init__(self, provider_of: CardOf) -> None:
        self._provider_of = provider_of
        self.registry = CollectorRegistry()
        model, own = ("provider", "model"), self.registry
        self._requests = Counter("imagechat_requests", "Requests by route and status.", ("route", "status"), registry=own)
        self._answers = Histogram(
            "imagechat_request_seconds", "Seconds until an answer began.", ("route",), buckets=QUICK, registry=own
        )  # fmt: skip
        self._jobs = Counter("imagechat_jobs", "Jobs that ended.", (*model, "kind", "outcome"), registry=own)
        self._takes = Histogram("imagechat_job_seconds", "Seconds of work on a job.", (*model, "kind"), buckets=SLOW, registry=own)
        self._spent = Counter("imagechat_spent_dollars", "Dollars, of what has a known price.", (*model, "purse"), registry=own)
        self._unpriced = Counter("imagechat_unpriced_jobs", "Jobs whose price nobody knows.", (*model, "purse"), registry=own)
        self._refusals = Counter("imagechat_refusals", "Refusals and failures that people were told.", ("reason",), registry=own)
        self._watched: dict[str, Gauge] = {}
        self._standing = Gauge("imagechat_jobs_now", "Jobs that wait and run now.", ("kind", "stands"), registry=own)

    def watch(self, name: str, what: str, figure: Callable[[], float]) -> None:
        """Have a figure that is looked up whenever somebody asks."""
        if name not in self._watched:
            self._watched[name] = Gauge(f"imagechat_{name}", what, registry=self.registry)
        self._watched[name].set_function(figure)

    def stand(self, kind: str, stands: str, figure: Callable[[], float]) -> None:
        """The same for the jobs of a kind that wait or run."""
        self._standing.labels(kind, stands).set_function(figure)

    def answered(self, route: str, status: int, seconds: float) -> None:
        """A request was answered; `route` is a template, never an address as it was asked for."""
        self._requests.labels(route, str(status)).inc()
        self._answers.labels(route).observe(seconds)

    def refused(self, fault: ImageChatError) -> None:
        """Somebody was told that something cannot be done."""
        self._refusals.labels(f"{fault.code}.{fault.reason}" if fault.reason else fault.code).inc()

    def ended(self, job: Job, state: JobState) -> None:
        """A job is at its end: counted, and one line of the log, without its words and without its owner's id."""
        provider = self._provider_of(job.model)
        labels = (provider, job.model) if provider else (OTHER, OTHER)
        seconds = (state.finished - state.started).total_seconds() if state.started and state.finished else None
        self._jobs.labels(*labels, state.kind, str(state.status)).inc()
        if seconds is not None:
            self._takes.labels(*labels, state.kind).observe(max(0.0, seconds))
        if state.price is None:
            self._unpriced.labels(*labels, job.purse).inc()
        else:
            self._spent.labels(*labels, job.purse).inc(max(0, state.price) / MICRO)
        if state.error is not None:
            self._refusals.labels(f"{state.error.code}.{state.error.reason}" if state.error.reason else state.error.code).inc()
        told = {"job": job.id, "model": job.model, "kind": state.kind, "outcome": str(state.status), "seconds": seconds}
        log.info("job ended", extra={**told, "price": state.price, "purse": job.purse, "owner": whose(job.owner)})

    def text(self) -> bytes:
        """All of it in Prometheus' text format. Source: prometheus.io/docs/instrumenting/exposition_formats."""
        return generate_latest(self.registry)


def whose(owner: str) -> str:
    """A short hash that tells one owner's lines from another's."""
    return hashlib.sha256(owner.encode()).hexdigest()[:8]
