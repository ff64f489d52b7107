"""/caidat: language, time zone, digest hour, quiet hours and days off, each changed in place."""

import re
from datetime import time
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.calendar import next_digest
from bot.domain.errors import DomainError
from bot.domain.names import folded
from bot.i18n import LOCALES
from bot.messages import Reply
from bot.turn import Handler, Turn
from bot.views import settings as views

COMMON_ZONES = (
    "Asia/Ho_Chi_Minh",
    "Asia/Bangkok",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Asia/Seoul",
    "Australia/Sydney",
    "Europe/Berlin",
    "America/Los_Angeles",
)


_VIETNAM = {
    "viet_nam",
    "vietnam",
    "vn",
    "ha_noi",
    "hanoi",
    "sai_gon",
    "saigon",
    "hcm",
    "tp_hcm",
    "ho_chi_minh",
    "da_nang",
}
LONGEST_NAME = 60


async def show(turn: Turn) -> Reply:
    """/caidat."""
    return views.overview(turn.t, turn.member, replaces=bool(turn.incoming.choice))


async def ask(turn: Turn) -> Reply:
    """`settings.ask:<which>`: the values to choose from."""
    which = turn.args[0] if turn.args else ""
    if which in ("digest", "quiet_from", "quiet_until"):
        await turn.ask("settings.hour", which=which)
        return views.choose_hour(turn.t, which)
    if which == "zone":
        await turn.ask("settings.zone")
        return views.choose_zone(turn.t, COMMON_ZONES)
    if which == "days":
        return views.choose_days(turn.t, turn.member)
    if which == "words":
        return views.own_words(turn.t, await turn.uow.vocabulary.words(turn.member), turn.member)
    if which == "name":
        await turn.ask("settings.name")
        return views.ask_name(turn.t)
    raise DomainError("old_button")


async def _changed(turn: Turn, **changes: object) -> Reply:
    """The settings with a change; the next digest is planned anew, and the card speaks the new language."""
    member = await turn.uow.members.update(turn.member, **changes)
    turn.member = await turn.uow.members.update(
        member,
        next_digest_at=next_digest(member, turn.now),
        next_week_at=None,  # the next tick sets it anew
    )
    return views.overview(turn.translator_of(turn.member), turn.member, replaces=bool(turn.incoming.choice))


async def set_language(turn: Turn) -> Reply:
    """`settings.language:<locale>`."""
    if not turn.args or turn.args[0] not in LOCALES:
        raise DomainError("old_button")
    return await _changed(turn, locale=turn.args[0])


_HOURS = {"digest": "digest_at", "quiet_from": "quiet_from", "quiet_until": "quiet_until"}


async def set_hour(turn: Turn) -> Reply:
    """`settings.hour:<which>:<HHMM>`."""
    which = turn.args[0] if turn.args else ""
    hour, minute = divmod(turn.arg(1), 100)
    if which not in _HOURS or hour > 23 or minute > 59:
        raise DomainError("old_button")
    return await _changed(turn, **{_HOURS[which]: time(hour, minute)})


# An hour of the day as it is typed: here 6h is six in the morning, whatever it means in a follow-up.
_TYPED_HOUR = re.compile(r"\s*([01]?\d|2[0-3])\s*(?:[h:g.]\s*([0-5]\d)?)?\s*", re.IGNORECASE)


async def type_hour(turn: Turn) -> Reply:
    """A typed hour: 7h30, 7:30, 7."""
    found = _TYPED_HOUR.fullmatch(turn.words)
    which = str(turn.data["which"])
    if not found:
        await turn.ask("settings.hour", which=which)
        return views.choose_hour(turn.t, which, again=True)
    return await _changed(turn, **{_HOURS[which]: time(int(found[1]), int(found[2] or 0))})


async def set_zone(turn: Turn) -> Reply:
    """`settings.zone:<number>` of the common zones."""
    number = turn.arg(0)
    if number >= len(COMMON_ZONES):
        raise DomainError("old_button")
    return await _changed(turn, timezone=COMMON_ZONES[number])


async def type_zone(turn: Turn) -> Reply:
    """A typed zone: Asia/Tokyo, or just Tokyo."""
    wanted = "_".join(folded(turn.words).split())
    if wanted in _VIETNAM:
        return await _changed(turn, timezone=COMMON_ZONES[0])
    found = [
        name
        for name in sorted(available_timezones())
        if wanted and (name.lower() == wanted or name.lower().endswith(f"/{wanted}"))
    ]
    if not found:
        await turn.ask("settings.zone")
        return views.choose_zone(turn.t, COMMON_ZONES, again=True)
    return await _changed(turn, timezone=ZoneInfo(found[0]).key)


async def type_name(turn: Turn) -> Reply:
    """How the member is called, by colleagues and in messages to customers."""
    name = " ".join(turn.words.split())
    if not 0 < len(name) <= LONGEST_NAME:
        await turn.ask("settings.name")
        return views.ask_name(turn.t)
    return await _changed(turn, name=name)


async def forget_word(turn: Turn) -> Reply:
    """`settings.forget:<word>`: it means nothing special any more."""
    await turn.uow.vocabulary.forget(turn.member, turn.arg(0))
    return views.own_words(turn.t, await turn.uow.vocabulary.words(turn.member), turn.member)


async def toggle_day(turn: Turn) -> Reply:
    """`settings.day:<weekday>`: work on it, or not; one working day at least is left."""
    day = turn.arg(0)
    days = turn.member.days_off ^ {day}
    if day > 6 or len(days) > 6:
        raise DomainError("old_button")
    await _changed(turn, days_off=frozenset(days))
    return views.choose_days(turn.t, turn.member)


CHOICES: dict[str, Handler] = {
    "settings": show,
    "settings.ask": ask,
    "settings.language": set_language,
    "settings.hour": set_hour,
    "settings.zone": set_zone,
    "settings.day": toggle_day,
    "settings.forget": forget_word,
}
QUESTIONS: dict[str, Handler] = {"settings.hour": type_hour, "settings.zone": type_zone, "settings.name": type_name}
