"""Where a new customer came from: a channel named as the source, an event, a visit, or a person who sent them."""

import re
from enum import Enum, auto

from bot.domain.customers import Source
from bot.domain.understanding.capture import Unsure
from bot.domain.understanding.message import Message
from bot.domain.understanding.tables import sources as say


class _Role(Enum):
    """How a channel is named."""

    LED = auto()  # as the source: `nguồn fb`, `từ zalo`, `khách web`
    NAMED = auto()  # by itself: `…, fb, …`
    PHONE_LABEL = auto()  # beside a phone: `zalo 0912…` is perhaps only where it can be reached
    OTHER = auto()  # as a product, or as the way to write to somebody


def find_source(message: Message, is_referred: bool) -> tuple[Source | None, tuple[Unsure, ...]]:
    """Where a new customer came from; `is_referred` where a person is named who sent them."""
    sent = say.REFERRAL.search(message.low)
    if sent and not is_referred and (channel := _channel_before(message, sent)):
        return None, (Unsure("source", (Source.REFERRAL, channel)),)
    if is_referred or sent:
        return Source.REFERRAL, ()
    channels = [
        (_role(message, source, match), match.start(), source)
        for source, pattern in say.CHANNELS
        for match in pattern.finditer(message.low)
    ]
    by_role = {role: sorted((at, source) for said, at, source in channels if said is role) for role in _Role}
    elsewhere = sorted(
        (match.start(), source) for source, pattern in say.OTHER if (match := pattern.search(message.low))
    )
    ranked = by_role[_Role.LED] or elsewhere or by_role[_Role.NAMED]
    if ranked:
        return ranked[0][1], ()
    perhaps = tuple(dict.fromkeys(source for _, source in by_role[_Role.PHONE_LABEL]))
    return None, (Unsure("source", perhaps),) if perhaps else ()


def _channel_before(message: Message, sent: re.Match[str]) -> Source | None:
    """`khách zalo giới thiệu …`: they came by Zalo, or somebody there sent them."""
    before = message.low[: sent.start()].rstrip()
    return next(
        (
            source
            for source, pattern in say.CHANNELS
            for match in pattern.finditer(before)
            if match.end() == len(before) and say.LED.search(before[: match.start()])
        ),
        None,
    )


def _role(message: Message, source: Source, match: re.Match[str]) -> _Role:
    start, end = message.clause_around(match.start())
    before, after = message.low[start : match.start()], message.low[match.end() : end]
    is_product = say.PRODUCT_OF_CHANNEL.search(say.ADVERTISED.sub("", before))
    if say.LED.search(before) and not is_product:
        return _Role.LED
    if say.PRODUCT_OF_CHANNEL.search(before) or say.THEN_CHANNEL_OF_OURS.match(after):
        return _Role.OTHER
    if source is not Source.FACEBOOK and say.CHANNEL_ONLY.search(before) and not say.ASKS_THERE.match(after):
        return _Role.OTHER
    is_label = source is Source.ZALO and say.PHONE_NEXT.match(message.low, match.end()) and before.strip()
    return _Role.PHONE_LABEL if is_label else _Role.NAMED
