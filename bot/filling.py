"""What an approved template says to one customer: our values in its fields, none too long, none that is required empty."""

from collections.abc import Callable
from datetime import datetime
from string import digits

from bot.domain.addressing import given_name
from bot.domain.customers import Customer
from bot.domain.people import Member
from bot.domain.repositories import UnitOfWork
from bot.domain.sales import Sale
from bot.domain.template_fields import CONSTANT, LINKS, cut, room, wants_day, wants_digits
from bot.domain.zalo_templates import FieldValue, TemplateField, ZaloTemplate
from bot.i18n import Translator
from bot.messages import Template

# What stands for a link that does not exist: Zalo refuses it, and the message goes another way.
_NO_LINK = "-"


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
    sale = (await uow.sales.purchases([customer.id]))[customer.id].last
    company = (await uow.company.read()).name or ""
    ours = _values(t, customer, rep, sale, now, company, words, link)
    data = {one.name: filled_in(t, one, template.values.get(one.name, ""), ours) for one in template.fields}
    price = template.price_phone_vnd if by_phone else template.price_user_vnd
    return Template(template.template_id, {name: text for name, text in data.items() if text}, price or 0)


def filled_in(t: Translator, field: TemplateField, value: str, ours: Callable[[FieldValue], str]) -> str:
    """What stands in one field; never too long, and "" only where nothing is required."""
    if value.startswith(CONSTANT):
        said = value.removeprefix(CONSTANT)
    elif value in set(FieldValue):
        said = ours(FieldValue(value))
    else:
        said = ""
    if wants_digits(field):
        said = "".join(sign for sign in said if sign in digits)
    longest = room(field, value)
    is_whole_or_nothing = value in LINKS or wants_digits(field) or wants_day(field)
    said = "" if is_whole_or_nothing and len(said) > longest else cut(said, longest)
    return said or (cut(_instead(t, field, value, ours), longest) if field.required else "")


def _values(
    t: Translator,
    customer: Customer,
    rep: Member,
    sale: Sale | None,
    now: datetime,
    company: str,
    words: str,
    link: str,
) -> Callable[[FieldValue], str]:
    """What we have of each; "" for what we have not."""
    amount_vnd = sale.amount_vnd if sale else None
    values = {
        FieldValue.CUSTOMER: addressed(customer),
        FieldValue.CODE: customer.code,
        FieldValue.COMPANY: company,
        FieldValue.REP: rep.name,
        FieldValue.PRODUCT: (sale.product or "") if sale else "",
        FieldValue.BOUGHT_ON: f"{sale.sold_on:%d/%m/%Y}" if sale else "",
        FieldValue.TODAY: f"{now.astimezone(t.zone):%d/%m/%Y}",
        FieldValue.AMOUNT: t.money(amount_vnd) if amount_vnd else "",
        FieldValue.LINK: link,
        FieldValue.TOKEN: link.rstrip("/").rpartition("/")[2],
        FieldValue.WORDS: words,
    }
    return values.__getitem__


def addressed(customer: Customer) -> str:
    """How they are spoken to: `chị Lan` for Ms Nguyễn Thị Lan."""
    return f"{customer.honorific or ''} {given_name(customer.name)}".strip()


def _instead(t: Translator, field: TemplateField, value: str, ours: Callable[[FieldValue], str]) -> str:
    """What is said where we do not know it: true of everybody, and polite."""
    if wants_day(field):
        return ours(FieldValue.TODAY)
    if wants_digits(field):
        return "0"
    if value in LINKS:
        return _NO_LINK
    decent = {
        FieldValue.CUSTOMER.value: t("dear customer"),
        FieldValue.COMPANY.value: t("our shop"),
        FieldValue.REP.value: t("our team"),
        FieldValue.PRODUCT.value: t("your order"),
        FieldValue.BOUGHT_ON.value: t("recently"),
        FieldValue.AMOUNT.value: t("as on the bill"),
    }
    return str((decent.get(value) or t("your order")).unescape())


async def example(
    uow: UnitOfWork, template: ZaloTemplate, member: Member, now: datetime, t: Translator
) -> tuple[Customer, Template]:
    """What it would say to the customer who bought last, as far as the member sees them, else to somebody made up."""
    customer = await uow.zalo.example(member) or Customer(
        id=0, name="Lan", owner_id=member.id, created_at=now, honorific="chị"
    )
    words, link = t("the message's words"), t("the customer's own link")
    said = {"words": str(words.unescape()), "link": str(link.unescape())}
    return customer, await filled(uow, template, customer, member, now, t=t, **said, by_phone=not template.by_user)
