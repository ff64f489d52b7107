"""Care after a sale: the playbook's steps are planned, and the five tasks ticked in place."""

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from bot.domain.care import PLAYBOOKS, Asks, closed_by, plan
from bot.domain.customers import Customer, Potential
from bot.domain.errors import DomainError
from bot.domain.followups import FollowUp, FollowUpState, NewFollowUp, Outcome
from bot.domain.sales import Sale
from bot.domain.tickets import TicketKind
from bot.domain.timeline import InteractionKind, Sentiment
from bot.domain.understanding import Intent
from bot.handlers.items import asks, close
from bot.handlers.tickets import open_for_owner
from bot.messages import Reply
from bot.referring import earn_rewards
from bot.surveying import plan_surveys
from bot.turn import Handler, Turn, address_of
from bot.views import captures, care
from bot.views.referrals import earned_note
from bot.views.words import POTENTIALS

THANKS = "thanks"


async def start_care(turn: Turn, sale: Sale, customer: Customer) -> Reply:
    """Plan the steps that a sale starts and close the repurchase steps of earlier ones; the checklist.

    Records no action: the caller records sale and steps as one, so that *Hoàn tác* takes back both.
    """
    earlier = closed_by(sale, await turn.uow.followups.of_customer(turn.member, customer.id))
    for followup in earlier:
        await close(turn, followup, state=FollowUpState.DROPPED)
    steps = []
    playbook = PLAYBOOKS[(await turn.company()).trade]
    for planned in plan(playbook, sale.sold_on, turn.today, turn.member.days_off):
        new = NewFollowUp(
            customer_id=customer.id,
            member_id=sale.member_id,
            text=str(turn.t(care.STEPS[planned.step.key]).unescape()),
            due_on=planned.on,
            step=planned.step.key,
            checklist=planned.step.checklist,
            sale_id=sale.id,
        )
        steps.append(await turn.uow.followups.add(new, turn.now))
    await plan_surveys(turn.uow, steps, turn.member)
    referrer = await earn_rewards(turn.uow, sale, customer, turn.member, turn.now, turn.translator_of)
    notes = [care.closed_note(turn.t, len(earlier))] if earlier else []
    notes += [earned_note(turn.t, referrer)] if referrer else []
    note = Markup("\n").join(notes)
    return care.checklist(turn.t, sale, customer, steps, turn.today, replaces=False, note=note)


async def show(turn: Turn) -> Reply:
    """`checklist.show:<sale>`: as it stands, in place."""
    await _no_longer_asked(turn)
    return await _checklist(turn, turn.arg(0))


async def _checklist(turn: Turn, sale_id: int, *, action_id: int | None = None, note: Markup = Markup()) -> Reply:
    sale = await turn.uow.sales.get(turn.member, sale_id)
    customer = await turn.uow.customers.get(turn.member, sale.customer_id)
    steps = await turn.uow.followups.of_sale(turn.member, sale_id)
    return care.checklist(turn.t, sale, customer, steps, turn.today, replaces=True, note=note, action_id=action_id)


async def _step(turn: Turn, followup_id: int) -> FollowUp:
    step = await turn.uow.followups.get(turn.member, followup_id)
    if step.checklist is None or step.sale_id is None:
        raise DomainError("old_button")
    return step


async def tick(turn: Turn) -> Reply:
    """`checklist.tick:<step>`: done; thanks show their text first, feedback and potential ask for what they are about."""
    step = await _step(turn, turn.arg(0))
    if not step.is_open:
        return _as_it_stands(turn, step)
    customer = await turn.uow.customers.get(turn.member, step.customer_id)
    match asks(step):
        case Asks.FEEDBACK:
            await turn.ask("checklist.feedback", step=step.id)
            return care.ask_feedback(turn.t, step, customer)
        case Asks.POTENTIAL:
            return care.ask_potential(turn.t, step, customer)
        case Asks.OUTCOME if step.step == THANKS:
            return care.thanks(turn.t, step, customer, await _thanks_text(turn, customer, step))
        case Asks.OUTCOME | Asks.GIFT:
            return await _ticked(turn, step, InteractionKind.CALL)


def _as_it_stands(turn: Turn, step: FollowUp) -> Reply:
    """An old button, or a second tap: only a notice, so that the message keeps the *Hoàn tác* of the first."""
    return Reply(toast=care.state_words(turn.t, step))


async def _thanks_text(turn: Turn, customer: Customer, step: FollowUp) -> str:
    sale = await turn.uow.sales.get(turn.member, step.sale_id or 0)
    return care.message_for(turn.t, step, customer, turn.member, await turn.org_name(), sale.product)


async def sent(turn: Turn) -> Reply:
    """`checklist.sent:<step>`: the thanks are out."""
    step = await _step(turn, turn.arg(0))
    if not step.is_open:
        return _as_it_stands(turn, step)
    return await _ticked(turn, step, InteractionKind.MESSAGE, Outcome.MESSAGED)


async def _ticked(turn: Turn, step: FollowUp, kind: InteractionKind | None, outcome: Outcome | None = None) -> Reply:
    """The box is ticked, the event of that kind is on the timeline."""
    if kind:
        what = str(care.step_words(turn.t, step).unescape())
        details = {"outcome": str(outcome)} if outcome else None
        await turn.uow.timeline.add(turn.member, step.customer_id, kind, what, turn.now, details=details)
    await close(turn, step, state=FollowUpState.DONE, outcome=outcome)
    return await _checklist(turn, step.sale_id or 0, action_id=await turn.saved(step.customer_id))


async def clear(turn: Turn) -> Reply:
    """`checklist.clear:<step>`: not done after all."""
    step = await _step(turn, turn.arg(0))
    if step.is_open:
        return Reply(toast=turn.t("This is open already"))
    await turn.uow.followups.update(step, state=FollowUpState.OPEN, done_at=None, outcome=None)
    return await _checklist(turn, step.sale_id or 0, action_id=await turn.saved(step.customer_id))


async def silent(turn: Turn) -> Reply:
    """`checklist.silent:<step>`: there is no feedback to record."""
    await _no_longer_asked(turn)
    step = await _step(turn, turn.arg(0))
    return await _ticked(turn, step, None) if step.is_open else _as_it_stands(turn, step)


async def feedback(turn: Turn) -> Sequence[Reply]:
    """The customer's words: on the timeline as feedback; praise or complaint is asked where they leave it open."""
    step = await _step(turn, int(turn.data["step"]))
    customer = await turn.uow.customers.get(turn.member, step.customer_id)
    sentiment = (await turn.understand(turn.words, Intent.FEEDBACK)).sentiment
    details = {"sentiment": str(sentiment)} if sentiment else None
    kind = InteractionKind.FEEDBACK
    entry = await turn.uow.timeline.add(turn.member, customer.id, kind, turn.words, turn.now, details=details)
    if step.is_open:
        await close(turn, step, state=FollowUpState.DONE)
    if sentiment is Sentiment.COMPLAINT:
        await open_for_owner(turn, customer, TicketKind.COMPLAINT, turn.words, entry.id)
    action_id = await turn.saved(customer.id)
    note = care.feedback_saved(turn.t, customer, turn.words)
    shown = replace(await _checklist(turn, step.sale_id or 0, action_id=action_id, note=note), replaces=False)
    return [shown] if sentiment else [shown, captures.ask_sentiment(turn.t, entry.id, action_id)]


async def potential(turn: Turn) -> Reply:
    """`checklist.potential:<step>:<level>`."""
    step = await _step(turn, turn.arg(0))
    if len(turn.args) != 2 or turn.args[1] not in list(Potential):
        raise DomainError("old_button")
    if not step.is_open:
        return _as_it_stands(turn, step)
    level = Potential(turn.args[1])
    customer = await turn.uow.customers.get(turn.member, step.customer_id)
    if customer.potential is not level:
        await turn.uow.customers.update(customer, potential=level)
        what = turn.t("Repurchase potential: {potential}", potential=turn.t(POTENTIALS[level]))
        await turn.uow.timeline.add(turn.member, customer.id, InteractionKind.CHANGE, str(what.unescape()), turn.now)
    return await _ticked(turn, step, None)


async def _no_longer_asked(turn: Turn) -> None:
    address = address_of(turn.incoming.peer)
    waiting = await turn.uow.questions.waiting(address)
    if waiting and waiting.name == "checklist.feedback":
        await turn.uow.questions.forget(address)


CHOICES: dict[str, Handler] = {
    "checklist.show": show,
    "checklist.tick": tick,
    "checklist.clear": clear,
    "checklist.sent": sent,
    "checklist.silent": silent,
    "checklist.potential": potential,
}
QUESTIONS: dict[str, Handler] = {"checklist.feedback": feedback}
