"""Surveys as they live: asked by hand or by a step of the playbook, answered in chat or on the page, and what a score does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from markupsafe import Markup

from bot.domain.calendar import moment_of
from bot.domain.consent import Purpose
from bot.domain.customers import Customer
from bot.domain.errors import NotFound
from bot.domain.followups import FollowUp, FollowUpState, Outcome
from bot.domain.people import Member, managers_over
from bot.domain.reaching import Route, Unasked
from bot.domain.repositories import Store, UnitOfWork
from bot.domain.surveys import (
    ASKED_AT,
    ASKED_BY_STEP,
    LONGEST_COMMENT,
    PAYLOAD,
    WORST_CSAT,
    Band,
    NewInvitation,
    SurveyInvitation,
    SurveyKind,
    SurveyPlan,
    band,
)
from bot.domain.tickets import TicketKind, TicketState
from bot.domain.timeline import InteractionKind, Sentiment
from bot.i18n import Translator
from bot.messages import Reply
from bot.reaching import TEMPLATE_OF, Message, go, in_charge, way_for
from bot.ticketing import open_ticket
from bot.turn import Links, send_to_member
from bot.views import surveys as views

Translators = Callable[[Member], Translator]

# Steps a transaction: turns of people wait while it lasts.
BATCH = 20
# A step that cannot ask yet tries again, for so many days; then it is the rep's.
TRIES_FOR = timedelta(days=7)
TALKING_ENDS = timedelta(hours=1)
_SENTIMENTS = {Band.LOW: Sentiment.COMPLAINT, Band.HIGH: Sentiment.PRAISE}


def survey_links(public_url: str, link_to: Links) -> Links:
    """Makes a token the address to hand over: our page, where customers reach our pages, else the way into the chat."""
    return lambda token: f"{public_url}/s/{token}" if public_url else link_to(PAYLOAD + token)


@dataclass(frozen=True, slots=True)
class Surveyor:
    """Where a survey is worked on: the transaction, the moment, how members are spoken to; `to_customer` words it for the customer
    and `org` is what the company calls itself. `link_of` is the address at which a token's survey is answered."""

    uow: UnitOfWork
    now: datetime
    translators: Translators
    to_customer: Translator
    org: str
    link_of: Links = lambda _: ""

    # Asking -----------------------------------------------------------------------------------------------------------

    async def send(
        self, customer: Customer, kind: SurveyKind, by: Member, sale_id: int | None = None, *, is_planned: bool = False
    ) -> Route | Unasked | None:
        """Ask by the way that is open. None where there is none, and nothing happens then; but where a channel of ours leads to the
        customer and is shut just now, what was planned for the rep anyhow (`is_planned`) comes to them with the text and the link."""
        words = await self.words(kind)
        message = Message("survey", "", Reply(), words, asked=False, template=TEMPLATE_OF[kind], is_planned=is_planned)
        way = await way_for(self.uow, customer, message, self.now, self.translators)
        if isinstance(way, Unasked):
            return way
        if way.route is Route.TASK and not (is_planned and await self._is_linked(customer)):
            return None
        invitation, token = await self.invite(customer, kind, by, way.route, sale_id)
        asks = views.question(kind, words, str(invitation.id))
        message = replace(message, key=f"survey:{invitation.id}", reply=asks, link=self.link_of(token))
        return await go(self.uow, customer, message, way, self.now, self.translators)

    async def _is_linked(self, customer: Customer) -> bool:
        contacts = await self.uow.contacts.of_customer(customer.id)
        return any(contact.blocked_at is None for contact in contacts)

    async def invite(
        self, customer: Customer, kind: SurveyKind, by: Member, route: Route, sale_id: int | None = None
    ) -> tuple[SurveyInvitation, str]:
        """An invitation and its token, to be handed over by whoever asked for it."""
        return await self.uow.surveys.invite(NewInvitation(customer.id, by.id, kind, self.now, route.value, sale_id))

    async def words(self, kind: SurveyKind) -> Markup:
        """The question in the customer's language: the company's own, else ours."""
        own = await self.uow.surveys.wording(kind, self.to_customer.locale)
        return views.question_words(self.to_customer, kind, self.org, own)

    # Answering --------------------------------------------------------------------------------------------------------

    async def answer(
        self, invitation: SurveyInvitation, customer: Customer, score: int, *, changing: bool
    ) -> SurveyInvitation:
        """Take a score: the first one counts, another only where it is meant to change it, within a day. What it does happens in this
        transaction. The invitation as it stands then. Raises ValueError for what is no score."""
        after = band(invitation.kind, score)
        is_first = invitation.answered_at is None
        if not invitation.is_open(self.now) or not (is_first or changing) or score == invitation.score:
            return invitation
        before = invitation.score
        # words about another score are no words about this one: what was a complaint must not be shown as praise
        about_another = before is not None and band(invitation.kind, before) is not after
        answered = await self.uow.surveys.update(
            invitation,
            score=score,
            answered_at=invitation.answered_at or self.now,
            comment=None if about_another else invitation.comment,
        )
        if is_first:
            await self.uow.surveys.close_others(answered, self.now)
        rep = await in_charge(self.uow, customer)
        if about_another and invitation.comment:
            await self.uow.timeline.add(rep, customer.id, InteractionKind.WROTE, invitation.comment, self.now)
        answered = await self._write_down(answered, customer, rep)
        opened = False
        if after is Band.LOW:
            answered, opened = await self._open_ticket(answered, customer, rep)
        elif answered.ticket_id is not None:
            answered = await self._close_ticket(answered, rep)
        await self._tell(answered, customer, rep, before, has_ticket=opened)
        return answered

    async def comment(self, invitation: SurveyInvitation, customer: Customer, text: str) -> SurveyInvitation:
        """Their words about the score, while it may be changed: on the timeline, the ticket, and told at once."""
        words = text.strip()[:LONGEST_COMMENT]
        if invitation.answered_at is None or not invitation.is_open(self.now) or words in ("", invitation.comment):
            return invitation
        rep = await in_charge(self.uow, customer)
        commented = await self.uow.surveys.update(invitation, comment=words)
        commented = await self._write_down(commented, customer, rep)
        await self._word_ticket(commented, rep)
        if await self.may_show(commented):
            await self.uow.testimonials.keep(customer.id, commented.id, words, self.now)
        for member in await self._who_hears(commented, rep):
            key = f"survey:{commented.id}:comment:{member.id}:{self.now.isoformat()}"
            reply = views.commented(self.translators(member), customer, commented, rep if member.id != rep.id else None)
            await self._say(member, key, reply)
        return commented

    async def agree_to_show(self, invitation: SurveyInvitation, customer: Customer, channel: str) -> bool:
        """They let us show their words: kept with the wording; whether there are words already."""
        if invitation.answered_at is None or not invitation.is_open(self.now):
            return bool(invitation.comment)
        if not await self.may_show(invitation):
            wording = str(self.to_customer(views.MAY_SHOW, org=self.org).unescape())
            evidence = f"survey {invitation.id}"
            await self.uow.consents.give(customer.id, Purpose.TESTIMONIAL, channel, wording, evidence, self.now)
        if invitation.comment:
            await self.uow.testimonials.keep(customer.id, invitation.id, invitation.comment, self.now)
        return bool(invitation.comment)

    async def may_show(self, invitation: SurveyInvitation) -> bool:
        """Whether who is glad has agreed that their words are shown."""
        if invitation.score is None or band(invitation.kind, invitation.score) is not Band.HIGH:
            return False
        consent = await self.uow.consents.latest(invitation.customer_id, Purpose.TESTIMONIAL)
        return consent is not None and consent.withdrawn_at is None

    async def _write_down(self, survey: SurveyInvitation, customer: Customer, rep: Member) -> SurveyInvitation:
        """One entry of the timeline, which a change rewrites."""
        sentiment = _SENTIMENTS.get(band(survey.kind, survey.score or 0))
        details = {"survey": survey.kind.value, **({"sentiment": sentiment.value} if sentiment else {})}
        text = views.entry_text(self.translators(rep), survey)
        if survey.entry_id is not None:
            entry = await self.uow.timeline.get(rep, survey.entry_id)
            await self.uow.timeline.update(entry, text=text, details=details)
            return survey
        entry = await self.uow.timeline.add(rep, customer.id, InteractionKind.FEEDBACK, text, self.now, details=details)
        return await self.uow.surveys.update(survey, entry_id=entry.id)

    async def _open_ticket(
        self, survey: SurveyInvitation, customer: Customer, rep: Member
    ) -> tuple[SurveyInvitation, bool]:
        """The ticket of a low score, with its follow-up; whether it is new."""
        if survey.ticket_id is not None:
            await self._word_ticket(survey, rep)
            return survey, False
        ticket = await open_ticket(
            self.uow,
            customer,
            TicketKind.COMPLAINT,
            views.entry_text(self.translators(rep), survey),
            self.now,
            actor=None,
            assignee=rep,
            translators=self.translators,
            entry_id=survey.entry_id,
        )
        return await self.uow.surveys.update(survey, ticket_id=ticket.id), True

    async def _close_ticket(self, survey: SurveyInvitation, rep: Member) -> SurveyInvitation:
        """They think better of us now: what nobody has worked on yet is closed, its follow-up dropped."""
        assert survey.ticket_id is not None
        ticket = await self.uow.tickets.get(rep, survey.ticket_id)
        if ticket.state is not TicketState.OPEN or ticket.first_answer_at:
            return survey
        await self.uow.tickets.update(ticket, state=TicketState.CLOSED, closed_at=self.now, remind_at=None)
        if ticket.followup_id is not None:
            followup = await self.uow.followups.get(rep, ticket.followup_id)
            if followup.is_open:
                dropped = {"state": FollowUpState.DROPPED, "done_at": self.now, "push_at": None}
                await self.uow.followups.update(followup, **dropped)
        return await self.uow.surveys.update(survey, ticket_id=None)

    async def _word_ticket(self, survey: SurveyInvitation, rep: Member) -> None:
        if survey.ticket_id is not None:
            ticket = await self.uow.tickets.get(rep, survey.ticket_id)
            await self.uow.tickets.update(ticket, text=views.entry_text(self.translators(rep), survey))

    # Telling ----------------------------------------------------------------------------------------------------------

    async def _tell(
        self, survey: SurveyInvitation, customer: Customer, rep: Member, before: int | None, *, has_ticket: bool
    ) -> None:
        for member in await self._who_hears(survey, rep, before):
            whose = rep if member.id != rep.id else None
            t = self.translators(member)
            reply = views.answered(t, customer, survey, before, has_ticket=has_ticket, rep=whose)
            await self._say(member, f"survey:{survey.id}:{member.id}:{survey.score}:{self.now.isoformat()}", reply)

    async def _who_hears(self, survey: SurveyInvitation, rep: Member, before: int | None = None) -> Sequence[Member]:
        """The rep hears of every answer, of the worst their managers too, and when it is the worst no more."""
        if survey.kind is not SurveyKind.CSAT or WORST_CSAT not in (survey.score, before):
            return [rep]
        return [rep, *(one for one in managers_over(rep, await self.uow.members.everyone()) if one.id != rep.id)]

    async def _say(self, member: Member, key: str, reply: Reply) -> None:
        await send_to_member(self.uow, member.id, key, "notice", reply, self.now)


# By the playbook ------------------------------------------------------------------------------------------------------


async def plan_surveys(uow: UnitOfWork, steps: Sequence[FollowUp], member: Member) -> None:
    """Let the steps that ask the customer do so by themselves, on their day."""
    for step in steps:
        if kind := ASKED_BY_STEP.get(step.step or ""):
            await uow.surveys.plan(SurveyPlan(step.id, step.customer_id, kind, _asked_at(step, member)))


def _asked_at(step: FollowUp, member: Member) -> datetime:
    return moment_of(member, step.due_on, ASKED_AT)


async def survey_due(
    store: Store, now: datetime, translators: Translators, to_customer: Translator, org: str, link_of: Links
) -> int:
    """Ask what the playbook's steps ask by themselves, as far as it has fallen due by `now` (UTC); returns how many were asked.
    Where a customer cannot be asked, the step stays the rep's. `link_of` as in `Surveyor`."""
    async with store.read() as uow:  # most ticks find nothing, and need not wait for the writers to know
        if not await uow.surveys.plans_due(now, 1):
            return 0
    asked = 0
    while True:
        async with store.begin() as uow:
            name = (await uow.company.read()).name or org
            surveyor = Surveyor(uow, now, translators, to_customer, name, link_of)
            plans = await uow.surveys.plans_due(now, BATCH)
            asked += sum([await _carry_out(surveyor, plan) for plan in plans])
            await uow.commit()
        if len(plans) < BATCH:
            return asked


async def _carry_out(surveyor: Surveyor, plan: SurveyPlan) -> bool:
    """One plan: asked now, put off, or given up."""
    uow, now = surveyor.uow, surveyor.now
    found = await uow.surveys.planned(plan)
    await uow.surveys.drop_plan(plan.followup_id)
    if found is None:
        return False
    step, customer = found
    rep = await in_charge(uow, customer)
    if not step.is_open or not rep.active:
        return False
    if step.due_on > rep.today(now):  # it was moved
        await plan_surveys(uow, [step], rep)
        return False
    try:
        way = await surveyor.send(customer, plan.kind, rep, step.sale_id, is_planned=True)
    except NotFound:
        return False
    if isinstance(way, Unasked):
        again = _again_at(way, rep, now)
        if again and again < moment_of(rep, step.due_on, time()) + TRIES_FOR:
            await uow.surveys.plan(SurveyPlan(step.id, customer.id, plan.kind, again))
        return False
    if way is None or way is Route.TASK:
        return False
    if step.checklist is None:  # nothing else is asked of the rep by this step
        done = {"state": FollowUpState.DONE, "done_at": now, "outcome": Outcome.MESSAGED, "push_at": None}
        await uow.followups.update(step, **done)
    return True


def _again_at(why: Unasked, rep: Member, now: datetime) -> datetime | None:
    """When to try again; None: never, without their consent."""
    match why:
        case Unasked.NO_CONSENT:
            return None
        case Unasked.TALKING:
            return now + TALKING_ENDS
        case _:
            return moment_of(rep, rep.today(now) + timedelta(days=1), ASKED_AT)
