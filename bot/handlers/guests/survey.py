"""A survey in chat: opened by a link or sent to them, answered with one tap or a number, a few words after it if they like.

Whoever presents the token answers this one survey and nothing else: it links nobody to the customer. Without it a survey is its own
customer's alone.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from markupsafe import Markup

from bot.domain.customers import Customer
from bot.domain.errors import DomainError
from bot.domain.surveys import LONGEST_COMMENT, SCORES, Band, SurveyInvitation, band, is_token, score_in
from bot.handlers.guests import consent, relay, rights
from bot.handlers.guests.other import other
from bot.messages import SHOWS_NOTICES, Reply
from bot.referring import referral_address
from bot.surveying import Surveyor
from bot.turn import Guest, GuestHandler
from bot.views import surveys as views

# What stands behind a score that is to change the first one.
CHANGING = "c"
# So long after the score, words are about it; later they are a message like any other.
TYPED_WITHIN = timedelta(hours=1)


async def opened(guest: Guest) -> Reply:
    """/start s_<token>."""
    found = await _by_token(guest, guest.words)
    if found is None:
        return views.no_longer(guest.t)
    invitation, _ = found
    words = await (await _surveyor(guest)).words(invitation.kind)
    if guest.incoming.peer.channel not in SHOWS_NOTICES:
        # what is typed is looked up in what was sent, and there the token is not kept
        await guest.ask("g.scored", survey=invitation.id)
        return views.question_to_type(guest.t, invitation.kind, words)
    return views.question(invitation.kind, words, guest.words, secret=True)


async def scored(guest: Guest) -> Reply | Sequence[Reply]:
    """The score typed; anything else is a message like any other."""
    found = await guest.uow.surveys.get(int(guest.data["survey"]))
    value = score_in(found[0].kind, guest.incoming.text) if found and found[0].is_open(guest.now) else None
    if found is None or value is None:
        return await other(guest)
    return await _take(guest, *found, value)


async def _take(
    guest: Guest, invitation: SurveyInvitation, customer: Customer, value: int, *, changing: bool = False
) -> Reply:
    """A score that was typed; who answers their own survey is offered what can be tapped elsewhere."""
    surveyor = await _surveyor(guest)
    answered = await surveyor.answer(invitation, customer, value, changing=changing)
    await _ask_comment(guest, answered)
    is_theirs = guest.customer is not None and guest.customer.id == customer.id
    return await _thanks(guest, surveyor, answered, customer, str(answered.id) if is_theirs else "")


async def score(guest: Guest) -> Reply:
    """`g.score:<survey>:<score>[:c]`."""
    found = await _found(guest)
    if found is None:
        return views.no_longer(guest.t)
    invitation, customer = found
    value = guest.arg(1)
    if value not in SCORES[invitation.kind]:
        raise DomainError("old_button")
    surveyor = await _surveyor(guest)
    answered = await surveyor.answer(invitation, customer, value, changing=guest.args[2:3] == [CHANGING])
    await _ask_comment(guest, answered)
    return await _thanks(guest, surveyor, answered, customer, guest.args[0])


async def _thanks(guest: Guest, surveyor: Surveyor, answered: SurveyInvitation, customer: Customer, ref: str) -> Reply:
    is_high = band(answered.kind, answered.score or 0) is Band.HIGH
    link = await referral_address(guest.uow, customer.id, guest.link_to) if is_high else ""
    return views.thanks(guest.t, answered, ref, link, surveyor.org, secret=is_token(ref))


async def rescore(guest: Guest) -> Reply:
    """`g.rescore:<survey>`: another score."""
    found = await _found(guest)
    if found is None:
        return views.no_longer(guest.t)
    invitation, _ = found
    ref = guest.args[0]
    words = await (await _surveyor(guest)).words(invitation.kind)
    return views.question(invitation.kind, words, ref, changing=True, secret=is_token(ref))


async def _ask_comment(guest: Guest, survey: SurveyInvitation) -> None:
    await guest.ask("g.comment", survey=survey.id, until=(guest.now + TYPED_WITHIN).isoformat())


async def comment(guest: Guest) -> Reply | Sequence[Reply]:
    """What is typed after the score. It came through this chat, where the score did. STOP, a request of theirs, a file, and what comes
    much later is no comment."""
    for listen in (consent.listen, rights.listen):
        if (answer := await listen(guest)) is not None:
            return answer
    found = await guest.uow.surveys.get(int(guest.data["survey"]))
    is_late = guest.now >= datetime.fromisoformat(guest.data["until"])
    if found is None or is_late or guest.incoming.file or not found[0].is_open(guest.now):
        return await other(guest)
    invitation, customer = found
    if (value := score_in(invitation.kind, guest.incoming.text)) is not None:  # they think again
        return await _take(guest, invitation, customer, value, changing=True)
    surveyor = await _surveyor(guest)
    commented = await surveyor.comment(invitation, customer, guest.incoming.text)
    is_theirs = guest.customer is not None and guest.customer.id == customer.id
    if is_theirs and len(guest.incoming.text) > LONGEST_COMMENT:  # all of it reaches the rep
        await relay.pass_on(guest)
    is_glad = band(commented.kind, commented.score or 0) is Band.HIGH
    asks = is_theirs and is_glad and not await surveyor.may_show(commented)
    may_show = guest.t("May we show your words? {wording}", wording=guest.t(views.MAY_SHOW, org=surveyor.org))
    return views.comment_kept(guest.t, commented, may_show if asks else Markup(), str(commented.id))


async def words(guest: Guest) -> Reply:
    """`g.words:<survey>`: they may be shown."""
    found = await _found(guest)
    if found is None or found[0].answered_at is None:
        return views.no_longer(guest.t)
    invitation, customer = found
    has_words = await (await _surveyor(guest)).agree_to_show(invitation, customer, guest.incoming.peer.channel)
    if not has_words:
        await _ask_comment(guest, invitation)
    return views.may_show_kept(guest.t, has_words=has_words)


async def _surveyor(guest: Guest) -> Surveyor:
    return Surveyor(guest.uow, guest.now, guest.translator_of, guest.t, await guest.org_name())


async def _found(guest: Guest) -> tuple[SurveyInvitation, Customer] | None:
    """The open survey that a button is about: by its token, or by its number where it is the guest's own."""
    ref = guest.args[0] if guest.args else ""
    if is_token(ref):
        return await _by_token(guest, ref)
    found = await guest.uow.surveys.get(guest.arg(0))
    if found is None or guest.customer is None or found[1].id != guest.customer.id:
        return None
    return found if found[0].is_open(guest.now) else None


async def _by_token(guest: Guest, token: str) -> tuple[SurveyInvitation, Customer] | None:
    found = await guest.uow.surveys.by_token(token) if is_token(token) else None
    return found if found and found[0].is_open(guest.now) else None


CHOICES: dict[str, GuestHandler] = {"g.score": score, "g.rescore": rescore, "g.words": words}
QUESTIONS: dict[str, GuestHandler] = {"g.comment": comment, "g.scored": scored}
