"""The customer card, its timeline, and the card of what was just understood and saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from bot.domain.company import Company
from bot.domain.consent import Consent
from bot.domain.customers import Customer, Heat, Potential, Source
from bot.domain.followups import FollowUp, Outcome
from bot.domain.people import Member
from bot.domain.phones import national
from bot.domain.repositories import Found
from bot.domain.sales import Purchases, Sale
from bot.domain.segments import CustomerFacts, has_next_step
from bot.domain.surveys import LastScores
from bot.domain.tickets import Ticket
from bot.domain.timeline import Interaction, InteractionKind, Sentiment
from bot.i18n import Translator
from bot.messages import Choice, Reply, Rows
from bot.views import buttons
from bot.views.consents import consent_line
from bot.views.standings import (
    cycle_line,
    gifts_line,
    referral_line,
    scores_line,
    stage_line,
    standing_line,
    stopped_line,
    tickets_line,
)
from bot.views.ways import channel_words, sent_words
from bot.views.words import (
    FILE,
    FILE_KINDS,
    HEAT_SIGNS,
    HEATS,
    HIGH_VALUE_SIGN,
    KINDS,
    OUTCOMES,
    POTENTIALS,
    SENTIMENTS,
    SOURCES,
    called,
    masked,
    shortened,
)

PAGE = 8


@dataclass(frozen=True, slots=True)
class CustomerView:
    """All that stands on a customer's card; `today` is the reader's."""

    customer: Customer
    owner: Member
    purchases: Purchases
    facts: CustomerFacts
    company: Company
    open_followups: Sequence[FollowUp]
    latest: Sequence[Interaction]
    today: date
    scores: Sequence[LastScores] = ()
    tickets: Sequence[Ticket] = ()
    gifts_owed: int = 0
    consent: Consent | None = None
    window: Markup = Markup()


def lines(parts: Sequence[Markup]) -> Markup:
    """The lines that hold something, one under the other."""
    return Markup("\n").join(part for part in parts if part)


def customer_card(t: Translator, view: CustomerView, reader: Member, *, replaces: bool) -> Reply:
    """One screen about one customer, with what people do next."""
    customer, facts, company = view.customer, view.facts, view.company
    text = lines(
        [
            _starred_title(t, view),
            phones(customer),
            *identity_lines(t, customer),
            stage_line(t, company.pipeline, customer, view.today),
            standing_line(t, facts, company, view.today),
            stopped_line(t, customer),
            consent_line(t, view.consent),
            view.window,
            scores_line(t, view.scores),
            tickets_line(t, view.tickets),
            referral_line(t, customer, facts.referred),
            gifts_line(t, view.gifts_owed),
            _purchases(t, view.purchases),
            cycle_line(t, facts, company, view.today),
            t("Repurchase potential: {potential}", potential=t(POTENTIALS[customer.potential]))
            if customer.potential
            else Markup(),
            t("In care of: {name}", name=view.owner.name) if reader.manages or view.owner.id != reader.id else Markup(),
            _next_steps(t, view),
            _latest(t, view.latest),
        ]
    )
    return Reply(text, _card_rows(t, customer), replaces=replaces)


def _starred_title(t: Translator, view: CustomerView) -> Markup:
    """The title, with a star for who is of high value."""
    is_high = view.facts.total_vnd >= view.company.high_value_vnd and view.facts.purchases > 0
    return Markup("{} {}").format(title(t, view.customer), HIGH_VALUE_SIGN) if is_high else title(t, view.customer)


def title(t: Translator, customer: Customer) -> Markup:
    """🔥 chị Lan · KH000012."""
    sign = HEAT_SIGNS.get(customer.heat, "👤") if customer.heat else "👤"
    return Markup("{} <b>{}</b> · {}").format(sign, called(t, customer), customer.code)


def phones(customer: Customer) -> Markup:
    """The phones in national form; a tap copies."""
    return (
        Markup("☎️ ") + Markup(" · ").join(Markup("<code>{}</code>").format(national(p)) for p in customer.phones)
        if customer.phones
        else Markup()
    )


def identity_lines(t: Translator, customer: Customer) -> list[Markup]:
    """Company, e-mail, source, heat and interest: what is known, and nothing else."""
    facts = []
    if customer.source:
        facts.append(t("Source: {source}", source=t(SOURCES[customer.source])))
    if customer.heat:
        facts.append(t("Heat: {heat}", heat=t(HEATS[customer.heat])))
    return [
        t("Company: {company}", company=customer.company) if customer.company else Markup(),
        t("E-mail: {email}", email=customer.email) if customer.email else Markup(),
        Markup(" · ").join(facts),
        t("Interested in: {interest}", interest=customer.interest) if customer.interest else Markup(),
    ]


def _purchases(t: Translator, purchases: Purchases) -> Markup:
    if not purchases.count:
        return Markup()
    bought = t.plural(
        "🛒 Bought: {count} sale · {total}",
        "🛒 Bought: {count} sales · {total}",
        purchases.count,
        total=t.money(purchases.total_vnd),
    )
    return bought + Markup("\n") + _last_sale(t, purchases.last) if purchases.last else bought


def _last_sale(t: Translator, sale: Sale) -> Markup:
    return t("   last: {day} · {what}", day=t.day(sale.sold_on), what=sale_words(t, sale))


def sale_words(t: Translator, sale: Sale) -> Markup:
    """2 × máy lọc · 12.500.000 ₫."""
    amount = t.money(sale.amount_vnd) if sale.amount_vnd is not None else t("amount not known yet")
    product = f"{sale.quantity} × {sale.product}" if sale.quantity and sale.product else sale.product
    return Markup("{} · {}").format(product, amount) if product else Markup("{}").format(amount)


def _next_steps(t: Translator, view: CustomerView) -> Markup:
    if not view.open_followups:
        is_open_deal = view.company.pipeline.is_open(view.customer.stage)
        planned = has_next_step(view.facts, is_open_deal=is_open_deal)
        return Markup() if planned else t("📌 No next step yet")
    shown = [t("📌 <b>Next</b>"), *(Markup(" • ") + followup_words(t, f) for f in view.open_followups[:3])]
    if (more := len(view.open_followups) - 3) > 0:
        shown.append(t.plural(" … and {count} more", " … and {count} more", more))
    return lines(shown)


def followup_words(t: Translator, followup: FollowUp) -> Markup:
    """T6 27/11/2026 09:00: gọi lại."""
    when = t.day(followup.due_on)
    if followup.due_at:
        when = f"{when} {t.clock(followup.due_at)}"
    return Markup("{}: {}").format(when, shortened(followup.text, 90))


def _latest(t: Translator, latest: Sequence[Interaction]) -> Markup:
    if not latest:
        return Markup()
    return lines([t("🕘 <b>Latest</b>"), *(Markup(" • ") + interaction_words(t, entry, 90) for entry in latest)])


def interaction_words(t: Translator, entry: Interaction, limit: int) -> Markup:
    """T7 21/11 10:00 Ghi chú: thích màu trắng."""
    local = entry.at.astimezone(t.zone)
    kind = _kind_words(t, entry)
    text = shortened(entry.text, limit) or (str(t(FILE_KINDS.get(entry.file.kind, FILE))) if entry.file else "")
    if "outcome" in entry.details:
        outcome = t(OUTCOMES[Outcome(entry.details["outcome"])])
        text = f"{outcome} · {text}" if text else str(outcome)
    return Markup("{} {} {}: {}").format(t.short_day(local.date()), t.clock(local), kind, text)


def _kind_words(t: Translator, entry: Interaction) -> Markup:
    kind = t(KINDS[entry.kind])
    if entry.kind is InteractionKind.FEEDBACK and "sentiment" in entry.details:
        return Markup("{} ({})").format(kind, t(SENTIMENTS[Sentiment(entry.details["sentiment"])]))
    if entry.kind is InteractionKind.CHANGE:
        return sent_words(t, entry) or kind
    channel = channel_words(t, entry)
    return Markup("{} ({})").format(kind, channel) if channel else kind


def _card_rows(t: Translator, customer: Customer) -> Rows:
    key = customer.id
    return (
        (buttons.note(t, key), buttons.follow_up(t, key), buttons.sale(t, key)),
        (Choice("📈 " + t("Stage"), f"stage.ask:{key}"), Choice("📌 " + t("Tasks"), f"due.customer:{key}")),
        (Choice("🕘 " + t("History"), f"timeline:{key}:0"), Choice("⋯ " + t("More"), f"customer.more:{key}")),
    )


def more(t: Translator, customer: Customer, reader: Member, *, has_bought: bool) -> Reply:
    """The rarer things of a card."""
    key = customer.id
    care: tuple[Choice, ...] = (Choice("⛔ " + t("Stop care"), f"stop.ask:{key}"),) if has_bought else ()
    if customer.stopped_reason is not None:
        care = (Choice("▶️ " + t("Care again"), f"stop.resume:{key}"),)
    assign = (Choice("🤝 " + t("Assign to…"), f"assign.ask:{key}"),) if reader.manages else ()
    rows = rows_of(
        (
            buttons.edit(t, key),
            Choice("🌡 " + t("Heat"), f"heat.ask:{key}"),
            Choice("⭐ " + t("Potential"), f"potential.ask:{key}"),
        ),
        (*care, *assign),
        (Choice("🤝 " + t("Referrals"), f"referral:{key}"), buttons.survey(t, key)),
        (
            Choice("🔔 " + t("Care messages"), f"consent.ask:{key}"),
            Choice("💬 " + t("Write to the customer"), f"relay.write:{key}"),
        ),
        (
            Choice("🎫 " + t("Tickets"), f"ticket.of:{key}"),
            Choice("📎 " + t("Files"), f"files:{key}:0"),
        ),
        (Choice("🛡 " + t("Their data"), f"privacy:{key}"), back_to_card(t, key)),
    )
    return Reply(lines([title(t, customer), t("What would you like to do?")]), rows, replaces=True)


def back_to_card(t: Translator, customer_id: int) -> Choice:
    """‹ back to the card, in place."""
    return Choice("‹ " + t("Customer card"), f"customer.show:{customer_id}")


def choose_heat(t: Translator, customer: Customer) -> Reply:
    """Three buttons for the heat."""
    row = tuple(Choice(f"{HEAT_SIGNS[heat]} {t(HEATS[heat])}", f"heat.set:{customer.id}:{heat}") for heat in Heat)
    return Reply(
        lines([title(t, customer), t("How warm is this customer?")]),
        (row, (back_to_card(t, customer.id),)),
        replaces=True,
    )


def choose_potential(t: Translator, customer: Customer) -> Reply:
    """Three buttons for the repurchase potential."""
    row = tuple(Choice(t(POTENTIALS[p]), f"potential.set:{customer.id}:{p}") for p in Potential)
    text = lines([title(t, customer), t("How likely is this customer to buy again?")])
    return Reply(text, (row, (back_to_card(t, customer.id),)), replaces=True)


def choose_source(t: Translator, prefix: str) -> Rows:
    """The sources, three in a row; the choice's data is `prefix:source`."""
    choices = [Choice(t(SOURCES[source]), f"{prefix}:{source}") for source in Source]
    return tuple(tuple(choices[i : i + 3]) for i in range(0, len(choices), 3))


def pager(prefix: str, offset: int, size: int, total: int) -> tuple[Choice, ...]:
    """‹ 2/5 › for a list of `total` in pages of `size`; empty where one page holds all. The data is `prefix:offset`."""
    if total <= size:
        return ()
    page, pages = offset // size + 1, -(-total // size)
    back = Choice("‹", f"{prefix}:{max(0, offset - size)}")
    here = Choice(f"{page}/{pages}", f"{prefix}:{offset}")
    on = Choice("›", f"{prefix}:{min((pages - 1) * size, offset + size)}")
    return tuple(choice for choice, shown in ((back, page > 1), (here, True), (on, page < pages)) if shown)


def rows_of(*rows: tuple[Choice, ...]) -> Rows:
    """The rows that hold something."""
    return tuple(row for row in rows if row)


def found_list(
    t: Translator, query: str, found: Sequence[Found], total: int, offset: int, draft_id: int, *, replaces: bool
) -> Reply:
    """The hits of a search, best first, phones masked; each opens its card."""
    if not found:
        text = t(
            "I found nobody for “{query}”. Try part of the name or of the phone number.", query=shortened(query, 60)
        )
        return Reply(text, ((Choice("➕ " + t("New customer"), f"draft.new:{draft_id}"),),), replaces=replaces)
    text = t.plural(
        "{count} customer matches “{query}”:", "{count} customers match “{query}”:", total, query=shortened(query, 60)
    )
    rows = tuple((Choice(customer_label(t, hit.customer), f"customer.open:{hit.customer.id}"),) for hit in found)
    return Reply(text, (*rows, *rows_of(pager(f"find.page:{draft_id}", offset, PAGE, total))), replaces=replaces)


def customer_label(t: Translator, customer: Customer) -> str:
    """chị Lan · •••678 · gói Pro: enough to know whom one taps."""
    parts = [called(t, customer), masked(customer.phones[0]) if customer.phones else customer.code]
    if detail := customer.company or customer.interest:
        parts.append(shortened(detail, 24))
    return " · ".join(parts)


def unknown_phone(t: Translator, phone: str, draft_id: int) -> Reply:
    """Nobody has this number: a new customer?"""
    rows = (
        (Choice("➕ " + t("New customer"), f"draft.name:{draft_id}"),),
        (Choice("✖️ " + t("Cancel"), f"draft.drop:{draft_id}"),),
    )
    return Reply(t("No customer of yours has the number {phone}.", phone=national(phone)), rows)
