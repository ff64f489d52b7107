"""What storage must offer for the Zalo Official Account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.customers import Customer
from bot.domain.people import Member
from bot.domain.reaching import Route
from bot.domain.zalo import Cost, Health, Service, ZaloTokens
from bot.domain.zalo_templates import Description, TemplateCheck, TemplateKind, ZaloTemplate


@dataclass(frozen=True, slots=True)
class Handed:
    """A message that went in a template's form: its unique key, and whom it was for."""

    delivery_id: int
    dedupe_key: str
    customer: Customer


class Zalo(Protocol):
    """What is in service, the templates, the costs: inside a unit of work."""

    async def service(self) -> Service:
        """What is in service; Telegram alone until anything was put in service."""
        ...

    async def put_in_service(self, service: Service) -> None:
        """From now on this is in service, and nothing else."""
        ...

    async def template(self, kind: str) -> ZaloTemplate | None:
        """The template for a kind of message; None for kinds that have none."""
        ...

    async def templates(self) -> Sequence[ZaloTemplate]:
        """All of them, by kind."""
        ...

    async def keep_template(self, template: ZaloTemplate) -> None:
        """Use it for its kind, in place of another."""
        ...

    async def drop_template(self, kind: TemplateKind) -> bool:
        """Use none for this kind; False where none was used."""
        ...

    async def costs(self, since: datetime, until: datetime) -> Sequence[Cost]:
        """What was paid for from `since` up to and without `until` (UTC), by route; empty where nothing was."""
        ...

    async def health(self) -> Health | None:
        """How the tokens are, without any of them; None before the first."""
        ...

    async def example(self, actor: Member) -> Customer | None:
        """Who bought last of those whom the actor sees: to show a template with."""
        ...

    async def handed(self, *, message_ref: str, delivery_id: int) -> Handed | None:
        """The template message of this reference, else that of this number; None where there is neither, or the customer has
        gone."""
        ...


class Checks(Protocol):
    """Templates that members are choosing: one at a time each."""

    async def ask(self, member_id: int, kind: TemplateKind, template_id: str, now: datetime) -> TemplateCheck:
        """A member wants this template for this kind; what they were choosing before is forgotten."""
        ...

    async def waiting(self, now: datetime) -> bool:
        """Whether Zalo is to be asked about one that nobody has in hand."""
        ...

    async def claim(self, now: datetime, until: datetime) -> TemplateCheck | None:
        """The next that Zalo is to be asked about, ours until that moment."""
        ...

    async def get(self, check_id: int, member_id: int) -> TemplateCheck:
        """One of this member's that Zalo has described. Raises NotFound."""
        ...

    async def described(self, check: TemplateCheck, description: Description, values: Mapping[str, str]) -> bool:
        """Zalo describes it so; False where nobody waits for it any more."""
        ...

    async def fill(self, check: TemplateCheck, values: Mapping[str, str]) -> TemplateCheck:
        """Its fields are filled so from now on."""
        ...

    async def drop(self, check: TemplateCheck) -> bool:
        """It is saved, given up, or of no use; False where it had gone already."""
        ...


class Tokens(Protocol):
    """The tokens of an Official Account's app, each call a short transaction of its own."""

    async def read(self, app_id: str) -> ZaloTokens | None:
        """The pair in force; None before the first."""
        ...

    async def claim(self, app_id: str, owner: str, now: datetime, until: datetime) -> bool:
        """Take the sole right to refresh until `until`; False while another instance has it."""
        ...

    async def keep(self, app_id: str, owner: str, tokens: ZaloTokens) -> None:
        """Commit a new pair, and give the right back."""
        ...

    async def release(self, app_id: str, owner: str) -> None:
        """Give the right back, nothing has changed."""
        ...

    async def died(self, app_id: str, now: datetime) -> bool:
        """Zalo refuses the refresh token; True where this is the first to say so."""
        ...


class Charges(Protocol):
    """What messages cost, each call a short transaction of its own."""

    async def charge(self, delivery_id: int, route: Route, kind: str, amount_vnd: int, now: datetime) -> None:
        """This delivery has cost so much; once, however often it is said."""
        ...
