"""What lies between two messages of a person, as storage must offer it: forms, drafts, own words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.domain.mailroom import Address
from bot.domain.people import Member
from bot.domain.understanding import Known
from bot.domain.vocabulary import NewWord, OwnWord


@dataclass(frozen=True, slots=True)
class Question:
    """A question that waits for this person's answer: the half-finished form."""

    name: str
    data: dict[str, Any]
    asked_at: datetime


class Questions(Protocol):
    """Half-finished forms, one a person."""

    async def waiting(self, address: Address) -> Question | None:
        """The question that waits for this person."""
        ...

    async def ask(self, address: Address, name: str, data: Mapping[str, Any], now: datetime) -> None:
        """Let this question wait, in place of any other."""
        ...

    async def forget(self, address: Address) -> None:
        """No question waits any more."""
        ...


class Drafts(Protocol):
    """What a person sent that is not yet filed: kept until it is, so that nothing typed is lost."""

    async def keep(self, address: Address, data: Mapping[str, Any], now: datetime) -> int:
        """Keep it; its id for the buttons."""
        ...

    async def get(self, address: Address, draft_id: int) -> dict[str, Any]:
        """What this person sent. Raises DomainError("old_button") when it is filed already, or somebody else's."""
        ...

    async def drop(self, address: Address, draft_id: int) -> None:
        """It is filed, or not wanted."""
        ...

    async def drop_all(self, address: Address) -> None:
        """Nothing of this person's waits any more."""
        ...

    async def drop_kept_before(self, moment: datetime) -> int:
        """Nobody comes back to those that were kept before `moment` (UTC); returns how many went."""
        ...


class Vocabulary(Protocol):
    """What the actor's messages are read against: their customers, the company's products and colleagues, and own words."""

    async def known(self, actor: Member) -> Known:
        """All of it, indexed; kept between turns until something of it changes."""
        ...

    async def words(self, actor: Member) -> Sequence[OwnWord]:
        """The actor's own words and the company's, by what was said."""
        ...

    async def learn(self, actor: Member, word: NewWord, *, shared: bool) -> OwnWord:
        """Remember a word, in place of what the same word meant before."""
        ...

    async def forget(self, actor: Member, word_id: int) -> None:
        """Forget one of the actor's own words; a shared one only for who manages. Raises NotFound."""
        ...
