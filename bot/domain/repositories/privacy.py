"""What a person may ask of us about their data, as storage must offer it: requests, everything held, and erasing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.domain.consent import DataRequest
from bot.domain.customers import Customer
from bot.domain.people import Member
from bot.domain.rights import NewDataRequest

# Rows by table, each a mapping of plain values by column.
Dossier = Mapping[str, Sequence[Mapping[str, Any]]]


class DataRequests(Protocol):
    """Requests of customers about their own data."""

    async def add(self, new: NewDataRequest) -> tuple[DataRequest, bool]:
        """Write a request down, and whether it is new: one that is open already stands."""
        ...

    async def get(self, actor: Member, request_id: int) -> tuple[DataRequest, Customer]:
        """A request and whose it is. Raises NotFound where the actor may not see that customer."""
        ...

    async def waiting(self, actor: Member) -> Sequence[tuple[DataRequest, Customer]]:
        """Those that are not done, of customers whom the actor may see, the most urgent first."""
        ...

    async def update(self, request: DataRequest, **changes: Any) -> DataRequest:
        """The request with fields changed."""
        ...

    async def due(self, now: datetime, limit: int) -> Sequence[tuple[DataRequest, Customer]]:
        """Those of which managers are to hear again by `now`, locked until the commit; another instance takes the others."""
        ...


class Privacy(Protocol):
    """Everything held on a customer, and the end of it."""

    async def everything(self, actor: Member, customer_id: int) -> Dossier:
        """All rows about a customer. Raises NotFound as `Customers.get`."""
        ...

    async def erase(self, customer: Customer, now: datetime) -> None:
        """Take the person out of every table; the figures stay, on a row without a name that nobody sees any more."""
        ...

    async def erased(self) -> Sequence[tuple[int, datetime]]:
        """Who was erased and when: the list to erase again by after an older copy of the database was brought back."""
        ...

    async def erase_again(self, erased: Sequence[tuple[int, datetime]]) -> int:
        """Erase those of the list who are there again; returns how many."""
        ...

    async def is_clean(self) -> bool:
        """Whether nobody was erased since the database's files were cleaned."""
        ...

    async def cleaned(self, until: datetime, now: datetime) -> None:
        """The files hold nothing more of who was erased up to that moment."""
        ...
