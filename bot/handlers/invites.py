"""/moinv: invitations are given out and withdrawn; /start join_… and THAMGIA …: guests join, and members link another account."""

from collections.abc import Callable

from bot.domain.audit import What
from bot.domain.calendar import next_digest
from bot.domain.errors import NotFound
from bot.domain.invites import (
    MOST_GUESSES,
    TO_JOIN_FOR,
    TO_LINK_FOR,
    Invite,
    NewInvite,
    invitation_in,
    may_invite,
    new_secrets,
)
from bot.domain.people import Member, Role
from bot.domain.teams import Team
from bot.i18n import LOCALES
from bot.messages import Reply
from bot.turn import Guest, Handler, Turn, send_to_member
from bot.views import invites as views
from bot.views.words import ROLES

LONGEST_NAME = 60


# Giving out -----------------------------------------------------------------------------------------------------------


async def invite(turn: Turn) -> Reply:
    """/moinv: as whom, where there is a choice."""
    roles = may_invite(turn.member)
    if not roles:
        raise NotFound
    return views.choose_role(turn.t, roles) if len(roles) > 1 else await _into_team(turn, roles[0], replaces=False)


async def role_chosen(turn: Turn) -> Reply:
    """`invite.role:<role>`."""
    return await _into_team(turn, _role(turn), replaces=True)


async def team_chosen(turn: Turn) -> Reply:
    """`invite.team:<role>:<team, or 0>`."""
    role, team_id = _role(turn), turn.arg(1)
    if turn.member.role is not Role.OWNER and turn.member.team_id not in (None, team_id):
        raise NotFound
    return await _give_out(turn, role, await turn.uow.teams.get(team_id) if team_id else None)


def _role(turn: Turn) -> Role:
    """The choice's first part. Raises DomainError for what this member cannot invite others as."""
    role = next((role for role in may_invite(turn.member) if turn.args[:1] == [role.value]), None)
    if role is None:
        raise NotFound
    return role


async def _into_team(turn: Turn, role: Role, *, replaces: bool) -> Reply:
    """A manager of a team invites into it; others choose where there are teams."""
    if turn.member.role is not Role.OWNER and turn.member.team_id is not None:
        return await _give_out(turn, role, await turn.uow.teams.get(turn.member.team_id))
    teams = await turn.uow.teams.everything()
    return views.choose_team(turn.t, role, teams, replaces=replaces) if teams else await _give_out(turn, role, None)


async def _give_out(turn: Turn, role: Role, team: Team | None) -> Reply:
    given_out = new_secrets()
    new = NewInvite(turn.member.id, turn.now, turn.now + TO_JOIN_FOR, role, team.id if team else None)
    written = await turn.uow.invites.add(new, given_out)
    await turn.uow.audit.note(turn.member, What.INVITED, now=turn.now, role=role.value)
    link = turn.link_to(given_out.payload)
    return views.invitation(turn.t, await turn.org_name(), written, given_out, link, turn.zalo_address, role, team)


async def link_account(turn: Turn) -> Reply:
    """`invite.link`: an invitation to oneself, on another account."""
    given_out = new_secrets()
    new = NewInvite(turn.member.id, turn.now, turn.now + TO_LINK_FOR, member_id=turn.member.id)
    written = await turn.uow.invites.add(new, given_out)
    return views.link_account(turn.t, written, given_out, turn.link_to(given_out.payload), turn.zalo_address)


async def withdraw(turn: Turn) -> Reply:
    """`invite.drop:<invitation>`."""
    still_open = await turn.uow.invites.withdraw(turn.arg(0), turn.member.id, turn.now)
    return views.withdrawn(turn.t, still_open=still_open)


def unless_invited(otherwise: Handler) -> Handler:
    """`otherwise`, but a member who presents an invitation is told that they need none."""

    async def answer(turn: Turn) -> Reply | list[Reply]:
        if invitation_in(turn.incoming.text) is None or turn.incoming.choice:
            replied = await otherwise(turn)
            return replied if isinstance(replied, Reply) else list(replied)
        # nothing is looked up: a member learns nothing about invitations of others
        return views.already_here(turn.t, turn.member, await turn.org_name())

    return answer


# Joining --------------------------------------------------------------------------------------------------------------


async def join(guest: Guest, secret: str) -> Reply:
    """A guest presents a token or code. Wrong ones are counted, and after some everything is answered alike."""
    peer = guest.incoming.peer
    if await guest.uow.invites.guesses(peer.channel, peer.user_id, guest.now) >= MOST_GUESSES:
        return views.try_later(guest.t)
    known = await guest.uow.members.by_identity(peer.channel, peer.user_id)
    if known and known.active:  # by another update of theirs, a moment ago
        guest.member = known
        return views.already_here(guest.translator_of(known), known, await guest.org_name())
    invite = await guest.uow.invites.use(secret, guest.now)
    if invite is None:
        await guest.uow.invites.guessed_wrong(peer.channel, peer.user_id)
        return views.not_valid(guest.t)
    member = await _take_on(guest, invite, known)
    guest.member = member
    await guest.uow.invites.used_by(invite, member.id)
    what = What.JOINED if invite.member_id is None else What.LINKED
    await guest.uow.audit.note(member, what, now=guest.now, about_member=invite.created_by)
    if invite.member_id is not None:
        return views.linked(guest.translator_of(member), member, peer.channel)
    await _tell(
        guest,
        invite.created_by,
        f"joined:{invite.id}",
        lambda inviter: views.joined(guest.translator_of(inviter), member),
    )
    return views.newcomer(guest.translator_of(member), member, await guest.org_name(), peer.channel)


async def _take_on(guest: Guest, invite: Invite, known: Member | None) -> Member:
    """The member that this guest now is: a new one, one who comes back, or the one whose other account this is."""
    peer = guest.incoming.peer
    if invite.member_id is not None:
        member = await guest.uow.members.get(invite.member_id)
        await _tell(
            guest,
            member.id,
            f"linked:{invite.id}",
            lambda them: views.another_account(guest.translator_of(them), peer.channel, guest.now),
        )
        await guest.uow.members.link(member.id, peer.channel, peer.user_id, peer.chat_id)
        return member
    role = invite.role or Role.REP
    member = known or await _new_member(guest, role)
    learning_since = guest.now if role is Role.REP and known is None else None
    member = await guest.uow.members.update(
        member,
        active=True,
        role=role,
        team_id=invite.team_id,
        next_digest_at=next_digest(member, guest.now),
        learning_since=learning_since,
    )
    await guest.uow.members.link(member.id, peer.channel, peer.user_id, peer.chat_id)
    return member


async def _new_member(guest: Guest, role: Role) -> Member:
    """Somebody with the name and language that they have on the channel."""
    peer = guest.incoming.peer
    language = peer.language.partition("-")[0].lower()
    locale = language if language in LOCALES else guest.t.locale
    name = " ".join(peer.name.split())[:LONGEST_NAME].strip() or str(guest.t(ROLES[role]).unescape())
    return await guest.uow.members.add(name, role, locale, guest.t.zone.key, guest.now)


async def _tell(guest: Guest, member_id: int, key: str, words: Callable[[Member], Reply]) -> None:
    """Say something to a member, in their language; once for each key."""
    member = await guest.uow.members.get(member_id)
    await send_to_member(guest.uow, member_id, key, "notice", words(member), guest.now)


CHOICES: dict[str, Handler] = {
    "invite": invite,
    "invite.role": role_chosen,
    "invite.team": team_chosen,
    "invite.link": link_account,
    "invite.drop": withdraw,
}
