"""/hoantac and *Hoàn tác*: take back what was saved, within a day."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.errors import DomainError, NotFound
from bot.domain.repositories import Action
from bot.handlers.giving import giver_of, tell_taken_back
from bot.messages import Reply
from bot.turn import Handler, Turn, address_of
from bot.views import buttons
from bot.views.words import called

UNDO_WINDOW = timedelta(hours=24)


async def last(turn: Turn) -> Reply:
    """/hoantac: the last thing saved."""
    action = await turn.uow.actions.last(turn.member, turn.now - UNDO_WINDOW)
    if action is None:
        raise DomainError("nothing_to_undo")
    return await _revert(turn, action)


async def tapped(turn: Turn) -> Reply:
    """`undo:<action>`: the card of what is undone goes with it."""
    action = await turn.uow.actions.get(turn.member, turn.arg(0))
    if action.saved_at < turn.now - UNDO_WINDOW:
        raise DomainError("nothing_to_undo")
    return replace(await _revert(turn, action), replaces=True)


async def _revert(turn: Turn, action: Action) -> Reply:
    await turn.uow.questions.forget(address_of(turn.incoming.peer))  # it may ask about what goes now
    if action.undone_at is not None:
        raise DomainError("undo_done")
    if action.customer_id is None:
        await turn.uow.actions.revert(turn.member, action, turn.now)
        return Reply(turn.t("↩️ Undone."))
    before = await turn.uow.customers.get(turn.member, action.customer_id)
    name = called(turn.t, before)
    await turn.uow.actions.revert(turn.member, action, turn.now)
    try:
        after = await turn.uow.customers.get(turn.member, action.customer_id)
        await tell_taken_back(giver_of(turn), before, after)
    except NotFound:
        await tell_taken_back(giver_of(turn), before, None)
        return Reply(turn.t("↩️ Undone: {name} is no longer in your list.", name=name))
    rows = ((buttons.open_customer(turn.t, action.customer_id),),)
    return Reply(turn.t("↩️ Undone: the last entry about {name} is taken back.", name=name), rows)


CHOICES: dict[str, Handler] = {"undo": tapped}
