"""What customers answer to an approved template: stars of a rating template are a survey's answer, a tapped reply is their words."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.domain.consent import Purpose, asks_to_stop
from bot.domain.customers import Customer
from bot.domain.people import Member
from bot.domain.relays import remind_rep_at
from bot.domain.repositories import Store, UnitOfWork
from bot.domain.repositories.zalo import Handed
from bot.domain.surveys import SCORES, SurveyInvitation, SurveyKind
from bot.domain.timeline import InteractionKind
from bot.i18n import Translator
from bot.messages import clean
from bot.reaching import in_charge, withdraw_unasked
from bot.surveying import Surveyor
from bot.turn import send_to_member
from bot.views import guests as views

Translators = Callable[[Member], Translator]

_CHANNEL = "zalo"
# What we gave Zalo to recognise a message by is the delivery's number.
_TRACKING = re.compile(r"d([0-9]{1,18})")
# The key of a survey's message holds the invitation's number, whatever stands around it.
_SURVEY = re.compile(r"(?:^|:)survey:([0-9]{1,18})(?::|$)")


async def rated(
    store: Store,
    now: datetime,
    translators: Translators,
    *,
    message_ref: str,
    tracking_id: str,
    rate: int,
    note: str,
    feedbacks: Sequence[str],
    event_key: str,
) -> bool:
    """Stars (1 to 5) for the message of this reference, or else of this tracking id (`d<delivery id>`): the answer to the survey
    behind it, exactly as on its page; `note` and `feedbacks` (ticked phrases) are the comment. Once for each `event_key`; another
    rating within a day changes the first. False where there is no such survey, or it is closed. Raises StorageUnavailable."""
    async with store.begin() as uow:
        if not await uow.inbox.take(_CHANNEL, event_key, now):
            return True
        handed = await _handed(uow, message_ref, tracking_id)
        found = await _open_survey(uow, handed, now) if handed else None
        if found is None or rate not in SCORES[SurveyKind.CSAT]:
            return False
        invitation, customer = found
        t = translators(await in_charge(uow, customer))
        surveyor = Surveyor(uow, now, translators, t, (await uow.company.read()).name or "")
        invitation = await surveyor.answer(invitation, customer, rate, changing=True)
        if comment := _comment(note, feedbacks):
            await surveyor.comment(invitation, customer, comment)
        await uow.commit()
    return True


async def replied(
    store: Store,
    now: datetime,
    translators: Translators,
    *,
    message_ref: str,
    tracking_id: str,
    label: str,
    event_key: str,
    offers_drafts: bool = False,
) -> bool:
    """A tapped reply under the message of this reference, or else of this tracking id: words of the customer, for the timeline and
    their rep; a label that says so is their STOP. Once for each `event_key`. False where the message is not known. Raises
    StorageUnavailable."""
    words = clean(label).strip()
    async with store.begin() as uow:
        if not words or not await uow.inbox.take(_CHANNEL, event_key, now):
            return True
        handed = await _handed(uow, message_ref, tracking_id)
        if handed is None:
            return False
        customer = handed.customer
        rep = await in_charge(uow, customer)
        t = translators(rep)
        details = {"direction": "in"}
        entry = await uow.timeline.add(rep, customer.id, InteractionKind.WROTE, words, now, details=details)
        if asks_to_stop(words):
            await uow.consents.withdraw(customer.id, Purpose.CARE, now)
            await withdraw_unasked(uow, customer.id, now)
            reply = views.consent_changed(t, customer, words, stopped=True)
        else:
            await uow.relays.wait(customer.id, rep.id, now, remind_rep_at(now, t.zone))
            reply = views.customer_wrote(t, customer, entry, may_draft=offers_drafts)
        await send_to_member(uow, rep.id, f"relay:{entry.id}", "relay", reply, now)
        await uow.commit()
    return True


async def _handed(uow: UnitOfWork, message_ref: str, tracking_id: str) -> Handed | None:
    ours = _TRACKING.fullmatch(tracking_id)
    return await uow.zalo.handed(message_ref=message_ref, delivery_id=int(ours[1]) if ours else 0)


async def _open_survey(uow: UnitOfWork, handed: Handed, now: datetime) -> tuple[SurveyInvitation, Customer] | None:
    """The survey that the message asked, while it is open: only how satisfied they are can be said in stars."""
    asked = _SURVEY.search(handed.dedupe_key)
    found = await uow.surveys.get(int(asked[1])) if asked else None
    return found if found and found[0].kind is SurveyKind.CSAT and found[0].is_open(now) else None


def _comment(note: str, feedbacks: Sequence[str]) -> str:
    """What they ticked, then what they wrote."""
    ticked = ", ".join(filter(None, (clean(one).strip() for one in feedbacks)))
    return ". ".join(filter(None, (ticked, clean(note).strip())))
