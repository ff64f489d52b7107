"""A member's settings and the values to choose from."""

from collections.abc import Sequence
from datetime import date, time, timedelta

from markupsafe import Markup

from bot.domain.people import Member
from bot.domain.vocabulary import OwnWord
from bot.i18n import Translator, mark
from bot.messages import Choice, Reply, Rows
from bot.views.cards import lines

_MONDAY = date(2026, 11, 23)
_LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
_QUESTIONS = {
    "digest": mark("At what time should the morning list come? Choose, or type for example <code>7:30</code>."),
    "quiet_from": mark(
        "From what time on in the evening should I keep quiet? Choose, or type for example <code>21:00</code>."
    ),
    "quiet_until": mark(
        "Until what time in the morning should I keep quiet? Choose, or type for example <code>7:00</code>."
    ),
}
_HOURS = {
    "digest": (time(7), time(7, 30), time(8), time(8, 30), time(9), time(9, 30)),
    "quiet_from": (time(19), time(20), time(21), time(22), time(23)),
    "quiet_until": (time(5), time(6), time(7), time(8), time(9)),
}


def _weekday(t: Translator, number: int) -> str:
    return t.weekday(_MONDAY + timedelta(days=number))


def overview(t: Translator, member: Member, *, replaces: bool) -> Reply:
    """All settings on one card."""
    off = ", ".join(_weekday(t, day) for day in sorted(member.days_off)) or str(t("none"))
    text = lines(
        [
            t("⚙️ <b>Settings</b> of {name}", name=member.name),
            t("Language: {language}", language=_LANGUAGES[t.locale]),
            t("Time zone: {zone}", zone=zone_name(t, member.timezone)),
            t("Morning list: {hour}", hour=t.clock(member.digest_at)),
            t("Quiet: {since} to {until}", since=t.clock(member.quiet_from), until=t.clock(member.quiet_until)),
            t("Days off: {days}, and public holidays", days=off),
        ]
    )
    other = "en" if t.locale == "vi" else "vi"
    company: Rows = ()
    if member.sees_everyone:
        company = ((Choice("🏢 " + t("Company"), "company"), Choice("🪜 " + t("Sales steps"), "pipeline.show")),)
    rows = (
        (
            Choice("🌐 " + _LANGUAGES[other], f"settings.language:{other}"),
            Choice("🕒 " + t("Time zone"), "settings.ask:zone"),
        ),
        (Choice("☀️ " + t("Morning list"), "settings.ask:digest"), Choice("📅 " + t("Days off"), "settings.ask:days")),
        (
            Choice("🌙 " + t("Quiet from"), "settings.ask:quiet_from"),
            Choice("🌅 " + t("Quiet until"), "settings.ask:quiet_until"),
        ),
        (Choice("🙋 " + t("My name"), "settings.ask:name"), Choice("💡 " + t("My words"), "settings.ask:words")),
        (Choice("🔗 " + t("Link another account"), "invite.link"),),
        *company,
    )
    return Reply(text, rows, replaces=replaces)


_PLACES = {"Asia/Ho_Chi_Minh": mark("Vietnam")}


def zone_name(t: Translator, zone: str) -> str:
    """A zone by its place: Việt Nam, Tokyo."""
    return str(t(_PLACES[zone])) if zone in _PLACES else zone.rpartition("/")[2].replace("_", " ")


def own_words(t: Translator, words: Sequence[OwnWord], member: Member) -> Reply:
    """The words learned from corrections, each to be forgotten with a tap."""
    if not words:
        text = t("💡 No words of your own yet. When you correct what I understood, I remember how you say it.")
        return Reply(text, ((_back(t),),), replaces=True)
    listed = [t("• “{said}” means {meaning}", said=word.said, meaning=word.meaning) for word in words]
    removable = [word for word in words if member.manages or not word.shared]
    rows = tuple(
        (Choice(t("Forget “{said}”", said=word.said), f"settings.forget:{word.id}"),) for word in removable[:20]
    )
    return Reply(lines([t("💡 <b>My words</b>"), *listed]), (*rows, (_back(t),)), replaces=True)


def ask_name(t: Translator) -> Reply:
    """How the member is called."""
    text = t("What are you called? Customers read this name in your messages. For example <code>Minh</code>.")
    return Reply(text, ((_back(t),),), replaces=True)


def _back(t: Translator) -> Choice:
    return Choice("‹ " + t("Settings"), "settings")


def choose_hour(t: Translator, which: str, *, again: bool = False) -> Reply:
    """The usual hours to tap."""
    wrong = t("⚠️ I see no time of day in that.") if again else Markup()
    hours = [Choice(t.clock(hour), f"settings.hour:{which}:{hour:%H%M}") for hour in _HOURS[which]]
    return Reply(
        lines([wrong, t(_QUESTIONS[which])]), (tuple(hours[:3]), tuple(hours[3:]), (_back(t),)), replaces=not again
    )


def choose_zone(t: Translator, zones: Sequence[str], *, again: bool = False) -> Reply:
    """The zones that people of a Vietnamese company are found in."""
    wrong = t("⚠️ I do not know this time zone.") if again else Markup()
    choices = [Choice(zone_name(t, zone), f"settings.zone:{number}") for number, zone in enumerate(zones)]
    rows = tuple(tuple(choices[i : i + 2]) for i in range(0, len(choices), 2))
    return Reply(
        lines([wrong, t("Where are you? Choose, or type a city, for example <code>Paris</code>.")]),
        (*rows, (_back(t),)),
        replaces=not again,
    )


def choose_days(t: Translator, member: Member) -> Reply:
    """The days of the week, those off marked."""
    days = [
        Choice(("🌴 " if day in member.days_off else "") + _weekday(t, day), f"settings.day:{day}") for day in range(7)
    ]
    text = t(
        "On which days do you not work? 🌴 marks a day off: no list comes on it, unless you set something for that very day."
    )
    return Reply(text, (tuple(days[:4]), tuple(days[4:]), (_back(t),)), replaces=True)
