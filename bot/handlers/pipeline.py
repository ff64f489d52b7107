"""The company's sales steps: chosen from the presets or written as a list, shown before they hold."""

from collections.abc import Sequence

from bot.domain.errors import DomainError, NotFound
from bot.domain.pipeline import LEAST_STEPS, PRESETS, Pipeline, drawn, homes, written_steps
from bot.domain.understanding import Intent
from bot.handlers import capture
from bot.handlers.company import decide
from bot.handlers.drafts import Answers
from bot.messages import Reply
from bot.turn import Handler, Turn, address_of
from bot.views import pipeline as views
from bot.views.words import stage_keys


async def show(turn: Turn) -> Reply:
    """`pipeline.show`."""
    present = await _present(turn)
    await turn.uow.questions.forget(address_of(turn.incoming.peer))
    return views.page(turn.t, present, await turn.uow.company.at_stages(), replaces=True)


async def preset(turn: Turn) -> Reply:
    """`pipeline.preset:<name>`: what it would be like."""
    name, chosen = _preset(turn)
    return await _preview(turn, chosen, f"pipeline.use:{name}", replaces=True)


async def use(turn: Turn) -> Reply:
    """`pipeline.use:<name>:<version>`: a preset holds from now on, where the steps are still those of the preview."""
    return await _apply(turn, _preset(turn)[1], turn.args[1:])


async def edit(turn: Turn) -> Reply:
    """`pipeline.edit`: a list of one's own."""
    present = await _present(turn)
    await turn.ask("pipeline.list")
    return views.ask_list(turn.t, present)


async def typed(turn: Turn) -> Answers:
    """The list; it waits for the confirming tap, and another may be typed instead. One word, or a line about a customer, is a message
    in its own right."""
    steps = written_steps(turn.words)
    if len(steps) < LEAST_STEPS or (not any(step.won for step in steps) and await _tells_of_a_customer(turn)):
        return await capture.text(turn)
    after = await _drawn(turn, turn.words)
    await turn.ask("pipeline.list", text=turn.words)
    return await _preview(turn, after, "pipeline.apply", replaces=False)


async def _tells_of_a_customer(turn: Turn) -> bool:
    said = await turn.understand(turn.words)
    return bool(said.phones or (said.intent is Intent.CUSTOMER and said.name))


async def apply(turn: Turn) -> Reply:
    """`pipeline.apply:<version>`: the list that was typed last holds from now on."""
    address = address_of(turn.incoming.peer)
    waiting = await turn.uow.questions.waiting(address)
    if waiting is None or waiting.name != "pipeline.list" or not waiting.data.get("text"):
        raise DomainError("old_button")
    await turn.uow.questions.forget(address)
    return await _apply(turn, await _drawn(turn, str(waiting.data["text"])), turn.args)


async def _present(turn: Turn) -> Pipeline:
    """The steps as they are. Raises NotFound for who does not see the whole company, whose customers all stand at them."""
    if not turn.member.sees_everyone:
        raise NotFound
    return (await turn.company()).pipeline


def _preset(turn: Turn) -> tuple[str, Pipeline]:
    name = turn.args[0] if turn.args else ""
    if name not in PRESETS:
        raise DomainError("old_button")
    return name, PRESETS[name]


async def _drawn(turn: Turn, text: str) -> Pipeline:
    present = await _present(turn)
    return drawn(written_steps(text), present, stage_keys(present))


async def _preview(turn: Turn, after: Pipeline, confirm: str, *, replaces: bool) -> Reply:
    present = await _present(turn)
    at_stages = await turn.uow.company.at_stages()
    confirm = f"{confirm}:{present.version}"
    return views.preview(turn.t, present, after, homes(present, after), at_stages, confirm, replaces=replaces)


async def _apply(turn: Turn, after: Pipeline, seen: Sequence[str]) -> Reply:
    """`seen` is the version that the preview was drawn against: what became of customers there is no longer true of other steps."""
    present = await _present(turn)
    if after != present and list(seen) != [present.version]:
        at_stages = await turn.uow.company.at_stages()
        return views.page(turn.t, present, at_stages, note=views.changed_since(turn.t), replaces=True)
    moved = await redraw(turn, after)
    return views.page(
        turn.t, after, await turn.uow.company.at_stages(), note=views.applied(turn.t, moved), replaces=True
    )


async def redraw(turn: Turn, after: Pipeline) -> int:
    """These are the company's steps now; customers whose step goes are moved. Returns how many they were."""
    present = (await turn.company()).pipeline
    moved = await turn.uow.company.move_stages(turn.member, homes(present, after), turn.now)
    if after != present:
        await decide(turn, pipeline=after)
    return moved


CHOICES: dict[str, Handler] = {
    "pipeline.show": show,
    "pipeline.preset": preset,
    "pipeline.use": use,
    "pipeline.edit": edit,
    "pipeline.apply": apply,
}
QUESTIONS: dict[str, Handler] = {"pipeline.list": typed}
