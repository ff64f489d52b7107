"""When a Zalo Official Account may write to somebody: a window that their own last interaction opens (Zalo's rules of 2026)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# An Official Account answers free of charge for so long after the person's last interaction, and against a fee until it closes.
FREE_FOR = timedelta(hours=48)
OPEN_FOR = timedelta(days=7)
PAID_MESSAGE_VND = 55


class Opening(StrEnum):
    """What may go through a window."""

    FREE = "free"
    PAID = "paid"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Window:
    """The window of one person: `interacted_at` (UTC) is when they last followed, wrote, tapped or called; None for never."""

    interacted_at: datetime | None

    def opening(self, at: datetime) -> Opening:
        """What may go at this moment (UTC). Each limit belongs to the worse side: at 48 hours sharp it costs."""
        if self.interacted_at is None or at >= self.interacted_at + OPEN_FOR:
            return Opening.CLOSED
        return Opening.PAID if at >= self.interacted_at + FREE_FOR else Opening.FREE

    def closes_at(self, *, paid: bool) -> datetime | None:
        """When we stop writing (UTC), where what costs may be sent and where it may not; None where it was never open."""
        if self.interacted_at is None:
            return None
        return self.interacted_at + (OPEN_FOR if paid else FREE_FOR)

    def left(self, at: datetime) -> timedelta:
        """How long until what may go now may not any more; zero where it is closed."""
        if self.interacted_at is None:
            return timedelta(0)
        lasts = FREE_FOR if self.opening(at) is Opening.FREE else OPEN_FOR
        return max(self.interacted_at + lasts - at, timedelta(0))
