"""/bangiao: everything of one member goes to another; here it is chosen and begun, `bot/handing_over.py` does it."""

from dataclasses import replace

from bot.domain.assignment import called_so, split_given
from bot.domain.audit import What
from bot.domain.errors import NotFound
from bot.domain.handovers import Holding
from bot.domain.people import Member
from bot.handing_over import read_received
from bot.messages import Reply
from bot.turn import Handler, Turn, address_of
from bot.views import handovers as views


async def hand_over(turn: Turn) -> Reply:
    """/bangiao, `handover`: from whom? `/bangiao Minh cho Trang` says it all."""
    everyone = await _team(turn)
    said_giver, said_receiver = split_given(turn.words)
    givers = called_so(said_giver, [holding.member for holding in everyone if _has_any(holding)])
    if len(givers) != 1:
        return views.choose_giver(turn.t, [h for h in everyone if _has_any(h)], replaces=bool(turn.incoming.choice))
    receivers = called_so(said_receiver, [h.member for h in everyone if h.member.active and h.member != givers[0]])
    if len(receivers) != 1:
        return await _choose_receiver(turn, givers[0].id)
    return replace(await _confirm(turn, givers[0].id, receivers[0].id), replaces=False)


async def from_member(turn: Turn) -> Reply:
    """`handover.from:<member>`: to whom?"""
    return await _choose_receiver(turn, turn.arg(0))


async def to_member(turn: Turn) -> Reply:
    """`handover.to:<from>:<to>`: really?"""
    return await _confirm(turn, turn.arg(0), turn.arg(1))


async def start(turn: Turn) -> Reply:
    """`handover.start:<from>:<to>`: it begins; a second tap shows how far it is."""
    giver, receiver = await _both(turn, turn.arg(0), turn.arg(1))
    at, ref = address_of(turn.incoming.peer), turn.incoming.message_ref
    handover = await turn.uow.handovers.start(turn.member, giver, receiver, at, ref, turn.now)
    from_id, to_id = handover.from_id, handover.to_id
    if (from_id, to_id) != (giver.member.id, receiver.id):
        raise NotFound("not_found")
    if handover.started_at == turn.now and handover.total:
        about = {"to": to_id, "count": handover.total}
        await turn.uow.audit.note(turn.member, What.HANDED_OVER, now=turn.now, about_member=from_id, **about)
    return views.progress(turn.t, handover, giver.member, receiver)


async def briefs(turn: Turn) -> Reply:
    """`handover.briefs:<handover>:<offset>`: another page of them, for who owns or leads the customers."""
    handover = await turn.uow.handovers.get(turn.arg(0))
    _, total = await turn.uow.handovers.customers(turn.member, handover.id, 0)
    if not total:
        raise NotFound("not_found")
    giver = await turn.uow.members.get(handover.from_id)
    offset = min(turn.arg(1), total - 1) // views.BRIEFS_A_PAGE * views.BRIEFS_A_PAGE
    page = await read_received(turn.uow, handover, giver, turn.member, turn.t, offset, turn.now)
    return replace(page, replaces=True)


async def _team(turn: Turn) -> list[Holding]:
    """Whom the member leads, with what they have. Raises NotFound for who leads nobody."""
    if not turn.member.manages:
        raise NotFound("not_found")
    return list(await turn.uow.handovers.holdings(turn.member))


def _has_any(holding: Holding) -> bool:
    return bool(holding.customers or (holding.followups and not holding.member.active))


async def _choose_receiver(turn: Turn, giver_id: int) -> Reply:
    everyone = await _team(turn)
    giver = await turn.uow.handovers.holding(turn.member, giver_id, turn.today)
    others = [holding for holding in everyone if holding.member.active and holding.member.id != giver_id]
    return views.choose_receiver(turn.t, giver, others, replaces=bool(turn.incoming.choice))


async def _both(turn: Turn, giver_id: int, receiver_id: int) -> tuple[Holding, Member]:
    """Who gives and who gets, both led by the member. Raises NotFound."""
    if not turn.member.manages or giver_id == receiver_id:
        raise NotFound("not_found")
    giver = await turn.uow.handovers.holding(turn.member, giver_id, turn.today)
    receiver = await turn.uow.members.get(receiver_id)
    if not (receiver.active and turn.member.leads(receiver)):
        raise NotFound("not_found")
    return giver, receiver


async def _confirm(turn: Turn, giver_id: int, receiver_id: int) -> Reply:
    return views.confirm(turn.t, *await _both(turn, giver_id, receiver_id))


CHOICES: dict[str, Handler] = {
    "handover": hand_over,
    "handover.from": from_member,
    "handover.to": to_member,
    "handover.start": start,
    "handover.briefs": briefs,
}
READING = frozenset(("/bangiao", "handover", "handover.from", "handover.to", "handover.briefs"))
