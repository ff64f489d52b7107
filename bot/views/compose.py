"""Answers that were drafted for a rep."""

from markupsafe import Markup

from bot.domain.customers import Customer
from bot.domain.repositories.faqs import ReplyDraft
from bot.i18n import Translator
from bot.messages import Choice, Reply
from bot.views import buttons
from bot.views.cards import lines
from bot.views.guests import answer
from bot.views.words import called


def under_way(t: Translator) -> Reply:
    """It takes some seconds."""
    return Reply(toast=t("I am drafting an answer, a few seconds please…"))


def draft(t: Translator, customer: Customer, written: ReplyDraft, words: str) -> Reply:
    """The draft, for the rep alone: copied, sent as it is, or left."""
    head = t(
        "✍️ A draft for {customer}. Only you see it; please check it before you send it:", customer=called(t, customer)
    )
    quoted = Markup("<blockquote>{}</blockquote>").format(words)
    send = Choice("📨 " + t("Send"), f"compose.send:{written.id}")
    return Reply(
        lines([head, quoted]),
        (
            (send, Choice("📋 " + t("Copy"), copy=words)),
            (answer(t, customer.id), buttons.open_customer(t, customer.id)),
        ),
    )


def no_draft(t: Translator, customer: Customer, asked: ReplyDraft) -> Reply:
    """The model gave nothing that can be used."""
    text = t(
        "✍️ I could not draft an answer for {customer} just now. Please write it yourself.", customer=called(t, customer)
    )
    again = Choice("🔁 " + t("Try again"), f"compose:{asked.entry_id}")
    return Reply(text, ((answer(t, customer.id), again),))
