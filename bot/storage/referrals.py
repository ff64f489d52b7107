"""Personal links, who brought whom, and what both earned."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.domain.customers import Customer
from bot.domain.errors import NotFound
from bot.domain.people import Member
from bot.domain.referrals import NewReward, Reward, new_token
from bot.storage.access import IS_THERE, visible_to
from bot.storage.columns import columns_of
from bot.storage.customers import CUSTOMER_COLUMNS, SqlCustomers
from bot.storage.guest_tables import referral_links, rewards
from bot.storage.tables import customers
from bot.storage.transaction import Sql
from bot.storage.undo import Journal

_CUSTOMER = select(*CUSTOMER_COLUMNS)
_REWARD = select(*columns_of(rewards, Reward))
_MOST_BROUGHT = 20


class SqlReferrals:
    """`Referrals` in tables."""

    def __init__(self, sql: Sql, journal: Journal, customers_of: SqlCustomers) -> None:
        self._sql = sql
        self._journal = journal
        self._customers = customers_of

    async def link_of(self, customer_id: int) -> str:
        """The token of a customer's personal link: made when it is first asked for, the same ever after."""
        theirs = select(referral_links.c.token).where(referral_links.c.customer_id == customer_id)
        token: str | None = await self._sql.scalar(theirs)
        if token is None:
            made = upsert(referral_links).values(token=new_token(), customer_id=customer_id)
            await self._sql.change(made.on_conflict_do_nothing(index_elements=["customer_id"]))
            token = str(await self._sql.scalar(theirs))
        return token

    async def referrer(self, token: str) -> Customer | None:
        """Whose personal link it is."""
        linked = _CUSTOMER.join(referral_links, referral_links.c.customer_id == customers.c.id)
        row = await self._sql.row(linked.where(referral_links.c.token == token, IS_THERE))
        return None if row is None else Customer(*row)

    async def sender(self, customer: Customer) -> Customer | None:
        """Who brought the customer."""
        row = await self._sql.row(_CUSTOMER.where(customers.c.id == customer.referrer_id, IS_THERE))
        return None if row is None else Customer(*row)

    async def referrer_of(self, actor: Member, customer: Customer) -> Customer | None:
        """Who brought the customer, where the actor may see them."""
        row = await self._sql.row(_CUSTOMER.where(customers.c.id == customer.referrer_id, visible_to(actor)))
        return None if row is None else Customer(*row)

    async def brought_by(self, actor: Member, customer_id: int) -> Sequence[Customer]:
        """Whom the customer brought, as far as the actor may see them; the latest first. At most 20."""
        brought = _CUSTOMER.where(customers.c.referrer_id == customer_id, visible_to(actor))
        rows = await self._sql.rows(brought.order_by(customers.c.id.desc()).limit(_MOST_BROUGHT))
        return [Customer(*row) for row in rows]

    async def rewards_of(self, actor: Member, customer_id: int) -> Sequence[Reward]:
        """The gifts that a customer has earned, the latest first. Raises NotFound as `Customers.get`."""
        await self._customers.get(actor, customer_id)
        theirs = _REWARD.where(rewards.c.customer_id == customer_id).order_by(rewards.c.id.desc())
        return [Reward(*row) for row in await self._sql.rows(theirs)]

    async def reward(self, actor: Member, reward_id: int) -> Reward:
        """One gift, owed to a customer whom the actor may see. Raises NotFound."""
        visible = _REWARD.join(customers, customers.c.id == rewards.c.customer_id).where(visible_to(actor))
        this_one = visible.where(rewards.c.id == reward_id)
        row = await self._sql.row(this_one.with_for_update(of=rewards) if self._sql.writes else this_one)
        if row is None:
            raise NotFound("reward_not_found")
        return Reward(*row)

    async def earn(self, reward: NewReward) -> Reward | None:
        """The customer earns a gift by this referral; None where they have by the same one before."""
        values = asdict(reward)
        new = upsert(rewards).values(**values).on_conflict_do_nothing(index_elements=["referred_id", "customer_id"])
        row = await self._sql.row(new.returning(rewards.c.id))
        if row is None:
            return None
        earned = Reward(id=row.id, **values)
        self._journal.added(earned)
        return earned

    async def update(self, reward: Reward, **changes: Any) -> Reward:
        """The gift with fields changed."""
        changed = replace(reward, **changes)
        await self._sql.change(update(rewards).where(rewards.c.id == reward.id).values(**changes))
        self._journal.changed(reward, changed, changes)
        return changed
