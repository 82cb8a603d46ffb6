"""What is set aside before a model is asked: the dearest outcome, and where nobody knows that, what the settings say."""

from datetime import datetime

from imagechat.domain.jobs import Job, Purse
from imagechat.domain.models import ModelCard
from imagechat.domain.money import WORDING, Hold, micro
from imagechat.domain.prices import Asked, Cost
from imagechat.domain.requests import ImageRequest
from imagechat.domain.values import new_id, now
from imagechat.domain.visitors import Visitor
from imagechat.prompting import styles
from imagechat.settings import Settings
from imagechat.store.ledger import Standard


def standard(settings: Settings) -> Standard:
    """The settings' caps."""
    budget = settings.budget
    return Standard.model_validate(
        {
            "visitor": {
                "day": micro(budget.daily), "month": micro(budget.monthly),
                "pictures_day": budget.pictures_daily, "pictures_month": budget.pictures_monthly,
            },
            "guests": {"day": micro(budget.guests_daily)},
            "house": {"day": micro(budget.house_daily), "month": micro(budget.house_monthly)},
        }
    )  # fmt: skip


def of_pictures(card: ModelCard, request: ImageRequest, settings: Settings, moment: datetime) -> Cost:
    """What the pictures of `request` will cost."""
    words = styles.words(request, card)
    return card.estimate(request, moment.date(), characters=len(words), partials=settings.models.partials)


def reserve(cost: Cost, count: int, settings: Settings) -> int:
    """Micro-dollars to set aside for `count` pictures, or one reply: the dearest, or what unknown ones count with."""
    if cost.most is not None:
        return cost.most
    return max(cost.likely or 0, max(1, count) * (micro(settings.budget.unknown) or 0))


def for_job(visitor: Visitor, job: Job, card: ModelCard, cost: Cost, settings: Settings) -> Hold:
    """The hold of a job."""
    count = job.image.count if job.image else 0
    return Hold(
        job=job.id, visitor=visitor.id, group=visitor.group, purse=job.purse, kind="image" if job.image else "chat", model=card.id,
        provider=card.provider, amount=reserve(cost, count, settings), asked=count, created=job.created,
        own_keys=settings.offers.own_keys,
    )  # fmt: skip


def for_wording(visitor: Visitor, purse: Purse, card: ModelCard, asked: Asked, *, settings: Settings) -> Hold:
    """The hold of a wording, which is no job."""
    moment = now()
    cost = card.estimate_reply(asked, moment.date())
    return Hold(
        job=new_id(), visitor=visitor.id, group=visitor.group, purse=purse, kind=WORDING, model=card.id, provider=card.provider,
        amount=reserve(cost, 0, settings), created=moment, own_keys=settings.offers.own_keys,
    )  # fmt: skip
