"""/start of a guest: a link of ours leads to its conversation, anything else is a first word."""

from collections.abc import Sequence

from bot.domain import referrals, surveys
from bot.domain.invites import invitation_in
from bot.handlers import start
from bot.handlers.guests import leads, referral, survey
from bot.messages import Reply
from bot.turn import Guest, GuestHandler
from bot.views import guests as views

# What follows `/start ` in a link, by how it begins; the handler finds the rest of it in `guest.words`.
START_PAYLOADS: dict[str, GuestHandler] = {
    referrals.PAYLOAD: referral.opened,
    surveys.PAYLOAD: survey.opened,
}


async def open_link(guest: Guest) -> Reply | Sequence[Reply]:
    """/start, alone or with what a link carries."""
    if invitation_in(guest.incoming.text) is None:
        for prefix, handler in START_PAYLOADS.items():
            if guest.words.startswith(prefix):
                guest.words = guest.words.removeprefix(prefix)
                return await handler(guest)
        if guest.customer is None:
            return await leads.first_words(guest)
        return views.welcome_back(guest.t, await guest.org_name())
    return await leads.or_colleague(guest, start.guest)


COMMANDS: dict[str, GuestHandler] = {"start": open_link}
