"""Teams, as storage must offer them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Protocol

from bot.domain.teams import Load, Team


class Teams(Protocol):
    """The teams into which the company is divided, if it is."""

    async def everything(self) -> Sequence[Team]:
        """All of them, by name."""
        ...

    async def get(self, team_id: int) -> Team:
        """One. Raises NotFound."""
        ...

    async def add(self, name: str) -> Team:
        """A new one."""
        ...

    async def rename(self, team: Team, name: str) -> Team:
        """The same with another name."""
        ...

    async def remove(self, team: Team) -> None:
        """Nobody is in it any more; invitations into it can no longer be used, and its group chat is told nothing. Raises
        DomainError("team_not_empty") where somebody, active or not, is."""
        ...

    async def loads(self, member_ids: Collection[int], today: date) -> Mapping[int, Load]:
        """What each of these members has on their hands; `today` is the reader's date."""
        ...
