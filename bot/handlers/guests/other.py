"""What a guest does that is no link, button or answer: who can answer it is asked one after the other, and the rep is the last."""

from collections.abc import Awaitable, Callable, Sequence

from bot.domain.invites import invitation_in
from bot.handlers import start
from bot.handlers.guests import consent, faq, leads, referral, rights
from bot.messages import Reply
from bot.turn import Guest

Answer = Reply | Sequence[Reply]

# Each gives its answer, or None where the words are not for it. What nobody answers goes to the rep.
LISTENERS: tuple[Callable[[Guest], Awaitable[Answer | None]], ...] = (consent.listen, rights.listen, leads.listen)


async def other(guest: Guest) -> Answer:
    """Words, a contact card or a file of somebody who is not on the team. One who presents an invitation joins."""
    incoming = guest.incoming
    if incoming.choice and guest.customer:
        return Reply(toast=guest.t("This button is out of date. Please write to us instead."))
    if incoming.choice or invitation_in(incoming.text) is not None or incoming.text.startswith("/"):
        return await leads.or_colleague(guest, start.guest)
    if (sent := await referral.listen(guest)) is not None:
        return sent
    greeted = await leads.greet(guest) if guest.customer is None else []
    if guest.customer is None:
        return await start.guest(guest)
    await guest.uow.contacts.wrote(incoming.peer.channel, incoming.peer.user_id, guest.now)
    answer = await _answer(guest)
    return [*greeted, *([answer] if isinstance(answer, Reply) else answer)]


async def _answer(guest: Guest) -> Answer:
    for listen in LISTENERS:
        if (answer := await listen(guest)) is not None:
            return answer
    return await faq.answer_or_pass_on(guest)
