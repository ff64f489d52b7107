"""The people behind a figure, as a paged list whose buttons open their cards."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from bot.domain.periods import Period
from bot.domain.worklists import Listed, Worklist
from bot.i18n import Translator
from bot.messages import Choice, Reply
from bot.views.cards import lines, pager, rows_of
from bot.views.figures import period_words, short_name
from bot.views.reports import LISTS
from bot.views.words import LOST_REASONS, called, reason_words, shortened

PAGE = 8
_INDENT = Markup("     ")
_TEXT = 90
# Of these it is no good news when nobody is on them.
_WISHED = frozenset((Worklist.COMING, Worklist.REFERRERS))


def people(
    t: Translator,
    worklist: Worklist,
    period: Period,
    listed: Sequence[Listed],
    total: int,
    offset: int,
    owners: Mapping[int, str],
    prefix: str,
    *,
    replaces: bool,
) -> Reply:
    """A page of a list; `owners` names whose customers they are where that is worth saying, `prefix` is the button's data up to the
    offset."""
    head = Markup("👥 <b>{}</b> · {} ({})").format(t(LISTS[worklist]), period_words(t, period), t.number(total))
    if not listed:
        empty = t("Nobody this time.") if worklist in _WISHED else t("Nobody is on this list any more. Well done!")
        return Reply(lines([head, empty]), replaces=replaces)
    body = lines([line(t, worklist, one, owners, number) for number, one in enumerate(listed, offset + 1)])
    choices = [
        Choice(f"{number}. {shortened(called(t, one), 20)}", f"customer.open:{one.customer_id}")
        for number, one in enumerate(listed, offset + 1)
    ]
    pairs = [tuple(choices[place : place + 2]) for place in range(0, len(choices), 2)]
    return Reply(lines([head, body]), rows_of(*pairs, pager(prefix, offset, PAGE, total)), replaces=replaces)


def line(t: Translator, worklist: Worklist, one: Listed, owners: Mapping[int, str], number: int) -> Markup:
    """`2. chị Lan · Trang · hẹn T6 20/11`, and below it what was promised or said."""
    owner = [Markup("{}").format(short_name(owners[one.owner_id]))] if one.owner_id in owners else []
    who = Markup("{}. <b>{}</b>").format(number, called(t, one))
    first = Markup(" · ").join([who, *owner, *_details(t, worklist, one)])
    said = one.text if worklist in (Worklist.OVERDUE, Worklist.COMPLAINTS) else ""
    return lines([first, _INDENT + Markup("{}").format(shortened(said, _TEXT)) if said else Markup()])


def _details(t: Translator, worklist: Worklist, one: Listed) -> list[Markup]:
    day = t.short_day(one.on) if one.on else ""
    money = [Markup("{}").format(t.short_money(one.amount_vnd))] if one.amount_vnd else []
    match worklist:
        case Worklist.OVERDUE:
            more = [Markup("+{}").format(one.count - 1)] if one.count > 1 else []
            return [t("due {day}", day=day), *more]
        case Worklist.UNTOUCHED:
            return [t("since {day}", day=day)]
        case Worklist.STUCK:
            return [t("since {day}", day=day), *money]
        case Worklist.LOST:
            reason = reason_words(t, LOST_REASONS, one.text) if one.text else t("no reason given")
            return [Markup("{}").format(reason)]
        case Worklist.REFERRERS:
            return [t.plural("referred {count} customer", "referred {count} customers", one.count)]
        case Worklist.COMPLAINTS:
            return [Markup("{}").format(day)]
    product = [Markup("{}").format(shortened(one.text, 30))] if one.text else []
    return [t("bought {day}", day=day), *product, *money]
