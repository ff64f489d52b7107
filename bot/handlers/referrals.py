"""A customer's referrals from their card: the chain, the personal link with its picture, gifts that were given."""

from bot.domain.care import REWARD_REFERRED, REWARD_REFERRER
from bot.domain.customers import Customer
from bot.domain.followups import FollowUpState
from bot.domain.referrals import Reward
from bot.domain.timeline import InteractionKind
from bot.handlers.items import close
from bot.messages import Reply
from bot.referring import referral_address
from bot.turn import Handler, Turn
from bot.views import referrals as views
from bot.views.referrals import Brought, Chain

# So far down, and so many, a chain is shown.
DEEPEST = 4
MOST_SHOWN = 20


async def show(turn: Turn) -> Reply:
    """`referral:<customer>`."""
    customer = await turn.uow.customers.get(turn.member, turn.arg(0))
    await turn.talks_about(customer.id)
    return views.page(turn.t, await read_chain(turn, customer))


async def link(turn: Turn) -> Reply:
    """`referral.link:<customer>`: a message of its own, to be passed on."""
    customer = await turn.uow.customers.get(turn.member, turn.arg(0))
    address = await referral_address(turn.uow, customer.id, turn.link_to)
    return views.personal_link(turn.t, customer, await turn.org_name(), address)


async def given(turn: Turn) -> Reply:
    """`referral.given:<reward>`: they have got it, and nobody is reminded of it any more."""
    gift = await turn.uow.referrals.reward(turn.member, turn.arg(0))
    if gift.given_at is not None:
        return views.already_given(turn.t)
    customer = await turn.uow.customers.get(turn.member, gift.customer_id)
    await turn.uow.referrals.update(gift, given_at=turn.now)
    words = str(views.gift_words(turn.t).unescape())
    await turn.uow.timeline.add(turn.member, customer.id, InteractionKind.CHANGE, words, turn.now)
    await _settle(turn, customer, gift)
    action_id = await turn.saved(customer.id)
    return views.page(turn.t, await read_chain(turn, customer), action_id=action_id)


async def _settle(turn: Turn, customer: Customer, gift: Reward) -> None:
    """The reminder of this gift is done; all such reminders once nothing is owed any more."""
    key = REWARD_REFERRER if gift.is_for_referrer else REWARD_REFERRED
    waiting = [item for item in await turn.uow.followups.of_customer(turn.member, customer.id) if item.step == key]
    owed = [
        other
        for other in await turn.uow.referrals.rewards_of(turn.member, customer.id)
        if other.given_at is None and other.is_for_referrer == gift.is_for_referrer
    ]
    for item in waiting[:1] if owed else waiting:
        await close(turn, item, state=FollowUpState.DONE)


async def read_chain(turn: Turn, customer: Customer) -> Chain:
    """Who brought the customer, and all down whom they brought, as far as the member may see them."""
    referrals = turn.uow.referrals
    found = await _below(turn, customer, 1, {customer.id})
    bought = await turn.uow.sales.purchases([one.id for one, _ in found])
    brought = [Brought(one, depth, bought[one.id].count > 0) for one, depth in found]
    gifts = await referrals.rewards_of(turn.member, customer.id)
    return Chain(customer, await referrals.referrer_of(turn.member, customer), brought, gifts)


async def _below(turn: Turn, customer: Customer, depth: int, seen: set[int]) -> list[tuple[Customer, int]]:
    """Those brought by the customer, each followed by those whom they brought; nobody twice, for chains may close."""
    found: list[tuple[Customer, int]] = []
    for one in await turn.uow.referrals.brought_by(turn.member, customer.id):
        if one.id in seen or len(seen) > MOST_SHOWN:
            continue
        seen.add(one.id)
        found.append((one, depth))
        if depth < DEEPEST:
            found += await _below(turn, one, depth + 1, seen)
    return found


CHOICES: dict[str, Handler] = {"referral": show, "referral.link": link, "referral.given": given}
