"""What the company has decided, as storage must offer it."""

from typing import Protocol

from bot.domain.company import Company


class Decisions(Protocol):
    """The company's own decisions."""

    async def read(self) -> Company:
        """All of them, or what holds until something is decided."""
        ...

    async def change(self, **changes: object) -> Company:
        """Decide anew on some fields of `Company`."""
        ...
