"""Where a new customer came from: a channel named as the source, an event, a visit, or a person who sent them."""

import re

from bot.domain.customers import Source
from bot.domain.understanding.capture import Unsure
from bot.domain.understanding.message import Message
from bot.domain.understanding.tables import sources as say


def find_source(message: Message, is_referred: bool) -> tuple[Source | None, tuple[Unsure, ...]]:
    """Where a new customer came from; `is_referred` where a person is named who sent them."""
    led: list[tuple[int, Source]] = []
    named: list[tuple[int, Source]] = []
    label: list[Source] = []
    for source, pattern in say.CHANNELS:
        for match in pattern.finditer(message.low):
            start, end = message.clause_around(match.start())
            before, after = message.low[start : match.start()], message.low[match.end() : end]
            if say.LED.search(before) and not say.PRODUCT_OF_CHANNEL.search(_without_lead(before)):
                led.append((match.start(), source))
            elif (
                say.PRODUCT_OF_CHANNEL.search(before)
                or say.THEN_CHANNEL_OF_OURS.match(after)
                or (
                    say.CHANNEL_ONLY.search(before)
                    and not say.ASKS_THERE.match(after)
                    and source is not Source.FACEBOOK
                )
            ):
                continue
            elif source is Source.ZALO and say.PHONE_NEXT.match(message.low[match.end() :]) and before.strip():
                label.append(source)
            else:
                named.append((match.start(), source))
    if is_referred or say.REFERRAL.search(message.low):
        return Source.REFERRAL, ()
    other = [(match.start(), source) for source, pattern in say.OTHER if (match := pattern.search(message.low))]
    ranked = sorted(led) or sorted(other) or sorted(named)
    if ranked:
        return ranked[0][1], ()
    return None, (Unsure("source", tuple(dict.fromkeys(label))),) if label else ()


def _without_lead(before: str) -> str:
    return re.sub(r"(?:quảng cáo|quang cao|ads|qc) ?$", "", before)
