"""What a channel would not take to a customer goes its next way, once: the channel's word is the authority, not what we thought."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from markupsafe import Markup

from bot.domain.customers import Customer
from bot.domain.delivery import Trouble
from bot.domain.people import Member
from bot.domain.reaching import TEMPLATES, UNASKED_KEY, Unasked
from bot.domain.relays import Returned
from bot.domain.repositories import UnitOfWork
from bot.domain.surveys import SurveyInvitation
from bot.domain.zalo_templates import TemplateKind
from bot.i18n import Translator
from bot.messages import Reply
from bot.reaching import TEMPLATE_OF, Message, go, way_for
from bot.turn import Links

Translators = Callable[[Member], Translator]

# What says nothing against the customer: another way may lead to them.
_OF_THE_CHANNEL = frozenset((Trouble.WINDOW_CLOSED, Trouble.NOT_IN_ORDER))
# A template may be refused for what it is, or for a phone number that has no Zalo.
_OF_A_TEMPLATE = _OF_THE_CHANNEL | {Trouble.REFUSED, Trouble.FORBIDDEN}
# How the key of a message ends that goes its next way.
AGAIN = ":again"
_SURVEY = re.compile(r"survey:([0-9]{1,18})")
_SOLVED = re.compile(r"ticket:[0-9]+:solved:")


async def reroute(
    uow: UnitOfWork, customer: Customer, returned: Returned, now: datetime, translators: Translators, link_of: Links
) -> bool:
    """Send what came back its next way. False where it has no next way, or had it already: then
    the rep is told. A rep's own words are theirs to send. `link_of` as in `Surveyor`."""
    if returned.trouble is Trouble.WINDOW_CLOSED:
        await uow.contacts.silent(returned.address, since=returned.due_at)
    if not _goes_on(returned):
        return False
    message = _again(customer, returned)
    found = await _survey(uow, message)
    if found:
        message = replace(message, template=TEMPLATE_OF[found.kind])
    if not message.asked:  # it has not arrived, and so does not count
        await uow.contacts.forget_unasked(customer.id, returned.due_at)
    way = await way_for(uow, customer, message, now, translators)
    if isinstance(way, Unasked):
        return False
    if found:
        invitation = await uow.surveys.update(found, route=way.route.value)
        message = replace(message, link=link_of(await uow.surveys.renew(invitation)))
    await go(uow, customer, message, way, now, translators)
    await uow.outbox.supersede(returned.delivery_id)
    return True


def _goes_on(returned: Returned) -> bool:
    troubles = _OF_A_TEMPLATE if returned.address.channel == TEMPLATES else _OF_THE_CHANNEL
    return returned.entry_id is None and returned.trouble in troubles and not returned.key.endswith(AGAIN)


def _again(customer: Customer, returned: Returned) -> Message:
    """The same message under a key of its own, not by the channel that refused it."""
    key = returned.key.removeprefix(f"{UNASKED_KEY}{customer.id}:")
    return Message(
        returned.kind,
        key + AGAIN,
        replace(Reply.from_record(returned.record), template=None),
        Markup("{}").format(returned.words),
        asked=not returned.key.startswith(UNASKED_KEY),
        template=TemplateKind.SOLVED if _SOLVED.match(key) else TemplateKind.ANSWER,
        but_not="" if returned.trouble is Trouble.WINDOW_CLOSED else returned.address.channel,
    )


async def _survey(uow: UnitOfWork, message: Message) -> SurveyInvitation | None:
    """The survey that the message asks; None for other messages."""
    asks = _SURVEY.match(message.key)
    found = await uow.surveys.get(int(asks[1])) if asks else None
    return found[0] if found else None
