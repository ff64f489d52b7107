"""Whether a message says that a deal is lost, and why: offered to the rep, never set."""

import re

from bot.domain.customers import LostReason
from bot.domain.understanding.message import Message

# Folded, so that marks are optional.
_LOST = re.compile(
    r"\bmat (?:khach|deal|don)\b|\b(?:khong|ko|k|thoi khong|chang) (?:mua|lay|lam|dung) nua\b|\btu choi\b|\bhuy (?:don|keo)\b|"
    r"\b(?:mua|lay|chon|chot|dat|theo) (?:o )?(?:ben|cho|hang|noi) (?:khac|kia|doi thu)\b|\blost (?:the )?(?:deal|customer)\b|"
    r"\bnot buying\b|\bwent with (?:a competitor|somebody else|another)\b"
)
_WHY = (
    (
        LostReason.COMPETITOR,
        re.compile(r"\b(?:ben|cho|hang|noi) (?:khac|kia)\b|\bdoi thu\b|\bcompetitor\b|\bwent with\b"),
    ),
    (LostReason.PRICE, re.compile(r"\b(?:gia|mac|dat qua|che dat|qua dat|vuot ngan sach|price|expensive)\b")),
    (LostReason.NO_NEED, re.compile(r"\b(?:chua can|khong can|ko can|het nhu cau|chua co nhu cau|no need)\b")),
    (LostReason.NO_CONTACT, re.compile(r"\bkhong lien lac duoc\b|\bmat lien lac\b|\bno contact\b")),
    (LostReason.SERVICE, re.compile(r"\b(?:thai do|phuc vu|tu van|giao (?:hang )?(?:tre|cham)|service)\b")),
    (LostReason.PRODUCT, re.compile(r"\b(?:khong (?:hop|phu hop|vua|thich)|ko (?:hop|thich)|loi|product)\b")),
)


def find_loss(message: Message) -> str | None:
    """None where no loss is told of; else a `LostReason`, or "" where no reason is said."""
    if not _LOST.search(message.flat):
        return None
    return next((reason.value for reason, words in _WHY if words.search(message.flat)), "")
