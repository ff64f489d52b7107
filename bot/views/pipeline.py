"""The company's sales steps: the list, presets, and what becomes of customers when it changes."""

from collections.abc import Mapping

from markupsafe import Markup

from bot.domain.pipeline import PRESETS, Part, Pipeline
from bot.i18n import Translator
from bot.messages import Choice, Reply
from bot.views import buttons
from bot.views.cards import lines
from bot.views.words import stage_words

TICK = "✓"


def page(
    t: Translator, pipeline: Pipeline, at_stages: Mapping[str, int], *, note: Markup = Markup(), replaces: bool
) -> Reply:
    """The list with how many customers are at each step, the presets, and a list of one's own."""
    text = lines([note, t("🪜 <b>Sales steps</b>"), _listed(t, pipeline, at_stages), t("A ready list, or your own?")])
    presets = tuple(
        Choice(t.plural("{count} step", "{count} steps", len(preset.stages)), f"pipeline.preset:{name}")
        for name, preset in PRESETS.items()
    )
    own = (Choice("✏️ " + t("Write my own list"), "pipeline.edit"),)
    return Reply(text, (presets, own, (Choice("‹ " + t("Company"), "company"),)), replaces=replaces)


def _listed(t: Translator, pipeline: Pipeline, at_stages: Mapping[str, int]) -> Markup:
    numbered = (
        (Markup("{}. {}").format(number, name), at_stages.get(stage.key, 0))
        for number, (stage, name) in enumerate(zip(pipeline.stages, _names(t, pipeline), strict=True), 1)
    )
    return lines(
        [
            Markup("{} · {}").format(step, t.plural("{count} customer", "{count} customers", count)) if count else step
            for step, count in numbered
        ]
    )


def _names(t: Translator, pipeline: Pipeline) -> list[str]:
    """The steps as they are written, the won one with its tick."""
    ticks = (f" {TICK}" if stage.part is Part.WON else "" for stage in pipeline.stages)
    return [_titled(t, pipeline, stage.key) + tick for stage, tick in zip(pipeline.stages, ticks, strict=True)]


def _titled(t: Translator, pipeline: Pipeline, key: str) -> str:
    words = str(stage_words(t, pipeline, key))
    return words[:1].upper() + words[1:]


def ask_list(t: Translator, pipeline: Pipeline) -> Reply:
    """The whole list, typed; the present one to copy."""
    text = lines(
        [
            t(
                "Copy the list, change it, and send it to me: a step on each line, or all on one with commas; "
                "✓ behind the one where the deal is won."
            ),
            Markup("<code>{}</code>").format("\n".join(_names(t, pipeline))),
        ]
    )
    return Reply(text, ((buttons.cancel(t),),), replaces=True)


def preview(
    t: Translator,
    before: Pipeline,
    after: Pipeline,
    homes: Mapping[str, str],
    at_stages: Mapping[str, int],
    confirm: str,
    *,
    replaces: bool,
) -> Reply:
    """The new list, and where the customers go whose step goes; `confirm` is the choice that makes it true."""
    going = [
        (at_stages[key], _titled(t, before, key), _titled(t, after, home))
        for key, home in homes.items()
        if at_stages.get(key)
    ]
    moved = [
        t.plural(
            "{count} customer at {before} goes to {after}",
            "{count} customers at {before} go to {after}",
            count,
            before=left,
            after=entered,
        )
        for count, left, entered in going
    ]
    text = lines(
        [
            t("The new steps:"),
            _listed(t, after, {}),
            Markup(),
            *(Markup("• {}").format(line) for line in moved),
            Markup() if moved else t("All customers stay at their step."),
        ]
    )
    rows = (
        (Choice("✅ " + t("Use these steps"), confirm), Choice("✏️ " + t("Write my own list"), "pipeline.edit")),
        (Choice("‹ " + t("Sales steps"), "pipeline.show"),),
    )
    return Reply(text, rows, replaces=replaces)


def applied(t: Translator, moved: int) -> Markup:
    """It is so now."""
    saved = t("✅ Saved")
    if not moved:
        return saved
    return Markup("{} · {}").format(saved, t.plural("{count} customer moved", "{count} customers moved", moved))


def changed_since(t: Translator) -> Markup:
    """Somebody else was faster."""
    return t("⚠️ The steps have just been changed. Please look again:")
