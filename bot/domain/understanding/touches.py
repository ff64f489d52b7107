"""Whether a message tells of a contact that has taken place: a call, a message or a meeting; a plan or a lack of one is none."""

import re

from bot.domain.timeline import InteractionKind
from bot.domain.understanding.message import Message

# Folded, so that marks are optional. What has been done says so before (đã gọi, vừa gặp) or after (gọi rồi, nhắn zalo xong).
_DONE = r"(?:da|vua|moi|vua moi)"
_OVER = r"(?:roi|xong|xong roi)"
_GAP = r"(?: (?!(?:mai|se|can|nho|hen|nhac|sau|khi|neu|chua)\b)[^\s,.;!?]+){0,6}?"
_CALL = r"(?:goi(?: dien)?(?: lai)?|alo|a lo|dien(?: thoai)? cho|dt cho|lien he|lien lac)"
_MESSAGE = (
    r"(?:nhan tin|nhan zalo|nhan sms|nhan fb|nhan mess(?:enger)?|nhan cho|nhan lai|inbox|ib|zalo cho|"
    r"gui (?:zalo|mail|email|bao gia|tai lieu|catalog(?:ue)?|brochure|hop dong|hinh|anh|video|thong tin|mau|link|bang gia))"
)
_MEETING = (
    r"(?:gap|(?:ghe|qua|den|toi)(?: tan)? (?:nha|cong ty|cty|cua hang|shop|xuong|van phong|gap|tham)|demo|khao sat)"
)
# Nobody answered, but somebody called.
_UNANSWERED = (
    r"(?:(?:khong|ko|k|hok) (?:nghe may|bat may|nhac may)|goi"
    + _GAP
    + r" (?:khong|ko|k) (?:nghe|bat|nhac|duoc)|thue bao)"
)
_NOT_YET = re.compile(r"\b(?:chua|se|can|nho|phai|hen|nhac|mai|de|dinh|khi|neu|should|will|to|when|if)$")
# Other words that look the same without their marks: mỗi gói (each plan), mời gặp (invites to meet).
_ANOTHER_WORD = re.compile(r"\b(?:gói|mỗi|mời|môi|nhận|dạ|qué)\b")

_KINDS = (
    (InteractionKind.MEETING, _MEETING, r"(?:met|visited|had a meeting with)"),
    (InteractionKind.CALL, _CALL, r"(?:called|phoned|spoke (?:to|with)|talked to|rang)"),
    (
        InteractionKind.MESSAGE,
        _MESSAGE,
        r"(?:texted|messaged|emailed|sent (?:the|a|an) (?:quote|brochure|contract|email|offer))",
    ),
)
# Marks tell nhắn (to text) from nhận (to receive); without them only what follows does.
_TEXTED = re.compile(rf"\b(?:đã|vừa|mới) nhắn\b|\bnhắn{_GAP} (?:rồi|xong)\b")


def _pattern(vi: str, en: str) -> re.Pattern[str]:
    return re.compile(rf"\b{_DONE} {vi}\b|\b{vi}{_GAP} {_OVER}\b|\b{en}\b")


_TOLD = tuple((kind, _pattern(vi, en)) for kind, vi, en in _KINDS)
_CALLED_IN_VAIN = re.compile(rf"\b{_UNANSWERED}\b")


def find_touch(message: Message) -> InteractionKind | None:
    """CALL, MESSAGE or MEETING where the message tells of one that took place."""
    for kind, pattern in _TOLD:
        if any(_tells(message, match) for match in pattern.finditer(message.flat)):
            return kind
    if _CALLED_IN_VAIN.search(message.flat):
        return InteractionKind.CALL
    return InteractionKind.MESSAGE if _TEXTED.search(message.low) else None


def _tells(message: Message, match: re.Match[str]) -> bool:
    """Whether these letters are meant so, and are not said of the future."""
    typed = message.low[match.start() : match.end()]
    if _ANOTHER_WORD.search(typed) or (typed.startswith("moi ") and "gap" not in typed):
        return False
    return not _NOT_YET.search(message.flat[: match.start()].rstrip())
