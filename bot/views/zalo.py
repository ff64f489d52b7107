"""Zalo as who leads the company sees it: what is in service, what it has cost, and which template stands for which message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from bot.domain.reaching import Route
from bot.domain.template_fields import CONSTANT
from bot.domain.windows import PAID_MESSAGE_VND
from bot.domain.zalo import Cost, Health, Service
from bot.domain.zalo_templates import FieldValue, TemplateKind, ZaloTemplate
from bot.i18n import Translator, mark
from bot.messages import Choice, Reply, Rows
from bot.views import buttons
from bot.views.cards import lines

KINDS = {
    TemplateKind.CSAT: mark("How satisfied are you? (1–5)"),
    TemplateKind.NPS: mark("Would you recommend us? (0–10)"),
    TemplateKind.SOLVED: mark("A ticket is solved"),
    TemplateKind.ANSWER: mark("A rep answers the customer"),
}
VALUES = {
    FieldValue.CUSTOMER: mark("the customer's name"),
    FieldValue.CODE: mark("the customer's code"),
    FieldValue.COMPANY: mark("the company's name"),
    FieldValue.REP: mark("the rep's name"),
    FieldValue.PRODUCT: mark("what they bought last"),
    FieldValue.BOUGHT_ON: mark("when they bought last"),
    FieldValue.TODAY: mark("the day it is sent"),
    FieldValue.AMOUNT: mark("what they paid last"),
    FieldValue.LINK: mark("the link"),
    FieldValue.TOKEN: mark("the last part of the link"),
    FieldValue.WORDS: mark("the message's words"),
}


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page shows, as of `now` (UTC). `health` is None before the first connection."""

    service: Service
    health: Health | None
    this_month: Sequence[Cost]
    last_month: Sequence[Cost]
    templates: Mapping[TemplateKind, ZaloTemplate]
    now: datetime


def page(t: Translator, seen: Overview, *, note: Markup = Markup(), replaces: bool) -> Reply:
    """All of it; each kind of message to choose its template."""
    chosen = [
        Markup("• {}: <b>{}</b>").format(t(title), seen.templates[kind].name)
        for kind, title in KINDS.items()
        if kind in seen.templates
    ]
    costs = [
        t("<b>Costs</b>"),
        t("• This month: {costs}", costs=_costs(t, seen.this_month)),
        t("• Last month: {costs}", costs=_costs(t, seen.last_month)),
    ]
    none = t("None yet: where a customer cannot be written to in words, the rep gets a task instead.")
    templates = [
        t("<b>Templates</b>"),
        *(chosen or [none]),
        t("Choose a message to give it a template that Zalo has approved:"),
    ]
    parts = [note, lines([Markup("💬 <b>Zalo</b>"), *_in_service(t, seen)]), lines(costs), lines(templates)]
    text = Markup("\n\n").join(filter(None, parts))
    rows: Rows = tuple(
        (Choice(("✓ " if kind in seen.templates else "") + t(title), f"zalo.kind:{kind}"),)
        for kind, title in KINDS.items()
    )
    return Reply(text, rows, replaces=replaces)


def _in_service(t: Translator, seen: Overview) -> list[Markup]:
    said = [_account(t, seen)]
    if "zalo" in seen.service.channels:
        price = t.money(PAID_MESSAGE_VND)
        paid = t("Messages after 48 hours of silence: on, {price} each.", price=price)
        said.append(paid if seen.service.paid else t("Messages after 48 hours of silence: off, they would cost."))
    if "zalo_bot" in seen.service.channels:
        said.append(t("Zalo Bot: in service."))
    return said


def _account(t: Translator, seen: Overview) -> Markup:
    """Whether the Official Account can be used."""
    if "zalo" not in seen.service.channels:
        return t("Official Account: not in service. Whoever runs the bot can connect it.")
    if seen.health is None:
        return t("Official Account: in service, not connected yet.")
    if seen.health.died_at:
        return t(
            "⚠️ Official Account: Zalo has let nobody in since {moment}. Whoever runs the bot has to give the consent again.",
            moment=t.moment(seen.health.died_at),
        )
    if seen.health.expires_at <= seen.now:
        return t("⚠️ Official Account: in service, but the connection has not been renewed. I keep trying.")
    return t(
        "Official Account: in service, connected until {moment}; I renew it in time.",
        moment=t.moment(seen.health.expires_at),
    )


def _costs(t: Translator, costs: Sequence[Cost]) -> Markup:
    said = []
    for cost in costs:
        amount = t.money(cost.amount_vnd)
        if cost.route is Route.ZALO_TEMPLATE:
            said.append(
                t.plural("{count} template {amount}", "{count} templates {amount}", cost.messages, amount=amount)
            )
        else:
            said.append(
                t.plural(
                    "{count} paid message {amount}", "{count} paid messages {amount}", cost.messages, amount=amount
                )
            )
    return Markup("; ").join(said) if said else t("nothing yet")


def kind_page(
    t: Translator, kind: TemplateKind, template: ZaloTemplate | None, *, note: Markup = Markup(), replaces: bool
) -> Reply:
    """One kind of message and its template."""
    head = Markup("💬 <b>{}</b>").format(t(KINDS[kind]))
    back = (Choice("‹ Zalo", "zalo"),)
    if template is None:
        none = t("No template: where the customer cannot be written to in words, the rep gets a task instead.")
        rows: Rows = ((Choice("➕ " + t("Choose a template"), f"zalo.ask:{kind}"),), back)
        return Reply(lines([note, head, none, _advice(t, kind)]), rows, replaces=replaces)
    fields = [
        Markup("• <code>{}</code>: {}").format(one.name, filled_by(t, template.values.get(one.name, "")))
        for one in template.fields
    ]
    checked = t("Checked with Zalo on {moment}.", moment=t.moment(template.checked_at)) if template.checked_at else None
    text = lines(
        [
            note,
            head,
            t("Template <b>{name}</b> (number <code>{number}</code>)", name=template.name, number=template.template_id),
            *fields,
            prices(
                t,
                template.price_user_vnd if template.by_user else None,
                template.price_phone_vnd if template.by_phone else None,
            ),
            checked or Markup(),
        ]
    )
    rows = (
        (Choice("✏️ " + t("Change the fields"), f"zalo.again:{kind}"),),
        (
            Choice("🔁 " + t("Another template"), f"zalo.ask:{kind}"),
            Choice("🗑 " + t("Drop the template"), f"zalo.drop:{kind}"),
        ),
        back,
    )
    return Reply(text, rows, replaces=replaces)


def _advice(t: Translator, kind: TemplateKind) -> Markup:
    """What to look for in a template of this kind."""
    if kind is TemplateKind.CSAT:
        return t("💡 Best is a rating template: the customer taps stars, and I take them as the answer.")
    if kind is TemplateKind.NPS:
        return t("💡 Zalo's stars end at 5, so the template needs a field or a button for the link to our page.")
    return Markup()


def prices(t: Translator, user_vnd: int | None, phone_vnd: int | None) -> Markup:
    """What one message costs, by where it goes."""
    said = []
    if user_vnd is not None:
        said.append(t("{price} to a Zalo account that we know", price=t.money(user_vnd)))
    if phone_vnd is not None:
        said.append(t("{price} to a phone number", price=t.money(phone_vnd)))
    if not said:
        return t("Price: Zalo has told none.")
    return t("Price of one: {prices}.", prices=Markup(", ").join(said))


def filled_by(t: Translator, value: str) -> Markup:
    """What fills a field, in words."""
    if value.startswith(CONSTANT):
        return t("always “{words}”", words=value.removeprefix(CONSTANT))
    known = next((title for one, title in VALUES.items() if one == value), None)
    return t(known) if known else t("left empty")


def ask_number(t: Translator, kind: TemplateKind, *, again: bool = False) -> Reply:
    """Which template?"""
    wrong = t("⚠️ That is no number of a template.") if again else Markup()
    text = t("Type the number of the template as Zalo shows it (Template ID), for example <code>400123</code>:")
    head = Markup("💬 <b>{}</b>").format(t(KINDS[kind]))
    return Reply(lines([wrong, head, text]), ((Choice("‹ Zalo", "zalo"), buttons.cancel(t)),))


def not_in_service(t: Translator) -> Reply:
    """Nobody could be asked."""
    text = t("The Official Account is not in service, so Zalo cannot be asked. Whoever runs the bot can connect it.")
    return Reply(text, ((Choice("‹ Zalo", "zalo"),),))


def asking(t: Translator, template_id: str) -> Reply:
    """Zalo is being asked."""
    return Reply(t("⏳ I am asking Zalo about template <code>{number}</code>…", number=template_id))


def template_is_gone(t: Translator, template: ZaloTemplate) -> Reply:
    """Zalo has stopped a template that we use."""
    text = t(
        "⚠️ Zalo has stopped the template <b>{name}</b> ({number}). Until another is chosen, what it carried becomes a task for "
        "the rep.",
        name=template.name,
        number=template.template_id,
    )
    return Reply(text, ((Choice("Zalo", "zalo"),),))
