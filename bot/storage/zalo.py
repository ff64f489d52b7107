"""What of Zalo is in service, its templates, tokens and costs."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.domain.customers import Customer
from bot.domain.delivery import DeliveryState
from bot.domain.people import Member
from bot.domain.reaching import TEMPLATES, Route
from bot.domain.repositories.zalo import Handed
from bot.domain.zalo import Cost, Health, Service, ZaloTokens
from bot.domain.zalo_templates import TemplateField, TemplateKind, ZaloTemplate
from bot.storage.access import visible_to
from bot.storage.channel_tables import channels, charges, zalo_templates, zalo_tokens
from bot.storage.columns import columns_of
from bot.storage.customers import CUSTOMER_COLUMNS, SqlCustomers
from bot.storage.engine import Engines
from bot.storage.tables import customers, outbox, sales
from bot.storage.transaction import Sql

# A message that somebody answers has gone, whether we have heard of it yet or not.
_HAS_GONE = (DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.UNKNOWN)
_TEMPLATE = select(*columns_of(zalo_templates, ZaloTemplate))
_TOKENS = select(*columns_of(zalo_tokens, ZaloTokens))


class SqlZalo:
    """`Zalo` in tables."""

    def __init__(self, sql: Sql, customers_of: SqlCustomers) -> None:
        self._sql = sql
        self._customers = customers_of

    async def service(self) -> Service:
        """What is in service; Telegram alone until anything was put in service."""
        rows = await self._sql.rows(select(channels.c.name, channels.c.paid))
        return Service(frozenset(row.name for row in rows), any(row.paid for row in rows)) if rows else Service()

    async def put_in_service(self, service: Service) -> None:
        """From now on this is in service, and nothing else."""
        await self._sql.change(delete(channels).where(channels.c.name.is_not(None)))
        for name in service.channels:
            await self._sql.change(insert(channels).values(name=name, paid=service.paid))

    async def template(self, kind: str) -> ZaloTemplate | None:
        """The template for a kind of message; None for kinds that have none."""
        if kind not in set(TemplateKind):
            return None
        row = await self._sql.row(_TEMPLATE.where(zalo_templates.c.kind == TemplateKind(kind)))
        return None if row is None else _template(row)

    async def templates(self) -> Sequence[ZaloTemplate]:
        """All of them, by kind."""
        return [_template(row) for row in await self._sql.rows(_TEMPLATE.order_by(zalo_templates.c.kind))]

    async def keep_template(self, template: ZaloTemplate) -> None:
        """Use it for its kind, in place of another."""
        values = {
            **asdict(template),
            "fields": [asdict(one) for one in template.fields],
            "values": dict(template.values),
        }
        changed = {name: value for name, value in values.items() if name != "kind"}
        kept = upsert(zalo_templates).values(**values)
        await self._sql.change(kept.on_conflict_do_update(index_elements=["kind"], set_=changed))

    async def drop_template(self, kind: TemplateKind) -> bool:
        """Use none for this kind; False where none was used."""
        return await self._sql.change(delete(zalo_templates).where(zalo_templates.c.kind == kind)) == 1

    async def costs(self, since: datetime, until: datetime) -> Sequence[Cost]:
        """What was paid for from `since` up to and without `until` (UTC), by route; empty where nothing was."""
        counted = select(charges.c.route, func.count(), func.sum(charges.c.amount_vnd))
        within = counted.where(charges.c.at >= since, charges.c.at < until)
        rows = await self._sql.rows(within.group_by(charges.c.route).order_by(charges.c.route))
        return [Cost(route, messages, int(amount)) for route, messages, amount in rows]

    async def health(self) -> Health | None:
        """How the tokens are, without any of them; None before the first."""
        known = select(*columns_of(zalo_tokens, Health)).where(zalo_tokens.c.expires_at.is_not(None))
        row = await self._sql.row(known.order_by(zalo_tokens.c.expires_at.desc()).limit(1))
        return None if row is None else Health(*row)

    async def example(self, actor: Member) -> Customer | None:
        """Who bought last of those whom the actor sees: to show a template with."""
        buyer = select(customers.c.id).join(sales, sales.c.customer_id == customers.c.id).where(visible_to(actor))
        customer_id = await self._sql.scalar(buyer.order_by(sales.c.id.desc()).limit(1))
        return None if customer_id is None else await self._customers.get(actor, customer_id)

    async def handed(self, *, message_ref: str, delivery_id: int) -> Handed | None:
        """The template message of this reference, else that of this number; None where there is neither, or the customer has gone."""
        whose = select(outbox.c.id, outbox.c.dedupe_key, *CUSTOMER_COLUMNS)
        known = whose.join_from(outbox, customers, customers.c.id == outbox.c.customer_id)
        ours = known.where(
            outbox.c.channel == TEMPLATES, outbox.c.state.in_(_HAS_GONE), customers.c.erased_at.is_(None)
        )
        row = None
        if message_ref:
            row = await self._sql.row(ours.where(outbox.c.message_ref == message_ref).limit(1))
        if row is None and delivery_id:
            row = await self._sql.row(ours.where(outbox.c.id == delivery_id))
        return None if row is None else Handed(row[0], row[1], Customer(*row[2:]))


def _template(row: Sequence[object]) -> ZaloTemplate:
    template = ZaloTemplate(*row)  # type: ignore[arg-type]
    described: Sequence[dict[str, object]] = template.fields  # type: ignore[assignment]
    values = {**{name: getattr(template, name) for name in ZaloTemplate.__slots__}}
    return ZaloTemplate(**{**values, "fields": tuple(TemplateField(**one) for one in described)})  # type: ignore[arg-type]


class SqlTokens:
    """`Tokens` in a table: every call is a transaction of its own."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    async def read(self, app_id: str) -> ZaloTokens | None:
        """The pair in force; None before the first."""
        of_app = _TOKENS.where(zalo_tokens.c.app_id == app_id, zalo_tokens.c.expires_at.is_not(None))
        async with self._engines.reading() as sql:
            row = await sql.row(of_app)
        return None if row is None else ZaloTokens(*row)

    async def claim(self, app_id: str, owner: str, now: datetime, until: datetime) -> bool:
        """Take the sole right to refresh until `until`; False while another instance has it."""
        empty = {"access_token": "", "refresh_token": "", "begun_with": "", "owner": ""}
        free = or_(zalo_tokens.c.owner == "", zalo_tokens.c.owned_until <= now)
        take = update(zalo_tokens).where(zalo_tokens.c.app_id == app_id, free)
        async with self._engines.writing() as sql:
            await sql.change(upsert(zalo_tokens).values(app_id=app_id, **empty).on_conflict_do_nothing())
            is_ours = await sql.change(take.values(owner=owner, owned_until=until)) == 1
            await sql.commit()
        return is_ours

    async def keep(self, app_id: str, owner: str, tokens: ZaloTokens) -> None:
        """Commit a new pair, and give the right back."""
        await self._change(app_id, **asdict(tokens))
        await self.release(app_id, owner)

    async def release(self, app_id: str, owner: str) -> None:
        """Give the right back, nothing has changed."""
        ours = update(zalo_tokens).where(zalo_tokens.c.app_id == app_id, zalo_tokens.c.owner == owner)
        async with self._engines.writing() as sql:
            await sql.change(ours.values(owner="", owned_until=None))
            await sql.commit()

    async def died(self, app_id: str, now: datetime) -> bool:
        """Zalo refuses the refresh token; True where this is the first to say so."""
        alive = update(zalo_tokens).where(zalo_tokens.c.app_id == app_id, zalo_tokens.c.died_at.is_(None))
        async with self._engines.writing() as sql:
            is_first = await sql.change(alive.values(died_at=now)) == 1
            await sql.commit()
        return is_first

    async def _change(self, app_id: str, **values: object) -> None:
        async with self._engines.writing() as sql:
            await sql.change(update(zalo_tokens).where(zalo_tokens.c.app_id == app_id).values(**values))
            await sql.commit()


class SqlCharges:
    """`Charges` in a table: every call is a transaction of its own."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    async def charge(self, delivery_id: int, route: Route, kind: str, amount_vnd: int, now: datetime) -> None:
        """This delivery has cost so much; once, however often it is said."""
        row = {"delivery_id": delivery_id, "at": now, "route": route, "kind": kind, "amount_vnd": amount_vnd}
        async with self._engines.writing() as sql:
            await sql.change(upsert(charges).values(**row).on_conflict_do_nothing())
            await sql.commit()
