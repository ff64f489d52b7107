"""What customers and strangers see, and what a rep sees of them."""

from markupsafe import Markup

from bot.domain.customers import Customer
from bot.i18n import Translator
from bot.messages import Choice, Reply
from bot.views import buttons
from bot.views.cards import lines
from bot.views.words import called


def task_to_pass_on(t: Translator, customer: Customer, words: str) -> Reply:
    """No channel leads to the customer: the rep is to send these words."""
    text = lines(
        [
            t("📨 Please send this to {customer}; no channel of ours leads to them yet:", customer=called(t, customer)),
            Markup("<code>{}</code>").format(words),
        ]
    )
    return Reply(text, ((Choice("📋 " + t("Copy"), copy=words),), (buttons.open_customer(t, customer.id),)))


def to_pass_on(t: Translator, words: str) -> str:
    """The follow-up of the same."""
    return str(t("Send to the customer: {words}", words=words).unescape())
