"""Approved templates: sent to people whose window is closed, by their id or their phone number; and how Zalo describes them."""

import logging

from bot.channels.zalo.account import Charged
from bot.channels.zalo.api import ZaloApi
from bot.channels.zalo.failures import NO_SUCH_TEMPLATE, Refusal
from bot.channels.zalo.wire import Answer
from bot.domain.delivery import Delivery, Trouble, Undeliverable
from bot.domain.reaching import Route
from bot.domain.repositories import StorageUnavailable
from bot.domain.zalo_templates import Description, NoDescription, NotDescribed, Sort, TemplateField
from bot.messages import Reply

log = logging.getLogger(__name__)

CHANNEL = "zalo_template"
SORTS = {1: Sort.CUSTOM, 2: Sort.OTP, 3: Sort.PAYMENT, 4: Sort.VOUCHER, 5: Sort.RATING}
# ZALO: assumed [M], these cannot go by user id; the code -249 has the last word.
ONLY_BY_PHONE = frozenset((Sort.OTP,))


class ZaloTemplates:
    """Sends replies in the form of their template, to `user:<id>` or `phone:84912345678`. `send` raises nothing but Undeliverable."""

    name = CHANNEL

    def __init__(self, api: ZaloApi, charged: Charged) -> None:
        self._api = api
        self._charged = charged

    async def send(self, delivery: Delivery) -> str:
        """Send a delivery; the id of the message. What it costs is told once it is accepted."""
        template = Reply.from_record(delivery.payload).template
        sort, _, which = delivery.chat_id.partition(":")
        if template is None or sort not in ("user", "phone") or not which:
            raise Undeliverable(Trouble.REFUSED, "no template, or nobody whom it is for")
        if sort == "user":
            sent = await self._api.template_to_user(which, template.template_id, template.data)
        else:
            tracking_id = f"d{delivery.id}"
            sent = await self._api.template_to_phone(which, template.template_id, template.data, tracking_id)
        try:
            await self._charged(delivery, Route.ZALO_TEMPLATE, template.price_vnd)
        except StorageUnavailable:
            log.warning("delivery %s: what it cost cannot be stored", delivery.id)
        return sent.message_id


class ZaloCatalogue:
    """Asks Zalo about the account's templates."""

    def __init__(self, api: ZaloApi) -> None:
        self._api = api

    async def describe(self, template_id: str) -> Description:
        """How Zalo describes a template of ours. Raises NotDescribed."""
        try:
            told = await self._api.template(template_id)
        except Undeliverable as failure:
            raise _not_described(failure) from failure
        return _description(template_id, told)


def _not_described(failure: Undeliverable) -> NotDescribed:
    if isinstance(failure, Refusal) and failure.code in NO_SUCH_TEMPLATE:
        return NotDescribed(NoDescription.UNKNOWN, failure.detail)
    if failure.trouble in (Trouble.UNAUTHORIZED, Trouble.NOT_IN_ORDER):
        return NotDescribed(NoDescription.NO_RIGHT, failure.detail)
    return NotDescribed(NoDescription.UNREACHABLE, failure.detail)


def _description(template_id: str, told: Answer) -> Description:
    """Zalo's words as ours. Raises NotDescribed where it does not even give a name."""
    name, status = told.get("templateName"), told.get("status")
    if not isinstance(name, str) or not isinstance(status, str):
        raise NotDescribed(NoDescription.UNREACHABLE, "an answer without a name or a status")
    given = told.get("listParams")
    sort = SORTS.get(_whole(told.get("templateType")) or 0, Sort.CUSTOM)
    return Description(
        template_id,
        name,
        status,
        tuple(_field(one) for one in given if isinstance(one, dict)) if isinstance(given, list) else (),
        sort,
        str(told.get("reason") or ""),
        # ZALO: assumed [M], `price` is the one for a phone number, from before there were two
        _whole(told.get("price_sdt") or told.get("price")),
        _whole(told.get("price_uid")),
        by_user=sort not in ONLY_BY_PHONE,
        preview_url=str(told.get("previewUrl") or ""),
    )


def _field(told: Answer) -> TemplateField:
    return TemplateField(
        str(told.get("name", "")),
        required=bool(told.get("require", True)) and not told.get("acceptNull"),
        kind=str(told.get("type") or "STRING"),
        longest=_whole(told.get("maxLength")) or 0,
    )


def _whole(value: object) -> int | None:
    """A whole number, which Zalo writes as one or as a string; prices perhaps with decimals."""
    try:
        return round(float(value)) if isinstance(value, str | int | float) and value != "" else None
    except (ValueError, OverflowError):
        return None
