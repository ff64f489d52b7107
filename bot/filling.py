"""What an approved template says to one customer: our values in its fields, none too long, none that is required empty."""

from datetime import datetime

from bot.domain.customers import Customer
from bot.domain.people import Member
from bot.domain.repositories import UnitOfWork
from bot.domain.zalo_templates import ZaloTemplate
from bot.i18n import Translator
from bot.messages import Template


async def filled(
    uow: UnitOfWork,
    template: ZaloTemplate,
    customer: Customer,
    rep: Member,
    now: datetime,
    *,
    t: Translator,
    words: str,
    link: str,
    by_phone: bool,
) -> Template:
    """The template as it goes to this customer of the rep's at `now` (UTC). `t` is the customer's language, `words` is what we would
    have written, `link` the address in it ("" for none); `by_phone`: it goes to a phone number, which has a price of its own."""
    raise NotImplementedError
