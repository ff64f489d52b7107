"""*Soạn giúp*: an answer to what a customer wrote is drafted for their rep, who sends it or does not."""

from bot.domain.errors import DomainError, NotFound
from bot.domain.relays import Talk
from bot.domain.timeline import InteractionKind
from bot.handlers import relay
from bot.messages import Reply
from bot.turn import Handler, Turn
from bot.views import compose as views


async def ask(turn: Turn) -> Reply:
    """`compose:<entry>`: the draft comes as a message of its own."""
    if not turn.offers_drafts:
        raise DomainError("old_button")
    entry = await turn.uow.timeline.get(turn.member, turn.arg(0))
    if entry.kind is not InteractionKind.WROTE or not entry.text:
        raise DomainError("old_button")
    await turn.uow.reply_drafts.ask(turn.member.id, entry.customer_id, entry.id, turn.now)
    return views.under_way(turn.t)


async def send(turn: Turn) -> Reply:
    """`compose.send:<draft>`: as it stands, once."""
    try:
        draft = await turn.uow.reply_drafts.get(turn.arg(0), turn.member.id)
    except NotFound:
        raise DomainError("old_button") from None
    reply = await relay.send(turn, Talk(draft.customer_id), draft.text or "")
    await turn.uow.reply_drafts.drop(draft)
    return reply


CHOICES: dict[str, Handler] = {"compose": ask, "compose.send": send}
