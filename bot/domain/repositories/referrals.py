"""Personal links, who brought whom and what both earned, and what customers let us show; as storage must offer it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.customers import Customer
from bot.domain.people import Member
from bot.domain.referrals import NewReward, Reward
from bot.domain.testimonials import Testimonial


class Referrals(Protocol):
    """Who brings whom."""

    async def link_of(self, customer_id: int) -> str:
        """The token of a customer's personal link: made when it is first asked for, the same ever after."""
        ...

    async def referrer(self, token: str) -> Customer | None:
        """Whose personal link it is. No access for members: a guest presents it."""
        ...

    async def sender(self, customer: Customer) -> Customer | None:
        """Who brought the customer. No access for members: the rep of who did is reminded to thank."""
        ...

    async def referrer_of(self, actor: Member, customer: Customer) -> Customer | None:
        """Who brought the customer, where the actor may see them."""
        ...

    async def brought_by(self, actor: Member, customer_id: int) -> Sequence[Customer]:
        """Whom the customer brought, as far as the actor may see them; the latest first. At most 20."""
        ...

    async def rewards_of(self, actor: Member, customer_id: int) -> Sequence[Reward]:
        """The gifts that a customer has earned, the latest first. Raises NotFound as `Customers.get`."""
        ...

    async def reward(self, actor: Member, reward_id: int) -> Reward:
        """One gift, owed to a customer whom the actor may see. Raises NotFound."""
        ...

    async def earn(self, reward: NewReward) -> Reward | None:
        """The customer earns a gift by this referral; None where they have by the same one before."""
        ...

    async def update(self, reward: Reward, **changes: object) -> Reward:
        """The gift with fields changed."""
        ...


class Testimonials(Protocol):
    """What customers let us show to others: only while they consent to it."""

    async def keep(self, customer_id: int, invitation_id: int | None, text: str, now: datetime) -> None:
        """Keep a customer's words; those said in a survey replace what was kept of it. Their consent (`Purpose.TESTIMONIAL`) is
        to be written down before, or in the same moment."""
        ...

    async def page(self, actor: Member, limit: int, offset: int = 0) -> tuple[Sequence[Testimonial], int]:
        """Those of customers whom the actor may see and who consent to this day, newest first, and how many there are."""
        ...
