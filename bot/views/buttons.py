"""The buttons that stand on many cards, their labels kept stable (PRODUCT section 3)."""

from bot.i18n import Translator
from bot.messages import Choice


def undo(t: Translator, action_id: int) -> Choice:
    """*Hoàn tác*."""
    return Choice("↩️ " + t("Undo"), f"undo:{action_id}")


def edit(t: Translator, customer_id: int) -> Choice:
    """*Sửa*."""
    return Choice("✏️ " + t("Edit"), f"edit:{customer_id}")


def open_customer(t: Translator, customer_id: int) -> Choice:
    """*Mở khách*."""
    return Choice("👤 " + t("Open customer"), f"customer.open:{customer_id}")


def note(t: Translator, customer_id: int) -> Choice:
    """*Ghi chú*."""
    return Choice("📝 " + t("Note"), f"note.ask:{customer_id}")


def follow_up(t: Translator, customer_id: int) -> Choice:
    """*Hẹn*."""
    return Choice("⏰ " + t("Follow-up"), f"followup.ask:{customer_id}")


def sale(t: Translator, customer_id: int) -> Choice:
    """*Chốt đơn*."""
    return Choice("💰 " + t("Close sale"), f"sale.ask:{customer_id}")


def survey(t: Translator, customer_id: int) -> Choice:
    """*Khảo sát*."""
    return Choice("🗳 " + t("Survey"), f"survey.ask:{customer_id}")


def cancel(t: Translator) -> Choice:
    """*Bỏ*."""
    return Choice("✖️ " + t("Cancel"), "cancel")
