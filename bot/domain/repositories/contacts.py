"""Who a customer is on a channel, as storage must offer it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.customers import Customer
from bot.domain.mailroom import Address
from bot.domain.reaching import Contact


class Contacts(Protocol):
    """Customers' identities on the channels. These are no access for members: ask `Customers` for an acting member."""

    async def customer(self, channel: str, user_id: str) -> Customer | None:
        """The customer behind a person of a channel; concurrent turns of the same person wait for each other here."""
        ...

    async def of_customer(self, customer_id: int) -> Sequence[Contact]:
        """Where a customer can be written to, Telegram before Zalo."""
        ...

    async def at(self, address: Address) -> Contact | None:
        """Whose chat it is."""
        ...

    async def link(self, contact: Contact) -> None:
        """This person of a channel is this customer from now on."""
        ...

    async def wrote(self, channel: str, user_id: str, now: datetime) -> None:
        """They wrote just now, and so have not blocked us."""
        ...

    async def interacted(self, channel: str, user_id: str, at: datetime) -> bool:
        """They followed, wrote, tapped or called at this moment (UTC), customer or member, and so had not blocked us: what came late
        moves nothing back. False where they are neither."""
        ...

    async def silent(self, address: Address, *, since: datetime) -> None:
        """The channel said at some time after `since` (UTC) that they had been silent for too long, whatever we thought; who has done
        something after it is not silent any more."""
        ...

    async def unasked(self, customer_id: int, since: datetime) -> Sequence[datetime]:
        """When messages that this customer did not ask for went or will go, at or after `since` (UTC)."""
        ...

    async def note_unasked(self, customer_id: int, about: str, at: datetime) -> None:
        """A message that they did not ask for goes at this moment; `about` is its kind."""
        ...

    async def forget_unasked(self, customer_id: int, at: datetime) -> None:
        """The one that was to go at this moment (UTC) has not arrived."""
        ...

    async def drop_unasked(self, customer_id: int, after: datetime) -> None:
        """Those that were to go after this moment do not."""
        ...

    async def drop(self, lead: Customer) -> None:
        """The lead is no customer at all, and has bought nothing."""
        ...

    async def merge(self, lead: Customer, known: Customer) -> None:
        """The lead turned out to be somebody known: all that is about them is about that one, and the lead is no more."""
        ...
