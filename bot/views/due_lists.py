"""What is due, as lists: of today, of a week, of one customer, of the team."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

from markupsafe import Markup

from bot.domain.agenda import DueEntry, DueItem
from bot.domain.customers import Customer
from bot.domain.followups import FollowUp
from bot.i18n import Translator
from bot.messages import Choice, Reply, Rows
from bot.views import buttons
from bot.views.cards import back_to_card, lines, pager, rows_of, title
from bot.views.care import brief_words, followup_line
from bot.views.reminders import AGENDA, CUSTOMER, TODAY, due_words
from bot.views.words import HIGH_VALUE_SIGN, called, shortened

PAGE = 8
BUTTONS_A_ROW = 2
# Of what is due for one customer, how much stands on a list.
SHOWN_AN_ENTRY = 3
_INDENT = Markup("     ")
# How many of a member's customers a manager is told by name, and how many of all are a button.
TOLD_A_MEMBER = 3
TOLD_IN_ALL = 6


def today_list(
    t: Translator, entries: Sequence[DueEntry], today: date, offset: int, *, replaces: bool, footer: Markup = Markup()
) -> Reply:
    """Overdue first, then today, one entry a customer, numbered; the numbers open the cards in place."""
    shown = entries[offset : offset + PAGE]
    overdue = sum(1 for entry in entries if entry.days_overdue(today))
    counts = t.plural("{count} customer to contact", "{count} customers to contact", len(entries))
    if overdue:
        counts = Markup("{} · {}").format(counts, t.plural("{count} overdue", "{count} overdue", overdue))
    blocks: list[Markup] = []
    for number, entry in enumerate(shown, offset + 1):
        late = entry.days_overdue(today) > 0
        if number == offset + 1 or late != (entries[number - 2].days_overdue(today) > 0):
            blocks.append(t("🔴 <b>Overdue</b>") if late else t("🟢 <b>Today</b>"))
        blocks.append(_entry(t, number, entry, today))
    text = Markup("\n\n").join(
        part for part in (lines([digest_heading(t, today), counts]), lines(blocks), footer) if part
    )
    rows = (*_numbers(t, shown, offset, f"{TODAY}{offset}"), *rows_of(pager("due.today", offset, PAGE, len(entries))))
    return Reply(text, rows, replaces=replaces)


def digest_heading(t: Translator, today: date) -> Markup:
    """Which day it is about."""
    return t("☀️ <b>Today, {day}</b>", day=t.day(today))


def late_list(t: Translator, entries: Sequence[DueEntry], today: date) -> Reply:
    """Pushes that downtime held up, as one message; beyond a page the rest is one tap away."""
    shown = entries[:PAGE]
    body = lines([_entry(t, number, entry, today) for number, entry in enumerate(shown, 1)])
    rows = (*_numbers(t, shown, 0, f"{TODAY}0"), (Choice("☀️ " + t("All of today"), "due.today:0"),))
    return Reply(Markup("\n\n").join([late_heading(t), body]), rows)


def late_heading(t: Translator) -> Markup:
    """Why it comes late."""
    return t("⏳ <b>Late reminder</b>: the agreed time has passed before I could remind you.")


def agenda(
    t: Translator, entries: Sequence[DueEntry], today: date, overdue: int, offset: int, *, replaces: bool
) -> Reply:
    """The next seven days, day by day."""
    shown = entries[offset : offset + PAGE]
    heading = t(
        "📅 <b>The next 7 days</b> · {first} – {last}",
        first=t.short_day(today),
        last=t.short_day(today + timedelta(days=6)),
    )
    blocks: list[Markup] = []
    day = None
    for number, entry in enumerate(shown, offset + 1):
        if entry.first.due_on != day:
            day = entry.first.due_on
            blocks.append(
                Markup("\n<b>{}</b>").format(
                    t("Today, {day}", day=t.short_day(day)) if day == today else t.short_day(day)
                )
            )
        blocks.append(_entry(t, number, entry, today))
    body = (
        lines(blocks)
        if blocks
        else Markup("\n") + t("Nothing is planned. Type for example <code>T6 gọi lại chị Lan</code>.")
    )
    late = Choice("🔴 " + t.plural("{count} overdue", "{count} overdue", overdue), "due.today:0")
    rows = rows_of(
        *_numbers(t, shown, offset, f"{AGENDA}{offset}"),
        pager("due.agenda", offset, PAGE, len(entries)),
        (late,) if overdue else (),
    )
    return Reply(lines([heading, body]), rows, replaces=replaces)


def _entry(t: Translator, number: int, entry: DueEntry, today: date) -> Markup:
    """2. chị Lan · quá hạn 2 ngày (T6 20/11)
    gọi lại báo giá; gửi hợp đồng
    hôm nay 09:00: gọi hỏi mẫu vải"""
    is_late = entry.days_overdue(today) > 0

    def when(item: FollowUp) -> Markup:
        return due_words(t, item, today) if is_late else Markup(t.clock(item.due_at) if item.due_at else "")

    first, *others = [
        (moment, Markup("; ").join(brief_words(t, item, 80) for item in items))
        for moment, items in groupby(entry.foremost(today, SHOWN_AN_ENTRY), when)
    ]
    star = f"{HIGH_VALUE_SIGN} " if entry.high_value else ""
    who = Markup("{}. {}<b>{}</b>").format(number, star, called(t, entry.customer))
    said = [Markup("{} · {}").format(who, first[0]) if first[0] else who, _INDENT + first[1]]
    said += [_INDENT + Markup("<b>{}</b>: {}").format(*other) for other in others]
    more = len(entry.items) - SHOWN_AN_ENTRY
    return lines([*said, _INDENT + Markup("… +{}").format(more) if more > 0 else Markup()])


def _numbers(t: Translator, shown: Sequence[DueEntry], offset: int, origin: str) -> Rows:
    return _in_rows(
        [
            Choice(f"{number}. {shortened(called(t, entry.customer), 20)}", f"due.open:{entry.first.id}:{origin}")
            for number, entry in enumerate(shown, offset + 1)
        ]
    )


def _in_rows(choices: Sequence[Choice]) -> Rows:
    return tuple(tuple(choices[i : i + BUTTONS_A_ROW]) for i in range(0, len(choices), BUTTONS_A_ROW))


def with_a_time(t: Translator, items: Sequence[tuple[FollowUp, Customer]]) -> Markup:
    """What comes today at its own time: named in the digest, pushed then."""
    if not items:
        return Markup()
    named = Markup(" · ").join(
        Markup("{} {}").format(t.clock(f.due_at), called(t, c)) for f, c in items[:6] if f.due_at
    )
    more = Markup(" · … +{}").format(len(items) - 6) if len(items) > 6 else Markup()
    return t("⏰ At their time: {items}", items=named + more)


def nothing_today(t: Translator, upcoming: DueItem | None, *, replaces: bool, has_done: bool) -> Reply:
    """Nothing is due: a kind word to who `has_done` something today, and what comes next."""
    text = t("🌿 Nothing left for today. Well done!") if has_done else t("🌿 Nothing is due today.")
    if upcoming:
        followup, customer = upcoming
        text = lines([text, t("Next: {name}, {what}", name=called(t, customer), what=followup_line(t, followup))])
    return Reply(text, ((Choice("📅 " + t("The next 7 days"), "due.agenda:0"),),), replaces=replaces)


# One customer ---------------------------------------------------------------------------------------------------------


def of_customer(
    t: Translator, customer: Customer, items: Sequence[FollowUp], today: date, offset: int, sale_id: int | None
) -> Reply:
    """All that is planned for a customer, numbered; the numbers open the cards in place. `sale_id`: whose checklist is offered."""
    numbered = list(enumerate(items, 1))[offset : offset + PAGE]
    count = t.plural("📌 {count} follow-up is planned", "📌 {count} follow-ups are planned", len(items))
    listed = (
        Markup("{}. {}: {}").format(number, due_words(t, item, today), brief_words(t, item, 200))
        for number, item in numbered
    )
    choices = [
        Choice(f"{number}. {brief_words(t, item, 20).unescape()}", f"due.open:{item.id}:{CUSTOMER}{offset}")
        for number, item in numbered
    ]
    rows = rows_of(
        *_in_rows(choices),
        pager(f"due.customer:{customer.id}", offset, PAGE, len(items)),
        (Choice("🧾 " + t("Checklist"), f"checklist.show:{sale_id}"),) if sale_id is not None else (),
        (buttons.follow_up(t, customer.id), back_to_card(t, customer.id)),
    )
    head = lines([title(t, customer), count if items else t("📌 No next step yet")])
    return Reply(Markup("\n\n").join(filter(None, [head, lines(list(listed))])), rows, replaces=True)


# The team -------------------------------------------------------------------------------------------------------------


def with_team_overdue(t: Translator, digest: Reply, groups: Sequence[tuple[str, Sequence[DueItem]]]) -> Reply:
    """A manager's digest, and under it whose promises have waited three days, by member, each item once."""
    said, told = [t("🚩 <b>Your team: overdue for three days</b>")], []
    for name, items in groups:
        people = list({customer.id: customer for _, customer in items}.values())
        named, more = people[:TOLD_A_MEMBER], len(people) - TOLD_A_MEMBER
        others = Markup(" … +{}").format(more) if more > 0 else Markup()
        said.append(Markup("• <b>{}</b>: {}{}").format(name, t.listed([called(t, c) for c in named]), others))
        told += [(f"👤 {shortened(called(t, c), 20)} · {name}", c.id) for c in named]
    choices = [Choice(label, f"customer.open:{key}") for label, key in told[:TOLD_IN_ALL]]
    text = Markup("\n\n").join(filter(None, [digest.text, lines(said)]))
    return replace(digest, text=text, choices=(*digest.choices, *_in_rows(choices)))
