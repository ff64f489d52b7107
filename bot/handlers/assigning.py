"""/giao: give a customer to a member; the rule by which new ones are given."""

from collections.abc import Sequence

from bot.domain.assignment import called_so, split_given
from bot.domain.audit import What
from bot.domain.company import AssignmentRule
from bot.domain.customers import Customer, Source, customer_id_of
from bot.domain.errors import DomainError, NotFound
from bot.domain.handovers import Holding
from bot.domain.people import Member, Role
from bot.domain.timeline import InteractionKind
from bot.handing_over import read_briefs
from bot.handlers.company import decide
from bot.handlers.filing import matches_of
from bot.handlers.giving import ACCEPTED, GIVEN_TO, give, giver_of
from bot.handlers.search import SURE
from bot.messages import Reply
from bot.turn import Handler, Turn
from bot.views import assigning as views

FOUND = 6


async def assign(turn: Turn) -> Reply:
    """/giao, `assign`: alone the rule and who has how many; `/giao chị Lan cho Trang`, `/giao @Trang` for the customer last talked
    about."""
    _demand_lead(turn)
    if turn.incoming.choice or not turn.words:
        latest = await turn.last_talked_about()
        company, holdings = await turn.company(), await _active_team(turn)
        return views.overview(turn.t, company, holdings, latest, replaces=bool(turn.incoming.choice))
    who, to_whom = split_given(turn.words)
    team = [holding.member for holding in await _active_team(turn)]
    members = called_so(to_whom, team)
    candidates = await _meant(turn, who) if who else await _last(turn)
    if not (to_whom or candidates) and (members := called_so(who, team)):  # "/giao Trang"
        candidates = await _last(turn)
    elif who and not candidates:
        candidates = await _searched(turn, who)
    to = members[0] if len(members) == 1 else None
    if len(candidates) != 1:
        return views.choose_customer(turn.t, candidates[:FOUND], to)
    return await _give(turn, candidates[0], to) if to else await _choose_member(turn, candidates[0])


async def _meant(turn: Turn, words: str) -> Sequence[Customer]:
    """The customers whom words name: by code, phone or name."""
    if (customer_id := customer_id_of(words)) is not None:
        return [await turn.uow.customers.get(turn.member, customer_id)]
    return await matches_of(turn, await turn.understand(words))


async def _searched(turn: Turn, words: str) -> Sequence[Customer]:
    """Whom /tim is sure of: a given name alone, as people say it."""
    found, _ = await turn.uow.customers.find(turn.member, words, FOUND)
    return [hit.customer for hit in found if hit.score >= SURE]


async def _last(turn: Turn) -> Sequence[Customer]:
    return (await turn.last_talked_about())[:1]


async def ask(turn: Turn) -> Reply:
    """`assign.ask:<customer>`: to whom?"""
    _demand_lead(turn)
    return await _choose_member(turn, await turn.uow.customers.get(turn.member, turn.arg(0)))


async def _choose_member(turn: Turn, customer: Customer) -> Reply:
    others = [holding for holding in await _active_team(turn) if holding.member.id != customer.owner_id]
    owner = await turn.uow.members.get(customer.owner_id)
    return views.choose_member(turn.t, customer, owner, others, replaces=bool(turn.incoming.choice))


async def to_member(turn: Turn) -> Reply:
    """`assign.to:<customer>:<member>`: theirs from now on."""
    _demand_lead(turn)
    customer = await turn.uow.customers.get(turn.member, turn.arg(0))
    to = await turn.uow.members.get(turn.arg(1))
    if not (to.active and turn.member.leads(to)):
        raise NotFound("not_found")
    return await _give(turn, customer, to)


async def _give(turn: Turn, customer: Customer, to: Member) -> Reply:
    replaces = bool(turn.incoming.choice)
    if customer.owner_id == to.id:
        return views.has_already(turn.t, customer, to, replaces=replaces)
    followups = await give(giver_of(turn), customer, to)
    return views.given(turn.t, customer, to, followups, await turn.saved(customer.id), replaces=replaces)


async def accept(turn: Turn) -> Reply:
    """`assign.accept:<entry>`: who was given a customer takes them on, and who gave them hears of it, once."""
    entry = await turn.uow.timeline.get(turn.member, turn.arg(0))
    customer = await turn.uow.customers.get(turn.member, entry.customer_id)
    if customer.owner_id != turn.member.id or entry.details.get(GIVEN_TO) != str(turn.member.id):
        raise DomainError("old_button")
    if ACCEPTED not in entry.details:
        await turn.uow.timeline.update(entry, details={**entry.details, ACCEPTED: turn.now.isoformat()})
        words = str(turn.t("{name} has taken the customer on", name=turn.member.name).unescape())
        await turn.uow.timeline.add(turn.member, customer.id, InteractionKind.CHANGE, words, turn.now)
        # no action that could be taken back, and yet a change
        await turn.uow.audit.note(turn.member, What.CHANGED, now=turn.now, customer=customer.id, added=["interaction"])
        by = await turn.uow.members.get(entry.member_id)
        if by.active and by.id != turn.member.id:
            notice = views.tell_accepted(turn.translator_of(by), customer, turn.member)
            await turn.tell(by.id, f"accepted:{entry.id}", notice)
    await turn.talks_about(customer.id)
    (brief,) = await read_briefs(turn.uow, turn.member, [customer])
    return views.accepted(turn.t, brief, turn.today)


# The rule -------------------------------------------------------------------------------------------------------------


async def rule(turn: Turn) -> Reply:
    """`assign.rule`: by which rule new customers are given."""
    _demand_lead(turn)
    return await _rule_page(turn)


async def set_rule(turn: Turn) -> Reply:
    """`assign.set:<rule>`."""
    _demand_all(turn)
    try:
        chosen = AssignmentRule(turn.args[0])
    except (IndexError, ValueError):
        raise DomainError("old_button") from None
    await decide(turn, rule=chosen)
    return await _rule_page(turn)


async def sources(turn: Turn) -> Reply:
    """`assign.sources`: which source?"""
    _demand_all(turn)
    return views.choose_sources(turn.t)


async def source(turn: Turn) -> Reply:
    """`assign.source:<source>`: who gets its customers?"""
    _demand_all(turn)
    return views.choose_source_owner(turn.t, _source(turn), await turn.uow.company.read(), await _reps(turn))


async def source_gets(turn: Turn) -> Reply:
    """`assign.gets:<source>:<member>`: this rep does (0: one after the other)."""
    _demand_all(turn)
    said, member_id = _source(turn), turn.arg(1)
    if member_id and member_id not in [rep.id for rep in await _reps(turn)]:
        raise NotFound("not_found")
    owners = dict((await turn.uow.company.hold()).source_owners)
    owners.pop(said, None)
    await decide(turn, source_owners={**owners, said: member_id} if member_id else owners)
    return await _rule_page(turn)


def _source(turn: Turn) -> Source:
    try:
        return Source(turn.args[0])
    except (IndexError, ValueError):
        raise DomainError("old_button") from None


async def _rule_page(turn: Turn) -> Reply:
    company, team = await turn.uow.company.read(), await turn.uow.members.everyone()
    may_change = turn.member.sees_everyone
    return views.rule_page(turn.t, company, team, may_change=may_change, replaces=bool(turn.incoming.choice))


async def _reps(turn: Turn) -> list[Member]:
    return [member for member in await turn.uow.members.everyone() if member.role is Role.REP]


async def _active_team(turn: Turn) -> list[Holding]:
    return [holding for holding in await turn.uow.handovers.holdings(turn.member) if holding.member.active]


def _demand_lead(turn: Turn) -> None:
    """Only who leads others gives customers to them."""
    if not turn.member.manages:
        raise NotFound("not_found")


def _demand_all(turn: Turn) -> None:
    """The rule is the whole company's: for who sees everyone."""
    if not turn.member.sees_everyone:
        raise NotFound("not_found")


CHOICES: dict[str, Handler] = {
    "assign": assign,
    "assign.ask": ask,
    "assign.to": to_member,
    "assign.accept": accept,
    "assign.rule": rule,
    "assign.set": set_rule,
    "assign.sources": sources,
    "assign.source": source,
    "assign.gets": source_gets,
}
READING = frozenset(("assign", "assign.ask", "assign.rule", "assign.sources", "assign.source"))
