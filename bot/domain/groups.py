"""Group chats that get the week by themselves."""

from dataclasses import dataclass
from datetime import datetime, time

from bot.domain.mailroom import Address

# When on Monday, in the company's zone.
HEARD_AT = time(8)


@dataclass(frozen=True, slots=True)
class GroupChat:
    """A group that a manager has asked the week into. `team_id`: whose figures, None: the company's; `linked_by`: who asked;
    `next_week_at` (UTC): when the next one comes."""

    channel: str
    chat_id: str
    title: str
    team_id: int | None
    linked_by: int
    linked_at: datetime
    next_week_at: datetime | None = None

    @property
    def address(self) -> Address:
        """Where it is written to."""
        return Address(self.channel, self.chat_id)
