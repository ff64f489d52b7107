"""Changing one field of a customer: which, to what, and what changed."""

from dataclasses import replace

from markupsafe import Markup

from bot.domain.customers import Customer, Source
from bot.i18n import Translator, mark
from bot.messages import Choice, Reply
from bot.views import buttons
from bot.views.captures import Fixable
from bot.views.cards import back_to_card, lines, rows_of, title
from bot.views.cards import choose_source as source_rows
from bot.views.words import SOURCES, called, shortened

FIELDS = {
    "name": mark("Name"),
    "phones": mark("Phone"),
    "company": mark("Company"),
    "email": mark("E-mail"),
    "interest": mark("Interest"),
    "referrer": mark("Referrer"),
    "expected": mark("Expected amount"),
    "heat": mark("Heat"),
    "source": mark("Source"),
}
_EXAMPLES = {
    "name": "chị Lan",
    "phones": "0912 345 678",
    "company": "cty An Phát",
    "email": "lan@congty.vn",
    "interest": "gói Pro",
    "referrer": "anh Hùng",
    "expected": "12tr5",
}


def choose_field(t: Translator, customer: Customer) -> Reply:
    """Which field is to be changed?"""

    def field(name: str) -> Choice:
        return Choice(t(FIELDS[name]), f"edit.field:{customer.id}:{name}")

    rows = (
        (field("name"), field("phones"), Choice(t("Source"), f"source.ask:{customer.id}")),
        (Choice(t("Heat level"), f"heat.ask:{customer.id}"), field("interest"), field("company")),
        (field("email"), field("referrer"), field("expected")),
        (back_to_card(t, customer.id),),
    )
    return Reply(lines([title(t, customer), t("What would you like to change?")]), rows, replaces=True)


def choose_fix(t: Translator, customer: Customer, what: Fixable) -> Reply:
    """What of the message just saved is to be put right?"""
    day = Choice("⏰ " + t("Day"), f"fix.due:{what.followup_id}")
    amount = Choice("💰 " + t("Amount"), f"fix.amount:{what.sale_id}")
    product = Choice("📦 " + t("Product"), f"fix.product:{what.sale_id}")
    other = Choice("👥 " + t("Another customer"), f"fix.whom:{what.entry_id}:{what.action_id}")
    saved = ((day,) if what.followup_id else ()) + ((amount, product) if what.sale_id else ())
    text = lines(
        [title(t, customer), t("What is wrong? Choose it, or type what is right: a name, a phone number, a day, hot …")]
    )
    return Reply(
        text, rows_of(saved, (other,) if what.entry_id else (), *choose_field(t, customer).choices), replaces=True
    )


FIXES = {
    "day": mark(
        "Which day, then? For example <code>tomorrow 9am</code>, <code>next Friday</code>, <code>15/12</code>."
    ),
    "amount": mark("How much was it? For example <code>12tr5</code>."),
    "product": mark("What was sold? For example <code>Pro plan</code>."),
}


def ask_fix(t: Translator, which: str) -> Reply:
    """The right value of something saved."""
    return Reply(t(FIXES[which]), ((buttons.cancel(t),),), replaces=True)


def choose_source(t: Translator, customer: Customer) -> Reply:
    """Where does the customer come from?"""
    rows = (*source_rows(t, f"source.set:{customer.id}"), (back_to_card(t, customer.id),))
    return Reply(lines([title(t, customer), t("Where does this customer come from?")]), rows, replaces=True)


def ask_value(t: Translator, customer: Customer, field: str, *, again: bool = False) -> Reply:
    """The new value, with an example; `again` when what was typed cannot be one."""
    question = t(
        "{field} of {name}: type the new value, for example <code>{example}</code>.",
        field=t(FIELDS[field]),
        name=called(t, customer),
        example=_EXAMPLES[field],
    )
    wrong = t("⚠️ I cannot read that as this field.") if again else Markup()
    return Reply(lines([wrong, question]), ((buttons.cancel(t),),))


def field_words(t: Translator, field: str, value: str) -> Markup:
    """Phone: 0912 345 678."""
    return Markup("{}: {}").format(t(FIELDS[field]), shortened(value, 120))


def source_words(t: Translator, source: Source) -> Markup:
    """Source: Zalo."""
    return t("Source: {source}", source=t(SOURCES[source]))


def changed(t: Translator, card: Reply, what: Markup, action_id: int) -> Reply:
    """The card after a change, with what changed above it and *Hoàn tác* below."""
    text = lines([t("✅ Changed · {what}", what=what), card.text])
    return replace(card, text=text, choices=(*card.choices, (buttons.undo(t, action_id),)))


def as_message(reply: Reply, told: Markup = Markup()) -> Reply:
    """The same as a message of its own, for an answer that was typed, with what else there is to tell."""
    return replace(reply, text=lines([reply.text, told]), replaces=False)
