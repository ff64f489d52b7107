"""The audit in words: who did what to whom, a day at a time."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from types import MappingProxyType
from typing import Any

from markupsafe import Markup

from bot.domain.audit import AuditEntry, Viewer, What
from bot.domain.customers import Customer
from bot.domain.people import Member, Role
from bot.i18n import Translator, mark
from bot.messages import Choice, Reply, Rows
from bot.views.words import ROLES, called, shortened, team_called

PAGE = 10
VIEWERS = 5

# What a member did, where it is not a change.
_DID = {
    What.SAW: mark("{who} looked at {customer}"),
    What.TOOK_FILE: mark("{who} took a file of {customer}"),
    What.ASSIGNED: mark("{who} gave {customer} to {about}"),
    What.HANDED_OVER: mark("{who} handed the customers of {about} over to {to}"),
    What.INVITED: mark("{who} invited a new member"),
    What.JOINED: mark("{who} joined the team"),
    What.LINKED: mark("{who} linked another account"),
    What.ROLE_CHANGED: mark("{who} changed what {about} may do"),
    What.TEAM_CHANGED: mark("{who} moved {about} to another team"),
    What.DEACTIVATED: mark("{who} took away {about}'s access"),
    What.REACTIVATED: mark("{who} gave {about} access again"),
    What.RESENT: mark("{who} sent a message to {about} again"),
    What.EXPORTED: mark("{who} took all data of {customer} as a file"),
    What.ERASED: mark("{who} erased {customer}"),
    What.REQUESTED: mark("{who} noted a data request of {customer}"),
}
# Of what was written down: its kind; of what was changed: the field, else its kind.
_THINGS = {
    "customer": mark("the record"),
    "sale": mark("a sale"),
    "followup": mark("a follow-up"),
    "interaction": mark("a note"),
    "stage_move": mark("the stage"),
    "ticket": mark("a ticket"),
    "reward": mark("a gift for a recommendation"),
    "customer.name": mark("the name"),
    "customer.honorific": mark("the form of address"),
    "customer.phones": mark("the phone number"),
    "customer.email": mark("the e-mail address"),
    "customer.company": mark("the company"),
    "customer.source": mark("the source"),
    "customer.referrer": mark("who referred them"),
    "customer.referrer_id": mark("who referred them"),
    "customer.heat": mark("the heat"),
    "customer.stage": mark("the stage"),
    "customer.stage_since": mark("the stage"),
    "customer.lost_reason": mark("the stage"),
    "customer.potential": mark("the potential"),
    "customer.interest": mark("the interest"),
    "customer.owner_id": mark("who takes care"),
    "sale.amount_vnd": mark("the amount of a sale"),
}
# What somebody decided for the company or the team.
_DECISIONS = {
    "name": mark("the name of the company"),
    "trade": mark("the trade"),
    "pipeline": mark("the sales steps"),
    "rule": mark("the rule for new customers"),
    "source_owners": mark("the rule for new customers"),
    "targets": mark("the targets"),
    "zalo_template": mark("the Zalo templates"),
}
_TEAMS = {
    "team_made": mark("{who} set up {team}"),
    "team_renamed": mark("{who} changed the name of a team: {team}"),
    "team_removed": mark("{who} removed {team}"),
}


def log_page(
    t: Translator,
    entries: Sequence[AuditEntry],
    total: int,
    offset: int,
    *,
    which: str,
    about: str = "",
    viewers: Sequence[Viewer] = (),
    members: Mapping[int, str] = MappingProxyType({}),
    replaces: bool,
) -> Reply:
    """Entries by day, newest first. `which` is whose they are, as the paging buttons say it; `about` its name for the
    heading; `members` are names by number, for who got what was handed over."""
    heading = t("🗂 <b>Log: {name}</b>", name=about) if about else t("🗂 <b>Log</b>")
    body = [
        _day(t, list(day), members) for _, day in groupby(entries, key=lambda entry: entry.at.astimezone(t.zone).date())
    ]
    text = [heading, _viewed(t, viewers), *(body or [t("Nothing yet.")])]
    tail = () if which != "a" else ((Choice("📮 " + t("Messages sent"), "audit.sent:0"),),)
    return Reply(
        Markup("\n\n").join(filter(None, text)),
        (*_pages(t, f"audit.page:{which}", total, offset), *tail),
        replaces=replaces,
    )


def ask_whom(t: Translator, words: str, members: Sequence[Member], customers: Sequence[Customer]) -> Reply:
    """Several are called so: which one?"""
    if not members and not customers:
        return Reply(t("Nobody is called “{words}”. Type /audit with the name of a member or a customer.", words=words))
    choices = [Choice(f"🙋 {member.name}", f"audit.page:m{member.id}:0") for member in members]
    choices += [
        Choice(f"👤 {shortened(called(t, customer), 30)} · {customer.code}", f"audit.page:c{customer.id}:0")
        for customer in customers
    ]
    return Reply(t("Whom do you mean?"), tuple((choice,) for choice in choices))


def _viewed(t: Translator, viewers: Sequence[Viewer]) -> Markup:
    """Seen by: Minh (3 days, last 08:12 T2 23/11), …"""
    if not viewers:
        return Markup()
    said = [
        t.plural(
            "• {name}: {count} day, last on {moment}",
            "• {name}: {count} days, last on {moment}",
            viewer.days,
            name=viewer.member,
            moment=t.moment(viewer.last_at),
        )
        for viewer in viewers[:VIEWERS]
    ]
    more = len(viewers) - VIEWERS
    rest = [t.plural(" … and {count} more", " … and {count} more", more)] if more > 0 else []
    return Markup("\n").join([t("👀 Who has looked:"), *said, *rest])


def _day(t: Translator, entries: Sequence[AuditEntry], members: Mapping[int, str]) -> Markup:
    day = Markup("<b>{}</b>").format(t.short_day(entries[0].at.astimezone(t.zone).date()))
    return Markup("\n").join(
        [day, *(Markup("{} {}").format(t.clock(entry.at), sentence(t, entry, members)) for entry in entries)]
    )


def sentence(t: Translator, entry: AuditEntry, members: Mapping[int, str] = MappingProxyType({})) -> Markup:
    """Minh sửa số điện thoại của chị Lan."""
    names = {
        "who": entry.member or t("the system"),
        "about": entry.about_member or t("a colleague"),
        "customer": called(t, entry.customer) if entry.customer else t("a customer"),
    }
    if entry.what is What.UNDID:
        said = [*_words(entry, "added"), *_words(entry, "fields")]
        things = [thing for thing in said if thing != "interaction"] or said  # the note of a change goes with it
        return t("{who} took back {things} of {customer}", things=t.listed(_things(t, things)), **names)
    if entry.what is What.CHANGED:
        return _changed(t, entry, names)
    if entry.what is What.ROLE_CHANGED and (role := _role(entry.details.get("role"))):
        return t("{who} made {about} a {role}", role=t(ROLES[role]), **names)
    if entry.what is What.DECIDED:
        return _decided(t, entry, names)
    to = members.get(entry.details.get("to", 0)) or t("a colleague")
    return t(_DID[entry.what], to=to, **names)


def _decided(t: Translator, entry: AuditEntry, names: dict[str, Any]) -> Markup:
    if team := next((field for field in _words(entry, "fields") if field in _TEAMS), None):
        return t(_TEAMS[team], team=team_called(t, str(entry.details.get("team", ""))), **names)
    things = [str(t(_DECISIONS[field])) for field in _words(entry, "fields") if field in _DECISIONS]
    if not things:
        return t("{who} changed the company's settings", **names)
    decided = t.listed(list(dict.fromkeys(things)))
    if entry.about_member:
        return t("{who} changed {things} of {about}", things=decided, **names)
    return t("{who} changed {things}", things=decided, **names)


def _changed(t: Translator, entry: AuditEntry, names: dict[str, Any]) -> Markup:
    kinds, fields = _words(entry, "added"), _words(entry, "fields")
    others: list[str] = [kind for kind in ("sale", "followup") if kind in kinds]
    if not (
        others or fields or "customer" in kinds
    ):  # what only goes along with the others is told where it stands alone
        others = kinds
    added, changed = t.listed(_things(t, others)), t.listed(_things(t, fields))
    if "customer" in kinds:
        if others:
            return t("{who} added {customer}, with {things}", things=added, **names)
        return t("{who} added {customer}", **names)
    if others and fields:
        return t("{who} added {things} and changed {fields} of {customer}", things=added, fields=changed, **names)
    if others:
        return t("{who} added {things} for {customer}", things=added, **names)
    return t("{who} changed {fields} of {customer}", fields=changed, **names)


def _words(entry: AuditEntry, name: str) -> list[str]:
    return list(entry.details.get(name, ()))


def _things(t: Translator, names: Sequence[str]) -> list[str]:
    """Each thing once, in the reader's words."""
    said = (t(_THINGS.get(name) or _THINGS.get(name.partition(".")[0], _THINGS["customer"])) for name in names)
    return list(dict.fromkeys(map(str, said)))


def _role(name: object) -> Role | None:
    return next((role for role in Role if role == name), None)


def _pages(t: Translator, verb: str, total: int, offset: int) -> Rows:
    """‹ newer · older ›"""
    newer = [Choice("‹ " + t("Newer"), f"{verb}:{max(0, offset - PAGE)}")] if offset > 0 else []
    older = [Choice(t("Older") + " ›", f"{verb}:{offset + PAGE}")] if offset + PAGE < total else []
    return ((*newer, *older),) if newer or older else ()
