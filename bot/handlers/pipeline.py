"""The company's sales steps: chosen from the presets or written as a list, shown before they hold."""

from bot.domain.errors import DomainError, NotFound
from bot.domain.pipeline import LEAST_STEPS, PRESETS, Pipeline, drawn, homes, written_steps
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
    """`pipeline.use:<name>`: a preset holds from now on."""
    return await _apply(turn, _preset(turn)[1])


async def edit(turn: Turn) -> Reply:
    """`pipeline.edit`: a list of one's own."""
    present = await _present(turn)
    await turn.ask("pipeline.list")
    return views.ask_list(turn.t, present)


async def typed(turn: Turn) -> Answers:
    """The list; it waits for the confirming tap, and another may be typed instead. A single line is a message in its own right."""
    if len(written_steps(turn.words)) < LEAST_STEPS:
        return await capture.text(turn)
    after = await _drawn(turn, turn.words)
    await turn.ask("pipeline.list", text=turn.words)
    return await _preview(turn, after, "pipeline.apply", replaces=False)


async def apply(turn: Turn) -> Reply:
    """`pipeline.apply`: the list that was typed last holds from now on."""
    address = address_of(turn.incoming.peer)
    waiting = await turn.uow.questions.waiting(address)
    if waiting is None or waiting.name != "pipeline.list" or not waiting.data.get("text"):
        raise DomainError("old_button")
    await turn.uow.questions.forget(address)
    return await _apply(turn, await _drawn(turn, str(waiting.data["text"])))


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
    return views.preview(turn.t, present, after, homes(present, after), at_stages, confirm, replaces=replaces)


async def _apply(turn: Turn, after: Pipeline) -> Reply:
    await _present(turn)
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
