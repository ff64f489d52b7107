"""How fast a bot may send. Telegram's numbers are unpublished; these are what its FAQ tells bots to keep to.

Measured on the monotonic clock, because the sandbox's own clock is wound by hand.
"""

import time
from collections import deque
from math import ceil

CHAT_BURST = 10
OVERALL = 30
A_MINUTE_TO_A_GROUP = 20


class Pace:
    """One message a second to a chat after a burst of `CHAT_BURST`, 20 a minute to a group; `OVERALL` calls in any second over all."""

    def __init__(self) -> None:
        self._recent: deque[float] = deque()
        self._chats: dict[int, tuple[float, float]] = {}
        self._groups: dict[int, deque[float]] = {}

    def wait(self, chat_id: int, *, new_message: bool) -> int:
        """Seconds that the caller must wait before it tries again; 0 lets the call through and counts it.

        Only new messages count for the chat's own limit: an edit in place does not ring anybody's phone.
        """
        now = time.monotonic()
        while self._recent and self._recent[0] <= now - 1:
            self._recent.popleft()
        if len(self._recent) >= OVERALL:
            return 1
        if new_message and (seconds := self._wait_in_group(chat_id, now)):
            return seconds
        if new_message:
            left, since = self._chats.get(chat_id, (float(CHAT_BURST), now))
            left = min(CHAT_BURST, left + now - since)
            if left < 1:
                return ceil(1 - left)
            self._chats[chat_id] = (left - 1, now)
            if chat_id < 0:
                self._groups.setdefault(chat_id, deque(maxlen=A_MINUTE_TO_A_GROUP)).append(now)
        self._recent.append(now)
        return 0

    def _wait_in_group(self, chat_id: int, now: float) -> int:
        sent = self._groups.get(chat_id)
        if sent is None or len(sent) < A_MINUTE_TO_A_GROUP:
            return 0
        return max(0, ceil(sent[0] + 60 - now))
