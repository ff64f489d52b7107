"""The step of a customer's deal: moved along in one tap, lost with a reason; and a buyer whose care stops, with a reason."""

from bot.domain.customers import Customer, LostReason, Stage, StopReason
from bot.domain.errors import DomainError
from bot.domain.followups import FollowUpState
from bot.domain.pipeline import Part
from bot.handlers import customers
from bot.handlers.editing import changed, customer_of
from bot.handlers.items import close
from bot.messages import Reply
from bot.turn import Handler, Turn
from bot.views import edits, stages
from bot.views.words import stage_words

# Of a reason in somebody's own words.
LONGEST_REASON = 200


async def ask(turn: Turn) -> Reply:
    """`stage.ask:<customer>`."""
    customer, company = await customer_of(turn), await turn.company()
    has_bought = await _has_bought(turn, customer)
    return stages.choose_stage(turn.t, customer, company.pipeline, turn.today, has_bought=has_bought)


async def set_stage(turn: Turn) -> Reply:
    """`stage.set:<customer>:<step>`: won comes from a sale alone, what follows it is for who has bought."""
    customer, pipeline = await customer_of(turn), (await turn.company()).pipeline
    stage = pipeline.stage(turn.args[1]) if len(turn.args) == 2 else None
    if stage is None or stage.part is Part.WON:
        raise DomainError("old_button")
    if stage.part is not Part.OPEN and not await _has_bought(turn, customer):
        raise DomainError("old_button")
    if stage.key == customer.stage:
        return await customers.show(turn, customer.id, replaces=True)
    await turn.uow.customers.move(turn.member, customer, stage.key, turn.now)
    return await changed(turn, customer.id, turn.t("Stage: {stage}", stage=stage_words(turn.t, pipeline, stage.key)))


async def _has_bought(turn: Turn, customer: Customer) -> bool:
    return (await turn.uow.sales.purchases([customer.id]))[customer.id].count > 0


# Lost -----------------------------------------------------------------------------------------------------------------


async def ask_lost(turn: Turn) -> Reply:
    """`lost.ask:<customer>`."""
    return stages.ask_lost(turn.t, await _with_open_deal(turn, await customer_of(turn)))


async def set_lost(turn: Turn) -> Reply:
    """`lost.set:<customer>:<reason>`."""
    if len(turn.args) != 2 or turn.args[1] not in list(LostReason):
        raise DomainError("old_button")
    return await _lose(turn, await customer_of(turn), turn.args[1])


async def other_lost(turn: Turn) -> Reply:
    """`lost.other:<customer>`: the reason will be typed."""
    customer = await _with_open_deal(turn, await customer_of(turn))
    await turn.ask("lost.reason", customer=customer.id)
    return stages.ask_typed(turn.t, customer, "lost")


async def typed_lost(turn: Turn) -> Reply:
    """The reason in the member's own words."""
    customer = await turn.uow.customers.get(turn.member, int(turn.data["customer"]))
    return edits.as_message(await _lose(turn, customer, _reason(turn)))


async def _with_open_deal(turn: Turn, customer: Customer) -> Customer:
    if not (await turn.company()).pipeline.is_open(customer.stage):
        raise DomainError("no_open_deal")
    return customer


async def _lose(turn: Turn, customer: Customer, reason: str) -> Reply:
    if customer.stage == Stage.LOST and customer.lost_reason == reason:
        return await customers.show(turn, customer.id, replaces=True)
    await _with_open_deal(turn, customer)
    await turn.uow.customers.move(turn.member, customer, Stage.LOST, turn.now, reason=reason)
    return await changed(turn, customer.id, stages.lost_words(turn.t, reason))


def _reason(turn: Turn) -> str:
    return " ".join(turn.words.split())[:LONGEST_REASON]


# No more care ---------------------------------------------------------------------------------------------------------


async def ask_stop(turn: Turn) -> Reply:
    """`stop.ask:<customer>`."""
    return stages.ask_stop(turn.t, await _buyer(turn, await customer_of(turn)))


async def set_stop(turn: Turn) -> Reply:
    """`stop.set:<customer>:<reason>`."""
    if len(turn.args) != 2 or turn.args[1] not in list(StopReason):
        raise DomainError("old_button")
    return await _stop(turn, await customer_of(turn), turn.args[1])


async def other_stop(turn: Turn) -> Reply:
    """`stop.other:<customer>`: the reason will be typed."""
    customer = await _buyer(turn, await customer_of(turn))
    await turn.ask("stop.reason", customer=customer.id)
    return stages.ask_typed(turn.t, customer, "stop")


async def typed_stop(turn: Turn) -> Reply:
    """The reason in the member's own words."""
    customer = await turn.uow.customers.get(turn.member, int(turn.data["customer"]))
    return edits.as_message(await _stop(turn, customer, _reason(turn)))


async def resume(turn: Turn) -> Reply:
    """`stop.resume:<customer>`: they are cared for again; what was dropped stays so."""
    customer = await customer_of(turn)
    if customer.stopped_reason is None:
        return await customers.show(turn, customer.id, replaces=True)
    await turn.uow.customers.update(customer, stopped_reason=None, stopped_at=None)
    return await changed(turn, customer.id, turn.t("Care goes on"))


async def _buyer(turn: Turn, customer: Customer) -> Customer:
    if not await _has_bought(turn, customer):
        raise DomainError("no_buyer")
    return customer


async def _stop(turn: Turn, customer: Customer, reason: str) -> Reply:
    """Open steps of playbooks are dropped; what somebody set by hand stays. All of it is one action."""
    if customer.stopped_reason == reason:
        return await customers.show(turn, customer.id, replaces=True)
    await _buyer(turn, customer)
    await turn.uow.customers.update(customer, stopped_reason=reason, stopped_at=turn.now)
    planned = [item for item in await turn.uow.followups.of_customer(turn.member, customer.id) if item.step]
    for item in planned:
        await close(turn, item, state=FollowUpState.DROPPED)
    return await changed(turn, customer.id, stages.stopped_words(turn.t, reason, len(planned)))


CHOICES: dict[str, Handler] = {
    "stage.ask": ask,
    "stage.set": set_stage,
    "lost.ask": ask_lost,
    "lost.set": set_lost,
    "lost.other": other_lost,
    "stop.ask": ask_stop,
    "stop.set": set_stop,
    "stop.other": other_stop,
    "stop.resume": resume,
}
QUESTIONS: dict[str, Handler] = {"lost.reason": typed_lost, "stop.reason": typed_stop}
