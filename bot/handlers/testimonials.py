"""/loikhen: what customers let us show to others, to browse and as a file."""

from bot.domain.audit import What
from bot.messages import Reply
from bot.turn import Handler, Turn
from bot.views import testimonials as views


async def browse(turn: Turn) -> Reply:
    """/loikhen."""
    return await _page(turn, 0, replaces=False)


async def page(turn: Turn) -> Reply:
    """`praise.page:<offset>`."""
    return await _page(turn, turn.arg(0), replaces=True)


async def _page(turn: Turn, offset: int, *, replaces: bool) -> Reply:
    shown, total = await turn.uow.testimonials.page(turn.member, views.PAGE, offset)
    if not shown and total:  # some were withdrawn since
        offset = (total - 1) // views.PAGE * views.PAGE
        shown, total = await turn.uow.testimonials.page(turn.member, views.PAGE, offset)
    return views.page(turn.t, shown, total, offset, replaces=replaces)


async def take(turn: Turn) -> Reply:
    """`praise.file`: all of them, noted in the log for each customer."""
    _, total = await turn.uow.testimonials.page(turn.member, 1)
    everything, _ = await turn.uow.testimonials.page(turn.member, total)
    if not everything:
        return views.page(turn.t, everything, 0, 0, replaces=True)
    for customer_id in sorted({one.customer.id for one in everything}):
        await turn.uow.audit.note(turn.member, What.TOOK_FILE, now=turn.now, customer=customer_id)
    return views.as_file(turn.t, everything, turn.today)


CHOICES: dict[str, Handler] = {"praise.page": page, "praise.file": take}
READING = frozenset({"/loikhen", "praise.page"})
