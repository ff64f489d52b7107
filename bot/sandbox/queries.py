"""What a person asks the bot without writing a message: a tapped button, an inline query."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """What a press brought: a toast, or an alert to be closed by hand; nothing but the end of the spinner without text."""

    text: str = ""
    alert: bool = False
    url: str = ""


@dataclass(slots=True)
class Press:
    """A tapped inline button. `answer` is None while the spinner turns."""

    id: str
    person_id: int
    chat_id: int
    message_id: int
    data: str
    at: datetime
    update_id: int = 0
    answer: Answer | None = None


@dataclass(slots=True)
class InlineQuestion:
    """What a person typed after the bot's name in some chat, and the results once there are any."""

    id: str
    person_id: int
    query: str
    at: datetime
    results: list[dict[str, Any]] | None = None
