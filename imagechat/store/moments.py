"""Times as the database keeps them: whole microseconds since 1970."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, TypeDecorator
from sqlalchemy.engine.interfaces import Dialect

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Moment(TypeDecorator[datetime]):
    """An aware time, kept as whole microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """A time as the database keeps it."""
        return None if value is None else micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """A kept number as a time."""
        return None if value is None else EPOCH + value * MICROSECOND


def micros(moment: datetime) -> int:
    """Whole microseconds from 1970 to `moment`."""
    return (moment - EPOCH) // MICROSECOND
