"""Who watches the chats: tests that wait for something to be seen, and the page that draws every change."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
PATIENCE = 60.0  # seconds: who waits in vain may as well be told late, and no load is to be mistaken for a defect


@dataclass(frozen=True, slots=True)
class Change:
    """Something changed: `message`, `removed`, `pressed`, `answered`, `inline`, `person`, `group`, `typing` or `commands` in a chat;
    `called` when the bot has got an answer from the stand-in, `clock` when it was wound, `closing` at the end. `chat_id` is a number
    on Telegram and a text on Zalo."""

    kind: str
    chat_id: int | str
    subject: object = None


class Watched:
    """Something that changes, and that can be waited for."""

    def __init__(self) -> None:
        self._next_change = asyncio.Event()
        self.listeners: list[Callable[[Change], None]] = []

    def tell(self, kind: str, chat_id: int | str, subject: object = None) -> None:
        """Let everybody who watches know of a change."""
        self._next_change.set()
        self._next_change = asyncio.Event()
        for listener in self.listeners:
            listener(Change(kind, chat_id, subject))

    async def changed(self, within: float = PATIENCE) -> None:
        """Wait for the next change of any chat. Raises TimeoutError after `within` seconds."""
        await asyncio.wait_for(self._next_change.wait(), within)

    async def until(self, condition: Callable[[], T | None], within: float = PATIENCE) -> T:
        """Wait until the condition holds, looking again at each change; its value. Raises TimeoutError."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within
        while not (value := condition()):
            try:
                await self.changed(deadline - loop.time())
            except TimeoutError:
                raise TimeoutError(f"not seen within {within} s; {self.seen()}") from None
        return value

    def seen(self) -> str:
        """What there is to see instead, for who waited in vain."""
        raise NotImplementedError
