"""/nhom: who is on the team, with what on their hands; roles, teams, and who leaves."""

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from bot.domain.audit import What
from bot.domain.calendar import next_digest
from bot.domain.errors import DomainError, NotFound
from bot.domain.handovers import pushed_again
from bot.domain.people import Member, Role
from bot.domain.teams import Team
from bot.messages import Reply
from bot.turn import Handler, Turn
from bot.views import team as views

LONGEST_NAME = 40


# Who is there ---------------------------------------------------------------------------------------------------------


async def show(turn: Turn) -> Reply:
    """/nhom, `team:<page>`."""
    people = await _led(turn)
    page = min(turn.arg(0) if turn.args else 0, max(0, len(people) - 1) // views.PAGE)
    shown = people[page * views.PAGE : (page + 1) * views.PAGE]
    loads = await turn.uow.teams.loads([member.id for member in shown], turn.today)
    teams = {team.id: team for team in await turn.uow.teams.everything()}
    return views.overview(
        turn.t,
        people,
        teams,
        loads,
        page,
        decides_teams=turn.member.sees_everyone,
        replaces=bool(turn.incoming.choice),
    )


async def _led(turn: Turn) -> list[Member]:
    """Whom the member sees on the team. Raises NotFound for a rep."""
    if not turn.member.manages:
        raise NotFound
    return [member for member in await turn.uow.members.all_ever() if _is_shown(turn.member, member)]


def _is_shown(reader: Member, member: Member) -> bool:
    """An owner, and a manager of the whole company, see everybody; the manager of a team themselves and its reps."""
    return member.id == reader.id or reader.sees_everyone or reader.may_change(member)


async def _shown(turn: Turn, member_id: int) -> Member:
    """A member. Raises NotFound for whom the actor does not lead, as for nobody."""
    member = await turn.uow.members.get(member_id)
    if not (turn.member.manages and _is_shown(turn.member, member)):
        raise NotFound
    return member


async def _to_change(turn: Turn, member_id: int, *, owner_only: bool = False) -> Member:
    member = await _shown(turn, member_id)
    if not turn.member.may_change(member) or (owner_only and turn.member.role is not Role.OWNER):
        raise NotFound
    return member


async def show_member(turn: Turn) -> Reply:
    """`team.member:<member>`."""
    return await _page(turn, await _shown(turn, turn.arg(0)))


async def _page(turn: Turn, member: Member, note: Markup = Markup()) -> Reply:
    may_change = turn.member.may_change(member)
    view = views.MemberView(
        member,
        await turn.uow.teams.get(member.team_id) if member.team_id else None,
        (await turn.uow.teams.loads([member.id], turn.today))[member.id],
        is_reader=member.id == turn.member.id,
        may_change=may_change,
        may_change_role=turn.member.role is Role.OWNER,
        may_change_team=may_change and turn.member.sees_everyone,
    )
    return views.member_page(turn.t, view, note=note)


# Role and team --------------------------------------------------------------------------------------------------------


async def ask_role(turn: Turn) -> Reply:
    """`team.roles:<member>`."""
    return views.choose_role(turn.t, await _to_change(turn, turn.arg(0), owner_only=True))


async def set_role(turn: Turn) -> Reply:
    """`team.role:<member>:<role>`; what they gave out as what they were is withdrawn."""
    member = await _to_change(turn, turn.arg(0), owner_only=True)
    role = next((role for role in Role if turn.args[1:2] == [role.value]), None)
    if role is None or not member.active:
        raise DomainError("old_button")
    if role is not member.role:
        await _keep_an_owner(turn, member)
        changed = await _changed(turn, member, What.ROLE_CHANGED, role=role)
        await turn.uow.invites.withdraw_all(member.id, turn.now)
        await _stop_what_was_on_its_way(turn, member)
        if member.id == turn.member.id:
            return Reply(views.new_role(turn.t, changed).text, replaces=True)
        await turn.tell(
            member.id, f"role:{member.id}:{turn.now.isoformat()}", views.new_role(turn.translator_of(changed), changed)
        )
        member = changed
    return await _page(turn, member, turn.t("✅ Saved"))


async def _keep_an_owner(turn: Turn, member: Member) -> None:
    """Raises DomainError where the company would be left without an owner."""
    if member.role is Role.OWNER and member.active and len(await turn.uow.members.owners()) < 2:
        raise DomainError("last_owner")


async def _changed(turn: Turn, member: Member, what: What, **changes: object) -> Member:
    """The member with fields changed, and who did it written down; a week that comes by itself is for who manages."""
    role = str(changes.get("role", member.role))
    await turn.uow.audit.note(turn.member, what, now=turn.now, about_member=member.id, role=role)
    if changes.get("role") is Role.REP:
        changes["next_week_at"] = None
    changed = await turn.uow.members.update(member, **changes)
    if member.id == turn.member.id:
        turn.member = changed
    return changed


async def ask_team(turn: Turn) -> Reply:
    """`team.groups:<member>`."""
    return views.choose_team(turn.t, await _to_place(turn, turn.arg(0)), await turn.uow.teams.everything())


async def set_team(turn: Turn) -> Reply:
    """`team.group:<member>:<team, or 0>`."""
    member = await _to_place(turn, turn.arg(0))
    return await _place(turn, member, await turn.uow.teams.get(turn.arg(1)) if turn.arg(1) else None)


async def _place(turn: Turn, member: Member, team: Team | None) -> Reply:
    if member.team_id != (team.id if team else None):
        if member.manages:
            await turn.uow.invites.withdraw_all(member.id, turn.now)
        await _stop_what_was_on_its_way(turn, member)
        led = [one.id for one in await turn.uow.members.everyone() if not one.sees_everyone and one.leads(member)]
        await turn.uow.outbox.never_again(led)
    member = await _changed(turn, member, What.TEAM_CHANGED, team_id=team.id if team else None)
    return await _page(turn, member, turn.t("✅ Saved"))


async def _stop_what_was_on_its_way(turn: Turn, member: Member) -> None:
    """What is worded for `member` as they were; what is due to them stands on their next list."""
    if member.manages:
        items = [item for item, _ in await turn.uow.followups.due(member, until=member.today(turn.now))]
        again = pushed_again(items, await turn.uow.outbox.withdraw({item.id for item in items}))
        for item in items:
            if item.id in again:  # their pushes look again whose the customer is
                await turn.uow.followups.update(item, push_at=again[item.id])
        for kind in ("digest", "missed", "week"):
            await turn.uow.outbox.cancel(f"{kind}:{member.id}:")
    await turn.uow.outbox.never_again([member.id])


async def _to_place(turn: Turn, member_id: int) -> Member:
    """Whom it puts into a team: that is for who sees the whole company. Raises NotFound."""
    member = await _to_change(turn, member_id)
    if not turn.member.sees_everyone:
        raise NotFound
    return member


# Who leaves -----------------------------------------------------------------------------------------------------------


async def ask_leaving(turn: Turn) -> Reply:
    """`team.leave:<member>`: sure?"""
    return views.ask_leaving(turn.t, await _to_part_with(turn))


async def leave(turn: Turn) -> Reply:
    """`team.left:<member>`: from their next update on they are nobody here, and nothing internal reaches them any more."""
    member = await _to_part_with(turn)
    if not member.active:
        return await _page(turn, member)
    await _keep_an_owner(turn, member)
    # the row first: a turn of theirs that is under way ends before, and what it left waiting goes too
    member = await _changed(turn, member, What.DEACTIVATED, active=False, next_digest_at=None, next_week_at=None)
    await turn.uow.invites.withdraw_all(member.id, turn.now)
    for address in await turn.uow.members.addresses(member.id):
        await turn.uow.questions.forget(address)
        await turn.uow.drafts.drop_all(address)
        await turn.uow.outbox.cancel_to(address)
    return await _page(turn, member, turn.t("🚪 {name} has no access any more.", name=member.name))


async def _to_part_with(turn: Turn) -> Member:
    """Nobody puts themselves out. Raises NotFound."""
    member = await _to_change(turn, turn.arg(0))
    if member.id == turn.member.id:
        raise NotFound
    return member


async def take_back(turn: Turn) -> Reply:
    """`team.back:<member>`: as they were."""
    member = await _to_part_with(turn)
    if member.active:
        return await _page(turn, member)
    next_digest_at = next_digest(member, turn.now)
    member = await _changed(turn, member, What.REACTIVATED, active=True, next_digest_at=next_digest_at)
    key = f"back:{member.id}:{turn.now.isoformat()}"
    await turn.tell(member.id, key, views.taken_back(turn.translator_of(member), member, await turn.org_name()))
    return await _page(turn, member, turn.t("✅ {name} is on the team again.", name=member.name))


# Teams ----------------------------------------------------------------------------------------------------------------


async def show_teams(turn: Turn) -> Reply:
    """`teams`."""
    _demand_whole_company(turn)
    return await _all_teams(turn)


def _demand_whole_company(turn: Turn) -> None:
    """Teams are for who sees the whole company to draw. Raises NotFound."""
    if not turn.member.sees_everyone:
        raise NotFound


async def _all_teams(turn: Turn, note: Markup = Markup()) -> Reply:
    sizes = Counter(member.team_id for member in await turn.uow.members.all_ever() if member.team_id)
    teams = await turn.uow.teams.everything()
    return views.all_teams(turn.t, teams, sizes, note=note, replaces=bool(turn.incoming.choice))


async def show_one_team(turn: Turn) -> Reply:
    """`teams.of:<team>`."""
    _demand_whole_company(turn)
    return await _one_team(turn, await turn.uow.teams.get(turn.arg(0)))


async def _one_team(turn: Turn, team: Team, note: Markup = Markup()) -> Reply:
    return views.one_team(turn.t, team, await _people_of(turn, team), note=note, replaces=bool(turn.incoming.choice))


async def _people_of(turn: Turn, team: Team) -> Sequence[Member]:
    return [member for member in await turn.uow.members.all_ever() if member.team_id == team.id]


async def ask_new_name(turn: Turn) -> Reply:
    """`teams.new`, `teams.new:<member>`: who is put into it."""
    _demand_whole_company(turn)
    member = (await _to_place(turn, turn.arg(0))).id if turn.args else 0
    await turn.ask("teams.name", team=0, member=member)
    return views.ask_team_name(turn.t)


async def ask_other_name(turn: Turn) -> Reply:
    """`teams.rename:<team>`."""
    _demand_whole_company(turn)
    team = await turn.uow.teams.get(turn.arg(0))
    await turn.ask("teams.name", team=team.id, member=0)
    return views.ask_team_name(turn.t)


async def name_typed(turn: Turn) -> Reply:
    """The name of a new team, or another one for a team that there is; who it was made for is put into it."""
    _demand_whole_company(turn)
    name, team_id, member_id = " ".join(turn.words.split()), int(turn.data["team"]), int(turn.data.get("member", 0))
    if not 0 < len(name) <= LONGEST_NAME:
        await turn.ask("teams.name", team=team_id, member=member_id)
        return views.ask_team_name(turn.t, again=True)
    if team_id:
        team = await turn.uow.teams.rename(await turn.uow.teams.get(team_id), name)
    else:
        team = await turn.uow.teams.add(name)
    await _note(turn, "team_renamed" if team_id else "team_made", team)
    if member_id:
        return await _place(turn, await _to_place(turn, member_id), team)
    return await _one_team(turn, team, turn.t("✅ Saved"))


async def _note(turn: Turn, what: str, team: Team) -> None:
    await turn.uow.audit.note(turn.member, What.DECIDED, now=turn.now, fields=[what], team=team.name)


async def remove(turn: Turn) -> Reply:
    """`teams.remove:<team>`: an empty one."""
    _demand_whole_company(turn)
    team = await turn.uow.teams.get(turn.arg(0))
    await turn.uow.teams.remove(team)
    await _note(turn, "team_removed", team)
    return await _all_teams(turn, views.removed(turn.t, team))


CHOICES: dict[str, Handler] = {
    "team": show,
    "team.member": show_member,
    "team.roles": ask_role,
    "team.role": set_role,
    "team.groups": ask_team,
    "team.group": set_team,
    "team.leave": ask_leaving,
    "team.left": leave,
    "team.back": take_back,
    "teams": show_teams,
    "teams.of": show_one_team,
    "teams.new": ask_new_name,
    "teams.rename": ask_other_name,
    "teams.remove": remove,
}
QUESTIONS: dict[str, Handler] = {"teams.name": name_typed}
READING = frozenset(("/nhom", "team"))
