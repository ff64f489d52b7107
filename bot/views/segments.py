"""Customers by segment, lifecycle and heat: counts, then lists with the reason why each is on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from bot.domain.company import Company
from bot.domain.customers import Heat, customer_code
from bot.domain.cycle import USUAL_CYCLE, next_purchase_on
from bot.domain.names import folded
from bot.domain.segments import Lifecycle, Segment, Standing
from bot.i18n import LOCALES, Translator, catalogue, mark
from bot.messages import Choice, Reply
from bot.views.cards import lines, pager, rows_of
from bot.views.words import (
    HEAT_SIGNS,
    HEATS,
    HIGH_VALUE_SIGN,
    LIFECYCLES,
    SEGMENTS,
    STOP_REASONS,
    called,
    masked,
    reason_words,
    shortened,
    stage_words,
)

PAGE = 8
Group = Segment | Lifecycle | Heat
# Every group that is counted, under the heading it stands.
GROUPS: Mapping[str, type[Segment] | type[Lifecycle] | type[Heat]] = {
    "segment": Segment,
    "lifecycle": Lifecycle,
    "heat": Heat,
}
_HEADINGS = {"segment": mark("Segment"), "lifecycle": mark("Lifecycle"), "heat": mark("Heat")}


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list: what is shown of `total`, from `offset`, and whose customers they are where the reader leads others."""

    shown: Sequence[Standing]
    total: int
    offset: int
    owners: Mapping[int, str]
    company: Company
    today: date


def group_words(t: Translator, group: Group) -> str:
    """What a group is called."""
    match group:
        case Segment():
            return t(SEGMENTS[group])
        case Lifecycle():
            return t(LIFECYCLES[group])
        case Heat():
            return t(HEATS[group])


def group_said(text: str) -> tuple[str, Group] | None:
    """The group, with its kind, that a text names in any of our languages: `nóng`, `khách mới`, `loyal`."""
    said = folded(text)
    words = {Segment: SEGMENTS, Lifecycle: LIFECYCLES, Heat: HEATS}
    for kind, groups in GROUPS.items():
        for group in groups:
            names = {folded(catalogue(locale).gettext(words[groups][group])) for locale in LOCALES}  # type: ignore[index]
            if said and said in names | {folded(group)}:
                return kind, group
    return None


def overview(t: Translator, counts: Mapping[Group, int], total: int, *, replaces: bool) -> Reply:
    """How many there are of each; a tap lists them."""
    if not total:
        return Reply(t("No customers yet. Type one, for example <code>Ms Lan 0912 345 678</code>."), replaces=replaces)
    heading = t(
        "👥 <b>Customer groups</b> · {customers}", customers=t.plural("{count} customer", "{count} customers", total)
    )
    text, rows = [heading], []
    for kind, groups in GROUPS.items():
        found = [group for group in groups if counts.get(group)]
        if found:
            counted = (Markup("{} <b>{}</b>").format(group_words(t, group), t.number(counts[group])) for group in found)
            text.append(Markup("{}: {}").format(t(_HEADINGS[kind]), Markup(" · ").join(counted)))
        choices = [
            Choice(f"{_signed(t, group)} · {t.number(counts[group])}", f"segments.list:{kind}:{group}:0")
            for group in found
        ]
        rows += [tuple(choices[i : i + 2]) for i in range(0, len(choices), 2)]
    return Reply(lines(text), tuple(rows), replaces=replaces)


def _signed(t: Translator, group: Group) -> str:
    words = group_words(t, group)
    if isinstance(group, Heat):
        return f"{HEAT_SIGNS[group]} {words}"
    return f"{HIGH_VALUE_SIGN} {words}" if group is Segment.HIGH_VALUE else words


def group_list(t: Translator, kind: str, group: Group, page: Page) -> Reply:
    """Those of a group, the most valuable first, with why they are in it; each opens its card."""
    back = (Choice("‹ " + t("Customer groups"), "segments"),)
    if not page.total:
        return Reply(t("Nobody is in this group now."), (back,), replaces=True)
    heading = Markup("👥 <b>{}</b> · {}").format(
        _titled(group_words(t, group)), t.plural("{count} customer", "{count} customers", page.total)
    )
    opened = tuple((_opens(t, number, standing),) for number, standing in _numbered(page))
    turning = pager(f"segments.list:{kind}:{group}", page.offset, PAGE, page.total)
    return Reply(_body(t, heading, page), (*opened, *rows_of(turning, back)), replaces=True)


def winback(t: Translator, page: Page, *, replaces: bool) -> Reply:
    """Who bought once and has not come back, the most valuable first, each with the next thing to do."""
    if not page.total:
        return Reply(
            t("🎉 Nobody to win back: everybody who bought once is still within their cycle."), replaces=replaces
        )
    heading = t(
        "🔄 <b>To win back</b> · {customers} bought once and did not return",
        customers=t.plural("{count} customer", "{count} customers", page.total),
    )
    rows = tuple(
        (
            _opens(t, number, standing),
            Choice("⏰ " + t("Follow-up"), f"followup.ask:{standing.facts.customer_id}"),
        )
        for number, standing in _numbered(page)
    )
    return Reply(
        _body(t, heading, page), (*rows, *rows_of(pager("winback", page.offset, PAGE, page.total))), replaces=replaces
    )


def _titled(words: str) -> str:
    return words[:1].upper() + words[1:]


def _numbered(page: Page) -> list[tuple[int, Standing]]:
    return list(enumerate(page.shown, page.offset + 1))


def _opens(t: Translator, number: int, standing: Standing) -> Choice:
    facts = standing.facts
    told_apart = masked(facts.phone) if facts.phone else customer_code(facts.customer_id)
    return Choice(f"{number}. {called(t, facts)} · {told_apart}", f"customer.open:{facts.customer_id}")


def _body(t: Translator, heading: Markup, page: Page) -> Markup:
    return lines([heading, *(_line(t, number, standing, page) for number, standing in _numbered(page))])


def _line(t: Translator, number: int, standing: Standing, page: Page) -> Markup:
    """2. ★ chị Lan · 12.500.000 ₫ · last bought T6 20/11/2026 (gói Pro) · expected around 03/02."""
    facts = standing.facts
    star = f"{HIGH_VALUE_SIGN} " if Segment.HIGH_VALUE in standing.segments else ""
    who = Markup("{}. {}<b>{}</b>").format(number, star, shortened(called(t, facts), 40))
    return Markup(" · ").join([who, *_why(t, standing, page), *_owner(page, facts.owner_id)])


def _owner(page: Page, owner_id: int) -> list[Markup]:
    return [Markup("{}").format(page.owners[owner_id])] if owner_id in page.owners else []


def _why(t: Translator, standing: Standing, page: Page) -> list[Markup]:
    facts = standing.facts
    expected = next_purchase_on(facts.sold_on, USUAL_CYCLE[page.company.trade])
    if facts.last_sold_on is None or expected is None:
        said = [Markup("{}").format(stage_words(t, page.company.pipeline, facts.stage))]
        if facts.expected_vnd is not None:
            said.append(t("expected {amount}", amount=t.money(facts.expected_vnd)))
    else:
        product = Markup(" ({})").format(shortened(facts.last_product, 30)) if facts.last_product else Markup()
        said = [Markup(t.money(facts.total_vnd)), t("bought {day}", day=t.day(facts.last_sold_on)) + product]
    if facts.stopped_reason is not None:
        said.append(t("stopped: {reason}", reason=reason_words(t, STOP_REASONS, facts.stopped_reason)))
    elif expected and Segment.WIN_BACK in standing.segments:
        said.append(t("was expected around {day}", day=f"{expected:%d/%m/%Y}"))
    elif expected and standing.lifecycle is Lifecycle.LIKELY:
        said.append(t("next around {day}", day=f"{expected:%d/%m/%Y}"))
    if facts.is_overdue(page.today):
        said.append(t("follow-up overdue"))
    if facts.referred:
        said.append(t.plural("has referred {count} customer", "has referred {count} customers", facts.referred))
    return said
