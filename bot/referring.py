"""A customer's personal link, as surveys, cards and pushes give it out."""

from bot.domain.referrals import payload_of
from bot.domain.repositories import UnitOfWork
from bot.turn import Links


async def referral_link(uow: UnitOfWork, customer_id: int) -> str:
    """The token of the customer's personal link: always the same. What the link carries is `ref_<token>`."""
    return await uow.referrals.link_of(customer_id)


async def referral_address(uow: UnitOfWork, customer_id: int, link_to: Links) -> str:
    """The personal link itself, `https://t.me/<bot>?start=ref_<token>`; "" where no channel has links."""
    return link_to(payload_of(await referral_link(uow, customer_id)))
