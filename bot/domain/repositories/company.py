"""What the company has decided, as storage must offer it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from bot.domain.company import Company
from bot.domain.people import Member


class Decisions(Protocol):
    """The company's own decisions."""

    async def read(self) -> Company:
        """All of them, or what holds until something is decided."""
        ...

    async def hold(self) -> Company:
        """As `read`, for who changes what was read: nobody else does meanwhile."""
        ...

    async def change(self, **changes: object) -> Company:
        """Decide anew on some fields of `Company`."""
        ...

    async def at_stages(self) -> Mapping[str, int]:
        """How many of the company's customers are at each step."""
        ...

    async def move_stages(self, actor: Member, moves: Mapping[str, str], now: datetime) -> int:
        """Bring all customers at the steps of `moves` to the step that it names, each written down as a move; how many there were."""
        ...
