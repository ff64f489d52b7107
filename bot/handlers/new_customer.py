"""/khach: with text after it a quick capture; alone a short form of name, phone and source."""

from dataclasses import replace

from bot.domain.customers import Source
from bot.domain.errors import DomainError
from bot.domain.phones import find_phones, parse_phone
from bot.domain.understanding import Capture, Intent
from bot.handlers import capture
from bot.handlers.drafts import Answers
from bot.messages import Reply
from bot.turn import Handler, Turn, address_of
from bot.views import forms
from bot.views.cards import choose_source
from bot.views.words import SOURCES

_take_customer = capture.forced(Intent.CUSTOMER)


async def new(turn: Turn) -> Answers:
    """/khach chị Lan 0912 345 678 …; alone it asks."""
    if turn.words:
        return await _take_customer(turn)
    await turn.ask("new.name")
    return forms.ask_name(turn.t)


async def name(turn: Turn) -> Answers:
    """The name; a message that holds more is taken whole."""
    said = await turn.understand(turn.words)
    if _is_message(said):
        return await capture.text(turn)
    if said.phones or len(turn.words.split()) > 6 or "\n" in turn.words:
        return await _take_customer(turn)
    plain = " ".join(turn.words.split())
    await turn.ask("new.phone", name=said.name or said.company or plain, honorific=said.honorific or "", text=plain)
    return forms.ask_phone(turn.t, plain)


def _is_message(said: Capture) -> bool:
    """Whether it tells of somebody's sale, words or call, and is no answer of this form."""
    tells = said.intent in (Intent.SALE, Intent.FEEDBACK, Intent.FOLLOWUP)
    return tells and bool(said.name or said.company)


async def phone(turn: Turn) -> Answers:
    """The phone; somebody known by it is shown instead of created twice."""
    found = parse_phone(turn.words) or next((p.e164 for p in find_phones(turn.words)), None)
    if found is None:
        if _is_message(await turn.understand(turn.words)):
            return await capture.text(turn)
        await turn.ask("new.phone", **turn.data)
        return forms.ask_phone(turn.t, str(turn.data["text"]), again=True)
    return await _ask_source(turn, {**turn.data, "phone": found})


async def no_phone(turn: Turn) -> Reply:
    """`new.no_phone`: none yet."""
    return replace(await _ask_source(turn, dict(await _form(turn, "new.phone"))), replaces=True)


async def _ask_source(turn: Turn, data: dict[str, object]) -> Reply:
    await turn.ask("new.source", **data)
    return forms.ask_source(turn.t, str(data["text"]), choose_source(turn.t, "new.source"))


async def source_tapped(turn: Turn) -> Answers:
    """`new.source:<source>`: the last answer; now it is saved."""
    data = await _form(turn, "new.source")
    said = turn.args[0] if turn.args else ""
    if said not in (*Source, "none"):
        raise DomainError("old_button")
    await turn.uow.questions.forget(address_of(turn.incoming.peer))
    return await _save(turn, data, None if said == "none" else Source(said))


async def source_typed(turn: Turn) -> Answers:
    """The source in words; what is no source is kept as the first note."""
    said = (await turn.understand(turn.words, Intent.CUSTOMER)).source
    data = dict(turn.data)
    if said is None:
        data["text"] = f"{data['text']} · {turn.words}"
    return await _save(turn, data, said)


async def _save(turn: Turn, data: dict[str, object], source: Source | None) -> Answers:
    number = str(data.get("phone", ""))
    found = Capture(
        text=" ".join(filter(None, (str(data["text"]), number, str(turn.t(SOURCES[source])) if source else ""))),
        intent=Intent.CUSTOMER,
        name=str(data["name"]),
        honorific=str(data["honorific"]) or None,
        phones=(number,) if number else (),
        source=source,
    )
    return await capture.take(turn, found)


async def _form(turn: Turn, question: str) -> dict[str, object]:
    """What the form holds so far. Raises DomainError when another form, or none, is open."""
    waiting = await turn.uow.questions.waiting(address_of(turn.incoming.peer))
    if waiting is None or waiting.name != question:
        raise DomainError("old_button")
    return waiting.data


CHOICES: dict[str, Handler] = {"new.no_phone": no_phone, "new.source": source_tapped}
QUESTIONS: dict[str, Handler] = {"new.name": name, "new.phone": phone, "new.source": source_typed}
