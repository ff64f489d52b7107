"""Referrals at work: the personal link, what is planned when a friend comes, and what both earn once the friend has bought."""

from collections.abc import Callable, Iterable
from datetime import datetime

from bot.domain.care import MEET_REFERRED, REFERRAL, REWARD, REWARD_REFERRER, THANK_REFERRER, Playbook, Step, plan
from bot.domain.customers import Customer
from bot.domain.followups import FollowUp, FollowUpState, NewFollowUp
from bot.domain.people import Member
from bot.domain.referrals import NewReward, payload_of
from bot.domain.repositories import UnitOfWork
from bot.domain.sales import Sale
from bot.i18n import Translator
from bot.reaching import in_charge
from bot.turn import Links, send_to_member
from bot.views import referrals as views
from bot.views.care import STEPS

Translators = Callable[[Member], Translator]


async def referral_link(uow: UnitOfWork, customer_id: int) -> str:
    """The token of the customer's personal link: always the same. What the link carries is `ref_<token>`."""
    return await uow.referrals.link_of(customer_id)


async def referral_address(uow: UnitOfWork, customer_id: int, link_to: Links) -> str:
    """The personal link itself, `https://t.me/<bot>?start=ref_<token>`; "" where no channel has links."""
    return link_to(payload_of(await referral_link(uow, customer_id)))


async def start_referral(uow: UnitOfWork, referred: Customer, now: datetime, translators: Translators) -> None:
    """Somebody whom a customer recommended us to has come: who recommended us is to be thanked, the friend to be contacted, each by
    their own rep, unless that or something else is planned anyhow."""
    referrer = await uow.referrals.sender(referred)
    if referrer is None:
        return
    thank, meet = REFERRAL.steps
    is_thanked = {item.step for item in await _open_items(uow, referrer)} & {THANK_REFERRER, REWARD_REFERRER}
    if not is_thanked:
        await _plan(uow, thank, referrer, now, translators)
    if not await _open_items(uow, referred):
        await _plan(uow, meet, referred, now, translators)


async def end_referral(uow: UnitOfWork, lead: Customer, now: datetime) -> None:
    """The friend turns out to be somebody whom we know already: nobody is to be thanked for them."""
    referrer = await uow.referrals.sender(lead)
    if referrer is not None:
        await _drop(uow, await _open_items(uow, referrer), THANK_REFERRER, now)


async def earn_rewards(
    uow: UnitOfWork, sale: Sale, buyer: Customer, by: Member, now: datetime, translators: Translators
) -> Customer | None:
    """Who was recommended to us has bought: both earn a gift, once, and their reps are to thank them; the rep of who recommended us
    hears it at once, where that is not who sold. Returns who recommended us; None where nothing is earned."""
    referrer = await uow.referrals.sender(buyer)
    if referrer is None or referrer.id == buyer.id:
        return None
    reward = await uow.referrals.earn(NewReward(referrer.id, buyer.id, now))
    if reward is None:
        return None
    await uow.referrals.earn(NewReward(buyer.id, buyer.id, now))
    await _drop(uow, await _open_items(uow, buyer), MEET_REFERRED, now)
    await _drop(uow, await _open_items(uow, referrer), THANK_REFERRER, now)
    for_referrer, for_buyer = REWARD.steps
    await _plan(uow, for_referrer, referrer, now, translators)
    await _plan(uow, for_buyer, buyer, now, translators, sale)
    rep = await in_charge(uow, referrer)
    if rep.active and rep.id != by.id:
        notice = views.friend_bought(translators(rep), referrer)
        await send_to_member(uow, rep.id, f"reward:{reward.id}", "notice", notice, now)
    return referrer


async def _open_items(uow: UnitOfWork, customer: Customer) -> list[FollowUp]:
    """What is planned with a customer; nothing where nobody is there to take care of them."""
    rep = await in_charge(uow, customer)
    return list(await uow.followups.of_customer(rep, customer.id)) if rep.active else []


async def _plan(
    uow: UnitOfWork,
    step: Step,
    customer: Customer,
    now: datetime,
    translators: Translators,
    sale: Sale | None = None,
) -> None:
    """The step for who is in charge of the customer, where anybody is."""
    rep = await in_charge(uow, customer)
    if not rep.active:
        return
    today = rep.today(now)
    for planned in plan(Playbook((step,)), today, today, rep.days_off):
        text = str(translators(rep)(STEPS[planned.step.key]).unescape())
        sale_id = sale.id if sale else None
        new = NewFollowUp(customer.id, rep.id, text, planned.on, step=planned.step.key, sale_id=sale_id)
        await uow.followups.add(new, now)


async def _drop(uow: UnitOfWork, items: Iterable[FollowUp], key: str, now: datetime) -> None:
    for item in items:
        if item.step == key:
            await _close(uow, item, FollowUpState.DROPPED, now)


async def _close(uow: UnitOfWork, item: FollowUp, state: FollowUpState, now: datetime) -> None:
    await uow.outbox.cancel(f"followup:{item.id}:")
    await uow.followups.update(item, state=state, done_at=now, push_at=None)
