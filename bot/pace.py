"""How fast a channel may be written to."""

import asyncio
import time
from collections import deque

PER_SECOND = 25
CHAT_GAP = 1.0  # seconds between two unasked messages to one chat
A_MINUTE_TO_A_GROUP = 20
LONGEST_DEBT = 1.0  # seconds for which answers may hold up what is due
LONGEST_LATENESS = 0.05
REMEMBERED_CHATS = 10_000


class Pace:
    """25 messages a second over all and one a second to a chat, for what nobody waits for; 20 a minute to a group, whatever they are.

    Answers to somebody who just wrote do not wait, but they count: what is due makes room for them, for a second at most.
    The channel's own word ("slow down") stops both.
    """

    def __init__(self) -> None:
        self._queue = asyncio.Lock()
        self._free_at = 0.0
        self._braked_until = 0.0
        self._chats: dict[str, float] = {}
        self._groups: dict[str, deque[float]] = {}

    async def slot(self, chat: str) -> None:
        """Wait until one more unasked message may go to `chat`."""
        await self._sleep_until(max(self._chats.get(chat, 0.0), self._group_free_at(chat)))
        async with self._queue:
            await self._sleep_until(self._free_at)
            while self._braked_until > time.monotonic():
                await self._sleep_until(self._braked_until)
            # From when it was free, not from now: the sleeps' own lateness must not add up to a slower pace.
            lateness = time.monotonic() - self._free_at
            self._free_at += (lateness if lateness > LONGEST_LATENESS else 0.0) + 1 / PER_SECOND
        self._remember(chat)

    async def answer(self, chat: str) -> None:
        """Count an answer to `chat`; waits only while the channel wants silence, and for a group that has had its share."""
        await self._sleep_until(self._group_free_at(chat))
        while (until := self._braked_until) > time.monotonic():
            await self._sleep_until(until)
        now = time.monotonic()
        self._free_at = min(max(now, self._free_at) + 1 / PER_SECOND, max(now + LONGEST_DEBT, self._free_at))
        self._remember(chat)

    def brake(self, seconds: float) -> None:
        """The channel wants silence."""
        self._braked_until = max(self._braked_until, time.monotonic() + seconds)

    def _remember(self, chat: str) -> None:
        now = time.monotonic()
        if len(self._chats) >= REMEMBERED_CHATS:
            self._chats = {name: free_at for name, free_at in self._chats.items() if free_at > now}
            self._groups = {name: sent for name, sent in self._groups.items() if sent[-1] > now - 60}
        self._chats[chat] = now + CHAT_GAP
        if _is_group(chat):
            self._groups.setdefault(chat, deque(maxlen=A_MINUTE_TO_A_GROUP)).append(now)

    def _group_free_at(self, chat: str) -> float:
        sent = self._groups.get(chat)
        if sent is None or len(sent) < A_MINUTE_TO_A_GROUP:
            return 0.0
        return sent[0] + 60

    async def _sleep_until(self, moment: float) -> None:
        seconds = moment - time.monotonic()
        if seconds > 0:
            await asyncio.sleep(seconds)


def _is_group(chat: str) -> bool:
    """Telegram's groups have negative ids."""
    return chat.startswith("-")
