"""/nhatky: who saw, changed and took what; /nhatky gui: what became of the messages. For owners and managers, who read; a manager in
a team only of the team."""

from collections.abc import Sequence

from bot.domain.audit import What
from bot.domain.customers import Customer
from bot.domain.deliveries import LOOKS_BACK
from bot.domain.errors import DomainError, NotFound
from bot.domain.names import folded
from bot.domain.people import Member
from bot.handlers.search import SURE
from bot.messages import Reply
from bot.turn import Handler, Turn
from bot.views import audit as views
from bot.views import deliveries
from bot.views.words import called

_SENT = frozenset(("gui", "sent"))
# As many of one name are offered to tap.
_NAMESAKES = 5


async def log(turn: Turn) -> Reply:
    """/nhatky, /nhatky Minh, /nhatky chị Lan, /nhatky gui."""
    if not turn.words:
        return await _page(turn, "a", 0, replaces=False)
    if folded(turn.words) in _SENT:
        return await _ledger(turn, 0, replaces=False)
    members, customers = await _members_called(turn), await _customers_called(turn)
    if len(members) == 1 and not any(folded(customer.name) == folded(turn.words) for customer in customers):
        return await _page(turn, f"m{members[0].id}", 0, replaces=False)
    if len(customers) == 1 and not members:
        return await _page(turn, f"c{customers[0].id}", 0, replaces=False)
    return views.ask_whom(turn.t, turn.words, members[:_NAMESAKES], customers[:_NAMESAKES])


async def page(turn: Turn) -> Reply:
    """`audit.page:<a, m<member> or c<customer>>:<offset>`."""
    return await _page(turn, turn.args[0] if turn.args else "", turn.arg(1), replaces=True)


async def _page(turn: Turn, which: str, offset: int, *, replaces: bool) -> Reply:
    _demand_manager(turn)
    audit, number = turn.uow.audit, which[1:]
    if which != "a" and (
        which[:1] not in ("m", "c") or not (number.isascii() and number.isdigit() and len(number) < 10)
    ):
        raise DomainError("old_button")
    if which[0] == "c":
        customer = await turn.uow.customers.get(turn.member, int(number))
        entries, total = await audit.page(turn.member, views.PAGE, offset, customer=customer.id)
        viewers, about = await audit.viewers(turn.member, customer.id), called(turn.t, customer)
    elif which[0] == "m":
        member = await turn.uow.members.get(int(number))
        if not turn.member.leads(member):
            raise NotFound
        entries, total = await audit.page(turn.member, views.PAGE, offset, member=member.id)
        viewers, about = [], member.name
    else:
        entries, total = await audit.page(turn.member, views.PAGE, offset)
        viewers, about = [], ""
    names = {member.id: member.name for member in await turn.uow.members.all_ever()}
    return views.log_page(
        turn.t, entries, total, offset, which=which, about=about, viewers=viewers, members=names, replaces=replaces
    )


async def _members_called(turn: Turn) -> Sequence[Member]:
    """Those whom the member leads and who are called so, by their whole name or its last words; who has left included."""
    asked = f" {folded(turn.words)}"
    everyone = await turn.uow.members.all_ever()
    return [one for one in everyone if turn.member.leads(one) and f" {folded(one.name)}".endswith(asked)]


async def _customers_called(turn: Turn) -> Sequence[Customer]:
    found, _ = await turn.uow.customers.find(turn.member, turn.words, _NAMESAKES)
    sure = [hit.customer for hit in found if hit.score >= SURE]
    exact = [hit.customer for hit in found if hit.score >= 100]
    return exact or sure or [hit.customer for hit in found]


async def sent(turn: Turn) -> Reply:
    """`audit.sent:<offset>`."""
    return await _ledger(turn, turn.arg(0), replaces=True)


async def resend(turn: Turn) -> Reply:
    """`audit.resend:<delivery>:<offset>`: *Gửi lại*, once."""
    _demand_manager(turn)
    offset = turn.arg(1)
    again = await turn.uow.deliveries.send_again(turn.member, turn.arg(0), turn.now)
    await turn.uow.audit.note(turn.member, What.RESENT, now=turn.now, about_member=again.member_id)
    return await _ledger(turn, offset, replaces=True, toast=turn.t("It is on its way again.").unescape())


async def _ledger(turn: Turn, offset: int, *, replaces: bool, toast: str = "") -> Reply:
    _demand_manager(turn)
    found = await turn.uow.deliveries.ledger(turn.member, turn.now - LOOKS_BACK, deliveries.PAGE, offset)
    return deliveries.ledger(turn.t, found, offset, toast=toast, replaces=replaces)


def _demand_manager(turn: Turn) -> None:
    if not turn.member.manages:
        raise NotFound


READING = ("/nhatky", "audit.page", "audit.sent")
CHOICES: dict[str, Handler] = {"audit.page": page, "audit.sent": sent, "audit.resend": resend}
