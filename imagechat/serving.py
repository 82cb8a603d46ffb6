"""Serving: the order of starting and stopping, around the house that `bootstrap` joins."""

import asyncio
import gc
import logging
import signal
import threading
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

from imagechat import announcing
from imagechat.bootstrap import House
from imagechat.domain.models import Model
from imagechat.errors import HouseFault
from imagechat.ground import check_port, prepare, surroundings
from imagechat.i18n import locale
from imagechat.settings import Settings
from imagechat.shown import Shown
from imagechat.studio.adding import TRANSIT

if TYPE_CHECKING:
    from imagechat.ui.page import Running

log = logging.getLogger(__name__)
LEAVING = 10.0
"""Seconds that jobs and streams have to end when the app is stopped."""


def serve(settings: Settings, models: Sequence[Model[Any]] = ()) -> None:
    """Serve until SIGINT or SIGTERM. `models` join those of the providers.

    Raises: CannotStart; HouseFault.
    """
    # From the first moment on: a stop while everything is still being imported must not end in the middle of something.
    stopped = threading.Event()
    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, lambda *_: stopped.set())
    check_port(settings)
    lock = prepare(settings)
    try:
        surroundings(settings.data_dir / TRANSIT)
        _Serving(House(settings, models), stopped).run()
    finally:
        lock.close()


class _Serving:
    """One run of the server: Gradio's, with our routes and our guard before it."""

    def __init__(self, house: House, stopped: threading.Event) -> None:
        from imagechat.web import Front

        self.house = house
        self.stopped = stopped
        self.shown = Shown(locale(house.settings.locale), house.metrics.refused, draws=house.settings.offers.pictures)
        self.front = Front(house.studio, self.shown)
        self.loop: asyncio.AbstractEventLoop | None = None
        self.failure: HouseFault | None = None

    def run(self) -> None:
        with _uncollected():
            from imagechat.ui import launch

            app = launch(self.house.studio, self.shown, self.house.settings, {"lifespan": self.lifespan, **self.front.app_arguments()})
        if self.failure is None:
            log.info("ImageChat is ready", extra={"address": app.address, "data": str(self.house.settings.data_dir.absolute())})
            announcing.announce(
                self.house.settings, self.shown.locale, app.address, share=lambda: self.share(app), make_link=self.make_link
            )
            self.stopped.wait()
        assert self.loop is not None
        try:
            asyncio.run_coroutine_threadsafe(self.close(), self.loop).result(timeout=LEAVING)
        except TimeoutError:
            log.warning("not everything could be ended in time")
        app.close()
        if self.failure is not None:
            raise self.failure

    def share(self, app: "Running") -> str | None:
        """A public link, from which on requests through it are let in."""
        shared = app.share()
        if shared:
            self.front.admit(shared)
        return shared

    def make_link(self) -> str:
        """The token of a new owner link. Raises: HouseFault, TimeoutError."""
        assert self.loop is not None
        return asyncio.run_coroutine_threadsafe(self.house.people.make_link(alone=True), self.loop).result(timeout=LEAVING)

    async def close(self) -> None:
        # Side by side: nobody new comes in, while those who look are still told how their jobs ended.
        await asyncio.gather(self.front.close(), self.house.close())

    @asynccontextmanager
    async def lifespan(self, app: object) -> AsyncGenerator[None]:
        self.loop = asyncio.get_running_loop()
        try:
            await self.house.open()
        except HouseFault as fault:
            # Raised when the server is closed again: in here it would be logged as a fault of the server's.
            self.failure = fault
        yield


@contextmanager
def _uncollected() -> Generator[None]:
    """Import and build without looking for garbage, a tenth of the start. What then stands is never looked through again: that would
    hold everyone up for a quarter of a second each time.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
