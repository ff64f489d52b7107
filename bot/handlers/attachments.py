"""What is sent beside text: a contact card is a customer, a file goes to a customer's timeline."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.errors import DomainError
from bot.domain.phones import parse_phone
from bot.domain.understanding import Intent
from bot.handlers import capture, customers, drafts
from bot.handlers.filing import attach, matches_of
from bot.messages import Reply
from bot.turn import Turn


async def contact(turn: Turn) -> Reply | Sequence[Reply]:
    """A contact card is a new customer, or opens the card of a known one."""
    card = turn.incoming.contact
    if card is None:
        raise DomainError("old_button")
    if card.own:
        return Reply(turn.t("This is your own number; I have not saved it as a customer."))
    phone = parse_phone(card.phone)
    if phone and (matches := await turn.uow.customers.by_phone(turn.member, phone)):
        return await customers.show(turn, matches[0].id)
    said = await turn.understand(card.name, Intent.CUSTOMER)
    found = replace(
        said,
        text=f"{card.name} {card.phone}".strip(),
        name=said.name or card.name or None,
        phones=(phone,) if phone else (),
        due=None,
        problems=(),
        unsure=(),
    )
    return await capture.create(turn, found)


async def file(turn: Turn) -> Reply | Sequence[Reply]:
    """A photo, document, voice note or location goes to a customer's timeline: the one its caption names, else asked."""
    sent = turn.incoming.file
    if sent is None:
        raise DomainError("old_button")
    caption = turn.incoming.text
    if caption:
        matches = await matches_of(turn, await turn.understand(caption))
        if len(matches) == 1:
            return await attach(turn, matches[0], caption, sent)
    draft_id = await drafts.keep(turn, caption, Intent.NOTE, sent)
    return await drafts.ask_whom(turn, draft_id, await turn.last_talked_about())
