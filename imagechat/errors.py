"""The error tree. An error is a code and its facts; the words for people live in the locales."""

from typing import ClassVar


class ImageChatError(Exception):
    """Anything that the studio refuses or fails at, as a code and facts that may be shown to the visitor.

    `reason` narrows the code ("bad_input" → "empty_prompt"); the locales have words for `code.reason`, else for `code`.
    """

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    retryable: ClassVar[bool] = False

    def __init__(self, reason: str = "", **facts: str | int | float | None) -> None:
        super().__init__(f"{self.code}.{reason}" if reason else self.code)
        self.reason = reason
        self.facts = facts

    @property
    def unbilled(self) -> bool:
        """Whether it is sure that nobody charged anything for what failed with it."""
        return False


class VisitorFault(ImageChatError):
    """What the visitor asked cannot be done as asked; they can mend it."""

    code, status = "visitor_fault", 400


class BadInput(VisitorFault):
    """Something in the request is not what it must be; `facts` name it and what would be right."""

    code, status = "bad_input", 422


class BadAddress(BadInput):
    """A part of an address is not one that was given out."""

    status = 400


class NotOffered(VisitorFault):
    """The chosen model does not do this."""

    code, status = "not_offered", 422


class NotFound(VisitorFault):
    """There is no such thing in this visitor's space, or it is somebody else's: both look the same."""

    code, status = "not_found", 404


class Refused(VisitorFault):
    """The door is closed to this request (another host, another origin)."""

    code, status = "refused", 403


class NotKnown(VisitorFault):
    """Nobody knows who asks. Reasons: nobody (no session), login (one is needed), wrong (name or password), closed (no sign-up), disabled,
    link (a one-time link that was used, or is none), ended (a session that was, where a guest can begin anew), signed_out.
    """

    code, status = "not_known", 401


class OverBudget(VisitorFault):
    """This work would take somebody past a budget. Reasons: visitor_day, visitor_month, visitor_pictures_day, visitor_pictures_month,
    and the same of group and house. Facts: `left` and `most` (dollars, or pictures), `needs`, `resets` (ISO time), `own_keys` (whether
    the visitor may use some instead).
    """

    code, status = "over_budget", 402


class SpaceFull(VisitorFault):
    """Files take as much of the disk as they may: the visitor's, or those of all guests (guests). Facts, in MB: `used`, `most`, `needs`."""

    code, status = "space_full", 507


class TooFast(VisitorFault):
    """More often than a limit allows. Reasons: the operation; facts: `most`, `per`, `seconds` until it works again."""

    code, status, retryable = "too_fast", 429, True


class MissingKey(VisitorFault):
    """A key is needed and there is none. Reasons: own (removed since), unreadable (encrypted with a secret that is gone), bad_form."""

    code, status = "missing_key", 422


class NotAllowed(VisitorFault):
    """The house's rules do not allow what was asked, or what came of it.

    Reasons: words (`word`: those that were found, a line for each), moderation and result (`why`: the categories, parted by commas),
    pictures_off, removed (after a report).
    """

    code, status = "not_allowed", 422

    @property
    def unbilled(self) -> bool:
        """All but a result, which was made before it could be looked at."""
        return self.reason != "result"


class QueueFull(VisitorFault):
    """So many jobs wait already that this one is not taken. Reasons: "" (of everybody), yours."""

    code, status, retryable = "queue_full", 503, True


class _Unbilled(ImageChatError):
    """A failure before any work was done."""

    @property
    def unbilled(self) -> bool:
        """Always."""
        return True


class ProviderFault(ImageChatError):
    """The model could not do it; whose fault that is, the code says."""

    code, status, retryable = "provider_fault", 502, True


class Unreachable(ProviderFault):
    """The model's server could not be reached, or the connection to it broke off.

    Reasons: refused, no_address and not_secure (nothing was sent, so nothing can have been billed); lost (something may have been).
    """

    code = "unreachable"

    @property
    def unbilled(self) -> bool:
        """Only where the connection never stood."""
        return self.reason in ("refused", "no_address", "no_answer", "not_secure")


class Overloaded(ProviderFault, _Unbilled):
    """The model's server turned the request away for now, before any work: rate (429), busy (503). `after`: seconds that it asks for."""

    code, status = "overloaded", 503


class BadKey(ProviderFault, _Unbilled):
    """The provider does not take the key. Reasons: wrong (401), no_access (403), no_credit (402, or a quota that is used up); of a key
    of the visitor's own the same with "own_" before it; not_kept.
    """

    code, status, retryable = "bad_key", 502, False


class Blocked(ProviderFault):
    """The provider's safety rules stopped it. Reasons: "" (before anything was made), midway, reply. `why`: what the provider says."""

    code, status, retryable = "blocked", 422, False

    @property
    def unbilled(self) -> bool:
        """Only where nothing was begun."""
        return not self.reason


class Unchecked(ProviderFault):
    """The moderation that the house asks could not be asked, so nothing goes on without it. Reasons: "" (a prompt), result."""

    code, status = "unchecked", 503

    @property
    def unbilled(self) -> bool:
        """Only where nothing was begun."""
        return not self.reason


class Declined(ProviderFault, _Unbilled):
    """The provider does not take the request: model (404), context (too long), address (404), or "" with its own words in `why`."""

    code, status, retryable = "declined", 502, False


class BrokenReply(ProviderFault):
    """The model's answer ended early or is not what it claims to be."""

    code = "broken_reply"


class TimedOut(ProviderFault):
    """The model did not answer in time. Reasons: "" (the whole took too long), silent (nothing came for so long)."""

    code, status = "timed_out", 504


class WorkerDied(ProviderFault):
    """The process that was painting ended in the middle."""

    code, status = "worker_died", 500


class HouseFault(ImageChatError):
    """This machine stands in the way: a disk, a port, a database."""

    code, status = "house_fault", 500


class DiskFull(HouseFault):
    """A picture or a row could not be written because the disk is full."""

    code, status, retryable = "disk_full", 507, True


class CannotStart(HouseFault):
    """The application cannot start; `reason` and `facts` say why and what would help."""

    code = "cannot_start"
