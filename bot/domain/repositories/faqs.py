"""The company's question list, as storage must offer it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.customers import Customer
from bot.domain.faq import Faq, Unanswered


class Faqs(Protocol):
    """Questions with their answers, and those that have none yet."""

    async def all(self) -> Sequence[Faq]:
        """The whole list, oldest first."""
        ...

    async def get(self, faq_id: int) -> Faq:
        """One entry. Raises NotFound."""
        ...

    async def add(self, locale: str, question: str, answer: str) -> Faq:
        """A new entry."""
        ...

    async def change(self, faq: Faq, **changes: str) -> Faq:
        """Change fields of an entry."""
        ...

    async def drop(self, faq: Faq) -> None:
        """Take an entry out of the list."""
        ...

    async def unanswered(self) -> Sequence[Unanswered]:
        """What has no answer yet, the most frequent first."""
        ...

    async def missed(self, unanswered_id: int) -> Unanswered:
        """One of them. Raises NotFound."""
        ...

    async def note_unanswered(self, key: str, question: str, customer_id: int, now: datetime) -> None:
        """This customer asked it, and no answer was sure: counted under its key."""
        ...

    async def answer(self, missed: Unanswered, faq: Faq) -> None:
        """It has an answer now."""
        ...

    async def forget(self, missed: Unanswered) -> None:
        """It needs no answer."""
        ...

    async def askers(self, faq_id: int) -> Sequence[Customer]:
        """Who asked what this entry answers and has not been sent it."""
        ...

    async def told(self, faq_id: int) -> None:
        """All of them have been sent it."""
        ...


@dataclass(frozen=True, slots=True)
class ReplyDraft:
    """An answer to an entry of the timeline, drafted for a member who asked for it; `text` is None until it is there."""

    id: int
    member_id: int
    customer_id: int
    entry_id: int
    text: str | None = None


class ReplyDrafts(Protocol):
    """Drafts of answers."""

    async def ask(self, member_id: int, customer_id: int, entry_id: int, now: datetime) -> ReplyDraft:
        """A member wants one; asked for again while it is under way, it is the same."""
        ...

    async def waiting(self, now: datetime) -> bool:
        """Whether somebody waits for one that nobody has in hand."""
        ...

    async def claim(self, now: datetime, until: datetime) -> ReplyDraft | None:
        """The next that somebody waits for, ours until that moment."""
        ...

    async def get(self, draft_id: int, member_id: int) -> ReplyDraft:
        """One of this member's. Raises NotFound."""
        ...

    async def written(self, draft: ReplyDraft, text: str) -> bool:
        """It is there; False where nobody waits for it any more."""
        ...

    async def drop(self, draft: ReplyDraft) -> None:
        """It is sent, or could not be had."""
        ...

    async def drop_asked_before(self, moment: datetime) -> None:
        """Old ones go."""
        ...
