"""Moving what is due: the usual choices, a calendar to page through, and what was moved or dropped."""

from calendar import Calendar
from collections.abc import Sequence
from datetime import date, timedelta

from markupsafe import Markup

from bot.domain.calendar import is_working_day
from bot.domain.customers import Customer
from bot.domain.followups import FollowUp
from bot.domain.people import Member
from bot.i18n import Translator, mark
from bot.messages import Choice, Reply
from bot.views import buttons
from bot.views.cards import lines, rows_of, title
from bot.views.care import brief_words, followup_line
from bot.views.reminders import ALL, ONE, Held, Reminder, back, choice_data
from bot.views.words import called

# How far ahead the calendar leads.
MONTHS_AHEAD = 24

DELAYS = {
    "1h": mark("1 hour"),
    "2h": mark("2 hours"),
    "1d": mark("Tomorrow"),
    "3d": mark("3 days"),
    "1w": mark("Next week"),
}
_USUAL = ("1h", "1d", "3d", "1w")
_CALL_AGAIN = ("2h", "1d", "3d")

DROP_REASONS = {
    "needless": mark("No longer needed"),
    "otherwise": mark("Done another way"),
    "mistake": mark("Entered by mistake"),
    "not_interested": mark("Not interested"),
}
_OFFERED_REASONS = ("needless", "otherwise", "mistake")


def later(day: date, delay: str) -> date:
    """The day that a delay of days leads to: next week is its Monday."""
    if delay == "1w":
        return day + timedelta(days=7 - day.weekday())
    return day + timedelta(days={"1d": 1, "3d": 3}[delay])


def choose_delay(t: Translator, reminder: Reminder, member: Member, today: date) -> Reply:
    """Move to when? The days are named, so that nobody has to count."""
    first, origin = reminder.first, reminder.origin
    days = (
        Markup("{}: {}").format(t(DELAYS[delay]), _day(t, later(today, delay), member)) for delay in ("1d", "3d", "1w")
    )
    text = lines(
        [
            title(t, reminder.customer),
            *(Markup("📌 ") + brief_words(t, item, 200) for item in reminder.items),
            t("Move it to when?"),
            Markup(" · ").join(days),
        ]
    )
    return Reply(
        text,
        (
            tuple(_delay(t, first, origin, delay, ALL) for delay in _USUAL),
            (_pick(t, first, origin, today, ALL),),
            (Choice("‹ " + t("Back"), f"due.open:{first.id}:{origin}"),),
        ),
        replaces=True,
    )


def _delay(t: Translator, followup: FollowUp, origin: str, delay: str, scope: str) -> Choice:
    return Choice(str(t(DELAYS[delay])), choice_data("later", followup, origin, delay, scope))


def _pick(t: Translator, followup: FollowUp, origin: str, today: date, scope: str) -> Choice:
    return Choice("📅 " + t("Pick a date"), choice_data("month", followup, origin, f"{today:%Y%m}", scope))


def _day(t: Translator, day: date, member: Member) -> Markup:
    shown = t.short_day(day)
    return Markup(shown) if is_working_day(day, member.days_off) else t("{day} (day off)", day=shown)


def month(t: Translator, held: Held, first_day: date, today: date, scope: str, toast: str = "") -> Reply:
    """A month to pick a day from; days that have passed are no buttons that do anything."""
    empty = Choice("·", "due.none")
    weeks = [
        tuple(
            Choice(str(day.day), choice_data("on", held.first, held.origin, f"{day:%Y%m%d}", scope))
            if day.month == first_day.month and day >= today
            else empty
            for day in week
        )
        for week in Calendar().monthdatescalendar(first_day.year, first_day.month)
    ]
    weeks = [week for week in weeks if any(choice is not empty for choice in week)]
    names = tuple(Choice(t.weekday(date(2024, 1, 1) + timedelta(days=number)), "due.none") for number in range(7))
    text = lines(
        [
            title(t, held.customer),
            Markup("📌 ") + brief_words(t, held.first, 200),
            t("Which day? {month}", month=t.month(first_day)),
        ]
    )
    rows = (names, *weeks, _paging(t, held, first_day, today, scope))
    return Reply(text, rows, replaces=True, toast=toast)


def _paging(t: Translator, held: Held, first_day: date, today: date, scope: str) -> tuple[Choice, ...]:
    before, after = first_day - timedelta(days=1), (first_day + timedelta(days=31)).replace(day=1)

    def turn_to(label: str, day: date) -> Choice:
        return Choice(label, choice_data("month", held.first, held.origin, f"{day:%Y%m}", scope))

    row = [Choice("‹ " + t("Back"), choice_data("snooze", held.first, held.origin))]
    if first_day > today:
        row.append(turn_to(f"‹ {before.month}/{before.year}", before))
    if months_between(today, after) <= MONTHS_AHEAD:
        row.append(turn_to(f"{after.month}/{after.year} ›", after))
    return tuple(row)


def months_between(earlier: date, later_day: date) -> int:
    """How many months on the calendar."""
    return (later_day.year - earlier.year) * 12 + later_day.month - earlier.month


def moved(t: Translator, customer: Customer, items: Sequence[FollowUp], origin: str, action_id: int) -> Reply:
    """Where it went, with the way back."""
    text = lines(
        [
            t("🕒 Moved · <b>{name}</b>", name=called(t, customer)),
            *(Markup("📌 ") + followup_line(t, item) for item in items),
        ]
    )
    rows = rows_of((buttons.undo(t, action_id), buttons.open_customer(t, customer.id)), back(t, origin, customer.id))
    return Reply(text, rows, replaces=True)


def call_again(
    t: Translator,
    customer: Customer,
    items: Sequence[FollowUp],
    today: date,
    origin: str,
    action_id: int,
    copy: tuple[Choice, ...],
) -> Reply:
    """Nobody answered: it comes again by itself, and when is one tap."""
    first, scope = items[0], ALL if len(items) > 1 else ONE
    text = lines(
        [
            t("📵 <b>{name}</b> did not answer. I will remind you again:", name=called(t, customer)),
            *(Markup("📌 ") + followup_line(t, item) for item in items),
            t("Another time suits better?"),
        ]
    )
    rows = rows_of(
        tuple(_delay(t, first, origin, delay, scope) for delay in _CALL_AGAIN),
        (_pick(t, first, origin, today, scope), *copy),
        (buttons.undo(t, action_id), buttons.open_customer(t, customer.id)),
        back(t, origin, customer.id),
    )
    return Reply(text, rows, replaces=True)


def choose_reason(t: Translator, followup: FollowUp, customer: Customer, origin: str) -> Reply:
    """Why it is dropped: no promise disappears without a reason."""
    text = lines([title(t, customer), Markup("📌 ") + brief_words(t, followup, 200), t("Why drop it?")])
    reasons = tuple(
        (Choice(str(t(DROP_REASONS[reason])), choice_data("dropped", followup, origin, reason)),)
        for reason in _OFFERED_REASONS
    )
    return Reply(text, (*reasons, (Choice("‹ " + t("Back"), f"due.open:{followup.id}:{origin}"),)), replaces=True)


def dropped(
    t: Translator, customer: Customer, items: Sequence[FollowUp], reason: str, origin: str, action_id: int
) -> Reply:
    """What was dropped and why, with the way back."""
    text = lines(
        [
            t("🗑 Dropped · <b>{name}</b> · {reason}", name=called(t, customer), reason=t(DROP_REASONS[reason])),
            *(Markup("<i>{}</i>").format(brief_words(t, item, 120)) for item in items),
        ]
    )
    rows = rows_of((buttons.undo(t, action_id), buttons.open_customer(t, customer.id)), back(t, origin, customer.id))
    return Reply(text, rows, replaces=True)
