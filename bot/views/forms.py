"""The questions of the short forms."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.domain.customers import Customer
from bot.domain.sales import Sale
from bot.i18n import Translator
from bot.messages import Choice, Reply
from bot.views import buttons
from bot.views.cards import customer_label, lines, sale_words
from bot.views.words import called


def ask_whom(t: Translator, question: Markup, recent: Sequence[Customer], verb: str) -> Reply:
    """Whom is it about? The last ones talked about to tap; a typed answer may hold everything."""
    rows = tuple((Choice(customer_label(t, customer), f"{verb}:{customer.id}"),) for customer in recent)
    return Reply(question, (*rows, (buttons.cancel(t),)))


def ask_note(t: Translator, customer: Customer) -> Reply:
    """The note's text."""
    return Reply(
        t("Note about {name}: type it, a date in it becomes a reminder.", name=called(t, customer)),
        ((buttons.cancel(t),),),
    )


def ask_feedback(t: Translator, customer: Customer) -> Reply:
    """What the customer said."""
    return Reply(t("What did {name} say? Type it as they said it.", name=called(t, customer)), ((buttons.cancel(t),),))


def ask_sale(t: Translator, customer: Customer) -> Reply:
    """What was sold, and for how much."""
    text = t(
        "What did {name} buy, and for how much? For example <code>Pro plan 12tr5</code>.", name=called(t, customer)
    )
    return Reply(text, ((buttons.cancel(t),),))


def sale_is(t: Translator, sale: Sale) -> Markup:
    """💰 gói Pro · 12.500.000 ₫."""
    return Markup("💰 {}").format(sale_words(t, sale))


def amount_saved(t: Translator, sale: Sale, action_id: int) -> Reply:
    """The amount is on the sale."""
    row = (buttons.undo(t, action_id), buttons.open_customer(t, sale.customer_id))
    return Reply(Markup("{}\n{}").format(t("✅ Amount saved"), sale_is(t, sale)), (row,))


def product_saved(t: Translator, sale: Sale, action_id: int, told: Markup) -> Reply:
    """The product is on the sale."""
    row = (buttons.undo(t, action_id), buttons.open_customer(t, sale.customer_id))
    return Reply(lines([t("✅ Product saved"), sale_is(t, sale), told]), (row,))


def ask_name(t: Translator) -> Reply:
    """The first question of a new customer."""
    text = t(
        "What is the customer called? You can put everything in one message, for example\n"
        "<code>Ms Lan 0912 345 678, Facebook, interested in Pro plan, hot. Call back Friday</code>"
    )
    return Reply(text, ((buttons.cancel(t),),))


def ask_phone(t: Translator, name: str, *, again: bool = False) -> Reply:
    """The second question."""
    wrong = t("⚠️ That is no phone number.") + Markup("\n") if again else Markup()
    question = t("Phone number of {name}? For example <code>0912 345 678</code>.", name=name)
    return Reply(wrong + question, ((Choice(t("None yet"), "new.no_phone"), buttons.cancel(t)),))


def ask_source(t: Translator, name: str, rows: tuple[tuple[Choice, ...], ...]) -> Reply:
    """The third question."""
    text = t("Where does {name} come from?", name=name)
    return Reply(text, (*rows, (Choice(t("Skip"), "new.source:none"), buttons.cancel(t))))
