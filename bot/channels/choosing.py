"""A choice made in words: on a channel without taps, a payload, a number or a label that comes as text."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from bot.channels.numbered import chosen, options
from bot.domain.mailroom import Address, Ledger, Shown
from bot.domain.relays import ANSWER
from bot.messages import Choice, Incoming, Reply

PAYLOAD = re.compile(r"ck:([1-9][0-9]{0,17}):(\S{1,64})")
# The data of a button that we never made, or that stands in somebody else's chat: no verb of ours, so it is answered as out of date.
GONE = "gone"
LONGEST_LABEL = 100
# Clocks differ. What was sent so long after somebody typed they had not seen.
SEEN_WITHIN = timedelta(seconds=30)


async def resolved(ledger: Ledger, incoming: Incoming, said_at: datetime | None = None) -> Incoming:
    """What the person did, with a choice that they made in words as the choice that it is.

    A button's payload is that button, and one that is no longer to be found a button out of date. A number or label is a choice of
    the message that it answers, else of the newest in this chat that offers any; but whoever answers a customer's words tells them a
    number. Only what we ourselves sent to this chat counts. What was typed at `said_at` (UTC) and would choose of a message that came
    later, as after an outage of ours, chooses nothing: it is out of date.
    To be called once the person's turn before this one has committed. Raises StorageUnavailable.
    """
    text = incoming.text.strip()
    if not text or incoming.choice or incoming.file or incoming.contact:
        return incoming
    address = Address(incoming.peer.channel, incoming.peer.chat_id)
    if tapped := PAYLOAD.fullmatch(text):
        shown = await ledger.shown(address, delivery_id=int(tapped[1]))
        return _choosing(incoming, _keyed(shown, tapped[2]) or Choice("", GONE), shown)
    if len(text) > LONGEST_LABEL or text.startswith("/"):
        return incoming
    shown = await ledger.shown(address, message_ref=incoming.reply_to)
    reply = Reply.from_record(shown.payload) if shown else Reply()
    if incoming.reply_to and any(choice.data.startswith(ANSWER) for row in reply.choices for choice in row):
        return incoming
    choice = chosen(reply, text)
    if choice and shown and not incoming.reply_to and said_at and shown.at > said_at + SEEN_WITHIN:
        choice = Choice("", GONE)
    return _choosing(incoming, choice, shown) if choice else incoming


def _keyed(shown: Shown | None, key: str) -> Choice | None:
    offered = options(Reply.from_record(shown.payload)) if shown else ()
    return next((option.choice for option in offered if option.key == key), None)


def _choosing(incoming: Incoming, choice: Choice, shown: Shown | None) -> Incoming:
    return replace(incoming, text="", choice=choice.data, message_ref=shown.message_ref if shown else "", reply_to="")
