"""/hoantac and *Hoàn tác*: take back what was saved, within a day."""

from datetime import timedelta

from bot.conversation import Handler, Reply, Turn
from bot.domain.errors import DomainError
from bot.domain.repositories import Action
from bot.views import buttons

UNDO_WINDOW = timedelta(hours=24)


async def last(turn: Turn) -> Reply:
    """/hoantac: the last thing saved."""
    action = await turn.uow.actions.last(turn.member, turn.now - UNDO_WINDOW)
    if action is None:
        raise DomainError("nothing_to_undo")
    return await _revert(turn, action)


async def tapped(turn: Turn) -> Reply:
    """`undo:<action>`."""
    action = await turn.uow.actions.get(turn.member, turn.arg(0))
    if action.saved_at < turn.now - UNDO_WINDOW:
        raise DomainError("nothing_to_undo")
    return await _revert(turn, action)


async def _revert(turn: Turn, action: Action) -> Reply:
    await turn.uow.actions.revert(action, turn.now)
    if action.customer_id is None:
        return Reply(turn.t("↩️ Undone."))
    left = [c for c in await turn.uow.customers.recent(turn.member, 20) if c.id == action.customer_id]
    rows = tuple((buttons.open_customer(turn.t, customer.id),) for customer in left)
    return Reply(turn.t("↩️ Undone: the last entry is taken back."), rows)


CHOICES: dict[str, Handler] = {"undo": tapped}
