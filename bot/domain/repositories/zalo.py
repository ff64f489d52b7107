"""What storage must offer for the Zalo Official Account."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.reaching import Route
from bot.domain.zalo import Cost, Service, ZaloTokens
from bot.domain.zalo_templates import TemplateKind, ZaloTemplate


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
