"""A password of one's own that is changed by whoever knows it."""

from imagechat.domain.visitors import Visitor
from imagechat.errors import BadInput, NotFound
from imagechat.store.passwords import check_password
from imagechat.studio.entering import Entering


class Renewing(Entering):
    """The verbs of one's own password. Who comes from elsewhere, by a link or as a guest has none."""

    async def login_name(self, visitor: Visitor) -> str | None:
        """By which name the visitor logs in with a password; None where they have none."""
        account = await self.parts.people.account_of(visitor.id)
        if account is None or account.password is None or visitor.session is None:
            return None
        return (await self.parts.people.get(visitor.id)).login

    async def change_password(self, visitor: Visitor, present: str, fresh: str) -> None:
        """Log in with `fresh` from now on, in every browser but this one, which stays; `present` is what was right until now.

        Tries are counted by account, as those of a browser that logged in before: whoever sits at somebody's open page cannot guess on.

        Raises: NotFound where there is no password; BadInput("present_password" | "short_password" | "long_password"); TooFast("logins").
        """
        check_password(fresh)
        account = await self.parts.people.account_of(visitor.id)
        if account is None or account.password is None or visitor.session is None:
            raise NotFound()
        await self.parts.limits.hit_address("logins", f"password {visitor.id}")
        if not await self._passwords.fits(present, account.password):
            await self.parts.audit.note(visitor.id, "password.refused", visitor.id)
            raise BadInput("present_password")
        kept = await self._passwords.hashed(fresh)
        if not await self.parts.people.change_password(visitor.id, visitor.session, account.password, kept):
            raise BadInput("present_password")  # Somebody else was quicker, and had it too.
        self._remembered.drop(visitor=visitor.id)
        await self.parts.audit.note(visitor.id, "password.changed", visitor.id)
