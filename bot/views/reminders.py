"""Reminders in words: the card of what is due for one customer, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from bot.domain.customers import Customer
from bot.domain.followups import FollowUp, Outcome
from bot.domain.sales import Purchases
from bot.domain.surveys import ASKED_BY_STEP
from bot.domain.timeline import Interaction
from bot.i18n import Translator
from bot.messages import Choice, Reply, Rows
from bot.views import buttons
from bot.views.cards import interaction_words, lines, phones, rows_of, sale_words, title
from bot.views.care import brief_words, due_day, ready_to_send, state_words, step_words
from bot.views.referrals import Chain, ask_given, recommended_line
from bot.views.words import OUTCOMES, called, shortened

# Where a card was opened from: pushed by itself, or the list of today, of the week or of its customer, with the offset of the page.
PUSHED, TODAY, AGENDA, CUSTOMER = "x", "t", "a", "c"
# Whether a choice is about the first item of a card alone or about all that stands on it.
ONE, ALL = "one", "all"


@dataclass(frozen=True, slots=True)
class Reminder:
    """All that stands on a reminder card: who, what is due together (the first is what the buttons are about), what they bought,
    the last note and the last contact, and a text ready to send. `origin` is the list it was opened from. `brought` and `referrer` are
    there where it is about a recommendation."""

    customer: Customer
    items: tuple[FollowUp, ...]
    purchases: Purchases
    latest: tuple[Interaction, ...]
    message: str
    origin: str = PUSHED
    brought: Sequence[Customer] = ()
    referrer: Customer | None = None

    @property
    def first(self) -> FollowUp:
        """What the buttons are about."""
        return self.items[0]


@dataclass(frozen=True, slots=True)
class Held:
    """The item that a button is about, still open and due when the button says; `items` is what stands on the same card, it first."""

    customer: Customer
    items: tuple[FollowUp, ...]
    origin: str

    @property
    def first(self) -> FollowUp:
        """The item itself."""
        return self.items[0]


def stamp(followup: FollowUp) -> str:
    """When it is due, as a button remembers it: a button that was shown for another time is out of date."""
    return f"{followup.due_at:%y%m%d%H%M}" if followup.due_at else f"{followup.due_on:%y%m%d}"


def choice_data(verb: str, followup: FollowUp, origin: str, *more: str) -> str:
    """`due.verb:id:stamp:origin…`."""
    return ":".join((f"due.{verb}", str(followup.id), stamp(followup), origin, *more))


# The card of one customer ---------------------------------------------------------------------------------------------


def card(
    t: Translator,
    reminder: Reminder,
    today: date,
    *,
    replaces: bool,
    heading: Markup = Markup(),
    footer: Markup = Markup(),
    toast: str = "",
) -> Reply:
    """The whole job on one card: who, why now, what they bought, the last note, the phone, a text to send, and what happened."""
    message, copy = ready_to_send(t, reminder.message)
    about = lines([title(t, reminder.customer), phones(reminder.customer)])
    latest = (Markup("🕘 ") + interaction_words(t, entry, 300) for entry in reminder.latest)
    recommended = recommended_line(t, reminder.brought, reminder.referrer)
    known = lines([_why(t, reminder, today), recommended, _bought(t, reminder.purchases), *latest])
    parts = (heading, about, _what(t, reminder.items, today), known, message, footer)
    text = Markup("\n\n").join(part for part in parts if part)
    return Reply(text, _card_rows(t, reminder, copy), replaces=replaces, toast=toast)


def _what(t: Translator, items: Sequence[FollowUp], today: date) -> Markup:
    """One line an item; a single one in full."""
    if len(items) == 1:
        what = Markup("{}").format(shortened(str(step_words(t, items[0]).unescape()), 600))
        return Markup("📌 <b>{}</b> · {}").format(what, due_words(t, items[0], today))
    listed = (
        Markup("📌 <b>{}</b> · {}").format(brief_words(t, item, 200), due_words(t, item, today)) for item in items
    )
    return Markup("\n").join(listed)


def due_words(t: Translator, followup: FollowUp, today: date) -> Markup:
    """hôm nay 09:00 · trễ 2 ngày (T6 20/11) · T6 27/11."""
    late, day = (today - followup.due_on).days, due_day(t, followup)
    if late > 0:
        return t.plural("{count} day overdue ({day})", "{count} days overdue ({day})", late, day=day)
    if late == 0:
        return t("today {time}", time=t.clock(followup.due_at)) if followup.due_at else t("today")
    return Markup("{}").format(day)


def _why(t: Translator, reminder: Reminder, today: date) -> Markup:
    """Why now, where the purchase says it: how long ago it was."""
    last = reminder.purchases.last
    if last is None or all(item.sale_id != last.id for item in reminder.items):
        return Markup()
    days = (today - last.sold_on).days
    if days <= 1:
        return t("🗓 Bought yesterday") if days == 1 else t("🗓 Bought today")
    return t.plural("🗓 Bought {count} day ago", "🗓 Bought {count} days ago", days)


def _bought(t: Translator, purchases: Purchases) -> Markup:
    if purchases.last is None:
        return Markup()
    last = t("🛒 Bought: {what} ({day})", what=sale_words(t, purchases.last), day=t.day(purchases.last.sold_on))
    if purchases.count == 1:
        return last
    in_all = t.plural(
        "{count} sale in all, {total}",
        "{count} sales in all, {total}",
        purchases.count,
        total=t.money(purchases.total_vnd),
    )
    return Markup("{} · {}").format(last, in_all)


def _card_rows(t: Translator, reminder: Reminder, copy: tuple[Choice, ...]) -> tuple[tuple[Choice, ...], ...]:
    first, key = reminder.first, reminder.customer.id
    return rows_of(
        (
            Choice("✅ " + t("Done"), choice_data("done", first, reminder.origin)),
            Choice("🕒 " + t("Snooze"), choice_data("snooze", first, reminder.origin)),
        ),
        (buttons.open_customer(t, key), buttons.note(t, key)),
        (buttons.survey(t, key),) if any(item.step in ASKED_BY_STEP for item in reminder.items) else (),
        copy,
        back(t, reminder.origin, key),
    )


def back(t: Translator, origin: str, customer_id: int) -> tuple[Choice, ...]:
    """‹ to the list that the customer's card was opened from; nothing for one that was pushed by itself."""
    lists = {TODAY: "due.today", AGENDA: "due.agenda", CUSTOMER: f"due.customer:{customer_id}"}
    verb = lists.get(origin[:1])
    return (Choice("‹ " + t("List"), f"{verb}:{origin[1:]}"),) if verb else ()


# What came of it ------------------------------------------------------------------------------------------------------


def choose_item(t: Translator, reminder: Reminder, for_all: int) -> Reply:
    """Which of the items on a card are done: each, or all `for_all` of them that an outcome settles."""
    first = reminder.first
    rows = [
        (Choice(f"{number}. {brief_words(t, item, 40).unescape()}", choice_data("one", item, reminder.origin)),)
        for number, item in enumerate(reminder.items, 1)
    ]
    if for_all > 1:
        together = t.plural("All {count} of them", "All {count} of them", for_all)
        rows.append((Choice(f"✅ {together}", choice_data("all", first, reminder.origin)),))
    text = lines([title(t, reminder.customer), t("Which of these is done?")])
    return Reply(text, (*rows, (_back_to_card(t, first, reminder.origin),)), replaces=True)


def choose_outcome(t: Translator, customer: Customer, items: Sequence[FollowUp], origin: str, scope: str) -> Reply:
    """What came of it, in one tap."""
    first = items[0]

    def outcome(value: Outcome, sign: str) -> Choice:
        return Choice(f"{sign} {t(OUTCOMES[value])}", choice_data("outcome", first, origin, scope, value))

    text = lines(
        [title(t, customer), *(Markup("📌 ") + brief_words(t, item, 200) for item in items), t("What came of it?")]
    )
    return Reply(
        text,
        (
            (outcome(Outcome.ANSWERED, "📞"), outcome(Outcome.NO_ANSWER, "📵"), outcome(Outcome.MESSAGED, "💬")),
            (outcome(Outcome.BOUGHT, "🎉"), outcome(Outcome.NOT_INTERESTED, "🙏")),
            (Choice("🗑 " + t("Drop it"), choice_data("drop", first, origin)), _back_to_card(t, first, origin)),
        ),
        replaces=True,
    )


def ask_gift(t: Translator, chain: Chain, followup: FollowUp, origin: str) -> Reply:
    """A reminder of gifts is done: which of them did they get?"""
    drop = Choice("🗑 " + t("Drop it"), choice_data("drop", followup, origin))
    return ask_given(t, chain, drop, _back_to_card(t, followup, origin))


def _back_to_card(t: Translator, followup: FollowUp, origin: str) -> Choice:
    return Choice("‹ " + t("Back"), f"due.open:{followup.id}:{origin}")


def finished(
    t: Translator,
    customer: Customer,
    items: Sequence[FollowUp],
    outcome: Outcome,
    remaining: Sequence[FollowUp],
    origin: str,
    action_id: int,
) -> Reply:
    """It is done: what came of it, what is left for this customer today, and what people do next."""
    key = customer.id
    done = lines(
        [
            Markup("✅ <b>{}</b> · {}").format(called(t, customer), t(OUTCOMES[outcome])),
            *(Markup("<i>{}</i>").format(brief_words(t, item, 120)) for item in items),
        ]
    )
    hint = Markup()
    next_rows: Rows = ((buttons.note(t, key), buttons.follow_up(t, key)),)
    match outcome:
        case Outcome.BOUGHT:
            hint = t("🎉 Congratulations! Write down the sale now? Just type, for example <code>Pro plan 12tr5</code>.")
            next_rows = ((buttons.sale(t, key),), *next_rows)
        case Outcome.NOT_INTERESTED if remaining:
            hint = t.plural(
                "{count} more follow-up is planned for this customer.",
                "{count} more follow-ups are planned for this customer.",
                len(remaining),
            )
            next_rows = ((Choice("🗑 " + t("Drop the rest"), f"due.clear:{key}:{origin}"),), *next_rows)
        case _ if remaining:
            hint = lines([t("Still to do today:"), *(Markup("📌 ") + brief_words(t, item, 120) for item in remaining)])
            next_rows = ((Choice("➡️ " + t("Next task"), f"due.open:{remaining[0].id}:{origin}"),), *next_rows)
        case _:
            hint = t("Anything to remember? Note it now, or set the next follow-up.")
    last_row = (buttons.undo(t, action_id), buttons.open_customer(t, key))
    return Reply(Markup("\n\n").join([done, hint]), rows_of(*next_rows, last_row, back(t, origin, key)), replaces=True)


def settled(t: Translator, customer: Customer, followup: FollowUp, origin: str) -> Reply:
    """An old button, or a second tap: how things stand."""
    state = state_words(t, followup)
    text = lines([title(t, customer), Markup("<i>{}</i>").format(brief_words(t, followup, 200)), state])
    rows = rows_of((buttons.open_customer(t, customer.id),), back(t, origin, customer.id))
    return Reply(text, rows, replaces=True, toast=state)
