"""Greetings and help, with examples that a tap copies."""

from markupsafe import Markup

from bot.domain.people import Member
from bot.i18n import Translator, mark
from bot.messages import QUOTES, SHOWS_NOTICES, Choice, Reply, Rows
from bot.views.cards import lines
from bot.views.words import ROLES

EXAMPLES = {
    "vi": (
        "Khách mới chị Lan 0912 345 678, FB, quan tâm gói Pro, nóng. T6 gọi lại",
        "c Lan chốt gói Pro 12tr5",
        "a Minh ok báo giá, 9h sáng mai gọi lại",
        "chị Hoa phàn nàn giao trễ 2 ngày",
    ),
    "en": (
        "New customer Ms Lan 0912 345 678, Facebook, interested in Pro plan, hot. Call back Friday",
        "Ms Lan bought Pro plan 12tr5",
        "Mr Minh accepted the quote, call back tomorrow 9am",
        "Ms Hoa complained the delivery was 2 days late",
    ),
}
_WHAT = (mark("a new customer"), mark("a sale"), mark("a note with a reminder"), mark("feedback"))


def examples(t: Translator) -> Markup:
    """The four messages that make up a rep's day."""
    return Markup("\n").join(
        Markup("• {}: <code>{}</code>").format(t(what), example)
        for what, example in zip(_WHAT, EXAMPLES[t.locale], strict=True)
    )


def _rows(t: Translator, channel: str) -> Rows:
    first, second = EXAMPLES[t.locale][:2]
    # Where nothing is copied by a tap, each would come as a message of its own, and nobody asked for it.
    copies = (Choice("📋 " + t("Copy example 1"), copy=first), Choice("📋 " + t("Copy example 2"), copy=second))
    return (
        *((copies,) if channel in SHOWS_NOTICES else ()),
        (Choice("☀️ " + t("Today"), "due.today"), Choice("📅 " + t("Next 7 days"), "due.agenda")),
        (Choice("⚙️ " + t("Settings"), "settings"), Choice("❔ " + t("Help"), "help")),
    )


def how_to_type(t: Translator, channel: str) -> Markup:
    """What is different where there is no menu of commands and choices are typed; nothing where there is."""
    if channel in SHOWS_NOTICES:
        return Markup()
    menu = t(
        "⌨️ On Zalo there is no menu: type commands, such as /today or /help. A choice has a number or letter: type it, or its words."
    )
    if channel in QUOTES:
        return menu
    return (
        menu + Markup(" ") + t("To answer a customer, choose Answer below their words; quoting them does not reach me.")
    )


def no_such_choice(t: Translator, typed: str) -> Reply:
    """A number was typed that stands before no choice."""
    return Reply(t("There is no choice {number}. Please look at the numbers once more.", number=typed))


def greeting(t: Translator, member: Member, org: str, channel: str) -> Reply:
    """What a member sees at /start."""
    text = lines(
        [
            t(
                "Hello {name}! I am the sales assistant of <b>{org}</b>; you are here as {role}.",
                name=member.name,
                org=org,
                role=t(ROLES[member.role]),
            ),
            t(
                "Write to me as you would to a colleague, in one message. I save it at once and remind you when something is due:"
            ),
            examples(t),
            t("Type a name, a phone number or a code to open a customer. /help shows everything I can do."),
            how_to_type(t, channel),
        ]
    )
    return Reply(text, _rows(t, channel))


def guided(t: Translator, hello: Markup, channel: str) -> Reply:
    """A new rep's first minute: one customer, by one message to copy and change."""
    first = EXAMPLES[t.locale][0]
    text = lines(
        [
            hello,
            t("Let us begin with your first customer: copy this, put a real one in, and send it to me."),
            Markup("<code>{}</code>").format(first),
            t("I save it at once, and remind you when it is time to call. You need not remember anything."),
            how_to_type(t, channel),
        ]
    )
    return Reply(text, ((Choice("📋 " + t("Copy the example"), copy=first),), (Choice("❔ " + t("Help"), "help"),)))


def first_saved(t: Translator) -> Reply:
    """After the first customer: what to try next, once."""
    sale, note = EXAMPLES[t.locale][1:3]
    text = lines(
        [
            t("🎉 Great, that is your first customer! From now on it works like this:"),
            t("• when they buy: <code>{example}</code>", example=sale),
            t("• when you have talked: <code>{example}</code>", example=note),
            t("Each morning I bring the list of whom to call; /today shows it at any time."),
        ]
    )
    return Reply(text)


def help_page(t: Translator, member: Member, channel: str) -> Reply:
    """What this role can do."""
    text = lines(
        [
            t("<b>One message is enough</b>"),
            examples(t),
            Markup("‎"),
            t("<b>Commands</b>"),
            t("/customer new customer · /find search · /note note · /remind reminder · /sale close a sale"),
            t("/today due today · /agenda next 7 days · /undo take back · /cancel leave a form · /settings settings"),
            t("/week the week · /kpi targets · /segments customers by group · /winback whom to win back"),
            t("/month monthly review · /team the team · /invite invite somebody")
            + Markup("\n")
            + t("/assign give a customer · /handover hand customers over · /audit who saw and changed what")
            if member.manages
            else Markup(),
            t("A photo, a file, a voice note, a location or a contact card sent here is kept with a customer.")
            if channel in QUOTES
            else t("A photo or a voice note sent here is kept with a customer."),
            how_to_type(t, channel),
        ]
    )
    return Reply(text, _rows(t, channel))


def stranger(t: Translator, org: str) -> Reply:
    """Somebody who is not on the team."""
    return Reply(
        t(
            "Hello! This is the assistant of the sales team of <b>{org}</b>. If you work here, please ask your manager for an "
            "invitation; if you are a customer, your contact at {org} is glad to help you.",
            org=org,
        )
    )


def own_number(t: Translator, user_id: str) -> Reply:
    """The person's own number on the channel: an operator writes it into OWNER_IDS."""
    return Reply(t("Your number here is <code>{number}</code>.", number=user_id))
