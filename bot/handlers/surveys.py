"""/khaosat: a customer is asked how satisfied they are, and managers say how the company asks."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.domain.audit import What
from bot.domain.consent import Purpose
from bot.domain.customers import Customer, customer_id_of
from bot.domain.errors import DomainError, NotFound
from bot.domain.phones import parse_phone
from bot.domain.reaching import Contact, Route, Unasked, first_open, why_shut
from bot.domain.surveys import LONGEST_WORDING, PAYLOAD, SurveyKind
from bot.domain.timeline import InteractionKind
from bot.handlers.search import SURE
from bot.i18n import LOCALES
from bot.messages import Reply
from bot.reaching import means_for
from bot.surveying import Surveyor, survey_links
from bot.turn import OFFERED, Handler, Turn
from bot.views import surveys as views
from bot.views.ways import why_words


async def survey(turn: Turn) -> Reply:
    """/khaosat, alone or with whom to ask."""
    if turn.words:
        return await whom(turn)
    await turn.ask("survey.whom")
    return views.ask_whom(turn.t, await turn.last_talked_about(), wordings=turn.member.sees_everyone)


async def whom(turn: Turn) -> Reply:
    """The name, phone or code of who is to be asked."""
    found = await _named(turn)
    if len(found) == 1:
        return views.choose_kind(turn.t, found[0])
    await turn.ask("survey.whom")
    candidates = found or await turn.last_talked_about()
    return views.ask_whom(turn.t, candidates, wordings=False, named=turn.words[:60])


async def _named(turn: Turn) -> Sequence[Customer]:
    if (code := customer_id_of(turn.words)) is not None:
        return [await turn.uow.customers.get(turn.member, code)]
    if phone := parse_phone(turn.words):
        return await turn.uow.customers.by_phone(turn.member, phone)
    said = await turn.understand(turn.words)
    if said.name and (own := await turn.uow.customers.named(turn.member, said.name, said.honorific)):
        return own[:OFFERED]
    hits, _ = await turn.uow.customers.find(turn.member, said.name or turn.words, OFFERED)
    sure = [hit.customer for hit in hits if hit.score >= SURE]
    return sure or [hit.customer for hit in hits]


async def ask(turn: Turn) -> Reply:
    """`survey.ask:<customer>`."""
    return views.choose_kind(turn.t, await turn.uow.customers.get(turn.member, turn.arg(0)))


async def send(turn: Turn) -> Reply:
    """`survey.send:<customer>:<kind>`: on their channel, else the link to hand over."""
    customer, kind = await turn.uow.customers.get(turn.member, turn.arg(0)), _kind(turn, 1)
    way = await (await _surveyor(turn)).send(customer, kind, turn.member)
    if isinstance(way, Unasked):
        return await _refused(turn, customer) or views.not_sent(turn.t, customer, kind, way)
    if way is None:
        return await _link(turn, customer, kind)
    return views.sent(turn.t, customer, kind, way)


async def link(turn: Turn) -> Reply:
    """`survey.link:<customer>:<kind>`."""
    customer = await turn.uow.customers.get(turn.member, turn.arg(0))
    return await _link(turn, customer, _kind(turn, 1))


async def _link(turn: Turn, customer: Customer, kind: SurveyKind) -> Reply:
    """A new invitation for the rep to pass on, which the timeline tells; its token is told here and kept nowhere."""
    if refusal := await _refused(turn, customer):
        return refusal
    surveyor = await _surveyor(turn)
    _, token = await surveyor.invite(customer, kind, turn.member, Route.TASK)
    words = await surveyor.words(kind)
    by_hand = {"direction": "out", "route": Route.TASK.value, "about": "survey"}
    asked = InteractionKind.CHANGE, str(words.unescape()), turn.now
    await turn.uow.timeline.add(turn.member, customer.id, *asked, details=by_hand)
    contacts, means = await turn.uow.contacts.of_customer(customer.id), await means_for(turn.uow)
    is_open = first_open(contacts, turn.now, means) is not None
    why = Markup() if is_open else why_words(turn.t, customer, why_shut(contacts, turn.now, means))
    addresses = _addresses(turn, token, contacts)
    return views.link_to_copy(turn.t, customer, words, addresses, why)


def _addresses(turn: Turn, token: str, contacts: Sequence[Contact]) -> Sequence[str]:
    """Where the survey can be answered: on our page, and on Telegram; but that is no place for whom we know from elsewhere alone, as
    long as there is a page."""
    page = f"{turn.public_url}/s/{token}" if turn.public_url else ""
    is_elsewhere = bool(contacts) and all(contact.channel != "telegram" for contact in contacts)
    on_telegram = "" if page and is_elsewhere else turn.link_to(PAYLOAD + token)
    return [address for address in (page, on_telegram) if address]


async def _refused(turn: Turn, customer: Customer) -> Reply | None:
    consent = await turn.uow.consents.latest(customer.id, Purpose.CARE)
    is_refused = consent is not None and consent.withdrawn_at is not None
    return views.refused(turn.t, customer) if is_refused else None


async def _surveyor(turn: Turn) -> Surveyor:
    links = survey_links(turn.public_url, turn.link_to)
    return Surveyor(turn.uow, turn.now, turn.translator_of, turn.t, await turn.org_name(), links)


def _kind(turn: Turn, index: int) -> SurveyKind:
    """The choice's part as a kind. Raises DomainError when somebody forged it."""
    said = turn.args[index] if index < len(turn.args) else ""
    if said not in list(SurveyKind):
        raise DomainError("old_button")
    return SurveyKind(said)


# How the company asks -------------------------------------------------------------------------------------------------


async def wordings(turn: Turn) -> Reply:
    """`survey.wordings`."""
    _demand_all(turn)
    return await _wordings(turn)


async def _wordings(turn: Turn, note: Markup = Markup()) -> Reply:
    own = {(kind, locale): await turn.uow.surveys.wording(kind, locale) for kind in SurveyKind for locale in LOCALES}
    return views.wordings(turn.t, await turn.org_name(), own, note)


def _demand_all(turn: Turn) -> None:
    """What holds for all is for who sees the whole company to decide. Raises NotFound."""
    if not turn.member.sees_everyone:
        raise NotFound


def _which(turn: Turn) -> tuple[SurveyKind, str]:
    kind, locale = _kind(turn, 0), turn.args[1] if len(turn.args) > 1 else ""
    if locale not in LOCALES:
        raise DomainError("old_button")
    return kind, locale


async def ask_wording(turn: Turn) -> Reply:
    """`survey.word:<kind>:<locale>`."""
    _demand_all(turn)
    kind, locale = _which(turn)
    await turn.ask("survey.wording", kind=kind.value, locale=locale)
    return views.ask_wording(turn.t, kind, locale)


async def wording_typed(turn: Turn) -> Reply:
    """The company's own question."""
    _demand_all(turn)
    kind, locale = SurveyKind(turn.data["kind"]), str(turn.data["locale"])
    text = " ".join(turn.words.split())
    if not text or len(text) > LONGEST_WORDING:
        await turn.ask("survey.wording", kind=kind.value, locale=locale)
        return views.ask_wording(turn.t, kind, locale, again=True)
    return await _word(turn, kind, locale, text)


async def usual_wording(turn: Turn) -> Reply:
    """`survey.unword:<kind>:<locale>`: our words again."""
    _demand_all(turn)
    kind, locale = _which(turn)
    return await _word(turn, kind, locale, "")


async def _word(turn: Turn, kind: SurveyKind, locale: str, text: str) -> Reply:
    await turn.uow.surveys.word(kind, locale, text)
    await turn.uow.audit.note(turn.member, What.DECIDED, now=turn.now, fields=[f"survey_{kind}_{locale}"])
    return await _wordings(turn, turn.t("✅ Saved"))


CHOICES: dict[str, Handler] = {
    "survey.ask": ask,
    "survey.send": send,
    "survey.link": link,
    "survey.wordings": wordings,
    "survey.word": ask_wording,
    "survey.unword": usual_wording,
}
QUESTIONS: dict[str, Handler] = {"survey.whom": whom, "survey.wording": wording_typed}
