"""The words of the page behind a personal link, as its template takes them."""

from typing import Any

from bot.domain.referrals import message_of, payload_of
from bot.domain.ways_in import WaysIn
from bot.i18n import Translator

Page = dict[str, Any]


def ways(t: Translator, org: str, token: str, ways_in: WaysIn) -> Page:
    """A friend chooses where to write to us. Who sent them is not said: the link may have been passed on."""
    return {
        "title": t("A friend recommends {org}", org=org),
        "text": t(
            "Write to us where you like: one of us answers you there, and there is a gift for you and your friend."
        ),
        "telegram": ways_in.telegram(payload_of(token)),
        "on_telegram": t("Write on Telegram"),
        "zalo": ways_in.zalo,
        "on_zalo": t("Write on Zalo"),
        "how": t("On Zalo, please send this as your first message, so that we know who has sent you:"),
        "code": message_of(token),
        "hold": t("Press and hold to copy."),
        "no_way": t("Please ask your friend how to reach us."),
    }


def gone(t: Translator, org: str) -> Page:
    """A link that is none."""
    text = t("The link is wrong, or not in use any more. You are welcome all the same: please contact {org}.", org=org)
    return {"title": t("This link leads nowhere"), "text": text}
