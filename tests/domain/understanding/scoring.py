"""How well messages are understood: each field right, wrong, or left empty; names compared without marks and titles."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.domain.names import folded
from bot.domain.understanding import Capture, understand
from bot.domain.understanding.records import record_of

FIELDS = ("intent", "name", "phone_e164", "source", "heat", "amount_vnd", "due")
_UNSURE_FIELDS = {"due": "due", "amount_vnd": "amount", "source": "source", "intent": "intent", "name": "name"}
_TITLES = re.compile(
    r"(?:(?:anh|chi|co|chu|bac|em|ong|ba|di|mrs?|ms|miss|khach|kh|cong ty|cty|tnhh|mtv|cp|dai ly)\b\.? ?)*"
)
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Message:
    """One message of a set, what it says, and what was understood."""

    text: str
    now: datetime
    expected: dict[str, Any]
    capture: Capture

    @property
    def got(self) -> dict[str, Any]:
        """What was understood, as plain values."""
        return record_of(self.capture)

    def is_right(self, field: str) -> bool:
        """Whether a field is what the message says."""
        got, expected = self.got[field], self.expected.get(field)
        if field == "name":
            return bare_name(got) == bare_name(expected)
        return bool(got == expected)

    def is_open(self, field: str) -> bool:
        """Whether a field that is not right was left empty or marked unsure rather than guessed."""
        return self.got[field] is None or any(
            unsure.field == _UNSURE_FIELDS.get(field) for unsure in self.capture.unsure
        )


def read_set(name: str) -> list[Message]:
    """The messages of `<name>.jsonl`, understood."""
    return [
        Message(record["text"], now, record["expect"], understand(record["text"], now))
        for record, now in ((record, datetime.fromisoformat(record["now"])) for record in records(name))
    ]


def records(name: str) -> Iterator[dict[str, Any]]:
    """The records of `<name>.jsonl` as written."""
    with (_HERE / f"{name}.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def bare_name(name: str | None) -> str:
    """A name as it is compared: `Chị Nguyễn Thị Lan` → `nguyen thi lan`."""
    return _TITLES.sub("", folded(name or "").strip(" .,:"), count=1)
