"""`/faq`: the company's question list, for those who lead."""

from markupsafe import Markup

from bot.domain.audit import What
from bot.domain.errors import DomainError, NotFound
from bot.domain.faq import Faq, is_fit, locale_of, pair_in, ranked, sure_answer
from bot.domain.reaching import Unasked
from bot.domain.zalo_templates import TemplateKind
from bot.i18n import LOCALES
from bot.messages import Reply
from bot.reaching import reach
from bot.turn import Handler, Turn
from bot.views import faq as views

NEAREST = 2
# Less is no neighbour.
NEAR = 0.4


async def faq(turn: Turn) -> Reply:
    """`/faq`, `/faq <question> / <answer>` and `faq:<offset>`."""
    _demand_lead(turn)
    pair = pair_in(turn.words) if turn.words else None
    if pair:
        return await _add(turn, *pair)
    if turn.words:
        return await _ask_answer(turn, turn.words)
    return await _page(turn, turn.arg(0) if turn.incoming.choice else 0)


def _demand_lead(turn: Turn) -> None:
    """What customers are told in the company's name is for those who lead. Raises NotFound."""
    if not turn.member.manages:
        raise NotFound


async def _page(turn: Turn, offset: int = 0, note: Markup = Markup()) -> Reply:
    faqs, missed = await turn.uow.faqs.all(), await turn.uow.faqs.unanswered()
    offset = offset if offset < len(faqs) else 0
    return views.page(turn.t, faqs, len(missed), offset, note=note, replaces=bool(turn.incoming.choice))


async def _entry(turn: Turn, faq: Faq, note: Markup = Markup()) -> Reply:
    askers = await turn.uow.faqs.askers(faq.id)
    return views.entry(turn.t, faq, len(askers), note=note, replaces=bool(turn.incoming.choice))


async def _decided(turn: Turn) -> None:
    await turn.uow.audit.note(turn.member, What.DECIDED, now=turn.now, fields=["faq"])


# Adding and changing ----------------------------------------------------------------------------------------------------


async def new(turn: Turn) -> Reply:
    """`faq.new`."""
    _demand_lead(turn)
    await turn.ask("faq.text")
    return views.ask_new(turn.t)


async def typed(turn: Turn) -> Reply:
    """A question with its answer, or alone."""
    _demand_lead(turn)
    pair = pair_in(turn.words)
    return await _add(turn, *pair) if pair else await _ask_answer(turn, turn.words)


async def _ask_answer(turn: Turn, question: str) -> Reply:
    question = " ".join(question.split())
    if not is_fit(question, "."):
        await turn.ask("faq.text")
        return views.ask_new(turn.t, again=True)
    await turn.ask("faq.answer", asked=question)
    return views.ask_answer(turn.t, question)


async def answer_typed(turn: Turn) -> Reply:
    """The answer to the question before."""
    _demand_lead(turn)
    question = str(turn.data["asked"])
    if not is_fit(question, turn.words):
        await turn.ask("faq.answer", asked=question)
        return views.ask_answer(turn.t, question, again=True)
    return await _add(turn, question, turn.words.strip())


async def _add(turn: Turn, question: str, answer: str) -> Reply:
    added = await turn.uow.faqs.add(locale_of(f"{question} {answer}", turn.t.locale), question, answer)
    # what customers asked before and this answers
    for missed in await turn.uow.faqs.unanswered():
        if sure_answer([added], missed.question, added.locale):
            await turn.uow.faqs.answer(missed, added)
    await _decided(turn)
    return await _entry(turn, added, turn.t("✅ Saved"))


async def show(turn: Turn) -> Reply:
    """`faq.open:<id>`."""
    _demand_lead(turn)
    return await _entry(turn, await turn.uow.faqs.get(turn.arg(0)))


async def edit(turn: Turn) -> Reply:
    """`faq.edit:<id>`."""
    _demand_lead(turn)
    entry = await turn.uow.faqs.get(turn.arg(0))
    await turn.ask("faq.change", faq=entry.id)
    return views.ask_edit(turn.t, entry)


async def change_typed(turn: Turn) -> Reply:
    """Another answer, or question and answer."""
    _demand_lead(turn)
    entry = await turn.uow.faqs.get(int(turn.data["faq"]))
    question, answer = _changed(entry, turn.words)
    if not is_fit(question, answer):
        await turn.ask("faq.change", faq=entry.id)
        return views.ask_edit(turn.t, entry, again=True)
    changed = await turn.uow.faqs.change(entry, question=question, answer=answer)
    await _decided(turn)
    return await _entry(turn, changed, turn.t("✅ Saved"))


def _changed(entry: Faq, words: str) -> tuple[str, str]:
    """Several lines are both only where the first one asks; else they are an answer of several lines."""
    pair = pair_in(words)
    if pair and (pair[0].endswith("?") or pair[0] == entry.question):
        return pair
    return entry.question, words.strip()


async def language(turn: Turn) -> Reply:
    """`faq.language:<id>:<vi or en>`."""
    _demand_lead(turn)
    entry, locale = await turn.uow.faqs.get(turn.arg(0)), "".join(turn.args[1:2])
    if locale not in LOCALES:
        raise DomainError("old_button")
    await _decided(turn)
    return await _entry(turn, await turn.uow.faqs.change(entry, locale=locale), turn.t("✅ Saved"))


async def ask_delete(turn: Turn) -> Reply:
    """`faq.delete:<id>`."""
    _demand_lead(turn)
    return views.ask_delete(turn.t, await turn.uow.faqs.get(turn.arg(0)))


async def drop(turn: Turn) -> Reply:
    """`faq.drop:<id>`."""
    _demand_lead(turn)
    await turn.uow.faqs.drop(await turn.uow.faqs.get(turn.arg(0)))
    await _decided(turn)
    return await _page(turn, note=turn.t("🗑 Deleted"))


# Trying -----------------------------------------------------------------------------------------------------------------


async def ask_try(turn: Turn) -> Reply:
    """`faq.try`."""
    _demand_lead(turn)
    await turn.ask("faq.try")
    return views.ask_try(turn.t)


async def tried(turn: Turn) -> Reply:
    """What a customer who wrote this would be answered."""
    _demand_lead(turn)
    faqs = await turn.uow.faqs.all()
    near = [match for match in ranked(faqs, turn.words) if match.score >= NEAR]
    return views.tried(turn.t, turn.words, sure_answer(faqs, turn.words, turn.t.locale), near[:NEAREST])


# What has no answer yet -------------------------------------------------------------------------------------------------


async def missed(turn: Turn) -> Reply:
    """`faq.missed:<offset>`."""
    _demand_lead(turn)
    questions, offset = await turn.uow.faqs.unanswered(), turn.arg(0)
    return views.missed(turn.t, questions, offset if offset < len(questions) else 0, replaces=True)


async def miss(turn: Turn) -> Reply:
    """`faq.miss:<unanswered>`: its answer is what is typed next."""
    _demand_lead(turn)
    one = await turn.uow.faqs.missed(turn.arg(0))
    await turn.ask("faq.missing", unanswered=one.id)
    return views.missing(turn.t, one)


async def missing_typed(turn: Turn) -> Reply:
    """The answer to what customers asked: into the list, and ready to be sent to them."""
    _demand_lead(turn)
    one = await turn.uow.faqs.missed(int(turn.data["unanswered"]))
    if not is_fit(one.question, turn.words):
        await turn.ask("faq.missing", unanswered=one.id)
        return views.ask_answer(turn.t, one.question, again=True)
    return await _add(turn, one.question, turn.words.strip())


async def forget(turn: Turn) -> Reply:
    """`faq.forget:<unanswered>`."""
    _demand_lead(turn)
    await turn.uow.faqs.forget(await turn.uow.faqs.missed(turn.arg(0)))
    return views.missed(turn.t, await turn.uow.faqs.unanswered(), 0, replaces=True)


async def send(turn: Turn) -> Reply:
    """`faq.send:<id>`: to all who asked and have had no answer of ours."""
    _demand_lead(turn)
    entry = await turn.uow.faqs.get(turn.arg(0))
    askers = await turn.uow.faqs.askers(entry.id)
    answer = views.for_rep(entry.answer)
    routes = [
        await reach(
            turn.uow,
            customer,
            "faq",
            Reply(answer),
            turn.now,
            key=f"faq:{entry.id}:{customer.id}:{turn.incoming.update_id}",
            asked=True,
            translators=turn.translator_of,
            text_for_rep=answer,
            template=TemplateKind.ANSWER,
        )
        for customer in askers
    ]
    await turn.uow.faqs.told(entry.id)
    sent = sum(not isinstance(route, Unasked) for route in routes)
    return await _entry(turn, entry, views.sent(turn.t, sent))


CHOICES: dict[str, Handler] = {
    "faq": faq,
    "faq.new": new,
    "faq.open": show,
    "faq.edit": edit,
    "faq.language": language,
    "faq.delete": ask_delete,
    "faq.drop": drop,
    "faq.try": ask_try,
    "faq.missed": missed,
    "faq.miss": miss,
    "faq.forget": forget,
    "faq.send": send,
}
QUESTIONS: dict[str, Handler] = {
    "faq.text": typed,
    "faq.answer": answer_typed,
    "faq.change": change_typed,
    "faq.try": tried,
    "faq.missing": missing_typed,
}
