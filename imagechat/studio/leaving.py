"""Taking everything along, deleting all of it, and private chats, of which nothing stays."""

import asyncio
import logging
import shutil
import time
import weakref
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from datetime import timedelta

from imagechat.domain.records import Thread
from imagechat.domain.values import is_id, new_id, now
from imagechat.domain.visitors import OWNER, Role, Visitor
from imagechat.errors import BadInput, ImageChatError, NotFound
from imagechat.i18n import locale
from imagechat.store import spaces
from imagechat.studio.adding import Adding
from imagechat.studio.entering import Entering
from imagechat.studio.packing import Packing
from imagechat.studio.parts import Parts

log = logging.getLogger(__name__)
GRACE = 60.0
"""Seconds in which a tab that was only reloaded can say that it is still there."""
ALONE = 600.0
"""Seconds after which a private chat that no tab speaks of any more goes."""
TEND = 15.0
"""Seconds between two looks at what is to go."""
LATE = timedelta(minutes=1)
"""How long requests that began before a space was deleted may still bring something into it."""
TRIES = 50


class Leaving(Entering):
    """The verbs of going."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._exporting: dict[str, object] = {}
        self._spoken: dict[str, float] = {}
        self._ending: dict[str, float] = {}

    # --- taking along ---
    async def export(self, visitor: Visitor) -> AsyncIterator[bytes]:
        """Everything of the visitor's as a zip, but for private chats and keys; one at a time.

        Raises: BadInput("export_runs"), TooFast.
        """
        if visitor.id in self._exporting:
            raise BadInput("export_runs")
        taken = self._exporting[visitor.id] = object()
        try:
            await self.parts.limits.hit("info", visitor)
            await self.parts.audit.note(visitor.id, "space.exported", visitor.id)
        except BaseException:
            self._exported(visitor.id, taken)
            raise
        pieces = self._pieces(visitor.id, taken)
        # Who goes away before the first piece leaves a generator that never began, and so never ends.
        weakref.finalize(pieces, self._exported, visitor.id, taken)
        return pieces

    async def _pieces(self, owner: str, taken: object) -> AsyncGenerator[bytes]:
        try:
            async for piece in Packing(self.parts, owner, locale(self.parts.settings.locale)).pieces():
                if piece:
                    yield piece
        finally:
            self._exported(owner, taken)

    def _exported(self, owner: str, taken: object) -> None:
        """The export that was `taken` up is over; another one that began since goes on."""
        if self._exporting.get(owner) is taken:
            del self._exporting[owner]

    # --- deleting everything ---
    async def delete_all(self, visitor: Visitor, confirm: str) -> None:
        """Delete everything of the visitor's; `confirm` is the word that the page asks for. What was spent stays, as nobody's.

        What a crash or a stubborn disk leaves is deleted later. Raises: BadInput("not_confirmed").
        """
        word = locale(self.parts.settings.locale).say("mine.word")
        if confirm.strip().casefold() != word.casefold():
            raise BadInput("not_confirmed", word=word)
        stays = visitor.role is Role.OWNER
        going = await spaces.leave(self.parts.database, visitor.id, f"gone-{new_id()}", stays=stays)
        if not stays:
            self._remembered.drop(visitor=visitor.id)
        await self.parts.audit.note("owner" if stays else going.gone, "space.deleted", "owner" if stays else going.gone)
        await self._erase(going)

    async def _erase(self, going: spaces.Going) -> bool:
        """Stop what runs, then files, then rows: after a crash in the middle the rows still say which files were meant."""
        db, id = self.parts.database, going.id
        await asyncio.to_thread(shutil.rmtree, Adding(self.parts).transit(Visitor(id=id)), ignore_errors=True)
        for _ in range(TRIES):
            await self._take_in(id)
            await self._stop_jobs(id)
            had = await spaces.files(db, id)
            await self.parts.blobs.remove(had)
            went = await spaces.erase(db, going, stays=id == OWNER.id)
            if went is not None:
                await self.parts.blobs.remove(set(went) - set(had))
                self._close_keys(id)
                self.parts.feed.reset(id)
                return True
            await asyncio.sleep(0.1)
        return False

    def _close_keys(self, id: str) -> None:
        """What was opened with keys that are deleted now is closed, and the keys leave the memory."""
        if (own := self.parts.catalogue.own) is not None:
            for name in own.names:
                own.changed(id, name)

    async def _stop_jobs(self, owner: str, thread: str | None = None) -> None:
        for job in self.parts.runner.jobs(owner, thread):
            await self.parts.runner.cancel(job)

    async def _take_in(self, account: str) -> None:
        """What a guest made and has still to come to this account comes now, ended where it is still being made."""
        for guest, to in await spaces.adoptions(self.parts.database):
            if to == account:
                await self._stop_jobs(guest)
                await self._take_over(guest, to)

    async def _take_over(self, guest: str, account: str) -> None:
        """Move a guest's things to their account, once nothing of the guest's runs any more."""
        if await spaces.adopt(self.parts.database, guest, account):
            for owner in (guest, account):
                self.parts.feed.reset(owner)

    # --- private chats ---
    async def begin_private(self, visitor: Visitor, thread: str) -> Thread:
        """Begin a chat of which nothing stays; it counts as a message. Raises: NotFound, TooFast."""
        if not is_id(thread):
            raise NotFound()
        await self.parts.limits.hit("chat", visitor, press=thread)
        kept = await self.parts.threads.open_private(visitor.id, thread)
        if kept.private:
            self._speak(thread)
        return kept

    async def keep_private(self, visitor: Visitor, threads: Sequence[str]) -> list[str]:
        """A tab says that it still has these private chats: which of them are still there."""
        there = [each for each in threads if await self._lives(visitor, each)]
        for each in there:
            self._speak(each)
        return there

    async def _lives(self, visitor: Visitor, thread: str) -> bool:
        return thread in self._spoken and await self.parts.threads.private(visitor.id, thread)

    def _speak(self, thread: str) -> None:
        self._spoken[thread] = time.monotonic()
        self._ending.pop(thread, None)

    async def end_private(self, visitor: Visitor, threads: Sequence[str], *, at_once: bool = False) -> None:
        """A tab with these private chats goes: so do they, unless it comes back in a minute; or `at_once`."""
        for each in threads:
            if await self._lives(visitor, each):
                self._ending[each] = time.monotonic() + (0 if at_once else GRACE)
                if at_once:
                    await self._erase_thread(visitor.id, each)

    async def _erase_thread(self, owner: str, thread: str) -> None:
        db = self.parts.database
        for _ in range(TRIES):
            await self._stop_jobs(owner, thread)
            had = await spaces.files_in(db, thread)
            await self.parts.blobs.remove(had)
            went = await spaces.erase_thread(db, owner, thread)
            if went is not None:
                await self.parts.blobs.remove(set(went) - set(had))
                self._forget(thread)
                self.parts.feed.reset(owner)
                return
            await asyncio.sleep(0.1)

    def _forget(self, thread: str) -> None:
        self._spoken.pop(thread, None)
        self._ending.pop(thread, None)

    # --- what goes by itself ---
    async def pick_up(self) -> None:
        """After a start: no private chat of the last process stays, and what was begun is brought to its end."""
        for owner, thread in await spaces.private_threads(self.parts.database):
            await self._erase_thread(owner, thread)
        lost = await spaces.lost_files(self.parts.database)
        await self.parts.blobs.drop(lost)
        await self._finish(timedelta(0))

    async def tend(self) -> None:
        """Look now and then at what is to go, as long as the house is open."""
        while True:
            await asyncio.sleep(TEND)
            try:
                await self.tidy()
            except ImageChatError as fault:
                log.warning("what is to go could not go yet", extra={"error": str(fault)})
            except Exception:  # The next look may fare better; without one no private chat would ever go again.
                log.exception("what is to go could not go")

    async def tidy(self) -> None:
        """Delete private chats whose tab is gone; finish what was begun."""
        moment = time.monotonic()
        over = {thread for thread, deadline in self._ending.items() if deadline <= moment}
        over |= {thread for thread, spoken in self._spoken.items() if spoken + ALONE <= moment}
        owners = {thread: owner for owner, thread in await spaces.private_threads(self.parts.database)} if over else {}
        for thread in over:
            if thread in owners:  # Whose it is now: a guest's may have come to an account.
                await self._erase_thread(owners[thread], thread)
            else:
                self._forget(thread)
        await self._finish(LATE)

    async def _finish(self, late: timedelta) -> None:
        for guest, account in await spaces.adoptions(self.parts.database):
            await self._take_over(guest, account)
        for going in await spaces.leavings(self.parts.database):
            if await self._erase(going) and now() - going.begun >= late:
                await spaces.left(self.parts.database, going.id)
