"""A message that was understood becomes entries: one customer, one action, one card."""

import re
from collections.abc import Sequence

from markupsafe import Markup

from bot.domain.customers import Customer, NewCustomer
from bot.domain.followups import FollowUp, When
from bot.domain.metrics import TOUCH_KINDS
from bot.domain.names import folded
from bot.domain.sales import NewSale, Sale
from bot.domain.tickets import Ticket, TicketKind
from bot.domain.timeline import Interaction, InteractionKind, Sentiment, StoredFile
from bot.domain.understanding import Capture, Due, Intent, Problem, ProblemKind
from bot.domain.vocabulary import NewWord
from bot.handlers import checklist, due
from bot.handlers.giving import assign_new, giver_of
from bot.handlers.referrers import referrer_of
from bot.handlers.tickets import open_for_owner
from bot.messages import Reply
from bot.referring import start_referral
from bot.turn import Turn
from bot.views import captures, welcome
from bot.views.captures import Filed

CANDIDATES = 6
# Said to be new: a namesake with another number is no reason to ask. Without it, the number may be an old customer's new one.
_SAYS_NEW = re.compile(r"\W*(?:/?khach|kh|k/h|lead|new|add|them|tao|nhap|luu|co khach)\b")
_AMOUNT_PROBLEMS = (ProblemKind.TOO_LARGE, ProblemKind.NOT_POSITIVE)
_DATE_PROBLEMS = (ProblemKind.IMPOSSIBLE_DATE, ProblemKind.IMPOSSIBLE_TIME, ProblemKind.PAST_DATE)


async def matches_of(turn: Turn, capture: Capture) -> Sequence[Customer]:
    """The customers that a capture may be about: by phone first, then by name or the member's own word for them."""
    if matches := await known_by_phone(turn, capture):
        return matches
    named = capture.name or capture.company
    if not named or (capture.phones and capture.intent is Intent.CUSTOMER and _SAYS_NEW.match(folded(capture.text))):
        return []
    if capture.customer_ids:
        return [
            await turn.uow.customers.get(turn.member, customer_id) for customer_id in capture.customer_ids[:CANDIDATES]
        ]
    return await turn.uow.customers.named(turn.member, named, capture.honorific)


async def known_by_phone(turn: Turn, capture: Capture) -> Sequence[Customer]:
    """The customers who have the first of the capture's numbers that is known."""
    for phone in capture.phones:
        if matches := await turn.uow.customers.by_phone(turn.member, phone):
            return matches
    return []


async def attach(turn: Turn, customer: Customer, caption: str, file: StoredFile) -> Reply:
    """A file on the customer's timeline."""
    await turn.uow.timeline.add(turn.member, customer.id, InteractionKind.FILE, caption, turn.now, file=file)
    return captures.attached(turn.t, customer, await turn.saved(customer.id))


async def file_capture(
    turn: Turn, capture: Capture, customer: Customer | None, learned: NewWord | None = None
) -> list[Reply]:
    """Save all that `capture` holds, for `customer` or a new one (None); its card, the checklist of a sale, and one question where
    a guess would be wrong. `learned` is a word just learned with it, to be told."""
    known = customer
    added: tuple[str, ...] = ()
    if known is None:
        customer = await turn.uow.customers.add(turn.member, await new_customer(turn, capture), turn.now)
    else:
        added = fresh_phones(known, capture)
        customer = await _add_facts(turn, known, capture)
    entry = await _write_entry(turn, customer, capture)
    followup = await plan_followup(turn, customer, capture)
    ticket = await _open_complaint(turn, customer, entry, followup) if is_complaint(capture) else None
    if ticket and ticket.followup_id and followup is None:
        followup = await turn.uow.followups.get(turn.member, ticket.followup_id)
    replies = []
    sale = None
    if capture.intent is Intent.SALE:
        sale, steps = await close_sale(turn, customer, capture.product, capture.quantity, _sure_amount(capture))
        replies.append(steps)
    if customer.referrer_id is not None and (known is None or known.referrer_id is None):
        await start_referral(turn.uow, customer, turn.now, turn.translator_of)
    quoted = customer.expected_vnd if known and customer.expected_vnd != known.expected_vnd else None
    pipeline = (await turn.company()).pipeline
    assigned_to = await assign(turn, customer, capture.text) if known is None and sale is None else ""
    action_id = await turn.saved(customer.id)
    filed = Filed(
        customer, known is None, action_id, pipeline, entry, followup, sale, added, quoted, assigned_to, ticket
    )
    question = await _question(turn, filed, capture)
    hints = captures.hints(turn.t, capture, learned)
    lesson = await _lesson(turn) if known is None else []
    return [captures.filed_card(turn.t, filed, capture, hints), *replies, *lesson, *([question] if question else [])]


def is_complaint(capture: Capture) -> bool:
    """Whether the customer complained, as far as it is plain."""
    return capture.intent is Intent.FEEDBACK and capture.sentiment is Sentiment.COMPLAINT


async def _open_complaint(turn: Turn, customer: Customer, entry: Interaction, followup: FollowUp | None) -> Ticket:
    """A complaint opens a ticket; a follow-up that the message promised is the ticket's."""
    return await open_for_owner(
        turn, customer, TicketKind.COMPLAINT, entry.text, entry.id, followup.id if followup else None
    )


async def assign(turn: Turn, customer: Customer, said: str) -> str:
    """A new lead goes to whom the rule, or the message, says: their name; "" where it stays."""
    to = await assign_new(giver_of(turn), customer, said)
    return to.name if to else ""


async def _lesson(turn: Turn) -> list[Reply]:
    """After a newcomer's first customer what to try next, once."""
    if turn.member.learning_since is None:
        return []
    turn.member = await turn.uow.members.update(turn.member, learning_since=None)
    return [welcome.first_saved(turn.t)]


async def new_customer(turn: Turn, capture: Capture) -> NewCustomer:
    """The customer that a capture describes, at the first step; without a name, called by the end of the phone number."""
    fallback = turn.t("Customer {digits}", digits=capture.phones[0][-4:] if capture.phones else "")
    return NewCustomer(
        name=capture.name or capture.company or fallback.unescape().strip(),
        honorific=capture.honorific if capture.name else None,
        company=capture.company,
        phones=capture.phones,
        email=capture.email,
        source=capture.source,
        referrer=capture.referrer,
        heat=capture.heat,
        interest=capture.product,
        stage=(await turn.company()).pipeline.first.key,
        expected_vnd=capture.quoted_vnd,
        referrer_id=await referrer_of(turn, capture.referrer),
    )


async def close_sale(
    turn: Turn, customer: Customer, product: str | None, quantity: int | None, amount_vnd: int | None
) -> tuple[Sale, Reply]:
    """Write the sale, move the deal on and start the care; returns the sale and its checklist."""
    earlier = (await turn.uow.sales.purchases([customer.id]))[customer.id]
    new = NewSale(customer.id, turn.member.id, turn.today, turn.now, product or customer.interest, quantity, amount_vnd)
    sale = await turn.uow.sales.add(new)
    goal = (await turn.company()).pipeline.after_sale(had_bought=earlier.count > 0)
    if customer.stage != goal.key:
        customer = await turn.uow.customers.move(turn.member, customer, goal.key, turn.now)
    over = {"expected_vnd": None, "stopped_reason": None, "stopped_at": None}
    if any(getattr(customer, name) is not None for name in over):
        customer = await turn.uow.customers.update(customer, **over)
    return sale, await checklist.start_care(turn, sale, customer)


def fresh_phones(customer: Customer, capture: Capture) -> tuple[str, ...]:
    """The numbers that a message adds to a known customer. Where it tells of a sale, of feedback or of a referral, a number may well
    be somebody else's, and stays in the note."""
    if capture.intent in (Intent.SALE, Intent.FEEDBACK) or "gioi thieu" in folded(capture.text):
        return ()
    return tuple(phone for phone in capture.phones if phone not in customer.phones)


async def _add_facts(turn: Turn, customer: Customer, capture: Capture) -> Customer:
    """What the message newly says of a known customer; what is known already is not overwritten, but for the heat."""
    changes: dict[str, object] = {}
    if fresh := fresh_phones(customer, capture):
        changes["phones"] = (*customer.phones, *fresh)
    if capture.heat and capture.heat is not customer.heat:
        changes["heat"] = capture.heat
    said = {"email": capture.email, "company": capture.company, "referrer": capture.referrer}
    said |= {"interest": capture.product, "source": capture.source} if capture.intent is Intent.CUSTOMER else {}
    changes |= {name: value for name, value in said.items() if value and not getattr(customer, name)}
    if "referrer" in changes:
        changes["referrer_id"] = await referrer_of(turn, capture.referrer, customer.id)
    if capture.quoted_vnd and (await turn.company()).pipeline.is_open(customer.stage):
        changes["expected_vnd"] = capture.quoted_vnd
    return await turn.uow.customers.update(customer, **changes) if changes else customer


_KINDS = {Intent.SALE: InteractionKind.SALE, Intent.FEEDBACK: InteractionKind.FEEDBACK}


async def _write_entry(turn: Turn, customer: Customer, capture: Capture) -> Interaction:
    """The words themselves on the timeline: nothing typed is lost."""
    details = {"sentiment": str(capture.sentiment)} if capture.sentiment else None
    kind = _KINDS.get(capture.intent, capture.touch or InteractionKind.NOTE)
    if kind in TOUCH_KINDS:  # they were spoken to: nobody has to be reminded that they wait
        await turn.uow.relays.answered(customer.id, turn.now)
    return await turn.uow.timeline.add(turn.member, customer.id, kind, capture.text, turn.now, details=details)


async def plan_followup(turn: Turn, customer: Customer, capture: Capture) -> FollowUp | None:
    """The follow-up that a capture promises, where its date can be."""
    if capture.due is None or _problem(capture, _DATE_PROBLEMS):
        return None
    return await due.plan_followup(
        turn, customer.id, _task_of(capture.due, capture), When(capture.due.on, capture.due.at)
    )


def _task_of(when: Due, capture: Capture) -> str:
    return when.task or capture.note or capture.text


def _sure_amount(capture: Capture) -> int | None:
    """The amount, unless it has to be confirmed first."""
    return None if _problem(capture, _AMOUNT_PROBLEMS) else capture.amount_vnd


def _problem(capture: Capture, kinds: Sequence[ProblemKind]) -> Problem | None:
    return next((problem for problem in capture.problems if problem.kind in kinds), None)


async def _question(turn: Turn, filed: Filed, capture: Capture) -> Reply | None:
    """The one thing worth asking now: the amount of a sale, a date that cannot be, two possible dates, praise or complaint."""
    if filed.sale and filed.sale.amount_vnd is None:
        return await _ask_amount(turn, filed.sale, capture)
    if wrong := _problem(capture, _DATE_PROBLEMS):
        return await ask_when(turn, filed.customer, capture.text, captures.problem_line(turn.t, wrong))
    candidates = [
        c for unsure in capture.unsure if unsure.field == "due" for c in unsure.candidates if isinstance(c, Due)
    ]
    if candidates and not filed.followup:
        await turn.ask("followup.when", customer=filed.customer.id, text=capture.note or capture.text)
        return captures.choose_due(turn.t, filed.customer, candidates)
    if capture.intent is Intent.FOLLOWUP and not filed.followup:
        return await ask_when(turn, filed.customer, capture.text)
    if capture.intent is Intent.FEEDBACK and not capture.sentiment and filed.entry:
        return captures.ask_sentiment(turn.t, filed.entry.id, filed.action_id)
    return None


async def _ask_amount(turn: Turn, sale: Sale, capture: Capture) -> Reply:
    await turn.ask("sale.amount", sale=sale.id, customer=sale.customer_id)
    meant = tuple(
        a for unsure in capture.unsure if unsure.field == "amount" for a in unsure.candidates if isinstance(a, int)
    )
    if meant:
        return captures.confirm_amount(turn.t, sale.id, meant, captures.unsure_amount(turn.t))
    wrong = _problem(capture, _AMOUNT_PROBLEMS)
    line = captures.problem_line(turn.t, wrong) if wrong else Markup()
    if wrong and wrong.kind is ProblemKind.TOO_LARGE and capture.amount_vnd:
        return captures.confirm_amount(turn.t, sale.id, (capture.amount_vnd,), line)
    return captures.ask_amount(turn.t, sale.id, line)


async def ask_when(turn: Turn, customer: Customer, text: str, wrong: Markup = Markup()) -> Reply:
    """Ask when to follow up, the text kept with the question."""
    await turn.ask("followup.when", customer=customer.id, text=text)
    return captures.ask_when(turn.t, customer, wrong)
