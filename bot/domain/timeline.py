"""A customer's timeline: everything that happened between them and the company."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class InteractionKind(StrEnum):
    """What an entry of the timeline is."""

    NOTE = "note"
    CALL = "call"
    MESSAGE = "message"
    WROTE = "wrote"  # the customer did, and not we: no touch of ours
    MEETING = "meeting"
    FILE = "file"
    SALE = "sale"
    FEEDBACK = "feedback"
    CHANGE = "change"


class Sentiment(StrEnum):
    """Whether feedback is praise or a complaint."""

    PRAISE = "praise"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that lies with a channel: enough to show it again there."""

    channel: str
    file_id: str
    kind: str  # photo, document, voice, audio, video, video_note, animation, location
    name: str = ""


@dataclass(frozen=True, slots=True)
class Interaction:
    """One entry of a timeline. `at` is UTC; `details` holds plain values that a view words (`outcome`, `field`, `sentiment` …)."""

    id: int
    customer_id: int
    member_id: int
    kind: InteractionKind
    text: str
    at: datetime
    details: dict[str, str] = field(default_factory=dict)
    file: StoredFile | None = None
