"""By which way a customer is written to, in words: on the timeline, and to whoever wants to write to them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from markupsafe import Markup

from bot.domain.customers import Customer
from bot.domain.reaching import WITH_WINDOW, Contact, Means, Route, Shut, first_open, why_shut
from bot.domain.timeline import Interaction
from bot.domain.windows import PAID_MESSAGE_VND, Opening, Window
from bot.i18n import Translator, mark
from bot.views.words import called

SENT_BY = {
    Route.TELEGRAM: mark("Sent on Telegram"),
    Route.ZALO: mark("Sent on Zalo"),
    Route.ZALO_BOT: mark("Sent by the Zalo bot"),
    Route.ZALO_PAID: mark("Sent on Zalo, against a fee"),
    Route.ZALO_TEMPLATE: mark("Sent as a Zalo template"),
    Route.EMAIL: mark("Sent by e-mail"),
    Route.SMS: mark("Sent by SMS"),
    Route.TASK: mark("Task for the rep"),
}
_ON_ZALO = {Route.ZALO: mark("Zalo"), Route.ZALO_BOT: mark("Zalo bot"), Route.ZALO_PAID: mark("Zalo, against a fee")}
_ABOUT = {"survey": mark("survey"), "ticket": mark("ticket"), "faq": mark("question"), "relay": mark("answer")}
_WHY_SHUT = {
    Shut.BLOCKED: mark("{name} has blocked us, or follows us no more."),
    Shut.SILENT: mark("{name} has been silent on Zalo for over 7 days, so Zalo lets nobody write to them."),
    Shut.COSTS: mark("{name} has been silent on Zalo for over 48 hours: a message would cost {price}, so I send none."),
}
_A_DAY = timedelta(days=1)


def sent_words(t: Translator, entry: Interaction) -> Markup | None:
    """How something of ours went to the customer and what it was: Đã gửi qua mẫu tin Zalo (khảo sát); None for other entries."""
    route = _route(entry)
    if route is None:
        return None
    about = _ABOUT.get(str(entry.details.get("about")))
    return Markup("{} ({})").format(t(SENT_BY[route]), t(about)) if about else t(SENT_BY[route])


def channel_words(t: Translator, entry: Interaction) -> Markup:
    """On which channel a member's own words went: Zalo, and whether in its own app; empty for Telegram, which goes without saying."""
    on = _ON_ZALO.get(_route(entry) or Route.TELEGRAM)
    if on and entry.details.get("about") == "by_hand":
        return t("{channel}, not through me", channel=t(on))
    return t(on) if on else Markup()


def cost_words(t: Translator, way: Route) -> Markup:
    """By which way it goes, for those that cost; empty for all others."""
    return t(SENT_BY[way]) if way in (Route.ZALO_PAID, Route.ZALO_TEMPLATE) else Markup()


def _route(entry: Interaction) -> Route | None:
    said = entry.details.get("route")
    return Route(said) if entry.details.get("direction") == "out" and said in list(Route) else None


def why_words(t: Translator, customer: Customer, why: Shut) -> Markup:
    """Why they cannot be written to; empty where no channel was ever there."""
    if why is Shut.NO_CHANNEL:
        return Markup()
    return t(_WHY_SHUT[why], name=called(t, customer), price=t.money(PAID_MESSAGE_VND))


def reach_line(t: Translator, customer: Customer, contacts: Sequence[Contact], now: datetime, means: Means) -> Markup:
    """For who is about to write to them: how long Zalo still lets us, or why no channel is open; empty where one simply is."""
    line = window_line(t, contacts, now, means)
    if line or first_open(contacts, now, means):
        return line
    return why_words(t, customer, why_shut(contacts, now, means))


def window_line(t: Translator, contacts: Sequence[Contact], now: datetime, means: Means) -> Markup:
    """How long Zalo still lets us answer: for customers whom nothing but an account with a window leads to, empty for others."""
    theirs = [one for one in contacts if one.channel in WITH_WINDOW and one.channel in means.channels]
    way = first_open(contacts, now, means)
    if not theirs or (way and way.contact and way.contact.channel not in WITH_WINDOW):
        return Markup()
    open_to_us = [one for one in theirs if one.blocked_at is None]
    if not open_to_us:
        return t("💬 Zalo: the customer follows us no more or has blocked us, only they can begin")
    window = Window(max((one.interacted_at for one in open_to_us if one.interacted_at), default=None))
    left, price = _lasts(t, window.left(now)), t.money(PAID_MESSAGE_VND)
    match window.opening(now):
        case Opening.FREE:
            return t("💬 Zalo: answers are free for {left} more", left=left)
        case Opening.PAID if means.paid:
            return t("💬 Zalo: {left} left, {price} a message", left=left, price=price)
        case Opening.PAID:
            return t("💬 Zalo: silent for over 48 hours, a message would cost {price}", price=price)
        case Opening.CLOSED:
            return t("💬 Zalo: silent for over 7 days, only they can begin")


def _lasts(t: Translator, left: timedelta) -> Markup:
    """47 giờ, or 5 ngày; never more than there is."""
    if left > 2 * _A_DAY:
        return t.plural("{count} day", "{count} days", left // _A_DAY)
    hours = left // timedelta(hours=1)
    return t.plural("{count} hour", "{count} hours", hours) if hours else t("under an hour")
