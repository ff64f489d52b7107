"""What became of the messages of the last days, for who leads the people they went to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.delivery import DeliveryState, Trouble

# How far back the ledger looks.
LOOKS_BACK = timedelta(days=7)
WAITING = (DeliveryState.DUE, DeliveryState.CLAIMED, DeliveryState.SENDING)
CAN_GO_AGAIN = (DeliveryState.FAILED, DeliveryState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message that did not arrive, or of which that is not known. `to` is a member's name or a group's title, None for anybody else;
    `blocked`: they do not let us write to them; `trouble`: why, where that is known; `is_unasked`: a customer
    did not ask for it, and may want none any more; `channel` is the outbox's."""

    id: int
    due_at: datetime
    kind: str
    state: DeliveryState
    trouble: Trouble | None
    to: str | None
    blocked: bool
    member_id: int | None = None
    is_unasked: bool = False
    channel: str = ""

    @property
    def can_go_again(self) -> bool:
        """Whether sending it again makes sense. What a customer did not ask for is asked anew, under the rules of today; who has been
        silent for too long is written to once they write."""
        is_shut = self.blocked or self.trouble is Trouble.WINDOW_CLOSED
        return self.state in CAN_GO_AGAIN and not is_shut and not self.is_unasked


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A member who has blocked the assistant, since when (UTC)."""

    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class DeliveryLedger:
    """A page of the ledger: how many messages are in which state, who cannot be written to, and what did not arrive. `received` and
    `seen` are those of which the channel has said so."""

    counts: Mapping[DeliveryState, int]
    unreachable: Sequence[Unreachable]
    problems: Sequence[Undelivered]
    problem_count: int
    received: int = 0
    seen: int = 0

    @property
    def waiting(self) -> int:
        """Those that are still on their way."""
        return sum(self.counts.get(state, 0) for state in WAITING)


def trouble_of(error: str) -> Trouble | None:
    """Which trouble the note on a delivery speaks of; None where it speaks of none."""
    said = error.partition(":")[0]
    if said == "blocked":
        return Trouble.FORBIDDEN
    return next((trouble for trouble in Trouble if trouble == said), None)
