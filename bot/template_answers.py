"""What customers answer to an approved template: stars of a rating template are a survey's answer, a tapped reply is their words."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.domain.people import Member
from bot.domain.repositories import Store
from bot.i18n import Translator

Translators = Callable[[Member], Translator]


async def rated(
    store: Store,
    now: datetime,
    translators: Translators,
    *,
    message_ref: str,
    tracking_id: str,
    rate: int,
    note: str,
    feedbacks: Sequence[str],
    event_key: str,
) -> bool:
    """Stars (1 to 5) for the message of this reference, or else of this tracking id (`d<delivery id>`): the answer to the survey
    behind it, exactly as on its page; `note` and `feedbacks` (ticked phrases) are the comment. Once for each `event_key`; another
    rating within a day changes the first. False where there is no such survey, or it is closed. Raises StorageUnavailable."""
    raise NotImplementedError


async def replied(
    store: Store,
    now: datetime,
    translators: Translators,
    *,
    message_ref: str,
    tracking_id: str,
    label: str,
    event_key: str,
    offers_drafts: bool = False,
) -> bool:
    """A tapped reply under the message of this reference, or else of this tracking id: words of the customer, for the timeline and
    their rep. Once for each `event_key`. False where the message is not known. Raises StorageUnavailable."""
    raise NotImplementedError
