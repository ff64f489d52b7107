"""What is kept for members who have been silent on their channel for too long: refused by it, or not even tried."""

from bot.domain.delivery import Audience, DeliveryState, Trouble
from bot.storage.tables import outbox

HELD = (
    outbox.c.state == DeliveryState.FAILED,
    outbox.c.audience == Audience.MEMBER,
    outbox.c.last_error.startswith(f"{Trouble.WINDOW_CLOSED}:"),
)
