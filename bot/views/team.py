"""The team: who is on it and what they have on their hands, one member's page, and the teams of the company."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot.domain.people import Member, Role
from bot.domain.teams import Load, Team
from bot.i18n import Translator
from bot.messages import Choice, Reply, Rows
from bot.views.cards import lines
from bot.views.words import ROLES, team_called

PAGE = 8


@dataclass(frozen=True, slots=True)
class MemberView:
    """All that stands on a member's page, and what its reader may do there."""

    member: Member
    team: Team | None
    load: Load
    is_reader: bool
    may_change: bool
    may_change_role: bool
    may_change_team: bool


def overview(
    t: Translator,
    people: Sequence[Member],
    teams: Mapping[int, Team],
    loads: Mapping[int, Load],
    page: int,
    *,
    decides_teams: bool,
    replaces: bool,
) -> Reply:
    """Everybody whom the reader leads, a page at a time; a name opens the member's page."""
    shown = people[page * PAGE : (page + 1) * PAGE]
    parts = [t("👥 <b>The team</b>")]
    for member in shown:
        heading = Markup("<b>{}</b> · {}").format(member.name, standing(t, member, teams.get(member.team_id or 0)))
        parts.append(lines([heading, load_words(t, loads.get(member.id, Load()))]))
    names = [Choice(member.name, f"team.member:{member.id}") for member in shown]
    rows: list[tuple[Choice, ...]] = [tuple(names[start : start + 2]) for start in range(0, len(names), 2)]
    turns = (("‹", page - 1, page > 0), ("›", page + 1, len(people) > (page + 1) * PAGE))
    if steps := tuple(Choice(sign, f"team:{number}") for sign, number, there in turns if there):
        rows.append(steps)
    below = [Choice("🎟 " + t("Invite"), "invite")]
    if decides_teams:
        below.append(Choice("🗂 " + t("Teams"), "teams"))
    return Reply(Markup("\n\n").join(parts), (*rows, tuple(below)), replaces=replaces)


def standing(t: Translator, member: Member, team: Team | None) -> Markup:
    """Role and team; or that they have left."""
    if not member.active:
        return t("no longer on the team")
    if team:
        return Markup("{}, {}").format(t(ROLES[member.role]), team_called(t, team.name))
    return t("manager of the whole company") if member.role is Role.MANAGER else t(ROLES[member.role])


def load_words(t: Translator, load: Load) -> Markup:
    """Khách: 12 · Việc: 5 · Quá hạn: 2."""
    return t(
        "Customers: {customers} · To do: {open} · Overdue: {overdue}",
        customers=t.number(load.customers),
        open=t.number(load.open_followups),
        overdue=t.number(load.overdue),
    )


def member_page(t: Translator, view: MemberView, *, note: Markup = Markup(), replaces: bool = True) -> Reply:
    """One member, with what the reader may do about them."""
    member = view.member
    text = lines(
        [
            note,
            Markup("👤 <b>{}</b>").format(member.name),
            standing(t, member, view.team),
            load_words(t, view.load),
            _hint(t, view),
        ]
    )
    return Reply(text, _page_rows(t, view), replaces=replaces)


def _hint(t: Translator, view: MemberView) -> Markup:
    if view.member.active or not view.load.customers:
        return Markup()
    return t("⚠️ Their customers are waiting for somebody: hand them over.")


def _page_rows(t: Translator, view: MemberView) -> Rows:
    member, rows = view.member, []
    if member.active:
        change = []
        if view.may_change_role:
            change.append(Choice("🎖 " + t("Role"), f"team.roles:{member.id}"))
        if view.may_change_team:
            change.append(Choice("🗂 " + t("Put in a team"), f"team.groups:{member.id}"))
        rows.append(tuple(change))
    if (view.may_change or view.is_reader) and view.load.customers:
        rows.append((Choice("🔁 " + t("Hand over customers"), f"handover.from:{member.id}"),))
    if view.may_change and not view.is_reader:
        leaving, back = (
            Choice("🚪 " + t("Deactivate"), f"team.leave:{member.id}"),
            Choice("↩️ " + t("Take back"), f"team.back:{member.id}"),
        )
        rows.append((leaving if member.active else back,))
    return (*(row for row in rows if row), (Choice("‹ " + t("Team"), "team"),))


def choose_role(t: Translator, member: Member) -> Reply:
    """The roles, the present one marked."""
    rows = tuple(
        (Choice(("✓ " if role is member.role else "") + t(ROLES[role]).capitalize(), f"team.role:{member.id}:{role}"),)
        for role in Role
    )
    text = t("What is {name} on the team?", name=member.name)
    return Reply(text, (*rows, _back_to(member)), replaces=True)


def choose_team(t: Translator, member: Member, teams: Sequence[Team]) -> Reply:
    """The teams, the present one marked."""
    named = [(team.name, team.id) for team in teams] + [(str(t("No team").unescape()), 0)]
    rows = tuple(
        (Choice(("✓ " if team_id == (member.team_id or 0) else "") + name, f"team.group:{member.id}:{team_id}"),)
        for name, team_id in named
    )
    hint = t("A manager without a team sees the whole company.") if member.role is Role.MANAGER else Markup()
    return Reply(
        lines([t("Into which team does {name} go?", name=member.name), hint]),
        (*rows, (Choice("➕ " + t("New team"), f"teams.new:{member.id}"),), _back_to(member)),
        replaces=True,
    )


def ask_leaving(t: Translator, member: Member) -> Reply:
    """Sure?"""
    text = t(
        "Deactivate <b>{name}</b>? They lose access at once and are told nothing any more; customers and history stay.",
        name=member.name,
    )
    return Reply(
        text, ((Choice("🚪 " + t("Yes, deactivate"), f"team.left:{member.id}"),), _back_to(member)), replaces=True
    )


def _back_to(member: Member) -> tuple[Choice]:
    return (Choice("‹ " + member.name, f"team.member:{member.id}"),)


def new_role(t: Translator, member: Member) -> Reply:
    """What somebody hears whose role was changed."""
    return Reply(
        t("Your role on the team is now: <b>{role}</b>. /help shows what you can do.", role=t(ROLES[member.role]))
    )


def taken_back(t: Translator, member: Member, org: str) -> Reply:
    """What somebody hears who is on the team again."""
    return Reply(t("Welcome back to the team of <b>{org}</b>, {name}!", org=org, name=member.name))


# Teams ----------------------------------------------------------------------------------------------------------------


def all_teams(
    t: Translator, teams: Sequence[Team], sizes: Mapping[int, int], *, note: Markup = Markup(), replaces: bool
) -> Reply:
    """The teams, each to open."""
    none = t("No teams yet. With teams, each has its manager, who sees the customers of that team alone.")
    rows = tuple((Choice(f"{team.name} ({sizes.get(team.id, 0)})", f"teams.of:{team.id}"),) for team in teams)
    below = ((Choice("➕ " + t("New team"), "teams.new"),), (Choice("‹ " + t("Team"), "team"),))
    return Reply(lines([note, t("🗂 <b>Teams</b>"), Markup() if teams else none]), (*rows, *below), replaces=replaces)


def one_team(t: Translator, team: Team, people: Sequence[Member], *, note: Markup = Markup(), replaces: bool) -> Reply:
    """Who is in it, and what can be done with it."""
    who = [
        Markup("• {} · {}").format(
            member.name, standing(t, member, None) if not member.active else t(ROLES[member.role])
        )
        for member in people
    ]
    text = lines(
        [
            note,
            Markup("🗂 <b>{}</b>").format(team.name),
            *(who or [t("Nobody is in it yet: open somebody's page and put them in.")]),
        ]
    )
    change = [Choice("✏️ " + t("Rename"), f"teams.rename:{team.id}")]
    if not people:
        change.append(Choice("🗑 " + t("Remove the team"), f"teams.remove:{team.id}"))
    return Reply(text, (tuple(change), (Choice("‹ " + t("Teams"), "teams"),)), replaces=replaces)


def removed(t: Translator, team: Team) -> Markup:
    """It is gone."""
    return t("🗑 Removed: {team}.", team=team_called(t, team.name))


def ask_team_name(t: Translator, *, again: bool = False) -> Reply:
    """What is it called?"""
    wrong = t("⚠️ A short name, please.") if again else Markup()
    text = t("What is the team called? For example <code>North</code>.")
    return Reply(lines([wrong, text]), ((Choice("‹ " + t("Teams"), "teams"),),))
