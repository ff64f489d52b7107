"""Giving a customer to somebody: what is open goes along, both hear of it; and who gets a new one by the company's rule."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.assignment import Candidate, meant_to_get_it, next_owner
from bot.domain.audit import What
from bot.domain.company import AssignmentRule
from bot.domain.customers import Customer, Source
from bot.domain.handovers import pushed_again
from bot.domain.people import Member, Role
from bot.domain.repositories import UnitOfWork
from bot.domain.timeline import Interaction, InteractionKind
from bot.handing_over import read_briefs
from bot.i18n import Translator
from bot.turn import Turn, send_to_member
from bot.views import assigning as views

# In the details of the timeline's entry: who was given the customer, and that they have said yes.
GIVEN_TO, ACCEPTED = "given_to", "accepted"


@dataclass(frozen=True, slots=True)
class Giver:
    """Who gives, when, and in which transaction."""

    uow: UnitOfWork
    by: Member
    now: datetime
    translators: Callable[[Member], Translator]


def giver_of(turn: Turn) -> Giver:
    """The member of this turn."""
    return Giver(turn.uow, turn.member, turn.now, turn.translator_of)


async def assign_new(giver: Giver, customer: Customer, said: str = "") -> Member | None:
    """Who a new customer goes to, told at once: the colleague whom the message `said` names, else by the company's rule; None where
    it stays with its owner. What was planned with the customer has to be written down before."""
    if not giver.by.manages:
        return None
    team = [member for member in await giver.uow.members.everyone() if giver.by.leads(member)]
    to = meant_to_get_it(said, team) or await _by_rule(giver.uow, team, customer.source)
    if to is None or to.id == customer.owner_id:
        return None
    await give(giver, customer, to, said)
    return to


async def _by_rule(uow: UnitOfWork, team: Sequence[Member], source: Source | None) -> Member | None:
    """Whose turn it is among the reps of a team; it is remembered."""
    if (await uow.company.read()).rule is AssignmentRule.KEEP:
        return None
    company = await uow.company.hold()
    loads = {}
    if company.rule is AssignmentRule.LOAD:
        loads = dict(await uow.handovers.loads([stage.key for stage in company.pipeline.open]))
    reps = {member.id: member for member in team if member.role is Role.REP}
    candidates = [Candidate(member_id, loads.get(member_id, 0)) for member_id in reps]
    owner_id = next_owner(company.rule, candidates, company, source)
    if owner_id is None:
        return None
    if company.rule is not AssignmentRule.SOURCE or company.source_owners.get(source) != owner_id:  # type: ignore[arg-type]
        await uow.company.change(last_assigned_id=owner_id)
    return reps[owner_id]


async def give(giver: Giver, customer: Customer, to: Member, said: str = "") -> int:
    """The customer is `to`'s now, with all that is open about them, and both are told; returns how many follow-ups went along.

    A push that the old owner has not got yet comes to the new one. `said` are the words with which a new customer came.
    """
    uow, by = giver.uow, giver.by
    open_items = await uow.followups.of_customer(by, customer.id)
    again = pushed_again(open_items, await uow.outbox.withdraw({item.id for item in open_items}))
    t = giver.translators(by)
    words = t("Given to {name}", name=to.name)
    entry = await uow.timeline.add(
        by,
        customer.id,
        InteractionKind.CHANGE,
        str(words.unescape()),
        giver.now,
        details={GIVEN_TO: str(to.id)},
    )
    for item in open_items:
        push_at = again.get(item.id, item.push_at)
        # so that undo pushes again to the old owner what the new one has not got by then
        await uow.followups.update(replace(item, push_at=push_at), member_id=to.id, push_at=push_at)
    given = await uow.customers.update(customer, owner_id=to.id)
    await uow.audit.note(by, What.ASSIGNED, now=giver.now, customer=customer.id, about_member=to.id)
    await _tell(giver, customer.owner_id, given, to, entry, said)
    return len(open_items)


async def _tell(giver: Giver, old_owner_id: int, customer: Customer, to: Member, entry: Interaction, said: str) -> None:
    uow, by = giver.uow, giver.by
    if to.id != by.id:
        (brief,) = await read_briefs(uow, to, [customer])
        reply = views.yours_now(giver.translators(to), brief, by, entry.id, to.today(giver.now), said)
        await send_to_member(uow, to.id, f"given:{entry.id}", "notice", reply, giver.now)
    old = await uow.members.get(old_owner_id)
    if old.active and old.id not in (by.id, to.id):
        reply = views.no_longer_yours(giver.translators(old), customer, to)
        await send_to_member(uow, old.id, f"given_away:{entry.id}", "notice", reply, giver.now)


async def tell_taken_back(giver: Giver, before: Customer, after: Customer | None) -> None:
    """Undo took a customer from one member and gave them back to another, or took them away altogether: both hear of it."""
    now_with = after.owner_id if after else None
    if before.owner_id == now_with:
        return
    for member_id in (before.owner_id, now_with):
        if member_id is None or member_id == giver.by.id:
            continue
        member = await giver.uow.members.get(member_id)
        t = giver.translators(member)
        reply = views.yours_again(t, before) if member_id == now_with else views.taken_back(t, before, giver.by)
        if member.active:
            key = f"taken_back:{before.id}:{member_id}:{giver.now.isoformat()}"
            await send_to_member(giver.uow, member_id, key, "notice", reply, giver.now)
