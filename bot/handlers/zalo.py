"""`/zalo`: what of Zalo is in service and what it costs, and the approved templates that stand for our messages. Zalo describes a
template before it can be saved; it is asked outside this turn, by `template_checks`, which pushes what it hears."""

import re
from collections.abc import Mapping
from datetime import timedelta

from markupsafe import Markup

from bot.domain.audit import What
from bot.domain.errors import DomainError, NotFound
from bot.domain.periods import month_of
from bot.domain.template_fields import CONSTANT, fits, room, wants_day, wants_digits
from bot.domain.zalo_templates import Description, FieldValue, TemplateCheck, TemplateField, TemplateKind, as_template
from bot.filling import example
from bot.messages import Reply
from bot.turn import Handler, Turn, address_of
from bot.views import zalo as views
from bot.views import zalo_checks as checks

# ZALO: assumed [M]: templates are numbered.
_NUMBER = re.compile(r"[0-9]{1,20}")
# So long what Zalo said of a template counts; then it is asked again.
FRESH_FOR = timedelta(days=1)


async def show(turn: Turn) -> Reply:
    """`/zalo`, `zalo`."""
    _demand_all(turn)
    await turn.uow.questions.forget(address_of(turn.incoming.peer))
    return await _page(turn)


def _demand_all(turn: Turn) -> None:
    """What holds for all is for who sees the whole company to decide. Raises NotFound."""
    if not turn.member.sees_everyone:
        raise NotFound


async def _page(turn: Turn, note: Markup = Markup()) -> Reply:
    month = month_of(turn.now.astimezone(turn.zone).date())
    zalo = turn.uow.zalo
    seen = views.Overview(
        await zalo.service(),
        await zalo.health(),
        await zalo.costs(*month.bounds(turn.zone)),
        await zalo.costs(*month.previous().bounds(turn.zone)),
        {template.kind: template for template in await zalo.templates()},
        turn.now,
    )
    return views.page(turn.t, seen, note=note, replaces=bool(turn.incoming.choice))


async def kind(turn: Turn) -> Reply:
    """`zalo.kind:<kind>`: one kind of message and its template."""
    _demand_all(turn)
    await turn.uow.questions.forget(address_of(turn.incoming.peer))
    return await _kind_page(turn, _kind(turn))


async def _kind_page(turn: Turn, of: TemplateKind, note: Markup = Markup()) -> Reply:
    template = await turn.uow.zalo.template(of)
    return views.kind_page(turn.t, of, template, note=note, replaces=bool(turn.incoming.choice))


def _kind(turn: Turn) -> TemplateKind:
    found = next((one for one in TemplateKind if turn.args[:1] == [one.value]), None)
    if found is None:
        raise DomainError("old_button")
    return found


# Asking Zalo ----------------------------------------------------------------------------------------------------------


async def ask(turn: Turn) -> Reply:
    """`zalo.ask:<kind>`: which template?"""
    _demand_all(turn)
    of = _kind(turn)
    if not await _in_service(turn):
        return views.not_in_service(turn.t)
    await turn.ask("zalo.template", kind=of)
    return views.ask_number(turn.t, of)


async def number_typed(turn: Turn) -> Reply:
    """The template's number: Zalo is asked about it."""
    _demand_all(turn)
    of, number = TemplateKind(turn.data["kind"]), turn.words.strip().lstrip("#")
    if not _NUMBER.fullmatch(number):
        await turn.ask("zalo.template", kind=of)
        return views.ask_number(turn.t, of, again=True)
    return await _check(turn, of, number)


async def again(turn: Turn) -> Reply:
    """`zalo.again:<kind>`: change what fills the fields; Zalo says first what they are by now."""
    _demand_all(turn)
    template = await turn.uow.zalo.template(_kind(turn))
    if template is None:
        raise DomainError("template_not_found")
    return await _check(turn, template.kind, template.template_id)


async def _check(turn: Turn, of: TemplateKind, number: str) -> Reply:
    if not await _in_service(turn):
        return views.not_in_service(turn.t)
    await turn.uow.template_checks.ask(turn.member.id, of, number, turn.now)
    return views.asking(turn.t, number)


async def _in_service(turn: Turn) -> bool:
    return "zalo" in (await turn.uow.zalo.service()).channels


# Filling its fields ---------------------------------------------------------------------------------------------------


async def _open(turn: Turn, check_id: int) -> tuple[TemplateCheck, Description]:
    """What the member is choosing. Raises NotFound where it is no longer that, or Zalo's word is too old."""
    check = await turn.uow.template_checks.get(check_id, turn.member.id)
    if check.description is None or turn.now - check.asked_at >= FRESH_FOR:
        raise NotFound("template_not_found")
    return check, check.description


def _field(description: Description, index: int) -> TemplateField:
    if index >= len(description.fields):
        raise DomainError("old_button")
    return description.fields[index]


async def check(turn: Turn) -> Reply:
    """`zalo.check:<check>`: what fills the fields so far."""
    _demand_all(turn)
    await turn.uow.questions.forget(address_of(turn.incoming.peer))
    return await _fields(turn, *await _open(turn, turn.arg(0)))


async def _fields(turn: Turn, present: TemplateCheck, description: Description, note: Markup = Markup()) -> Reply:
    template = as_template(present, description)
    whose, read = await example(turn.uow, template, turn.member, turn.now, turn.t)
    replaces = bool(turn.incoming.choice)
    return checks.fields(turn.t, present, description, whose, read, note=note, replaces=replaces)


async def field(turn: Turn) -> Reply:
    """`zalo.field:<check>:<field>`: what is to fill it?"""
    _demand_all(turn)
    present, description = await _open(turn, turn.arg(0))
    await turn.uow.questions.forget(address_of(turn.incoming.peer))
    return checks.choose(turn.t, present, _field(description, turn.arg(1)), turn.arg(1))


async def fill(turn: Turn) -> Reply:
    """`zalo.fill:<check>:<field>:<value>`: this fills it."""
    _demand_all(turn)
    present, description = await _open(turn, turn.arg(0))
    one = _field(description, turn.arg(1))
    value = next((value for value in FieldValue if turn.args[2:] == [value.value]), None)
    if value and fits(present.kind, one, value):
        return await _filled(turn, present, description, {one.name: value.value})
    if turn.args[2:] == [checks.NOTHING] and not one.required:
        return await _filled(turn, present, description, {one.name: ""})
    raise DomainError("old_button")


async def _filled(turn: Turn, present: TemplateCheck, description: Description, change: Mapping[str, str]) -> Reply:
    changed = await turn.uow.template_checks.fill(present, {**present.values, **change})
    return await _fields(turn, changed, description)


async def words(turn: Turn) -> Reply:
    """`zalo.words:<check>:<field>`: always the same words; which?"""
    _demand_all(turn)
    present, description = await _open(turn, turn.arg(0))
    one = _field(description, turn.arg(1))
    if wants_day(one):
        raise DomainError("old_button")
    await turn.ask("zalo.words", check=present.id, field=turn.arg(1))
    return checks.ask_words(turn.t, present, one)


async def words_typed(turn: Turn) -> Reply:
    """The words that always stand there."""
    _demand_all(turn)
    present, description = await _open(turn, int(turn.data["check"]))
    one = _field(description, int(turn.data["field"]))
    said = " ".join(turn.words.split())
    is_number = said.isascii() and said.isdigit()
    if not 0 < len(said) <= room(one, CONSTANT) or (wants_digits(one) and not is_number):
        await turn.ask("zalo.words", check=present.id, field=int(turn.data["field"]))
        return checks.ask_words(turn.t, present, one, again=True)
    return await _filled(turn, present, description, {one.name: CONSTANT + said})


# Deciding -------------------------------------------------------------------------------------------------------------


async def save(turn: Turn) -> Reply:
    """`zalo.save:<check>`: it stands for this kind of message from now on."""
    _demand_all(turn)
    present, description = await _open(turn, turn.arg(0))
    if not checks.is_ready(present, description):
        return await _fields(turn, present, description)
    await turn.uow.zalo.keep_template(as_template(present, description))
    await turn.uow.template_checks.drop(present)
    await _note(turn)
    return await _kind_page(turn, present.kind, turn.t("✅ Saved"))


async def leave(turn: Turn) -> Reply:
    """`zalo.leave:<check>`: rather not."""
    _demand_all(turn)
    present = await turn.uow.template_checks.get(turn.arg(0), turn.member.id)
    await turn.uow.template_checks.drop(present)
    return await _kind_page(turn, present.kind, turn.t("Nothing was changed."))


async def drop(turn: Turn) -> Reply:
    """`zalo.drop:<kind>`: no template for this kind of message any more."""
    _demand_all(turn)
    of = _kind(turn)
    if not await turn.uow.zalo.drop_template(of):
        raise DomainError("template_not_found")
    await _note(turn)
    return await _page(turn, turn.t("Dropped: “{kind}” has no template any more.", kind=turn.t(views.KINDS[of])))


async def _note(turn: Turn) -> None:
    await turn.uow.audit.note(turn.member, What.DECIDED, now=turn.now, fields=["zalo_template"])


CHOICES: dict[str, Handler] = {
    "zalo": show,
    "zalo.again": again,
    "zalo.ask": ask,
    "zalo.check": check,
    "zalo.drop": drop,
    "zalo.field": field,
    "zalo.fill": fill,
    "zalo.kind": kind,
    "zalo.leave": leave,
    "zalo.save": save,
    "zalo.words": words,
}
QUESTIONS: dict[str, Handler] = {"zalo.template": number_typed, "zalo.words": words_typed}
