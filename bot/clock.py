"""The only place that asks what time it is. Everything else is told."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The current moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The current moment, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place


class WoundClock:
    """A clock that runs on from where it was wound to: the sandbox and the tests move time with it."""

    def __init__(self, start: datetime | None = None) -> None:
        real = SystemClock().now()
        self._ahead = (start - real) if start else timedelta()

    def now(self) -> datetime:
        """The wound moment, aware, in UTC; it runs on as fast as the machine's clock."""
        return SystemClock().now() + self._ahead

    def wind(self, by: timedelta) -> None:
        """Move the hands by `by`, which may be negative."""
        self._ahead += by

    def wind_to(self, moment: datetime) -> None:
        """Set the hands to `moment` (aware)."""
        self._ahead = moment - SystemClock().now()
