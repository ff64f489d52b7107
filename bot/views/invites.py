"""Invitations: whom to invite, the message that is passed on, and what people hear who open one."""

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from bot.domain.invites import Invite, Secrets
from bot.domain.people import Member, Role
from bot.domain.teams import Team
from bot.i18n import Translator
from bot.messages import Choice, File, Reply
from bot.views.cards import lines
from bot.views.referrals import qr_picture
from bot.views.welcome import EXAMPLES, guided, how_to_type
from bot.views.words import CHANNELS, ROLES, team_called


def choose_role(t: Translator, roles: Sequence[Role]) -> Reply:
    """As whom?"""
    rows = tuple((Choice(t(ROLES[role]).capitalize(), f"invite.role:{role}"),) for role in roles)
    return Reply(t("Whom do you invite? A sales rep sees their own customers, a manager those of their team."), rows)


def choose_team(t: Translator, role: Role, teams: Sequence[Team], *, replaces: bool) -> Reply:
    """Into which team?"""
    rows = tuple((Choice(team.name, f"invite.team:{role}:{team.id}"),) for team in teams)
    none = t("No team: sees the whole company") if role is Role.MANAGER else t("No team")
    text = t("Into which team?")
    return Reply(text, (*rows, (Choice(none, f"invite.team:{role}:0"),)), replaces=replaces)


def invitation(
    t: Translator, org: str, invite: Invite, given_out: Secrets, link: str, zalo: str, role: Role, team: Team | None
) -> Reply:
    """The one message that holds it all: picture, link, code, until when."""
    as_role = t(ROLES[role])
    whom = Markup("{}, {}").format(as_role, team_called(t, team.name)) if team else as_role
    heading = t("🎟 <b>An invitation to the team of {org}</b> ({whom})", org=org, whom=whom)
    return _given_out(t, heading, invite, given_out, link, zalo)


def link_account(t: Translator, invite: Invite, given_out: Secrets, link: str, zalo: str) -> Reply:
    """The same for an account of one's own on another channel."""
    heading = t("🔗 <b>Use me from another account of yours as well</b>, on Zalo for example. Do this there:")
    return _given_out(t, heading, invite, given_out, link, zalo)


def _given_out(t: Translator, heading: Markup, invite: Invite, given_out: Secrets, link: str, zalo: str) -> Reply:
    typed = f"THAMGIA {given_out.shown_code}"
    text = lines(
        [
            heading,
            t("Scan the picture, or open {link}", link=link) if link else Markup(),
            t("On Zalo: open {address} and write to me as below", address=zalo) if zalo else Markup(),
            t("Or write to me: <code>{typed}</code>", typed=typed),
            t("For one person, until {moment}. Do not post it publicly.", moment=t.moment(invite.expires_at)),
        ]
    )
    rows = (
        (Choice("📋 " + t("Copy the invitation"), copy=link or typed),),
        (Choice("🗑 " + t("Withdraw the invitation"), f"invite.drop:{invite.id}"),),
    )
    return Reply(text, rows, picture=File("moi.png", qr_picture(link)) if link else None, secret=True)


def withdrawn(t: Translator, *, still_open: bool) -> Reply:
    """The button under it."""
    if still_open:
        return Reply(t("🗑 The invitation is withdrawn: nobody can use it any more."))
    return Reply(toast=t("This invitation has been used or withdrawn already."))


# Who opens one --------------------------------------------------------------------------------------------------------


def not_valid(t: Translator) -> Reply:
    """The same words for what is wrong, expired, used and withdrawn."""
    return Reply(t("This invitation is not valid, or not any more. Please ask your manager for a new one."))


def try_later(t: Translator) -> Reply:
    """Too many wrong ones."""
    return Reply(t("Too many tries. Please wait an hour, then try again or ask your manager for a new invitation."))


def already_here(t: Translator, member: Member, org: str) -> Reply:
    """A member who opens an invitation needs none."""
    return Reply(
        t(
            "You are on the team of <b>{org}</b> already, as {role}: just write to me.",
            org=org,
            role=t(ROLES[member.role]),
        )
    )


def newcomer(t: Translator, member: Member, org: str, channel: str) -> Reply:
    """The first words to who has just joined: a rep is led to their first customer."""
    hello = t(
        "Welcome to the team of <b>{org}</b>, {name}! You are here as {role}.",
        org=org,
        name=member.name,
        role=t(ROLES[member.role]),
    )
    if member.role is Role.REP:
        return guided(t, hello, channel)
    rows = (
        (Choice("👥 " + t("Team"), "team"), Choice("🎟 " + t("Invite"), "invite")),
        (Choice("📋 " + t("Copy example 1"), copy=EXAMPLES[t.locale][0]), Choice("❔ " + t("Help"), "help")),
    )
    return Reply(
        lines(
            [
                hello,
                t("/team shows your people, /invite brings in more. Your own customers you can write down here too."),
                how_to_type(t, channel),
            ]
        ),
        rows,
    )


def linked(t: Translator, member: Member, channel: str) -> Reply:
    """On the account that is new."""
    text = t("🔗 Linked, {name}: here and there you see the same.", name=member.name)
    return Reply(lines([text, how_to_type(t, channel)]))


def joined(t: Translator, member: Member) -> Reply:
    """What the inviter hears."""
    text = t("🎉 <b>{name}</b> has joined the team as {role}.", name=member.name, role=t(ROLES[member.role]))
    return Reply(text, ((Choice("👤 " + member.name, f"team.member:{member.id}"),),))


def another_account(t: Translator, channel: str, moment: datetime) -> Reply:
    """What the member hears where they were already, in case it was not them."""
    text = t(
        "🔗 Another account ({channel}) has been linked to yours at {moment}. If that was not you, tell your manager at once.",
        channel=CHANNELS.get(channel, channel),
        moment=t.moment(moment),
    )
    return Reply(text)
