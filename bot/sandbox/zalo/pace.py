"""How many calls a minute Zalo takes of one app."""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.sandbox.zalo.refusals import ZaloRefusal

MINUTE = timedelta(minutes=1)


class RequestPace:
    """At most `limit` calls in any minute of the stand-in's clock."""

    def __init__(self, now: Callable[[], datetime], limit: int) -> None:
        self._now = now
        self.limit = limit
        self._recent: deque[datetime] = deque()

    @property
    def left(self) -> int:
        """How many calls are still free at this moment."""
        cutoff = self._now() - MINUTE
        while self._recent and self._recent[0] <= cutoff:
            self._recent.popleft()
        return max(self.limit - len(self._recent), 0)

    def count(self) -> None:
        """One call more. Raises ZaloRefusal (-32) when it is one too many."""
        if not self.left:
            raise ZaloRefusal(-32, "Rate limit exceeded")
        self._recent.append(self._now())
